"""The releases of the sample newsroom, each with what a reader should find in it."""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass, fields
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal
from zoneinfo import ZoneInfo

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

Kind = Literal["paragraph", "heading", "quotation", "item", "row"]

RELEASES = Path(__file__).with_name("releases.toml")
TEHRAN = ZoneInfo("Asia/Tehran")
MARKS: dict[str, Kind] = {"- ": "item", "> ": "quotation", "## ": "heading", "| ": "row"}
DAYS_OF_SIX_MONTHS, MONTHS = 186, 12
NOWRUZ_1403 = date(2024, 3, 20)


class ReleaseError(ValueError):
    """A release that cannot be read; the message names the file, the release and the key."""


@dataclass(frozen=True, kw_only=True)
class Block:
    """A piece of a body as a reader sees it; only a row has more than one cell."""

    kind: Kind
    cells: tuple[str, ...]

    @property
    def text(self) -> str:
        return " ".join(self.cells)


@dataclass(frozen=True, kw_only=True)
class Release:
    """One press release, written with ی and ک even where its office writes ي and ك."""

    id: str
    """ASCII digits: the native id."""
    office: str
    title: str
    body: str
    """The light markup that `releases.toml` explains."""
    jalali: str
    """Local date and time in Tehran, `1400-09-15T09:19:00`."""
    category: str = "اخبار"
    tags: tuple[str, ...] = ()
    kicker: str | None = None
    lead: str | None = None
    image: str | None = None
    """The caption of the picture; it is no part of the body."""
    attachment: str | None = None
    """The title of the PDF file; it is no part of the body."""
    slug: str = ""
    """The last part of the address; made of the title unless stated."""

    def __post_init__(self) -> None:
        if not re.fullmatch("[0-9]+", self.id):
            raise ReleaseError(f"release {self.id!r}: id: not a number")
        if not self.slug:
            object.__setattr__(self, "slug", re.sub(r"\W+", "-", self.title).strip("-"))

    @property
    def blocks(self) -> tuple[Block, ...]:
        return tuple(_blocks(self.body))

    @property
    def paragraphs(self) -> tuple[str, ...]:
        """The body as a reader should find it; list items and rows (cells parted by a space) stand in their order."""
        return tuple(block.text for block in self.blocks)

    @property
    def moment(self) -> datetime:
        day, _, clock = self.jalali.partition("T")
        year, month, day_of_month = map(int, day.split("-"))
        hour, minute, second = map(int, clock.split(":"))
        gregorian = gregorian_date(year, month, day_of_month)
        return datetime(gregorian.year, gregorian.month, gregorian.day, hour, minute, second, tzinfo=TEHRAN)

    @property
    def published(self) -> str:
        """ISO 8601 with the offset that Tehran had: `2021-12-06T09:19:00+03:30`."""
        return self.moment.isoformat()


def read_releases(path: Path | None = None) -> tuple[Release, ...]:
    """The releases of a file, in its order; without a path those of the sample. Raises `ReleaseError`."""
    path = path or RELEASES
    tables: dict[str, Mapping[str, Any]] = {}
    for table in tomllib.loads(path.read_text("utf-8"))["release"]:
        if table.get("id") in tables:
            raise ReleaseError(f"{path}: release {table['id']}: id: stated twice")
        original = tables.get(table.get("same_as", ""), {})
        tables[str(table.get("id"))] = {**original, **table}
    return tuple(_release(path, table) for table in tables.values())


def gregorian_date(year: int, month: int, day: int) -> date:
    """The Gregorian date of a Jalali one. Raises `ValueError` for a day that does not exist."""
    if not (1 <= month <= MONTHS and 1 <= day <= _days_in(year, month)):
        raise ValueError(f"no such Jalali day: {year}-{month:02}-{day:02}")
    days = _days_before(year) - _days_before(1403) + _days_before_month(month) + day - 1
    return NOWRUZ_1403 + timedelta(days=days)


def _release(path: Path, table: Mapping[str, Any]) -> Release:
    values = {key: value for key, value in table.items() if key not in {"published", "same_as"}}
    for key in values.keys() - {field.name for field in fields(Release)}:
        raise ReleaseError(f"{path}: release {table.get('id')}: {key}: no such key")
    try:
        day, _, clock = table["published"].partition(" ")
        release = Release(**{**values, "tags": tuple(table.get("tags", ())), "jalali": f"{day}T{clock}:00"})
        release.published  # noqa: B018  a date that does not exist shows here
    except (KeyError, TypeError, ValueError) as error:
        raise ReleaseError(f"{path}: release {table.get('id')}: {error}") from error
    return release


def _blocks(body: str) -> Iterator[Block]:
    for chunk in re.split(r"\n\s*\n", body.strip()):
        lines = [line.strip() for line in chunk.splitlines()]
        if lines[0].startswith(tuple(MARKS)):
            yield from map(_marked, lines)
        else:
            yield Block(kind="paragraph", cells=(" ".join(lines),))


def _marked(line: str) -> Block:
    mark = next((mark for mark in MARKS if line.startswith(mark)), "")
    kind: Kind = MARKS.get(mark, "paragraph")
    text = line.removeprefix(mark)
    if kind == "row":
        return Block(kind=kind, cells=tuple(cell.strip() for cell in text.strip("| ").split("|")))
    return Block(kind=kind, cells=(text.strip(),))


def _is_leap(year: int) -> bool:
    """The 33-year rule, which agrees with the table of the University of Tehran for 1206-1498."""
    return (25 * year + 11) % 33 < 8  # noqa: PLR2004


def _days_before(year: int) -> int:
    return 365 * (year - 1) + (8 * year + 21) // 33


def _days_before_month(month: int) -> int:
    return 31 * (month - 1) if month <= MONTHS // 2 else DAYS_OF_SIX_MONTHS + 30 * (month - MONTHS // 2 - 1)


def _days_in(year: int, month: int) -> int:
    if month == MONTHS:
        return 30 if _is_leap(year) else 29
    return _days_before_month(month + 1) - _days_before_month(month)
