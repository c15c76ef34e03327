"""Whatever a site answers where a release should be: it is archived as what it says, or held and called what it is."""

import json
import re
from urllib.parse import urlsplit

import pytest
from lxml import html

from tests.hostile.conftest import offices_of
from tests.hostile.pages import PAGES
from tests.hostile.sites import SOUND, crawl

CASES = [(group, name) for group, pages in PAGES.items() for name in pages]
UNSEEN = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069\ud800-\udfff\ufffe\uffff]")
MEMORY = 1000  # MB


@pytest.mark.parametrize(("group", "name"), CASES, ids=[name for _, name in CASES])
def test_a_page_is_archived_or_held_as_what_it_is(pages, group, name):
    assert pages.came[group].of(f"/{name}/") == PAGES[group][name][1]


@pytest.mark.parametrize("group", PAGES)
def test_the_sound_releases_beside_them_are_archived(pages, group):
    assert sum(path.startswith("/sound-") for path in pages.came[group].paths) == SOUND
    assert pages.came[group].outcome == "ok"


def test_nobody_else_is_asked(pages):
    assert pages.trapped == []


def test_memory_and_time_are_bounded(pages):
    assert pages.megabytes < MEMORY
    assert pages.seconds < 60  # of CPU


@pytest.fixture(scope="module")
def articles(pages):
    return [article for came in pages.came.values() for article in came.articles.values()]


def test_what_is_archived_holds_nothing_that_acts(articles):
    for article in articles:
        body = html.fragment_fromstring(article["body_html"] or "<p/>", create_parent="div")
        for node in body.iter():
            assert node.tag not in {
                "script",
                "style",
                "iframe",
                "object",
                "embed",
                "form",
                "svg",
                "math",
                "base",
                "meta",
            }
            assert not [name for name in node.attrib if name.startswith("on") or name == "style"]
            links = [node.get(name, "http:") for name in ("href", "src")]
            assert {urlsplit(link).scheme for link in links} <= {"http", "https", "mailto", "tel"}, article["url"]


def test_what_is_archived_holds_nothing_that_is_not_seen(articles):
    for article in articles:
        texts = [article["title"], article["kicker"], article["lead"], article["category"], *article["tags"]]
        texts += [article["body"].replace("\n", ""), article["image"], *article["aliases"]]
        texts += [text for file in article["attachments"] for text in (file["url"], file["title"])]
        assert not [text for text in texts if text and UNSEEN.search(text)], article["url"]


def test_what_is_archived_is_of_the_size_of_a_record(articles):
    for article in articles:
        small = {name: value for name, value in article.items() if name not in ("body", "body_html", "title")}
        assert len(json.dumps(small)) < 200_000, article["url"]
        assert all((file["length"] or 0) < 2**50 for file in article["attachments"])
        assert len(article["aliases"]) <= 20
        assert {urlsplit(url).hostname for url in article["aliases"]} <= {urlsplit(article["url"]).hostname}


def test_what_looks_like_code_is_text(pages):
    title = next(article for url, article in pages.came["texts"].articles.items() if "title-of-templates" in url)[
        "title"
    ]

    assert title.startswith("{{7*7}} ${7*7} #{7*7} <%= 7*7 %> {0.__class__} %s%n%x %(password)s")


def test_postgresql_takes_what_sqlite_takes(pages, postgres):
    groups = {group: PAGES[group] for group in ("claims", "texts", "data")}
    with postgres.database() as url:
        there = crawl(offices_of(groups), archive=url)

    for group in groups:
        assert there.came[group].paths == pages.came[group].paths
        assert sorted(there.came[group].held.values()) == sorted(pages.came[group].held.values())
