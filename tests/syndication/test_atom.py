"""The musts of RFC 4287 and its RELAX NG (appendix B), checked by hand: which elements, how many, in what shape."""

import re

import pytest
from lxml import etree

from syndication.feeds import find, render

HISTORY = "{http://purl.org/syndication/history/1.0}"
ATOM = "{http://www.w3.org/2005/Atom}"
DATE = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(Z|[+-]\d\d:\d\d)")
ONCE = {"id": (1, 1), "title": (1, 1), "updated": (1, 1)}
FEED = ONCE | {"subtitle": (0, 1), "generator": (0, 1), "icon": (0, 1), "author": (1, 99)}
ENTRY = ONCE | {"published": (0, 1), "summary": (0, 1), "content": (1, 1)}
PLURAL = {"link", "category", "author", "entry"}


@pytest.fixture(params=["all", "source/mcls-fars"], ids=["full", "empty"])
def root(request, full, catalogue):
    return etree.fromstring(render(full, find(request.param, catalogue), "atom", "https://news.example.ir"))


def assert_children(element, limits):
    own = [child.tag.removeprefix(ATOM) for child in element if child.tag.startswith(ATOM)]
    assert set(own) <= set(limits) | PLURAL
    for name, (least, most) in limits.items():
        assert least <= own.count(name) <= most, name


def assert_links_differ(element):
    links = [link for link in element.findall(f"{ATOM}link") if link.get("rel") == "alternate"]
    kinds = [(link.get("type"), link.get("hreflang")) for link in links]
    assert len(kinds) == len(set(kinds))  # §4.1.1


def test_the_feed_has_what_it_must_and_nothing_else(root):
    assert root.tag == f"{ATOM}feed"
    assert root.get("{http://www.w3.org/XML/1998/namespace}lang") == "fa"
    assert_children(root, FEED)
    assert_links_differ(root)
    assert {child.tag for child in root if not child.tag.startswith(ATOM)} <= {f"{HISTORY}complete"}


def test_each_entry_has_what_it_must_and_nothing_else(root):
    for entry in root.findall(f"{ATOM}entry"):
        assert_children(entry, ENTRY | {"author": (1, 1)})
        assert_links_differ(entry)
        assert entry.find(f"{ATOM}content").get("type") == "html"
        assert all(link.get("href") and link.get("rel") for link in entry.findall(f"{ATOM}link"))
        assert all(category.get("term") for category in entry.findall(f"{ATOM}category"))


def test_ids_are_uris_and_differ(root):
    ids = [element.text for element in root.iter(f"{ATOM}id")]
    assert len(ids) == len(set(ids))
    assert all(each.startswith("urn:uuid:") for each in ids)


def test_dates_are_of_rfc_3339_and_persons_have_names(root):
    dates = [element.text for name in ("updated", "published") for element in root.iter(f"{ATOM}{name}")]
    assert all(DATE.fullmatch(date) for date in dates)
    assert all(author.findtext(f"{ATOM}name").strip() for author in root.iter(f"{ATOM}author"))


def test_only_known_namespaces_and_no_leftover_declarations(full, catalogue):
    document = render(full, find("all", catalogue), "atom", "https://news.example.ir")
    assert document.count(b"xmlns") == document[: document.index(b"<entry>")].count(b"xmlns")
    assert b'xmlns=""' not in document
