"""An article as a page of no known CMS shows it."""

import re
from collections.abc import Iterator
from copy import deepcopy
from dataclasses import dataclass, field
from typing import Final

from lxml.html import HtmlElement

from persian.markup import date_in, line_in
from persian.text import display
from spiders.extraction.content import body_lines, find_body, holder_of, is_furniture, mark_furniture, prune, text_end
from spiders.extraction.dateline import DateSeen, find_dates
from spiders.extraction.furniture import (
    ELSEWHERE,
    ENTERED,
    FURNITURE,
    META,
    MISSING,
    SEARCHED,
    Role,
    label_of,
    plain,
)
from spiders.extraction.headline import Headline, find_headline, find_kicker, folded, known_headline
from spiders.extraction.outline import Line, Outline, Span
from spiders.extraction.structured import LONGEST, TITLES, Stated, read_stated

_LABELLED = re.compile(r"^(?:روتیتر|رو تیتر|لید|خلاصه|چکیده|مقدمه|شرح مختصر)(?: (?:خبر|مطلب))? ?[:：] ?")
_LONGEST_LEAD: Final = 700
_SHORTEST_LEAD: Final = 25
_SHORT_PAGE: Final = 400
_SURE: Final = 0.6
_LONGEST_TAG: Final = 60
_FEW: Final = 5
_BELOW: Final = 20
_NOT_OURS: Final = Role.COMMENTS | Role.SIDE | Role.NAVIGATION | Role.ADS
_HOMES: Final = frozenset({"خانه", "صفحه نخست", "صفحه اصلی", "صفحه اول", "Home", "home"})


@dataclass(slots=True, kw_only=True)
class Reading:
    """What was found, on a copy of the page's tree that has been cut to it. `body` holds the text and its pictures."""

    stated: Stated
    outline: Outline
    headline: Headline | None = None
    kicker: str | None = None
    lead: str | None = None
    body: HtmlElement | None = None
    body_text: list[Line] = field(default_factory=list)
    dates: list[DateSeen] = field(default_factory=list)
    tags: tuple[str, ...] = ()
    category: str | None = None
    pictures: list[HtmlElement] = field(default_factory=list)
    links: list[tuple[str, HtmlElement]] = field(default_factory=list)
    confidence: float = 0.0
    reasons: tuple[str, ...] = ()


def read_page(root: HtmlElement, url: str, *, title: str | None = None) -> Reading:
    """Find the article of a parsed page, of which the `title` may be known; the tree that is given stays as it is."""
    stated = read_stated(root)
    outline = Outline(deepcopy(root))
    _take_microdata(stated, outline)
    stated.titles = list(dict.fromkeys(stated.titles))[:TITLES]
    reading = Reading(stated=stated, outline=outline)
    headline = reading.headline = known_headline(outline, title) if title else find_headline(outline, stated, url)
    line = headline.line if headline else None
    mark_furniture(outline, line)
    body = find_body(outline, line, stated.body)
    prose = [each.index for each in _prose(outline, body, line)]
    reading.dates = find_dates(
        outline,
        headline=line.index if line else None,
        body=(prose[0], prose[-1] + 1) if prose else None,
        around=_around(outline, line, prose),
    )
    reading.tags = _tags(outline)
    reading.category = stated.section or _category(outline, line)
    reading.links = _documents(outline, line, prose[-1] if prose else None)
    if headline:
        _read_parts(reading, headline, body)
    reading.pictures = _pictures(outline, line, reading.body_text[0].index if reading.body_text else None)
    _judge(reading)
    return reading


def _around(outline: Outline, title: Line | None, prose: list[int]) -> Span | None:
    """The lines of the smallest element around title and text, where it is not most of the page."""
    if title is None or not prose:
        return None
    holder = holder_of(outline, [title, outline.lines[prose[-1]]])
    parent = holder.getparent() if holder is not None else None
    spans = [span for each in (parent, holder) if each is not None and (span := outline.spans.get(each))]
    return next((span for span in spans if (span.end - span.start) * 10 < len(outline.lines) * 8), None)


def _prose(outline: Outline, body: HtmlElement | None, title: Line | None) -> list[Line]:
    """The lines of a body that read as prose: behind the title, outside of furniture."""
    after = title.index if title else -1
    own = [line for line in outline.within(body) if line.index > after] if body is not None else []
    return [line for line in own[: text_end(own)] if line.is_text and not line.role & FURNITURE]


