"""The articles that answer a query, one page after another, from one state of the archive.

Where a page stands is found first, by an index of the database or by the search index; only its articles are read then.
"""

import logging
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import lru_cache
from itertools import dropwhile
from typing import Any, Final, NamedTuple, TypeVar

import sqlalchemy as sa

from archive import changes, clusters, order
from archive.article import ArchivedArticle
from archive.articles import THESE, assemble
from archive.errors import ArchiveUnavailable, QueryError
from archive.filters import EVERYTHING, Filters
from archive.query import Query, Sort, cursor_of, position
from archive.search import Matches, SearchIndex
from archive.tables import articles, revisions, tags

logger = logging.getLogger(__name__)

PAGE: Final = 200  # articles read at a time while a long answer is walked
LATELY: Final = 20_000  # rows of the log after which what changed is looked for among all articles in their order
FEW: Final = 100  # sources whose articles are gathered source by source; of more, all are walked
MANY: Final = 3_000  # articles under some tags from which on the search index is asked: a database gathers all first

Pages = Iterator[Sequence[int]]  # of `articles.pk`
Row = TypeVar("Row")

REFERRED: Final = (articles.c.pk, articles.c.id, articles.c.source, revisions.c.extractor)


class Reference(NamedTuple):
    """An article by its id; the extractor is that of its newest revision."""

    id: str
    source: str
    extractor: str


def select(connection: sa.Connection, query: Query, index: SearchIndex) -> Iterator[ArchivedArticle]:
    """The articles that answer a query, in its order; memory stays flat however many they are."""

    def read(pks: Sequence[int], filters: Filters) -> list[Any]:
        return in_order(pks, {row.pk: row for row in connection.execute(_these(filters), {"pks": pks})})

    for rows in walk(connection, query, index, read):
        yield from assemble(connection, rows)


def references(connection: sa.Connection, query: Query, index: SearchIndex) -> Iterator[Reference]:
    """The same articles, by what tells them apart alone."""

    def read(pks: Sequence[int], filters: Filters) -> list[Any]:
        statement = _these(filters).with_only_columns(*REFERRED, maintain_column_froms=True)
        return in_order(pks, {row.pk: row for row in connection.execute(statement, {"pks": pks})})

    for rows in walk(connection, query, index, read):
        yield from (Reference(*row[1:]) for row in rows)


def walk(
    connection: sa.Connection, query: Query, index: SearchIndex, read: Callable[[Sequence[int], Filters], list[Row]]
) -> Iterator[list[Row]]:
    """What answers a query, in its order, a page at a time, as `read` gives it.

    `read` is told the keys of articles, and the filters that each has to pass: the search index may know a newer state
    of the archive than this connection sees, so what it found is judged again.
    """
    filters = Filters.of(connection, query)
    matches = _matches(connection, query, filters, index)
    if matches:
        pages = _found(connection, query, filters, matches)
    elif query.sort is Sort.BEST:
        return
    else:
        pages = _listed(connection, query, filters)
    left = query.limit
    for pks in pages:
        start = 0
        while start < len(pks):
            some = pks[start : start + (left or PAGE)]
            rows = read(some, filters if matches else EVERYTHING)
            yield rows
            start, left = start + len(some), left and left - len(rows)
            if left == 0:
                return


def prepare(connection: sa.Connection, query: Query, index: SearchIndex) -> None:
    """Do what an answer would wait for: bring the search index up to date, if that is asked."""
    _matches(connection, query, EVERYTHING, index)


def _is_searched(connection: sa.Connection, query: Query) -> bool:
    """Whether the search index is asked where a page stands: for a text, or tags that so many articles are under that
    it is the quicker one.
    """
    if query.text or not query.tags or query.sort is Sort.BEST:
        return bool(query.text)
    first = sa.select(sa.literal(1)).where(tags.c.key.in_(query.tags)).limit(MANY).subquery()
    return connection.scalar(sa.select(sa.func.count()).select_from(first)) == MANY


def _matches(connection: sa.Connection, query: Query, filters: Filters, index: SearchIndex) -> Matches | None:
    """What the search index finds; None where it is the database's to say."""
    if not _is_searched(connection, query):
        return None
    try:
        return index.search(connection, query.text, filters)
    except ArchiveUnavailable as error:
        if query.text:
            raise
        logger.warning("%s; until then tags are asked of the database, which takes longer", error)
        return None


def in_order(pks: Sequence[int], found: Mapping[int, Row]) -> list[Row]:
    """What was found of a page, in its order; not those that only a newer state of the archive has."""
    return [found[pk] for pk in pks if pk in found]


@lru_cache(maxsize=256)  # as `_page`
def _these(filters: Filters) -> sa.Select[Any]:
    return THESE.where(*filters.judged())


