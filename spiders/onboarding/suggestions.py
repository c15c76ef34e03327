"""Selectors for a site of no known CMS, found by looking where the generic reader found the parts of its articles.

A suggestion is one that, on every page that was read, leads to exactly what the reader chose there, and to nothing
where it chose nothing. Names with digits in them are passed over: they tend to differ from page to page.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from functools import cached_property

from lxml.html import HtmlElement
from web_poet import HttpResponse

from archive import Article
from persian.markup import line_in
from persian.text import display
from sources import Source
from spiders.errors import PageError
from spiders.page import text_of
from spiders.platforms.generic import GenericListing, GenericPage
from spiders.responses import root_of
from spiders.selection import select

PARTS = ("title", "body", "date", "lead", "kicker")  # in the order in which they are settled
NAME = re.compile(r"[A-Za-z_-][A-Za-z_-]+")
ENDING = re.compile(r"\d[\w-]*_([A-Za-z-]{3,})$")
STATES = frozenset({"active", "clearfix", "container", "current", "even", "first", "last", "odd", "row", "selected"})
OUTER = 4  # levels around an element whose names may help to name it
DEEP = 3  # levels around the smallest element that holds a part
FEW = 6  # kinds of things that a body may hold beside its text
MOST = 60  # selectors of a part that are tried
GRID = re.compile(r"(?:col|row|span|offset|float|text|pull|m[tblrxy]?|p[tblrxy]?)-")


@dataclass(frozen=True, kw_only=True)
class Page:
    """A page and what the generic reader made of it."""

    response: HttpResponse
    article: Article

    @cached_property
    def tree(self) -> HtmlElement:
        return root_of(self.response)


@dataclass(frozen=True, kw_only=True, slots=True)
class Suggested:
    """Selectors by part; `missing` are the parts that were found on some page and that no selector finds on all."""

    selectors: Mapping[str, str] = field(default_factory=dict)
    missing: tuple[str, ...] = ()


def suggest(pages: Sequence[Page], listing: HttpResponse | None, source: Source) -> Suggested:
    """The selectors that hold on all pages, and together read them as they were read without any."""
    chosen: dict[str, str] = {}
    missing = []
    for part in PARTS:
        shown = [page for page in pages if _value(page.article, part)]
        css = next((css for css in _common(shown, part) if _holds(pages, part, css, chosen, source)), None)
        if css:
            chosen[part] = css
        elif part == "body" and (both := _body_and_drop(shown, chosen, source)):
            chosen.update(both)
        elif shown:
            missing.append(part)
    if listing is not None and (css := _of_listing(listing, source)):
        chosen["listing"] = css
    elif listing is not None:
        missing.append("listing")
    return Suggested(selectors=chosen, missing=tuple(missing))


def _value(article: Article, part: str) -> str | None:
    """The text of a part, as the page has it."""
    if part != "date":
        text: str | None = getattr(article, part)
        return text
    published = article.published
    return display(published.raw) if published and published.origin == "page" else None


def _common(pages: Sequence[Page], part: str) -> list[str]:
    """The selectors that the part's place has on all of these pages, best first."""
    if not pages:
        return []
    first, *others = ([*dict.fromkeys(_names_of(page, part))] for page in pages)
    rest = [set(names) for names in others]
    return [css for css in first if all(css in names for names in rest)][:MOST]


def _names_of(page: Page, part: str) -> Iterator[str]:
    for element in _places(page.tree, page.article, part):
        yield from names_of(element)


def _places(root: HtmlElement, article: Article, part: str) -> list[HtmlElement]:
    """The elements that may be meant, the likeliest first."""
    value = _value(article, part) or ""
    if part == "body":
        ends = [_joined(line) for line in (article.body.split("\n")[0], article.body.split("\n")[-1])]
        holder = _holder(root, ends)
        around = [holder, *holder.iterancestors()] if holder is not None else []
        return around[:DEEP]
    whole = part != "date"
    found = []
    for element in root.iter():
        if isinstance(element.tag, str) and element.tag not in ("script", "style", "title", "head", "option"):
            text = text_of(element) or ""
            if text == value or (not whole and value in text and len(text) < 3 * len(value) + 40):
                found.append(element)
    deepest = [each for each in found if not any(inner in found for inner in each.iterdescendants())]
    return deepest + [each for each in found if each not in deepest]


def _holder(root: HtmlElement, texts: Sequence[str]) -> HtmlElement | None:
    """The smallest element that says all of these texts."""
    if not _says(root, texts):
        return None
    holder = root
    while (inner := next((child for child in holder if _says(child, texts)), None)) is not None:
        holder = inner
    return holder


def _says(element: HtmlElement, texts: Sequence[str]) -> bool:
    if not isinstance(element.tag, str):
        return False
    said = _joined(line_in(element))
    return all(text in said for text in texts)


def _joined(text: str) -> str:
    return "".join(display(text).split())


