"""What became of releases, as the change log tells it: each edit with the readings before and after."""

from datetime import UTC, datetime, timedelta

import pytest

from archive import Kind, Query, State, absences, edits
from archive.filters import Filters

NOW = datetime(2021, 12, 6, 12, tzinfo=UTC)


def tell(archive, query=None, **words):
    with archive.reading() as connection:
        return edits.edits(connection, Filters.of(connection, query or Query()), **words)


@pytest.fixture
def told(archive, save, make):
    """Three releases; one edited twice, one gone and back, one off the lists."""
    save(make(1), make(2), make(3, source="mcls-gilan"))
    save(make(1, body="متن تازه"))
    save(make(1, body="متن تازه‌تر"))
    for hours in (0, 6):
        with archive.writing() as connection:
            absences.missed(connection, "mcls-yazd", ["id:2"], NOW + timedelta(hours=hours))
    save(make(2, fetched_at=NOW + timedelta(days=1)))
    with archive.writing() as connection:
        absences.unlisted(connection, "mcls-gilan", ["id:3"], NOW)
    return archive


def test_what_an_office_did_is_told_newest_first_and_how_a_release_began_is_not(told):
    assert [(edit.kind, edit.item.id) for edit in tell(told)] == [
        (Kind.UNLISTED, "mcls-gilan/3"),
        (Kind.BACK, "mcls-yazd/2"),
        (Kind.GONE, "mcls-yazd/2"),
        (Kind.REVISED, "mcls-yazd/1"),
        (Kind.REVISED, "mcls-yazd/1"),
    ]


def test_an_edit_has_the_reading_that_it_replaced_and_nothing_else_has(told, make):
    *others, second, first = tell(told)
    assert (first.before.article.body, first.item.article.body) == (make().body, "متن تازه")
    assert (second.before.article.body, second.item.article.body) == ("متن تازه", "متن تازه‌تر")
    assert [edit.before for edit in others] == [None] * 3


def test_what_a_release_is_now_is_told_with_each(told):
    assert [edit.state for edit in tell(told)] == [State.UNLISTED, *[State.LIVE] * 4]


def test_a_part_of_the_log_is_told(told):
    every = [edit.seq for edit in tell(told)]
    assert [edit.seq for edit in tell(told, after=every[2])] == every[:2]
    assert [edit.seq for edit in tell(told, to=every[2])] == every[2:]
    assert [edit.seq for edit in tell(told, limit=2)] == every[:2]
    assert [edit.kind for edit in tell(told, kinds=[Kind.GONE])] == [Kind.GONE]
    assert tell(told, Query(sources=("mcls-gilan",)))[0].item.id == "mcls-gilan/3"


def test_a_log_without_edits_tells_of_none(archive, save, make):
    save(make(1))
    assert tell(archive) == []
