"""A feed as a whole: what stands before its entries, the same for every format."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from importlib.metadata import version


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
GENERATOR = f"Monadi {version('monadi')}"


@dataclass(frozen=True, kw_only=True, slots=True)
class Link:
    """A link of a feed; `type` is a media type. Hubs and archives (RFC 5005) are links of other relations."""

    rel: str
    href: str
    type: str | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Document:
    """The head of a feed in one format; `page` is its web page, `updated` the newest instant of its entries."""

    id: str
    title: str
    description: str
    page: str
    links: tuple[Link, ...]
    updated: datetime

    def href(self, rel: str) -> str:
        return next(link.href for link in self.links if link.rel == rel)
