"""When a source is due and why: a pure function of the catalogue, what its crawls came to, what it usually publishes,
what operators ask, and the clock.

The pace of a source whose habits are known (`archive.habits`) follows the square root of what it publishes an hour: a
visit is due when `EFFORT` of that has gathered since the last one. So a busy office is visited often in its hours, a
slow one seldom, and every one of them seldom at night, on Fridays and at Nowruz; the releases of all offices together
wait the least that so many visits allow. `every` of an entry is a fixed pace instead; `fastest` and `slowest` are the
limits of the other.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from heapq import heapify, heapreplace
from itertools import zip_longest
from typing import Any
from zlib import crc32

from archive.article import stamp
from archive.crawls import Crawl, Outcome
from archive.habits import Habit
from archive.orders import Visit, Why
from persian.calendars import TEHRAN, to_jalali
from persian.holidays import day_kind
from sources import Source
from spiders.failures import failures_of, severity
from spiders.windows import opening

EFFORT = 0.23  # roots of (releases an hour) × hours between visits; benchmarks/simulation.py says what it gives
PACE = timedelta(hours=2)  # between visits to a source that states none and whose habits are not known
SELDOM = timedelta(days=1)  # between visits to a source that keeps failing
RESUME = timedelta(minutes=10)  # after a run that was stopped or killed, before the rest is fetched
PROBE = timedelta(minutes=5)  # between two sources that are tried while there is an outage
JITTER = 0.1  # of a wait that follows from habits, at most, so that offices alike are not visited at one moment
HOST_GAP = timedelta(minutes=1)  # between the beginnings of two crawls of one host, on which several sources may live
DOUBLINGS = 10.0  # more of them are no other wait
MINUTE = timedelta(minutes=1)

KINDS = {
    "working": "a working day",
    "thursday": "a Thursday",
    "weekend": "a Friday",
    "holiday": "a holiday",
    "nowruz": "Nowruz",
}


@dataclass(frozen=True, kw_only=True, slots=True)
class Record:
    """What the schedule goes by: a source's newest crawl; the weight of those that have failed since one did not (a
    hard failure 1, a soft one ½, a temporary one ¼: `spiders.failures.severity`); what it usually publishes; and since
    when an operator has paused it or wants it harvested.
    """

    latest: Crawl | None = None
    failures: float = 0.0
    habit: Habit | None = None
    paused: datetime | None = None
    wanted: datetime | None = None

    @property
    def newest(self) -> int:
        """The id of the newest crawl, which grows with each; 0 where there is none."""
        return self.latest.id if self.latest else 0


def weight(failing: Iterable[Crawl]) -> float:
    """What failed crawls of a source weigh together: each as the severest class of what went wrong in it."""
    return sum(max((severity(name) for name in failures_of(crawl.counts)), default=1.0) for crawl in failing)


# ---- one source ----


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
    """What follows from its crawls and habits. Failures stretch the wait; a host that has asked us back later than that
    is left alone until then.
    """
    latest = record.latest
    if latest is None:
        return Visit(at=None, why=Why.NEW)
    began = latest.started_at
    if latest.outcome in (None, Outcome.STOPPED):
        return Visit(at=began + min(office.every or office.slowest, RESUME), why=Why.STOPPED)
    if latest.outcome is Outcome.OUTAGE:
        return Visit(at=(latest.finished_at or began) + PROBE, why=Why.OUTAGE)
    pace, why = _pace(office, record.habit, latest)
    moment = began + pace
    if record.failures:
        wait: timedelta = max(min(pace * 2 ** min(record.failures, DOUBLINGS), SELDOM), pace)
        moment, why = began + wait, Why.FAILING if wait > pace else why
    asked = latest.counts.get("come-back")  # seconds, by a Retry-After
    if asked and latest.finished_at and (back := latest.finished_at + timedelta(seconds=asked)) > moment:
        return Visit(at=back, why=Why.COME_BACK)
    return Visit(at=moment, why=why)


def _pace(office: Source, habit: Habit | None, latest: Crawl) -> tuple[timedelta, Why]:
    """The time between the beginnings of the latest crawl and of the next one, nothing being wrong."""
    if office.every:
        return office.every, Why.PACE
    if habit is None:
        return min(max(PACE, office.fastest), office.slowest), Why.PACE
    due_at = habit.damped.reaching(latest.started_at, EFFORT, office.slowest)
    wait = (due_at - latest.started_at) * (1 + JITTER * _share(latest))
    return min(max(wait, office.fastest), office.slowest), Why.HABIT


def _share(crawl: Crawl) -> float:
    """From 0 to 1, at random, and the same whenever it is asked of one crawl."""
    return crc32(f"{crawl.source} {crawl.started_at.timestamp()}".encode()) / 2**32


# ---- all sources ----


def due(offices: Iterable[Source], records: Mapping[str, Record], now: datetime) -> list[Source]:
    """The sources to visit now: those that operators want, in the order of asking, then new ones and those that are the
    latest by their own pace in turn, so that neither keeps the other from being read where there is more than can be.

    A source that is wanted is due at once, outside its windows too and whatever its host asked: so is one that is named
    to `monadi harvest`. A paused one never is. While most sources cannot be reached, one of them is tried at a time.
    """
    waiting = [(office, next_visit(office, records.get(office.id, Record()), now)) for office in offices]
    waiting = [(office, visit) for office, visit in waiting if _is_due(visit, now)]
    wanted = [(visit.at, office.id, office) for office, visit in waiting if visit.why is Why.WANTED]
    new = [(office.id, office) for office, visit in waiting if visit.at is None]
    late = [
        (-_lateness(visit, records[office.id], now), office.id, office)
        for office, visit in waiting
        if visit.at and visit.why is not Why.WANTED
    ]
    first = [office for *_, office in sorted(wanted)]
    others = [
        office for turn in zip_longest(sorted(new), sorted(late)) for office in (each[-1] for each in turn if each)
    ]
    tried = last_of_outage(records.values())
    if tried is None:
        return first + others
    return first + (others[:1] if now >= tried + PROBE else [])


def last_of_outage(records: Iterable[Record]) -> datetime | None:
    """The beginning of the crawl that told last that most sources cannot be reached; None where one has answered since.

    A crawl that has begun since, and not ended, is a try.
    """
    crawls = [record.latest for record in records if record.latest]
    ended = [crawl for crawl in crawls if crawl.finished_at and crawl.outcome is not Outcome.STOPPED]
    newest = max(ended, key=lambda crawl: crawl.finished_at or crawl.started_at, default=None)
    if newest is None or newest.outcome is not Outcome.OUTAGE:
        return None
    return max(crawl.started_at for crawl in crawls)


def chosen(
    waiting: Iterable[Source], running: Collection[Source], records: Mapping[str, Record], now: datetime, at_once: int
) -> list[Source]:
    """Of the sources that are due, in their order, those whose crawls may begin beside those that run: so many
    `at_once` in all, one a host, and no host more often than once in `HOST_GAP` but for what operators want.
    """
    busy = {host_of(office) for office in running}
    begun: dict[str, datetime] = {}
    waiting = list(waiting)
    for office in waiting:
        if latest := records.get(office.id, Record()).latest:
            begun[host_of(office)] = max(latest.started_at, begun.get(host_of(office), latest.started_at))
    found: list[Source] = []
    for office in waiting:
        if len(running) + len(found) >= at_once:
            break
        host = host_of(office)
        rests = host in begun and now < begun[host] + HOST_GAP and not records.get(office.id, Record()).wanted
        if host not in busy and not rests:
            found.append(office)
            busy.add(host)
    return found


def host_of(office: Source) -> str:
    return office.host.removeprefix("www.")  # as `spiders.politeness.hosts` has it


def _is_due(visit: Visit, now: datetime) -> bool:
    return visit.why is not Why.PAUSED and (visit.at is None or visit.at <= now)


def _lateness(visit: Visit, record: Record, now: datetime) -> float:
    """By how many of its own waits a visit is late."""
    since = record.latest.started_at if record.latest else now
    return (now - (visit.at or now)) / max((visit.at or now) - since, MINUTE)


# ---- what is to come ----


@dataclass(frozen=True, kw_only=True, slots=True)
class Entry:
    """A visit that the schedule foresees, and in words why it stands where it does."""

    source: Source
    visit: Visit
    because: str

    def row(self) -> tuple[str, str, str, str]:
        """Tehran's time, the Jalali day, the source and the reason, for a table."""
        there = self.visit.at and self.visit.at.astimezone(TEHRAN)
        day = "{}-{:02}-{:02}".format(*to_jalali(there.date())) if there else ""
        return f"{there:%H:%M}" if there else "-", day, self.source.id, self.because

    def to_dict(self) -> dict[str, Any]:
        return {
            "source": self.source.id,
            "at": self.visit.at and stamp(self.visit.at),
            "why": str(self.visit.why),
            "because": self.because,
        }


