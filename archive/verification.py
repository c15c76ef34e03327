"""Verifying an archive: everything that can be made anew from something else is made anew and compared.

Each check yields one line for each mismatch: what, where, and what was found instead. Nothing is mended and nothing is
written. A check reads in batches, so memory stays flat; all of them read one state of the archive.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import groupby
from typing import Any, Final

import sqlalchemy as sa

from archive import chains, counts, timings
from archive.article import State
from archive.articles import SELECTED, assemble
from archive.changes import Kind
from archive.errors import reason_of
from archive.tables import aliases, announced, articles, changes, closings, copies, metadata, revisions

BATCH = 500  # articles or revisions in memory at a time
SHOWN = 20  # mismatches of one check that are told one by one

Check = Callable[[sa.Connection], Iterator[str]]


@dataclass(frozen=True, kw_only=True, slots=True)
class Finding:
    """What a check came to: its name, the first `SHOWN` mismatches, and how many there are in all."""

    check: str
    lines: tuple[str, ...]
    mismatches: int


def verify(connection: sa.Connection, checks: dict[str, Check] | None = None) -> Iterator[Finding]:
    """Run the checks of the database and those given, one after another."""
    for name, check in {**CHECKS, **(checks or {})}.items():
        lines: list[str] = []
        mismatches = 0
        for line in _told(check, connection):
            mismatches += 1
            if mismatches <= SHOWN:
                lines.append(line)
        yield Finding(check=name, lines=tuple(lines), mismatches=mismatches)


def _told(check: Check, connection: sa.Connection) -> Iterator[str]:
    try:
        with connection.begin_nested():  # PostgreSQL answers nothing more in a transaction that met an error
            yield from check(connection)
    except Exception as error:  # noqa: BLE001 - damage stops a check wherever it meets it
        cause = error.orig if isinstance(error, sa.exc.DBAPIError) else error
        yield f"cannot be read on: {type(cause).__name__}: {reason_of(cause)}"


def _pages(connection: sa.Connection) -> Iterator[str]:
    """What the engine itself says of its file."""
    if connection.dialect.name == "sqlite":
        for (line,) in connection.exec_driver_sql("PRAGMA quick_check"):
            if line != "ok":
                yield f"the file: {' '.join(line.split())}"


def _foreign_keys(connection: sa.Connection) -> Iterator[str]:
    """Rows that refer to rows which are not there; no engine looks for them once they are written."""
    for table in metadata.sorted_tables:
        for key in table.foreign_keys:
            parent = key.column.table.alias("parent")
            column = key.parent
            missing = parent.c[key.column.name].is_(None)
            statement = (
                sa.select(column)
                .distinct()
                .select_from(table.outerjoin(parent, parent.c[key.column.name] == column))
                .where(column.is_not(None), missing)
                .order_by(column)
            )
            for (value,) in connection.execute(statement):
                yield f"{table.name}.{column.name} = {value!r}: there is no such row in {key.column.table.name}"


def _log(connection: sa.Connection) -> Iterator[str]:
    """Numbers without a gap, and each article at its newest row, in the state that the row leaves it in."""
    expected = 1
    for (seq,) in _streamed(connection, sa.select(changes.c.seq).order_by(changes.c.seq)):
        if seq != expected:
            yield f"changes: {expected} is followed by {seq}" if expected > 1 else f"changes: the log begins at {seq}"
        expected = seq + 1
    newest = (
        sa.select(changes.c.article, sa.func.max(changes.c.seq).label("seq")).group_by(changes.c.article).subquery()
    )
    columns = articles.c.id, articles.c.change, articles.c.state, articles.c.revision, newest.c.seq
    kinds = changes.c.kind, changes.c.revision.label("told")
    statement = (
        sa.select(*columns, *kinds)
        .select_from(articles.outerjoin(newest, newest.c.article == articles.c.pk))
        .outerjoin(changes, changes.c.seq == newest.c.seq)
        .order_by(articles.c.pk)
    )
    for row in _streamed(connection, statement):
        if row.seq is None:
            yield f"{row.id}: the log has no row of it"
            continue
        if row.change != row.seq:
            yield f"{row.id}: its newest change is {row.seq}, it says {row.change}"
        if row.told != row.revision and (row.told > row.revision or row.kind != Kind.REREAD):  # of an older one, too
            yield f"{row.id}: it is at revision {row.revision}, its newest change tells of revision {row.told}"
        leaves = STATES.get(row.kind)
        if leaves and row.state != leaves:
            yield f"{row.id}: it is {row.state}, its newest change ({row.kind}) leaves it {leaves}"


STATES: Final = {
    str(kind): str(state)
    for kind, state in {Kind.NEW: State.LIVE, Kind.GONE: State.GONE, Kind.UNLISTED: State.UNLISTED}.items()
} | {str(Kind.BACK): str(State.LIVE)}


def _revisions(connection: sa.Connection) -> Iterator[str]:
    """Each content hash made anew from the content; each revision numbered and told of in the log with that hash."""
    last = sa.func.max(changes.c.seq).label("seq")
    told = sa.select(changes.c.article, changes.c.revision, last).group_by(changes.c.article, changes.c.revision)
    newest_told = told.subquery("newest_told")
    place = sa.func.row_number().over(partition_by=revisions.c.article, order_by=revisions.c.number)
    statement = (
        SELECTED.add_columns(
            articles.c.content_hash.label("of_article"), changes.c.content_hash.label("logged"), place.label("place")
        )
        .outerjoin(
            newest_told,
            sa.and_(newest_told.c.article == revisions.c.article, newest_told.c.revision == revisions.c.number),
        )
        .outerjoin(changes, changes.c.seq == newest_told.c.seq)
        .order_by(revisions.c.article, revisions.c.number)
    )
    for rows in _streamed(connection, statement).partitions(BATCH):
        for row, item in zip(rows, assemble(connection, rows), strict=True):
            where = f"{row.id}, revision {row.number}"
            if row.number != row.place:
                yield f"{where}: it is the {row.place}. that is kept"
            if item.article.content_hash != row.content_hash:
                yield f"{where}: its content has the hash {item.article.content_hash}, not {row.content_hash}"
            if row.number == row.newest and row.of_article != row.content_hash:
                yield f"{where}: the article says {row.of_article}, its newest revision {row.content_hash}"
            if row.logged is None:
                yield f"{where}: the log has no row of it"
            elif row.logged not in ("", row.content_hash):  # "": from before hashes were logged
                yield f"{where}: the log says {row.logged}, the revision {row.content_hash}"
    newest = sa.select(sa.func.max(revisions.c.number)).where(revisions.c.article == articles.c.pk).scalar_subquery()
    wrong = sa.select(articles.c.id, articles.c.revision, newest.label("kept")).where(
        sa.func.coalesce(newest, 0) != articles.c.revision
    )
    for id_, revision, kept in connection.execute(wrong.order_by(articles.c.pk)):
        yield f"{id_}: it is at revision {revision}, {kept or 0} are kept"


def _keys(connection: sa.Connection) -> Iterator[str]:
    """Every article can be recognised when it is met again."""
    nameless = sa.select(articles.c.id).outerjoin(aliases, aliases.c.article == articles.c.pk)
    for (id_,) in connection.execute(nameless.where(aliases.c.article.is_(None)).order_by(articles.c.pk)):
        yield f"{id_}: no key stands for it, so it would be announced again"
    astray = (
        sa.select(articles.c.id, aliases.c.key, aliases.c.source)
        .join(articles, articles.c.pk == aliases.c.article)
        .where(aliases.c.source != articles.c.source)
    )
    for row in connection.execute(astray.order_by(articles.c.pk)):
        yield f"{row.id}: the key {row.key!r} of another source, {row.source}, stands for it"


def _counts(connection: sa.Connection) -> Iterator[str]:
    """The counts that are kept against the articles."""
    for name, kept, true in zip(
        ("counts", "tag_counts"), counts.kept(connection), counts.recount(connection), strict=True
    ):
        for key in sorted(kept.keys() | true.keys()):
            if kept.get(key, 0) != true.get(key, 0):
                yield f"{name}, {' '.join(key)}: {kept.get(key, 0)} are counted, there are {true.get(key, 0)}"


def _copies(connection: sa.Connection) -> Iterator[str]:
    """Every cluster named by its lowest key, with its first release, and with more than one."""
    statement = (
        sa.select(copies, articles.c.id, articles.c.ordered_at)
        .join(articles, articles.c.pk == copies.c.article)
        .order_by(copies.c.cluster, articles.c.ordered_at, articles.c.id)
    )
    for cluster, rows in groupby(_streamed(connection, statement), key=lambda row: row.cluster):
        members = list(rows)
        first = members[0]
        if len(members) == 1:
            yield f"{first.id}: the only one of its cluster of copies"
        if cluster != min(row.article for row in members):
            yield f"{first.id}: its cluster of copies is named {cluster}, which is not the lowest of its keys"
        for row in members:
            if row.first != first.article:
                yield f"{row.id}: {first.id} was published first of its copies, it says another"


def _closed_months(connection: sa.Connection) -> Iterator[str]:
    """What archived feeds hold for good: revisions that are kept, of months that their closing closed."""
    kept = sa.and_(revisions.c.article == announced.c.article, revisions.c.number == announced.c.revision)
    columns = articles.c.id, announced.c.revision, announced.c.month, closings.c.month.label("last"), revisions.c.number
    statement = (
        sa.select(*columns)
        .select_from(announced)
        .join(articles, articles.c.pk == announced.c.article)
        .join(closings, closings.c.number == announced.c.closing)
        .outerjoin(revisions, kept)
        .where(sa.or_(revisions.c.number.is_(None), announced.c.month > closings.c.month))
        .order_by(announced.c.article, announced.c.revision)
    )
    for row in _streamed(connection, statement):
        if row.number is None:
            yield f"{row.id}: archived feeds announce its revision {row.revision}, which is not kept"
        else:
            yield f"{row.id}: archived feeds have it in {row.month}, which was closed only after {row.last}"


def _streamed(connection: sa.Connection, statement: sa.Select[Any]) -> sa.Result[Any]:
    return connection.execute(statement.execution_options(yield_per=BATCH))


CHECKS: Final[dict[str, Check]] = {
    "the database file": _pages,
    "foreign keys": _foreign_keys,
    "the change log": _log,
    "revisions and their hashes": _revisions,
    "chains": chains.verify,
    "keys of articles": _keys,
    "counts": _counts,
    "closed months": _closed_months,
    "copies": _copies,
    "timings": timings.verify,
}
