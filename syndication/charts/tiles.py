"""A tile map of Iran: 31 tiles of one size, a province each, in a grid that resembles the map.

The west of the map is at the left in both languages, for it is a map. Neighbours stand beside each other as far as a
grid lets them: Azerbaijan in the north-west, the Caspian provinces along the second row, Sistan and Baluchestan in the
south-east, Bushehr and Hormozgan on the Gulf.
"""

from collections.abc import Callable, Iterable, Mapping
from typing import Final

from markupsafe import Markup

from sources import Province
from syndication.charts.chart import LEGEND, WIDTH, Chart, Pen, Shades, Table, element, legend, rectangle
from syndication.charts.words import Language, counted, say

COLUMNS: Final = 7
TILE, GAP, HEIGHT = WIDTH / COLUMNS, 3.0, 52.0

# ISO codes (2020) by row, from the north, and column, from the west
GRID: Final = (
    ("IR-04", "IR-03", "IR-24", "", "", "", ""),
    ("IR-12", "IR-19", "IR-01", "IR-02", "IR-27", "IR-28", ""),
    ("IR-05", "IR-13", "IR-26", "IR-30", "IR-23", "IR-20", "IR-09"),
    ("IR-16", "IR-15", "IR-00", "IR-25", "IR-10", "IR-21", "IR-29"),
    ("", "IR-06", "IR-17", "IR-14", "IR-07", "IR-08", "IR-11"),
    ("", "", "", "IR-18", "", "IR-22", ""),
)
PLACES: Final = {iso: (column, row) for row, codes in enumerate(GRID) for column, iso in enumerate(codes) if iso}
SHORT: Final = {"Kohgiluyeh and Boyer-Ahmad": "Kohgiluyeh & B.-Ahmad"}
LETTERS: Final = {True: 5.6, False: 6.2}  # units that a letter takes at most, in Persian or not
NAME: Final = 10.5


def tiles(
    numbers: Mapping[str, int],
    provinces: Iterable[Province],
    link: Callable[[Province], str],
    language: Language,
    *,
    name: str = "provinces",
    of: str = "",
    told: str = "tiles",
) -> Chart:
    """A chart of numbers by ISO code; a tile links to where `link` says. A map of nothing is drawn as well.

    `told` is the table of words that says what is counted: "tiles", or "today".

    A province that a catalogue of one's own has beside the 31 stands in the table alone.
    """
    pen = Pen(language)
    title = pen.titled(say(language, told, "title"), of)
    known = list(provinces)
    total = sum(numbers.get(each.iso, 0) for each in known)
    said = say(language, told, "nothing")
    if total:
        most = max(known, key=lambda each: numbers.get(each.iso, 0))
        said = say(
            language,
            "tiles",
            "said",
            total=counted(language, "releases", total),
            provinces=language.number(sum(bool(numbers.get(each.iso)) for each in known)),
            most=_name(most, language),
            number=language.number(numbers[most.iso]),
        )
    shades = Shades.of([numbers.get(each.iso, 0) for each in known])
    drawn = [_tile(pen, each, numbers.get(each.iso, 0), shades, link(each)) for each in known if each.iso in PLACES]
    bottom = HEIGHT * len(GRID)
    drawn.append(legend(pen, shades, bottom + 6, (), "ch-edge ch-t", grows=False))
    svg = pen.drawing(name, title, said, bottom + 6 + LEGEND, *drawn, role="group")
    return Chart(name=name, title=title, said=said, svg=svg, table=_table(numbers, known, language), total=total)


def _name(province: Province, language: Language) -> str:
    return province.fa if language.is_persian else province.en


def _tile(pen: Pen, province: Province, number: int, shades: Shades, href: str) -> Markup:
    column, row = PLACES[province.iso]
    x, y, shade = TILE * column, HEIGHT * row, shades.shade(number)
    middle, name = x + TILE / 2, _name(province, pen.language)
    lines = _lines(name)
    said = say(pen.language, "tiles", "tile", name=name, number=pen.number(number))
    first = y + (20.0 if len(lines) == 1 else 14.5)
    drawn = [
        element("title", said),
        rectangle(x + GAP / 2, y + GAP / 2, TILE - GAP, HEIGHT - GAP, f"ch-edge ch-t{shade}", rx="4"),
        *(_fitted(pen, middle, first + 11.5 * place, each, f"ch-n{shade}") for place, each in enumerate(lines)),
        pen.text(middle, y + HEIGHT - 8, pen.number(number), f"ch-strong ch-n{shade}"),
    ]
    return element("a", *drawn, href=href, class_="ch-tile", aria_label=said)


def _lines(name: str) -> list[str]:
    """A name in one line or two."""
    words = SHORT.get(name, name).replace(" and ", " & ").split()
    if len(words) == 1:
        return words
    if words[1] in ("&", "و"):
        persian = words[1] == "و"
        return [f"{words[0]} و", " ".join(words[2:])] if persian else [words[0], " ".join(words[1:])]
    return [words[0], " ".join(words[1:])]


def _fitted(pen: Pen, x: float, y: float, line: str, class_: str) -> Markup:
    """A line of a name, drawn closer together where it would not fit."""
    room = TILE - GAP - 2
    wide = len(line) * LETTERS[pen.language.is_persian] > room
    fit = {"textLength": f"{room:.0f}", "lengthAdjust": "spacingAndGlyphs"} if wide else {}
    return pen.text(x, y, line, class_, size=NAME, **fit)


def _table(numbers: Mapping[str, int], provinces: Iterable[Province], language: Language) -> Table:
    ordered = sorted(provinces, key=lambda each: (-numbers.get(each.iso, 0), each.iso))
    return Table(
        keys=("province", "name_fa", "name_en", "releases"),
        heads=tuple(say(language, "columns", key) for key in ("province", "number")),
        rows=tuple((each.iso, each.fa, each.en, numbers.get(each.iso, 0)) for each in ordered),
        shown=tuple((_name(each, language), language.number(numbers.get(each.iso, 0))) for each in ordered),
    )
