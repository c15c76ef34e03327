"""Workers: what is due is read by one of them, once, whatever becomes of the others or of the server."""

import asyncio
import logging
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa

from archive import Archive, crawls, orders, queue, tables
from archive.queue import Queue, Standing
from sources import Catalogue
from spiders import crawl, forking, schedule, workers
from spiders import station as stations
from spiders.forking import Fork
from spiders.processes import CLAIMED, Run, afresh
from spiders.schedule import Record
from spiders.station import Station
from spiders.workers import Worker, Workers

IDS = ("sample-gilan", "sample-hormozgan", "sample-yazd")
BRIEF = "print('in', sys.argv[1], file=log); time.sleep({}); print('out', sys.argv[1], file=log)"
CLAIMS = """
from pathlib import Path
from archive import Archive
with Archive(os.environ["MONADI_ARCHIVE"], Path("unused")).claim(sys.argv[1]):
    print("in", sys.argv[1], file=log)
    time.sleep({})
print("out", sys.argv[1], file=log)
"""


def command(log: Path, text: str) -> list[str]:
    """A program in the place of a crawl, which writes down what it does."""
    return [sys.executable, "-c", f"import os, sys, time\nlog = open({str(log)!r}, 'a', buffering=1)\n{text}"]


def told(log: Path) -> list[str]:
    return log.read_text("utf-8").splitlines() if log.exists() else []


@pytest.fixture
def archive(postgres, catalogue: Catalogue, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Archive]:
    for name in [name for name in os.environ if name.startswith("MONADI_")]:
        monkeypatch.delenv(name)
    with postgres.database() as url, Archive(url, tmp_path / "data" / "search") as opened:
        opened.upgrade()
        queue.prepare(opened.database)
        with opened.writing() as connection:
            crawls.register(connection, catalogue.sources.values())
        monkeypatch.setenv("MONADI_ARCHIVE", url)
        monkeypatch.setenv("MONADI_DATA", str(tmp_path / "data"))
        monkeypatch.setenv("MONADI_CATALOGUE", str(tmp_path / "catalogue"))
        monkeypatch.setenv("MONADI_ALLOW_HOSTS", "127.0.0.0/8")
        yield opened


@pytest.fixture
def handed(archive: Archive) -> Iterator[Queue]:
    with Queue(archive.database) as opened:
        yield opened


@pytest.fixture(autouse=True)
def haste(monkeypatch):
    monkeypatch.setattr(workers, "LOOK", 0.02)
    monkeypatch.setattr(workers, "AGAIN", 0.2)
    monkeypatch.setattr(workers, "EVERY", "* * * * * */1")
    monkeypatch.setattr(workers, "LONG", 4.0)
    monkeypatch.setattr(workers, "SURE", 0.2)


@contextmanager
def working(archive: Archive, program: list[str], at_once: int = 2) -> Iterator[Callable[[], None]]:
    """A worker in a thread of this process; what it yields tells it to stop, and waits until it has."""
    worker = Worker(archive, afresh(program), at_once=at_once, limit=600.0)
    loop, end = asyncio.new_event_loop(), asyncio.Event()

    def stop() -> None:
        if thread.is_alive():
            loop.call_soon_threadsafe(end.set)
        thread.join(30)
        assert not thread.is_alive()

    thread = threading.Thread(target=lambda: loop.run_until_complete(worker.work(end)))
    thread.start()
    try:
        yield stop
    finally:
        stop()
        loop.close()


def until(happened: Callable[[], bool], seconds: float = 30) -> None:
    end_at = time.monotonic() + seconds
    while not happened():
        assert time.monotonic() < end_at
        time.sleep(0.05)


def standing(archive: Archive) -> Standing:
    with archive.reading() as connection:
        return queue.standing(connection)


def in_queue(archive: Archive, statement: str) -> None:
    with archive.writing() as connection:
        connection.execute(sa.text("SET LOCAL search_path = monadi_queue"))
        connection.execute(sa.text(statement))


def runs(archive: Archive, source: str) -> int:
    counted = sa.select(sa.func.count()).where(tables.crawls.c.source == source, tables.crawls.c.outcome.is_not(None))
    with archive.reading() as connection:
        return connection.scalar(counted)


