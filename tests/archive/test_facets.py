"""Counts: three ways to them, which agree; keys in a stated order; and copies of one text taken together."""

import shutil
from dataclasses import replace
from itertools import combinations
from pathlib import Path

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from archive import Archive, Query, Sort, State, absences, answers, clusters, facets, tables
from archive.database import sqlite_url
from archive.errors import QueryError
from archive.facets import DIMENSIONS, Facets
from archive.filters import Filters
from archive.search import SearchIndex

OFFICES = ("mcls-yazd", "mcls-kerman", "ostandari-yazd", "ostandari-kerman")
DATES = ("۲۹ اسفند ۱۳۹۹ ۲۳:۵۹", "۱ فروردین ۱۴۰۰ ۰۰:۰۰", "۱۵ آذر ۱۴۰۰", "۳۰ آذر ۱۴۰۰ ۲۳:۵۹", "۱ دی ۱۴۰۰ ۰۰:۰۰", None)
TAGS = ((), ("اشتغال",), ("بیمه",), ("اشتغال", "بیمه"))
NUMBER = 48


def fill(archive: Archive, keep, make, size: int) -> None:
    """Releases of all offices, dates and tags; every fifth is gone, every seventh unlisted, every eleventh edited."""
    readings = [
        make(
            number,
            DATES[number % len(DATES)],
            source=OFFICES[number % len(OFFICES)],
            tags=TAGS[number % 7 % len(TAGS)],
            title=f"خبر {'کارگاه' if number % 3 else 'نمایشگاه'} {number}",
        )
        for number in range(NUMBER)
    ]
    for start in range(0, NUMBER, size):
        keep(archive, *readings[start : start + size])
    keep(archive, *(replace(reading, body="کارگاه تازه") for reading in readings[::11]))
    at = readings[0].fetched_at
    with archive.writing() as connection:
        for number, reading in enumerate(readings):
            keys = [f"id:{reading.native_id}"]
            if number % 5 == 0:
                for hours in (0, 7):
                    absences.missed(connection, reading.source, keys, at.replace(hour=at.hour + hours))
            elif number % 7 == 0:
                absences.unlisted(connection, reading.source, keys, at)


def copied(archive: Archive) -> None:
    """Clusters of three in the order of keys; one in four stands for itself."""
    with archive.writing() as connection:
        pks = list(connection.scalars(sa.select(tables.articles.c.pk).order_by(tables.articles.c.pk)))
        rows = [
            {"article": pk, "cluster": pks[place - place % 4], "first": pks[place - place % 4], "similarity": 0.9}
            for place, pk in enumerate(pks)
            if place % 4 < 3
        ]
        connection.execute(sa.insert(tables.copies), rows)


@pytest.fixture(scope="module")
def shelf(tmp_path_factory, sqlite_template, keep, make):
    directory = tmp_path_factory.mktemp("facets")
    shutil.copy(sqlite_template, directory / "monadi.db")
    with Archive(sqlite_url(directory / "monadi.db"), directory / "search") as archive:
        fill(archive, keep, make, 7)
        copied(archive)
        yield archive


PERIODS = (None, "1399-12", "1400-01", "1400-09", "1400-10", "1400-09-15", "1400-10-01", "2021-12")
QUERIES = st.fixed_dictionaries(
    {},
    optional={
        "province": st.sampled_from(["yazd", "kerman", "gilan"]),
        "agency": st.sampled_from(["mcls", "ostandari"]),
        "source": st.lists(st.sampled_from(OFFICES), max_size=2),
        "tag": st.lists(st.sampled_from(["اشتغال", "بیمه", "نیست"]), max_size=2),
        "state": st.lists(st.sampled_from(list(State)), max_size=3),
        "since": st.sampled_from(PERIODS),
        "until": st.sampled_from(PERIODS),
        "changed-since": st.none() | st.integers(0, NUMBER + 10),
        "collapse-copies": st.booleans(),
        "text": st.sampled_from(["خبر", "کارگاه", "title:نمایشگاه", "کارگاه OR خبر", "-نیست", "نیست"]),
    },
)
BY = st.lists(st.sampled_from(DIMENSIONS), max_size=4, unique=True)


