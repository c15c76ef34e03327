"""The change log: in order, without gaps, and enough to follow the archive by one number."""

import pytest

from archive import Change, Kind, changes, intake
from archive.article import stamp


def test_an_empty_log_begins_after_zero(archive):
    with archive.reading() as connection:
        assert changes.newest(connection) == 0
    assert archive.changes() == []


def test_newest_is_the_number_of_the_last_row(archive, save, make):
    save(make(1), make(2), make(3))
    with archive.reading() as connection:
        assert changes.newest(connection) == 3


SINCE = {
    "from the start": ({}, [1, 2, 3, 4, 5]),
    "after a number": ({"since": 3}, [4, 5]),
    "after the last": ({"since": 5}, []),
    "after what is yet to come": ({"since": 99}, []),
    "some": ({"limit": 2}, [1, 2]),
    "some after a number": ({"since": 2, "limit": 2}, [3, 4]),
}


@pytest.mark.parametrize(("asked", "expected"), SINCE.values(), ids=SINCE)
def test_the_log_is_read_in_order_after_a_number(archive, save, make, asked, expected):
    save(*(make(number) for number in range(5)))
    assert [change.seq for change in archive.changes(**asked)] == expected


def test_whoever_follows_the_log_sees_each_row_once(archive, save, make):
    seen: list[Change] = []
    for number in range(4):
        save(make(number), make(number, body="تازه"))
        seen += archive.changes(seen[-1].seq if seen else 0)
    assert [change.seq for change in seen] == list(range(1, 9))
    assert seen == archive.changes()


def test_a_change_tells_of_the_article_by_its_public_id(archive, save, make):
    save(make(5273))
    assert archive.changes() == [
        Change(
            seq=1,
            at=make(5273).fetched_at,
            kind=Kind.NEW,
            article="mcls-yazd/5273",
            revision=1,
            crawl=None,
            content_hash=make(5273).content_hash,
        )
    ]


def test_a_change_is_exported_in_plain_values(archive, save, make):
    save(make(5273))
    assert [change.to_dict() for change in archive.changes()] == [
        {
            "seq": 1,
            "at": stamp(make(5273).fetched_at),
            "kind": "new",
            "article": "mcls-yazd/5273",
            "revision": 1,
            "crawl": None,
            "content_hash": make(5273).content_hash,
        }
    ]


def test_a_reader_sees_one_state_of_the_log_however_much_is_written_meanwhile(archive, save, make):
    save(make(1))
    with archive.reading() as connection:
        before = changes.newest(connection)
        save(make(2))
        assert changes.newest(connection) == before
    assert len(archive.changes()) == 2


def test_a_writer_sees_its_own_rows(archive, make):
    with archive.writing() as connection:
        intake.save(connection, [make(1)])
        assert changes.newest(connection) == 1


@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        ({"until": 3}, [1, 2, 3]),
        ({"kinds": [Kind.REVISED]}, [4]),
        ({"kinds": [Kind.REVISED, Kind.NEW], "until": 4}, [1, 2, 3, 4]),
        ({"sources": ["mcls-fars"]}, [3]),
        ({"sources": []}, []),
        ({"sources": ["mcls-fars", "mcls-yazd"], "kinds": [Kind.NEW], "limit": 2}, [1, 2]),
    ],
)
def test_of_the_log_a_part_is_read(archive, save, make, asked, expected):
    save(make(1), make(2), make(3, source="mcls-fars", url="https://fars.mcls.gov.ir/fa/news/3"))
    save(make(1, body="تازه"))
    with archive.reading() as connection:
        assert [change.seq for change in changes.since(connection, 0, **asked)] == expected
