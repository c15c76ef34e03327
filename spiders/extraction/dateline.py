"""Where a page shows when its article was published, among all the other dates that it shows."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from lxml import etree
from lxml.html import HtmlElement

from persian.text import ZWNJ
from spiders.extraction.furniture import MODIFIED, PUBLISHED, TODAY, Role
from spiders.extraction.outline import Line, Outline

_MONTH = (
    "فروردین|اردیبهشت|خرداد|تیر|مرداد|امرداد|شهریور|مهر|آبان|ابان|آذر|اذر|دی|بهمن|اسفند|ژانویه|فوریه|مارس|آوریل|مه"
    "|ژوئن|ژوئیه|جولای|اوت|آگوست"
    "|سپتامبر|اکتبر|نوامبر|دسامبر"
)
_ENGLISH = r"jan\w*|feb\w*|mar\w*|apr\w*|may|june?|july?|aug\w*|sep\w*|oct\w*|nov\w*|dec\w*"
_WEEKDAY = r"(?:(?:(?:یک|دو|سه|چهار|پنج) ?)?شنبه|جمعه)"
_DAY = (
    rf"(?:{_WEEKDAY}[ ،,:]*)?(?:(?<!\d)\d{{1,2}} ?[-/،]? ?(?:{_MONTH})(?: ماه)? ?[-/،,]? ?(?:سال )?\d{{2,4}}(?!\d)"
    r"|(?<![\d/.])\d{4} ?[/.-] ?\d{1,2} ?[/.-] ?\d{1,2}(?![\d/])|(?<![\d/.])\d{1,2}[/.-]\d{1,2}[/.-](?:\d{4}"
    r"|\d{2})(?![\d/.])"
    rf"|(?<!\w)\d{{1,2}} (?:{_ENGLISH}),? \d{{4}}|(?<!\w)(?:{_ENGLISH}) \d{{1,2}},? \d{{4}})"
)
_CLOCK = (
    r"(?<![\d:])\d{1,2} ?: ?\d{2}(?: ?: ?\d{2})?(?![\d:])"
    r"(?: ?(?:ق\.? ?ظ|ب\.? ?ظ|صبح|عصر|ظهر|شب|بعد ?از ?ظهر|قبل ?از ?ظهر|[ap]\.?m)\b\.?)?"
)
_WHOLE = re.compile(
    rf"(?P<before>{_CLOCK})[^\d\w]{{1,8}}{_DAY}|{_DAY}(?:[^\d\w]{{0,8}}(?:(?:در |و"
    rf" )?ساعت)?[^\d\w]{{0,8}}(?P<after>{_CLOCK}))?",
    re.IGNORECASE,
)
_CLOCK_ALONE = re.compile(rf"\W*(?:(?:ساعت|زمان)(?: انتشار)?)?\W*({_CLOCK})\W*", re.IGNORECASE)
_CLOCK_ANYWHERE = re.compile(_CLOCK, re.IGNORECASE)
_AGE = re.compile(
    r"(?:\d{1,3}|یک|دو|سه|چهار|پنج|چند) ?(?:ثانیه|دقیقه|ساعت|روز|هفته|ماه) ?(?:پیش|قبل)|(?:دیروز|امروز)(?: |$)"
)
_DIGIT: Final = re.compile(r"\d")
_GREGORIAN: Final = re.compile(r"(?<!\d)[2۲٢][0۰٠]\d\d")
_LONGEST: Final = 160
_ENOUGH: Final = 1.2
_NEAR: Final = 12
_LABEL: Final = 24


@dataclass(slots=True, kw_only=True)
class DateSeen:
    """A date on the page: the string as it stands there, its line, and how much speaks for it."""

    raw: str
    line: Line
    score: float
    timed: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where the article is, in numbers of lines: its title, its first and last paragraph, the element around both."""

    headline: int | None
    body: tuple[int, int] | None
    around: tuple[int, int] | None
    named: dict[int, int]


def find_dates(
    outline: Outline, *, headline: int | None, body: tuple[int, int] | None, around: tuple[int, int] | None = None
) -> list[DateSeen]:
    """The dates that may be the article's, best first: those nearer to its title and its text are likelier."""
    place = Place(headline=headline, body=body, around=around, named=_lines_named(outline))
    found = [seen for line in outline.lines for seen in _in_line(outline, line, place)]
    return sorted((seen for seen in found if seen.score >= _ENOUGH), key=lambda seen: -seen.score)


