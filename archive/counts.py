"""How many articles there are by source, Jalali month, state and tag: kept as they change, so that no count has to walk
the archive.
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import cache
from typing import Any

import sqlalchemy as sa

from archive.article import State
from archive.articles import chunks
from archive.database import upserting
from archive.tables import articles, counts, tag_counts, tags

BATCH = 150  # rows in one statement; SQLite's oldest limit on parameters is 999


@dataclass(frozen=True, slots=True)
class Place:
    """Where an article is counted: its source, its Jalali month ("1400-09"), its state and its tags' search keys."""

    source: str
    month: str
    state: State
    tags: frozenset[str]


def move(connection: sa.Connection, moves: Iterable[tuple[Place | None, Place | None]]) -> None:
    """Count articles in other places than before; None for one that was not there."""
    by_month: Counter[tuple[str, ...]] = Counter()
    by_tag: Counter[tuple[str, ...]] = Counter()
    for before, after in moves:
        if before == after:
            continue
        for place, by in ((before, -1), (after, 1)):
            if place:
                by_month[place.source, place.month, str(place.state)] += by
                by_tag.update({(tag, place.source, place.month, str(place.state)): by for tag in place.tags})
    _add(connection, counts, by_month)
    _add(connection, tag_counts, by_tag)


def moved(connection: sa.Connection, pks: Iterable[int], state: State) -> None:
    """Count articles under another state; to be called before they have it."""
    move(connection, [(place, replace(place, state=state)) for place in _places(connection, pks)])


def recount(connection: sa.Connection) -> tuple[dict[tuple[str, ...], int], dict[tuple[str, ...], int]]:
    """The counts as the articles themselves give them: by (source, month, state) and by (tag, source, month, state)."""
    place = articles.c.source, articles.c.month, articles.c.state
    by_month = sa.select(*place, sa.func.count()).group_by(*place)
    tagged = tags.join(articles, articles.c.pk == tags.c.article)
    by_tag = sa.select(tags.c.key, *place, sa.func.count()).select_from(tagged).group_by(tags.c.key, *place)
    return _told(connection, by_month), _told(connection, by_tag)


def kept(connection: sa.Connection) -> tuple[dict[tuple[str, ...], int], dict[tuple[str, ...], int]]:
    """The counts as they are kept, in the shape of `recount`."""
    return _told(connection, sa.select(counts)), _told(connection, sa.select(tag_counts))


def _told(connection: sa.Connection, statement: sa.Select[Any]) -> dict[tuple[str, ...], int]:
    return {tuple(row[:-1]): row[-1] for row in connection.execute(statement)}


def _places(connection: sa.Connection, pks: Iterable[int]) -> list[Place]:
    found = []
    for some in chunks(pks):
        tagged: dict[int, set[str]] = {}
        for article, key in connection.execute(sa.select(tags.c.article, tags.c.key).where(tags.c.article.in_(some))):
            tagged.setdefault(article, set()).add(key)
        columns = articles.c.pk, articles.c.source, articles.c.month, articles.c.state
        for pk, source, month, state in connection.execute(sa.select(*columns).where(articles.c.pk.in_(some))):
            found.append(Place(source, month, State(state), frozenset(tagged.get(pk, ()))))
    return found


def _add(connection: sa.Connection, table: sa.Table, by: Counter[tuple[str, ...]]) -> None:
    names = [column.name for column in table.primary_key]
    moved = sorted((key, number) for key, number in by.items() if number)
    if moved:
        rows = [dict(zip((*names, "articles"), (*key, number), strict=True)) for key, number in moved]
        connection.execute(_adding(connection.dialect.name, table), rows)
    fewer = [key for key, number in moved if number < 0]
    for start in range(0, len(fewer), BATCH):
        these = sa.tuple_(*(table.c[name] for name in names)).in_(fewer[start : start + BATCH])
        connection.execute(sa.delete(table).where(these, table.c.articles == 0))


@cache
def _adding(dialect: str, table: sa.Table) -> Any:
    statement = upserting(dialect)(table)
    more = {"articles": table.c.articles + statement.excluded.articles}
    return statement.on_conflict_do_update(index_elements=list(table.primary_key), set_=more)
