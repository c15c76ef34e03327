"""The record: what it is exported as, and what of it makes an edit."""

import hashlib
import json
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archive import Article, Attachment, Query, StatedDate
from archive.article import stamp
from persian.dates import parse

FETCHED = datetime(2021, 12, 6, 8, tzinfo=UTC)
# fmt: off
KEYS = [
    "id", "source", "agency", "province", "url", "aliases", "native_id", "kicker", "title", "lead", "body", "body_html",
    "byline", "category", "tags", "image", "attachments", "published", "modified", "first_seen", "last_seen", "state",
    "revision", "revisions", "content_hash", "extractor", "snapshot", "copy_of", "change",
]
# fmt: on
PUBLISHED_KEYS = ["gregorian", "jalali", "rfc9557", "precision", "raw", "origin", "flags"]


def test_a_record_has_the_names_of_the_design_in_their_order(archive, save, make):
    save(make())
    record = archive.article("mcls-yazd/1").to_dict()
    assert list(record) == [*KEYS, "byline_province", "trailer", "stated_dates"]
    assert list(record["published"]) == PUBLISHED_KEYS
    assert list(record["province"]) == ["iso", "fa", "en"]


def test_a_record_is_the_same_after_a_passage_through_json(archive, save, make):
    files = (Attachment(url="https://yazd.mcls.gov.ir/a.pdf", type="application/pdf", title="آیین‌نامه", length=12),)
    save(make(attachments=files, modified=parse("۱۶ آذر ۱۴۰۰", fetched_at=FETCHED)))
    record = archive.article("mcls-yazd/1").to_dict()
    assert json.loads(json.dumps(record)) == record


def test_what_a_page_said_of_its_dates_office_and_end_is_kept(archive, save, make):
    stated = (StatedDate(of="published", origin="meta", raw="1400-09-15T09:19:00"),)
    save(make(byline_province="IR-21", trailer="انتهای پیام/۱۲", stated_dates=stated))
    article = archive.article("mcls-yazd/1").article
    assert (article.byline_province, article.trailer, article.stated_dates) == ("IR-21", "انتهای پیام/۱۲", stated)


def test_a_record_says_what_was_read_and_what_the_archive_knows(archive, save, make):
    save(make())
    record = archive.article("mcls-yazd/1").to_dict()
    assert record == record | {
        "id": "mcls-yazd/1",
        "source": "mcls-yazd",
        "agency": "mcls",
        "province": {"iso": "IR-21", "fa": "یزد", "en": "Yazd"},
        "url": "https://yazd.mcls.gov.ir/fa/news/1/خبر",
        "aliases": [],
        "native_id": "1",
        "title": "نشست شماره‌ی 1 روابط عمومی‌ها",
        "tags": ["اشتغال", "یزد"],
        "first_seen": "2021-12-06T08:01:00Z",
        "last_seen": "2021-12-06T08:01:00Z",
        "state": "live",
        "revision": 1,
        "revisions": 1,
        "extractor": "fa_portal/1",
        "snapshot": None,
        "copy_of": None,
        "change": 1,
    }
    assert record["published"]["gregorian"] == "2021-12-06T09:19:00+03:30"
    assert record["published"]["jalali"] == "1400-09-15T09:19:00"
    assert record["content_hash"] == make().content_hash


def test_what_is_kept_is_what_was_read(archive, save, make):
    article = make(
        aliases=("https://yazd.mcls.gov.ir/s/1",),
        byline="روابط عمومی اداره‌کل",
        image="https://yazd.mcls.gov.ir/i.jpg",
        attachments=(Attachment(url="https://yazd.mcls.gov.ir/a.pdf", length=0),),
        modified=parse("۱۶ آذر ۱۴۰۰", fetched_at=FETCHED),
    )
    save(article)
    assert archive.article("mcls-yazd/1").article == article


BARE = dict.fromkeys(("native_id", "kicker", "lead", "byline", "category", "image", "modified"))


def test_a_reading_of_nothing_but_a_title_is_kept_as_it_is(archive, save, make):
    article = make(date=None, body="", body_html="", tags=(), **BARE)
    save(article)
    (item,) = archive.articles(Query())
    assert item.article == article
    assert item.to_dict()["published"] is None


