"""The coverage ledger: what of each source's releases is archived, by the day of their publication."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from archive import Query, crawls, links
from archive.crawls import Outcome, Quarantined, Result
from archive.ledger import Day, gaps, is_sequential
from archive.links import Sighting
from persian.dates import parse, parse_period

NOW = datetime(2021, 12, 6, 12, tzinfo=UTC)  # 15 Azar 1400
YAZD = Query(sources=("mcls-yazd",))


def account(archive, query=YAZD):
    (found,) = archive.coverage(query)
    return found


def days(archive, query=YAZD) -> dict[str, tuple[int, int, int]]:
    return {day.day: (day.listed, day.fetched, day.quarantined) for day in account(archive, query).days}


def named(archive, *sightings, at=NOW):
    with archive.writing() as connection:
        links.seen(connection, "mcls-yazd", sightings, at)


def sighting(number, date=None, place="listing"):
    published = date and parse(date, fetched_at=NOW)
    url = f"https://yazd.mcls.gov.ir/fa/news/{number}/خبر"
    return Sighting(key=f"id:{number}", url=url, place=place, published=published)


# ---- days ----


def test_an_item_stands_at_the_day_of_its_publication(archive, save, make):
    named(archive, sighting(1), sighting(2, "۱۴ آذر ۱۴۰۰"), sighting(3))
    save(make(1, date="۱۰ آذر ۱۴۰۰ ۲۳:۵۹"))
    assert days(archive) == {"1400-09-10": (1, 1, 0), "1400-09-14": (1, 0, 0), "1400-09-15": (1, 0, 0)}


def test_an_item_that_several_lists_name_is_one(archive, save, make):
    named(archive, sighting(1), sighting(1, "۱۴ آذر ۱۴۰۰", "feed"), sighting(1, place="sitemap"))
    named(
        archive, Sighting(key="url:yazd.mcls.gov.ir/fa/news/2", url="https://yazd.mcls.gov.ir/fa/news/2", place="feed")
    )
    named(archive, sighting(2))
    save(make(2, url="https://yazd.mcls.gov.ir/fa/news/2"))
    assert days(archive) == {"1400-09-14": (1, 0, 0), "1400-09-15": (1, 1, 0)}


def test_an_item_without_a_number_is_counted_and_belongs_to_no_sequence(archive):
    named(archive, Sighting(key="url:yazd.mcls.gov.ir/a", url="https://yazd.mcls.gov.ir/a", place="listing"))
    assert days(archive) == {"1400-09-15": (1, 0, 0)}


def test_what_was_archived_and_never_listed_is_fetched(archive, save, make):
    save(make(1))
    assert days(archive) == {"1400-09-15": (0, 1, 0)}


def test_pages_in_quarantine_stand_at_the_day_that_lists_gave_them(archive):
    named(archive, sighting(1, "۱۴ آذر ۱۴۰۰"))
    pages = [
        Quarantined(
            source="mcls-yazd", url=url, kind="parse", reason="", extractor="fa_portal/1", headers={}, body=body
        )
        for url, body in (
            (sighting(1).url, b"<html>"),
            ("https://yazd.mcls.gov.ir/elsewhere", b"<html>"),
            ("https://yazd.mcls.gov.ir/silent", None),
        )
    ]
    with archive.writing() as connection:
        crawls.hold(connection, pages, NOW)
    assert days(archive) == {"1400-09-14": (1, 0, 1), "1400-09-15": (0, 0, 1)}


def test_a_range_shows_its_days_only(archive, save, make):
    save(*(make(day, date=f"{day} آذر ۱۴۰۰") for day in range(10, 20)))
    azar = Query(sources=("mcls-yazd",), since=parse_period("1400-09-12").start, until=parse_period("1400-09-14").end)
    assert list(days(archive, azar)) == ["1400-09-12", "1400-09-13", "1400-09-14"]


@pytest.mark.parametrize(
    ("since", "until", "shown"),
    [("1800", "2131", True), ("۱۴۰۰", "2200", True), ("1800", "1801", False), ("2121", None, False)],
)
def test_a_range_may_reach_beyond_the_jalali_calendar(archive, save, make, since, until, shown):
    save(make(1))
    asked = replace(YAZD, since=parse_period(since).start, until=until and parse_period(until).end)
    assert list(days(archive, asked)) == ["1400-09-15"] * shown


def test_every_source_has_an_account_and_filters_choose(archive, save, make):
    save(make(1), make(2, source="mcls-gilan"))
    with_rows = [found.source for found in archive.coverage() if found.days]
    assert with_rows == ["mcls-gilan", "mcls-yazd"]
    assert [found.source for found in archive.coverage(Query(provinces=("IR-21",), agencies=("mcls",)))] == [
        "mcls-yazd"
    ]


# ---- sweeps ----


def run(archive, hour, **changes):
    with archive.writing() as connection:
        number = crawls.begin(connection, "mcls-yazd", NOW)
        result = Result(**{"outcome": Outcome.OK, "reason": None, "swept": True, "counts": {}, "whole": True} | changes)
        crawls.finish(connection, number, at=NOW + timedelta(hours=hour), result=result)


def test_the_last_sweep_is_the_newest_run_that_walked_all(archive):
    assert account(archive).last_sweep is None
    run(archive, 1)
    run(archive, 2, whole=False)
    run(archive, 3, whole=False, swept=False, outcome=Outcome.BLOCKED)
    assert account(archive).last_sweep == NOW + timedelta(hours=1)
    assert account(archive).to_dict()["last_sweep"] == "2021-12-06T13:00:00Z"


# ---- numbers ----

GAPS = {
    "none": (range(1, 30), []),
    "one": ([1, 2, 4], [(3, 3)]),
    "several": ([1, 5, 6, 9], [(2, 4), (7, 8)]),
    "a jump": ([1, 2, 5000, 5001], []),
    "as wide as counts": ([1, 1001], [(2, 1000)]),
    "a bit wider": ([1, 1003], []),
    "nothing": ([], []),
}


@pytest.mark.parametrize(("numbers", "expected"), GAPS.values(), ids=GAPS)
def test_gaps_are_the_numbers_between(numbers, expected):
    assert gaps(numbers) == expected


SEQUENTIAL = {
    "each": (range(100, 120), True),
    "too few": (range(100, 119), False),
    "every second": (range(100, 140, 2), True),
    "every third": (range(100, 160, 3), False),
    "begun anew": ([*range(100, 120), *range(90_000, 90_020)], True),
}


@pytest.mark.parametrize(("numbers", "expected"), SEQUENTIAL.values(), ids=SEQUENTIAL)
def test_numbers_are_sequential_when_most_are_there(numbers, expected):
    assert is_sequential(numbers) is expected


def test_missing_numbers_stand_behind_the_day_of_the_one_before(archive, save, make):
    save(*(make(number, date=f"{number} آذر ۱۴۰۰") for number in range(1, 28) if number not in (5, 6, 20)))
    named(archive, sighting(20, "۲۰ آذر ۱۴۰۰"))
    found = {day.day: day.missing for day in account(archive).days if day.missing}
    assert found == {"1400-09-04": ((5, 6),)}
    assert account(archive).missing == 2


def test_where_numbers_do_not_follow_each_other_none_is_missing(archive, save, make):
    save(*(make(number) for number in range(1, 200, 7)), make(300, native_id="a-b"))
    assert (account(archive).sequential, account(archive).missing) == (False, 0)
    assert account(archive).to_dict()["missing"] is None


def test_an_account_is_exported_in_plain_values(archive, save, make):
    save(make(1))
    assert account(archive).to_dict() == {
        "source": "mcls-yazd",
        "listed": 0,
        "fetched": 1,
        "quarantined": 0,
        "missing": None,
        "sequential": False,
        "last_sweep": None,
        "days": [{"day": "1400-09-15", "listed": 0, "fetched": 1, "quarantined": 0, "missing": []}],
    }
    assert Day(day="1400-09-15", missing=((3, 4),)).to_dict()["missing"] == [[3, 4]]
