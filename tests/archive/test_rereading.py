"""Another reading of the same snapshot takes the place of a revision, under its number, and is no edit."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from archive import Kind, Query, articles, counts, intake
from persian.dates import parse

NOW = datetime(2022, 1, 1, tzinfo=UTC)
YAZD = "mcls-yazd/1"


def reread(archive, *pairs):
    with archive.writing() as connection:
        return intake.reread(connection, pairs, NOW)


def revision(archive, number=None):
    with archive.reading() as connection:
        return articles.get(connection, YAZD, number)


def better(held, **changes):
    return replace(held.article, extractor="fa_portal/2", **changes)


@pytest.fixture
def edited(archive, save, make):
    """A release that its office has edited once."""
    save(make(1), make(2))
    save(make(1, body="متن تازه"))
    return archive


def test_a_reading_that_says_otherwise_takes_the_place_of_the_newest(edited, assert_whole):
    read = better(
        revision(edited),
        body="متن بهتر",
        tags=("بهتر",),
        published=parse("۱ دی ۱۴۰۰", fetched_at=NOW),
        url="https://elsewhere.ir/",
        fetched_at=NOW,
    )

    assert reread(edited, (revision(edited), read)) == [Kind.REREAD]

    now = revision(edited)
    assert (now.revision, now.article.body, now.article.tags) == (2, "متن بهتر", ("بهتر",))
    assert (now.article.url, now.article.fetched_at) == (revision(edited).article.url, now.revised_at)
    assert [item.id for item in edited.articles(Query(tags=("بهتر",)))] == [YAZD]
    assert edited.changes()[-1].kind is Kind.REREAD
    assert [line for found in edited.verify() for line in found.lines] == []
    with edited.reading() as connection:
        assert counts.kept(connection) == counts.recount(connection)
    assert_whole(edited)


def test_an_undated_reading_stays_where_it_was(edited):
    before = revision(edited)

    reread(edited, (before, better(before, published=None, body="متن بهتر")))

    (found,) = edited.articles(Query(text="بهتر"))
    assert (found.article.published, found.article.body) == (None, "متن بهتر")
    with edited.reading() as connection:
        assert counts.kept(connection) == counts.recount(connection)


def test_an_older_revision_is_reread_and_the_newest_stays(edited):
    first, newest = revision(edited, 1), revision(edited)

    assert reread(edited, (first, better(first, body="نخست، بهتر"))) == [Kind.REREAD]

    assert revision(edited, 1).article.body == "نخست، بهتر"
    assert revision(edited).article == newest.article
    assert edited.changes()[-1].revision == 1


@pytest.mark.parametrize("number", [1, 2])
def test_of_a_reading_that_says_the_same_only_the_extractor_is_noted(edited, number):
    held = revision(edited, number)
    before = len(edited.changes())

    assert reread(edited, (held, better(held))) == [None]

    assert revision(edited, number).article == better(held)
    assert len(edited.changes()) == before


def test_what_has_been_read_from_another_snapshot_meanwhile_stays(edited):
    held = revision(edited)
    stale = replace(held, article=replace(held.article, snapshot="urn:uuid:another"))

    assert reread(edited, (stale, better(held, body="متن بهتر"))) == [None]

    assert revision(edited).article == held.article


def test_nothing_to_reread_changes_nothing(edited):
    before = edited.changes()
    assert reread(edited) == []
    assert edited.changes() == before
