"""What leads to feeds and pages: OPML, directories, sitemaps."""

import json

import feedparser
import pytest
from lxml import etree, html

from syndication import directory, opml, sitemaps
from syndication.errors import NoSuchFeed
from syndication.feeds import known
from syndication.web import create_app
from tests.syndication.asking import Client

BASE = "https://news.example.ir/monadi"
SITEMAP = {"s": sitemaps.SITEMAP, "n": sitemaps.NEWS}


@pytest.fixture
def ask(full, catalogue):
    return Client(create_app(full, catalogue, BASE))


def outlines(document):
    return etree.fromstring(document).findall(".//outline[@xmlUrl]")


def test_the_tree_goes_from_provinces_by_agencies_to_offices(catalogue):
    root = etree.fromstring(opml.tree(catalogue, BASE))
    assert (root.tag, root.get("version")) == ("opml", "2.0")
    (yazd,) = root.findall("body/outline[@text='یزد']")
    agency = next(iter(catalogue.agencies.values()))
    office = yazd.find(f"outline[@text='{agency.name_fa}']/outline")
    assert yazd[0].get("xmlUrl") == f"{BASE}/feeds/province/yazd.atom"
    assert office.get("xmlUrl") == f"{BASE}/feeds/source/{agency.id}-yazd.atom"


@pytest.mark.parametrize("made", [opml.tree, opml.flat])
def test_both_lists_have_every_feed_once(made, catalogue):
    addresses = [each.get("xmlUrl") for each in outlines(made(catalogue, BASE))]
    assert sorted(addresses) == sorted(feed.address("atom", BASE) for feed in known(catalogue))
    assert all(each.get("text") and each.get("type") == "rss" for each in outlines(made(catalogue, BASE)))


def test_the_flat_list_has_no_folders(catalogue):
    assert len(etree.fromstring(opml.flat(catalogue, BASE)).findall("body/outline/outline")) == 0


def test_the_directory_for_programs_has_every_feed_in_every_format(catalogue, ask):
    listed = ask("/feeds.json").json()["feeds"]
    assert [each["path"] for each in listed] == [feed.path for feed in known(catalogue)]
    yazd = next(each for each in listed if each["path"] == "province/yazd")
    assert yazd["feeds"]["rss"] == f"{BASE}/feeds/province/yazd.rss"
    assert yazd["province"] == "yazd"


def test_a_published_site_leads_to_its_feeds(catalogue):
    made = directory.documents(catalogue, BASE + "/")
    assert made["index.html"] == made["feeds/index.html"]
    page = html.fromstring(made["index.html"])
    assert page.get("dir") == "rtl"
    links = {each.get("href") for each in page.iter("a")}
    assert {feed.address("json", BASE) for feed in known(catalogue)} < links
    assert page.xpath("//link[@rel='alternate']/@href")[0] == f"{BASE}/feeds/all.rss"
    assert json.loads(made["feeds.json"])["feeds"]


@pytest.mark.parametrize(
    ("target", "media_type"),
    [
        ("/feeds.opml", "text/x-opml; charset=utf-8"),
        ("/feeds-flat.opml", "text/x-opml; charset=utf-8"),
        ("/feeds.json", "application/json"),
        ("/sitemap.xml", "application/xml; charset=utf-8"),
        ("/sitemap/1400-08-1.xml", "application/xml; charset=utf-8"),
        ("/news-sitemap.xml", "application/xml; charset=utf-8"),
        ("/robots.txt", "text/plain; charset=utf-8"),
    ],
)
def test_they_are_served_and_may_be_kept(target, media_type, ask):
    answer = ask(target)
    assert (answer.status, answer.headers["content-type"]) == (200, media_type)
    assert ask(target, if_none_match=answer.headers["etag"]).status == 304


def test_sitemaps_have_every_article_once(ask, full):
    months = etree.fromstring(ask("/sitemap.xml").body).xpath("//s:loc/text()", namespaces=SITEMAP)
    assert months[0].startswith(f"{BASE}/sitemap/1400-")
    pages = [
        page
        for month in months
        for page in etree.fromstring(ask(month.removeprefix(BASE)).body).xpath("//s:loc/text()", namespaces=SITEMAP)
    ]
    assert len(pages) == len(set(pages)) == full.stats()["articles"]
    assert f"{BASE}/articles/mcls-yazd/5" in pages


def test_a_long_month_is_in_several_sitemaps(full, monkeypatch):
    monkeypatch.setattr(sitemaps, "LONGEST", 20)
    names = etree.fromstring(sitemaps.index(full, BASE)).xpath("//s:loc/text()", namespaces=SITEMAP)
    months = [name.rpartition("/")[2].removesuffix(".xml") for name in names]
    sizes = [len(etree.fromstring(sitemaps.month(full, month, BASE))) for month in months]
    assert max(sizes) == 20
    assert sum(sizes) == full.stats()["articles"]


@pytest.mark.parametrize("name", ["1399-01-1", "1400-08-2", "x", "1400-08-0", "1400-08"])
def test_a_sitemap_that_is_not_there_is_not_found(name, full):
    with pytest.raises(NoSuchFeed, match="sitemap"):
        sitemaps.month(full, name, BASE)


def test_news_are_the_dated_ones_of_the_last_two_days(ask):
    root = etree.fromstring(ask("/news-sitemap.xml").body)
    assert root.xpath("//n:title/text()", namespaces=SITEMAP) == ["پیوست‌دار"]
    dates = root.xpath("//n:publication_date/text()", namespaces=SITEMAP)
    assert dates == ["2021-12-06T09:19:00+03:30"]


def test_pages_tell_of_the_feed_of_their_question(ask):
    page = html.fromstring(ask("/search?q=نشست&since=1400").text)
    told = [each.get("href") for each in page.iter("link") if each.get("type") == "application/atom+xml"]
    assert told[-1].startswith(f"{BASE}/feeds/query.atom?q=")
    assert not feedparser.parse(ask(told[-1].removeprefix(BASE)).body).bozo
    assert page.xpath("//link[@type='text/x-opml']/@href") == [f"{BASE}/feeds.opml"]
