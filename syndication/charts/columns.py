"""Columns over Jalali time, stacked of parts, with both calendars on the axis.

Time runs from left to right in Persian, too, as it does in the charts of Iran's statistical office and central bank and
in Persian textbooks: an axis of numbers is read as numbers are, and Persian writes those from left to right. Tables of
days follow the direction of the text instead (`syndication.charts.days`).
"""

from collections.abc import Mapping, Sequence
from math import ceil, floor, log10
from typing import Final

from markupsafe import Markup

from syndication.charts.chart import SMALL, WIDTH, Cell, Chart, Pen, Table, element, line, rectangle
from syndication.charts.words import (
    Language,
    counted,
    gregorian_month,
    gregorian_of,
    month_name,
    name_of_month,
    say,
)

PARTS: Final = 5  # that can be told apart
REST: Final = ""  # the part of what is in none of the others
MOST_COLUMNS: Final = 48
STEPS: Final = (1, 3, 12)
A_YEAR: Final = 12
FEW: Final = 24  # columns whose months are named
LEFT, TOP, HEIGHT, RIGHT = 40.0, 12.0, 150.0, 6.0
AXIS, LINE = 34.0, 18.0
LONGEST: Final = 46  # letters of a name in the legend
ROOM: Final = {"name": 72.0, "year": 38.0}  # units that a label takes
MOST_TICKS: Final = 5

Numbers = Mapping[tuple[str, str], int]
"""How many by Jalali month ("1403-05") and part."""


def columns(
    numbers: Numbers,
    names: Mapping[str, str],
    language: Language,
    *,
    name: str = "months",
    title: str = "title",
    thing: str = "releases",
    of: str = "",
) -> Chart:
    """A chart of numbers by month and part; `names` are those of the parts, in their order, five at most with `REST`.

    `title` and `thing` are keys of words.toml ([months], [counted]); `of` says of what the chart is.
    """
    pen = Pen(language)
    heading = pen.titled(say(language, "months", title), of)
    held = {key: number for key, number in numbers.items() if number}
    names = {**names, REST: say(language, "months", "rest")}
    parts = [part for part in names if any(key[1] == part for key in held)]
    months = _between([month for month, _ in held])
    table = _table(held, months, parts, names, language)
    if not held:
        return pen.nothing(name, heading, table)
    step = next((step for step in STEPS if len(_stepped(months, step)) <= MOST_COLUMNS), STEPS[-1])
    stacks = _stepped(months, step)
    sums = [[sum(held.get((month, part), 0) for month in stack) for part in parts] for stack in stacks]
    by_month = {month: sum(held.get((month, part), 0) for part in parts) for month in months}
    most, total = max(by_month, key=by_month.__getitem__), sum(held.values())
    said = say(
        language,
        "months",
        "said",
        total=counted(language, thing, total),
        first=month_name(months[0], language),
        last=month_name(months[-1], language),
        most=month_name(most, language),
        number=language.number(by_month[most]),
    )
    told = [f"{names[part]}: {language.number(sum(row[place] for row in sums))}" for place, part in enumerate(parts)]
    svg = _drawn(pen, name, (heading, said), stacks, sums, told, say(language, "months", f"step_{step}"))
    return Chart(name=name, title=heading, said=said, svg=svg, table=table, total=total)


def _between(months: Sequence[str]) -> list[str]:
    """Every month from the first to the last."""
    if not months:
        return []
    first, last = (int(month[:4]) * A_YEAR + int(month[5:]) - 1 for month in (min(months), max(months)))
    return [f"{each // A_YEAR:04}-{each % A_YEAR + 1:02}" for each in range(first, last + 1)]


