"""Every page as people meet it: in both languages, wide and narrow, bright and dark, by keyboard alone, scripts off."""

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

PHONE, DESK = {"width": 360, "height": 780}, {"width": 1280, "height": 900}
LANGUAGES = ("", "/en")
PAGES = (
    "/",
    "/search",
    "/search?q=نشست&province=yazd&since=1400-08&sort=best&collapse-copies=yes",
    "/search?q=نیست",
    "/search?since=never",
    "/articles/mcls-yazd/1",
    "/articles/mcls-yazd/5",
    "/articles/mcls-yazd/84",
    "/articles/mcls-yazd/86",
    "/articles/mcls-yazd/90",
    "/articles/mcls-yazd/91",
    "/articles/mcls-yazd/70",
    "/articles/mcls-yazd/90/revisions/1",
    "/articles/mcls-yazd/90/revisions/2",
    "/articles/mcls-yazd/90/diff/1/2",
    "/articles/mcls-yazd/5/diff/1/2",
    "/articles/mcls-yazd/5/diff/1/9",
    "/changes",
    "/charts",
    "/charts?province=yazd&since=1400-08&until=1400-10&by=source",
    "/provinces/yazd",
    "/agencies/mcls",
    "/sources/mcls-yazd",
    "/feeds/",
    "/status",
    "/api/",
    "/nowhere",
)
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
FIRST_PAGE = 100_000  # bytes over the wire, the font aside


@dataclass
class Visit:
    """A page, and what the browser asked for and complained of while it was open."""

    page: Page
    site: str
    asked: list[str] = field(default_factory=list)
    complaints: list[str] = field(default_factory=list)

    def go(self, path: str) -> None:
        self.page.goto(self.site + path)

    def axe(self) -> list[str]:
        found = Axe().run(self.page, options={"runOnly": {"type": "tag", "values": RULES}}).response["violations"]
        return [f"{each['id']}: {node['html'][:200]}" for each in found for node in each["nodes"]]


@pytest.fixture
def visit(browser: Browser, site: str) -> Callable[..., Any]:
    """Opens pages in a context of its own; afterwards nothing may have been asked of anybody else."""

    @contextmanager
    def opened(**settings: Any) -> Iterator[Visit]:
        with browser.new_context(**settings) as context:
            visited = Visit(context.new_page(), site)
            visited.page.on("request", lambda request: visited.asked.append(request.url))
            visited.page.on("console", lambda message: visited.complaints.append(message.text))
            visited.page.on("pageerror", lambda error: visited.complaints.append(str(error)))
            yield visited
            assert [url for url in visited.asked if not url.startswith((site, "data:"))] == []

    return opened


# ---- every page ----


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("path", PAGES)
def test_a_page_is_accessible_fits_a_phone_and_asks_nobody_else(visit, path: str, language: str):
    with visit(viewport=PHONE) as narrow:
        narrow.go(language + path)
        page = narrow.page
        assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")
        assert page.locator("html").get_attribute("lang") == ("en" if language else "fa")
        assert page.locator("html").get_attribute("dir") == ("ltr" if language else "rtl")
        assert page.locator("h1").count() == 1
        assert narrow.axe() == []
        page.set_viewport_size(DESK)
        page.emulate_media(color_scheme="dark")
        assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")
        assert narrow.axe() == []
        assert [line for line in narrow.complaints if "status of 4" not in line] == []


def test_the_first_page_is_light(browser: Browser, site: str):
    with browser.new_context() as context:
        page = context.new_page()
        session = context.new_cdp_session(page)
        session.send("Network.enable")
        sizes: dict[str, int] = {}
        names: dict[str, str] = {}
        session.on(
            "Network.requestWillBeSent", lambda event: names.update({event["requestId"]: event["request"]["url"]})
        )
        session.on(
            "Network.loadingFinished",
            lambda event: sizes.update({names[event["requestId"]]: int(event["encodedDataLength"])}),
        )
        page.goto(site, wait_until="networkidle")
        light = {url: size for url, size in sizes.items() if not url.endswith(".woff2")}
        assert 0 < sum(light.values()) <= FIRST_PAGE, light
        assert len(sizes) <= 6, sizes
        assert page.evaluate("document.fonts.check('16px Vazirmatn')")


@pytest.mark.parametrize(
    ("extension", "title", "day"), [("rss", "item > title", "item > day"), ("atom", "entry > title", "entry > day")]
)
def test_a_feed_is_a_page_in_persian(visit, extension: str, title: str, day: str):
    """Its days as people write them: drawn as Persian digits would be, of which the document has none."""
    with visit(viewport=PHONE) as visited:
        visited.go(f"/feeds/all.{extension}?q=غرفه")
        page, root = visited.page, visited.page.locator(":root")
        page.wait_for_function("document.fonts.check('16px Vazirmatn')")
        assert root.evaluate("each => getComputedStyle(each).direction") == "rtl"
        assert root.evaluate("each => each.scrollWidth <= each.clientWidth")
        expect(page.locator(title).first).to_be_visible()
        place = page.locator(day).first
        assert place.text_content() == "16"
        drawn = place.screenshot()
        place.evaluate("each => { each.textContent = '۱۶' }")
        assert place.screenshot() == drawn
        assert visited.complaints == []


