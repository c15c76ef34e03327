"""Finding article pages: what a listing page, a feed or a sitemap says, in one form."""

import json
import re
from collections.abc import Iterable, Iterator
from datetime import datetime
from functools import cached_property
from io import BytesIO
from itertools import islice
from typing import Any, ClassVar
from urllib.parse import urlsplit

import attrs
from lxml import etree
from lxml.html import HtmlElement
from web_poet import HttpResponse

from persian import dates
from persian.calendars import DateError
from persian.markup import date_in
from persian.published import Published
from persian.text import without_forbidden
from sources import Source
from spiders.addresses import joined
from spiders.bounds import address, size
from spiders.clock import site_clock
from spiders.responses import is_utf8, root_of
from spiders.selection import select

DIGIT = re.compile(r"\d")
WEB = ("http", "https")
ENTRIES = 50_000  # of one sitemap (sitemaps.org)
LONGEST = 200  # characters of a date
MOST_LINKS, MOST_DATES = 50, 20  # of an entry; what holds more links is a list of entries, whatever it is called
DC_DATE = "{http://purl.org/dc/elements/1.1/}date"
FIRST = 4096  # bytes, in which a feed begins whatever stands before it
BEGINNING = re.compile(rb"<(?:\?xml|rss|feed|rdf:RDF|urlset|sitemapindex)\b")
NAMED = re.compile(rb"<!\[CDATA\[(?:.*?\]\]>|.*)|&(?:amp|lt|gt|quot|apos);", re.DOTALL)
NUMBERED = {
    b"&amp;": b"&#38;",
    b"&lt;": b"&#60;",
    b"&gt;": b"&#62;",
    b"&quot;": b"&#34;",
    b"&apos;": b"&#39;",
}
HALF = re.compile(
    rb"&#(?:x0*d[89a-f][0-9a-f]{2}|0*(?:5529[6-9]|55[3-9]\d\d|56\d{3}|57[0-2]\d\d|573[0-3]\d|5734[0-3]));?",
    re.IGNORECASE,
)


@attrs.frozen(kw_only=True)
class Link:
    """An article's address and, where the listing tells them, its date and the bytes of its files, by address."""

    url: str
    published: Published | None = None
    sizes: tuple[tuple[str, int], ...] = ()


@attrs.define(kw_only=True)
class Listing:
    """What leads to articles. `links` come in the page's order; `next_urls` are more listings of the same kind.

    An `optional` kind is one that a site may do without: that it has none is no failure of the walk.
    """

    optional: ClassVar[bool] = False

    response: HttpResponse
    source: Source
    fetched_at: datetime

    def links(self) -> Iterator[Link]:
        raise NotImplementedError

    def next_urls(self) -> list[str]:
        return []

    def on_site(self, link: str | None) -> str | None:
        """The absolute address of a link that stays on the source's host, without its fragment."""
        try:
            parts = urlsplit(joined(self.base, (link or "").strip()))
            here = (parts.hostname or "").removeprefix("www.") == self.source.host.removeprefix("www.")
        except ValueError:
            return None
        return address(parts._replace(fragment="").geturl()) if link and here and parts.scheme in WEB else None

    @cached_property
    def base(self) -> str:
        """What relative addresses refer to."""
        return str(self.response.url)

    @cached_property
    def clock(self) -> datetime:
        return site_clock(self.response, self.fetched_at)

    def date(self, text: str | None, origin: str) -> Published | None:
        text = without_forbidden(text[:LONGEST]) if text else None
        try:
            return dates.parse(text, fetched_at=self.clock, origin=origin, since=self.source.began) if text else None
        except DateError:
            return None  # a listing's date only helps to skip; the page's own counts


