"""The archive's side: how far its change log is indexed, and what has changed since."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final, Self

import sqlalchemy as sa

from archive import order
from archive.search.grammar import FIELDS
from archive.tables import articles, changes, revisions, tags

BATCH: Final = 200  # articles in memory at a time
COLUMNS: Final = (
    *(articles.c[name] for name in ("pk", "change", "source", "state", "month", "ordered_at")),
    *(revisions.c[name] for name in FIELDS),
)


@dataclass(frozen=True, slots=True)
class Indexed:
    """What the index holds of an article: its number (`archive.order`), what filters ask of it, its texts by field."""

    pk: int
    ordered: int
    change: int
    source: str
    state: str
    month: str
    tags: tuple[str, ...]
    texts: dict[str, str]


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


def changed(connection: sa.Connection, after: int, until: int) -> Iterator[list[Indexed]]:
    """Articles as they are now, in batches, by their newest change."""
    newest = sa.and_(revisions.c.article == articles.c.pk, revisions.c.number == articles.c.revision)
    statement = sa.select(*COLUMNS).join(revisions, newest).order_by(articles.c.change).limit(BATCH)
    while rows := connection.execute(statement.where(articles.c.change > after, articles.c.change <= until)).all():
        tagged = _tagged(connection, [row.pk for row in rows])
        yield [_indexed(row, tagged.get(row.pk, ())) for row in rows]
        after = rows[-1].change


def _tagged(connection: sa.Connection, pks: Sequence[int]) -> dict[int, list[str]]:
    found: dict[int, list[str]] = {}
    for pk, key in connection.execute(sa.select(tags.c.article, tags.c.key).where(tags.c.article.in_(pks))):
        found.setdefault(pk, []).append(key)
    return found


def _indexed(row: sa.Row[Any], tagged: Sequence[str]) -> Indexed:
    return Indexed(
        pk=row.pk,
        ordered=order.number(row.ordered_at, row.pk),
        change=row.change,
        source=row.source,
        state=row.state,
        month=row.month,
        tags=tuple(tagged),
        texts={name: text for name in FIELDS if (text := getattr(row, name))},
    )
