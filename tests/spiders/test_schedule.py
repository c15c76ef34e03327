"""When a source is due, and why then."""

import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archive.crawls import Crawl, Outcome
from archive.habits import USUAL, Habit
from archive.orders import Visit, Why
from spiders.schedule import (
    EFFORT,
    HOST_GAP,
    JITTER,
    PACE,
    PROBE,
    RESUME,
    SELDOM,
    Record,
    chosen,
    due,
    next_visit,
    plan,
    weight,
)
from spiders.windows import is_open

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
        (None, 0.25, 2 * 2**0.25 * HOUR),
        (None, 0.5, 2 * 2**0.5 * HOUR),
        (timedelta(minutes=30), 0, timedelta(minutes=30)),
        (timedelta(minutes=30), 2, 2 * HOUR),
        (timedelta(minutes=30), 99, 24 * HOUR),
        (timedelta(days=7), 0, timedelta(days=7)),
        (timedelta(days=7), 5, timedelta(days=7)),
    ],
)
def test_failures_double_the_pace_by_their_weight_up_to_a_day(office, every, failures, wait):
    visit = next_visit(office(every=every), visited(failures=failures), NOON)

    assert abs(visit.at - NOON - wait) < timedelta(seconds=1)
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

    assert pace <= wait <= max(pace, SELDOM)


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


def test_new_ones_and_the_latest_by_their_own_pace_come_in_turn(office):
    offices = [office(id=f"nemuneh-{name}", every=every) for name, every in PACES.items()]
    records = {f"nemuneh-{name}": visited(ago) for name, ago in AGO.items()}

    found = [source.id.partition("-")[2] for source in due(offices, records, NOON)]

    assert found == ["new", "hourly", "newer", "daily", "usual"]


PACES = {"newer": None, "new": None, "daily": timedelta(days=1), "hourly": HOUR, "usual": None}
AGO = {"daily": 40 * HOUR, "hourly": 3 * HOUR, "usual": 3 * HOUR}


def test_a_source_is_due_at_the_very_moment_and_not_before(office):
    records = {"nemuneh-yazd": visited(2 * HOUR)}

    assert due([office()], records, NOON) == [office()]
    assert due([office()], records, NOON - timedelta(seconds=1)) == []


def test_a_source_outside_its_windows_waits(office):
    shut = office(windows=("22:00-05:00",))

    assert due([shut], {}, NOON) == []
    assert due([shut], {}, NOON + 12 * HOUR) == [shut]


# ---- habits ----


def habit(working=4.0, **others):
    """Of an office with so many releases a working day, from eight to four in Tehran."""
    hours = tuple(min(max(hour - 8, 0) / 8, 1.0) for hour in range(25))
    return Habit(
        by_kind={kind: working * share for kind, share in (USUAL | others).items()},
        hours=hours,
        dispersion=1.0,
        days=400,
    )


def waits(working, began, **stated):
    """From a visit to the next one."""
    office = stated.pop("office")
    record = Record(latest=replace(visited().latest, started_at=began), habit=habit(working))
    visit = next_visit(office(**stated), record, began)
    assert visit.why is Why.HABIT
    return visit.at - began


MONDAY, FRIDAY = (datetime(2021, 12, day, 6, tzinfo=UTC) for day in (6, 10))  # half past nine
NIGHT = datetime(2021, 12, 6, 16, 30, tzinfo=UTC)  # eight in the evening
NOWRUZ = datetime(2022, 3, 26, 6, tzinfo=UTC)


def test_the_pace_follows_what_is_published(office):
    busy, usual, slow = (waits(working, MONDAY, office=office) for working in (40, 4, 0.4))
    assert busy < usual < slow
    assert waits(4, FRIDAY, office=office) > 2 * usual
    assert waits(4, NOWRUZ, office=office) > 1.5 * usual


def test_four_times_the_releases_are_visited_twice_as_often(office):
    once, twice = (waits(working, MONDAY, office=office) for working in (1, 4))
    assert once / twice == pytest.approx(2, rel=JITTER)


def test_the_morning_after_a_night_is_visited_soon_after_releases_begin(office):
    began = NIGHT + waits(4, NIGHT, office=office, slowest=timedelta(days=1)) - datetime(2021, 12, 7, 4, 30, tzinfo=UTC)
    assert timedelta() < began < HOUR


