"""The counts that are kept say what counting the articles would say, whatever happened to them."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from archive import absences, counts
from persian.dates import parse

NOW = datetime(2021, 12, 6, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)


def of(archive):
    with archive.reading() as connection:
        assert counts.kept(connection) == counts.recount(connection)
        return counts.kept(connection)


def test_an_article_is_counted_by_source_jalali_month_state_and_tag(archive, save, make):
    save(make(1), make(2, tags=("یزد",)))
    assert of(archive) == (
        {("mcls-yazd", "1400-09", "live"): 2},
        {("اشتغال", "mcls-yazd", "1400-09", "live"): 1, ("یزد", "mcls-yazd", "1400-09", "live"): 2},
    )


def test_an_undated_article_is_counted_in_the_month_of_its_first_reading(archive, save, make):
    first = make(1, date=None, tags=(), fetched_at=datetime(2021, 12, 21, 20, 29, tzinfo=UTC))  # 30 Azar, 23:59
    save(first)
    save(make(1, date=None, tags=(), body="تازه", fetched_at=first.fetched_at + 100 * HOUR))
    assert of(archive) == ({("mcls-yazd", "1400-09", "live"): 1}, {})


def moved(archive, save, make):
    save(make(1, published=parse("۱ دی ۱۴۰۰", fetched_at=NOW + 700 * HOUR)))


def retagged(archive, save, make):
    save(make(1, body="دیگر", tags=("گیلان",)))


def gone(archive, save, make):
    for hours in (0, 6):
        with archive.writing() as connection:
            absences.missed(connection, "mcls-yazd", ["id:1"], NOW + hours * HOUR)


def gone_and_back(archive, save, make):
    gone(archive, save, make)
    save(make(1))


def unlisted(archive, save, make):
    with archive.writing() as connection:
        absences.unlisted(connection, "mcls-yazd", ["id:1"], NOW)


def reread(archive, save, make):
    save(make(1, extractor="fa_portal/2", tags=("دیگر",)))


AFTER = {
    moved: {"1400-10 live": 1},
    retagged: {"1400-09 live": 1},
    gone: {"1400-09 gone": 1},
    gone_and_back: {"1400-09 live": 1},
    unlisted: {"1400-09 unlisted": 1},
    reread: {"1400-09 live": 1},
}


@pytest.mark.parametrize(("what", "expected"), AFTER.items(), ids=lambda value: getattr(value, "__name__", ""))
def test_an_article_is_counted_where_it_is_now(archive, save, make, what, expected):
    save(make(1))
    what(archive, save, make)
    by_month, _ = of(archive)
    assert {f"{month} {state}": number for (_, month, state), number in by_month.items()} == expected


EVENTS = st.lists(
    st.tuples(
        st.sampled_from(["read", "missed", "unlisted", "listed"]),
        st.integers(1, 3),
        st.sampled_from(["۱۵ آذر ۱۴۰۰", "۱ دی ۱۴۰۰", None]),
        st.sampled_from([("الف",), ("الف", "ب"), ()]),
    ),
    max_size=12,
)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(events=EVENTS)
def test_the_counts_are_true_after_any_story(archive, keep, make, events):
    later = datetime.now(UTC)
    for step, (event, number, date, tags) in enumerate(events):
        at, keys = later + step * 6 * HOUR, [f"id:{number}"]
        if event == "read":
            published = date and parse(date, fetched_at=later)
            keep(archive, make(number, published=published, tags=tags, fetched_at=at))
            continue
        with archive.writing() as connection:
            getattr(absences, event)(connection, "mcls-yazd", keys, at)
    of(archive)


def test_tags_of_so_many_articles_are_told_in_their_order(archive, save, make):
    save(make(1), make(2, tags=("یزد",)), make(3, tags=("بیمه",)))
    with archive.reading() as connection:
        assert counts.tagged(connection, 1, ["live"]) == ["اشتغال", "بیمه", "یزد"]
        assert counts.tagged(connection, 2, ["live"]) == ["یزد"]
        assert counts.tagged(connection, 1, ["gone"]) == []
