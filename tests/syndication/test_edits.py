"""The feed of edits and removals."""

import json
from datetime import UTC, datetime, timedelta

import feedparser
import pytest
from lxml import etree

from archive import absences
from syndication import feeds
from syndication.errors import NoSuchFeed
from syndication.feeds import Part, edits

BASE = "https://news.example.ir"
AT = datetime(2021, 12, 8, tzinfo=UTC)
THR = "{http://purl.org/syndication/thread/1.0}"
ATOM = "{http://www.w3.org/2005/Atom}"


@pytest.fixture
def edited(archive, keep, make):
    """One release with a number changed and a typo mended, and one that was removed."""
    keep(make(1, lead="در این رویداد ۱۲ نفر آسیب دیدند."), make(2, title="رفتنی"), make(3))
    keep(make(1, lead="در این رویداد ۲۱ نفر آسیب دیدند.", fetched_at=AT))
    keep(make(1, lead="در این رویداد ۲۱ نفر آسیب دیدند", fetched_at=AT + timedelta(hours=1)))
    with archive.writing() as connection:
        for hours in (2, 9):
            absences.missed(connection, "mcls-yazd", ["id:2"], AT + timedelta(hours=hours))
    return archive


def documents(archive, catalogue, asked=(), part=None):
    feed = feeds.find("changes", catalogue, asked)
    return [feeds.render(archive, feed, format_, BASE, part) for format_ in ("atom", "json")]


def test_edits_are_told_word_by_word_with_their_class(edited, catalogue):
    atom, json_ = documents(edited, catalogue)
    found = feedparser.parse(atom)
    assert not found.bozo
    removed, typo, number = found.entries
    assert number.title == "ویرایش (عددی عوض شد): نشست شماره‌ی 1 روابط عمومی‌ها"
    assert "<del>۱۲</del> <ins>۲۱</ins>" in number.content[0].value.replace("</del><ins>", "</del> <ins>")
    assert [tag.term for tag in number.tags] == ["revised", "number-changed"]
    assert [tag.term for tag in typo.tags] == ["revised", "typo"]
    assert removed.title == "برداشته شد: رفتنی"
    items = json.loads(json_)["items"]
    assert [item["_change"]["kind"] for item in items] == ["gone", "revised", "revised"]
    assert items[2]["_change"]["severity"] == "material"
    assert items[1]["_change"]["severity"] == "quiet"


def test_each_entry_says_which_release_it_is_about_and_is_one_of_its_own(edited, catalogue):
    atom, json_ = documents(edited, catalogue)
    root = etree.fromstring(atom)
    guid = edited.article("mcls-yazd/1").guid
    assert [each.get("ref") for each in root.iter(f"{THR}in-reply-to")][1:] == [guid, guid]
    ids = [entry.findtext(f"{ATOM}id") for entry in root.iter(f"{ATOM}entry")]
    assert len({guid, *ids}) == 4
    assert [item["_about"] for item in json.loads(json_)["items"]][1:] == [guid, guid]


def test_removals_are_tombstones_as_well(edited, catalogue):
    atom, json_ = documents(edited, catalogue)
    gone = edited.article("mcls-yazd/2").guid
    assert [each.get("ref") for each in etree.fromstring(atom).iter("{*}deleted-entry")] == [gone]
    assert [each["id"] for each in json.loads(json_)["_deleted"]] == [gone]


def test_entries_are_dated_by_when_it_was_noticed_in_both_calendars(edited, catalogue):
    _, json_ = documents(edited, catalogue)
    item = json.loads(json_)["items"][2]
    assert item["date_published"] == item["date_modified"] == "2021-12-08T03:30:00+03:30"
    assert item["_jalali"] | {"precision": "second", "origin": "archive", "date": "1400-09-17"} == item["_jalali"]


def test_they_are_narrowed_as_every_feed_is(edited, catalogue):
    assert len(feedparser.parse(documents(edited, catalogue, [("source", "mcls-yazd")])[0]).entries) == 3
    assert not feedparser.parse(documents(edited, catalogue, [("province", "qom")])[0]).entries
    (entry,) = feedparser.parse(documents(edited, catalogue, [("limit", "1"), ("content", "none")])[0]).entries
    assert "content" not in entry


def test_blocks_of_the_log_replay_them_all_and_stay_the_same(edited, catalogue, keep, make, monkeypatch):
    monkeypatch.setattr(edits, "BLOCK", 4)
    feed = feeds.find("changes", catalogue)
    assert feeds.parts_of(edited, feed) == [(Part(number=1), True), (Part(number=2), False)]
    first = documents(edited, catalogue, part=Part(number=1))
    assert len(feedparser.parse(first[0]).entries) == 1
    links = {each.rel: each.href for each in feedparser.parse(documents(edited, catalogue)[0]).feed.links}
    assert links["prev-archive"] == f"{BASE}/feeds/changes/2.atom?change=6"
    assert "hub" not in links
    second = feedparser.parse(documents(edited, catalogue, part=Part(number=2))[0])
    assert {each.rel: each.href for each in second.feed.links}["prev-archive"] == f"{BASE}/feeds/changes/1.atom"
    keep(make(1, title="باز هم", fetched_at=AT + timedelta(days=1)), make(9), make(10), make(11))
    assert documents(edited, catalogue, part=Part(number=1)) == first
    with pytest.raises(NoSuchFeed, match="changes"):
        feeds.render(edited, feed, "atom", BASE, Part(number=3))


def test_a_path_of_a_block_is_told_from_a_month():
    assert feeds.located("changes/12") == ("changes", Part(number=12))
    assert feeds.located("province/yazd/1403/05-2") == ("province/yazd", Part(month="1403-05", number=2))
    assert feeds.located("province/yazd") == ("province/yazd", None)
    assert feeds.located("all/1403/13") == ("all/1403/13", None)
