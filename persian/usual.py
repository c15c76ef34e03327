"""The usual forms of Persian news pages, read at once: «دوشنبه ۱۵ آذر ۱۴۰۰ - ۰۹:۱۹», with or without its weekday, and
2021-12-06T09:19:00+03:30 or "2021-12-06 05:49:00 GMT" in their metadata.

What is read here is what `persian.dates.parse` would read, without a flag; whatever is not exactly of this form, or
would be flagged or refused, is left to it.
"""

import re
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from typing import Final

from persian.calendars import FIRST_YEAR, LAST_YEAR, MONTHS, TEHRAN, WEEKDAYS, instant, month_start

_DIGIT = "[0-9۰-۹٠-٩]"
_CLOCK = rf"{_DIGIT}{{1,2}}:{_DIGIT}{{2}}(?::{_DIGIT}{{2}})?"
_NAMED = rf"(?:(?P<weekday>\w+(?:\u200c\w+)?)،? )??(?P<day>{_DIGIT}{{1,2}}) (?P<month>\w+ {_DIGIT}{{4}})"
_IN_NUMBERS = rf"(?P<numbers>{_DIGIT}{{4}}/{_DIGIT}{{1,2}}/{_DIGIT}{{1,2}})"
_match = re.compile(
    r"(?:تار[یي]خ انتشار ?: ?)?"
    rf"(?:(?P<before>{_CLOCK}) - )?(?:{_NAMED}|{_IN_NUMBERS})"
    rf"(?:(?: |،? ساعت | ?[-–|/] |، )(?P<after>{_CLOCK}))?"
).fullmatch
_is_stamp = re.compile(
    r"20\d\d-\d\d-\d\d(?:T\d\d:\d\d(?P<seconds>:\d\d)?(?:Z|\+00:00|\+0[34]:30)| \d\d:\d\d(?P<of_gmt>:\d\d) GMT)",
    re.ASCII,
).fullmatch
_NOON = time(12)


def _arabic(name: str) -> str:
    return name.replace("ی", "ي").replace("ک", "ك")


_MONTHS: Final = {
    spelling: number
    for number, name in enumerate(MONTHS, start=1)
    for spelling in (name, _arabic(name), name.replace("آ", "ا"))
}
_WEEKDAYS: Final = {
    spelling: number
    for number, name in enumerate(WEEKDAYS)
    for spelling in (name, _arabic(name), name.replace("شنبه", "\u200cشنبه"), name.replace("\u200c", ""))
}


def _midnight(on: date) -> datetime | None:
    """The UTC instant a day begins at in Tehran; None if the clocks change on it."""
    first, last = datetime.combine(on, time()), datetime.combine(on, time.max)
    (begin, odd_first), (end, odd_last) = instant(first), instant(last)
    return None if odd_first or odd_last or end - begin != last - first else begin


@lru_cache(maxsize=1024)
def _days(month_and_year: str) -> tuple[tuple[date, datetime | None], ...]:
    """The days of «آذر ۱۴۰۰», each with its midnight; none for a month that is not one."""
    name, _, year = month_and_year.partition(" ")
    month, number = _MONTHS.get(name), int(year or 0)
    if month is None or not FIRST_YEAR <= number <= LAST_YEAR:
        return ()
    first = month_start(number, month)
    after = month_start(number, month + 1) if month < len(MONTHS) else month_start(number + 1, 1)
    days = [first + timedelta(days) for days in range((after - first).days)]
    around = (first - timedelta(1), *days, after)
    if len({datetime.combine(day, _NOON, TEHRAN).utcoffset() for day in around}) > 1:
        return tuple((day, _midnight(day)) for day in days)
    midnight = instant(datetime.combine(first, time()))[0]
    return tuple((day, midnight + (day - first)) for day in days)


@lru_cache(maxsize=4096)
def _clock(written: str) -> tuple[timedelta, bool] | None:
    """The time since midnight, and whether seconds are stated; None for a time that does not exist."""
    hour, minute, *second = map(int, written.split(":"))
    if hour < 24 and minute < 60 and all(each < 60 for each in second):  # noqa: PLR2004
        return timedelta(hours=hour, minutes=minute, seconds=sum(second)), bool(second)
    return None


def read_usual(text: str) -> tuple[datetime | None, date, bool] | None:
    """The instant in UTC, if a time is stated, the day in Tehran, and whether seconds are."""
    found = _match(text)
    if not found:
        return None
    weekday, day, month_and_year = found.group("weekday", "day", "month")
    if numbers := found["numbers"]:
        year, month, day = numbers.split("/")
        month_and_year = f"{MONTHS[int(month) - 1]} {int(year)}" if 1 <= int(month) <= len(MONTHS) else ""
    before, after = found.group("before", "after")
    days, of_month = _days(month_and_year), int(day)
    if (before and after) or not 1 <= of_month <= len(days):
        return None
    on, midnight = days[of_month - 1]
    if midnight is None or (weekday and _WEEKDAYS.get(weekday) != on.weekday()):
        return None
    written = before or after
    if not written:
        return None, on, False
    clock = _clock(written)
    if clock is None:
        return None
    since_midnight, seconds = clock
    return midnight + since_midnight, on, seconds


def read_stamp(text: str) -> tuple[datetime, date, bool] | None:
    """The same of a moment as metadata states it (RFC 3339), in UTC or in Tehran's time."""
    found = _is_stamp(text)
    if not found:
        return None
    try:
        at = datetime.fromisoformat(text.replace(" GMT", "Z")).astimezone(UTC)
    except ValueError:
        return None
    return at, at.astimezone(TEHRAN).date(), (found["seconds"] or found["of_gmt"]) is not None
