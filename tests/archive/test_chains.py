"""Tamper evidence: the chain of each source holds, and says where it was broken."""

from datetime import UTC, datetime, timedelta

import pytest
import sqlalchemy as sa

from archive import Kind, absences, chains, tables
from archive.changes import Entry

NOW = datetime(2021, 12, 6, 12, tzinfo=UTC)


def broken(archive) -> list[str]:
    with archive.reading() as connection:
        return list(chains.verify(connection))


def seals(archive):
    with archive.reading() as connection:
        return chains.seals(connection)


def alter(archive, statement) -> None:
    with archive.writing() as connection:
        connection.execute(sa.text(statement))


@pytest.fixture
def told(archive, save, make):
    """Two sources with an edit, a removal and a return."""
    save(make(1), make(2), make(3, source="mcls-gilan"))
    save(make(1, body="متن تازه"))
    with archive.writing() as connection:
        absences.missed(connection, "mcls-yazd", ["id:2"], NOW)
    with archive.writing() as connection:
        absences.missed(connection, "mcls-yazd", ["id:2"], NOW + timedelta(hours=6))
    save(make(2, fetched_at=NOW + timedelta(days=1)), make(4, source="mcls-gilan"))
    return archive


def test_what_was_written_holds(told):
    assert [change.kind for change in told.changes()] == [Kind.NEW] * 3 + [Kind.REVISED, Kind.GONE, Kind.BACK, Kind.NEW]
    assert broken(told) == []


def test_a_source_has_a_seal_a_day_that_spans_its_rows(told):
    today = f"{datetime.now(UTC):%Y-%m-%d}"
    assert [(seal.source, seal.day, seal.first, seal.last, seal.links) for seal in seals(told)] == [
        ("mcls-gilan", today, 3, 7, 2),
        ("mcls-yazd", today, 1, 6, 5),
    ]


ALTERED = {
    "an instant": "UPDATE changes SET at = '2020-01-01 00:00:00.000000' WHERE seq = 1",
    "a kind": "UPDATE changes SET kind = 'reread' WHERE seq = 4",
    "a revision": "UPDATE changes SET revision = 1 WHERE seq = 4",
    "a content hash": "UPDATE changes SET content_hash = 'sha256:00' WHERE seq = 1",
    "a row that is left out": "DELETE FROM changes WHERE seq = 2",
    "an article's name": "UPDATE articles SET id = 'mcls-yazd/9' WHERE id = 'mcls-yazd/1'",
    "a row of another": "UPDATE changes SET article = (SELECT pk FROM articles WHERE id = 'mcls-yazd/1') WHERE seq = 2",
}


@pytest.mark.parametrize("statement", ALTERED.values(), ids=ALTERED)
def test_whatever_is_altered_breaks_the_chain_of_its_source_alone(told, statement):
    alter(told, statement)
    (line,) = broken(told)
    assert line.startswith("mcls-yazd: the chain of ")
    assert "(changes 1 to 6) does not hold" in line


def write(archive, seq: int, now: datetime) -> None:
    """One more row of the log, as a process writes it whose clock says `now`."""
    with archive.writing() as connection:
        article = connection.scalar(sa.select(tables.articles.c.pk).where(tables.articles.c.id == "mcls-yazd/1"))
        who = {"article": article, "id": "mcls-yazd/1", "source": "mcls-yazd"}
        entry = Entry(seq=seq, at=now, kind=Kind.REREAD, revision=1, content_hash="sha256:1", **who)
        row = {name: value for name, value in entry._asdict().items() if name in tables.changes.columns}
        connection.execute(sa.insert(tables.changes), [row])
        chains.extend(connection, [entry], now)


def test_a_seal_that_was_made_anew_breaks_what_follows_it(told):
    tomorrow = datetime.now(UTC) + timedelta(days=1)
    write(told, 8, tomorrow)
    assert broken(told) == []
    alter(told, f"UPDATE chains SET hash = 'ff' WHERE source = 'mcls-yazd' AND day < '{tomorrow:%Y-%m-%d}'")
    assert [line.split("(")[1].split(")")[0] for line in broken(told)] == ["changes 1 to 6", "changes 8 to 8"]


def test_rows_behind_the_last_seal_are_told_of(told):
    names = "at, kind, article, revision, content_hash"
    alter(told, f"INSERT INTO changes (seq, {names}) SELECT 8, {names} FROM changes WHERE seq = 1")
    assert broken(told) == ["mcls-yazd: change 8 and what follows are in the log, but in no sealed day"]


def test_a_log_without_the_rows_of_a_source_is_told_of(told):
    alter(told, "DELETE FROM changes WHERE seq IN (3, 7)")
    assert broken(told) == ["mcls-gilan: its chain is sealed up to change 7, the log has no row of it"]


def test_a_chain_goes_on_from_batch_to_batch_and_ignores_a_clock_that_was_set_back(archive, save, make):
    save(make(1))
    write(archive, 2, datetime.now(UTC) - timedelta(days=1))
    (seal,) = seals(archive)
    assert (seal.first, seal.last, seal.links) == (1, 2, 2)
    assert broken(archive) == []


def test_the_hash_does_not_depend_on_the_batches(archive, both, keep, make):
    one, other = both
    keep(one, make(1), make(2), make(3))
    for number in (1, 2, 3):
        keep(other, make(number))
    assert [seal.hash for seal in seals(one)] == [seal.hash for seal in seals(other)]


def test_a_day_whose_last_row_is_gone_is_told_of_wherever_it_stands(told):
    alter(told, "DELETE FROM changes WHERE seq = 6")
    said = "mcls-yazd: the chain of {} (changes 1 to 6) does not hold: the row that it ends with is not in the log"
    today = datetime.now(UTC)
    assert broken(told) == [said.format(f"{today:%Y-%m-%d}")]

    tomorrow = today + timedelta(days=1)
    with told.writing() as connection:  # what a later day sealed goes on from what the seal says
        connection.execute(sa.text("UPDATE articles SET change = 8 WHERE id = 'mcls-yazd/1'"))
    write(told, 8, tomorrow)
    assert broken(told) == [said.format(f"{today:%Y-%m-%d}")]
