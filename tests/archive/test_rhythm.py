"""The rhythm of an archive: told from what is kept along the change log, which says what the articles say."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from archive import Kind, Query, absences, crawls, rhythm, timings
from archive.article import month_begins
from persian.dates import parse

NOW = datetime(2021, 12, 6, 12, tzinfo=UTC)
MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)
YAZD, GILAN = Query(provinces=("IR-21",)), Query(provinces=("IR-01",))


def follow(archive):
    """Bring the timings up to date; they are then what making them anew would give."""
    archive.follow_timings()
    with archive.reading() as connection:
        assert list(timings.verify(connection)) == []


def ask(archive, question, query=YAZD):
    with archive.reading() as connection:
        return question(connection, query)


def begin(archive, source, at):
    with archive.writing() as connection:
        return crawls.begin(connection, source, at)


# ---- days, hours ----


def test_releases_are_told_by_their_jalali_day_in_tehran(archive, save, make):
    save(make(1), make(2, date="۱۵ آذر ۱۴۰۰"), make(3, date="۱ دی ۱۴۰۰"), make(4, source="mcls-gilan"))
    follow(archive)
    assert ask(archive, rhythm.days) == {"1400-09-15": 2, "1400-10-01": 1}
    assert ask(archive, rhythm.days, Query()) == {"1400-09-15": 3, "1400-10-01": 1}


def test_an_undated_release_is_told_on_the_day_it_was_first_read_and_has_no_hour(archive, save, make):
    save(make(1, date=None, fetched_at=datetime(2021, 12, 21, 20, 31, tzinfo=UTC)))  # past midnight in Tehran
    follow(archive)
    assert ask(archive, rhythm.days) == {"1400-10-01": 1}
    assert ask(archive, rhythm.hours) == {}


HOURS = {  # 15 Azar 1400 was a Monday
    "۱۵ آذر ۱۴۰۰ ۰۹:۱۹": {(2, 9): 1},
    "۱۵ آذر ۱۴۰۰ ۲۳:۵۹": {(2, 23): 1},
    "۱۳ آذر ۱۴۰۰ ۰۰:۰۰": {(0, 0): 1},
    "۱۹ آذر ۱۴۰۰ ۱۲:۳۰": {(6, 12): 1},
    "۱۵ تیر ۱۴۰۰ ۰۹:۱۹": {(3, 9): 1},  # summer time
    "۱۵ آذر ۱۴۰۰": {},
}


@pytest.mark.parametrize(("date", "expected"), HOURS.items())
def test_releases_whose_date_has_a_time_are_told_by_hour_of_the_iranian_week(archive, save, make, date, expected):
    save(make(1, date=date))
    follow(archive)
    assert ask(archive, rhythm.hours) == expected


# ---- lags ----

BEGUN = datetime(2021, 12, 6, tzinfo=UTC)
LAGS = {
    "at once": (timedelta(), {0: 1}),
    "a quarter of an hour": (15 * MINUTE, {0: 1}),
    "a minute more": (16 * MINUTE, {1: 1}),
    "an hour": (HOUR, {1: 1}),
    "three hours": (3 * HOUR, {2: 1}),
    "half a day": (12 * HOUR, {3: 1}),
    "a day": (24 * HOUR, {4: 1}),
    "three days": (72 * HOUR, {5: 1}),
    "a week": (168 * HOUR, {6: 1}),
    "longer": (169 * HOUR, {7: 1}),
    "a clock that is ahead": (-15 * MINUTE, {0: 1}),
    "a date that lies ahead": (-16 * MINUTE, {}),
}


@pytest.mark.parametrize(("after", "expected"), LAGS.values(), ids=LAGS)
def test_a_lag_lies_between_publication_and_first_reading(archive, save, make, after, expected):
    begin(archive, "mcls-yazd", BEGUN)
    published = parse("۱۵ آذر ۱۴۰۰ ۰۹:۱۹", fetched_at=NOW)
    save(make(1, published=published, fetched_at=published.at + after))
    save(make(1, published=published, fetched_at=published.at + after + 900 * HOUR))
    follow(archive)
    assert ask(archive, rhythm.lags) == expected


NO_LAG = {
    "a release of before the first harvest": ("۱۴ آذر ۱۴۰۰ ۰۹:۱۹", BEGUN),
    "a date without a time": ("۱۵ آذر ۱۴۰۰", BEGUN),
    "a source that no crawl has begun with": ("۱۵ آذر ۱۴۰۰ ۰۹:۱۹", None),
    "a reading of before the first harvest": ("۱۵ آذر ۱۴۰۰ ۰۹:۱۹", NOW + HOUR),
}


@pytest.mark.parametrize(("date", "begun"), NO_LAG.values(), ids=NO_LAG)
def test_no_lag_is_told_where_there_is_none_to_tell(archive, save, make, date, begun):
    if begun:
        begin(archive, "mcls-yazd", begun)
    save(make(1, date=date, fetched_at=NOW))
    begin(archive, "mcls-yazd", NOW + 100 * HOUR)
    follow(archive)
    assert ask(archive, rhythm.lags) == {}


# ---- edits and removals ----


def test_edits_and_removals_are_told_by_the_month_they_were_found_in(archive, save, make):
    save(make(1), make(2))
    save(make(1, body="دیگر", fetched_at=datetime(2021, 12, 21, 20, 31, tzinfo=UTC)))
    for hours in (0, 6):
        with archive.writing() as connection:
            absences.missed(connection, "mcls-yazd", ["id:2"], NOW + hours * HOUR)
    follow(archive)
    expected = {("1400-09", Kind.GONE): 1, ("1400-10", Kind.REVISED): 1}
    for query in (Query(), YAZD, Query(agencies=("mcls",)), Query(sources=("mcls-yazd",))):
        assert ask(archive, rhythm.edits, query) == expected
    assert ask(archive, rhythm.edits, GILAN) == {}


# ---- narrowed ----


NARROWED = {
    "all": (Query(), 4),
    "a province": (YAZD, 2),
    "an agency": (Query(agencies=("mcls",)), 3),
    "a source": (Query(sources=("mcls-yazd",)), 1),
    "two provinces": (Query(provinces=("IR-21", "IR-01")), 4),
    "a province and an agency": (Query(provinces=("IR-21",), agencies=("mcls",)), 1),
    "a source elsewhere": (Query(provinces=("IR-00",), sources=("mcls-yazd",)), 0),
    "an agency and a source of another": (Query(sources=("mcls-yazd", "mcls-gilan", "ostandari-yazd")), 4),
    "a month": (Query(since=month_begins("1400-09"), until=month_begins("1400-10")), 3),
    "from a month on": (Query(since=month_begins("1400-10")), 1),
    "within a month, which counts as a whole": (Query(since=NOW, until=NOW + HOUR), 3),
    "a month that has none": (Query(until=month_begins("1400-09")), 0),
    "a source in a month": (Query(sources=("mcls-yazd",), since=month_begins("1400-10")), 0),
}


@pytest.mark.parametrize(("query", "number"), NARROWED.values(), ids=NARROWED)
def test_charts_are_narrowed_as_queries_are(archive, save, make, query, number):
    late = make(1, "۱ دی ۱۴۰۰ ۱۰:۰۰", source="mcls-gilan", native_id="late", url="https://gilan.example.ir/late")
    save(make(1), make(1, source="ostandari-yazd"), make(1, source="mcls-gilan"), late)
    follow(archive)
    assert sum(ask(archive, rhythm.days, query).values()) == number
    assert sum(ask(archive, rhythm.hours, query).values()) == number
    assert archive.count(rhythm.whole_months(query)) == number


@pytest.mark.parametrize("by", [("month",), ("agency",), ("province",), ("month", "agency"), ("month", "province")])
@pytest.mark.parametrize(("query", "number"), NARROWED.values(), ids=NARROWED)
def test_what_is_told_in_fewer_rows_is_what_facets_tell(archive, save, make, query, number, by):
    late = make(1, "۱ دی ۱۴۰۰ ۱۰:۰۰", source="mcls-gilan", native_id="late", url="https://gilan.example.ir/late")
    save(make(1), make(1, source="ostandari-yazd"), make(1, source="mcls-gilan"), late)
    follow(archive)
    told = ask(archive, lambda connection, query: rhythm.counted(connection, query, *by), query)
    if told is None:
        assert query.sources or {*by} & {"agency", "province"} or (query.agencies and query.provinces)
    else:
        assert told == dict(archive.counts(rhythm.whole_months(query), by))


def test_a_query_of_whole_months_stays_as_it_is():
    query = Query(since=month_begins("1399-12"), until=month_begins("1400-01"))
    assert rhythm.whole_months(query) == query
    assert rhythm.span(query) == ("1399-12", "1399-12")


# ---- following the log ----


def test_what_is_asked_before_the_log_is_followed_is_behind_by_its_rows(archive, save, make):
    save(make(1), make(2))
    with archive.reading() as connection:
        assert timings.behind(connection) == 2
        assert rhythm.days(connection, Query()) == {}
    follow(archive)
    with archive.reading() as connection:
        assert timings.behind(connection) == 0


def test_a_source_that_is_filed_elsewhere_is_counted_there(archive, save, make, catalogue):
    save(make(1))
    follow(archive)
    yazd = catalogue.source("mcls-yazd")
    with archive.writing() as connection:
        crawls.register(connection, [yazd])
        assert timings.behind(connection) == 0
        moved = type(yazd)(
            **{**{name: getattr(yazd, name) for name in yazd.__slots__}, "province": catalogue.province("qom")}
        )
        crawls.register(connection, [moved])
    try:
        follow(archive)
        assert ask(archive, rhythm.days, Query(provinces=("IR-25",))) == {"1400-09-15": 1}
        assert ask(archive, rhythm.days, YAZD) == {}
    finally:
        with archive.writing() as connection:
            crawls.register(connection, [yazd])


EVENTS = st.lists(
    st.tuples(
        st.sampled_from(["read", "missed", "unlisted", "follow"]),
        st.integers(1, 3),
        st.sampled_from(["۱۵ آذر ۱۴۰۰", "۱۵ آذر ۱۴۰۰ ۱۰:۰۰", "۱ دی ۱۴۰۰ ۰۱:۰۰", None]),
        st.sampled_from(["mcls-yazd", "mcls-gilan"]),
        st.sampled_from(["fa_portal/1", "fa_portal/2"]),
    ),
    max_size=12,
)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(events=EVENTS, limit=st.integers(1, 4))
def test_what_is_kept_is_true_after_any_story(archive, keep, make, events, limit):
    later = datetime.now(UTC)
    begin(archive, "mcls-yazd", NOW - 24 * HOUR)
    for step, (event, number, date, source, extractor) in enumerate(events):
        at, keys = later + step * 6 * HOUR, [f"id:{number}"]
        if event == "read":
            published = date and parse(date, fetched_at=later)
            keep(archive, make(number, published=published, fetched_at=at, source=source, extractor=extractor))
            continue
        with archive.writing() as connection:
            if event == "follow":
                timings.catch_up(connection, limit)
            else:
                getattr(absences, event)(connection, source, keys, at)
        with archive.reading() as connection:
            assert list(timings.verify(connection)) == []
    follow(archive)
    assert sum(ask(archive, rhythm.days, Query()).values()) == archive.count(Query())


# ---- months ----


def test_the_last_month_that_has_releases_is_told_of_any_part(archive, save, make):
    assert ask(archive, rhythm.newest, Query()) == ""
    save(make(1), make(2, "۱ دی ۱۴۰۰ ۱۰:۰۰", source="mcls-gilan"))
    follow(archive)
    assert ask(archive, rhythm.newest, Query()) == "1400-10"
    assert ask(archive, rhythm.newest, YAZD) == "1400-09"
    assert ask(archive, rhythm.newest, Query(sources=("mcls-yazd",))) == "1400-09"


@pytest.mark.parametrize(("month", "before"), [("1403-05", "1403-04"), ("1403-01", "1402-12")])
def test_the_month_before(month, before):
    assert rhythm.month_before(month) == before


def test_dates_of_no_year_of_the_calendar_are_no_bounds():
    assert rhythm.span(Query(since=datetime(1, 1, 1, tzinfo=UTC))) == rhythm.span(Query())


def test_all_sources_that_there_are_are_told_as_all(archive, save, make, catalogue):
    save(make(1), make(2, source="mcls-gilan"))
    follow(archive)
    every = Query(sources=tuple(catalogue.sources))
    assert ask(archive, rhythm.days, every) == ask(archive, rhythm.days, Query())


def test_a_date_that_is_corrected_moves_its_release(archive, save, make):
    save(make(1), make(2))
    follow(archive)
    save(make(1, "۱ دی ۱۴۰۰ ۱۰:۰۰"), make(2, body="متن تازه"))
    follow(archive)
    assert ask(archive, rhythm.days) == {"1400-09-15": 1, "1400-10-01": 1}
