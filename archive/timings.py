"""When releases came out and how soon they were read: kept of each article, and tallied for charts.

This follows the change log (`catch_up`), so that taking readings in costs nothing more. `timings` holds of every
article its Jalali day, its hour of the Iranian week, where its date has a time, and the class of its lag. `tallies`
adds them up by Jalali month of publication, and edits and removals by the Jalali month in which they were found, in
scopes that a chart of a large archive is drawn from without walking it: "all", "agency:mcls", "province:IR-21"; of
edits and removals "source:mcls-yazd", too, while the timings of one source are few enough to be added up when they are
asked for (`archive.rhythm`).

A lag is told only of a release whose date has a time at which its source was read already (its first crawl had begun),
for an old release that a first harvest finds was not late. A date of more than a quarter of an hour after the reading
is a mistake of its page, and no lag.
"""

from bisect import bisect_left
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

import sqlalchemy as sa

from archive import changes, counts
from archive.article import month_of
from archive.changes import Kind
from archive.database import among, insert_rows, update_rows
from archive.followers import begin_anew, move, place
from archive.tables import articles, crawls, revisions, sources, tallies, timings
from archive.tables import changes as log
from persian.calendars import TEHRAN, to_jalali
from persian.published import Published

FOLLOWER: Final = "timings"
VERSION: Final = "1"  # of the rules; with another one everything is made anew
BATCH: Final = 2000  # rows of the log, in one writing transaction
TELLING: Final = frozenset({Kind.NEW, Kind.REVISED, Kind.REREAD})  # the kinds of change that a date can come with
TALLIED: Final = (Kind.REVISED, Kind.GONE, Kind.UNLISTED, Kind.BACK)
HOURS: Final = 24

LAGS: Final = (
    timedelta(minutes=15),
    timedelta(hours=1),
    timedelta(hours=3),
    timedelta(hours=12),
    timedelta(days=1),
    timedelta(days=3),
    timedelta(days=7),
)
"""The longest lag of each class but the last, which is without an end."""

ALL: Final = "all"
Key = tuple[str | int, ...]
"""Scope, measure, value and Jalali month of a tally."""


@dataclass(frozen=True, slots=True)
class Timing:
    """A Jalali day ("1400-09-15"), an hour of the week from Saturday's first (0–167), and a class of `LAGS` (0–7)."""

    day: str
    hour: int | None
    lag: int | None


# ---- what is said of one release ----


def timing_of(
    ordered_at: datetime, published: Published | None, first_seen: datetime, begun: datetime | None
) -> Timing:
    """Of a release with this date, first read at an instant, of a source whose first crawl had `begun`."""
    year, month, day = to_jalali(ordered_at.astimezone(TEHRAN).date())
    at = published.at if published else None
    return Timing(f"{year}-{month:02}-{day:02}", None if at is None else hour_of(at), lag_of(at, first_seen, begun))


def hour_of(at: datetime) -> int:
    """The hour of the week in Tehran, which begins on Saturday: 0–167."""
    local = at.astimezone(TEHRAN)
    return weekday_of(local) * HOURS + local.hour


def weekday_of(day: Any) -> int:
    """The day of the Iranian week, Saturday 0 and Friday 6."""
    return int((day.weekday() + 2) % 7)


def lag_of(at: datetime | None, first_seen: datetime, begun: datetime | None) -> int | None:
    """The class of `LAGS` of a release published at an instant; None where there is no lag to tell."""
    if at is None or begun is None or not begun <= at <= first_seen + LAGS[0] or first_seen < begun:
        return None
    return bisect_left(LAGS, first_seen - at)


# ---- following the log ----


def reached(connection: sa.Connection) -> int:
    """The number of the row of the log that `catch_up` has come to."""
    return place(connection, FOLLOWER, VERSION) or 0


def behind(connection: sa.Connection) -> int:
    """How many rows of the log `catch_up` has not seen."""
    return changes.newest(connection) - reached(connection)


def catch_up(connection: sa.Connection, limit: int = BATCH) -> None:
    """Take in the next rows of the log, `limit` at most, within a writing transaction; `behind` tells of more."""
    seq = reached(connection)
    if not seq:
        forget(connection)
    rows = _told(connection, seq, limit)
    by: Counter[Key] = Counter()
    for row in rows:
        if row.kind in TALLIED:
            by.update(_of_change(row))
    _take_in(connection, {row.article for row in rows if row.kind in TELLING}, by)
    counts.add(connection, tallies, by)
    move(connection, FOLLOWER, rows[-1].seq if len(rows) == limit else changes.newest(connection), VERSION)


def forget(connection: sa.Connection) -> None:
    """Have everything made anew by the next `catch_up`s."""
    for table in (timings, tallies):
        connection.execute(sa.delete(table))
    begin_anew(connection, FOLLOWER)


