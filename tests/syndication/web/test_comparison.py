"""Two revisions side by side."""

import re
from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archive import Archive
from archive.differences import Op, compare_texts
from syndication.web import create_app
from syndication.web.sides import FOLDABLE, LONG, stretches
from tests.syndication.asking import Client
from tests.syndication.web.conftest import BASE, SAME

PAGE = "/articles/mcls-yazd/1"
WORD = st.sampled_from(("یزد", "وام.", "۳۵۰", "\n", "کتاب‌ها", "کتابها", "Office؛"))
WORDS = st.lists(WORD, max_size=60).map(" ".join)


def text_of(side) -> str:
    return re.sub(r"[\s¶]", "", "".join(each.text for each in side))


@given(WORDS, WORDS)
def test_each_side_is_its_text(old: str, new: str):
    rows = [row for stretch in stretches(compare_texts(old, new)) for row in stretch.rows]
    assert "".join(text_of(row.old) for row in rows) == re.sub(r"\s", "", old)
    assert "".join(text_of(row.new) for row in rows) == re.sub(r"\s", "", new)
    assert all(each.op is not Op.ADDED for row in rows for each in row.old)
    assert all(each.op is not Op.REMOVED for row in rows for each in row.new)


@pytest.mark.parametrize(
    ("old", "new", "rows"),
    [
        ("الف\nب", "الف\nپ", [("الف", "الف"), ("ب", "پ")]),
        ("الف\nبند دوم\nپ", "الف\nپ", [("الف", "الف"), ("بند دوم", ""), ("پ", "پ")]),
        ("الف", "الف\nبند تازه", [("الف", "الف"), ("", "بند تازه")]),
        ("یک دو", "یک سه", [("یک دو", "یک سه")]),
        ("یک\nدو", "یک دو", [("یک¶دو", "یک دو")]),
    ],
)
def test_paragraphs_stand_beside_each_other(old: str, new: str, rows: list[tuple[str, str]]):
    laid = [row for stretch in stretches(compare_texts(old, new)) for row in stretch.rows]
    assert [tuple("".join(each.text for each in side) for side in (row.old, row.new)) for row in laid] == rows


def test_a_long_paragraph_is_parted_at_sentences_beside_a_change():
    same = "جملهٔ یکسان پیش از آن. " * 40
    laid = stretches(compare_texts(f"{same}عدد ۳۵۰ بود.", f"{same}عدد ۲۵۰ بود."))
    assert [stretch.is_same for stretch in laid] == [True, False]
    assert laid[0].is_foldable
    assert len(laid[1].rows[0].old[0].text) < LONG < FOLDABLE


def test_what_was_removed_and_added_is_told_by_line_by_column_and_by_word(ask: Client):
    page = ask(f"{PAGE}/diff/1/2").text
    old, new = re.search(r'<div class="old">(.*?)</div>\s*<div class="new">(.*?)</div>', page, re.DOTALL).groups()
    assert '<del><bdi class="unseen">برداشته: </bdi>۳۵۰</del>' in old
    assert "<ins>" not in old
    assert '<ins><bdi class="unseen">افزوده: </bdi>۲۵۰</ins>' in new
    assert "<del>" not in new
    assert '<span class="label">نسخهٔ ۱</span>' in old
    assert "عددی عوض شد" in page


def test_what_is_unchanged_is_shown_once_in_full_and_can_be_folded(ask: Client):
    page = ask(f"{PAGE}/diff/1/2").text
    assert page.count(SAME) == 1
    folded = page[page.index("<details") : page.index("</details>")]
    assert SAME in folded
    assert "<summary>بی‌تغییر: " in folded


def test_any_two_revisions_can_be_chosen(ask: Client):
    page = ask(f"{PAGE}/diff/1/3").text
    assert f'action="/monadi{PAGE}/diff"' in page
    assert '<option value="1" selected>' in page
    assert '<option value="3" selected>' in page
    answer = ask(f"{PAGE}/diff?old=3&new=1")
    assert (answer.status, answer.headers["location"]) == (307, f"/monadi{PAGE}/diff/3/1")
    assert ask(f"{PAGE}/diff").headers["location"] == f"/monadi{PAGE}/diff/2/3"
    assert ask(f"{PAGE}/diff?old=//evil.example&new=1").headers["location"].startswith(f"/monadi{PAGE}/diff/%2F%2Fevil")
    assert ask(f"{PAGE}/diff/3/1").status == 200


def test_the_same_revision_twice_differs_in_nothing(ask: Client):
    assert "چیزی عوض نشده است" in ask(f"{PAGE}/diff/2/2").text


def test_the_comparison_as_data_is_that_of_the_archive(ask: Client, edited: Archive):
    told = ask(f"{PAGE}/diff/1/3.json").json()
    assert told == {"id": "mcls-yazd/1", "old": 1, "new": 3} | edited.difference("mcls-yazd/1", 1, 3).to_dict()


def test_another_extractor_is_named_as_what_may_have_made_the_difference(archive, keep, make, catalogue):
    first = make(1)
    keep(first)
    keep(replace(first, lead="لید دیگر", fetched_at=first.fetched_at + timedelta(hours=1)))
    keep(replace(first, lead="لیدی دیگر", extractor="fa_portal/2", fetched_at=first.fetched_at + timedelta(hours=2)))
    ask = Client(create_app(archive, catalogue, BASE))
    page = ask(f"{PAGE}/diff/1/2").text
    assert "شاید کار منادی باشد" in page
    assert "<code>fa_portal/2</code>" in page
    assert "بازخوانی" in ask(PAGE).text


def test_dates_and_files_are_compared_beside_the_text(archive, keep, make, catalogue):
    first = make(1)
    keep(first, make(1, "۱۶ آذر ۱۴۰۰", fetched_at=first.fetched_at + timedelta(hours=1)))
    page = Client(create_app(archive, catalogue, BASE))(f"{PAGE}/diff/1/2").text
    assert "دوشنبه ۱۵ آذر ۱۴۰۰، ۰۹:۱۹" in page
    assert "سه‌شنبه ۱۶ آذر ۱۴۰۰" in page
    assert "تاریخی عوض شد" in page


def test_hostile_text_stays_text(archive, keep, make, catalogue):
    attack = '"><script>alert(1)</script>\u202e'
    first = make(1, title=attack, body=f"{attack} پیش")
    keep(first, replace(first, body=f"{attack} پس", fetched_at=first.fetched_at + timedelta(hours=1)))
    ask = Client(create_app(archive, catalogue, BASE))
    for language in ("", "/en"):
        page = ask(f"{language}{PAGE}/diff/1/2").text
        assert "<script" not in page
        assert "&lt;script&gt;" in page


def test_the_page_of_edits_leads_to_each_comparison(ask: Client):
    page = ask("/changes").text
    assert f'href="/monadi{PAGE}/diff/1/2"' in page
    assert f'href="/monadi{PAGE}/diff/2/3"' in page
