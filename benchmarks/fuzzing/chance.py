"""The chance that cases are made of: bytes that were well-formed, and what becomes of them."""

import random
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

LARGEST = 32_768  # bytes of a case
EDITS = 6
TIMES = (2, 3, 10, 100, 1000)
CONTROLS = [*map(chr, range(0x20)), *map(chr, range(0x7F, 0xA1))]
ODD = [
    *"\ud800\udfff\ufffe\uffff\ufdd0\U0010ffff\ufeff\ufffd\u200b\u200c\u200d\u200e\u200f\u061c\u202e\u2066\u2069\u2028",
    *"\u0640\u064b\u0670\u0300\u0338\u00ad\u3000\uff10\u0660\u06f0\ufe8e\ufdfa\ufdf2\u0131\u1e9e\U000e0041",
]
NUMBERS = [
    *("0", "-1", "1", "00", "1e309", "nan", "inf", "0x10", "9" * 19, "9" * 20, "9" * 5000, "1_0", "+1", " 1", "\u0661"),
    *("\u00b2", "1.5", "2147483648", "18446744073709551616"),
]


@dataclass(frozen=True, kw_only=True, slots=True)
class Target:
    """A reader: `make` gives a case, `check` reads it and raises for a promise that is broken; it returns what the
    case came to, in a word or two. `grown` gives a case of about so many letters, made of few pieces again and again.
    `seconds` of CPU time are the most that a case may take.
    """

    name: str
    make: Callable[["Chance"], Any]
    check: Callable[[Any], str]
    grown: Callable[["Chance", int], Any]
    seconds: float


class Chance(random.Random):
    """A source of chance that is told by a word, so that any case can be made again by itself."""

    def pieces(self, most: int, *kinds: Sequence[Any]) -> list[Any]:
        """Up to so many pieces, each of a kind that is drawn first."""
        return [self.choice(self.choice(kinds)) for _ in range(self.randrange(most + 1))]

    def mangled(self, data: bytes, pieces: Sequence[bytes], others: Sequence[bytes] = ()) -> bytes:
        """The data after some edits: pieces put in, taken out, repeated, moved; bytes changed; cut off; joined."""
        for _ in range(self.randint(0, EDITS)):
            start, end = sorted((self.randrange(len(data) + 1), self.randrange(len(data) + 1)))
            match self.randrange(9):
                case 0 | 1 | 2:
                    data = data[:start] + self.choice(pieces) + data[start:]
                case 3:
                    data = data[:start] + data[min(end, start + self.choice((1, 2, 30, 3000))) :]
                case 4:
                    piece = data[start : min(end, start + 200)] * self.choice(TIMES)
                    data = data[:start] + piece + data[start:]
                case 5:
                    byte = bytes([self.randrange(256)])
                    data = data[:start] + byte + data[start + 1 :]
                case 6 if others:
                    data = data[:end] + self.choice(others)[start:]
                case 7:
                    data = data[:start] + self.choice(pieces) * self.choice(TIMES) + data[start:]
                case _:
                    data = data[:end] if self.random() < 0.3 else data[:start] + self.choice(pieces) + data[end:]
            data = data[:LARGEST]
        return data

    def repeated(self, pieces: Sequence[Any], size: int) -> Any:
        """Some pieces again and again, up to a size."""
        empty = type(pieces[0])()
        few = [self.choice(pieces)[:200] for _ in range(self.randint(1, 3))]
        unit = empty.join(few) or pieces[0] or self.choice(pieces)
        return (unit * (size // max(1, len(unit)) + 1))[:size]


def parts_of(documents: Sequence[bytes]) -> list[bytes]:
    """The tags and the texts of some documents, each once: the words of their language."""
    return list(dict.fromkeys(part for each in documents for part in re.findall(rb"<[^>]*>|[^<]+", each)))


def as_bytes(texts: Sequence[str]) -> list[bytes]:
    return [text.encode("utf-8", "surrogatepass") for text in texts]
