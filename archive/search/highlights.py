"""Where a text has what was searched: spans to mark, and the passage that shows most of it.

A word is found here in the spellings that the index finds it in, a phrase only where it stands, a word under `title:`
only in the title; what stands behind NOT is not looked for.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from archive.search.grammar import FIELDS, All, Either, Expression, In, Phrase, Words, parse
from persian.spelling import Run, Span, located, phrases, runs, spellings

LONGEST_SEARCH: Final = 256  # words that are looked for


@dataclass(frozen=True, slots=True)
class Passage:
    """A piece of a text from one word through another, and what is to be marked in it, by its own letters.

    `opens` and `closes` tell whether the text begins and ends with it.
    """

    text: str
    spans: tuple[Span, ...]
    opens: bool
    closes: bool


class Highlights:
    """What a search looks for, to be found in many texts in display form."""

    def __init__(self, search: str) -> None:
        self._sought = {name: tuple(_sequences(parse(search), name)) for name in FIELDS}

    def spans(self, text: str, field: str) -> list[Span]:
        """What to mark in the text of a field (`kicker`, `title`, `lead`, `body`): in order, apart, words whole."""
        return _joined(span for _, span in self._found(text, field))

    def passage(self, text: str, field: str, length: int) -> Passage:
        """About so many letters of a text, cut between words, that show as many of the sought words as can be."""
        found = self._found(text, field)
        start, end = _cut(text, *_best(found, length), length)
        spans = [(first - start, last - start) for first, last in _joined(span for _, span in found)]
        inside = tuple((first, last) for first, last in spans if first >= 0 and last <= end - start)
        return Passage(text[start:end], inside, opens=start == 0, closes=end == len(text))

    def _found(self, text: str, field: str) -> list[tuple[int, Span]]:
        """Each sequence that stands in the text, by its number, where it stands; in the text's order."""
        sequences = self._sought[field]
        if not sequences or not text:
            return []
        places: dict[str, dict[int, Span]] = {}
        for token, position, span in located(text):
            places.setdefault(token, {}).setdefault(position, span)
        found = []
        for number, sequence in enumerate(sequences):
            following = [places.get(token, {}) for token in sequence]
            for position in following[0]:
                spans = [there.get(position + step) for step, there in enumerate(following)]
                whole = [span for span in spans if span]
                if len(whole) == len(spans):
                    found.append((number, (min(start for start, _ in whole), max(end for _, end in whole))))
        return sorted(found, key=lambda each: each[1])


def _sequences(expression: Expression, field: str) -> Iterator[tuple[str, ...]]:
    """The sequences of tokens that a search looks for in a field, each once."""
    seen: set[tuple[str, ...]] = set()
    for phrase in _wanted(expression, field):
        for sequence in map(tuple, spellings(phrase)):
            if len(seen) >= LONGEST_SEARCH:
                return
            if sequence not in seen:
                seen.add(sequence)
                yield sequence


def _wanted(expression: Expression, field: str) -> Iterator[list[Run]]:
    match expression:
        case Words(words):
            yield from phrases(words)
        case Phrase(text):
            yield from filter(None, [runs(text)])
        case All(parts) | Either(parts):
            for part in parts:
                yield from _wanted(part, field)
        case In(name, part):
            yield from _wanted(part, field) if name == field else ()


def _joined(spans: Iterator[Span]) -> list[Span]:
    """Spans in order of which none touches another's letters."""
    joined: list[Span] = []
    for start, end in sorted(spans):
        if joined and start < joined[-1][1]:
            joined[-1] = (joined[-1][0], max(joined[-1][1], end))
        else:
            joined.append((start, end))
    return joined


def _best(found: Sequence[tuple[int, Span]], length: int) -> Span:
    """From the first through the last of those that stand within so many letters and say most of what is sought."""
    best, most = (0, 0), 0
    inside: dict[int, int] = {}
    first = 0
    for number, (_, end) in found:
        inside[number] = inside.get(number, 0) + 1
        while found[first][1][0] < end - length and found[first][1][1] < end:
            left = found[first][0]
            inside[left] -= 1
            if not inside[left]:
                del inside[left]
            first += 1
        if len(inside) > most:
            best, most = (found[first][1][0], end), len(inside)
    return best


def _cut(text: str, start: int, end: int, length: int) -> Span:
    """A piece of about so many letters around another, from the beginning of a word to the end of one."""
    if len(text) <= length:
        return 0, len(text)
    start = max(0, min(start - max(0, length - (end - start)) // 2, len(text) - length))
    end = max(end, start + length)
    words = [word.span() for word in re.finditer(r"\S+", text)]
    whole = [(first, last) for first, last in words if first >= start and last <= end]
    return (whole[0][0], whole[-1][1]) if whole else (start, end)