def counted_by_hand(archive: Archive, query: Query, by) -> dict[tuple[str, ...], int]:
    found: dict[tuple[str, ...], int] = {}
    with archive.reading() as connection:
        tagged: dict[str, list[str]] = {}
        statement = sa.select(tables.articles.c.id, tables.tags.c.key)
        for id_, key in connection.execute(statement.join(tables.tags, tables.tags.c.article == tables.articles.c.pk)):
            tagged.setdefault(id_, []).append(key)
        months = dict(connection.execute(sa.select(tables.articles.c.id, tables.articles.c.month)).all())
    for item in archive.articles(query):
        for tag in tagged.get(item.id, []) if "tag" in by else [""]:
            values = {
                "month": months[item.id],
                "province": item.province.iso,
                "agency": item.agency,
                "source": item.article.source,
                "state": str(item.state),
                "tag": tag,
            }
            key = tuple(values[name] for name in by)
            found[key] = found.get(key, 0) + 1
    return found


@settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(words=QUERIES, by=BY)
def test_counts_are_what_counting_the_answer_gives(shelf, catalogue, words, by):
    query = Query.parse(words, catalogue)
    found = shelf.counts(query, by)
    assert dict(found) == counted_by_hand(shelf, query, by)
    assert list(found) == sorted(found)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(words=QUERIES, by=BY)
def test_kept_counts_say_what_the_articles_say(shelf, catalogue, words, by):
    query = Query.parse({**words, "text": None}, catalogue)
    with shelf.reading() as connection:
        filters = Filters.of(connection, query)
        kept = facets._kept(query, filters, by)
        if kept is not None:
            articles = facets._counted(query, filters, by)
            assert facets._grouped(connection, kept) == facets._grouped(connection, articles)


KEPT = {
    "nothing": ({}, (), True),
    "month and province": ({"province": "yazd"}, ("month", "province"), True),
    "whole months": ({"since": "1400-09", "until": "1400"}, ("source",), True),
    "days": ({"since": "1400-09-15"}, (), False),
    "a Gregorian month": ({"until": "2021-12"}, (), False),
    "a tag": ({"tag": "بیمه"}, ("month",), True),
    "tags": ({"tag": ["بیمه", "اشتغال"]}, (), False),
    "by tag": ({"state": "live"}, ("tag",), True),
    "other tags of a tag": ({"tag": "بیمه"}, ("tag",), False),
    "changes": ({"changed-since": 3}, (), False),
    "without copies": ({"collapse-copies": True}, (), False),
}


@pytest.mark.parametrize(("words", "by", "kept"), KEPT.values(), ids=KEPT)
def test_kept_counts_answer_wherever_they_can(shelf, catalogue, words, by, kept):
    query = Query.parse(words, catalogue)
    with shelf.reading() as connection:
        assert (facets._kept(query, Filters.of(connection, query), by) is not None) is kept


def test_both_engines_count_the_same(both, keep, make, catalogue):
    for archive, size in zip(both, (5, 48), strict=True):
        fill(archive, keep, make, size)
        copied(archive)
    for words in ({}, {"collapse-copies": True}, {"text": "خبر", "collapse-copies": True}, {"since": "1400-09-15"}):
        query = Query.parse(words, catalogue)
        for by in combinations(DIMENSIONS, 2):
            embedded, served = (archive.counts(query, by) for archive in both)
            assert embedded == served
            assert len(embedded) > 1


def test_the_result_is_a_plain_value(shelf):
    found = shelf.counts(Query(text="نمایشگاه", provinces=("IR-21",), states=(State.UNLISTED,)), ("month", "state"))
    assert found == Facets(by=("month", "state"), rows=((("1399-12", "unlisted"), 1),))
    assert found.to_dict() == {
        "by": ["month", "state"],
        "counts": [{"month": "1399-12", "state": "unlisted", "articles": 1}],
    }


def test_another_dimension_is_named(shelf):
    with pytest.raises(QueryError, match="by: 'city' is none of month, province, "):
        shelf.counts(Query(), ("month", "city"))


# ---- copies of one text ----