def names_of(element: HtmlElement) -> Iterator[str]:
    """Selectors of an element by stable names: its own, then those of what is around it."""
    own = list(_own(element))
    yield from own
    tag = _tag(element)
    around = [outer for outer in element.iterancestors() if outer.tag not in ("html", "body", "form")][:OUTER]
    for outer in around:
        for name in _own(outer):
            yield from (f"{name} {each}" for each in own)
            yield f"{name} > {tag}"
            yield f"{name} {tag}"
    for parent in map(_tag, around[:1]):
        outer_names = [name for outer in around[1:] for name in _own(outer)]
        yield from (f"{name} {parent} > {tag}" for name in outer_names)
        yield from (f"{name} {parent} {tag}" for name in outer_names)
    yield tag


def _tag(element: HtmlElement) -> str:
    return str(element.tag)


def _own(element: HtmlElement) -> Iterator[str]:
    id_ = element.get("id") or ""
    if NAME.fullmatch(id_):
        yield f"#{id_}"
    for name in (element.get("class") or "").split():
        if NAME.fullmatch(name) and name.lower() not in STATES and not GRID.match(name.lower()):
            yield f".{name}"
    itemprop = element.get("itemprop") or ""
    if NAME.fullmatch(itemprop):
        yield f"[itemprop='{itemprop}']"
    if ending := ENDING.search(id_):
        yield f"[id$='_{ending[1]}']"  # ctl00_ctl05_lblTitle: the numbers are the page's, the ending is its author's


def _holds(pages: Sequence[Page], part: str, css: str, chosen: Mapping[str, str], source: Source) -> bool:
    return all(_is_exact(page, part, css) for page in pages) and all(
        _reads_as_before(page, {**chosen, part: css}, source) for page in pages
    )


def _is_exact(page: Page, part: str, css: str) -> bool:
    """Whether a selector finds one element where the reader chose something, and none where it did not."""
    found = [node for node in select(page.tree, css) if text_of(node)]
    value = _value(page.article, part)
    if value is None:
        return not found or part == "date"  # a date that the page does not show comes from elsewhere
    if len(found) != 1:
        return False
    text = text_of(found[0]) or ""
    return text == value or part == "body" or (part == "date" and value in text)


def _reads_as_before(page: Page, selectors: Mapping[str, str], source: Source) -> bool:
    before = page.article
    office = _with(source, selectors)
    try:
        after = GenericPage(response=page.response, source=office, fetched_at=before.fetched_at).read()
    except PageError:
        return False
    if any(getattr(before, part) != getattr(after, part) for part in ("title", "kicker", "lead", "body")):
        return False
    if before.published is None or before.published.origin != "page":
        return True
    then, now = before.published, after.published
    return now is not None and (then.gregorian, then.precision) == (now.gregorian, now.precision)


def _with(source: Source, selectors: Mapping[str, str]) -> Source:
    return replace(source, selectors=replace(source.selectors, **selectors))


def _body_and_drop(pages: Sequence[Page], chosen: Mapping[str, str], source: Source) -> dict[str, str]:
    """A body that reads as before once what else it holds is dropped, with the selector of that."""
    for css in _common(pages, "body"):
        if not all(_is_exact(page, "body", css) for page in pages):
            continue
        strange = dict.fromkeys(name for page in pages for name in _strange(page, css))
        both = {"body": css, "drop": ", ".join(strange)}
        if len(strange) <= FEW and all(_reads_as_before(page, {**chosen, **both}, source) for page in pages):
            return both
    return {}


def _strange(page: Page, css: str) -> Iterator[str]:
    """The names of what is inside a body and not in its text."""
    text = _joined(page.article.body)
    pending = list(select(page.tree, css)[0])
    while pending:
        element = pending.pop(0)
        said = _joined(line_in(element)) if isinstance(element.tag, str) else ""
        if not said or said in text:
            continue
        pictured = next(element.iter("img", "video", "audio"), None) is not None  # of it only what it says is strange
        name = None if pictured else next(_own(element), None)
        if name and not any(line and line in said for line in map(_joined, page.article.body.split("\n"))):
            yield name
        else:
            pending += list(element)


# ---- lists ----


def _of_listing(page: HttpResponse, source: Source) -> str | None:
    """What leads from a list to its articles, and to nothing else."""
    aim = _links(page, source)
    names = _names_of_links(page, source, aim) if aim else []
    return next((css for css in names if _links(page, _with(source, {"listing": css})) == aim), None)


def _names_of_links(page: HttpResponse, source: Source, aim: frozenset[str]) -> list[str]:
    """The selectors of the links that lead where they should, those that most of them share first."""
    listing = _listing(page, source)
    counts: dict[str, int] = {}
    for link in listing.tree.iter("a"):
        if listing.on_site(link.get("href")) in aim:
            for css in dict.fromkeys(names_of(link)):
                if css == "a":
                    continue  # true of this page by chance
                counts[css] = counts.get(css, 0) + 1
    return sorted(counts, key=lambda css: -counts[css])[:MOST]


def _links(page: HttpResponse, source: Source) -> frozenset[str]:
    return frozenset(link.url for link in _listing(page, source).links())


def _listing(page: HttpResponse, source: Source) -> GenericListing:
    return GenericListing(response=page, source=source, fetched_at=datetime.now(UTC))
