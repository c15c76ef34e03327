"""Memento (RFC 7089, pattern 2.1): each rule by its section, for the page of mcls-yazd/1 and its three readings."""

import re
from dataclasses import replace
from datetime import timedelta

import pytest

from archive import Archive
from archive.mementos import mementos
from syndication.web import create_app
from tests.syndication.asking import Answer, Client
from tests.syndication.web.conftest import BASE

PAGE = "/articles/mcls-yazd/1"
URL = "https://www.yazd.mcls.gov.ir/fa/news/1/خبر?utm_source=x"
ASCII = "https://www.yazd.mcls.gov.ir/fa/news/1/%D8%AE%D8%A8%D8%B1?utm_source=x"
FIRST, SECOND, THIRD = (f"{BASE}{PAGE}/revisions/{number}" for number in (1, 2, 3))
DATES = {
    FIRST: "Mon, 06 Dec 2021 08:01:00 GMT",
    SECOND: "Mon, 06 Dec 2021 09:01:00 GMT",
    THIRD: "Tue, 07 Dec 2021 10:01:00 GMT",
}
LINK = re.compile(r'<([^>]*)>((?:; [a-z]+="[^"]*")*)')


def links(text: str) -> dict[str, dict[str, str]]:
    """The attributes of each link (RFC 8288), by its target."""
    return {target: dict(re.findall(r'; ([a-z]+)="([^"]*)"', rest)) for target, rest in LINK.findall(text)}


def by_relation(answer: Answer) -> dict[str, str]:
    return {name: url for url, told in links(answer.headers["link"]).items() for name in told["rel"].split()}


# ---- the original resource is the office's page, and the page here says where its past is told (§2.2) ----


@pytest.mark.parametrize("language", ["", "/en"])
def test_the_page_of_a_release_leads_to_the_timegate_and_the_timemap(ask: Client, language: str):
    answer = ask(language + PAGE)
    assert by_relation(answer) == {
        "original": ASCII,
        "timegate": f"{BASE}/timegate/{ASCII}",
        "timemap": f"{BASE}/timemap/link/{ASCII}",
    }
    assert links(answer.headers["link"])[f"{BASE}/timemap/link/{ASCII}"]["type"] == "application/link-format"
    assert "memento-datetime" not in answer.headers  # it changes, so it is none (§2.1.1)


# ---- mementos (§2.1.1, §2.2, §4.2.1) ----


@pytest.mark.parametrize("number", [1, 2, 3])
@pytest.mark.parametrize("method", ["GET", "HEAD"])
def test_a_permalink_is_a_memento_of_the_instant_at_which_it_was_read(ask: Client, number: int, method: str):
    answer = ask(f"{PAGE}/revisions/{number}", method)
    here = (FIRST, SECOND, THIRD)[number - 1]
    assert answer.status == 200
    assert answer.headers["memento-datetime"] == DATES[here]
    assert by_relation(answer)["original"] == ASCII
    told = links(answer.headers["link"])
    assert told[here]["datetime"] == DATES[here]
    timemap = told[f"{BASE}/timemap/link/{ASCII}"]
    assert (timemap["from"], timemap["until"]) == (DATES[FIRST], DATES[THIRD])


def test_a_memento_names_the_first_the_last_and_its_neighbours(ask: Client):
    told = links(ask(f"{PAGE}/revisions/2").headers["link"])
    assert told[FIRST] == {"rel": "first prev memento", "datetime": DATES[FIRST]}
    assert told[SECOND] == {"rel": "memento", "datetime": DATES[SECOND]}
    assert told[THIRD] == {"rel": "next last memento", "datetime": DATES[THIRD]}
    assert links(ask(f"{PAGE}/revisions/3").headers["link"])[THIRD]["rel"] == "last memento"


def test_a_memento_is_not_negotiated(ask: Client):
    """A Memento ignores Accept-Datetime (§2.1.1)."""
    plain, asked = (ask(f"{PAGE}/revisions/2", **fields) for fields in ({}, {"accept_datetime": DATES[FIRST]}))
    assert (plain.status, plain.body) == (asked.status, asked.body)


