"""What narrows a query, as the database and the search index take it."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Final, Self

import sqlalchemy as sa

from archive.article import State
from archive.query import Query
from archive.tables import articles, sources, tags


@dataclass(frozen=True, kw_only=True, slots=True)
class Filters:
    """Filters of a query, its provinces, agencies and sources as the sources of the archive; None where any will do."""

    sources: tuple[str, ...] | None = None
    states: tuple[State, ...] = ()
    tags: tuple[str, ...] = ()
    since: datetime | None = None
    until: datetime | None = None
    changed_since: int | None = None

    @classmethod
    def of(cls, connection: sa.Connection, query: Query) -> Self:
        return cls(
            sources=_sources(connection, query),
            states=() if set(query.states) == set(State) else query.states,
            tags=query.tags,
            since=query.since,
            until=query.until,
            changed_since=query.changed_since,
        )

    def conditions(self, table: sa.FromClause = articles) -> list[sa.ColumnElement[bool]]:
        """What a row of `articles`, or of an alias of it, has to be."""
        of_source = [] if self.sources is None else [table.c.source.in_(self.sources)]
        return [*of_source, *self.narrower(table)]

    def judged(self) -> list[sa.ColumnElement[bool]]:
        """The same of a few rows of `articles` that are found by their keys: as no index answers it, lest a database
        look for them among all that pass.
        """
        tagged = sa.exists().where(tags.c.article == articles.c.pk, tags.c.key.in_(self.tags))
        conditions = [*replace(self, tags=()).conditions(), *([tagged] if self.tags else [])]
        return [sa.case((sa.and_(*conditions), 1), else_=0) == 1] if conditions else []

    def stateless(self) -> Self:
        """The same for articles in any state."""
        return replace(self, states=())

    def narrower(self, table: sa.FromClause = articles) -> list[sa.ColumnElement[bool]]:
        """The conditions but for that on the source."""
        return list(self._narrower(table.c))

    def _narrower(self, column: Any) -> Iterable[sa.ColumnElement[bool]]:
        if self.states:
            yield column.state.in_([str(state) for state in self.states])
        if self.tags:
            yield column.pk.in_(sa.select(tags.c.article).where(tags.c.key.in_(self.tags)))
        if self.since:
            yield column.ordered_at >= self.since
        if self.until:
            yield column.ordered_at < self.until
        if self.changed_since is not None:
            yield column.change > self.changed_since


EVERYTHING: Final = Filters()


def _sources(connection: sa.Connection, query: Query) -> tuple[str, ...] | None:
    asked = ((sources.c.province, query.provinces), (sources.c.agency, query.agencies), (sources.c.id, query.sources))
    conditions = [column.in_(values) for column, values in asked if values]
    if not conditions:
        return None
    return tuple(connection.scalars(sa.select(sources.c.id).where(*conditions).order_by(sources.c.id)))
