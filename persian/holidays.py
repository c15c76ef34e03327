"""The Iranian calendar for judging silence: on which days an office may well publish nothing.

Official holidays are those of the `holidays` library (MIT, kept up to date by its community) for 1980–2076. It is
loaded when a day is first asked for, a quarter of a second once in a process; each year is asked of it once, in half
a millisecond. Its 1.7 MB (14 MB unpacked) are the price of 25 years of confirmed lunar dates. Its solar days agree with
`persian.calendars` in all of these years.

What it gets wrong, and what is done about it:

- Lunar dates are confirmed for 2001–2026 alone. The others are computed (Umm al-Qura and a day), say «(تخمینی)» in
  their names, and may be a day off: `is_estimate`.
- It gives the law of today to all years. Dropped here: the second day of Fitr before 1389 (decreed in that year, a law
  since 1390: bbc.com/persian/rolling_news/2011/08/110828_rln_majlis_fetr_holidays and, for 1389,
  …/110803_l44_rln_fetr_holiday_tajeddini) and 8 Rabi I before 1396 (mizanonline.ir/fa/news/366283). Changes before 1380
  are left as the library has them, for want of a source.
- Of the closures decreed for the whole country it knows those of August 2023 and March 2026. Added here: 2 Khordad 1403
  (dana.ir/amp/2058602). Closures of single provinces or towns are not known at all.
"""

from collections.abc import Collection
from datetime import date
from functools import lru_cache
from typing import Final, Literal

from persian.calendars import DateError, to_jalali
from persian.text import persian_digits

THURSDAY: Final = 3  # as date.weekday() counts
FRIDAY: Final = 4
OFFICES: Final = frozenset({THURSDAY, FRIDAY})
FRIDAYS: Final = frozenset({FRIDAY})

FIRST_YEAR: Final = 1980  # Gregorian, where the library begins
LAST_YEAR: Final = 2076  # the last year that its table of lunar dates has in full

DayKind = Literal["working", "thursday", "weekend", "holiday", "nowruz"]

_QUIET_DAYS: Final = 13  # of Farvardin
_ESTIMATED: Final = "(تخمینی)"
_ADDED: Final = {date(2024, 5, 22): "تعطیلی عمومی"}
_SINCE: Final = {"تعطیل به مناسبت عید سعید فطر": 1389, "شهادت امام حسن عسکری علیه السلام": 1396}


def is_weekend(day: date, *, weekend: Collection[int] = OFFICES) -> bool:
    """Whether a day is off every week. `weekend` holds weekdays as `date.weekday()` counts them: Thursday and Friday,
    as most offices keep it, unless said otherwise; `FRIDAYS` is what the law gives to all.
    """
    return day.weekday() in weekend


def holiday(day: date) -> str | None:
    """The Persian name of an official holiday, several parted by «؛»; `is_estimate` says whether it may be a day off.

    A Friday is none for being a Friday. Raises `DateError` outside 1980–2076.
    """
    if not FIRST_YEAR <= day.year <= LAST_YEAR:
        raise DateError(f"{day} lies outside the years {FIRST_YEAR} to {LAST_YEAR} whose holidays are known")
    return _holidays(day.year).get(day.toordinal())


def is_estimate(name: str) -> bool:
    """Whether a name `holiday` gave rests on computed lunar dates alone."""
    return all(part.endswith(_ESTIMATED) for part in name.split("؛ "))


@lru_cache(maxsize=16)
def _holidays(year: int) -> dict[int, str]:
    """The names of a Gregorian year's holidays by the ordinals of their days."""
    from holidays import country_holidays  # noqa: PLC0415 - a quarter of a second that only the silence model pays

    found = {day.toordinal(): day_name for day, day_name in _ADDED.items() if day.year == year}
    for day, names in country_holidays("IR", years=year, language="fa_IR").items():
        jalali_year = to_jalali(day)[0]
        kept = [name for name in names.split("; ") if _SINCE.get(_bare(name), jalali_year) <= jalali_year]
        if kept:
            found[day.toordinal()] = persian_digits("؛ ".join(kept))
    return found


def _bare(name: str) -> str:
    return name.removesuffix(_ESTIMATED).rstrip()


def day_kind(day: date, *, weekend: Collection[int] = OFFICES) -> DayKind:
    """What sort of day it is for an office's silence, the quietest sort first.

    nowruz: 1–13 Farvardin, official holidays (1–4, 12, 13) and the quiet days between; holiday: an official one;
    weekend; thursday: off for most offices and not for all, so a sort of its own while `weekend` holds it; working.
    `day` is a day in Tehran. Raises `DateError` outside 1980–2076.
    """
    named = holiday(day)
    _, month, of_month = to_jalali(day)
    if month == 1 and of_month <= _QUIET_DAYS:
        return "nowruz"
    if named:
        return "holiday"
    if not is_weekend(day, weekend=weekend):
        return "working"
    return "thursday" if day.weekday() == THURSDAY else "weekend"
