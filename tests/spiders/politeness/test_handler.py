"""The one place where connections are opened."""

from datetime import datetime, timedelta
from types import SimpleNamespace

import pytest
from scrapy.utils.test import get_crawler

from persian.dates import TEHRAN
from spiders.errors import Ended
from spiders.loader import spider_of
from spiders.politeness.handler import GuestHandler


def handler(source, *, windowed=True):
    made = GuestHandler.__new__(GuestHandler)
    made.spider, made.source, made.windowed = SimpleNamespace(ended=False), source, windowed
    return made


def window(begins, ends):
    clock = datetime.now(TEHRAN)
    return f"{clock + timedelta(hours=begins):%H:%M}-{clock + timedelta(hours=ends):%H:%M}"


def test_nothing_is_sent_when_the_window_in_which_a_run_began_has_closed(office):
    past = office(windows=(window(-2, -1),))

    with pytest.raises(Ended, match="its window has closed"):
        handler(past).check_open()


def test_a_run_in_its_window_or_begun_outside_of_it_by_hand_goes_on(office):
    handler(office(windows=(window(-1, 1),))).check_open()
    handler(office(windows=(window(-2, -1),)), windowed=False).check_open()
    handler(None, windowed=False).check_open()


def test_nothing_is_sent_after_the_end_of_a_run(office):
    ended = handler(office())
    ended.spider.ended = True

    with pytest.raises(Ended, match="the run has ended"):
        ended.check_open()


@pytest.mark.parametrize(
    ("contact", "url", "asked"),
    [
        ("", "https://yazd.example.ir/", True),
        ("mailto:omid@example.org", "https://yazd.example.ir/", False),
        ("", "http://127.0.0.1:8000/", False),
    ],
)
def test_a_crawl_of_other_machines_asks_for_the_operators_contact_until_it_is_set(office, caplog, contact, url, asked):
    spider = spider_of(office(url=url))

    spider.from_crawler(get_crawler(spider, {"MONADI_CONTACT": contact}))

    assert ("set MONADI_CONTACT" in caplog.text) is asked
