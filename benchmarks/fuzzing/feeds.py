"""Feeds and sitemaps, also those that are JSON, as sites might send them."""

from functools import cache
from typing import NamedTuple

from scrapy.http import Headers, Response

from benchmarks.fuzzing.chance import CONTROLS, NUMBERS, ODD, Chance, Target, as_bytes, parts_of
from benchmarks.fuzzing.held import hold_addresses, hold_date
from benchmarks.fuzzing.pages import DATES, HOST, READ_AT, source
from benchmarks.hostile import SCHEMES, TEXTS, WORDS
from spiders.listing import FeedListing, Link, Listing, SitemapListing
from spiders.platforms import platform
from spiders.platforms.wordpress import WordPressPosts
from spiders.responses import xml_response

RSS = """<?xml version="1.0" encoding="utf-8"?>
<rss version="2.0" xmlns:media="http://search.yahoo.com/mrss/" xmlns:atom="http://www.w3.org/2005/Atom"><channel>
<title>اخبار</title><link>https://yazd.example.ir/</link><atom:link rel="next" href="/feed?page=2"/>
<item><title>خبر</title><link>https://yazd.example.ir/fa/news/12/khabar</link><guid>12</guid>
<pubDate>Mon, 06 Dec 2021 09:19:00 +0330</pubDate><enclosure url="/files/1.pdf" length="12345" type="application/pdf"/>
<media:content url="/files/2.mp4" fileSize="99999"/></item>
<item><link>/fa/news/13</link><pubDate>۱۵ آذر ۱۴۰۰ ۰۹:۱۹</pubDate><description><![CDATA[<p>x</p>]]></description></item>
</channel></rss>"""
ATOM = """<feed xmlns="http://www.w3.org/2005/Atom"><link rel="self" href="/feed"/><link rel="next" href="/feed?p=2"/>
<entry><link rel="alternate" href="/fa/news/14/x"/><link rel="enclosure" href="/a.pdf" length="7"/>
<published>2021-12-06T05:49:00Z</published></entry><entry><link href="http://www.yazd.example.ir/fa/news/15"/></entry>
</feed>"""
SITEMAP = """<?xml version="1.0" encoding="UTF-8"?><urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">
<url><loc>https://yazd.example.ir/fa/news/12/khabar</loc><lastmod>2021-12-06</lastmod></url>
<url><loc> /fa/news/13 </loc><lastmod>1400-09-15</lastmod></url></urlset>"""
INDEX = """<sitemapindex><sitemap><loc>https://yazd.example.ir/news-sitemap1.xml</loc><lastmod>2021-12-06T09:19Z</lastmod>
</sitemap><sitemap><loc>/news-sitemap2.xml</loc></sitemap></sitemapindex>"""
MAPS = ['{"urls": [{"loc": "/fa/news/12", "lastmod": "2021"}, 5], "sitemaps": [{"loc": "/s2.json"}]}']
POSTS = ['[{"link": "https://yazd.example.ir/?p=12", "date_gmt": "2021-12-06T05:49:00"}, {"link": 5}, null]']
DTD = [
    '<!DOCTYPE a [<!ENTITY b "c"><!ENTITY d "&b;&b;&b;">]>',
    '<!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/passwd">]>',
    '<!DOCTYPE a SYSTEM "http://127.0.0.1:9/x.dtd">',
    '<!DOCTYPE a [<!ENTITY % p SYSTEM "http://127.0.0.1:9/"> %p;]>',
    *("&b;", "&d;", "&amp;", "&#0;", "&#xD800;", "&#x110000;", "<?xml-stylesheet href='x'?>", "<![CDATA[", "]]>"),
    '<?xml version="1.0" encoding="utf-16"?>',
    '<?xml version="1.0" encoding="nosuch"?>',
    '<?xml version="1.1"?>',
    *("<item>", "</item>", "<entry>", "<url>", "<loc>", "</loc>", "<link>", "</link>", "<xi:include href='file:///'/>"),
]
SIGNS = ["{", "}", "[", "]", ",", ":", '"', '"loc"', '"urls"', '"link"', "null", "true", "1e999", "\\ud800", "[" * 3000]
KINDS: dict[str, list[str]] = {"feeds": [RSS, ATOM], "sitemaps": [SITEMAP, INDEX, *MAPS]}


