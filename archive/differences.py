"""What an edit changed: two readings compared word by word, each change told by what it is.

    compare(before, after).classes == (Class.NUMBER, Class.TYPO)

A word is compared by its search key, so that its half-spaces, its ي and ی, its harakat and the script of its digits
make no other word of it (`persian.pieces`); written otherwise, it is removed and added as a `typo`. Numbers, dates and
names are those of `persian.mentions`, whose docstring says which names it finds. Another letter makes another person
(«حسنی», «حسینی»); elsewhere it is a `typo`.
"""

import re
from bisect import bisect_right
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from itertools import accumulate, chain, groupby
from typing import Any, Final, NamedTuple, TypeAlias

from rapidfuzz.distance import OSA, LCSseq

from archive.article import Article
from persian.dates import Published
from persian.mentions import OFFICES, ROLES, Mention, mentions
from persian.pieces import Piece, pieces
from persian.text import search_key


class Class(StrEnum):
    """What kind of edit, from the most weighty to the least."""

    NUMBER = "number-changed"  # its value changed, appeared or vanished
    NAME = "name-removed"  # a person, role or office removed or replaced
    DATE = "date-changed"  # the published date, or a date or weekday in the text
    ATTACHMENT = "attachment-changed"
    MATERIAL = "material"  # other words of substance
    MOVED = "moved"  # the same words at another place of the same part
    TYPO = "typo"  # spelling, half-spaces, punctuation, a slip within a word


class Severity(StrEnum):
    QUIET = "quiet"
    MATERIAL = "material"


class Op(StrEnum):
    EQUAL = "equal"
    REMOVED = "removed"
    ADDED = "added"


_WORD = re.compile(r"\S+")
_LEAST_ELIDED: Final = 3  # words that «…» stands for

QUIET: Final = frozenset({Class.MOVED, Class.TYPO})


@dataclass(frozen=True, kw_only=True, slots=True)
class Operation:
    """A stretch of text that is in both readings or in one; `classes` are those of the change it belongs to."""

    op: Op
    text: str
    classes: tuple[Class, ...] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class PartDifference:
    """A part that differs: equal and removed texts joined are the old one, equal and added texts the new one.

    `part` is its name in the record. Attachments are their addresses, a line each; `published` is its Gregorian form.
    """

    part: str
    operations: tuple[Operation, ...]

    @property
    def classes(self) -> tuple[Class, ...]:
        return _ordered(each for operation in self.operations for each in operation.classes)


@dataclass(frozen=True, kw_only=True, slots=True)
class Difference:
    """What differs between two readings, part by part, in the order of the record; no parts for equal ones.

    `reread` says that another extractor read the newer one: the difference may be the extractor's, not the office's.
    """

    parts: tuple[PartDifference, ...]
    reread: bool

    @property
    def classes(self) -> tuple[Class, ...]:
        return _ordered(each for part in self.parts for each in part.classes)

    @property
    def severity(self) -> Severity:
        return Severity.QUIET if QUIET.issuperset(self.classes) else Severity.MATERIAL

    def to_dict(self) -> dict[str, Any]:
        """Plain JSON values."""
        return {
            "severity": str(self.severity),
            "classes": [*map(str, self.classes)],
            "reread": self.reread,
            "parts": [
                {
                    "part": part.part,
                    "classes": [*map(str, part.classes)],
                    "operations": [
                        {"op": str(each.op), "text": each.text, "classes": [*map(str, each.classes)]}
                        for each in part.operations
                    ],
                }
                for part in self.parts
            ],
        }


def compare(old: Article, new: Article) -> Difference:
    """The difference between two readings of a release, as far as their content goes (`Article.content_hash`).

    A date that either page counted from its own clock («۲ ساعت پیش») is no change of date.
    """
    texts = [(name, getattr(old, name) or "", getattr(new, name) or "") for name in ("kicker", "title", "lead", "body")]
    found = [PartDifference(part=name, operations=compare_texts(was, is_)) for name, was, is_ in texts if was != is_]
    files = [tuple(file.url for file in article.attachments) for article in (old, new)]
    if files[0] != files[1]:
        found.append(PartDifference(part="attachments", operations=_compare_lines(*files)))
    if _stated(old.published) != _stated(new.published):
        found.append(PartDifference(part="published", operations=_compare_dates(old.published, new.published)))
    return Difference(parts=tuple(found), reread=old.extractor != new.extractor)


def _stated(published: Published | None) -> tuple[str, str] | None:
    return (published.gregorian, published.precision) if published else None


