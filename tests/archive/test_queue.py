"""The queue: what is put in waits for a worker, once for each source, on PostgreSQL alone."""

import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
import sqlalchemy as sa

from archive import Archive, queue
from archive.database import sqlite_url
from archive.errors import ArchiveUnavailable, QueueMissing
from archive.queue import Queue

YAZD, GILAN, QOM = "mcls-yazd", "mcls-gilan", "mcls-qom"


@pytest.fixture
def served(postgres, tmp_path: Path) -> Iterator[Archive]:
    """An archive on a server, without a queue."""
    with postgres.database() as url, Archive(url, tmp_path / "search") as opened:
        opened.upgrade()
        yield opened


@pytest.fixture
def handed(served: Archive) -> Iterator[Queue]:
    queue.prepare(served.database)
    with Queue(served.database) as opened:
        yield opened


def standing(archive: Archive) -> queue.Standing | None:
    with archive.reading() as connection:
        return queue.standing(connection)


def test_what_is_put_in_waits_in_the_order_of_asking_and_what_is_wanted_before_it(served, handed):
    for source, after, wanted in ((YAZD, 7, False), (GILAN, 0, False), (QOM, 3, True)):
        assert handed.put(source, after, wanted=wanted)

    stands = standing(served)

    assert [(entry.source, entry.after) for entry in stands.waiting] == [(QOM, 3), (YAZD, 7), (GILAN, 0)]
    assert all(0 <= entry.seconds < 60 for entry in stands.entries)
    assert (stands.taken, stands.workers, stands.heard) == ([], 0, None)


def test_a_source_waits_once(served, handed):
    assert handed.put(YAZD, 7)
    assert not handed.put(YAZD, 7)
    assert len(standing(served).entries) == 1


def test_an_archive_without_a_queue_says_so(served):
    assert standing(served) is None
    with pytest.raises(QueueMissing, match="start `monadi schedule run --workers`"):
        queue.check(served.database)


def test_a_queue_is_made_once(served, handed):
    handed.put(YAZD, 0)
    queue.prepare(served.database)
    queue.check(served.database)
    assert len(standing(served).entries) == 1


def test_a_queue_of_another_version_is_refused_by_workers_and_made_anew_by_who_hands_out(served, handed):
    handed.put(YAZD, 0)
    with served.writing() as connection:
        connection.execute(sa.text(f"COMMENT ON SCHEMA {queue.SCHEMA} IS 'procrastinate 0123456789abcdef'"))

    with pytest.raises(QueueMissing, match="made by another version of procrastinate"):
        queue.check(served.database)
    queue.prepare(served.database)

    queue.check(served.database)
    assert standing(served).entries == []


def test_a_database_that_lets_no_queue_be_made_is_named(served, postgres):
    with served.writing() as connection:
        name = served.database.url.database
        for statement in (
            "CREATE ROLE guest LOGIN",
            "GRANT ALL ON ALL TABLES IN SCHEMA public TO guest",
            f"REVOKE CREATE ON DATABASE {name} FROM PUBLIC",
        ):
            connection.execute(sa.text(statement))
    url = served.database.url.set(username="guest").render_as_string(hide_password=False)
    with (
        Archive(url, served.index.directory) as guest,
        pytest.raises(ArchiveUnavailable, match=f'GRANT CREATE ON DATABASE "{name}" TO "guest"'),
    ):
        queue.prepare(guest.database)
    assert standing(served) is None


def test_there_is_none_on_sqlite(tmp_path):
    with Archive(sqlite_url(tmp_path / "monadi.db"), tmp_path / "search") as embedded:
        embedded.upgrade()
        assert standing(embedded) is None
        with pytest.raises(ArchiveUnavailable, match="workers need an archive on PostgreSQL"):
            Queue(embedded.database)


def test_a_server_that_is_not_there_is_named(tmp_path, monkeypatch):
    monkeypatch.setattr(queue, "WAIT", 0.5)
    url = f"postgresql+psycopg://postgres@/nothing?host={tmp_path}"
    with Archive(url, tmp_path / "search") as away:
        handed = Queue(away.database)
        with pytest.raises(ArchiveUnavailable, match="cannot be used"):
            queue.prepare(away.database)
        with pytest.raises(ArchiveUnavailable, match=r"the queue of postgresql\+psycopg"), handed:
            handed.put(YAZD, 0)


def test_how_the_queue_stands_is_a_line_and_plain_values(served, handed):
    handed.put(YAZD, 7)
    stands = standing(served)
    assert str(stands) == "queue: 1 crawls wait, 0 are being read, no worker"
    assert str(replace(stands, workers=1)) == "queue: 1 crawls wait, 0 are being read, 1 worker"
    assert str(replace(stands, workers=2)) == "queue: 1 crawls wait, 0 are being read, 2 workers"
    assert {"waiting": [YAZD], "taken": [], "workers": 0}.items() <= stands.to_dict().items()


def test_without_procrastinate_workers_are_told_what_to_install(tmp_path, monkeypatch):
    monkeypatch.setitem(sys.modules, "procrastinate.exceptions", None)
    with (
        Archive(f"postgresql+psycopg://postgres@/nothing?host={tmp_path}", tmp_path / "search") as away,
        pytest.raises(ArchiveUnavailable, match=r"install monadi\[postgres\]"),
    ):
        queue.prepare(away.database)
