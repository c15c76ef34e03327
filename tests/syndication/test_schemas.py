"""Every kind of document is valid by the schemas that readers are given, and these are strict."""

import json
import re
from pathlib import Path

import feedparser
import pytest
from jsonschema import ValidationError
from lxml import etree

from syndication.feeds import Format, jalali

ROOT = Path(__file__).parents[2]
SCHEMAS = ROOT / "docs/schemas"
XML = (Format.RSS, Format.ATOM)


@pytest.fixture(scope="module")
def documents(kinds, catalogue, tmp_path_factory):
    """The bytes of every kind of document by kind and format."""
    return kinds.of(tmp_path_factory.mktemp("kinds"), catalogue)


def test_there_is_a_document_of_every_kind_in_every_format(kinds, documents):
    assert set(documents) == {(kind, format_) for kind in kinds.KINDS for format_ in Format}
    everything = b"".join(documents.values())
    for name in (b"fh:complete", b"fh:archive", b"at:deleted-entry", b"thr:in-reply-to", b"media:thumbnail"):
        assert name in everything
    for name in (b'"_deleted"', b'"_about"', b'"_change"', b'"_archive"', b'"hubs"', b'rel="hub"', b"media:content"):
        assert name in everything


@pytest.mark.parametrize("format_", Format)
def test_every_kind_of_document_is_valid(format_, kinds, documents, schemas):
    for kind in kinds.KINDS:
        document = documents[kind, format_]
        try:
            schemas[format_](document)
        except (etree.DocumentInvalid, ValidationError) as error:
            pytest.fail(f"{kind}: {error}")
        assert format_ is Format.JSON or not feedparser.parse(document).bozo, kind


BREAKS = {
    "a Jalali year in a core date": (rb"<(updated|pubDate)>[^<]*", rb"<\1>1400-09-15T09:19:00"),
    "a title of nothing": (rb"<title>[^<]*</title>(?=<(?:link|updated))", b"<title> </title>"),
    "a month that is none": (rb"<jalali:month>9<", b"<jalali:month>13<"),
    "a month without a name": (rb"<jalali:monthName>[^<]*", b"<jalali:monthName>Azar"),
    "an address that is none": (rb'url="https?://[^"]*"', b'url="javascript:alert(1)"'),
    "an id that is an address": (rb"urn:uuid:[^<]*</(guid|id)>", rb"https://x.ir/1</\1>"),
    "a type that is none": (rb'type="application/pdf"', b'type="pdf"'),
}


@pytest.mark.parametrize(("found", "put"), BREAKS.values(), ids=BREAKS)
@pytest.mark.parametrize("format_", XML)
def test_what_is_wrong_is_invalid(found, put, format_, documents, schemas):
    broken, count = re.subn(found, put, documents["current", format_])
    assert count
    with pytest.raises(etree.DocumentInvalid):
        schemas[format_](broken)


WRONG = {
    "an item twice as much": lambda item: item.update(content_html="x", content_text="x"),
    "a name that nobody knows": lambda item: item.update(_x=1),
    "a null": lambda item: item.update(url=None),
    "no Jalali date": lambda item: item.pop("_jalali"),
    "a word for a month": lambda item: item.update(_jalali={"precision": "month", "month": "آذر"}),
    "more than is known": lambda item: item.update(_jalali={"precision": "unknown", "year": 1400}),
    "a change of nothing": lambda item: item.update(
        _change={"kind": "gone", "seq": 1, "article": "a/1", "revision": 1}
    ),
}


@pytest.mark.parametrize("breaks", WRONG.values(), ids=WRONG)
def test_what_is_wrong_in_json_is_invalid(breaks, documents, schemas):
    feed = json.loads(documents["current", Format.JSON])
    breaks(feed["items"][0])
    with pytest.raises(ValidationError):
        schemas[Format.JSON](json.dumps(feed).encode())


def test_the_namespace_can_be_validated_alone():
    """By whoever writes it in documents of their own: the root `terms` stands for an entry."""
    schema = etree.RelaxNG(etree.parse(SCHEMAS / "jalali.rng"))
    documented = (ROOT / "docs/jalali-namespace.md").read_text(encoding="utf-8")
    example = re.sub("<pubDate>.*\n", "", re.search("```xml\n(.*?)```", documented, re.DOTALL)[1])
    root = etree.fromstring(f'<jalali:terms xmlns:jalali="{jalali.NAMESPACE}">{example}</jalali:terms>')
    schema.assertValid(root)
    root[0].text = "1400-13-01"
    assert not schema.validate(root)


def test_the_schemas_are_documented():
    for name in ("atom.rng", "rss.rng", "feed.schema.json"):
        assert f"schemas/{name}" in (ROOT / "docs/feeds.md").read_text(encoding="utf-8")
    assert "schemas/jalali.rng" in (ROOT / "docs/jalali-namespace.md").read_text(encoding="utf-8")
