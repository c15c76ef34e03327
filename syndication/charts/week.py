"""Releases by weekday and hour in Tehran: the Iranian week, Saturday first, Friday marked.

Hours run from left to right in both languages, as numbers do; the names of the days stand where a line begins.
"""

from collections.abc import Mapping
from typing import Final

from markupsafe import Markup

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
from syndication.charts.words import A_WEEK, ENGLISH_DAYS, FRIDAY, Language, counted, say, weekday_name

HOURS: Final = 24
NAMES: Final = 72.0  # units for the names of days
CELL, ROW, TOP = 12.0, 17.0, 34.0


def week(hours: Mapping[tuple[int, int], int], language: Language, *, name: str = "week", of: str = "") -> Chart:
    """A chart of releases by day of the Iranian week (Saturday 0) and hour (`archive.rhythm.hours`)."""
    pen = Pen(language)
    title = pen.titled(say(language, "week", "title"), of)
    table = _table(hours, language)
    total = sum(hours.values())
    if not total:
        return pen.nothing(name, title, table)
    most = max(hours, key=lambda key: (hours[key], key))
    said = say(
        language,
        "week",
        "said",
        total=counted(language, "releases", total),
        most=_when(*most, language),
        number=language.number(hours[most]),
    )
    shades = Shades.of(list(hours.values()))
    bottom = TOP + ROW * A_WEEK
    drawn = [
        pen.text(_x(12, pen), 12, say(language, "week", "axis"), "ch-soft", size=SMALL),
        *(
            pen.text(_x(hour, pen), 27, language.digits(str(hour)), "ch-soft", size=SMALL)
            for hour in range(0, HOURS, 3)
        ),
        *(_day(pen, day, hours, shades) for day in range(A_WEEK)),
        line(0, bottom - ROW - 1, WIDTH, bottom - ROW - 1, "ch-axis"),
        legend(pen, shades, bottom + 8, (), "ch-s", grows=True),
    ]
    svg = pen.drawing(name, title, said, bottom + 10 + LEGEND, *drawn)
    return Chart(name=name, title=title, said=said, svg=svg, table=table, total=total)


def _x(hour: int, pen: Pen) -> float:
    """The middle of an hour."""
    return (0 if pen.language.is_persian else NAMES) + CELL * (hour + 0.5)


def _day(pen: Pen, day: int, hours: Mapping[tuple[int, int], int], shades: Shades) -> Markup:
    y = TOP + ROW * (day + 0.5)
    x, at = (WIDTH, "right") if pen.language.is_persian else (0, "left")
    drawn = [pen.text(x, y + 4, weekday_name(day, pen.language), "ch-strong" if day == FRIDAY else "ch-text", at=at)]
    for hour in range(HOURS):
        number = hours.get((day, hour), 0)
        size = side(shades.shade(number), CELL - 1)
        if not number:
            drawn.append(rectangle(_x(hour, pen) - 0.6, y - 0.6, 1.2, 1.2, "ch-none"))
            continue
        told = element("title", f"{_when(day, hour, pen.language)}: {pen.number(number)}")
        place = _x(hour, pen) - size / 2, y - size / 2
        drawn.append(rectangle(*place, size, size, f"ch-s{shades.shade(number)}", told))
    return element("g", *drawn)


def _when(day: int, hour: int, language: Language) -> str:
    first, last = (language.digits(str(each)) for each in (hour, hour + 1))
    return say(language, "week", "hour", day=weekday_name(day, language), **{"from": first, "to": last})


def _table(hours: Mapping[tuple[int, int], int], language: Language) -> Table:
    """A row a day, a column an hour, as it is read on a page; CSV has the same."""
    rows, shown = [], []
    for day in range(A_WEEK):
        numbers = [hours.get((day, hour), 0) for hour in range(HOURS)]
        rows.append((ENGLISH_DAYS[(day + 5) % A_WEEK], *numbers))
        label = weekday_name(day, language)
        label = say(language, "week", "friday", day=label) if day == FRIDAY else label
        shown.append((label, *map(language.number, numbers)))
    return Table(
        keys=("weekday", *(f"{hour:02}" for hour in range(HOURS))),
        heads=(say(language, "columns", "weekday"), *(language.digits(str(hour)) for hour in range(HOURS))),
        rows=tuple(rows),
        shown=tuple(shown),
    )
