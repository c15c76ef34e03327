"""What feeds there are, for people and programs that look for them: a page, JSON, OPML."""

import json
from collections.abc import Iterator
from html import escape
from typing import Final

from sources import Catalogue
from syndication import opml
from syndication.feeds import Feed, Format, known
from syndication.feeds.documents import PUBLISHER

KINDS: Final = {
    "all": "همه",
    "changes": "ویرایش\u200cها و حذف\u200cها",
    "province": "استان\u200cها",
    "agency": "سازمان\u200cها",
    "source": "منبع\u200cها",
}
"""The kinds of feed by the beginning of their path, in the order in which they are shown."""


def by_kind(catalogue: Catalogue) -> dict[str, list[Feed]]:
    """The feeds by kind; kinds without feeds are left out."""
    found: dict[str, list[Feed]] = {kind: [] for kind in KINDS}
    for feed in known(catalogue):
        found[feed.path.partition("/")[0]].append(feed)
    return {kind: feeds for kind, feeds in found.items() if feeds}


def as_json(catalogue: Catalogue, base_url: str) -> bytes:
    """The directory for programs: every feed with its addresses by format."""
    listed = [
        {
            "path": feed.path,
            "title": feed.title,
            "description": feed.description,
            "page": feed.page(base_url),
            "feeds": {str(format_): feed.address(format_, base_url) for format_ in Format},
            **dict(feed.words),
        }
        for feed in known(catalogue)
    ]
    return json.dumps({"title": opml.TITLE, "feeds": listed}, ensure_ascii=False, indent=1).encode() + b"\n"


def as_page(catalogue: Catalogue, base_url: str) -> bytes:
    """The directory for people, where no server makes pages."""
    return "\n".join(_lines(catalogue, base_url)).encode() + b"\n"


def documents(catalogue: Catalogue, base_url: str) -> dict[str, bytes]:
    """The files of a published site, by path: what leads to its feeds."""
    base_url = base_url.rstrip("/")
    page = as_page(catalogue, base_url)
    return {
        "index.html": page,
        "feeds/index.html": page,
        "feeds.json": as_json(catalogue, base_url),
        "feeds.opml": opml.tree(catalogue, base_url),
        "feeds-flat.opml": opml.flat(catalogue, base_url),
    }


def _lines(catalogue: Catalogue, base_url: str) -> Iterator[str]:
    title = escape(opml.TITLE)
    yield '<!doctype html>\n<html lang="fa" dir="rtl">\n<head>\n<meta charset="utf-8">'
    yield f'<meta name="viewport" content="width=device-width, initial-scale=1">\n<title>{title}</title>'
    yield f'<link rel="stylesheet" href="{escape(base_url)}/static/directory.css">'
    for format_ in Format:
        yield _link(known(catalogue)[0], format_, base_url)
    yield f'<link rel="alternate" type="{opml.MEDIA_TYPE}" href="{escape(base_url)}/feeds.opml" title="OPML">'
    yield f"</head>\n<body>\n<h1>{title}</h1>"
    yield "<p>نشانی یکی از قالب\u200cهای هر خوراک را به خوراک\u200cخوان خود بدهید، یا همه را یک\u200cجا از "
    yield f'<a href="{escape(base_url)}/feeds.opml">این فهرست (OPML)</a> بیاورید.</p>'
    for kind, feeds in by_kind(catalogue).items():
        yield f"<h2>{escape(KINDS[kind])}</h2>\n<ul>"
        yield from (_entry(feed, base_url) for feed in feeds)
        yield "</ul>"
    yield "</body>\n</html>"


def _link(feed: Feed, format_: Format, base_url: str) -> str:
    href, title = escape(feed.address(format_, base_url)), escape(f"{feed.title} ({format_.name})")
    return f'<link rel="alternate" type="{format_.media_type}" href="{href}" title="{title}">'


def _entry(feed: Feed, base_url: str) -> str:
    links = " ".join(
        f'<a href="{escape(feed.address(format_, base_url))}" type="{format_.media_type}">{format_.name}</a>'
        for format_ in Format
    )
    return f"<li>{escape(feed.title.removeprefix(f'{PUBLISHER}: '))} <span>{links}</span></li>"
