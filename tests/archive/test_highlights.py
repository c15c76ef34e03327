"""Highlights: what a search found in a text, in any spelling, and the passage that shows it."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from archive.search.grammar import FIELDS
from archive.search.highlights import LONGEST_SEARCH, Highlights
from persian.spelling import located, tokens
from persian.text import display, search_key

Z = "\u200c"
MARKED = {
    "a word": ("کارگاه", "نخستین [کارگاه] در یزد"),
    "each time": ("کارگاه", "[کارگاه] و [کارگاه]"),
    "several words": ("یزد کارگاه", "نخستین [کارگاه] در [یزد]"),
    "Arabic letters": ("كارگاه علي", "[کارگاه] [علی]"),
    "digits": ("1403", "سال [۱۴۰۳] تمام"),
    "a half-space": ("می شود", f"چنین [می{Z}شود] و [می شود] و [میشود]"),
    "a word is marked whole": ("کتاب", f"[کتاب{Z}ها] و [کتاب] ها"),
    "affixes": (f"کتاب{Z}ها", f"کتاب و [کتاب{Z}ها] و [کتاب ها]"),
    "parts": ("نیمسال", f"[نیم{Z}سال] و [نیمسال] و نیم سال"),
    "harakat": ("مدیر", "[مُدیرِ] کل"),
    "punctuation is left out": ("بازار", "«[بازار]»، ([بازار])."),
    "what punctuation ties": ("1400/09/15", "در [۱۴۰۰/۰۹/۱۵]، نه ۱۴۰۰"),
    "one of them": ("۱۵", "در ۱۴۰۰/۰۹/[۱۵]"),
    "a ligature": ("ریال", "مبلغ ۵۰۰[﷼]"),
    "case": ("iso", "استاندارد [ISO]"),
    "a phrase": ('"اداره کل"', "[اداره کل] و اداره و کل"),
    "a phrase in any spelling": ('"طرح می شود"', f"[طرح می{Z}شود] اما می شود"),
    "an alternative": ("یزد OR گیلان", "[یزد] و [گیلان]"),
    "not what is unwanted": ("یزد NOT گیلان -کرمان", "[یزد] گیلان کرمان"),
    "of this field": ("title:یزد", "[یزد]"),
    "not of another field": ("body:یزد lead:(یزد OR یزد)", "یزد"),
    "nothing": ("", "یزد"),
    "no word": ("!!! «»", "یزد!!!"),
    "what is not there": ("نیست", "یزد"),
}


@pytest.mark.parametrize(("search", "marked"), MARKED.values(), ids=MARKED)
def test_what_was_found_is_marked(search, marked):
    text = marked.replace("[", "").replace("]", "")
    told = text
    for start, end in reversed(Highlights(search).spans(text, "title")):
        told = f"{told[:start]}[{told[start:end]}]{told[end:]}"
    assert told == marked


LONG = "یکم " * 50 + "کارگاه آموزشی در یزد " + "دوم " * 50 + "کارگاه " + "سوم " * 50


def test_the_passage_shows_most_of_what_is_sought():
    passage = Highlights("یزد کارگاه آموزشی").passage(LONG, "body", 60)
    assert "کارگاه آموزشی در یزد" in passage.text
    assert len(passage.text) <= 60
    assert [passage.text[start:end] for start, end in passage.spans] == ["کارگاه", "آموزشی", "یزد"]
    assert (passage.opens, passage.closes) == (False, False)


def test_without_anything_found_the_passage_is_the_beginning():
    passage = Highlights("نیست").passage(LONG, "body", 30)
    assert passage.text == " ".join(["یکم"] * 7)
    assert (passage.spans, passage.opens, passage.closes) == ((), True, False)


def test_a_short_text_is_its_passage():
    passage = Highlights("یزد").passage("در یزد", "lead", 100)
    assert (passage.text, passage.spans, passage.opens, passage.closes) == ("در یزد", ((3, 6),), True, True)


SOME = ["می", "شود", Z, " ", "کتاب", "ها", "، ", "«", "ﷲ", "ۀ", "ی", "1/2", "\n", "مُ", "É", "ß"]
PIECES = st.lists(st.sampled_from(SOME) | st.text(max_size=2), max_size=20).map("".join)
TEXTS = PIECES.map(display) | PIECES


@settings(max_examples=200, deadline=None)
@given(TEXTS, PIECES | st.text(max_size=20), st.sampled_from(FIELDS), st.integers(1, 40))
def test_spans_are_inside_in_order_apart_and_on_borders_of_words(text, search, field, length):
    found = Highlights(search)
    passage = found.passage(text, field, length)
    for shown, spans in ((text, found.spans(text, field)), (passage.text, passage.spans)):
        edges = [edge for span in spans for edge in span]
        assert edges == sorted(edges)
        assert all(0 <= start < end <= len(shown) for start, end in spans)
        for start, end in spans:
            assert start == 0 or parts(shown[start - 1]) or parts(shown[start])
            assert end == len(shown) or parts(shown[end]) or parts(shown[end - 1])
    assert passage.text in text


def parts(letter: str) -> bool:
    return " " in search_key(f"ا{letter}ا")


@settings(max_examples=200, deadline=None)
@given(PIECES)
def test_a_text_has_the_same_tokens_with_and_without_their_places(text):
    assert {(str(token), place) for token, place, _ in located(text)} == set(tokens(text))


def test_of_a_search_of_a_great_many_words_the_first_are_looked_for():
    words = [f"واژه{number}" for number in range(LONGEST_SEARCH + 50)]
    spans = Highlights(" ".join(words)).spans(" ".join(words), "title")
    assert 0 < len(spans) <= LONGEST_SEARCH
    assert spans[0] == (0, len(words[0]))
