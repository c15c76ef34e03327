"""The difference between two readings of a text, laid out side by side."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from itertools import groupby
from typing import Final

from archive.differences import Op, Operation

LONG: Final = 400  # letters of an unchanged passage that stands apart from the changes beside it
FOLDABLE: Final = 600  # letters of unchanged paragraphs
SENTENCE: Final = re.compile(r"[.؟!؛][»)]?\s+")


@dataclass(frozen=True, slots=True)
class Row:
    """A paragraph, or some sentences of it: `old` has what was removed from it, `new` what was added to it."""

    old: list[Operation]
    new: list[Operation]

    @property
    def is_same(self) -> bool:
        return all(each.op is Op.EQUAL for each in (*self.old, *self.new))

    @property
    def text(self) -> str:
        """Of a row that is the same on both sides."""
        return "".join(each.text for each in self.old)


@dataclass(frozen=True, slots=True)
class Stretch:
    """Rows that follow each other and are all the same, or are all not."""

    rows: list[Row]
    is_same: bool

    @property
    def words(self) -> int:
        return sum(len(row.text.split()) for row in self.rows)

    @property
    def is_foldable(self) -> bool:
        return self.is_same and sum(len(row.text) for row in self.rows) > FOLDABLE


def stretches(operations: Iterable[Operation]) -> list[Stretch]:
    return [Stretch(list(rows), same) for same, rows in groupby(_rows(operations), lambda row: row.is_same)]


def _rows(operations: Iterable[Operation]) -> Iterator[Row]:
    """Cut where both readings begin a paragraph at once, or where much is the same in both."""
    told = list(operations)
    old: list[Operation] = []
    new: list[Operation] = []
    for place, each in enumerate(told):
        if each.op is not Op.EQUAL:
            if each.text.startswith("\n") and not each.text.isspace() and _is_same(old, new):
                yield from _row(old, new)  # a paragraph more, or less, begins
                old, new = [], []
            (old if each.op is Op.REMOVED else new).append(each)
            continue
        if _is_whole(old) and _is_whole(new) and not _is_same(old, new):
            yield from _row(old, new)
            old, new = [], []
        for number, passage in enumerate(_passages(each.text, follows=place > 0, leads=place + 1 < len(told))):
            if number:
                yield from _row(old, new)
                old, new = [], []
            if passage:
                old.append(replace(each, text=passage))
                new.append(replace(each, text=passage))
    yield from _row(old, new)


def _is_same(old: list[Operation], new: list[Operation]) -> bool:
    return all(each.op is Op.EQUAL for each in (*old, *new))


def _is_whole(side: list[Operation]) -> bool:
    """Whether a side ends where a paragraph does."""
    return not side or (side[-1].text.endswith("\n") and not _is_break(side[-1]))


def _passages(text: str, *, follows: bool, leads: bool) -> list[str]:
    """Paragraphs with what ends them, the last without; where a change is beside a long one, cut at a sentence."""
    paragraphs = re.split(r"(?<=\n)", text)
    found: list[str] = []
    for place, paragraph in enumerate(paragraphs):
        beside = follows and place == 0, leads and place == len(paragraphs) - 1
        found += _cut(paragraph, after=beside[0], before=beside[1])
    return found


def _cut(paragraph: str, *, after: bool, before: bool) -> list[str]:
    ends = [each.end() for each in SENTENCE.finditer(paragraph) if each.end() < len(paragraph)]
    head = ends[0] if after and ends else 0
    tail = ends[-1] if before and ends else len(paragraph)
    if tail - head < LONG:
        return [paragraph]
    return [
        *([paragraph[:head]] if head else []),
        paragraph[head:tail],
        *([paragraph[tail:]] if tail < len(paragraph) else []),
    ]


def _row(old: list[Operation], new: list[Operation]) -> Iterator[Row]:
    """Nothing for what has no letter on either side."""
    row = Row(_without_breaks(old), _without_breaks(new))
    if row.old or row.new:
        yield row


def _without_breaks(side: list[Operation]) -> list[Operation]:
    """A side without the line breaks at its ends, which the layout makes; a break alone is shown by its sign."""
    shown = [replace(each, text="¶") if _is_break(each) else each for each in side]
    if shown:
        shown[0] = replace(shown[0], text=shown[0].text.lstrip("\n"))
        shown[-1] = replace(shown[-1], text=shown[-1].text.rstrip("\n"))
    return [each for each in shown if each.text]


def _is_break(operation: Operation) -> bool:
    return operation.op is not Op.EQUAL and "\n" in operation.text and operation.text.isspace()
