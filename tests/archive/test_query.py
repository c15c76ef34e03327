"""The query: what its words mean, which articles answer it in which order, and how its pages are walked."""

import base64
import json
import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from itertools import pairwise

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from archive import Archive, Query, Sort, State, answers, counts, facets, tables
from archive import query as queries
from archive.errors import ArchiveUnavailable, QueryError
from archive.search import SearchIndex

DATES = {
    1: "۱۵ آذر ۱۴۰۰ ۰۹:۱۹",
    2: "۳۰ آذر ۱۴۰۰ ۲۳:۵۹",
    3: "۱ دی ۱۴۰۰ ۰۰:۰۰",
    4: "۲۹ اسفند ۱۴۰۰",
    5: "۱ فروردین ۱۴۰۱ ۰۸:۰۰",
    6: "۱۰ دی ۱۴۰۰ ۱۲:۰۰",
}
OFFICES = {1: "mcls-yazd", 2: "mcls-yazd", 3: "mcls-kerman", 4: "ostandari-yazd", 5: "ostandari-kerman", 6: "mcls-yazd"}
TAGS = {1: ("اشتغال",), 2: ("بیمه",), 3: ("اشتغال", "بیمه"), 4: (), 5: ("کارآفرینی",), 6: ("كارآفريني",)}


@pytest.fixture
def full(archive: Archive, save, make) -> Archive:
    """Six articles of four offices; the sixth is gone and was edited: change 7."""
    fill(save, make)
    lose_the_sixth(archive)
    return archive


def fill(save, make) -> None:
    readings = [make(n, DATES[n], source=OFFICES[n], tags=TAGS[n], title=f"خبر شماره‌ی {n}") for n in DATES]
    save(*readings)
    save(replace(readings[5], body="متن اصلاح‌شده درباره‌ی تعاون"))


def lose_the_sixth(archive: Archive) -> None:
    """Without a row in the log, so that the numbers of changes stay those of the readings."""
    with archive.writing() as connection:
        pk = connection.scalar(sa.select(tables.articles.c.pk).where(tables.articles.c.native_id == "6"))
        counts.moved(connection, [pk], State.GONE)
        connection.execute(sa.update(tables.articles).where(tables.articles.c.pk == pk).values(state="gone"))


def numbers(archive: Archive, query: Query) -> list[int]:
    return [int(item.article.native_id) for item in archive.articles(query)]


# ---- filters in people's words ----

