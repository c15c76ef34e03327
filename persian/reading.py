"""What a folded text (`persian.words.fold`) says of a date: its clock, its days, its weekday, its age.

Every expression here is bounded and unnested, so reading is linear in the text.
"""

import re
from collections.abc import Iterator
from datetime import time, timedelta
from typing import Literal, NamedTuple

from persian.calendars import FIRST_YEAR, LAST_YEAR, DateError
from persian.words import DAY_WORDS, LUNAR_MONTHS, MONTH_NAMES, NUMBERS, SHORT_MONTHS, WEEKDAY_NAMES, Kind

Calendar = Literal["jalali", "gregorian"]
Unit = Literal["minutes", "days", "months"]

_L = "a-z\u0620-\u06d3"  # letters of a folded text
_ASCII = re.ASCII
_LAST_MONTH = 12
_FIRST_GREGORIAN, _LAST_GREGORIAN = 1800, 2200


def calendar_of(year: int) -> Calendar | None:
    """The calendar a four-digit year belongs to: 1206–1498 Jalali, 1800–2200 Gregorian, otherwise none."""
    if FIRST_YEAR <= year <= LAST_YEAR:
        return "jalali"
    return "gregorian" if _FIRST_GREGORIAN <= year <= _LAST_GREGORIAN else None


# What a text says of which date -------------------------------------------------------------------------------------

_DONE = "(?! شد(?!ه))"  # «… منتشر شد» tells of the date before it
_PUBLISHED = (
    "انتشار",
    f"منتشر{_DONE}",
    *(f"{done} شده" for done in ("درج", "ثبت", "ارسال", "ایجاد")),
    *(rf"{what} (?:درج|ثبت|ارسال|ایجاد|مخابره)" for what in ("تاریخ", "زمان", "ساعت")),
    "تاریخ (?:خبر|مطلب)",
    "publish",
    "posted",
    "created",
)
_OTHERWISE = (
    r"به?[- ]?روز(?: ?رسانی| ?اوری| شده)",
    "به ?هنگام",
    "اپدیت",
    *(f"{done}{_DONE}" for done in ("ویرایش", "اصلاح")),
    "اخرین تغییر",
    "تاریخ تغییر",
    "امروز(?: ?:| (?=(?:(?:یک|دو|سه|چهار|پنج) ?)?شنبه|جمعه))",
    "updated",
    "modified",
    "edited",
    "expires",
)
_LABEL = re.compile("|".join((*_PUBLISHED, *_OTHERWISE)))
_OF_PUBLICATION = re.compile("|".join(_PUBLISHED))
_YEAR = re.compile(r"(?<!\d)\d{4}(?!\d)", _ASCII)
_ADDRESS = re.compile(r"https?://[^ ]{1,2000}")


def parts(text: str) -> Iterator[str]:
    """A folded text's parts in the order they are to be believed, the whole at last.

    What follows a word of publication counts before what stands without one; a date of an update, or of the day the
    page was made («امروز: …»), counts where there is no other, as does one in an address.
    """
    plain = _ADDRESS.sub(" ", text) if "://" in text else text
    labels = [*_LABEL.finditer(plain)]
    if labels:
        ends = [*(label.start() for label in labels[1:]), len(plain)]
        told = (plain[label.start() : end] for label, end in zip(labels, ends, strict=True))
        published = " ".join(part for part in told if _OF_PUBLICATION.match(part))
        before = plain[: labels[0].start()]
        if _YEAR.search(before) and find_days(before):
            yield published
        yield f"{before} {published}"
    elif plain is not text:
        yield plain
    yield text


# The clock ----------------------------------------------------------------------------------------------------------

