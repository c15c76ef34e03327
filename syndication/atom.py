"""Atom 1.0 (RFC 4287)."""

from collections.abc import Iterable
from typing import Any

from lxml import etree

from syndication.documents import GENERATOR, LANGUAGE, PUBLISHER, Document
from syndication.elements import ATOM, NAMESPACES, add, feed_entry, fragment, joined
from syndication.entries import Entry
from syndication.instants import tehran

XML = "http://www.w3.org/XML/1998/namespace"


def item(entry: Entry) -> bytes:
    made = feed_entry(entry)
    made.updated(tehran(entry.updated))  # or it is the time of this call
    made.published(tehran(entry.published))
    made.author(name=entry.author)
    element = made.atom_entry()
    if entry.url:
        add(element, "link", rel="alternate", href=entry.url, type="text/html")
    for file in entry.enclosures:
        length = str(file.length) if file.length is not None else None
        add(element, "link", rel="enclosure", href=file.url, type=file.type, length=length, title=file.title)
    return fragment(element)


def document(head: Document, items: Iterable[bytes]) -> bytes:
    namespaces = {None if prefix == "atom" else prefix: name for prefix, name in NAMESPACES.items()}
    root = etree.Element(f"{{{ATOM}}}feed", {f"{{{XML}}}lang": LANGUAGE}, nsmap=namespaces)
    _add(root, "id", head.id)
    _add(root, "title", head.title)
    _add(root, "subtitle", head.description)
    _add(root, "updated", tehran(head.updated).isoformat())
    _add(_add(root, "author"), "name", PUBLISHER)
    for link in head.links:
        _add(root, "link", rel=link.rel, href=link.href, type=link.type)
    _add(root, "generator", GENERATOR)
    return joined(root, b"</feed>", items)


def _add(parent: Any, name: str, text: str | None = None, **attributes: str | None) -> Any:
    return add(parent, f"{{{ATOM}}}{name}", text, **attributes)
