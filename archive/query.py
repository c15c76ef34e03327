"""The one question that every face of Monadi asks: the command line, feeds, exports, pages and the API.

A `Query` is a plain value. `Query.parse` makes one from words that a person or a URL gives, the same words everywhere;
`archive.answers` and `archive.facets` answer it.
"""

import base64
import binascii
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from enum import StrEnum
from typing import TYPE_CHECKING, Any, Self

from archive.article import State
from archive.errors import QueryError
from persian.calendars import DateError
from persian.text import search_key
from sources import Catalogue, CatalogueError

if TYPE_CHECKING:
    from persian.dates import Period

LARGEST = 2**63 - 1  # that a database's integer holds
YES, NO = frozenset({"1", "yes", "true", "on"}), frozenset({"0", "no", "false", "off"})


class Sort(StrEnum):
    NEWEST = "newest"
    OLDEST = "oldest"
    BEST = "best"


@dataclass(frozen=True, kw_only=True, slots=True)
class Query:
    """Which articles, in which order.

    Values within one filter are alternatives, filters narrow each other. `provinces` are ISO codes, `tags` search
    keys, `since` and `until` instants in UTC (half-open), `changed_since` a number of the change log: articles with a
    later change. `collapse_copies` leaves of several releases of one text the earliest that passes all filters.
    `cursor` continues after the article that it was made from.
    """

    text: str = ""
    provinces: tuple[str, ...] = ()
    agencies: tuple[str, ...] = ()
    sources: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    states: tuple[State, ...] = ()
    since: datetime | None = None
    until: datetime | None = None
    changed_since: int | None = None
    collapse_copies: bool = False
    sort: Sort = Sort.NEWEST
    limit: int | None = None
    cursor: str | None = None

    @classmethod
    def parse(cls, words: Mapping[str, str | int | Sequence[str] | None], catalogue: Catalogue) -> Self:
        """From filter words (`province`, `since`, …) as people write them; raises `QueryError` naming the word."""
        query = cls()
        for name, given in words.items():
            words_given = [given] if isinstance(given, str | int) else given or ()
            values = [value for word in words_given if (value := str(word).strip())]
            if not values:
                continue
            if name not in PARSERS:
                raise QueryError(name, f"no such filter; there are {', '.join(PARSERS)}")
            query = replace(query, **PARSERS[name](values, catalogue))
        if query.sort is Sort.BEST and not query.text:
            raise QueryError("sort", "best needs a text to be best for")
        return query

    def narrowed(self, **filters: Any) -> Self:
        """The same question with more filters set."""
        return replace(self, **filters)


def _text(values: list[str], _: Catalogue) -> dict[str, Any]:
    return {"text": " ".join(values)}


def _provinces(values: list[str], catalogue: Catalogue) -> dict[str, Any]:
    return {"provinces": tuple(_found("province", catalogue.province, value).iso for value in values)}


def _agencies(values: list[str], catalogue: Catalogue) -> dict[str, Any]:
    return {"agencies": tuple(_found("agency", catalogue.agency, value).id for value in values)}


def _sources(values: list[str], catalogue: Catalogue) -> dict[str, Any]:
    return {"sources": tuple(_found("source", catalogue.source, value).id for value in values)}


def _found(parameter: str, find: Any, value: str) -> Any:
    try:
        return find(value)
    except CatalogueError as error:
        raise QueryError(parameter, str(error)) from None


def _tags(values: list[str], _: Catalogue) -> dict[str, Any]:
    return {"tags": tuple(search_key(value) for value in values)}


def _states(values: list[str], _: Catalogue) -> dict[str, Any]:
    wrong = [value for value in values if value not in list(State)]
    if wrong:
        raise QueryError("state", f"{wrong[0]!r} is none of {', '.join(State)}")
    return {"states": tuple(State(value) for value in values)}


def _since(values: list[str], _: Catalogue) -> dict[str, Any]:
    return {"since": period("since", values[-1]).start}


def _until(values: list[str], _: Catalogue) -> dict[str, Any]:
    return {"until": period("until", values[-1]).end}


def period(parameter: str, value: str) -> "Period":
    """The days that a date filter's value names; raises `QueryError` naming the filter."""
    from persian.dates import parse_period  # noqa: PLC0415 - a tenth of the start of a query that names no day

    try:
        return parse_period(value)
    except DateError as error:
        raise QueryError(parameter, str(error)) from None


def _changed_since(values: list[str], _: Catalogue) -> dict[str, Any]:
    return {"changed_since": _number("changed-since", values[-1], least=0)}


def _collapse_copies(values: list[str], _: Catalogue) -> dict[str, Any]:
    return {"collapse_copies": yes("collapse-copies", values[-1])}


def yes(parameter: str, value: str) -> bool:
    """What a yes or a no says; raises `QueryError` naming the parameter."""
    if value.lower() not in YES | NO:
        raise QueryError(parameter, f"{value!r} is neither yes nor no")
    return value.lower() in YES


def _limit(values: list[str], _: Catalogue) -> dict[str, Any]:
    return {"limit": _number("limit", values[-1], least=1)}


def _number(parameter: str, value: str, *, least: int) -> int:
    if not value.isdecimal() or int(value[:20]) < least:
        raise QueryError(parameter, f"{value!r} is no whole number from {least}")
    return min(int(value[:20]), LARGEST)


def _sort(values: list[str], _: Catalogue) -> dict[str, Any]:
    try:
        return {"sort": Sort(values[-1])}
    except ValueError:
        raise QueryError("sort", f"{values[-1]!r} is none of {', '.join(Sort)}") from None


def _cursor(values: list[str], _: Catalogue) -> dict[str, Any]:
    position(values[-1])
    return {"cursor": values[-1]}


PARSERS = {
    "text": _text,
    "province": _provinces,
    "agency": _agencies,
    "source": _sources,
    "tag": _tags,
    "state": _states,
    "since": _since,
    "until": _until,
    "changed-since": _changed_since,
    "collapse-copies": _collapse_copies,
    "sort": _sort,
    "limit": _limit,
    "cursor": _cursor,
}


def cursor_of(ordered_at: datetime, pk: int) -> str:
    """What continues after the article that stands here, in any order."""
    text = json.dumps([ordered_at.isoformat(), pk])
    return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")


def position(cursor: str) -> tuple[datetime, int]:
    """Where the article stands, by (`ordered_at`, `pk`), that a cursor continues after; raises `QueryError`."""
    try:
        moment, pk = json.loads(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
        return datetime.fromisoformat(moment).astimezone(UTC), max(0, min(int(pk), LARGEST))
    except (ValueError, TypeError, OverflowError, RecursionError, binascii.Error):
        raise QueryError("cursor", "not a cursor that a query gave; leave it out to begin at the first page") from None
