"""Selectors for a site of no known CMS lead to what the generic reader chose, on every page, or are not suggested."""

import importlib.util
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from lxml import html
from web_poet import HttpResponse

from sources import Selectors, Source
from spiders.onboarding.suggestions import Page, Suggested, names_of, suggest
from spiders.page import NewsPage
from spiders.platforms.generic import GenericListing, GenericPage

FETCHED = datetime(2025, 12, 6, 8, tzinfo=UTC)
PARTS = ("title", "kicker", "lead", "body")


def _module(name: str) -> ModuleType:
    spec = importlib.util.spec_from_file_location(f"monadi_{name}", Path(__file__).parent / f"{name}.py")
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


odd = _module("odd")
RELEASES = [odd.release(number) for number in range(1, 6)]


@pytest.fixture
def source(office: Callable[..., Source]) -> Source:
    return office(platform="generic")


@pytest.fixture
def suggested(source: Source, respond: Callable[..., HttpResponse]) -> Callable[..., Suggested]:
    def made(texts: Sequence[str], front: str | None = None) -> Suggested:
        listing = respond(front, url=source.url) if front else None
        return suggest([read(source, respond(text)) for text in texts], listing, source)

    return made


def read(source: Source, response: HttpResponse, selectors: dict[str, str] | None = None) -> Page:
    office = Source(
        **{name: getattr(source, name) for name in source.__slots__} | {"selectors": Selectors(**selectors or {})}
    )
    return Page(response=response, article=GenericPage(response=response, source=office, fetched_at=FETCHED).read())


def test_every_part_has_a_selector_by_its_own_name(suggested: Callable[..., Suggested]) -> None:
    assert suggested(RELEASES, odd.front()) == Suggested(
        selectors={
            "title": ".onvan",
            "body": ".matn-asli",
            "date": ".zaman",
            "kicker": ".balatitr",
            "listing": ".khabar-link",
        }
    )


def test_pages_read_by_the_suggestions_as_they_did_without(
    suggested: Callable[..., Suggested], source: Source, respond: Callable[..., HttpResponse]
) -> None:
    selectors = dict(suggested(RELEASES).selectors)

    for text in [*RELEASES, odd.release(6)]:  # one of them was not asked
        before, after = read(source, respond(text)).article, read(source, respond(text), selectors).article
        assert [getattr(before, part) for part in PARTS] == [getattr(after, part) for part in PARTS]
        days = [article.published and article.published.gregorian for article in (before, after)]
        assert days[0] == days[1] is not None


def test_what_stands_in_the_body_and_is_none_of_it_is_dropped(suggested: Callable[..., Suggested]) -> None:
    box = '<div class="tablighat-in"><a href="/x">خرید بلیت ارزان</a></div></div><ul class="mortabet">'
    texts = [text.replace('</div><ul class="mortabet">', box) for text in RELEASES]

    selectors = suggested(texts).selectors

    assert (selectors["body"], selectors.get("drop")) == (".matn-asli", ".tablighat-in")


def test_a_name_with_numbers_that_change_is_known_by_its_end(suggested: Callable[..., Suggested]) -> None:
    texts = [text.replace(' class="balatitr"', "") for text in RELEASES]

    assert suggested(texts).selectors["kicker"] == "[id$='_lblRotitr']"


def test_a_part_that_no_selector_finds_on_all_pages_is_named_and_not_suggested(
    suggested: Callable[..., Suggested],
) -> None:
    other = RELEASES[0].replace('<h2 class="onvan">', '<h3 class="tit">').replace("</h2>", "</h3>")

    found = suggested([other, *RELEASES[1:]])

    assert "title" not in found.selectors
    assert "title" in found.missing
    assert found.selectors["body"] == ".matn-asli"


def test_a_selector_that_finds_something_where_the_reader_chose_nothing_is_not_suggested(
    suggested: Callable[..., Suggested],
) -> None:
    kicker = '<span id="ctl1_lblRotitr" class="balatitr">در نشست خبری اعلام شد</span>'
    assert kicker in RELEASES[0]
    without = RELEASES[0].replace(kicker, "").replace("تلفن:", '<b class="balatitr">تلفن</b>:')

    assert suggested([without, *RELEASES[1:]]).selectors["kicker"] == "[id$='_lblRotitr']"


def test_nothing_is_made_of_no_pages(suggested: Callable[..., Suggested]) -> None:
    assert suggested([]) == Suggested()


@pytest.mark.parametrize(
    ("markup", "first"),
    [
        ('<h1 id="onvan">x</h1>', "#onvan"),
        ('<h1 id="onvan12" class="col-md-6 active titr t2">x</h1>', ".titr"),
        ('<h1 itemprop="headline">x</h1>', "[itemprop='headline']"),
        ('<h1 id="ctl00_c12_lblTitle">x</h1>', "[id$='_lblTitle']"),
        ('<div class="khabar"><h1>x</h1></div>', ".khabar > h1"),
        ('<div class="khabar"><header><h1>x</h1></header></div>', ".khabar > h1"),
        ("<h1>x</h1>", "h1"),
    ],
)
def test_an_element_is_named_by_what_stays_the_same(markup: str, first: str) -> None:
    root: Any = html.fromstring(f"<html><body>{markup}</body></html>")

    assert next(names_of(root.find(".//h1"))) == first


def test_the_suggested_list_is_the_list(source: Source, respond: Callable[..., HttpResponse]) -> None:
    front = respond(odd.front(), url=source.url)
    own = Source(
        **{name: getattr(source, name) for name in source.__slots__} | {"selectors": Selectors(listing=".khabar-link")}
    )

    links = [
        [each.url for each in GenericListing(response=front, source=office, fetched_at=FETCHED).links()]
        for office in (source, own)
    ]

    assert links[0] == links[1]
    assert len(links[0]) == 6
    assert issubclass(GenericPage, NewsPage)
