"""What follows from readings is done by whoever comes first, and by one at a time."""

import runpy
import sys
from datetime import UTC, datetime, timedelta

import sqlalchemy as sa

from archive import Archive, Kind, crawls, rhythm, tables
from archive.crawls import Outcome, Result
from archive.database import sqlite_url
from archive.following import ALL, follow_up
from archive.query import Query

TEXT = " ".join(f"واژه\u200cی شماره {number}" for number in range(80))


def quiet(archive, days):
    """Two quiet crawls of so many days ago."""
    at = datetime.now(UTC) - timedelta(days=days)
    with archive.writing() as connection:
        for _ in range(3):
            number = crawls.begin(connection, "mcls-yazd", at)
            result = Result(outcome=Outcome.QUIET, reason=None, swept=True, counts={"listed": 20})
            crawls.finish(connection, number, at=at, result=result)


def state(archive):
    """Copies that were found, days that charts know, crawls that are kept."""
    with archive.reading() as connection:
        copied = sum(change.kind is Kind.COPIED for change in archive.changes())
        kept = connection.scalar(sa.select(sa.func.count()).select_from(tables.crawls))
        return copied, len(rhythm.days(connection, Query())), kept


def test_copies_charts_and_old_crawls_are_seen_to(archive, save, make):
    save(make(1, body=TEXT), make(2, source="mcls-gilan", body=TEXT))
    quiet(archive, days=100)
    assert state(archive) == (0, 0, 3)
    follow_up(archive)
    copied, days, kept = state(archive)
    assert copied > 0
    assert (days, kept) == (1, 2)


def test_it_is_left_to_whoever_is_at_it(archive, save, make):
    save(make(1))
    with archive.claim(ALL):
        follow_up(archive)
    assert state(archive)[1] == 0


def test_it_is_done_by_a_process_of_its_own_as_by_hand(tmp_path, monkeypatch, archive, url, save, make):
    monkeypatch.setenv("MONADI_ARCHIVE", url)
    monkeypatch.setenv("MONADI_DATA", str(tmp_path))
    save(make(1, body=TEXT), make(2, source="mcls-gilan", body=TEXT))

    monkeypatch.delitem(sys.modules, "archive.following")
    runpy.run_module("archive.following", run_name="__main__")

    assert state(archive)[0] > 0


def test_an_archive_that_does_not_let_us_is_told_of_in_a_line(tmp_path, caplog):
    (tmp_path / "monadi.db").write_bytes(b"no database" * 1000)
    with Archive(sqlite_url(tmp_path / "monadi.db"), tmp_path / "search") as damaged:
        follow_up(damaged)

    (record,) = caplog.records
    assert record.getMessage().startswith("copies are not looked for, charts not brought up to date, months not closed")
    assert "is not an archive of Monadi" in record.getMessage()