def _compare_dates(old: Published | None, new: Published | None) -> tuple[Operation, ...]:
    counted = any(date and "relative" in date.flags for date in (old, new))
    classes = () if counted else (Class.DATE,)
    texts = (Op.REMOVED, old), (Op.ADDED, new)
    return tuple(Operation(op=op, text=date.gregorian, classes=classes) for op, date in texts if date)


def _compare_lines(old: Sequence[str], new: Sequence[str]) -> tuple[Operation, ...]:
    """Lines that are kept or not, never cut."""
    one, other = (
        [Piece("\n" if place else "", line, line, "word") for place, line in enumerate(lines)] for lines in (old, new)
    )
    hunks = _hunks(_runs(*_numbered(one, other)), len(one), len(other))
    return _written(one, other, [(hunk, (Class.ATTACHMENT,)) for hunk in hunks], NOTHING_MOVED)


def compare_texts(old: str, new: str) -> tuple[Operation, ...]:
    """The operations between two texts whose paragraphs are lines.

    Paragraphs of the same words are matched before the words between them. Where more than some 10,000 words on either
    side remain, all of them count as replaced.
    """
    head, tail = _common_lines(old, new)
    one, other = (pieces(text[head : len(text) - tail]) for text in (old, new))
    runs, moved = _align(one, other)
    hunks = _hunks(runs, len(one), len(other))
    told = _Classifier(one, other, moved).tell(hunks)
    between = _written(one, other, list(zip(hunks, told, strict=True)), moved)
    return tuple(_with_ends(old[:head], between, old[len(old) - tail :]))


def _common_lines(old: str, new: str) -> tuple[int, int]:
    """The lengths of the whole lines at the beginning and at the end of two texts that are the same, byte for byte."""
    lines, others = ([*filter(None, re.split(r"(?<=\n)", text))] for text in (old, new))
    head = _common(lines, others)
    tail = _common(lines[head:][::-1], others[head:][::-1])
    return sum(map(len, lines[:head])), sum(map(len, lines[len(lines) - tail :]))


def _common(one: Sequence[Any], other: Sequence[Any]) -> int:
    """How many items at the beginning are the same."""
    shorter = min(len(one), len(other))
    return next((place for place in range(shorter) if one[place] != other[place]), shorter)


def _with_ends(head: str, between: Sequence[Operation], tail: str) -> Iterator[Operation]:
    """The operations with what is equal before and after them."""
    whole = [Operation(op=Op.EQUAL, text=head), *between, Operation(op=Op.EQUAL, text=tail)]
    for equal, operations in groupby(whole, lambda each: each.op is Op.EQUAL):
        if not equal:
            yield from operations
        elif text := "".join(each.text for each in operations):
            yield Operation(op=Op.EQUAL, text=text)


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


def _ordered(classes: Iterable[Class]) -> tuple[Class, ...]:
    found = set(classes)
    return tuple(each for each in Class if each in found)


# Which pieces of two texts are the same -----------------------------------------------------------------------------


class _Run(NamedTuple):
    """Pieces `old` and on that are the same as pieces `new` and on."""

    old: int
    new: int
    length: int


class _Hunk(NamedTuple):
    """Pieces that are in one text only, and how many before and after them are in both."""

    old: range
    new: range
    before: int
    after: int


class _Moved(NamedTuple):
    """Places of pieces in paragraphs that stand elsewhere in the other text."""

    old: frozenset[int]
    new: frozenset[int]


NOTHING_MOVED: Final = _Moved(frozenset(), frozenset())

_CELLS: Final = 10**8  # of the longest comparison: a tenth of a second, 12 MB
_LEAST_MOVED: Final = 4  # pieces of a paragraph or sentence that counts as moved
_SUBSTANCE: Final = 3  # how many marks or little words one of substance weighs
_LITTLE: Final = 2  # letters of a little word
_SLIGHT_WORDS: Final = frozenset(search_key(word) for word in ("و", "که", "را", "نیز", "هم"))


def _numbered(*texts: Sequence[Piece]) -> list[list[int]]:
    """The pieces of texts as numbers, the same for the same key."""
    known: dict[str, int] = {}
    return [[known.setdefault(piece.key, len(known)) for piece in text] for text in texts]


