"""Keeping articles: what each reading becomes, what stays as it was, and that nothing is ever half kept."""

from datetime import UTC, datetime, timedelta
from unittest.mock import ANY

import pytest
import sqlalchemy as sa

from archive import Archive, Kind, Query, State, articles, crawls, intake, tables
from archive.errors import NoSuchArticle
from archive.intake import Saved
from persian.dates import TEHRAN, parse

LATER = datetime(2021, 12, 8, 8, tzinfo=UTC)


def the(archive: Archive, number: int = 1):
    return archive.article(f"mcls-yazd/{number}")


def set_state(archive: Archive, state: State) -> None:
    with archive.writing() as connection:
        connection.execute(sa.update(tables.articles).values(state=str(state)))


def guids(archive: Archive) -> list[str]:
    return [item.guid for item in archive.articles(Query())]


# ---- what a reading becomes ----


def test_a_first_reading_is_new(archive, save, make):
    assert save(make()) == [Saved("mcls-yazd/1", Kind.NEW)]
    assert (the(archive).revision, the(archive).revisions, the(archive).state) == (1, 1, State.LIVE)


def test_the_same_reading_again_tells_nothing_new(archive, save, make):
    save(make())
    assert save(make(fetched_at=LATER)) == [Saved("mcls-yazd/1", None)]
    assert len(archive.changes()) == 1


def test_another_text_is_a_revision(archive, save, make):
    save(make())
    assert save(make(body="متن تازه", fetched_at=LATER)) == [Saved("mcls-yazd/1", Kind.REVISED)]
    assert (the(archive).article.body, the(archive).revision, the(archive).revisions) == ("متن تازه", 2, 2)


def test_a_release_under_a_new_number_is_found_by_its_title_though_it_names_the_address_of_another(archive, save, make):
    save(make(1, aliases=("https://yazd.mcls.gov.ir/list",)), make(2, url="https://yazd.mcls.gov.ir/b"))

    again = make(3, title=make(2).title, aliases=("https://yazd.mcls.gov.ir/list",))

    assert [saved.id for saved in save(again)] == ["mcls-yazd/2"]


def test_an_edit_that_is_taken_back_is_a_revision_too(archive, save, make):
    for body in ("الف", "ب", "الف"):
        save(make(body=body))
    assert [revision.number for revision in archive.history("mcls-yazd/1")] == [1, 2, 3]


def test_every_revision_can_be_read(archive, save, make):
    bodies = ["الف", "ب", "پ"]
    for body in bodies:
        save(make(body=body))
    assert [archive.article("mcls-yazd/1", number).article.body for number in (1, 2, 3)] == bodies
    assert archive.article("mcls-yazd/1", 1).revisions == 3


def test_some_revisions_are_read_at_once(archive, save, make):
    for body in ("الف", "ب"):
        save(make(body=body))
    with archive.reading() as connection:
        read = articles.readings(connection, "mcls-yazd/1", [1, 2, 3])
        assert articles.readings(connection, "mcls-yazd/0", [1]) == {}
    assert read == {number: archive.article("mcls-yazd/1", number) for number in (1, 2)}


def test_every_revision_of_some_articles_is_read_at_once_in_their_order(archive, save, make):
    save(make(1), make(2), make(3))
    save(make(2, body="متن تازه"))
    ids = [make(number).source + f"/{number}" for number in (3, 2, 9)]

    with archive.reading() as connection:
        found = list(articles.revisions_of(connection, ids))

    assert found == [archive.article(ids[0]), archive.article(ids[1], 1), archive.article(ids[1])]


def test_history_tells_when_each_revision_was_first_read_and_its_hash(archive, save, make):
    first, second = make(body="الف"), make(body="ب", fetched_at=LATER)
    save(first)
    save(second)
    told = [(line.number, line.seen_at, line.content_hash) for line in archive.history("mcls-yazd/1")]
    assert told == [(1, first.fetched_at, first.content_hash), (2, LATER, second.content_hash)]


