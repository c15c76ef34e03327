"""When nothing new is too little: judged by what an office usually publishes, at a stated rate of false alarms."""

import random
from collections import Counter
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise

import pytest

from archive.crawls import Outcome
from archive.habits import Habit, learned
from persian.calendars import TEHRAN
from persian.holidays import day_kind
from spiders.health import FALSE_ALARM, History, Verdict, judge

FIRST = date(2024, 3, 20)  # Nowruz of 1403
KINDS = {"working": 1.0, "thursday": 0.4, "weekend": 0.1, "holiday": 0.2, "nowruz": 0.15}


def published(chance: random.Random, a_day: float, burst: float, days: int) -> list[datetime]:
    """Releases of an office: so many on a working day; in bursts of about so many at a time where that is above 1."""
    found = []
    for number in range(days):
        day = FIRST + timedelta(days=number)
        mean = a_day * KINDS[day_kind(day)] / burst
        events = 0
        passed = chance.expovariate(1)
        while passed < mean:
            events += 1
            passed += chance.expovariate(1)
        for _ in range(events):
            size = 1 if burst == 1 else 1 + int(chance.expovariate(1 / (burst - 0.5)))
            hour = chance.triangular(8, 16, 11)
            begin = datetime.combine(day, datetime.min.time(), TEHRAN) + timedelta(hours=hour)
            found += [begin + timedelta(minutes=each) for each in range(size)]
    return sorted(found)


def habit_of(releases: list[datetime], today: date) -> Habit | None:
    days = Counter(each.date() for each in releases if each.date() < today)
    hours = Counter(each.hour for each in releases if each.date() < today)
    return learned(days, hours, min(days), max(days) + timedelta(days=1)) if days else None


def judged(history: History, now: datetime) -> Verdict:
    return judge({"listed": 20}, finished=True, reason=None, history=history, now=now)


def silences(releases: list[datetime], days: int) -> int:
    """Gaps of the year after `days` that would be called a silence, by the last visit in each."""
    found = 0
    start = datetime.combine(FIRST + timedelta(days=days), datetime.min.time(), TEHRAN)
    for number, (before, after) in enumerate(pairwise(releases)):
        if after < start or after - before < timedelta(hours=12):
            continue
        habit = habit_of(releases[max(0, number - 1500) : number + 1], before.date() + timedelta(days=1))
        history = History(habit=habit, newest=before)
        found += judged(history, after).outcome is Outcome.SILENT
    return found


@pytest.mark.parametrize(("a_day", "burst"), [(4.0, 1.0), (0.5, 1.0), (3.0, 4.0)], ids=["busy", "seldom", "bursts"])
def test_an_office_that_goes_on_as_ever_is_seldom_called_silent(a_day, burst):
    chance, offices = random.Random(8), 8
    alarms = sum(silences(published(chance, a_day, burst, 200 + 365), 200) for _ in range(offices))

    assert alarms <= offices / FALSE_ALARM + 2 * (offices / FALSE_ALARM) ** 0.5


@pytest.mark.parametrize(("a_day", "within"), [(4.0, 5), (1.0, 14)])
def test_an_office_that_has_stopped_is_called_silent_in_time(a_day, within):
    releases = published(random.Random(8), a_day, 1.0, 200)
    habit, newest = habit_of(releases, FIRST + timedelta(days=201)), releases[-1]
    found = judged(History(habit=habit, newest=newest), newest + timedelta(days=within))

    assert found.outcome is Outcome.SILENT
    assert found.kind == "silence"
    assert "releases were to be expected" in found.reason


def test_without_a_habit_nothing_is_silent():
    newest = datetime(2020, 1, 1, tzinfo=UTC)

    assert judged(History(newest=newest), datetime(2024, 1, 1, tzinfo=UTC)).outcome is Outcome.QUIET


def test_the_nowruz_holidays_are_no_silence():
    releases = published(random.Random(3), 1.0, 1.0, 355)
    habit, eve = habit_of(releases, FIRST + timedelta(days=360)), datetime(2025, 3, 19, 12, tzinfo=TEHRAN)
    history = History(habit=habit, newest=eve)

    assert judged(history, eve + timedelta(days=5)).outcome is Outcome.QUIET