def plan(offices: Iterable[Source], records: Mapping[str, Record], now: datetime, until: datetime) -> Iterator[Entry]:
    """The visits from now to an instant in their order, as they come when each goes well; what is due already is now.

    A paused source has one entry without an instant, before all others.
    """
    queue: list[tuple[datetime, str, Source, Record, Visit]] = []
    for office in offices:
        record = records.get(office.id, Record())
        visit = next_visit(office, record, now)
        if visit.why is Why.PAUSED:
            yield Entry(source=office, visit=visit, because=_because(office, record, visit))
        else:
            queue.append((max(visit.at or now, now), office.id, office, record, visit))
    heapify(queue)
    while queue and queue[0][0] < until:
        moment, _, office, record, visit = queue[0]
        yield Entry(source=office, visit=replace(visit, at=moment), because=_because(office, record, visit))
        crawl = Crawl(
            id=0,
            source=office.id,
            started_at=moment,
            finished_at=moment,
            outcome=Outcome.QUIET,
            reason=None,
            swept=True,
            counts={},
        )
        record = Record(latest=crawl, habit=record.habit)
        visit = next_visit(office, record, moment)
        heapreplace(queue, (visit.at or moment, office.id, office, record, visit))


def _because(office: Source, record: Record, visit: Visit) -> str:
    """Why a visit is when it is."""
    latest = record.latest
    if visit.at is None or latest is None:
        return _at_once(record, visit)
    last = _clock(latest.started_at)
    match visit.why:
        case Why.HABIT:
            return _by_habit(record.habit, latest.started_at, visit.at, office)
        case Why.PACE if office.every:
            return f"every {written(office.every)}, as its entry says, after {last}"
        case Why.PACE:
            return f"{written(visit.at - latest.started_at)} after {last}: its habits are not known yet"
        case Why.FAILING:
            pace = _pace(office, record.habit, latest)[0]
            times = (visit.at - latest.started_at) / pace
            why = f": {latest.reason}" if latest.reason else ""
            return f"{times:.3g} times its wait of {written(pace)}, for it fails ({latest.outcome}{why})"
        case Why.STOPPED:
            return f"the rest of the run that {last} did not end by itself"
        case Why.COME_BACK:
            return f"its host asked us back after {written(timedelta(seconds=latest.counts.get('come-back', 0)))}"
        case Why.OUTAGE:
            return "most sources cannot be reached: tried one after another"
        case Why.WANTED:
            return "an operator asked for it"
        case _:
            return f"its windows ({', '.join(office.windows)}) are shut until then"


