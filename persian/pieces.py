"""A text cut for comparison: words with their affixes, numbers with their separators, marks, and the gaps between."""

import re
from functools import lru_cache
from typing import Final, Literal, NamedTuple

from persian.reading import calendar_of
from persian.spelling import LONGEST, is_affixed
from persian.text import search_key

Kind = Literal["word", "number", "mark"]

_JOINERS = "\u200c\u200d"
_ON_LETTERS = "\u0300-\u036f\u0610-\u061a\u064b-\u065f\u0670\u06d6-\u06ed"
_CUT: Final = re.compile(
    r"(?P<gap>\s*)(?:"
    r"(?P<address>(?:https?://|www\.)[^\s،؛«»()]*[^\s،؛«»().,:!?])"
    rf"|(?P<number>(?:(?<!\w)[-−+])?\d+(?:[٬٫./:\-–]\d+|[,،]\d{{3}}(?!\d))*(?:[{_JOINERS}]+[^\W\d_]+)*)"
    rf"|(?P<word>[^\W\d_](?:[^\W\d_{_JOINERS}]|[{_ON_LETTERS}]|[{_JOINERS}]+(?:\d+|\w))*)"
    r"|(?P<mark>\S))"
)
_FIGURES = re.compile(r"([-−+]?)([\d٬٫.,،/:\-–]+)(.*)", re.DOTALL)
_DAY = re.compile(r"(\d{1,4})([/.-])(\d{1,2})\2(\d{1,4})", re.ASCII)
_THOUSANDS = re.compile(r"[٬,،](?=\d{3}(?!\d))|(?<=\d)\.(?=\d{3}\.\d{3}(?!\d))|(?<=\.\d{3})\.(?=\d{3}(?!\d))")
_CLOCK = re.compile(r"\A0(?=\d:)")  # «۰۹:۳۰» is «۹:۳۰»
_YEAR_DIGITS = 4


class Piece(NamedTuple):
    """A piece of a text and the white space before it.

    `key` is the same for every spelling: of a word all its parts in one (`persian.text.search_key` without spaces), of
    a number its value in ASCII digits («۱۲٬۵۰۰» is "12500", «۳٫۵» and «۳/۵» are "3.5", «۱۴۰۰/۰۹/۱۵» is "1400-9-15").
    """

    gap: str
    text: str
    key: str
    kind: Kind


def pieces(text: str) -> list[Piece]:
    """A text's pieces in order; gaps and texts joined are the text again, of any string.

    A word is one piece with its affixes, whether half-spaces or single spaces part them («می\u200cشود», «کتاب ها»), a
    number with its separators, an address whole, any other character that is no white space a mark of its own. The
    last piece is empty and bears the white space at the end.
    """
    found: list[Piece] = []
    parts = 0
    inner = text.rstrip()
    for cut in _CUT.finditer(inner):
        kind, gap = cut.lastgroup, cut["gap"]
        written = cut[cut.lastindex or 0]
        if kind == "number":
            found.append(Piece(gap, written, _number(written), "number"))
        elif kind == "mark":
            found.append(Piece(gap, written, _key(written), "mark"))
        elif kind == "address":
            found.append(Piece(gap, written, written, "word"))
        else:
            piece = Piece(gap, written, _key(written), "word")
            parts += 1
            if _is_part(piece, found, parts):
                piece = _joined(found.pop(), piece)
            else:
                parts = 1
            found.append(piece)
    return [*found, Piece(text[len(inner) :], "", "", "mark")]


def _is_part(piece: Piece, before: list[Piece], parts: int) -> bool:
    if piece.gap != " " or not before or before[-1].kind != "word" or parts > LONGEST:
        return False
    return is_affixed(piece.key, before[-1].key)


def _joined(first: Piece, second: Piece) -> Piece:
    text = f"{first.text}{second.gap}{second.text}"
    return Piece(first.gap, text, _key(text), "word")


@lru_cache(maxsize=1 << 14)
def _key(text: str) -> str:
    return search_key(text).replace(" ", "") or text


@lru_cache(maxsize=1 << 12)
def _number(text: str) -> str:
    """The value of a number as it is compared; what hangs on its half-space stays («12گانه»)."""
    sign, figures, tail = _FIGURES.fullmatch(text).groups()  # type: ignore[union-attr]  # a number matches
    figures = "".join(str(int(each)) if each.isdecimal() else each for each in figures).replace("–", "-")
    if not sign and (day := _DAY.fullmatch(figures)) and (written := _day(day[1], day[3], day[4])):
        return written + _tail(tail)
    figures = _THOUSANDS.sub("", figures).replace("٫", ".")
    figures = _CLOCK.sub("", figures)
    if figures.count("/") == 1:
        figures = figures.replace("/", ".")  # «۳/۵» is three and a half
    whole, point, part = figures.partition(".")
    if point and part.isdecimal():
        figures = f"{whole}.{part.rstrip('0')}".rstrip(".")
    return f"{sign.replace('−', '-').strip('+')}{figures}{_tail(tail)}"


def _day(first: str, month: str, last: str) -> str | None:
    """Year, month and day of a date in numbers, if one end of it is a year."""
    if len(first) != _YEAR_DIGITS:
        first, last = last, first
    if len(first) != _YEAR_DIGITS or not calendar_of(int(first)):
        return None
    return f"{int(first)}-{int(month)}-{int(last)}"


def _tail(written: str) -> str:
    return search_key(written).replace(" ", "")
