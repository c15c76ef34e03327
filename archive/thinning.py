"""What is kept of crawls that found nothing.

A source is visited some twenty times a day, so in a year three hundred of them would leave two million rows that say
"nothing new". Health is judged by the last two months of crawls (`spiders.history`). Of older ones that were quiet, the
last of each day (UTC) stays, and so does every crawl that came to anything: that found, changed or missed something,
walked its lists to their ends, or failed.
"""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any, Final

import sqlalchemy as sa

from archive.crawls import Outcome
from archive.followers import move, place
from archive.tables import crawls

FOLLOWER: Final = "thinning"
AFTER: Final = timedelta(days=62)
BATCH: Final = 5000  # rows looked at, in one writing transaction
NOTHING: Final = frozenset({"listed", "lists-unchanged", "fetched", "unchanged", "compared", "missing"})
"""What a crawl may have counted and still have found nothing."""


def thin(connection: sa.Connection, now: datetime) -> bool:
    """Forget some of the quiet crawls that are old enough; returns whether there are more to be looked at."""
    before = (now - AFTER).astimezone(UTC).replace(hour=0, minute=0, second=0, microsecond=0)  # whole days
    reached = place(connection, FOLLOWER) or 0
    columns = crawls.c.id, crawls.c.source, crawls.c.started_at, crawls.c.outcome, crawls.c.whole, crawls.c.counts
    statement = sa.select(*columns).where(crawls.c.id > reached).order_by(crawls.c.id).limit(BATCH)
    rows = [row for row in connection.execute(statement) if row.started_at < before]
    last = {(row.source, row.started_at.date()): row.id for row in rows}
    kept = {*last.values(), *_first_of_each(connection)}
    forgotten = [row.id for row in rows if row.id not in kept and _came_to_nothing(row.outcome, row.counts, row.whole)]
    for begin in range(0, len(forgotten), 500):
        connection.execute(sa.delete(crawls).where(crawls.c.id.in_(forgotten[begin : begin + 500])))
    if rows:
        move(connection, FOLLOWER, rows[-1].id)
    return len(rows) == BATCH


def _came_to_nothing(outcome: str | None, counts: Mapping[str, Any], whole: bool) -> bool:  # noqa: FBT001 - a column
    return outcome == Outcome.QUIET and not whole and NOTHING.issuperset(counts)


def _first_of_each(connection: sa.Connection) -> set[int]:
    """The first crawl of every source, since when it is known how late a release was read (`archive.timings`)."""
    return set(connection.scalars(sa.select(sa.func.min(crawls.c.id)).group_by(crawls.c.source)))
