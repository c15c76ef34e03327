"""What an operator is told of: once, again when it lasts, and when it is over; and not each time that it comes and
goes.
"""

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from archive import alarms, crawls
from archive.alarms import Alarm, Event, Matter, Reconciled, Streak, Trouble, of_sources, reconcile
from archive.crawls import Outcome, Result

NOON = datetime(2026, 11, 29, 8, 30, tzinfo=UTC)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
YAZD, GILAN, FARS = "mcls-yazd", "mcls-gilan", "mcls-fars"


def trouble(source=YAZD, matter=Matter.UNREACHABLE, **changes):
    facts = {"subject": source, "platform": "iransamaneh", "sources": (source,), "since": NOON, "evidence": "a timeout"}
    return Trouble(matter=matter, **facts | changes)


class Watch:
    """Looks at troubles as time goes by, and keeps what stands as the archive would."""

    def __init__(self):
        self.alarms: dict[tuple[str, datetime], Alarm] = {}
        self.told: list[tuple[datetime, Event, Alarm]] = []

    def look(self, now, *troubles) -> Reconciled:
        known = [alarm for alarm in self.alarms.values() if alarm.standing or now - alarm.resolved_at < alarms.RELAPSE]
        found = reconcile(known, troubles, now)
        for alarm in (*found.changed, *(alarm for _, alarm in found.events)):
            self.alarms[alarm.key, alarm.opened_at] = alarm
        self.told += [(now, event, alarm) for event, alarm in found.events if event is not Event.JOINED]
        return found

    @property
    def standing(self):
        return [alarm for alarm in self.alarms.values() if alarm.standing]


@pytest.fixture
def watch():
    return Watch()


def test_a_trouble_is_told_of_once_while_it_lasts(watch):
    assert [alarm.key for alarm in watch.look(NOON, trouble()).opened] == ["source/mcls-yazd"]
    assert watch.look(NOON + HOUR, trouble()) == Reconciled()


def test_it_is_resolved_when_all_is_well_again(watch):
    watch.look(NOON, trouble())
    (alarm,) = watch.look(NOON + HOUR).resolved
    assert (alarm.since, alarm.resolved_at) == (NOON, NOON + HOUR)
    assert watch.look(NOON + 2 * HOUR) == Reconciled()


def test_reminders_come_after_a_day_then_three_then_weekly(watch):
    for hours in range(24 * 30):
        watch.look(NOON + hours * HOUR, trouble())
    days = [(now - NOON).days for now, event, _ in watch.told if event is Event.REMINDED]
    assert days == [1, 4, 11, 18, 25]


def test_a_trouble_of_another_kind_is_told_of_within_a_day(watch):
    for hours in range(24 * 5):
        watch.look(NOON + hours * HOUR, trouble())
    changed = trouble(matter=Matter.BLOCKED, evidence="a challenge page")
    assert watch.look(NOON + 5 * DAY, changed).reminded[0].matter is Matter.BLOCKED


def test_what_comes_and_goes_is_told_of_ever_less(watch):
    for hours in range(24 * 60):  # two hours of trouble, two of peace, for two months
        found = [trouble(since=NOON + hours * HOUR)] if hours % 4 < 2 else []
        watch.look(NOON + hours * HOUR, *found)
    assert len(watch.told) <= 14
    assert len(watch.alarms) == 1


def test_a_trouble_that_is_back_after_three_days_is_a_new_alarm(watch):
    watch.look(NOON, trouble())
    watch.look(NOON + HOUR)
    watch.look(NOON + 4 * DAY, trouble(since=NOON + 4 * DAY))
    assert len(watch.alarms) == 2
    assert [alarm.relapses for alarm in watch.standing] == [0]


def test_the_sources_of_a_platform_that_drift_on_one_day_are_one_alarm(watch):
    offices = [f"mcls-{number}" for number in range(12)]
    drifted = [trouble(office, Matter.DRIFTED, since=NOON + n * HOUR) for n, office in enumerate(offices)]
    (alarm,) = watch.look(NOON + DAY, *drifted).opened
    assert (alarm.key, len(alarm.sources)) == ("platform/iransamaneh/drifted", 12)


def test_an_alarm_goes_on_in_the_greater_one_without_a_word(watch):
    watch.look(NOON, trouble(YAZD, Matter.EMPTY))
    found = watch.look(NOON + HOUR, *(trouble(source, Matter.EMPTY) for source in (YAZD, GILAN, FARS)))
    assert [alarm.key for alarm in found.opened] == ["platform/iransamaneh/empty"]
    assert [alarm.key for alarm in found.joined] == ["source/mcls-yazd"]
    assert found.resolved == ()


