"""What offices of a known rhythm are found to publish, and what follows from it."""

import math
import random
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archive.habits import FEWEST, KINDS, USUAL, Habit, habits, learned
from persian.calendars import TEHRAN
from persian.holidays import day_kind

FIRST = date(2025, 1, 1)
DAY = timedelta(days=1)
START = datetime(2025, 1, 1, tzinfo=UTC)
MOMENTS = st.floats(0, 700).map(lambda days: START + timedelta(days=days))


def made(rate: float, *, days: int, burst: float = 0.0, seed: int = 1403) -> dict[date, int]:
    """Numbers by day of an office with so many releases on a working day; their dispersion is 1 + burst × mean."""
    rng = random.Random(seed)
    found = {}
    for number in range(days):
        day = FIRST + number * DAY
        mean = rate * USUAL[day_kind(day)]
        found[day] = poisson(rng, mean * rng.gammavariate(1 / burst, burst) if burst else mean)
    return found


def poisson(rng: random.Random, mean: float) -> int:
    number, product, floor = 0, rng.random(), math.exp(-mean)
    while product > floor:
        number, product = number + 1, product * rng.random()
    return number


def habit(rate: float = 4.0, *, days: int = 400, burst: float = 0.0, hours: dict[int, int] | None = None) -> Habit:
    found = learned(made(rate, days=days, burst=burst), hours or {}, FIRST, FIRST + days * DAY)
    assert found
    return found


@pytest.mark.parametrize("rate", [0.3, 1, 4, 20])
def test_a_year_of_an_office_tells_what_it_publishes_on_each_kind_of_day(rate: float) -> None:
    found = habit(rate)
    assert found.by_kind["working"] == pytest.approx(rate, rel=0.3)
    assert found.by_kind["weekend"] < found.by_kind["thursday"] < found.by_kind["working"]
    assert found.dispersion < 1.5
    assert found.a_year == pytest.approx(rate * (235 + 46 * 0.45 + 48 * 0.15 + 36 * 0.25), rel=0.3)


def test_an_office_that_publishes_in_bursts_is_more_dispersed() -> None:
    assert habit(4, burst=1).dispersion > 2 > habit(4).dispersion


def test_the_level_is_that_of_the_last_weeks() -> None:
    days = made(4, days=300) | {
        day: number * 5 for day, number in made(4, days=400).items() if day >= FIRST + 300 * DAY
    }
    found = learned(days, {}, FIRST, FIRST + 400 * DAY)
    assert found
    assert found.by_kind["working"] > 15


def test_an_office_that_works_on_thursdays_is_known_for_it() -> None:
    days = {day: 4 if day.weekday() == 3 else number for day, number in made(4, days=200).items()}
    found = learned(days, {}, FIRST, FIRST + 200 * DAY)
    assert found
    assert found.by_kind["thursday"] == pytest.approx(found.by_kind["working"], rel=0.3)


def test_less_than_two_weeks_are_no_habit() -> None:
    assert learned({FIRST: 3}, {}, FIRST, FIRST + (FEWEST - 1) * DAY) is None
    assert learned({FIRST: 3}, {}, FIRST, FIRST + FEWEST * DAY)


def test_an_office_without_releases_has_a_habit_all_the_same() -> None:
    found = learned({}, {}, FIRST, FIRST + 30 * DAY)
    assert found
    assert all(found.by_kind[kind] > 0 for kind in KINDS)


def test_hours_are_those_of_tehran() -> None:
    found = habit(hours={17: 500})
    noon, evening = datetime(2026, 2, 15, 12, tzinfo=TEHRAN), datetime(2026, 2, 15, 17, 30, tzinfo=TEHRAN)
    assert found.rate(evening) > 50 * found.rate(noon)
    assert found.expected(evening.replace(minute=0), evening.replace(hour=18, minute=0)) == pytest.approx(
        found.rate(evening)
    )


@given(since=MOMENTS, hours=st.floats(0, 2000), more=st.floats(0, 2000))
def test_what_is_expected_adds_up(since: datetime, hours: float, more: float) -> None:
    found, middle = habit(hours={9: 20, 13: 5}), since + timedelta(hours=hours)
    end = middle + timedelta(hours=more)
    assert found.expected(since, middle) >= 0
    assert found.expected(since, end) == pytest.approx(
        found.expected(since, middle) + found.expected(middle, end), abs=1e-3
    )


