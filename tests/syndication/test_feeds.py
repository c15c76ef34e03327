from datetime import UTC, datetime

import feedparser
import pytest

from archive import Query, State
from archive.tables import articles
from syndication import feeds
from syndication.errors import NoSuchFeed, UnknownFormat
from syndication.feeds import entries
from syndication.feeds.announced import FRAGMENTS
from syndication.feeds.documents import Format

BASE = "https://news.example.ir"


class OfDatetime(type):
    def __instancecheck__(cls, value):
        return isinstance(value, datetime)


class AnotherDay(metaclass=OfDatetime):
    """What feedgen takes for `datetime`, on a later day."""

    @staticmethod
    def now(zone):
        return datetime(2031, 5, 6, 7, 8, tzinfo=zone)


def parsed(archive, catalogue, format_, path="all"):
    found = feedparser.parse(feeds.render(archive, feeds.find(path, catalogue), format_, BASE))
    assert not found.bozo, found.get("bozo_exception")
    return found


def test_there_is_a_feed_of_everything_and_one_a_province_agency_and_source(catalogue):
    paths = [feed.path for feed in feeds.known(catalogue)]
    assert paths[:2] == ["all", "changes"]
    assert {"province/yazd", "agency/mcls", "source/mcls-yazd"} < set(paths)
    assert len(paths) == len(set(paths)) == 2 + 31 + len(catalogue.agencies) + len(catalogue.sources)


def test_every_feed_is_found_by_its_path(catalogue):
    assert all(feeds.find(feed.path, catalogue) == feed for feed in feeds.known(catalogue))


@pytest.mark.parametrize("path", ["", "All", "province", "province/", "province/IR-21", "tag/", "all/1", "../all"])
def test_a_path_without_a_feed_is_named_in_one_line(path, catalogue):
    with pytest.raises(NoSuchFeed, match="monadi feeds list") as error:
        feeds.find(path, catalogue)
    assert "\n" not in str(error.value)


def test_an_unknown_format_is_refused(full, catalogue):
    with pytest.raises(UnknownFormat, match="rss, atom, json"):
        feeds.render(full, feeds.find("all", catalogue), "rdf", BASE)


@pytest.mark.parametrize("format_", ["rss", "atom"])
def test_the_newest_fifty_are_announced_in_the_archives_order_at_its_instants(format_, full, catalogue, newest):
    found = parsed(full, catalogue, format_).entries
    assert [each.id for each in found] == [item.guid for item in newest]
    assert len(found) == 50
    instants = [datetime(*each.published_parsed[:6], tzinfo=UTC) for each in found]
    assert instants == [entries.published(item) for item in newest]
    assert [each.title for each in found] == [item.article.title for item in newest]


@pytest.mark.parametrize("format_", ["rss", "atom"])
def test_an_entry_says_what_the_page_said(format_, archive, catalogue, keep, make):
    keep(make(byline="روابط عمومی یزد"))
    (entry,) = parsed(archive, catalogue, format_).entries
    assert entry.link == "https://yazd.mcls.gov.ir/fa/news/1/%D8%AE%D8%A8%D8%B1"
    assert entry.summary == "این نشست در یزد برگزار شد."
    assert [tag.term for tag in entry.tags] == ["اخبار", "اشتغال", "یزد"]
    assert entry.author == "روابط عمومی یزد"
    assert "<p>بند نخست.</p><p>بند دوم.</p>" in entry.content[0].value


@pytest.mark.parametrize("format_", ["rss", "atom"])
def test_an_entry_without_a_byline_is_by_its_office(format_, full, catalogue):
    (entry,) = parsed(full, catalogue, format_, "source/mcls-hormozgan").entries
    assert entry.author == catalogue.source("mcls-hormozgan").name_fa


@pytest.mark.parametrize("format_", ["rss", "atom"])
def test_the_head_links_to_itself_and_to_its_page(format_, full, catalogue):
    head = parsed(full, catalogue, format_, "province/yazd").feed
    assert [link.href for link in head.links if link.rel == "self"] == [f"{BASE}/feeds/province/yazd.{format_}"]
    assert head.link == f"{BASE}/?province=yazd"
    assert (head.language if format_ == "rss" else head.title_detail.language) == "fa"
    assert head.generator.startswith("Monadi ")


def test_atom_links_to_the_other_formats(full, catalogue):
    links = parsed(full, catalogue, "atom").feed.links
    assert {link.type for link in links if link.rel == "alternate"} == {
        "text/html",
        Format.RSS.media_type,
        Format.JSON.media_type,
    }


