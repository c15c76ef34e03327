"""A page that is written otherwise and shows a reader the same reads the same (`tests/spiders/rewritings.py`)."""

from datetime import UTC, datetime
from urllib.parse import unquote, urljoin
from urllib.request import urlopen

import pytest
from lxml import html
from web_poet import HttpResponse

from persian.markup import paragraphs
from persian.text import display
from spiders.detect import recognise
from spiders.onboarding.recording import record_of
from spiders.platforms import platform
from tests.spiders.rewritings import REWRITINGS
from tests.spiders.test_recordings import NAMES, RECORDINGS, answer_of, page


def told(article):
    """A record without its markup, which may be another, and with what was said of dates in display form."""
    record = record_of(article)
    markup = record.pop("body_html")
    for stated in (record["published"], record["modified"], *record["stated_dates"]):
        if stated and stated["raw"]:
            stated["raw"] = display(stated["raw"])
    return record, paragraphs(html.fragment_fromstring(markup, create_parent="div"))


@pytest.fixture(params=RECORDINGS, ids=NAMES)
def written(request, office):
    """A recorded page's text, and what reads another text of it."""
    answer = answer_of(request.param)
    selectors = answer.get("selectors")
    source = office(id="namuneh", platform=answer["platform"], url=urljoin(answer["url"], "/"), selectors=selectors)
    fetched_at = datetime.fromisoformat(answer["fetched_at"])
    recorded = page(request.param)

    def read(text):
        response = HttpResponse(
            answer["url"], body=text.encode(), status=200, headers=recorded.headers, encoding="utf-8"
        )
        article = platform(source.platform).read(response, source=source, fetched_at=fetched_at)
        found = recognise(response)
        return told(article), found.platform.key if found else "generic"

    return recorded.text, read


@pytest.mark.parametrize("rewriting", REWRITINGS)
def test_a_recorded_page_written_otherwise_reads_the_same(written, rewriting):
    text, read = written

    assert read(REWRITINGS[rewriting](text)) == read(text)


@pytest.mark.parametrize("rewriting", REWRITINGS)
def test_some_recorded_page_is_written_otherwise(rewriting):
    assert any(REWRITINGS[rewriting](text) != text for text in (page(recording).text for recording in RECORDINGS))


LISTS = {"fa_portal": "/fa/news", "wordpress": "/", "iransamaneh": "/fa/archive?rpp=5"}
READ = datetime(2025, 12, 6, 8, 30, tzinfo=UTC)
ENTRY = "<li><h3><a href='/news/{0}/khabar'>{1} پس از دو سال به بهره\u200cبرداری رسید</a></h3><span>{2}</span></li>"
AGES = "".join(
    ENTRY.format(number, what, when)
    for number, (what, when) in enumerate(
        [("پل سرچشمه", "۴۷ دقیقه پیش"), ("مدرسه دره\u200cباغ", "۳ ساعت پیش"), ("راه روستا", "۱۵ آذر ۱۴۰۰ ۰۹:۱۹")], 7001
    )
)


@pytest.fixture(params=[*LISTS, "of ages"])
def listed(request, office):
    """A list's text, and what reads another text of it, by its platform and by the generic reader."""
    if request.param == "of ages":
        address, text, keys = "https://yazd.example.ir/news", f"<html><head></head><body><ul>{AGES}</ul>", ["generic"]
    else:
        newsroom = request.getfixturevalue("newsroom")
        site = next(each.url for each in newsroom.offices if each.platform == request.param)
        address, keys = site + LISTS[request.param], [request.param, "generic"]
        with urlopen(address) as answer:
            text = answer.read().decode()

    def links(key, text):
        response = HttpResponse(address, body=text.encode(), status=200, encoding="utf-8")
        source = office(platform=key, url=urljoin(address, "/"))
        found = platform(key).listing(response=response, source=source, fetched_at=READ)
        told = [(unquote(link.url), link.published and display(link.published.raw)) for link in found.links()]
        return told, list(map(unquote, found.next_urls()))

    return text, lambda text: [links(key, text) for key in keys]


@pytest.mark.parametrize("rewriting", REWRITINGS)
def test_a_list_written_otherwise_leads_to_the_same(listed, rewriting):
    text, read = listed
    before = read(text)

    assert read(REWRITINGS[rewriting](text)) == before
    for links, _ in before:
        assert len(links) > 2
        assert all(date for _, date in links)