_CLOCK = re.compile(
    r"(?P<hour>\d(?:(?<![\d:.]\d)|(?<=\d{4}[/.-]\d\d[/.-]\d{3}))\d?)(?P<colon> ?: ?)(?P<minute>\d{2})"
    r"(?:(?P=colon)(?P<second>\d{2})(?:[.,]\d{1,9})?)?(?!\d)(?P<end>)"
    r"(?:(?: ?(?:[ap]\.?m|[قب]\.? ?ظ)\.?)? ?\(?(?:به وقت )?"
    r"(?P<zone>(?:gmt|utc)?[+-](?:0\d|1[0-4]):?[0-5]\d(?::?[0-5]\d)?(?![\d/.-])"
    r"|(?<=:\d\d)\+(?:0\d|1[0-4])(?![\d:/.-])|(?:gmt|utc)[+-]\d{1,2}(?::[0-5]\d)?(?![\d:/.-])"
    r"|[+-]\d:[0-5]\d(?= گرینویچ)"
    rf"|(?:z|utc?|gmt|irs?t|irdt|[ecmp][sd]t|گرینویچ|جهانی)(?![{_L}])))?",
    _ASCII,
)
_LOOSE = re.compile(  # one digit for the minutes: only where nothing but a time can stand
    r"(?:ساعت ?:? ?|(?<!\d)1[2-4]\d\d(?:[/.-]\d{1,2}[/.-]\d{1,2})?(?: ?[-|,] ?| ))"
    r"(?P<hour>\d{1,2}):(?P<minute>\d{1,2})(?::(?P<second>\d{1,2}))?(?![\d:])",
    _ASCII,
)
_AT = re.compile(r"(?:در )?ساعت ?:? ?$")
_NO_CLOCK = re.compile(rf"(?<![{_L}])(?:مدت|طول|بازدید|duration)[{_L} ]{{0,16}}:? ?$")
_LONGEST_NO_CLOCK = 32
_HOUR = re.compile(
    r"ساعت ?:? ?(\d{1,2})(?:[./](\d{2})(?!\d)"
    r"| ?و ?(?:(\d{1,2})(?: ?دقیقه(?: ?و ?(\d{1,2}) ?ثانیه)?|(?= ?(?:$|[-|,)])))|(?P<part>نیم|ربع)))?"
    rf"(?![\d:./{_L}])",
    _ASCII,
)
_PERIOD = (
    r"(?:(?P<am>ق ?\.? ?ظ|قبل ?از ?ظهر|پیش ?از ?ظهر|صبح|بامداد|سحر|a\.?m)"
    r"|(?P<pm>ب ?\.? ?ظ|بعد ?از ?ظهر|پس ?از ?ظهر|عصر|غروب|شامگاه|p\.?m)"
    rf"|(?P<noon>ظهر)|(?P<night>(?:نیمه ?|دی|ام|پری)?شب))(?![{_L}])\.?"
    rf"(?! ?(?:ایران|نو|خبر|نیوز|اقتصاد)(?![{_L}]))"  # «عصر ایران», «صبح نو» are newspapers
)
_AFTER = re.compile(rf" ?[.,(]? ?{_PERIOD}")
_BEFORE = re.compile(rf"(?<![{_L}]){_PERIOD},? ?(?:در )?(?:ساعت ?)?:? ?$")
_ENDS_OF_BEFORE = "ظرحدبهمmت.:,"
_BARE = re.compile(rf"(?<![\d/.:-])(1[0-2]|0?[1-9])(?= ?{_PERIOD})", _ASCII)
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
    latin: bool  # a.m. or p.m. in Latin letters


def _offset(zone: str | None) -> timedelta | None:
    if zone is None:
        return None
    sign = max(zone.find("+"), zone.find("-"))
    if sign < 0:
        return timedelta(minutes=_ZONES.get(zone, 0))
    hours, _, rest = zone[sign + 1 :].partition(":")
    digits = (hours.zfill(2) + rest.replace(":", "")).ljust(6, "0")
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


def _period(text: str, start: int, end: int) -> re.Match[str] | None:
    before = text[max(0, start - _LONGEST_PERIOD) : start].rstrip()
    if end < len(text) and (marked := _AFTER.match(text, end)):
        return marked
    return _BEFORE.search(before) if before and before[-1] in _ENDS_OF_BEFORE else None


def _clock(text: str, found: re.Match[str], end: int, minute: str | None, second: str | None) -> Clock:
    marked = _period(text, found.start(), end)
    hour, flags = _hour24(int(found[1]), marked and marked.lastgroup)
    try:
        at = time(hour, int(minute or 0), int(second or 0))
    except ValueError:
        raise DateError(f"no such time of day as {found[0].strip()!r}") from None
    return Clock(at, second is not None, None, flags, latin=bool(marked and marked[0].isascii()))


def _extended(basic: re.Match[str]) -> str:
    year, month, day, *clock = basic.groups()
    return f"{year}-{month}-{day}t{':'.join(filter(None, clock))}"


