# ruff: noqa: INP001, T201, S311 - a script that prints; its chance is a seed, on purpose
"""A year of 300 offices in minutes: how fresh their releases are archived and for how many requests, beside fixed
polling; and what of the faults of their sites is found, how soon, under which name, with how many false alarms.

    python benchmarks/simulation.py [--offices N] [--days N] [--seed N] [--missed FILE]

The offices are those of `offices.py`: from one release in a month to thirty a day, with Fridays, holidays, Nowruz, and
three days in which the whole country is off the net. The clock is simulated; the schedule (`spiders.schedule`), what it
learns (`archive.habits`), the judge of crawls (`spiders.health`, `spiders.history`) and the rule by which an operator
is told (`archive.alarms`) are those that run. What a crawl counts under each fault is what real crawls of a site with
that fault count (tests/spiders/faults.py).

A release is archived at the first visit after it came out; its age is the time between; releases under a fault have no
part in it. A visit costs `LISTS` requests, an article one more, and so does a second look at a front page; a feed that
is not there is asked for every third day.

The visits of a fault are counted from the first at which it could be seen by anyone who reads the site from outside:
of most faults the first of all; of broken pages (letters, dates, layout) one at which a release is out that has not
been archived, for those that stand there from before stay as they were; of a list that stands still one at which a
release is out that it lacks. A visit counts though it asked for nothing that would have shown the fault, or timed out.
Beside it ("of any") stands how many were found at the first two visits of all after they began.
`--missed` says of each that was found later, or never, what the first visits saw.
"""

import argparse
import json
import random
import statistics
import sys
import time
from bisect import bisect_left, bisect_right
from collections import Counter, deque
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from heapq import heapify, heappop, heappush
from pathlib import Path
from typing import Final

from offices import BEGIN, DAY, HISTORY, HOUR, Office, instant, office

from archive.alarms import AT_ONCE, REMINDERS, VISITS, Matter
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
QUIET_VISITS = "quiet-visits"  # how many visits a crawl of the past stands for
LOGGED = 6  # visits to a fault that `--missed` shows
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
    """One fault of one site; seconds of the year. `made` is how many visits there were by now, `could` how many of them
    could have seen it; `visits` and `strictly` how many of each there were when it was found.
    """

    name: str
    begin: float
    until: float
    made: int = 0
    could: int = 0
    visits: int | None = None
    strictly: int | None = None
    hours: float | None = None
    called: tuple[Outcome, str | None] | None = None
    log: list[dict[str, object]] = field(default_factory=list)

    def note(self, room: "Newsroom", crawl: Crawl, now: float, *, seen: bool) -> None:
        """Count a visit, and keep what the first ones that could see it came to."""
        self.made += 1
        self.could += seen
        if seen and len(self.log) < LOGGED:
            since = room.office.between(self.begin, now)
            good = {name: room.history.good.get(name, 0) for name in ("read", "compared", "lacking")}
            self.log.append(
                {
                    "hours": round((now - self.begin) / HOUR, 1),
                    "visit": self.made,
                    "published": since,
                    "outcome": str(crawl.outcome),
                    "counts": dict(crawl.counts),
                    "before": good,
                    "alarm": str(room.alarm.outcome) if room.alarm else None,
                }
            )


