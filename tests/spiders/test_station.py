"""The station: what is due is harvested, operators are heard, and what is intended stands in the archive."""

import os
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa

from archive import Archive, crawls, orders, tables
from archive.crawls import Outcome, Result
from archive.database import sqlite_url
from archive.orders import Order, Visit, Why
from sources import Catalogue
from sources.sample import SampleNewsroom
from spiders import station as stations
from spiders.station import Station

NOTHING = [sys.executable, "-c", ""]
WAITS = [sys.executable, "-c", "import time; time.sleep(30)"]
IDS = ("sample-gilan", "sample-hormozgan", "sample-yazd")


class Clock:
    """Seconds that pass when a test says so."""

    now = 0.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def newsroom() -> Iterator[SampleNewsroom]:
    with SampleNewsroom() as opened:
        yield opened


@pytest.fixture
def catalogue(newsroom: SampleNewsroom, tmp_path: Path) -> Catalogue:
    newsroom.write_catalogue(tmp_path / "catalogue")
    return Catalogue.load(tmp_path / "catalogue")


@pytest.fixture
def archive(tmp_path: Path, catalogue: Catalogue) -> Iterator[Archive]:
    with Archive(sqlite_url(tmp_path / "data" / "monadi.db"), tmp_path / "data" / "search") as opened:
        opened.upgrade()
        with opened.writing() as connection:
            crawls.register(connection, catalogue.sources.values())
        yield opened


def apart(catalogue: Catalogue) -> Catalogue:
    """The same sources, each at a host of its own: that is all a station looks at."""
    own = [replace(source, url=f"https://{source.id}.example.ir/") for source in catalogue.sources.values()]
    return Catalogue(provinces=catalogue.provinces, agencies=catalogue.agencies.values(), sources=own)


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def station(archive: Archive, catalogue: Catalogue, clock: Clock) -> Iterator[Station]:
    """A station whose rounds last until they are ended; nothing but the test has it look."""
    made = Station(archive, apart(catalogue), WAITS, clock=clock)
    yield made
    for each in (*made.rounds, *made.ordered):
        each.process.kill()
        each.process.wait()


def order(archive: Archive, function: Callable, *ids: str) -> None:
    with archive.writing() as connection:
        function(connection, ids, datetime.now(UTC), "maryam")


def standing(archive: Archive) -> dict[str, Order]:
    with archive.reading() as connection:
        return orders.read(connection)


def crawled(archive: Archive, *ids: str) -> None:
    """A harvest of these sources, as far as the archive tells of it."""
    for source in ids:
        with archive.writing() as connection:
            number = crawls.begin(connection, source, datetime.now(UTC))
            orders.begun(connection, source)
            result = Result(outcome=Outcome.QUIET, reason=None, swept=True, counts={})
            crawls.finish(connection, number, at=datetime.now(UTC), result=result)


def reading(station: Station) -> list[list[str]]:
    return [list(each.offices) for each in (*station.rounds, *station.ordered)]


def end(station: Station) -> None:
    """The rounds end, as far as the system tells of it."""
    for each in (*station.rounds, *station.ordered):
        each.process.kill()
        each.process.wait()


# ---- rounds ----


def test_all_that_is_due_is_one_round(station):
    station.look()
    assert reading(station) == [list(IDS)]


def test_no_other_round_begins_while_one_runs(station, clock):
    station.look()
    clock.now += 999
    station.look()
    assert reading(station) == [list(IDS)]


def test_a_paused_source_is_left_out(station, archive):
    order(archive, orders.pause, "sample-yazd")
    station.look()
    assert reading(station) == [["sample-gilan", "sample-hormozgan"]]


def test_a_resumed_source_is_read_at_the_next_look(station, archive):
    order(archive, orders.pause, *IDS)
    station.look()
    order(archive, orders.resume, "sample-yazd")
    station.look()
    assert reading(station) == [["sample-yazd"]]


def test_a_wanted_harvest_begins_at_the_next_look(station, archive):
    crawled(archive, *IDS)
    station.look()
    assert reading(station) == []
    order(archive, orders.want, "sample-yazd")
    station.look()
    assert reading(station) == [["sample-yazd"]]


def test_a_source_that_is_not_on_schedule_is_read_when_it_is_wanted(archive, catalogue, clock, newsroom):
    own = [replace(source, unverified=True) for source in catalogue.sources.values()]
    unverified = Catalogue(provinces=catalogue.provinces, agencies=catalogue.agencies.values(), sources=own)
    station = Station(archive, unverified, NOTHING, clock=clock)
    station.look()
    assert reading(station) == []
    order(archive, orders.want, "sample-yazd")
    station.look()
    assert reading(station) == [["sample-yazd"]]
    end(station)


def test_a_wanted_harvest_does_not_wait_for_a_round_that_reads_others(station, archive):
    crawled(archive, "sample-yazd")
    station.look()
    order(archive, orders.want, "sample-yazd")
    station.look()
    assert reading(station) == [["sample-gilan", "sample-hormozgan"], ["sample-yazd"]]


def test_a_source_that_a_round_is_going_to_read_is_not_read_by_another(station, archive):
    station.look()
    order(archive, orders.want, "sample-yazd")
    station.look()
    assert reading(station) == [list(IDS)]
    assert standing(archive)["sample-yazd"].wanted_since


