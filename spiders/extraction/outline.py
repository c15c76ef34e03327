"""A page as the lines that its readers see, each knowing where in the markup it stands."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import chain, islice
from typing import Any, Final, NamedTuple

from lxml import etree
from lxml.html import HtmlElement

from persian.text import display
from spiders.extraction.furniture import APART, CONTACT, META, Role, plain, role_of

_BLOCKS: Final = frozenset(
    "address article aside blockquote body br caption center dd details dialog div dl dt fieldset figure footer form"  # noqa: SIM905 - words are read as words
    " dir h1 h2 h3 h4 h5 h6 header hgroup hr html legend li listing main marquee menu nav ol p pre search section"
    " summary table tbody td tfoot th thead tr ul xmp".split()
)
_UNSEEN: Final = frozenset(
    "audio button canvas datalist embed head iframe map noscript object option script select style svg template"  # noqa: SIM905 - words are read as words
    " textarea title video".split()
)
_CELLS: Final = frozenset({"td", "th"})
_HEADINGS: Final = {f"h{level}": level for level in range(1, 7)}
_BREAKS_OF_A_TITLE: Final = 3
_DATED: Final = re.compile(r"\d[/:]\d\d|\d{4}")
_BOLD: Final = frozenset(("b", "strong", *_HEADINGS))
_SENTENCE_END: Final = re.compile(r"[.!؟?؛:»…\"”)]")
_OPENING: Final = 160
_SHORT: Final = 64
_TEXT: Final = 45
_SENTENCE: Final = 22
_LANDMARKS: Final = frozenset({"nav", "aside", "footer", "figcaption"})
_EVENTS: Final = ("start", "end", "comment", "pi")


Piece = tuple[HtmlElement, bool, str]
"""A string of the tree: an element, whether the string follows it (its tail) or begins it (its text), the string."""


@dataclass(slots=True, eq=False)
class Line:
    """One line of text. `linked` and `bold` count its characters in links and in bold type; `role` is that of the
    furniture around it.
    """

    index: int
    text: str
    pieces: list[Piece]
    block: HtmlElement
    linked: int
    bold: int
    heading: int
    role: int
    href: str | None
    in_row: bool
    length: int = 0
    is_link: bool = False
    words: str = ""  # the text as the expressions of `furniture` match it
    is_text: bool = False

    def __post_init__(self) -> None:
        self.length = len(self.text)
        self.is_link = self.linked * 10 >= self.length * 6
        self.words = plain(self.text)
        self.is_text = self._reads_as_prose()

    def _reads_as_prose(self) -> bool:
        """Whether the line is long, or a whole sentence, and not made of links."""
        own = self.length - self.linked
        if own < _SENTENCE or self.linked * 2 > self.length:
            return False
        if own < 2 * _TEXT:
            ended = _SENTENCE_END.match(self.text[-1])
            if not ended and (own < _TEXT or sum(map(str.isdecimal, self.words)) * 5 > own):
                return False
            if META.match(self.words):
                return False
        return not CONTACT.search(self.words, 0, _OPENING)

    @property
    def spaced(self) -> str:
        """The text as it stands there, with one space for any white space and between the elements that hold it, which
        styles may set apart.
        """
        return " ".join(" ".join([piece[2] for piece in self.pieces]).split())


class Span(NamedTuple):
    """The lines of an element, from `start` up to but not including `end`; of an inline one, those it is in."""

    start: int
    end: int


@dataclass(slots=True)
class Outline:
    """The lines of a tree, and for each element its lines and its role. Elements that are not shown are left out."""

    root: HtmlElement
    lines: list[Line] = field(default_factory=list)
    spans: dict[HtmlElement, Span] = field(default_factory=dict)
    roles: dict[HtmlElement, int] = field(default_factory=dict)
    fields: list[HtmlElement] = field(default_factory=list)  # to write in: <textarea>, a password
    secret: bool = False

    def __post_init__(self) -> None:
        self._walk()

    def _walk(self) -> None:  # noqa: C901, PLR0912, PLR0915 - one pass in one frame: it is a third of a reading's time
        lines, spans, roles = self.lines, self.spans, self.roles
        pieces: list[Piece] = []
        starts: list[int] = []
        blocks: list[HtmlElement] = [self.root]
        around: list[int] = [Role.NONE]
        links: list[str | None] = []
        rows: list[HtmlElement] = []
        linked = bold = bolds = heading = headed = 0
        href: str | None = None

        def flush() -> None:
            nonlocal linked, bold, headed, href
            if pieces:
                text = _shown((" " if rows else "").join([piece[2] for piece in pieces]))
                if text:
                    place = len(lines), text, pieces.copy(), blocks[-1]
                    lines.append(Line(*place, linked, bold, headed, around[-1], href, bool(rows)))
                pieces.clear()
            linked = bold = headed = 0
            href = None

        def say(node: HtmlElement, text: str, *, is_tail: bool) -> None:
            nonlocal linked, bold, headed, href
            if text.isspace():
                if pieces:
                    pieces.append((node, is_tail, text))
                return
            pieces.append((node, is_tail, text))
            if links or bolds:
                size = len(text.strip())
                if links:
                    linked += size
                    href = href or links[-1]
                if bolds:
                    bold += size
                    headed = heading or headed

        walker = etree.iterwalk(self.root, events=_EVENTS)
        for event, node in walker:
            if event == "start":
                tag = node.tag
                names = node.keys()
                if tag in _UNSEEN or (names and _is_hidden(node, names)):
                    if tag == "textarea":
                        self.fields.append(node)
                    walker.skip_subtree()
                    starts.append(-1)
                    continue
                if tag in _BLOCKS:
                    if tag == "br" and heading and _goes_on(node):
                        say(node, " ", is_tail=False)  # a title of two lines is one title
                    elif not rows:
                        flush()
                    blocks.append(node)
                role = _role(node, tag, names)
                if role:
                    roles[node] = role
                around.append(around[-1] | (role & APART))
                starts.append(len(lines))
                if tag == "a":
                    links.append(node.get("href"))
                elif tag in _BOLD:
                    bolds += 1
                    heading = _HEADINGS.get(tag, heading)
                elif tag == "tr" and _is_data_row(node):
                    rows.append(node)
                elif tag == "input" and node.get("type") == "password":
                    self.secret = True
                elif tag == "figure" and next(node.iter("table"), None) is None:
                    walker.skip_subtree()
                    continue
                if text := node.text:
                    say(node, text, is_tail=False)
                continue
            if event == "end" and (start := starts.pop()) >= 0:
                tag = node.tag
                if tag in _BLOCKS:
                    if rows and rows[-1] is node:
                        flush()
                        rows.pop()
                    elif not rows and not (tag == "br" and heading and _goes_on(node)):
                        flush()
                    blocks.pop()
                around.pop()
                spans[node] = Span(start, len(lines) + bool(pieces))
                if tag == "a":
                    links.pop()
                elif tag in _BOLD:
                    bolds -= 1
                    if tag in _HEADINGS:
                        heading = 0
            if (text := node.tail) and node is not self.root:
                say(node, text, is_tail=True)
        flush()
        if spans and max(span.end for span in spans.values()) > len(lines):  # the last pieces were no text
            spans.update({element: Span(span.start, min(span.end, len(lines))) for element, span in spans.items()})

    def within(self, element: HtmlElement) -> list[Line]:
        """The lines of an element."""
        span = self.spans.get(element)
        return self.lines[span.start : span.end] if span else []

    def with_role(self, role: int) -> Iterator[HtmlElement]:
        """The elements whose names say so, in the page's order."""
        return (element for element, stated in self.roles.items() if stated & role)

    def mark(self, span: Span, role: int) -> None:
        for line in self.lines[span.start : span.end]:
            line.role |= role


