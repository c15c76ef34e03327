"""The search page: a question, its answer page by page, how the answer is spread, and the question elsewhere."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

import sqlalchemy as sa
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from archive import Query, Sort, State, answers, facets
from archive.errors import QueryError
from archive.facets import Facets
from archive.query import period
from archive.search import SearchIndex
from archive.search.highlights import Highlights
from persian.calendars import MONTHS, MONTHS_IN_LATIN, TEHRAN, to_jalali
from sources import Catalogue, Source
from syndication import feeds
from syndication.web import dates
from syndication.web.downloads import FORMATS, MOST
from syndication.web.hits import NOTHING_SOUGHT
from syndication.web.room import Room
from syndication.web.search import LONGEST_PAGE, PAGE, PAGING, PATH, PICKED, Search

__all__ = ["PATH", "search"]

MOST_OFFERED: Final = 100  # sources in one <select>; of more, the form asks for the id
FIRST_YEAR: Final = 1380  # that the form offers; the address takes any
FREE: Final[Mapping[str, dict[str, Any]]] = {
    "province": {"provinces": ()},
    "agency": {"agencies": ()},
    "source": {"sources": ()},
    "month": {"since": None, "until": None},
    "state": {"states": ()},
}
"""What makes a query one without the filter of a facet."""

SHOWN_FILTERS: Final = ("province", "agency", "source", "tag", "state", "changed-since", "collapse-copies")


@dataclass(frozen=True, kw_only=True, slots=True)
class Choice:
    """A value that would narrow the answer to so many releases; `chosen` ones lead back."""

    label: str
    path: str
    number: int
    chosen: bool


@dataclass(frozen=True, kw_only=True, slots=True)
class Facet:
    """How the answer is spread over one filter, as if that filter were not set."""

    name: str
    choices: list[Choice]

    @property
    def tells(self) -> bool:
        """Whether there is anything to choose."""
        return len(self.choices) > 1 or any(choice.chosen for choice in self.choices)


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
        with room.reading(query.text) as connection:
            asking = _Asking(room, settled, query, connection)
            found, total, spread = asking.answer()
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
        answer=found | {"total": total},
        facets=[facet for facet in spread if facet.tells],
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
        answer={"days": [], "total": 0, "following": None},
        facets=[],
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


# ---- the answer, and how it is spread ----


@dataclass(frozen=True, slots=True)
class _Asking:
    """A question put to one state of the archive."""

    room: Room
    asked: Search
    query: Query
    connection: sa.Connection

    def _found(self) -> dict[str, Any]:
        """One page of the answer: its days, and the path of what follows."""
        size = min(self.query.limit or PAGE, LONGEST_PAGE)
        items = list(answers.select(self.connection, self.query.narrowed(limit=size + 1), self._index))
        shown, more = items[:size], len(items) > size
        following = self.asked.page_after(answers.cursor_after(self.connection, shown[-1].id)) if more else None
        marks = Highlights(self.query.text) if self.query.text else NOTHING_SOUGHT
        return {"days": self.room.by_day(shown, marks), "following": following}

    def answer(self) -> tuple[dict[str, Any], int, list[Facet]]:
        """One page of the answer, how many there are in all, and how they are spread over each filter as if it were
        not set: those that are not by one walk through the index, while the page is read.
        """
        catalogue, name_of, query, index = self.room.catalogue, self.room.language.name_of, self.query, self._index
        shown: dict[str, tuple[Any, ...]] = {
            "province": query.provinces,
            "agency": query.agencies,
            **({"source": query.sources} if query.provinces or query.agencies or query.sources else {}),
            "month": tuple(filter(None, (query.since, query.until))),
            "state": query.states,
        }
        plain = query.narrowed(sort=Sort.NEWEST, cursor=None)
        free = [name for name, chosen in shown.items() if not chosen]
        begun = [facets.spreading(self.connection, plain, index, free)]
        for name, chosen in shown.items():
            if chosen:
                wider = plain.narrowed(**FREE[name])
                begun.append(facets.spreading(self.connection, wider, index, [name]))
        found = self._found()
        numbers = {name: told for each in begun for name, told in each().items()}
        total = sum(n for _, n in numbers[free[0]]) if free else facets.count(self.connection, plain, index)
        provinces = catalogue.provinces.values()
        labels: dict[str, Mapping[str, str]] = {
            "province": {each.iso: name_of(each) for each in provinces},
            "agency": {each.id: name_of(each) for each in catalogue.agencies.values()},
            "source": {each.id: name_of(each) for each in catalogue.sources.values()},
            "state": self.room.language.say["states"],
        }
        keys = {each.iso: each.key for each in provinces}
        return (
            found,
            total,
            [
                self._periods(numbers[name])
                if name == "month"
                else self._facet(name, numbers[name], labels[name], {str(each) for each in chosen}, keys)
                for name, chosen in shown.items()
            ],
        )

    def _facet(
        self, name: str, numbers: Facets, labels: Mapping[str, str], chosen: set[str], keys: Mapping[str, str]
    ) -> Facet:
        """By the values of a filter; `keys` are those that an address states, where they are others."""
        asked = self.asked
        found = sorted(numbers, key=lambda row: (-row[1], row[0]))
        paths = asked.narrowed_to(name, (keys.get(key, key) for (key,), _ in found))
        wider = asked.wider(name).path
        choices = [
            Choice(
                label=labels.get(key, key), path=wider if key in chosen else path, number=number, chosen=key in chosen
            )
            for ((key,), number), path in zip(found, paths, strict=True)
        ]
        return Facet(name=name, choices=choices)

    def _periods(self, by_month: Facets) -> Facet:
        """By Jalali year, or by month where one year is asked for."""
        stated = [self.asked.first(name) for name in PICKED]
        year = stated[0][:4] if stated[0] and stated[0][:4] == stated[1][:4] and stated[0][:4].isascii() else ""
        wider = Search(tuple(pair for pair in self.asked.asked if pair[0] not in (*PICKED, "cursor")))
        numbers: Counter[str] = Counter()
        for (month,), number in by_month:
            if not year:
                numbers[month[:4]] += number
            elif month.startswith(year):
                numbers[month] += number
        language = self.room.language
        choices = [
            Choice(
                label=dates.month_name(key, language) if year else language.digits(key),
                path=wider.path
                if [key, key] == stated
                else Search((*wider.asked, ("since", key), ("until", key))).path,
                number=number,
                chosen=[key, key] == stated,
            )
            for key, number in sorted(numbers.items(), reverse=not year)
        ]
        return Facet(name="period", choices=choices)

    @property
    def _index(self) -> SearchIndex:
        return self.room.archive.index


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