def _read_parts(reading: Reading, headline: Headline, body: HtmlElement | None) -> None:
    outline = reading.outline
    after = headline.line.index if headline.line else -1
    text = [line.index for line in _prose(outline, body, headline.line)]
    start = text[0] if text else len(outline.lines)
    dated = {seen.line.index for seen in reading.dates if not seen.line.is_text and seen.line.index < start}
    if reading.dates:
        best = reading.dates[0].line
        beside = {seen.line.index for seen in reading.dates if abs(seen.line.index - best.index) == 1}
        dated |= {index for index in beside if not outline.lines[index].is_text}
        dated |= set() if best.is_text and best.text.endswith(".") else {best.index}
    kicker = find_kicker(outline, headline, dated)
    apart = set(dated)
    if kicker:
        reading.kicker = _LABELLED.sub("", kicker.text)
        apart.add(kicker.index)
    lead = _find_lead(reading, headline, body, apart)
    if lead:
        reading.lead = _LABELLED.sub("", " ".join(line.text for line in lead))
        apart |= {line.index for line in lead}
    if body is None:
        return
    again = [
        line for line in outline.within(body) if line.index <= start and folded(line.text) == folded(headline.text)
    ]
    apart |= {line.index for line in again}
    kept = _as_stated(reading.stated, body_lines(outline, body, after=after, apart=apart))
    if lead and not kept:  # a table or a list may be all that follows it
        named = _named_body(outline, lead[-1], apart)
        body, kept = named or (body, kept)
    reading.body, reading.body_text = body, kept
    prune(outline, body, kept)


def _as_stated(stated: Stated, lines: list[Line]) -> list[Line]:
    """Without the prose that the metadata's own copy of the body does not have, where it has most of the lines."""
    known = folded(stated.body or "")
    prose = [line for line in lines if line.is_text]
    own = {line.index for line in prose if folded(line.text) in known}
    if not known or len(known) < sum(line.length for line in prose if line.index in own) * 0.8:
        return lines  # it is cut off, or there is none
    last = max(own, default=-1)
    return [line for line in lines if line.index in own or (not line.is_text and line.index <= last)] if own else lines


def _named_body(outline: Outline, lead: Line, apart: set[int]) -> tuple[HtmlElement, list[Line]] | None:
    """The element below the lead that is named for the body, with its lines."""
    for element in outline.with_role(Role.BODY):
        kept = body_lines(outline, element, after=lead.index, apart=apart)
        if kept and outline.spans[element].start > lead.index:
            return element, kept
    return None


# ---- what stands beside the text ----


def _tags(outline: Outline) -> tuple[str, ...]:
    """The article's tags: links that say so or stand among tags, or the parts of an element named for them."""
    found: list[str] = []
    for link in outline.root.iter("a"):
        lines = outline.within(link)
        rel = (link.get("rel") or "").lower().split()
        if not lines or not ("tag" in rel or lines[0].role & Role.TAGS):
            continue
        if "category" in rel or any(line.role & _NOT_OURS for line in lines):
            continue
        if "tag" in rel or all(line.role & Role.TAGS for line in lines):
            found.append(line_in(link))
    if not found:
        for element in outline.with_role(Role.TAGS):
            lines = outline.within(element)
            if len(element) and not any(line.role & _NOT_OURS for line in lines):
                found += [line_in(child) for child in element if outline.within(child)]
                break
    texts = (display(text).strip("#،,؛ ") for text in found)
    return tuple(dict.fromkeys(text for text in texts if 1 < len(text) <= _LONGEST_TAG and not label_of(text)))


def _category(outline: Outline, title: Line | None) -> str | None:
    """The section that an element above the text is named for, else the last step of the way to the page."""
    for role in (Role.CATEGORY, Role.PATH):
        for element in outline.with_role(role):
            lines = outline.within(element)
            if not lines or len(lines) > _FEW or any(line.role & (_NOT_OURS | Role.FOOT) for line in lines):
                continue
            links = [display(line_in(link)) for link in element.iter("a")]
            texts = links or ([lines[0].text] if len(lines) == 1 else [])
            steps = [text for text in texts if text and not (title and text == title.text) and text not in _HOMES]
            if steps and len(steps[-1]) <= _LONGEST_TAG:
                return steps[-1]
    return None


