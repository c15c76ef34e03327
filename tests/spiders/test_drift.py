"""Whether pages are still what they were, judged from what crawls counted."""

import random
from collections import Counter
from math import comb

import pytest
from hypothesis import given
from hypothesis import strategies as st

from spiders.drift import ALPHA, FIELDS, as_few, drifts, is_garbled, same_dates, told_by

USUAL = {"read": 200, "fetched": 220, "filled/lead": 200, "filled/kicker": 100, "filled/date": 200, "filled/time": 200}
ROWS = [
    ({"read": 2, "filled/kicker": 1, "filled/date": 2, "filled/time": 2}, "fields", "0 of 2 pages have a lead"),
    ({"read": 1, "filled/date": 1, "filled/time": 1}, None, "one page proves nothing"),
    ({"read": 9, "filled/lead": 9, "filled/date": 9, "filled/time": 9}, None, "a field of half the pages, in nine"),
    ({"read": 20, "filled/lead": 20, "filled/date": 20, "filled/time": 20}, "fields", "0 of 20 pages have a kicker"),
    ({"read": 3, **{f"filled/{name}": 3 for name in FIELDS}, "generic": 3}, "layout", "generic reader"),
    ({"read": 3, **{f"filled/{name}": 3 for name in FIELDS}, "odd/future": 3}, "date", "dated in the future"),
    ({"read": 3, **{f"filled/{name}": 3 for name in FIELDS}, "odd/garbled": 3}, "charset", "wrong charset"),
    ({"read": 3, **{f"filled/{name}": 3 for name in FIELDS}}, None, "as before"),
]


@pytest.mark.parametrize(("counts", "kind", "said"), ROWS, ids=[row[2] for row in ROWS])
def test_pages_are_held_against_what_the_source_has_shown(counts, kind, said):
    found = drifts(counts, USUAL)

    assert [each.kind for each in found[:1]] == ([kind] if kind else [])
    assert all(said in each.evidence for each in found[:1])


def test_a_source_that_has_shown_too_little_is_held_against_nothing():
    assert drifts({"read": 9, "generic": 9}, {"read": 19, "filled/lead": 19}) == []


@given(st.integers(0, 8), st.integers(0, 8), st.integers(0, 60), st.integers(0, 60))
def test_the_test_is_the_exact_tail_of_the_hypergeometric_distribution(have, more, had, others):
    pages, total = have + more, had + others
    ways = [comb(have + had, k) * comb(more + others, pages - k) for k in range(have + 1)]

    assert as_few(have, pages, had, total) == pytest.approx(sum(ways) / comb(pages + total, pages))


def test_false_alarms_of_offices_that_do_not_change_are_fewer_than_one_in_twenty_years():
    """40 source-years of 500 crawls of one to three pages; fields that come and go in spells of a week."""
    chance, alarms, years = random.Random(8), 0, 40
    for _ in range(years):
        shares = {name: chance.choice((0.0, 0.3, 0.6, 0.9, 0.97, 1.0)) for name in FIELDS}
        good, spell = Counter[str](), dict(shares)
        for crawl in range(500):
            if crawl % 10 == 0:
                spell = {name: min(1.0, share * chance.uniform(0.8, 1.2)) for name, share in shares.items()}
            counts = Counter(read=chance.choice((1, 1, 2, 3)))
            for name, share in spell.items():
                counts[f"filled/{name}"] = sum(chance.random() < share for _ in range(counts["read"]))
            alarms += bool(drifts(counts, good))
            good += counts
            if good["read"] > 400:
                good = Counter({name: count // 2 for name, count in good.items()})

    assert alarms <= years / 20, (alarms, ALPHA)


@pytest.mark.parametrize(
    ("text", "garbled"),
    [("گزارش", False), ("گزا\ufffdش", True), ("???? ????", True), ("Ú¯Ø²Ø§Ø±Ø´", True), ("Ministry?", False)],
)
def test_lost_letters_are_seen(text, garbled):
    assert is_garbled(text) is garbled


def test_dates_that_are_one_and_the_same_are_counted_from_three_on():
    assert same_dates([1, 1, 2]) == 0
    assert same_dates([1, 1, 1, 2]) == 3
    assert same_dates([]) == 0


def test_what_a_reading_has_is_counted_by_name(make):
    told = Counter(told_by(make(), fresh=True))

    assert told["read"] == told["filled/lead"] == told["filled/tags"] == told["filled/time"] == 1
    assert "filled/image" not in told
    assert told["odd/short"] == 1
