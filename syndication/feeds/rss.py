"""RSS 2.0 (https://www.rssboard.org/rss-specification) with the content, dc, media and atom modules."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace
from html import escape
from typing import Final

from lxml import etree

from syndication.feeds import jalali
from syndication.feeds.documents import GENERATOR, LANGUAGE, MINUTES_TO_LIVE, Document
from syndication.feeds.elements import (
    ATOM,
    NAMESPACES,
    XML,
    add,
    add_extent,
    element,
    extent_of,
    feed_entry,
    fragment,
    joined,
)
from syndication.feeds.entries import Enclosure, Entry
from syndication.feeds.instants import rfc822

TAG: Final = re.compile("<[A-Za-z/!?]")
"""What begins a tag or a comment in HTML (HTML, §13.2.5.6)."""


def item(entry: Entry) -> bytes:
    """The item; its description is HTML by the specification, whatever it is in other formats, so text is escaped."""
    title, summary = titled(entry.title), escape(entry.summary, quote=False)
    plain = (title, summary) == (entry.title, entry.summary)
    made = feed_entry(entry if plain else replace(entry, title=title, summary=summary))
    if entry.url:
        made.link(href=entry.url)
    return fragment(made.rss_entry(), "".join(_more(entry)))


def titled(text: str) -> str:
    """A title as RSS may state it. The specification does not say whether titles are text or HTML, and readers differ:
    one that has tags in it is escaped, so that none of them makes elements of it; all others stay as they are.
    """
    return escape(text, quote=False) if TAG.search(text) else text


def _more(entry: Entry) -> Iterator[str]:
    yield jalali.elements(entry.jalali)
    for name in entry.categories:
        yield element("category", name)
    yield element("dc:creator", entry.author)  # <author> is for addresses of e-mail
    for file in entry.enclosures[1:]:
        yield element("media:content", **_media(file))
    yield element("pubDate", rfc822(entry.published))
    if entry.image:
        yield element("media:thumbnail", url=entry.image)
    for file in entry.enclosures[:1]:
        yield element("enclosure", url=file.url, length=str(file.length or 0), type=file.type)


def document(head: Document, items: Iterable[bytes]) -> bytes:
    root = etree.Element("rss", {f"{{{XML}}}lang": LANGUAGE}, version="2.0", nsmap=NAMESPACES | extent_of(head))
    channel = add(root, "channel")
    add(channel, "title", titled(head.title))
    add(channel, "link", head.page)
    add(channel, "description", escape(head.description, quote=False))
    add(channel, "language", LANGUAGE)
    add(channel, "lastBuildDate", rfc822(head.updated))
    add(channel, "generator", GENERATOR)
    image = add(channel, "image")
    for name, text in (("url", head.icon), ("title", titled(head.title)), ("link", head.page)):
        add(image, name, text)
    add(channel, "ttl", str(MINUTES_TO_LIVE))
    for link in head.links:
        if link.rel != "alternate":
            add(channel, f"{{{ATOM}}}link", rel=link.rel, href=link.href, type=link.type)
    add_extent(channel, head)
    return joined(root, b"</channel>", items, head.stylesheet)


def _media(file: Enclosure) -> dict[str, str]:
    length = {"fileSize": str(file.length)} if file.length else {}
    return {"url": file.url, "type": file.type, **length}