# ---- a worker ----


def test_what_waits_is_read_and_gone(archive, handed, tmp_path):
    for number in range(5):
        handed.put(f"office-{number}", 0)
    log = tmp_path / "log"
    with working(archive, command(log, BRIEF.format(0.3))):
        until(lambda: len(told(log)) == 10)
        until(lambda: not standing(archive).entries)
        assert standing(archive).workers == 1
    at_once = [sum(1 if line.startswith("in") else -1 for line in told(log)[: end + 1]) for end in range(10)]
    assert (max(at_once), sorted(set(told(log)))) == (2, sorted(told(log)))


def test_a_source_is_not_read_twice_at_once(archive, handed, tmp_path):
    log = tmp_path / "log"
    handed.put("office", 0)
    with working(archive, command(log, BRIEF.format(1))):
        until(lambda: told(log))
        handed.put("office", 0)
        assert [entry.taken for entry in standing(archive).entries] == [True, False]
        until(lambda: len(told(log)) == 4)
    assert told(log) == ["in office", "out office"] * 2


def test_what_operators_have_paused_meanwhile_is_left(archive, handed, tmp_path):
    with archive.writing() as connection:
        orders.pause(connection, ["sample-yazd"], datetime.now(UTC), "maryam")
    handed.put("sample-yazd", 0)
    handed.put("sample-gilan", 0)
    log = tmp_path / "log"
    with working(archive, command(log, BRIEF.format(0)), at_once=1):
        until(lambda: len(told(log)) == 2)
        until(lambda: not standing(archive).entries)
    assert told(log) == ["in sample-gilan", "out sample-gilan"]


def test_one_that_stops_gives_up_what_it_reads_and_leaves_what_waits(archive, handed, tmp_path):
    for source in ("first", "second", "third"):
        handed.put(source, 0)
    log = tmp_path / "log"
    with working(archive, command(log, BRIEF.format(30))) as stop:
        until(lambda: len(told(log)) == 2)
        began = time.monotonic()
        stop()
    assert time.monotonic() - began < 10
    assert [(entry.source, entry.taken) for entry in standing(archive).entries] == [("third", False)]
    assert standing(archive).workers == 0


def test_how_a_process_ended_that_did_not_tell_is_told(archive, handed, caplog):
    handed.put("sample-yazd", 0)
    with archive.writing() as connection:
        crawls.begin(connection, "sample-yazd", datetime.now(UTC))
    with working(archive, [sys.executable, "-c", "import os; os.kill(os.getpid(), 9)"]):
        until(lambda: runs(archive, "sample-yazd") == 1)
    assert "sample-yazd: its process was ended by SIGKILL" in caplog.text


# ---- forks ----


def test_a_crawl_that_ends_before_it_has_begun_says_so(archive, monkeypatch, capsys):
    monkeypatch.setattr(crawl, "harvest", lambda *_, **__: [])
    assert crawl.main(["sample-yazd"]) == 1
    assert capsys.readouterr().err == "sample-yazd: ended before it had begun\n"


def test_a_crawl_is_asked_to_end_once(archive, tmp_path):
    """Scrapy takes a second signal for an order to drop everything."""
    log = tmp_path / "log"
    text = """
import signal
signal.signal(signal.SIGTERM, lambda *_: print("asked", file=log))
print("in", file=log)
end = time.monotonic() + 1
while time.monotonic() < end:
    time.sleep(0.1)
"""
    run = Run.begin(afresh(command(log, text)), "office", 0, now=0.0, limit=1.0)
    until(lambda: told(log) == ["in"])
    run.hold_to_limit(32.0)
    until(lambda: told(log) == ["in", "asked"])  # the system makes one signal of two that come together
    run.hold_to_limit(33.0)
    run.end()
    assert (told(log), run.process.returncode) == (["in", "asked"], 0)


def test_a_fork_reads_a_source_and_tells_its_status(archive):
    for status in (0, CLAIMED):  # the second time there is a newer crawl than the one named
        fork = Fork(["sample-yazd", "--after", "0"])
        assert (fork.wait(30), fork.returncode, fork.poll()) == (status, status, status)
    assert runs(archive, "sample-yazd") == 1


