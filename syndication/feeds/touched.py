"""Which feeds may say something else than before: those of what the change log tells of since a number."""

from collections.abc import Collection
from dataclasses import dataclass
from functools import lru_cache
from typing import Final, Self

import sqlalchemy as sa

from archive import Kind
from archive.articles import chunks
from archive.tables import articles, changes, revisions, sources, tags
from persian.text import search_key
from syndication.feeds.feed import CHANGES, Feed

MOST: Final = 2000  # articles; of more, every feed is looked at

EDITED: Final = tuple(str(kind) for kind in Kind if kind not in (Kind.NEW, Kind.COPIED))
"""What the feed of edits may tell of: a better reading, too, may make another difference of an edit."""

_key = lru_cache(maxsize=1 << 12)(search_key)


@dataclass(frozen=True, kw_only=True, slots=True)
class Touched:
    """The sources, agencies and provinces (ISO codes) of what changed, and its tags' search keys, old ones too.

    `tags` is None where those before are not known: of an article that was read again. `edited` says whether anything
    happened to a release that had been announced.
    """

    sources: frozenset[str]
    agencies: frozenset[str]
    provinces: frozenset[str]
    tags: frozenset[str] | None
    edited: bool = True

    @classmethod
    def since(cls, connection: sa.Connection, seq: int, kinds: Collection[Kind] = tuple(Kind)) -> Self | None:
        """By rows of these kinds; None where it is too much to tell."""
        told = changes.c
        reread = sa.func.max(sa.case((told.kind == str(Kind.REREAD), 1), else_=0))
        edited = sa.func.max(sa.case((told.kind.in_(EDITED), 1), else_=0))
        statement = sa.select(told.article, sa.func.min(told.revision), reread, edited)
        statement = statement.where(told.seq > seq, told.kind.in_([str(kind) for kind in kinds]))
        rows = connection.execute(statement.group_by(told.article).limit(MOST + 1)).all()
        if len(rows) > MOST:
            return None
        first = {pk: revision for pk, revision, *_ in rows}
        offices = _offices(connection, first)
        return cls(
            sources=frozenset(source for source, _, _ in offices),
            agencies=frozenset(agency for _, agency, _ in offices),
            provinces=frozenset(province for _, _, province in offices),
            tags=None if any(row[2] for row in rows) else frozenset(_tags(connection, first)),
            edited=any(row[3] for row in rows),
        )

    def concerns(self, feed: Feed) -> bool:
        """Whether a feed of `known`, or of a tag, may say something else."""
        query = feed.query
        if feed.path == CHANGES:
            return self.edited
        return bool(self.sources) and all(
            asked is None or not self_.isdisjoint(asked)
            for asked, self_ in (
                (query.sources or None, self.sources),
                (query.agencies or None, self.agencies),
                (query.provinces or None, self.provinces),
                (query.tags or None, frozenset(query.tags) if self.tags is None else self.tags),
            )
        )


def _offices(connection: sa.Connection, pks: dict[int, int]) -> set[tuple[str, str, str]]:
    """(source, agency, province) of articles."""
    columns = sources.c.id, sources.c.agency, sources.c.province
    joined = sa.select(*columns).join(articles, articles.c.source == sources.c.id).distinct()
    found = (connection.execute(joined.where(articles.c.pk.in_(some))) for some in chunks(pks))
    return {(source, agency, province) for rows in found for source, agency, province in rows}


def _tags(connection: sa.Connection, first: dict[int, int]) -> set[str]:
    """Those that articles have, and had from the reading before their `first` on."""
    found: set[str] = set()
    for some in chunks(first):
        found.update(connection.scalars(sa.select(tags.c.key).where(tags.c.article.in_(some))))
        columns = revisions.c.article, revisions.c.number, revisions.c.tags
        for pk, number, had in connection.execute(sa.select(*columns).where(revisions.c.article.in_(some))):
            if number >= first[pk] - 1:
                found.update(map(_key, had))
    return found
