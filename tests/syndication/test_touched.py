"""Which feeds a row of the change log concerns, and what is no document or word of a feed."""

from dataclasses import replace
from datetime import timedelta

import pytest

from archive.errors import QueryError
from syndication.errors import NoSuchFeed
from syndication.feeds import find, issue, touched
from syndication.feeds.content import absolute
from syndication.feeds.feed import COLLAPSE, of_tag
from syndication.feeds.touched import Touched


@pytest.fixture
def retagged(archive, keep, make):
    """A release whose tags were changed twice."""
    first = make(1, tags=("کهنه",))
    for hours, tags in enumerate((("کهنه",), ("میانه",), ("تازه",))):
        keep(
            replace(
                first, tags=tags, body=f"{first.body} {hours}", fetched_at=first.fetched_at + timedelta(hours=hours)
            )
        )
    return archive


@pytest.mark.parametrize(
    ("since", "tags"),
    [(0, {"کهنه", "میانه", "تازه"}), (1, {"کهنه", "میانه", "تازه"}), (2, {"میانه", "تازه"}), (3, set())],
)
def test_feeds_of_the_tags_before_and_after_a_change_are_concerned_and_of_older_ones_not(retagged, since, tags):
    with retagged.reading() as connection:
        found = Touched.since(connection, since)
    assert found.tags == tags
    assert {each for each in ("کهنه", "میانه", "تازه") if found.concerns(of_tag(each))} == tags


def test_of_very_many_changes_every_feed_is_looked_at(retagged, keep, make, monkeypatch):
    keep(make(2))
    monkeypatch.setattr(touched, "MOST", 1)
    with retagged.reading() as connection:
        assert Touched.since(connection, 0) is None
        assert Touched.since(connection, 3).sources == {"mcls-yazd"}


def test_a_block_of_the_log_is_no_document_of_a_feed_of_releases(full, catalogue):
    feed = find("all", catalogue)
    with full.reading() as connection:
        this = replace(issue.slices_of(connection, feed)[0], section=None)
        with pytest.raises(NoSuchFeed, match=f"{this.part.path}"):
            issue.archived(connection, feed, this)


def test_nothing_but_copies_is_collapsed(catalogue):
    assert find("query", catalogue, [COLLAPSE]).query.collapse_copies
    with pytest.raises(QueryError, match="the one thing that can be collapsed"):
        find("query", catalogue, [(COLLAPSE[0], "dates")])


@pytest.mark.parametrize("tag", ['<img src="https://e.ir/a" alt="{}">', '<a href="https://e.ir/" title="{}">'])
def test_a_tag_within_an_attribute_is_escaped_whatever_wrote_it(tag):
    assert absolute(tag.format("a > <b>"), "https://e.ir/") == tag.format("a &gt; &lt;b&gt;")
