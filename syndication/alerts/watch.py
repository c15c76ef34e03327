"""What is in trouble now, of sources and of Monadi itself: functions of what was seen, and the looks that see it."""

import shutil
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final

import sqlalchemy as sa

from archive import alarms, crawls, orders, queue
from archive.alarms import Matter, Trouble
from archive.article import stamp
from archive.orders import Order
from archive.queue import Standing
from sources import Catalogue
from syndication.omissions import Omission

LATE: Final = timedelta(minutes=30)  # that a visit may be overdue, and no crawl begin, before it is a trouble
UNTAKEN: Final = timedelta(minutes=5)  # that a crawl may wait while no worker is there, which may be starting anew
GIB: Final = 2**30
LEAST_FREE: Final = 1 * GIB  # on the disk of the data directory
LEAST_SHARE: Final = 0.05  # of that disk, where that is more; of a large one no more than `ENOUGH`
ENOUGH: Final = 10 * GIB


def in_trouble(connection: sa.Connection, catalogue: Catalogue, now: datetime, since: datetime) -> list[Trouble]:
    """The troubles that the archive knows of, the scheduled sources that are not paused and the schedule.

    `since` is when whoever asks began to look: before, nobody may have been there to begin a crawl.
    """
    standing = orders.read(connection)
    paused = {source for source, order in standing.items() if order.paused_since}
    platforms = {office.id: office.platform for office in catalogue.scheduled if office.id not in paused}
    found = alarms.of_sources(alarms.streaks(connection), platforms)
    late = of_workers(queue.standing(connection), {crawl.source: crawl.id for crawl in crawls.latest(connection)}, now)
    late = late or of_schedule(standing, crawls.last_begun(connection), now, since)
    return [*found, late] if late else found


def of_workers(stands: Standing | None, newest: Mapping[str, int], now: datetime) -> Trouble | None:
    """That crawls wait in the queue, and there is no worker. `newest` is the newest crawl of each source: what has been
    read since it was put in, by a schedule that needs no workers, does not wait.
    """
    if stands is None or stands.workers:
        return None
    waiting = [entry for entry in stands.waiting if newest.get(entry.source, 0) <= entry.after]
    longest = timedelta(seconds=max((entry.seconds for entry in waiting), default=0.0))
    if longest < UNTAKEN:
        return None
    heard = f"the last worker was heard of at {stamp(stands.heard)}" if stands.heard else "there has been no worker yet"
    first = now - longest
    return Trouble(
        matter=Matter.WORKERS,
        since=first,
        evidence=f"{len(waiting)} crawls wait, the first since {stamp(first)}; {heard}",
    )


def of_schedule(
    standing: Mapping[str, Order], begun: datetime | None, now: datetime, since: datetime
) -> Trouble | None:
    """That visits are due, and for so long no crawl has begun."""
    if max(filter(None, (begun, since))) > now - LATE:
        return None
    late = {source: at for source, at in next_visits(standing).items() if at < now - LATE}
    if not late:
        return None
    first = min(late.values())
    newest = f"the newest crawl began at {stamp(begun)}" if begun else "no crawl has begun yet"
    evidence = f"{len(late)} visits are due, the first since {stamp(first)}; {newest}"
    return Trouble(matter=Matter.SCHEDULE, since=max(first, begun or first), evidence=evidence)


def next_visits(standing: Mapping[str, Order]) -> dict[str, datetime]:
    """The instants of the next visits, as the schedule has written them down, of sources that are not paused."""
    return {
        source: order.visit.at
        for source, order in standing.items()
        if order.visit and order.visit.at and not order.paused_since
    }


def of_feeds(omissions: Sequence[Omission]) -> Trouble | None:
    """That feeds leave releases out."""
    if not omissions:
        return None
    newest = omissions[0]
    evidence = f"{len(omissions)} left out, the newest {newest.item} as {newest.format}: {newest.reason}"
    return Trouble(matter=Matter.FEEDS, since=min(each.at for each in omissions), evidence=evidence)


def of_disk(free: int, total: int, now: datetime) -> Trouble | None:
    """That less than 1 GiB is free, or less than 5 % of a disk of up to 200 GiB; sizes in bytes."""
    if free >= max(LEAST_FREE, min(LEAST_SHARE * total, ENOUGH)):
        return None
    evidence = f"{free / GIB:.1f} GiB of {total / GIB:.1f} are free where the data directory is"
    return Trouble(matter=Matter.DISK, since=now, evidence=evidence)


def disk(directory: Path, now: datetime) -> Trouble | None:
    """The trouble of the disk of a directory, which need not exist yet."""
    total, free = room(directory)
    return of_disk(free, total, now)


def room(directory: Path) -> tuple[int, int]:
    """All of the disk of a directory, which need not exist yet, and what of it is free, in bytes."""
    place = next((each for each in (directory, *directory.absolute().parents) if each.exists()), Path("/"))
    usage = shutil.disk_usage(place)
    return usage.total, usage.free
