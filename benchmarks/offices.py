# ruff: noqa: INP001 - a module beside scripts
"""A year of invented offices: when each publishes, and what goes wrong with its site.

Offices are unlike each other on purpose: from one release in a month to thirty a day, calm or in bursts, some at work
on Thursdays, some at night, one in five changing its pace for good in mid-year; all of them keep the Iranian calendar.
Everything follows from one seed.
"""

from __future__ import annotations

import math
from bisect import bisect_right
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from itertools import accumulate
from typing import TYPE_CHECKING

from archive.habits import USUAL, USUAL_HOURS
from persian.calendars import TEHRAN
from persian.holidays import DayKind, day_kind

if TYPE_CHECKING:
    import random

BEGIN = date(2024, 3, 20)  # 1 Farvardin 1403, a year that ends in a leap day
DAYS = 366
HISTORY = 90  # days of releases that the first harvest finds
CHANGING, RESTLESS, ON_THURSDAYS = 0.2, 0.1, 0.2  # shares of offices
EVENING = range(17, 24)
HOUR = 3600.0
DAY = 24 * HOUR
EPOCH = datetime.combine(BEGIN, time(), TEHRAN)


def instant(second: float) -> datetime:
    """The instant of a second of the simulated year."""
    return datetime.fromtimestamp(EPOCH.timestamp() + second, TEHRAN)


@dataclass(slots=True)
class Office:
    """`releases` are seconds of the year, in order; those before 0 were there when its first harvest came."""

    id: str
    rate: float  # releases a working day
    burst: float  # the numbers of days of one mean have this variance over the mean's square, beside Poisson's
    releases: list[float] = field(default_factory=list)

    def between(self, since: float, until: float) -> int:
        return bisect_right(self.releases, until) - bisect_right(self.releases, since)


def office(number: int, rng: random.Random) -> Office:
    rate = math.exp(rng.uniform(math.log(0.05), math.log(30)))
    made = Office(f"office-{number:03}", rate, rng.choice((0.0, 0.2, 0.5, 1.0)))
    factors = habits_of(rng)
    hours = hours_of(rng)
    changes = rng.randrange(DAYS) if rng.random() < CHANGING else None
    after = math.exp(rng.uniform(math.log(0.4), math.log(2.5)))
    for day in range(-HISTORY, DAYS):
        level = rate * (after if changes is not None and day >= changes else 1.0)
        mean = level * factors[day_kind(BEGIN + timedelta(days=day))]
        lively = rng.gammavariate(1 / made.burst, made.burst) if made.burst else 1.0
        for _ in range(poisson(rng, mean * lively)):
            hour = bisect_right(hours, rng.random())
            made.releases.append(day * DAY + hour * HOUR + rng.random() * HOUR)
    made.releases.sort()
    return made


def habits_of(rng: random.Random) -> dict[DayKind, float]:
    """Most offices keep Thursday and Friday, some work on Thursdays, a few publish every day."""
    kind = rng.random()
    if kind < RESTLESS:
        return {each: rng.uniform(0.5, 1.0) for each in USUAL} | {"working": 1.0}
    factors = {each: share * rng.uniform(0.3, 1.7) for each, share in USUAL.items()} | {"working": 1.0}
    return factors | ({"thursday": rng.uniform(0.7, 1.0)} if kind < RESTLESS + ON_THURSDAYS else {})


def hours_of(rng: random.Random) -> list[float]:
    """The share of releases before the end of each hour: office hours, shifted, with or without an evening."""
    shift, evening = rng.choice((-1, 0, 0, 1, 2)), rng.choice((0.0, 0.0, 0.02, 0.05))
    shares = [USUAL_HOURS[(hour - shift) % 24] * rng.uniform(0.5, 1.5) for hour in range(24)]
    shares = [share + (evening if hour in EVENING else 0) for hour, share in enumerate(shares)]
    whole = sum(shares)
    return [*list(accumulate(share / whole for share in shares))[:-1], 1.0]


def poisson(rng: random.Random, mean: float) -> int:
    number, product, floor = 0, rng.random(), math.exp(-mean)
    while product > floor:
        number, product = number + 1, product * rng.random()
    return number
