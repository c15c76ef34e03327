"""The charts of an archive by name: what a question narrows them to, drawn in the language of their reader.

`draw(room, query, names)` is what pages of a source or a province take, `tile_map(room, numbers)` what the home page
does; the macro `figure` of `figures.html` shows either.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any, Final, Self
from urllib.parse import urlencode

import sqlalchemy as sa
from starlette.datastructures import QueryParams

from archive import Query, facets, rhythm, timings
from archive.article import month_after, month_begins, month_of
from archive.errors import QueryError
from persian.calendars import TEHRAN
from sources import Catalogue
from syndication import charts
from syndication.charts import Chart
from syndication.charts.words import say
from syndication.web.room import Room
from syndication.web.search import Search

NARROWING: Final = ("province", "agency", "source", "since", "until")
PARTS: Final = ("agency", "province", "source")  # that columns are made of
BY: Final = "by"
A_YEAR: Final = 12  # months of a calendar


@dataclass(frozen=True, kw_only=True, slots=True)
class Asked:
    """What charts are asked: a query of whole Jalali months, and what the columns of `months` are parted `by`, if said.

    `search` are the words that narrow, as an address states them.
    """

    query: Query
    by: str
    search: Search

    @classmethod
    def of(cls, parameters: QueryParams, catalogue: Catalogue) -> Self:
        """Raises `QueryError`, for words that narrow no chart, too."""
        stated = Search.of(parameters)
        by = stated.first(BY)
        if by not in ("", *PARTS):
            raise QueryError(BY, f"{by!r} is none of {', '.join(PARTS)}")
        search = stated.wider(BY).settled(parameters)
        for name, _ in search.asked:
            if name not in NARROWING:
                raise QueryError(name, f"charts are narrowed by {', '.join(NARROWING)}")
        return cls(query=rhythm.whole_months(search.query(catalogue)), by=by, search=search)

    @property
    def words(self) -> str:
        """The query string of charts of the same."""
        return urlencode([*self.search.asked, *([(BY, self.by)] if self.by else [])])


Drawer = Callable[[Room, sa.Connection, Asked, str], Chart]
"""Makes a chart; the text says of what it is, "" where that is said already."""


def draw(room: Room, query: Query, names: Iterable[str], *, of: str = "") -> list[Chart]:
    """Charts of these names for a query."""
    asked = Asked(query=rhythm.whole_months(query), by="", search=Search())
    return drawn(room, asked, names, of=of)


def drawn(room: Room, asked: Asked, names: Iterable[str], *, of: str = "") -> list[Chart]:
    """The same of what an address asks. A chart is kept until a harvest has brought the archive on."""
    with room.reading() as connection:
        seq = timings.reached(connection)
    month = month_of(datetime.now(TEHRAN))
    return [
        room.memory.get((room.language.code, name, asked, of, seq, month), partial(_made, room, name, asked, of))
        for name in names
    ]


def _made(room: Room, name: str, asked: Asked, of: str) -> Chart:
    with room.reading() as connection:
        return CHARTS[name](room, connection, asked, of)


def tile_map(
    room: Room, numbers: Mapping[str, int], *, of: str = "", name: str = "provinces", told: str = "tiles"
) -> Chart:
    """The map of the provinces with a number each, by ISO code; a tile leads to the province's page."""
    return charts.tiles(
        numbers,
        room.catalogue.provinces.values(),
        lambda province: room.views.to(f"/provinces/{province.key}"),
        room.language,
        name=name,
        of=of,
        told=told,
    )


def behind(room: Room) -> int:
    """How many rows of the change log the charts have yet to take in (`archive.timings`)."""
    with room.reading() as connection:
        return timings.behind(connection)


def subject(room: Room, asked: Asked) -> str:
    """Of what the charts are: names of offices, or of agencies and provinces; "" of everything."""
    catalogue, query, language = room.catalogue, asked.query, room.language
    wider = [*map(catalogue.agency, query.agencies), *map(catalogue.province, query.provinces)]
    places: list[Any] = [*map(catalogue.source, query.sources)] or wider  # an office's name says where it is
    comma = "، " if language.is_persian else ", "
    return comma.join(dict.fromkeys(language.name_of(each) for each in places))


# ---- each of them ----


def _months(room: Room, connection: sa.Connection, asked: Asked, of: str) -> Chart:
    """Columns of agencies, of provinces where there is one agency, of sources where there is one of both."""
    part = asked.by or _part(room, asked.query)
    numbers = _parted(room, connection, asked.query, part)
    return charts.columns(numbers, _names(room, numbers), room.language, of=of)


