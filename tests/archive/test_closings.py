"""Closed months: what they hold never changes, and in their order the volumes replay everything."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from archive import absences, closings
from archive.filters import EVERYTHING, Filters
from archive.query import Query

BEGAN = datetime(2021, 12, 6, 8, 1, tzinfo=UTC)  # 15 Azar 1400, when the first release was read
LATER = BEGAN + timedelta(days=1)
AZAR_OVER = datetime(2021, 12, 25, tzinfo=UTC)


@pytest.fixture
def read(archive):
    """The volumes as (closing, month, [(id, title)])."""

    def told(query=Query()):  # noqa: B008 - a value
        with archive.reading() as connection:
            filters = Filters.of(connection, query)
            return [
                (
                    section.closing,
                    section.month,
                    [
                        (item.id.partition("/")[2], item.article.title)
                        for item in closings.contents(connection, filters, section)
                    ],
                )
                for section in closings.sections(connection, filters, 1000)
            ]

    return told


@pytest.mark.parametrize(
    ("at", "month"),
    [
        (datetime(2021, 12, 24, 12, tzinfo=UTC), "1400-08"),  # 3 Dey: Azar ended three days before, all but some hours
        (datetime(2021, 12, 25, 0, tzinfo=UTC), "1400-09"),
        (datetime(2022, 3, 24, 0, tzinfo=UTC), "1400-12"),  # 4 Farvardin
        (datetime(2022, 3, 22, 0, tzinfo=UTC), "1400-11"),
    ],
)
def test_a_month_may_be_closed_three_days_after_its_end_in_tehran(at, month):
    assert closings.closable(at) == month


def test_nothing_is_closed_of_an_empty_archive(archive):
    assert archive.close_months(LATER) is None


def test_the_first_closing_waits_a_day_unless_all_sources_are_read(archive, save, make):
    save(make(1, "۱ آبان ۱۴۰۰"))
    assert archive.close_months(BEGAN + timedelta(hours=23)) is None
    assert archive.close_months(BEGAN, settled=True).month == "1400-08"


def test_a_month_is_closed_once(archive, save, make):
    save(make(1, "۱ آبان ۱۴۰۰"))
    assert archive.close_months(LATER).number == 1
    assert archive.close_months(LATER + timedelta(days=1)) is None
    with archive.writing() as connection:  # as for whoever has waited for another process that closed them
        assert closings.close(connection, LATER + timedelta(days=1)) is None
    assert archive.close_months(AZAR_OVER).number == 2


def test_what_is_closed_stays_as_it_was_read(archive, save, make, read):
    save(make(1, "۱ آبان ۱۴۰۰", title="نخست"), make(2, title="آذر"))
    archive.close_months(LATER)
    closed = (1, "1400-08", [("1", "نخست")])
    assert read() == [closed, (None, "1400-09", [("2", "آذر")])]
    save(make(1, "۳ مهر ۱۴۰۰", title="ویراسته", url="https://yazd.mcls.gov.ir/fa/news/1/نو"))
    with archive.writing() as connection:
        for hours in (0, 7):
            absences.missed(connection, "mcls-yazd", ["id:2"], LATER + timedelta(hours=hours))
    assert read() == [closed, (None, "1400-07", [("1", "ویراسته")])]  # what is gone is announced no more
    archive.close_months(AZAR_OVER)
    assert read() == [closed, (2, "1400-07", [("1", "ویراسته")])]


def test_a_closed_release_keeps_its_address_and_stays_when_it_is_gone(archive, save, make, read):
    save(make(1, "۱ آبان ۱۴۰۰"))
    archive.close_months(LATER)
    moved = make(1, "۱ آبان ۱۴۰۰", url="https://yazd.mcls.gov.ir/fa/news/1/جای-دیگر")
    save(replace(moved, fetched_at=LATER))
    assert archive.article("mcls-yazd/1").article.url.endswith("جای-دیگر")
    with archive.writing() as connection:
        for hours in (0, 7):
            absences.missed(connection, "mcls-yazd", ["id:1"], LATER + timedelta(hours=hours))
    with archive.reading() as connection:
        (section,) = closings.sections(connection, EVERYTHING, 9)
        (item,) = closings.contents(connection, EVERYTHING, section)
    assert item.article.url == make(1).url


def test_what_comes_to_light_later_is_of_a_later_closing(archive, save, make, read):
    save(make(1, "۱ آبان ۱۴۰۰"))
    archive.close_months(LATER)
    save(make(2, "۲ آبان ۱۴۰۰"), make(3, "۲ مهر ۱۴۰۰"))
    ids = [(closing, month, [id_ for id_, _ in held]) for closing, month, held in read()]
    assert ids == [(1, "1400-08", ["1"]), (None, "1400-07", ["3"]), (None, "1400-08", ["2"])]
    archive.close_months(AZAR_OVER)
    ids = [(closing, month, [id_ for id_, _ in held]) for closing, month, held in read()]
    assert ids == [(1, "1400-08", ["1"]), (2, "1400-07", ["3"]), (2, "1400-08", ["2"])]


def test_a_better_reading_is_not_announced(archive, save, make, read):
    save(make(1, "۱ آبان ۱۴۰۰"))
    archive.close_months(LATER)
    save(replace(make(1, "۱ آبان ۱۴۰۰", title="بهتر"), extractor="fa_portal/2"))
    assert [closing for closing, _, _ in read()] == [1]


@pytest.mark.parametrize(
    ("query", "ids"),
    [
        (Query(sources=("mcls-yazd",)), ["1", "3"]),
        (Query(provinces=("IR-22",)), ["2"]),
        (Query(tags=("تازه",)), ["3"]),
        (Query(agencies=("ostandari",)), []),
    ],
)
def test_volumes_are_narrowed_as_queries_are(query, ids, archive, save, make, read):
    elsewhere = {"source": "mcls-hormozgan", "url": "https://hormozgan.mcls.gov.ir/fa/news/2"}
    save(make(1, "۱ آبان ۱۴۰۰"), make(2, "۱ آبان ۱۴۰۰", **elsewhere), make(3, tags=("تازه",)))
    archive.close_months(LATER)
    assert [id_ for _, _, held in read(query) for id_, _ in held] == ids


def test_a_closed_release_stays_under_the_tags_that_it_was_closed_with(archive, save, make, read):
    save(make(1, "۱ آبان ۱۴۰۰", tags=("کهنه",)), make(2, "۲ آبان ۱۴۰۰", tags=("کهنه",)))
    archive.close_months(LATER)
    save(make(1, "۱ آبان ۱۴۰۰", tags=("تازه",), lead="ویراسته"))
    assert read(Query(tags=("کهنه",))) == [(1, "1400-08", [("1", make(1).title), ("2", make(2).title)])]
    assert read(Query(tags=("تازه",))) == [(None, "1400-08", [("1", make(1).title)])]
    archive.close_months(AZAR_OVER)
    assert [closing for closing, _, _ in read(Query(tags=("تازه",)))] == [2]


@pytest.mark.parametrize("closed", [False, True])
def test_volumes_are_cut_into_sections(closed, archive, save, make):
    save(*(make(number, f"{number % 9 + 1} آبان ۱۴۰۰") for number in range(1, 8)), make(9, "۱ مهر ۱۴۰۰"))
    if closed:
        archive.close_months(LATER)
    with archive.reading() as connection:
        sections = closings.sections(connection, EVERYTHING, 3)
        held = [[item.change for item in closings.contents(connection, EVERYTHING, each)] for each in sections]
    assert held == [[8], [1, 2, 3], [4, 5, 6], [7]]
    assert [(each.month, each.start, each.size) for each in sections[1:]] == [
        ("1400-08", 0, 3),
        ("1400-08", 3, 3),
        ("1400-08", 6, 1),
    ]
    assert [each.change for each in sections] == ([0] * 4 if closed else [8, 3, 6, 7])


def test_volumes_in_their_order_replay_every_announcement_once(archive, save, make, read):
    """However harvests and closings follow each other."""
    at, announced = LATER, set()
    for step in range(6):
        some = [
            replace(make(number, f"{number % 28 + 1} {month} ۱۴۰۰", title=f"{step}"), fetched_at=at)
            for number, month in ((step * 10, "آبان"), (step * 10 + 1, "مهر"), (1, "آبان"))
        ]
        save(*some)
        announced |= {(item.native_id, item.title) for item in some}
        if step % 2:
            archive.close_months(at)
        at += timedelta(days=31)
    replayed = [told for _, _, held in read() for told in held]
    assert len(replayed) == len(set(replayed))
    newest = {item.id.partition("/")[2]: item.article.title for item in archive.articles(Query())}
    assert dict(replayed) == newest  # the last that is told of each is what it is now
    assert set(replayed) <= announced


QUERIES = (Query(), Query(sources=("mcls-yazd",)), Query(provinces=("IR-22", "IR-21")), Query(tags=("تازه",)))


def counted(sections):
    """The place of the last section, by counting all of them."""
    if not sections:
        return None
    number = sum(each.month == sections[-1].month for each in sections)
    return closings.Place(sections[-1].month, number, max(each.change for each in sections))


@pytest.mark.parametrize("last", [1, 2, closings.LAST])
def test_the_last_section_is_found_where_counting_all_of_them_leads(archive, save, make, monkeypatch, last):
    """However harvests and closings follow each other, and however far back those under a tag stand."""
    monkeypatch.setattr(closings, "LAST", last)
    elsewhere = {"source": "mcls-hormozgan", "url": "https://hormozgan.mcls.gov.ir/fa/news/1000"}
    at, found = LATER, []
    for step in range(7):
        with archive.reading() as connection:
            for filters in (Filters.of(connection, query) for query in QUERIES):
                for longest in (1, 2, 1000):
                    place = closings.last_place(connection, filters, longest)
                    assert place == counted(closings.sections(connection, filters, longest))
                    found.append(place)
        months = ("آبان", "مهر", "آبان") if step < 4 else ("مهر", "شهریور", "مهر")
        some = [make(step * 10 + place, f"{step + 1} {month} ۱۴۰۰") for place, month in enumerate(months)]
        save(*(replace(each, fetched_at=at, tags=("تازه",) if step % 3 else ()) for each in some))
        save(make(1000, f"{step + 1} آبان ۱۴۰۰", title=f"{step}", fetched_at=at, **elsewhere))
        if step % 2:
            archive.close_months(at)
        at += timedelta(days=31)
    assert {(place and place.change > 0) for place in found} == {None, False, True}  # nothing, closed and open