def _align(old: Sequence[Piece], new: Sequence[Piece]) -> tuple[list[_Run], _Moved]:
    ids = _numbered(old, new)
    lines = [_lines(text, numbers) for text, numbers in zip((old, new), ids, strict=True)]
    known: dict[tuple[int, ...], int] = {}
    keys = [[known.setdefault(line.key, len(known)) for line in each] for each in lines]
    starts = [[line.start for line in each] + [len(text)] for each, text in zip(lines, (old, new), strict=True)]
    kept = _runs(*keys)
    moved = _moved_lines(lines, kept)
    for numbers, places, nothing in zip(ids, moved, (-1, -2), strict=True):
        for place in places:
            numbers[place] = nothing
    found: list[_Run] = []
    for hunk in _hunks(kept, *map(len, keys), always=True):
        one, other = starts[0][hunk.old.start], starts[1][hunk.new.start]
        region = ids[0][one : starts[0][hunk.old.stop]], ids[1][other : starts[1][hunk.new.stop]]
        inside = _settled(_runs(*region), old[one : starts[0][hunk.old.stop]], *region)
        found += [_Run(one + run.old, other + run.new, run.length) for run in inside]
        after = starts[0][hunk.old.stop], starts[1][hunk.new.stop]
        found.append(_Run(*after, starts[0][hunk.old.stop + hunk.after] - after[0]))
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


def _moved_lines(lines: Sequence[Sequence[_Line]], kept: Sequence[_Run]) -> _Moved:
    """The pieces of lines that are not kept and yet are in both texts."""
    unkept: tuple[list[_Line], list[_Line]] = [], []
    for hunk in _hunks(kept, len(lines[0]), len(lines[1])):
        for side, places in enumerate((hunk.old, hunk.new)):
            unkept[side].extend(lines[side][place] for place in places)
    shared = Counter(line.key for line in unkept[0]) & Counter(line.key for line in unkept[1])
    return _Moved(*(_places_of(shared, side) for side in unkept))


def _places_of(shared: Counter[tuple[int, ...]], lines: Iterable[_Line]) -> frozenset[int]:
    left = Counter(shared)
    places: set[int] = set()
    for line in lines:
        if left[line.key] and len(line.key) >= _LEAST_MOVED:
            left[line.key] -= 1
            places.update(range(line.start, line.start + len(line.key)))
    return frozenset(places)


def _runs(old: Sequence[int], new: Sequence[int]) -> list[_Run]:
    """A longest common subsequence of two texts."""
    head = _common(old, new)
    tail = _common(old[head:][::-1], new[head:][::-1])
    one, other = old[head : len(old) - tail], new[head : len(new) - tail]
    found = [_Run(0, 0, head)]
    if len(one) * len(other) <= _CELLS:
        found += [
            _Run(head + each.src_start, head + each.dest_start, each.src_end - each.src_start)
            for each in LCSseq.opcodes(one, other)
            if each.tag == "equal"
        ]
    return _merged([*found, _Run(len(old) - tail, len(new) - tail, tail)])


def _merged(runs: Iterable[_Run]) -> list[_Run]:
    found: list[_Run] = []
    for run in runs:
        if found and run.length and found[-1].old + found[-1].length == run.old:
            last = found[-1]
            if last.new + last.length == run.new:
                found[-1] = last._replace(length=last.length + run.length)
                continue
        if run.length:
            found.append(run)
    return found


def _hunks(runs: Sequence[_Run], old: int, new: int, *, always: bool = False) -> list[_Hunk]:
    """What lies between the runs, at both ends too; empty ones only if `always`, and then one for every run."""
    found = []
    ends = _Run(0, 0, 0)
    for run in [*runs, _Run(old, new, 0)]:
        lost, gained = range(ends.old + ends.length, run.old), range(ends.new + ends.length, run.new)
        if lost or gained or always:
            found.append(_Hunk(lost, gained, ends.length, run.length))
        ends = run
    return found


def _settled(runs: Sequence[_Run], text: Sequence[Piece], old: Sequence[int], new: Sequence[int]) -> list[_Run]:
    """The runs without those that only happen to be the same: little words between greater changes.

    `text` are the old pieces; a negative number in `old` or `new` is a piece of a moved paragraph.
    """
    own = [[0, *accumulate(number >= 0 for number in numbers)] for numbers in (old, new)]

    def change(last: _Run, run: _Run) -> int:
        lost = own[0][run.old] - own[0][last.old + last.length]
        return max(lost, own[1][run.new] - own[1][last.new + last.length])

    kept = [(_Run(0, 0, 0), 0)]  # a run, and how much changed before it
    for run in [*runs, _Run(len(old), len(new), 0)]:
        while kept[-1][1] and _weight(text, kept[-1][0]) <= min(kept[-1][1], change(kept[-1][0], run)):
            kept.pop()
        kept.append((run, change(kept[-1][0], run)))
    return [run for run, _ in kept if run.length]


