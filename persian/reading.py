"""What a folded text (`persian.words.fold`) says of a date: its clock, its days, its weekday, its age.

Every expression here is bounded and unnested, so reading is linear in the text.
"""

import re
from datetime import time, timedelta
from typing import Literal, NamedTuple

from persian.calendars import FIRST_YEAR, LAST_YEAR, DateError
from persian.words import DAY_WORDS, LUNAR_MONTHS, MONTH_NAMES, NUMBERS, WEEKDAY_NAMES, Kind

Calendar = Literal["jalali", "gregorian"]

_L = "a-z\u0620-\u06d3"  # letters of a folded text
_ASCII = re.ASCII
_LAST_MONTH = 12
_FIRST_GREGORIAN, _LAST_GREGORIAN = 1800, 2200


def calendar_of(year: int) -> Calendar | None:
    """The calendar a four-digit year belongs to: 1206–1498 Jalali, 1800–2200 Gregorian, otherwise none."""
    if FIRST_YEAR <= year <= LAST_YEAR:
        return "jalali"
    return "gregorian" if _FIRST_GREGORIAN <= year <= _LAST_GREGORIAN else None


# The clock ----------------------------------------------------------------------------------------------------------

_CLOCK = re.compile(
    r"(?<![\d:.])(?P<hour>\d{1,2})(?P<colon> ?: ?)(?P<minute>\d{2})(?:(?P=colon)(?P<second>\d{2})(?:[.,]\d{1,9})?)?"
    r"(?![\d])"
    r"(?: ?(?P<zone>(?:gmt|utc)?[+-](?:0\d|1[0-4]):?[0-5]\d(?::?[0-5]\d)?(?![\d/.-])"
    r"|(?:z|utc?|gmt|irs?t|irdt|[ecmp][sd]t)(?![a-z])))?",
    _ASCII,
)
_HOUR = re.compile(rf"ساعت ?:? ?(\d{{1,2}})(?:[./](\d{{2}})(?!\d)| و (\d{{1,2}}) دقیقه)?(?![\d:./{_L}])", _ASCII)
_PERIOD = (
    r"(?:(?P<am>ق\.? ?ظ|قبل ?از ?ظهر|پیش ?از ?ظهر|صبح|بامداد|سحر|a\.?m)"
    r"|(?P<pm>ب\.? ?ظ|بعد ?از ?ظهر|پس ?از ?ظهر|عصر|غروب|p\.?m)"
    rf"|(?P<noon>ظهر)|(?P<night>شب))(?![{_L}])\.?"
)
_AFTER = re.compile(rf" ?{_PERIOD}")
_BEFORE = re.compile(rf"(?<![{_L}]){_PERIOD} ?(?:ساعت ?)?:? ?$")
_LONGEST_PERIOD = 24
_BASIC = re.compile(r"(?<!\d)(\d{4})(\d{2})(\d{2}) ?t ?(\d{2})(\d{2})(\d{2})?(?!\d)", _ASCII)
_ZONES = {"irst": 210, "irt": 210, "irdt": 270} | {
    f"{name}{kind}t": 60 * (hours + (kind == "d"))
    for name, hours in {"e": -5, "c": -6, "m": -7, "p": -8}.items()
    for kind in "sd"
}


class Clock(NamedTuple):
    time: time
    seconds: bool
    zone: timedelta | None  # the offset that was stated
    flags: tuple[str, ...]


def _offset(zone: str | None) -> timedelta | None:
    if zone is None:
        return None
    sign = max(zone.find("+"), zone.find("-"))
    if sign < 0:
        return timedelta(minutes=_ZONES.get(zone, 0))
    digits = zone[sign + 1 :].replace(":", "").ljust(6, "0")
    offset = timedelta(hours=int(digits[:2]), minutes=int(digits[2:4]), seconds=int(digits[4:]))
    return -offset if zone[sign] == "-" else offset


def _hour24(hour: int, period: str | None) -> tuple[int, tuple[str, ...]]:
    noon, dusk = 12, 6
    if period is None:
        return hour, ()
    if hour > noon:
        return hour, ("day-period-mismatch",) if period == "am" else ()
    if period == "am" or (period == "night" and (hour == noon or hour < dusk)):
        return hour % noon, ()
    if period == "noon" and hour >= noon - 2:
        return hour, ()
    return hour % noon + noon, ()


def _period(text: str, start: int, end: int) -> str | None:
    before = text[max(0, start - _LONGEST_PERIOD) : start].rstrip()
    if end < len(text) and (marked := _AFTER.match(text, end)):
        return marked.lastgroup
    if before and not before[-1].isdecimal() and (marked := _BEFORE.search(before)):
        return marked.lastgroup
    return None


