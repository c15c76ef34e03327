"""What a reader sees of a page, without a parser."""

import pytest

from spiders.politeness.sight import headings, seen
from tests.pace import within


@pytest.mark.parametrize(
    ("markup", "text"),
    [
        ("<p>الف</p><p>ب</p>", "الف ب"),
        ("<HEAD><title>x</title></HEAD>الف<script>a<b</script >ب<!-- <p>x -->", "الف ب"),
        ("الف<script>ب", "الف ب"),
        ("<style>x</style><script>y<style>z</style>ب", "y ب"),
        ("الف &amp; ب&nbsp;پ", "الف & ب پ"),
        (f"الف &#{'9' * 5000};", f"الف &#{'9' * 5000};"),
        ("الف < ب", "الف < ب"),
        ("", ""),
    ],
)
def test_head_scripts_and_comments_are_not_seen(markup, text):
    assert seen(markup) == text


@pytest.mark.parametrize(
    ("markup", "found"),
    [
        ("<title>الف</title><h1 class=x>ب <b>پ</b></h1><p>ت</p><legend>ث</legend>", ["الف", "ب پ", "ث"]),
        ("<h1>الف</h2><h2>ب</h2>", ["ب"]),
        ("<h1>الف<h1>ب</h1>", ["الف ب"]),
        ("<h1", []),
    ],
)
def test_headings_come_in_the_pages_order(markup, found):
    assert list(headings(markup)) == found


@pytest.mark.parametrize(
    "piece",
    ["<", "<h1 ", "<h1>", "<script", "<script>", "<!--", "<script><!-- -->", "<h1><h2></h2>", "</script  ", "&#"],
)
def test_whatever_is_opened_and_never_closed_takes_time_by_its_length(piece):
    text = piece * (2**20 // len(piece))
    with within(5):
        seen(text)
        list(headings(text))
