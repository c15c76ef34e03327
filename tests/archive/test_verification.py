"""Verifying: an archive that is as it was written holds, and whatever is altered is named."""

import contextlib
import sqlite3
from datetime import UTC, datetime, timedelta

import pytest
import sqlalchemy as sa

from archive import Query, absences
from archive.verification import SHOWN, verify

NOW = datetime(2021, 12, 6, 12, tzinfo=UTC)


SHARED = " ".join(f"واژه{number} دیگر{number}" for number in range(80))


def mismatches(archive) -> dict[str, tuple[str, ...]]:
    with archive.reading() as connection:
        return {found.check: found.lines for found in verify(connection) if found.mismatches}


def alter(archive, statement: str) -> None:
    """As somebody would who has the database, but not this program."""
    if archive.database.file:
        with contextlib.closing(sqlite3.connect(archive.database.file)) as connection:
            connection.execute(statement)
            connection.commit()
        return
    with archive.writing() as connection:
        connection.execute(sa.text("SET LOCAL session_replication_role = replica"))
        connection.execute(sa.text(statement))


@pytest.fixture
def told(archive, save, make):
    """An archive with an edit, a better reading, a removal, a return and a page that is listed no more."""
    save(make(1), make(2), make(3), make(4, source="mcls-gilan"))
    save(make(1, body="متن تازه"), make(2, title="خوانش بهتر", extractor="fa_portal/2"))
    for hours in (0, 6):
        with archive.writing() as connection:
            absences.missed(connection, "mcls-yazd", ["id:3"], NOW + timedelta(hours=hours))
    with archive.writing() as connection:
        absences.unlisted(connection, "mcls-yazd", ["id:2"], NOW)
    save(make(3, fetched_at=NOW + timedelta(days=1)))
    offices = {"mcls-yazd": "۱", "mcls-gilan": "۲", "mcls-qom": "۳"}
    save(
        *(
            make(9, date=f"{day} دی ۱۴۰۰", source=office, url=f"https://{office}.ir/9", body=SHARED)
            for office, day in offices.items()
        )
    )
    archive.find_copies()
    archive.follow_timings()
    archive.close_months(datetime(2022, 2, 1, tzinfo=UTC), settled=True)
    return archive


def test_an_archive_as_it_was_written_holds(told):
    with told.reading() as connection:
        found = list(verify(connection))
    assert [(each.check, each.mismatches) for each in found] == [(each.check, 0) for each in found]
    assert len(found) >= 7


