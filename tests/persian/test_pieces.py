"""What a text is cut into for comparison, and which ways to write a piece are one."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from persian.pieces import pieces

Z = "\u200c"
CUT = [
    ("مدیر کل، یزد", "مدیر|کل|،|یزد", "marks are pieces"),
    (f"می{Z}شود و نمی شود", f"می{Z}شود|و|نمی شود", "a verb and its prefix are one word"),
    (f"کتاب{Z}ها، کتاب های ما", f"کتاب{Z}ها|،|کتاب های|ما", "a noun and its suffix are one word"),
    (f"نیم{Z}سال نیم سال", f"نیم{Z}سال|نیم|سال", "other words only with their half-space"),
    (f"خانه ی ما خانه{Z}ی ما", f"خانه ی|ما|خانه{Z}ی|ما", "the ezafe belongs to its word"),
    ("کتاب،ها کتاب\nها", "کتاب|،|ها|کتاب|ها", "a suffix is one beside its word only"),
    ("۱۵ ها ها", "۱۵|ها ها", "a number takes no suffix"),
    ("ها " * 6 + "ها", "ها ها ها ها ها|ها ها", "five parts at most"),
    ("مُدیرِّ مـدیر", "مُدیرِّ|مـدیر", "harakat and tatweel do not cut"),
    ("۱۲٬۵۰۰ ۱۲،۵۰۰ 12,500 3.5 ۳٫۵ ۳/۵", "۱۲٬۵۰۰|۱۲،۵۰۰|12,500|3.5|۳٫۵|۳/۵", "separators of a number"),
    ("۱۴۰۰/۰۹/۱۵، ۱۵-۹-۱۴۰۰ ۰۹:۳۰", "۱۴۰۰/۰۹/۱۵|،|۱۵-۹-۱۴۰۰|۰۹:۳۰", "dates and clocks"),
    ("۱،۲ و ۱۲،۵ ۱۴۰۰.", "۱|،|۲|و|۱۲|،|۵|۱۴۰۰|.", "a comma of a list parts numbers"),
    ("-۵ ۵-۳ (+۲) ۵-", "-۵|۵-۳|(|+۲|)|۵|-", "signs and ranges"),
    (f"۱۲{Z}گانه کووید{Z}۱۹ ۱۲هزار", f"۱۲{Z}گانه|کووید{Z}۱۹|۱۲|هزار", "numbers tied to words"),
    ("۵۰٪ ۵۰۰﷼", "۵۰|٪|۵۰۰|﷼", "signs of what is counted"),
    ("ببینید: https://a.ir/x?y=1.", "ببینید|:|https://a.ir/x?y=1|.", "an address is one"),
    ("a@b.c_d", "a|@|b|.|c|_|d", "Latin letters"),
    ("", "", "nothing"),
]


@pytest.mark.parametrize(("text", "cut", "rule"), CUT)
def test_a_text_is_cut_at(text, cut, rule):
    assert "|".join(piece.text for piece in pieces(text)[:-1]) == cut, rule


ONE = [
    (f"می{Z}شود", "می شود"),
    ("میشود", "می شود"),
    (f"کتاب{Z}های", "کتاب های"),
    ("خانۀ", f"خانه{Z}ی"),
    ("خانه ی", "خانه"),
    ("علي", "علی"),
    ("مُدیر", "مدیر"),
    ("مسؤول", "مسوول"),
    ("۱۲٬۵۰۰", "12500"),
    ("۱۲,۵۰۰", "١٢،٥٠٠"),
    ("12.500.000", "۱۲۵۰۰۰۰۰"),
    ("۳٫۵", "3.50"),
    ("۳/۵", "۳٫۵"),
    ("۵٫۰", "۵"),
    ("−۵", "-۵"),
    ("+۵", "۵"),
    ("۱۰–۱۵", "10-15"),
    ("۰۹:۳۰", "9:30"),
    ("۱۴۰۰/۰۹/۱۵", "1400-9-15"),
    ("۱۵/۹/۱۴۰۰", "۱۴۰۰.۰۹.۱۵"),
    ("۱۴۰۰/۰۹/۱۵", "١٤٠٠/٩/١٥"),
    (f"۱۲{Z}گانه", f"12{Z}گانه"),
    ("﷼", "ریال"),
]


@pytest.mark.parametrize(("one", "other"), ONE)
def test_two_ways_to_write_a_piece_share_a_key(one, other):
    assert [piece.key for piece in pieces(one)] == [piece.key for piece in pieces(other)]


OTHER = [
    ("۱۲٬۵۰۰", "۱۲٫۵"),
    ("۳٫۵", "۳۵"),
    ("-۵", "۵"),
    ("۱۰-۱۵", "۱۰-۱۶"),
    ("۰۳۵۱", "۳۵۱"),
    (f"۱۲{Z}گانه", "۱۲"),
    ("۵/۶/۷", "۵/۶/۸"),
    ("۹۶/۰۹/۱۵", "۹۵/۰۹/۱۵"),
    ("۷۰۰۰/۰۹/۱۵", "۷۰۰۰/۰۹/۱۶"),
    ("https://a.ir/1", "https://a.ir/2"),
    ("،", "؛"),
]


@pytest.mark.parametrize(("one", "other"), OTHER)
def test_two_pieces_have_two_keys(one, other):
    assert [piece.key for piece in pieces(one)] != [piece.key for piece in pieces(other)]


def test_the_last_piece_bears_the_space_at_the_end():
    assert [(piece.gap, piece.text) for piece in pieces(" یک\n ")] == [(" ", "یک"), ("\n ", "")]


@given(st.text(st.one_of(st.characters(), st.sampled_from(f"میکت هاآ{Z}\n ،.-/:۱۲5٬٫\u064bhtps")), max_size=40))
def test_pieces_joined_are_the_text(text):
    assert "".join(piece.gap + piece.text for piece in pieces(text)) == text