def _pictures(outline: Outline, title: Line | None, first: int | None) -> list[HtmlElement]:
    """The images from shortly above the title to the first paragraph: what an article is illustrated with."""
    start = max(0, title.index - _FEW) if title else 0
    last = first if first is not None else len(outline.lines)
    return [
        image
        for image in outline.root.iter("img")
        if start <= _place(outline, image) <= last and not _is_around(outline, image)
    ]


def _place(outline: Outline, element: HtmlElement) -> int:
    """The line at which an element stands; of one within a figure, that of the figure."""
    while (span := outline.spans.get(element)) is None:
        parent = element.getparent()
        if parent is None:
            return 0
        element = parent
    return span.start


def _is_around(outline: Outline, element: HtmlElement) -> bool:
    return any(outline.roles.get(each, Role.NONE) & FURNITURE for each in element.iterancestors())


def _documents(outline: Outline, title: Line | None, last: int | None) -> list[tuple[str, HtmlElement]]:
    """The links (address, element) between the title and a little below the text."""
    first = title.index if title else 0
    end = (last if last is not None else first) + _BELOW
    found = []
    for link in outline.root.iter("a"):
        span = outline.spans.get(link)
        if span and first <= span.start <= end and link.get("href"):
            own = outline.lines[span.start : span.end]
            if not any(line.role & (ELSEWHERE | Role.HEAD) for line in own):
                found.append((link.get("href", ""), link))
    return found


# ---- the lead ----


def _find_lead(reading: Reading, headline: Headline, body: HtmlElement | None, apart: set[int]) -> list[Line]:
    """By its names; else the line that the metadata calls the description and the layout sets apart; else in bold."""
    outline = reading.outline
    title = headline.line.index if headline.line else -1
    span = outline.spans[body] if body is not None else None
    last = span.end if span else len(outline.lines)
    for element in outline.with_role(Role.LEAD | Role.SUBTITLE):
        lines = [line for line in outline.within(element) if line.index not in apart and line.index != title]
        if _is_lead(lines, title, last) and (
            not _holds_all(outline, body, lines) or _named_body(outline, lines[-1], apart)
        ):
            return lines
    if span is None:
        return []
    before = [line for line in outline.lines[max(title + 1, 0) : span.start] if title >= 0]
    texts = [line for line in before if line.is_text and line.index not in apart and not line.role & FURNITURE]
    own = [line for line in _prose(outline, body, headline.line) if line.index not in apart]
    if len(texts) == 1 and own and texts[0].length <= _LONGEST_LEAD:
        return texts
    if len(own) > 1 and not texts and _is_set_apart(reading, own):
        return own[:1]
    return []


def _is_lead(lines: list[Line], title: int, last: int) -> bool:
    if not lines or any(line.role & FURNITURE for line in lines):
        return False
    length = sum(line.length for line in lines)
    fits = _SHORTEST_LEAD <= length <= _LONGEST_LEAD and title < lines[0].index < last
    return fits and not any(META.match(line.words) and not _LABELLED.match(line.text) for line in lines)


def _holds_all(outline: Outline, body: HtmlElement | None, lines: list[Line]) -> bool:
    """Whether what is called a lead is all the text that there is."""
    own = outline.within(body) if body is not None else []
    indexes = {line.index for line in lines}
    return any(line.index in indexes for line in own) and all(
        line.index in indexes or line.index <= lines[0].index or is_furniture(line) for line in own
    )


def _is_set_apart(reading: Reading, own: list[Line]) -> bool:
    """Whether the first paragraph alone is in bold type, or in a block of its own and described so."""
    first, *rest = own
    if not _SHORTEST_LEAD <= first.length <= _LONGEST_LEAD:
        return False
    if first.bold * 10 >= first.length * 9:
        return not any(line.bold * 2 > line.length for line in rest)
    if _stands_before(reading.outline, first, rest):
        return True
    described = folded(first.text) in {folded(text) for text in reading.stated.descriptions}
    apart = first.block.tag != rest[0].block.tag or first.block.getparent() is not rest[0].block.getparent()
    return described and apart


