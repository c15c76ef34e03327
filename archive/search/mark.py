"""The archive's side: how far its change log is indexed, and what has changed since."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final, Self

import sqlalchemy as sa

from archive import order
from archive.search.grammar import FIELDS
from archive.tables import articles, changes, revisions, tags

_TOLD: Final = (
    sa.select(changes.c.at, changes.c.kind, changes.c.revision, articles.c.guid)
    .join(articles, articles.c.pk == changes.c.article)
    .where(changes.c.seq == sa.bindparam("seq"))
)

BATCH: Final = 200  # articles in memory at a time
AT_ONCE: Final = 5_000  # numbers of articles, when index and archive are compared
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
    row = connection.execute(_TOLD, {"seq": seq}).one_or_none()
    return row and f"{row.at.timestamp()} {row.kind} {row.revision} {row.guid}"


def changed(connection: sa.Connection, after: int, until: int) -> Iterator[list[Indexed]]:
    """Articles as they are now, in batches, by their newest change."""
    newest = sa.and_(revisions.c.article == articles.c.pk, revisions.c.number == articles.c.revision)
    statement = sa.select(*COLUMNS).join(revisions, newest).order_by(articles.c.change).limit(BATCH)
    while rows := connection.execute(statement.where(articles.c.change > after, articles.c.change <= until)).all():
        tagged = _tagged(connection, [row.pk for row in rows])
        yield [_indexed(row, tagged.get(row.pk, ())) for row in rows]
        after = rows[-1].change


def astray(connection: sa.Connection, until: int, held: Callable[[int, int], list[tuple[int, int]]]) -> Iterator[str]:
    """What is not in the index as the articles are, up to a change; `held` gives (number, change) of what is, in order.

    A text that an article had before was indexed at another change, so numbers and changes tell all.
    """
    columns = sa.select(articles.c.id, articles.c.pk, articles.c.ordered_at, articles.c.change)
    statement = columns.order_by(articles.c.ordered_at, articles.c.pk).execution_options(yield_per=AT_ONCE)
    indexed = _held(held)
    found = next(indexed, None)
    newer: set[int] = set()  # changed since: the index has them as they were, where they were
    strangers: list[int] = []
    for row in connection.execute(statement):
        number = order.number(row.ordered_at, row.pk)
        while found and (found[0] < number or (found[0] == number and row.change > until)):
            strangers.append(order.pk_of(found[0]))
            found = next(indexed, None)
        if row.change > until:
            newer.add(row.pk)
        elif not found or found[0] != number:
            yield f"{row.id}: it is not in the index where it belongs"
        else:
            if found[1] != row.change:
                yield f"{row.id}: it is indexed as of change {found[1]}, its newest is {row.change}"
            found = next(indexed, None)
    strangers += [order.pk_of(number) for number, _ in (*filter(None, [found]), *indexed)]
    for pk in strangers:
        if pk not in newer:
            yield f"the index holds an article of the key {pk} where the archive has none"


def _held(held: Callable[[int, int], list[tuple[int, int]]]) -> Iterator[tuple[int, int]]:
    after = -(2**62)
    while some := held(after, AT_ONCE):
        yield from some
        after = some[-1][0]


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
