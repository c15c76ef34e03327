"""What is remembered of lists and answers, and which pages are looked at again."""

from datetime import UTC, datetime, timedelta

import pytest

from archive import Kind, Query, State, absences, links, validators
from archive.absences import Held, due_again
from archive.links import Sighting
from archive.validators import Validator
from persian.dates import parse

OFFICE = "mcls-yazd"
NOW = datetime(2021, 12, 6, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)
DAY = timedelta(days=1)


def dated(text):
    return parse(text, fetched_at=NOW, origin="listing")


def states(archive):
    return {item.id: item.state for item in archive.articles(Query())}


# ---- when a page is due again ----


@pytest.mark.parametrize(
    ("age", "read", "due"),
    [
        (0.5 * HOUR, 0 * HOUR, False),
        (1 * HOUR, 0 * HOUR, True),
        (2 * HOUR, 1 * HOUR, False),
        (7 * HOUR, 1 * HOUR, True),
        (7 * HOUR, 6 * HOUR, False),
        (25 * HOUR, 6 * HOUR, True),
        (25 * HOUR, 24 * HOUR, False),
        (8 * DAY, 1 * DAY, True),
        (8 * DAY, 7 * DAY, False),
        (30 * DAY, 7 * DAY, False),
        (30 * DAY, 2 * DAY, True),
        (400 * DAY, 399 * DAY, False),
    ],
)
def test_a_page_is_due_again_an_hour_six_hours_a_day_and_a_week_after_its_publication(age, read, due):
    published_at = NOW - age
    page = Held(id="x/1", url="https://x/1", native_id="1", published_at=published_at, read_at=published_at + read)

    assert due_again(page, NOW) is due


@pytest.mark.parametrize(("missing_for", "due"), [(1 * HOUR, False), (6 * HOUR, True), (9 * DAY, True)])
def test_a_missing_page_is_looked_at_once_more_after_six_hours(missing_for, due):
    page = Held(
        id="x/1",
        url="https://x/1",
        native_id="1",
        published_at=NOW - 400 * DAY,
        read_at=NOW - 300 * DAY,
        missing_since=NOW - missing_for,
    )

    assert due_again(page, NOW) is due


def test_the_pages_due_are_those_of_the_source_that_were_published_lately(archive, save, make):
    recent = make(1, published=dated("۱۵ آذر ۱۴۰۰ ۱۴:۳۰"), fetched_at=NOW)
    old = make(2, published=dated("۱۵ آذر ۱۳۹۹ ۰۹:۱۹"), fetched_at=NOW)
    save(recent, old)

    with archive.reading() as connection:
        (due,) = absences.to_look_at(connection, OFFICE, NOW + 7 * HOUR)
        assert due.id == f"{OFFICE}/1"
        assert absences.to_look_at(connection, "mcls-qom", NOW + 7 * HOUR) == []
        assert absences.to_look_at(connection, OFFICE, NOW + 60 * DAY) == []


def test_a_page_that_is_confirmed_is_not_due_until_the_next_mark(archive, save, make):
    save(make(1, published=dated("۱۵ آذر ۱۴۰۰ ۱۴:۳۰"), fetched_at=NOW))
    with archive.writing() as connection:
        absences.confirmed(connection, OFFICE, ["id:1"], NOW + 7 * HOUR)

    with archive.reading() as connection:
        assert absences.to_look_at(connection, OFFICE, NOW + 8 * HOUR) == []
        assert len(absences.to_look_at(connection, OFFICE, NOW + 2 * DAY)) == 1
    assert archive.article(f"{OFFICE}/1").last_seen == NOW + 7 * HOUR


# ---- missing, gone and back ----


def miss(archive, at, *keys):
    with archive.writing() as connection:
        return absences.missed(connection, OFFICE, keys, at)


def test_a_page_missing_twice_six_hours_apart_is_gone_and_keeps_its_text(archive, save, make):
    save(make(1), make(2))
    text = archive.article(f"{OFFICE}/1").article

    assert miss(archive, NOW, "id:1") == []
    assert states(archive)[f"{OFFICE}/1"] is State.LIVE
    assert miss(archive, NOW + 5 * HOUR, "id:1") == []
    assert miss(archive, NOW + 6 * HOUR, "id:1") == [f"{OFFICE}/1"]

    assert states(archive) == {f"{OFFICE}/1": State.GONE, f"{OFFICE}/2": State.LIVE}
    assert archive.article(f"{OFFICE}/1").article == text
    *_, change = archive.changes(0)
    assert (change.kind, change.article, change.seq) == (Kind.GONE, f"{OFFICE}/1", 3)
    assert archive.article(f"{OFFICE}/1").change == 3