THE_FIRST = "(SELECT pk FROM articles WHERE id = 'mcls-yazd/1')"
ALTERED = {
    "a day that is kept for charts": (
        f"UPDATE timings SET day = '1390-01-01' WHERE article = {THE_FIRST}",
        "timings",
        "mcls-yazd/1: Timing(day='1390-01-01'",
    ),
    "a tally": (
        "UPDATE tallies SET number = 99 WHERE scope = 'all' AND measure = 'gone'",
        "timings",
        "tallies, all gone 0 1400-09: 99 are counted, there are 1",
    ),
    "a text": (
        f"UPDATE revisions SET body = 'دروغ' WHERE article = {THE_FIRST} AND number = 1",
        "revisions and their hashes",
        "mcls-yazd/1, revision 1: its content has the hash",
    ),
    "a date": (
        f"UPDATE revisions SET published = NULL WHERE article = {THE_FIRST} AND number = 2",
        "revisions and their hashes",
        "mcls-yazd/1, revision 2: its content has the hash",
    ),
    "a text with its hash": (
        f"UPDATE revisions SET content_hash = 'sha256:00' WHERE article = {THE_FIRST} AND number = 1",
        "revisions and their hashes",
        "mcls-yazd/1, revision 1: the log says",
    ),
    "an article's hash": (
        "UPDATE articles SET content_hash = 'sha256:00' WHERE id = 'mcls-yazd/1'",
        "revisions and their hashes",
        "mcls-yazd/1, revision 2: the article says sha256:00",
    ),
    "a revision that is taken out": (
        f"DELETE FROM revisions WHERE article = {THE_FIRST} AND number = 1",
        "revisions and their hashes",
        "mcls-yazd/1, revision 2: it is the 1. that is kept",
    ),
    "the newest revision taken out": (
        f"DELETE FROM revisions WHERE article = {THE_FIRST} AND number = 2",
        "revisions and their hashes",
        "mcls-yazd/1: it is at revision 2, 1 are kept",
    ),
    "a row of the log": (
        "DELETE FROM changes WHERE seq = 5",
        "the change log",
        "changes: 5 is followed by 6",
    ),
    "the log's beginning": ("DELETE FROM changes WHERE seq = 1", "the change log", "changes: the log begins at 2"),
    "a state": (
        "UPDATE articles SET state = 'gone' WHERE id = 'mcls-yazd/3'",
        "the change log",
        "mcls-yazd/3: it is gone, its newest change (back) leaves it live",
    ),
    "a number of the log": (
        "UPDATE articles SET change = 1 WHERE id = 'mcls-yazd/3'",
        "the change log",
        "mcls-yazd/3: its newest change is",
    ),
    "a link of the chain": (
        "UPDATE chains SET hash = '00' WHERE source = 'mcls-gilan'",
        "chains",
        "mcls-gilan: the chain",
    ),
    "an article": (
        f"DELETE FROM articles WHERE pk = {THE_FIRST}",
        "foreign keys",
        "revisions.article = ",
    ),
    "keys": (
        f"DELETE FROM aliases WHERE article = {THE_FIRST}",
        "keys of articles",
        "mcls-yazd/1: no key stands for it",
    ),
    "a key's source": (
        "UPDATE aliases SET source = 'mcls-qom' WHERE key = 'id:4'",
        "keys of articles",
        "mcls-gilan/4: the key 'id:4' of another source, mcls-qom, stands for it",
    ),
    "a count": (
        "UPDATE counts SET articles = 7 WHERE source = 'mcls-gilan'",
        "counts",
        "counts, mcls-gilan 1400-09 live: 7 are counted, there are 1",
    ),
    "a copy": (
        "DELETE FROM copies WHERE article = first",
        "copies",
        "mcls-gilan/9: mcls-gilan/9 was published first of its copies, it says another",
    ),
    "a cluster": (
        "DELETE FROM copies WHERE article <> first",
        "copies",
        "mcls-yazd/9: the only one of its cluster of copies",
    ),
    "a cluster's name": (
        "UPDATE copies SET cluster = 1",
        "copies",
        "mcls-yazd/9: its cluster of copies is named 1,",
    ),
    "a closed month": (
        "UPDATE closings SET month = '1400-08'",
        "closed months",
        "mcls-yazd/1: archived feeds have it in 1400-09, which was closed only after 1400-08",
    ),
    "what a closed month holds": (
        f"UPDATE announced SET revision = 7 WHERE article = {THE_FIRST}",
        "closed months",
        "mcls-yazd/1: archived feeds announce its revision 7, which is not kept",
    ),
    "a tag": (
        f"DELETE FROM tags WHERE article = {THE_FIRST} AND key = 'یزد'",
        "counts",
        "tag_counts, یزد mcls-yazd 1400-09 live: 2 are counted, there are 1",
    ),
}


@pytest.mark.parametrize(("statement", "check", "line"), ALTERED.values(), ids=ALTERED)
def test_whatever_is_altered_is_named(told, statement, check, line):
    alter(told, statement)
    found = mismatches(told)
    assert any(each.startswith(line) for each in found.get(check, ())), found


def test_many_mismatches_are_counted_and_the_first_are_told(archive, save, make):
    save(*(make(number) for number in range(SHOWN + 5)))
    alter(archive, "UPDATE revisions SET body = body || 'x'")
    with archive.reading() as connection:
        (found,) = (each for each in verify(connection) if each.check == "revisions and their hashes")
    assert (len(found.lines), found.mismatches) == (SHOWN, SHOWN + 5)


