"""When the front page is asked in the place of a feed."""

from datetime import UTC, datetime

import pytest

from spiders.health import History
from spiders.loader import spider_of

NOW = datetime(2026, 2, 15, 8, tzinfo=UTC)
VISITS = {
    "the feed was not asked for": (NOW, None, "", True),
    "it was asked for, and is still not there": (NOW, "feeds-absent", "", True),
    "it is back": (NOW, "feeds", "", False),
    "it was there": (None, "feeds-absent", "", False),
    "its entry states it, so that it is asked for each time": (
        NOW,
        "feeds-absent",
        "https://yazd.example.ir/rss",
        False,
    ),
}


@pytest.mark.parametrize(("feedless", "counted", "stated", "looks"), VISITS.values(), ids=VISITS)
def test_an_office_without_a_feed_is_watched_by_its_front_page_at_every_visit(office, feedless, counted, stated, looks):
    spider = spider_of(office(feed=stated or None))()
    spider.history = History(feedless=feedless)
    if counted:
        spider.count(counted)
    assert spider.has_no_feed is looks
