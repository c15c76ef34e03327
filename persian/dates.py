"""Dates of Persian news pages: an instant or a day, its precision, where it was read, and what was odd about it.

    parse("۱۵ آذر ۱۴۰۰ ۰۹:۱۹", fetched_at=now).gregorian == "2021-12-06T09:19:00+03:30"

Everything that cannot be read raises `DateError` (a ValueError); nothing is ever rolled over into another day.
"""

import re
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Final, Literal, NamedTuple

from persian.calendars import MONTHS, TEHRAN, WEEKDAYS, DateError, from_jalali, instant, month_start, to_jalali
from persian.published import Precision, Published, written
from persian.reading import (
    Age,
    Clock,
    Day,
    calendar_of,
    find_age,
    find_clock,
    find_days,
    find_hour,
    find_short_day,
    find_weekday,
    only_day,
    parts,
    plain_day,
    without_lunar,
)
from persian.usual import read_stamp, read_usual
from persian.words import fold

__all__ = [
    "MONTHS",
    "TEHRAN",
    "WEEKDAYS",
    "DateError",
    "Period",
    "Published",
    "from_jalali",
    "parse",
    "parse_period",
    "to_jalali",
    "written",
]

_DAY: Final = timedelta(days=1)
_MONTHS_A_YEAR: Final = 12
_SURE_DAY: Final = 29  # every month has one
_QUOTED: Final = 60


class _Read(NamedTuple):
    at: datetime | None
    on: date
    precision: Precision
    flags: tuple[str, ...]


def parse(
    text: str,
    *,
    fetched_at: datetime,
    hint: Literal["gregorian"] | None = None,
    origin: str = "page",
    since: date | None = None,
) -> Published:
    """The date in a text of a page, a field or a feed, with whatever labels stand around it.

    `fetched_at` (aware) anchors «دیروز» and two-digit years: a Jalali one is of the last fifty, year first (96/9/5)
    unless only the other order gives such a year (28/06/83). A Gregorian 06/12/2021 is day first, month first beside
    a Latin a.m. or p.m.; a weekday settles either. `hint="gregorian"` names
    a field that has no business holding a Jalali year. `since` is the day the source began. A time without an offset
    is Tehran's. Of several dates that behind a word of publication counts («تاریخ انتشار»), else the first Jalali one,
    else the first; an update's («ویرایش»), today's («امروز: …») and one in an address only where there is no other.

    Flags: relative, future, before-source, weekday-mismatch, calendars-disagree, jalali-year-in-gregorian-field,
    lunar-date-beside, nonexistent-local-time, ambiguous-local-time, day-period-mismatch (۱۴:۳۰ صبح),
    ambiguous-day-order (02/03/03). Raises `DateError` for a text without a date, for a lunar Hijri date alone, and for
    a day or time that does not exist.
    """
    if fetched_at.tzinfo is None:
        raise ValueError("fetched_at must be aware")
    usual = (read_usual(text) if hint is None else None) or read_stamp(text)
    if usual:
        at, on, seconds = usual
        is_past = on <= fetched_at.astimezone(TEHRAN).date() if at is None else at <= fetched_at
        if is_past and (since is None or since <= on):
            precision: Precision = "day" if at is None else "second" if seconds else "minute"
            return Published(at=at, on=on, precision=precision, raw=text, origin=origin)
    return _parse(text, fetched_at, hint, origin, since)


def _parse(text: str, fetched_at: datetime, hint: str | None, origin: str, since: date | None) -> Published:
    try:
        read = _read(fold(text), fetched_at, hint)
        to_jalali(read.on)
    except DateError as error:
        raise DateError(f"{error}: {_quoted(text)}") from None
    flags = read.flags
    if _is_future(read, fetched_at):
        flags = (*flags, "future")
    if since and _last_day(read) < since:
        flags = (*flags, "before-source")
    return Published(at=read.at, on=read.on, precision=read.precision, raw=text, origin=origin, flags=flags)


def _quoted(text: str) -> str:
    return repr(text if len(text) <= _QUOTED else text[: _QUOTED - 1] + "…")  # repr escapes controls and surrogates


def _is_future(read: _Read, fetched_at: datetime) -> bool:
    limit = fetched_at.astimezone(TEHRAN) + _DAY
    return read.on > limit.date() if read.at is None else read.at > limit


def _last_day(read: _Read) -> date:
    if read.precision != "month":
        return read.on
    year, month, _ = to_jalali(read.on)
    return _month_after(Day("jalali", year, month, None), 1) - _DAY