def test_how_forks_ended_is_told_to_every_thread_that_asks(monkeypatch):
    """Of two that looked at once the second took a pipe that was read to its end for status 255."""
    monkeypatch.setattr(forking, "_crawl", len)  # which ends at once
    begun: list[Fork] = []
    told: set[int | None] = set()

    def look():
        while not begun or None in [fork.poll() for fork in begun] or len(begun) < 30:
            told.update(fork.returncode for fork in begun)

    with ThreadPoolExecutor(3) as threads:
        looking = [threads.submit(look) for _ in range(3)]
        begun.extend(Fork([]) for _ in range(30))
    assert [each.exception() for each in looking] == [None] * 3
    assert told <= {None, 0}
    assert {fork.wait() for fork in begun} == {0}


@pytest.mark.parametrize(("end", "by"), [(Fork.terminate, signal.SIGTERM), (Fork.kill, signal.SIGKILL)])
def test_a_fork_that_is_ended_says_by_what(archive, monkeypatch, end, by):
    monkeypatch.setattr(forking, "_crawl", signal.sigwait)  # which goes on for ever
    fork = Fork([signal.SIGUSR1])
    with pytest.raises(subprocess.TimeoutExpired):
        fork.wait(0.1)
    assert fork.poll() is None
    end(fork)
    assert fork.wait(10) == -by


# ---- what becomes of the others ----


@contextmanager
def another_worker(program: list[str]) -> Iterator[subprocess.Popen]:
    text = f"""
import asyncio, os
from pathlib import Path
from archive import Archive
from spiders.processes import afresh
from spiders.workers import Worker
with Archive(os.environ["MONADI_ARCHIVE"], Path("unused")) as kept:
    asyncio.run(Worker(kept, afresh({program!r}), at_once=2, limit=600.0).work(asyncio.Event()))
"""
    with subprocess.Popen([sys.executable, "-c", text]) as process:
        yield process
        process.kill()


def test_what_a_killed_worker_had_taken_is_handed_out_anew_once_nobody_reads_it(archive, handed, tmp_path):
    log = tmp_path / "log"
    handed.put("office", 0)
    with another_worker(command(log, CLAIMS.format(5))) as process:
        until(lambda: told(log))
        process.send_signal(signal.SIGKILL)
        process.wait()
    with working(archive, command(log, BRIEF.format(0))):
        time.sleep(2.5)
        assert told(log) == ["in office"]  # what the killed one began goes on, and holds its claim
        until(lambda: len(told(log)) == 4)
        until(lambda: not standing(archive).entries)
    assert told(log) == ["in office", "out office"] * 2


def test_a_lost_entry_whose_source_waits_already_is_dropped(archive, handed, tmp_path, monkeypatch):
    monkeypatch.setattr(workers, "LONG", 0.0)
    log = tmp_path / "log"
    handed.put("office", 0)
    with another_worker(command(log, BRIEF.format(30))) as process:
        until(lambda: told(log))
        process.send_signal(signal.SIGKILL)
    handed.put("office", 0)
    with working(archive, command(log, BRIEF.format(0))):
        until(lambda: not standing(archive).entries)
    assert told(log)[-2:] == ["in office", "out office"]


def test_a_worker_that_was_killed_while_it_rescued_keeps_nobody_from_it(archive, handed, tmp_path, monkeypatch):
    monkeypatch.setattr(workers, "LONG", 0.0)
    log = tmp_path / "log"
    handed.put("office", 0)
    in_queue(archive, "UPDATE procrastinate_jobs SET status = 'doing'")
    in_queue(
        archive,
        "INSERT INTO procrastinate_jobs (queue_name, task_name, lock, queueing_lock, args, status) "
        """VALUES ('rescue', 'rescue', 'rescue', 'rescue', '{"timestamp": 0}', 'doing')""",
    )
    with working(archive, command(log, BRIEF.format(0))):
        until(lambda: len(told(log)) == 2)
        until(lambda: left_of_rescues(archive) == 0)


def left_of_rescues(archive: Archive) -> int:
    """Those that were begun, and whose worker is gone."""
    counted = "SELECT count(*) FROM monadi_queue.procrastinate_jobs WHERE queue_name = 'rescue' AND worker_id IS NULL"
    with archive.reading() as connection:
        return connection.scalar(sa.text(f"{counted} AND status = 'doing'"))