FILTERS = {
    "nothing": ({}, [5, 4, 6, 3, 2, 1]),
    "province by key": ({"province": "yazd"}, [4, 6, 2, 1]),
    "province by ISO code": ({"province": "IR-21"}, [4, 6, 2, 1]),
    "province in Persian": ({"province": "یزد"}, [4, 6, 2, 1]),
    "province in Arabic letters": ({"province": "يزد"}, [4, 6, 2, 1]),
    "two provinces": ({"province": ["یزد", "کرمان"]}, [5, 4, 6, 3, 2, 1]),
    "province without articles": ({"province": "gilan"}, []),
    "agency": ({"agency": "ostandari"}, [5, 4]),
    "source": ({"source": "mcls-yazd"}, [6, 2, 1]),
    "two sources": ({"source": ["mcls-kerman", "ostandari-yazd"]}, [4, 3]),
    "tag": ({"tag": "اشتغال"}, [3, 1]),
    "either tag": ({"tag": ["اشتغال", "بیمه"]}, [3, 2, 1]),
    "tag in any spelling": ({"tag": "کار آفرینی"}, []),
    "tag in any letters": ({"tag": "«كارآفريني»"}, [5, 6]),
    "unused tag": ({"tag": "ورزش"}, []),
    "live": ({"state": "live"}, [5, 4, 3, 2, 1]),
    "gone": ({"state": "gone"}, [6]),
    "either state": ({"state": ["gone", "unlisted"]}, [6]),
    "since a Jalali day": ({"since": "1400-10-01"}, [5, 4, 6, 3]),
    "since a Jalali day in Persian digits": ({"since": "۱۴۰۰/۱۰/۰۱"}, [5, 4, 6, 3]),
    "since a Jalali month": ({"since": "۱۴۰۰/۱۰"}, [5, 4, 6, 3]),
    "since a named month": ({"since": "دی ۱۴۰۰"}, [5, 4, 6, 3]),
    "since a Jalali year": ({"since": "1401"}, [5]),
    "since a Gregorian day": ({"since": "2021-12-22"}, [5, 4, 6, 3]),
    "since a Gregorian month": ({"since": "2022-01"}, [5, 4]),
    "until includes its day": ({"until": "1400-09-30"}, [2, 1]),
    "until includes its month": ({"until": "1400-10"}, [6, 3, 2, 1]),
    "until includes its year": ({"until": "1400"}, [4, 6, 3, 2, 1]),
    "until a Gregorian day": ({"until": "2021-12-21"}, [2, 1]),
    "until a Gregorian year": ({"until": "2021"}, [6, 3, 2, 1]),
    "one day": ({"since": "1400/09/15", "until": "1400/09/15"}, [1]),
    "one month": ({"since": "1400/10", "until": "1400/10"}, [6, 3]),
    "both calendars": ({"since": "۱۴۰۰/۰۹/۱۶", "until": "2021-12-31"}, [6, 3, 2]),
    "a range turned round": ({"since": "1401", "until": "1400"}, []),
    "changed since": ({"changed-since": "4"}, [5, 6]),
    "changed since, in Persian digits": ({"changed-since": "۴"}, [5, 6]),
    "changed since the beginning": ({"changed-since": 0}, [5, 4, 6, 3, 2, 1]),
    "changed since the last": ({"changed-since": 7}, []),
    "oldest": ({"sort": "oldest"}, [1, 2, 3, 6, 4, 5]),
    "limit": ({"limit": 2}, [5, 4]),
    "limit beyond the last": ({"limit": "99"}, [5, 4, 6, 3, 2, 1]),
    "oldest with limit": ({"sort": "oldest", "limit": "۲"}, [1, 2]),
    "text": ({"text": "شماره"}, [5, 4, 6, 3, 2, 1]),
    "text of an edit": ({"text": "اصلاح شده"}, [6]),
    "text in two values": ({"text": ["خبر", "اصلاح‌شده"]}, [6]),
    "text that is nowhere": ({"text": "هیچ‌جا"}, []),
    "text of signs": ({"text": "!!!"}, []),
    "text and province": ({"text": "خبر", "province": "کرمان"}, [5, 3]),
    "text and tag and order": ({"text": "خبر", "tag": "اشتغال", "sort": "oldest"}, [1, 3]),
    "text and state": ({"text": "خبر", "state": "gone"}, [6]),
    "best and province": ({"text": "اصلاح‌شده", "sort": "best", "province": "yazd"}, [6]),
    "agency and province": ({"agency": "ostandari", "province": "yazd"}, [4]),
    "source of another province": ({"source": "mcls-yazd", "province": "kerman"}, []),
    "all at once": (
        {
            "text": "خبر",
            "province": "یزد",
            "agency": "mcls",
            "source": "mcls-yazd",
            "tag": "بیمه",
            "state": "live",
            "since": "1400/09",
            "until": "2021-12",
            "changed-since": "1",
            "sort": "oldest",
            "limit": 5,
        },
        [2],
    ),
    "empty words": (dict.fromkeys(queries.PARSERS, ""), [5, 4, 6, 3, 2, 1]),
    "words left out": (dict.fromkeys(queries.PARSERS), [5, 4, 6, 3, 2, 1]),
    "fields of a form left blank": ({name: [" "] for name in queries.PARSERS}, [5, 4, 6, 3, 2, 1]),
}


@pytest.fixture(params=[answers.MANY, 1], ids=["few under a tag", "many under a tag"])
def many(request, monkeypatch):
    """From how many articles under a tag on the search index is asked for them."""
    monkeypatch.setattr(answers, "MANY", request.param)


