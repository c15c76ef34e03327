"""Which part of a page is the article's text, and which lines of that part are not."""

from bisect import bisect_right
from collections.abc import Iterator
from itertools import accumulate
from typing import Any, Final

from lxml.html import HtmlElement

from spiders.body import cut_out
from spiders.extraction.furniture import (
    APART,
    ELSEWHERE,
    FURNITURE,
    META,
    Role,
    is_tool,
    label_of,
    opening_label,
)
from spiders.extraction.headline import folded
from spiders.extraction.outline import Line, Outline, Span

_TEXT, _SENTENCE = 45, 22
_MOST = 600
_ENOUGH = 250
_FAR = -0.02
_ENDED = 0.8
_LOST = 160
_ENTRIES = 3
_REPEATED: Final = frozenset({"div", "li", "article", "section", "tr", "td", "dl", "dd", "a", "ul", "table", "span"})
_WEAK: Final = FURNITURE & ~(Role.COMMENTS | Role.RELATED | Role.ADS)


# ---- furniture that no name gives away ----


def mark_furniture(outline: Outline, headline: Line | None) -> None:
    """Give lines the role of what surrounds them: what names say too much is taken back, what they miss is added."""
    _take_back(outline, headline)
    _mark_entries(outline, headline)
    _mark_labelled(outline, headline)
    _mark_forms(outline, headline)


def _take_back(outline: Outline, headline: Line | None) -> None:
    """Names that cannot be right: an element around the title, or around most of the page's prose, is no furniture."""
    prose = [0, *accumulate(line.length if line.is_text else 0 for line in outline.lines)]
    most = prose[-1] * 0.7
    wrong: list[tuple[HtmlElement, int]] = []
    for element, role in outline.roles.items():
        stated = role & FURNITURE
        span = outline.spans.get(element)
        if not stated or span is None or span.end - span.start < 2:  # noqa: PLR2004
            continue
        around = headline is not None and span.start <= headline.index < span.end
        text = prose[span.end] - prose[span.start]
        if (around and (text or not stated & ELSEWHERE)) or (stated & _WEAK and text > most and text > _MOST / 2):
            wrong.append((element, stated))
    if not wrong:
        return
    for element, _ in wrong:
        outline.roles[element] &= ~FURNITURE
    for line in outline.lines:
        line.role = Role.NONE
    for element, role in outline.roles.items():
        stated = role & APART
        span = outline.spans.get(element)
        if stated and span is not None:
            outline.mark(span, stated)


def _mark_entries(outline: Outline, headline: Line | None) -> None:
    """Three or more of the same shape in a row, each with a title that is a link, are a list of other releases."""
    for parent in list(outline.spans):
        if len(parent) < _ENTRIES:
            continue
        run: list[Span] = []
        shape: tuple[Any, str | None] | None = None
        for child in parent:
            span = outline.spans.get(child)
            if span is None or span.end == span.start:
                continue
            this = child.tag, child.get("class")
            if child.tag not in _REPEATED or not _is_entry(outline, span, headline):
                run, shape = [], None
                continue
            run = [*run, span] if this == shape else [span]
            shape = this
            if len(run) == _ENTRIES:
                for each in run:
                    outline.mark(each, Role.RELATED)
            elif len(run) > _ENTRIES:
                outline.mark(span, Role.RELATED)


def _is_entry(outline: Outline, span: Span, headline: Line | None) -> bool:
    """Whether a few lines are a title that is a link, with at most a date and a summary."""
    lines = outline.lines[span.start : span.end]
    most, summary = 8, 2
    if len(lines) > most or any(line.role & Role.TAGS for line in lines):
        return False
    if headline is not None and span.start <= headline.index < span.end:
        return False
    prose = [line for line in lines if line.is_text]
    titled = any(line.is_link and line.length >= _SENTENCE / 2 for line in lines[:3])
    return titled and len(prose) <= summary and sum(line.length for line in prose) <= _MOST


