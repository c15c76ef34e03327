import json
from datetime import UTC, datetime

import pytest
from lxml import etree

from persian.dates import parse
from syndication.feeds import find, jalali, render
from syndication.feeds.instants import rfc822, rfc3339

NOW = datetime(2021, 12, 7, tzinfo=UTC)


def read(text):
    return jalali.terms(parse(text, fetched_at=NOW))


def test_an_instant_is_told_in_every_term():
    assert read("۱۵ آذر ۱۴۰۰ ۰۹:۱۹") == {
        "date": "1400-09-15",
        "dateTime": "1400-09-15T09:19:00",
        "year": 1400,
        "month": 9,
        "day": 15,
        "monthName": "آذر",
        "rfc9557": "2021-12-06T09:19:00+03:30[Asia/Tehran][u-ca=persian]",
        "precision": "minute",
        "raw": "۱۵ آذر ۱۴۰۰ ۰۹:۱۹",
        "origin": "page",
    }


def test_a_day_has_no_time():
    told = read("۱۵ آذر ۱۴۰۰")
    assert (told["precision"], told["date"], told["rfc9557"]) == ("day", "1400-09-15", "2021-12-06[u-ca=persian]")
    assert "dateTime" not in told


def test_a_month_has_no_day():
    told = read("آذر ۱۴۰۰")
    assert (told["precision"], told["year"], told["month"], told["monthName"]) == ("month", 1400, 9, "آذر")
    assert not {"date", "dateTime", "day"} & set(told)


def test_an_undated_release_says_so():
    assert jalali.terms(None) == {"precision": "unknown"}


def test_what_was_noticed_is_told():
    assert read("شنبه ۱۵ آذر ۱۴۰۰")["flags"] == ["weekday-mismatch"]


@pytest.mark.parametrize("format_", ["rss", "atom"])
def test_the_terms_are_elements_of_our_namespace_in_each_entry(format_, archive, catalogue, keep, make):
    keep(make(date="یکشنبه ۱۵ آذر ۱۴۰۰ ۰۹:۱۹"))
    root = etree.fromstring(render(archive, find("all", catalogue), format_, "https://news.example.ir"))
    told = {element.tag: element.text for element in root.iter(f"{{{jalali.NAMESPACE}}}*")}
    expected = read("یکشنبه ۱۵ آذر ۱۴۰۰ ۰۹:۱۹")
    assert told == {
        f"{{{jalali.NAMESPACE}}}{name}": " ".join(value) if isinstance(value, list) else str(value)
        for name, value in expected.items()
    }
    assert "weekday-mismatch" in told.values()
    assert {element.prefix for element in root.iter(f"{{{jalali.NAMESPACE}}}*")} == {"jalali"}


def test_the_same_terms_are_the_keys_of_json_feeds_object(archive, catalogue, keep, make):
    keep(make())
    (item,) = json.loads(render(archive, find("all", catalogue), "json", "https://news.example.ir"))["items"]
    assert item["_jalali"] == read("۱۵ آذر ۱۴۰۰ ۰۹:۱۹")
    assert item["date_published"].startswith("2021-12-06")


def test_the_documented_example_is_what_is_written(pytestconfig):
    documented = (pytestconfig.rootpath / "docs" / "jalali-namespace.md").read_text(encoding="utf-8")
    assert jalali.NAMESPACE in documented
    for name, value in read("۱۵ آذر ۱۴۰۰ ۰۹:۱۹").items():
        assert f"<jalali:{name}>{value}</jalali:{name}>" in documented


@pytest.mark.parametrize(
    ("moment", "atom", "rss"),
    [
        (datetime(2021, 12, 6, 5, 49, 0, 77, UTC), "2021-12-06T09:19:00+03:30", "Mon, 06 Dec 2021 09:19:00 +0330"),
        (datetime(2021, 7, 23, 3, 30, tzinfo=UTC), "2021-07-23T08:00:00+04:30", "Fri, 23 Jul 2021 08:00:00 +0430"),
        (datetime(1925, 1, 1, tzinfo=UTC), "1925-01-01T00:00:00+00:00", "Thu, 01 Jan 1925 00:00:00 +0000"),
    ],
    ids=["winter", "summer", "local mean time"],
)
def test_core_dates_are_gregorian_in_tehrans_offset_of_that_day(moment, atom, rss):
    assert (rfc3339(moment), rfc822(moment)) == (atom, rss)