def find_clock(text: str) -> tuple[Clock | None, str]:
    """The first time of day in a folded text, and the text without it. Raises `DateError` for one like 25:99."""
    if "t" in text:
        text = _BASIC.sub(_extended, text)
    found = _first_clock(text)
    if not found:
        return None, text
    start, end, zone = found.start("hour"), found.end(), found.groupdict().get("zone")
    if zone and zone[0] == "-" and ":" in zone and not found["second"] and not text[:start].endswith("t"):
        zone, end = None, found.start("zone")  # 09:19-10:30 says until when
    stop = found.end("end") if found.re is _CLOCK else end
    clock = _clock(text, found, stop, found["minute"], found["second"])._replace(zone=_offset(zone))
    return clock, f"{_AT.sub('', text[:start]).rstrip()} {text[end:].lstrip()}"


def _first_clock(text: str) -> re.Match[str] | None:
    """The first that is not the length of a film or a number of visits."""
    for found in _CLOCK.finditer(text):
        start = found.start()
        if not _NO_CLOCK.search(text, max(0, start - _LONGEST_NO_CLOCK), start):
            return found
    return _LOOSE.search(text)


def find_hour(text: str) -> Clock | None:
    """A clock without a colon: «ساعت ۹ و ۵ دقیقه», «ساعت ۹ و نیم», «ساعت ۰۹.۰۵», «۹ صبح»."""
    if found := _HOUR.search(text):
        part = {"نیم": "30", "ربع": "15", None: None}[found["part"]]
        return _clock(text, found, found.end(), part or found[2] or found[3], found[4])
    found = _BARE.search(text)
    return _clock(text, found, found.end(), None, None) if found else None


# Days ---------------------------------------------------------------------------------------------------------------

_S = " ?[-/,.|]? ?"
_WORD = rf"[{_L}]{{2,14}}"
_DAY = r"(?<!\d)(\d{1,2})(?: ?(?:st|nd|rd|th|ام|م)(?= ))?"
_NAME = rf"(?:ماه )?({_WORD})(?: ماه)?"
_AGAIN = rf"(?: ?[/(] ?{_WORD}\)?)?"  # «سنبله/شهریور»: the same month by another name
_NO_NUMERIC = r"(?!\d)(?! ?[/.-] ?\d{1,2} ?[/.-] ?\d)"  # the year is not that of 1400/09/15
_COUNTED = r"(?:نظر|دیدگاه|بازدید|نفر|درصد|مورد|%)"
_NO_COUNT = rf"(?!(?<=[-|] \d{{4}}) {_COUNTED}(?! ?[:\d]))"  # «۱۵ آذر - ۱۴۰۰ بازدید»
_DATE = re.compile(
    rf"{_DAY}{_S}(?:of )?{_NAME}{_AGAIN}{_S}(?:سال ?)?(?P<named>\d{{4}}){_NO_NUMERIC}{_NO_COUNT}"
    r"|(?<!\d)(?<!\d[/.])(\d{4}) ?([/.,-]) ?(\d{1,2}) ?\5 ?(?P<numeric>\d{1,2})(?!\d)"
    r"|(?<!\d)(?<!\d[/.])(\d{1,2}) ?([/.,-]) ?(\d{1,2}) ?\9 ?(?P<yearlast>\d{4})(?!\d)"
    rf"|(?<![{_L}])({_WORD}){_S}(\d{{1,2}})(?:st|nd|rd|th| ?ام|م)?{_S}(?<!\d)(?P<monthfirst>\d{{4}})(?!\d)"
    rf"|(?<!\d)(\d{{4}}){_S}(?:(?:یک|دو|سه|چهار|پنج)? ?شنبه|جمعه){_S}(\d{{1,2}}){_S}"
    rf"(?P<weekdayfirst>{_WORD})(?![{_L}])(?!{_S}(?:سال ?)?\d{{4}}(?!\d))"  # else the number before is another's
    rf"|(?<!\d)(\d{{4}}){_S}{_NAME}{_S}(?P<yearfirst>\d{{1,2}})(?!\d)"
    rf"|(?<![{_L}]){_NAME}{_S}(?:سال ?)?(?P<month>\d{{4}})(?!\d)(?! ?[/.-]\d){_NO_COUNT}",
    _ASCII,
)
_SHORT = re.compile(
    r"(?<!\d)(?<!\d[/.-])(\d{1,2})([/.-])(\d{1,2})\2(?P<numeric>\d{1,2})(?!\d)(?![/.-]\d)"
    rf"|{_DAY}{_S}{_NAME}{_S}(?:سال ?)?['’]?(?P<named>\d{{2}})(?!\d)(?! ?{_COUNTED})",
    _ASCII,
)
_WHOLE_MONTH = re.compile(r"(\d{4})[/.-](\d{1,2})", _ASCII)
_WHOLE_DAY = re.compile(r"((?:1[34]|19|20)\d\d)(0[1-9]|1[0-2])([0-2]\d|3[01])", _ASCII)
_NUMERIC = r"\d{1,4} ?[/.,-] ?\d{1,2} ?[/.,-] ?\d{1,4}(?!\d)"
_MARK = rf" ?\(?(?:هجری ?)?(?:قمری|ه\.? ?ق)(?![{_L}])(?! ?:)"
_LUNAR = re.compile(
    rf"(?<![\d{_L}])(?:\d{{1,2}}{_S})?(?:{'|'.join(LUNAR_MONTHS)})"
    rf"{_S}(?:سال ?)?\d{{3,4}}(?!\d)(?! ?[/.-]\d)(?:{_MARK})?"
    rf"|(?<![\d/.-])(?:{_NUMERIC}|(?:\d{{1,2}}{_S})?{_WORD}{_S}\d{{4}}){_MARK}|قمری ?: ?{_NUMERIC}",
    _ASCII,
)
_DAY_NUMBERS = {word.replace(" ", ""): number for word, number in DAY_WORDS.items()}
_DAY_NAMES = "|".join(sorted(DAY_WORDS, key=len, reverse=True)).replace(" ", " ?")
_SPELLED = re.compile(rf"(?<![{_L}])({_DAY_NAMES})(?:ین)?(?: ?ام)?(?: روز| ماه)? ?$")
_LONGEST_DAY_WORD = 24


