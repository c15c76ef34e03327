"""One notion of a word's spellings: which parts stand together, and by which tokens a text and a search meet.

Text and search are folded by `persian.text.search_key` and cut at half-spaces. A word and its affixes («می\u200cشود»,
«می شود», «کتاب\u200cها», «کتاب ها») take one position, under their parts and under the joined form, so that all
spellings meet in «میشود»; other words with a half-space («نیم\u200cسال») take a position a part, and the joined form
stands at the first and at the last of them.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from itertools import groupby
from typing import Final, TypeAlias, cast

from persian.text import ZWNJ, search_key

LONGEST: Final = 5  # parts that are joined into one form
LENGTH: Final = 100  # letters of a part; longer ones are cut, in texts and searches alike

_PREFIXES: Final = frozenset({"می", "نمی"})
_PLURALS: Final = frozenset({"ها", "های", "هایی", "هایم", "هایت", "هایش", "هایمان", "هایتان", "هایشان"})
_PERSONAL: Final = frozenset({"ام", "ات", "اش", "ایم", "اید", "اند", "مان", "تان", "شان", "ای", "ی"})
_SUFFIXES: Final = _PLURALS | _PERSONAL | {"تر", "تری", "ترین"}
_LINK: Final = "\u3164"  # stands for the half-space while a text is folded: a letter, so the folding leaves it

Group: TypeAlias = list[str]  # a word and its affixes: the parts that share one position
Run: TypeAlias = list[Group]  # groups that half-spaces tie together
Placed: TypeAlias = tuple[str, int]  # a token and its position
Span: TypeAlias = tuple[int, int]  # from a letter of a text to the one after the last


def runs(text: str) -> list[Run]:
    """The words of a text, folded and cut.

    «برنامه\u200cریزی\u200cهای ما» gives [[["برنامه"], ["ریزی", "های"]], [["ما"]]].
    The ezafe of «خانه\u200cی ما» is dropped, so that it reads as «خانه ما» and «خانۀ ما».
    """
    return _grouped(_parts(text))


def _grouped(parts: Iterable[tuple[str, bool]]) -> list[Run]:
    found: list[Run] = []
    previous = ""
    for part, tied in parts:
        if part == "ی" and previous.endswith("ه"):
            continue
        if found and is_affixed(part, previous) and len(found[-1][-1]) < LONGEST:
            found[-1][-1].append(part)
        elif tied:
            found[-1].append([part])
        else:
            found.append([[part]])
        previous = part
    return found


def is_affixed(part: str, previous: str) -> bool:
    """Whether a part is one word with the part before it: «می» + «شود», «کتاب» + «ها»; both as keys."""
    return part in _SUFFIXES or previous in _PREFIXES


def _parts(text: str) -> Iterator[tuple[str, bool]]:
    """The parts of a text in order, and whether a half-space ties each to the one before it."""
    for written in text.split():
        for word in (_remembered if len(written) <= LENGTH else _cut)(written):
            for place, part in enumerate(word):
                yield part, place > 0


def _cut(written: str) -> list[list[str]]:
    """The words that punctuation parts in a written one, each cut at its half-spaces."""
    words = search_key(written.replace(ZWNJ, _LINK)).split()
    return [[part[:LENGTH] for part in word.split(_LINK) if part] for word in words]


_remembered = lru_cache(maxsize=1 << 14)(_cut)  # texts repeat their words: cutting is four times as fast


def phrases(words: Iterable[str]) -> list[list[Run]]:
    """What must stand together where words are sought one by one, in any order.

    Affixes find their word: ["کتاب", "ها"] is one phrase. What punctuation ties («1400/09/15») is a phrase of its own.
    """
    found: list[list[Run]] = []
    for plain, written in groupby(words, lambda word: len(runs(word)) == 1):
        found += ([run] for run in runs(" ".join(written))) if plain else map(runs, written)
    return [phrase for phrase in found if phrase]


def tokens(text: str) -> list[Placed]:
    """What a text is found by: every part of its words and every joined form."""
    found: list[Placed] = []
    position = 0
    for run in runs(text):
        parts = [(part, position + place) for place, group in enumerate(run) for part in group]
        found += parts
        if len(parts) > 1:
            found += _joined(parts)
        position += len(run)
    return found


def _joined(parts: Sequence[Placed]) -> Iterator[Placed]:
    """The forms that neighbouring parts make when they are written in one, where the first and the last part stand."""
    for start, (opening, first) in enumerate(parts):
        joined = opening
        for part, last in parts[start + 1 : start + LONGEST]:
            joined += part
            yield joined, first
            if last != first:
                yield joined, last


class _Written(str):
    """A part, and where the word that it is of stands in the text."""

    __slots__ = ("span",)
    span: Span


def located(text: str) -> Iterator[tuple[str, int, Span]]:
    """The tokens of a text as `tokens` places them, and where the words stand that each is made of, punctuation aside.

    Words are whole: «کتاب» and «ها» of «کتاب\u200cها» stand where all of it does.
    """
    position = 0
    for run in _grouped(_written_parts(text)):
        parts = [(part, position + place) for place, group in enumerate(run) for part in group]
        for start, (opening, first) in enumerate(parts):
            begins, ends = _span(opening)
            yield opening, first, (begins, ends)
            joined = opening
            for part, last in parts[start + 1 : start + LONGEST]:
                joined += part
                ends = max(ends, _span(part)[1])
                for place in {first, last}:
                    yield joined, place, (begins, ends)
        position += len(run)


def _span(part: str) -> Span:
    return cast("_Written", part).span


def _written_parts(text: str) -> Iterator[tuple[str, bool]]:
    """`_parts`, each with its span."""
    for written in re.finditer(r"\S+", text):
        begins = written.start()
        word = written[0]
        for part, tied, start, end in (_placed_remembered if len(word) <= LENGTH else _placed)(word):
            located = _Written(part)
            located.span = begins + start, begins + end
            yield located, tied


def _placed(written: str) -> list[tuple[str, bool, int, int]]:
    """The parts of a written word, whether each is tied to the one before it, and its span within the word."""
    words = _cut(written)
    pieces = [(piece, start) for piece, start in _pieces(written) if _cut(piece)]
    if [_cut(piece) for piece, _ in pieces] == [[word] for word in words]:
        spans = [(start, start + len(piece)) for piece, start in pieces]
    else:  # letters that fold together or into several words: the whole is marked
        spans = [(0, len(written))] * len(words)
    return [
        (part, place > 0, start, end)
        for word, (start, end) in zip(words, spans, strict=True)
        for place, part in enumerate(word)
    ]


_placed_remembered = lru_cache(maxsize=1 << 14)(_placed)


def _pieces(written: str) -> Iterator[tuple[str, int]]:
    """What punctuation parts, and where each begins."""
    place = 0
    for _, letters in groupby(written, _parting):
        piece = "".join(letters)
        yield piece, place
        place += len(piece)


@lru_cache(maxsize=1 << 12)
def _parting(letter: str) -> bool:
    """Whether words end at a character; not at a half-space."""
    return letter != ZWNJ and " " in search_key(f"ا{letter}ا")


def spellings(phrase: Sequence[Run]) -> list[list[str]]:
    """The sequences of tokens that any spelling of a phrase contains one of: parts side by side, or joined."""
    side_by_side = ["".join(group) for run in phrase for group in run]
    joined = ["".join("".join(group) for group in run) for run in phrase]
    return [side_by_side] if joined == side_by_side else [side_by_side, joined]
