# ruff: noqa: INP001, T201, S311 - a script that prints; its chance is a seed, on purpose
"""A year of 300 offices in minutes: how fresh their releases are archived and for how many requests, beside fixed
polling; and what of the faults of their sites is found, how soon, under which name, with how many false alarms.

    python benchmarks/simulation.py [--offices N] [--days N] [--seed N]

The offices are those of `offices.py`: from one release in a month to thirty a day, with Fridays, holidays, Nowruz, and
three days in which the whole country is off the net. The clock is simulated; the schedule (`spiders.schedule`), what it
learns (`archive.habits`), the judge of crawls (`spiders.health`, `spiders.history`) and the rule by which an operator
is told (`archive.alarms`) are those that run. What a crawl counts under each fault is what real crawls of a site with
that fault count (tests/spiders/faults.py).

A release is archived at the first visit after it came out; its age is the time between; releases under a fault have no
part in it. A visit costs `LISTS` requests, an article one more, and so does a second look at a front page; a feed that
is not there is asked for once a day. A fault can be seen at a visit where there is anything to see of it: a broken page
needs a page to be read, a list that stands still a release that it lacks.
"""

import argparse
import random
import statistics
import sys
import time
from bisect import bisect_left, bisect_right
from collections import Counter, deque
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from heapq import heapify, heappop, heappush
from typing import Final

from offices import BEGIN, DAY, HISTORY, HOUR, Office, instant, office

from archive.alarms import AT_ONCE, VISITS, Matter
from archive.crawls import Crawl, Outcome
from archive.habits import HORIZON, Habit, learned
from sources import Catalogue, Source
from spiders.health import FEED_AGAIN, History, is_outage, judge, second_look
from spiders.history import CRAWLS, MEMORY, past_of
from spiders.outages import HOSTS, WINDOW
from spiders.schedule import PROBE, Record, next_visit, weight

LISTS = 2  # requests of a visit that finds nothing new: a listing page and a feed
OUTAGE = (250 * DAY, 253 * DAY)  # in Azar, when the whole country is off the net
LEARN = 7 * DAY  # between two looks at what an office publishes (hourly where it runs; weekly here for time's sake)
FIXED = (15, 30, 60, 120)  # minutes
FEEDS = 0.6  # share of offices whose feed stands beside their list
HICCUP = 0.003  # share of visits of a healthy site that time out
MENDED = DAY  # from the alarm to the repair, which begins on the day when nobody found it
LOST = 20 * DAY
CALM = (20, 60)  # days between two faults of a site
EARLIEST = 45  # days of health before a first fault

FAULTS: Final[Mapping[str, tuple[frozenset[Outcome], frozenset[str]]]] = {
    "layout change": (frozenset({Outcome.DRIFTED, Outcome.DEGRADED}), frozenset({"layout", "fields"})),
    "200, and empty": (frozenset({Outcome.EMPTY}), frozenset({"empty"})),
    "challenge page": (frozenset({Outcome.BLOCKED}), frozenset({"challenge"})),
    "moved list": (frozenset({Outcome.DRIFTED}), frozenset({"list-moved"})),
    "frozen list": (frozenset({Outcome.DRIFTED}), frozenset({"list-frozen"})),
    "frozen list, no feed": (frozenset({Outcome.DRIFTED}), frozenset({"list-frozen"})),
    "wrong charset": (frozenset({Outcome.DRIFTED}), frozenset({"charset"})),
    "expired certificate": (frozenset({Outcome.UNREACHABLE}), frozenset({"tls-expired"})),
    "dates off": (frozenset({Outcome.DRIFTED}), frozenset({"date"})),
    "site gone": (frozenset({Outcome.EMPTY}), frozenset({"site-gone"})),
}
"""What each is to be called: the outcomes and the classes."""
OF_PAGES: Final = frozenset({"layout change", "wrong charset", "dates off"})
UNREAD: Final[Mapping[str, dict[str, int]]] = {
    "200, and empty": {},
    "challenge page": {"barred/challenge": 1, "unlisted/challenge": 2},
    "expired certificate": {"unlisted/tls-expired": 2},
    "site gone": {"unlisted/http-404": 2},
}
"""What is counted where nothing can be read."""


