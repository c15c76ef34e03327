"""A release's body: its paragraphs of text, and the HTML of it that is safe to show."""

import re
from collections import Counter
from collections.abc import Hashable, Iterator
from functools import lru_cache
from typing import Any, Final, NamedTuple, cast

import nh3
from lxml import etree  # type: ignore[import-untyped,unused-ignore]
from lxml.html import HtmlElement  # type: ignore[import-untyped,unused-ignore]

from persian.text import display, without_forbidden

_BLOCKS: Final = frozenset(
    {
        "address",
        "article",
        "aside",
        "blockquote",
        "body",
        "br",
        "caption",
        "center",
        "dd",
        "details",
        "dialog",
        "dir",
        "div",
        "dl",
        "dt",
        "fieldset",
        "figcaption",
        "figure",
        "footer",
        "form",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "header",
        "hgroup",
        "hr",
        "html",
        "legend",
        "li",
        "listing",
        "main",
        "marquee",
        "menu",
        "nav",
        "ol",
        "p",
        "pre",
        "search",
        "section",
        "summary",
        "table",
        "tbody",
        "tfoot",
        "thead",
        "tr",
        "ul",
        "xmp",
    }
)
_BORDERS: Final = _BLOCKS | {"td", "th"}
SILENT: Final = frozenset(
    {"audio", "canvas", "iframe", "noscript", "object", "script", "style", "svg", "template", "video"}
)
"""Elements of whose text a reader sees nothing: it is for other software, or for browsers that lack something."""

_UNSEEN: Final = SILENT | {"button", "figcaption", "head", "select", "textarea", "title"}
_INLINE_BOXES: Final = frozenset(
    {"audio", "button", "canvas", "embed", "iframe", "img", "input", "object", "select", "svg", "textarea", "video"}
)  # whatever they show stands between two words
_EVENTS: Final = ("start", "end", "comment", "pi")


def text_in(element: HtmlElement) -> str:
    """All text in an element, as it is there, but for that of scripts, styles, icons and what a browser shows only
    where it lacks something: lxml's `text_content` in a third of its time.
    """
    silent = next(element.iterdescendants(*SILENT), None)
    if silent is None:
        return str(etree.tostring(element, method="text", encoding="unicode", with_tail=False))
    return "".join(_said(element))


def line_in(element: HtmlElement) -> str:
    """What `text_in` an element would stand in one line, as a title or a lead does: with a space where an element or a
    line of its own ends (`<br>`, `<p>`, a cell), and for an image.
    """
    return "".join(_said(element, parted=True)) if len(element) else element.text or ""


def date_in(element: HtmlElement) -> str:
    """The `line_in` an element that is a date: digits of two elements are two numbers there, for styles set apart a day
    and a time of day that are in elements of their own.
    """
    line = ""
    for piece in _said(element, parted=True):
        line += f" {piece}" if line[-1:].isdecimal() and piece[:1].isdecimal() else piece
    return line.strip()


def _said(element: HtmlElement, *, parted: bool = False) -> Iterator[str]:
    walker = etree.iterwalk(element, events=_EVENTS)
    for event, node in walker:
        starts = event == "start"
        tag: Any = node.tag
        if parted and node is not element and (known := _known(tag)) and (known.is_border or known.is_box):
            yield " "
        if starts and node is not element and tag in SILENT:
            walker.skip_subtree()
        elif starts and node.text:
            yield node.text
        elif not starts and node is not element and node.tail:
            yield node.tail


def paragraphs(element: HtmlElement) -> list[str]:
    """The text of a body element, one `display`ed line a block, in order; empty ones dropped.

    A `<br>` parts paragraphs; a list gives one an item. A table row of several cells is one paragraph; a row of one
    cell, or around another table, is layout, and its blocks are paragraphs. Figures and their captions are left out
    (see `captions`), except a figure around a table; so are scripts, comments and what only other software sees. An
    image, a film or a frame in a line parts words, other inline elements do not.
    """
    return [line for line in map(display, _lines(element)) if line]


def captions(element: HtmlElement) -> list[str]:
    """The captions of the figures within a body element, one `display`ed line each, in order."""
    found = (display(" ".join(_lines(caption))) for caption in element.iter("figcaption"))
    return [caption for caption in found if caption]


def _lines(root: HtmlElement) -> Iterator[str]:
    """The text between the borders of blocks; iterative, so depth costs nothing."""
    pieces: list[str] = []
    rows: list[bool] = []  # for each open row: are its cells joined
    walker = etree.iterwalk(root, events=_EVENTS)
    for event, node in walker:
        starts = event == "start"
        written: Any = node.tag
        if known := _known(written):
            tag, is_border, is_box, is_unseen = known
            if starts and node is not root and (is_unseen or (tag == "figure" and not _holds_table(node))):
                walker.skip_subtree()
                continue
            if tag == "tr" and not starts:
                rows.pop()
            if is_box or (is_border and rows and rows[-1]):
                pieces.append(" ")
            elif is_border and pieces:
                yield "".join(pieces)
                pieces.clear()
            if tag == "tr" and starts:
                rows.append(_is_data_row(node))
        if (said := node.text if starts else node.tail) and (starts or node is not root):
            pieces.append(said)
    yield "".join(pieces)