def _mark_labelled(outline: Outline, headline: Line | None) -> None:
    """What stands under «اخبار مرتبط», «نظرات», «برچسب‌ها» or beside «به اشتراک بگذارید»."""
    title = headline.index if headline is not None else -1
    for line in outline.lines:
        if line.role & ELSEWHERE or line.index == title or line.is_text:
            continue
        role = label_of(line.text)
        if role and (not line.is_link or line.href in {None, "#"} or line.heading):
            _mark_under(outline, line, role, title)
        elif line.linked or line.length < _TEXT * 2:
            line.role |= opening_label(line.text)


def _mark_under(outline: Outline, line: Line, role: int, title: int) -> None:
    line.role |= role
    span = Span(line.index, line.index + 1)
    element: HtmlElement | None = line.block
    while element is not None and (wider := outline.spans.get(element)) is not None:
        if wider.start != line.index or wider.start <= title < wider.end:
            break
        if wider.end > span.end:
            if not _is_of(role, outline.lines[span.end : wider.end]):
                break
            span = wider
        element = element.getparent()
    if span.end - span.start > 1:
        outline.mark(span, role)
        return
    holder = outline.spans.get(element) if element is not None else None
    end = holder.end if holder else len(outline.lines)
    for following in outline.lines[line.index + 1 : end]:
        if following.index == title or not (following.is_link or (role is Role.COMMENTS and title < line.index)):
            break
        following.role |= role


def _is_of(role: int, lines: list[Line]) -> bool:
    """Whether lines may be what a label announces: links for related news, anything for comments."""
    if role is Role.COMMENTS:
        return True
    links = sum(line.is_link for line in lines)
    prose = sum(line.length for line in lines if line.is_text)
    linked = sum(line.linked for line in lines)
    return links * 10 >= len(lines) * 3 or linked > prose


def _mark_forms(outline: Outline, headline: Line | None) -> None:
    """The part of the page around a field to write in, up to where the article would be in it."""
    title = headline.index if headline is not None else -1
    for written in outline.fields:
        element = written.getparent()
        widest: Span | None = None
        while element is not None and (span := outline.spans.get(element)) is not None:
            prose = sum(line.is_text for line in outline.lines[span.start : span.end] if not line.role & FURNITURE)
            if span.start <= title < span.end or prose:
                break
            widest = span
            element = element.getparent()
        if widest:
            outline.mark(widest, Role.FORM)


# ---- the body's element ----


def find_body(outline: Outline, headline: Line | None, stated_body: str | None) -> HtmlElement | None:
    """The smallest element with the most prose of the article in it; None where the page has no prose to speak of."""
    lines = outline.lines
    stated = _stated_element(outline, headline)
    if stated is not None:
        return stated
    weights = _weights(outline, headline, stated_body)
    if not any(weight > 0 for weight in weights):
        return None
    sums = [0.0, *accumulate(weights)]
    prose = [0, *accumulate(int(weight > 0) for weight in weights)]
    best: tuple[float, HtmlElement] | None = None
    for element, (start, end) in outline.spans.items():
        if end <= start or prose[end] == prose[start]:
            continue
        score = sums[end] - sums[start]
        if outline.roles.get(element, Role.NONE) & Role.BODY:
            score *= 1.1
        if best is None or score > best[0] + 0.5:  # ends come innermost first: the smaller wins a tie
            best = score, element
    if best is None:
        return None
    return _widened(outline, best[1], lines)


def _widened(outline: Outline, element: HtmlElement, lines: list[Line]) -> HtmlElement:
    """A lone paragraph's block; of an inline element or a paragraph the parent, where that holds nothing else."""
    while (parent := element.getparent()) is not None and parent.tag not in {"body", "html"}:
        span, wider = outline.spans[element], outline.spans.get(parent)
        if wider is None:
            break
        more = [*lines[wider.start : span.start], *lines[span.end : wider.end]]
        if any(not line.role & FURNITURE for line in more) or not (element.tag == "p" or span == wider):
            break
        element = parent
    return element