def _parted(room: Room, connection: sa.Connection, query: Query, part: str) -> charts.Numbers:
    """Releases by month and part: the greatest ones, and `REST`, which is told from the whole rather than from each."""
    counted = partial(_counted, room, connection)
    totals = counted(query, part)
    if len(totals) <= charts.PARTS:
        return {(month, key): number for (month, key), number in counted(query, "month", part).items()}
    greatest = sorted(totals, key=lambda key: (-totals[key], key))[: charts.PARTS - 1]
    these = {"agency": "agencies", "province": "provinces", "source": "sources"}[part]
    kept = counted(query.narrowed(**{these: tuple(key for (key,) in greatest)}), "month", part)
    rest = {month: number for (month,), number in counted(query, "month").items()}
    for (month, _), number in kept.items():
        rest[month] -= number
    return {(month, key): number for (month, key), number in kept.items()} | {
        (month, charts.REST): number for month, number in rest.items() if number
    }


def _counted(room: Room, connection: sa.Connection, query: Query, *by: str) -> dict[tuple[str, ...], int]:
    found = rhythm.counted(connection, query, *by)
    return dict(facets.counts(connection, query, room.archive.index, by)) if found is None else found


def _part(room: Room, query: Query) -> str:
    """What the releases that answer a query are of more than one of."""
    asked = [
        source
        for source in room.catalogue.sources.values()
        if (not query.provinces or source.province.iso in query.provinces)
        and (not query.agencies or source.agency.id in query.agencies)
        and (not query.sources or source.id in query.sources)
    ]
    if len({source.agency.id for source in asked}) > 1:
        return "agency"
    return "province" if len({source.province.iso for source in asked}) > 1 else "source"


def _names(room: Room, numbers: charts.Numbers) -> dict[str, str]:
    """What parts are called, the greatest first; one that the catalogue holds no more by its key."""
    catalogue = room.catalogue
    known: dict[str, Any] = {**catalogue.sources, **catalogue.agencies}
    known |= {province.iso: province for province in catalogue.provinces.values()}
    totals: dict[str, int] = {}
    for (_, part), number in numbers.items():
        totals[part] = totals.get(part, 0) + number
    ordered = sorted(totals, key=lambda part: (-totals[part], part))
    return {
        part: room.language.name_of(known[part]) if part in known else part for part in ordered if part != charts.REST
    }


def _edits(room: Room, connection: sa.Connection, asked: Asked, of: str) -> Chart:
    found = rhythm.edits(connection, asked.query)
    names = {str(kind): say(room.language, "kinds", str(kind)) for kind in timings.TALLIED}
    numbers = {(month, str(kind)): number for (month, kind), number in found.items()}
    return charts.columns(numbers, names, room.language, name="edits", title="edits", thing="changes", of=of)


def _provinces(room: Room, connection: sa.Connection, asked: Asked, of: str) -> Chart:
    found = _counted(room, connection, asked.query, "province")
    return tile_map(room, {iso: number for (iso,), number in found.items()}, of=of)


def _days(room: Room, connection: sa.Connection, asked: Asked, of: str) -> Chart:
    """The last twelve months of those asked for that have releases."""
    months = months_of_calendar(connection, asked.query)
    if not months:
        return charts.calendar({}, [], room.language, of=of)
    begins = month_begins(months[0])
    found = rhythm.days(connection, asked.query.narrowed(since=begins, until=_end(months[-1])))
    return charts.calendar(found, months, room.language, of=of)


def months_of_calendar(connection: sa.Connection, query: Query) -> list[str]:
    """The months that a calendar shows: twelve, until the newest with releases, and no month that is yet to come."""
    now = month_of(datetime.now(TEHRAN))
    first, last = rhythm.span(query)
    newest = rhythm.newest(connection, query.narrowed(until=_end(min(last, now))))
    months: list[str] = []
    while newest and newest >= first and len(months) < A_YEAR:
        months.insert(0, newest)
        newest = rhythm.month_before(newest)
    return months


def _end(month: str) -> datetime:
    return month_begins(month_after(month))


def _week(room: Room, connection: sa.Connection, asked: Asked, of: str) -> Chart:
    return charts.week(rhythm.hours(connection, asked.query), room.language, of=of)


def _lags(room: Room, connection: sa.Connection, asked: Asked, of: str) -> Chart:
    return charts.lags(rhythm.lags(connection, asked.query), room.language, of=of)


CHARTS: Final[Mapping[str, Drawer]] = {
    "months": _months,
    "provinces": _provinces,
    "days": _days,
    "week": _week,
    "lags": _lags,
    "edits": _edits,
}