class _Known(NamedTuple):
    tag: str  # without its namespace
    is_border: bool
    is_box: bool
    is_unseen: bool


@lru_cache(maxsize=512)
def _known(written: Hashable) -> _Known | None:
    """What is known of a tag; None for one that parts nothing, and for comments."""
    tag = written.rpartition("}")[2].lower() if isinstance(written, str) else ""
    kinds = (tag in _BORDERS, tag in _INLINE_BOXES, tag in _UNSEEN)
    return _Known(tag, *kinds) if any(kinds) else None


def _is_data_row(row: HtmlElement) -> bool:
    cells = list(row.iterchildren("td", "th"))
    return len(cells) > 1 and not _holds_table(row)


def _holds_table(node: HtmlElement) -> bool:
    return next(node.iter("table"), None) is not None


_TAGS: Final = frozenset(
    {
        "p",
        "br",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "ul",
        "ol",
        "li",
        "blockquote",
        "strong",
        "b",
        "em",
        "i",
        "u",
        "sub",
        "sup",
        "a",
        "img",
        "figure",
        "figcaption",
        "table",
        "thead",
        "tbody",
        "tr",
        "th",
        "td",
    }
)
_CELL: Final = frozenset({"colspan", "rowspan"})
_ATTRIBUTES: Final = {
    "*": {"dir"},
    "a": {"href", "title"},
    "img": {"src", "alt", "width", "height", "style", "hidden"},
    "td": set(_CELL),
    "th": set(_CELL),
}
_NUMERIC: Final = _CELL | {"width", "height"}
_NUMBER = re.compile(r"\s*([0-9]{1,4})(?:px)?\s*")
_HIDDEN = re.compile(
    r"(?:^|[;\s])"
    r"(?:display\s*:\s*none|visibility\s*:\s*hidden|opacity\s*:\s*0(?:\.0+)?%?\s*(?:;|!|$)"
    r"|(?:width|height)\s*:\s*(?:[012]|[01]?\.[0-9]+)(?:px)?\s*(?:;|!|$))"
)
_IMAGE = re.compile(r'<img\b(?:[^>"]|"[^"]*")*>')
_LENGTH = re.compile(r' (?:width|height)="([0-9]+)"')
_PIXEL: Final = 2  # no picture of a newsroom is that small
_BEACON = re.compile(
    r' src="[^"?]*/(?:'
    r"(?:pixel|beacon|track|tracker|tracking|collect|count|counter|hit|hits|impression|matomo|piwik|tr)"
    r"(?:\.(?:gif|php|aspx?|ashx|cgi))?\?"  # what is asked about one visit
    r'|(?:1x1|pixel|beacon|blank|spacer|transparent|counter)\.(?:gif|png|php)["?]'  # what shows nothing, or a number
    r")",
    re.IGNORECASE,
)


def _attribute(_tag: str, name: str, value: str) -> str | None:
    if name == "src":
        return None if value.lower().startswith(("mailto:", "tel:")) else value
    if name == "style":
        return "hidden" if _HIDDEN.search(value.lower()) else None
    if name == "hidden":
        return name
    if name in _NUMERIC:
        number = _NUMBER.fullmatch(value)
        return number and number[1]
    if name == "dir":
        return value.lower() if value.lower() in {"rtl", "ltr", "auto"} else None
    return value


_CLEANER: Final = nh3.Cleaner(
    tags=_TAGS,
    clean_content_tags={
        "script",
        "style",
        "noscript",
        "template",
        "iframe",
        "object",
        "svg",
        "math",
        "title",
        "textarea",
        "select",
    },
    attributes=_ATTRIBUTES,
    attribute_filter=_attribute,
    url_schemes={"http", "https", "mailto", "tel"},
)


def _seen_image(image: re.Match[str]) -> str:
    return image[0] if _is_seen(image[0]) else ""


def _is_seen(image: str) -> bool:
    """Whether an image is there for readers: of some address, no beacon, not hidden, no dot. A bar (1x200) is seen."""
    if (
        ' src="' not in image
        or ' src=""' in image
        or ' style="' in image
        or ' hidden="' in image
        or _BEACON.search(image)
    ):
        return False
    stated = _LENGTH.findall(image)
    return not stated or any(int(length) > _PIXEL for length in stated)


