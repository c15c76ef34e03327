"""What an office usually publishes: so many releases on a day of this kind of the Iranian calendar, at these hours.

A habit is learned from the days and hours of the releases that are archived (`archive.timings`), whenever they were
fetched, up to the day of the newest one: a silence that is to be judged by a habit has no part in it. What a kind of
day is like is learned over a year, how much there is at present over the last weeks, and where an office has shown too
few days of a kind, or too few releases with a time, what is usual among offices stands in (`USUAL`, `USUAL_HOURS`).

The schedule asks it when the next release is to be expected, the judge of silence how unlikely it is that there was
none.
"""

from bisect import bisect_left
from collections import Counter, defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from functools import cached_property, lru_cache
from itertools import accumulate, pairwise
from math import sqrt
from typing import Final, Self, get_args

import sqlalchemy as sa

from archive.tables import timings
from persian.calendars import TEHRAN, from_jalali, to_jalali
from persian.holidays import DayKind, day_kind

KINDS: Final[tuple[DayKind, ...]] = get_args(DayKind)
HORIZON: Final = 400  # days: a year, and the Nowruz in it for sure
HALF_LIFE: Final = 28.0  # days, after which a day counts half for how much there is at present
FEWEST: Final = 14  # days, below which nothing is said
PRIOR: Final = 8.0  # days of each kind, and releases with a time, that `USUAL` and `USUAL_HOURS` count for
LEAST: Final = 0.01  # releases on a working day: an office is never expected to publish nothing at all
SCATTER: Final = 90  # days that `dispersion` is measured over
HOURS: Final = 24
DAY: Final = timedelta(days=1)

USUAL: Final[Mapping[DayKind, float]] = {
    "working": 1.0,
    "thursday": 0.45,
    "weekend": 0.15,
    "holiday": 0.25,
    "nowruz": 0.25,
}
"""Releases on a day of each kind, of those on a working day."""

USUAL_HOURS: Final = tuple(
    share / 200 for share in (1, 0, 0, 0, 0, 0, 1, 5, 16, 22, 26, 26, 24, 20, 14, 9, 7, 6, 6, 5, 4, 4, 3, 1)
)
"""The share of each hour of Tehran's clock."""


@dataclass(frozen=True, kw_only=True)
class Habit:
    """What one office publishes; made by `learned`.

    `by_kind` is releases on a day of each kind; `hours` the share of a day's releases before each hour of Tehran's
    clock, 25 of them, from 0 to 1. `dispersion` is the variance of a day's number over what is expected, at least 1: an
    office that publishes in bursts has a greater one. `days` is how many days it was learned from.
    """

    by_kind: Mapping[DayKind, float]
    hours: tuple[float, ...]
    dispersion: float
    days: int

    @property
    def a_year(self) -> float:
        """Releases in a year, of which about 235 days are working ones."""
        return sum(self.by_kind[kind] * days for kind, days in _YEAR.items())

    @cached_property
    def damped(self) -> Self:
        """The same office with the square root of its rate.

        Visits that follow this one have releases wait the least on average, of all ways to spread as many visits over
        offices and hours: with a visit every τ hours, λ releases an hour wait λτ/2 in sum, and the sum of λτ/2 under a
        given sum of 1/τ is least where τ is as 1/√λ.
        """
        shares = [high - low for low, high in pairwise(self.hours)]
        roots = [sqrt(share) for share in shares]
        whole = sum(roots)
        hours = (0.0, *list(accumulate(root / whole for root in roots))[:-1], 1.0)
        by_kind = {kind: sqrt(number) * whole for kind, number in self.by_kind.items()}
        return replace(self, by_kind=by_kind, hours=hours)

    def on(self, day: date) -> float:
        """Releases that are to be expected on a day in Tehran."""
        return self.by_kind[_kind(day.toordinal())]

    def rate(self, moment: datetime) -> float:
        """Releases an hour at an instant."""
        there = moment.astimezone(TEHRAN)
        return self.on(there.date()) * (self.hours[there.hour + 1] - self.hours[there.hour])

    def expected(self, since: datetime, until: datetime) -> float:
        """Releases between two instants; 0 where the second is not after the first."""
        if until <= since:
            return 0.0
        begin, end = since.astimezone(TEHRAN), until.astimezone(TEHRAN)
        first, last = begin.toordinal(), end.toordinal()
        whole = sum(self.by_kind[_kind(ordinal)] for ordinal in range(first, last))
        return (
            whole
            - self.by_kind[_kind(first)] * self._before(begin.time())
            + self.by_kind[_kind(last)] * self._before(end.time())
        )

    def reaching(self, since: datetime, releases: float, limit: timedelta) -> datetime:
        """The instant (UTC) until which so many releases are to be expected after another, `limit` after it at most."""
        begin, latest = since.astimezone(TEHRAN), since + limit
        ordinal, last = begin.toordinal(), latest.astimezone(TEHRAN).toordinal()
        wanted = releases + self.by_kind[_kind(ordinal)] * self._before(begin.time())
        while ordinal <= last and wanted > self.by_kind[_kind(ordinal)]:
            wanted -= self.by_kind[_kind(ordinal)]
            ordinal += 1
        if ordinal > last:
            return latest.astimezone(UTC)
        there = datetime.combine(date.fromordinal(ordinal), time(), TEHRAN) + self._after(
            wanted / self.by_kind[_kind(ordinal)]
        )
        return max(since, min(there, latest)).astimezone(UTC)

    def _before(self, clock: time) -> float:
        """The share of a day's releases before a time of it."""
        part = (clock.minute * 60 + clock.second) / 3600
        low, high = self.hours[clock.hour], self.hours[clock.hour + 1]
        return low + (high - low) * part

    def _after(self, share: float) -> timedelta:
        """The time of a day before which this share of its releases is out; the inverse of `_before`."""
        hour = min(max(bisect_left(self.hours, share), 1), HOURS)
        low, high = self.hours[hour - 1], self.hours[hour]
        return timedelta(hours=hour - 1 + ((share - low) / (high - low) if high > low else 0.0))


