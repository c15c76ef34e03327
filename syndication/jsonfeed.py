"""JSON Feed 1.1 (https://www.jsonfeed.org/version/1.1/), written in one order of keys, one item a line."""

import json
from collections.abc import Iterable
from typing import Any

from syndication.documents import LANGUAGE, PUBLISHER, Document
from syndication.entries import Enclosure, Entry
from syndication.instants import rfc3339

VERSION = "https://jsonfeed.org/version/1.1"


def item(entry: Entry) -> bytes:
    return _json(
        {
            "id": entry.guid,
            "url": entry.url,
            "title": entry.title,
            "content_html": entry.content,
            "summary": entry.summary,
            "image": entry.image,
            "date_published": rfc3339(entry.published),
            "date_modified": rfc3339(entry.updated),
            "authors": [{"name": entry.author}],
            "tags": list(entry.categories),
            "language": LANGUAGE,
            "attachments": [_attachment(file) for file in entry.enclosures],
            "_jalali": entry.jalali,
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
            "language": LANGUAGE,
            "authors": [{"name": PUBLISHER}],
        }
    )
    return before.removesuffix(b"}") + b', "items": [\n' + b",\n".join(items) + b"\n]}\n"


def _attachment(file: Enclosure) -> dict[str, Any]:
    stated = {"title": file.title or None, "size_in_bytes": file.length}
    return {"url": file.url, "mime_type": file.type} | {
        key: value for key, value in stated.items() if value is not None
    }


def _json(value: dict[str, Any]) -> bytes:
    """One line of UTF-8; what is not known is left out."""
    known = {key: each for key, each in value.items() if each not in (None, [], "")}
    return json.dumps(known, ensure_ascii=False).encode()