def _stepped(months: Sequence[str], step: int) -> list[list[str]]:
    """Months by seasons or years of the calendar."""
    found: dict[tuple[int, int], list[str]] = {}
    for month in months:
        found.setdefault((int(month[:4]), (int(month[5:]) - 1) // step), []).append(month)
    return list(found.values())


def _table(
    held: Numbers, months: Sequence[str], parts: Sequence[str], names: Mapping[str, str], language: Language
) -> Table:
    rows: list[tuple[Cell, ...]] = []
    shown = []
    for month in months:
        begins = gregorian_of(month)
        numbers = [held.get((month, part), 0) for part in parts]
        rows.append((month, begins.isoformat(), sum(numbers), *numbers))
        told = (language.number(number) for number in (sum(numbers), *numbers))
        shown.append((month_name(month, language), gregorian_month(begins), *told))
    heads = [say(language, "columns", key) for key in ("month", "gregorian", "total")]
    return Table(
        keys=("month", "begins", "total", *(part or "others" for part in parts)),
        heads=(*heads, *(names[part] for part in parts)),
        rows=tuple(rows),
        shown=tuple(shown),
    )


# ---- drawing ----


def _drawn(
    pen: Pen,
    name: str,
    said: tuple[str, str],
    stacks: Sequence[Sequence[str]],
    sums: Sequence[Sequence[int]],
    told: Sequence[str],
    step: str,
) -> Markup:
    ticks = scale(max(sum(row) for row in sums))
    height = TOP + HEIGHT + AXIS + LINE + (LINE * len(told) + 8 if len(told) > 1 else 4)
    parts = [
        _patterns(name, len(told)),
        *_grid(pen, ticks),
        *_columns(pen, name, stacks, sums, ticks[-1]),
        line(LEFT, TOP + HEIGHT, WIDTH - RIGHT, TOP + HEIGHT, "ch-axis"),
        *_labels(pen, stacks),
        pen.text(WIDTH / 2, TOP + HEIGHT + AXIS + 14, step, "ch-soft", size=SMALL),
        *_parts(pen, name, told),
    ]
    return pen.drawing(name, *said, height, *parts)


def scale(greatest: int) -> list[int]:
    """Round numbers from 0 to one that is no less than the greatest: 1, 2 or 5 times a power of ten apart."""
    rough = max(greatest, 1) / (MOST_TICKS - 1)
    power = 10 ** floor(log10(rough)) if rough >= 1 else 1
    step = next(max(1, times * power) for times in (1, 2, 5, 10) if times * power >= rough)
    return [step * place for place in range(ceil(max(greatest, 1) / step) + 1)]


def _grid(pen: Pen, ticks: Sequence[int]) -> list[Markup]:
    drawn = []
    for tick in ticks:
        y = TOP + HEIGHT * (1 - tick / ticks[-1])
        drawn.append(line(LEFT, y, WIDTH - RIGHT, y, "ch-grid"))
        drawn.append(pen.text(LEFT - 5, y + 4, pen.number(tick), "ch-soft", at="right", size=SMALL))
    return drawn


def _columns(
    pen: Pen, name: str, stacks: Sequence[Sequence[str]], sums: Sequence[Sequence[int]], most: int
) -> list[Markup]:
    slot = (WIDTH - LEFT - RIGHT) / len(stacks)
    width = min(slot * 0.8, 30.0)
    drawn = []
    for place, (stack, row) in enumerate(zip(stacks, sums, strict=True)):
        x, y = LEFT + slot * place + (slot - width) / 2, TOP + HEIGHT
        pieces = []
        for part, number in enumerate(row, 1):
            if not number:
                continue
            height = HEIGHT * number / most
            y -= height
            pieces.append(rectangle(x, y, width, height, f"ch-p{part}", fill=_fill(name, part)))
        when = month_name(stack[0], pen.language)
        if len(stack) > 1:
            when = say(pen.language, "all", "legend", first=when, last=month_name(stack[-1], pen.language))
        drawn.append(element("g", element("title", f"{when}: {pen.number(sum(row))}"), *pieces))
    return drawn


def _labels(pen: Pen, stacks: Sequence[Sequence[str]]) -> list[Markup]:
    """Months where there are few, years where there are many; the Gregorian date of their beginning below."""
    slot = (WIDTH - LEFT - RIGHT) / len(stacks)
    monthly = len(stacks) <= FEW and len(stacks[0]) == 1 and len(stacks[-1]) == 1
    begun = [place for place, stack in enumerate(stacks) if monthly or stack[0].endswith("-01")] or [0]
    apart = slot if monthly else slot * (begun[1] - begun[0] if len(begun) > 1 else 1)
    every = ceil((ROOM["name"] if monthly else ROOM["year"]) / apart)
    drawn, y = [], TOP + HEIGHT
    for place in begun[::every]:
        month = stacks[place][0]
        x = LEFT + slot * (place + 0.5)
        if monthly:
            x = min(max(x, ROOM["name"] / 2), WIDTH - ROOM["name"] / 2)
            first, beside = name_of_month(month, pen.language), gregorian_month(gregorian_of(month))
            first += f" {pen.language.digits(month[:4])}" if place == begun[0] or month.endswith("-01") else ""
        else:
            first, beside = pen.language.digits(month[:4]), str(gregorian_of(month).year)
        drawn.append(line(LEFT + slot * (place + 0.5), y, LEFT + slot * (place + 0.5), y + 4, "ch-axis"))
        drawn.append(pen.text(x, y + 17, first))
        drawn.append(pen.text(x, y + 30, beside, "ch-soft", size=SMALL))
    return drawn


def _parts(pen: Pen, name: str, told: Sequence[str]) -> list[Markup]:
    """The legend: which pattern is which part, with its number."""
    if len(told) < 2:  # noqa: PLR2004 - one part is the whole
        return []
    drawn, y = [], TOP + HEIGHT + AXIS + LINE + 8
    right = pen.language.is_persian
    for part, said in enumerate(told, 1):
        x = WIDTH - LEFT if right else LEFT - 14
        drawn.append(rectangle(x, y, 14, 12, f"ch-p{part} ch-edge", fill=_fill(name, part)))
        short = said if len(said) <= LONGEST else f"{said[: LONGEST - 12]}…{said[said.rindex(':') :]}"
        drawn.append(pen.text(x - 6 if right else x + 20, y + 10, short, at="right" if right else "left"))
        y += LINE
    return drawn


def _fill(name: str, part: int) -> str | None:
    return None if part == 1 else f"url(#{name}-p{part})"


def _patterns(name: str, parts: int) -> Markup:
    """What tells the parts after the first, which is solid: lines, dots, a grid, nothing but an edge."""
    drawn = {
        2: element("path", d="M0 5L5 0M-1 1L1 -1M4 6L6 4", class_="ch-h2"),
        3: element("path", d="M0 1.5H5M0 4H5", class_="ch-h3"),
        4: element("circle", cx="2.5", cy="2.5", r="1.4", class_="ch-h4"),
        5: element("path", d="M0 0H5M0 0V5", class_="ch-h5"),
    }
    made = [
        element(
            "pattern",
            rectangle(0, 0, 5, 5, "ch-ground"),
            drawn[part],
            id=f"{name}-p{part}",
            width="5",
            height="5",
            patternUnits="userSpaceOnUse",
        )
        for part in range(2, min(parts, PARTS) + 1)
    ]
    return element("defs", *made, "")