@pytest.mark.usefixtures("many")
def test_both_engines_answer_every_filter_with_the_same_articles_in_the_same_order(both, keep, make, catalogue):
    found = []
    for archive in both:
        fill(lambda *batch, archive=archive: keep(archive, *batch), make)
        lose_the_sixth(archive)
        found.append({name: numbers(archive, Query.parse(words, catalogue)) for name, (words, _) in FILTERS.items()})
    embedded, served = found
    assert embedded == {name: expected for name, (_, expected) in FILTERS.items()}
    assert served == embedded


@pytest.mark.usefixtures("many")
@pytest.mark.parametrize("sort", [Sort.NEWEST, Sort.OLDEST])
def test_pages_of_a_tag_follow_each_other(full, sort):
    whole = list(full.articles(Query(tags=("اشتغال", "بیمه"), sort=sort)))
    assert len(whole) == 3
    for item, following in pairwise(whole):
        rest = Query(tags=("اشتغال", "بیمه"), sort=sort, cursor=full.cursor_after(item), limit=1)
        assert [each.id for each in full.articles(rest)] == [following.id]


def test_tags_are_answered_without_a_search_index_that_can_be_written(full, monkeypatch, tmp_path, caplog):
    monkeypatch.setattr(answers, "MANY", 1)
    (tmp_path / "file").touch()
    full.index = SearchIndex(tmp_path / "file" / "search")
    query = Query(tags=("بیمه",))
    assert numbers(full, query) == [3, 2]
    assert re.search(r"search index at .* cannot be written .*; until then tags are asked of the database", caplog.text)
    with full.bounded(5.0, query) as connection:
        assert len(list(answers.select(connection, query, full.index))) == 2
    with pytest.raises(ArchiveUnavailable, match="cannot be written"):
        numbers(full, Query(tags=("بیمه",), text="خبر"))


@pytest.mark.parametrize(
    "words",
    [
        {"agency": "mcls", "tag": "بیمه", "since": "1400", "until": "1401", "state": "live"},
        {"source": "mcls-yazd", "since": "1400", "until": "1400"},
    ],
)
def test_what_a_search_found_is_judged_where_it_stands(full, catalogue, words):
    """Not by way of all that passes its filters: a hundred thousand may, and fifty were found."""
    query = Query.parse({"text": "خبر", **words}, catalogue)
    plans = []

    def explain(_connection, cursor, statement, parameters, *_):
        if "revisions.body_html" in statement:
            explained = cursor.connection.cursor()
            explained.execute(f"EXPLAIN {'QUERY PLAN ' if plain else ''}{statement}", parameters)
            plans.append("\n".join(str(row[-1]) for row in explained.fetchall()))

    with full.reading() as connection:
        plain = connection.dialect.name == "sqlite"
        if not plain:  # of six rows it looks through all, whatever there is to help
            connection.exec_driver_sql("SET LOCAL enable_seqscan = off")
        sa.event.listen(connection, "before_cursor_execute", explain)
        assert len(list(answers.select(connection, query, full.index))) > 1
    [plan] = plans
    assert ("SEARCH articles USING INTEGER PRIMARY KEY" if plain else "pk_articles") in plan
    assert "ix_articles" not in plan


def test_references_name_the_same_articles_in_the_same_order(full, catalogue):
    for words, _ in FILTERS.values():
        query = Query.parse(words, catalogue)
        named = [(item.id, item.article.source, item.article.extractor) for item in full.articles(query)]
        assert list(full.references(query)) == named


def test_a_count_is_of_all_that_answer_whatever_the_limit_and_the_page(full, catalogue):
    for words, _ in FILTERS.values():
        query = Query.parse(words, catalogue)
        assert full.count(query) == len(numbers(full, replace(query, limit=None)))
    newest = next(full.articles(Query()))
    assert full.count(Query(cursor=full.cursor_after(newest), limit=1)) == 6