def _clock(text: str, found: re.Match[str], minute: str | None, second: str | None, zone: str | None) -> Clock:
    stated = int(found[1])
    hour, flags = _hour24(stated, _period(text, *found.span()))
    try:
        at = time(hour, int(minute or 0), int(second or 0))
    except ValueError:
        raise DateError(f"no such time of day as {found[0].strip()!r}") from None
    return Clock(at, second is not None, _offset(zone), flags)


def _extended(basic: re.Match[str]) -> str:
    year, month, day, *clock = basic.groups()
    return f"{year}-{month}-{day}t{':'.join(filter(None, clock))}"


def find_clock(text: str) -> tuple[Clock | None, str]:
    """The first time of day in a folded text, and the text without it. Raises `DateError` for one like 25:99."""
    if "t" in text:
        text = _BASIC.sub(_extended, text)
    found = _CLOCK.search(text)
    if not found:
        return None, text
    zone, end = found["zone"], found.end()
    if zone and zone[0] == "-" and ":" in zone and not found["second"] and not text[: found.start()].endswith("t"):
        zone, end = None, found.start("zone")  # 09:19-10:30 says until when
    clock = _clock(text, found, found["minute"], found["second"], zone)
    return clock, f"{text[: found.start()].rstrip()} {text[end:].lstrip()}"


def find_hour(text: str) -> Clock | None:
    """A clock without a colon: «ساعت ۹ صبح», «ساعت ۹ و ۵ دقیقه», «ساعت ۰۹.۰۵»."""
    found = _HOUR.search(text)
    return _clock(text, found, found[2] or found[3], None, None) if found else None


# Days ---------------------------------------------------------------------------------------------------------------

_S = " ?[-/,.|]? ?"
_WORD = rf"[{_L}]{{2,14}}"
_DAY = r"(?<!\d)(\d{1,2})(?: ?(?:st|nd|rd|th|ام|م)(?= ))?"
_NAME = rf"({_WORD})(?: ماه)?"
_YEAR = r"(?:سال ?)?(\d{4})(?!\d)"
_DATE = re.compile(
    rf"{_DAY}{_S}(?:of )?{_NAME}{_S}(?:سال ?)?(?P<named>\d{{4}})(?!\d)"
    r"|(?<!\d)(?<!\d[/.])(\d{4}) ?([/.,-]) ?(\d{1,2}) ?\5 ?(?P<numeric>\d{1,2})(?!\d)"
    r"|(?<!\d)(?<!\d[/.])(\d{1,2}) ?([/.,-]) ?(\d{1,2}) ?\9 ?(?P<yearlast>\d{4})(?!\d)"
    rf"|(?<![{_L}])({_WORD}){_S}(\d{{1,2}})(?:st|nd|rd|th)?{_S}(?P<monthfirst>\d{{4}})(?!\d)"
    rf"|(?<!\d)(\d{{4}}){_S}{_NAME}{_S}(?P<yearfirst>\d{{1,2}})(?!\d)"
    rf"|(?<![{_L}]){_NAME}{_S}(?:سال ?)?(?P<month>\d{{4}})(?!\d)(?! ?[/.-]\d)",
    _ASCII,
)
_SHORT = re.compile(
    r"(?<!\d)(?<!\d[/.-])(\d{1,2})([/.-])(\d{1,2})\2(?P<numeric>\d{1,2})(?!\d)(?![/.-]\d)"
    rf"|{_DAY}{_S}{_NAME}{_S}(?:سال ?)?'?(?P<named>\d{{2}})(?!\d)",
    _ASCII,
)
_WHOLE_MONTH = re.compile(r"(\d{4})[/.-](\d{1,2})", _ASCII)
_NUMERIC = r"\d{1,4} ?[/.,-] ?\d{1,2} ?[/.,-] ?\d{1,4}(?!\d)"
_MARK = rf" ?\(?(?:هجری ?)?(?:قمری|ه\.? ?ق)(?![{_L}])(?! ?:)"
_LUNAR = re.compile(
    rf"(?<![\d{_L}])(?:\d{{1,2}}{_S})?(?:{'|'.join(LUNAR_MONTHS)})"
    rf"{_S}(?:سال ?)?\d{{3,4}}(?!\d)(?! ?[/.-]\d)(?:{_MARK})?"
    rf"|(?<![\d/.-])(?:{_NUMERIC}|(?:\d{{1,2}}{_S})?{_WORD}{_S}\d{{4}}){_MARK}|قمری ?: ?{_NUMERIC}",
    _ASCII,
)
_SPELLED = re.compile(rf"(?<![{_L}])({'|'.join(sorted(DAY_WORDS, key=len, reverse=True))})(?: روز| ام)? ?$")
_LONGEST_DAY_WORD = 24