def test_a_whole_day_is_what_its_kind_has() -> None:
    found = habit()
    for number in range(500):
        begin = datetime.combine(FIRST + number * DAY, datetime.min.time(), TEHRAN)
        assert found.expected(begin, begin + DAY) == pytest.approx(found.on(begin.date()))


@given(since=MOMENTS, releases=st.floats(0, 40))
def test_when_so_many_are_to_be_expected_is_the_inverse(since: datetime, releases: float) -> None:
    found, limit = habit(hours={9: 20, 13: 5}), timedelta(days=30)
    moment = found.reaching(since, releases, limit)
    assert since <= moment <= since + limit
    if moment < since + limit:
        assert found.expected(since, moment) == pytest.approx(releases, abs=0.01)
    else:
        assert found.expected(since, since + limit) <= releases + 0.01


def test_a_year_without_releases_to_reach_ends_at_the_limit() -> None:
    found, since = habit(0.3), datetime(2026, 2, 15, tzinfo=UTC)
    assert found.reaching(since, 1e6, 5 * DAY) == since + 5 * DAY


def test_a_damped_habit_has_the_root_of_the_rate_at_every_hour() -> None:
    found = habit(hours={9: 200, 13: 50})
    ratios = [
        found.damped.rate(moment) / math.sqrt(found.rate(moment))
        for moment in (datetime(2026, 2, day, hour, 30, tzinfo=TEHRAN) for day in (15, 20) for hour in (0, 9, 13, 22))
    ]
    assert ratios == pytest.approx([ratios[0]] * len(ratios))


# ---- of an archive ----

NOW = datetime(2022, 3, 1, tzinfo=UTC)


def test_habits_are_learned_from_the_releases_of_each_source(archive, save, make):
    save(*(make(number, date=f"{number} آذر ۱۴۰۰ ۰۹:۱۹") for number in range(1, 31)))
    save(*(make(100 + number, date=f"{number} آذر ۱۴۰۰", source="mcls-gilan") for number in (1, 25)))
    save(make(200, date="۱ دی ۱۴۰۰", source="mcls-tehran"))
    archive.follow_timings()
    with archive.reading() as connection:
        found = habits(connection, NOW)
        assert found.keys() == {"mcls-yazd", "mcls-gilan"}
        assert found["mcls-yazd"].days == 30
        assert found["mcls-yazd"].by_kind["working"] > 5 * found["mcls-gilan"].by_kind["working"]
        assert found["mcls-yazd"].hours[10] - found["mcls-yazd"].hours[9] > 0.75
        assert found["mcls-gilan"].hours[10] - found["mcls-gilan"].hours[9] < 0.2
        assert habits(connection, NOW, ["mcls-gilan"]) == {"mcls-gilan": found["mcls-gilan"]}


def test_what_is_older_than_a_year_or_from_the_future_has_no_part(archive, save, make):
    save(*(make(number, date=f"{number} آذر ۱۴۰۰ ۰۹:۱۹") for number in range(1, 31)))
    save(make(100, date="۱ آذر ۱۳۹۵"), make(101, date="۱ آذر ۱۴۴۰"))
    archive.follow_timings()
    with archive.reading() as connection:
        assert habits(connection, NOW)["mcls-yazd"].days == 30
        assert habits(connection, datetime(2024, 1, 1, tzinfo=UTC)) == {}


def test_the_day_that_has_not_ended_has_no_part(archive, save, make):
    save(*(make(number, date=f"{number} آذر ۱۴۰۰ ۰۹:۱۹") for number in range(1, 31)))
    archive.follow_timings()
    with archive.reading() as connection:
        during = datetime(2021, 12, 21, 4, tzinfo=UTC)  # 30 Azar in Tehran
        assert habits(connection, during)["mcls-yazd"].days == 29


def test_an_hour_and_what_is_expected_in_it_are_each_others_inverse() -> None:
    found, morning = habit(hours={9: 20, 13: 5}), datetime(2026, 2, 15, 9, tzinfo=TEHRAN)
    later = morning + timedelta(days=2, hours=3)
    assert found.expected(later, morning) == 0.0
    assert abs(found.reaching(morning, found.expected(morning, later), 30 * DAY) - later) < timedelta(minutes=1)