def _stated_element(outline: Outline, headline: Line | None) -> HtmlElement | None:
    """The element that microdata calls the body of the article, where it holds any text."""
    title = headline.index if headline is not None else -1
    for element in outline.with_role(Role.BODY):
        if "articlebody" in (element.get("itemprop") or "").lower().split():
            span = outline.spans[element]
            own = [line for line in outline.lines[span.start : span.end] if not line.role & ELSEWHERE]
            if any(line.is_text for line in own) and (span.end > title):
                return element
    return None


def _weights(outline: Outline, headline: Line | None, stated_body: str | None) -> list[float]:
    """What each line adds to an element that holds it: prose by length and nearness to the title, others a cost."""
    near = _nearness(outline, headline)
    known = folded(stated_body) if stated_body and len(stated_body) > _TEXT else None
    title = headline.index if headline is not None else -1
    weights = []
    for line in outline.lines:
        if line.index == title:
            weights.append(-1.0)
        elif line.role & FURNITURE:
            weights.append(-4.0)
        elif line.is_text and line.index > title:
            weight = min(line.length - line.linked, _MOST) * near[line.index]
            if known is not None:
                weight *= 3.0 if folded(line.text) in known else 0.1
            weights.append(weight)
        else:
            aside = line.linked or line.index < title or META.match(line.words)
            weights.append(-8.0 - line.linked / 2 - min(line.length, 60) / 6 if aside else -2.0)
    return weights


def _nearness(outline: Outline, headline: Line | None) -> list[float]:
    """For each line 1 in the part of the page around the title that first has prose; less the further up it is joined
    to it, and little under a heading of its own.
    """
    lines = outline.lines
    if headline is None:
        return [1.0] * len(lines)
    chain: list[HtmlElement] = []
    element: HtmlElement | None = headline.block
    while element is not None and element in outline.spans:
        chain.append(element)
        element = element.getparent()
    ends = [outline.spans[each].end for each in chain]
    prose = [line for line in lines if line.index > headline.index and line.is_text and not line.role & FURNITURE]
    levels = {line.index: bisect_right(ends, line.index) for line in prose}
    near = [_FAR] * len(lines)
    before = 0
    for rank, level in enumerate(sorted(set(levels.values()))):
        same = [line for line in prose if levels[line.index] == level]
        length = sum(line.length for line in same)
        done = before >= _ENOUGH and length < before * 3  # what the title leads was the text, not the lead alone
        for line in same:
            headed = rank and level < len(chain) and _is_headed(outline, line, chain[level])
            near[line.index] = _FAR if done else 0.6 ** min(rank, 3) * (0.2 if headed else 1.0)
        before += length
    return near


def _is_headed(outline: Outline, line: Line, joint: HtmlElement) -> bool:
    """Whether the part below `joint` that holds a line begins with a heading: it is a section of its own."""
    element: HtmlElement | None = line.block
    below = element
    while element is not None and element is not joint:
        below, element = element, element.getparent()
    span = outline.spans.get(below) if below is not None else None
    if span is None or span.start >= line.index:
        return False
    first = outline.lines[span.start]
    return bool(first.heading) or (first.bold >= first.length and first.length < _TEXT) or bool(label_of(first.text))


# ---- its lines ----


def body_lines(outline: Outline, body: HtmlElement, *, after: int, apart: set[int]) -> list[Line]:
    """The lines of an element that are the text: behind the title, without furniture, labels and buttons at its ends.

    `apart` are lines read as something else: the kicker, the lead, the date.
    """
    own = [line for line in outline.within(body) if line.index > after and line.index not in apart]
    own = own[: text_end(own)]
    lines = [line for line in own if not is_furniture(line)]
    while lines and not lines[0].is_text and _is_edge(lines[0]):
        lines.pop(0)
    while lines and not lines[-1].is_text and _is_edge(lines[-1]):
        lines.pop()
    return _closest(outline, body, lines)


