"""Spellings: which parts stand together, what a text is found by, and that every spelling finds the others."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from persian.spelling import LENGTH, located, phrases, runs, spellings, tokens
from persian.text import search_key

Z = "\u200c"
WORDS = {
    "می شود": [[["می", "شود"]]],
    f"می{Z}شود": [[["می", "شود"]]],
    "میشود": [[["میشود"]]],
    f"کتاب{Z}های نو": [[["کتاب", "های"]], [["نو"]]],
    f"نیم{Z}سال": [[["نیم"], ["سال"]]],
    f"برنامه{Z}ریزی{Z}های ما": [[["برنامه"], ["ریزی", "های"]], [["ما"]]],
    f"خانه{Z}ی ما": [[["خانه"]], [["ما"]]],
    "گفت می، شود": [[["گفت"]], [["می", "شود"]]],
    "1400/09/15": [[["1400"]], [["09"]], [["15"]]],
    "ها": [[["ها"]]],
    "ی": [[["ی"]]],
    "می ها ها ها ها ها ها": [[["می", "ها", "ها", "ها", "ها"]], [["ها", "ها"]]],
    "ا" * (LENGTH + 1): [[["ا" * LENGTH]]],
    f"{Z}": [],
    "؟!": [],
}


@pytest.mark.parametrize("text", WORDS)
def test_a_text_is_cut_into_words_with_their_affixes(text: str) -> None:
    assert runs(text) == WORDS[text]


def test_every_part_and_every_joined_form_has_a_position() -> None:
    assert tokens("او می شود") == [("او", 0), ("می", 1), ("شود", 1), ("میشود", 1)]
    assert tokens(f"نیم{Z}سال اول") == [("نیم", 0), ("سال", 1), ("نیمسال", 0), ("نیمسال", 1), ("اول", 2)]
    assert tokens(f"نیم{Z}سال اول سال") == [*tokens(f"نیم{Z}سال اول"), ("سال", 3)]


def test_a_long_chain_of_affixes_or_half_spaces_costs_what_its_length_does() -> None:
    assert len(tokens("ها " * 5_000)) < 5_000 * 10
    assert len(tokens(f"نیم{Z}" * 5_000)) < 5_000 * 10


def test_a_phrase_is_sought_in_parts_and_joined() -> None:
    assert spellings(runs(f"نیم{Z}سال اول")) == [["نیم", "سال", "اول"], ["نیمسال", "اول"]]
    assert spellings(runs("می شود")) == [["میشود"]]


PHRASES = [
    (["بازار", "کار"], [[[["بازار"]]], [[["کار"]]]]),
    (["کتاب", "ها"], [[[["کتاب", "ها"]]]]),
    (["می", "شود", "1400/09", "ها"], [[[["می", "شود"]]], [[["1400"]], [["09"]]], [[["ها"]]]]),
    (["می", "-", "شود"], [[[["می"]]], [[["شود"]]]]),
    (["؟"], []),
    ([], []),
]


@pytest.mark.parametrize(("words", "together"), PHRASES)
def test_affixes_find_their_word_among_words_and_punctuation_ties_a_phrase(words, together) -> None:
    assert phrases(words) == together


WAYS = [
    (f"می{Z}شود", "می شود", "میشود"),
    (f"کتاب{Z}ها", "کتاب ها", "کتابها"),
    (f"نیم{Z}سال", "نیمسال"),
    (f"نیم{Z}سال", "نیم سال"),
    (f"خانه{Z}ی", "خانه ی", "خانۀ", "خانه"),
    ("مؤسسة", "موسسه"),
]


@pytest.mark.parametrize(("written", "asked"), [(one, other) for ways in WAYS for one in ways for other in ways])
def test_a_spelling_asks_for_what_the_others_hold(written: str, asked: str) -> None:
    assert _holds(written, asked)


def test_different_words_do_not_meet() -> None:
    assert not _holds("کتاب", f"کتاب{Z}ها")
    assert not _holds("میشوند", "می شود")


def _holds(text: str, asked: str) -> bool:
    """Whether one of the sequences asked for stands in the text, token after token."""
    places = set(tokens(text))
    return any(
        all((token, start + place) in places for place, token in enumerate(sequence))
        for sequence in spellings(runs(asked))
        for _, start in places
    )


LETTERS = st.text(st.sampled_from("ابیهم ها\u200c،1۲") | st.characters(), min_size=1, max_size=40)


@settings(max_examples=300, deadline=None)
@given(text=LETTERS)
def test_the_parts_of_a_text_are_the_words_of_its_search_key(text: str) -> None:
    assert [part for run in runs(text) for group in run for part in group] == search_key(text).split()


@settings(max_examples=200, deadline=None)
@given(text=LETTERS)
def test_a_text_is_found_by_itself(text: str) -> None:
    """As a phrase: every token that its own phrase asks for stands at the position that it asks for."""
    if not (phrase := runs(text)):
        return
    places = set(tokens(text))
    assert all((token, place) in places for place, token in enumerate(spellings(phrase)[0]))


WHERE = {
    f"کتاب{Z}ها، خانه": [
        ("کتاب", 0, f"کتاب{Z}ها"),
        ("کتابها", 0, f"کتاب{Z}ها"),
        ("ها", 0, f"کتاب{Z}ها"),
        ("خانه", 1, "خانه"),
    ],
    f"(نیم{Z}سال)": [
        ("نیم", 0, f"نیم{Z}سال"),
        ("نیمسال", 0, f"نیم{Z}سال"),
        ("نیمسال", 1, f"نیم{Z}سال"),
        ("سال", 1, f"نیم{Z}سال"),
    ],
    "می شود": [("می", 0, "می"), ("میشود", 0, "می شود"), ("شود", 0, "شود")],
    "آب ۱۴۰۰/۰۹": [("اب", 0, "آب"), ("1400", 1, "۱۴۰۰"), ("09", 2, "۰۹")],
    "ﷺ بود": [("صلی", 0, "ﷺ"), ("الله", 1, "ﷺ"), ("علیه", 2, "ﷺ"), ("وسلم", 3, "ﷺ"), ("بود", 4, "بود")],
    "خانهٔ ما": [("خانه", 0, "خانهٔ"), ("ما", 1, "ما")],
    "«» —": [],
    "": [],
}


@pytest.mark.parametrize(("text", "expected"), WHERE.items(), ids=WHERE)
def test_tokens_are_located_where_their_words_stand(text, expected):
    found = [(str(token), place, text[start:end]) for token, place, (start, end) in located(text)]
    assert sorted(found) == sorted(expected)
    assert {(token, place) for token, place, _ in found} == set(tokens(text))
