"""What a reading of a held article is: pure judgement, without an archive."""

from datetime import UTC, datetime, timedelta

import pytest

from archive import Kind, State
from archive.revisions import judge
from persian.dates import parse

VISIT = datetime(2021, 12, 6, 9, 0, tzinfo=UTC)


def relative(text, hours=0):
    return parse(text, fetched_at=VISIT + timedelta(hours=hours))


TWO_HOURS_AGO, LATER = relative("۲ ساعت پیش"), relative("۳ ساعت پیش", hours=1.2)
STATED = relative("۱۵ آذر ۱۴۰۰ ۱۰:۳۰")
BETTER = {"extractor": "fa_portal/2"}

READINGS = {
    "the same again": ({}, {}, None),
    "a later visit": ({}, {"fetched_at": VISIT + timedelta(days=9)}, None),
    "another slug": ({}, {"url": "https://yazd.mcls.gov.ir/fa/news/1/دیگر"}, None),
    "other tags": ({}, {"tags": ("دیگر",)}, None),
    "another picture": ({}, {"image": "https://yazd.mcls.gov.ir/2.jpg"}, None),
    "other markup": ({}, {"body_html": "<p>دیگر</p>"}, None),
    "a word": ({}, {"body": "متنی دیگر"}, Kind.REVISED),
    "a kicker gone": ({"kicker": "در یزد:"}, {"kicker": None}, Kind.REVISED),
    "another day": ({}, {"published": relative("۱۶ آذر ۱۴۰۰ ۰۹:۱۹")}, Kind.REVISED),
    "a date counted from each visit": ({"published": TWO_HOURS_AGO}, {"published": LATER}, None),
    "that, and a word": ({"published": TWO_HOURS_AGO}, {"published": LATER, "body": "متنی دیگر"}, Kind.REVISED),
    "a date stated at last": ({"published": TWO_HOURS_AGO}, {"published": STATED}, Kind.REREAD),
    "a stated date counted again": ({"published": STATED}, {"published": LATER}, None),
    "a better extractor, the same": ({}, BETTER, None),
    "a better extractor's text": ({}, BETTER | {"body": "متنی دیگر"}, Kind.REREAD),
    "a better extractor's tags": ({}, BETTER | {"tags": ("دیگر",)}, Kind.REREAD),
    "a better extractor's visit later": ({"published": TWO_HOURS_AGO}, BETTER | {"published": LATER}, None),
}


@pytest.mark.parametrize(("held", "reading", "kind"), READINGS.values(), ids=READINGS)
def test_a_reading_is_what_its_difference_makes_it(make, held, reading, kind):
    assert judge(make(**held), State.LIVE, make(**held | reading)) is kind


def test_what_was_gone_and_says_the_same_is_back(make):
    assert judge(make(), State.GONE, make()) is Kind.BACK