def _goes_on(br: HtmlElement) -> bool:
    """Whether a title goes on behind a line break: with a text that is no date, and where there are few breaks."""
    text = (br.tail or "").strip()
    if not text or _DATED.search(text):
        return False
    others = (islice(br.itersiblings("br", preceding=before), _BREAKS_OF_A_TITLE) for before in (True, False))
    return sum(1 for _ in chain.from_iterable(others)) < _BREAKS_OF_A_TITLE


def _shown(text: str) -> str:
    return _remembered(text) if len(text) < _SHORT else display(text)


@lru_cache(maxsize=8192)
def _remembered(text: str) -> str:
    """A menu's entries and a box's labels are on every page of a site."""
    return display(text)


def _role(node: HtmlElement, tag: Any, names: list[str]) -> int:
    if not names:
        return role_of(tag, "", None, None) if tag in _LANDMARKS else Role.NONE
    get = node.get
    if "class" in names:
        stated = f"{get('class')} {get('id')}" if "id" in names else get("class") or ""
    elif "id" in names:
        stated = get("id") or ""
    elif tag in _LANDMARKS or "itemprop" in names or "role" in names:
        stated = ""
    else:
        return Role.NONE
    return role_of(tag, stated, get("role"), get("itemprop"))


def _is_hidden(node: HtmlElement, names: list[str]) -> bool:
    if "style" in names:
        style = node.get("style") or ""
        if "none" in style and "display:none" in style.replace(" ", "").lower():
            return True
    return "hidden" in names or ("aria-hidden" in names and node.get("aria-hidden") == "true")


def _is_data_row(row: HtmlElement) -> bool:
    """A row of several cells of plain text, which is one line; any other row is layout."""
    cells = [child for child in row if child.tag in _CELLS]
    return len(cells) > 1 and not any(inner.tag in _BLOCKS for cell in cells for inner in cell)
