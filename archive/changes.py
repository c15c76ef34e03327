"""The change log: one row for whatever happens to an article, written in the transaction that makes it so.

Sequence numbers begin at 1, have no gaps, and become visible in their order, because only one transaction writes at a
time (`archive.database`). Readers that follow the log need remember nothing but the last number they saw.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from enum import StrEnum
from typing import Any, NamedTuple

import sqlalchemy as sa

from archive import chains
from archive.article import stamp
from archive.database import insert_rows, plain_instant
from archive.tables import NOT_NEW, articles, changes
from archive.tables import chains as days


class Kind(StrEnum):
    """What happened: `reread` is a better reading of the same page, never an edit by the office; `gone` a removal.

    `unlisted` answers still, but its source's lists, which go further back, name it no more; `back` ends either.
    `copied` was found to be one of several releases of the same text, or the first of them to be another.
    """

    NEW = "new"
    REVISED = "revised"
    REREAD = "reread"
    GONE = "gone"
    UNLISTED = "unlisted"
    BACK = "back"
    COPIED = "copied"


class Entry(NamedTuple):
    """A row to be written: of the article with key `article` and public `id`, as it is after what happened to it."""

    seq: int
    at: datetime
    kind: Kind
    article: int
    id: str
    source: str
    revision: int
    content_hash: str
    crawl: int | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Change:
    """One row of the log; `at` is an instant in UTC, `article` the id that exports show.

    `content_hash` is that of the revision as it was then ("" where an archive of before schema 0004 does not know).
    """

    seq: int
    at: datetime
    kind: Kind
    article: str
    revision: int
    crawl: int | None
    content_hash: str

    def to_dict(self) -> dict[str, Any]:
        return {
            "seq": self.seq,
            "at": stamp(self.at),
            "kind": str(self.kind),
            "article": self.article,
            "revision": self.revision,
            "crawl": self.crawl,
            "content_hash": self.content_hash,
        }


_ROWS = sa.select(
    changes.c.seq,
    changes.c.at,
    changes.c.kind,
    articles.c.id.label("article"),
    changes.c.revision,
    changes.c.crawl,
    changes.c.content_hash,
).join(articles, articles.c.pk == changes.c.article)


def newest(connection: sa.Connection) -> int:
    """The number of the last row, 0 for an empty log."""
    return connection.exec_driver_sql("SELECT max(seq) FROM changes").scalar() or 0


def number_at(connection: sa.Connection, day: date) -> int:
    """The number of the newest row that was written before a day in UTC, whatever instant it tells of."""
    written = sa.select(sa.func.min(days.c.first)).where(days.c.day >= day.isoformat())
    first = connection.scalar(written)
    return newest(connection) if first is None else first - 1


def counted(connection: sa.Connection, seq: int) -> Iterator[tuple[str, Kind, int]]:
    """How many rows after `seq` there are, by source and kind."""
    statement = (
        sa.select(articles.c.source, changes.c.kind, sa.func.count())
        .join(articles, articles.c.pk == changes.c.article)
        .where(changes.c.seq > seq)
        .group_by(articles.c.source, changes.c.kind)
    )
    for source, kind, number in connection.execute(statement):
        yield source, Kind(kind), number


def append(connection: sa.Connection, entries: Sequence[Entry]) -> None:
    """Write rows whose `seq` the caller took from `newest` in this same writing transaction, and chain them."""
    if entries:
        insert_rows(connection, changes, [_row(entry, connection.dialect.name) for entry in entries])
        chains.extend(connection, entries, datetime.now(UTC))


def _row(entry: Entry, dialect: str) -> tuple[Any, ...]:
    at = plain_instant(entry.at, dialect)
    return entry.seq, at, str(entry.kind), entry.article, entry.revision, entry.crawl, entry.content_hash


def of_kind(*kinds: Kind) -> list[sa.ColumnElement[bool]]:
    """What a row of the log that tells of an edit, a removal, … has to be; not for `Kind.NEW`.

    There is an index of all but the new ones; SQLite sees that it serves where the same condition is stated.
    """
    return [changes.c.kind.in_([str(kind) for kind in kinds]), NOT_NEW]


def since(
    connection: sa.Connection,
    seq: int,
    limit: int | None = None,
    *,
    until: int | None = None,
    kinds: Sequence[Kind] = (),
    sources: Sequence[str] | None = None,
) -> Iterator[Change]:
    """The rows after `seq`, up to `until`, in order; of some kinds and some sources alone, where such are named."""
    statement = _ROWS.where(changes.c.seq > seq)
    if until is not None:
        statement = statement.where(changes.c.seq <= until)
    if kinds:
        statement = statement.where(changes.c.kind.in_([str(kind) for kind in kinds]))
    if sources is not None:
        statement = statement.where(articles.c.source.in_(sources))
    for row in connection.execute(statement.order_by(changes.c.seq).limit(limit)):
        yield Change(**{**row._asdict(), "kind": Kind(row.kind)})