def test_another_reading_by_another_extractor_replaces_the_reading_and_is_no_edit(archive, save, make):
    save(make(body="متن با منو"))
    assert save(make(body="متن", extractor="fa_portal/2", fetched_at=LATER)) == [Saved("mcls-yazd/1", Kind.REREAD)]
    item = the(archive)
    assert (item.article.body, item.article.extractor, item.revisions) == ("متن", "fa_portal/2", 1)


def test_a_rereading_keeps_the_time_of_its_revision(archive, save, make):
    save(make(body="متن با منو"))
    save(make(body="متن", extractor="fa_portal/2", fetched_at=LATER))
    assert the(archive).revised_at == make().fetched_at


def test_a_rereading_replaces_the_newest_revision_alone(archive, save, make):
    save(make(body="الف"), make(body="ب"))
    save(make(body="ب خوانده‌شده", extractor="fa_portal/2"))
    assert archive.article("mcls-yazd/1", 1).article.body == "الف"
    assert archive.article("mcls-yazd/1", 2).article.body == "ب خوانده‌شده"


def test_an_edit_after_a_new_extractor_read_the_same_is_an_edit_still(archive, save, make):
    save(make())
    save(make(extractor="fa_portal/2"))
    assert save(make(body="متن تازه", extractor="fa_portal/2")) == [Saved("mcls-yazd/1", Kind.REVISED)]


def test_what_was_gone_and_is_read_again_is_back(archive, save, make):
    save(make())
    set_state(archive, State.GONE)
    assert save(make()) == [Saved("mcls-yazd/1", Kind.BACK)]
    assert the(archive).state is State.LIVE
    assert the(archive).revisions == 1


def test_what_was_gone_comes_back_with_its_edit(archive, save, make):
    save(make())
    set_state(archive, State.GONE)
    assert save(make(body="متن تازه")) == [Saved("mcls-yazd/1", Kind.REVISED)]
    assert the(archive).state is State.LIVE


def test_what_is_unlisted_and_read_again_is_unlisted_still(archive, save, make):
    save(make())
    set_state(archive, State.UNLISTED)
    assert save(make()) == [Saved("mcls-yazd/1", None)]
    assert the(archive).state is State.UNLISTED


def test_a_batch_tells_what_became_of_each_in_its_order(archive, save, make):
    save(make(1), make(2))
    told = save(make(3), make(2, body="تازه"), make(1), make(1, body="تازه"))
    assert [(item.id[-1], item.kind) for item in told] == [
        ("3", Kind.NEW),
        ("2", Kind.REVISED),
        ("1", None),
        ("1", Kind.REVISED),
    ]


def test_an_empty_batch_is_nothing(archive, save):
    assert save() == []
    assert archive.changes() == []


# ---- what stays, what moves ----


def test_the_feed_id_never_changes(archive, save, make):
    save(make())
    before = guids(archive)
    save(make(body="تازه"))
    save(make(native_id="99", url="https://new.mcls.ir/99", body="تازه"))
    save(make(native_id=None, url="https://new.mcls.ir/99", body="دیگر", extractor="generic/1"))
    assert guids(archive) == before


def test_the_address_follows_the_newest_reading_and_the_old_one_is_an_alias(archive, save, make):
    first, second = make(url="https://yazd.mcls.gov.ir/fa/news/1/الف"), make(url="https://yazd.mcls.gov.ir/fa/news/1/ب")
    save(first)
    save(second)
    assert (the(archive).article.url, the(archive).article.aliases) == (second.url, (first.url,))


def test_a_slug_that_moves_back_leaves_each_address_once(archive, save, make):
    urls = [f"https://yazd.mcls.gov.ir/fa/news/1/{slug}" for slug in "ابا"]
    for url in urls:
        save(make(url=url))
    assert (the(archive).article.url, the(archive).article.aliases) == (urls[0], (urls[1],))


def test_an_undated_article_stays_where_its_first_reading_put_it(archive, save, make):
    save(make(1, None), make(2, "۱۷ آذر ۱۴۰۰"))
    save(make(1, None, body="تازه", fetched_at=LATER + timedelta(days=9)))
    assert [item.article.native_id for item in archive.articles(Query())] == ["2", "1"]


