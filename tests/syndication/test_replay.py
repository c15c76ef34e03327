"""RFC 5005: a feed is replayed month by month, and what was once archived stays the same."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import feedparser
import pytest
from lxml import etree

from archive import absences
from syndication import feeds
from syndication.errors import NoSuchFeed
from syndication.feeds import Part, issue

BASE = "https://news.example.ir"
CLOSED_AT = datetime(2021, 12, 8, tzinfo=UTC)  # 17 Azar 1400
FH = "{http://purl.org/syndication/history/1.0}"
ATOM = "{http://www.w3.org/2005/Atom}"


@pytest.fixture
def all_(catalogue):
    return feeds.find("all", catalogue)


@pytest.fixture
def read(archive, catalogue):
    """A document by the address that another one gave, as feedparser reads it."""

    def document(address, expected="atom"):
        path, _, query = address.removeprefix(f"{BASE}/feeds/").partition("?")
        path, _, extension = path.rpartition(".")
        assert extension == expected
        feed, part = feeds.located(path)
        asked = [tuple(word.split("=")) for word in query.split("&") if query and not word.startswith("change=")]
        found = feedparser.parse(feeds.render(archive, feeds.find(feed, catalogue, asked), extension, BASE, part))
        assert not found.bozo
        return found

    return document


def link(document, rel):
    return next((each.href for each in document.feed.links if each.rel == rel), None)


def chain(read, address):
    """The documents that a subscriber meets who follows `prev-archive` to the end."""
    while address:
        document = read(address)
        yield address, document
        address = link(document, "prev-archive")


def remove(archive, number):
    with archive.writing() as connection:
        for hours in (0, 7):
            absences.missed(connection, "mcls-yazd", [f"id:{number}"], CLOSED_AT + timedelta(hours=hours))


@pytest.mark.parametrize("closed", [False, True])
@pytest.mark.parametrize("path", ["all", "agency/mcls"])
def test_a_new_subscriber_replays_the_whole_history(path, closed, full, read):
    if closed:
        full.close_months(CLOSED_AT)
    documents = list(chain(read, f"{BASE}/feeds/{path}.atom"))
    told = {entry.id for _, document in documents for entry in document.entries}
    assert len(told) == full.stats()["articles"]
    assert len(documents) > 1
    assert len({address for address, _ in documents}) == len(documents)


def test_archived_documents_say_what_they_are(full, catalogue, all_, read):
    full.close_months(CLOSED_AT)
    root = etree.fromstring(feeds.render(full, all_, "rss", BASE, Part(month="1400-08")))
    assert root.find(f"channel/{FH}archive") is not None
    links = {each.get("rel"): each.get("href") for each in root.iter(f"{ATOM}link")}
    assert links["current"] == f"{BASE}/feeds/all.rss"
    assert links["self"] == f"{BASE}/feeds/all/1400/08.rss"
    assert "آبان ۱۴۰۰" in root.findtext("channel/title")
    document = feeds.render(full, all_, "json", BASE, Part(month="1400-08")).decode()
    assert f'"current": "{BASE}/feeds/all.json"' in document


def test_a_small_feed_is_complete_and_has_nothing_to_replay(full, catalogue):
    root = etree.fromstring(feeds.render(full, feeds.find("source/mcls-hormozgan", catalogue), "atom", BASE))
    assert root.find(f"{FH}complete") is not None
    assert not [each for each in root.iter(f"{ATOM}link") if each.get("rel") == "prev-archive"]


@pytest.mark.parametrize("format_", ["rss", "atom", "json"])
def test_a_closed_month_is_the_same_bytes_whatever_happens_to_its_releases(format_, full, all_, keep, make):
    full.close_months(CLOSED_AT)
    month = Part(month="1400-08")
    before = feeds.render(full, all_, format_, BASE, month)
    edited = make(5, "۶ آبان ۱۴۰۰ ۰۵:۱۵", title="ویراسته", lead="۱۲ کشته", fetched_at=CLOSED_AT)
    moved = make(7, "۸ آبان ۱۴۰۰ ۰۷:۱۱", url="https://yazd.mcls.gov.ir/fa/news/7/نو", fetched_at=CLOSED_AT)
    late = make(500, "۹ آبان ۱۴۰۰", fetched_at=CLOSED_AT)
    keep(edited, moved, late)
    remove(full, 6)
    full.find_copies()
    assert feeds.render(full, all_, format_, BASE, month) == before
    full.close_months(CLOSED_AT + timedelta(days=40))
    assert feeds.render(full, all_, format_, BASE, month) == before


def test_an_edit_in_a_closed_month_is_in_the_current_document(full, all_, keep, make):
    full.close_months(CLOSED_AT)
    oldest = list(full.articles(all_.query.narrowed(limit=None)))[-1]
    edited = replace(oldest.article, title="ویراسته", fetched_at=CLOSED_AT)
    keep(edited)
    (found,) = (
        entry for entry in feedparser.parse(feeds.render(full, all_, "atom", BASE)).entries if "ویراسته" in entry.title
    )
    assert found.id == oldest.guid
    assert found.updated == "2021-12-08T03:30:00+03:30"


def test_what_is_gone_leaves_a_tombstone(full, all_):
    (gone,) = (item for item in full.articles(all_.query.narrowed(limit=None)) if item.id == "mcls-yazd/6")
    remove(full, 6)
    root = etree.fromstring(feeds.render(full, all_, "atom", BASE))
    (tombstone,) = root.iter("{http://purl.org/atompub/tombstones/1.0}deleted-entry")
    assert dict(tombstone.attrib) == {"ref": gone.guid, "when": "2021-12-08T10:30:00+03:30"}
    assert gone.guid not in [each.text for each in root.iter(f"{ATOM}id")]
    assert f'"_deleted": [{{"id": "{gone.guid}"' in feeds.render(full, all_, "json", BASE).decode()
    assert gone.guid not in feeds.render(full, all_, "rss", BASE).decode()


def test_an_open_month_has_another_address_when_it_says_more(full, all_, read, keep, make):
    """A subscriber never reads an archived document twice, so what may still grow must not look like one it knows."""
    before = link(read(f"{BASE}/feeds/all.atom"), "prev-archive")
    keep(make(99, "۱۳ آذر ۱۴۰۰"))
    after = link(read(f"{BASE}/feeds/all.atom"), "prev-archive")
    assert before.partition("?")[0] == after.partition("?")[0] == f"{BASE}/feeds/all/1400/09.atom"
    assert before != after
    full.close_months(CLOSED_AT + timedelta(days=40))
    assert link(read(f"{BASE}/feeds/all.atom"), "prev-archive") == f"{BASE}/feeds/all/1400/09.atom"


def test_a_long_month_is_cut_into_documents(full, all_, read, monkeypatch):
    monkeypatch.setattr(issue, "LONGEST", 20)
    addresses = [address for address, _ in chain(read, f"{BASE}/feeds/all.atom")]
    assert [address.partition("?")[0].removeprefix(f"{BASE}/feeds/all") for address in addresses][:4] == [
        ".atom",
        "/1400/09.atom",
        "/1400/08-3.atom",
        "/1400/08-2.atom",
    ]
    sizes = [len(document.entries) for _, document in chain(read, addresses[1])]
    assert max(sizes) == 20
    assert sum(sizes) == full.stats()["articles"]


def test_content_is_asked_for_along_the_whole_replay(full, catalogue, read):
    documents = list(chain(read, f"{BASE}/feeds/all.atom?content=summary&limit=5"))
    assert len(documents[0][1].entries) == 5
    assert all("content=summary" in address and "limit" not in address for address, _ in documents[1:])
    assert not [entry for _, document in documents for entry in document.entries if "content" in entry]


@pytest.mark.parametrize("part", [Part(month="1399-01"), Part(month="1400-08", number=2)])
def test_a_month_without_releases_has_no_document(part, full, all_):
    with pytest.raises(NoSuchFeed, match=part.path):
        feeds.render(full, all_, "atom", BASE, part)


def test_a_search_has_no_archive_and_says_what_to_do(full, catalogue):
    feed = feeds.find("query", catalogue, [("q", "نشست")])
    assert b"prev-archive" not in feeds.render(full, feed, "atom", BASE)
    with pytest.raises(NoSuchFeed, match="since= and until="):
        feeds.render(full, feed, "atom", BASE, Part(month="1400-08"))