def test_an_empty_archive_answers_with_nothing(archive):
    assert numbers(archive, Query()) == numbers(archive, Query(text="خبر")) == []
    assert archive.count(Query()) == 0


def test_narrowing_sets_more_filters():
    assert Query(text="خبر").narrowed(states=(State.LIVE,)) == Query(text="خبر", states=(State.LIVE,))


def test_best_puts_the_title_before_the_body(archive, save, make, catalogue):
    save(make(1, title="خبر یکم", body="از تعاون گفت."), make(2, title="تعاون", body="متن"), make(3, body="هیچ"))
    assert numbers(archive, Query.parse({"text": "تعاون", "sort": "best"}, catalogue)) == [2, 1]


# ---- words that cannot be understood ----

WRONG = {
    "unknown filter": ({"ostan": "yazd"}, "ostan", "no such filter; there are text, province, "),
    "province": ({"province": "yazdd"}, "province", "yazdd"),
    "empire": ({"province": ["یزد", "هند"]}, "province", "هند"),
    "agency": ({"agency": "mclss"}, "agency", 'no agency "mclss"; did you mean'),
    "source": ({"source": "mcls-yazdd"}, "source", 'no source "mcls-yazdd"; did you mean'),
    "state": ({"state": "dead"}, "state", "'dead' is none of live, gone, unlisted"),
    "second state": ({"state": ["live", "dead"]}, "state", "'dead' is none of"),
    "day that does not exist": ({"since": "1400-12-30"}, "since", "1400"),
    "month that does not exist": ({"until": "1400-13"}, "until", "1400-13"),
    "Gregorian day that does not exist": ({"until": "2021-02-29"}, "until", "2021-02-29"),
    "no date": ({"since": "دیروز"}, "since", "such as 1400-09-15"),
    "year of neither calendar": ({"since": "1600"}, "since", "neither calendar"),
    "huge date": ({"since": "9" * 5000}, "since", "9"),
    "change": ({"changed-since": "x"}, "changed-since", "'x' is no whole number from 0"),
    "change below zero": ({"changed-since": "-1"}, "changed-since", "'-1' is no whole number from 0"),
    "half a change": ({"changed-since": "1.5"}, "changed-since", "'1.5' is no whole number"),
    "power": ({"changed-since": "²"}, "changed-since", "'²' is no whole number"),
    "limit": ({"limit": "many"}, "limit", "'many' is no whole number from 1"),
    "no limit": ({"limit": 0}, "limit", "'0' is no whole number from 1"),
    "sort": ({"sort": "worst"}, "sort", "'worst' is none of newest, oldest, best"),
    "best of nothing": ({"sort": "best"}, "sort", "best needs a text"),
    "collapse-copies": ({"collapse-copies": "maybe"}, "collapse-copies", "'maybe' is neither yes nor no"),
}


@pytest.mark.parametrize(("words", "parameter", "told"), WRONG.values(), ids=WRONG)
def test_a_wrong_word_is_named_in_one_line(catalogue, words, parameter, told):
    with pytest.raises(QueryError) as caught:
        Query.parse(words, catalogue)
    assert caught.value.parameter == parameter
    assert str(caught.value).startswith(f"{parameter}: ")
    assert told in str(caught.value)
    assert "\n" not in str(caught.value)


def cursor(text: str) -> str:
    return base64.urlsafe_b64encode(text.encode()).decode()


CURSORS = {
    "a word": "nonsense",
    "Persian": "برگه",
    "a surrogate": "\ud800",
    "no JSON": cursor("x"),
    "no pair": cursor("[1]"),
    "no date": cursor('["yesterday", 1]'),
    "no text": cursor("[1, 1]"),
    "no number": cursor('["2021-12-06T00:00:00+00:00", "x"]'),
    "nothing": cursor('["2021-12-06T00:00:00+00:00", null]'),
    "infinity": cursor('["2021-12-06T00:00:00+00:00", Infinity]'),
    "a date before time": cursor('["0001-01-01T00:00:00+23:59", 1]'),
    "a date after time": cursor('["9999-12-31T23:59:59-23:59", 1]'),
    "depths": cursor("[" * 100_000),
}


