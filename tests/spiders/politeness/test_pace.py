"""How fast one host is asked."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from spiders.politeness.pace import HELD_UP, PATIENCE, REFUSALS, SLOWEST, Pace, retry_after

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)


def test_the_stated_delay_lies_between_two_starts():
    pace = Pace(delay=1.0)
    assert pace.wait(100.0) <= 0

    pace.start(100.0)

    assert pace.wait(100.4) == pytest.approx(0.6 + HELD_UP)
    assert pace.wait(101.0 + HELD_UP) <= 0


def test_without_a_delay_nothing_lies_between_two_starts():
    pace = Pace(delay=0.0, free=True)
    pace.start(100.0)

    assert pace.wait(100.0) <= 0


@given(delay=st.floats(0, 100), latencies=st.lists(st.tuples(st.floats(0, 500), st.booleans()), max_size=30))
def test_no_latency_makes_the_pace_faster_than_stated_or_slower_than_a_request_a_minute(delay, latencies):
    pace = Pace(delay=delay)

    for latency, well in latencies:
        pace.answered(latency, well=well)

        assert delay <= pace.between <= max(delay, SLOWEST)


def test_a_slow_host_is_asked_slower_at_once_and_a_quick_one_faster_by_halves():
    pace = Pace(delay=1.0)

    pace.answered(9.0, well=True)
    assert pace.between == 9.0
    pace.answered(1.0, well=True)
    assert pace.between == 5.0


def test_an_error_page_that_comes_quickly_makes_nothing_quicker():
    pace = Pace(delay=1.0)
    pace.answered(9.0, well=True)

    pace.answered(0.1, well=False)

    assert pace.between == 9.0


def test_a_host_of_our_own_is_not_slowed_by_how_busy_we_are():
    pace = Pace(delay=0.0, free=True)

    pace.answered(5.0, well=True)

    assert pace.between == 0.0


def test_a_crawl_delay_raises_the_pace_and_never_lowers_it():
    pace = Pace(delay=1.0)

    pace.raise_to(2.5)
    assert pace.between == 2.5
    pace.raise_to(0.5)
    assert pace.between == 2.5


# ---- 429 and 503 ----


def test_without_a_retry_after_the_waits_double_until_the_run_ends():
    pace, now, waits = Pace(delay=1.0), 0.0, []

    for _ in range(REFUSALS):
        waits.append(pace.refused(now, began=now, after=None))
        now += 100

    assert waits == [2.0, 4.0, 8.0, 16.0, None]


def test_a_host_that_says_at_once_again_and_again_is_not_asked_for_ever():
    pace = Pace(delay=1.0)

    waits = [pace.refused(float(now), began=float(now), after=0.0) for now in range(REFUSALS)]

    assert waits == [0.0, 0.0, 0.0, 0.0, None]


def test_nothing_is_asked_for_as_long_as_the_host_says():
    pace = Pace(delay=1.0)
    pace.start(10.0)

    assert pace.refused(10.5, began=10.0, after=120.0) == 120.0

    assert pace.wait(11.5) == pytest.approx(119.0)
    assert pace.wait(130.5) <= 0


def test_a_good_answer_ends_the_doubling():
    pace = Pace(delay=1.0)
    pace.refused(0.0, began=0.0, after=None)
    pace.answered(0.1, well=True)

    assert pace.refused(50.0, began=50.0, after=None) == 2.0


def test_two_refusals_of_requests_that_were_under_way_together_are_one():
    pace = Pace(delay=1.0)
    pace.refused(1.0, began=0.0, after=None)

    assert pace.refused(1.5, began=0.5, after=None) == pytest.approx(1.5)
    assert pace.refusals == 1


@pytest.mark.parametrize("after", [PATIENCE + 1, 86_400.0, 1e12])
def test_a_host_that_asks_for_more_than_a_quarter_of_an_hour_ends_the_run(after):
    assert Pace(delay=1.0).refused(0.0, began=0.0, after=after) is None


def test_waits_in_a_row_are_counted_together():
    pace = Pace(delay=1.0)

    assert pace.refused(0.0, began=0.0, after=600.0) == 600.0
    assert pace.refused(601.0, began=600.5, after=600.0) is None


# ---- Retry-After ----


@pytest.mark.parametrize(
    ("value", "seconds"),
    [
        ("120", 120.0),
        (" 0 ", 0.0),
        ("Mon, 23 Nov 2026 12:02:00 GMT", 120.0),
        ("Monday, 23-Nov-26 12:02:00 GMT", 120.0),  # the obsolete forms of RFC 9110 §5.6.7
        ("Mon Nov 23 12:02:00 2026", 120.0),
        ("Mon, 23 Nov 2026 11:00:00 GMT", 0.0),
        ("Mon, 23 Nov 2026 15:32:00 +0330", 120.0),
        (None, None),
        ("", None),
        ("soon", None),
        ("-5", None),
        ("1.5", None),
        ("۱۲۰", None),
        ("99999999999999999999", None),
        ("Mon, 99 Nov 2026 12:02:00 GMT", None),
    ],
)
def test_a_retry_after_is_seconds_or_a_moment(value, seconds):
    assert retry_after(value, now=NOON) == seconds


def test_a_moment_is_measured_by_the_hosts_own_clock():
    date = "Sat, 06 Dec 2025 08:30:00 GMT"

    assert retry_after("Sat, 06 Dec 2025 08:40:00 GMT", date=date, now=NOON) == 600.0
    assert retry_after("Mon, 23 Nov 2026 12:10:00 GMT", date="yesterday", now=NOON) == 600.0


@given(st.text())
def test_no_retry_after_is_an_error(value):
    seconds = retry_after(value, date=value, now=NOON)

    assert seconds is None or seconds >= 0
