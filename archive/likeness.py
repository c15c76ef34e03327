"""How alike two releases are: functions of their texts, which know nothing of where these are kept.

A text is read as passages: its sentences, in search keys. Of each passage that is not boilerplate, pairs of
neighbouring words are what is compared, without function words and without numbers; these are compared on their own.
Pairs are hashed into a MinHash signature (rensa) that is cut into bands: two texts that share a band are candidates.
Those of which the sketches, a byte of each value of the signature, have next to nothing else in common are put aside,
and whether the others are copies is judged by the whole of both.
"""

import re
import struct
from collections.abc import Collection, Iterator
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from functools import cache
from hashlib import blake2b
from itertools import pairwise
from operator import eq
from typing import Final, NamedTuple
from zlib import crc32

import rensa

from persian.text import search_key

RULES: Final = 2  # to be raised with every change of what is compared, so that archives make their fingerprints anew
PERMUTATIONS: Final = 48
ROWS: Final = 2  # of the signature, in one band
VALUE: Final = 4  # bytes of one value of the signature, and of a pair of words
SEED: Final = 1400
RESEMBLING: Final = 6  # values that sketches have in common; of copies at the limit that share a band 0.2 % have fewer

OPENING: Final = 60  # words, in which a passage can begin that an office writes on everything
CLOSING: Final = 120  # words, likewise at the end: an address with telephone numbers is long
BYLINE: Final = 40  # characters before an office's name in «به گزارش …:»

ALIKE: Final = (
    0.25  # Jaccard similarity of copies; texts with every fifth word edited lie above it (benchmarks/copies.py)
)
SHORT: Final = 40  # pairs: some seventy words; shorter texts are copies when they are equal, for condolences are alike
LONGER: Final = 2  # times; what joins two texts is that much longer than one of them at least, and no copy of it
SAME_WORDS: Final = 0.9  # similarity of a form that was filled in twice
SAME_NUMBERS: Final = 0.6  # share of their numbers that two texts of the same words have in common
SOME_NUMBERS: Final = 1 / 3  # and two others, where there are
A_FEW: Final = 3

_SENTENCE = re.compile(r"[.!?…:؛؟\n](?:(?<=\n)|[.!?…:؛؟]*(?:\s+|(?=[^\W\d_])))")
"""Where a sentence ends. It begins with a set of signs, by which they are sought in a third of the time of a choice."""

_STOP: Final = "ᚠ"  # stands for the end of a sentence in a key, which keeps letters alone
_FUNCTION_WORDS: Final = frozenset(
    """
    و در به از که را با بر برای تا این ان است بود شد می نمی ها های هایی ای یک هر هم نیز اما ولی یا اگر چه چون پس پیش
    باید شود شده شوند کرد کرده کند کنند کنیم دارد دارند داشت داشته دهد داد داده خواهد خواهند باشد باشند بوده هستند
    نیست اند ایم وی او ما انها انان خود بین روی زیر نزد طی ضمن جهت مورد انجام صورت قرار وجود گفت افزود کردن شدن بودن
    اظهار بیان اینکه تاکید تصریح عنوان خاطرنشان یاداور اعلام اشاره ادامه گزارش خبرگزاری خبرنگار همه همچنین دیگر
    بسیار حال نظر تر ترین ام اش شان مان بی
    """.split()  # noqa: SIM905 - so many words are read as a text
)


@dataclass(frozen=True, slots=True)
class Passage:
    """A sentence as words of its search key; `hash` stands for one that an office could have put on everything."""

    words: tuple[str, ...]
    hash: int | None = None


@dataclass(frozen=True, slots=True)
class Fingerprint:
    """What of a text is compared: the CRC-32 of its pairs of words, and its numbers in ASCII digits.

    A word that stands alone is a pair by itself.
    """

    pairs: frozenset[int]
    numbers: frozenset[str]

    def pack(self) -> "Packed":
        pairs = struct.pack(f"<{len(self.pairs)}I", *sorted(self.pairs))
        return Packed(pairs, " ".join(sorted(self.numbers)))


class Packed(NamedTuple):
    """A fingerprint as it is kept: the pairs in order as unsigned little-endian 32 bits, the numbers in order with
    spaces.
    """

    pairs: bytes
    numbers: str

    def unpack(self) -> Fingerprint:
        return Fingerprint(frozenset(_unpacked(self.pairs)), frozenset(self.numbers.split()))


def _unpacked(pairs: bytes) -> tuple[int, ...]:
    return struct.unpack(f"<{len(pairs) // VALUE}I", pairs)


def passages(lead: str | None, body: str, byline: str | None = None) -> list[Passage]:
    """The sentences of a release in their order, without the «به گزارش …:» that it opens with."""
    sentences = _sentences("\n".join(filter(None, (lead, _without_byline(body, byline)))))
    length, begin, found = sum(map(len, sentences)), 0, []
    for words in sentences:
        edge = begin < OPENING or begin >= length - CLOSING
        found.append(Passage(words, hash_of(" ".join(words)) if edge else None))
        begin += len(words)
    return found