@attrs.define(kw_only=True)
class ListingPage(Listing):
    """A page of links to articles: `item_css` is one entry, in it `link_css`, `date_css`; `next_css` is the pager."""

    item_css: ClassVar[str]
    link_css: ClassVar[str] = "a"
    date_css: ClassVar[str] = ""
    next_css: ClassVar[str] = "a[rel=next]"

    @cached_property
    def tree(self) -> HtmlElement:
        return root_of(self.response)

    def links(self) -> Iterator[Link]:
        if own := self.source.selectors.listing:
            yield from (Link(url=url) for node in select(self.tree, own) if (url := self.on_site(node.get("href"))))
            return
        for item in self.entries():
            if link := next(self.links_of(item), None):
                yield Link(url=link, published=self.listed_date(item))

    def entries(self) -> Iterator[HtmlElement]:
        """The elements of single entries: to ask lists of them as well takes time by how deep they stand in others."""
        for item in select(self.tree, self.item_css):
            if next(islice(item.iter("a"), MOST_LINKS, None), None) is None:
                yield item

    def links_of(self, item: HtmlElement) -> Iterator[str]:
        """The addresses on the site that an entry leads to."""
        return filter(None, (self.on_site(node.get("href")) for node in select(item, self.link_css)))

    def next_urls(self) -> list[str]:
        nodes = select(self.tree, self.source.selectors.next or self.next_css)
        following = next((url for node in nodes if (url := self.on_site(node.get("href")))), None)
        return [following] if following and following != str(self.response.url) else []

    def listed_date(self, item: HtmlElement) -> Published | None:
        """The date of an entry: the exact one of its <time>, else what readers see there or over its link."""
        exact = (time.get("datetime", "") for time in item.iter("time"))
        seen = (date_in(node) for node in select(item, self.date_css)) if self.date_css else ()
        titles = (title for link in item.iter("a") if DIGIT.search(title := link.get("title", "")))
        stated = (text for each in (exact, seen, titles) for text in islice(each, MOST_DATES))
        read = (self.date(text, "listing") for text in stated)
        return next((published for published in read if published), None)

    @cached_property
    def base(self) -> str:
        stated = next((node.get("href") for node in self.tree.iter("base") if node.get("href")), None)
        try:
            return joined(str(self.response.url), (stated or "").strip())
        except ValueError:
            return str(self.response.url)


@attrs.define(kw_only=True)
class XmlListing(Listing):
    """A feed or a sitemap; damaged XML is read as far as it goes, entities and the network are off.

    Elements are read one after the other and forgotten: the tree of a sitemap as large as they may be takes 700 MB.
    """

    optional: ClassVar[bool] = True

    def each(self, *names: str) -> Iterator[etree._Element]:
        """The elements of some names, each until the next one is asked for."""
        body = _mended(bytes(self.response.body))
        read = etree.iterparse(
            BytesIO(body),
            tag=[f"{{*}}{name}" for name in names],
            encoding="utf-8" if b"\x00" not in body and is_utf8(body) else None,  # whatever it declares
            resolve_entities=False,
            no_network=True,
            recover=True,
            remove_comments=True,
        )
        try:
            for _, element in read:
                yield element
                element.clear()
                parent = element.getparent()  # None where a broken document has two roots
                while parent is not None and element.getprevious() is not None:
                    del parent[0]
        except etree.XMLSyntaxError:
            return  # nothing more of it can be read


@attrs.define(kw_only=True)
class FeedListing(XmlListing):
    """RSS 2.0, RSS 1.0 with Dublin Core's dates, or Atom."""

    def links(self) -> Iterator[Link]:
        for item in self.each("item", "entry"):
            if link := self.on_site(_address(item)):
                stated = next(filter(None, map(item.findtext, ("{*}pubDate", "{*}published", DC_DATE))), None)
                yield Link(url=link, published=self.date(stated, "feed"), sizes=tuple(self.sizes(item)))

    def sizes(self, item: etree._Element) -> Iterator[tuple[str, int]]:
        """The files of an entry whose length is stated: an enclosure has to state one, and states 0 for want of it."""
        files = [(file.get("url"), file.get("length")) for file in item.iterfind("{*}enclosure")]
        files += [
            (file.get("url"), file.get("fileSize")) for file in item.iter("{http://search.yahoo.com/mrss/}content")
        ]
        files += [
            (file.get("href"), file.get("length"))
            for file in item.iterfind("{*}link")
            if file.get("rel") == "enclosure"
        ]
        for place, length in files:
            url = self.on_site(place)
            if url and length and (stated := size(length.strip())) and stated > 1:
                yield url, stated

    def next_urls(self) -> list[str]:
        """The next page of a paged feed (RFC 5005 §3)."""
        links = (link for link in self.each("link") if link.get("rel") == "next")
        following = (self.on_site(link.get("href")) for link in links)
        return [url for url in following if url and url != str(self.response.url)][:1]


