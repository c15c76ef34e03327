"""The archive's side: how far its change log is indexed, and what has changed since."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final, Self

import sqlalchemy as sa

from archive.search.grammar import FIELDS
from archive.tables import articles, changes, revisions

BATCH: Final = 200  # articles in memory at a time
COLUMNS: Final = (articles.c.pk, articles.c.change, *(revisions.c[name] for name in FIELDS))


@dataclass(frozen=True, slots=True)
class Mark:
    """How far the log is indexed, and the row of the log that says so: it tells another archive's log from ours."""

    seq: int = 0
    witness: str | None = None

    @classmethod
    def at(cls, connection: sa.Connection, seq: int) -> Self:
        return cls(seq, _witness(connection, seq))

    def stands_in(self, connection: sa.Connection) -> bool:
        """Whether it marks the log of this archive, as now or as other processes have carried it on since."""
        if self.seq == 0:
            return True
        seen = _witness(connection, self.seq)
        if seen is None:  # our transaction may be older than what another process has indexed
            with connection.engine.connect() as fresh:
                seen = _witness(fresh, self.seq)
        return seen == self.witness


def _witness(connection: sa.Connection, seq: int) -> str | None:
    """A row of the log in words; None where there is no such row."""
    columns = changes.c.at, changes.c.kind, changes.c.revision, articles.c.guid
    statement = sa.select(*columns).join(articles, articles.c.pk == changes.c.article).where(changes.c.seq == seq)
    row = connection.execute(statement).one_or_none()
    return row and f"{row.at.timestamp()} {row.kind} {row.revision} {row.guid}"


def changed(connection: sa.Connection, after: int, until: int) -> Iterator[Sequence[sa.Row[Any]]]:
    """Articles as they are now, in batches, by their newest change; their texts by the names of `FIELDS`."""
    newest = sa.and_(revisions.c.article == articles.c.pk, revisions.c.number == articles.c.revision)
    statement = sa.select(*COLUMNS).join(revisions, newest).order_by(articles.c.change).limit(BATCH)
    while rows := connection.execute(statement.where(articles.c.change > after, articles.c.change <= until)).all():
        yield rows
        after = rows[-1].change
