"""The one question that every face of Monadi asks: the command line, feeds, exports, pages and the API.

A `Query` is a plain value. `Query.parse` makes one from words that a person or a URL gives, the same words everywhere;
`select` answers it, one page of articles after another.
"""

import base64
import binascii
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any, Self

import sqlalchemy as sa

from archive.article import ArchivedArticle, State
from archive.articles import NEWEST, assemble
from archive.errors import QueryError
from archive.tables import articles, sources, tags
from persian.dates import DateError, Period, parse_period
from persian.text import search_key
from sources import Catalogue, CatalogueError

LARGEST = 2**63 - 1  # that a database's integer holds
PAGE = 200  # articles read at a time while a long answer is walked


class Sort(StrEnum):
    NEWEST = "newest"
    OLDEST = "oldest"
    BEST = "best"


@dataclass(frozen=True, kw_only=True, slots=True)
class Query:
    """Which articles, in which order.

    Values within one filter are alternatives, filters narrow each other. `provinces` are ISO codes, `tags` search
    keys, `since` and `until` instants in UTC (half-open), `changed_since` a number of the change log: articles with a
    later change. `cursor` continues after the article that it was made from.
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


def period(parameter: str, value: str) -> Period:
    """The days that a date filter's value names; raises `QueryError` naming the filter."""
    try:
        return parse_period(value)
    except DateError as error:
        raise QueryError(parameter, str(error)) from None


def _changed_since(values: list[str], _: Catalogue) -> dict[str, Any]:
    return {"changed_since": _number("changed-since", values[-1], least=0)}


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
    _position(values[-1])
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
    "sort": _sort,
    "limit": _limit,
    "cursor": _cursor,
}


def select(connection: sa.Connection, query: Query, matches: Sequence[int] | None = None) -> Iterator[ArchivedArticle]:
    """The articles that answer a query, in its order; `matches` are the keys that its text found, best first."""
    if query.sort is Sort.BEST:
        yield from _best(connection, query, matches or ())
        return
    statement = _filtered(connection, query, NEWEST, matches)
    left, position = query.limit, _position(query.cursor) if query.cursor else None
    while left is None or left > 0:
        size = PAGE if left is None else min(PAGE, left)
        rows = connection.execute(_page(statement, query.sort, position).limit(size)).all()
        yield from assemble(connection, rows)
        if len(rows) < size:
            return
        left, position = left and left - size, (rows[-1].ordered_at, rows[-1].pk)


def _best(connection: sa.Connection, query: Query, matches: Sequence[int]) -> Iterator[ArchivedArticle]:
    """Those of the matches that pass the filters, best first, from the one after the cursor."""
    start, left = _place(query.cursor, matches) if query.cursor else 0, query.limit
    while start < len(matches) and left != 0:
        some = matches[start : start + PAGE]
        found = {row.pk: row for row in connection.execute(_filtered(connection, query, NEWEST, some))}
        ranked = [found[pk] for pk in some if pk in found][:left]
        yield from assemble(connection, ranked)
        start, left = start + PAGE, left and left - len(ranked)


def _place(cursor: str, matches: Sequence[int]) -> int:
    try:
        return matches.index(_position(cursor)[1]) + 1
    except ValueError:
        raise QueryError("cursor", "not of this search; leave it out to begin at the first page") from None


def count(connection: sa.Connection, query: Query, matches: Sequence[int] | None = None) -> int:
    """How many articles answer a query, its limit and cursor aside."""
    statement = _filtered(connection, query, sa.select(sa.func.count()).select_from(articles).join(sources), matches)
    return connection.scalar(statement) or 0


def cursor_after(connection: sa.Connection, article: ArchivedArticle) -> str:
    """What a next query takes as `cursor` to continue after this article."""
    row = connection.execute(sa.select(articles.c.ordered_at, articles.c.pk).where(articles.c.id == article.id)).one()
    text = json.dumps([row.ordered_at.isoformat(), row.pk])
    return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")


def _position(cursor: str) -> tuple[datetime, int]:
    try:
        moment, pk = json.loads(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
        return datetime.fromisoformat(moment).astimezone(UTC), max(0, min(int(pk), LARGEST))
    except (ValueError, TypeError, OverflowError, RecursionError, binascii.Error):
        raise QueryError("cursor", "not a cursor that a query gave; leave it out to begin at the first page") from None


def _page(statement: sa.Select[Any], sort: Sort, position: tuple[datetime, int] | None) -> sa.Select[Any]:
    keys = articles.c.ordered_at, articles.c.pk
    if sort is Sort.OLDEST:
        ordered = statement.order_by(*keys)
        return ordered.where(sa.tuple_(*keys) > sa.tuple_(*_bound(position))) if position else ordered
    ordered = statement.order_by(*(key.desc() for key in keys))
    return ordered.where(sa.tuple_(*keys) < sa.tuple_(*_bound(position))) if position else ordered


def _bound(position: tuple[datetime, int]) -> tuple[Any, Any]:
    return (
        sa.bindparam(None, position[0], type_=articles.c.ordered_at.type),
        sa.bindparam(None, position[1], type_=articles.c.pk.type),
    )


def _filtered(
    connection: sa.Connection, query: Query, statement: sa.Select[Any], matches: Sequence[int] | None
) -> sa.Select[Any]:
    if query.provinces:
        statement = statement.where(sources.c.province.in_(query.provinces))
    if query.agencies:
        statement = statement.where(sources.c.agency.in_(query.agencies))
    if query.sources:
        statement = statement.where(articles.c.source.in_(query.sources))
    if query.tags:
        tagged = sa.select(tags.c.article).where(tags.c.key.in_(query.tags))
        statement = statement.where(articles.c.pk.in_(tagged))
    if query.states:
        statement = statement.where(articles.c.state.in_([str(state) for state in query.states]))
    if query.since:
        statement = statement.where(articles.c.ordered_at >= query.since)
    if query.until:
        statement = statement.where(articles.c.ordered_at < query.until)
    if query.changed_since is not None:
        statement = statement.where(articles.c.change > query.changed_since)
    if matches is not None:
        statement = statement.where(articles.c.pk.in_(_listed(connection, matches)))
    return statement


def _listed(connection: sa.Connection, numbers: Sequence[int]) -> sa.Select[Any]:
    """Numbers as a sub-select over one parameter, however many they are."""
    if connection.dialect.name == "postgresql":
        return sa.select(sa.func.unnest(sa.cast(list(numbers), sa.ARRAY(sa.BigInteger))))
    listed = sa.func.json_each(json.dumps(list(numbers))).table_valued("value")
    return sa.select(listed.c.value)
