"""A question as the address of a page states it, and the addresses of questions near it."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final, Self
from urllib.parse import quote_plus, urlencode

from starlette.datastructures import QueryParams

from archive import Query
from archive.errors import QueryError
from archive.query import period
from persian.text import without_forbidden
from sources import Catalogue

PATH: Final = "/search"
PAGE: Final = 30  # releases on a page
LONGEST_PAGE: Final = 100
TEXT: Final = "q"  # the word for `Query.text` in an address
ORDERING: Final = ("sort", "limit", "cursor")  # words that narrow nothing
PAGING: Final = ("cursor", "limit")  # what a page asks for itself
PICKED: Final = {name: tuple(f"{name}-{part}" for part in ("year", "month", "day")) for name in ("since", "until")}
"""The fields that a date is picked with, which an address states as one word."""

Words = tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Search:
    """The words of an address, each with a value; `query` is what they ask for."""

    asked: Words = ()

    @classmethod
    def of(cls, parameters: QueryParams) -> Self:
        asked = ((name, without_forbidden(value).strip()) for name, value in parameters.multi_items())
        return cls(tuple((name, value) for name, value in asked if value))

    def query(self, catalogue: Catalogue) -> Query:
        """What is asked; raises `QueryError`."""
        words: dict[str, list[str]] = {}
        for name, value in self.asked:
            words.setdefault("text" if name == TEXT else name, []).append(value)
        return Query.parse(words, catalogue)

    def settled(self, parameters: QueryParams) -> Self:
        """The same with dates that were picked as one word each; the same value where `parameters` are as it says."""
        fields = {field for picked in PICKED.values() for field in picked}
        if not fields & set(parameters):
            return self if len(self.asked) == len(parameters.multi_items()) else type(self)(self.asked)
        words = tuple(pair for pair in self.asked if pair[0] not in fields)
        for name, picked in PICKED.items():
            stated = _picked(name, [self.first(field) for field in picked])
            if stated:
                words = (*(pair for pair in words if pair[0] != name), (name, stated))
        return type(self)(words)

    def first(self, name: str) -> str:
        """The first value of a word, "" where it is not asked."""
        return next(self.values(name), "")

    def values(self, name: str) -> Iterator[str]:
        return (value for asked, value in self.asked if asked == name)

    @property
    def filters(self) -> Words:
        """The words that narrow."""
        return tuple(pair for pair in self.asked if pair[0] not in ORDERING)

    @property
    def text(self) -> str:
        return " ".join(self.values(TEXT))

    @property
    def only(self) -> tuple[str, str] | None:
        """The one filter and its value, where there is just one."""
        return self.filters[0] if len(self.filters) == 1 else None

    # ---- questions near it, as paths ----

    @property
    def path(self) -> str:
        return _path(self.asked)

    def page_after(self, cursor: str) -> str:
        return _path([*(pair for pair in self.asked if pair[0] != "cursor"), ("cursor", cursor)])

    def narrowed_to(self, name: str, values: Iterable[str]) -> Iterator[str]:
        """The paths of the same question with each of these values alone for a filter, from its first page."""
        rest = urlencode([pair for pair in self.asked if pair[0] not in (name, "cursor")])
        begun = f"{PATH}?{rest}{'&' if rest else ''}{name}="
        return (begun + quote_plus(value) for value in values)

    def without(self, name: str, value: str | None = None) -> str:
        """The path of the same question without a filter, or without one value of it."""
        return _path(self._without(name, value))

    def wider(self, name: str) -> "Search":
        """The same question without a filter."""
        return Search(tuple(self._without(name)))

    def words_but(self, *names: str) -> str:
        """The query string without some words: for feeds, files and programs, which page by themselves."""
        return urlencode([pair for pair in self.asked if pair[0] not in names])

    def _without(self, name: str, value: str | None = None) -> Iterable[tuple[str, str]]:
        return [
            pair
            for pair in self.asked
            if pair[0] != "cursor" and not (pair[0] == name and (value is None or pair[1] == value))
        ]


def _path(words: Iterable[tuple[str, str]]) -> str:
    asked = urlencode([*words])
    return f"{PATH}?{asked}" if asked else PATH


def _picked(name: str, fields: list[str]) -> str:
    """Year, month and day as one word; raises `QueryError` for a month of no year, or a day of no month."""
    year, month, day = fields
    if not (year or month or day):
        return ""
    if not year or (day and not month):
        raise QueryError(name, "say a year, a year and a month, or a whole day")
    stated = "-".join(part.zfill(2) for part in fields if part)
    period(name, stated)
    return stated
