"""What is the same about every office of one CMS."""

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any
from urllib.parse import parse_qsl, urljoin, urlsplit

from web_poet import HttpResponse

from archive import Article
from persian.calendars import TEHRAN
from sources import Source
from spiders.addresses import unquoted
from spiders.errors import NotAnArticle
from spiders.listing import FeedListing, Listing, ListingPage, SitemapListing
from spiders.page import NewsPage
from spiders.platforms.marks import Mark, Shown

Entrance = tuple[str, type[Listing]]
Dated = Callable[[date, date], tuple[str, ...]]
"""The paths of the lists of what was published from one day to another, both included."""

SLASH = re.compile("%2f", re.IGNORECASE)
FEED = re.compile(r"application/(?:rss|atom)\+xml", re.IGNORECASE)


def path_of(url: str, query_keys: tuple[str, ...] = ()) -> str:
    """The unquoted path of an address, in which a slash that a slug holds quoted stays quoted, and what it asks."""
    parts = urlsplit(url)
    path = unquoted(SLASH.sub("%252F", parts.path)) if "%" in parts.path else parts.path
    if not (query_keys and parts.query):
        return path
    values = {name.lower(): value for name, value in parse_qsl(parts.query)}
    asked = "&".join(f"{key}={values[key]}" for key in query_keys if key in values)
    return f"{path}?{asked}" if asked else path


@dataclass(frozen=True, kw_only=True)
class Platform:
    """A CMS: its classes, where it lists releases, how an article's address looks, and what gives it away.

    `page` reads today's layout, `older` layouts that offices have left behind, newest first.
    `article_path` is searched in the unquoted path of a link, with those parts of its query that `query_keys` name
    ("/?p=12"), in their order; its group `id`, if it has one, is the CMS's number.
    `listings`, `feeds` and `sitemaps` are paths on the office's host, `archives` paths of other lists that hold
    everything; `sitemap_path` picks the parts of a sitemap index that hold articles. `followed` is searched in the
    paths of the front page's links, for lists that have no address of their own in this CMS; `dated` gives the lists
    of some days. `marks` are what gives the CMS away.
    """

    key: str
    page: type[NewsPage]
    older: tuple[type[NewsPage], ...] = ()
    listing: type[ListingPage]
    article_path: re.Pattern[str]
    query_keys: tuple[str, ...] = ()
    listings: tuple[str, ...]
    feeds: tuple[str, ...] = ()
    sitemaps: tuple[str, ...] = ()
    sitemap_path: re.Pattern[str] = re.compile("")
    sitemap_listing: type[SitemapListing] = SitemapListing
    archives: tuple[Entrance, ...] = ()
    followed: re.Pattern[str] | None = None
    dated: Dated | None = None
    marks: tuple[Mark, ...] = ()

    def native_id(self, url: str) -> str | None:
        """The CMS's number in an article's address, where it stands there."""
        found = self.article_path.search(self._path(url))
        return found.groupdict().get("id") if found else None

    def is_article(self, url: str) -> bool:
        return bool(self.article_path.search(self._path(url)))

    def read(self, response: HttpResponse, **known: Any) -> Article:
        """The record of a page by the first layout that finds an article in it; `known` is what its class takes.

        Raises `PageError`; of several layouts, what the newest one said.
        """
        refusals = []
        for layout in (self.page, *self.older):
            try:
                return layout(response=response, **known).read()
            except NotAnArticle as error:
                refusals.append(error)
        raise refusals[0]

    def entrances(
        self,
        source: Source,
        *,
        whole: bool,
        since: datetime | None = None,
        until: datetime | None = None,
        sitemaps: Iterable[str] = (),
    ) -> list[Entrance]:
        """Where a walk begins; a `whole` one asks archives and sitemaps too, which list what the pages have dropped.

        `since` and `until` (instants, half-open) narrow the walk where the CMS lists by day. `sitemaps` are those that
        the host names itself, beside the platform's: those on the source's own host are taken, unless it states one.
        """
        dated = () if source.listing else self._dated(source, since, until)
        paths = dated or self.listings
        listings = [source.listing] if source.listing else [urljoin(source.url, path) for path in paths]
        feeds = [source.feed] if source.feed else [urljoin(source.url, path) for path in self.feeds]
        known = [urljoin(source.url, path) for path in self.sitemaps]
        maps = [source.sitemap] if source.sitemap else _once([*known, *_on_host(sitemaps, source)])
        found: list[Entrance] = [(url, self.listing) for url in listings]
        found += [(url, FeedListing) for url in feeds]
        if whole and not dated:
            found += [(urljoin(source.url, path), kind) for path, kind in self.archives if not source.listing]
            found += [(url, self.sitemap_listing) for url in maps]
        return found

    def asks_front_page(self, source: Source) -> bool:
        """Whether the front page has to be asked for lists and feeds, which have no fixed address in this CMS."""
        return not (self.listings or source.listing) or bool(
            self.followed and not (source.listing and (source.feed or self.feeds))
        )

    def entrances_in(self, front: HttpResponse, source: Source) -> list[Entrance]:
        """Where else a walk begins, by the front page: the lists that it leads to, the feeds that it announces.

        It stands in itself for a platform that has no list of a fixed address. What the source states counts alone.
        """
        page = self.listing(response=front, source=source, fetched_at=datetime.now(UTC))
        found: list[Entrance] = []
        if not source.listing:
            found += [] if self.listings else [(str(front.url), self.listing)]
            links = (page.on_site(node.get("href")) for node in page.tree.iter("a")) if self.followed else ()
            found += [(url, self.listing) for url in links if url and self._is_followed(url)]
        if not (source.feed or self.feeds):
            announced = (node for node in page.tree.iter("link") if "alternate" in node.get("rel", "").lower().split())
            feeds = (page.on_site(node.get("href")) for node in announced if FEED.match(node.get("type", "").strip()))
            found += [(url, FeedListing) for url in feeds if url and "comment" not in url]
        return list(dict.fromkeys(found))

    def evidence(self, shown: Shown) -> Iterator[tuple[Mark, str]]:
        """The marks that an answer bears, each with what bears it."""
        for mark in self.marks:
            if found := mark.found_in(shown):
                yield mark, found

    def _path(self, url: str) -> str:
        return path_of(url, self.query_keys)

    def _is_followed(self, url: str) -> bool:
        return bool(self.followed and self.followed.search(path_of(url)) and not self.is_article(url))

    def _dated(self, source: Source, since: datetime | None, until: datetime | None) -> tuple[str, ...]:
        if self.dated is None or not (since or until):
            return ()
        last = until - timedelta(microseconds=1) if until else datetime.now(UTC)
        first = since.astimezone(TEHRAN).date() if since else source.began
        return self.dated(first, last.astimezone(TEHRAN).date())


def _on_host(addresses: Iterable[str], source: Source) -> Iterator[str]:
    """Those of addresses that lead to the source's own host, with or without `www.`."""
    for address in addresses:
        try:
            parts = urlsplit(urljoin(source.url, address.strip()))
            here = (parts.hostname or "").removeprefix("www.") == source.host.removeprefix("www.")
        except ValueError:
            continue
        if here and parts.scheme in ("http", "https"):
            yield parts._replace(fragment="").geturl()


def _once(addresses: Iterable[str]) -> list[str]:
    """Addresses without those that differ from an earlier one in the scheme or `www.` alone."""
    found: dict[str, str] = {}
    for address in addresses:
        found.setdefault(address.partition("://")[2].removeprefix("www."), address)
    return list(found.values())