def _weight(text: Sequence[Piece], run: _Run) -> int:
    """How much a run says."""
    return sum(
        1 if piece.kind == "mark" or (piece.kind == "word" and len(piece.key) <= _LITTLE) else _SUBSTANCE
        for piece in text[run.old : run.old + run.length]
    )


# What a change is ---------------------------------------------------------------------------------------------------


_NEGATIONS: Final = ("ن", "نا", "بی", "غیر")
_LEAST_SLIP, _LONG_WORD, _LONGEST_SLIP = 4, 8, 100  # letters from which one letter, or two, may be a slip; and up to


class _Classifier:
    """Tells what the hunks of a text are, each beside the others: what went here may have come there."""

    def __init__(self, old: Sequence[Piece], new: Sequence[Piece], moved: _Moved) -> None:
        self.texts = old, new
        self.moved = moved
        self.starts = [
            [place for place, piece in enumerate(text) if not place or "\n" in piece.gap] for text in self.texts
        ]
        self.mentions: tuple[dict[int, dict[int, Mention]], ...] = {}, {}  # by lines, once they are asked for

    def tell(self, hunks: Sequence[_Hunk]) -> list[tuple[Class, ...]]:
        """The classes of each hunk, moved paragraphs left aside."""
        words = [(self._words(0, hunk.old), self._words(1, hunk.new)) for hunk in hunks]
        elsewhere = _moved_sentences(words)
        gone = Counter(word for lost, _ in words for word in lost)
        gone.subtract(word for _, gained in words for word in gained)
        gone = +gone
        return [
            (Class.MOVED,) if place in elsewhere else _ordered(self._classes(hunk, gone))
            for place, hunk in enumerate(hunks)
        ]

    def _words(self, side: int, places: Iterable[int]) -> list[str]:
        return [self.texts[side][place].key for place in self._own(side, places) if self._is_word(side, place)]

    def _own(self, side: int, places: Iterable[int]) -> list[int]:
        """The places that are not those of moved paragraphs."""
        return [place for place in places if place not in self.moved[side]]

    def _is_word(self, side: int, place: int) -> bool:
        return self.texts[side][place].kind != "mark"

    def _classes(self, hunk: _Hunk, gone: Counter[str]) -> set[Class]:
        own = self._own(0, hunk.old), self._own(1, hunk.new)
        if not any(own):
            return set()
        named = self._named(hunk)
        found = {class_ for kind, class_ in _BY_VALUE.items() if _values(named[0], kind) != _values(named[1], kind)}
        was, is_ = (self._words(side, places) for side, places in enumerate(own))
        lost = [each for each in named[0] if each.kind == "name" and self._is_gone(each, hunk, gone)]
        is_slip = _is_same_name if any(map(self._is_person, lost)) else _is_slip
        if not found and (is_slip(was, is_) or self._is_doubled(hunk)):
            return {Class.TYPO}
        if lost:
            found.add(Class.NAME)
        else:
            named = [[mention for mention in side if mention.kind != "name"] for side in named]
        was, is_ = (self._rest(side, places, named[side]) for side, places in enumerate(own))
        if not _is_slip(was, is_):
            found.add(Class.MATERIAL)
        elif not found or _of_substance(was) != _of_substance(is_):
            found.add(Class.TYPO)
        return found

    def _rest(self, side: int, places: Iterable[int], told: Iterable[Mention]) -> list[str]:
        """The words that no mention accounts for."""
        covered = {place for mention in told for place in range(mention.start, mention.end)}
        return self._words(side, (place for place in places if place not in covered))

    def _named(self, hunk: _Hunk) -> list[list[Mention]]:
        """What either text mentions in a hunk, with what it shares with the words around it."""
        sides = hunk.old, hunk.new
        touched = [self._mentioned(side, places, inside=not places) for side, places in enumerate(sides)]
        ends = [(each, places) for places, found in zip(sides, touched, strict=True) for each in found]
        before = min(max((places.start - each.start for each, places in ends), default=0), hunk.before)
        after = min(max((each.end - places.stop for each, places in ends), default=0), hunk.after)
        return [
            self._mentioned(side, range(places.start - max(before, 0), places.stop + max(after, 0)))
            for side, places in enumerate(sides)
        ]

    def _mentioned(self, side: int, places: range, *, inside: bool = False) -> list[Mention]:
        """The mentions at some places, in order; or that which both sides of an empty range are `inside` of."""
        if inside:
            around = [self._mention(side, place) for place in (places.start - 1, places.start)]
            return [around[0]] if around[0] and around[0] == around[1] else []
        found = (self._mention(side, place) for place in places if place not in self.moved[side])
        return list(dict.fromkeys(filter(None, found)))

    def _mention(self, side: int, place: int) -> Mention | None:
        """What a piece belongs to; a mention ends with its line."""
        starts, text = self.starts[side], self.texts[side]
        line = bisect_right(starts, place) - 1
        if line not in self.mentions[side]:
            start, end = starts[line], starts[line + 1] if line + 1 < len(starts) else len(text)
            found = mentions([*text[start:end], _END])
            self.mentions[side][line] = {
                start + at: each._replace(start=start + each.start, end=start + each.end)
                for each in found
                for at in range(each.start, each.end)
            }
        return self.mentions[side][line].get(place)

    def _is_gone(self, mention: Mention, hunk: _Hunk, gone: Counter[str]) -> bool:
        """Whether a word of a name is in this hunk and there are fewer of it in the new text."""
        named = set(mention.value.split())
        places = range(max(mention.start, hunk.old.start), min(mention.end, hunk.old.stop))
        return any(self.texts[0][place].key in named and gone[self.texts[0][place].key] for place in places)

    def _is_person(self, mention: Mention) -> bool:
        return self.texts[0][mention.start].key not in ROLES | OFFICES

    def _is_doubled(self, hunk: _Hunk) -> bool:
        """Whether a word is removed that stood twice, or is added to stand twice."""
        if len(hunk.old) + len(hunk.new) != 1:
            return False
        side, place = (0, hunk.old.start) if hunk.old else (1, hunk.new.start)
        text = self.texts[side]
        beside = [text[at].key for at in (place - 1, place + 1) if 0 <= at < len(text)]
        return text[place].kind == "word" and text[place].key in beside


