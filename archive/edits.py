"""What became of releases, as the change log tells it: edits with the readings before and after, removals, returns."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

import sqlalchemy as sa

from archive import tables
from archive.article import ArchivedArticle, State
from archive.articles import SELECTED, assemble, chunks
from archive.changes import Kind, of_kind
from archive.filters import Filters

TOLD: Final = (Kind.REVISED, Kind.GONE, Kind.UNLISTED, Kind.BACK)
"""The kinds of change that are the office's doing, and not how a release began."""

Reading = tuple[int, int]  # the key of an article, and the number of a revision of it


@dataclass(frozen=True, kw_only=True, slots=True)
class Edit:
    """A row of the change log; `item` is the article as it was left, `before` the reading that a revision replaced.

    `pk` is the article's key, `state` what it is now.
    """

    seq: int
    at: datetime
    kind: Kind
    pk: int
    item: ArchivedArticle
    before: ArchivedArticle | None
    state: State


def edits(
    connection: sa.Connection,
    filters: Filters,
    *,
    after: int = 0,
    to: int | None = None,
    limit: int | None = None,
    kinds: Collection[Kind] = TOLD,
) -> list[Edit]:
    """Those with a number after one and up to another, the newest first; of releases in whatever state."""
    seq = tables.changes.c.seq
    statement = told(filters, kinds).where(seq > after, *([] if to is None else [seq <= to]))
    rows = connection.execute(statement.order_by(seq.desc()).limit(limit)).all()
    wanted = {(row.article, number) for row in rows for number in (row.revision, row.revision - 1) if number}
    read = _readings(connection, wanted)
    return [_edit(row, read) for row in rows if (row.article, row.revision) in read]


def told(filters: Filters, kinds: Collection[Kind] = TOLD) -> sa.Select[Any]:
    """The rows of the log that tell of such."""
    log, article = tables.changes.c, tables.articles.c
    columns = log.seq, log.at, log.kind, log.article, log.revision, article.state
    joined = sa.select(*columns).join(tables.articles, article.pk == log.article)
    return joined.where(*of_kind(*kinds), *filters.stateless().judged())


def _edit(row: Any, read: dict[Reading, ArchivedArticle]) -> Edit:
    kind = Kind(row.kind)
    return Edit(
        seq=row.seq,
        at=row.at,
        kind=kind,
        pk=row.article,
        item=read[row.article, row.revision],
        before=read.get((row.article, row.revision - 1)) if kind is Kind.REVISED else None,
        state=State(row.state),
    )


def _readings(connection: sa.Connection, wanted: set[Reading]) -> dict[Reading, ArchivedArticle]:
    return {key: item for some in _batches(wanted) for key, item in _read(connection, some)}


def _batches(wanted: set[Reading]) -> Iterator[set[Reading]]:
    for pks in chunks(sorted({pk for pk, _ in wanted})):
        among = set(pks)
        yield {key for key in wanted if key[0] in among}


def _read(connection: sa.Connection, wanted: set[Reading]) -> Iterator[tuple[Reading, ArchivedArticle]]:
    rows: Sequence[Any] = connection.execute(SELECTED.where(tables.articles.c.pk.in_({pk for pk, _ in wanted}))).all()
    rows = [row for row in rows if (row.pk, row.number) in wanted]
    for row, item in zip(rows, assemble(connection, rows), strict=True):
        yield (row.pk, row.number), item
