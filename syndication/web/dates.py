"""Dates as pages show them, in the words of a language: both calendars, the reader's own first."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from persian.calendars import MONTHS, MONTHS_IN_LATIN, TEHRAN, WEEKDAYS, DateError, to_jalali
from persian.dates import Period
from persian.published import Published, written
from persian.text import persian_digits
from syndication.charts.words import ENGLISH_DAYS, month_name
from syndication.web.language import Language

ENGLISH_MONTHS = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)
DAY = timedelta(days=1)


@dataclass(frozen=True, kw_only=True, slots=True)
class Shown:
    """One date, by the reader's calendar and by the other one; `iso` is what <time datetime> takes."""

    first: str
    beside: str
    iso: str


@dataclass(frozen=True, kw_only=True, slots=True)
class ShownPublished(Shown):
    """A date that a page stated, with what it said and what was noticed about it, in words."""

    precision: str
    origin: str
    raw: str
    flags: tuple[str, ...]


def of_day(day: date, language: Language) -> Shown:
    """«دوشنبه ۱۵ آذر ۱۴۰۰» and "6 December 2021"; in English "Monday, 6 December 2021" and "15 Azar 1400"."""
    if language.is_persian:
        return Shown(first=_persian(day), beside=_gregorian(day), iso=day.isoformat())
    return Shown(
        first=f"{ENGLISH_DAYS[day.weekday()]}, {_gregorian(day)}", beside=_jalali_in_latin(day), iso=day.isoformat()
    )


def of_moment(moment: datetime, language: Language) -> Shown:
    """An aware instant, to the minute, as a clock in Tehran showed it."""
    local = moment.astimezone(TEHRAN)
    day, clock = of_day(local.date(), language), f"{local:%H:%M}"
    first = f"{day.first}، {persian_digits(clock)}" if language.is_persian else f"{day.first}, {clock}"
    beside = f"{day.beside}, {clock}" if language.is_persian else day.beside
    return Shown(first=first, beside=beside, iso=local.replace(microsecond=0).isoformat())


def of_published(published: Published, language: Language) -> ShownPublished:
    shown = _of_published(published, language)
    return ShownPublished(
        first=shown.first,
        beside=shown.beside,
        iso=published.gregorian if published.precision != "month" else "",
        precision=language.word("precisions", published.precision),
        origin=language.word("origins", published.origin),
        raw=published.raw,
        flags=tuple(language.word("flags", flag) for flag in published.flags),
    )


def fields_of(period: Period) -> tuple[str, str, str] | None:
    """Year, month and day that name a period by the Jalali calendar, "" for what it leaves open; None for another."""
    first, after = (moment.astimezone(TEHRAN).date() for moment in (period.start, period.end))
    try:
        year, month, day = to_jalali(first)
        next_year, next_month, next_day = to_jalali(after)
    except DateError:
        return None
    if after - first == DAY:
        return str(year), str(month), str(day)
    if (day, next_day) == (1, 1) and (next_year * 12 + next_month) - (year * 12 + month) == 1:
        return str(year), str(month), ""
    if (month, day, next_year, next_month, next_day) == (1, 1, year + 1, 1, 1):
        return str(year), "", ""
    return None


def _of_published(published: Published, language: Language) -> Shown:
    if published.precision == "month":
        year, month, _ = to_jalali(published.on)
        last = published.on + timedelta(days=28)  # a Jalali month begins in one Gregorian month and ends in the next
        gregorian = f"{ENGLISH_MONTHS[published.on.month - 1]}–{ENGLISH_MONTHS[last.month - 1]} {last.year}"
        jalali = month_name(f"{year}-{month:02}", language)
        first, beside = (jalali, gregorian) if language.is_persian else (gregorian, jalali)
        return Shown(first=first, beside=beside, iso="")
    if not language.is_persian:
        return of_moment(published.at, language) if published.at else of_day(published.on, language)
    clock = f", {published.at.astimezone(TEHRAN):%H:%M}" if published.at else ""
    return Shown(first=written(published), beside=_gregorian(published.on) + clock, iso="")


def _persian(day: date) -> str:
    try:
        year, month, number = to_jalali(day)
    except DateError:  # a clock far off
        return ""
    return persian_digits(f"{WEEKDAYS[day.weekday()]} {number} {MONTHS[month - 1]} {year}")


def _jalali_in_latin(day: date) -> str:
    try:
        year, month, number = to_jalali(day)
    except DateError:
        return ""
    return f"{number} {MONTHS_IN_LATIN[month - 1]} {year}"


def _gregorian(day: date) -> str:
    return f"{day.day} {ENGLISH_MONTHS[day.month - 1]} {day.year}"