@pytest.mark.parametrize("wrong", CURSORS.values(), ids=CURSORS)
def test_what_is_no_cursor_is_named(catalogue, wrong):
    with pytest.raises(QueryError, match="cursor: not a cursor that a query gave"):
        Query.parse({"cursor": wrong}, catalogue)


@given(st.dictionaries(st.sampled_from(sorted(queries.PARSERS)), st.text() | st.lists(st.text()) | st.integers()))
def test_whatever_is_asked_is_a_query_or_a_query_error(catalogue, words):
    try:
        Query.parse(words, catalogue)
    except QueryError as error:
        assert error.parameter in words  # noqa: PT017 - either is right


EXTREMES = ["9" * 30, "9" * 5000, "0" * 5000 + "1"]


@pytest.mark.parametrize("number", EXTREMES, ids=["long", "very long", "padded"])
def test_a_number_beyond_all_bounds_is_answered_or_named(full, catalogue, number):
    for name in ("limit", "changed-since"):
        try:
            assert len(numbers(full, Query.parse({name: number}, catalogue))) in (0, 6)
        except QueryError as error:
            assert error.parameter == name  # noqa: PT017


@pytest.mark.parametrize("number", [-(10**30), -1, 10**30])
def test_a_cursor_with_a_number_beyond_all_bounds_is_answered(full, number):
    made_up = cursor(json.dumps(["2021-12-22T00:00:00+00:00", number]))
    assert numbers(full, Query(cursor=made_up)) == [3, 2, 1]


# ---- walking the pages ----


def walked(archive: Archive, query: Query, size: int) -> Iterator[list[str]]:
    """The ids of each page, from the first to the last."""
    position = None
    while page := list(archive.articles(replace(query, limit=size, cursor=position))):
        yield [item.id for item in page]
        position = archive.cursor_after(page[-1])


moments = st.integers(0, 3).map(lambda hour: f"۱۵ آذر ۱۴۰۰ ۰{hour}:۰۰") | st.none()  # most of them equal


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(dates=st.lists(moments, max_size=25), size=st.integers(1, 9), sort=st.sampled_from([Sort.NEWEST, Sort.OLDEST]))
def test_pages_of_any_size_give_every_article_once_in_order(archive, save, make, dates, size, sort):
    empty(archive)
    save(*(make(number, date) for number, date in enumerate(dates)))
    query = Query(sort=sort)
    pages = list(walked(archive, query, size))
    whole = list(archive.articles(query))
    assert [id_ for page in pages for id_ in page] == [item.id for item in whole]
    assert len(whole) == len({item.id for item in whole}) == len(dates)
    in_order = [item.article.ordering for item in whole]
    assert in_order == sorted(in_order, reverse=sort is Sort.NEWEST)
    assert {len(page) for page in pages[:-1]} <= {size}


def empty(archive: Archive) -> None:
    with archive.writing() as connection:
        for table in reversed(tables.metadata.sorted_tables):
            if table is not tables.sources:
                connection.execute(sa.delete(table))


def test_articles_that_arrive_while_the_pages_are_walked_double_and_hide_none(archive, save, make):
    save(*(make(number) for number in range(9)))
    before = [item.id for item in archive.articles(Query())]
    seen: list[str] = []
    for number, page in enumerate(walked(archive, Query(), 2), start=100):
        seen += page
        save(make(number), make(number + 100, "۲۰ آذر ۱۴۰۰"), make(number + 200, "۱ آذر ۱۴۰۰"))
        if number > 120:
            break
    assert len(seen) == len(set(seen))
    assert [id_ for id_ in seen if id_ in before] == before


