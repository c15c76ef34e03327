"""Citations name all that finds a reading again, and are such as BibLaTeX's readers take."""

import re

import bibtexparser
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from archive.offices import offices
from persian.dates import parse
from syndication.exports import citation


@pytest.fixture(scope="module")
def known(hard):
    with hard.reading() as connection:
        return offices(connection)


def entry(text):
    library = bibtexparser.parse_string(text)
    assert library.failed_blocks == []
    (parsed,) = library.entries
    return parsed


def test_a_line_names_all_that_finds_it_again(hard, known):
    item, office = hard.article("mcls-yazd/100", 2), known["mcls-yazd"]
    assert citation.text(item, office) == (
        f"{office.name_fa} ({office.name_en}). «=HYPERLINK(1)». "
        "دوشنبه ۱۵ آذر ۱۴۰۰، ۰۹:۱۹ (1400-09-15T09:19:00 = 2021-12-06T09:19:00+03:30). "
        f"https://yazd.mcls.gov.ir/fa/news/100/خبر. Monadi archive mcls-yazd/100 ({item.guid}), revision 2 of 3, "
        f"{item.content_hash}, retrieved 2021-12-06T09:40:00Z."
    )


def test_an_entry_says_the_same(hard, known):
    item = hard.article("mcls-yazd/100")
    parsed = entry(citation.bibtex(item, known["mcls-yazd"]))
    fields = {field.key: field.value for field in parsed.fields}
    assert (parsed.entry_type, parsed.key) == ("online", "mcls-yazd-100-r3")
    assert fields["author"] == f"{{{known['mcls-yazd'].name_fa}}}"
    assert fields["date"] == fields["urldate"] == "2021-12-06"
    assert fields["url"].startswith("https://yazd.mcls.gov.ir/fa/news/100/%D8%AE")
    assert item.guid in fields["note"]
    assert item.content_hash in fields["note"]


def test_specials_are_escaped(hard, known):
    parsed = entry(citation.bibtex(hard.article("mcls-yazd/102"), known["mcls-yazd"]))
    assert parsed["title"] == (
        r"{\textbraceleft{}باز \textbackslash{} \% \& \_ \# \$ \textasciitilde{} \textasciicircum{}}"
    )


def test_two_readings_have_two_keys(hard, known):
    keys = {entry(citation.bibtex(hard.article("mcls-yazd/100", n), known["mcls-yazd"])).key for n in (1, 2, 3)}
    assert len(keys) == 3


@pytest.mark.parametrize(
    ("date", "expected"), [("۱۵ آذر ۱۴۰۰", "2021-12-06"), ("آذر ۱۴۰۰", "2021-11/2021-12"), (None, None)]
)
def test_a_date_is_as_precise_as_it_is_known(date, expected, archived, known, make):
    item = archived(published=date and parse(date, fetched_at=make().fetched_at))
    fields = entry(citation.bibtex(item, known["mcls-yazd"])).fields_dict
    assert (fields["date"].value if "date" in fields else None) == expected


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(title=st.text(alphabet=st.characters(exclude_categories=["Cs"])))
def test_any_title_makes_an_entry(title, archived, known):
    text = citation.bibtex(archived(title=title, url=f"https://x.ir/{title}"), known["mcls-yazd"])
    entry(text)
    assert text.count("{") == text.count("}")
    assert not re.search(r"[\x00-\x09\x0b-\x1f]", text)


# ---- RIS ----


def fields_of(text: str) -> dict[str, list[str]]:
    """The values of each tag; every line is of the form of RIS, from TY to ER."""
    lines = text.split("\r\n")
    assert lines.pop() == ""
    assert (lines[0], lines[-1]) == ("TY  - NEWS", "ER  - ")
    found: dict[str, list[str]] = {}
    for line in lines:
        matched = re.fullmatch(r"([A-Z][A-Z0-9])  - (.*)", line)
        assert matched, line
        found.setdefault(matched[1], []).append(matched[2])
    return found


PERMALINK = "https://news.example.ir/articles/mcls-yazd/100/revisions/2"


def test_an_entry_of_ris_says_the_same(hard, known):
    item, office = hard.article("mcls-yazd/100", 2), known["mcls-yazd"]
    fields = fields_of(citation.ris(item, office, PERMALINK))
    assert fields["AU"] == [office.name_fa]
    assert fields["PB"] == [office.name_en]
    assert (fields["PY"], fields["DA"], fields["Y2"]) == (["2021"], ["2021/12/06"], ["2021/12/06"])
    assert (fields["UR"], fields["LK"]) == ([PERMALINK], [item.article.url])
    assert fields["LA"] == ["fa"]
    for told in ("1400-09-15T09:19:00", "revision 2 of 3", item.content_hash, item.guid):
        assert told in fields["N1"][0]


def test_without_a_permalink_an_entry_leads_to_the_office(hard, known):
    fields = fields_of(citation.ris(hard.article("mcls-yazd/100"), known["mcls-yazd"]))
    assert fields["UR"] == ["https://yazd.mcls.gov.ir/fa/news/100/خبر"]
    assert "LK" not in fields


def test_with_a_permalink_every_form_has_both_addresses(hard, known):
    item, office = hard.article("mcls-yazd/100", 2), known["mcls-yazd"]
    for write in (citation.text, citation.bibtex, citation.ris):
        text = write(item, office, PERMALINK)
        assert PERMALINK in text
        assert item.article.url in text
    assert entry(citation.bibtex(item, office, PERMALINK))["url"] == PERMALINK


@pytest.mark.parametrize(
    ("date", "year", "day"),
    [("۱۵ آذر ۱۴۰۰", "2021", "2021/12/06"), ("آذر ۱۴۰۰", "2021", None), (None, None, None)],
)
def test_an_entry_of_ris_has_no_day_that_is_not_known(date, year, day, archived, known, make):
    item = archived(published=date and parse(date, fetched_at=make().fetched_at))
    fields = fields_of(citation.ris(item, known["mcls-yazd"]))
    assert (fields.get("PY", [None])[0], fields.get("DA", [None])[0]) == (year, day)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(title=st.text(alphabet=st.characters(exclude_categories=["Cs"])))
def test_any_title_makes_an_entry_of_ris(title, archived, known):
    item = archived(title=title, lead=title, tags=(title,), url=f"https://x.ir/{title}")
    text = citation.ris(item, known["mcls-yazd"], PERMALINK)
    assert fields_of(text)["UR"] == [PERMALINK]
    assert len(text.splitlines()) == text.count("\r\n")


def test_an_export_is_cited_as_a_data_set():
    facts = {"title": "T & T", "contents": "3 articles", "as_of": "2021-12-06T05:49:00Z", "change": "9", "hash": ""}
    assert citation.export_text(facts) == (
        "T & T: 3 articles. State of the Monadi archive at change 9 (2021-12-06T05:49:00Z)."
    )
    assert entry(citation.export_bibtex(facts))["title"] == r"{T \& T}"