@pytest.mark.parametrize("format_", ["rss", "atom"])
def test_the_head_is_as_new_as_its_newest_entry(format_, archive, catalogue, keep, make):
    keep(make(1, "۱۴ آذر ۱۴۰۰ ۱۰:۰۰"), make(2, "۱۳ آذر ۱۴۰۰ ۱۰:۰۰"))
    head = parsed(archive, catalogue, format_).feed
    assert datetime(*head.updated_parsed[:6], tzinfo=UTC) == datetime(2021, 12, 5, 6, 30, tzinfo=UTC)


@pytest.mark.parametrize("format_", ["rss", "atom"])
def test_an_empty_feed_is_valid_and_dated_by_no_clock(format_, archive, catalogue):
    found = parsed(archive, catalogue, format_)
    assert found.entries == []
    assert found.feed.updated_parsed[:6] == (2026, 11, 22, 0, 0, 0)


@pytest.mark.parametrize("format_", Format)
def test_a_release_that_its_office_removed_is_announced_no_more(format_, full, catalogue):
    with full.writing() as connection:
        connection.execute(articles.update().where(articles.c.native_id == "62").values(state=State.GONE))
    document = feeds.render(full, feeds.find("all", catalogue), format_, BASE)
    assert "پیوست‌دار".encode() not in document


def test_an_edit_keeps_the_id_and_the_publication_and_moves_the_update(archive, catalogue, keep, make):
    keep(make())
    (first,) = parsed(archive, catalogue, "atom").entries
    keep(make(title="عنوان تازه", fetched_at=datetime(2021, 12, 9, tzinfo=UTC)))
    (second,) = parsed(archive, catalogue, "atom").entries
    assert (second.id, second.published) == (first.id, first.published)
    assert first.updated == first.published == "2021-12-06T09:19:00+03:30"
    assert (second.title, second.updated) == ("عنوان تازه", "2021-12-09T03:30:00+03:30")


def test_a_new_slug_reaches_the_link_and_leaves_the_id(archive, catalogue, keep, make):
    keep(make())
    (first,) = parsed(archive, catalogue, "rss").entries
    keep(make(url="https://yazd.mcls.gov.ir/fa/news/1/new-slug"))
    (second,) = parsed(archive, catalogue, "rss").entries
    assert second.id == first.id
    assert second.link == "https://yazd.mcls.gov.ir/fa/news/1/new-slug"


@pytest.mark.parametrize("format_", ["rss", "atom"])
def test_a_date_only_release_stands_at_noon_and_an_undated_one_where_it_was_first_seen(format_, full, catalogue):
    found = {entry.title: entry for entry in parsed(full, catalogue, format_).entries}
    assert found["تنها روز"].published_parsed[:5] == (2021, 12, 3, 8, 30)
    assert found["تنها روز"].jalali_precision == "day"
    assert found["بی‌تاریخ"].published_parsed[:5] == (2021, 12, 6, 9, 0)
    assert found["بی‌تاریخ"].jalali_precision == "unknown"


def test_summer_time_is_tehrans_own(archive, catalogue, keep, make):
    keep(make(1, "۱ مرداد ۱۴۰۰ ۰۸:۰۰"), make(2, "۱ مرداد ۱۴۰۲ ۰۸:۰۰", fetched_at=datetime(2024, 1, 1, tzinfo=UTC)))
    assert [entry.published for entry in parsed(archive, catalogue, "rss").entries] == [
        "Sun, 23 Jul 2023 08:00:00 +0330",
        "Fri, 23 Jul 2021 08:00:00 +0430",
    ]


def test_the_same_bytes_come_of_a_cleared_cache_and_of_another_day(full, catalogue, monkeypatch):
    def documents():
        return [feeds.render(full, feeds.find("all", catalogue), format_, BASE) for format_ in Format]

    first = documents()
    FRAGMENTS.clear()
    monkeypatch.setattr("feedgen.entry.datetime", AnotherDay)
    assert documents() == first


def test_entries_are_rendered_once_for_all_feeds(full, catalogue, monkeypatch):
    feeds.render(full, feeds.find("all", catalogue), "atom", BASE)
    monkeypatch.delattr("syndication.feeds.elements.FeedEntry")
    again = feeds.render(full, feeds.find("agency/mcls", catalogue), "atom", BASE)
    assert again.count(b"<entry>") == 50


def test_the_base_address_may_end_in_a_slash(full, catalogue):
    feed = feeds.find("all", catalogue)
    assert feeds.render(full, feed, "rss", BASE + "/") == feeds.render(full, feed, "rss", BASE)


def test_a_feed_asks_the_archive_nothing_but_its_query(full, catalogue):
    feed = feeds.Feed(path="x", title="x", description="x", query=Query(sources=("mcls-hormozgan",)))
    assert [each.item.article.source for each in feeds.issue_of(full, feed).entries] == ["mcls-hormozgan"]
