"""The search page: dates that are picked, facets, what is chosen, and the same question elsewhere."""

import random
import re
from urllib.parse import parse_qsl, quote, urlencode, urlsplit

import pytest
from lxml import html

from archive import Archive, Query
from sources import Catalogue
from syndication.web import create_app
from syndication.web.search import Search
from tests.syndication.asking import Client

BASE = "https://news.example.ir"


@pytest.fixture
def ask(full: Archive, catalogue: Catalogue) -> Client:
    return Client(create_app(full, catalogue, BASE))


def facets(page: html.HtmlElement) -> dict[str, dict[str, tuple[int, str]]]:
    """Of each facet its choices: number and path."""
    digits = str.maketrans("۰۱۲۳۴۵۶۷۸۹", "0123456789", "٬,")
    return {
        section.findtext("h2"): {
            item.find("a").findtext("bdi"): (int(item.find("span").text.translate(digits)), item.find("a").get("href"))
            for item in section.iter("li")
        }
        for section in page.find_class("facets")[0].iter("section")
    }


# ---- dates that are picked ----


@pytest.mark.parametrize(
    ("picked", "stated"),
    [
        ({"since-year": "1400"}, "since=1400"),
        ({"since-year": "1400", "since-month": "9"}, "since=1400-09"),
        ({"since-year": "1400", "since-month": "9", "since-day": "5"}, "since=1400-09-05"),
        ({"until-year": "1400", "until-month": "12"}, "until=1400-12"),
        ({"q": "نشست", "since-year": "", "since-month": "", "province": ""}, urlencode({"q": "نشست"})),
        ({"since": "1399", "since-year": "1400"}, "since=1400"),
        ({"tag": "", "source": "mcls-yazd"}, "source=mcls-yazd"),
    ],
)
def test_what_a_form_sends_makes_way_for_a_plain_address(ask: Client, picked: dict[str, str], stated: str):
    answer = ask(f"/search?{urlencode(picked)}")
    assert answer.status == 307
    assert answer.headers["location"] == f"/search?{stated}"
    assert ask(f"/en/search?{urlencode(picked)}").headers["location"] == f"/en/search?{stated}"
    assert ask(answer.headers["location"]).status == 200


@pytest.mark.parametrize(
    "picked",
    [
        {"since-month": "9"},
        {"since-year": "1400", "since-day": "3"},
        {"until-year": "1400", "until-month": "12", "until-day": "31"},
        {"since-year": "9" * 300},
        {"since-year": "x"},
    ],
)
def test_a_date_that_is_none_is_named(ask: Client, picked: dict[str, str]):
    answer = ask(f"/search?{urlencode(picked)}")
    assert answer.status == 400
    assert "از تاریخ" in answer.text or "تا پایانِ" in answer.text


@pytest.mark.parametrize(
    ("since", "picked"),
    [
        ("1400", ("1400", "", "")),
        ("1400-08", ("1400", "8", "")),
        ("۱۴۰۰/۰۹/۱۵", ("1400", "9", "15")),
        ("2021-12-06", ("1400", "9", "15")),
        ("2021-12", ("", "", "")),
    ],
)
def test_the_form_shows_the_date_that_an_address_states(ask: Client, since: str, picked: tuple[str, str, str]):
    page = html.fromstring(ask(f"/search?since={quote(since)}").body)
    for part, value in zip(("year", "month", "day"), picked, strict=True):
        chosen = page.xpath(f'//select[@name="since-{part}"]/option[@selected]/@value')
        assert (chosen or [""])[0] == value
    kept = page.xpath('//fieldset//input[@type="hidden"][@name="since"]/@value')
    assert kept == ([] if picked[0] else [since])


# ---- facets ----


@pytest.mark.parametrize(
    "asked", ["", "q=نشست", "q=نشست&province=yazd&since=1400-08&until=1400-08", "state=live&tag=یزد"]
)
def test_a_choice_of_a_facet_leads_to_as_many_as_it_says(ask: Client, full: Archive, catalogue: Catalogue, asked: str):
    page = html.fromstring(ask(f"/search?{asked}").body)
    told = facets(page)
    for choices in told.values():
        for number, path in choices.values():
            words = dict(parse_qsl(urlsplit(path).query))
            here = dict(parse_qsl(asked))
            if len(words) >= len(here):
                text = {"text": words.pop("q")} if "q" in words else {}
                assert full.count(Query.parse({**words, **text}, catalogue)) == number, path


def test_a_facet_shows_the_other_values_of_a_filter_that_is_set(ask: Client):
    page = html.fromstring(ask("/search?q=پیوست OR نشست&province=yazd").body)
    assert {name: number for name, (number, _) in facets(page)["استان"].items()} == {"یزد": 59, "هرمزگان": 1}
    chosen = page.xpath('//aside//a[@aria-current="true"]')
    assert [each.findtext("bdi") for each in chosen] == ["یزد"]
    assert "province" not in chosen[0].get("href")


