"""A source that a crawl claims is claimed by no other one, until it is given up or whoever holds it is gone."""

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
import sqlalchemy as sa

from archive import Archive, claims
from archive.database import sqlite_url
from archive.errors import ArchiveUnavailable, Claimed

YAZD, GILAN = "mcls-yazd", "mcls-gilan"
HOLDS = """
import sys, time
from pathlib import Path
from archive import Archive
with Archive(sys.argv[1], Path(sys.argv[2])).claim(sys.argv[3]):
    print("held", flush=True)
    time.sleep(60)
"""


@pytest.fixture(autouse=True)
def haste(monkeypatch):
    monkeypatch.setattr(claims, "PATIENCE", 0.1)


@contextmanager
def another_process(archive: Archive, source: str) -> Iterator[subprocess.Popen]:
    url = archive.database.url.render_as_string(hide_password=False)
    command = [sys.executable, "-c", HOLDS, url, str(archive.index.directory), source]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout.readline() == "held\n"
        yield process
        process.kill()


def until(happened, seconds=10.0):
    end_at = time.monotonic() + seconds
    while not happened():
        assert time.monotonic() < end_at
        time.sleep(0.02)


def test_a_source_is_claimed_once(archive):
    with archive.claim(YAZD), pytest.raises(Claimed, match="mcls-yazd: it is being read by another process"):
        archive.claim(YAZD)


def test_another_source_is_free(archive):
    with archive.claim(YAZD), archive.claim(GILAN):
        assert archive.claimed([YAZD, GILAN, "mcls-qom"]) == {YAZD, GILAN}


def test_what_is_given_up_is_free(archive):
    for _ in range(3):
        with archive.claim(YAZD):
            assert archive.claimed([YAZD]) == {YAZD}
        assert archive.claimed([YAZD]) == set()


def test_giving_up_twice_is_giving_up(archive):
    claim = archive.claim(YAZD)
    claim.close()
    claim.close()
    archive.claim(YAZD).close()


def test_another_process_is_respected_until_it_is_killed(archive):
    with another_process(archive, YAZD) as holder:
        with pytest.raises(Claimed):
            archive.claim(YAZD)
        assert archive.claimed([YAZD]) == {YAZD}
        holder.send_signal(signal.SIGKILL)
        holder.wait()
        until(lambda: not archive.claimed([YAZD]))
        archive.claim(YAZD).close()


def test_claims_of_two_archives_are_apart(archive, tmp_path):
    with Archive(sqlite_url(tmp_path / "other" / "monadi.db"), tmp_path / "search") as other, archive.claim(YAZD):
        other.claim(YAZD).close()


def test_whoever_has_just_ended_is_waited_for(archive, monkeypatch):
    monkeypatch.setattr(claims, "PATIENCE", 10.0)
    held = archive.claim(YAZD)
    threading.Timer(0.3, held.close).start()
    archive.claim(YAZD).close()


def test_ids_of_any_letters_are_names_of_files(archive):
    with archive.claim("a/../b:ج"):
        assert archive.claimed(["a/../b:ج", "b"]) == {"a/../b:ج"}


# ---- on a server ----


@pytest.fixture
def served(postgres, tmp_path) -> Iterator[Archive]:
    with postgres.database() as url, Archive(url, tmp_path / "search") as opened:
        opened.upgrade()
        yield opened


def backends(archive: Archive) -> list[int]:
    statement = (
        "SELECT pid FROM pg_stat_activity WHERE application_name = 'monadi claim' AND datname = current_database()"
    )
    with archive.reading() as connection:
        return list(connection.scalars(sa.text(statement)))


def test_a_claim_that_the_server_takes_away_is_told_at_once(served):
    lost = threading.Event()
    with served.claim(YAZD, lost.set):
        (backend,) = backends(served)
        with served.reading() as connection:
            connection.execute(sa.text("SELECT pg_terminate_backend(:pid)"), {"pid": backend})
        assert lost.wait(1.0)


def test_a_server_that_says_nothing_has_lost_the_claim(served, monkeypatch):
    monkeypatch.setattr(claims, "PING", 0.2)
    monkeypatch.setattr(claims, "ANSWER", 0.3)
    lost = threading.Event()
    with served.claim(YAZD, lost.set):
        (backend,) = backends(served)
        time.sleep(0.5)
        assert not lost.is_set()
        os.kill(backend, signal.SIGSTOP)
        assert lost.wait(2.0)
        os.kill(backend, signal.SIGCONT)


def test_a_claim_that_is_given_up_is_not_lost(served):
    lost = threading.Event()
    served.claim(YAZD, lost.set).close()
    assert not lost.wait(0.3)


def test_claims_leave_the_writers_alone(served):
    with served.claim(YAZD), served.writing() as connection:
        assert connection.scalar(sa.text("SELECT 1")) == 1


def test_a_server_that_is_not_there_is_named(tmp_path):
    nowhere = Archive(f"postgresql+psycopg://x@/x?host={tmp_path}", tmp_path / "search")
    with nowhere, pytest.raises(ArchiveUnavailable, match="cannot be used"):
        nowhere.claim(YAZD)


def test_what_is_given_up_is_free_though_the_server_has_not_hung_up_yet(served, monkeypatch):
    claim = served.claim(YAZD)
    hang_up = claim._release
    monkeypatch.setattr(claim, "_release", lambda: None)
    claim.close()
    assert served.claimed([YAZD]) == set()
    hang_up()


def test_a_claim_that_is_lost_may_be_given_up_at_once(served):
    lost, claims_ = threading.Event(), []

    def give_up() -> None:
        claims_[0].close()
        lost.set()

    claims_.append(served.claim(YAZD, give_up))
    (backend,) = backends(served)
    with served.reading() as connection:
        connection.execute(sa.text("SELECT pg_terminate_backend(:pid)"), {"pid": backend})
    assert lost.wait(2.0)
    until(lambda: not served.claimed([YAZD]))


# ---- where there is nothing to claim, or no way to ----


def test_in_an_archive_in_memory_there_is_nothing_to_claim(tmp_path):
    with Archive("sqlite://", tmp_path / "search") as alone, alone.claim(YAZD):
        assert alone.claimed([YAZD]) == set()


def test_a_directory_that_cannot_be_made_is_named(tmp_path):
    (tmp_path / "monadi.db.claims").write_text("a file")
    with (
        Archive(sqlite_url(tmp_path / "monadi.db"), tmp_path / "search") as archive,
        pytest.raises(ArchiveUnavailable, match=r"claims cannot be written down in .*make that directory writable"),
    ):
        archive.claim(YAZD)