@given(
    working=st.floats(0.001, 500),
    began=CLOCKS,
    fastest=st.timedeltas(timedelta(seconds=1), timedelta(hours=5)),
    more=st.timedeltas(timedelta(), timedelta(days=30)),
)
def test_no_wait_is_outside_what_its_entry_states(office, working, began, fastest, more):
    stated = {"fastest": fastest, "slowest": fastest + more}
    wait = waits(working, began, office=office, **stated)
    assert fastest <= wait <= fastest + more
    assert waits(working, began, office=office, **stated) == wait


@given(working=st.floats(0.1, 50), began=CLOCKS)
def test_as_much_is_expected_at_a_visit_as_the_effort_says(office, working, began):
    wait = waits(working, began, office=office, fastest=timedelta(seconds=1), slowest=timedelta(days=9))
    damped = habit(working).damped
    assert damped.expected(began, began + wait / (1 + JITTER)) <= EFFORT + 0.001
    assert damped.expected(began, began + wait) >= EFFORT - 0.001


def test_offices_alike_are_not_visited_at_one_moment(office):
    moments = {
        next_visit(
            office(), Record(latest=replace(visited().latest, source=f"nemuneh-{number}"), habit=habit()), NOON
        ).at
        for number in range(50)
    }
    assert len(moments) == 50


def test_a_stated_pace_is_kept_whatever_the_habit(office):
    told = next_visit(office(every=HOUR), replace(visited(), habit=habit()), NOON)
    assert told == Visit(at=NOON + HOUR, why=Why.PACE)


def test_failures_stretch_the_pace_of_habits_too(office):
    well = next_visit(office(), replace(visited(), habit=habit()), NOON)
    fails = next_visit(office(), replace(visited(failures=2), habit=habit()), NOON)
    assert fails.why is Why.FAILING
    assert (fails.at - NOON) / (well.at - NOON) == pytest.approx(4)


WEIGHTS = {
    "a timeout": ([{"unlisted/timeout": 1}], 0.25),
    "four timeouts": ([{"unlisted/timeout": 2}] * 4, 1),
    "no such name": ([{"unlisted/dns": 1}], 1),
    "the severest of several": ([{"unlisted/timeout": 1, "failed/http-404": 3}], 1),
    "nothing recognised": ([{}], 1),
    "none": ([], 0),
}


@pytest.mark.parametrize(("failing", "expected"), WEIGHTS.values(), ids=WEIGHTS)
def test_a_failure_weighs_as_its_class(failing, expected):
    assert weight(replace(visited().latest, counts=counts) for counts in failing) == expected


# ---- an outage ----


def in_outage(ago, outcome=Outcome.OUTAGE):
    record = visited(outcome=outcome)
    moment = NOON - ago
    return Record(latest=replace(record.latest, started_at=moment, finished_at=moment if outcome else None))


OUTAGE = {
    "one is tried when none has been for a while": ([PROBE, PROBE, 2 * PROBE], [2]),
    "none so soon after another": ([PROBE / 2, PROBE, 2 * PROBE], []),
}


@pytest.mark.parametrize(("ago", "expected"), OUTAGE.values(), ids=OUTAGE)
def test_during_an_outage_one_source_is_tried_at_a_time(office, ago, expected):
    offices = [office(id=f"nemuneh-{number}") for number in range(len(ago))]
    records = {source.id: in_outage(moment) for source, moment in zip(offices, ago, strict=True)}
    assert due(offices, records, NOON) == [offices[number] for number in expected]


def test_while_one_is_being_tried_no_other_is(office):
    offices = [office(id=f"nemuneh-{number}") for number in range(3)]
    records = {source.id: in_outage(HOUR) for source in offices} | {"nemuneh-2": in_outage(PROBE / 2, None)}
    assert due(offices, records, NOON) == []


def test_as_soon_as_one_answers_all_are_due(office):
    offices = [office(id=f"nemuneh-{number}") for number in range(4)]
    records = {source.id: in_outage(HOUR) for source in offices} | {"nemuneh-0": visited(outcome=Outcome.OK)}
    assert due(offices, records, NOON) == offices[1:]


def test_what_an_operator_wants_is_tried_during_an_outage_too(office):
    offices = [office(id=f"nemuneh-{number}") for number in range(3)]
    records = {source.id: in_outage(PROBE / 2) for source in offices}
    records["nemuneh-1"] = replace(records["nemuneh-1"], wanted=NOON)
    assert due(offices, records, NOON) == [offices[1]]


# ---- budgets ----


def at(office, *hosts):
    return [office(id=f"nemuneh-{number}", url=f"http://{host}/") for number, host in enumerate(hosts)]