def dates_in(element: HtmlElement) -> list[str]:
    """The dates in an element's text, as they are written, in order; an age («۲ ساعت پیش») where there is none."""
    said: list[str] = []
    length = 0
    for text in element.itertext(etree.Element):  # comments hold no text of the page
        said.append(text)
        length += len(text) + 1
        if length > _LONGEST * 5 + 1:
            return []
    text = _even(" ".join(" ".join(said).split()))
    return [hit[0].strip() for hit in _WHOLE.finditer(text)] or [hit[0] for hit in _AGE.finditer(text)]


def dated_lines(dates: list[DateSeen]) -> set[int]:
    return {seen.line.index for seen in dates}


def _in_line(outline: Outline, line: Line, place: Place) -> Iterator[DateSeen]:
    if line.length > _LONGEST or (line.index not in place.named and not _DIGIT.search(line.text)):
        return
    said = line.spaced
    text = _even(said)
    hits = list(_WHOLE.finditer(text))
    if not hits:
        if line.index in place.named and (age := _AGE.search(text)):
            score = _score(line, text[: age.start()], place, line.length) - 2
            yield DateSeen(raw=said.strip(), line=line, score=score, timed=False)
        return
    end = 0
    for hit in hits:
        before, end = text[end : hit.start()], hit.end()
        raw = said[hit.start() : hit.end()].strip()
        timed = bool(hit["before"] or hit["after"])
        if not timed and (clock := _clock_beside(outline, line)):
            raw, timed = f"{raw} {clock}", True
        rest = line.length - len(raw)
        score = _score(line, before, place, rest) + (0.6 if timed else 0.0)
        if _GREGORIAN.search(hit[0]):
            score -= 0.5  # a Gregorian twin stands beside the Jalali date
        yield DateSeen(raw=raw, line=line, score=score, timed=timed)


def _score(line: Line, before: str, place: Place, rest: int) -> float:
    """What speaks for a date: label, names, place; `rest` is how many characters its line has beside it."""
    score = 0.0
    label = before[-40:]
    if MODIFIED.search(label):
        score -= 3.0
    elif PUBLISHED.search(label):
        score += 4.0
    elif TODAY.search(label):
        score -= 3.0
    if line.index in place.named:
        score += 2.0 if place.named[line.index] <= 2 else 1.0  # noqa: PLR2004
    if line.role & (Role.COMMENTS | Role.RELATED | Role.ADS):
        score -= 8.0
    elif place.around and place.around[0] <= line.index < place.around[1]:
        score += 0.5
    elif line.role & (Role.SIDE | Role.NAVIGATION | Role.HEAD | Role.FORM):
        score -= 4.0
    elif line.role & Role.FOOT:
        score -= 1.5
    if line.is_link and not line.role:
        score -= 1.0
    own = rest <= _LABEL or score > 0
    return score + _nearness(line.index, place, own=own) - min(2.0, line.length / 80)


def _nearness(index: int, place: Place, *, own: bool) -> float:
    """How near a line is to the title and the body; within the body, one that is not a line of its `own` is text."""
    near = 0.0
    if place.body is not None:
        first, last = place.body
        if first <= index < last:
            if not own:
                return -2.5
        else:
            distance = first - index if index < first else index - last + 1
            near = 2.0 * max(0.0, 1 - distance / _NEAR)
    if place.headline is not None:
        gap = abs(index - place.headline)
        near = max(near, 2.5 * max(0.0, 1 - gap / _NEAR))
        if index < place.headline - 4:
            near -= 1.0
    return near


def _clock_beside(outline: Outline, line: Line) -> str | None:
    """The time of day, where it stands elsewhere in the line or alone in the next or the previous one."""
    text = _even(line.spaced)
    clock = _CLOCK_ANYWHERE.search(text)
    if clock:
        return line.spaced[clock.start() : clock.end()]
    for index in (line.index + 1, line.index - 1):
        if 0 <= index < len(outline.lines):
            beside = outline.lines[index]
            alone = _CLOCK_ALONE.fullmatch(_even(beside.spaced))
            if alone:
                return beside.spaced[alone.start(1) : alone.end(1)]
    return None


def _lines_named(outline: Outline) -> dict[int, int]:
    """The lines in elements that are named for a date, each with how many lines the smallest such element has."""
    found: dict[int, int] = {}
    few = 8
    for element in outline.with_role(Role.DATE):
        start, end = outline.spans.get(element, (0, 0))
        if 0 < end - start <= few:
            for index in range(start, end):
                found[index] = min(found.get(index, few), end - start)
    for element in outline.spans:
        if element.tag == "time":
            start, end = outline.spans[element]
            for index in range(start, end):
                found[index] = 1
    return found


def _even(text: str) -> str:
    """The text, as long as it was, in Persian letters and without half-spaces."""
    return text.replace("ي", "ی").replace("ك", "ک").replace(ZWNJ, " ")