EDITS: dict[str, Callable[[Article], Article]] = {
    "kicker": lambda article: replace(article, kicker="در میبد:"),
    "title": lambda article: replace(article, title="نشست دیگر"),
    "lead": lambda article: replace(article, lead=None),
    "body": lambda article: replace(article, body=article.body + " افزوده"),
    "a paragraph's end": lambda article: replace(article, body=article.body.replace("\n", " ")),
    "a half-space": lambda article: replace(article, title=article.title.replace("\u200c", " ")),
    "a file": lambda article: replace(article, attachments=(Attachment(url="https://yazd.mcls.gov.ir/a.pdf"),)),
    "the minute": lambda article: replace(article, published=parse("۱۵ آذر ۱۴۰۰ ۰۹:۲۰", fetched_at=FETCHED)),
    "the precision": lambda article: replace(article, published=parse("۱۵ آذر ۱۴۰۰", fetched_at=FETCHED)),
    "the date's loss": lambda article: replace(article, published=None),
    "text between fields": lambda article: replace(article, kicker=None, lead=article.kicker),
}
NO_EDITS: dict[str, Callable[[Article], Article]] = {
    "address": lambda article: replace(article, url="https://mcls.ir/1", aliases=("https://mcls.ir/s/1",)),
    "native id": lambda article: replace(article, native_id=None),
    "source": lambda article: replace(article, source="mcls-kerman"),
    "tags": lambda article: replace(article, tags=("تازه",)),
    "category": lambda article: replace(article, category=None),
    "image": lambda article: replace(article, image="https://yazd.mcls.gov.ir/i.jpg"),
    "markup": lambda article: replace(article, body_html="<div></div>"),
    "byline": lambda article: replace(article, byline="روابط عمومی"),
    "extractor": lambda article: replace(article, extractor="generic/9"),
    "time of reading": lambda article: replace(article, fetched_at=FETCHED + timedelta(days=9)),
    "date of modification": lambda article: replace(article, modified=article.published),
    "spelling of the date": lambda article: replace(article, published=parse("1400/09/15 9:19", fetched_at=FETCHED)),
}


@pytest.mark.parametrize("edit", EDITS.values(), ids=EDITS)
def test_what_the_office_changes_changes_the_content_hash(make, edit):
    assert edit(make()).content_hash != make().content_hash


@pytest.mark.parametrize("change", NO_EDITS.values(), ids=NO_EDITS)
def test_what_is_no_edit_leaves_the_content_hash(make, change):
    assert change(make()).content_hash == make().content_hash


def test_a_files_title_and_length_are_no_edit(make):
    bare, told = Attachment(url="https://yazd.mcls.gov.ir/a.pdf"), {"type": "application/pdf", "title": "الف"}
    assert make(attachments=(bare,)).content_hash == make(attachments=(replace(bare, **told),)).content_hash


def test_a_content_hash_names_its_function(make):
    name, digits = make().content_hash.split(":")
    assert name == "sha256"
    assert len(bytes.fromhex(digits)) == 32


@given(st.lists(st.text(st.characters(exclude_categories=())), min_size=4, max_size=4))
def test_a_content_hash_is_that_of_the_texts_in_compact_json(texts):
    kicker, title, lead, body = texts
    article = Article(
        source="mcls-yazd", url="", extractor="", fetched_at=FETCHED, kicker=kicker, title=title, lead=lead, body=body
    )
    text = json.dumps([*texts, [], None], ensure_ascii=False, separators=(",", ":"))
    digest = hashlib.sha256(text.encode(errors="backslashreplace")).hexdigest()
    assert article.content_hash == f"sha256:{digest}"


def test_a_lone_surrogate_has_a_content_hash(make):
    assert make(title="\ud800").content_hash.startswith("sha256:")


def test_releases_are_ordered_by_their_date(make):
    assert make().ordering == datetime(2021, 12, 6, 5, 49, tzinfo=UTC)


def test_an_undated_release_is_ordered_by_when_it_was_read(make):
    assert make(date=None).ordering == make().fetched_at


def test_a_stamp_is_in_utc_to_the_second():
    moment = datetime(2021, 12, 6, 9, 19, 0, 999_999, tzinfo=timezone(timedelta(hours=3, minutes=30)))
    assert stamp(moment) == "2021-12-06T05:49:00Z"
