"""What an edit changed, as a value: both texts come back from it, and its classes say what it is.

The classes are held to a table of edits by `tests/test_edits.py`, from the page on.
"""

import json
from dataclasses import replace
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from archive import Attachment
from archive.differences import Class, Op, Severity, compare, compare_texts, excerpts
from archive.differences.alignment import common_runs
from archive.errors import NoSuchArticle
from tests.pace import within

Z = "\u200c"
MARKS = {Op.EQUAL: "{}", Op.REMOVED: "[-{}-]", Op.ADDED: "{{+{}+}}"}
WORDS = st.sampled_from(
    f"و در کتاب کتاب{Z}ها ها می شود می{Z}شود ۱۲ ۱۲٬۵۰۰ هزار آذر ۱۴۰۰ استاندار آقای رضایی یزد "
    f"شنبه سال ، . {Z} x ۀ \u064b".split(" ")
)
TEXTS = st.one_of(
    st.lists(st.tuples(WORDS, st.sampled_from([" ", "\n", "", "  "])), max_size=30).map(
        lambda pairs: "".join(word + gap for word, gap in pairs)
    ),
    st.text(max_size=30),
)


def shown(operations):
    return "".join(MARKS[each.op].format(each.text) for each in operations)


@settings(max_examples=400)
@given(TEXTS, TEXTS)
def test_the_operations_give_both_texts_byte_for_byte(old, new):
    operations = compare_texts(old, new)

    assert "".join(each.text for each in operations if each.op is not Op.ADDED) == old
    assert "".join(each.text for each in operations if each.op is not Op.REMOVED) == new
    assert all(each.text and bool(each.classes) == (each.op is not Op.EQUAL) for each in operations)
    assert all(one.op is not other.op or one.classes != other.classes for one, other in pairwise(operations))


DIFFERENCES = [
    (f"کتاب{Z}ها خوانده شد", f"کتاب{Z}ها چاپ شد", f"کتاب{Z}ها [-خوانده-]{{+چاپ+}} شد", "a word for a word"),
    (f"کتاب{Z}ها هست", "کتاب هست", f"[-کتاب{Z}ها-]{{+کتاب+}} هست", "no word is cut"),
    (f"می{Z}شود", "می شود", f"[-می{Z}شود-]{{+می شود+}}", "a word written otherwise"),
    ("به ۱۲٬۵۰۰ نفر", "به ۱۲٬۸۰۰ نفر", "به [-۱۲٬۵۰۰-]{+۱۲٬۸۰۰+} نفر", "a number is one"),
    ("تا ۱۴۰۰/۰۹/۱۵ بود", "تا ۱۴۰۰/۰۹/۱۶ بود", "تا [-۱۴۰۰/۰۹/۱۵-]{+۱۴۰۰/۰۹/۱۶+} بود", "a date is one"),
    ("یک دو سه", "دو سه", "[-یک -]دو سه", "the first word gone, with its space"),
    ("یک دو سه", "یک سه", "یک[- دو-] سه", "a word gone, with its space"),
    ("یک دو", "یک دو سه", "یک دو{+ سه+}", "a word added"),
    ("کار، تولید", "کار تولید", "کار[-،-] تولید", "a mark is a piece of its own"),
    ("الف\nب", "الف ب", "الف[-\n-]{+ +}ب", "paragraphs joined"),
    ("کارگاه میبد در یزد گشوده شد", "نشست بافق در تفت برپا شد", None, "little words between greater changes"),
    ("الف\nب\nپ", "الف\nپ", "الف\n[-ب\n-]پ", "a paragraph gone"),
    ("الف", "", "[-الف-]", "all gone"),
    ("", "الف", "{+الف+}", "all new"),
    ("الف", "الف", "الف", "nothing"),
]


@pytest.mark.parametrize(("old", "new", "expected", "rule"), DIFFERENCES)
def test_a_difference_is_made_of_words(old, new, expected, rule):
    replaced = "[-کارگاه میبد در یزد گشوده-]{+نشست بافق در تفت برپا+} شد"

    assert shown(compare_texts(old, new)) == (expected or replaced), rule