def test_an_article_that_loses_its_date_stays_where_it_was(archive, save, make):
    save(make(1), make(2, "۱۷ آذر ۱۴۰۰"))
    save(make(1, None, fetched_at=LATER + timedelta(days=9)))
    assert [item.article.native_id for item in archive.articles(Query())] == ["2", "1"]


def test_an_article_moves_with_its_date(archive, save, make):
    save(make(1), make(2, "۱۷ آذر ۱۴۰۰"))
    save(make(1, "۱۸ آذر ۱۴۰۰"))
    assert [item.article.native_id for item in archive.articles(Query())] == ["1", "2"]


def test_last_seen_moves_with_every_reading_and_first_seen_never(archive, save, make):
    save(make())
    save(make(fetched_at=LATER))
    assert (the(archive).first_seen, the(archive).last_seen) == (make().fetched_at, LATER)


def test_last_seen_does_not_move_back_for_a_page_fetched_earlier(archive, save, make):
    save(make(fetched_at=LATER))
    save(make())
    assert the(archive).last_seen == LATER


def test_tags_are_those_of_the_newest_revision(archive, save, make):
    save(make(tags=("اشتغال", "یزد")))
    save(make(tags=("بیمه",), body="تازه"))
    assert the(archive).article.tags == ("بیمه",)
    assert [archive.count(Query(tags=(tag,))) for tag in ("اشتغال", "یزد", "بیمه")] == [0, 0, 1]


def test_a_tag_in_two_spellings_is_shown_in_both_and_found_once(archive, save, make):
    save(make(tags=("کارآفرینی", "كارآفريني", "کارآفرینی")))
    assert the(archive).article.tags == ("کارآفرینی", "كارآفريني", "کارآفرینی")
    assert archive.count(Query(tags=("کارافرینی",))) == 1


def test_an_older_revision_shows_the_tags_that_it_had(archive, save, make):
    save(make(tags=("یزد",)))
    save(make(tags=("بیمه",), body="تازه"))
    assert archive.article("mcls-yazd/1", 1).article.tags == ("یزد",)


def test_a_new_extractor_that_reads_the_same_text_replaces_tags_and_markup(archive, save, make):
    save(make(tags=(), image=None))
    save(make(tags=("یزد",), image="https://yazd.mcls.gov.ir/i.jpg", extractor="fa_portal/2"))
    assert the(archive).article.tags == ("یزد",)


# ---- batches ----


def test_a_batch_of_three_hundred_is_kept_in_its_order(archive, save, make, assert_whole):
    told = save(*(make(number) for number in range(300)))
    assert [item.id for item in told] == [f"mcls-yazd/{number}" for number in range(300)]
    assert [change.article for change in archive.changes()] == [item.id for item in told]
    assert_whole(archive)


def test_a_batch_of_three_hundred_again_is_all_known(archive, save, make):
    save(*(make(number) for number in range(300)))
    assert {item.kind for item in save(*(make(number) for number in range(300)))} == {None}


def test_two_readings_of_a_new_item_in_one_batch_are_one_article(archive, save, make, assert_whole):
    first, second = save(make(), make())
    assert (first.kind, second.kind) == (Kind.NEW, None)
    assert_whole(archive)


TWICE = {
    "new, edited": ([], ["الف", "ب"], ["الف", "ب"]),
    "new, edited twice": ([], ["الف", "ب", "پ"], ["الف", "ب", "پ"]),
    "known, edited twice": (["الف"], ["ب", "پ"], ["الف", "ب", "پ"]),
    "known, edited there and back": (["الف"], ["ب", "الف"], ["الف", "ب", "الف"]),
}


@pytest.mark.parametrize(("before", "batch", "kept"), TWICE.values(), ids=TWICE)
def test_readings_of_one_item_in_one_batch_follow_each_other(archive, save, make, assert_whole, before, batch, kept):
    for body in before:
        save(make(body=body))
    save(*(make(body=body) for body in batch))
    assert [archive.article("mcls-yazd/1", n).article.body for n in range(1, len(kept) + 1)] == kept
    assert the(archive).revisions == len(kept)
    assert_whole(archive)


