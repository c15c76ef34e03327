"""What programs that watch ask for: metrics, health, badges."""

import re
from datetime import UTC, datetime, timedelta

import pytest
from lxml import etree

from archive import alarms, crawls, orders
from archive.alarms import Matter, Trouble, reconcile
from archive.crawls import Outcome, Result
from archive.orders import Visit, Why

YAZD = "mcls-yazd"
HOUR = timedelta(hours=1)


@pytest.fixture
def crawl(edited):
    def made(outcome, source=YAZD, ago=HOUR):
        with edited.writing() as connection:
            at = datetime.now(UTC) - ago
            begun = crawls.begin(connection, source, at)
            result = Result(outcome=outcome, reason="-", swept=True, counts={})
            crawls.finish(connection, begun, at=at + timedelta(seconds=20), result=result)

    return made


def metrics(ask):
    answer = ask("/metrics")
    assert answer.status == 200
    lines = (line.rpartition(" ") for line in answer.text.splitlines() if not line.startswith("#"))
    return {name: float(value) for name, _, value in lines}


def test_metrics_tell_of_sources_and_alarms(ask, crawl, edited):
    now = datetime.now(UTC)
    crawl(Outcome.OK)
    crawl(Outcome.BLOCKED, "mcls-fars")
    with edited.writing() as connection:
        visits = {YAZD: Visit(at=now - 2 * HOUR, why=Why.PACE), "mcls-fars": Visit(at=now + HOUR, why=Why.PACE)}
        orders.plan(connection, visits)
        orders.pause(connection, ["mcls-gilan"], now, "maryam")
        alarms.keep(connection, reconcile([], [Trouble(matter=Matter.DISK, since=now, evidence="-")], now), now)
    found = metrics(ask)
    assert found['monadi_sources{state="ok"}'] == 1
    assert found['monadi_sources{state="blocked"}'] == 1
    assert found['monadi_sources{state="paused"}'] == 1
    assert found['monadi_alarms{matter="disk"}'] == 1
    assert found['monadi_alarms{matter="outage"}'] == 0
    assert (found["monadi_sources_due"], found["monadi_sources_overdue"]) == (1, 1)
    assert found["monadi_releases"] == 3
    assert found["monadi_archive_bytes"] > 10_000
    assert f'monadi_source_newest_release_timestamp_seconds{{source="{YAZD}"}}' in found


def test_crawls_are_counted_as_they_end(ask, crawl):
    crawl(Outcome.OK)
    assert metrics(ask)['monadi_crawls_total{outcome="ok"}'] == 0
    crawl(Outcome.OK)
    crawl(Outcome.SILENT)
    found = metrics(ask)
    assert found['monadi_crawls_total{outcome="ok"}'] == 1
    assert found['monadi_crawls_total{outcome="silent"}'] == 1
    assert (found["monadi_crawl_seconds_count"], found["monadi_crawl_seconds_sum"]) == (2, 40)
    assert metrics(ask).items() >= {'monadi_crawls_total{outcome="ok"}': 1.0}.items()


def test_no_release_is_a_label(ask, crawl):
    crawl(Outcome.OK)
    labels = set(re.findall(r"\{(\w+)=", "\n".join(name for name in metrics(ask) if name.startswith("monadi_"))))
    assert labels == {"state", "outcome", "source", "matter", "le"}


def test_health_says_that_the_schedule_stands_still(ask, edited):
    assert ask("/healthz").json() == {
        "status": "ok",
        "change": 7,
        "schedule": {"stale": False, "overdue": 0, "next_visit": None, "last_crawl": None},
        "alarms": 0,
    }
    with edited.writing() as connection:
        orders.plan(connection, {YAZD: Visit(at=datetime.now(UTC) - HOUR, why=Why.PACE)})
    schedule = ask("/healthz").json()["schedule"]
    assert (schedule["stale"], schedule["overdue"]) == (True, 1)


@pytest.mark.parametrize(
    ("outcome", "word", "persian"),
    [
        (Outcome.OK, "read", "خوانده شد"),
        (Outcome.SILENT, "unusual silence", "خاموشی نامعمول"),
        (Outcome.BLOCKED, "blocked", "راه بسته بود"),
    ],
)
def test_a_badge_says_how_a_source_fares(ask, crawl, outcome, word, persian):
    crawl(outcome)
    for query, said in (("", persian), ("?lang=en", word)):
        answer = ask(f"/badges/{YAZD}.svg{query}")
        assert answer.headers["content-type"] == "image/svg+xml"
        title = etree.fromstring(answer.body).findtext("{http://www.w3.org/2000/svg}title")
        assert title.endswith(f": {said}")


def test_the_badge_of_all_counts_those_in_trouble(ask, crawl):
    crawl(Outcome.OK)
    assert "1 sources fine" in ask("/badges/all.svg?lang=en").text
    crawl(Outcome.DRIFTED, "mcls-fars")
    assert "1 of 2 in trouble" in ask("/badges/all.svg?lang=en").text


def test_there_is_no_badge_of_what_is_no_source(ask):
    assert ask("/badges/nowhere.svg").status == 404