def test_a_queue_that_is_away_is_waited_for(archive, handed, tmp_path, caplog):
    log = tmp_path / "log"
    away = sa.text("ALTER SCHEMA monadi_queue RENAME TO elsewhere")
    with working(archive, command(log, BRIEF.format(0))):
        until(lambda: standing(archive).workers)
        with archive.writing() as connection:
            connection.execute(away)
        until(lambda: "nobody hands out crawls" in caplog.text)
        with archive.writing() as connection:
            connection.execute(sa.text("ALTER SCHEMA elsewhere RENAME TO monadi_queue"))
        handed.put("office", 0)
        until(lambda: len(told(log)) == 2)
    assert [
        record.message for record in caplog.records if record.levelno >= logging.ERROR and "\n" in record.message
    ] == []
    assert caplog.text.count("nobody hands out crawls") == caplog.text.count("crawls are taken again") == 1


def test_connections_that_break_are_made_anew(archive, handed, tmp_path):
    log = tmp_path / "log"
    broken = sa.text(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
        "WHERE datname = current_database() AND application_name = 'monadi queue'"
    )
    with working(archive, command(log, BRIEF.format(1))):
        handed.put("first", 0)
        until(lambda: told(log))
        with archive.reading() as connection:
            assert len(connection.scalars(broken).all()) > 1
        handed.put("second", 0)
        until(lambda: told(log).count("out second") == 1)
        until(lambda: not standing(archive).entries)


# ---- who hands out ----


def test_as_many_wait_as_are_read_and_a_few_at_least(archive, handed, monkeypatch):
    monkeypatch.setattr(workers, "READY", 2)
    out = Workers(archive, handed)
    offices = [replace(Catalogue.load().source("mcls-yazd"), id=f"office-{number}") for number in range(4)]
    assert out.at_once == 2
    for office in offices:
        out.begin(office, Record())
    assert (out.reap(), out.running()) == ({}, {office.id for office in offices})
    in_queue(archive, "UPDATE procrastinate_jobs SET status = 'doing' WHERE id > 1")
    assert (out.reap(), out.at_once) == ({}, 6)
    in_queue(archive, "DELETE FROM procrastinate_jobs WHERE id = 2")
    assert (out.reap(), out.running()) == ({"office-1": 0}, {"office-0", "office-2", "office-3"})


def test_one_that_begins_anew_knows_what_is_in_the_queue(archive, handed):
    handed.put("office", 4)
    out = Workers(archive, handed)
    out.reap()
    assert out.running() == {"office"}


# ---- the whole of it ----


def test_a_newsroom_is_harvested_by_workers(archive, catalogue, handed, monkeypatch):
    monkeypatch.setattr(stations, "POLL", 0.1)
    monkeypatch.setattr(stations, "TICK", 1.0)
    monkeypatch.setattr(schedule, "HOST_GAP", timedelta(0))  # all offices of the sample newsroom are at one host
    worker = [sys.executable, "-P", "-m", "monadi", "worker"]
    with (
        subprocess.Popen(worker, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as first,
        subprocess.Popen(worker, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as second,
    ):
        with Station(archive, catalogue, Workers(archive, handed), follow=[sys.executable, "-c", ""]):
            until(lambda: all(runs(archive, source) for source in IDS), seconds=60)
            with archive.writing() as connection:
                orders.want(connection, ["sample-yazd"], datetime.now(UTC), "maryam")
            until(lambda: runs(archive, "sample-yazd") == 2 and not standing(archive).entries)
        for process in (first, second):
            process.terminate()
        said = [process.communicate(timeout=30) for process in (first, second)]
    assert {source: runs(archive, source) for source in IDS} == dict.fromkeys(IDS, 1) | {"sample-yazd": 2}
    assert [process.returncode for process in (first, second)] == [0, 0]
    lines = "".join(out for out, _ in said).splitlines()
    assert sum(line.startswith("sample-") for line in lines) == 4
    assert all("takes up to" in out.splitlines()[0] for out, _ in said)
    assert [errors for _, errors in said] == ["", ""]
