"""How many articles there are by source, Jalali month, state and tag: kept as they change, so that no count has to walk
the archive.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

import sqlalchemy as sa

from archive.article import State
from archive.articles import chunks
from archive.database import add_rows
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
    by_month: dict[tuple[str | int, ...], int] = defaultdict(int)
    by_tag: dict[tuple[str | int, ...], int] = defaultdict(int)
    for before, after in moves:
        if before == after:
            continue
        for place, by in ((before, -1), (after, 1)):
            if place:
                of_all = place.source, place.month, str(place.state)
                by_month[of_all] += by
                for tag in place.tags:
                    by_tag[tag, *of_all] += by
    add(connection, counts, by_month)
    add(connection, tag_counts, by_tag)


def add(connection: sa.Connection, table: sa.Table, by: Mapping[tuple[str | int, ...], int]) -> None:
    """Add numbers, which are the table's last column, to those of their keys; what comes to nothing is left out."""
    moved = sorted((key, number) for key, number in by.items() if number)
    add_rows(connection, table, [(*key, number) for key, number in moved])
    fewer = [key for key, number in moved if number < 0]
    keys, number_of = sa.tuple_(*table.primary_key), [*table.columns][-1]
    for start in range(0, len(fewer), BATCH):
        these = keys.in_(fewer[start : start + BATCH])
        connection.execute(sa.delete(table).where(these, number_of == 0))


def moved(connection: sa.Connection, pks: Iterable[int], state: State) -> None:
    """Count articles under another state; to be called before they have it."""
    move(connection, [(place, replace(place, state=state)) for place in _places(connection, pks)])


def tagged(connection: sa.Connection, least: int, states: Iterable[str]) -> list[str]:
    """The tags of at least so many articles in these states, in their order."""
    number = sa.func.sum(tag_counts.c.articles)
    statement = sa.select(tag_counts.c.tag).where(tag_counts.c.state.in_(list(states))).group_by(tag_counts.c.tag)
    return sorted(connection.scalars(statement.having(number >= least)))


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
