"""The search page: the form of a question, its answer, and the question elsewhere."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from archive import Query, State
from archive.errors import QueryError
from archive.query import period
from persian.calendars import MONTHS, MONTHS_IN_LATIN, TEHRAN, to_jalali
from sources import Catalogue, Source
from syndication import feeds
from syndication.web import dates
from syndication.web.downloads import FORMATS, MOST
from syndication.web.room import Room
from syndication.web.search import PAGING, PATH, PICKED, Search
from syndication.web.spread import Answer, Asking

__all__ = ["PATH", "search"]

MOST_OFFERED: Final = 100  # sources in one <select>; of more, the form asks for the id
FIRST_YEAR: Final = 1380  # that the form offers; the address takes any
SHOWN_FILTERS: Final = ("province", "agency", "source", "tag", "state", "changed-since", "collapse-copies")


@dataclass(frozen=True, kw_only=True, slots=True)
class Picker:
    """A date of the form: years, months and days to pick of, and what is picked; `other` is a date it cannot show."""

    name: str
    fields: tuple[str, ...]
    years: list[int]
    picked: tuple[str, str, str]
    other: str


def search(room: Room, request: Request) -> Response:
    """What the address asks for. Dates that were picked, and empty fields, make way for a plain address."""
    stated = Search.of(request.query_params)
    try:
        settled = stated.settled(request.query_params)
        if settled is not stated:
            return RedirectResponse(room.views.to(settled.path))
        query = settled.query(room.catalogue)
        with room.reading(query) as connection:
            found = Asking(room, settled, query, connection).answer()
    except QueryError as error:
        return _mistaken(room, request, stated, error)
    feed = feed_of(settled, query, room.catalogue)
    return room.views.page(
        request,
        "search.html",
        place=PATH,
        feeds_of=[feed] if feed else [],
        feed=feed,
        heading=heading(settled, query, room),
        mistake=None,
        answer=found,
        chosen=_chosen(room, settled),
        **_form(room, settled, query),
    )


def _form(room: Room, asked: Search, query: Query) -> dict[str, Any]:
    language = room.language
    return {
        "search": asked,
        "query": query,
        "pickers": [_picker(asked, name) for name in PICKED],
        "sources_offered": _offered(room, query),
        "files": FORMATS,
        "most": MOST,
        "states": tuple(State),
        "months": list(enumerate(MONTHS if language.is_persian else MONTHS_IN_LATIN, 1)),
    }


def _mistaken(room: Room, request: Request, asked: Search, error: QueryError) -> Response:
    return room.views.page(
        request,
        "search.html",
        place=PATH,
        status=400,
        feed=None,
        heading=room.language.say["message"]["mistaken"],
        mistake=(room.language.word("filters", error.parameter), str(error)),
        answer=Answer(days=[], total=0, following=None, facets=[]),
        chosen=[],
        **_form(room, asked, Query()),
    )


# ---- the form ----


def _picker(asked: Search, name: str) -> Picker:
    stated, other = asked.first(name), ""
    picked: tuple[str, str, str] = ("", "", "")
    if stated:
        try:
            fields = dates.fields_of(period(name, stated))
        except QueryError:
            fields = None
        picked, other = fields or picked, "" if fields else stated
    newest = _this_year()
    years = list(range(newest, FIRST_YEAR - 1, -1))
    if picked[0] and int(picked[0]) not in years:
        years.append(int(picked[0]))
    return Picker(name=name, fields=PICKED[name], years=years, picked=picked, other=other)


def _this_year() -> int:
    return to_jalali(datetime.now(TEHRAN).date())[0]


def _offered(room: Room, query: Query) -> list[Source]:
    """The sources worth choosing: those that hold something, in the province and of the agency asked for."""
    counts = room.counted.now().sources
    offered = [
        source
        for source in room.catalogue.sources.values()
        if (
            counts[source.id]
            and (not query.provinces or source.province.iso in query.provinces)
            and (not query.agencies or source.agency.id in query.agencies)
        )
        or source.id in query.sources
    ]
    return offered if len(offered) <= MOST_OFFERED else []


def _chosen(room: Room, asked: Search) -> list[tuple[str, str, str]]:
    """The filters that are set: name and value as people read them, and the path of the question without."""
    return [
        (room.language.word("filters", name), _shown(room, name, value), asked.without(name, value))
        for name, value in asked.filters
        if name in SHOWN_FILTERS or name in PICKED
    ]


def _shown(room: Room, name: str, value: str) -> str:
    """A filter's value as people read it."""
    catalogue, language = room.catalogue, room.language
    find = {"province": catalogue.province, "agency": catalogue.agency, "source": catalogue.source}.get(name)
    if find:
        return language.name_of(find(value))
    if name == "state":
        return language.word("states", value)
    return value


# ---- what it is called, and its feed ----


def heading(asked: Search, query: Query, room: Room) -> str:
    say, name = room.language.say["search"], room.language.name_of
    if not asked.filters:
        return say["everything"]
    if query.text:
        return say["found_for"].format(query.text)
    if asked.only and query.provinces:
        return say["of_province"].format(name(room.catalogue.province(query.provinces[0])))
    if asked.only and query.agencies:
        return say["of"].format(name(room.catalogue.agency(query.agencies[0])))
    if asked.only and query.sources:
        return say["of"].format(name(room.catalogue.source(query.sources[0])))
    return say["found"]


def feed_of(asked: Search, query: Query, catalogue: Catalogue) -> feeds.Feed | None:
    """The feed that asks the same, if anything is asked."""
    provinces = [catalogue.province(iso).key for iso in query.provinces]
    kinds = (("province", provinces), ("agency", query.agencies), ("source", query.sources), ("tag", query.tags))
    if asked.only:
        named = next((f"{kind}/{keys[0]}" for kind, keys in kinds if len(keys) == 1), None)
        if named:
            return feeds.find(named, catalogue)
    words = [pair for pair in asked.asked if pair[0] not in PAGING]
    return feeds.find("query", catalogue, words) if words else None
