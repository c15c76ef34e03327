"""Persian text: what `display` repairs and leaves, and which spellings one search key joins."""

import json
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from persian import text as text_module
from persian.text import display, persian_digits, printable, search_key, without_forbidden

Z = "\u200c"

ANY = st.text(
    alphabet=st.one_of(
        st.characters(),
        st.sampled_from(
            f"میشوده خانۀيىكأؤئءةهٔآ {Z}{Z}\u200d\u200e\u200f\u202b\u202c\ufeff\u00ad\u00a0\n\t،.()«»ـًّ۱۲٣٤5A"
            "\ufdf2\ufdfa\ufdfc\ufefb\ufc5e\ufe70\ufef2\ud800\udfff\ufffe\x00\x1f\x85\u0338<=İßΐ\u0345\u1100\u1161"
        ),
    ),
    max_size=24,
)

REPAIRED = [
    ("كتاب علي مصطفى", "کتاب علی مصطفی", "Arabic kaf, yeh and alef maksura"),
    ("\ufe95\ufef4\ufee3 \ufefb", "تیم لا", "presentation forms, one by one"),
    ("\ufb90\ufbfd", "کی", "Persian presentation forms"),
    ("متن\ufe70", "متن\u064b", "an isolated haraka loses the space it is drawn on"),
    ("سازمان\u00a0امور\u2003مالی\u202f۱", "سازمان امور مالی ۱", "every space is a space"),
    ("یک\r\n  دو\t\u2028سه ", "یک دو سه", "one line"),
    ("\u202bاستان\u200f یزد\u202c\u2067\u061c", "استان یزد", "direction marks"),
    ("\ufeffمدی\u00adر", "مدیر", "byte order mark, soft hyphen"),
    ("الف\x00\x1b\x9f\ud800\ufffe\uffffب", "الفب", "what XML forbids, and other controls"),
    (f"می{Z}{Z}شود", f"می{Z}شود", "doubled half-space"),
    (f"می{Z}\u200d{Z}شود", f"می{Z}شود", "a run with a joiner"),
    (f"می {Z}شود{Z} ", "می شود", "half-space beside a space"),
    (f"{Z}(کتاب{Z}){Z}، ها{Z}", "(کتاب)، ها", "half-space beside punctuation and edges"),
    ("آب", "آب", "NFC"),
]
KEPT = [
    f"طرح{Z}های ۱۲{Z}گانه",
    f"مُ{Z}ه",
    "خانۀ ما، هٔ",
    "مسئول مؤسسه أ إ ء ة",
    "۱۲٣٤56 ۱۲/۵٪ ۱٫۵ 3.14",
    "https://example.ir/fa/news/1?q=a,b&c=%D8 a.b@c.ir",
    "«متن» – “x”… ; ؟ ! ـ",
    "\ufdfa \ufdf2 \ufdfc",
    "👨\u200d👩\u200d👧",
    "",
]


@pytest.mark.parametrize(("text", "shown", "rule"), REPAIRED)
def test_display_repairs_what_is_an_artefact(text, shown, rule):
    assert display(text) == shown, rule


@pytest.mark.parametrize("text", KEPT)
def test_display_leaves_the_rest(text):
    assert display(text) == text


ONE_KEY = [
    ("علي كاظمي", "علی کاظمی"),
    ("أحمد إيران آب ٱ", "احمد ایران اب ا"),
    ("مؤسسه", "موسسه"),
    ("مسئول", "مسیول"),
    ("ئ ئ", "ی ی"),
    ("خانۀ", "خانه"),
    ("خانهٔ", "خانه"),
    (f"خانه{Z}ی ما", "خانه ما"),
    ("خانه ی ما", "خانه ما"),
    ("دایرة", "دایره"),
    ("جزء", "جز"),
    ("مُدیرِّ", "مدیر"),
    ("مـــدیر", "مدیر"),
    ("۱۴۰۰ ١٤٠٠", "1400 1400"),
    ("Straße YAZD", "strasse yazd"),
    ("«استان»: یزد-میبد (۱)", "استان یزد میبد 1"),
    (f"می{Z}شود", "می شود"),
    ("مدی\u200bر\u00ad", "مدیر"),
    ("وی\u200dژه", "ویژه"),
    ("1\u20dd 2", "1 2"),
]


@pytest.mark.parametrize(("text", "key"), ONE_KEY)
def test_spellings_of_a_word_share_a_key(text, key):
    assert search_key(text) == key


def test_what_stands_between_letters_is_keyed_as_each_character_alone():
    characters = list(map(chr, range(0x10000)))
    for text in ("ب".join(characters), "".join(characters)):
        assert text_module._TO_FOLD.sub(text_module._keyed, text) == text.translate(text_module._KEYS)


def test_different_words_keep_different_keys():
    assert len({search_key(word) for word in ("کار", "گار", "مال", "مالی", "هم", "همه")}) == 6


def test_digits_become_persian():
    assert persian_digits(1400) == "۱۴۰۰"
    assert persian_digits("09:١٩ ۵ a") == "۰۹:۱۹ ۵ a"


def test_forbidden_characters_alone_are_removed():
    assert without_forbidden("a\x00\ud800\ufffe\n\t\u200fك") == "a\n\t\u200fك"


@given(ANY)
def test_display_is_idempotent_normal_and_writable(text):
    shown = display(text)
    assert display(shown) == shown
    assert unicodedata.is_normalized("NFC", shown)
    assert without_forbidden(shown) == shown.strip()
    assert shown.encode().decode() == shown


@given(ANY)
def test_display_does_not_depend_on_the_normal_form_given(text):
    assert display(unicodedata.normalize("NFD", text)) == display(text)


@given(ANY)
def test_a_key_is_idempotent_and_the_same_for_the_displayed_text(text):
    key = search_key(text)
    assert search_key(key) == key
    assert search_key(display(text)) == key
    assert unicodedata.is_normalized("NFC", key)


def test_joiners_without_a_half_space_stay_as_they_were_written() -> None:
    assert display("وی\u200d\u200d\u200dژه") == "وی\u200d\u200d\u200dژه"
    assert display("می\u200d\u200c\u200dشود") == "می\u200cشود"


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("می\u200cشود «۱۲» \u2068a\u2069 🎉", "می\u200cشود «۱۲» \u2068a\u2069 🎉"),
        ("\x1b[2J\x07", "\\u001b[2J\\u0007"),
        ("a\nb\tc\rd", "a\\u000ab\\u0009c\\u000dd"),
        ("\x00\x1f \x7f\x80\x9f\xa0", "\\u0000\\u001f \\u007f\\u0080\\u009f\xa0"),
        ("\u2027\u2028\u2029\u202a\u202e\u202f", "\u2027\\u2028\\u2029\\u202a\\u202e\u202f"),
        ("\ud7ff\ud800\ue000\udfff", "\ud7ff\\ud800\ue000\\udfff"),
    ],
)
def test_what_is_printed_only_shows(text, shown):
    assert printable(text) == shown
    lines = printable(text, lines=True)
    assert lines == shown.replace("\\u000a", "\n").replace("\\u0009", "\t")
    assert json.loads(f'"{shown}"') == text


def test_a_line_may_end_as_it_does_in_ris_and_csv():
    assert printable("a\r\nb\rc\r\r\n", lines=True) == "a\r\nb\\u000dc\\u000d\r\n"
