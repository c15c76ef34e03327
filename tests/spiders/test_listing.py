"""What listing pages, feeds and sitemaps lead to."""

from datetime import UTC, datetime
from typing import ClassVar

import attrs
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from spiders.listing import FeedListing, ListingPage, SitemapListing

FETCHED = datetime(2021, 12, 6, 8, tzinfo=UTC)
HOME = "https://yazd.example.ir"
ENTITIES = "".join(f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, 12))


@attrs.define(kw_only=True)
class PlainListing(ListingPage):
    item_css: ClassVar[str] = "li"
    date_css: ClassVar[str] = ".date"


@pytest.fixture
def listing(office, respond):
    def made(kind, content, url=f"{HOME}/fa/news", selectors=None, **source):
        return kind(response=respond(content, url=url), source=office(selectors, **source), fetched_at=FETCHED)

    return made


def urls(found):
    return [link.url for link in found.links()]


def rss(*items, kind="rss"):
    return f'<?xml version="1.0" encoding="utf-8"?><{kind} version="2.0"><channel>{"".join(items)}</channel></{kind}>'


def atom(*entries):
    return f'<?xml version="1.0"?><feed xmlns="http://www.w3.org/2005/Atom">{"".join(entries)}</feed>'


# ---- pages ----


def test_a_listing_page_gives_each_entrys_link_and_date_in_the_pages_order(listing):
    page = (
        '<li><a href="/fa/news/2/b">ب</a> <i class="date">۱۵ آذر ۱۴۰۰</i></li><li><a href="/fa/news/1/a">الف</a></li>'
    )
    links = list(listing(PlainListing, page).links())

    assert [link.url for link in links] == [f"{HOME}/fa/news/2/b", f"{HOME}/fa/news/1/a"]
    assert links[0].published.gregorian == "2021-12-06"
    assert links[0].published.origin == "listing"
    assert links[1].published is None


def test_a_listed_date_that_cannot_be_read_is_none(listing):
    (link,) = listing(PlainListing, '<li><a href="/fa/news/1"></a><i class="date">۳۱ آذر ۱۴۰۰</i></li>').links()

    assert link.published is None


def test_a_listed_date_is_counted_by_the_sites_own_clock(office, respond):
    response = respond('<li><a href="/1"></a><i class="date">دیروز</i></li>', Date="Mon, 06 Dec 2021 21:00:00 GMT")
    (link,) = PlainListing(response=response, source=office(), fetched_at=FETCHED).links()

    assert link.published.gregorian == "2021-12-06"  # at 21:00 UTC it is the seventh in Tehran


LINKS = [
    ("/fa/news/1", f"{HOME}/fa/news/1", "a path"),
    ("1/khabar", f"{HOME}/fa/1/khabar", "a relative one"),
    ("?page=2", f"{HOME}/fa/news?page=2", "a query"),
    (" /fa/news/1\n", f"{HOME}/fa/news/1", "white space around it"),
    ("/fa/news/1#comments", f"{HOME}/fa/news/1", "a fragment"),
    ("https://yazd.example.ir/1", f"{HOME}/1", "the host itself"),
    ("http://yazd.example.ir/1", "http://yazd.example.ir/1", "the other scheme"),
    ("https://www.yazd.example.ir/1", "https://www.yazd.example.ir/1", "the host with www"),
    ("//YAZD.example.ir/1", "https://YAZD.example.ir/1", "the host in capitals"),
    ("/fa/news/1/خبر", f"{HOME}/fa/news/1/خبر", "a Persian slug"),
    ("https://qom.example.ir/1", None, "another host"),
    ("https://yazd.example.ir.evil.example/1", None, "a host that begins alike"),
    ("https://yazd.example.ir@evil.example/1", None, "a user that looks like the host"),
    ("javascript:void(0)", None, "a script"),
    ("mailto:info@yazd.example.ir", None, "mail"),
    ("tel:+98351", None, "a telephone"),
    ("ftp://yazd.example.ir/1", None, "another scheme"),
    ("http://[bad", None, "no address"),
    ("", None, "nothing"),
]


@pytest.mark.parametrize(("link", "address", "what"), LINKS, ids=[what for *_, what in LINKS])
def test_links_are_absolute_and_stay_on_the_sources_host(listing, link, address, what):
    assert urls(listing(PlainListing, f'<li><a href="{link}">خبر</a></li>')) == ([address] if address else [])


def test_the_bare_host_is_that_of_a_source_with_www(listing):
    page = '<li><a href="https://yazd.example.ir/1">خبر</a></li>'

    assert urls(listing(PlainListing, page, url="https://www.yazd.example.ir/")) == [f"{HOME}/1"]


