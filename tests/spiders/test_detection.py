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


@pytest.mark.parametrize(("page", "url", "headers"), [row[1:] for row in UNKNOWN], ids=[what for what, *_ in UNKNOWN])
def test_a_page_of_no_known_cms_is_left_to_the_generic_reader(respond, page, url, headers):
    found = recognise(respond(page, url=url, **headers))

    assert found is None, (found.platform.key, found.evidence)


def test_every_platform_has_four_pages_at_least():
    assert FRONTS.keys() == set(CMSS)
    assert min(map(len, FRONTS.values())) >= 4
