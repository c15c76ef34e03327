"""Backups: one state of the archive in one file, and back into either engine with nothing lost or changed."""

import os
import resource
import signal
import sqlite3
from threading import Event, Thread

import pytest
import sqlalchemy as sa

from archive import Archive, Query, crawls, tables
from archive.crawls import Quarantined
from archive.database import sqlite_url
from archive.errors import ArchiveUnavailable, BackupRefused, SchemaTooNew
from archive.verification import verify


def contents(archive: Archive) -> dict[str, list[tuple]]:
    with archive.reading() as connection:
        return {
            table.name: [tuple(row) for row in connection.execute(sa.select(table).order_by(*table.primary_key))]
            for table in tables.metadata.sorted_tables
        }


@pytest.fixture
def full(archive, save, make):
    """An archive with an edit, a run and a page in quarantine."""
    save(make(1), make(2), make(3, date=None, source="mcls-gilan"))
    save(make(1, body="متن تازه"))
    with archive.writing() as connection:
        crawls.begin(connection, "mcls-yazd", make().fetched_at)
        page = {"source": "mcls-yazd", "url": "https://yazd.mcls.gov.ir/x", "kind": "parse", "reason": "ناخوانا"}
        crawls.hold(connection, [Quarantined(**page, extractor="a/1", headers={}, body=b"\x00\xff")], make().fetched_at)
    return archive


@pytest.fixture(params=["sqlite", "postgresql"])
def empty(request, tmp_path):
    """An archive that has not been made yet, on each engine."""
    if request.param == "sqlite":
        with Archive(sqlite_url(tmp_path / "new" / "monadi.db"), tmp_path / "new" / "search") as archive:
            yield archive
        return
    with request.getfixturevalue("postgres").database() as url, Archive(url, tmp_path / "new" / "search") as archive:
        yield archive


def test_what_is_backed_up_and_restored_is_the_same_on_either_engine(full, empty, tmp_path, keep, make):
    full.backup(tmp_path / "backup.db")
    empty.restore(tmp_path / "backup.db")
    assert contents(empty) == contents(full)
    with empty.reading() as connection:
        assert [found for found in verify(connection) if found.mismatches] == []
    keep(empty, make(9))  # numbers go on behind those that were restored
    assert "mcls-yazd/9" in [item.id for item in empty.articles(Query(text="نشست"))]


def test_an_archive_is_copied_from_either_engine_into_either(full, empty, keep, make):
    told = []
    name = full.copy_to(empty.database.url.render_as_string(hide_password=False), told.append)
    assert (contents(empty), sum(told)) == (contents(full), full.rows())
    assert name == empty.database.name
    keep(empty, make(9))  # numbers go on behind those that were copied


def test_a_copy_into_an_archive_that_holds_something_is_refused(full):
    with pytest.raises(BackupRefused, match="holds something already"):
        full.copy_to(full.database.url.render_as_string(hide_password=False))


def test_a_backup_is_an_archive_itself(full, tmp_path):
    full.backup(tmp_path / "backup.db")
    with Archive(sqlite_url(tmp_path / "backup.db"), tmp_path / "other") as opened:
        assert list(opened.articles(Query())) == list(full.articles(Query()))
    assert [file.name for file in tmp_path.glob("*backup.db*")] == ["backup.db"]


def test_a_backup_is_one_state_of_an_archive_that_is_being_written(archive, save, keep, make, tmp_path):
    save(*(make(number) for number in range(300)))
    begun, stop, written = Event(), Event(), []

    def write() -> None:
        number = 1000
        while not stop.is_set():
            keep(archive, make(number), make(number + 1))
            number += 2
            begun.set()
        written.append(number)

    writer = Thread(target=write)
    writer.start()
    try:
        assert begun.wait(30)
        for number in range(3):
            archive.backup(tmp_path / f"{number}.db")
    finally:
        stop.set()
        writer.join()
    assert written
    for number in range(3):
        with Archive(sqlite_url(tmp_path / f"{number}.db"), tmp_path / "other") as opened:
            assert opened.count(Query()) % 2 == 0
            assert [found for found in opened.verify() if found.mismatches] == []