def test_an_item_edited_and_imported_again_in_one_batch_is_one_article(archive, save, make, assert_whole):
    save(make())
    edited = make(kicker="تازه")
    again = make(kicker="تازه‌تر", native_id="99", url="https://new.mcls.ir/99")
    assert [item.kind for item in save(edited, again)] == [Kind.REVISED, Kind.REVISED]
    assert the(archive).revisions == 3
    assert_whole(archive)


def test_a_new_item_reread_in_its_batch_has_the_better_reading(archive, save, make, assert_whole):
    save(make(body="متن با منو"), make(body="متن", extractor="fa_portal/2"))
    assert (the(archive).article.body, the(archive).revisions) == ("متن", 1)
    assert_whole(archive)


def test_a_batch_may_be_of_many_offices(archive, save, make):
    offices = ["mcls-yazd", "mcls-kerman", "ostandari-yazd"]
    told = save(*(make(1, source=office) for office in offices))
    assert [item.id for item in told] == [f"{office}/1" for office in offices]


def test_a_reading_with_very_long_names_is_kept(archive, save, make):
    noise = "".join(f"{number:x}" for number in range(4000))
    save(make(url=f"https://yazd.mcls.gov.ir/{noise}", title=noise, aliases=(f"https://yazd.mcls.gov.ir/s/{noise}",)))
    assert save(make(url=f"https://yazd.mcls.gov.ir/{noise}", title=noise, native_id=None))[0].kind is None


# ---- the log of what happened ----


def test_each_change_is_one_row_in_the_order_of_its_batch(archive, save, make):
    with archive.writing() as connection:
        crawl = crawls.begin(connection, "mcls-yazd", LATER)
    save(make(1), make(2), crawl=crawl)
    save(make(2, body="ب"), make(1), make(3), make(1, body="الف", extractor="fa_portal/2"))
    told = [
        (change.seq, change.kind, change.article[-1], change.revision, change.crawl) for change in archive.changes()
    ]
    assert told == [
        (1, Kind.NEW, "1", 1, crawl),
        (2, Kind.NEW, "2", 1, crawl),
        (3, Kind.REVISED, "2", 2, None),
        (4, Kind.NEW, "3", 1, None),
        (5, Kind.REREAD, "1", 1, None),
    ]


def test_an_article_names_its_newest_change(archive, save, make):
    save(make(1), make(2))
    save(make(1, body="تازه"), make(2))
    assert [the(archive, number).change for number in (1, 2)] == [3, 2]


def test_a_change_is_dated_by_its_reading(archive, save, make):
    save(make(fetched_at=LATER))
    assert [change.at for change in archive.changes()] == [LATER]


# ---- all or nothing ----


def test_a_transaction_that_fails_leaves_nothing(archive, keep, make, assert_whole):
    keep(archive, make(1))

    def fail() -> None:
        with archive.writing() as connection:
            intake.save(connection, [make(1, body="تازه"), make(2)])
            raise RuntimeError

    with pytest.raises(RuntimeError):
        fail()
    assert [change.seq for change in archive.changes()] == [1]
    assert the(archive).revisions == 1
    assert archive.count(Query()) == 1
    assert_whole(archive)


def test_the_sequence_has_no_gap_after_a_transaction_that_failed(archive, keep, make, assert_whole):
    with pytest.raises(sa.exc.IntegrityError):
        keep(archive, make(1), make(2, source="nobody-knows"))
    keep(archive, make(1))
    assert [change.seq for change in archive.changes()] == [1]
    assert_whole(archive)


# ---- reading back ----


def test_an_unknown_id_is_named(archive):
    with pytest.raises(NoSuchArticle, match="no article 'mcls-yazd/9'"):
        archive.article("mcls-yazd/9")


def test_the_history_of_an_unknown_id_is_no_empty_one(archive):
    with pytest.raises(NoSuchArticle, match="mcls-yazd/9"):
        archive.history("mcls-yazd/9")


@pytest.mark.parametrize("number", [0, 3])
def test_an_unknown_revision_is_answered_by_those_that_are_there(archive, save, make, number):
    save(make(body="الف"), make(body="ب"))
    with pytest.raises(NoSuchArticle, match=f"no revision {number}; its revisions are 1 to 2"):
        archive.article("mcls-yazd/1", number)