def test_a_check_of_its_own_is_run_with_the_others(archive):
    with archive.reading() as connection:
        *_, last = verify(connection, {"the weather": lambda _: iter(["it rains"])})
    assert (last.check, last.lines) == ("the weather", ("it rains",))


def test_a_file_whose_pages_are_damaged_is_named(archive, save, make):
    if archive.database.engine.dialect.name != "sqlite":
        pytest.skip("a server looks after its own pages")
    save(*(make(number, body="متن " * 4000) for number in range(20)))
    with archive.database.engine.connect() as connection:
        connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
    archive.close()
    with archive.database.file.open("r+b") as file:
        file.seek(-40_000, 2)
        file.write(b"\xff" * 20_000)
    found = mismatches(archive)
    assert any("malformed" in line or "never used" in line or "free" in line for line in found["the database file"]), (
        found
    )


# ---- the search index ----


def astray(archive) -> list[str]:
    with archive.reading() as connection:
        return list(archive.index.verify(connection))


@pytest.fixture
def indexed(archive, save, make):
    save(make(1), make(2, date="۱ دی ۱۴۰۰"), make(3, date=None))
    save(make(2, date="۲ دی ۱۴۰۰", body="تازه"))
    assert archive.count(Query(text="نشست")) == 3
    return archive


def test_an_index_that_holds_what_the_archive_says_is_well(indexed):
    assert astray(indexed) == []


def test_what_changed_since_it_caught_up_is_no_fault(indexed, save, make):
    save(make(4), make(1, body="دیگر"), make(2, date="۱ آذر ۱۳۹۹"))
    assert astray(indexed) == []


def test_an_archive_that_was_never_searched_has_no_index_to_be_wrong(archive, save, make):
    save(make(1))
    assert astray(archive) == []


ASTRAY = {
    "moved": ("UPDATE articles SET ordered_at = '2020-01-01 00:00:00' WHERE id = 'mcls-yazd/1'", 2),
    "changed": ("UPDATE articles SET change = 1 WHERE id = 'mcls-yazd/2'", 1),
    "unknown": ("UPDATE articles SET pk = pk + 100 WHERE id = 'mcls-yazd/3'", 2),
}


@pytest.mark.parametrize(("statement", "lines"), ASTRAY.values(), ids=ASTRAY)
def test_what_the_index_does_not_hold_as_the_archive_says_is_named(indexed, statement, lines):
    alter(indexed, statement)
    found = astray(indexed)
    assert len(found) == lines
    assert any("index" in line for line in found)


def test_the_index_of_another_archive_is_named(indexed, both, keep, make):
    other, _ = both
    keep(other, make(7), make(8), make(9), make(10), make(11))
    with other.reading() as connection:
        (line,) = indexed.index.verify(connection)
    assert "of another archive" in line


def test_a_damaged_index_is_named(indexed):
    home = next(path for path in indexed.index.directory.iterdir() if path.is_dir())
    indexed.index._opened = None
    for file in home.glob("*.store"):
        file.write_bytes(b"")
    (home / "meta.json").write_text("{")
    (line,) = astray(indexed)
    assert "damaged" in line
    assert "monadi archive reindex" in line


def test_a_file_that_says_another_thing_of_itself_than_it_is_is_named(archive, save, make):
    if archive.database.engine.dialect.name != "sqlite":
        pytest.skip("a server looks after its own pages")
    save(make(1))
    with archive.database.engine.connect() as connection:
        connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
    archive.close()
    with archive.database.file.open("r+b") as file:
        file.seek(36)  # how many pages are free
        file.write((5).to_bytes(4, "big"))
    (line,) = mismatches(archive)["the database file"]
    assert line.startswith("the file: ")
    assert "should be 5" in line
    assert "\n" not in line


def test_an_article_that_the_log_knows_nothing_of_is_named(told):
    alter(told, "DELETE FROM changes WHERE article = (SELECT pk FROM articles WHERE id = 'mcls-gilan/4')")
    assert "mcls-gilan/4: the log has no row of it" in [line for lines in mismatches(told).values() for line in lines]