def _read(text: str, fetched_at: datetime, hint: str | None) -> _Read:
    *first, whole = parts(text)
    for part in first:
        with suppress(_NoDate):
            return _read_part(part, fetched_at, hint)
    return _read_part(whole, fetched_at, hint)


class _NoDate(DateError):
    pass


def _read_part(text: str, fetched_at: datetime, hint: str | None) -> _Read:
    clock, rest = find_clock(text)
    rest, lunar = without_lunar(rest)
    days = find_days(rest)
    short = None if days else find_short_day(rest, to_jalali(fetched_at.astimezone(TEHRAN).date())[0])
    if short:
        days = [short]
    clock = clock or find_hour(rest)
    if days:
        read = _absolute(days, clock, find_weekday(rest), hint)
    elif age := find_age(rest):
        read = _relative(age, clock, fetched_at)
    else:
        raise _NoDate("a lunar Hijri date, which is not converted" if lunar else "no date")
    return read._replace(flags=(*read.flags, "lunar-date-beside")) if lunar else read


def _absolute(days: list[Day], clock: Clock | None, weekday: int | None, hint: str | None) -> _Read:
    first = min(days, key=lambda day: (day.day is None, day.calendar != "jalali"))
    day = _in_order(first, clock, weekday)
    gregorian_field = _gregorian_field(day, clock, hint)
    if day.day is None:
        return _Read(None, _first_of_month(day), "month", _field_flags(day, gregorian_field=gregorian_field))
    on = _gregorian(day)
    checked = _check_flags(on, days, weekday)
    return _at(on, clock, (*_field_flags(day, gregorian_field=gregorian_field), *checked))


def _in_order(day: Day, clock: Clock | None, weekday: int | None) -> Day:
    """02/03/2024 as its weekday has it, else day first, but month first beside a.m. or p.m. (the American form)."""
    if day.other is None:
        return day
    fitting = [each for each in (day, day.other) if _gregorian(each).weekday() == weekday]
    if len(fitting) == 1:
        return fitting[0]._replace(flags=())
    return day.other if day.calendar == "gregorian" and clock and clock.latin else day


def _gregorian(day: Day) -> date:
    if day.calendar == "jalali":
        return from_jalali(day.year, day.month, day.day or 0)
    try:
        return date(day.year, day.month, day.day or 0)
    except ValueError:
        raise DateError(f"{day.year}-{day.month:02}-{day.day:02} does not exist") from None


def _first_of_month(day: Day) -> date:
    if day.calendar == "gregorian":
        raise DateError("a Gregorian month alone is not one Jalali month")
    return from_jalali(day.year, day.month, 1)


def _gregorian_field(day: Day, clock: Clock | None, hint: str | None) -> bool:
    rfc822 = day.roman and clock is not None and clock.zone is not None
    return hint == "gregorian" or day.repaired or rfc822


def _field_flags(day: Day, *, gregorian_field: bool) -> tuple[str, ...]:
    if day.calendar == "jalali" and gregorian_field:
        return (*day.flags, "jalali-year-in-gregorian-field")
    return day.flags


def _check_flags(on: date, days: list[Day], weekday: int | None) -> list[str]:
    """What contradicts the day read: the first Gregorian day that stands beside it, a weekday."""
    other = next((day for day in days if day.calendar == "gregorian" and day.day is not None), None)
    flags = []
    if other and on.timetuple()[:3] not in {each[1:4] for each in (other, other.other) if each}:
        flags.append("calendars-disagree")
    if weekday is not None and weekday != on.weekday():
        flags.append("weekday-mismatch")
    return flags


def _at(on: date, clock: Clock | None, flags: tuple[str, ...]) -> _Read:
    if clock is None:
        return _Read(None, on, "day", flags)
    local = datetime.combine(on, clock.time)
    at, odd = instant(local) if clock.zone is None else ((local - clock.zone).replace(tzinfo=UTC), ())
    if odd or clock.zone is not None:
        on = at.astimezone(TEHRAN).date()
    return _Read(at, on, "second" if clock.seconds else "minute", (*flags, *clock.flags, *odd))


