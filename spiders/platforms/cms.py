"""What is the same about every office of one CMS."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qsl, unquote, urljoin, urlsplit

from web_poet import HttpResponse

from archive import Article
from sources import Source
from spiders.errors import NotAnArticle
from spiders.listing import FeedListing, Listing, ListingPage, SitemapListing
from spiders.page import NewsPage
from spiders.platforms.marks import Mark, Shown


@dataclass(frozen=True, kw_only=True)
class Platform:
    """A CMS: its classes, where it lists releases, how an article's address looks, and what gives it away.

    `page` reads today's layout, `older` layouts that offices have left behind, newest first.
    `article_path` is searched in the unquoted path of a link, with those parts of its query that `query_keys` name
    ("/?p=12"), in their order; its group `id`, if it has one, is the CMS's number.
    `listings`, `feeds` and `sitemaps` are paths on the office's host; `sitemap_path` picks the parts of a sitemap index
    that hold articles. `marks` are what gives the CMS away.
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

    def entrances(self, source: Source, *, whole: bool) -> list[tuple[str, type[Listing]]]:
        """Where a walk begins; a `whole` one asks the sitemaps too, which list what the pages have dropped."""
        listings = [source.listing] if source.listing else [urljoin(source.url, path) for path in self.listings]
        feeds = [source.feed] if source.feed else [urljoin(source.url, path) for path in self.feeds]
        sitemaps = [source.sitemap] if source.sitemap else [urljoin(source.url, path) for path in self.sitemaps]
        found: list[tuple[str, type[Listing]]] = [(url, self.listing) for url in listings]
        found += [(url, FeedListing) for url in feeds]
        if whole:
            found += [(url, SitemapListing) for url in sitemaps]
        return found

    def evidence(self, shown: Shown) -> Iterator[tuple[Mark, str]]:
        """The marks that an answer bears, each with what bears it."""
        for mark in self.marks:
            if found := mark.found_in(shown):
                yield mark, found

    def _path(self, url: str) -> str:
        """The unquoted path of an address, in which a slash that a slug holds quoted stays quoted, and what it asks."""
        parts = urlsplit(url)
        path = unquote(re.sub("%2f", "%252F", parts.path, flags=re.IGNORECASE))
        if not (self.query_keys and parts.query):
            return path
        values = {name.lower(): value for name, value in parse_qsl(parts.query)}
        asked = "&".join(f"{key}={values[key]}" for key in self.query_keys if key in values)
        return f"{path}?{asked}" if asked else path
