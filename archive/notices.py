"""Messages to operators, kept until each destination has taken them: an outbox.

A message is written in the transaction in which what it tells of is noted as told, one row a destination, so that a
process that dies between the two loses nothing. Whoever is to send a row takes it first (`take`): of two that look at
the same time one gets it, and where that one dies it is free again after `HELD`. So a message may come twice after a
crash, and never because two were running.

A destination's address holds secrets; here it is known by a hash.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any, Final

import sqlalchemy as sa

from archive.tables import notices

HELD: Final = timedelta(minutes=5)  # that who takes a message has for sending it
FIRST_WAIT: Final = timedelta(minutes=1)  # after an attempt that failed; twice that after each further one
LONGEST_WAIT: Final = timedelta(hours=1)
GIVEN_UP: Final = timedelta(days=7)  # after which a message is no news
KEPT: Final = timedelta(days=90)  # that a message is kept after that


@dataclass(frozen=True, kw_only=True, slots=True)
class Notice:
    """A message to one destination, instants in UTC.

    `due_at` is that of the next attempt, None where it was sent or given up; `failure` says what became of the last.
    """

    id: int
    made_at: datetime
    destination: str
    title: str
    body: str
    attempts: int
    due_at: datetime | None
    failure: str | None
    sent_at: datetime | None


def known_as(address: str) -> str:
    """What a destination is called here."""
    return sha256(address.encode()).hexdigest()[:16]


def post(connection: sa.Connection, destinations: Iterable[str], title: str, body: str, now: datetime) -> None:
    """Have a message sent to these destinations."""
    rows = [
        {"made_at": now, "destination": each, "title": title, "body": body, "attempts": 0, "due_at": now}
        for each in dict.fromkeys(destinations)
    ]
    if rows:
        connection.execute(sa.insert(notices), rows)


def any_due(connection: sa.Connection, destinations: Collection[str], now: datetime) -> bool:
    """Whether `take` would find anything."""
    due = notices.c.due_at <= now, notices.c.destination.in_(list(destinations))
    return connection.execute(sa.select(notices.c.id).where(*due).limit(1)).first() is not None


def take(connection: sa.Connection, destinations: Collection[str], now: datetime) -> list[Notice]:
    """The messages to these destinations that are due, the oldest first; they are this caller's for `HELD`."""
    due = notices.c.due_at <= now, notices.c.destination.in_(list(destinations))
    statement = sa.update(notices).where(*due).values(due_at=now + HELD, attempts=notices.c.attempts + 1)
    taken = [_notice(row) for row in connection.execute(statement.returning(*notices.columns))]
    return sorted(taken, key=lambda notice: notice.id)


def sent(connection: sa.Connection, notice: Notice, now: datetime) -> None:
    """Note that a destination has taken a message."""
    _set(connection, notice, due_at=None, failure=None, sent_at=now)


def failed(connection: sa.Connection, notice: Notice, reason: str, now: datetime) -> datetime | None:
    """Note that it has not; returns when it is tried again, None where it is given up."""
    doubled: int = 2 ** min(notice.attempts - 1, 10)
    again = now + min(FIRST_WAIT * doubled, LONGEST_WAIT)
    due_at = again if again - notice.made_at < GIVEN_UP else None
    _set(connection, notice, due_at=due_at, failure=reason)
    return due_at


def waiting(connection: sa.Connection) -> list[Notice]:
    """The messages that have been tried in vain and are tried again, the oldest first."""
    these = notices.c.due_at.is_not(None), notices.c.failure.is_not(None)
    return [_notice(row) for row in connection.execute(sa.select(notices).where(*these).order_by(notices.c.id))]


def newest(connection: sa.Connection, limit: int = 20) -> list[Notice]:
    """The newest messages, whatever became of them."""
    statement = sa.select(notices).order_by(notices.c.id.desc()).limit(limit)
    return [_notice(row) for row in connection.execute(statement)]


def forget(connection: sa.Connection, now: datetime) -> None:
    """Give up what nobody has taken for a week (its destination may be no setting any more), and let go of old ones."""
    late = notices.c.due_at.is_not(None), notices.c.made_at < now - GIVEN_UP
    connection.execute(sa.update(notices).where(*late).values(due_at=None))
    connection.execute(sa.delete(notices).where(notices.c.due_at.is_(None), notices.c.made_at < now - KEPT))


def _set(connection: sa.Connection, notice: Notice, **values: Any) -> None:
    connection.execute(sa.update(notices).where(notices.c.id == notice.id).values(**values))


def _notice(row: Any) -> Notice:
    return Notice(**row._asdict())
