"""The page of charts and its files: what they tell is what the archive holds, whoever asks and in whatever words."""

import csv
import io
from urllib.parse import quote

import pytest
from lxml import etree, html

from archive import Query
from syndication.web import create_app
from syndication.web.drawings import CHARTS
from tests.syndication.asking import Client

BASE = "https://news.example.ir/monadi"
SVG = "{http://www.w3.org/2000/svg}"
HOSTILE = "\"><script>alert(1)</script>'"


@pytest.fixture
def ask(full, catalogue):
    """A Monadi with 60 releases whose log is followed, behind a proxy that strips a path."""
    full.follow_timings()
    return Client(create_app(full, catalogue, BASE))


def rows(answer):
    assert answer.status == 200
    return list(csv.DictReader(io.StringIO(answer.body.decode("utf-8-sig"), newline="")))


def total(ask, name, words=""):
    """The sum of a chart's numbers, by its CSV."""
    column = {"months": "total", "edits": "total"}.get(name, "releases")
    told = rows(ask(f"/charts/{name}.csv?{words}"))
    if name == "week":
        return sum(int(number) for row in told for hour, number in row.items() if hour.isdecimal())
    return sum(int(row[column]) for row in told)


QUERIES = {
    "": Query(),
    "province=yazd": Query(provinces=("IR-21",)),
    "province=IR-22": Query(provinces=("IR-22",)),
    "agency=mcls": Query(agencies=("mcls",)),
    "source=mcls-hormozgan": Query(sources=("mcls-hormozgan",)),
    "since=1400-09": None,
    "until=1400-08&province=یزد": None,
    "since=1401": None,
}


@pytest.mark.parametrize(("words", "query"), QUERIES.items())
def test_charts_tell_as_many_releases_as_the_archive_holds(ask, full, catalogue, words, query):
    given = dict(pair.split("=") for pair in words.split("&") if pair)
    number = full.count(query or Query.parse(given, catalogue))
    asked = quote(words, safe="=&")
    for name in ("months", "days", "provinces"):
        assert total(ask, name, asked) == number, name
    for by in ("agency", "province", "source"):
        assert total(ask, "months", f"{asked}&by={by}") == number
    assert total(ask, "week", asked) <= number


def test_a_chart_says_on_its_page_and_in_its_file_what_it_says_in_its_table(ask):
    page = html.fromstring(ask("/en/charts").text)
    for name in CHARTS:
        figure = page.get_element_by_id(name)
        assert figure.find_class("said")[0].text
        if name in ("edits", "lags"):  # no crawl has begun, nothing was edited
            assert "There is nothing to draw." in figure.text_content()
            continue
        assert figure.find(".//svg").get("aria-labelledby") == f"{name}-title"
        drawn = etree.fromstring(ask(f"/en/charts/{name}.svg").body)
        assert drawn.find(f"{SVG}desc").text == figure.find_class("said")[0].text


@pytest.mark.parametrize("path", ["/charts", "/en/charts", "/charts?province=yazd&since=1400&by=source"])
def test_the_page_has_no_script_no_style_of_its_own_and_no_id_twice(ask, path):
    answer = ask(path)
    assert answer.status == 200
    page = html.fromstring(answer.text)
    assert not page.xpath("//script | //style | //@style | //@onload")
    ids = page.xpath("//@id")
    assert len(ids) == len(set(ids))


def test_the_page_leads_to_every_chart_as_a_file_of_the_same_words(ask):
    page = html.fromstring(ask("/en/charts?province=yazd&by=source&until=1400").text)
    links = [link for link in page.xpath("//figure//@href") if link.endswith((".csv", ".svg")) or "?" in link]
    assert len(links) == 2 * (len(CHARTS) - 1)  # one province needs no map
    for link in links:
        assert link.endswith("?province=yazd&until=1400&by=source")
        assert ask(link.removeprefix("/monadi")).status == 200
    assert {link.partition("/charts/")[0] for link in links} == {"/monadi", "/monadi/en"}