def _relative(age: Age, clock: Clock | None, fetched_at: datetime) -> _Read:
    flags = ("relative",)
    today = fetched_at.astimezone(TEHRAN).date()
    beyond = timedelta(minutes=age.beyond)
    if age.unit == "minutes":
        at = (fetched_at.astimezone(UTC) - timedelta(minutes=age.number)).replace(second=0, microsecond=0)
        return _Read(at, at.astimezone(TEHRAN).date(), "minute", flags)
    if age.number != int(age.number):
        raise DateError("a part of a day is no date")
    if age.unit == "days":
        on = (fetched_at.astimezone(TEHRAN).replace(tzinfo=None) - timedelta(days=age.number) - beyond).date()
        return _at(on, clock, flags)
    year, month, day = to_jalali(today)
    year, month = divmod(year * _MONTHS_A_YEAR + month - 1 - int(age.number), _MONTHS_A_YEAR)
    on = from_jalali(year, month + 1, min(day, _SURE_DAY)) - beyond
    return _Read(None, from_jalali(*to_jalali(on)[:2], 1), "month", flags)


@dataclass(frozen=True, slots=True)
class Period:
    """The instants from `start` up to but not including `end`, aware, in UTC."""

    start: datetime
    end: datetime


_YEAR = re.compile(r"\d{4}", re.ASCII)
_MONTH = re.compile(r"(\d{4}) ?[/.,-] ?(\d{1,2})|(\d{1,2}) ?[/.,-] ?(\d{4})", re.ASCII)
_RANGE = re.compile(rf"(?:از |from )?(.{{1,{_QUOTED}}}?)(?: ?(?:\.{{2,3}}|…) ?| تا | الی | to )(.{{1,{_QUOTED}}})")
_DASHED = re.compile(rf"(.{{4,{_QUOTED}}}?) - (.{{4,{_QUOTED}}})|([\d/]+)-([\d/]+)|([\d-]+)/([\d-]+)", re.ASCII)
_FORMS = (
    "say a day, month or year of either calendar, such as 1400-09-15, 1400/09, «آذر ۱۴۰۰», 2021-12 or 1400, "
    "or two of them with .. or «تا» between"
)


def parse_period(text: str) -> Period:
    """The day, month or year a person names as a filter, cut at Tehran's midnights; or all from one through another.

    `1400-09..1400-12` ends with Esfand; in «از ۱ تا ۱۵ آذر ۱۴۰۰» the first takes the month and year of the second.
    A year of 1206–1498 is Jalali, one of 1800–2200 Gregorian. Raises `DateError` saying which forms are read.
    """
    try:
        first, after = _through(fold(text))
    except DateError as error:
        raise DateError(f"{error}: {_quoted(text)}; {_FORMS}") from None
    return Period(instant(datetime.combine(first, time()))[0], instant(datetime.combine(after, time()))[0])


def _through(text: str) -> tuple[date, date]:
    found = _RANGE.fullmatch(text)
    if not found:
        whole = _asked(text)
        found = None if whole else _DASHED.fullmatch(text)
        if not found:
            return _span(whole)
    start, end = map(plain_day, filter(None, found.groups()))
    first, _ = _span(_asked(_completed(start, end)))
    last, after = _span(_asked(end))
    if last < first:
        raise DateError("it ends before it begins")
    return first, after


def _completed(start: str, end: str) -> str:
    """«۱» with the month and year of «۱۵ آذر ۱۴۰۰», «آذر» or «۱ آذر» with the year."""
    if start.isdecimal() and len(start) < 3:  # noqa: PLR2004
        return start + end.lstrip("0123456789")
    return start if _YEAR.search(start) else f"{start} {end[-4:]}"


def _asked(text: str) -> Day | None:
    """The day asked for; month 0 for a whole year, day None for a whole month; None for what is neither."""
    text = plain_day(text).removeprefix("سال ")
    if _YEAR.fullmatch(text):
        year, month = int(text), 0
    elif found := _MONTH.fullmatch(text):
        year, month = int(found[1] or found[4]), int(found[2] or found[3])
        if not 1 <= month <= _MONTHS_A_YEAR:
            raise DateError("no such month")
    else:
        day = only_day(text)
        if day and day.other:
            raise DateError("day and month may stand in either order")
        return None if day and day.repaired else day
    calendar = calendar_of(year)
    if calendar is None:
        raise DateError("a year of neither calendar")
    return Day(calendar, year, month, None)


def _span(day: Day | None) -> tuple[date, date]:
    if day is None:
        raise DateError("no period")
    if day.day is not None:
        first = _gregorian(day)
        return first, first + _DAY
    start = day._replace(day=1, month=day.month or 1)
    months = 1 if day.month else _MONTHS_A_YEAR
    return _gregorian(start), _month_after(start, months)


def _month_after(start: Day, months: int) -> date:
    year, month = divmod(start.year * _MONTHS_A_YEAR + start.month - 1 + months, _MONTHS_A_YEAR)
    if start.calendar == "gregorian":
        return date(year, month + 1, 1)
    return month_start(year, month + 1)