def test_what_is_wanted_again_of_a_round_that_still_runs_is_not_lost(station, archive):
    station.look()
    crawled(archive, "sample-yazd")
    order(archive, orders.want, "sample-yazd")
    station.look()
    assert reading(station) == [list(IDS), ["sample-yazd"]]


def test_a_host_is_not_read_by_two_rounds(archive, catalogue, clock):
    """Of the sample newsroom all offices are at one host."""
    crawled(archive, "sample-yazd")
    station = Station(archive, catalogue, WAITS, clock=clock)
    station.look()
    order(archive, orders.want, "sample-yazd")
    station.look()
    assert reading(station) == [["sample-gilan", "sample-hormozgan"]]
    end(station)
    station.look()
    assert reading(station) == [["sample-yazd"]]
    end(station)


def test_a_harvest_that_cannot_begin_is_tried_again_after_a_while_only(station, archive, clock):
    crawled(archive, *IDS)
    order(archive, orders.want, "sample-yazd")
    station.look()
    end(station)
    station.look()
    clock.now += stations.TICK - 1
    station.look()
    assert reading(station) == []
    clock.now += 2
    station.look()
    assert reading(station) == [["sample-yazd"]]


def test_an_archive_that_cannot_be_read_is_a_line_a_minute(tmp_path, catalogue, clock, caplog):
    with Archive(sqlite_url(tmp_path / "none" / "monadi.db"), tmp_path / "none" / "search") as missing:
        station = Station(missing, catalogue, NOTHING, clock=clock)
        station.look()
        station.look()
        clock.now += stations.TICK
        station.look()
    assert [message.partition(":")[0] for message in caplog.messages] == ["nothing is harvested on schedule"] * 2


# ---- what is intended ----


def test_the_next_visits_stand_in_the_archive(station, archive):
    crawled(archive, "sample-yazd")
    order(archive, orders.pause, "sample-gilan")
    station.look()
    visits = {source: each.visit for source, each in standing(archive).items()}
    with archive.reading() as connection:
        (latest,) = crawls.latest(connection, "sample-yazd")
    assert visits == {
        "sample-gilan": Visit(at=None, why=Why.PAUSED),
        "sample-hormozgan": Visit(at=None, why=Why.NEW),
        "sample-yazd": Visit(at=latest.started_at + timedelta(hours=2), why=Why.PACE),
    }


def test_nothing_is_written_where_nothing_has_changed(station, archive, clock):
    crawled(archive, *IDS)
    station.look()
    written = []
    sa.event.listen(archive.database.engine, "before_cursor_execute", lambda *told: written.append(told[2]))
    for _ in range(3):
        clock.now += stations.TICK
        station.look()
    assert len(written) > 3
    assert "BEGIN IMMEDIATE" not in written
    assert [statement for statement in written if not statement.startswith(("SELECT", "BEGIN"))] == []


def test_a_look_in_between_is_one_cheap_question(station, archive, clock):
    crawled(archive, *IDS)
    station.look()
    asked = []
    sa.event.listen(archive.database.engine, "before_cursor_execute", lambda *told: asked.append(told[2]))
    clock.now += stations.POLL
    station.look()
    assert [statement.split()[0] for statement in asked] == ["BEGIN", "SELECT"]


# ---- the whole of it ----


@pytest.fixture
def harvest(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    for name in [name for name in os.environ if name.startswith("MONADI_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("MONADI_DATA", str(tmp_path / "data"))
    monkeypatch.setenv("MONADI_CATALOGUE", str(tmp_path / "catalogue"))
    monkeypatch.setenv("MONADI_ALLOW_HOSTS", "127.0.0.0/8")
    return [sys.executable, "-P", "-m", "monadi", "harvest"]


def until(happened: Callable[[], bool], seconds: float = 60) -> None:
    end_at = time.monotonic() + seconds
    while not happened():
        assert time.monotonic() < end_at
        time.sleep(0.05)


def runs(archive: Archive, source: str) -> int:
    counted = sa.select(sa.func.count()).where(tables.crawls.c.source == source, tables.crawls.c.outcome.is_not(None))
    with archive.reading() as connection:
        return connection.scalar(counted)


def test_a_newsroom_is_harvested_as_operators_ask(archive, catalogue, harvest, monkeypatch):
    monkeypatch.setattr(stations, "POLL", 0.1)
    order(archive, orders.pause, "sample-gilan")
    with Station(archive, catalogue, harvest) as station:
        until(lambda: not station.rounds and runs(archive, "sample-yazd") == runs(archive, "sample-hormozgan") == 1)
        order(archive, orders.want, "sample-yazd")
        until(lambda: runs(archive, "sample-yazd") == 2, seconds=20)
        until(lambda: standing(archive)["sample-yazd"].visit.why is Why.PACE, seconds=20)
        assert standing(archive)["sample-yazd"].wanted_since is None
        assert runs(archive, "sample-gilan") == 0
        order(archive, orders.resume, "sample-gilan")
        until(lambda: runs(archive, "sample-gilan") == 1, seconds=20)
    with archive.reading() as connection:
        assert crawls.last_successes(connection).keys() == set(IDS)
