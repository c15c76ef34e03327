"""What a page runs on is told by what it bears itself, however few of a CMS's marks it shows."""

import importlib.util
from pathlib import Path

import pytest

from spiders.detect import findings, recognise
from spiders.platforms import CMSS


def _fronts():
    spec = importlib.util.spec_from_file_location("monadi_fronts", Path(__file__).with_name("fronts.py"))
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module.FRONTS, module.UNKNOWN


FRONTS, UNKNOWN = _fronts()
CASES = [(key, *front) for key, fronts in FRONTS.items() for front in fronts]


@pytest.mark.parametrize(
    ("key", "page", "url", "headers"),
    [(key, page, url, headers) for key, _, page, url, headers in CASES],
    ids=[f"{key}: {what}" for key, what, *_ in CASES],
)
def test_a_platform_is_told_by_few_of_its_marks(respond, key, page, url, headers):
    found = recognise(respond(page, url=url, **headers))

    assert found is not None, [
        (each.platform.key, each.evidence) for each in findings([respond(page, url=url, **headers)])
    ]
    assert (found.platform.key, found.evidence) == (key, found.evidence)


def test_a_page_that_begins_as_xml_shows_its_platform_like_any_other(respond):
    """XHTML 1.0 does; the first version took it for a feed, in which nobody looks for marks."""
    for key, _, page, url, headers in CASES:
        if "<html" in page:
            found = recognise(respond(f'\n<?xml version="1.0" encoding="utf-8"?>\n{page}', url=url, **headers))
            assert (found and found.platform.key) == key


@pytest.mark.parametrize("text", ["", " \n", "{}", '[{"link": "/wp-content/a"}]'])
def test_what_is_no_page_shows_no_platform(respond, text):
    assert not findings([respond(text, url="https://yazd.example.ir/")])


def test_a_feed_is_no_page(respond):
    quoted = (
        '<rss><channel><item><link href="/wp-content/themes/a.css"/><a class="news-text-full"/></item></channel></rss>'
    )
    assert not findings([respond(f'<?xml version="1.0"?>{quoted}', url="https://yazd.example.ir/feed")])


def test_a_page_that_is_nested_too_deep_shows_no_platform(respond):
    assert not findings([respond("<div>" * 5000 + '<p class="news-text-full">', url="https://yazd.example.ir/")])


@pytest.mark.parametrize(("page", "url", "headers"), [row[1:] for row in UNKNOWN], ids=[what for what, *_ in UNKNOWN])
def test_a_page_of_no_known_cms_is_left_to_the_generic_reader(respond, page, url, headers):
    found = recognise(respond(page, url=url, **headers))

    assert found is None, (found.platform.key, found.evidence)


def test_every_platform_has_four_pages_at_least():
    assert FRONTS.keys() == set(CMSS)
    assert min(map(len, FRONTS.values())) >= 4
