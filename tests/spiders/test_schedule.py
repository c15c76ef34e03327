"""When a source is due."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archive.crawls import Crawl, Outcome
from spiders.schedule import PACE, RESUME, SLOWEST, Record, due, is_open, next_visit

NOON = datetime(2021, 12, 6, 8, 30, tzinfo=UTC)  # in Tehran
HOUR = timedelta(hours=1)


def visited(ago=timedelta(), failures=0, outcome=Outcome.QUIET):
    """The record of a source that was last visited so long before noon; no outcome says that the run was killed."""
    crawl = Crawl(
        id=1,
        source="nemuneh-yazd",
        started_at=NOON - ago,
        finished_at=outcome and NOON,
        outcome=outcome,
        reason=None,
        swept=False,
        counts={},
    )
    return Record(latest=crawl, failures=failures)


# ---- the pace ----


@pytest.mark.parametrize(
    ("every", "failures", "wait"),
    [
        (None, 0, 2 * HOUR),
        (None, 1, 4 * HOUR),
        (None, 3, 16 * HOUR),
        (None, 4, 24 * HOUR),
        (None, 99, 24 * HOUR),
        (timedelta(minutes=30), 0, timedelta(minutes=30)),
        (timedelta(minutes=30), 2, 2 * HOUR),
        (timedelta(minutes=30), 99, 24 * HOUR),
        (timedelta(days=7), 0, timedelta(days=7)),
        (timedelta(days=7), 5, timedelta(days=7)),
    ],
)
def test_failures_double_the_pace_up_to_a_day(office, every, failures, wait):
    assert next_visit(office(every=every), visited(failures=failures)) == NOON + wait


def test_a_source_that_has_not_been_visited_has_no_next_visit_to_wait_for(office):
    assert next_visit(office(), Record()) is None


@pytest.mark.parametrize("outcome", [Outcome.STOPPED, None])
@pytest.mark.parametrize(
    ("every", "wait"), [(None, RESUME), (timedelta(days=7), RESUME), (timedelta(minutes=1), timedelta(minutes=1))]
)
def test_a_run_that_was_stopped_or_killed_is_taken_up_again_soon(office, every, wait, outcome):
    assert next_visit(office(every=every), visited(outcome=outcome)) == NOON + wait


@given(
    every=st.none() | st.timedeltas(min_value=timedelta(seconds=1), max_value=timedelta(days=400)),
    failures=st.integers(0, 10_000),
)
def test_no_visit_after_a_whole_run_is_earlier_than_the_pace_nor_later_than_the_slowest(office, every, failures):
    pace = every or PACE
    wait = next_visit(office(every=every), visited(failures=failures)) - NOON

    assert pace <= wait <= max(pace, SLOWEST)


@pytest.mark.parametrize(("asked", "wait"), [(60, 2 * HOUR), (6 * 3600, 6 * HOUR), (3 * 86_400, 72 * HOUR)])
def test_a_host_that_asked_us_back_later_is_left_alone_until_then(office, asked, wait):
    record = visited(outcome=Outcome.BLOCKED)
    told = Record(latest=replace(record.latest, counts={"come-back": asked}))

    assert next_visit(office(), told) == NOON + wait


# ---- windows ----


@pytest.mark.parametrize(
    ("windows", "clock", "opened"),
    [
        ((), "03:00", True),
        (("08:00-14:30",), "08:00", True),
        (("08:00-14:30",), "14:29", True),
        (("08:00-14:30",), "14:30", False),
        (("08:00-14:30",), "07:59", False),
        (("22:00-05:00",), "22:00", True),
        (("22:00-05:00",), "00:00", True),
        (("22:00-05:00",), "04:59", True),
        (("22:00-05:00",), "05:00", False),
        (("22:00-05:00",), "12:00", False),
        (("01:00-02:00", "13:00-14:00"), "13:30", True),
        (("01:00-02:00", "13:00-14:00"), "02:30", False),
        (("20:00-00:00",), "23:59", True),
        (("20:00-00:00",), "00:00", False),
    ],
)
def test_a_source_is_open_in_its_windows_by_tehrans_clock(office, windows, clock, opened):
    hours, minutes = map(int, clock.split(":"))
    moment = datetime(2021, 12, 6, tzinfo=UTC) + timedelta(hours=hours, minutes=minutes) - timedelta(hours=3.5)

    assert is_open(office(windows=windows), moment) is opened


def test_a_window_follows_the_summer_time_that_tehran_had(office):
    assert is_open(office(windows=("12:00-13:00",)), datetime(2021, 7, 1, 8, 0, tzinfo=UTC)) is True
    assert is_open(office(windows=("12:00-13:00",)), datetime(2024, 7, 1, 8, 0, tzinfo=UTC)) is False


# ---- what is due ----


def test_the_new_come_first_and_then_those_that_have_waited_longest(office):
    offices = [office(id=name) for name in ("nemuneh-b", "nemuneh-a", "nemuneh-late", "nemuneh-later")]
    records = {"nemuneh-late": visited(3 * HOUR), "nemuneh-later": visited(9 * HOUR)}

    found = [source.id for source in due(offices, records, NOON)]

    assert found == ["nemuneh-a", "nemuneh-b", "nemuneh-later", "nemuneh-late"]


def test_a_source_is_due_at_the_very_moment_and_not_before(office):
    records = {"nemuneh-yazd": visited(2 * HOUR)}

    assert due([office()], records, NOON) == [office()]
    assert due([office()], records, NOON - timedelta(seconds=1)) == []


def test_a_source_outside_its_windows_waits(office):
    shut = office(windows=("22:00-05:00",))

    assert due([shut], {}, NOON) == []
    assert due([shut], {}, NOON + 12 * HOUR) == [shut]
