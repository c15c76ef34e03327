"""How a run ended, judged from what was counted."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from archive.crawls import Crawl, Outcome
from archive.habits import Habit
from spiders.health import History, Standing, Verdict, is_outage, judge, lacks_feed, second_look
from spiders.history import past_of

NOW = datetime(2026, 2, 15, 8, tzinfo=UTC)
OK, QUIET, EMPTY = Outcome.OK, Outcome.QUIET, Outcome.EMPTY
BLOCKED, UNREACHABLE, STOPPED = Outcome.BLOCKED, Outcome.UNREACHABLE, Outcome.STOPPED

RUNS = [
    ({"listed": 9, "fetched": 2, "new": 2}, OK, "something new"),
    ({"listed": 9, "fetched": 2, "revised": 1, "unchanged": 1}, OK, "an edit"),
    ({"listed": 9, "fetched": 2, "reread": 2}, OK, "read by a better extractor"),
    ({"listed": 9, "fetched": 2, "new": 1, "quarantined": 1}, OK, "one page held"),
    ({"listed": 9, "fetched": 1, "new": 1, "failed/timeout": 5}, OK, "some pages that did not answer"),
    ({"listed": 9, "new": 1, "fetched": 1, "unlisted/http-500": 1}, OK, "one of two listings failed"),
    ({"listed": 9, "fetched": 2, "new": 2, "generic": 1}, Outcome.DEGRADED, "a page of no known layout"),
    ({"listed": 9}, QUIET, "all known"),
    ({"listed": 9, "fetched": 2, "unchanged": 2}, QUIET, "all as they were"),
    ({"listed": 9, "failed/robots": 9}, QUIET, "nothing that may be fetched"),
    ({"listed": 9, "fetched": 3, "out-of-range": 2, "quarantined": 1}, QUIET, "not what was asked for"),
    ({"lists-unchanged": 2}, QUIET, "no list has changed"),
    ({"lists-unchanged": 2, "fetched": 1, "gone": 1}, OK, "a release that is gone"),
    ({}, EMPTY, "nothing recognised"),
    ({"unlisted/http-404": 2}, EMPTY, "its listing is gone"),
    ({"listed": 9, "fetched": 3, "quarantined": 3}, EMPTY, "no page readable"),
    ({"unlisted/http-403": 1, "unlisted/timeout": 1}, BLOCKED, "kept out"),
    ({"unlisted/http-429": 1}, BLOCKED, "too many requests"),
    ({"listed": 9, "failed/http-403": 9}, BLOCKED, "kept out of the articles"),
    ({"unlisted/challenge": 1, "unlisted/http-404": 1}, BLOCKED, "a challenge"),
    ({"unlisted/login": 1}, BLOCKED, "a login"),
    ({"unlisted/cookie-gate": 1}, BLOCKED, "a gate"),
    ({"unlisted/busy": 1, "barred/busy": 1}, BLOCKED, "too busy"),
    ({"listed": 9, "fetched": 5, "new": 5, "failed/busy": 1, "barred/busy": 1}, BLOCKED, "too busy on the way"),
    ({"listed": 9, "failed/challenge": 3}, BLOCKED, "a challenge before every article"),
    ({"unlisted/robots": 1, "unlisted/http-404": 1}, BLOCKED, "a listing that robots.txt forbids"),
    ({"left-out/robots": 1}, EMPTY, "a feed that robots.txt forbids, beside a listing of nothing"),
    ({"unlisted/robots-unreachable": 3}, UNREACHABLE, "no robots.txt"),
    ({"unlisted/soft-404": 1}, EMPTY, "its listing says that it is gone"),
    ({"unlisted/dns": 2}, UNREACHABLE, "no name"),
    ({"unlisted/tls": 1, "unlisted/http-500": 1}, UNREACHABLE, "no trusted connection"),
    ({"listed": 9, "failed/timeout": 9}, UNREACHABLE, "articles that do not answer"),
]


@pytest.mark.parametrize(("counts", "outcome", "what"), RUNS, ids=[what for *_, what in RUNS])
def test_a_finished_runs_outcome_follows_from_its_counts(counts, outcome, what):
    assert judge(counts, finished=True, reason=None).outcome is outcome


def test_a_run_that_did_not_finish_is_stopped_whatever_it_counted():
    assert judge({"listed": 9, "new": 3}, finished=False, reason=None) == Verdict(STOPPED, "stopped before its end")
    assert judge({}, finished=False, reason="disk full") == Verdict(STOPPED, "disk full")


@pytest.mark.parametrize(
    ("counts", "reason"),
    [
        ({}, "nothing on its listing pages was recognised"),
        ({"listed": 9, "fetched": 3, "quarantined": 3}, "no page that it lists could be read"),
        ({"listed": 9, "failed/robots": 9}, "robots.txt asks not to read what is new"),
        ({"listed": 9, "failed/timeout": 8, "failed/reset": 1}, "no page that it lists answered (reset, timeout)"),
    ],
)
def test_a_run_that_gave_nothing_says_why(counts, reason):
    assert reason in judge(counts, finished=True, reason=None).reason


def test_a_run_that_its_host_ended_is_blocked_and_not_stopped():
    counts = {"listed": 9, "new": 5, "barred/busy": 1}

    assert judge(counts, finished=False, reason="come back") == Verdict(BLOCKED, "come back", "busy")


def test_the_reason_that_the_spider_saw_is_passed_on():
    assert judge({"unlisted/dns": 1}, finished=True, reason="its name cannot be resolved").reason == (
        "its name cannot be resolved"
    )


@pytest.mark.parametrize(
    ("outcomes", "outage"),
    [
        ([UNREACHABLE] * 3, True),
        ([UNREACHABLE] * 4 + [OK], True),
        ([UNREACHABLE] * 3 + [OK], False),
        ([UNREACHABLE] * 2, False),
        ([UNREACHABLE], False),
        ([BLOCKED] * 9, False),
        ([], False),
    ],
)
def test_most_of_three_or_more_sources_at_once_is_the_networks_fault(outcomes, outage):
    assert is_outage(outcomes) is outage


GOOD = {"read": 200, "fetched": 200, "filled/lead": 200, "compared": 40, "lacking": 1}
PAST = [
    ({"listed": 9, "lacking/known": 1, "compared": 1}, Outcome.DRIFTED, "list-frozen", "lists that have stopped"),
    ({"listed": 9, "lacking/new": 2, "new": 2, "compared": 1}, Outcome.DRIFTED, "list-frozen", "two that lists lack"),
    ({"listed": 9, "lacking/new": 1, "new": 1, "compared": 1}, OK, None, "one put on the site just now"),
    ({"listed": 9, "moved": 1, "new": 1}, Outcome.DRIFTED, "list-moved", "a list that is not there"),
    ({"listed": 9, "fetched": 2, "read": 2, "new": 2}, Outcome.DRIFTED, "fields", "leads that have vanished"),
    ({"listed": 9, "fetched": 2, "read": 2, "filled/lead": 2, "new": 2}, OK, None, "pages as ever"),
    ({"listed": 9, "fetched": 2, "quarantined": 2, "held/date": 2}, EMPTY, "date", "dates that nobody can read"),
    ({"listed": 9, "fetched": 2, "quarantined": 2, "looks/wordpress": 1}, EMPTY, "wrong-adapter", "another platform"),
    ({"unlisted/http-404": 1, "unlisted/http-410": 1}, EMPTY, "site-gone", "a site that is gone"),
    ({"unlisted/parked": 1}, EMPTY, "parked", "a domain for sale"),
    ({"looks/joomla": 1}, EMPTY, "wrong-adapter", "lists of another platform"),
    ({"unlisted/tls-expired": 1}, UNREACHABLE, "tls-expired", "a certificate"),
]


@pytest.mark.parametrize(("counts", "outcome", "kind", "what"), PAST, ids=[what for *_, what in PAST])
def test_what_is_wrong_is_told_by_class_and_with_its_numbers(counts, outcome, kind, what):
    found = judge(counts, finished=True, reason=None, history=History(good=GOOD, runs=60))

    assert (found.outcome, found.kind) == (outcome, kind)
    assert found.reason or kind in (None, "parked", "tls-expired")


def test_lists_that_never_named_all_show_nothing_by_what_they_lack():
    history = History(good={"compared": 40, "lacking": 30}, runs=60)

    assert judge({"listed": 9, "lacking/known": 3}, finished=True, reason=None, history=history).outcome is QUIET


def test_two_crawls_of_a_page_each_are_judged_together():
    last = {"read": 1}
    one = judge({"listed": 9, "read": 1, "new": 1}, finished=True, reason=None, history=History(good=GOOD, runs=60))
    two = judge(
        {"listed": 9, "read": 1, "new": 1},
        finished=True,
        reason=None,
        history=History(good=GOOD, runs=60, last=(last,)),
    )

    assert (one.outcome, two.outcome) == (OK, Outcome.DRIFTED)


@pytest.mark.parametrize(
    ("counts", "stays"),
    [({"listed": 9}, True), ({"lists-unchanged": 1}, True), ({"listed": 9, "read": 1, "filled/lead": 1}, False)],
)
def test_a_crawl_that_reads_no_page_does_not_clear_what_pages_showed(counts, stays):
    standing = Standing(outcome=Outcome.DRIFTED, kind="fields", reason="0 of 2 pages have a lead")
    found = judge(counts, finished=True, reason=None, history=History(good=GOOD, runs=60, standing=standing))

    assert (found == Verdict(Outcome.DRIFTED, "0 of 2 pages have a lead", "fields")) is stays


def test_two_crawls_of_one_page_each_show_what_no_office_does_on_purpose():
    """Of an office with three pages before, the newest of which were sound."""
    sound, garbled = {"read": 1}, {"read": 1, "odd/garbled": 1}
    past = History(good={"read": 3}, runs=3, last=(sound, sound))
    first = judge({"listed": 9, "new": 1} | garbled, finished=True, reason=None, history=past)
    past = History(good={"read": 3}, runs=3, last=(garbled, sound, sound))
    second = judge({"listed": 9, "new": 1} | garbled, finished=True, reason=None, history=past)
    assert first.outcome is Outcome.OK
    assert (second.outcome, second.kind) == (Outcome.DRIFTED, "charset")


@pytest.mark.parametrize(
    ("good", "last", "kind"),
    [
        ({"compared": 10}, 1, "charset"),
        ({"compared": 9}, 1, None),
        ({}, 1, None),
        ({"compared": 10}, 0, None),
    ],
    ids=["no page read in months", "a new source", "no past at all", "one page alone"],
)
def test_of_an_office_that_publishes_seldom_what_none_does_on_purpose_is_seen_in_two_pages(good, last, kind):
    garbled = {"read": 1, "odd/garbled": 1}
    past = History(good=good, runs=9, last=(garbled,) * last)
    assert judge({"listed": 9, "new": 1} | garbled, finished=True, reason=None, history=past).kind == kind


def test_pages_are_held_against_all_that_are_older_those_of_the_last_crawls_too():
    """Of an office with 19 pages before the last two: together they are as many as tell."""
    bare, full = {"read": 4}, {"read": 1, "filled/lead": 1}
    past = History(good={"read": 19, "filled/lead": 19}, runs=9, last=(full, full))
    found = judge({"listed": 9, "new": 4} | bare, finished=True, reason=None, history=past)
    assert (found.outcome, found.kind) == (Outcome.DRIFTED, "fields")


OVERDUE = {
    "lists that named all at once": ({"read": 40, "compared": 40}, Outcome.DRIFTED),
    "lists that were behind once": ({"read": 40, "compared": 40, "lacking": 1}, OK),
    "lists that have named little yet": ({"read": 9, "compared": 40}, OK),
}


@pytest.mark.parametrize(("good", "outcome"), OVERDUE.values(), ids=OVERDUE)
def test_one_release_that_was_out_at_the_visit_before_shows_that_prompt_lists_have_stopped(good, outcome):
    counts = {"listed": 9, "new": 1, "compared": 1, "lacking": 1, "lacking/new": 1, "lacking/overdue": 1}
    found = judge(counts, finished=True, reason=None, history=History(good=good, runs=40))
    assert found.outcome is outcome


FLAT = Habit(
    by_kind=dict.fromkeys(("working", "thursday", "weekend", "holiday", "nowruz"), 2.4),  # one in ten hours
    hours=tuple(hour / 24 for hour in range(25)),
    dispersion=1.0,
    days=400,
)
LOOKS = {
    "when a release is to be expected": (FLAT, 11, None, True),
    "not before": (FLAT, 9, None, False),
    "not again until another one is": (FLAT, 30, 9, False),
    "then again": (FLAT, 30, 11, True),
    "not before the newest release": (FLAT, 9, 20, False),
    "not without a habit": (None, 1000, None, False),
}


@pytest.mark.parametrize(("habit", "newest", "looked", "expected"), LOOKS.values(), ids=LOOKS)
def test_a_second_look_is_worth_it(habit, newest, looked, expected):
    """Of an office whose newest release is so many hours old, and whose front page was asked so many hours ago."""
    ago = [hours and NOW - timedelta(hours=hours) for hours in (newest, looked)]
    assert second_look(History(habit=habit, newest=ago[0], looked=ago[1]), NOW) is expected


VISIT = Crawl(
    id=1,
    source="nemuneh-yazd",
    started_at=NOW,
    finished_at=NOW,
    outcome=Outcome.QUIET,
    reason=None,
    swept=True,
    counts={"lists-unchanged": 1},
)


def test_the_last_second_look_is_remembered():
    crawl = replace(VISIT, counts={"lists-unchanged": 1, "second-looks": 1})
    later = replace(VISIT, id=2, started_at=NOW + timedelta(hours=1))
    assert past_of([later, crawl]).looked == NOW
    assert past_of([later]).looked is None


FEEDS = {
    "three visits in a row found none": (["absent", "absent", "absent"], 0, True),
    "two are not enough": (["absent", "absent"], 0, False),
    "it was there lately": (["absent", "absent", "there", "absent"], 0, False),
    "it is back": (["there", "absent", "absent", "absent"], 0, False),
    "it was spared meanwhile": (["spared", "spared", "absent", "absent", "absent"], 0, True),
    "it has been spared for three days": (["absent", "absent", "absent"], 73, False),
}


@pytest.mark.parametrize(("visits", "hours", "lacks"), FEEDS.values(), ids=FEEDS)
def test_a_feed_that_is_not_there_is_spared_for_three_days(visits, hours, lacks):
    """Visits of which the newest comes first, so many hours ago."""
    counts = {"there": {"feeds": 1}, "absent": {"feeds-absent": 2}, "spared": {}}
    past = [replace(VISIT, started_at=NOW - timedelta(minutes=n), counts=counts[v]) for n, v in enumerate(visits)]
    assert lacks_feed(past_of(past), NOW + timedelta(hours=hours)) is lacks