def text_end(lines: list[Line]) -> int:
    """The place in some lines where the text has ended, and what follows the tags, share links or counter is by others.

    A box amid the text is none of that: behind it the paragraphs go on in the same place.
    """
    lengths = [line.length if line.is_text and not line.role & FURNITURE else 0 for line in lines]
    done, rest = 0, sum(lengths)
    places: set[tuple[HtmlElement | None, Any]] = set()
    for place, line in enumerate(lines):
        if lengths[place]:
            done += lengths[place]
            rest -= lengths[place]
            places.add((line.block.getparent(), line.block.tag))
        elif rest and done > rest * _ENDED and _is_behind(line):
            following = next(each for each, length in zip(lines[place:], lengths[place:], strict=True) if length)
            if (following.block.getparent(), following.block.tag) not in places:
                return place
    return len(lines)


def _is_behind(line: Line) -> bool:
    """Whether a line is of what stands below an article."""
    stated = line.role & (Role.TAGS | Role.COMMENTS | Role.SHARE | Role.COUNT | Role.FORM | Role.TOOLS | Role.RELATED)
    return bool(stated) or is_tool(line.text) or META.match(line.words) is not None


def _closest(outline: Outline, body: HtmlElement, lines: list[Line]) -> list[Line]:
    """Without the few short lines that stand outside of the element that holds all the prose."""
    prose = [line for line in lines if line.is_text]
    if len(prose) < 2:  # noqa: PLR2004
        return lines
    element = holder_of(outline, prose)
    if element is None or element is body or element.tag in {"p", "ul", "ol"}:
        return lines
    span = outline.spans[element]
    inside = [line for line in lines if span.start <= line.index < span.end]
    lost = sum(line.length for line in lines) - sum(line.length for line in inside)
    return inside if lost <= _LOST else lines


def holder_of(outline: Outline, lines: list[Line]) -> HtmlElement | None:
    """The smallest element around all of some lines."""
    element: HtmlElement | None = lines[0].block
    while element is not None:
        span = outline.spans.get(element)
        if span and span.start <= lines[0].index and lines[-1].index < span.end:
            return element
        element = element.getparent()
    return None


def is_furniture(line: Line) -> bool:
    """Whether a line is none of an article's, wherever in its text it stands."""
    if line.role & APART:
        return True
    if line.in_row:
        return False
    if line.is_link and line.linked * 10 >= line.length * 9 and not line.text.endswith((".", "؟", "!")):
        return True  # an advertisement, or a release to read as well
    text = line.words
    return (META.match(text) is not None and line.length < _TEXT * 2 and not line.text.endswith(".")) or is_tool(
        line.text
    )


def _is_edge(line: Line) -> bool:
    """Whether a line at either end of the text is none: links that no sentence holds, a row of a table of metadata."""
    if line.text.isdecimal():
        return True  # a counter
    return (line.is_link and not line.in_row) or META.match(line.words) is not None


def prune(outline: Outline, body: HtmlElement, kept: list[Line]) -> None:
    """Take out of the element what is not kept; pictures stay, unless furniture holds them."""
    indexes = {line.index for line in kept}
    span = outline.spans[body]
    for line in outline.lines[span.start : span.end]:
        if line.index not in indexes:
            for node, is_tail, _ in line.pieces:
                setattr(node, "tail" if is_tail else "text", None)
    for element in list(_droppable(outline, body, indexes)):
        if element.getparent() is not None:
            cut_out(element)


def _droppable(outline: Outline, body: HtmlElement, kept: set[int]) -> Iterator[HtmlElement]:
    for element in body.iterdescendants():
        span = outline.spans.get(element)
        if span is None:
            continue
        role = outline.roles.get(element, Role.NONE) & FURNITURE
        empty = not any(index in kept for index in range(span.start, span.end))
        if empty and (role or (span.end > span.start and next(element.iter("img", "video", "audio"), None) is None)):
            yield element
