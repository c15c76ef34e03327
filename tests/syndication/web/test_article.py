"""One release on the web: its page, its revisions under their permalinks, its copies, and its data for programs."""

import json
import re
from dataclasses import replace
from datetime import timedelta

import pytest

from archive import Archive
from sources import Catalogue
from syndication.web import create_app
from tests.syndication.asking import Answer, Client
from tests.syndication.web.conftest import BASE

PAGE = "/articles/mcls-yazd/1"


def data(page: Answer) -> dict:
    (block,) = re.findall(r'<script type="application/ld\+json">(.*?)</script>', page.text, re.DOTALL)
    return json.loads(block)


# ---- revisions ----


def test_every_revision_stands_with_its_permalink_what_it_changed_and_the_comparison(ask: Client):
    page = ask(PAGE).text
    rows = dict(re.findall(r'<li value="(\d)"[^>]*>(.*?)</li>', page, re.DOTALL))
    assert list(rows) == ["3", "2", "1"]
    for number in "123":
        assert f'href="/monadi{PAGE}/revisions/{number}"' in rows[number]
    assert f'href="/monadi{PAGE}/diff/1/2"' in rows["2"]
    assert "عددی عوض شد" in rows["2"]
    assert "عددی عوض شد" not in rows["3"]
    assert "متن عوض شد" in rows["3"]
    assert "/diff/" not in rows["1"]


def test_a_revision_is_shown_as_it_read_and_marked_as_old(ask: Client):
    page = ask(f"{PAGE}/revisions/1").text
    assert "۳۵۰ میلیارد" in page
    assert "نشست شماره‌ی 1" in page
    assert "نسخهٔ ۱ از ۳" in page
    assert f'rel="next" href="/monadi{PAGE}/revisions/2"' in page
    assert 'rel="prev"' not in page
    assert f'<a href="/monadi{PAGE}">نسخهٔ کنونی</a>' in page
    assert f'<link rel="canonical" href="{BASE}{PAGE}/revisions/1">' in page


def test_the_newest_revision_under_its_permalink_is_not_called_old(ask: Client):
    page = ask(f"{PAGE}/revisions/3").text
    assert "نسخهٔ تازه‌تری هست" not in page
    assert "تازه‌ترین نسخه است" in page
    assert f'rel="prev" href="/monadi{PAGE}/revisions/2"' in page
    assert 'rel="next"' not in page


def test_the_record_of_a_revision_stands_beside_it(ask: Client, edited: Archive):
    assert ask(f"{PAGE}/revisions/2.json").json() == edited.article("mcls-yazd/1", 2).to_dict()


@pytest.mark.parametrize("number", ["0", "4", "01", "-1", "x", "۱", "9" * 30, "1.5", "%00"])
@pytest.mark.parametrize(
    "form", ["/revisions/{}", "/revisions/{}.json", "/revisions/{}.ris", "/diff/1/{}", "/diff/{}/1.json"]
)
def test_a_revision_that_is_none_is_not_found_and_told_which_there_are(ask: Client, form: str, number: str):
    answer = ask(PAGE + form.format(number))
    assert answer.status == 404
    assert "1 to 3" in answer.text


@pytest.mark.parametrize("form", ["", ".json", ".bib", ".ris", "/revisions/1", "/diff", "/diff/1/2", "/diff/1/2.json"])
def test_a_release_that_is_none_is_not_found(ask: Client, form: str):
    assert ask(f"/articles/mcls-yazd/none{form}").status == 404


def test_many_revisions_are_shown_in_part_and_counted_in_full(archive, keep, make, catalogue):
    first = make(1)
    for number in range(105):
        keep(replace(first, lead=f"لید {number}", fetched_at=first.fetched_at + timedelta(hours=number)))
    page = Client(create_app(archive, catalogue, BASE))(PAGE).text
    assert page.count('<li value="') == 100
    assert "از ۱۰۵ نسخه، ۱۰۰ نسخهٔ تازه‌تر" in page
    assert f'href="/monadi{PAGE}/revisions/1"' in page


# ---- copies ----


def test_copies_are_told_with_who_was_first_and_how_alike_they_are(ask: Client):
    page = ask("/articles/mcls-fars/8").text
    section = page[page.index('id="copies"') :]
    rows = re.findall(r"<li[^>]*>(.*?)</li>", section[: section.index("</section>")], re.DOTALL)
    assert [re.search(r'href="/monadi/articles/([^"]*)"', row)[1] for row in rows] == [
        "mcls-yazd/1",
        "mcls-fars/8",
        "mcls-hormozgan/7",
    ]
    assert "نخستین" in rows[0]
    assert "٪۱۰۰ همانند نخستین" in rows[1]
    assert "پیش از دیگران" in ask(PAGE).text


def test_a_release_without_copies_says_nothing_of_them(archive, keep, make, catalogue):
    keep(make(1))
    assert 'id="copies"' not in Client(create_app(archive, catalogue, BASE))(PAGE).text


