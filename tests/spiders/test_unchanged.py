"""Whether a page has changed since it was read, and how far its site is believed."""

from datetime import UTC, datetime, timedelta

import pytest
from scrapy.http import Request, Response

from archive.validators import Validator
from spiders.unchanged import BELIEVED, TRUSTED, answer_of, conditions, is_unchanged

NOW = datetime(2021, 12, 6, 12, tzinfo=UTC)
URL = "https://yazd.example.ir/fa/news"
DATE = "Mon, 06 Dec 2021 05:49:00 GMT"


def answer(body=b"", status=200, **headers):
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return Response(URL, status=status, body=body, headers=named, request=Request(URL))


def read(body=b"page", at=NOW, **headers):
    return answer_of(answer(body, **headers), None, at)


def test_a_page_is_asked_for_by_the_validators_that_it_was_sent_with():
    assert conditions(read(ETag='"a"', Last_Modified=DATE), NOW) == {"If-None-Match": '"a"', "If-Modified-Since": DATE}
    assert conditions(read(ETag='W/"a"'), NOW) == {"If-None-Match": 'W/"a"'}
    assert conditions(read(), NOW) == {}
    assert conditions(None, NOW) == {}


@pytest.mark.parametrize(
    ("unchanged", "age", "believed"),
    [
        (0, timedelta(), True),
        (BELIEVED - 1, TRUSTED - timedelta(seconds=1), True),
        (BELIEVED, timedelta(), False),
        (0, TRUSTED, False),
    ],
)
def test_a_site_is_believed_a_few_times_and_for_a_day(unchanged, age, believed):
    before = Validator(
        url=URL, etag='"a"', last_modified=None, digest=read().digest, read_at=NOW - age, unchanged=unchanged
    )

    assert bool(conditions(before, NOW)) is believed
    assert is_unchanged(answer(b"page"), before, NOW) is believed


def test_a_page_is_unchanged_by_its_sites_word_or_byte_for_byte():
    before = read(ETag='"a"')

    assert is_unchanged(answer(status=304), before, NOW)
    assert is_unchanged(answer(b"page"), before, NOW)
    assert not is_unchanged(answer(b"page "), before, NOW)
    assert not is_unchanged(answer(b"page"), None, NOW)


def test_an_answer_that_says_unchanged_is_counted_and_leaves_what_was_read():
    before = read(ETag='"a"')
    later = NOW + timedelta(hours=2)

    again = answer_of(answer(status=304), answer_of(answer(status=304), before, later), later)
    assert (again.etag, again.digest, again.read_at, again.unchanged) == ('"a"', before.digest, NOW, 2)

    changed = answer_of(answer(b"another", ETag='"b"'), again, later)
    assert (changed.etag, changed.read_at, changed.unchanged) == ('"b"', later, 0)
    assert changed.digest != before.digest