_RECENT = 50  # years that a two-digit one may lie back
_EITHER = ("ambiguous-day-order",)


class Day(NamedTuple):
    """A day as written, not yet checked to exist; `day` is None where only the month is stated."""

    calendar: Calendar
    year: int
    month: int
    day: int | None
    repaired: bool = False  # a Jalali year behind an English month
    roman: bool = False  # a Jalali month in Latin letters
    flags: tuple[str, ...] = ()
    other: "Day | None" = None  # the same numbers in another order, where both are possible


def _named(kind_and_month: tuple[Kind, int], year: int, day: int | None) -> Day | None:
    kind, month = kind_and_month
    calendar = calendar_of(year)
    if calendar == "jalali" and kind in {"jalali", "roman", "english"}:
        return Day(calendar, year, month, day, repaired=kind == "english", roman=kind == "roman")
    return Day(calendar, year, month, day) if calendar == "gregorian" and kind in {"gregorian", "english"} else None


def _numeric(year: int, month: int, day: int, *, year_last: bool = False) -> Day | None:
    calendar = calendar_of(year)
    if calendar is None:
        return None
    if year_last and month > _LAST_MONTH >= day:
        month, day = day, month
    read = Day(calendar, year, month, day)
    if calendar == "gregorian" and year_last and day <= _LAST_MONTH and day != month:
        other = Day(calendar, year, day, month, flags=_EITHER)
        return read._replace(flags=_EITHER, other=other)
    return read


def _spelled_day(text: str, end: int) -> int | None:
    found = _SPELLED.search(text[max(0, end - _LONGEST_DAY_WORD) : end])
    return _DAY_NUMBERS[found[1].replace(" ", "")] if found else None


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
        case "weekdayfirst":
            name, year, day = g[16], g[14], int(g[15])
        case "yearfirst":
            name, year, day = g[18], g[17], int(g[19])
        case _:
            name, year, day = g[20], g[21], _spelled_day(text, found.start())
    if day and name in SHORT_MONTHS:
        return _named(("jalali", SHORT_MONTHS[name]), int(year), day)
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
    if not days and (only := _compact(text.strip())):
        days.append(only)
    return days


