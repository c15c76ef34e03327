"""What offices write on everything: passages at the edges of releases, learned from the archive itself.

A passage is boilerplate once one office has it on `OFTEN` releases of different titles (the same release put out again
teaches nothing). It is then no part of any release, whoever carries it. What is known follows from the releases that
the archive holds, not from the order in which they came.
"""

from collections.abc import Iterable, Mapping
from typing import Final

import sqlalchemy as sa

from archive.articles import chunks
from archive.database import insert_rows
from archive.tables import articles, boilerplate, passages

OFTEN: Final = 3


def learn(connection: sa.Connection, told: Mapping[int, tuple[int, frozenset[int]]]) -> set[int]:
    """Take in what stands at the edges of some articles: by `pk`, the hash of the title and those of the passages.

    Returns the other articles of which another part is boilerplate now than was before.
    """
    before = _kept(connection, told)
    after = {(hash_, pk, title) for pk, (title, hashes) in told.items() for hash_ in hashes}
    _delete(connection, before - after)
    gained = sorted(after - before)
    insert_rows(connection, passages, gained)
    flipped = _judge(connection, {hash_ for hash_, _, _ in before - after}, {hash_ for hash_, _, _ in gained})
    found: set[int] = set()
    for some in chunks(flipped):
        found.update(connection.scalars(sa.select(passages.c.article).where(passages.c.hash.in_(some))))
    return found - told.keys()


def known(connection: sa.Connection, hashes: Iterable[int]) -> set[int]:
    """Those of some passages that are boilerplate."""
    found: set[int] = set()
    for some in chunks(hashes):
        found.update(connection.scalars(sa.select(boilerplate.c.passage).where(boilerplate.c.passage.in_(some))))
    return found


def _kept(connection: sa.Connection, pks: Iterable[int]) -> set[tuple[int, int, int]]:
    columns = sa.select(passages.c.hash, passages.c.article, passages.c.title)
    return {
        (hash_, pk, title)
        for some in chunks(pks)
        for hash_, pk, title in connection.execute(columns.where(passages.c.article.in_(some)))
    }


def _delete(connection: sa.Connection, rows: set[tuple[int, int, int]]) -> None:
    if rows:
        these = passages.c.hash == sa.bindparam("this"), passages.c.article == sa.bindparam("of")
        values = [{"this": hash_, "of": pk} for hash_, pk, _ in sorted(rows)]
        connection.execute(sa.delete(passages).where(*these), values)


def _judge(connection: sa.Connection, lost: set[int], gained: set[int]) -> set[int]:
    """Keep which of these passages are boilerplate now; returns those of which that has changed.

    What is boilerplate already does not cease to be by standing on one release more, and is not counted again.
    """
    were = known(connection, lost | gained)
    asked = lost | (gained - were)
    now: set[int] = set()
    often = sa.func.count(passages.c.title.distinct()) >= OFTEN
    statement = sa.select(passages.c.hash).join(articles, articles.c.pk == passages.c.article)
    for some in chunks(sorted(asked)):
        counted = statement.where(passages.c.hash.in_(some)).group_by(passages.c.hash, articles.c.source)
        now.update(connection.scalars(counted.having(often)))
    learned = sorted(now - were)
    insert_rows(connection, boilerplate, [(hash_,) for hash_ in learned])
    forgotten = sorted((were & asked) - now)
    for some in chunks(forgotten):
        connection.execute(sa.delete(boilerplate).where(boilerplate.c.passage.in_(some)))
    return {*learned, *forgotten}
