"""The musts of RSS 2.0 and of the best practices profile (rssboard.org), checked by hand."""

from email.utils import parsedate_to_datetime

import pytest
from lxml import etree

from syndication.feeds import find, render, rss

CHANNEL = {"title", "link", "description", "language", "lastBuildDate", "generator", "ttl", "image"}


@pytest.fixture(params=["all", "source/mcls-fars"], ids=["full", "empty"])
def channel(request, full, catalogue):
    root = etree.fromstring(render(full, find(request.param, catalogue), "rss", "https://news.example.ir"))
    assert (root.tag, root.get("version"), len(root)) == ("rss", "2.0", 1)
    return root[0]


def own(element):
    return [child.tag for child in element if not child.tag.startswith("{")]


def test_the_channel_has_each_element_once(channel):
    names = [name for name in own(channel) if name != "item"]
    assert sorted(names) == sorted(CHANNEL)
    assert all(channel.findtext(name).strip() for name in names if name != "image")
    assert [part.tag for part in channel.find("image")] == ["url", "title", "link"]


def test_each_item_has_each_element_once_and_a_guid_that_is_no_address(channel):
    for item in channel.findall("item"):
        names = [name for name in own(item) if name != "category"]
        assert len(names) == len(set(names))
        assert {"title", "link", "description", "guid", "pubDate"} <= set(names)
        assert item.find("guid").get("isPermaLink") == "false"
        assert "author" not in names  # it would have to be an address of e-mail


def test_dates_are_of_rfc_822(channel):
    dates = [channel.findtext("lastBuildDate"), *(item.findtext("pubDate") for item in channel.findall("item"))]
    assert all(parsedate_to_datetime(date).tzinfo for date in dates)


@pytest.mark.parametrize(
    ("title", "stated"),
    [
        ("یک < دو & سه > چهار", "یک < دو & سه > چهار"),
        ("&lt;b&gt;", "&lt;b&gt;"),
        ("<b>دو</b> & سه", "&lt;b&gt;دو&lt;/b&gt; &amp; سه"),
        ("یک <!-- دو", "یک &lt;!-- دو"),
        ("<?x", "&lt;?x"),
        ("</p", "&lt;/p"),
        ("<img src=x onerror=x>", "&lt;img src=x onerror=x&gt;"),
    ],
)
def test_a_title_makes_no_elements_where_readers_take_it_for_html(title, stated):
    assert rss.titled(title) == stated