def test_a_newer_backup_takes_the_place_of_an_older_one(full, save, make, tmp_path):
    full.backup(tmp_path / "backup.db")
    save(make(7))
    full.backup(tmp_path / "backup.db")
    with Archive(sqlite_url(tmp_path / "backup.db"), tmp_path / "other") as opened:
        assert opened.count(Query()) == 4


def test_a_backup_that_fails_leaves_the_older_one_and_nothing_else(full, tmp_path):
    full.backup(tmp_path / "backup.db")
    before = (tmp_path / "backup.db").read_bytes()

    def fail(_: int) -> None:
        raise OSError(28, "No space left on device")

    with pytest.raises(ArchiveUnavailable, match=r"backup\.db cannot be written: No space left on device"):
        full.backup(tmp_path / "backup.db", fail)
    assert (tmp_path / "backup.db").read_bytes() == before
    assert [file.name for file in tmp_path.glob("*.tmp*")] == []


@pytest.mark.parametrize(
    ("target", "message"), [("nowhere/b.db", "no directory"), (".", "is a directory; name a file in it")]
)
def test_a_target_that_cannot_be_is_said_at_once(full, tmp_path, target, message):
    with pytest.raises(ArchiveUnavailable, match=message):
        full.backup(tmp_path / target)


def test_what_is_no_file_is_not_replaced_by_a_backup(full, tmp_path):
    os.mkfifo(tmp_path / "pipe")
    with pytest.raises(ArchiveUnavailable, match="is no file, and nothing is written in its place"):
        full.backup(tmp_path / "pipe")
    assert (tmp_path / "pipe").is_fifo()


def test_an_archive_that_holds_something_is_not_overwritten(full, tmp_path):
    full.backup(tmp_path / "backup.db")
    before = contents(full)
    with pytest.raises(BackupRefused, match="holds something already; a backup is restored into an empty one"):
        full.restore(tmp_path / "backup.db")
    assert contents(full) == before


def test_an_interrupted_restore_leaves_the_archive_empty(full, empty, tmp_path):
    full.backup(tmp_path / "backup.db")

    def interrupt(_: int) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        empty.restore(tmp_path / "backup.db", interrupt)
    empty.restore(tmp_path / "backup.db")
    assert contents(empty) == contents(full)


def no_file(path):
    pass


def no_database(path):
    path.write_text("خبر")


def another_database(path):
    sqlite3.connect(path).execute("CREATE TABLE t (x)").connection.close()


@pytest.mark.parametrize("make_it", [no_file, no_database, another_database])
def test_what_is_no_backup_is_refused(empty, tmp_path, make_it):
    make_it(tmp_path / "backup.db")
    with pytest.raises((BackupRefused, ArchiveUnavailable)) as error:
        empty.restore(tmp_path / "backup.db")
    assert "backup" in str(error.value)
    assert "\n" not in str(error.value)


def test_a_backup_of_a_newer_monadi_is_refused(full, empty, tmp_path):
    full.backup(tmp_path / "backup.db")
    with sqlite3.connect(tmp_path / "backup.db") as connection:
        connection.execute("UPDATE alembic_version SET version_num = '9999'")
    connection.close()
    with pytest.raises(SchemaTooNew, match="upgrade Monadi"):
        empty.restore(tmp_path / "backup.db")


def test_a_backup_of_an_older_schema_is_brought_up_to_date(empty, tmp_path, older):
    older(sqlite_url(tmp_path / "backup.db"))
    before = (tmp_path / "backup.db").read_bytes()
    empty.restore(tmp_path / "backup.db")
    assert empty.count(Query()) == 2
    assert [found for found in empty.verify() if found.mismatches] == []
    assert (tmp_path / "backup.db").read_bytes() == before


def test_a_backup_that_finds_no_room_to_be_read_in_is_named(archive, save, make, tmp_path):
    save(make(1))
    archive.backup(tmp_path / "b.db")
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    before = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    with Archive(sqlite_url(tmp_path / "restored.db"), tmp_path / "other") as restored:
        resource.setrlimit(resource.RLIMIT_FSIZE, (5_000, hard))
        try:
            with pytest.raises(ArchiveUnavailable, match="name a directory with room in TMPDIR"):
                restored.restore(tmp_path / "b.db")
        finally:
            resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
            signal.signal(signal.SIGXFSZ, before)