@pytest.mark.parametrize(
    ("base", "address"),
    [
        ('<base href="/portal/">', f"{HOME}/portal/1"),
        ('<base href="https://yazd.example.ir/x/y">', f"{HOME}/x/1"),
        ('<base href="http://[bad">', f"{HOME}/fa/1"),
        ('<base target="_blank">', f"{HOME}/fa/1"),
        ('<base href="https://qom.example.ir/">', None),
    ],
)
def test_relative_links_refer_to_the_pages_base(listing, base, address):
    found = listing(PlainListing, f'<head>{base}</head><li><a href="1">خبر</a></li>')

    assert urls(found) == ([address] if address else [])


def test_an_entry_without_a_link_of_the_site_is_passed_over(listing):
    page = '<li>بی پیوند</li><li><a href="https://t.me/x">تلگرام</a><a href="/fa/news/1">خبر</a></li>'

    assert urls(listing(PlainListing, page)) == [f"{HOME}/fa/news/1"]


@pytest.mark.parametrize(
    ("pager", "following"),
    [
        ('<a rel="next" href="/fa/news?page=2">بعد</a>', [f"{HOME}/fa/news?page=2"]),
        ('<a rel="next" href="https://qom.example.ir/2">بعد</a>', []),
        ('<a rel="next" href="/fa/news">همین</a>', []),
        ('<a rel="next" href="#">همین</a>', []),
        ('<a rel="next" href="javascript:next()">بعد</a><a rel="next" href="?p=2">بعد</a>', [f"{HOME}/fa/news?p=2"]),
        ("", []),
    ],
)
def test_the_next_page_is_another_one_of_the_site(listing, pager, following):
    assert listing(PlainListing, pager).next_urls() == following


def test_a_sources_own_selectors_find_links_and_pager(listing):
    page = '<li><a href="/other">دیگر</a></li><p class="x"><a href="/1">خبر</a></p><a class="more" href="?p=2">بیش</a>'
    found = listing(PlainListing, page, selectors={"listing": ".x a", "next": "a.more"})

    assert urls(found) == [f"{HOME}/1"]
    assert found.next_urls() == [f"{HOME}/fa/news?p=2"]


# ---- feeds ----


def test_an_rss_feed_gives_links_and_dates(listing):
    item = "<item><link> https://yazd.example.ir/1 </link><pubDate>Mon, 06 Dec 2021 09:19:00 +0330</pubDate></item>"
    (link,) = listing(FeedListing, rss(item)).links()

    assert link.url == f"{HOME}/1"
    assert link.published.gregorian == "2021-12-06T09:19:00+03:30"
    assert link.published.origin == "feed"


@pytest.mark.parametrize("written", ["Mon, 15 Azar 1400 09:19:00 +0330", "1400-09-15 09:19:00", "15 Dec 1400 09:19"])
def test_a_jalali_year_in_a_feed_is_never_a_gregorian_one(listing, written):
    (link,) = listing(FeedListing, rss(f"<item><link>/1</link><pubDate>{written}</pubDate></item>")).links()

    assert link.published is None or link.published.on.year in (2021, 2022)


@pytest.mark.parametrize(
    ("dates", "day"),
    [
        ("<dc:date>2021-12-06T09:19:00+03:30</dc:date>", "2021-12-06"),
        ("<dc:date>2021-12-06</dc:date><pubDate>Sun, 05 Dec 2021 09:19:00 +0330</pubDate>", "2021-12-05"),
        ("<pubDate></pubDate><dc:date>2021-12-06</dc:date>", "2021-12-06"),
        ("<date>2021-12-06</date>", None),
    ],
)
def test_a_feed_dates_its_entries_as_rss_or_as_dublin_core_does(listing, dates, day):
    feed = f'<rdf:RDF xmlns:rdf="r" xmlns:dc="http://purl.org/dc/elements/1.1/"><item><link>/1</link>{dates}</item></rdf:RDF>'
    (link,) = listing(FeedListing, feed).links()

    assert (link.published and link.published.on.isoformat()) == day


@pytest.mark.parametrize(
    "links",
    [
        '<link href="/1"/>',
        '<link rel="alternate" href="/1"/>',
        '<link rel="self" href="/feed/1"/><link rel="replies" href="/1/c"/><link rel="alternate" href="/1"/>',
        '<link rel="enclosure" href="/a.pdf"/><link href="/1"/>',
    ],
)
def test_an_atom_entry_leads_to_its_alternate_link(listing, links):
    found = listing(FeedListing, atom(f"<entry>{links}<published>2021-12-06T05:49:00Z</published></entry>"))
    (link,) = found.links()

    assert link.url == f"{HOME}/1"
    assert link.published.gregorian == "2021-12-06T09:19:00+03:30"


