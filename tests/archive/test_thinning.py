"""Quiet crawls of long ago are thinned to one a day; whatever came to anything stays."""

from datetime import UTC, datetime, timedelta

import pytest
import sqlalchemy as sa

from archive import crawls, tables, thinning
from archive.crawls import Outcome, Result

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
LONG_AGO = NOW - timedelta(days=100)
HOUR = timedelta(hours=1)


def run(archive, at, outcome=Outcome.QUIET, *, source="mcls-yazd", whole=False, **counts):
    result = Result(outcome=outcome, reason=None, swept=True, counts={"listed": 20} | counts, whole=whole)
    with archive.writing() as connection:
        number = crawls.begin(connection, source, at)
        if outcome:
            crawls.finish(connection, number, at=at, result=result)
    return number


def thin(archive, now=NOW):
    with archive.writing() as connection:
        while thinning.thin(connection, now):
            pass
    with archive.reading() as connection:
        return set(connection.scalars(sa.select(tables.crawls.c.id)))


def test_of_quiet_crawls_the_last_of_each_day_stays(archive):
    first, *others = [run(archive, LONG_AGO + number * HOUR) for number in range(36)]
    assert thin(archive) == {first, others[10], others[34]}


KEPT = {
    "one that found something": {"outcome": Outcome.OK, "new": 1},
    "one that failed": {"outcome": Outcome.BLOCKED},
    "one that was silent": {"outcome": Outcome.SILENT},
    "one that was killed": {"outcome": None},
    "one that walked to the ends": {"whole": True},
    "one that saw a page leave the lists": {"unlisted": 1},
    "one that could not read a page": {"quarantined": 1},
}


@pytest.mark.parametrize("words", KEPT.values(), ids=KEPT)
def test_whatever_came_to_anything_stays(archive, words):
    first = run(archive, LONG_AGO)
    kept = run(archive, LONG_AGO + HOUR, **words)
    run(archive, LONG_AGO + 2 * HOUR)
    last = run(archive, LONG_AGO + 3 * HOUR)
    assert thin(archive) == {first, kept, last}


def test_recent_ones_stay_and_are_looked_at_when_they_are_old(archive):
    numbers = [run(archive, NOW - thinning.AFTER + number * HOUR) for number in range(1, 6)]
    assert thin(archive) == set(numbers)
    assert thin(archive, NOW + timedelta(days=2)) == {numbers[0], numbers[4]}


def test_each_source_keeps_its_own(archive):
    yazd = [run(archive, LONG_AGO + number * HOUR) for number in range(3)]
    gilan = [run(archive, LONG_AGO + number * HOUR, source="mcls-gilan") for number in range(3)]
    assert thin(archive) == {yazd[0], yazd[2], gilan[0], gilan[2]}


def test_many_are_looked_at_in_batches(archive, monkeypatch):
    monkeypatch.setattr(thinning, "BATCH", 4)
    numbers = [run(archive, LONG_AGO + number * HOUR) for number in range(20)]
    left = thin(archive)
    assert {numbers[0], numbers[11], numbers[19]} <= left
    assert len(left) <= 8  # the last of each batch stays too
