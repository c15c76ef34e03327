"""The two calendars and Tehran's clock."""

from datetime import UTC, date, datetime, timedelta
from functools import cache
from importlib.resources import files
from typing import Final
from zoneinfo import ZoneInfo

import jdatetime

FIRST_YEAR: Final = 1206
LAST_YEAR: Final = 1498  # the University of Tehran's leap table ends here

MONTHS: Final = (
    "فروردین",
    "اردیبهشت",
    "خرداد",
    "تیر",
    "مرداد",
    "شهریور",
    "مهر",
    "آبان",
    "آذر",
    "دی",
    "بهمن",
    "اسفند",
)
MONTHS_IN_LATIN: Final = (
    *("Farvardin", "Ordibehesht", "Khordad", "Tir", "Mordad", "Shahrivar"),
    *("Mehr", "Aban", "Azar", "Dey", "Bahman", "Esfand"),
)
WEEKDAYS: Final = ("دوشنبه", "سه\u200cشنبه", "چهارشنبه", "پنجشنبه", "جمعه", "شنبه", "یکشنبه")  # by date.weekday()

_LONG, _SHORT, _LONG_MONTHS = 31, 30, 6  # days of the first six months, and of the others
_HALF = _LONG_MONTHS * _LONG
_JALALI_EPOCH: Final = 621


class DateError(ValueError):
    """A text, a day or a period that cannot be read; the message is one line of English."""


def _tehran() -> ZoneInfo:
    with files("tzdata.zoneinfo.Asia").joinpath("Tehran").open("rb") as zone:
        return ZoneInfo.from_file(zone, key="Asia/Tehran")


TEHRAN: Final = _tehran()  # from the tzdata package: a host's old zone file still has summer time after 1401


@cache
def _nowruz(year: int) -> int:
    ordinal: int = jdatetime.date(year, 1, 1).togregorian().toordinal()
    return ordinal


_KNOWN: Final = range(_nowruz(FIRST_YEAR), _nowruz(LAST_YEAR + 1))  # the ordinals of the days that are told


def month_start(year: int, month: int) -> date:
    """The Gregorian day a Jalali month begins on; the year after the last is known by its first."""
    return date.fromordinal(_nowruz(year) + (month - 1) * _SHORT + min(month - 1, _LONG_MONTHS))


def from_jalali(year: int, month: int, day: int) -> date:
    """The Gregorian day of a Jalali one. Raises `DateError` for a day that does not exist or lies outside 1206–1498."""
    if not (FIRST_YEAR <= year <= LAST_YEAR and 1 <= month <= len(MONTHS) and 1 <= day <= _LONG):
        raise DateError(f"Jalali {year}-{month:02}-{day:02} does not exist")
    ordinal = _nowruz(year) + (month - 1) * _SHORT + min(month - 1, _LONG_MONTHS) + day - 1
    if ordinal >= _nowruz(year + 1) or (day == _LONG and month > _LONG_MONTHS):
        raise DateError(f"Jalali {year}-{month:02}-{day:02} does not exist")
    return date.fromordinal(ordinal)


def to_jalali(day: date) -> tuple[int, int, int]:
    """Year, month and day of a Gregorian day. Raises `DateError` outside 1206–1498 (1827-03-22 to 2120-03-20)."""
    ordinal = day.toordinal()
    if ordinal not in _KNOWN:
        raise DateError(f"{day} lies outside the Jalali years {FIRST_YEAR} to {LAST_YEAR}")
    year = day.year - _JALALI_EPOCH
    if ordinal < _nowruz(year):
        year -= 1
    of_year = ordinal - _nowruz(year)
    if of_year < _HALF:
        return year, of_year // _LONG + 1, of_year % _LONG + 1
    return year, (of_year - _HALF) // _SHORT + 7, (of_year - _HALF) % _SHORT + 1


def _offset(local: datetime, *, fold: int) -> timedelta:
    return TEHRAN.utcoffset(local.replace(fold=fold)) or timedelta()


def instant(local: datetime) -> tuple[datetime, tuple[str, ...]]:
    """The UTC instant of a naive Tehran time, and what is odd about it.

    A time the clocks skipped takes the offset before the change (so it moves forward) and the flag
    `nonexistent-local-time`; one that came twice is the first of the two, flagged `ambiguous-local-time`
    (PEP 495, fold 0).
    """
    before, after = _offset(local, fold=0), _offset(local, fold=1)
    at = local.replace(tzinfo=UTC) - before
    if before == after:
        return at, ()
    return at, ("nonexistent-local-time" if before < after else "ambiguous-local-time",)