@attrs.define(kw_only=True)
class SitemapListing(XmlListing):
    """A sitemap or an index of sitemaps; `lastmod` says when a page changed, not when it was published.

    Some CMSs give the same as JSON: `{"urls": [{"loc": …}]}`, an index as `{"sitemaps": [{"loc": …}]}`.
    """

    def links(self) -> Iterator[Link]:
        yield from (Link(url=url) for url, _ in self.entries("url"))

    def next_urls(self) -> list[str]:
        return self.addresses("sitemap")

    def newest_parts(self) -> list[str]:
        """The parts of an index, those first that changed last, where it says when."""
        changed = dict(self.entries("sitemap"))
        return sorted(self.next_urls(), key=lambda url: changed.get(url, ""), reverse=True)

    def addresses(self, name: str) -> list[str]:
        """The addresses on the site of all entries of one name."""
        return [url for url, _ in self.entries(name)]

    def entries(self, name: str) -> Iterator[tuple[str, str]]:
        """The entries of one name that are on the site: their addresses, each with its `lastmod`, "" without one."""
        told = read_json(self.response.body)
        stated: Iterable[tuple[Any, Any]]
        if isinstance(told, dict):
            listed = told.get(f"{name}s")
            entries = [entry for entry in listed if isinstance(entry, dict)] if isinstance(listed, list) else []
            stated = [(entry.get("loc"), entry.get("lastmod")) for entry in entries]
        else:
            stated = ((entry.findtext("{*}loc"), entry.findtext("{*}lastmod")) for entry in self.each(name))
        for link, changed in islice(stated, ENTRIES):
            if isinstance(link, str) and (url := self.on_site(link)):
                yield url, changed.strip() if isinstance(changed, str) else ""


@attrs.define(kw_only=True)
class JsonListing(Listing):
    """A list that an interface for programs gives."""

    optional: ClassVar[bool] = True

    def value(self) -> Any:
        """The JSON value of the answer; None for what is none."""
        return read_json(self.response.body)


def read_json(body: bytes) -> Any:
    """The value of an answer that is a JSON object or array; None for any other."""
    if not bytes(body[:64]).lstrip(b"\xef\xbb\xbf \t\r\n").startswith((b"{", b"[")):
        return None
    try:
        return json.loads(bytes(body).decode("utf-8-sig", "replace"))
    except (ValueError, RecursionError):
        return None


def _mended(body: bytes) -> bytes:
    """XML without what stands before its beginning (empty lines, a warning of PHP), and without what libxml2 would lose
    of damaged XML: from its first error on it drops `&amp;` and the like, which halves addresses.
    """
    body = body.lstrip(b" \t\r\n")
    begins = BEGINNING.search(body, 0, FIRST)
    if begins:
        body = body[begins.start() :]
    return _without_halves(NAMED.sub(lambda found: NUMBERED.get(found[0], found[0]), body))


def _without_halves(body: bytes) -> bytes:
    """XML without references to the halves of a character (`&#55357;`), which libxml2 takes in and cannot give out."""
    if b"\x00" in body and HALF.search(body.replace(b"\x00", b"")):
        return b""  # of UTF-16, in which nobody writes them
    return HALF.sub(b"&#xFFFD;", body)


def _address(item: etree._Element) -> str | None:
    """The article's address: RSS has it as text, Atom in the `alternate` of several links (RFC 4287 §4.2.7.2)."""
    links = item.findall("{*}link")
    stated = [link.text for link in links if (link.text or "").strip()]
    stated += [link.get("href") for link in links if link.get("rel", "alternate") == "alternate"]
    return next(filter(None, stated), None)
