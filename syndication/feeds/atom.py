"""Atom 1.0 (RFC 4287)."""

from collections.abc import Iterable, Iterator
from typing import Any

from lxml import etree

from syndication.feeds import jalali
from syndication.feeds.documents import GENERATOR, LANGUAGE, PUBLISHER, Document
from syndication.feeds.elements import (
    ATOM,
    NAMESPACES,
    TOMBSTONES,
    XML,
    add,
    add_extent,
    element,
    extent_of,
    feed_entry,
    fragment,
    joined,
)
from syndication.feeds.entries import Entry
from syndication.feeds.instants import rfc3339, tehran


def item(entry: Entry) -> bytes:
    made = feed_entry(entry)
    if not entry.content:  # feedgen wants a link or a content, and then sees only the link's address
        made.content(entry.summary or entry.title)
    made.updated(tehran(entry.updated))  # or it is the time of this call
    made.published(tehran(entry.published))
    made.author(name=entry.author)
    written = made.atom_entry()
    if entry.url and not entry.content:  # which the link may stand in for (RFC 4287 §4.1.2)
        written.remove(written.find("content"))
    return fragment(written, "".join(_more(entry)))


def _more(entry: Entry) -> Iterator[str]:
    yield jalali.elements(entry.jalali)
    if entry.url:
        yield element("link", rel="alternate", href=entry.url, type="text/html")
    for name in entry.categories:
        yield element("category", term=name)
    if entry.about:
        yield element("thr:in-reply-to", ref=entry.about)
    if entry.image:
        yield element("media:thumbnail", url=entry.image)
    for file in entry.enclosures:
        length = str(file.length) if file.length is not None else None
        yield element("link", rel="enclosure", href=file.url, type=file.type, length=length, title=file.title)


def document(head: Document, items: Iterable[bytes]) -> bytes:
    namespaces: dict[str | None, str] = {
        None if prefix == "atom" else prefix: name for prefix, name in NAMESPACES.items()
    }
    namespaces.update(extent_of(head))
    namespaces.update({"at": TOMBSTONES} if head.removed else {})
    root = etree.Element(f"{{{ATOM}}}feed", {f"{{{XML}}}lang": LANGUAGE}, nsmap=namespaces)
    _add(root, "id", head.id)
    _add(root, "title", head.title)
    _add(root, "subtitle", head.description)
    _add(root, "updated", rfc3339(head.updated))
    _add(_add(root, "author"), "name", PUBLISHER)
    for link in head.links:
        _add(root, "link", rel=link.rel, href=link.href, type=link.type)
    _add(root, "icon", head.icon)
    _add(root, "generator", GENERATOR)
    add_extent(root, head)
    for each in head.removed:
        add(root, f"{{{TOMBSTONES}}}deleted-entry", ref=each.guid, when=rfc3339(each.at))
    return joined(root, b"</feed>", items, head.stylesheet)


def _add(parent: Any, name: str, text: str | None = None, **attributes: str | None) -> Any:
    return add(parent, f"{{{ATOM}}}{name}", text, **attributes)