# ---- for programs ----


def test_a_page_has_its_release_as_schema_org_knows_it(ask: Client, edited: Archive):
    told, item = data(ask(PAGE)), edited.article("mcls-yazd/1")
    office = {
        "@type": "Organization",
        "name": "اداره کل تعاون، کار و رفاه اجتماعی استان یزد",
        "alternateName": "Office of Cooperatives, Labour and Social Welfare of Yazd",
    }
    assert told["@type"] == "NewsArticle"
    assert told["author"].items() >= office.items()
    assert told["publisher"] == told["author"]
    assert told["headline"] == "دیدار شماره‌ی 1 روابط عمومی‌ها"
    assert told["datePublished"] == "2021-12-06T09:19:00+03:30"
    assert told["dateModified"] == "2021-12-07T13:31:00+03:30"
    assert item.revised_at.isoformat() == "2021-12-07T10:01:00+00:00"
    assert told["inLanguage"] == "fa"
    assert told["mainEntityOfPage"] == BASE + PAGE
    assert told["archivedAt"] == f"{BASE}{PAGE}/revisions/3"
    assert told["isBasedOn"].startswith("https://www.yazd.mcls.gov.ir/fa/news/1/%D8")
    assert "articleBody" not in told


@pytest.mark.parametrize(
    ("date", "expected"),
    [
        ("۱۵ آذر ۱۴۰۰", "2021-12-06"),
        ("۱ مرداد ۱۴۰۰ ۰۹:۱۹", "2021-07-23T09:19:00+04:30"),  # when Tehran had summer time
        ("آذر ۱۴۰۰", None),
        (None, None),
    ],
)
def test_a_date_is_stated_as_precisely_as_it_is_known(archive, keep, make, catalogue, date, expected):
    keep(make(1, date))
    told = data(Client(create_app(archive, catalogue, BASE))(PAGE))
    assert told.get("datePublished") == expected
    assert "dateModified" not in told


def test_a_headline_is_at_most_110_letters_long(archive, keep, make, catalogue):
    keep(make(1, title="واژه " * 50))
    headline = data(Client(create_app(archive, catalogue, BASE))(PAGE))["headline"]
    assert len(headline) <= 110
    assert headline.endswith("…")


@pytest.mark.parametrize("attack", ["</script><script>alert(1)</script>", "<!--<script>", "]]>\u2028&lt;/script&gt;"])
def test_no_text_of_an_office_can_end_the_block(archive, keep, make, catalogue, attack: str):
    keep(make(1, title=attack, kicker=attack, lead=attack, category=attack, tags=(attack,)))
    for form in ("", "/revisions/1"):
        page = Client(create_app(archive, catalogue, BASE))(PAGE + form)
        assert "<script" not in page.without_data
        assert data(page)["headline"] == attack
        assert data(page)["keywords"] == [attack]


def test_what_the_archive_keeps_is_named(ask: Client, edited: Archive):
    page = ask(PAGE).text
    assert edited.article("mcls-yazd/1").content_hash in page
    assert "fa_portal/1" in page
    assert "رونوشت خام صفحه (WARC)" in page
    assert "«<bdi>۱۵ آذر ۱۴۰۰ ۰۹:۱۹</bdi>»" in page


def test_the_english_page_says_the_same_in_english(ask: Client):
    page = ask(f"/en{PAGE}/revisions/1").text
    assert "This is revision 1 of 3" in page
    assert "a number changed" in page
    assert f'href="/monadi/en{PAGE}/diff/1/2"' in page
    assert f'href="/monadi{PAGE}/revisions/1.ris"' in page


def test_a_source_that_left_the_catalogue_keeps_its_office_in_citations(edited: Archive, catalogue: Catalogue):
    smaller = Catalogue(provinces=catalogue.provinces, agencies=catalogue.agencies.values(), sources=())
    ask = Client(create_app(edited, smaller, BASE))
    assert "استان یزد" in data(ask(PAGE))["author"]["name"]
    assert ask(f"{PAGE}.ris").status == 200


def test_latin_keeps_its_order_in_a_persian_citation(archive, keep, make, catalogue):
    keep(make(1, "۱۵ آذر ۱۴۰۰", title="نرم‌افزار MS Office <2019> (نسخهٔ 2)"))
    page = Client(create_app(archive, catalogue, BASE))(PAGE).text
    assert '<bdi>«نرم‌افزار <bdi dir="ltr">MS Office &lt;2019&gt;</bdi> (نسخهٔ <bdi dir="ltr">2</bdi>)»</bdi>' in page
    assert '(<bdi dir="ltr">1400-09-15 = 2021-12-06</bdi>)' in page
    assert '<bdi dir="ltr">https://yazd.mcls.gov.ir/fa/news/1/خبر</bdi>' in page