def _compact(text: str) -> Day | None:
    """A text of nothing but 1400/09 or 14000915."""
    if (whole := _WHOLE_MONTH.fullmatch(text)) and calendar_of(int(whole[1])) == "jalali":
        return Day("jalali", int(whole[1]), int(whole[2]), None)
    whole = _WHOLE_DAY.fullmatch(text)
    return _numeric(*map(int, whole.groups())) if whole else None


_OPENING = re.compile(
    rf"(?:(?:روز )?(?:(?:(?:یک|دو|سه|چهار|پنج)[ -]?)?شنبه|جمعه){_S})?(?:({_DAY_NAMES})(?: ?ام)?(?= |$))?"
)


def plain_day(text: str) -> str:
    """«دوشنبه پانزدهم آذر ۱۴۰۰» as «15 آذر ۱۴۰۰»."""
    return _OPENING.sub(lambda found: str(_DAY_NUMBERS[found[1].replace(" ", "")]) if found[1] else "", text, count=1)


def only_day(text: str) -> Day | None:
    """The day or month that is all a folded text says."""
    found = _DATE.fullmatch(text)
    return _day(text, found) if found else _compact(text)


def full_year(short: int, latest: int) -> int:
    """The last year up to `latest` that ends in these two digits."""
    return latest - (latest - short) % 100


def _short_numeric(first: int, month: int, last: int, latest: int) -> Day | None:
    """Year first (96/9/5), unless only the last number gives a year of the last fifty: 28/06/83, 25/02/04."""
    recent = latest - _RECENT
    by_first = Day("jalali", full_year(first, latest), month, last)
    by_last = Day("jalali", full_year(last, latest), month, first)
    first_fits = 1 <= last <= 31 and by_first.year >= recent  # noqa: PLR2004
    last_fits = 1 <= first <= 31 and by_last.year >= recent  # noqa: PLR2004
    if first_fits and last_fits and first != last:
        return by_first._replace(flags=_EITHER, other=by_last._replace(flags=_EITHER))
    if first_fits:
        return by_first
    return by_last if last_fits else None


def find_short_day(text: str, this_year: int) -> Day | None:
    """A Jalali day with a two-digit year, one of the fifty up to next year; RFC 5322 §4.3 for a Gregorian month."""
    for found in _SHORT.finditer(text):
        day = None
        if found.lastgroup == "numeric" and max(len(found[1]), len(found[4])) > 1:
            day = _short_numeric(int(found[1]), int(found[3]), int(found[4]), this_year + 1)
        elif found.lastgroup == "named" and found[6] in MONTH_NAMES:
            kind, month = MONTH_NAMES[found[6]]
            jalali = kind in {"jalali", "roman"}
            year = full_year(int(found[7]), this_year + 1 if jalali else 2049)
            if not jalali or year > this_year - _RECENT:
                day = Day("jalali" if jalali else "gregorian", year, month, int(found[5]), roman=kind == "roman")
        if day:
            return day
    return None


_WEEKDAY = re.compile(
    rf"(?<![{_L}\d])(?:((?:(?:یک|دو|سه|چهار|پنج|[1-5])[ -]?)?شنبه|جمعه|ادینه)(?![{_L}])"
    r"|(mon(?:day)?|tue(?:s(?:day)?)?|wed(?:nesday)?|thu(?:r(?:s(?:day)?)?)?|fri(?:day)?|sat(?:urday)?|sun(?:day)?)(?![a-z]))",
    _ASCII,
)


def find_weekday(text: str) -> int | None:
    """The first weekday named in a folded text, Monday 0."""
    found = _WEEKDAY.search(text)
    return WEEKDAY_NAMES[found[0].replace(" ", "").replace("-", "")] if found else None


# Ages ---------------------------------------------------------------------------------------------------------------