class Day(NamedTuple):
    """A day as written, not yet checked to exist; `day` is None where only the month is stated."""

    calendar: Calendar
    year: int
    month: int
    day: int | None
    repaired: bool = False  # a Jalali year behind an English month
    roman: bool = False  # a Jalali month in Latin letters
    flags: tuple[str, ...] = ()


def _named(kind_and_month: tuple[Kind, int], year: int, day: int | None) -> Day | None:
    kind, month = kind_and_month
    calendar = calendar_of(year)
    if calendar == "jalali" and kind in {"jalali", "roman", "english"}:
        return Day(calendar, year, month, day, repaired=kind == "english", roman=kind == "roman")
    return Day(calendar, year, month, day) if calendar == "gregorian" and kind in {"gregorian", "english"} else None


def _numeric(year: int, month: int, day: int, *, year_last: bool = False) -> Day | None:
    calendar = calendar_of(year)
    if calendar == "gregorian" and year_last and month > _LAST_MONTH >= day:
        month, day = day, month
    return calendar and Day(calendar, year, month, day)


def _spelled_day(text: str, end: int) -> int | None:
    found = _SPELLED.search(text[max(0, end - _LONGEST_DAY_WORD) : end])
    return DAY_WORDS[found[1]] if found else None


def _day(text: str, found: re.Match[str]) -> Day | None:
    g = found.groups()
    day: int | None
    match found.lastgroup:
        case "numeric":
            return _numeric(int(g[3]), int(g[5]), int(g[6]))
        case "yearlast":
            return _numeric(int(g[10]), int(g[9]), int(g[7]), year_last=True)
        case "named":
            name, year, day = g[1], g[2], int(g[0])
        case "monthfirst":
            name, year, day = g[11], g[13], int(g[12])
        case "yearfirst":
            name, year, day = g[15], g[14], int(g[16])
        case _:
            name, year, day = g[17], g[18], _spelled_day(text, found.start())
    return _named(MONTH_NAMES[name], int(year), day) if name in MONTH_NAMES else None


def without_lunar(text: str) -> tuple[str, bool]:
    """A folded text without the dates that its words mark as lunar Hijri, and whether there were any."""
    rest, times = _LUNAR.subn(" ", text)
    return rest, times > 0


def find_days(text: str) -> list[Day]:
    """Every day (or month) with a four-digit year in a folded text, in order."""
    days = []
    position = 0
    while found := _DATE.search(text, position):
        day = _day(text, found)
        if day:
            days.append(day)
        position = found.end() if day else found.start() + 1
    whole = _WHOLE_MONTH.fullmatch(text.strip())
    if whole and calendar_of(int(whole[1])) == "jalali":
        days.append(Day("jalali", int(whole[1]), int(whole[2]), None))
    return days


def only_day(text: str) -> Day | None:
    """The day or month that is all a folded text says."""
    found = _DATE.fullmatch(text)
    return _day(text, found) if found else None


def full_year(short: int, latest: int) -> int:
    """The last year up to `latest` that ends in these two digits."""
    return latest - (latest - short) % 100


def _short_numeric(first: int, month: int, last: int, latest: int) -> Day:
    """Year first (96/9/5), unless only the last number gives a year of the last fifty: 28/06/83, 25/02/04."""
    recent = latest - 50
    by_first = Day("jalali", full_year(first, latest), month, last)
    by_last = Day("jalali", full_year(last, latest), month, first)
    first_fits = 1 <= last <= 31 and by_first.year >= recent  # noqa: PLR2004
    last_fits = 1 <= first <= 31 and by_last.year >= recent  # noqa: PLR2004
    if first_fits and last_fits:
        return by_first._replace(flags=("ambiguous-day-order",))
    return by_last if last_fits else by_first


def find_short_day(text: str, this_year: int) -> Day | None:
    """A Jalali day with a two-digit year, one of the hundred up to next year; RFC 5322 §4.3 for a Gregorian month."""
    for found in _SHORT.finditer(text):
        if found.lastgroup == "numeric" and max(len(found[1]), len(found[4])) > 1:
            return _short_numeric(int(found[1]), int(found[3]), int(found[4]), this_year + 1)
        if found.lastgroup == "named" and found[6] in MONTH_NAMES:
            kind, month = MONTH_NAMES[found[6]]
            jalali = kind in {"jalali", "roman"}
            year = full_year(int(found[7]), this_year + 1 if jalali else 2049)
            return Day("jalali" if jalali else "gregorian", year, month, int(found[5]), roman=kind == "roman")
    return None