def _at_once(record: Record, visit: Visit) -> str:
    if visit.why is Why.PAUSED and record.paused:
        return f"paused since {record.paused.astimezone(TEHRAN):%Y-%m-%d %H:%M}"
    if visit.why is Why.WANTED:
        return "an operator asked for it"
    return "it has never been visited" if visit.at is None else "never visited, and its windows are shut until then"


def _by_habit(habit: Habit | None, since: datetime, until: datetime, office: Source) -> str:
    """The numbers that a pace follows from, and the limit where it is one."""
    expected = habit.expected(since, until) if habit else 0.0
    there = until.astimezone(TEHRAN)
    wait = until - since
    limit = ", its slowest" if wait >= office.slowest else ", its fastest" if wait <= office.fastest else ""
    a_day = habit.on(there.date()) if habit else 0.0
    return (
        f"{written(wait)} after {_clock(since)}{limit}: {expected:.2g} releases to be expected since, "
        f"{a_day:.2g} on {KINDS[day_kind(there.date())]}"
    )


def _clock(moment: datetime) -> str:
    return f"{moment.astimezone(TEHRAN):%H:%M}"


def written(duration: timedelta) -> str:
    """A duration in its two largest units: "2 h 5 min", "3 d"."""
    minutes = max(round(duration / MINUTE), 0)
    parts = [(minutes // 1440, "d"), (minutes // 60 % 24, "h"), (minutes % 60, "min")]
    told = [f"{number} {unit}" for number, unit in parts if number]
    return " ".join(told[:2]) or f"{round(duration.total_seconds())} s"
