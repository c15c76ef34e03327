"""The page of edits and removals: what it shows, narrowed and page by page."""

import re
from dataclasses import replace
from datetime import timedelta

import pytest

from archive import Archive, absences
from sources import Catalogue
from syndication.web import create_app
from syndication.web.pages.changes import PAGE
from tests.syndication.asking import Client

EDITED = 3 * PAGE - 5


@pytest.fixture
def ask(archive: Archive, catalogue: Catalogue, keep, make) -> Client:
    """A Monadi that has seen so many edits, one of another office, and one removal."""
    first = [make(number, "۱ آذر ۱۴۰۰", title=f"خبر {number}") for number in range(EDITED)]
    other = make(900, source="mcls-hormozgan", url="https://hormozgan.mcls.gov.ir/fa/news/900", title="هرمزگان")
    keep(*first, other)
    for each in (*first, other):
        keep(replace(each, lead="لید دیگر با ۱۲ تن", fetched_at=each.fetched_at + timedelta(days=1)))
    with archive.writing() as connection:
        for hours in (0, 7):
            absences.missed(connection, "mcls-yazd", ["id:3"], other.fetched_at + timedelta(days=2, hours=hours))
    return Client(create_app(archive, catalogue, "https://news.example.ir"))


def told(page: str) -> list[str]:
    return re.findall(r'<article class="edit (\w+)">\s*<h2[^>]*><a [^>]*>(.*?)</a>', page)


def test_pages_follow_each_other_to_the_end_without_repetition(ask: Client):
    seen, target = [], "/changes"
    while target:
        page = ask(target).text
        assert len(told(page)) <= PAGE
        seen += told(page)
        following = re.search(r'rel="next" href="([^"]*)"', page)
        target = following and following[1].replace("&amp;", "&")
    assert len(seen) == len(set(seen)) == EDITED + 2
    assert seen[0] == ("gone", "خبر 3")


def test_edits_are_narrowed_by_office_and_kind(ask: Client):
    assert told(ask("/changes?province=hormozgan").text) == [("revised", "هرمزگان")]
    assert told(ask("/changes?kind=gone").text) == [("gone", "خبر 3")]
    assert told(ask("/changes?kind=gone&province=hormozgan").text) == []


def test_an_edit_says_what_it_changed_and_a_removal_that_the_text_stays(ask: Client):
    page = ask("/en/changes?province=hormozgan").text
    assert "a number changed" in page
    assert re.search(r"<ins>.*۱۲.*</ins>", page)
    assert "Its text stays in the archive" in ask("/en/changes?kind=gone").text
