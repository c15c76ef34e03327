"""What kind of edit a change is, told by the words, numbers, dates and names that it touches."""

from bisect import bisect_right
from collections import Counter
from collections.abc import Iterable, Sequence
from itertools import chain, groupby
from typing import Final

from rapidfuzz.distance import OSA

from archive.differences.alignment import LEAST_MOVED, Hunk, Moved
from archive.differences.values import Class, ordered
from persian.mentions import OFFICES, ROLES, Mention, mentions
from persian.pieces import Piece
from persian.text import search_key

_SLIGHT_WORDS: Final = frozenset(search_key(word) for word in ("و", "که", "را", "نیز", "هم"))
_NEGATIONS: Final = ("ن", "نا", "بی", "غیر")
_LEAST_SLIP, _LONG_WORD, _LONGEST_SLIP = 4, 8, 100  # letters from which one letter, or two, may be a slip; and up to


class Classifier:
    """Tells what the hunks of a text are, each beside the others: what went here may have come there."""

    def __init__(self, old: Sequence[Piece], new: Sequence[Piece], moved: Moved) -> None:
        self.texts = old, new
        self.moved = moved
        self.starts = [
            [place for place, piece in enumerate(text) if not place or "\n" in piece.gap] for text in self.texts
        ]
        self.mentions: tuple[dict[int, dict[int, Mention]], ...] = {}, {}  # by lines, once they are asked for

    def tell(self, hunks: Sequence[Hunk]) -> list[tuple[Class, ...]]:
        """The classes of each hunk, moved paragraphs left aside."""
        words = [(self._words(0, hunk.old), self._words(1, hunk.new)) for hunk in hunks]
        elsewhere = _moved_sentences(words)
        gone = Counter(word for lost, _ in words for word in lost)
        gone.subtract(word for _, gained in words for word in gained)
        gone = +gone
        return [
            (Class.MOVED,) if place in elsewhere else ordered(self._classes(hunk, gone))
            for place, hunk in enumerate(hunks)
        ]

    def _words(self, side: int, places: Iterable[int]) -> list[str]:
        return [self.texts[side][place].key for place in self._own(side, places) if self._is_word(side, place)]

    def _own(self, side: int, places: Iterable[int]) -> list[int]:
        """The places that are not those of moved paragraphs."""
        return [place for place in places if place not in self.moved[side]]

    def _is_word(self, side: int, place: int) -> bool:
        return self.texts[side][place].kind != "mark"

    def _classes(self, hunk: Hunk, gone: Counter[str]) -> set[Class]:
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

    def _named(self, hunk: Hunk) -> list[list[Mention]]:
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

    def _is_gone(self, mention: Mention, hunk: Hunk, gone: Counter[str]) -> bool:
        """Whether a word of a name is in this hunk and there are fewer of it in the new text."""
        named = set(mention.value.split())
        places = range(max(mention.start, hunk.old.start), min(mention.end, hunk.old.stop))
        return any(self.texts[0][place].key in named and gone[self.texts[0][place].key] for place in places)

    def _is_person(self, mention: Mention) -> bool:
        return self.texts[0][mention.start].key not in ROLES | OFFICES

    def _is_doubled(self, hunk: Hunk) -> bool:
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
    both = [key for key in removed.keys() & added.keys() if len(key) >= LEAST_MOVED]
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