def test_what_is_gone_is_told_once(archive, save, make):
    save(make(1))
    for hours in (0, 6, 12, 18):
        miss(archive, NOW + hours * HOUR, "id:1")

    assert [change.kind for change in archive.changes(0)] == [Kind.NEW, Kind.GONE]


def test_a_page_that_is_read_in_between_was_never_missing(archive, save, make):
    save(make(1))
    miss(archive, NOW, "id:1")
    save(make(1, fetched_at=NOW + HOUR))

    assert miss(archive, NOW + 6 * HOUR, "id:1") == []


def test_what_was_gone_is_back_when_it_is_read_again(archive, save, make):
    save(make(1))
    for hours in (0, 6):
        miss(archive, NOW + hours * HOUR, "id:1")
    save(make(1, fetched_at=NOW + DAY))

    assert states(archive) == {f"{OFFICE}/1": State.LIVE}
    assert [change.kind for change in archive.changes(0)] == [Kind.NEW, Kind.GONE, Kind.BACK]
    assert miss(archive, NOW + 2 * DAY, "id:1") == []


def off_the_lists(archive, at, *keys):
    with archive.writing() as connection:
        return absences.unlisted(connection, OFFICE, keys, at)


def on_the_lists(archive, at, *keys):
    with archive.writing() as connection:
        return absences.listed(connection, OFFICE, keys, at)


def test_a_page_that_answers_and_is_listed_no_more_is_unlisted_until_it_is_listed_again(archive, save, make):
    save(make(1), make(2))

    assert off_the_lists(archive, NOW, "id:1") == [f"{OFFICE}/1"]
    assert off_the_lists(archive, NOW + HOUR, "id:1") == []
    assert states(archive) == {f"{OFFICE}/1": State.UNLISTED, f"{OFFICE}/2": State.LIVE}

    assert on_the_lists(archive, NOW + DAY, "id:1", "id:2") == [f"{OFFICE}/1"]
    assert states(archive) == {f"{OFFICE}/1": State.LIVE, f"{OFFICE}/2": State.LIVE}
    assert [change.kind for change in archive.changes(2)] == [Kind.UNLISTED, Kind.BACK]


def test_an_unlisted_page_that_stays_missing_is_gone(archive, save, make):
    save(make(1))
    off_the_lists(archive, NOW, "id:1")
    for hours in (0, 6):
        miss(archive, NOW + hours * HOUR, "id:1")

    assert states(archive) == {f"{OFFICE}/1": State.GONE}


def test_a_page_that_is_missing_is_not_called_unlisted(archive, save, make):
    save(make(1))
    miss(archive, NOW, "id:1")

    assert off_the_lists(archive, NOW + HOUR, "id:1") == []


def test_the_pages_that_no_list_names_are_those_whose_keys_were_not_met(archive, save, make):
    save(make(1), make(2), make(3))
    for hours in (0, 6):
        miss(archive, NOW + hours * HOUR, "id:3")

    with archive.reading() as connection:
        absent = absences.unseen(connection, OFFICE, ["id:1", "url:nowhere"])
        assert [page.id for page in absent] == [f"{OFFICE}/2"]


# ---- links and answers ----


def test_a_link_remembers_where_and_when_it_was_seen_first_and_last(archive, save, make):
    save(make(1))
    with archive.writing() as connection:
        links.seen(connection, OFFICE, [Sighting(key="id:1", url="/1", place="listing")], NOW)
        again = Sighting(key="id:1", url="/1/slug", place="listing", published=dated("۱۴۰۰/۹/۱۵"))
        links.seen(connection, OFFICE, [again, again], NOW + DAY)
        links.seen(connection, OFFICE, [Sighting(key="id:1", url="/1", place="listing")], NOW + 2 * DAY)
        links.seen(connection, OFFICE, [Sighting(key="id:1", url="/1", place="feed")], NOW)

    with archive.reading() as connection:
        rows = connection.execute(links.links.select().order_by(links.links.c.place)).all()
        assert [(row.place, row.url, row.first_at, row.last_at) for row in rows] == [
            ("feed", "/1", NOW, NOW),
            ("listing", "/1", NOW, NOW + 2 * DAY),
        ]
        assert links.dates(connection, OFFICE, ["id:1", "id:2"]) == {"id:1": dated("۱۴۰۰/۹/۱۵")}