def test_a_moved_paragraph_is_removed_and_added_as_moved():
    old = "کارگاه نخست در میبد گشایش یافت.\nبند دوم.\nبند سوم و ۵ نفر."
    new = "بند دوم.\nبند سوم و ۵ نفر.\nکارگاه نخست در میبد گشایش یافت."

    operations = compare_texts(old, new)

    assert [(each.op, each.classes) for each in operations] == [
        (Op.REMOVED, (Class.MOVED,)),
        (Op.EQUAL, ()),
        (Op.ADDED, (Class.MOVED,)),
    ]


def test_each_change_bears_its_own_classes():
    operations = compare_texts("استاندار یزد ۵ طرح را گشود", "استاندار یزد ۷ طرح را افتتاح کرد")

    assert [each.classes for each in operations if each.op is Op.REMOVED] == [(Class.NUMBER,), (Class.MATERIAL,)]


def test_the_parts_that_differ_stand_in_the_order_of_the_record(make):
    held = make(attachments=(Attachment(url="https://yazd.mcls.gov.ir/1.pdf"),))
    reading = make(title="دیگر", kicker=None, date="۱۶ آذر ۱۴۰۰", body="بند نخست.\nبند سوم.", lead="تازه")

    found = compare(held, reading)

    assert [part.part for part in found.parts] == ["kicker", "title", "lead", "body", "attachments", "published"]
    assert found.parts[-1].classes == (Class.DATE,)
    assert found.parts[-2].classes == (Class.ATTACHMENT,)
    assert found.severity is Severity.MATERIAL


def test_equal_readings_have_no_difference(make):
    found = compare(make(), make(tags=("دیگر",), image="https://yazd.mcls.gov.ir/2.jpg"))

    assert (found.parts, found.classes, found.severity, found.reread) == ((), (), Severity.QUIET, False)


def test_an_attachment_is_kept_or_not_and_never_cut(make):
    files = [Attachment(url=f"https://yazd.mcls.gov.ir/{number}.pdf") for number in (1, 2, 3)]

    (part,) = compare(make(attachments=tuple(files[:2])), make(attachments=(files[0], files[2]))).parts

    assert shown(part.operations) == (
        "https://yazd.mcls.gov.ir/1.pdf\n[-https://yazd.mcls.gov.ir/2.pdf-]{+https://yazd.mcls.gov.ir/3.pdf+}"
    )


def test_a_date_counted_from_the_visit_is_no_change_of_date(make):
    (part,) = compare(make(date="۲ ساعت پیش"), make(9, date="۳ ساعت پیش", title=make().title)).parts

    assert (part.part, part.classes) == ("published", ())


def test_a_date_taken_away_is_a_change_of_date(make):
    (part,) = compare(make(), make(date=None)).parts

    assert [(each.op, each.text) for each in part.operations] == [(Op.REMOVED, "2021-12-06T09:19:00+03:30")]
    assert part.classes == (Class.DATE,)


def test_a_difference_says_when_another_extractor_read(make):
    assert compare(make(), make(extractor="fa_portal/2", title="دیگر")).reread


def test_a_difference_is_json(make):
    found = compare(make(title="۵ نفر"), make(title="۶ نفر"))

    assert json.loads(json.dumps(found.to_dict())) == {
        "severity": "material",
        "classes": ["number-changed"],
        "reread": False,
        "parts": [
            {
                "part": "title",
                "classes": ["number-changed"],
                "operations": [
                    {"op": "removed", "text": "۵", "classes": ["number-changed"]},
                    {"op": "added", "text": "۶", "classes": ["number-changed"]},
                    {"op": "equal", "text": " نفر", "classes": []},
                ],
            }
        ],
    }


def test_the_archive_compares_revisions(archive, save, make):
    save(make(title="۵ نفر"))
    save(replace(make(title="۶ نفر"), fetched_at=make(2).fetched_at))

    assert archive.difference("mcls-yazd/1", 1, 2).classes == (Class.NUMBER,)
    assert archive.difference("mcls-yazd/1", 2, 2).parts == ()
    with pytest.raises(NoSuchArticle, match="has no revision 3; its revisions are 1 to 2"):
        archive.difference("mcls-yazd/1", 1, 3)


