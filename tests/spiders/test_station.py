"""The station: what is due is harvested, operators are heard, and what is intended stands in the archive."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa

from archive import Archive, crawls, orders, tables
from archive.crawls import Crawl, Outcome, Result
from archive.database import sqlite_url
from archive.orders import Order, Visit, Why
from sources import Catalogue
from spiders import schedule
from spiders import station as stations
from spiders.processes import CLAIMED, COMMAND, Processes, afresh
from spiders.station import Station

NOTHING = [sys.executable, "-c", ""]
FAILS = [sys.executable, "-c", "raise SystemExit(3)"]
WAITS = [sys.executable, "-c", "import time; time.sleep(30)"]
DEAF = [sys.executable, "-c", "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); time.sleep(30)"]
LIMIT = 600.0
IDS = ("sample-gilan", "sample-hormozgan", "sample-yazd")


class Clock:
    """Seconds that pass when a test says so."""

    now = 0.0

    def __call__(self) -> float:
        return self.now


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
def stationed(archive: Archive, clock: Clock) -> Iterator[Callable[..., Station]]:
    """Makes a station whose crawls are a command; nothing but the test has it look."""
    stations: list[Station] = []

    def make(catalogue: Catalogue, command: list[str], *, at_once: int = 8, archive: Archive = archive) -> Station:
        processes = Processes(archive, afresh(command), at_once=at_once, limit=LIMIT, clock=clock)
        stations.append(Station(archive, catalogue, processes, follow=NOTHING, clock=clock))
        return stations[-1]

    yield make
    for each in stations:
        for run in each.crawls.runs:
            run.process.kill()
            run.process.wait()
        each.following.stop()


@pytest.fixture
def station(stationed, catalogue: Catalogue) -> Station:
    """A station whose crawls last until they are ended."""
    return stationed(apart(catalogue), WAITS)


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


def reading(station: Station) -> list[str]:
    return sorted(station.crawls.running())


def end(station: Station, *ids: str) -> None:
    """Crawls end, as far as the system tells of it."""
    for run in station.crawls.runs:
        if run.source in (ids or IDS):
            run.process.kill()
            run.process.wait()


# ---- crawls ----


def test_each_source_that_is_due_is_read_by_a_process_of_its_own(station):
    station.look()
    assert reading(station) == list(IDS)
    assert len({run.process.pid for run in station.crawls.runs}) == len(IDS)


def test_so_many_crawls_run_at_once(stationed, catalogue):
    station = stationed(apart(catalogue), WAITS, at_once=2)
    station.look()
    assert reading(station) == list(IDS[:2])
    end(station, IDS[0])
    station.look()
    assert reading(station) == list(IDS[1:])


def test_a_source_that_is_being_read_is_not_read_again(station, clock):
    station.look()
    clock.now += 500
    station.look()
    assert reading(station) == list(IDS)


def test_a_source_that_another_scheduler_reads_is_left_alone(station, archive, clock):
    with archive.claim("sample-yazd"):
        station.look()
        assert reading(station) == ["sample-gilan", "sample-hormozgan"]
    clock.now += stations.TICK
    station.look()
    assert reading(station) == list(IDS)


def test_a_paused_source_is_left_out(station, archive):
    order(archive, orders.pause, "sample-yazd")
    station.look()
    assert reading(station) == ["sample-gilan", "sample-hormozgan"]


def test_a_resumed_source_is_read_at_the_next_look(station, archive):
    order(archive, orders.pause, *IDS)
    station.look()
    order(archive, orders.resume, "sample-yazd")
    station.look()
    assert reading(station) == ["sample-yazd"]


def test_a_wanted_harvest_begins_at_the_next_look(station, archive):
    crawled(archive, *IDS)
    station.look()
    assert reading(station) == []
    order(archive, orders.want, "sample-yazd")
    station.look()
    assert reading(station) == ["sample-yazd"]


def test_a_source_that_is_not_on_schedule_is_read_when_it_is_wanted(stationed, archive, catalogue, newsroom):
    own = [replace(source, unverified=True) for source in catalogue.sources.values()]
    unverified = Catalogue(provinces=catalogue.provinces, agencies=catalogue.agencies.values(), sources=own)
    station = stationed(unverified, NOTHING)
    station.look()
    assert reading(station) == []
    order(archive, orders.want, "sample-yazd")
    station.look()
    assert reading(station) == ["sample-yazd"]


def test_a_wanted_harvest_does_not_wait_for_room(stationed, archive, catalogue):
    crawled(archive, "sample-yazd")
    station = stationed(apart(catalogue), WAITS, at_once=2)
    station.look()
    order(archive, orders.want, "sample-yazd")
    station.look()
    assert reading(station) == list(IDS)


def test_what_is_wanted_of_a_source_that_is_being_read_is_not_lost(station, archive, clock):
    station.look()
    crawled(archive, "sample-yazd")
    order(archive, orders.want, "sample-yazd")
    station.look()
    assert standing(archive)["sample-yazd"].wanted_since
    end(station, "sample-yazd")
    clock.now += stations.POLL
    station.look()
    assert reading(station) == list(IDS)


def test_a_host_is_not_read_by_two_crawls(stationed, archive, catalogue):
    """Of the sample newsroom all offices are at one host."""
    station = stationed(catalogue, WAITS)
    station.look()
    assert reading(station) == [IDS[0]]
    order(archive, orders.want, "sample-yazd")
    station.look()
    assert reading(station) == [IDS[0]]
    end(station)
    station.look()
    assert reading(station) == ["sample-yazd"]


def test_a_crawl_that_cannot_begin_is_tried_again_after_a_while_only(station, archive, clock):
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
    assert reading(station) == ["sample-yazd"]


def test_an_archive_that_cannot_be_read_is_a_line_a_minute(stationed, tmp_path, catalogue, clock, caplog):
    with Archive(sqlite_url(tmp_path / "none" / "monadi.db"), tmp_path / "none" / "search") as missing:
        station = stationed(catalogue, NOTHING, archive=missing)
        station.look()
        station.look()
        clock.now += stations.TICK
        station.look()
    assert [message.partition(":")[0] for message in caplog.messages] == ["nothing is harvested on schedule"] * 2


# ---- how a process ended ----


def begun(archive: Archive, source: str) -> int:
    with archive.writing() as connection:
        return crawls.begin(connection, source, datetime.now(UTC))


def latest(archive: Archive, source: str) -> Crawl:
    with archive.reading() as connection:
        return crawls.latest(connection, source)[0]


def test_a_crawl_whose_process_was_killed_is_closed_with_the_signal(station, archive):
    station.look()
    begun(archive, "sample-yazd")
    end(station, "sample-yazd")
    station.look()
    closed = latest(archive, "sample-yazd")
    assert (closed.outcome, closed.reason) == (Outcome.STOPPED, "its process was ended by SIGKILL")
    assert reading(station) == ["sample-gilan", "sample-hormozgan"]


def test_a_crawl_whose_process_failed_is_closed_with_its_status(stationed, archive, catalogue):
    station = stationed(apart(catalogue), FAILS)
    station.look()
    begun(archive, "sample-yazd")
    for run in station.crawls.runs:
        run.process.wait()
    station.look()
    closed = latest(archive, "sample-yazd")
    assert (closed.outcome, closed.reason) == (Outcome.STOPPED, "its process ended with status 3")


def test_the_crawl_of_another_process_stays_open(station, archive):
    station.look()
    begun(archive, "sample-yazd")
    with archive.claim("sample-yazd"):
        end(station, "sample-yazd")
        station.look()
    assert latest(archive, "sample-yazd").outcome is None


def test_a_process_that_goes_on_past_the_limit_is_ended(stationed, catalogue, clock):
    station = stationed(apart(catalogue), DEAF)
    station.look()
    runs = list(station.crawls.runs)
    time.sleep(0.5)
    clock.now = LIMIT + 29
    station.look()
    clock.now = LIMIT + 40
    station.look()
    time.sleep(0.2)
    assert [run.process.poll() for run in runs] == [None] * 3
    clock.now = LIMIT + 61
    station.look()
    assert {run.process.wait() for run in runs} == {-signal.SIGKILL}


def test_leaving_ends_what_runs(stationed, catalogue):
    with stationed(apart(catalogue), WAITS) as station:
        until(lambda: len(reading(station)) == 3)
        runs = list(station.crawls.runs)
    assert {run.process.poll() for run in runs} == {-signal.SIGTERM}


# ---- what is intended ----


def test_the_next_visits_stand_in_the_archive(station, archive):
    crawled(archive, "sample-yazd")
    order(archive, orders.pause, "sample-gilan")
    station.look()
    visits = {source: each.visit for source, each in standing(archive).items()}
    began = latest(archive, "sample-yazd").started_at
    assert visits == {
        "sample-gilan": Visit(at=None, why=Why.PAUSED),
        "sample-hormozgan": Visit(at=None, why=Why.NEW),
        "sample-yazd": Visit(at=began + timedelta(hours=2), why=Why.PACE),
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
    return list(COMMAND)


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
    monkeypatch.setattr(stations, "TICK", 1.0)
    monkeypatch.setattr(schedule, "HOST_GAP", timedelta(0))  # all offices of the sample newsroom are at one host
    order(archive, orders.pause, "sample-gilan")
    processes = Processes(archive, afresh(harvest), at_once=2, limit=LIMIT)
    with Station(archive, catalogue, processes) as station:
        until(lambda: not reading(station) and runs(archive, "sample-yazd") == runs(archive, "sample-hormozgan") == 1)
        order(archive, orders.want, "sample-yazd")
        until(lambda: runs(archive, "sample-yazd") == 2, seconds=20)
        until(lambda: standing(archive)["sample-yazd"].visit.why is Why.PACE, seconds=20)
        assert standing(archive)["sample-yazd"].wanted_since is None
        assert runs(archive, "sample-gilan") == 0
        order(archive, orders.resume, "sample-gilan")
        until(lambda: runs(archive, "sample-gilan") == 1, seconds=20)
    with archive.reading() as connection:
        assert crawls.last_successes(connection).keys() == set(IDS)


@pytest.mark.parametrize(("known", "read"), [(0, False), (1, True)], ids=["a crawl that is not known", "none"])
def test_a_crawl_is_left_where_another_has_begun_since_it_was_asked_for(archive, harvest, known, read):
    crawled(archive, "sample-yazd")
    done = subprocess.run([*harvest, "sample-yazd", "--after", str(known)], check=False)
    assert done.returncode == (0 if read else CLAIMED)
    assert runs(archive, "sample-yazd") == 1 + read


def test_a_crawl_that_was_left_open_is_closed_by_the_next(archive, harvest):
    with archive.writing() as connection:
        left = crawls.begin(connection, "sample-yazd", datetime.now(UTC))
    assert subprocess.run([*harvest, "sample-yazd"], check=False).returncode == 0
    with archive.reading() as connection:
        row = connection.execute(sa.select(tables.crawls).where(tables.crawls.c.id == left)).one()
    assert (row.outcome, row.reason) == ("stopped", crawls.LEFT)
    assert row.finished_at is not None


def test_two_schedulers_on_one_archive_read_each_source_once(archive, catalogue, harvest, monkeypatch):
    monkeypatch.setattr(stations, "POLL", 0.1)
    monkeypatch.setattr(stations, "TICK", 0.5)
    monkeypatch.setattr(schedule, "HOST_GAP", timedelta(0))
    both = [
        Station(archive, apart(catalogue), Processes(archive, afresh(harvest), at_once=8, limit=LIMIT))
        for _ in range(2)
    ]
    with both[0], both[1]:
        until(lambda: all(runs(archive, source) for source in IDS))
        time.sleep(2)
    assert {source: runs(archive, source) for source in IDS} == dict.fromkeys(IDS, 1)