def test_an_answer_longer_than_what_is_read_at_a_time_is_whole(archive, save, make, monkeypatch):
    monkeypatch.setattr(answers, "PAGE", 3)
    save(*(make(number, title=f"خبر {number}") for number in range(10)))
    expected = list(reversed(range(10)))
    assert numbers(archive, Query()) == expected
    assert numbers(archive, Query(limit=7)) == expected[:7]
    assert numbers(archive, Query(limit=6)) == expected[:6]
    assert sorted(numbers(archive, Query(text="خبر", sort=Sort.BEST)), reverse=True) == expected
    assert len(numbers(archive, Query(text="خبر", sort=Sort.BEST, limit=7))) == 7


def test_a_long_answer_is_from_one_state_of_the_archive(archive, save, make, monkeypatch):
    monkeypatch.setattr(answers, "PAGE", 2)
    save(*(make(number) for number in range(6)))
    answer = archive.articles(Query(sort=Sort.OLDEST))
    first = next(answer)
    save(make(99, "۲۹ اسفند ۱۴۰۰"))
    assert [first, *answer][-1].article.native_id == "5"


def test_pages_of_the_best_follow_each_other(archive, save, make):
    save(*(make(number, title=f"تعاون {'خبر ' * number}") for number in range(7)))
    query = Query(text="تعاون", sort=Sort.BEST)
    whole = [item.id for item in archive.articles(query)]
    assert [id_ for page in walked(archive, query, 2) for id_ in page] == whole
    assert len(whole) == 7


def test_a_page_of_the_best_after_an_article_that_it_does_not_hold_is_named(archive, save, make):
    save(make(1, title="تعاون"), make(2, title="بیمه", body="هیچ"))
    other = archive.cursor_after(archive.article("mcls-yazd/2"))
    with pytest.raises(QueryError, match="cursor: not of this search"):
        list(archive.articles(Query(text="تعاون", sort=Sort.BEST, cursor=other)))


def test_a_cursor_is_safe_in_an_address_and_holds_whatever_the_clock_says(archive, save, make):
    save(make(1, None, fetched_at=datetime(2021, 12, 6, 8, 0, 0, 123_456, tzinfo=UTC)), make(2, "۱ آذر ۱۴۰۰"))
    after = archive.cursor_after(archive.article("mcls-yazd/1"))
    assert after.replace("-", "").replace("_", "").isalnum()
    assert numbers(archive, Query(cursor=after)) == [2]


def test_text_and_pages_go_together(full):
    pages = list(walked(full, Query(text="خبر", provinces=("IR-21",)), 3))
    assert [len(page) for page in pages] == [3, 1]


def test_a_cursor_goes_on_behind_the_article_that_it_was_made_of(full, catalogue):
    every = list(full.articles(Query()))
    rest = Query.parse({"cursor": full.cursor_after(every[2])}, catalogue)
    assert [item.id for item in full.articles(rest)] == [item.id for item in every[3:]]


def test_a_limit_ends_an_answer_in_the_middle_of_what_there_is(full):
    every = [item.id for item in full.articles(Query())]
    for limit in range(1, len(every)):
        assert [item.id for item in full.articles(Query(limit=limit))] == every[:limit]


def test_what_others_ask_is_bounded_in_time_and_sees_what_is_there(full):
    with full.bounded(5.0, Query(text="نشست")) as connection:
        assert facets.count(connection, Query(text="نشست"), full.index) == full.count(Query(text="نشست")) > 0
    with full.bounded(5.0) as connection:
        assert connection.scalar(sa.select(sa.func.count()).select_from(tables.articles)) == 6


def test_the_index_is_made_anew_up_to_the_newest_change(full):
    before = full.count(Query(text="نشست"))
    assert full.reindex() == full.changes()[-1].seq
    assert full.count(Query(text="نشست")) == before > 0


def test_the_best_of_no_search_and_a_limit_of_nothing_answer_nothing(full):
    assert list(full.articles(Query(sort=Sort.BEST))) == []
    assert list(full.articles(Query(limit=0))) == []