_UNIT = "ثانیه|دقیقه|ربع|ساعت|روز|هفته|ماه|سال|seconds?|minutes?|mins?|hours?|days?|weeks?|months?|years?"
_COUNT = rf"(?:\d{{1,4}}(?:\.5| و نیم)?|[{_L}]{{1,10}}(?: و ?[{_L}]{{2,4}})?)"
_PIECE = rf"({_COUNT}) ?({_UNIT}) ?ی?"
_NEXT = r"(?: ?(?:,|و|and) ?| )"
_AGE = re.compile(
    rf"(?<![{_L}\d])(?<!\d[./]){_PIECE}(?:{_NEXT}{_PIECE})?(?:{_NEXT}{_PIECE})?(?: ?و ?(نیم|ربع))?"
    rf" ?(?:پیش|قبل|ago)(?! ?از)(?![{_L}])",
    _ASCII,
)
_JUST_NOW = re.compile(
    rf"(?<![{_L}])(?:(?:لحظاتی|لحظه ?ای|ثانیه ?(?:هایی|ای)|دقایقی|دقیقه ?ای|چند (?:لحظه|ثانیه|دقیقه)) ?(?:پیش|قبل)"
    rf"|(?:هم ?)?اکنون|(?:همین )?الان|همین حالا|just now|(?P<hour>ساعتی (?:پیش|قبل)))(?! ?از)(?![{_L}])",
)
_NUMBERS = {word.replace(" ", ""): number for word, number in NUMBERS.items()}
_DAY_WORD = re.compile(
    rf"(?<![{_L}])(?:(امروز|امشب|today)|(دیروز|دیشب|yesterday)|(پریروز|پریشب)|(پس ?پریروز|پس ?پریشب))(?![{_L}])"
)
_PARTS = {"نیم": 0.5, "ربع": 0.25, None: 0}
_UNITS: dict[str, tuple[Unit, float]] = {
    "ثانیه": ("minutes", 1 / 60),
    "دقیقه": ("minutes", 1),
    "ربع": ("minutes", 15),
    "ساعت": ("minutes", 60),
    "روز": ("days", 1),
    "هفته": ("days", 7),
    "ماه": ("months", 1),
    "سال": ("months", 12),
    "second": ("minutes", 1 / 60),
    "minute": ("minutes", 1),
    "min": ("minutes", 1),
    "hour": ("minutes", 60),
    "day": ("days", 1),
    "week": ("days", 7),
    "month": ("months", 1),
    "year": ("months", 12),
}
_LENGTHS = {"minutes": 1, "days": 24 * 60, "months": 30 * 24 * 60}  # in minutes


class Age(NamedTuple):
    """How long ago: a number of the coarsest unit that was stated, and the minutes that were stated beyond."""

    unit: Unit
    number: float
    beyond: float = 0


def _count(words: str) -> float:
    whole, half, _ = words.partition(" و نیم")
    if whole[0].isdecimal():
        number = float(whole)
    elif whole in {"a", "an"}:
        number = 1
    elif whole.replace(" ", "") in _NUMBERS:
        number = _NUMBERS[whole.replace(" ", "")]
    else:
        raise DateError(f"{whole!r} is no number")
    return number + 0.5 if half else number


def find_age(text: str) -> Age | None:
    """How long ago a folded text says it was: «۲ ساعت پیش», «یک ساعت و ۵ دقیقه قبل», «دیروز», "3 days ago"."""
    if found := _DAY_WORD.search(text):
        return Age("days", (found.lastindex or 1) - 1)
    if found := _JUST_NOW.search(text):
        return Age("minutes", 60 if found["hour"] else 0)
    if found := _AGE.search(text):
        *pieces, part = found.groups()
        counted = [
            (words, *_UNITS[name.removesuffix("s")])
            for words, name in zip(pieces[::2], pieces[1::2], strict=True)
            if words
        ]
        return _sum(counted, _PARTS[part])
    return None


def _sum(pieces: list[tuple[str, Unit, float]], part: float) -> Age:
    """Of «۱ روز و ۲ ساعت»; of the last alone where they do not go from coarse to fine: «مطالعه ۵ دقیقه ۲ ساعت پیش»."""
    kept: list[tuple[str, Unit, float]] = []
    for piece in pieces:
        if kept and _length(piece) >= _length(kept[-1]):
            kept.clear()
        kept.append(piece)
    coarsest, number, beyond = kept[0][1], part * kept[-1][2], 0.0
    for words, unit, each in kept:
        counted = _count(words) * each
        if unit == coarsest:
            number += counted
        else:
            beyond += counted * _LENGTHS[unit]
    return Age(coarsest, number, beyond)


def _length(piece: tuple[str, Unit, float]) -> float:
    _, unit, each = piece
    return each * _LENGTHS[unit]