def test_tiles_lead_to_the_pages_of_provinces_in_the_language_of_the_page(ask):
    for path, prefix in (("/charts", "/monadi"), ("/en/charts", "/monadi/en")):
        links = html.fromstring(ask(path).text).xpath("//figure[@id='provinces']//svg//a/@href")
        assert len(links) == 31
        assert f"{prefix}/provinces/yazd" in links


def test_a_chart_as_a_file_stands_alone_and_may_be_kept(ask):
    answer = ask("/charts/week.svg")
    assert answer.headers["content-type"] == "image/svg+xml; charset=utf-8"
    assert b"class=" not in answer.body
    assert ask("/charts/week.svg", if_none_match=answer.headers["etag"]).status == 304
    numbers = ask("/charts/week.csv")
    assert numbers.headers["content-disposition"] == 'attachment; filename="monadi-week.csv"'
    assert numbers.headers["content-type"] == "text/csv; charset=utf-8"


MISTAKEN = {
    "province=nowhere": "province",
    "by=colour": "by",
    "since=yesterday-ish": "since",
    "q=یزد": "q",
    "state=gone": "state",
    "limit=3": "limit",
}


@pytest.mark.parametrize(("words", "name"), MISTAKEN.items())
def test_words_that_narrow_no_chart_are_refused_by_name(ask, words, name):
    for path in ("/charts", "/charts/months.svg", "/charts/months.csv"):
        answer = ask(f"{path}?{quote(words, safe='=')}")
        assert answer.status == 400
        assert name in answer.text


def test_there_is_no_other_chart(ask):
    assert ask("/charts/pie.svg").status == 404
    assert ask(f"/charts/{quote(HOSTILE)}.csv").status == 404


def test_what_is_asked_stays_text(full, catalogue):
    ask = Client(create_app(full, catalogue, BASE))
    attack = quote(HOSTILE)
    for path in (f"/charts?since={attack}", f"/charts?source={attack}", f"/charts?by={attack}"):
        answer = ask(path)
        assert answer.status == 400
        assert "<script" not in answer.text


def test_charts_say_how_far_they_are_behind(full, catalogue):
    ask = Client(create_app(full, catalogue, BASE))
    assert "60 recent changes are not in them yet" in ask("/en/charts").text
    full.follow_timings()
    assert "recent changes" not in ask("/en/charts").text


def test_a_chart_is_drawn_anew_after_a_harvest(full, catalogue, keep, make):
    full.follow_timings()
    ask = Client(create_app(full, catalogue, BASE))
    assert total(ask, "months") == 60
    keep(make(99, url="https://yazd.mcls.gov.ir/fa/news/99", native_id="99", title="تازه"))
    full.follow_timings()
    assert total(ask, "months") == 61


def test_an_empty_archive_has_charts_of_nothing(archive, catalogue):
    ask = Client(create_app(archive, catalogue, BASE))
    answer = ask("/en/charts")
    assert answer.status == 200
    assert answer.text.count("There is nothing to draw.") >= len(CHARTS)
    for name in CHARTS:
        assert ask(f"/charts/{name}.svg").status == 200
        assert ask(f"/charts/{name}.csv").status == 200


def test_columns_have_the_greatest_parts_and_the_others_together(archive, catalogue, keep, make):
    offices = [source for source in catalogue.sources.values() if source.agency.id == "mcls"][:7]
    keep(
        *(
            make(number, source=office.id, url=f"https://{office.id}.ir/{number}", native_id=str(number))
            for place, office in enumerate(offices)
            for number in range(place + 1)
        )
    )
    archive.follow_timings()
    ask = Client(create_app(archive, catalogue, BASE))
    (row,) = rows(ask("/charts/months.csv?agency=mcls&by=source"))
    named = {office.id: str(place + 1) for place, office in enumerate(offices)}
    assert {key: row[key] for key in row if key in named} == {key: named[key] for key in list(named)[3:]}
    assert row["others"] == str(1 + 2 + 3)
    assert row["total"] == str(sum(range(8)))