_YEAR: Final[Mapping[DayKind, int]] = {"working": 235, "thursday": 46, "weekend": 48, "holiday": 23, "nowruz": 13}


def learned(days: Mapping[date, int], hours: Mapping[int, int], first: date, until: date) -> Habit | None:
    """The habit of an office with so many releases on each day in Tehran, from the first day to the one before `until`.

    `hours` is its releases by hour of the day, of those whose date has a time. None where that is less than two weeks.
    """
    span = range(first.toordinal(), until.toordinal())
    if len(span) < FEWEST:
        return None
    found = {ordinal: days.get(date.fromordinal(ordinal), 0) for ordinal in span}
    factors = _factors(found)
    weights = {ordinal: 0.5 ** ((span.stop - 1 - ordinal) / HALF_LIFE) for ordinal in span}
    usual = sum(weight * factors[_kind(ordinal)] for ordinal, weight in weights.items())
    level = max(sum(weights[ordinal] * number for ordinal, number in found.items()) / usual, LEAST)
    by_kind = {kind: level * factor for kind, factor in factors.items()}
    return Habit(by_kind=by_kind, hours=_shares(hours), dispersion=_dispersion(found, factors), days=len(span))


def _factors(found: Mapping[int, int]) -> dict[DayKind, float]:
    """Releases on a day of each kind, of those on a working day."""
    number: Counter[DayKind] = Counter()
    releases: Counter[DayKind] = Counter()
    for ordinal, count in found.items():
        number[_kind(ordinal)] += 1
        releases[_kind(ordinal)] += count
    usual = sum(number[kind] * USUAL[kind] for kind in KINDS)
    working = (releases["working"] + PRIOR * sum(releases.values()) / usual) / (number["working"] + PRIOR)
    if not working:
        return dict(USUAL)
    return {
        kind: 1.0
        if kind == "working"
        else (releases[kind] + PRIOR * USUAL[kind] * working) / (working * (number[kind] + PRIOR))
        for kind in KINDS
    }


def _shares(hours: Mapping[int, int]) -> tuple[float, ...]:
    """The share of releases before each hour."""
    all_ = sum(hours.values()) + PRIOR
    each = [(hours.get(hour, 0) + PRIOR * USUAL_HOURS[hour]) / all_ for hour in range(HOURS)]
    return (0.0, *list(accumulate(each))[:-1], 1.0)


def _dispersion(found: Mapping[int, int], factors: Mapping[DayKind, float]) -> float:
    """Pearson's χ² over its degrees of freedom, of each day against the level of the days around it."""
    ordinals = list(found)[-SCATTER:]
    decay = 0.5 ** (1 / HALF_LIFE)
    ahead, behind = _levels(found, factors, decay), _levels(dict(reversed(list(found.items()))), factors, decay)
    squares = 0.0
    for ordinal in ordinals:
        expected = max((ahead[ordinal] + behind[ordinal]) / 2 * factors[_kind(ordinal)], LEAST)
        squares += (found[ordinal] - expected) ** 2 / expected
    return max(1.0, squares / max(len(ordinals) - 1, 1))


def _levels(found: Mapping[int, int], factors: Mapping[DayKind, float], decay: float) -> dict[int, float]:
    """How much there is at each day, in releases on a working day, by the days that come before it in the mapping."""
    average = sum(found.values()) / sum(factors[_kind(ordinal)] for ordinal in found)
    releases, usual = average * PRIOR, PRIOR
    levels = {}
    for ordinal, number in found.items():
        levels[ordinal] = releases / usual
        releases = releases * decay + number
        usual = usual * decay + factors[_kind(ordinal)]
    return levels


@lru_cache(maxsize=1 << 13)
def _kind(ordinal: int) -> DayKind:
    return day_kind(date.fromordinal(ordinal))


# ---- of what is archived ----


def habits(connection: sa.Connection, now: datetime, some: Collection[str] | None = None) -> dict[str, Habit]:
    """The habits of all sources, or of some, by their ids; those of which too little is known are left out."""
    today = now.astimezone(TEHRAN).date()
    first = _written(today - HORIZON * DAY)
    hour = timings.c.hour % HOURS
    statement = sa.select(timings.c.source, timings.c.day, hour, sa.func.count()).where(
        timings.c.day >= first, timings.c.day <= _written(today)
    )
    if some is not None:
        statement = statement.where(timings.c.source.in_(list(some)))
    days: dict[str, Counter[date]] = defaultdict(Counter)
    hours: dict[str, Counter[int]] = defaultdict(Counter)
    for source, day, of_day, number in connection.execute(statement.group_by(timings.c.source, timings.c.day, hour)):
        days[source][_read(day)] += number
        if of_day is not None:
            hours[source][of_day] += number
    found = {}
    for source, releases in days.items():
        until = min(max(releases) + DAY, today)
        if habit := learned(releases, hours[source], min(releases), until):
            found[source] = habit
    return found


@lru_cache(maxsize=1 << 10)
def _read(day: str) -> date:
    year, month, of_month = map(int, day.split("-"))
    return from_jalali(year, month, of_month)


def _written(day: date) -> str:
    year, month, of_month = to_jalali(day)
    return f"{year}-{month:02}-{of_month:02}"
