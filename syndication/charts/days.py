"""A calendar of releases: a Jalali month a row, a square a day that grows and darkens with the day's releases.

It is a table of days and runs as the text does: from the right in Persian, as calendars on Iranian walls do. Fridays
and official holidays (`persian.holidays`) are marked below their days.
"""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from functools import lru_cache
from typing import Final

from markupsafe import Markup

from persian.calendars import DateError, from_jalali, month_start
from persian.holidays import holiday
from syndication.charts.chart import (
    LEGEND,
    SMALL,
    WIDTH,
    Chart,
    Pen,
    Shades,
    Table,
    element,
    legend,
    line,
    rectangle,
    side,
)
from syndication.charts.words import (
    ENGLISH_DAYS,
    Language,
    counted,
    day_name,
    gregorian_day,
    gregorian_month,
    gregorian_of,
    month_name,
    say,
)

LONGEST: Final = 31  # days
CELL: Final = WIDTH / LONGEST
TOP, ROW, NAME = 18.0, 40.0, 14.0
A_FRIDAY: Final = 4  # as date.weekday() counts
EVERY: Final = 5  # days between labels


def calendar(
    days: Mapping[str, int], months: Sequence[str], language: Language, *, name: str = "days", of: str = ""
) -> Chart:
    """A chart of releases by Jalali day ("1403-05-12", `archive.rhythm.days`) in some months ("1403-05"), in order."""
    pen = Pen(language)
    title = pen.titled(say(language, "calendar", "title"), of)
    held = {day: number for day, number in days.items() if number and day[:7] in months}
    table = _table(held, months, language)
    total = sum(held.values())
    if not total:
        return pen.nothing(name, title, table)
    most = max(held, key=lambda day: (held[day], day))
    said = say(
        language,
        "calendar",
        "said",
        total=counted(language, "releases", total),
        days=language.number(len(held)),
        most=day_name(most, language),
        number=language.number(held[most]),
    )
    shades = Shades.of(list(held.values()))
    labels = [1, *range(EVERY, LONGEST, EVERY)]
    bottom = TOP + ROW * len(months)
    drawn = [
        *(pen.text(_x(day, pen), 11, language.digits(str(day)), "ch-soft", size=SMALL) for day in labels),
        *(_month(pen, month, TOP + ROW * place, held, shades) for place, month in enumerate(months)),
        legend(pen, shades, bottom + 4, _marks(pen, bottom + LEGEND + 18), "ch-s", grows=True),
    ]
    svg = pen.drawing(name, title, said, bottom + LEGEND + 28, *drawn)
    return Chart(name=name, title=title, said=said, svg=svg, table=table, total=total)


def _x(day: int, pen: Pen) -> float:
    """The middle of a day of the month."""
    x = CELL * (day - 0.5)
    return WIDTH - x if pen.language.is_persian else x


def _month(pen: Pen, month: str, top: float, held: Mapping[str, int], shades: Shades) -> Markup:
    begins = gregorian_of(month)
    dates = _days(month)
    ends = dates[-1]
    near, far = ((WIDTH, "right"), (0, "left")) if pen.language.is_persian else ((0, "left"), (WIDTH, "right"))
    beside = f"{gregorian_month(begins)[:3]}–{gregorian_month(ends)}"
    if begins.year != ends.year:
        beside = f"{gregorian_month(begins)}–{gregorian_month(ends)}"
    drawn = [
        line(0, top, WIDTH, top, "ch-grid"),
        pen.text(near[0], top + NAME - 1, month_name(month, pen.language), at=near[1]),
        pen.text(far[0], top + NAME - 1, beside, "ch-soft", at=far[1], size=SMALL),
    ]
    y = top + NAME + CELL / 2 + 3
    for number, on in enumerate(dates, 1):
        drawn += _day(pen, f"{month}-{number:02}", on, (_x(number, pen), y), held, shades)
    return element("g", *drawn)


def _day(
    pen: Pen, day: str, on: date, place: tuple[float, float], held: Mapping[str, int], shades: Shades
) -> list[Markup]:
    x, y = place
    number, named = held.get(day, 0), holiday_of(on)
    drawn = []
    if number:
        size = side(shades.shade(number), CELL - 0.8)
        told = f"{day_name(day, pen.language)} ({gregorian_day(on)})"
        square = f"ch-s{shades.shade(number)}"
        title = element("title", f"{told}: {pen.number(number)}")
        drawn.append(rectangle(x - size / 2, y - size / 2, size, size, square, title))
    else:
        drawn.append(rectangle(x - 0.6, y - 0.6, 1.2, 1.2, "ch-none"))
    if named:
        drawn.append(_diamond(x, y + 10.5))
    elif on.weekday() == A_FRIDAY:
        drawn.append(line(x - 3.5, y + 9.5, x + 3.5, y + 9.5, "ch-mark"))
    return drawn


def _diamond(x: float, y: float) -> Markup:
    return element("path", class_="ch-holiday", d=f"M{x:.1f} {y - 3.2:.1f}l3.2 3.2l-3.2 3.2l-3.2 -3.2z")


def _marks(pen: Pen, y: float) -> list[Markup]:
    """What the marks below days mean."""
    persian = pen.language.is_persian
    drawn = []
    for place, key in enumerate(("friday", "holiday")):
        x = WIDTH * (0.18 + 0.42 * place)
        x = WIDTH - x if persian else x
        mark = line(x - 5, y - 4, x + 5, y - 4, "ch-mark") if key == "friday" else _diamond(x, y - 4)
        beside = (x - 10, "right") if persian else (x + 10, "left")
        drawn += [mark, pen.text(beside[0], y, say(pen.language, "calendar", key), at=beside[1], size=SMALL)]
    return drawn


def holiday_of(day: date) -> str | None:
    """The name of an official holiday; None on other days, and in years whose holidays are not known."""
    try:
        return holiday(day)
    except DateError:
        return None


@lru_cache(maxsize=256)
def _days(month: str) -> list[date]:
    """The Gregorian days of a Jalali month."""
    year, number = map(int, month.split("-"))
    begins = from_jalali(year, number, 1)
    after = month_start(year + number // 12, number % 12 + 1)
    return [begins + timedelta(days=each) for each in range((after - begins).days)]


def _table(held: Mapping[str, int], months: Sequence[str], language: Language) -> Table:
    """Every day of the months, those without releases, too."""
    rows, shown = [], []
    for month in months:
        for number, on in enumerate(_days(month), 1):
            day = f"{month}-{number:02}"
            rows.append((day, on.isoformat(), ENGLISH_DAYS[on.weekday()], holiday_of(on) or "", held.get(day, 0)))
            if day in held:
                shown.append((day_name(day, language), gregorian_day(on), language.number(held[day])))
    return Table(
        keys=("day", "gregorian", "weekday", "holiday", "releases"),
        heads=tuple(say(language, "columns", key) for key in ("day", "gregorian_day", "number")),
        rows=tuple(rows),
        shown=tuple(shown),
    )