# ---- what people do ----


@pytest.mark.parametrize("scripts", [True, False])
@pytest.mark.parametrize("language", LANGUAGES)
def test_a_search_is_narrowed_and_paged(visit, language: str, *, scripts: bool):
    with visit(java_script_enabled=scripts) as visited:
        page = visited.page
        visited.go(language + "/")
        page.locator("#q").fill("نشست")
        page.locator("form[role=search] button").first.click()
        expect(page.locator("article h3")).to_have_count(30)
        page.locator("summary").first.click()
        page.locator("select[name=province]").select_option("yazd")
        page.locator("select[name=since-year]").select_option("1400")
        page.locator("select[name=since-month]").select_option("8")
        page.locator("details button").click()
        assert re.search(r"/search\?q=[^&]+&province=yazd&since=1400-08$", page.url), page.url
        assert page.locator("select[name=since-month]").input_value() == "8"
        expect(page.locator(".chosen li")).to_have_count(2)
        page.locator("a[rel=next]").click()
        assert "cursor=" in page.url
        assert page.locator("article h3").count() > 0
        page.locator(".chosen a").first.click()
        expect(page.locator(".chosen li")).to_have_count(1)


def test_another_language_is_the_same_page(visit):
    with visit() as visited:
        visited.go("/search?q=نشست&province=yazd")
        here = visited.page.url
        visited.page.get_by_role("link", name="English").click()
        assert visited.page.url == here.replace("/search", "/en/search")
        visited.page.get_by_role("link", name="فارسی").click()
        assert visited.page.url == here


def test_the_keyboard_is_enough(visit):
    with visit(viewport=DESK) as visited:
        page = visited.page
        visited.go("/")
        page.keyboard.press("Tab")
        assert page.evaluate("document.activeElement.className") == "skip"
        assert page.locator(".skip").bounding_box()["y"] >= 0, "what has the focus is seen"
        page.keyboard.press("Enter")
        assert page.evaluate("document.activeElement.id") == "content"
        page.keyboard.press("Tab")
        assert page.evaluate("document.activeElement.id") == "q"
        page.keyboard.type("جدول")
        page.keyboard.press("Enter")
        expect(page.locator("article h3")).to_have_count(1)
        for _ in range(60):
            page.keyboard.press("Tab")
            if page.evaluate("document.activeElement.closest('h3') !== null"):
                break
        outline = page.evaluate("getComputedStyle(document.activeElement).outlineStyle")
        assert outline == "solid"
        page.keyboard.press("Enter")
        expect(page.locator("h1")).to_have_text("جدول پهن")


# ---- how text stands ----

PLACES = """(words) => {
  const heading = document.querySelector('h1'), text = heading.firstChild, all = text.data;
  return words.map(word => {
    const range = document.createRange(), at = all.indexOf(word);
    range.setStart(text, at); range.setEnd(text, at + word.length);
    const box = range.getBoundingClientRect();
    return [box.left, box.right];
  });
}"""


@pytest.mark.parametrize("language", LANGUAGES)
def test_latin_words_and_addresses_stand_where_a_persian_line_has_them(visit, language: str):
    with visit(viewport={"width": 2400, "height": 900}) as visited:
        visited.go(f"{language}/articles/mcls-yazd/90")
        (first, _), (itex, itex_end), (year, _) = visited.page.evaluate(PLACES, ["نمایشگاه", "ITEX", "2024"])
        assert itex < first, "the line begins at the right"
        assert itex_end <= year, "and its Latin words go from left to right"
        assert visited.page.locator("h1").evaluate("each => getComputedStyle(each).direction") == "rtl"


def test_what_is_printed_is_the_text(visit):
    with visit() as visited:
        visited.go("/articles/mcls-yazd/5")
        visited.page.emulate_media(media="print")
        assert not visited.page.locator(".masthead nav").first.is_visible()
        assert visited.page.locator(".full h1").is_visible()
        assert visited.page.locator(".record").is_visible()


def test_charts_have_their_numbers_below_them_and_tiles_lead_to_provinces_by_keyboard(visit):
    with visit(viewport=PHONE) as visited:
        page = visited.page
        visited.go("/en/charts")
        for summary in page.locator("figure summary").all():
            summary.click()
        assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")
        assert visited.axe() == []
        expect(page.get_by_role("img", name="Releases over time", exact=True)).to_be_visible()
        page.get_by_role("link", name=re.compile("^Yazd: ")).focus()
        page.keyboard.press("Enter")
        page.wait_for_url(re.compile("/en/provinces/yazd$"))