def test_an_atom_link_beside_the_rss_one_does_not_hide_it(listing):
    item = '<item><a:link xmlns:a="http://www.w3.org/2005/Atom" rel="self" href="/feed/1"/><link>/1</link></item>'

    assert urls(listing(FeedListing, rss(item))) == [f"{HOME}/1"]


def test_items_of_other_hosts_and_without_links_are_passed_over(listing):
    items = "<item><title>بی پیوند</title></item>", "<item><link>https://qom.example.ir/1</link></item>"

    assert urls(listing(FeedListing, rss(*items))) == []


# ---- sitemaps ----


def test_a_sitemap_gives_addresses_without_dates(listing):
    sitemap = (
        '<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">'
        "<url><loc>\n https://yazd.example.ir/1 </loc><lastmod>2021-12-06</lastmod></url>"
        "<url><loc>https://qom.example.ir/1</loc></url></urlset>"
    )
    (link,) = listing(SitemapListing, sitemap).links()

    assert (link.url, link.published) == (f"{HOME}/1", None)


def test_an_index_of_sitemaps_leads_to_its_parts(listing):
    index = (
        "<sitemapindex><sitemap><loc>/a.xml</loc></sitemap>"
        "<sitemap><loc>https://qom.example.ir/b.xml</loc></sitemap></sitemapindex>"
    )
    found = listing(SitemapListing, index)

    assert urls(found) == []
    assert found.next_urls() == [f"{HOME}/a.xml"]


@pytest.mark.parametrize(
    "days", [("2021-01-01", "2021-12-06T08:00:00+03:30", None), ("2020-03-01", "2020-04-01", "2019-01-01")]
)
def test_of_the_parts_of_an_index_those_come_first_that_changed_last(listing, days):
    stated = (f"<lastmod> {day} </lastmod>" if day else "" for day in days)
    index = "".join(f"<sitemap><loc>/{number}.xml</loc>{day}</sitemap>" for number, day in enumerate(stated))
    parts = listing(SitemapListing, f"<sitemapindex>{index}</sitemapindex>").newest_parts()

    assert [url.removeprefix(HOME) for url in parts] == ["/1.xml", "/0.xml", "/2.xml"]


def test_parts_without_days_keep_their_order(listing):
    index = "<sitemapindex><sitemap><loc>/b.xml</loc></sitemap><sitemap><loc>/a.xml</loc></sitemap></sitemapindex>"

    assert listing(SitemapListing, index).newest_parts() == [f"{HOME}/b.xml", f"{HOME}/a.xml"]


# ---- XML as it comes ----

DAMAGED = [
    (rss("<item><link>/1</link></item>", "<item><title>ب</ti"), ["/1"], "cut off"),
    ("\n\n" + rss("<item><link>/1</link></item>"), ["/1"], "a declaration that is not at the start"),
    ("\ufeff" + rss("<item><link>/1</link></item>"), ["/1"], "a byte order mark"),
    (rss("<item><title>کار & تعاون</title><link>/1</link></item>"), ["/1"], "a bare ampersand"),
    (rss("<item><title>\x0b&nbsp;</title><link>/1</link></item>"), ["/1"], "what XML forbids"),
    (rss("<item><link><![CDATA[/1?a=1&b=2]]></link></item>"), ["/1?a=1&b=2"], "CDATA"),
    (rss("<item><link>/1<!-- x --></link></item>"), ["/1"], "a comment"),
    (rss("<item><link>/1&#55357;&#xDE00;</link></item>"), ["/1\ufffd\ufffd"], "the halves of a character in a text"),
    (rss("<item><link>/1</link><enclosure url='/&#xd83d;'/></item>"), ["/1"], "and in an attribute"),
    (rss("<item><link>/1&#0055296</link></item>").encode("utf-16"), [], "and in UTF-16"),
    ("\n" + rss("<item><link>/1?a=1&amp;b=2</link></item>"), ["/1?a=1&b=2"], "an empty line, and an ampersand"),
    (rss("<item><title>& &nbsp;</title><link>/1?a=1&amp;b=2</link></item>"), ["/1?a=1&b=2"], "one bare, one written"),
    (
        rss("<entry><title>&</title><link href='/1?a=1&amp;b=2'/></entry>", kind="feed"),
        ["/1?a=1&b=2"],
        "and in an attribute of Atom",
    ),
    (rss("<item><title>&</title><link><![CDATA[/1?a=&amp;]]></link></item>"), ["/1?a=&amp;"], "as they are in CDATA"),
    (rss("<item><link>/1</link></item>", "<item><title><![CDATA[&amp;"), ["/1"], "CDATA that is cut off"),
    ("<br />\n<b>Warning</b>: x in <b>/a.php</b><br />" + rss("<item><link>/1</link></item>"), ["/1"], "a warning"),
    ("<!-- کش --><rss><item><link>/1</link></item></rss>", ["/1"], "no declaration"),
    (
        rss("<item><link>/خبر</link></item>").replace("utf-8", "windows-1256"),
        ["/خبر"],
        "another charset",
    ),
    (rss("<item><link>/1</link></item>").replace("utf-8", "utf-16").encode("utf-16"), ["/1"], "UTF-16"),
    (rss("<item><link>/1</link></item>").replace("utf-8", "utf-16le").encode("utf-16-le"), ["/1"], "without its mark"),
    ("", [], "nothing"),
    (" \n", [], "white space"),
    ("<", [], "one character"),
    ("no XML at all", [], "text"),
    ('{"urls": [{"loc": "/1"}]}', [], "JSON"),
    ("<!DOCTYPE html><html><body><p>خطای ۵۰۰<br>", [], "HTML"),
    ('<!DOCTYPE html><html><head><link rel="alternate" href="/1"></head><body>', [], "HTML with links"),
]