def fingerprint(title: str, text: list[Passage], boilerplate: AbstractSet[int] = frozenset()) -> Fingerprint:
    """What is compared of a release, whose edges may hold passages with these hashes that do not count."""
    told = [search_key(title).split()]
    told += [list(each.words) for each in text if each.hash not in boilerplate]
    pairs: set[int] = set()
    for words in told:
        said = [word for word in words if word not in _FUNCTION_WORDS and not word.isdigit()]
        pairs.update(crc32(f"{one} {other}".encode()) for one, other in pairwise(said))
        if len(said) == 1:
            pairs.add(crc32(said[0].encode()))
    return Fingerprint(frozenset(pairs), frozenset(word for words in told for word in words if word.isdigit()))


def signature(packed: Packed) -> bytes:
    """`PERMUTATIONS` values as unsigned little-endian 32 bits; none where there is no pair of words."""
    if not packed.pairs:
        return b""
    minima = rensa.RMinHash(num_perm=PERMUTATIONS, seed=SEED)
    minima.update(struct.unpack(f"{VALUE}s" * (len(packed.pairs) // VALUE), packed.pairs))
    return struct.pack(f"<{PERMUTATIONS}I", *minima.digest())


def bands(signed: bytes) -> list[int]:
    """The bands of a signature, each as signed 32 bits that tell its place as well."""
    width = ROWS * VALUE
    return [crc32(signed[place : place + width], place) - 0x8000_0000 for place in range(0, len(signed), width)]


def sketch(signed: bytes) -> bytes:
    """The lowest byte of each value of a signature."""
    return signed[::VALUE]


def resemblance(one: bytes, other: bytes) -> int:
    """How many values two sketches have in common; below `RESEMBLING` they are not looked at any closer."""
    return sum(map(eq, one, other))


def similarity(one: Fingerprint, other: Fingerprint) -> float:
    """The Jaccard similarity of their pairs of words: 0 to 1."""
    return _jaccard(one.pairs, other.pairs)


def _jaccard(one: frozenset[int], other: Collection[int]) -> float:
    shared = len(one.intersection(other))
    return shared / ((len(one) + len(other) - shared) or 1)


def are_copies(one: Fingerprint, other: Fingerprint) -> bool:
    """Whether two texts are the same release.

    An edited text is, and so is one with a paragraph of its own. A form that was filled in with other numbers (two
    tenders of a day) is not, nor a digest of several releases, nor a short text that differs by anything.
    """
    if min(len(one.pairs), len(other.pairs)) < SHORT:
        return one == other and bool(one.pairs)
    alike = _alike(one.pairs, other.pairs)
    return alike >= ALIKE and _numbers_agree(one.numbers, other.numbers, alike)


def can_be_copies(one: Fingerprint, other: Packed) -> bool:
    """Whether two texts can be the same release, in a fifth of the time that unpacking the other one takes."""
    return _alike(one.pairs, _unpacked(other.pairs)) >= ALIKE


def _alike(one: frozenset[int], other: Collection[int]) -> float:
    """The similarity of two texts; 0 where one is so much longer that it is another text in any case."""
    shorter, longer = sorted((len(one), len(other)))
    return _jaccard(one, other) if shorter * LONGER > longer else 0


def _numbers_agree(one: AbstractSet[str], other: AbstractSet[str], alike: float) -> bool:
    least, shared = min(len(one), len(other)), len(one & other)
    if alike >= SAME_WORDS:
        return shared >= SAME_NUMBERS * least
    return least < A_FEW or shared >= SOME_NUMBERS * least


@cache
def version() -> str:
    """The name of what fingerprints and bands are made by, with a mark of rensa's own hashing."""
    sample = bands(signature(Fingerprint(frozenset(range(PERMUTATIONS)), frozenset()).pack()))
    return f"{RULES}-{hash_of(' '.join(map(str, sample))) & 0xFFFFFFFF:08x}"


def hash_of(text: str) -> int:
    """Signed 64 bits that stand for a text, the same everywhere."""
    return int.from_bytes(blake2b(text.encode(), digest_size=8).digest(), "little", signed=True)


def _without_byline(body: str, byline: str | None) -> str:
    before, found, after = body.partition(byline) if byline else (body, "", "")
    return after if found and len(before) < BYLINE and "\n" not in before else body


def _sentences(text: str) -> list[tuple[str, ...]]:
    """The words of each sentence, or of a part of it that ends in a colon or a semicolon."""
    words = search_key(_SENTENCE.sub(f" {_STOP} ", text)).split()
    return [tuple(sentence) for sentence in _parted(words, _STOP) if sentence]


def _parted(words: list[str], mark: str) -> Iterator[list[str]]:
    begin = 0
    for _ in range(words.count(mark)):
        end = words.index(mark, begin)
        yield words[begin:end]
        begin = end + 1
    yield words[begin:]