_WEEKDAY = re.compile(
    rf"(?<![{_L}\d])(?:((?:(?:یک|دو|سه|چهار|پنج|[1-5]) ?)?شنبه|جمعه|ادینه)(?![{_L}])"
    r"|(mon(?:day)?|tue(?:s(?:day)?)?|wed(?:nesday)?|thu(?:r(?:s(?:day)?)?)?|fri(?:day)?|sat(?:urday)?|sun(?:day)?)(?![a-z]))",
    _ASCII,
)


def find_weekday(text: str) -> int | None:
    """The first weekday named in a folded text, Monday 0."""
    found = _WEEKDAY.search(text)
    return WEEKDAY_NAMES[found[0].replace(" ", "")] if found else None


# Ages ---------------------------------------------------------------------------------------------------------------

_UNIT = "ثانیه|دقیقه|ربع|ساعت|روز|هفته|ماه|سال|seconds?|minutes?|mins?|hours?|days?|weeks?|months?|years?"
_COUNT = rf"(?:\d{{1,4}}(?:\.5| و نیم)?|[{_L}]{{1,7}}(?: و [{_L}]{{2,4}})?)"
_AGE = re.compile(
    rf"(?<![{_L}\d])(?<!\d[./])({_COUNT}) ?({_UNIT})(?: ?و ?(?:({_COUNT}) ?({_UNIT})|(نیم|ربع)))? ?(?:پیش|قبل|ago)"
    rf"(?! ?از)(?![{_L}])",
    _ASCII,
)
_JUST_NOW = re.compile(
    rf"(?<![{_L}])(?:(?:لحظاتی|لحظه ?ای|ثانیه ?هایی|دقایقی|دقیقه ?ای|چند (?:لحظه|ثانیه|دقیقه)) ?(?:پیش|قبل)"
    rf"|هم ?اکنون|همین (?:حالا|الان)|just now|(?P<hour>ساعتی (?:پیش|قبل)))(?! ?از)(?![{_L}])",
)
_DAY_WORD = re.compile(
    rf"(?<![{_L}])(?:(امروز|امشب|today)|(دیروز|دیشب|yesterday)|(پریروز|پریشب)|(پس ?پریروز|پس ?پریشب))(?![{_L}])"
)
_PARTS = {"نیم": 0.5, "ربع": 0.25, None: 0}
_MINUTES = {"ثانیه": 1 / 60, "دقیقه": 1, "ربع": 15, "ساعت": 60, "second": 1 / 60, "minute": 1, "min": 1, "hour": 60}
_DAYS = {"روز": 1, "هفته": 7, "day": 1, "week": 7}
_MONTHS = {"ماه": 1, "سال": 12, "month": 1, "year": 12}


class Age(NamedTuple):
    """How long ago, in the coarsest unit that was stated; the other two are zero."""

    unit: Literal["minutes", "days", "months"]
    number: float


def _count(words: str) -> float:
    whole, half, _ = words.partition(" و نیم")
    if whole[0].isdecimal():
        number = float(whole)
    elif whole in {"a", "an"}:
        number = 1
    elif whole in NUMBERS:
        number = NUMBERS[whole]
    else:
        raise DateError(f"{whole!r} is no number")
    return number + 0.5 if half else number


def _age(number: float, unit: str) -> Age:
    unit = unit.removesuffix("s")
    if unit in _MINUTES:
        return Age("minutes", number * _MINUTES[unit])
    return Age("days", number * _DAYS[unit]) if unit in _DAYS else Age("months", number * _MONTHS[unit])


def find_age(text: str) -> Age | None:
    """How long ago a folded text says it was: «۲ ساعت پیش», «یک ساعت و ۵ دقیقه قبل», «دیروز», "3 days ago"."""
    if found := _DAY_WORD.search(text):
        return Age("days", (found.lastindex or 1) - 1)
    if found := _JUST_NOW.search(text):
        return Age("minutes", 60 if found["hour"] else 0)
    if found := _AGE.search(text):
        count, unit, more, smaller, part = found.groups()
        age = _age(_count(count) + _PARTS[part], unit)
        rest = _age(_count(more), smaller) if more else age._replace(number=0)
        return age._replace(number=age.number + rest.number) if rest.unit == age.unit else age
    return None
