"""Every query is a feed: the words of its address, and what they make of it."""

from dataclasses import replace

import feedparser
import pytest

from archive.errors import QueryError
from syndication import feeds
from syndication.feeds import pattern

BASE = "https://news.example.ir"


@pytest.fixture
def titles(full, catalogue):
    def found(*asked, path="query", format_="rss"):
        document = feeds.render(full, feeds.find(path, catalogue, asked), format_, BASE)
        read = feedparser.parse(document)
        assert not read.bozo
        return [entry.title for entry in read.entries]

    return found


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ([("q", "بی‌تاریخ")], ["بی‌تاریخ"]),
        ([("province", "هرمزگان")], ["پیوست‌دار"]),
        ([("source", "mcls-hormozgan"), ("q", "پیوست دار")], ["پیوست‌دار"]),
        ([("since", "1400-09-12"), ("until", "۱۴۰۰/۰۹/۱۲")], ["تنها روز"]),
        ([("q", "هیچ‌کجا")], []),
        ([("include", "تنها|بی تاریخ")], ["بی‌تاریخ", "تنها روز"]),
        ([("include", "شماره"), ("exclude", "[۰-۹]")], []),
        ([("include", "(^| )روز$")], ["تنها روز"]),
        ([("include", "شماره ي ۵$")], []),
        ([("include", "شماره\u200cي ۵ روابط")], ["نشست شماره‌ی 5 روابط عمومی‌ها"]),
    ],
)
def test_filters_and_expressions_pick_releases(asked, found, titles):
    assert titles(*asked) == found


def test_limit_and_sort(titles):
    assert len(titles(("limit", "7"))) == 7
    assert titles(("sort", "oldest"))[0] == titles(("sort", "oldest"), ("limit", "1"))[0] != titles()[0]


def test_a_tag_is_a_feed_in_any_spelling(titles):
    assert len(titles(path="tag/اشتغال")) == 50
    assert titles(path="tag/إشتغال") == titles(path="tag/اشتغال")
    assert titles(path="tag/بی‌کس") == []


@pytest.mark.parametrize(
    ("path", "asked", "parameter"),
    [
        ("query", [("quury", "x")], "quury"),
        ("query", [("text", "x")], "text"),
        ("query", [("cursor", "x")], "cursor"),
        ("query", [("province", "atlantis")], "province"),
        ("query", [("since", "never")], "since"),
        ("query", [("limit", "0")], "limit"),
        ("query", [("limit", "1001")], "limit"),
        ("query", [("q", "")], "q"),
        ("query", [("content", "all")], "content"),
        ("query", [("collapse", "yes")], "collapse"),
        ("query", [("sort", "best")], "sort"),
        ("query", [("changed", "maybe")], "changed"),
        ("query", [("include", "(")], "include"),
        ("query", [("include", "x" * 501)], "include"),
        ("query", [("exclude", "((a{1,100}){1,100}){1,100}")], "exclude"),
        ("query", [("include", r"(?=x)")], "include"),
        ("province/yazd", [("province", "qom")], "province"),
    ],
)
def test_a_wrong_word_is_named_and_is_no_empty_feed(path, asked, parameter, catalogue):
    with pytest.raises(QueryError) as error:
        feeds.find(path, catalogue, asked)
    assert error.value.parameter == parameter
    assert "\n" not in str(error.value)


def test_an_expression_takes_time_linear_in_the_text():
    hostile = pattern.Pattern.compiled("include", "(x+x+)+y")
    assert not hostile.found_in("x" * 1_000_000)


@pytest.mark.parametrize(
    ("content", "has"), [("full", (True, True)), ("summary", (False, True)), ("none", (False, False))]
)
@pytest.mark.parametrize("format_", ["rss", "atom"])
def test_content_says_how_much_is_told(content, has, format_, full, catalogue):
    feed = feeds.find("all", catalogue, [("content", content)])
    entry = feedparser.parse(feeds.render(full, feed, format_, BASE)).entries[0]
    assert ("content" in entry, bool(entry.get("summary"))) == has
    assert entry.title
    assert entry.link


def test_a_date_line_begins_the_text(full, catalogue):
    feed = feeds.find("all", catalogue, [("date-line", "yes"), ("since", "1400-09-12"), ("until", "1400-09-12")])
    (entry,) = feedparser.parse(feeds.render(full, feed, "atom", BASE)).entries
    assert "<p><small>جمعه ۱۲ آذر ۱۴۰۰</small></p>" in entry.content[0].value


def test_edits_of_substance_are_announced_again_only_for_those_who_ask(full, catalogue, keep, make):
    usual, asking = feeds.find("all", catalogue), feeds.find("all", catalogue, [("changed", "yes")])

    def ids(feed):
        return {entry.title: entry.id for entry in feedparser.parse(feeds.render(full, feed, "rss", BASE)).entries}

    before = ids(usual)
    assert ids(asking) == before
    number = make(61, "۱۲ آذر ۱۴۰۰", title="تنها روز", lead="این نشست با ۱۲ تن در یزد برگزار شد.")
    keep(number)
    assert ids(usual) == before
    announced = ids(asking)
    assert announced["تنها روز"] != before["تنها روز"]
    keep(replace(number, title="تنها  روز", lead="این نشست با ۱۲ تن در یزد برگزار شد"))  # a full stop is no news
    assert ids(asking) == announced


def test_every_word_makes_another_feed_with_an_address_of_its_own(catalogue):
    asked = [[], [("q", "سیلاب")], [("q", "سیلاب"), ("province", "yazd")], [("content", "none")]]
    made = [feeds.find("query", catalogue, words) for words in asked]
    assert len({feed.id for feed in made}) == len(made)
    assert len({feed.address("atom", BASE) for feed in made}) == len(made)
    assert made[2].id == feeds.find("query", catalogue, asked[2][::-1]).id
    assert made[1].page(BASE) == f"{BASE}/?q=%D8%B3%DB%8C%D9%84%D8%A7%D8%A8"