def cursor_after(connection: sa.Connection, id_: str) -> str:
    """What a next query takes as `cursor` to continue after the article with this id."""
    row = connection.execute(sa.select(articles.c.ordered_at, articles.c.pk).where(articles.c.id == id_)).one()
    return cursor_of(row.ordered_at, row.pk)


# ---- where a page stands: by the database ----


def _listed(connection: sa.Connection, query: Query, filters: Filters) -> Pages:
    left, after = query.limit, position(query.cursor) if query.cursor else None
    lately = filters.changed_since is not None and changes.newest(connection) - filters.changed_since <= LATELY
    while left is None or left > 0:
        size = PAGE if left is None else min(PAGE, left)
        page = _page(
            filters, query.sort, size, collapsed=query.collapse_copies, continued=after is not None, lately=lately
        )
        rows = connection.execute(page, {"at": after[0], "pk": after[1]} if after else {}).all()
        yield [row.pk for row in rows]
        if len(rows) < size:
            return
        left, after = left and left - size, (rows[-1].ordered_at, rows[-1].pk)


@lru_cache(maxsize=256)  # feeds and walks ask the same again and again, and making it takes longer than the answer
def _page(filters: Filters, sort: Sort, size: int, *, collapsed: bool, continued: bool, lately: bool) -> sa.Select[Any]:
    """Where the next articles stand; after (`at`, `pk`) if `continued`.

    Articles are kept in order by source, and all together: those of a few sources are the first of each, put in order.
    So are those that changed `lately`, for they are few and may stand anywhere.
    """
    if lately:
        keys = articles.c.ordered_at, articles.c.pk
        changed = sa.select(*keys).where(*clusters.answering(filters, collapsed=collapsed)).cte("changed")
        return _first(sort, changed.prefix_with("MATERIALIZED"), [], size, continued=continued)
    shown = [clusters.shown(filters)] if collapsed else []
    if not filters.sources or len(filters.sources) > FEW:
        return _first(sort, articles, clusters.answering(filters, collapsed=collapsed), size, continued=continued)
    narrower = [*filters.narrower(), *shown]
    parts = [
        _first(sort, articles, [articles.c.source == source, *narrower], size, continued=continued).subquery()
        for source in filters.sources
    ]
    gathered = sa.union_all(*map(sa.select, parts)).subquery()
    return _first(sort, gathered, [], size)


def _first(
    sort: Sort,
    table: sa.FromClause,
    conditions: Sequence[sa.ColumnElement[bool]],
    size: int,
    *,
    continued: bool = False,
) -> sa.Select[Any]:
    keys = table.c.ordered_at, table.c.pk
    oldest = sort is Sort.OLDEST
    statement = sa.select(*keys).where(*conditions).order_by(*(key.asc() if oldest else key.desc() for key in keys))
    if continued:
        bounds = (sa.bindparam(name, type_=key.type) for name, key in zip(("at", "pk"), keys, strict=True))
        here, there = sa.tuple_(*keys), sa.tuple_(*bounds)
        statement = statement.where(here > there if oldest else here < there)
    return statement.limit(size)


# ---- where a page stands: by the search index ----


def _found(connection: sa.Connection, query: Query, filters: Filters, matches: Matches) -> Pages:
    """Pages of what matches; they go on until the asker has enough, since a match may not be shown."""
    for numbers in _ranked(query, matches) if query.sort is Sort.BEST else _in_order(query, matches):
        for start in range(0, len(numbers), PAGE):
            pks = [order.pk_of(number) for number in numbers[start : start + PAGE]]
            hidden = clusters.hidden(connection, filters, matches, pks) if query.collapse_copies else frozenset()
            yield [pk for pk in pks if pk not in hidden]


def _in_order(query: Query, matches: Matches) -> Iterator[list[int]]:
    size, newest = min(PAGE, query.limit or PAGE), query.sort is Sort.NEWEST
    after = order.number(*position(query.cursor)) if query.cursor else None
    while numbers := matches.ordered(size, newest=newest, after=after):
        yield numbers
        after = numbers[-1]


def _ranked(query: Query, matches: Matches) -> Iterator[list[int]]:
    """The best first, from the one behind the cursor's article, wherever that stands by now."""
    pages = matches.ranked(2 * min(PAGE, query.limit or PAGE))  # a list ends before equals that do not all fit
    if query.cursor:
        _, pk = position(query.cursor)
        if not matches.those([pk]):
            raise QueryError("cursor", "not of this search; leave it out to begin at the first page")
        others = (dropwhile(lambda number: order.pk_of(number) != pk, numbers) for numbers in pages)
        yield next(filter(None, map(list, others)), [])[1:]
    yield from pages
