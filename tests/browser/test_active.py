"""What runs or calls elsewhere in a site's page does neither once Monadi has published it, in a page that forbids
nothing.
"""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser

from syndication.feeds.content import content_of
from tests.active import RUNS
from tests.test_active import read

HERE = "https://reader.example/"
COUNTS = "window.hits = 0; window.ran = () => { window.hits += 1; return 1 };"
SOON = 250  # milliseconds in which what acts by itself has acted

Show = Callable[[str], tuple[int, list[str]]]


@pytest.fixture(scope="module")
def show(browser: Browser) -> Iterator[Show]:
    """How often something ran in a piece of HTML, and what it asked `evil.example` for."""
    shown, asked = [""], []

    def answer(route: Any) -> None:
        if route.request.url == HERE:
            route.fulfill(body=f"<!DOCTYPE html><meta charset=utf-8><body>{shown[0]}", content_type="text/html")
            return
        if "//evil.example" in route.request.url:
            asked.append(route.request.url)
        route.abort()

    with browser.new_context() as context:
        context.add_init_script(COUNTS)
        context.route("**/*", answer)
        page = context.new_page()

        def opened(content: str) -> tuple[int, list[str]]:
            asked.clear()
            shown[0] = content
            page.goto(HERE, wait_until="domcontentloaded")
            page.wait_for_timeout(SOON)
            return int(page.evaluate("window.hits || 0")), [*asked]

        yield opened


def test_what_a_site_puts_into_its_page_acts_there(show: Show):
    idle = [number for number, text in enumerate(RUNS) if show(text) == (0, [])]
    assert idle == []


def test_nothing_acts_in_what_is_published_of_it(show: Show):
    acted = {}
    for number, text in enumerate(RUNS):
        article = read(text.encode(), text, number)
        content = content_of(article, dated="", kicker=article.kicker or "", lead=article.lead or "", image=None)
        if (found := show(content)) != (0, []):
            acted[number] = (content, found)
    assert acted == {}
