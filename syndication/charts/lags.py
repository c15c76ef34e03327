"""How soon releases were harvested: a bar a class of lag, with its number and its share."""

from collections.abc import Mapping
from typing import Final

from markupsafe import Markup

from syndication.charts.chart import SMALL, WIDTH, Chart, Pen, Table, element, rectangle
from syndication.charts.words import Language, counted, say

CLASSES: Final = 8
WITHIN: Final = 2  # classes that lie within an hour
NAMES, NUMBERS, ROW, TOP = 120.0, 76.0, 24.0, 6.0


def lags(numbers: Mapping[int, int], language: Language, *, name: str = "lags", of: str = "") -> Chart:
    """A chart of releases by the class of their lag, 0 to 7 (`archive.timings.LAGS`, `archive.rhythm.lags`)."""
    pen = Pen(language)
    title = pen.titled(say(language, "lags", "title"), of)
    total = sum(numbers.values())
    table = _table(numbers, language)
    if not total:
        return pen.nothing(name, title, table)
    most = max(numbers, key=lambda each: (numbers[each], -each))
    soon = sum(numbers.get(each, 0) for each in range(WITHIN))
    said = say(
        language,
        "lags",
        "said",
        total=counted(language, "releases", total),
        share=language.number(round(100 * soon / total)),
        within=say(language, "lags", "within"),
        most=say(language, "lags", f"class_{most}"),
        number=language.number(numbers[most]),
    )
    drawn = [_bar(pen, each, numbers, total) for each in range(CLASSES)]
    svg = pen.drawing(name, title, said, TOP + ROW * CLASSES + 4, *drawn)
    return Chart(name=name, title=title, said=said, svg=svg, table=table, total=total)


def _bar(pen: Pen, each: int, numbers: Mapping[int, int], total: int) -> Markup:
    """A row; in Persian it grows from the right, where its name stands."""
    number, y = numbers.get(each, 0), TOP + ROW * each
    width = (WIDTH - NAMES - NUMBERS) * number / max(numbers.values())
    share = pen.number(round(100 * number / total))
    percent = f"{share}٪" if pen.language.is_persian else f"{share}%"
    told = f"{pen.number(number)} ({percent})"
    name = say(pen.language, "lags", f"class_{each}")
    if pen.language.is_persian:
        start = WIDTH - NAMES
        drawn = [
            pen.text(WIDTH, y + 15, name, at="right"),
            rectangle(start - width, y + 3, width, ROW - 7, "ch-p1"),
            pen.text(start - width - 5, y + 15, told, "ch-soft", at="right", size=SMALL),
        ]
    else:
        drawn = [
            pen.text(0, y + 15, name, at="left"),
            rectangle(NAMES, y + 3, width, ROW - 7, "ch-p1"),
            pen.text(NAMES + width + 5, y + 15, told, "ch-soft", at="left", size=SMALL),
        ]
    return element("g", *drawn)


def _table(numbers: Mapping[int, int], language: Language) -> Table:
    keys = ("15m", "1h", "3h", "12h", "1d", "3d", "7d", "more")
    named = [say(language, "lags", f"class_{each}") for each in range(CLASSES)]
    counts = [numbers.get(each, 0) for each in range(CLASSES)]
    return Table(
        keys=("lag", "releases"),
        heads=tuple(say(language, "columns", key) for key in ("lag", "number")),
        rows=tuple(zip(keys, counts, strict=True)),
        shown=tuple(zip(named, map(language.number, counts), strict=True)),
    )