def test_a_client_that_holds_a_memento_is_told_its_date_again(ask: Client):
    etag = ask(f"{PAGE}/revisions/1").headers["etag"]
    answer = ask(f"{PAGE}/revisions/1", if_none_match=etag)
    assert (answer.status, answer.headers["memento-datetime"]) == (304, DATES[FIRST])


# ---- the TimeGate (§2.1, §4.2.1, §4.5.3) ----


@pytest.mark.parametrize(
    ("asked", "location"),
    [
        (None, THIRD),  # without a date, the newest
        ("Mon, 06 Dec 2021 08:01:00 GMT", FIRST),
        ("Mon, 06 Dec 2021 09:00:59 GMT", FIRST),
        ("Mon, 06 Dec 2021 09:01:00 GMT", SECOND),
        ("Tue, 07 Dec 2021 10:00:59 GMT", SECOND),
        ("Sun, 29 Nov 2026 00:00:00 GMT", THIRD),
        ("Mon, 06 Dec 1999 08:00:00 GMT", FIRST),  # before the first there is the first
        ("Fri, 31 Dec 9999 23:59:59 GMT", THIRD),
    ],
)
@pytest.mark.parametrize("method", ["GET", "HEAD"])
def test_the_timegate_leads_to_what_was_read_last_by_then(ask: Client, asked: str | None, location: str, method: str):
    answer = ask(f"/timegate/{URL}", method, **({"accept_datetime": asked} if asked else {}))
    assert (answer.status, answer.headers["location"]) == (302, location)
    assert "accept-datetime" in answer.headers["vary"].lower()
    assert "memento-datetime" not in answer.headers
    told = by_relation(answer)
    assert told["original"] == ASCII
    assert told["timemap"] == f"{BASE}/timemap/link/{ASCII}"
    assert (told["first"], told["last"]) == (FIRST, THIRD)


@pytest.mark.parametrize(
    "stated",
    [
        *("", "yesterday", "2021-12-06T08:01:00Z", "Mon, 06 Dec 2021 08:01:00", "Mon, 06 Dec 2021 08:01:00 +0330"),
        *("Tue, 06 Dec 2021 08:01:00 GMT", "mon, 06 dec 2021 08:01:00 gmt", "Mon, 06 Dec 21 08:01:00 GMT"),
        *(
            "Mon, 31 Feb 2021 08:01:00 GMT",
            "Mon, 06 Dec 99999 08:01:00 GMT",
            "Mon, 6 Dec 2021 08:01:00 GMT",
            "x" * 5000,
        ),
    ],
)
def test_a_date_that_is_none_is_refused(ask: Client, stated: str):
    answer = ask(f"/timegate/{URL}", accept_datetime=stated)
    assert answer.status == 400
    assert answer.headers["vary"] == "Accept-Datetime"
    assert by_relation(answer)["original"] == ASCII
    assert "location" not in answer.headers


@pytest.mark.parametrize(
    "url",
    [
        URL,
        ASCII,
        "http://yazd.mcls.gov.ir/fa/news/1/خبر",
        "https://yazd.mcls.gov.ir:443/fa/news/1/خبر/?utm_campaign=y",
        "HTTPS://YAZD.mcls.gov.ir/fa/news/1/خبر#part",
        "https:/yazd.mcls.gov.ir/fa/news/1/خبر",  # as proxies that merge slashes pass it on
        "yazd.mcls.gov.ir/fa/news/1/خبر",
        "https://yazd.mcls.gov.ir/fa/news/1",  # without its slug
        "https://yazd.mcls.gov.ir/fa/news/1/another-slug",
    ],
)
def test_a_page_is_known_however_its_address_is_written(ask: Client, url: str):
    assert ask(f"/timegate/{url}").headers["location"] == THIRD


@pytest.mark.parametrize(
    "url",
    [
        *("https://evil.example/", "https://evil.example/fa/news/1/خبر", "https://yazd.mcls.gov.ir/fa/news/2/خبر", ""),
        *(
            "https://yazd.mcls.gov.ir/",
            "javascript:alert(1)",
            "//evil.example",
            "https://[::1",
            "https://x:99999/",
            "\x00",
        ),
        *(
            "https://yazd.mcls.gov.ir/en/news/1/خبر",
            f"https://yazd.mcls.gov.ir/{'x' * 5000}",
            "ftp://yazd.mcls.gov.ir/1",
        ),
    ],
)
@pytest.mark.parametrize("place", ["timegate", "timemap/link", "timemap/json"])
def test_a_page_that_is_not_archived_is_not_found_and_never_led_to(ask: Client, url: str, place: str):
    answer = ask(f"/{place}/{url}", accept_datetime=DATES[FIRST])
    assert answer.status == 404
    assert "location" not in answer.headers


