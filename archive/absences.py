"""Articles whose pages are looked at again, and what it means when a page is there no longer.

A page that was published lately is asked for again an hour, six hours, a day and a week after, so that edits and
removals are seen. One that is missing once may be a fault of the site; missing still six hours later, it is gone. One
that answers, though lists that go further back name it no more, is unlisted until they name it again.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa

from archive import changes, counts
from archive.article import State
from archive.articles import chunks
from archive.changes import Entry, Kind
from archive.tables import aliases, articles

AGAIN = (timedelta(hours=1), timedelta(hours=6), timedelta(days=1), timedelta(days=7))
LATEST = timedelta(days=37)  # after which a visit that was missed is not made up for
SURELY = timedelta(hours=6)  # between two visits that find a page missing


@dataclass(frozen=True, kw_only=True, slots=True)
class Held:
    """The page of an archived article: where it is, and the instants of its publication, last reading and absence."""

    id: str
    url: str
    native_id: str | None
    published_at: datetime
    read_at: datetime
    missing_since: datetime | None = None


def due_again(page: Held, now: datetime) -> bool:
    """Whether a page that was published lately is to be looked at again.

    It is once a mark of `AGAIN` has passed since its last reading; a missing one is `SURELY` after it was missed.
    """
    if page.missing_since:
        return now - page.missing_since >= SURELY
    return any(page.read_at < page.published_at + wait <= now for wait in AGAIN)


def to_look_at(connection: sa.Connection, source: str, now: datetime) -> list[Held]:
    """The pages of a source that are due again, the newest first."""
    missing = articles.c.missing_since.is_not(None)
    recent = sa.and_(articles.c.ordered_at > now - LATEST, articles.c.ordered_at <= now)
    found = _held(connection, articles.c.source == source, articles.c.state != State.GONE, sa.or_(recent, missing))
    return [page for page in found if due_again(page, now)]


def unseen(connection: sa.Connection, source: str, keys: Iterable[str]) -> list[Held]:
    """The pages of a source that are not known to be gone and that none of these keys stands for."""
    listed: set[int] = set()
    for some in chunks(keys):
        statement = sa.select(aliases.c.article).where(aliases.c.source == source, aliases.c.key.in_(some))
        listed.update(connection.scalars(statement))
    columns = sa.select(articles.c.pk).where(articles.c.source == source, articles.c.state != State.GONE)
    absent = [pk for pk in connection.scalars(columns) if pk not in listed]
    return [page for some in chunks(absent) for page in _held(connection, articles.c.pk.in_(some))]


def lists_reach(connection: sa.Connection, source: str, keys: Iterable[str]) -> datetime | None:
    """The publication of the oldest article of a source that these keys stand for."""
    oldest = sa.select(sa.func.min(articles.c.ordered_at)).join(aliases, aliases.c.article == articles.c.pk)
    found = (
        connection.scalar(oldest.where(aliases.c.source == source, aliases.c.key.in_(some))) for some in chunks(keys)
    )
    return min(filter(None, found), default=None)


def _held(connection: sa.Connection, *where: sa.ColumnElement[bool]) -> list[Held]:
    statement = sa.select(
        articles.c.id,
        articles.c.url,
        articles.c.native_id,
        articles.c.ordered_at.label("published_at"),
        articles.c.last_seen.label("read_at"),
        articles.c.missing_since,
    )
    found = connection.execute(statement.where(*where).order_by(articles.c.ordered_at.desc(), articles.c.pk.desc()))
    return [Held(**row._asdict()) for row in found]


def missed(
    connection: sa.Connection, source: str, keys: Sequence[str], at: datetime, crawl: int | None = None
) -> list[str]:
    """Note that the pages these keys stand for are missing; returns the ids of those that are gone with that."""
    rows = _standing_for(connection, source, keys, State.LIVE, State.UNLISTED)
    first = [row.pk for row in rows if row.missing_since is None]
    for some in chunks(first):
        connection.execute(sa.update(articles).where(articles.c.pk.in_(some)).values(missing_since=at))
    gone = [row for row in rows if row.missing_since and at - row.missing_since >= SURELY]
    _become(connection, gone, State.GONE, Kind.GONE, at, crawl)
    return [row.id for row in gone]


def unlisted(
    connection: sa.Connection, source: str, keys: Iterable[str], at: datetime, crawl: int | None = None
) -> list[str]:
    """Note that pages answer that lists name no more, though these go further back; returns the ids of new ones."""
    rows = [row for row in _standing_for(connection, source, keys, State.LIVE) if row.missing_since is None]
    _become(connection, rows, State.UNLISTED, Kind.UNLISTED, at, crawl)
    return [row.id for row in rows]


def listed(
    connection: sa.Connection, source: str, keys: Iterable[str], at: datetime, crawl: int | None = None
) -> list[str]:
    """Note that lists name these pages; returns the ids of those that are back in them."""
    rows = _standing_for(connection, source, keys, State.UNLISTED)
    _become(connection, rows, State.LIVE, Kind.BACK, at, crawl)
    return [row.id for row in rows]


def _standing_for(connection: sa.Connection, source: str, keys: Iterable[str], *states: State) -> list[Any]:
    """The articles of a source in these states that these keys stand for, each once."""
    columns = (
        *(articles.c[name] for name in ("pk", "id", "source", "state", "missing_since", "revision", "content_hash")),
    )
    found: dict[int, Any] = {}
    for some in chunks(keys):
        statement = sa.select(*columns).join(aliases, aliases.c.article == articles.c.pk)
        statement = statement.where(articles.c.state.in_(map(str, states)))
        rows = connection.execute(statement.where(aliases.c.source == source, aliases.c.key.in_(some)))
        found.update({row.pk: row for row in rows})
    return [found[pk] for pk in sorted(found)]


def _become(
    connection: sa.Connection, rows: Sequence[Any], state: State, kind: Kind, at: datetime, crawl: int | None
) -> None:
    """Give articles another state, each with its row in the log."""
    if not rows:
        return
    counts.moved(connection, [row.pk for row in rows], state)
    entries = [
        Entry(
            seq=seq,
            at=at,
            kind=kind,
            article=row.pk,
            id=row.id,
            source=row.source,
            revision=row.revision,
            content_hash=row.content_hash,
            crawl=crawl,
        )
        for seq, row in enumerate(rows, changes.newest(connection) + 1)
    ]
    for entry in entries:
        this = sa.update(articles).where(articles.c.pk == entry.article)
        connection.execute(this.values(state=str(state), change=entry.seq))
    changes.append(connection, entries)


def confirmed(connection: sa.Connection, source: str, keys: Sequence[str], at: datetime) -> None:
    """Note that the pages these keys stand for are as they were read (their site said so without sending them)."""
    for some in chunks(keys):
        this = sa.select(aliases.c.article).where(aliases.c.source == source, aliases.c.key.in_(some))
        statement = sa.update(articles).where(articles.c.pk.in_(this), articles.c.state != State.GONE)
        connection.execute(statement.values(last_seen=at, missing_since=None))
