"""When a source is due and why: a pure function of the catalogue, what its crawls came to, what operators ask, and the
clock.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, time, timedelta

from archive.crawls import Crawl, Outcome
from archive.orders import Visit, Why
from persian.dates import TEHRAN
from sources import Source

PACE = timedelta(hours=2)  # between visits to a source that states none
SLOWEST = timedelta(days=1)  # between visits to a source that keeps failing
RESUME = timedelta(minutes=10)  # after a run that was stopped or killed, before the rest is fetched
DAY = timedelta(days=1)


@dataclass(frozen=True, kw_only=True, slots=True)
class Record:
    """What the schedule goes by: a source's newest crawl, and how many have failed since one did not; and since when an
    operator has paused it or wants it harvested.
    """

    latest: Crawl | None = None
    failures: int = 0
    paused: datetime | None = None
    wanted: datetime | None = None


def due(offices: Iterable[Source], records: Mapping[str, Record], now: datetime) -> list[Source]:
    """The sources to visit now: those that operators want, in the order of asking, then those that have waited longest.

    A source that is wanted is due at once, outside its windows too and whatever its host asked: so is one that is named
    to `monadi harvest`. A paused one never is.
    """
    waiting = [(next_visit(office, records.get(office.id, Record()), now), office) for office in offices]
    return [office for visit, office in sorted(waiting, key=_first) if _is_due(visit, now)]


def next_visit(office: Source, record: Record, now: datetime) -> Visit:
    """The next visit of a source, in a window of it; what is past is due, and so is one at no instant unless paused."""
    if record.paused:
        return Visit(at=None, why=Why.PAUSED)
    if record.wanted:
        return Visit(at=record.wanted, why=Why.WANTED)
    told = _by_pace(office, record)
    opens = opening(office, max(told.at or now, now))
    return told if opens is None else Visit(at=opens, why=Why.WINDOW)


def _by_pace(office: Source, record: Record) -> Visit:
    """What follows from its crawls. Failures double the pace; a host that has asked us back later than that is left
    alone until then.
    """
    latest = record.latest
    if latest is None:
        return Visit(at=None, why=Why.NEW)
    if latest.outcome in (None, Outcome.STOPPED):
        return Visit(at=latest.started_at + min(office.every or PACE, RESUME), why=Why.STOPPED)
    pace = office.every or PACE
    wait: timedelta = max(min(pace * 2 ** min(record.failures, 10), SLOWEST), pace)
    moment = latest.started_at + wait
    asked = latest.counts.get("come-back")  # seconds, by a Retry-After
    if asked and latest.finished_at and (back := latest.finished_at + timedelta(seconds=asked)) > moment:
        return Visit(at=back, why=Why.COME_BACK)
    return Visit(at=moment, why=Why.FAILING if wait > pace else Why.PACE)


def is_open(office: Source, now: datetime) -> bool:
    """Whether the source's windows ("08:00-14:30", Tehran time; one may pass midnight) let it be visited now."""
    clock = now.astimezone(TEHRAN).time()
    return not office.windows or any(_within(clock, window) for window in office.windows)


def opening(office: Source, moment: datetime) -> datetime | None:
    """The instant at which the source's windows open next after a moment; None where they are open at it."""
    if is_open(office, moment):
        return None
    there = moment.astimezone(TEHRAN)
    begins = [time.fromisoformat(window.partition("-")[0]) for window in office.windows]
    days = (there.date() + DAY * number for number in range(3))  # an hour that summer time skips is there a day later
    moments = (datetime.combine(day, begin, TEHRAN).astimezone(moment.tzinfo) for day in days for begin in begins)
    return min(each for each in moments if each > moment and is_open(office, each))


def _within(clock: time, window: str) -> bool:
    begin, end = (time.fromisoformat(part) for part in window.split("-"))
    return begin <= clock < end if begin <= end else clock >= begin or clock < end


def _is_due(visit: Visit, now: datetime) -> bool:
    return visit.why is not Why.PAUSED and (visit.at is None or visit.at <= now)


def _first(waiting: tuple[Visit, Source]) -> tuple[bool, bool, float, str]:
    visit, office = waiting
    return visit.why is not Why.WANTED, visit.at is not None, visit.at.timestamp() if visit.at else 0.0, office.id