def test_so_many_are_read_at_once_as_the_budget_says(office):
    offices = at(office, "127.0.0.2", "127.0.0.3", "127.0.0.4", "127.0.0.5")
    assert chosen(offices[1:], offices[:1], {}, NOON, at_once=3) == offices[1:3]
    assert chosen(offices[1:], offices[:1], {}, NOON, at_once=1) == []


def test_one_source_of_a_host_is_read_at_a_time(office):
    offices = at(office, "www.127.0.0.2.example", "127.0.0.2.example", "127.0.0.3", "127.0.0.3")
    assert chosen(offices[1:], offices[:1], {}, NOON, at_once=9) == offices[2:3]


def test_a_host_of_many_sources_rests_between_two(office):
    offices = at(office, "127.0.0.2", "127.0.0.2", "127.0.0.3")
    records = {"nemuneh-0": visited(HOST_GAP / 2)}
    assert chosen(offices, [], records, NOON, at_once=9) == offices[2:]
    assert chosen(offices, [], {"nemuneh-0": visited(HOST_GAP)}, NOON, at_once=9) == [offices[0], offices[2]]
    wanted = {"nemuneh-0": replace(visited(HOST_GAP / 2), wanted=NOON)}
    assert chosen(offices, [], wanted, NOON, at_once=9) == [offices[0], offices[2]]


# ---- the plan ----


def test_the_plan_is_what_comes_when_all_goes_well(office):
    """Visits as they are when the clock is stepped by a minute, each at once and well."""
    offices = [office(id="nemuneh-a"), office(id="nemuneh-b", every=timedelta(minutes=47)), office(id="nemuneh-c")]
    records = {"nemuneh-a": replace(visited(HOUR), habit=habit(9)), "nemuneh-b": visited(failures=2)}
    until = NOON + 24 * HOUR
    planned = [(entry.source.id, entry.visit.at) for entry in plan(offices, records, NOON, until)]
    stepped, minute = [], timedelta(minutes=1)
    for step in range(24 * 60):
        now = NOON + step * minute
        for source in due(offices, records, now):
            moment = next_visit(source, records.get(source.id, Record()), now).at or now
            stepped.append((source.id, max(moment, NOON)))
            crawl = replace(visited().latest, source=source.id, started_at=max(moment, NOON))
            records[source.id] = Record(latest=crawl, habit=records.get(source.id, Record()).habit)
    assert [moment for _, moment in planned] == sorted(moment for _, moment in planned)
    assert sorted(planned) == sorted(stepped)


REASONS = {
    "new": ({}, Record(), "it has never been visited"),
    "paused": ({}, replace(visited(), paused=NOON), "paused since 2021-12-06 12:00"),
    "wanted": ({}, replace(visited(), wanted=NOON), "an operator asked for it"),
    "its own pace": ({"every": 3 * HOUR}, visited(HOUR), "every 3 h, as its entry says, after 11:00"),
    "the usual pace": ({}, visited(HOUR), "2 h after 11:00: its habits are not known yet"),
    "failing": ({}, visited(failures=1), "2 times its wait of 2 h, for it fails (quiet)"),
    "stopped": ({}, visited(outcome=Outcome.STOPPED), "the rest of the run that 12:00 did not end by itself"),
    "outage": ({}, in_outage(timedelta()), "most sources cannot be reached: tried one after another"),
    "window": ({"windows": ("14:00-15:00",)}, visited(9 * HOUR), "its windows (14:00-15:00) are shut until then"),
}


@pytest.mark.parametrize(("stated", "record", "expected"), REASONS.values(), ids=REASONS)
def test_the_plan_says_why(office, stated, record, expected):
    source = office(**stated)
    entry = next(plan([source], {source.id: record}, NOON, NOON + 24 * HOUR))
    assert entry.because == expected
    assert entry.to_dict()["because"] == entry.row()[3] == expected


def test_the_plan_tells_the_numbers_that_a_habit_gives(office):
    source, record = office(), Record(latest=replace(visited().latest, started_at=MONDAY), habit=habit())
    entry = next(plan([source], {source.id: record}, MONDAY, MONDAY + 24 * HOUR))
    assert re.fullmatch(
        r"(19|2[01]) min after 09:30: 0\.1[5-7] releases to be expected since, 4 on a working day", entry.because
    )
    assert entry.row()[:3] == (f"09:{30 + (entry.visit.at - MONDAY).seconds // 60}", "1400-09-15", "nemuneh-yazd")