class Listed(NamedTuple):
    """An answer that is read as a list of some kind."""

    kind: type[Listing]
    type: str
    body: bytes


@cache
def pieces() -> list[bytes]:
    own = parts_of(as_bytes([RSS, ATOM, SITEMAP, INDEX]))
    links = as_bytes([form.format(link) for link in SCHEMES for form in ("<link>{}</link>", "<loc>{}</loc>", "{}")])
    lengths = as_bytes([f'<enclosure url="/a.pdf" length="{number}"/>' for number in NUMBERS])
    dates = as_bytes([f"<pubDate>{text}</pubDate>" for text in (*DATES, *NUMBERS, *TEXTS)])
    strange = as_bytes([*DTD, *SIGNS, *TEXTS, *WORDS, *ODD, *CONTROLS, *NUMBERS])
    return [*own, *own, *own, *links, *lengths, *dates, *strange]


def make_feed(chance: Chance) -> Listed:
    if chance.random() < 0.15:
        return _made(chance, POSTS, WordPressPosts)
    return _made(chance, KINDS["feeds"], FeedListing)


def make_sitemap(chance: Chance) -> Listed:
    return _made(chance, KINDS["sitemaps"], SitemapListing)


def _made(chance: Chance, whole: list[str], kind: type[Listing]) -> Listed:
    seeds = as_bytes(whole)
    body = chance.mangled(chance.choice(seeds), pieces(), seeds)
    if chance.random() < 0.05:
        body = b"".join(chance.pieces(40, pieces()))
    if chance.random() < 0.05:
        body = body.decode("utf-8", "replace").encode(chance.choice(("utf-16", "cp1256", "utf-32")), "replace")
    if chance.random() < 0.02:
        body = b"\x1f\x8b\x08" + body
    return Listed(kind, chance.choice(("application/xml", "text/xml; charset=cp1256", "")), body)


def grown_feed(chance: Chance, size: int) -> Listed:
    return _grown(chance, size, KINDS["feeds"], FeedListing)


def grown_sitemap(chance: Chance, size: int) -> Listed:
    return _grown(chance, size, KINDS["sitemaps"], SitemapListing)


def _grown(chance: Chance, size: int, whole: list[str], kind: type[Listing]) -> Listed:
    body = chance.choice(as_bytes(whole))
    start = chance.randrange(len(body))
    return Listed(kind, "", body[:start] + chance.repeated(pieces(), size) + body[start:])


def check(listed: Listed) -> str:
    found = _read(listed)
    if len(listed.body) % 8 == 0:
        assert _read(listed) == found, "it reads otherwise again"
    links, following = found
    for link in links:
        hold_addresses([link.url, *(url for url, _ in link.sizes)])
        hold_date(link.published)
        platform("iransamaneh").is_article(link.url)
        for _, length in link.sizes:
            assert 0 < length < 2**63, "a length that no file has"
    hold_addresses(following)
    return f"{'some' if links else 'no'} links{', and more lists' if following else ''}"


def _read(listed: Listed) -> tuple[list[Link], list[str]]:
    headers = Headers({"Content-Type": listed.type, "X-WP-TotalPages": "9"})
    answer = xml_response(Response(HOST + "feed?page=1", headers=headers, body=listed.body))
    listing = listed.kind(response=answer, source=source("wordpress"), fetched_at=READ_AT)
    more = listing.newest_parts() if isinstance(listing, SitemapListing) else []
    return list(listing.links()), [*listing.next_urls(), *more]


FEEDS = Target(name="feeds", make=make_feed, check=check, grown=grown_feed, seconds=1.0)
SITEMAPS = Target(name="sitemaps", make=make_sitemap, check=check, grown=grown_sitemap, seconds=1.0)
