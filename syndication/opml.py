"""OPML 2.0 (http://opml.org/spec2.opml): lists of feeds that readers import, as a tree of provinces or flat."""

from collections.abc import Iterable
from typing import Any, Final

from lxml import etree

from sources import Agency, Catalogue, Source
from syndication import feeds
from syndication.feeds import Feed, Format
from syndication.feeds.documents import LANGUAGE, PUBLISHER
from syndication.feeds.feed import CHANGES

MEDIA_TYPE: Final = "text/x-opml"
TITLE: Final = f"خوراک\u200cهای {PUBLISHER}"


def tree(catalogue: Catalogue, base_url: str) -> bytes:
    """Provinces, in them agencies, in these offices; the feed of a whole stands before its parts."""
    root, body = _begun()
    for path in ("all", CHANGES):
        _feed(body, feeds.find(path, catalogue), base_url)
    for agency in catalogue.agencies.values():
        _feed(body, feeds.find(f"agency/{agency.id}", catalogue), base_url)
    for province in catalogue.provinces.values():
        offices = [source for source in catalogue.sources.values() if source.province == province]
        folder = _folder(body, province.fa)
        _feed(folder, feeds.find(f"province/{province.key}", catalogue), base_url)
        for agency in _agencies(offices):
            inner = _folder(folder, agency.name_fa)
            for office in (each for each in offices if each.agency.id == agency.id):
                _feed(inner, feeds.find(f"source/{office.id}", catalogue), base_url)
    return _written(root)


def flat(catalogue: Catalogue, base_url: str) -> bytes:
    """Every feed, one beneath the other, for readers that know no folders."""
    root, body = _begun()
    for feed in feeds.known(catalogue):
        _feed(body, feed, base_url)
    return _written(root)


def _begun() -> tuple[Any, Any]:
    root = etree.Element("opml", {"version": "2.0"})
    head = etree.SubElement(root, "head")
    etree.SubElement(head, "title").text = TITLE
    etree.SubElement(head, "ownerName").text = PUBLISHER
    etree.SubElement(head, "docs").text = "http://opml.org/spec2.opml"
    return root, etree.SubElement(root, "body")


def _folder(parent: Any, name: str) -> Any:
    return etree.SubElement(parent, "outline", {"text": name, "title": name})


def _feed(parent: Any, feed: Feed, base_url: str) -> None:
    etree.SubElement(
        parent,
        "outline",
        {
            "type": "rss",  # of every feed, whatever its format
            "text": feed.title,
            "title": feed.title,
            "description": feed.description,
            "language": LANGUAGE,
            "xmlUrl": feed.address(Format.ATOM, base_url),
            "htmlUrl": feed.page(base_url),
        },
    )


def _agencies(offices: Iterable[Source]) -> list[Agency]:
    return list({office.agency.id: office.agency for office in offices}.values())


def _written(root: Any) -> bytes:
    etree.indent(root, space="")
    text: bytes = etree.tostring(root, encoding="utf-8", xml_declaration=True)
    return text + b"\n"
