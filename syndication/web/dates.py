"""Dates as pages show them: the Jalali one in words, the Gregorian one beside it."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from persian.dates import MONTHS, TEHRAN, WEEKDAYS, DateError, Published, to_jalali, written
from persian.text import persian_digits
from syndication.web.words import FLAGS, ORIGINS, PRECISIONS, word

ENGLISH_MONTHS = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)


@dataclass(frozen=True, kw_only=True, slots=True)
class Shown:
    """One date in both calendars; `iso` is what <time datetime> takes."""

    jalali: str
    gregorian: str
    iso: str


@dataclass(frozen=True, kw_only=True, slots=True)
class ShownPublished(Shown):
    """A date that a page stated, with what it said and what was noticed about it, in words."""

    precision: str
    origin: str
    raw: str
    flags: tuple[str, ...]


def of_day(day: date) -> Shown:
    """«دوشنبه ۱۵ آذر ۱۴۰۰» and "6 December 2021"."""
    return Shown(jalali=_jalali(day), gregorian=_gregorian(day), iso=day.isoformat())


def of_moment(moment: datetime) -> Shown:
    """An aware instant, to the minute, as a clock in Tehran showed it."""
    local = moment.astimezone(TEHRAN)
    day = of_day(local.date())
    return Shown(
        jalali=f"{day.jalali}، {persian_digits(f'{local:%H:%M}')}",
        gregorian=f"{day.gregorian}, {local:%H:%M}",
        iso=local.replace(microsecond=0).isoformat(),
    )


def of_published(published: Published) -> ShownPublished:
    return ShownPublished(
        jalali=written(published),
        gregorian=_gregorian_of(published),
        iso=published.gregorian if published.precision != "month" else "",
        precision=word(PRECISIONS, published.precision),
        origin=word(ORIGINS, published.origin),
        raw=published.raw,
        flags=tuple(word(FLAGS, flag) for flag in published.flags),
    )


def _jalali(day: date) -> str:
    try:
        year, month, number = to_jalali(day)
    except DateError:  # a clock far off
        return ""
    return persian_digits(f"{WEEKDAYS[day.weekday()]} {number} {MONTHS[month - 1]} {year}")


def _gregorian(day: date) -> str:
    return f"{day.day} {ENGLISH_MONTHS[day.month - 1]} {day.year}"


def _gregorian_of(published: Published) -> str:
    if published.precision == "month":  # a Jalali month begins in one Gregorian month and ends in the next
        last = published.on + timedelta(days=28)
        return f"{ENGLISH_MONTHS[published.on.month - 1]}–{ENGLISH_MONTHS[last.month - 1]} {last.year}"
    clock = f", {published.at.astimezone(TEHRAN):%H:%M}" if published.at else ""
    return _gregorian(published.on) + clock
