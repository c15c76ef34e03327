"""The words dates are written with, and the form they are compared in."""

import re
import unicodedata
from html import unescape
from typing import Final, Literal

Kind = Literal["jalali", "roman", "gregorian", "english"]  # roman: Jalali months in Latin letters

_ARABIC_MARKS = "[\u0610-\u061a\u064b-\u065f\u0670\u06d6-\u06ed]"
_INVISIBLE = "\u00ac\u00ad\u061c\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff\u0640"
_RARE = re.compile(f"[{_INVISIBLE}\ufb50-\ufdff\ufe70-\ufefe\uff00-\uffef]")
_WITHIN_DIGITS = re.compile(rf"(?<=\d)[{_INVISIBLE}]+(?=\d)")


def _folds() -> dict[int, str | None]:
    pairs = {
        "يىئېۍێ": "ی",
        "كڪ": "ک",
        "آأإٱ": "ا",
        "ۀةەہھۂ": "ه",
        "ؤ": "و",
        "٫٬": ".",
        "،": ",",
        "\\⁄∕": "/",
        "∶：": ":",
        "‐‑‒–—―−_": "-",
    }
    folds: dict[int, str | None] = {ord(letter): base for letters, base in pairs.items() for letter in letters}
    for zero in ("۰", "٠"):
        folds |= {ord(zero) + digit: str(digit) for digit in range(10)}
    folds |= {code: None for code in range(0x600, 0x700) if re.match(_ARABIC_MARKS, chr(code))}
    folds |= {code: None for code in range(0x2070) if re.match(f"[{_INVISIBLE}]", chr(code))}
    return folds | {0xFEFF: None, ord("ء"): None}


_FOLDS: Final = _folds()


def _boundary(between: re.Match[str]) -> str:
    return "-" if "ـ" in between[0] else " "  # a tatweel between two numbers is drawn as a dash


def fold(text: str) -> str:
    """One line of lower-case text with ASCII digits, Persian letters, `- / . , :` as separators and single spaces.

    Half-spaces and direction marks go, except that between two digits they part two numbers. Entities, even without
    their semicolon or escaped twice, become characters.
    """
    if "&" in text:
        text = unescape(unescape(text.replace("&zwnj", "\u200c").replace("\u200c;", "\u200c")))
    if _RARE.search(text):
        text = _WITHIN_DIGITS.sub(_boundary, unicodedata.normalize("NFKC", text))
    return " ".join(text.translate(_FOLDS).lower().split()).replace("اردی بهشت", "اردیبهشت")


_SPELLINGS: dict[Kind, tuple[str, ...]] = {
    "jalali": (
        "فروردین فرودین حمل",
        "اردیبهشت ثور",
        "خرداد جوزا",
        "تیر سرطان",
        "مرداد امرداد اسد",
        "شهریور سنبله",
        "مهر میزان",
        "آبان عقرب",
        "آذر قوس",
        "دی جدی",
        "بهمن دلو",
        "اسفند اسپند حوت",
    ),
    "roman": (
        "farvardin far",
        "ordibehesht ord",
        "khordad khordaad kho",
        "tir",
        "mordad amordad mordaad amordaad mor amo",
        "shahrivar sha",
        "mehr meh",
        "aban aabaan aba aab",
        "azar aazar aza aaz",
        "dey dei",
        "bahman bah",
        "esfand esf",
    ),
    "gregorian": (
        "ژانویه ژانویهٔ جنوری یناير",
        "فوریه فوریهٔ فبروری فبراير",
        "مارس مارچ",
        "آوریل آپریل ابریل",
        "مه مهٔ می مای مايو",
        "ژوئن جون یونيو",
        "ژوئیه ژوییه ژوئیهٔ جولای جولائی یوليو",
        "اوت آگوست اگست آگست أغسطس",
        "سپتامبر سپتمبر سبتمبر",
        "اکتبر اکتوبر",
        "نوامبر نومبر نوفمبر",
        "دسامبر دسمبر ديسمبر",
    ),
    "english": (
        "january jan",
        "february feb",
        "march mar",
        "april apr",
        "may",
        "june jun",
        "july jul",
        "august aug",
        "september sep sept",
        "october oct",
        "november nov",
        "december dec",
    ),
}


def _months() -> dict[str, tuple[Kind, int]]:
    names: dict[str, tuple[Kind, int]] = {}
    for kind, rows in _SPELLINGS.items():
        for number, row in enumerate(rows, start=1):
            for name in fold(row).split():
                names[name] = names[name + "ماه"] = (kind, number)
    return names


MONTH_NAMES: Final = _months()
SHORT_MONTHS: Final = {  # ordinary words too («شهر», «مرد»), so months only between a day and a year
    name: number
    for number, name in enumerate(["فرو", "ارد", "خرد", "-", "مرد", "شهر", "-", "ابا", "-", "-", "بهم", "اسف"], start=1)
    if name != "-"
}

UNITS: Final = [
    "یک",
    "دو",
    "سه",
    "چهار",
    "پنج",
    "شش",
    "هفت",
    "هشت",
    "نه",
    "ده",
    "یازده",
    "دوازده",
    "سیزده",
    "چهارده",
    "پانزده",
    "شانزده",
    "هفده",
    "هجده",
    "نوزده",
]
_TENS: Final = {"بیست": 20, "سی": 30, "چهل": 40, "پنجاه": 50, "شصت": 60, "هفتاد": 70, "هشتاد": 80, "نود": 90}
NUMBERS: Final[dict[str, float]] = {
    **{word: value for value, word in enumerate(UNITS, start=1)},
    **_TENS,
    **{f"{ten} و {unit}": tens + value for ten, tens in _TENS.items() for value, unit in enumerate(UNITS[:9], start=1)},
    "هیجده": 18,
    "صد": 100,
    "یکصد": 100,
    "نیم": 0.5,
}
_ORDINALS: Final = {
    **{word + "م": value for value, word in enumerate(UNITS, start=1)},
    "اول": 1,
    "سوم": 3,
    "هیجدهم": 18,
    "بیستم": 20,
    "سیم": 30,
    "سیام": 30,
}
DAY_WORDS: Final[dict[str, int]] = {
    **{word: int(value) for word, value in NUMBERS.items() if 1 <= value <= 31},  # noqa: PLR2004
    **_ORDINALS,
    **{f"بیست و {word}": 20 + value for word, value in _ORDINALS.items() if value <= len(UNITS[:9])},
    "سی و یکم": 31,
}

LUNAR_MONTHS: Final = (  # as `fold` leaves them, a half-space gone; a regular expression each
    "محرم(?: ?الحرام)?",
    "صفر(?: ?المظفر)?",
    "ربیع ?ال(?:اولی?|ثانی|اخر)",
    "جمادی ?ال(?:اولی?|ثانیه?|اخره?)",
    "رجب(?: ?المرجب)?",
    "شعبان(?: ?المعظم)?",
    "رمضان(?: ?المبارک)?",
    "شوال(?: ?المکرم)?",
    "ذ[یو] ?(?:ال)?قعده(?: ?الحرام)?",
    "ذ[یو] ?(?:ال)?حجه(?: ?الحرام)?",
)

WEEKDAY_NAMES: Final = {
    name: number
    for number, row in enumerate(
        (
            "دوشنبه 2شنبه mon monday",
            "سهشنبه 3شنبه tue tues tuesday",
            "چهارشنبه 4شنبه wed wednesday",
            "پنجشنبه 5شنبه thu thur thurs thursday",
            "جمعه ادینه fri friday",
            "شنبه sat saturday",
            "یکشنبه 1شنبه sun sunday",
        )
    )
    for name in row.split()
}
