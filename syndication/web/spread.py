"""One page of the answer to a search, and how the answer is spread over each filter, as if that one were not set."""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

import sqlalchemy as sa

from archive import Query, Sort, answers, facets
from archive.facets import Facets
from archive.search import SearchIndex
from archive.search.highlights import Highlights
from syndication.charts.words import month_name
from syndication.web.hits import NOTHING_SOUGHT, Day
from syndication.web.room import Room
from syndication.web.search import LONGEST_PAGE, PAGE, PICKED, Search

FREE: Final[Mapping[str, dict[str, Any]]] = {
    "province": {"provinces": ()},
    "agency": {"agencies": ()},
    "source": {"sources": ()},
    "month": {"since": None, "until": None},
    "state": {"states": ()},
}
"""What makes a query one without the filter of a facet."""


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
class Answer:
    """The releases of a page by day, how many there are in all, the path of what follows, and the facets that tell."""

    days: list[Day]
    total: int
    following: str | None
    facets: list[Facet]


@dataclass(frozen=True, slots=True)
class Asking:
    """A question put to one state of the archive."""

    room: Room
    asked: Search
    query: Query
    connection: sa.Connection

    def answer(self) -> Answer:
        """The page of the answer; its facets are made of walks through the index that go on while it is read."""
        query = self.query.narrowed(sort=Sort.NEWEST, cursor=None)
        asked = self._asked()
        free = [name for name, chosen in asked.items() if not chosen]
        begun = [facets.spreading(self.connection, query, self._index, free)]
        for name, chosen in asked.items():
            if chosen:
                begun.append(facets.spreading(self.connection, query.narrowed(**FREE[name]), self._index, [name]))
        days, following = self._page()
        numbers = {name: told for each in begun for name, told in each().items()}
        return Answer(
            days=days,
            total=sum(n for _, n in numbers[free[0]]) if free else facets.count(self.connection, query, self._index),
            following=following,
            facets=[facet for facet in self._facets(asked, numbers) if facet.tells],
        )

    def _asked(self) -> dict[str, tuple[Any, ...]]:
        """The filters that there are facets of, and their values; of offices only where a place is asked for."""
        query = self.query
        of_place = query.provinces or query.agencies or query.sources
        return {
            "province": query.provinces,
            "agency": query.agencies,
            **({"source": query.sources} if of_place else {}),
            "month": tuple(filter(None, (query.since, query.until))),
            "state": query.states,
        }

    def _page(self) -> tuple[list[Day], str | None]:
        """Its days, and the path of what follows."""
        size = min(self.query.limit or PAGE, LONGEST_PAGE)
        items = list(answers.select(self.connection, self.query.narrowed(limit=size + 1), self._index))
        shown, more = items[:size], len(items) > size
        following = self.asked.page_after(answers.cursor_after(self.connection, shown[-1].id)) if more else None
        marks = Highlights(self.query.text) if self.query.text else NOTHING_SOUGHT
        return self.room.by_day(shown, marks), following

    def _facets(self, asked: Mapping[str, tuple[Any, ...]], numbers: Mapping[str, Facets]) -> Iterator[Facet]:
        catalogue, name_of = self.room.catalogue, self.room.language.name_of
        provinces = catalogue.provinces.values()
        labels: dict[str, Mapping[str, str]] = {
            "province": {each.iso: name_of(each) for each in provinces},
            "agency": {each.id: name_of(each) for each in catalogue.agencies.values()},
            "source": {each.id: name_of(each) for each in catalogue.sources.values()},
            "state": self.room.language.say["states"],
        }
        keys = {each.iso: each.key for each in provinces}
        for name, chosen in asked.items():
            if name == "month":
                yield self._periods(numbers[name])
            else:
                yield self._facet(name, numbers[name], labels[name], {str(each) for each in chosen}, keys)

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
                label=month_name(key, language) if year else language.digits(key),
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