@pytest.mark.parametrize(("content", "paths", "what"), DAMAGED, ids=[what for *_, what in DAMAGED])
def test_damaged_xml_is_read_as_far_as_it_goes(listing, content, paths, what):
    assert urls(listing(FeedListing, content)) == [HOME + path for path in paths]


def test_a_feed_in_an_old_encoding_is_read_as_it_declares(listing):
    feed = '<?xml version="1.0" encoding="windows-1256"?><rss><item><link>/خبر</link></item></rss>'

    assert urls(listing(FeedListing, feed.replace("خبر", "\u062e\u0628\u0631").encode("cp1256"))) == [f"{HOME}/خبر"]


@pytest.mark.parametrize(
    "doctype",
    [
        f'<!DOCTYPE rss [<!ENTITY a0 "aaaaaaaaaa">{ENTITIES}]>',
        '<!DOCTYPE rss [<!ENTITY a11 SYSTEM "file:///etc/hostname">]>',
        '<!DOCTYPE rss [<!ENTITY a11 SYSTEM "http://127.0.0.1:9/">]>',
        '<!DOCTYPE rss [<!ENTITY % p SYSTEM "http://127.0.0.1:9/"> %p; <!ENTITY a11 "x">]>',
        '<!DOCTYPE rss SYSTEM "http://127.0.0.1:9/rss.dtd">',
    ],
)
def test_entities_are_not_expanded_and_nothing_is_fetched(listing, doctype):
    items = "<item><link>/x&a11;</link></item><item><link>/2</link></item>"
    found = urls(listing(FeedListing, f'<?xml version="1.0"?>{doctype}<rss>{items}</rss>'))

    assert set(found) <= {f"{HOME}/x", f"{HOME}/x&a11;", f"{HOME}/2"}


@pytest.mark.parametrize("sign", ["\\u0001", "\\ud800", "\\n", "\\uffff"])
def test_a_sign_that_no_address_may_hold_stands_in_none(listing, sign):
    assert urls(listing(SitemapListing, f'{{"urls": [{{"loc": "/fa/ne{sign}ws/1"}}]}}')) == [f"{HOME}/fa/news/1"]


@pytest.mark.parametrize("length", ["9" * 5000, "9" * 16, "-1", "1.5", "\u00b2"])
def test_a_length_that_no_file_has_is_none(listing, length):
    feed = rss(f"<item><link>/1</link><enclosure url='/a.pdf' length='{length}'/></item>")
    assert [link.sizes for link in listing(FeedListing, feed).links()] == [()]


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(content=st.one_of(st.binary(max_size=60), st.text(alphabet='<>/&;![]?-"= abloc\x00ی', max_size=60)))
@pytest.mark.parametrize("kind", [PlainListing, FeedListing, SitemapListing])
def test_nothing_that_a_server_sends_stops_a_listing(listing, kind, content):
    found = listing(kind, content)

    assert all(urls(found))
    assert all(found.next_urls())
