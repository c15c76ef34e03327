import feedparser
import pytest
from lxml import etree

from archive.article import Attachment
from syndication.addresses import UNKNOWN_TYPE, address, media_type
from syndication.feeds import Place, atom, compose, find, jsonfeed, rss
from syndication.feeds.announced import Announced
from syndication.feeds.entries import entry
from syndication.feeds.issue import Issue

FILES = (
    Attachment(url="https://example.ir/a.pdf", title="آیین‌نامه", length=12345),
    Attachment(url="https://example.ir/b.docx"),
    Attachment(url="https://example.ir/c", type="audio/mpeg", length=9),
)
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


@pytest.fixture
def item(archived):
    return archived(attachments=FILES)


def parsed(item, catalogue, format_):
    document = compose(
        find("all", catalogue),
        Issue(entries=[Announced(item=item, office="دفتر")]),
        format_,
        Place(base_url="https://n.example.ir"),
    )
    return feedparser.parse(document).entries[0]


def test_atom_links_to_every_file_with_its_type_length_and_title(item, catalogue):
    links = [link for link in parsed(item, catalogue, "atom").links if link.rel == "enclosure"]
    assert [(link.href, link.type, link.get("length"), link.get("title")) for link in links] == [
        ("https://example.ir/a.pdf", "application/pdf", "12345", "آیین‌نامه"),
        ("https://example.ir/b.docx", DOCX, None, None),
        ("https://example.ir/c", "audio/mpeg", "9", None),
    ]


def test_rss_encloses_the_first_file_and_lists_the_others_as_media(item, catalogue):
    found = parsed(item, catalogue, "rss")
    assert [(file.href, file.type, file.length) for file in found.enclosures] == [
        ("https://example.ir/a.pdf", "application/pdf", "12345")
    ]
    assert found.media_content == [
        {"url": "https://example.ir/b.docx", "type": DOCX},
        {"url": "https://example.ir/c", "type": "audio/mpeg", "filesize": "9"},
    ]


def test_a_type_or_length_that_is_none_is_replaced(archived):
    stated = (
        ("audio/mpeg; x", -1),
        ("پی‌دی‌اف", 0),
        ("pdf", None),
        ("Application/PDF", 7),
    )
    files = tuple(
        Attachment(url=f"https://e.ir/{n}.pdf", type=kind, length=size) for n, (kind, size) in enumerate(stated)
    )
    made = entry(archived(attachments=files), "دفتر").enclosures
    assert [(file.type, file.length) for file in made] == [
        ("audio/mpeg", None),
        ("application/pdf", 0),
        ("application/pdf", None),
        ("Application/PDF", 7),
    ]


def test_an_unknown_length_is_zero_in_rss(archived):
    made = rss.item(entry(archived(attachments=FILES[1:2]), "دفتر"))
    assert b'<enclosure url="https://example.ir/b.docx" length="0"' in made


def test_json_feed_attaches_every_file(item):
    made = jsonfeed.item(entry(item, "دفتر")).decode()
    assert made.count('"mime_type"') == 3
    assert '"title": "آیین‌نامه", "size_in_bytes": 12345' in made


def test_what_is_no_address_of_the_web_is_left_out(archived):
    made = entry(archived(url="javascript:alert(1)", image="data:x", attachments=(Attachment(url="ftp://x/y"),)), "x")
    assert (made.url, made.image, made.enclosures) == (None, None, ())
    for writer in (rss, atom):
        assert b"<link" not in writer.item(made)
        etree.fromstring(b"<x xmlns:dc='d' xmlns:content='c' xmlns:jalali='j'>" + writer.item(made) + b"</x>")


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("https://example.ir/a.pdf", "https://example.ir/a.pdf"),
        (
            " https://Example.ir:8080/خبر?q=یزد#بند ",
            "https://example.ir:8080/%D8%AE%D8%A8%D8%B1?q=%DB%8C%D8%B2%D8%AF#%D8%A8%D9%86%D8%AF",
        ),
        ("http://example.ir/%D8%AE a%zz[1]", "http://example.ir/%D8%AE%20a%25zz%5B1%5D"),
        ("http://یزد.ایران/", "http://xn--ugbf57b.xn--mgba3a4f16a/"),
        ("http://[::1]:8000/x", "http://[::1]:8000/x"),
        ("http://user:secret@example.ir/", "http://example.ir/"),
        ("/fa/news/1", None),
        ("http://", None),
        ("http://[::1/", None),
        ("http://a b/", None),
        ("http://example.ir:99999/", None),
        ("http://" + "ا" * 99 + "/", None),
        ("", None),
        (None, None),
    ],
)
def test_addresses_are_absolute_and_of_legal_characters(url, expected):
    assert address(url) == expected


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("http://x/a.PDF", "application/pdf"),
        ("http://x/a.docx?v=1", DOCX),
        ("http://x/a.rar", "application/vnd.rar"),
        ("http://x/download.ashx?id=3", UNKNOWN_TYPE),
        ("http://x", UNKNOWN_TYPE),
    ],
)
def test_a_media_type_follows_from_the_extension_and_not_from_the_machine(url, expected):
    assert media_type(url) == expected
