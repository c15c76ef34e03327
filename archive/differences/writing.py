"""Two aligned texts as operations, and operations as they are shown to people."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import groupby
from typing import Final, TypeAlias

from archive.differences.alignment import Hunk, Moved
from archive.differences.values import Class, Op, Operation
from persian.pieces import Piece

_WORD = re.compile(r"\S+")
_LEAST_ELIDED: Final = 3  # words that «…» stands for


def excerpts(operations: Sequence[Operation], words: int = 8) -> list[Operation]:
    """The operations as they are shown to people: of what is equal, so many words around every change, then «…»."""
    shown = []
    for place, each in enumerate(operations):
        if each.op is Op.EQUAL:
            before = 0 if place == 0 else words
            after = 0 if place == len(operations) - 1 else words
            each = replace(each, text=_shortened(each.text, before, after))  # noqa: PLW2901
        shown.append(each)
    return shown


def _shortened(text: str, first: int, last: int) -> str:
    """A text's first and last words, as they were written, and «…» for what lies between."""
    words = [*_WORD.finditer(text)]
    if len(words) <= first + last + _LEAST_ELIDED:
        return text
    head = text[: words[first - 1].end()] + " " if first else ""
    tail = " " + text[words[-last].start() :] if last else ""
    return f"{head}…{tail}"


def with_ends(head: str, between: Sequence[Operation], tail: str) -> Iterator[Operation]:
    """The operations with what is equal before and after them."""
    whole = [Operation(op=Op.EQUAL, text=head), *between, Operation(op=Op.EQUAL, text=tail)]
    for equal, operations in groupby(whole, lambda each: each.op is Op.EQUAL):
        if not equal:
            yield from operations
        elif text := "".join(each.text for each in operations):
            yield Operation(op=Op.EQUAL, text=text)


Told: TypeAlias = tuple[Hunk, tuple[Class, ...]]


def written(old: Sequence[Piece], new: Sequence[Piece], told: Sequence[Told], moved: Moved) -> tuple[Operation, ...]:
    """The operations of hunks and of what is equal between them."""
    writer = _Writer()
    hunk = Hunk(range(0), range(0), 0, told[0][0].before if told else len(old))
    writer.same_pieces(old, new, hunk)
    for hunk, classes in told:
        both = bool(hunk.old and hunk.new) and old[hunk.old.start].gap == new[hunk.new.start].gap
        if both:
            writer.same(old[hunk.old.start].gap)
        for op, text, places, elsewhere in (
            (Op.REMOVED, old, hunk.old, moved.old),
            (Op.ADDED, new, hunk.new, moved.new),
        ):
            for place in places:
                written = text[place].text if both and place == places.start else text[place].gap + text[place].text
                writer.change(op, written, (Class.MOVED,) if place in elsewhere else classes)
        writer.same_pieces(old, new, hunk)
    writer.flush()
    return tuple(writer.done)


class _Writer:
    """Collects texts into as few operations as can be, what is removed before what is added in its place."""

    def __init__(self) -> None:
        self.done: list[Operation] = []
        self.equal: list[str] = []
        self.changed: dict[Op, list[tuple[str, tuple[Class, ...]]]] = {Op.REMOVED: [], Op.ADDED: []}
        self.last: tuple[Class, ...] = ()

    def same(self, text: str) -> None:
        if text:
            self._flush_changed()
            self.equal.append(text)

    def change(self, op: Op, text: str, classes: tuple[Class, ...]) -> None:
        if text:
            self._flush_equal()
            self.changed[op].append((text, classes))
            self.last = classes

    def same_pieces(self, old: Sequence[Piece], new: Sequence[Piece], hunk: Hunk) -> None:
        """The equal pieces after a hunk; they may be written otherwise, and a gap may have gone with the hunk."""
        same: list[str] = []
        for step in range(hunk.after):
            was, is_ = old[hunk.old.stop + step], new[hunk.new.stop + step]
            if was == is_:
                same.append(was.gap + was.text)
                continue
            self.same("".join(same))
            same.clear()
            beside = self.last if step == 0 and (hunk.old or hunk.new) else (Class.TYPO,)
            self._same_or_not(was.gap, is_.gap, beside)
            self._same_or_not(was.text, is_.text, (Class.TYPO,))
        self.same("".join(same))

    def _same_or_not(self, was: str, is_: str, classes: tuple[Class, ...]) -> None:
        if was == is_:
            self.same(was)
        else:
            self.change(Op.REMOVED, was, classes)
            self.change(Op.ADDED, is_, classes)

    def flush(self) -> None:
        self._flush_changed()
        self._flush_equal()

    def _flush_equal(self) -> None:
        if self.equal:
            self.done.append(Operation(op=Op.EQUAL, text="".join(self.equal)))
            self.equal.clear()

    def _flush_changed(self) -> None:
        for op, texts in self.changed.items():
            for classes, same in groupby(texts, lambda each: each[1]):
                self.done.append(Operation(op=op, text="".join(text for text, _ in same), classes=classes))
            texts.clear()
