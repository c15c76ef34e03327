"""The numbers, dates and names that are found in a text, each with its value."""

import pytest

from persian.mentions import mentions
from persian.pieces import pieces

Z = "\u200c"
NUMBERS = [
    ("۵۰۰ نفر در ۳ شهر", ["500", "3"], "digits"),
    ("پنج هزار و ۲۰۰ نفر", ["5200"], "a sum of words and digits"),
    ("۵ میلیون و ۲۰۰ هزار تومان", ["5200000"], "scales"),
    ("۵ هزار ۲۰۰ نفر", ["5200"], "digits after a scale"),
    ("دو میلیارد، سه میلیارد", ["2000000000", "3000000000"], "a comma parts"),
    ("۳٫۵ میلیون", ["3500000"], "a part of a million"),
    ("هزار نفر", ["1000"], "a thousand"),
    ("۱۰-۱۵ هزار نفر", ["10-15 هزار"], "a range stays as it is"),
    ("بیست و پنج زن و سه مرد", ["25", "3"], "tens and units"),
    ("سیصد و بیست و یک", ["321"], "hundreds"),
    ("۵ و ۶ و سه و دو", ["5", "6", "3", "2"], "lists are not sums"),
    ("بیست پنج", ["20", "5"], "side by side"),
    ("۲۰ و ۵ نفر", ["20", "5"], "digits are joined by no «و»"),
    ("یک نشست و نه بیشتر", [], "«یک» and «نه» are words too"),
    ("یک میلیون", ["1000000"], "«یک» before a scale"),
    ("پنج و", ["5"], "«و» at the end"),
    ("ساعت ۱۰:۳۰ با ۰۳۵-۳۸۲۰", ["10:30", "035-3820"], "clocks and telephones"),
    (f"طرح ۱۲{Z}گانه", ["12گانه"], "tied to a word"),
    ("هزار " * 21, ["1" + "0" * 60, "1000"], "twenty pieces at most"),
    ("۵ نفر در ۵ آذر ۱۴۰۰ و ۵ نفر", ["5", "5"], "not those of dates"),
    ("سال ۱۴۰۰ میلیون", ["1000000"], "a year is none"),
    ("۵ هزار و ۵ آذر ۱۴۰۰", ["5000"], "nor the day behind one"),
    ("۵ هزار میلیارد تومان", ["5000000000000"], "scales of scales"),
    ("دو میلیون و هزار", ["2001000"], "a scale that is added"),
]
DATES = [
    ("۱۵ آذر ۱۴۰۰", ["2021-12-06"], "a day"),
    ("دوشنبه پانزدهم آذرماه ۱۴۰۰", ["weekday 0", "2021-12-06"], "a weekday and a day in words"),
    ("۱۵ آذر ماه سال ۱۴۰۰", ["2021-12-06"], "with all its words"),
    ("۱۴۰۰/۰۹/۱۵ و 15-9-1400", ["2021-12-06", "2021-12-06"], "in numbers"),
    ("۶ دسامبر ۲۰۲۱", ["2021-12-06"], "Gregorian"),
    ("2021-12-06", ["2021-12-06"], "Gregorian in numbers"),
    ("بیست و یکم دی", ["?-10-21"], "without its year"),
    ("۱۵ آذر", ["?-09-15"], "without its year, in digits"),
    ("آذر ۱۴۰۰، آذرماه، آذر ماه", ["1400-09-00", "?-09-00", "?-09-00"], "months"),
    ("مهر و تیر، ۴۰ مهر", [], "names of months that are words, and no day"),
    ("۵ میزان و می ۲۰۲۱", ["2021-05-00"], "rare months only with a year"),
    ("سال ۱۴۰۰ و سال ۵۰۰۰ و سال", ["1400"], "a year"),
    ("۳۱ آذر ۱۴۰۰ و ۱۴۰۰/۱۳/۰۱", ["1400-09-31", "1400-13-01"], "what does not exist stays as it was written"),
    (f"سه{Z}شنبه، سه شنبه، پنجشنبه، شنبه", ["weekday 1", "weekday 1", "weekday 3", "weekday 5"], "weekdays"),
    ("شنبه", ["weekday 5"], "at the beginning"),
    ("۹۹۹۹/۰۱/۰۱ و may 2021, monday", [], "years of no calendar, and English"),
]
NAMES = [
    ("دکتر علی رضایی گفت", ["علی رضایی"], "a title"),
    ("جناب آقای دکتر علی رضایی، مهندس", ["علی رضایی"], "titles"),
    ("آقای رضایی، دکتر رضایی", ["رضایی", "رضایی"], "without its title"),
    ("آقای محمد رضا احمدی نژاد", ["محمد رضا احمدی"], "three words at most"),
    (f"حجت{Z}الاسلام حسینی و حجت الاسلام حسینی", ["حسینی", "حسینی"], "a title of two words"),
    ("آقای ۵ نفر، دکتر", [], "no name"),
    ("استاندار یزد در", ["استاندار یزد"], "a role"),
    ("رئیس اداره کار شهرستان میبد امروز", ["رییس اداره کار شهرستان میبد"], "four words at most"),
    ("استاندار یزد دکتر کریمی", ["استاندار یزد", "کریمی"], "a role and a name"),
    ("اداره ورزش این شهر", ["اداره ورزش"], "an office"),
    ("استاندار\nیزد", ["استاندار"], "a line ends it"),
    ("مهران فاطمی، استاندار یزد، گفت", ["مهران فاطمی", "استاندار یزد"], "a name before its role"),
    ("خبر.\nمهران فاطمی استاندار یزد", ["مهران فاطمی", "استاندار یزد"], "without a comma, in a line"),
    ("گفت: مهران فاطمی، استاندار یزد", ["مهران فاطمی", "استاندار یزد"], "after a colon"),
    ("در یزد مهران فاطمی، استاندار", ["استاندار"], "not in the middle of a sentence"),
    ("روابط عمومی، مهران فاطمی استاندار یزد", ["مهران فاطمی", "استاندار یزد"], "after a comma"),
    ("فاطمی، استاندار یزد", ["استاندار یزد"], "one word opens no name"),
    ("کار علی رضا مهران فاطمی، استاندار", ["استاندار"], "nor do five"),
    ("مهران فاطمی،\nاستاندار", ["استاندار"], "nor another line"),
    ("امروز جمعه، استاندار یزد", ["استاندار یزد"], "nor a time"),
    ("شهردار یزد، استاندار یزد", ["شهردار یزد", "استاندار یزد"], "nor another role"),
    ("سازمان‌ها و استانداران", [], "plurals are no heads"),
]


@pytest.mark.parametrize(
    ("kind", "text", "values", "rule"),
    [(kind, *row) for kind, rows in (("number", NUMBERS), ("date", DATES), ("name", NAMES)) for row in rows],
)
def test_what_a_text_mentions(kind, text, values, rule):
    assert [mention.value for mention in mentions(pieces(text)) if mention.kind == kind] == values, rule


def test_a_mention_knows_its_pieces():
    cut = pieces("در ۱۵ آذر ۱۴۰۰، آقای رضایی ۵ هزار نفر را دید")

    told = ["".join(piece.gap + piece.text for piece in cut[each.start : each.end]) for each in mentions(cut)]

    assert told == [" ۱۵ آذر ۱۴۰۰", " آقای رضایی", " ۵ هزار"]
