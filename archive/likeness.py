"""How alike two releases are: functions of their texts, which know nothing of where these are kept.

A text is read as passages: its sentences, in search keys. Of each passage that is not boilerplate, pairs of
neighbouring words are what is compared, without function words and without numbers; these are compared on their own.
Pairs are hashed into a MinHash signature (rensa) that is cut into bands: two texts that share a band are candidates,
and whether they are copies is then judged by the whole of both.
"""

import re
import struct
from collections.abc import Iterator
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from functools import cache
from hashlib import blake2b
from itertools import pairwise
from typing import Final
from zlib import crc32

import rensa

from persian.text import search_key

RULES: Final = 1  # to be raised with every change of what is compared, so that archives make their fingerprints anew
PERMUTATIONS: Final = 48
ROWS: Final = 2  # of the signature, in one band
SEED: Final = 1400

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

_SENTENCE = re.compile(r"[.!?…:؛؟]+(?:\s+|(?=[^\W\d_]))|\n")
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

    def pack(self) -> tuple[bytes, str]:
        """As it is kept: the pairs in order as unsigned little-endian 32 bits, the numbers in order with spaces."""
        return struct.pack(f"<{len(self.pairs)}I", *sorted(self.pairs)), " ".join(sorted(self.numbers))

    @classmethod
    def unpack(cls, pairs: bytes, numbers: str) -> "Fingerprint":
        return cls(frozenset(struct.unpack(f"<{len(pairs) // 4}I", pairs)), frozenset(numbers.split()))


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


def bands(print_: Fingerprint) -> list[int]:
    """The bands of its signature, as signed 64 bits; texts without a pair of words have none."""
    if not print_.pairs:
        return []
    signature = rensa.RMinHash(num_perm=PERMUTATIONS, seed=SEED)
    signature.update([pair.to_bytes(4, "little") for pair in print_.pairs])
    packed = struct.pack(f"<{PERMUTATIONS}I", *signature.digest())
    return list(struct.unpack(f"<{PERMUTATIONS // ROWS}q", packed))


def similarity(one: Fingerprint, other: Fingerprint) -> float:
    """The Jaccard similarity of their pairs of words: 0 to 1."""
    shared = len(one.pairs & other.pairs)
    return shared / ((len(one.pairs) + len(other.pairs) - shared) or 1)


def are_copies(one: Fingerprint, other: Fingerprint) -> bool:
    """Whether two texts are the same release.

    An edited text is, and so is one with a paragraph of its own. A form that was filled in with other numbers (two
    tenders of a day) is not, nor a digest of several releases, nor a short text that differs by anything.
    """
    shorter, longer = sorted((len(one.pairs), len(other.pairs)))
    if shorter < SHORT:
        return one == other and bool(one.pairs)
    if shorter * LONGER <= longer:
        return False
    alike = similarity(one, other)
    return alike >= ALIKE and _numbers_agree(one.numbers, other.numbers, alike)


def _numbers_agree(one: AbstractSet[str], other: AbstractSet[str], alike: float) -> bool:
    least, shared = min(len(one), len(other)), len(one & other)
    if alike >= SAME_WORDS:
        return shared >= SAME_NUMBERS * least
    return least < A_FEW or shared >= SOME_NUMBERS * least


@cache
def version() -> str:
    """The name of what fingerprints and bands are made by, with a mark of rensa's own hashing."""
    sample = bands(Fingerprint(frozenset(range(PERMUTATIONS)), frozenset()))
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