def test_known_tells_which_keys_are_kept_and_since_when(archive, save, make):
    save(make(1), make(2, source="mcls-kerman"))
    with archive.reading() as connection:
        found = articles.known(connection, "mcls-yazd", ["id:1", "id:2", "url:yazd.mcls.gov.ir/fa/news/1/none"])
    assert found == {"id:1": make(1).fetched_at}


def test_known_takes_thousands_of_keys(archive, save, make):
    save(make(1))
    with archive.reading() as connection:
        assert articles.known(connection, "mcls-yazd", [f"id:{number}" for number in range(3000)]) == {"id:1": ANY}


def test_instants_come_back_aware_and_in_utc(archive, save, make):
    save(make(1, None, fetched_at=LATER.astimezone(TEHRAN)))
    item = the(archive)
    assert {moment.tzinfo for moment in (item.first_seen, item.last_seen, item.revised_at)} == {UTC}


def test_stats_count_what_is_kept(archive, save, make):
    save(make(1), make(2, "۱۷ آذر ۱۴۰۰ ۱۰:۰۰"), make(1, body="تازه"))
    stats = archive.stats()
    assert stats == stats | {"articles": 2, "revisions": 3, "changes": 3, "crawls": 0, "quarantine": 0}
    assert (stats["oldest"], stats["newest"]) == ("2021-12-06T05:49:00Z", "2021-12-08T06:30:00Z")


def test_stats_of_an_empty_archive_have_no_span(archive):
    assert archive.stats().keys().isdisjoint({"oldest", "newest"})


# ---- read again ----


def test_a_revision_that_was_read_from_another_snapshot_meanwhile_keeps_that_reading(archive, save, make):
    save(make())
    held, better = the(archive), make(title="خوانش بهتر", extractor="fa_portal/2")
    record = "urn:uuid:00000000-0000-0000-0000-000000000001"
    with archive.writing() as connection:
        kept = {"record": record, "source": "mcls-yazd", "url": make().url, "fetched_at": LATER, "status": 200}
        place = {"purpose": "article", "digest": "sha256:0", "file": "a.warc.gz", "start": 0, "length": 1}
        connection.execute(sa.insert(tables.snapshots), [kept | place])
        connection.execute(sa.update(tables.revisions).values(snapshot=record))
        assert intake.reread(connection, [(held, better)], LATER) == [None]
    assert (the(archive).article.title, len(archive.changes())) == (make().title, 1)


# ---- what a crawl asks before it reads ----

NOON = datetime(2021, 12, 6, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("date", "read_at", "out"),
    [
        ("۱۵ آذر ۱۴۰۰ ۰۹:۱۹", NOON, NOON),  # it was read on its day: out when it was read
        ("۱۰ آذر ۱۴۰۰ ۰۹:۱۹", NOON, datetime(2021, 12, 1, 5, 49, tzinfo=UTC)),  # long after: out as it says
        ("۲۰ آذر ۱۴۰۰ ۰۹:۱۹", NOON, None),  # still to come
    ],
)
def test_the_newest_release_was_out_when_it_was_first_read_or_on_its_date(archive, save, make, date, read_at, out):
    with archive.reading() as connection:
        assert articles.last_out(connection, "mcls-yazd", NOON) is None
    save(make(1, published=parse(date, fetched_at=read_at), fetched_at=read_at))
    with archive.reading() as connection:
        assert articles.last_out(connection, "mcls-yazd", NOON) == out
        assert articles.last_out(connection, "mcls-fars", NOON) is None


def test_an_article_is_found_by_any_of_its_keys(archive, save, make):
    save(make(1), make(1, body="تازه", fetched_at=LATER))
    with archive.reading() as connection:
        for key in ("id:1", "url:yazd.mcls.gov.ir/fa/news/1/%D8%AE%D8%A8%D8%B1"):
            assert articles.held(connection, "mcls-yazd", key).article.body == "تازه"
        assert articles.held(connection, "mcls-yazd", "id:2") is None
        assert articles.held(connection, "mcls-fars", "id:1") is None
        assert articles.last_seen(connection, "mcls-yazd", ["id:1", "id:2"]) == {"id:1": LATER}
