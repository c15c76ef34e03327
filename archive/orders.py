"""What operators ask of the schedule, and what the schedule intends: one row a source, between the two.

A face that operators use (the command, a page) writes what is asked for and reads what is intended; whatever harvests
on schedule does the reverse. Neither knows the other. Sources are those of a catalogue: the archive need not know them.
Who asked for what, and when, is a line in the log.
"""

import logging
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

import sqlalchemy as sa

from archive.article import stamp
from archive.database import upserting
from archive.tables import orders

logger = logging.getLogger(__name__)


class Why(StrEnum):
    """What the instant of a source's next visit follows from."""

    NEW = "new"  # it has never been visited, so it is due at once
    HABIT = "habit"  # it follows what the source publishes at which hours
    PACE = "pace"  # the one that its entry states, or the usual one of a source whose habits are not known yet
    FAILING = "failing"  # its crawls fail, so it is visited less often
    OUTAGE = "outage"  # most sources cannot be reached: one after another is tried until one answers
    STOPPED = "stopped"  # its last run did not end by itself, so the rest is fetched soon
    COME_BACK = "come-back"  # its host asked us back later
    WINDOW = "window"  # it is due, and its window is shut until then
    WANTED = "wanted"  # an operator asked for a harvest
    PAUSED = "paused"  # there is none until it is resumed


@dataclass(frozen=True, kw_only=True, slots=True)
class Visit:
    """The next visit of a source: its instant in UTC, and why then; at None there is none, or it is due at once."""

    at: datetime | None
    why: Why


@dataclass(frozen=True, kw_only=True, slots=True)
class Order:
    """What stands of one source, instants in UTC; `paused_by` and `wanted_by` name who asked.

    `visit` is what the schedule last worked out, None where it has not.
    """

    source: str
    paused_since: datetime | None = None
    paused_by: str | None = None
    wanted_since: datetime | None = None
    wanted_by: str | None = None
    visit: Visit | None = None

    @property
    def asked(self) -> tuple[datetime | None, datetime | None]:
        """What of it operators asked for."""
        return self.paused_since, self.wanted_since

    def __str__(self) -> str:
        """What comes next, for a table: "paused", "2026-11-29T10:00:00Z (pace)"."""
        if self.paused_since:
            return str(Why.PAUSED)
        if self.wanted_since:
            return str(Why.WANTED)
        if self.visit is None:
            return ""
        return f"{stamp(self.visit.at)} ({self.visit.why})" if self.visit.at else str(self.visit.why)

    def to_dict(self) -> dict[str, Any]:
        visit = self.visit
        return {
            "paused_since": self.paused_since and stamp(self.paused_since),
            "paused_by": self.paused_by,
            "wanted_since": self.wanted_since and stamp(self.wanted_since),
            "wanted_by": self.wanted_by,
            "next_visit": visit and visit.at and stamp(visit.at),
            "next_visit_reason": visit and str(visit.why),
        }


# ---- what operators ask for ----


def pause(connection: sa.Connection, sources: Iterable[str], at: datetime, by: str) -> list[str]:
    """Have sources visited on schedule no more; returns those that were not paused already.

    A run goes on to its end.
    """
    free = orders.c.paused_since.is_(None)
    asked = _ask(connection, sources, {"paused_since": at, "paused_by": by}, free)
    return _told("paused", asked, at, by)


def resume(connection: sa.Connection, sources: Iterable[str], at: datetime, by: str) -> list[str]:
    """Have paused sources visited again; returns those that were paused."""
    statement = sa.update(orders).values(paused_since=None, paused_by=None).returning(orders.c.source)
    these = orders.c.source.in_(list(sources)), orders.c.paused_since.is_not(None)
    return _told("resumed", sorted(connection.scalars(statement.where(*these))), at, by)


def want(connection: sa.Connection, sources: Iterable[str], at: datetime, by: str) -> list[str]:
    """Have sources harvested now; returns those of which that was not wanted already. A paused one waits until it is
    resumed.
    """
    free = orders.c.wanted_since.is_(None)
    asked = _ask(connection, sources, {"wanted_since": at, "wanted_by": by}, free)
    return _told("to be harvested", asked, at, by)


def begun(connection: sa.Connection, source: str) -> None:
    """Note that a crawl of a source begins: what was wanted of it is done."""
    wanted = orders.c.source == source, orders.c.wanted_since.is_not(None)
    connection.execute(sa.update(orders).where(*wanted).values(wanted_since=None, wanted_by=None))


# ---- what the schedule intends ----


def plan(connection: sa.Connection, visits: Mapping[str, Visit]) -> None:
    """Keep the next visits as the schedule has worked them out; a source that is not among them has none."""
    gone = orders.c.source.not_in(list(visits)), orders.c.why.is_not(None)
    connection.execute(sa.update(orders).where(*gone).values(next_visit=None, why=None))
    for source, visit in visits.items():
        _set(connection, source, {"next_visit": visit.at, "why": str(visit.why)})


# ---- what stands ----


def read(connection: sa.Connection) -> dict[str, Order]:
    """All that stands, by source."""
    return {row.source: _order(row) for row in connection.execute(sa.select(orders).order_by(orders.c.source))}


def _ask(
    connection: sa.Connection, sources: Iterable[str], values: dict[str, Any], free: sa.ColumnElement[bool]
) -> list[str]:
    return sorted(source for source in dict.fromkeys(sources) if _set(connection, source, values, free))


def _told(what: str, sources: list[str], at: datetime, by: str) -> list[str]:
    for source in sources:  # at a level that is seen where nobody has set one
        logger.warning("%s: %s, asked for by %s at %s", source, what, by, stamp(at))
    return sources


def _set(
    connection: sa.Connection, source: str, values: dict[str, Any], where: sa.ColumnElement[bool] | None = None
) -> bool:
    """Whether the row of a source, or a new one, took these values: one that stands does only under a condition."""
    insert = upserting(connection.dialect.name)(orders).values(source=source, **values)
    statement = insert.on_conflict_do_update(index_elements=[orders.c.source], set_=values, where=where)
    return connection.execute(statement.returning(orders.c.source)).first() is not None


def _order(row: Any) -> Order:
    asked = {name: getattr(row, name) for name in ("source", "paused_since", "paused_by", "wanted_since", "wanted_by")}
    return Order(**asked, visit=Visit(at=row.next_visit, why=Why(row.why)) if row.why else None)
