"""Feeds over HTTP: cheap to poll, honest about what changed."""

import gzip
import json
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import brotli
import feedparser
import pytest

from archive import absences
from syndication import feeds
from syndication.web import create_app, documents
from tests.syndication.asking import Client

BASE = "https://news.example.ir/monadi"
DECODERS = {"gzip": gzip.decompress, "br": brotli.decompress}


@pytest.fixture
def ask(full, catalogue, monkeypatch):
    monkeypatch.setattr(documents, "TRUSTED", 0)  # so that every request looks at the archive
    return Client(create_app(full, catalogue, BASE, "https://hub.example.ir/"))


@pytest.mark.parametrize(
    ("accepted", "coding"),
    [
        ("gzip, deflate, br", "br"),
        ("gzip", "gzip"),
        ("GZIP;q=0.5", "gzip"),
        ("br;q=0, gzip", "gzip"),
        ("identity", None),
        ("", None),
        ("gzip;q=0", None),
    ],
)
def test_a_feed_comes_in_the_coding_that_is_accepted(accepted, coding, ask):
    plain, coded = ask("/feeds/all.atom"), ask("/feeds/all.atom", accept_encoding=accepted)
    assert coded.headers.get("content-encoding") == coding
    assert DECODERS.get(coding, bytes)(coded.body) == plain.body
    assert int(coded.headers["content-length"]) == len(coded.body)
    assert "Accept-Encoding" in coded.headers["vary"]
    assert (coded.headers["etag"] == plain.headers["etag"]) is (coding is None)


@pytest.mark.parametrize("accepted", ["br", "gzip", "identity"])
def test_a_client_that_has_it_in_any_coding_is_not_sent_it_again(accepted, ask):
    etag = ask("/feeds/all.atom", accept_encoding="br").headers["etag"]
    again = ask("/feeds/all.atom", accept_encoding=accepted, if_none_match=etag)
    assert (again.status, again.body) == (304, b"")


def test_last_modified_is_when_the_archive_last_said_something_in_it(ask, keep, make):
    stated = ask("/feeds/province/yazd.rss").headers["last-modified"]
    assert stated == "Mon, 06 Dec 2021 09:01:00 GMT"
    keep(make(70, source="mcls-fars", url="https://fars.mcls.gov.ir/fa/news/70"))
    assert ask("/feeds/province/yazd.rss").headers["last-modified"] == stated
    keep(make(71))
    assert ask("/feeds/province/yazd.rss").headers["last-modified"] == "Mon, 06 Dec 2021 09:11:00 GMT"


@pytest.mark.parametrize(
    ("since", "status"),
    [
        ("Mon, 06 Dec 2021 09:02:00 GMT", 304),
        ("Mon, 06 Dec 2021 09:01:59 GMT", 200),
        ("Mon, 06 Dec 2021 12:32:00 +0330", 304),
        ("yesterday", 200),
        ("Mon, 06 Dec 2021 09:02:00 -0000", 200),
    ],
)
def test_a_client_without_tags_may_ask_by_date(since, status, ask):
    assert ask("/feeds/all.rss", if_modified_since=since).status == status


def test_tags_count_before_dates(ask):
    later = format_datetime(datetime.now(UTC) + timedelta(days=1), usegmt=True)
    assert ask("/feeds/all.rss", if_none_match='"other"', if_modified_since=later).status == 200


@pytest.mark.parametrize("format_", ["rss", "atom", "json"])
def test_a_poller_that_asks_for_it_gets_the_new_entries_alone(format_, ask, keep, make):
    target = f"/feeds/all.{format_}"
    held = ask(target, accept_encoding="gzip")
    keep(make(99, title="خبر تازه"))
    delta = ask(target, a_im="feed, vcdiff", if_none_match=held.headers["etag"])
    assert delta.status == 226
    assert delta.headers["im"] == "feed"
    assert delta.headers["etag"] == ask(target).headers["etag"]
    assert "no-store" in delta.headers["cache-control"]
    told = [each["title"] for each in json.loads(delta.body)["items"]] if format_ == "json" else titles(delta.body)
    assert told == ["خبر تازه"]
    assert ask(target, a_im="feed", if_none_match=delta.headers["etag"]).status == 304


def titles(document):
    found = feedparser.parse(document)
    assert not found.bozo
    return [entry.title for entry in found.entries]


def test_a_delta_from_a_state_that_nobody_remembers_is_the_whole_feed(ask):
    assert ask("/feeds/all.atom", a_im="feed", if_none_match='"other"').status == 200
    assert ask("/feeds/all.atom", a_im="feed").status == 200


