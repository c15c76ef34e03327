"""One release as every feed format announces it: legal text, safe markup, usable addresses, dates from the archive."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID, uuid5

from archive import ArchivedArticle
from archive.article import Article, Attachment
from persian.published import written
from syndication.addresses import address, media_type
from syndication.characters import line
from syndication.feeds.content import Image, content_of
from syndication.feeds.jalali import Terms, terms
from syndication.feeds.options import Content

UNTITLED = "بدون عنوان"
TITLE_LENGTH = 100  # letters of a title that is made from the text
SUMMARY_LENGTH = 600  # letters of a summary that is
MEDIA_TYPE = re.compile(r"[A-Za-z0-9!#$&^_.+-]+/[A-Za-z0-9!#$&^_.+-]+")
"""Of RFC 6838 §4.2."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Enclosure:
    """A file of a release; `length` is in bytes, None where the office does not state it."""

    url: str
    type: str
    title: str
    length: int | None


@dataclass(frozen=True, kw_only=True, slots=True)
class Entry:
    """What a feed says of one release. `title`, `summary`, `author` are lines of text, `content` is safe HTML; summary
    and content are empty where the feed leaves them out.

    `published` and `updated` are aware instants. An undated release is announced at the instant it was first seen, and
    its `jalali` terms say so.
    An entry that tells what became of a release is `about` the guid of that; `change` is the row of the log in JSON.
    """

    guid: str
    url: str | None
    title: str
    summary: str
    content: str
    author: str
    categories: tuple[str, ...]
    image: str | None
    enclosures: tuple[Enclosure, ...]
    published: datetime
    updated: datetime
    jalali: Terms
    about: str | None = None
    change: dict[str, Any] | None = None


def entry(
    item: ArchivedArticle, office: str, *, content: Content = Content.FULL, date_line: bool = False, again: int = 0
) -> Entry:
    """The entry of an archived article; `office` is its author where the page names none.

    `again` is the revision that is announced as an entry of its own, 0 where it is the article that is announced.
    """
    article = item.article
    image = address(article.image)
    title = _title(article)
    full = content is Content.FULL
    return Entry(
        guid=uuid5(UUID(item.guid), f"revision/{again}").urn if again else item.guid,
        url=address(article.url),
        title=title,
        summary="" if content is Content.NONE else line(article.lead) or _beginning(article, SUMMARY_LENGTH) or title,
        content=_content(article, title, image, date_line=date_line) if full else "",
        author=line(article.byline) or line(office) or article.source,
        categories=_distinct(article.category, *article.tags),
        image=image,
        enclosures=tuple(_enclosures(article.attachments)),
        published=published(item),
        updated=updated(item),
        jalali=terms(article.published),
    )


def published(item: ArchivedArticle) -> datetime:
    """When a release is announced to have been published."""
    return item.article.published.ordering if item.article.published else item.first_seen


def updated(item: ArchivedArticle) -> datetime:
    """When it last said something new: its first reading says nothing that its publication did not."""
    return published(item) if item.revision == 1 else item.revised_at


def _title(article: Article) -> str:
    return line(article.title) or line(article.kicker) or _beginning(article, TITLE_LENGTH) or UNTITLED


def _beginning(article: Article, length: int) -> str:
    """The first paragraph that says something, cut between words."""
    first = next((text for paragraph in article.body.split("\n") if (text := line(paragraph))), "")
    if len(first) <= length:
        return first
    cut = first[:length]
    return (cut.rpartition(" ")[0] or cut) + "…"


def _content(article: Article, title: str, image: str | None, *, date_line: bool) -> str:
    kicker, lead = line(article.kicker), line(article.lead)
    return content_of(
        article,
        dated=written(article.published) if date_line and article.published else "",
        kicker="" if kicker == title else kicker,
        lead="" if lead == _beginning(article, len(lead)) else lead,
        image=Image(image, title) if image else None,
    )


def _distinct(*names: str | None) -> tuple[str, ...]:
    return tuple(dict.fromkeys(name for name in map(line, names) if name))


def _enclosures(attachments: tuple[Attachment, ...]) -> Iterator[Enclosure]:
    for file in attachments:
        if url := address(file.url):
            length = file.length if file.length is not None and file.length >= 0 else None
            yield Enclosure(url=url, type=_type(file.type) or media_type(url), title=line(file.title), length=length)


def _type(stated: str | None) -> str:
    """A media type as it was stated, without parameters, or "" where what was stated is none."""
    stated = line(stated).partition(";")[0].strip()
    return stated if MEDIA_TYPE.fullmatch(stated) else ""