def test_what_is_chosen_can_be_taken_back_one_by_one(ask: Client):
    page = html.fromstring(ask("/search?province=yazd&province=hormozgan&tag=اشتغال").body)
    links = {link.findtext("bdi"): link.get("href") for link in page.find_class("chosen")[0].iter("a")}
    assert list(links) == ["یزد", "هرمزگان", "اشتغال"]
    assert dict(parse_qsl(urlsplit(links["یزد"]).query)) == {"province": "hormozgan", "tag": "اشتغال"}


# ---- the same question elsewhere ----


@pytest.mark.parametrize("language", ["", "/en"])
def test_the_question_is_asked_elsewhere_with_one_click(ask: Client, language: str):
    page = html.fromstring(ask(f"{language}/search?q=نشست&province=yazd&limit=5").body)
    links = [link.get("href") for link in page.find_class("elsewhere")[0].iter("a")]
    assert [urlsplit(link).path for link in links] == [
        *(f"/feeds/query.{kind}" for kind in ("rss", "atom", "json")),
        *(f"/exports/releases.{kind}" for kind in ("csv", "ndjson", "json")),
        "/api/v1/articles",
    ]
    for link in links:
        assert dict(parse_qsl(urlsplit(link).query)) == {"q": "نشست", "province": "yazd"}
        assert ask(link).status == 200


def test_a_file_holds_what_the_page_finds(ask: Client, full: Archive, catalogue: Catalogue):
    lines = ask("/exports/releases.ndjson?q=نشست").text.splitlines()
    assert len(lines) == full.count(Query(text="نشست")) > 0
    answer = ask("/exports/releases.csv?province=hormozgan")
    assert answer.headers["content-disposition"] == 'attachment; filename="monadi-releases.csv"'
    assert int(answer.headers["content-length"]) == len(answer.body)
    assert answer.text.count("mcls-hormozgan/62") == 1
    assert ask("/exports/releases.csv?x=1").status == 400


def test_a_file_has_an_end_whatever_is_asked_for(ask: Client, monkeypatch: pytest.MonkeyPatch):
    assert len(ask("/exports/releases.ndjson?limit=5").text.splitlines()) == 5
    monkeypatch.setattr("syndication.web.downloads.MOST", 7)
    for asked in ("", "?limit=50", "?q=نشست"):
        assert len(ask(f"/exports/releases.ndjson{asked}").text.splitlines()) == 7


def test_the_home_page_sends_on_the_addresses_that_feeds_state(ask: Client):
    answer = ask("/?province=yazd&q=نشست")
    assert answer.status == 307
    assert answer.headers["location"] == "/search?" + urlencode({"province": "yazd", "q": "نشست"})


# ---- whatever people type ----

PIECES = [
    *(
        '"',
        "'",
        "«",
        "»",
        "(",
        ")",
        "*",
        "?",
        "^",
        "~",
        "-",
        "+",
        "\\",
        "/",
        ":",
        "title:",
        "body:",
        "OR",
        "NOT",
        "AND",
    ),
    *("<script>", "%", "&", "=", "\x00", "\u200c", "\u202e", "\ud800", "\ufffe", "🙂", "ﷲ", "ي", "ك", "۱۴۰۰", "1e999"),
    *(
        "کارگاه",
        "می‌شود",
        "ITEX",
        "   ",
        "\n",
        "a" * 300,
        "نشست",
        "{{7*7}}",
        "${x}",
        "';--",
        "../..",
        "http://a.ir/?x=1",
    ),
]


def test_10000_searches_that_nobody_would_think_of_fail_in_nothing(ask: Client):
    """Each is a question that is answered, or a wrong one that is named."""
    chance = random.Random(1405)
    statuses = set()
    for number in range(10_000):
        text = "".join(chance.choice(PIECES) + chance.choice(["", " "]) for _ in range(chance.randint(1, 12)))
        asked = quote(text.encode(errors="surrogatepass"))
        page = "/api/v1/articles?limit=1&q=" if number % 2 else "/search?limit=1&q="
        status = ask(page + asked).status
        statuses.add(status)
        assert status in (200, 307, 400), text
    assert 200 in statuses


# ---- addresses ----


def test_a_search_knows_the_paths_of_its_neighbours():
    search = Search((("q", "الف"), ("province", "yazd"), ("cursor", "x"), ("sort", "best")))
    assert search.filters == (("q", "الف"), ("province", "yazd"))
    assert list(search.narrowed_to("sort", ["a&b"])) == ["/search?q=%D8%A7%D9%84%D9%81&province=yazd&sort=a%26b"]
    assert search.page_after("y").count("cursor=y") == 1
    assert re.fullmatch(r"/search\?q=[^&]+&sort=best", search.without("province"))
    assert Search().path == "/search"
