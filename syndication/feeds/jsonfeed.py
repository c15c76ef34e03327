"""JSON Feed 1.1 (https://www.jsonfeed.org/version/1.1/), written in one order of keys, one item a line."""

import json
from collections.abc import Iterable
from typing import Any

from syndication.feeds.documents import LANGUAGE, PUBLISHER, Document
from syndication.feeds.entries import Enclosure, Entry
from syndication.feeds.instants import rfc3339

VERSION = "https://jsonfeed.org/version/1.1"


def item(entry: Entry) -> bytes:
    return _json(
        {
            "id": entry.guid,
            "url": entry.url,
            "title": entry.title,
            "content_html": entry.content,
            "content_text": "" if entry.content else entry.summary or entry.title,  # one of the two must be there
            "summary": entry.summary,
            "image": entry.image,
            "date_published": rfc3339(entry.published),
            "date_modified": rfc3339(entry.updated),
            "authors": [{"name": entry.author}],
            "tags": list(entry.categories),
            "language": LANGUAGE,
            "attachments": [_attachment(file) for file in entry.enclosures],
            "_jalali": entry.jalali,
            "_about": entry.about,
            "_change": entry.change,
        }
    )


def document(head: Document, items: Iterable[bytes]) -> bytes:
    before = _json(
        {
            "version": VERSION,
            "title": head.title,
            "home_page_url": head.page,
            "feed_url": head.href("self"),
            "description": head.description,
            "icon": head.icon,
            "favicon": head.icon,
            "next_url": next(head.hrefs("prev-archive"), None),
            "language": LANGUAGE,
            "authors": [{"name": PUBLISHER}],
            "hubs": [{"type": "WebSub", "url": hub} for hub in head.hrefs("hub")],
            "_archive": _extent(head),
            "_deleted": [{"id": each.guid, "date_deleted": rfc3339(each.at)} for each in head.removed],
        }
    )
    return before.removesuffix(b"}") + b', "items": [\n' + b",\n".join(items) + b"\n]}\n"


def _extent(head: Document) -> dict[str, Any]:
    """What RFC 5005 says of a document, which JSON Feed has no words for."""
    links = {link.rel: link.href for link in head.links if link.rel in ("current", "prev-archive", "next-archive")}
    return ({str(head.extent): True} if head.extent else {}) | links


def _attachment(file: Enclosure) -> dict[str, Any]:
    stated = {"title": file.title or None, "size_in_bytes": file.length}
    return {"url": file.url, "mime_type": file.type} | {
        key: value for key, value in stated.items() if value is not None
    }


def _json(value: dict[str, Any]) -> bytes:
    """One line of UTF-8; what is not known is left out."""
    known = {key: each for key, each in value.items() if each not in (None, [], {}, "")}
    return json.dumps(known, ensure_ascii=False).encode()