def _told(connection: sa.Connection, seq: int, limit: int) -> list[Any]:
    columns = log.c.seq, log.c.article, log.c.kind, log.c.at, articles.c.source, sources.c.agency, sources.c.province
    statement = (
        sa.select(*columns)
        .join(articles, articles.c.pk == log.c.article)
        .join(sources, sources.c.id == articles.c.source)
        .where(log.c.seq > seq)
        .order_by(log.c.seq)
        .limit(limit)
    )
    return list(connection.execute(statement))


def _take_in(connection: sa.Connection, pks: set[int], by: Counter[Key]) -> None:
    """Keep the timings of some articles as they are now; what that changes of the tallies is added to `by`."""
    rows = list(connection.execute(_NOW.where(among(connection, articles.c.pk, pks)))) if pks else []
    begun = _begun(connection, {row.source for row in rows})
    new, other = [], []
    for row in rows:
        now = timing_of(row.ordered_at, row.published, row.first_seen, begun.get(row.source))
        before = None if row.day is None else Timing(row.day, row.hour, row.lag)
        if now == before:
            continue
        if before:
            by.subtract(_of_timing(row, before))
            other.append(((row.source, row.pk), {"day": now.day, "hour": now.hour, "lag": now.lag}))
        else:
            new.append((row.source, row.pk, now.day, now.hour, now.lag))
        by.update(_of_timing(row, now))
    insert_rows(connection, timings, sorted(new))
    update_rows(connection, timings, ("source", "article"), other)


_NEWEST = sa.and_(revisions.c.article == articles.c.pk, revisions.c.number == articles.c.revision)
_NOW = (
    sa.select(
        *(articles.c[name] for name in ("pk", "id", "source", "ordered_at", "first_seen", "change")),
        sources.c.agency,
        sources.c.province,
        revisions.c.published,
        timings.c.day,
        timings.c.hour,
        timings.c.lag,
    )
    .join(sources, sources.c.id == articles.c.source)
    .join(revisions, _NEWEST)
    .outerjoin(timings, sa.and_(timings.c.source == articles.c.source, timings.c.article == articles.c.pk))
)


def _begun(connection: sa.Connection, some: Iterable[str]) -> dict[str, datetime]:
    """When the first crawl of each of these sources began."""
    first = sa.select(sa.func.min(crawls.c.id)).where(crawls.c.source.in_(sorted(some))).group_by(crawls.c.source)
    statement = sa.select(crawls.c.source, crawls.c.started_at).where(crawls.c.id.in_(first))
    return {row.source: row.started_at for row in connection.execute(statement)}


def _of_timing(row: Any, timing: Timing) -> Iterator[Key]:
    """The tallies that a release counts in; `row` has its agency and its province."""
    month, day = timing.day[:7], int(timing.day[8:])
    for scope in (ALL, f"agency:{row.agency}", f"province:{row.province}"):
        yield scope, "month", 0, month
        yield scope, "day", day, month
        if timing.hour is not None:
            yield scope, "hour", timing.hour, month
        if timing.lag is not None:
            yield scope, "lag", timing.lag, month


def _of_change(row: Any) -> Iterator[Key]:
    """The tallies that a row of the log counts in."""
    for scope in (ALL, f"agency:{row.agency}", f"province:{row.province}", f"source:{row.source}"):
        yield scope, row.kind, 0, month_of(row.at)


# ---- verifying ----


def verify(connection: sa.Connection) -> Iterator[str]:
    """Make all anew that the follower has come to; yields one line a mismatch."""
    seq, batch = reached(connection), 500
    begun = _begun(connection, connection.scalars(sa.select(sources.c.id)))
    by: Counter[Key] = Counter()
    statement = _NOW.order_by(articles.c.pk).execution_options(yield_per=batch)
    for row in connection.execute(statement):
        kept = None if row.day is None else Timing(row.day, row.hour, row.lag)
        if kept:
            by.update(_of_timing(row, kept))
        true = timing_of(row.ordered_at, row.published, row.first_seen, begun.get(row.source))
        if row.change <= seq and kept != true:
            yield f"{row.id}: {kept or 'no timing'} is kept, it is {true}"
    for row in _logged(connection, seq):
        by.update(_of_change(row))
    held = {tuple(row[:-1]): row.number for row in connection.execute(sa.select(tallies))}
    for key in sorted(by.keys() | held.keys()):
        if by[key] != held.get(key, 0):
            told = " ".join(map(str, key))
            yield f"tallies, {told}: {held.get(key, 0)} are counted, there are {by[key]}"


def _logged(connection: sa.Connection, seq: int) -> Iterable[Any]:
    columns = log.c.kind, log.c.at, articles.c.source, sources.c.agency, sources.c.province
    statement = (
        sa.select(*columns)
        .join(articles, articles.c.pk == log.c.article)
        .join(sources, sources.c.id == articles.c.source)
    )
    return connection.execute(statement.where(*changes.of_kind(*TALLIED), log.c.seq <= seq))
