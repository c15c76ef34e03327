"""The readings of a page are found by its address, on either engine."""

from dataclasses import replace
from datetime import timedelta

import pytest

from archive.mementos import mementos


def found(archive, url: str) -> list[tuple[str, int]]:
    with archive.reading() as connection:
        return [(each.id, each.number) for each in mementos(connection, url)]


@pytest.mark.parametrize(
    ("address", "known"),
    [
        ("https://yazd.mcls.gov.ir/fa/news/1/خبر", True),
        ("http://www.yazd.mcls.gov.ir/fa/news/1/%D8%AE%D8%A8%D8%B1/?utm_source=x", True),
        ("https://yazd.mcls.gov.ir/fa/news/1", True),
        ("https://yazd.mcls.gov.ir/fa/news/1/another-slug", True),
        ("https://yazd.mcls.gov.ir/fa/news/1/another/page", False),
        ("https://yazd.mcls.gov.ir/fa/news/1/another-slug?page=2", False),
        ("https://yazd.mcls.gov.ir/fa/news/11/خبر", False),
        ("https://yazd.mcls.gov.ir/en/news/1/خبر", False),
        ("https://gilan.mcls.gov.ir/fa/news/1/خبر", False),
        ("https://yazd.mcls.gov.ir/", False),
        ("\x00", False),
    ],
)
def test_an_address_is_that_of_a_page_however_it_is_written(archive, save, make, address: str, known):
    save(make(1), make(2))
    assert found(archive, address) == ([("mcls-yazd/1", 1)] if known else [])


def test_every_reading_comes_in_the_order_of_time(archive, save, make):
    first = make(1)
    save(first)
    save(replace(first, lead="دوم", fetched_at=first.fetched_at + timedelta(hours=2)))
    save(replace(first, source="mcls-gilan", native_id="9", fetched_at=first.fetched_at + timedelta(hours=1)))
    assert found(archive, first.url) == [("mcls-yazd/1", 1), ("mcls-gilan/9", 1), ("mcls-yazd/1", 2)]