def test_who_is_left_of_a_group_is_still_the_same_alarm(watch):
    watch.look(NOON, *(trouble(source, Matter.DRIFTED) for source in (YAZD, GILAN, FARS)))
    found = watch.look(NOON + HOUR, trouble(YAZD, Matter.DRIFTED))
    assert (found.opened, found.resolved) == ((), ())
    assert [alarm.sources for alarm in watch.standing] == [(YAZD,)]


@pytest.mark.parametrize(
    "found",
    [
        [trouble(YAZD, Matter.DRIFTED), trouble(GILAN, Matter.DRIFTED)],
        [trouble(source, Matter.BLOCKED) for source in (YAZD, GILAN, FARS)],
        [trouble(source, Matter.DRIFTED, platform=source) for source in (YAZD, GILAN, FARS)],
        [trouble(s, Matter.DRIFTED, since=NOON - n * 2 * DAY) for n, s in enumerate((YAZD, GILAN, FARS))],
    ],
    ids=["two", "each blocked by its own host", "of three platforms", "days apart"],
)
def test_others_are_alarms_of_their_own(watch, found):
    assert {alarm.key for alarm in watch.look(NOON, *found).opened} == {f"source/{each.subject}" for each in found}


@settings(max_examples=150, deadline=None)
@given(st.lists(st.lists(st.sampled_from([YAZD, GILAN, FARS]), unique=True), min_size=1, max_size=200), st.data())
def test_nothing_is_told_twice_and_all_is_told_in_the_end(days, data):
    """Whatever comes and goes: opened and resolved take turns, a trouble that lasts always stands, and messages of one
    source are few.
    """
    watch, now = Watch(), NOON
    matters = st.sampled_from([Matter.UNREACHABLE, Matter.BLOCKED, Matter.DRIFTED])
    for in_trouble in days:
        found = [trouble(source, data.draw(matters), since=now) for source in in_trouble]
        watch.look(now, *found)
        covered = {source for alarm in watch.standing for source in alarm.sources}
        assert covered >= set(in_trouble)
        assert watch.look(now, *found) == Reconciled()
        now += HOUR
    for key in {alarm.key for _, _, alarm in watch.told}:
        events = [event for _, event, alarm in watch.told if alarm.key == key and event is not Event.REMINDED]
        if key.startswith("platform/"):
            assert all(old is not new for old, new in pairwise(events))
            assert len(events) <= 2 * 10


def streak(outcome=Outcome.UNREACHABLE, visits=2, **changes):
    facts = {"since": NOON, "reason": "a timeout", "away": None, "well_at": None}
    return Streak(outcome=outcome, visits=visits, **facts | changes)


@pytest.mark.parametrize(
    ("outcome", "visits", "is_trouble"),
    [
        (Outcome.UNREACHABLE, 1, False),
        (Outcome.UNREACHABLE, 2, True),
        (Outcome.EMPTY, 1, False),
        (Outcome.SILENT, 1, True),
        (Outcome.DRIFTED, 1, True),
        (Outcome.DEGRADED, 2, True),
        (Outcome.QUIET, 0, False),
        (None, 0, False),
    ],
)
def test_a_source_is_in_trouble_after_two_visits_or_where_one_proves_it(outcome, visits, is_trouble):
    found = of_sources({YAZD: streak(outcome, visits)}, {YAZD: "iransamaneh"})
    assert bool(found) is is_trouble


def test_of_sources_that_are_not_asked_for_nothing_is_said():
    assert of_sources({YAZD: streak()}, {}) == []


def away(**changes):
    return streak(None, 0, reason=None, since=None, **{"away": NOON} | changes)


def test_three_hundred_sources_in_an_outage_are_one_trouble():
    offices = {f"mcls-{number}": away() for number in range(300)}
    (found,) = of_sources(offices, dict.fromkeys(offices, "iransamaneh"))
    assert (found.matter, len(found.sources), found.key) == (Matter.OUTAGE, 300, "outage")


def test_an_outage_is_over_when_as_many_have_been_read_well_since():
    well = replace(away(), away=None, outcome=Outcome.OK, well_at=NOON + HOUR)
    offices = {"a": away(), "b": away(), "c": well}
    platforms = dict.fromkeys("abcd", "generic")
    assert of_sources(offices, platforms)
    assert not of_sources(offices | {"d": well}, platforms)


# ---- on either engine ----


def crawl(archive, source, *outcomes, since=NOON):
    with archive.writing() as connection:
        for number, outcome in enumerate(outcomes):
            begun = crawls.begin(connection, source, since + number * HOUR)
            if outcome:
                result = Result(outcome=Outcome(outcome), reason=f"{outcome} {number}", swept=False, counts={})
                crawls.finish(connection, begun, at=since + number * HOUR + timedelta(minutes=1), result=result)