def _stands_before(outline: Outline, first: Line, rest: list[Line]) -> bool:
    """Whether all other paragraphs are together in an element that the first one is not in."""
    holder = holder_of(outline, rest)
    if holder is None or holder.tag in {"p", "ul", "ol", "li", "blockquote"}:
        return False
    span = outline.spans[holder]
    if span.start <= first.index or outline.spans[first.block].end > first.index + 1:
        return False
    return holder is not rest[0].block or len(rest) > 1


# ---- microdata ----


def _take_microdata(stated: Stated, outline: Outline) -> None:
    """What the item that holds the article's body or headline says; others on the page are about other releases."""
    scopes = [each for each in outline.root.iter() if isinstance(each.tag, str) and "itemprop" in each.attrib]
    if not scopes:
        return
    main = _main_item(scopes)
    for element in scopes:
        if _item(element) is not main:
            continue
        names = (element.get("itemprop") or "").lower().split()
        value = element.get("content") or element.get("datetime")
        if "datepublished" in names or "datecreated" in names:
            stated.published.append((value or date_in(element)).strip()[:LONGEST])
        elif "datemodified" in names and value:
            stated.modified.append(value)
        elif "headline" in names and (title := display((value or line_in(element))[:LONGEST])):
            stated.titles.insert(0, title)
            stated.kinds.add("article")
        elif "image" in names and (link := element.get("src") or element.get("href") or value):
            stated.images.append(link)
        elif "articlesection" in names:
            stated.section = stated.section or display((value or line_in(element))[:LONGEST]) or None
        elif "keywords" in names and value:
            stated.tags += [display(word) for word in value.replace("،", ",").split(",") if display(word)]


def _item(element: HtmlElement) -> HtmlElement | None:
    parent = element.getparent()
    while parent is not None and "itemscope" not in parent.attrib:
        parent = parent.getparent()
    return parent


def _main_item(scopes: list[HtmlElement]) -> HtmlElement | None:
    for name in ("articlebody", "headline"):
        holders = [_item(each) for each in scopes if name in (each.get("itemprop") or "").lower().split()]
        if len(set(holders)) == 1:
            return holders[0]
    return None


# ---- how sure it is ----


def _judge(reading: Reading) -> None:
    """Add up what speaks for an article and against one; `reasons` say what counted."""
    prose = [line for line in reading.body_text if line.is_text]
    counted = [*_speaking_for(reading, prose), *_speaking_against(reading, prose)]
    reading.confidence = round(max(0.0, min(1.0, sum(weight for weight, _ in counted))), 2)
    reading.reasons = tuple(f"{weight:+.2f} {reason}" for weight, reason in counted)


def _speaking_for(reading: Reading, prose: list[Line]) -> Iterator[tuple[float, str]]:
    if reading.headline:
        yield 0.3 * reading.headline.surety, "a title"
    if prose:
        length = sum(line.length for line in prose)
        yield 0.2 + min(0.2, length / 2500), f"{len(prose)} paragraphs of text"
    if reading.dates:
        yield 0.2, "a date"
    elif reading.stated.published:
        yield 0.15, "a date in its metadata"
    if reading.stated.says_article:
        yield 0.15, "metadata of an article"


def _speaking_against(reading: Reading, prose: list[Line]) -> Iterator[tuple[float, str]]:
    headline, outline = reading.headline, reading.outline
    title = plain(headline.text) if headline else ""
    length = sum(line.length for line in prose)
    if SEARCHED.search(title) or (MISSING.search(title) and not reading.dates):
        yield -1.0, "its title is that of an error or a search"
    if ENTERED.match(title):
        yield -1.0, "its title is that of a login"
    if length < _SHORT_PAGE and any(MISSING.search(line.words) for line in prose[:2]):
        yield -1.0, "its text says that there is no such page"
    if length < _SHORT_PAGE and outline.secret:
        yield -0.8, "a field for a password"
    elsewhere = sum(line.length for line in outline.lines if line.role & Role.RELATED)
    unsure = headline is None or headline.surety < _SURE or length < _SHORTEST_LEAD * 3
    if unsure and not reading.dates and elsewhere > 3 * length and length < _SHORT_PAGE / 2:
        yield -0.4, "mostly a list of other pages"