_END: Final = Piece("", "", "", "mark")
_BY_VALUE: Final = {"number": Class.NUMBER, "date": Class.DATE}


def _moved_sentences(words: Sequence[tuple[list[str], list[str]]]) -> set[int]:
    """Those hunks whose words are only removed here and only added there."""
    removed = {tuple(lost): place for place, (lost, gained) in enumerate(words) if lost and not gained}
    added = {tuple(gained): place for place, (lost, gained) in enumerate(words) if gained and not lost}
    both = [key for key in removed.keys() & added.keys() if len(key) >= _LEAST_MOVED]
    return {each[key] for key in both for each in (removed, added)}


def _values(named: Iterable[Mention], kind: str) -> list[str]:
    return [mention.value for mention in named if mention.kind == kind]


def _is_slip(old: Sequence[str], new: Sequence[str]) -> bool:
    """Whether words that differ are the same but for letters, the spaces between them or little words."""
    was, is_ = _of_substance(old), _of_substance(new)
    if was == is_:
        return True
    joined = "".join(was), "".join(is_)
    if any(letter.isdecimal() for letter in chain(*joined)):
        return False
    if joined[0] == joined[1]:
        return True
    if len(was) == len(is_):
        return all(one == other or _is_misspelt(one, other) for one, other in zip(was, is_, strict=True))
    return _is_misspelt(*joined)


def _is_same_name(old: Sequence[str], new: Sequence[str]) -> bool:
    """Whether the letters of a person's name only stand twice or in another order («رضاییی», «رضیای»)."""
    was, is_ = "".join(old), "".join(new)
    return sorted(was) == sorted(is_) or [each for each, _ in groupby(was)] == [each for each, _ in groupby(is_)]


def _of_substance(words: Iterable[str]) -> list[str]:
    return [word for word in words if word not in _SLIGHT_WORDS]


def _is_misspelt(one: str, other: str) -> bool:
    """A letter or, in long words, two; but not where a negation comes or goes («می\u200cشود», «نمی\u200cشود»)."""
    short, long = sorted((one, other), key=len)
    if (
        len(short) < _LEAST_SLIP
        or len(long) > _LONGEST_SLIP
        or any(long == negation + short for negation in _NEGATIONS)
    ):
        return False
    most = 2 if len(short) >= _LONG_WORD else 1
    return OSA.distance(one, other, score_cutoff=most) <= most


# What is written of it ----------------------------------------------------------------------------------------------


Told: TypeAlias = tuple[_Hunk, tuple[Class, ...]]


def _written(old: Sequence[Piece], new: Sequence[Piece], told: Sequence[Told], moved: _Moved) -> tuple[Operation, ...]:
    """The operations of hunks and of what is equal between them."""
    writer = _Writer()
    hunk = _Hunk(range(0), range(0), 0, told[0][0].before if told else len(old))
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

    def same_pieces(self, old: Sequence[Piece], new: Sequence[Piece], hunk: _Hunk) -> None:
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
