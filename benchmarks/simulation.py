# ruff: noqa: INP001, T201 - a script that prints
"""A year of 300 offices in minutes: how fresh their releases are archived, for how many requests, beside fixed polling.

    python benchmarks/simulation.py [--offices N] [--days N] [--seed N]

The offices are those of `offices.py`: from one release in a month to thirty a day, with Fridays, holidays, Nowruz, and
three days in which the whole country is off the net. The clock is simulated; the schedule (`spiders.schedule`) and what
it learns (`archive.habits`) are those that run. A release is archived at the first visit after it came out; its age is
the time between. A visit costs `LISTS` requests, an article one more.
"""

import argparse
import random
import statistics
import sys
import time
from bisect import bisect_right
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from heapq import heapify, heappop, heappush

from offices import BEGIN, DAY, HISTORY, HOUR, Office, instant, office

from archive.crawls import Crawl, Outcome
from archive.habits import HORIZON, Habit, learned
from sources import Catalogue, Source
from spiders.schedule import PROBE, Record, next_visit

LISTS = 2  # requests of a visit that finds nothing new: a listing page and a feed
OUTAGE = (250 * DAY, 253 * DAY)  # in Azar, when the whole country is off the net
LEARN = 7 * DAY  # between two looks at what an office publishes (hourly in the station: the same, at this price)
FIXED = (15, 30, 60, 120)  # minutes


@dataclass(slots=True)
class Newsroom:
    """An office, the entry that reads it, and what its visits came to."""

    office: Office
    source: Source
    rng: random.Random
    record: Record = field(default_factory=Record)
    visits: int = 0
    ages: list[float] = field(default_factory=list)
    seen_until: float = 0.0
    learned_at: float = -LEARN
    days: Counter[date] = field(default_factory=Counter)
    hours: Counter[int] = field(default_factory=Counter)

    def habit(self, now: float) -> Habit | None:
        if now - self.learned_at < LEARN:
            return self.record.habit
        self.learned_at = now
        until = BEGIN + timedelta(days=int(now // DAY))
        first = until - timedelta(days=HORIZON)
        days = {day: number for day, number in self.days.items() if first <= day < until}
        return learned(days, self.hours, min(days), max(days) + timedelta(days=1)) if days else None

    def take_in(self, until: float) -> int:
        """Archive what has come out; returns how many releases."""
        begin, end = bisect_right(self.office.releases, self.seen_until), bisect_right(self.office.releases, until)
        for moment in self.office.releases[begin:end]:
            self.days[BEGIN + timedelta(days=int(moment // DAY))] += 1
            self.hours[int(moment % DAY // HOUR)] += 1
            if moment >= 0:
                self.ages.append(until - moment)
        self.seen_until = until
        return end - begin


def visit(room: Newsroom, now: float, outcome: Outcome) -> None:
    moment = instant(now)
    crawl = Crawl(
        id=room.visits,
        source=room.source.id,
        started_at=moment,
        finished_at=moment,
        outcome=outcome,
        reason=None,
        swept=True,
        counts={},
    )
    room.record = Record(latest=crawl, habit=room.habit(now))
    room.visits += 1


def run(rooms: Sequence[Newsroom], days: int) -> None:
    """The year, visit by visit, in the order of time."""
    queue = [(room.rng.random() * HOUR, number) for number, room in enumerate(rooms)]
    heapify(queue)
    tried = -DAY  # when a source was tried last while there is an outage
    standing = False
    while queue and queue[0][0] < days * DAY:
        now, number = heappop(queue)
        room = rooms[number]
        if standing and now < tried + PROBE.total_seconds():
            heappush(queue, (tried + PROBE.total_seconds() + room.rng.random() * HOUR, number))
            continue
        standing = OUTAGE[0] <= now < OUTAGE[1]
        if standing:
            tried = now
            visit(room, now, Outcome.OUTAGE)
        else:
            new = room.take_in(now)
            visit(room, now, Outcome.OK if new else Outcome.QUIET)
        following = next_visit(room.source, room.record, instant(now)).at or instant(now)
        heappush(queue, (max(following.timestamp() - instant(0).timestamp(), now + 1), number))


def fixed(rooms: Sequence[Newsroom], minutes: int, days: int, seed: int) -> tuple[float, list[float]]:
    """Visits of an office and day, and ages, where each is visited every so many minutes."""
    rng, wait, ages = random.Random(seed), minutes * 60, []  # noqa: S311
    for room in rooms:
        phase = rng.random() * wait
        for moment in room.office.releases:
            if 0 <= moment < days * DAY:
                found = phase + -((phase - moment) // wait) * wait
                if OUTAGE[0] <= found < OUTAGE[1]:
                    found = OUTAGE[1] + phase
                ages.append(found - moment)
    return DAY / wait, ages


def told(name: str, visits: float, ages: list[float], articles: float) -> str:
    ages = sorted(ages)
    minutes = [age / 60 for age in (ages[len(ages) // 2], statistics.mean(ages), ages[len(ages) * 9 // 10])]
    return (
        f"| {name} | {visits:.1f} | {visits * LISTS + articles:.0f} | "
        + " | ".join(f"{age:.1f}" for age in minutes)
        + " |"
    )


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--offices", type=int, default=300)
    parser.add_argument("--days", type=int, default=366)
    parser.add_argument("--seed", type=int, default=1403)
    options = parser.parse_args()
    began = time.monotonic()
    entry = next(iter(Catalogue.load().sources.values()))
    rooms = []
    for number in range(options.offices):
        rng = random.Random(options.seed * 1000 + number)  # noqa: S311
        made = office(number, rng)
        rooms.append(Newsroom(made, replace(entry, id=made.id), rng, seen_until=-HISTORY * DAY))
    run(rooms, options.days)
    articles = sum(len(room.ages) for room in rooms) / options.offices / options.days
    visits = sum(room.visits for room in rooms) / options.offices / options.days
    print(
        f"{options.offices} offices, {options.days} days, {articles:.1f} releases an office and day, "
        f"seed {options.seed}\n"
    )
    print("| visits | an office and day | requests | median age, min | mean | 90 % |\n|---|--:|--:|--:|--:|--:|")
    print(told("Monadi", visits, [age for room in rooms for age in room.ages], articles))
    for minutes in FIXED:
        often, ages = fixed(rooms, minutes, options.days, options.seed)
        print(told(f"every {minutes} min", often, ages, articles))
    print(f"\n{sum(room.visits for room in rooms):,} visits in {time.monotonic() - began:.0f} s")
    return 0


if __name__ == "__main__":
    sys.exit(main())
