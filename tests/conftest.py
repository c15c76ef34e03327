"""What tests of every package share: a release to keep or to announce."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest

from archive import Article
from persian.dates import parse

FETCHED = datetime(2021, 12, 6, 8, tzinfo=UTC)
WRITTEN = "۱۵ آذر ۱۴۰۰ ۰۹:۱۹"


@pytest.fixture(scope="session")
def make() -> Callable[..., Article]:
    """A release as its page was read; `date` is the page's own string, None for a page without one."""

    def made(number: int = 1, date: str | None = WRITTEN, **changes: object) -> Article:
        fetched_at = FETCHED + timedelta(minutes=number)
        values = {
            "source": "mcls-yazd",
            "url": f"https://yazd.mcls.gov.ir/fa/news/{number}/خبر",
            "native_id": str(number),
            "title": f"نشست شماره‌ی {number} روابط عمومی‌ها",
            "kicker": "در یزد:",
            "lead": "این نشست در یزد برگزار شد.",
            "body": "بند نخست.\nبند دوم.",
            "body_html": "<p>بند نخست.</p><p>بند دوم.</p>",
            "category": "اخبار",
            "tags": ("اشتغال", "یزد"),
            "extractor": "fa_portal/1",
            "fetched_at": fetched_at,
            "published": date and parse(date, fetched_at=fetched_at),
        }
        return Article(**{**values, **changes})

    return made
