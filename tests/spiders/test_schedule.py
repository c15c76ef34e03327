"""When a source is due, and why then."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archive.crawls import Crawl, Outcome
from archive.orders import Visit, Why
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
    visit = next_visit(office(every=every), visited(failures=failures), NOON)

    assert visit.at == NOON + wait
    assert visit.why is (Why.FAILING if wait > (every or PACE) else Why.PACE)


def test_a_source_that_has_not_been_visited_has_no_next_visit_to_wait_for(office):
    assert next_visit(office(), Record(), NOON) == Visit(at=None, why=Why.NEW)


@pytest.mark.parametrize("outcome", [Outcome.STOPPED, None])
@pytest.mark.parametrize(
    ("every", "wait"), [(None, RESUME), (timedelta(days=7), RESUME), (timedelta(minutes=1), timedelta(minutes=1))]
)
def test_a_run_that_was_stopped_or_killed_is_taken_up_again_soon(office, every, wait, outcome):
    assert next_visit(office(every=every), visited(outcome=outcome), NOON) == Visit(at=NOON + wait, why=Why.STOPPED)


@given(
    every=st.none() | st.timedeltas(min_value=timedelta(seconds=1), max_value=timedelta(days=400)),
    failures=st.integers(0, 10_000),
)
def test_no_visit_after_a_whole_run_is_earlier_than_the_pace_nor_later_than_the_slowest(office, every, failures):
    pace = every or PACE
    wait = next_visit(office(every=every), visited(failures=failures), NOON).at - NOON

    assert pace <= wait <= max(pace, SLOWEST)


@pytest.mark.parametrize(
    ("asked", "wait", "why"),
    [
        (60, 2 * HOUR, Why.PACE),
        (6 * 3600, 6 * HOUR, Why.COME_BACK),
        (3 * 86_400, 72 * HOUR, Why.COME_BACK),
    ],
)
def test_a_host_that_asked_us_back_later_is_left_alone_until_then(office, asked, wait, why):
    record = visited(outcome=Outcome.BLOCKED)
    told = Record(latest=replace(record.latest, counts={"come-back": asked}))

    assert next_visit(office(), told, NOON) == Visit(at=NOON + wait, why=why)


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


TEN_HOURS = 10 * HOUR
WINDOWED = {
    "in its window": ((), visited(), 2 * HOUR, Why.PACE),
    "when its window is open then": (("14:00-15:00",), visited(), 2 * HOUR, Why.PACE),
    "not before its window opens": (("22:00-05:00",), visited(), TEN_HOURS, Why.WINDOW),
    "when the earliest of its windows opens": (("22:00-05:00", "15:00-16:00"), visited(), 3 * HOUR, Why.WINDOW),
    "tomorrow where today's has shut": (("08:00-12:00",), visited(), 20 * HOUR, Why.WINDOW),
    "when its window opens again, long overdue": (("08:00-12:00",), visited(99 * HOUR), 20 * HOUR, Why.WINDOW),
    "overdue since, in its window": (("08:00-13:00",), visited(99 * HOUR), -97 * HOUR, Why.PACE),
    "new, and shut": (("08:00-12:00",), Record(), 20 * HOUR, Why.WINDOW),
}


@pytest.mark.parametrize(("windows", "record", "wait", "why"), WINDOWED.values(), ids=WINDOWED)
def test_the_next_visit_is_in_a_window(office, windows, record, wait, why):
    assert next_visit(office(windows=windows), record, NOON) == Visit(at=NOON + wait, why=why)


CLOCKS = st.datetimes(min_value=datetime(2015, 1, 1), max_value=datetime(2030, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001
TIMES = st.builds("{:02}:{:02}".format, st.integers(0, 23), st.integers(0, 59))
WINDOWS = st.lists(st.tuples(TIMES, TIMES).filter(lambda ends: ends[0] != ends[1]).map("-".join), max_size=3)


@given(windows=WINDOWS, now=CLOCKS, ago=st.timedeltas(timedelta(), timedelta(days=9)), failures=st.integers(0, 5))
def test_a_source_is_due_from_its_next_visit_on_and_never_before(office, windows, now, ago, failures):
    source = office(windows=tuple(windows))
    record = Record(latest=replace(visited().latest, started_at=now - ago), failures=failures)
    visit = next_visit(source, record, now)
    moment = max(visit.at, now)

    assert is_open(source, moment)
    assert due([source], {source.id: record}, moment) == [source]
    assert due([source], {source.id: record}, now) == ([source] if visit.at <= now else [])
    assert visit.at >= now - ago + PACE


# ---- what operators ask for ----

ASKED = {
    "paused": (Record(paused=NOON), Visit(at=None, why=Why.PAUSED), False),
    "paused and overdue": (replace(visited(99 * HOUR), paused=NOON), Visit(at=None, why=Why.PAUSED), False),
    "paused, and wanted": (replace(visited(), paused=NOON, wanted=NOON), Visit(at=None, why=Why.PAUSED), False),
    "wanted": (replace(visited(), wanted=NOON), Visit(at=NOON, why=Why.WANTED), True),
    "wanted, and new": (Record(wanted=NOON), Visit(at=NOON, why=Why.WANTED), True),
    "wanted, and failing": (replace(visited(failures=9), wanted=NOON), Visit(at=NOON, why=Why.WANTED), True),
}


@pytest.mark.parametrize(("record", "visit", "is_due"), ASKED.values(), ids=ASKED)
@pytest.mark.parametrize("windows", [(), ("22:00-05:00",)], ids=["always open", "shut now"])
def test_operators_have_the_word(office, windows, record, visit, is_due):
    source = office(windows=windows)

    assert next_visit(source, record, NOON) == visit
    assert due([source], {source.id: record}, NOON) == ([source] if is_due else [])


def test_what_is_wanted_comes_first_in_the_order_of_asking(office):
    offices = [office(id=name) for name in ("nemuneh-late", "nemuneh-b", "nemuneh-a", "nemuneh-new")]
    records = {
        "nemuneh-late": visited(9 * HOUR),
        "nemuneh-b": replace(visited(), wanted=NOON - HOUR),
        "nemuneh-a": replace(visited(), wanted=NOON),
    }

    found = [source.id for source in due(offices, records, NOON)]

    assert found == ["nemuneh-b", "nemuneh-a", "nemuneh-new", "nemuneh-late"]


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