def test_thousands_of_links_are_noted_at_once(archive, save, make):
    save(make(1))
    with archive.writing() as connection:
        links.seen(connection, OFFICE, [Sighting(key=f"id:{n}", url=f"/{n}", place="feed") for n in range(2500)], NOW)

    with archive.reading() as connection:
        assert len(connection.execute(links.links.select()).all()) == 2500


def test_of_two_dates_the_feeds_is_meant(archive, save, make):
    save(make(1))
    listing = Sighting(key="id:1", url="/1", place="listing", published=dated("۱۴۰۰/۹/۱۴"))
    feed = Sighting(key="id:1", url="/1", place="feed", published=dated("۱۴۰۰/۹/۱۵"))
    with archive.writing() as connection:
        links.seen(connection, OFFICE, [feed, listing], NOW)

    with archive.reading() as connection:
        assert links.dates(connection, OFFICE, ["id:1"]) == {"id:1": feed.published}


def test_an_answer_takes_the_place_of_the_one_before(archive, save, make):
    save(make(1))
    first = Validator(url="/", etag='"a"', last_modified=None, digest="00", read_at=NOW)
    second = Validator(url="/", etag=None, last_modified="Mon", digest="11", read_at=NOW + DAY, unchanged=3)
    with archive.writing() as connection:
        validators.keep(connection, OFFICE, [first])
        validators.keep(connection, OFFICE, [second])

    with archive.reading() as connection:
        assert validators.recall(connection, OFFICE) == {"/": second}
        assert validators.recall(connection, "mcls-qom") == {}

    with archive.writing() as connection:
        validators.forget(connection, OFFICE, ["/", "/never"])
        assert validators.recall(connection, OFFICE) == {}


# ---- what lists reach, lack and state ----


def seen(archive, *sightings):
    with archive.writing() as connection:
        links.seen(connection, OFFICE, sightings, NOW)


def sighting(number, place="listing", published=None):
    return Sighting(key=f"id:{number}", url=f"https://yazd.mcls.gov.ir/{number}", place=place, published=published)


def test_lists_reach_back_to_the_oldest_article_that_they_name(archive, save, make):
    save(make(1, date="۱ آذر ۱۴۰۰"), make(2, date="۵ آذر ۱۴۰۰"), make(3, date="۱ آبان ۱۴۰۰"))
    with archive.reading() as connection:
        assert absences.lists_reach(connection, OFFICE, ["id:1", "id:2", "id:9"]) == make(1, date="۱ آذر ۱۴۰۰").ordering
        assert absences.lists_reach(connection, OFFICE, ["id:9"]) is None


def test_lists_lack_what_is_newer_than_all_that_they_have_named(archive, save, make):
    save(*(make(number, date=f"{day} آذر ۱۴۰۰") for number, day in ((1, "۱"), (2, "۵"), (3, "۷"))))
    with archive.reading() as connection:
        assert links.lacking(connection, OFFICE, NOW) == []  # no list has named anything: there is nothing to tell by

    seen(archive, sighting(1), sighting(2, "feed"), sighting(3, "sitemap"))

    with archive.reading() as connection:
        lacking = links.lacking(connection, OFFICE, NOW)
    assert lacking == [(make(number).url, make(number).fetched_at) for number in (3, 2)]
    seen(archive, sighting(3))
    with archive.reading() as connection:
        assert links.lacking(connection, OFFICE, NOW) == []


def test_of_the_dates_that_lists_state_a_feeds_comes_first(archive):
    listed, fed = dated("۱ آذر ۱۴۰۰"), dated("۲ آذر ۱۴۰۰")
    seen(archive, sighting(1, "listing", listed), sighting(1, "feed", fed), sighting(1, "sitemap"))

    with archive.reading() as connection:
        stated = links.stated(connection, OFFICE, {"one": ["id:1", "id:2"], "none": ["id:3"]})
        assert stated == {"one": [fed, listed], "none": []}


def test_a_list_without_links_is_nothing_to_note(archive):
    seen(archive)

    with archive.reading() as connection:
        assert links.dates(connection, OFFICE, ["id:1"]) == {}
