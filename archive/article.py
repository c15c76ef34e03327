"""The record: what one reading of a release's page gave, and what the archive adds to it.

`Article` is frozen and knows nothing of where it is kept; `ArchivedArticle` is an `Article` with its identity, its
place in the change log and its history. `ArchivedArticle.to_dict()` is the one exported shape, the same in every
export, feed, page and API answer.
"""

import hashlib
import json
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, time
from enum import StrEnum
from functools import cached_property
from typing import Any, Final

import orjson

from persian.calendars import TEHRAN, instant, month_start, to_jalali
from persian.published import Published
from sources import Province

MONTHS: Final = 12  # of a year


class State(StrEnum):
    """What became of a release: `gone` was removed by its office, `unlisted` answers but is listed no more."""

    LIVE = "live"
    GONE = "gone"
    UNLISTED = "unlisted"


@dataclass(frozen=True, kw_only=True, slots=True)
class Attachment:
    """A file that a release carries; `type` is a media type, `length` is in bytes, both only where they are known."""

    url: str
    type: str | None = None
    title: str | None = None
    length: int | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class StatedDate:
    """A date as the page or its listing stated it, whether or not it was believed.

    `of` is "published" or "modified", `origin` where it stood (as in `Published.origin`), `raw` what it said.
    """

    of: str
    origin: str
    raw: str


@dataclass(frozen=True, kw_only=True)  # no slots: the hash is worked out once
class Article:
    """One reading of one page.

    Texts are in display form (`persian.text.display`); `body` is its paragraphs joined by newlines, `body_html` the
    same in safe markup. `aliases` are other addresses that the page itself gives (canonical, short link).
    `byline_province` is the ISO 3166-2 code of the province that the byline names. `trailer` is what stood behind the
    text («انتهای پیام/۱۲۳»). `stated_dates` are all dates that were found, `published` and `modified` those believed.
    `extractor` is "<platform>/<version>"; `fetched_at` is an instant in UTC. `snapshot` is the id of the WARC record
    that keeps the response which was read ("urn:uuid:…"), None where none was kept.
    """

    source: str
    url: str
    title: str
    body: str
    extractor: str
    fetched_at: datetime
    native_id: str | None = None
    aliases: tuple[str, ...] = ()
    kicker: str | None = None
    lead: str | None = None
    body_html: str = ""
    byline: str | None = None
    byline_province: str | None = None
    trailer: str | None = None
    category: str | None = None
    tags: tuple[str, ...] = ()
    image: str | None = None
    attachments: tuple[Attachment, ...] = ()
    published: Published | None = None
    modified: Published | None = None
    stated_dates: tuple[StatedDate, ...] = ()
    snapshot: str | None = None

    @cached_property
    def content_hash(self) -> str:
        """The "sha256:<hex>" of what makes an edit: kicker, title, lead, body, attachments and the published date.

        View counters, related boxes, tags, images and markup are not in it, so they never make a revision.
        """
        published = self.published and (self.published.gregorian, self.published.precision)
        content = [self.kicker, self.title, self.lead, self.body, [file.url for file in self.attachments], published]
        return "sha256:" + hashlib.sha256(_compact(content)).hexdigest()

    @property
    def ordering(self) -> datetime:
        """The second (UTC) that releases are sorted by; an undated release stands where it was first read."""
        return (self.published.ordering if self.published else self.fetched_at).replace(microsecond=0)

    @property
    def month(self) -> str:
        """The Jalali month of `ordering` in Tehran ("1400-09"), by which articles are counted."""
        if self.published is None:
            return month_of(self.fetched_at)
        year, month, _ = to_jalali(self.published.on)
        return f"{year}-{month:02}"


@dataclass(frozen=True, kw_only=True, slots=True)
class SnapshotRecord:
    """Where a response is kept: a file of the snapshots' directory, and the id of the record in it ("urn:uuid:…")."""

    warc: str
    record: str


@dataclass(frozen=True, kw_only=True, slots=True)
class ArchivedArticle:
    """An article as the archive keeps it: `article` is the newest reading unless an older revision was asked for.

    `guid` is the id that feeds announce, minted once; `first_seen`, `last_seen` and `revised_at` (when this revision
    was first read) are instants in UTC; `change` is the sequence number of its newest row in the change log. `copy_of`
    is the id of the first release of the same text, None for that one itself and for a text without copies.
    """

    id: str
    guid: str
    article: Article
    agency: str
    province: Province
    first_seen: datetime
    last_seen: datetime
    revised_at: datetime
    state: State
    revision: int
    revisions: int
    content_hash: str
    change: int
    snapshot: SnapshotRecord | None = None
    copy_of: str | None = None

    def to_dict(self) -> dict[str, Any]:
        """The exported record: plain JSON values under stable names."""
        article = self.article
        return {
            "id": self.id,
            "source": article.source,
            "agency": self.agency,
            "province": {"iso": self.province.iso, "fa": self.province.fa, "en": self.province.en},
            "url": article.url,
            "aliases": list(article.aliases),
            "native_id": article.native_id,
            "kicker": article.kicker,
            "title": article.title,
            "lead": article.lead,
            "body": article.body,
            "body_html": article.body_html,
            "byline": article.byline,
            "category": article.category,
            "tags": list(article.tags),
            "image": article.image,
            "attachments": [asdict(file) for file in article.attachments],
            "published": article.published and article.published.to_dict(),
            "modified": article.modified and article.modified.to_dict(),
            "first_seen": stamp(self.first_seen),
            "last_seen": stamp(self.last_seen),
            "state": str(self.state),
            "revision": self.revision,
            "revisions": self.revisions,
            "content_hash": self.content_hash,
            "extractor": article.extractor,
            "snapshot": self.snapshot and asdict(self.snapshot),
            "copy_of": self.copy_of,
            "change": self.change,
            "byline_province": article.byline_province,
            "trailer": article.trailer,
            "stated_dates": [asdict(date) for date in article.stated_dates],
        }


@dataclass(frozen=True, kw_only=True, slots=True)
class Revision:
    """One line of an article's history: which reading it was, when it was first read (UTC), and by which extractor."""

    number: int
    seen_at: datetime
    extractor: str
    content_hash: str


def _compact(content: list[Any]) -> bytes:
    """JSON in UTF-8 without white space; a lone surrogate, which UTF-8 cannot hold, as its escape."""
    try:
        return orjson.dumps(content)
    except TypeError:
        text = json.dumps(content, ensure_ascii=False, separators=(",", ":"))
        return text.encode(errors="backslashreplace")


def month_of(moment: datetime) -> str:
    """The Jalali month of an instant in Tehran: "1400-09"."""
    year, month, _ = to_jalali(moment.astimezone(TEHRAN).date())
    return f"{year}-{month:02}"


def month_begins(month: str) -> datetime:
    """The instant (UTC) at which a Jalali month begins in Tehran."""
    year, number = map(int, month.split("-"))
    return instant(datetime.combine(month_start(year, number), time()))[0]


def month_after(month: str) -> str:
    """The Jalali month after another ("1400-09")."""
    year, number = map(int, month.split("-"))
    return f"{year + number // MONTHS}-{number % MONTHS + 1:02}"


def stamp(moment: datetime) -> str:
    """An instant as RFC 3339 in UTC, to the second: "2021-12-06T05:49:00Z"."""
    return f"{moment.astimezone(UTC).isoformat()[:19]}Z"
