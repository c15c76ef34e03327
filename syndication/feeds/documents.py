"""A feed as a whole: what stands before its entries, the same for every format."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from pathlib import Path

from archive.version import MONADI_VERSION


class Format(StrEnum):
    """A format of feeds; the value is its files' extension."""

    RSS = "rss"
    ATOM = "atom"
    JSON = "json"

    @property
    def media_type(self) -> str:
        return MEDIA_TYPES[self]


MEDIA_TYPES = {
    Format.RSS: "application/rss+xml",
    Format.ATOM: "application/atom+xml",
    Format.JSON: "application/feed+json",
}

LANGUAGE = "fa"
PUBLISHER = "منادی"
MINUTES_TO_LIVE = 30
GENERATOR = f"Monadi {MONADI_VERSION}"


ASSETS = Path(__file__).parent.parent / "static"  # what documents name beside themselves
ICON = "/static/icon.png"
STYLESHEET = "/static/feed.css"


@dataclass(frozen=True, kw_only=True, slots=True)
class Link:
    """A link of a feed; `type` is a media type. Hubs and archives (RFC 5005) are links of other relations."""

    rel: str
    href: str
    type: str | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Removed:
    """A release that its office took away, by the id that feeds announced, and when that was found out (RFC 6721)."""

    guid: str
    at: datetime


class Extent(StrEnum):
    """How much of its feed a document is (RFC 5005): all of it, an archived part; or the newest of it."""

    COMPLETE = "complete"
    ARCHIVE = "archive"
    NEWEST = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class Document:
    """The head of a feed in one format; `page` is its web page, `updated` the newest instant of its entries.

    `icon` and `stylesheet` are addresses.
    """

    id: str
    title: str
    description: str
    page: str
    links: tuple[Link, ...]
    updated: datetime
    icon: str
    stylesheet: str
    extent: Extent = Extent.NEWEST
    removed: tuple[Removed, ...] = ()

    def href(self, rel: str) -> str:
        return next(self.hrefs(rel))

    def hrefs(self, rel: str) -> Iterator[str]:
        return (link.href for link in self.links if link.rel == rel)