def test_a_delta_is_never_called_complete(ask, keep, make, archive):
    target = "/feeds/source/mcls-hormozgan.atom"
    held = ask(target)
    assert b"<fh:complete/>" in held.body
    keep(make(63, source="mcls-hormozgan", url="https://hormozgan.mcls.gov.ir/fa/news/63"))
    with archive.writing() as connection:
        for hours in (0, 7):
            absences.missed(connection, "mcls-hormozgan", ["id:62"], datetime(2021, 12, 7, hours, tzinfo=UTC))
    delta = ask(target, a_im="feed", if_none_match=held.headers["etag"])
    assert delta.status == 226
    assert b"complete" not in delta.body
    assert b"deleted-entry" in delta.body


def test_one_request_asks_the_archive_while_others_trust_what_it_said(full, catalogue, monkeypatch):
    """For two seconds at most."""
    clock = [100.0]
    monkeypatch.setattr(documents, "monotonic", lambda: clock[0])
    kept, key = documents.FeedDocuments(full, catalogue, feeds.Place(base_url=BASE)), ("/feeds/all.rss", "")

    def is_held(at: float) -> bool:
        clock[0] = at
        return kept.quick(*key, {}) is not None

    def ask() -> None:
        kept.rendered({"path": "all", "extension": "rss"}, key)

    ask()
    assert [is_held(at) for at in (101.0, 101.1, 101.2, 102.0, 102.1, 102.1)] == [True, False, True, True, False, False]
    ask()
    assert [is_held(at) for at in (102.2, 103.1, 200.0, 200.0)] == [True, True, False, False]


def test_browsers_get_a_type_that_they_show_with_its_style_sheet(ask):
    browser = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"
    shown = ask("/feeds/all.atom", accept=browser)
    assert shown.headers["content-type"] == "application/xml; charset=utf-8"
    assert "Accept," in shown.headers["vary"]
    assert shown.headers["referrer-policy"] == "no-referrer"
    assert "referrer-policy" not in ask("/feeds/all.atom").headers  # for what no browser opens
    assert b'<?xml-stylesheet type="text/css" href="https://news.example.ir/monadi/static/feed.css"?>' in shown.body
    assert ask("/static/feed.css").headers["content-type"] == "text/css; charset=utf-8"
    assert ask("/static/icon.png").body.startswith(b"\x89PNG")
    assert ask("/feeds/all.json", accept=browser).headers["content-type"].startswith("application/feed+json")


def test_the_hub_is_named_in_every_format(ask):
    assert b'<atom:link rel="hub" href="https://hub.example.ir/"/>' in ask("/feeds/all.rss").body
    assert b'<link rel="hub" href="https://hub.example.ir/"/>' in ask("/feeds/all.atom").body
    assert ask("/feeds/all.json").json()["hubs"] == [{"type": "WebSub", "url": "https://hub.example.ir/"}]


def test_archived_documents_are_served_and_kept_long_once_they_are_closed(ask, full, catalogue):
    open_ = ask("/feeds/all/1400/08.atom?change=17")
    assert open_.headers["cache-control"] == "public, max-age=300"
    full.close_months(datetime(2021, 12, 8, tzinfo=UTC))
    closed = ask("/feeds/all/1400/08.atom")
    assert closed.headers["cache-control"] == "public, max-age=604800"
    part = feeds.Part(month="1400-08")
    assert closed.body == feeds.render(full, feeds.find("all", catalogue), "atom", BASE, part)
    assert ask("/feeds/all/1400/07.atom").status == 404


def test_a_replay_asks_once_where_the_documents_are_until_there_is_something_new(
    ask, full, catalogue, keep, make, monkeypatch
):
    full.close_months(datetime(2022, 2, 1, tzinfo=UTC), settled=True)
    asked = []

    def counted(connection, feed):
        asked.append(feed.path)
        return slices_of(connection, feed)

    slices_of = feeds.slices_of
    monkeypatch.setattr(feeds, "slices_of", counted)
    parts = [part for part, _ in feeds.parts_of(full, feeds.find("all", catalogue))]
    assert len(parts) > 1
    told = [ask(f"/feeds/all/{part.path}.{format_}").status for part in parts for format_ in feeds.Format]
    assert told == [200] * len(told)
    assert asked == ["all"]

    keep(make(70))
    assert ask(f"/feeds/all/{parts[0].path}.json").status == 200
    assert asked == ["all", "all"]


def test_a_query_is_a_feed(ask):
    assert [each["title"] for each in ask("/feeds/query.json?q=بی‌تاریخ&content=summary").json()["items"]] == ["بی‌تاریخ"]
    assert ask("/feeds/tag/اشتغال.rss").status == 200


@pytest.mark.parametrize("word", ["quury=x", "province=atlantis", "limit=-1", "include=(", "change=1", "q="])
def test_a_wrong_word_is_told_and_is_no_empty_feed(word, ask):
    problem = ask(f"/feeds/query.json?{word}")
    assert (problem.status, problem.headers["content-type"]) == (400, "application/problem+json")
    assert problem.json()["parameter"] == word.partition("=")[0]
    page = ask(f"/feeds/query.rss?{word}")
    assert (page.status, page.headers["content-type"]) == (400, "text/html; charset=utf-8")
    assert word.partition("=")[0] in page.text
