"""What the schedule goes by: crawls, habits and orders, as the archive has them."""

from datetime import UTC, datetime, timedelta

import pytest

from archive import crawls, intake, orders
from archive.crawls import Outcome, Result
from sources import Catalogue
from spiders.records import HABITS, Records
from spiders.schedule import Record

NOW = datetime(2022, 1, 5, tzinfo=UTC)
YAZD, GILAN = "mcls-yazd", "mcls-gilan"


@pytest.fixture
def catalogue():
    known = Catalogue.load()
    return Catalogue(provinces=known.provinces, agencies=known.agencies.values(), sources=known.select([YAZD, GILAN]))


@pytest.fixture
def known(archive, catalogue):
    with archive.writing() as connection:
        crawls.register(connection, catalogue.sources.values())
    return archive


class Clock:
    now = 0.0

    def __call__(self):
        return self.now


def crawled(archive, outcome, **counts):
    result = Result(outcome=outcome, reason=None, swept=False, counts=counts)
    with archive.writing() as connection:
        number = crawls.begin(connection, YAZD, NOW)
        crawls.finish(connection, number, at=NOW, result=result)
    return number


def published(archive, make):
    """A release a day in Azar."""
    with archive.writing() as connection:
        for day in range(1, 31):
            intake.save(connection, [make(day, date=f"{day} آذر ۱۴۰۰ ۰۹:۱۹")], None)
    archive.follow_timings()


def test_where_nothing_has_happened_nothing_is_known(known, catalogue):
    assert Records(known, catalogue).at(NOW) == {YAZD: Record(), GILAN: Record()}


def test_failures_in_a_row_weigh_together(known, catalogue):
    crawled(known, Outcome.OK)
    crawled(known, Outcome.UNREACHABLE, **{"class/timeout": 1})
    number = crawled(known, Outcome.EMPTY, **{"class/empty": 1})
    record = Records(known, catalogue).at(NOW)[YAZD]
    assert record.latest.id == number
    assert record.failures == 0.25 + 0.5


def test_a_habit_is_known_after_some_weeks_and_looked_at_once_an_hour(known, catalogue, make):
    clock = Clock()
    records = Records(known, catalogue, clock=clock)
    assert records.at(NOW)[YAZD].habit is None
    published(known, make)
    clock.now = HABITS - 1
    assert records.at(NOW)[YAZD].habit is None
    clock.now = HABITS
    habit = records.at(NOW)[YAZD].habit
    assert habit.days == 30
    assert records.at(NOW)[GILAN].habit is None


def test_what_operators_ask_is_heard(known, catalogue):
    with known.writing() as connection:
        orders.pause(connection, [YAZD], NOW, "maryam")
        orders.want(connection, [GILAN], NOW + timedelta(hours=1), "maryam")
    found = Records(known, catalogue).at(NOW)
    assert (found[YAZD].paused, found[GILAN].wanted) == (NOW, NOW + timedelta(hours=1))