@dataclass(frozen=True, slots=True)
class Told:
    """An alarm that stands: what was told last, at which second of the year, and how often since it opened."""

    outcome: Outcome
    at: float
    reminders: int

    def is_due(self, outcome: Outcome, now: float) -> bool:
        """Whether it is to be told of again, which is sooner where it is of something else by now."""
        often = 0 if outcome is not self.outcome else min(self.reminders, len(REMINDERS) - 1)
        return now - self.at >= REMINDERS[often].total_seconds()


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
    past: deque[Crawl] = field(default_factory=deque)
    kept: int = 0  # visits that it stands for
    history: History = field(default_factory=History)
    faults: list[Fault] = field(default_factory=list)
    swept_at: float = -HISTORY * DAY
    lacking: int = 0  # releases that the frozen list lacks and a second look has found
    alarm: Told | None = None
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

    def shown(self, fault: Fault | None, now: float) -> int:
        """How many new releases lists and feed show; a list that stands still, those of before."""
        stands = fault is not None and fault.name.startswith("frozen list") and not self.has_feed
        return self.out(min(now, fault.begin)) if fault and stands else self.out(now)

    def take_in(self, now: float, until: float | None = None) -> int:
        """Archive what has come out, or what had by then; returns how many releases."""
        until = max(self.seen_until, now if until is None else until)
        begin, end = bisect_right(self.office.releases, self.seen_until), bisect_right(self.office.releases, until)
        for moment in self.office.releases[begin:end]:
            self.days[BEGIN + timedelta(days=int(moment // DAY))] += 1
            self.hours[int(moment % DAY // HOUR)] += 1
            if moment >= 0:
                self.ages.append((moment, now - moment))
        if end > begin:
            self.history = replace(self.history, newest=instant(self.office.releases[end - 1]))
        self.seen_until = until
        return end - begin

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
        if name and name in UNREAD:
            return Counter(UNREAD[name]), f"{self.source.url}: {name}"
        if self.rng.random() < HICCUP:
            return Counter({"unlisted/timeout": 1}), f"{self.source.url}: it did not answer in time"
        beside = self.beside(now, fault)
        if fault and fault.name.startswith("frozen list"):
            return self.crawl_of_frozen(now, fault, asked=self.has_feed or beside["second-looks"] > 0) + beside, None
        new = self.take_in(now)
        counts = self.pages(new, name)
        counts.update({"compared": 1} | ({"listed": 20} if new else {"lists-unchanged": 2}))
        if name == "moved list":
            counts.update({"moved": 1, "listed": 20})
        return counts + beside, None

    def beside(self, now: float, fault: Fault | None) -> Counter[str]:
        """What a visit asks beside the lists: a feed, unless it was not there lately, and the front page where nothing
        new is listed and there is none, or something is to be expected.
        """
        asked = Counter[str]()
        if self.has_feed or now - self.feed_asked >= FEED_AGAIN.total_seconds():
            self.feed_asked = now
            asked["feeds" if self.has_feed else "feeds-absent"] = 1
        else:
            self.spared += 1
        if not self.shown(fault, now) and (not self.has_feed or second_look(self.history, instant(now))):
            self.second_looks += 1
            self.history = replace(self.history, looked=instant(now))
            asked["second-looks"] = 1
        return asked

    def crawl_of_frozen(self, now: float, fault: Fault, *, asked: bool) -> Counter[str]:
        """What a visit counts of lists that stand still; `asked` says whether feed or front page are."""
        listed = self.take_in(now, until=min(now, fault.begin))
        overdue = self.office.between(self.seen_until, max(self.seen_until, self.swept_at))
        new = self.take_in(now) if asked else 0
        counts = self.pages(listed + new, None)
        counts.update({"listed" if listed else "lists-unchanged": 1, "compared": 1})
        counts.update({"lacking": int(new + self.lacking > 0), "lacking/new": new, "lacking/known": self.lacking})
        counts["lacking/overdue"] = overdue if new and self.filled["time"] else 0
        self.lacking += new
        return +counts

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
        before = self.history
        self.swept_at = now if crawl.swept else self.swept_at
        self.kept += 1
        if crawl.outcome is Outcome.QUIET and not crawl.counts.get("read") and not before.standing:
            self.keep_quiet(crawl)
            good = {**before.good, "compared": before.good.get("compared", 0) + 1}  # as `past_of` would, in less time
            self.history = replace(before, habit=habit, good=good, runs=before.runs + 1)
            return
        self.past.appendleft(crawl)
        while self.kept > CRAWLS or self.past[-1].started_at < crawl.started_at - MEMORY:
            self.kept -= self.past.pop().counts.get(QUIET_VISITS, 1)
        self.history = replace(past_of(list(self.past)), habit=habit, newest=before.newest, looked=before.looked)

    def keep_quiet(self, crawl: Crawl) -> None:
        """Sum some quiet visits in a row as one crawl, which is all that is asked of them."""
        counts = Counter({"compared": crawl.counts.get("compared", 0), QUIET_VISITS: 1})
        if self.past and 0 < self.past[0].counts.get(QUIET_VISITS, 0) < CRAWLS // 10:
            counts.update(self.past.popleft().counts)
        self.past.appendleft(replace(crawl, counts=counts))

    failing: list[Crawl] = field(default_factory=list)

    def tell(self, crawl: Crawl, fault: Fault | None, now: float) -> None:
        """Open an alarm, remind of it or close it, by the rule of `archive.alarms`; note whose it is."""
        outcome = crawl.outcome
        if outcome is None or not outcome.trouble or outcome is Outcome.OUTAGE:
            self.met, self.trouble, self.alarm = 0, None, None
            return
        self.met = self.met + 1 if outcome is self.trouble else 1
        self.trouble = outcome
        if Matter(outcome) not in AT_ONCE and self.met < VISITS:
            return
        if self.alarm and not self.alarm.is_due(outcome, now):
            return
        reminds = self.alarm is not None
        self.alarm = Told(outcome, now, self.alarm.reminders + 1 if self.alarm else 0)
        if fault is None:
            self.false[str(outcome)] += not reminds
        elif fault.visits is None and (not reminds or crawl.kind in FAULTS[fault.name][1]):
            fault.visits, fault.strictly = fault.could, fault.made
            fault.hours, fault.called = (now - fault.begin) / HOUR, (outcome, crawl.kind)
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
        if fault and not offline:
            fault.note(room, crawl, now, seen=seen)
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
    print("\n| fault | seeded | found | within 2 visits | of any | named right | visits (worst) | hours |")
    print("|---|--:|--:|--:|--:|--:|--:|--:|")
    faults = [fault for room in rooms for fault in room.faults if fault.could]
    kept = True
    for name, (outcomes, kinds) in FAULTS.items():
        mine = [fault for fault in faults if fault.name == name]
        found = [fault for fault in mine if fault.visits is not None]
        soon = sum(fault.visits is not None and fault.visits <= VISITS for fault in mine)
        strictly = sum(fault.strictly is not None and fault.strictly <= VISITS for fault in mine)
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
            f"| {name} | {len(mine)} | {len(found)} | {soon} of {len(ripe)} | {strictly} | {right:.0%} | "
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


def missed(rooms: Sequence[Newsroom]) -> Iterator[str]:
    """A line of JSON for each fault that was not found within two visits that could have seen it."""
    for room in rooms:
        for fault in room.faults:
            if fault.could >= VISITS and (fault.visits is None or fault.visits > VISITS):
                told = {"fault": fault.name, "office": room.office.id, "a_day": round(room.office.rate, 2)}
                told |= {"day": round(fault.begin / DAY, 1), "could": fault.could, "found": fault.visits}
                yield json.dumps(told | {"hours": fault.hours, "visits": fault.log}) + "\n"


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--offices", type=int, default=300)
    parser.add_argument("--days", type=int, default=366)
    parser.add_argument("--seed", type=int, default=1403)
    parser.add_argument("--missed", type=Path, metavar="FILE", help="write what was seen of each fault found late here")
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
    if options.missed:
        options.missed.write_text("".join(missed(rooms)), encoding="utf-8")
    print(f"the outage of {(OUTAGE[1] - OUTAGE[0]) / DAY:.0f} days raised {of_outage} alarms of single sources")
    print(f"{sum(room.visits for room in rooms):,} visits in {time.monotonic() - began:.0f} s")
    return 0 if kept else 1


if __name__ == "__main__":
    sys.exit(main())
