"""A Monadi behind a proxy that strips a path, with a release that was edited twice and carried by two other offices."""

from dataclasses import replace
from datetime import timedelta

import pytest

from archive import Archive, Article
from persian.dates import parse
from sources import Catalogue
from syndication.web import create_app
from tests.syndication.asking import Client

BASE = "https://news.example.ir/monadi"
SAME = " ".join(f"بند یکسان شماره‌ی {number} از سخنان مدیرکل در نشست خبری امروز." for number in range(30))


@pytest.fixture
def readings(make) -> list[Article]:
    """Three readings of mcls-yazd/1: a number and a name change, then the title and the text's end."""
    body = f"استاندار یزد، مهران فاطمی، ۳۵۰ میلیارد تومان وام داد.\n{SAME}\nنشانی: kar.mcls.gov.ir (بخش ۲)."
    first = make(1, body=body, body_html="", url="https://www.yazd.mcls.gov.ir/fa/news/1/خبر?utm_source=x")
    hour = timedelta(hours=1)
    second = replace(first, body=body.replace("۳۵۰", "۲۵۰"), fetched_at=first.fetched_at + hour)
    third = replace(
        second,
        title="دیدار شماره‌ی 1 روابط عمومی‌ها",
        body=second.body + "\nپایان.",
        fetched_at=first.fetched_at + 26 * hour,
    )
    return [first, second, third]


@pytest.fixture
def edited(archive: Archive, keep, make, readings: list[Article]) -> Archive:
    for reading in readings:
        keep(reading)
    text = readings[-1]
    later = parse("۱۶ آذر ۱۴۰۰", fetched_at=text.fetched_at)
    for source, number in (("mcls-hormozgan", "7"), ("mcls-fars", "8")):
        url = f"https://{source}.example.ir/{number}"
        keep(replace(text, source=source, native_id=number, url=url, published=later))
    archive.find_copies()
    return archive


@pytest.fixture
def ask(edited: Archive, catalogue: Catalogue) -> Client:
    return Client(create_app(edited, catalogue, BASE))