def read_streaks(archive):
    with archive.reading() as connection:
        return alarms.streaks(connection)


@pytest.mark.parametrize(
    ("outcomes", "expected"),
    [
        (["ok"], (0, None, "ok")),
        (["ok", "blocked"], (1, 1, "blocked")),
        (["ok", "blocked", "blocked", "stopped", None], (2, 1, "blocked")),
        (["blocked", "outage", "unreachable"], (2, 0, "unreachable")),
        (["blocked", "ok", "silent"], (1, 2, "silent")),
        (["blocked", "blocked", "quiet"], (0, None, "quiet")),
        (["outage"], (0, None, None)),
    ],
)
def test_streaks_are_counted_since_a_crawl_went_well(archive, outcomes, expected):
    crawl(archive, YAZD, *outcomes)
    visits, since, outcome = expected
    found = read_streaks(archive)[YAZD]
    assert (found.visits, found.outcome) == (visits, outcome and Outcome(outcome))
    assert found.since == (since if since is None else NOON + since * HOUR + timedelta(minutes=1))
    assert found.away == (NOON + timedelta(minutes=1) if outcomes == ["outage"] else None)


def test_a_source_that_was_never_read_to_an_end_has_none(archive):
    crawl(archive, YAZD, None)
    assert read_streaks(archive) == {}


def keep(archive, now, *troubles):
    with archive.writing() as connection:
        found = reconcile(alarms.read(connection, now), troubles, now)
        alarms.keep(connection, found, now)
    return found


def test_alarms_are_kept_with_their_history(archive):
    keep(archive, NOON, trouble())
    assert keep(archive, NOON, trouble()) == Reconciled()
    keep(archive, NOON + DAY, trouble(evidence="still"))
    keep(archive, NOON + 2 * DAY)
    keep(archive, NOON + 3 * DAY, trouble())
    with archive.reading() as connection:
        (alarm,) = alarms.standing(connection)
        waiting = alarms.untold(connection)
        past = alarms.history(connection)
    assert (alarm.key, alarm.relapses, alarm.matter) == ("source/mcls-yazd", 1, Matter.UNREACHABLE)
    assert [each.event for each in waiting] == [Event.OPENED, Event.REMINDED, Event.RESOLVED, Event.OPENED]
    assert past == waiting[::-1]
    assert waiting[1].alarm.evidence == "still"


def test_what_has_been_told_waits_no_more(archive):
    keep(archive, NOON, trouble())
    with archive.writing() as connection:
        alarms.told(connection, alarms.untold(connection), NOON)
        assert alarms.untold(connection) == []


def test_the_history_of_an_alarm_is_kept_for_a_year(archive):
    keep(archive, NOON, trouble(), trouble(GILAN))
    keep(archive, NOON + DAY, trouble(GILAN))
    with archive.writing() as connection:
        alarms.forget(connection, NOON + DAY + alarms.KEPT + HOUR)
        assert {each.alarm.key for each in alarms.history(connection)} == {"source/mcls-gilan"}


def test_there_is_an_alarm_of_every_outcome_that_is_a_trouble():
    assert {str(outcome) for outcome in Outcome if outcome.trouble} <= {str(matter) for matter in Matter}


def test_an_alarm_is_of_a_source_of_a_platform_or_of_neither():
    alarm = replace(look_at(trouble()), key="source/mcls-yazd")
    assert (alarm.subject, alarm.of_platform) == (YAZD, False)
    assert (replace(alarm, key="platform/joomla").subject, replace(alarm, key="platform/joomla").of_platform) == (
        "joomla",
        True,
    )
    assert replace(alarm, key="archive").subject == ""


def look_at(*troubles):
    (event, alarm), *_ = reconcile([], troubles, NOON).events
    assert event is Event.OPENED
    return alarm


def test_an_alarm_is_exported_in_plain_values():
    exported = look_at(trouble()).to_dict()
    assert (exported["key"], exported["matter"], exported["since"]) == (
        "source/mcls-yazd",
        "unreachable",
        "2026-11-29T08:30:00Z",
    )
    assert json.loads(json.dumps(exported)) == exported


def test_what_becomes_well_without_being_told_of_is_kept(archive):
    keep(archive, NOON, trouble())
    keep(archive, NOON + DAY)
    keep(archive, NOON + 2 * DAY, trouble())  # it came back, so the next time all has to be well for longer
    found = keep(archive, NOON + 2 * DAY + HOUR)
    assert (found.events, [alarm.well_since for alarm in found.changed]) == ([], [NOON + 2 * DAY + HOUR])
    with archive.reading() as connection:
        (alarm,) = alarms.standing(connection)
    assert alarm.well_since == NOON + 2 * DAY + HOUR
