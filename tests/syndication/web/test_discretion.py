"""What strangers are told of what is wrong: what, and nothing of where the archive is; the log has the full words."""

from datetime import UTC, datetime

import pytest

from archive import Archive, crawls
from archive.crawls import Outcome, Result
from archive.database import sqlite_url
from archive.errors import ArchiveUnavailable
from syndication.web import create_app, discretion
from tests.syndication.asking import Client

BASE = "https://news.example.ir"
ADDRESSES = (
    *("/", "/en/", "/search?q=نشست", "/articles/mcls-yazd/1", "/articles/mcls-yazd/1.json", "/changes", "/status"),
    *("/provinces/yazd", "/feeds/all.rss", "/feeds/all.json", "/feeds/changes.atom", "/feeds.opml", "/sitemap.xml"),
    *("/healthz", "/metrics", "/badges/mcls-yazd.svg", "/exports/releases.csv", "/exports/releases.ndjson"),
    *("/api/v1/articles", "/api/v1/changes", "/api/v1/sources", "/api/v1/counts", "/images/0/0.png", "/coverage"),
)
SECRET = "postgresql+psycopg://monadi:geheim@127.0.0.1:1/herald?connect_timeout=1"


def damaged(tmp_path):
    (tmp_path / "monadi.db").write_bytes(b"no database" * 1000)
    return sqlite_url(tmp_path / "monadi.db")


def missing(tmp_path):
    return sqlite_url(tmp_path / "nowhere" / "monadi.db")


def away(_):
    return SECRET


@pytest.mark.parametrize("url", [damaged, missing, away])
def test_no_answer_tells_where_the_archive_is_and_the_log_does(tmp_path, catalogue, caplog, url):
    with Archive(url(tmp_path), tmp_path / "search") as archive:
        ask = Client(create_app(archive, catalogue, BASE))
        said = {target: ask(target) for target in ADDRESSES}

    for target, answer in said.items():
        for secret in (str(tmp_path), "monadi.db", "geheim", "127.0.0.1", "herald", "psycopg", "Traceback"):
            assert secret not in answer.text, (target, secret)
    assert said["/healthz"].status == 503
    assert said["/healthz"].json()["reason"] in (discretion.AWAY, discretion.MISSING)
    assert archive.database.name in caplog.text


LINES = {
    "recovered: 16 bytes of a record that was cut off are removed from /var/lib/monadi/snapshots/monadi-1.warc.gz": (
        "recovered: 16 bytes of a record that was cut off are removed from …"
    ),
    "/srv/data/x.warc.gz: snapshots cannot be written: no space left; make room": (
        "…: snapshots cannot be written: no space left; make room"
    ),
    "the archive at postgresql+psycopg://m:***@db.internal/m cannot be used: connection to server at db.internal": (
        "the archive cannot be used"
    ),
    'connection failed: connection to server at "10.0.0.5", port 5432 failed': "connection failed: …",
    "sqlite:////var/lib/m.db is busy": "… is busy",
    "an error (/opt/a/b.py, line 3)": "an error (…, line 3)",
    "https://yazd.example.ir/fa/news/12/x: it answered 500": "https://yazd.example.ir/fa/news/12/x: it answered 500",
    "its list is not where it was; see https://a.ir/b/c": "its list is not where it was; see https://a.ir/b/c",
    "3 of 5 pages and/or lists, and 10/20": "3 of 5 pages and/or lists, and 10/20",
}


@pytest.mark.parametrize("line", LINES)
def test_lines_for_operators_lose_what_tells_of_the_machine_and_nothing_else(line):
    assert discretion.of_line(line) == LINES[line]


@pytest.mark.parametrize("target", ["/status", "/en/status", "/sources/mcls-yazd", "/api/v1/sources"])
def test_why_a_crawl_ended_is_shown_without_paths(full, catalogue, target):
    at = datetime.now(UTC)
    reason = "no room; recovered: 3 bytes are removed from /var/lib/monadi/snapshots/a.warc.gz"
    with full.writing() as connection:
        crawl = crawls.begin(connection, "mcls-yazd", at)
        result = Result(outcome=Outcome.STOPPED, reason=reason, swept=False, counts={})
        crawls.finish(connection, crawl, at=at, result=result)

    text = Client(create_app(full, catalogue, BASE))(target).text

    assert "no room; recovered: 3 bytes are removed from …" in text
    assert "/var/lib" not in text


def test_the_log_is_told_once_a_minute_and_whenever_it_is_something_else(caplog, monkeypatch):
    gone, full = ArchiveUnavailable("/a/b.db is gone"), ArchiveUnavailable("/a is full")
    for error in (gone, gone, full, full, gone):
        assert discretion.of_error(error) == discretion.AWAY
    assert caplog.messages == ["/a/b.db is gone", "/a is full", "/a/b.db is gone"]
    monkeypatch.setattr(discretion, "AGAIN", 0.0)
    discretion.of_error(gone)
    assert len(caplog.messages) == 4