def test_a_page_is_known_by_every_address_that_it_had(edited: Archive, keep, readings, catalogue):
    moved = replace(readings[-1], url="https://yazd.mcls.gov.ir/fa/new/place", body="دیگر")
    keep(replace(moved, fetched_at=moved.fetched_at + timedelta(days=1)))
    ask = Client(create_app(edited, catalogue, BASE))
    for url in (URL, "https://yazd.mcls.gov.ir/fa/new/place"):
        assert ask(f"/timegate/{url}").headers["location"] == f"{BASE}{PAGE}/revisions/4"


def test_offices_that_share_a_page_share_its_past(edited: Archive, keep, readings):
    first = readings[0]
    keep(replace(first, source="mcls-fars", native_id="99", fetched_at=first.fetched_at + timedelta(minutes=5)))
    with edited.reading() as connection:
        found = [(each.id, each.number) for each in mementos(connection, URL)]
    assert found == [("mcls-yazd/1", 1), ("mcls-fars/99", 1), ("mcls-yazd/1", 2), ("mcls-yazd/1", 3)]


# ---- TimeMaps (§5) ----


def test_a_timemap_lists_the_original_itself_the_timegate_and_every_memento(ask: Client):
    answer = ask(f"/timemap/link/{URL}")
    assert (answer.status, answer.headers["content-type"]) == (200, "application/link-format")
    told = links(answer.text)
    assert told == {
        ASCII: {"rel": "original"},
        f"{BASE}/timemap/link/{ASCII}": {
            "rel": "self",
            "type": "application/link-format",
            "from": DATES[FIRST],
            "until": DATES[THIRD],
        },
        f"{BASE}/timegate/{ASCII}": {"rel": "timegate"},
        FIRST: {"rel": "first memento", "datetime": DATES[FIRST]},
        SECOND: {"rel": "memento", "datetime": DATES[SECOND]},
        THIRD: {"rel": "last memento", "datetime": DATES[THIRD]},
    }
    assert LINK.sub("", answer.text).strip(",\n") == ""
    assert "memento-datetime" not in answer.headers


def test_a_timemap_as_json_says_the_same(ask: Client):
    told = ask(f"/timemap/json/{URL}").json()
    assert told["original_uri"] == ASCII
    assert told["timegate_uri"] == f"{BASE}/timegate/{ASCII}"
    assert told["timemap_uri"]["link_format"] == f"{BASE}/timemap/link/{ASCII}"
    assert [each["uri"] for each in told["mementos"]["list"]] == [FIRST, SECOND, THIRD]
    assert told["mementos"]["first"] == {"datetime": "2021-12-06T08:01:00Z", "uri": FIRST}


def test_every_memento_of_a_timemap_has_the_date_that_it_is_listed_with(ask: Client):
    listed = [(url, told) for url, told in links(ask(f"/timemap/link/{URL}").text).items() if "datetime" in told]
    for url, told in listed:
        assert ask(url.removeprefix(BASE)).headers["memento-datetime"] == told["datetime"]


def test_a_release_whose_address_is_none_has_no_original(archive, keep, make, catalogue):
    keep(make(1, url="javascript:alert(1)"))
    ask = Client(create_app(archive, catalogue, BASE))
    for path in (PAGE, f"{PAGE}/revisions/1"):
        answer = ask(path)
        assert answer.status == 200
        assert "link" not in answer.headers


def test_no_address_of_an_office_can_break_a_header(archive, keep, make, catalogue):
    keep(make(1, url='https://x.ir/a>; rel="timegate", <https://evil.example/\r\nSet-Cookie: x'))
    answer = Client(create_app(archive, catalogue, BASE))(f"{PAGE}/revisions/1")
    assert by_relation(answer)["timegate"].startswith(f"{BASE}/timegate/https://x.ir/a%3E")
    assert not {"\r", "\n"} & set(answer.headers["link"])