@pytest.mark.parametrize("many", [answers.MANY, 1])  # articles under a tag, for which the index is asked
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(words=QUERIES, sort=st.sampled_from(list(Sort)), limit=st.none() | st.integers(1, 9))
def test_of_copies_the_earliest_that_passes_the_filters_is_shown(
    shelf, catalogue, monkeypatch, many, words, sort, limit
):
    monkeypatch.setattr(answers, "MANY", many)
    words = {**words, "collapse-copies": False}
    if words.get("text") or sort is not Sort.BEST:
        words["sort"] = sort
    query = Query.parse(words, catalogue)
    with shelf.reading() as connection:
        columns = tables.articles.c.id, tables.articles.c.pk, tables.articles.c.ordered_at, tables.copies.c.cluster
        statement = sa.select(*columns).outerjoin(tables.copies, tables.copies.c.article == tables.articles.c.pk)
        place = {row.id: row for row in connection.execute(statement)}
    earliest: dict[int, tuple] = {}
    passing = [item.id for item in shelf.articles(query)]
    for id_ in passing:
        cluster, where = place[id_].cluster or -place[id_].pk, (place[id_].ordered_at, place[id_].pk)
        earliest[cluster] = min(earliest.get(cluster, where), where)
    shown = [id_ for id_ in passing if (place[id_].ordered_at, place[id_].pk) in earliest.values()]
    collapsed = query.narrowed(collapse_copies=True)
    assert [item.id for item in shelf.articles(collapsed)] == shown
    assert [item.id for item in shelf.articles(collapsed.narrowed(limit=limit))] == shown[:limit]
    assert shelf.count(collapsed) == len(shown)


# ---- by each dimension alone ----


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(words=QUERIES, by=BY)
def test_counts_by_each_dimension_alone_are_those_by_it(shelf, catalogue, words, by):
    query = Query.parse(words, catalogue)
    with shelf.reading() as connection:
        assert facets.spread(connection, query, shelf.index, by) == {name: shelf.counts(query, (name,)) for name in by}


def test_an_index_that_shows_its_damage_only_when_it_is_asked_is_made_anew(archive, keep, make):
    fill(archive, keep, make, 7)
    query = Query(text="خبر")
    expected = {name: archive.counts(query, (name,)) for name in ("month", "source")}
    damage(archive.index.directory)
    with archive.reading() as connection:
        index = SearchIndex(archive.index.directory)
        assert facets.spread(connection, query, index, ("month", "source")) == expected
    damage(archive.index.directory)
    with archive.reading() as connection:
        index = SearchIndex(archive.index.directory)
        assert facets.count(connection, query, index) == sum(number for _, number in expected["month"].rows)


def damage(directory: Path) -> None:
    """Files of the length that is known, and of the end that is looked at when they are opened."""
    for file in (path for path in directory.rglob("*") if path.suffix in {".term", ".idx", ".fast"}):
        content = file.read_bytes()
        file.write_bytes(b"\xff" * (len(content) // 2) + content[len(content) // 2 :])


def test_counts_of_a_search_in_some_offices_are_told_by_place(shelf):
    query = Query(text="خبر", sources=OFFICES[:2])
    for place in ("province", "agency", "source"):
        for other in ("state", "month"):
            assert dict(shelf.counts(query, (place, other))) == counted_by_hand(shelf, query, (place, other))


@pytest.mark.parametrize("size", [1, 2, 10_000])
def test_copies_that_are_not_shown_are_told_in_parts_of_any_size(shelf, size):
    with shelf.reading() as connection:
        query = Query(text="خبر")
        filters = Filters.of(connection, query)
        matches = shelf.index.search(connection, query.text, filters)
        parts = list(clusters.all_hidden(connection, filters, matches, size))
    assert len(parts) == (NUMBER // 4 if size < 3 else 1)
    assert sum(map(len, parts)) == shelf.count(query) - shelf.count(replace(query, collapse_copies=True))


def test_a_search_in_more_offices_than_are_gathered_one_by_one_finds_the_same(shelf, catalogue, monkeypatch):
    monkeypatch.setattr("archive.search.matching.MANY", 10)
    every = Query(text="خبر", sources=tuple(sorted(catalogue.sources)))
    assert shelf.count(every) == shelf.count(Query(text="خبر"))


def test_what_is_no_search_is_counted_by_each_dimension_as_by_it(shelf):
    with shelf.reading() as connection:
        found = facets.spread(connection, Query(), shelf.index, ("month", "state"))
        assert shelf.index.search(connection, "خبر").those([]) == []
    assert found == {name: shelf.counts(Query(), (name,)) for name in ("month", "state")}
