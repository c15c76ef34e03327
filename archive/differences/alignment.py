"""Which pieces of two texts are the same, and which paragraphs have only moved."""

from collections import Counter
from collections.abc import Iterable, Sequence
from itertools import accumulate
from typing import Any, Final, NamedTuple

from rapidfuzz.distance import LCSseq

from persian.pieces import Piece


class Run(NamedTuple):
    """Pieces `old` and on that are the same as pieces `new` and on."""

    old: int
    new: int
    length: int


class Hunk(NamedTuple):
    """Pieces that are in one text only, and how many before and after them are in both."""

    old: range
    new: range
    before: int
    after: int


class Moved(NamedTuple):
    """Places of pieces in paragraphs that stand elsewhere in the other text."""

    old: frozenset[int]
    new: frozenset[int]


NOTHING_MOVED: Final = Moved(frozenset(), frozenset())

_CELLS: Final = 10**8  # of the longest comparison: a tenth of a second, 12 MB
LEAST_MOVED: Final = 4  # pieces of a paragraph or sentence that counts as moved
_SUBSTANCE: Final = 3  # how many marks or little words one of substance weighs
_LITTLE: Final = 2  # letters of a little word


def numbered(*texts: Sequence[Piece]) -> list[list[int]]:
    """The pieces of texts as numbers, the same for the same key."""
    known: dict[str, int] = {}
    return [[known.setdefault(piece.key, len(known)) for piece in text] for text in texts]


def align(old: Sequence[Piece], new: Sequence[Piece]) -> tuple[list[Run], Moved]:
    ids = numbered(old, new)
    lines = [_lines(text, numbers) for text, numbers in zip((old, new), ids, strict=True)]
    known: dict[tuple[int, ...], int] = {}
    keys = [[known.setdefault(line.key, len(known)) for line in each] for each in lines]
    starts = [[line.start for line in each] + [len(text)] for each, text in zip(lines, (old, new), strict=True)]
    kept = common_runs(*keys)
    moved = _moved_lines(lines, kept)
    for numbers, places, nothing in zip(ids, moved, (-1, -2), strict=True):
        for place in places:
            numbers[place] = nothing
    found: list[Run] = []
    for hunk in hunks_between(kept, *map(len, keys), always=True):
        one, other = starts[0][hunk.old.start], starts[1][hunk.new.start]
        region = ids[0][one : starts[0][hunk.old.stop]], ids[1][other : starts[1][hunk.new.stop]]
        inside = _settled(common_runs(*region), old[one : starts[0][hunk.old.stop]], *region)
        found += [Run(one + run.old, other + run.new, run.length) for run in inside]
        after = starts[0][hunk.old.stop], starts[1][hunk.new.stop]
        found.append(Run(*after, starts[0][hunk.old.stop + hunk.after] - after[0]))
    return _merged(found), moved


class _Line(NamedTuple):
    start: int
    key: tuple[int, ...]


def _lines(text: Sequence[Piece], numbers: Sequence[int]) -> list[_Line]:
    """The lines of a text by their pieces; the empty last piece is a line of its own."""
    starts = [place for place, piece in enumerate(text) if place in (0, len(text) - 1) or "\n" in piece.gap]
    return [
        _Line(start, tuple(numbers[start:end])) for start, end in zip(starts, [*starts[1:], len(text)], strict=True)
    ]


def _moved_lines(lines: Sequence[Sequence[_Line]], kept: Sequence[Run]) -> Moved:
    """The pieces of lines that are not kept and yet are in both texts."""
    unkept: tuple[list[_Line], list[_Line]] = [], []
    for hunk in hunks_between(kept, len(lines[0]), len(lines[1])):
        for side, places in enumerate((hunk.old, hunk.new)):
            unkept[side].extend(lines[side][place] for place in places)
    shared = Counter(line.key for line in unkept[0]) & Counter(line.key for line in unkept[1])
    return Moved(*(_places_of(shared, side) for side in unkept))


def _places_of(shared: Counter[tuple[int, ...]], lines: Iterable[_Line]) -> frozenset[int]:
    left = Counter(shared)
    places: set[int] = set()
    for line in lines:
        if left[line.key] and len(line.key) >= LEAST_MOVED:
            left[line.key] -= 1
            places.update(range(line.start, line.start + len(line.key)))
    return frozenset(places)


def common_runs(old: Sequence[int], new: Sequence[int]) -> list[Run]:
    """A longest common subsequence of two texts."""
    head = common(old, new)
    tail = common(old[head:][::-1], new[head:][::-1])
    one, other = old[head : len(old) - tail], new[head : len(new) - tail]
    found = [Run(0, 0, head)]
    if len(one) * len(other) <= _CELLS:
        found += [
            Run(head + each.src_start, head + each.dest_start, each.src_end - each.src_start)
            for each in LCSseq.opcodes(one, other)
            if each.tag == "equal"
        ]
    return _merged([*found, Run(len(old) - tail, len(new) - tail, tail)])


def _merged(runs: Iterable[Run]) -> list[Run]:
    found: list[Run] = []
    for run in runs:
        if found and run.length and found[-1].old + found[-1].length == run.old:
            last = found[-1]
            if last.new + last.length == run.new:
                found[-1] = last._replace(length=last.length + run.length)
                continue
        if run.length:
            found.append(run)
    return found


def hunks_between(runs: Sequence[Run], old: int, new: int, *, always: bool = False) -> list[Hunk]:
    """What lies between the runs, at both ends too; empty ones only if `always`, and then one for every run."""
    found = []
    ends = Run(0, 0, 0)
    for run in [*runs, Run(old, new, 0)]:
        lost, gained = range(ends.old + ends.length, run.old), range(ends.new + ends.length, run.new)
        if lost or gained or always:
            found.append(Hunk(lost, gained, ends.length, run.length))
        ends = run
    return found


def _settled(runs: Sequence[Run], text: Sequence[Piece], old: Sequence[int], new: Sequence[int]) -> list[Run]:
    """The runs without those that only happen to be the same: little words between greater changes.

    `text` are the old pieces; a negative number in `old` or `new` is a piece of a moved paragraph.
    """
    own = [[0, *accumulate(number >= 0 for number in numbers)] for numbers in (old, new)]

    def change(last: Run, run: Run) -> int:
        lost = own[0][run.old] - own[0][last.old + last.length]
        return max(lost, own[1][run.new] - own[1][last.new + last.length])

    kept = [(Run(0, 0, 0), 0)]  # a run, and how much changed before it
    for run in [*runs, Run(len(old), len(new), 0)]:
        while kept[-1][1] and _weight(text, kept[-1][0]) <= min(kept[-1][1], change(kept[-1][0], run)):
            kept.pop()
        kept.append((run, change(kept[-1][0], run)))
    return [run for run, _ in kept if run.length]


def _weight(text: Sequence[Piece], run: Run) -> int:
    """How much a run says."""
    return sum(
        1 if piece.kind == "mark" or (piece.kind == "word" and len(piece.key) <= _LITTLE) else _SUBSTANCE
        for piece in text[run.old : run.old + run.length]
    )


def common(one: Sequence[Any], other: Sequence[Any]) -> int:
    """How many items at the beginning are the same."""
    shorter = min(len(one), len(other))
    return next((place for place in range(shorter) if one[place] != other[place]), shorter)
