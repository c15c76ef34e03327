"""What is the same about every office of one CMS."""

import re
from dataclasses import dataclass
from urllib.parse import unquote, urljoin, urlsplit

from sources import Source
from spiders.listing import FeedListing, Listing, ListingPage, SitemapListing
from spiders.page import NewsPage


@dataclass(frozen=True, kw_only=True)
class Platform:
    """A CMS: its classes, where it lists releases, how an article's address looks, and what gives it away.

    `article_path` is matched against the unquoted path of a link, with `?p=<number>` where it asks for one; its group
    `id`, if it has one, is the CMS's number.
    `listings`, `feeds` and `sitemaps` are paths on the office's host; `sitemap_path` picks the parts of a sitemap index
    that hold articles. `marks` are strings of markup that this CMS writes and others do not.
    """

    key: str
    page: type[NewsPage]
    listing: type[ListingPage]
    article_path: re.Pattern[str]
    listings: tuple[str, ...]
    feeds: tuple[str, ...] = ()
    sitemaps: tuple[str, ...] = ()
    sitemap_path: re.Pattern[str] = re.compile("")
    marks: tuple[str, ...] = ()

    def native_id(self, url: str) -> str | None:
        """The CMS's number in an article's address, where it stands there."""
        found = self.article_path.search(_path(url))
        return found.groupdict().get("id") if found else None

    def is_article(self, url: str) -> bool:
        return bool(self.article_path.search(_path(url)))

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

    def marks_in(self, page: str) -> list[str]:
        return [mark for mark in self.marks if mark in page]


def _path(url: str) -> str:
    """The unquoted path of an address, in which a slash that a slug holds quoted stays quoted."""
    parts = urlsplit(url)
    asked = f"?{parts.query}" if re.fullmatch(r"p=\d+", parts.query) else ""
    return unquote(re.sub("%2f", "%252F", parts.path, flags=re.IGNORECASE)) + asked
