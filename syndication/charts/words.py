"""What charts say, in the language of their reader, and the names of months and days in both calendars."""

import tomllib
from collections.abc import Mapping
from datetime import date
from functools import cache, lru_cache
from pathlib import Path
from typing import Final, Protocol

from persian.calendars import MONTHS, MONTHS_IN_LATIN, WEEKDAYS, from_jalali

FILE: Final = Path(__file__).with_name("words.toml")
GREGORIAN_MONTHS: Final = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
ENGLISH_DAYS: Final = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
FRIDAY: Final = 6  # of the Iranian week
A_WEEK: Final = 7


class Language(Protocol):
    """How a reader reads: "fa" or "en", and how numbers are written there."""

    @property
    def code(self) -> str: ...
    @property
    def is_persian(self) -> bool: ...
    def __hash__(self) -> int: ...
    def number(self, number: int, /) -> str: ...
    def digits(self, text: str, /) -> str: ...


def say(language: Language, table: str, key: str, **values: str) -> str:
    """A text of `words.toml` with its values."""
    return _texts()[table][key][0 if language.is_persian else 1].format(**values)


def counted(language: Language, thing: str, number: int) -> str:
    """«۱۲ خبر» or "12 releases"."""
    return say(language, "counted", thing, number=language.number(number))


@lru_cache(maxsize=1 << 13)
def number(language: Language, number: int) -> str:
    """As the language writes it; a drawing says the same few many times."""
    return language.number(number)


@lru_cache(maxsize=1 << 12)
def month_name(month: str, language: Language) -> str:
    """A Jalali month ("1400-09"): «آذر ۱۴۰۰», "Azar 1400"."""
    return f"{name_of_month(month, language)} {language.digits(month[:4])}"


def name_of_month(month: str, language: Language) -> str:
    """Without its year."""
    return (MONTHS if language.is_persian else MONTHS_IN_LATIN)[int(month[5:]) - 1]


@lru_cache(maxsize=1 << 12)
def day_name(day: str, language: Language) -> str:
    """A Jalali day ("1400-09-15"): «۱۵ آذر ۱۴۰۰», "15 Azar 1400"."""
    return f"{language.digits(str(int(day[8:])))} {month_name(day[:7], language)}"


def weekday_name(weekday: int, language: Language) -> str:
    """A day of the Iranian week, Saturday 0."""
    return (WEEKDAYS if language.is_persian else ENGLISH_DAYS)[(weekday + 5) % A_WEEK]


@lru_cache(maxsize=1 << 12)
def gregorian_of(day: str) -> date:
    """The Gregorian day of a Jalali one ("1400-09-15"), or of a month's first."""
    year, month, *of_month = map(int, day.split("-"))
    return from_jalali(year, month, *(of_month or [1]))


def gregorian_month(day: date) -> str:
    """As in "Dec 2021"."""
    return f"{GREGORIAN_MONTHS[day.month - 1]} {day.year}"


def gregorian_day(day: date) -> str:
    """As in "6 Dec 2021"."""
    return f"{day.day} {gregorian_month(day)}"


@cache
def _texts() -> Mapping[str, Mapping[str, tuple[str, str]]]:
    tables = tomllib.loads(FILE.read_text(encoding="utf-8"))
    return {table: {key: (said[0], said[1]) for key, said in keys.items()} for table, keys in tables.items()}