def _words(seed, count=5000):
    return [f"واژه{(seed * place * place + place) % 997}" for place in range(count)]


LONG = {
    "one paragraph, nothing alike": (" ".join(_words(3)), " ".join(_words(7))),
    "a word a paragraph": ("\n".join(_words(3)), "\n".join(sorted(_words(3)))),
    "every tenth word": (" ".join(_words(3)), " ".join("نو" if n % 10 == 0 else w for n, w in enumerate(_words(3)))),
    "one word": ("و " * 5000, "و در " * 2500),
    "affixes": ("ها " * 5000, "می " * 5000),
    "numbers": ("۵ هزار و " * 1600, "۵ " * 5000),
    "names": ("آقای " * 5000, "استاندار یزد " * 2500),
    "one letter": ("ا" * 100_000, "ب" * 100_000),
    "more than is compared": (" ".join(_words(3, 12_000)), " ".join(_words(7, 12_000))),
}


@pytest.mark.speed
@pytest.mark.parametrize(("old", "new"), LONG.values(), ids=LONG)
def test_long_texts_are_compared_in_less_than_a_second(old, new):
    with within(1):
        compare_texts(old, new)


EXCERPTS = [
    ("یک دو سه چهار پنج شش ۷ هشت", "یک دو سه چهار پنج شش ۹ هشت", "… پنج شش [-۷-]{+۹+} هشت", "at the beginning"),
    ("۷ یک دو سه چهار پنج شش", "۹ یک دو سه چهار پنج شش", "[-۷-]{+۹+} یک دو …", "at the end"),
    (
        "۷ یک دو سه چهار پنج شش هفت هشت ۷",
        "۹ یک دو سه چهار پنج شش هفت هشت ۹",
        "[-۷-]{+۹+} یک دو … هفت هشت [-۷-]{+۹+}",
        "between",
    ),
    ("۷ یک دو سه چهار ۷", "۹ یک دو سه چهار ۹", "[-۷-]{+۹+} یک دو سه چهار [-۷-]{+۹+}", "not what is as short"),
]


@pytest.mark.parametrize(("old", "new", "expected", "where"), EXCERPTS)
def test_long_stretches_that_are_equal_are_left_out(old, new, expected, where):
    assert shown(excerpts(compare_texts(old, new), words=2)) == expected, where


def test_texts_that_are_too_long_to_be_held_against_each_other_keep_their_beginnings_and_ends():
    old, new = [0, *range(10, 11_010), 1], [0, *range(20_000, 31_000), 1]
    assert [tuple(run) for run in common_runs(old, new)] == [(0, 0, 1), (11_001, 11_001, 1)]


@pytest.mark.parametrize(
    ("old", "new", "classes"),
    [
        ("طرح ب۲ آغاز شد", "طرح ب۳ آغاز شد", {Class.NUMBER}),
        ("می استاندار", "۱۴۰۰ استاندار", {Class.NUMBER, Class.TYPO}),
        ("دو ، رضاییی ۱۴۰۰", "دو ۱۴۰۰ ،", {Class.MATERIAL}),
        (". ½ ۱۲", ". ۱۲ ½", {Class.TYPO}),
        ("آقای رضایی گفت", "آقای محمدی گفت", {Class.NAME}),
        ("آقای رضایی گفت", "آقای رضاییی گفت", {Class.TYPO}),
        ("کتاب می شود", "کتاب میشود", {Class.TYPO}),
        ("کتاب شهر دار", "کتاب شهردار", {Class.TYPO}),
    ],
    ids=[
        "digits in a word",
        "a number for a little word",
        "a word gone before a number",
        "numbers in another order",
        "another person",
        "a person misspelt",
        "a space less in a word of little weight",
        "a space less",
    ],
)
def test_what_happens_around_numbers_and_names_is_told_beside_them(old, new, classes):
    assert {each for operation in compare_texts(old, new) for each in operation.classes} == classes