_TAG = re.compile(r"<(/?)([a-zA-Z][a-zA-Z0-9]*)")
_ANY_TAG = re.compile(r"<[^>]*>")
_UNCOUNTED: Final = frozenset(
    {"p", "li", "td", "th", "tr", "dt", "dd", "option", "br", "hr", "img", "input", "col", "wbr", "meta", "link"}
)  # void, or closed by the next of their kind
_DEEPEST: Final = 512  # html5ever takes time quadratic in the depth


def _is_too_deep(html: str) -> bool:
    if html.count("<") <= _DEEPEST:
        return False
    counts: Counter[str] = Counter()
    depth = 0
    for closing, written in _TAG.findall(html):
        tag = written.lower()
        if tag in _UNCOUNTED or (closing and not counts[tag]):
            continue
        step = -1 if closing else 1
        counts[tag] += step
        depth += step
        if depth > _DEEPEST:
            return True
    return False


_LOST: Final = _BORDERS - _TAGS  # blocks whose tags `safe_html` takes away
_BREAKS: Final = frozenset({"br", "hr"})
_SEEN_INSTEAD: Final = _INLINE_BOXES - {"img"}
_ALTERED: Final = _LOST | _SEEN_INSTEAD


def keep_breaks(element: HtmlElement) -> None:
    """Change what an element holds so that `safe_html` of it has the same `paragraphs`: blocks of other tags, most of
    them `<div>`, become `<p>` where they hold text, and of what readers do not see only the place between words stays.
    """
    if _ALTERED.isdisjoint([node.tag for node in element.iterdescendants("*")]):
        return
    for node in list(element.iterdescendants(*_SEEN_INSTEAD)):
        _replace(node, " ")
    borders = list(element.iterdescendants(*_BORDERS))
    around = _around([node for node in borders if node.tag not in _BREAKS])
    for node in borders:
        if node.tag in _LOST:
            if node in around and _says(node):
                _wrap_lines(node, around)
            else:
                _rename(node)


def _around(nodes: list[HtmlElement]) -> set[HtmlElement]:
    """The elements that hold any of some."""
    around: set[HtmlElement] = set()
    for node in nodes:
        for outer in node.iterancestors():
            if outer in around:
                break
            around.add(outer)
    return around


def _rename(block: HtmlElement) -> None:
    """Give a block without blocks of text a tag that stays; an empty one only where it stands before a line of text."""
    if block.tag == "hr":
        block.tag = "br"
    elif _says(block):
        block.tag = "h2" if block.tag == "h1" else "p"
    else:
        behind = block.getnext()
        if (block.tail or "").strip() or (behind is not None and behind.tag not in _BORDERS):
            block.tag = "p"


def _replace(node: HtmlElement, text: str) -> None:
    tail = without_forbidden(text + (node.tail or ""))
    before, parent = node.getprevious(), cast("HtmlElement", node.getparent())
    if before is None:
        parent.text = without_forbidden(parent.text or "") + tail
    else:
        before.tail = without_forbidden(before.tail or "") + tail
    node.tail = None
    parent.remove(node)


def _wrap_lines(block: HtmlElement, around: set[HtmlElement]) -> None:
    """Make a `<p>` of each run of text and inline elements that stands in a block beside other blocks."""
    runs: list[tuple[HtmlElement | None, list[HtmlElement]]] = [(None, [])]  # what each stands behind, its elements
    for child in block:
        if child in around or (child.tag in _BORDERS and child.tag not in _BREAKS):
            runs.append((child, []))
        else:
            runs[-1][1].append(child)
    for before, run in runs:
        text = block.text if before is None else before.tail
        if (text or "").strip() or any(_says(node) or (node.tail or "").strip() for node in run):
            line = block.makeelement("p")
            line.text = without_forbidden(text or "")
            line.extend(run)
            if before is None:
                block.text = None
                block.insert(0, line)
            else:
                before.tail = None
                block.insert(block.index(before) + 1, line)


def _says(node: HtmlElement) -> bool:
    return isinstance(node.tag, str) and any(said.strip() for said in node.itertext(etree.Element))


def safe_html(html: str, *, images: bool = True) -> str:
    """The part of a body's HTML that may be shown: structure, emphasis, images, tables; http, https, mailto, tel links.

    Nothing that runs, styles, frames or submits; no image that is hidden, a dot or a beacon. Relative addresses stay
    relative. The same input always gives the same output, and it holds no character XML 1.0 forbids. Of HTML nested
    deeper than any newsroom nests it (512 open elements) only the text is kept. Without `images` nothing is loaded
    from anywhere.
    """
    html = without_forbidden(html)
    if _is_too_deep(html):
        html = _ANY_TAG.sub(" ", html)
    clean = _CLEANER.clean(html)
    if "&#" in html:  # which may have stood for what is forbidden
        clean = without_forbidden(clean)
    return _IMAGE.sub(_seen_image if images else "", clean)