@dataclass(slots=True)
class Fault:
    """One fault of one site; seconds of the year. `could` is how many visits could have seen it by now."""

    name: str
    begin: float
    until: float
    could: int = 0
    visits: int | None = None
    hours: float | None = None
    called: tuple[Outcome, str | None] | None = None


@dataclass(slots=True)
class Newsroom:
    """An office, the entry that reads it, and what its visits came to."""

    office: Office
    source: Source
    rng: random.Random
    filled: Mapping[str, float]
    odd: Mapping[str, float]
    has_feed: bool
    record: Record = field(default_factory=Record)
    visits: int = 0
    second_looks: int = 0
    spared: int = 0  # requests for a feed that is not there
    feed_asked: float = -DAY
    ages: list[tuple[float, float]] = field(default_factory=list)
    seen_until: float = -HISTORY * DAY
    learned_at: float = -LEARN
    days: Counter[date] = field(default_factory=Counter)
    hours: Counter[int] = field(default_factory=Counter)
    past: deque[Crawl] = field(default_factory=lambda: deque(maxlen=CRAWLS))
    history: History = field(default_factory=History)
    faults: list[Fault] = field(default_factory=list)
    lacking: int = 0  # releases that the frozen list lacks and a second look has found
    alarmed: bool = False
    met: int = 0  # visits in a row that the same trouble was met at
    trouble: Outcome | None = None
    false: Counter[str] = field(default_factory=Counter)

    def fault(self, now: float) -> Fault | None:
        newest = self.faults[-1] if self.faults else None
        return newest if newest and newest.begin <= now < newest.until else None

    def habit(self, now: float) -> Habit | None:
        if now - self.learned_at < LEARN:
            return self.record.habit
        self.learned_at = now
        until = BEGIN + timedelta(days=int(now // DAY))
        first = until - timedelta(days=HORIZON)
        days = {day: number for day, number in self.days.items() if first <= day < until}
        return learned(days, self.hours, min(days), max(days) + timedelta(days=1)) if days else None

    def out(self, until: float) -> int:
        """How many releases are out that have not been archived."""
        return self.office.between(self.seen_until, until)

    def shown(self, fault: str | None, now: float) -> int:
        """How many new releases the lists show."""
        return 0 if fault and fault.startswith("frozen list") and not self.has_feed else self.out(now)

    def take_in(self, until: float) -> int:
        """Archive what has come out; returns how many releases."""
        begin, end = bisect_right(self.office.releases, self.seen_until), bisect_right(self.office.releases, until)
        for moment in self.office.releases[begin:end]:
            self.days[BEGIN + timedelta(days=int(moment // DAY))] += 1
            self.hours[int(moment % DAY // HOUR)] += 1
            if moment >= 0:
                self.ages.append((moment, until - moment))
        if end > begin:
            self.history = replace(self.history, newest=instant(self.office.releases[end - 1]))
        self.seen_until = until
        return end - begin

    def spares_feed(self, now: float) -> bool:
        """Whether the front page is asked in the place of a feed that was not there within the last day."""
        spares = not self.has_feed and now - self.feed_asked < FEED_AGAIN.total_seconds()
        self.spared += spares
        self.feed_asked = self.feed_asked if spares else now
        return spares

    def pages(self, new: int, fault: str | None) -> Counter[str]:
        """What is counted of so many pages that are read."""
        counts = Counter({"fetched": new, "read": new, "new": new, "votes": min(new, 1)})
        filled = {name: share * 0.1 if fault == "layout change" else share for name, share in self.filled.items()}
        for _ in range(new):
            counts.update(f"filled/{name}" for name, share in filled.items() if self.rng.random() < share)
            counts.update(name for name, share in self.odd.items() if self.rng.random() < share)
        for _ in range(counts["votes"]):
            counts.update(name for name in ("agreed/title", "agreed/body") if self.rng.random() < 0.95)  # noqa: PLR2004
        if fault == "layout change":
            counts["generic"] = new
            counts["votes"] = counts["agreed/title"] = counts["agreed/body"] = 0
        elif fault == "wrong charset":
            counts["odd/garbled"] = new
            counts["agreed/title"] = counts["agreed/body"] = counts["votes"]
        elif fault == "dates off":
            counts["odd/old"] = counts["odd/listed"] = new
        return +counts

    def crawl(self, now: float, fault: Fault | None) -> tuple[Counter[str], str | None]:
        """What a visit counts, and its reason, as the site is now."""
        name = fault.name if fault else None
        if name in UNREAD:
            return Counter(UNREAD[name]), f"{self.source.url}: {name}"
        if self.rng.random() < HICCUP:
            return Counter({"unlisted/timeout": 1}), f"{self.source.url}: it did not answer in time"
        again = (self.spares_feed(now) or second_look(self.history, instant(now))) and not self.shown(name, now)
        if again:
            self.second_looks += 1
            self.history = replace(self.history, looked=instant(now))
        if name and name.startswith("frozen list"):
            counts = Counter({"lists-unchanged": 1})
            if self.has_feed or again:
                new = self.out(now)
                self.take_in(now)
                counts.update({"compared": 1, "lacking": int(new + self.lacking > 0)})
                counts.update({"lacking/new": new, "lacking/known": min(self.lacking, 20)})
                counts.update(self.pages(new, None))
                self.lacking += new
            return +counts, None
        new = self.take_in(now)
        counts = self.pages(new, name)
        counts.update({"listed": 20, "compared": 1} if new else {"lists-unchanged": 2})
        if name == "moved list":
            counts.update({"moved": 1, "listed": 20})
        return +counts, None

    def judged(self, now: float, fault: Fault | None, *, offline: bool) -> Crawl:
        """A visit, and what it is called."""
        counts, reason = (Counter({"unlisted/timeout": 2}), "timeout") if offline else self.crawl(now, fault)
        moment = instant(now)
        verdict = judge(counts, finished=True, reason=reason, history=self.history, now=moment)
        if verdict.kind:
            counts[f"class/{verdict.kind}"] = 1
        self.visits += 1
        return Crawl(
            id=self.visits,
            source=self.source.id,
            started_at=moment,
            finished_at=moment,
            outcome=verdict.outcome,
            reason=verdict.reason,
            swept=not verdict.outcome.failed,
            counts=counts,
        )

    def remember(self, crawl: Crawl, now: float) -> None:
        """What the next visit is judged and planned by."""
        habit = self.habit(now)
        failing = [crawl, *self.failing] if crawl.outcome and crawl.outcome.failed else []
        self.failing = [each for each in failing if each.outcome is not Outcome.OUTAGE][:10]
        self.record = Record(latest=crawl, failures=weight(self.failing), habit=habit)
        if crawl.outcome is not Outcome.QUIET or crawl.counts.get("read"):
            self.past.appendleft(crawl)
            while self.past[-1].started_at < crawl.started_at - MEMORY:
                self.past.pop()
            before = self.history
            self.history = replace(past_of(list(self.past)), habit=habit, newest=before.newest, looked=before.looked)
        else:
            self.history = replace(self.history, habit=habit, runs=self.history.runs + 1)

    failing: list[Crawl] = field(default_factory=list)

    def tell(self, crawl: Crawl, fault: Fault | None, now: float) -> None:
        """Open an alarm, or close it, by the rule of `archive.alarms`; note whose it is."""
        outcome = crawl.outcome
        if outcome is None or not outcome.trouble or outcome is Outcome.OUTAGE:
            self.met, self.trouble, self.alarmed = 0, None, False
            return
        self.met = self.met + 1 if outcome is self.trouble else 1
        self.trouble = outcome
        if self.alarmed or (Matter(outcome) not in AT_ONCE and self.met < VISITS):
            return
        self.alarmed = True
        if fault is None:
            self.false[str(outcome)] += 1
        elif fault.visits is None:
            kind = next((name.partition("/")[2] for name in crawl.counts if name.startswith("class/")), None)
            fault.visits, fault.hours, fault.called = fault.could, (now - fault.begin) / HOUR, (outcome, kind)
            fault.until = now + MENDED


def can_be_seen(room: Newsroom, fault: Fault, now: float) -> bool:
    """Whether there is anything to see of a fault at a visit now."""
    if fault.name in OF_PAGES:
        return room.out(now) > 0
    if fault.name.startswith("frozen list"):
        return room.lacking + room.office.between(max(fault.begin, room.seen_until), now) > 0
    return True


def run(rooms: Sequence[Newsroom], days: int) -> int:
    """The year, visit by visit, in the order of time; returns how many alarms of single sources an outage raised."""
    queue = [(room.rng.random() * HOUR, number) for number, room in enumerate(rooms)]
    heapify(queue)
    recent: dict[int, tuple[float, Outcome]] = {}
    tried, standing, of_outage = -DAY, False, 0
    while queue and queue[0][0] < days * DAY:
        now, number = heappop(queue)
        room = rooms[number]
        if standing and now < tried + PROBE.total_seconds():
            heappush(queue, (tried + PROBE.total_seconds() + room.rng.random() * HOUR, number))
            continue
        offline = OUTAGE[0] <= now < OUTAGE[1]
        fault = room.fault(now)
        seen = fault is not None and not offline and can_be_seen(room, fault, now)
        crawl = room.judged(now, fault, offline=offline)
        recent.pop(number, None)
        recent[number] = (now, crawl.outcome or Outcome.STOPPED)
        while recent and recent[next(iter(recent))][0] < now - WINDOW.total_seconds():
            del recent[next(iter(recent))]
        if crawl.outcome is Outcome.UNREACHABLE and is_outage([outcome for _, outcome in recent.values()][-HOSTS:]):
            crawl = replace(crawl, outcome=Outcome.OUTAGE)
        standing = crawl.outcome is Outcome.OUTAGE
        tried = now if standing else tried
        if fault and seen:
            fault.could += 1
        before = room.false.total()
        room.remember(crawl, now)
        room.tell(crawl, fault, now)
        if offline and room.false.total() > before:
            room.false[str(crawl.outcome)] -= 1
            of_outage += 1
        if not offline:
            plan_fault(room, now)
        following = next_visit(room.source, room.record, crawl.started_at).at or crawl.started_at
        heappush(queue, (max(following.timestamp() - instant(0).timestamp(), now + 1), number))
    return of_outage


def plan_fault(room: Newsroom, now: float) -> None:
    """Have the next fault come a while after the last one was mended."""
    newest = room.faults[-1] if room.faults else None
    if newest and now < newest.until:
        return
    room.lacking = 0
    calm = room.rng.uniform(*CALM) if newest else EARLIEST + room.rng.uniform(*CALM)
    begin = (newest.until if newest else 0.0) + calm * DAY
    if OUTAGE[0] - LOST < begin < OUTAGE[1] + DAY:
        begin += LOST
    name = room.rng.choice(list(FAULTS))
    if name.startswith("frozen list"):
        name = "frozen list" if room.has_feed else "frozen list, no feed"
    room.faults.append(Fault(name, begin, begin + LOST))


# ---- what came of it ----


def fixed(rooms: Sequence[Newsroom], minutes: int, days: int, seed: int) -> list[tuple[float, float]]:
    """When releases came out, and their ages, where each office is visited every so many minutes."""
    rng, wait, ages = random.Random(seed), minutes * 60, []
    for room in rooms:
        phase = rng.random() * wait
        for moment in room.office.releases[bisect_left(room.office.releases, 0) :]:
            if moment < days * DAY:
                found = phase - ((phase - moment) // wait) * wait
                ages.append((moment, (OUTAGE[1] + phase if OUTAGE[0] <= found < OUTAGE[1] else found) - moment))
    return ages


def told(name: str, visits: float, ages: Sequence[float], articles: float) -> str:
    ordered = sorted(ages)
    told = ordered[len(ordered) // 2], statistics.mean(ordered), ordered[len(ordered) * 9 // 10]
    return (
        f"| {name} | {visits:.1f} | {visits * LISTS + articles:.0f} | {' | '.join(f'{age / 60:.1f}' for age in told)} |"
    )


def freshness(rooms: Sequence[Newsroom], days: int, seed: int) -> None:
    sound = [
        age
        for room in rooms
        for moment, age in room.ages
        if not any(fault.begin - DAY <= moment < fault.until + DAY for fault in room.faults)
    ]
    articles = sum(len(room.ages) for room in rooms) / len(rooms) / days
    visits = sum(room.visits for room in rooms) / len(rooms) / days
    print("| visits | an office and day | requests | median age, min | mean | 90 % |\n|---|--:|--:|--:|--:|--:|")
    looks = sum(room.second_looks - room.spared for room in rooms) / len(rooms) / days
    print(told("Monadi", visits, sound, articles + looks))
    for minutes in FIXED:
        ages = [age for _, age in fixed(rooms, minutes, days, seed)]
        print(told(f"every {minutes} min", DAY / minutes / 60, ages, articles))


def findings(rooms: Sequence[Newsroom], days: int) -> bool:
    """The table of faults; returns whether it is as promised."""
    print("\n| fault | seeded | found | within 2 visits | named right | visits, median (worst) | hours, median |")
    print("|---|--:|--:|--:|--:|--:|--:|")
    faults = [fault for room in rooms for fault in room.faults if fault.could]
    kept = True
    for name, (outcomes, kinds) in FAULTS.items():
        mine = [fault for fault in faults if fault.name == name]
        found = [fault for fault in mine if fault.visits is not None]
        soon = sum(fault.visits is not None and fault.visits <= VISITS for fault in mine)
        ripe = [fault for fault in mine if fault.visits is not None or fault.could >= VISITS]
        named = sum(
            fault.called is not None and fault.called[0] in outcomes and fault.called[1] in kinds for fault in found
        )
        visits = [fault.visits for fault in found if fault.visits]
        hours = [fault.hours for fault in found if fault.hours is not None]
        right = named / max(len(found), 1)
        kept = kept and right >= 0.95 and soon == len(ripe)  # noqa: PLR2004
        often = f"{statistics.median(visits or [0]):.0f} ({max(visits, default=0)})"
        print(
            f"| {name} | {len(mine)} | {len(found)} | {soon} of {len(ripe)} | {right:.0%} | "
            f"{often} | {statistics.median(hours or [0]):.1f} |"
        )
        wrong = Counter(
            fault.called
            for fault in found
            if fault.called and not (fault.called[0] in outcomes and fault.called[1] in kinds)
        )
        for called, number in wrong.most_common(3):
            print(f"|   … called {called[0]} ({called[1]}) | | {number} | | | | |")
    false = sum((room.false for room in rooms), Counter[str]())
    a_month = false.total() / len(rooms) / days * 30
    print(f"\n{false.total()} false alarms: {a_month:.3f} a source and month ({dict(false)})")
    return kept and a_month < 1


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
        rng = random.Random(options.seed * 1000 + number)
        made = office(number, rng)
        often = {name: rng.choice((0.0, 0.0, 0.5, 0.9)) for name in ("kicker", "byline", "category")}
        always = {"date": 1.0, "time": rng.choice((0.0, 1.0, 1.0)), "lead": rng.choice((0.9, 1.0)), "image": 0.9}
        odd = {"odd/short": 0.03, "odd/listed": 0.01, "odd/stated": rng.choice((0.0, 0.3)), "generic": 0.0005}
        filled = often | always | {"tags": rng.choice((0.0, 0.8, 1.0))}
        rooms.append(Newsroom(made, replace(entry, id=made.id), rng, filled, odd, rng.random() < FEEDS))
    of_outage = run(rooms, options.days)
    print(f"{options.offices} offices, {options.days} days, seed {options.seed}\n")
    freshness(rooms, options.days, options.seed)
    kept = findings(rooms, options.days)
    print(f"the outage of {(OUTAGE[1] - OUTAGE[0]) / DAY:.0f} days raised {of_outage} alarms of single sources")
    print(f"{sum(room.visits for room in rooms):,} visits in {time.monotonic() - began:.0f} s")
    return 0 if kept else 1


if __name__ == "__main__":
    sys.exit(main())
