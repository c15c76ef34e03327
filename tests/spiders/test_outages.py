"""An outage is the network's: judged of what crawls of different hosts ended as lately, whichever process ran them."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from archive import crawls
from archive.crawls import Outcome, Result
from spiders.outages import WINDOW, called

NOW = datetime(2021, 12, 6, 8, tzinfo=UTC)
AWAY, OK = Outcome.UNREACHABLE, Outcome.OK


@pytest.fixture
def ended(archive, office) -> Callable[..., list[str]]:
    """Crawls of an office each, in this order, a minute apart up to now; returns how the newest are called."""

    def run(
        outcomes: Sequence[Outcome], *, hosts: Sequence[int] = (), ago: timedelta = timedelta(), kind: str = "timeout"
    ) -> list[str]:
        with archive.writing() as connection:
            for number, outcome in enumerate(outcomes):
                host = hosts[number] if hosts else number
                source = replace(office(), id=f"nemuneh-{number}", url=f"https://h{host}.example.ir/{number}/")
                at = NOW - ago - (len(outcomes) - number) * timedelta(minutes=1)
                crawls.register(connection, [source])
                crawl = crawls.begin(connection, source.id, at)
                result = Result(outcome=outcome, reason=None, swept=False, counts={f"class/{kind}": 1})
                crawls.finish(connection, crawl, at=at, result=result)
            called(connection, NOW)
            return [str(crawl.outcome) for crawl in crawls.latest(connection)]

    return run


def test_an_outage_of_many_is_seen_at_the_tenth_host_whatever_was_well_before(ended):
    assert sorted(ended([OK] * 15 + [AWAY] * 10)) == ["ok"] * 15 + ["outage"] * 10


def test_some_of_the_newest_ten_hosts_are_no_outage(ended):
    assert "outage" not in ended([AWAY] * 12 + [OK] * 3 + [AWAY] * 7)


def test_hosts_whose_certificates_are_at_fault_were_reached(ended):
    assert ended([AWAY, AWAY, AWAY, AWAY], kind="tls-expired") == ["unreachable"] * 4


def test_all_that_were_unreachable_lately_are_one_outage_the_earlier_ones_too(ended):
    assert ended([AWAY, AWAY, AWAY]) == ["outage"] * 3


@pytest.mark.parametrize(
    "outcomes", [[AWAY, AWAY], [AWAY, AWAY, AWAY, OK], [Outcome.BLOCKED] * 4], ids=["too few", "one answers", "walls"]
)
def test_less_is_the_offices_own_fault(ended, outcomes):
    assert ended(outcomes) == [str(each) for each in outcomes]


def test_one_that_answers_among_many_is_called_what_it_is(ended):
    assert ended([AWAY] * 5 + [OK]) == ["outage"] * 5 + ["ok"]


def test_sources_of_one_host_are_one(ended):
    assert ended([AWAY] * 4, hosts=(1, 1, 1, 2)) == ["unreachable"] * 4


def test_what_ended_before_the_window_says_nothing(ended):
    assert ended([AWAY] * 3, ago=WINDOW) == ["unreachable"] * 3
