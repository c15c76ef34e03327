"""A chart: what it is called, what it says in a sentence, its drawing, and its numbers as a table and as CSV.

Drawings are 360 units wide, about the pixels of a phone, so that what is written in them can be read there; style
sheets let them grow on wider screens. Colours are said by classes alone, which `charts.css` of `syndication.web` fills
in for pages and `standalone` for files. Nothing is told by colour alone: numbers stand beside, squares grow with what
they count, parts of columns have patterns.
"""

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from math import ceil
from typing import Any, Final

from markupsafe import Markup, escape

from syndication.charts.words import Language, number, say

WIDTH: Final = 360
TEXT: Final = 12  # units; small ones are 10.5
SMALL: Final = 10.5

Cell = str | int


@dataclass(frozen=True, kw_only=True, slots=True)
class Table:
    """Numbers in rows; `keys` name the columns in CSV, `heads` on a page, where a first column is a head of its row."""

    keys: tuple[str, ...]
    heads: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]
    shown: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class Chart:
    """`name` is its place in addresses ("months"), `said` the text alternative, `svg` an <svg> element for pages.

    `total` is the sum of the numbers that it draws; a chart of nothing has no drawing.
    """

    name: str
    title: str
    said: str
    svg: Markup
    table: Table
    total: int


def element(name: str, *children: Markup | str, **attributes: Any) -> Markup:
    """An element; of attributes, `class_` is `class` and "_" a hyphen, None is left out."""
    told = [name]
    for key, value in attributes.items():
        if value is not None:
            told.append(f'{_attribute(key)}="{_value(value)}"')
    opened = " ".join(told)
    if not children:
        return Markup(f"<{opened}/>")  # noqa: S704 - escaped above
    inside = "".join([child if isinstance(child, Markup) else escape(child) for child in children])
    return Markup(f"<{opened}>{inside}</{name}>")  # noqa: S704


@cache
def _attribute(key: str) -> str:
    return key.rstrip("_").replace("_", "-")


def _value(value: Any) -> str:
    if isinstance(value, float):
        return f"{value:.1f}".removesuffix(".0")
    return value if value.__class__ is str and value.isalnum() else str(escape(value))


def rectangle(
    x: float, y: float, width: float, height: float, class_: str, *inside: Markup, **attributes: Any
) -> Markup:
    return element(
        "rect", *inside, class_=class_, x=float(x), y=float(y), width=float(width), height=float(height), **attributes
    )


def line(x1: float, y1: float, x2: float, y2: float, class_: str) -> Markup:
    return element("line", class_=class_, x1=float(x1), y1=float(y1), x2=float(x2), y2=float(y2))


@dataclass(frozen=True, slots=True)
class Pen:
    """Writes in a language. Places are those of the drawing, whatever the direction of the text."""

    language: Language

    def number(self, value: int) -> str:
        return number(self.language, value)

    def text(
        self,
        x: float,
        y: float,
        said: str,
        class_: str = "ch-text",
        *,
        at: str = "middle",
        size: float | None = None,
        **attributes: Any,
    ) -> Markup:
        """A line of text whose "left", "middle" or "right" is at x; y is its baseline."""
        anchors = (
            {"left": "start", "right": "end"} if not self.language.is_persian else {"left": "end", "right": "start"}
        )
        return element(
            "text",
            said,
            class_=class_,
            x=float(x),
            y=float(y),
            text_anchor=anchors.get(at, "middle"),
            font_size=size,
            **attributes,
        )

    def drawing(self, name: str, title: str, said: str, height: float, *inside: Markup, role: str = "img") -> Markup:
        """The whole <svg>, with its title and its text alternative."""
        return element(
            "svg",
            element("title", title, id=f"{name}-title"),
            element("desc", said, id=f"{name}-desc"),
            *inside,
            xmlns="http://www.w3.org/2000/svg",
            class_="chart-drawing",
            role=role,
            lang=self.language.code,
            direction="rtl" if self.language.is_persian else "ltr",
            viewBox=f"0 0 {WIDTH} {height:.0f}",
            aria_labelledby=f"{name}-title",
            aria_describedby=f"{name}-desc",
            font_size=TEXT,
        )

    def titled(self, title: str, of: str) -> str:
        return say(self.language, "all", "of", title=title, of=of) if of else title

    def nothing(self, name: str, title: str, table: Table) -> Chart:
        """The chart of no numbers."""
        said = say(self.language, "all", "nothing")
        return Chart(name=name, title=title, said=said, svg=Markup(), table=table, total=0)


SHADES: Final = 5


@dataclass(frozen=True, slots=True)
class Shades:
    """Five classes of numbers; `bounds` are the greatest of each class, fewer where there are few different numbers."""

    bounds: tuple[int, ...]

    @classmethod
    def of(cls, numbers: Sequence[int]) -> "Shades":
        """Classes whose bounds grow as squares do up to the greatest number: what is alike looks alike, and a few great
        numbers leave the small ones apart. What is nothing is in none.
        """
        greatest = max([*numbers, 0])
        if greatest <= SHADES:
            return cls(tuple(sorted({number for number in numbers if number > 0})))
        return cls(tuple(sorted({ceil(greatest * (place / SHADES) ** 2) for place in range(1, SHADES + 1)})))

    def shade(self, number: int) -> int:
        """1 to 5, of fewer classes the darker ones; 0 for nothing."""
        if number <= 0:
            return 0
        above = len(self.bounds) - bisect_left(self.bounds, number)
        return SHADES + 1 - max(1, above)

    def ranges(self) -> list[tuple[int, int, int]]:
        """Shade, least and greatest number of each class."""
        before = (0, *self.bounds)
        return [(self.shade(last), first + 1, last) for first, last in zip(before, self.bounds, strict=False)]


def legend(pen: Pen, shades: Shades, y: float, marks: Sequence[Markup], class_: str, *, grows: bool) -> Markup:
    """What shades and sizes mean, in one line; `marks` stand in a second one."""
    ranges = shades.ranges()
    step = WIDTH / max(1, len(ranges))
    inside = []
    for place, (shade, first, last) in enumerate(ranges):
        middle = step * place + step / 2
        middle = WIDTH - middle if pen.language.is_persian else middle
        size = side(shade, SWATCH) if grows else SWATCH
        inside.append(rectangle(middle - size / 2, y + (SWATCH - size) / 2, size, size, f"{class_}{shade}"))
        numbers = [pen.number(number) for number in (first, last)]
        key = "legend" if last < LONG else "until"
        said = numbers[0] if first == last else say(pen.language, "all", key, first=numbers[0], last=numbers[1])
        inside.append(pen.text(middle, y + SWATCH + 12, said, "ch-soft", size=SMALL))
    return element("g", *inside, *marks)


SWATCH: Final = 11.0
LONG: Final = 1000  # of which a range would be too wide
LEGEND: Final = 28  # units of height


def side(shade: int, greatest: float) -> float:
    """How long the side of a square is that grows with its shade, so that it tells as much as the shade."""
    return greatest * (0.36 + 0.16 * (shade - 1)) if shade else 0.0
