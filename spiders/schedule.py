"""When a source is due: a pure function of the catalogue, what its crawls came to, and the clock."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, time, timedelta

from archive.crawls import Crawl, Outcome
from persian.dates import TEHRAN
from sources import Source

PACE = timedelta(hours=2)  # between visits to a source that states none
SLOWEST = timedelta(days=1)  # between visits to a source that keeps failing
RESUME = timedelta(minutes=10)  # after a run that was stopped or killed, before the rest is fetched


@dataclass(frozen=True, kw_only=True, slots=True)
class Record:
    """What a source's crawls say to the schedule: the newest one, and how many have failed since one did not."""

    latest: Crawl | None = None
    failures: int = 0


def due(offices: Iterable[Source], records: Mapping[str, Record], now: datetime) -> list[Source]:
    """The sources to visit now, those that have waited longest first."""
    waiting = [(next_visit(office, records.get(office.id, Record())), office) for office in offices]
    return [
        office
        for moment, office in sorted(waiting, key=_first)
        if (moment is None or moment <= now) and is_open(office, now)
    ]


def next_visit(office: Source, record: Record) -> datetime | None:
    """The instant of a source's next visit; None for one that has not been visited. Failures double the pace.

    A host that has asked us back later than that is left alone until then.
    """
    if record.latest is None:
        return None
    if record.latest.outcome in (None, Outcome.STOPPED):
        return record.latest.started_at + min(office.every or PACE, RESUME)
    pace = (office.every or PACE) * 2 ** min(record.failures, 10)
    wait: timedelta = max(min(pace, SLOWEST), office.every or PACE)
    visit = record.latest.started_at + wait
    asked = record.latest.counts.get("come-back")  # seconds, by a Retry-After
    if asked and record.latest.finished_at:
        return max(visit, record.latest.finished_at + timedelta(seconds=asked))
    return visit


def is_open(office: Source, now: datetime) -> bool:
    """Whether the source's windows ("08:00-14:30", Tehran time; one may pass midnight) let it be visited now."""
    clock = now.astimezone(TEHRAN).time()
    return not office.windows or any(_within(clock, window) for window in office.windows)


def _within(clock: time, window: str) -> bool:
    begin, end = (time.fromisoformat(part) for part in window.split("-"))
    return begin <= clock < end if begin <= end else clock >= begin or clock < end


def _first(waiting: tuple[datetime | None, Source]) -> tuple[bool, float, str]:
    moment, office = waiting
    return moment is not None, moment.timestamp() if moment else 0.0, office.id
