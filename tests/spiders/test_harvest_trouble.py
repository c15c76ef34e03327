"""What sites do to a harvest: redirects, pages that do not answer and come back, a stop in mid-way."""

import subprocess
import sys
import threading
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
import sqlalchemy as sa
from scrapy import signals
from scrapy.http import Response
from scrapy.utils.test import get_crawler
from twisted.python.failure import Failure

from archive import Archive, Query, crawls, tables
from archive.database import sqlite_url
from sources import Catalogue
from spiders.loader import spider_of
from spiders.pipelines import sum_up
from spiders.platforms import platform

LISTING = '<article class="post"><h2 class="entry-title"><a href="{}">خبر</a></h2></article>'
ARTICLE = """<article id="post-{}" class="post"><h1 class="entry-title">گشایش کارگاه شماره {}</h1>
<span class="entry-date">۱۵ آذر ۱۴۰۰ ۰۹:۱۹</span><div class="entry-content"><p>متن خبر کارگاه.</p></div></article>"""


class Office:
    """A WordPress office of whatever pages a test gives it: path → (status, location or body), in UTF-8 or not."""

    def __init__(self) -> None:
        self.pages: dict[str, tuple[int, str]] = {}
        self.encoding = "utf-8"
        self.platform = "wordpress"
        self.etags: dict[str, str] = {}
        self.conditional: list[tuple[str, str]] = []
        self.asked: list[str] = []
        self.server = ThreadingHTTPServer(("127.0.0.1", 0), type("Handler", (_Handler,), {"office": self}))
        threading.Thread(target=self.server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server.server_port}/"

    def close(self) -> None:
        self.server.shutdown()
        self.server.server_close()


class _Handler(BaseHTTPRequestHandler):
    office: Office

    def do_GET(self) -> None:
        self.office.asked.append(self.path)
        status, text = self.office.pages.get(self.path, (404, ""))
        etag, asked = self.office.etags.get(self.path), self.headers.get("If-None-Match")
        if asked:
            self.office.conditional.append((self.path, asked))
            status = 304 if asked == etag else status
        self.send_response(status)
        if etag:
            self.send_header("ETag", etag)
        if status in (301, 302, 307):
            self.send_header("Location", text)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.send_header("Connection", "close")
        self.end_headers()
        if status == 200:
            self.wfile.write(text.encode(self.office.encoding))

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture
def office() -> Iterator[Office]:
    opened = Office()
    yield opened
    opened.close()


@pytest.fixture
def harvest(office: Office, tmp_path: Path) -> Callable[..., subprocess.CompletedProcess[str]]:
    (tmp_path / "agencies").mkdir()
    surroundings = {
        "MONADI_DATA": str(tmp_path / "data"),
        "MONADI_CATALOGUE": str(tmp_path),
        "MONADI_ALLOW_HOSTS": "127.0.0.1",
    }

    def run(*words: str) -> subprocess.CompletedProcess[str]:
        (tmp_path / "agencies" / "test.toml").write_text(
            '[agency]\nname_fa = "آزمون"\nname_en = "Test"\ndelay = 0.0\n'
            f'[yazd]\nurl = "{office.url}"\nplatform = "{office.platform}"\n',
            "utf-8",
        )
        command = [sys.executable, "-m", "monadi", "harvest", *words]
        return subprocess.run(
            command, env=surroundings, cwd=tmp_path, capture_output=True, text=True, timeout=60, check=False
        )

    return run


@pytest.fixture
def archive(tmp_path: Path) -> Iterator[Archive]:
    with Archive(sqlite_url(tmp_path / "data" / "monadi.db"), tmp_path / "data" / "search") as opened:
        yield opened


def test_a_listed_address_that_redirects_is_known_from_then_on(office, harvest, archive) -> None:
    office.pages = {
        "/": (200, LISTING.format("/old/")),
        "/old/": (301, "/new/"),
        "/new/": (200, ARTICLE.format(5, 5)),
    }
    harvest()
    office.asked.clear()

    harvest()

    assert not {"/old/", "/new/"} & set(office.asked)
    article = archive.article("test-yazd/5").article
    assert article.url == office.url + "new/"
    assert article.aliases == (office.url + "old/",)


def test_a_page_that_did_not_answer_is_asked_for_again_and_leaves_quarantine(office, harvest, archive) -> None:
    office.pages = {"/": (200, LISTING.format("/a/") + LISTING.format("/b/")), "/a/": (200, ARTICLE.format(1, 1))}
    assert "1 new" in harvest().stdout
    office.pages["/"] = (200, LISTING.format("/a/"))  # by now the listing has forgotten it
    office.pages["/b/"] = (200, ARTICLE.format(2, 2))

    assert "1 new" in harvest().stdout

    assert archive.count(Query()) == 2
    office.asked.clear()
    harvest()
    assert "/b/" not in office.asked


def test_a_site_without_feed_and_sitemap_is_settled_all_the_same(office, harvest) -> None:
    office.pages = {"/": (200, LISTING.format("/a/")), "/a/": (200, ARTICLE.format(1, 1))}
    harvest()
    office.asked.clear()

    assert "quiet" in harvest().stdout

    assert "/wp-sitemap.xml" not in office.asked


def test_a_redirect_to_another_host_is_not_followed(office, harvest) -> None:
    office.pages = {
        "/": (200, LISTING.format("/away/")),
        "/away/": (302, "http://127.0.0.2:9/elsewhere/"),
    }

    done = harvest()

    assert "empty" in done.stdout or "quiet" in done.stdout
    assert "Traceback" not in done.stderr


def test_a_page_that_lies_about_its_charset_is_read_as_it_is_written(office, harvest, archive) -> None:
    office.encoding = "windows-1256"  # while the header says UTF-8
    office.pages = {
        "/": (200, LISTING.format("/a/")),
        "/a/": (
            200,
            ARTICLE.format(1, "پنج")
            .replace("ی", "ي")
            .replace("۱۵", "15")
            .replace("۱۴۰۰", "1400")
            .replace("۰۹:۱۹", "09:19"),
        ),
    }

    harvest()

    article = archive.article("test-yazd/1").article
    assert article.title == "گشایش کارگاه شماره پنج"
    assert article.published.gregorian == "2021-12-06T09:19:00+03:30"
    with archive.reading() as connection:
        assert connection.scalar(sa.select(tables.crawls.c.counts))["charset/declared-otherwise"] == 2


def test_what_is_no_page_is_quarantined_as_what_it_is_not(office, harvest, archive) -> None:
    office.pages = {"/": (200, LISTING.format("/a/")), "/a/": (200, "%PDF-1.4 \x00\x01 no page at all")}

    done = harvest()

    assert "1 quarantined" in done.stdout
    with archive.reading() as connection:
        assert crawls.to_retry(connection, "test-yazd", "wordpress/999")
        assert connection.scalar(sa.select(tables.quarantine.c.kind)) == "not-an-article"


def test_a_front_page_that_is_no_text_is_no_newsroom(office, harvest) -> None:
    office.platform = "auto"
    office.pages = {"/": (200, "\x00\x01\x02")}

    done = harvest()

    assert "test-yazd: empty, 0 new" in done.stdout
    assert "nothing on its listing pages was recognised" in done.stdout


def test_a_walk_that_breaks_leaves_nothing_settled_and_says_why() -> None:
    source = Catalogue.load().source("mcls-yazd")
    crawler = get_crawler(spider_of(source))
    spider = spider_of(source).from_crawler(crawler)

    failure = Failure(ValueError("a listing of a kind never seen"))
    crawler.signals.send_catch_log(signals.spider_error, failure=failure, response=Response(source.url), spider=spider)

    spider.counts["listed"] = 3
    assert sum_up(spider, Counter(new=3), finished=True).swept is False
    assert spider.reason == f"{source.url}: ValueError: a listing of a kind never seen"


def test_a_visit_that_recognised_nothing_settles_nothing() -> None:
    source = Catalogue.load().source("mcls-yazd")
    spider = spider_of(source).from_crawler(get_crawler(spider_of(source)))

    assert sum_up(spider, Counter(), finished=True).swept is False

    spider.counts["listed"] = 3
    assert sum_up(spider, Counter(new=3), finished=True).swept is True


def test_a_newsroom_that_keeps_us_out_is_called_blocked(office, harvest) -> None:
    office.pages = {"/": (403, ""), "/feed/": (403, "")}

    done = harvest()

    assert done.returncode == 1
    assert "test-yazd: blocked, 0 new" in done.stdout
    assert "it keeps us out (403)" in done.stdout


STRANGE = """<html><head><title>{0} - شهرداری نمونه</title></head><body><div class="q1"><h2>{0}</h2>
<div class="q2">۱۵ آذر ۱۴۰۰ - ۰۹:۱۹</div><div class="q3"><p>کارگاه تازه شهرداری نمونه با حضور شهروندان و مسئولان آغاز
به کار کرد و تا پایان سال در هر هفته سه روز به روی همه باز است.</p><p>شهردار گفت: این کارگاه با هزینه‌ای اندک و به
همت مردم محله ساخته شده و در آن آموزش‌های فنی رایگان داده می‌شود.</p></div></div></body></html>"""
TITLES = [f"گشایش کارگاه آموزشی شماره {number} شهرداری" for number in ("یک", "دو", "سه", "چهار")]
FRONT = "".join(f'<li><a href="/khabar/{n}.html">{title}</a></li>' for n, title in enumerate(TITLES, 1))


@pytest.mark.parametrize("stated", ["auto", "generic"])
def test_a_newsroom_of_no_known_platform_is_read_and_said_to_be_degraded(office, harvest, archive, stated) -> None:
    office.platform = stated
    office.pages = {"/": (200, f"<ul>{FRONT}</ul>")} | {
        f"/khabar/{n}.html": (200, STRANGE.format(title)) for n, title in enumerate(TITLES, 1)
    }

    done = harvest()

    assert done.returncode == 0
    assert "test-yazd: degraded, 4 new" in done.stdout
    assert "4 pages were read by the generic reader: state the site's selectors in its TOML" in done.stdout
    article = archive.article(next(item.id for item in archive.articles(Query()))).article
    assert article.title in TITLES
    assert article.published.gregorian == "2021-12-06T09:19:00+03:30"
    assert article.extractor.startswith("generic/")


def test_a_page_that_its_platform_finds_no_article_in_is_read_by_the_generic_reader(office, harvest, archive) -> None:
    office.pages = {"/": (200, LISTING.format("/a/")), "/a/": (200, STRANGE.format(TITLES[0]))}

    done = harvest()

    assert "test-yazd: degraded, 1 new" in done.stdout
    (item,) = archive.articles(Query())
    assert (item.article.title, item.article.extractor) == (TITLES[0], platform("generic").page.extractor())


def test_a_list_is_asked_for_only_if_it_has_changed(office, harvest) -> None:
    office.pages = {"/": (200, LISTING.format("/a/")), "/a/": (200, ARTICLE.format(1, 1))}
    office.etags = {"/": '"one"'}
    harvest()

    assert "quiet, 0 new" in harvest().stdout
    assert office.conditional == [("/", '"one"')]

    office.pages |= {"/": (200, LISTING.format("/b/")), "/b/": (200, ARTICLE.format(2, 2))}
    office.etags = {"/": '"two"'}
    assert "ok, 1 new" in harvest().stdout


def test_a_server_that_calls_its_list_unchanged_while_its_feed_has_more_is_not_believed_again(
    office, harvest, archive
) -> None:
    feed = "<rss><channel><item><link>{}</link></item></channel></rss>"
    office.pages = {"/": (200, LISTING.format("/a/")), "/a/": (200, ARTICLE.format(1, 1))}
    office.etags = {"/": '"forever"'}
    harvest()
    both = LISTING.format("/a/") + LISTING.format("/c/")
    office.pages |= {
        "/": (200, both),
        "/feed/": (200, feed.format(f"{office.url}b/")),
        "/b/": (200, ARTICLE.format(2, 2)),
        "/c/": (200, ARTICLE.format(3, 3)),
    }

    assert "ok, 1 new" in harvest().stdout
    assert "ok, 1 new" in harvest().stdout
    assert archive.count(Query()) == 3


def test_the_front_page_stands_in_for_a_list_that_is_gone(office, harvest, archive) -> None:
    office.platform = "iransamaneh"
    article = """<div class="news_nav news_pdate_c">۱۵ آذر ۱۴۰۰ - ۰۹:۱۹</div>
        <h1 class="title">گشایش کارگاه شماره یک</h1>
        <div class="body"><p>متن خبر کارگاه.</p></div>"""
    office.pages = {"/": (200, '<a href="/fa/news/12/khabar">گشایش کارگاه</a>'), "/fa/news/12/khabar": (200, article)}

    done = harvest()

    assert "test-yazd: ok, 1 new" in done.stdout
    assert "so the front page is read as the list" in done.stdout
    assert archive.article("test-yazd/12").article.title == "گشایش کارگاه شماره یک"


def test_a_pager_that_goes_in_circles_ends(office, harvest) -> None:
    pager = '<a class="next page-numbers" href="/page/{}/">بعدی</a>'
    office.pages = {"/a/": (200, ARTICLE.format(1, 1)), "/": (200, LISTING.format("/a/") + pager.format(2))}
    office.pages |= {f"/page/{n}/": (200, LISTING.format("/a/") + pager.format(n + 1)) for n in range(2, 50)}

    harvest("--full")

    assert "/page/3/" in office.asked
    assert "/page/4/" not in office.asked


def test_a_newsroom_in_which_nothing_is_recognised_is_called_empty(office, harvest) -> None:
    office.pages = {"/": (200, "<p>به زودی</p>")}

    done = harvest()

    assert done.returncode == 1
    assert "test-yazd: empty, 0 new" in done.stdout


def test_a_title_of_any_markup_or_length_is_archived_as_text(office, harvest, archive) -> None:
    office.pages = {
        "/": (200, LISTING.format("/a/")),
        "/a/": (200, ARTICLE.format(1, "&lt;script&gt;alert(1)&lt;/script&gt; " + "بلند " * 20_000)),
    }

    harvest()

    assert "<script>alert(1)</script> بلند" in archive.article("test-yazd/1").article.title


# ---- one crawl of a source at a time ----


def test_a_source_that_another_process_reads_is_left_to_it(harvest, office, tmp_path):
    harvest()
    with Archive(sqlite_url(tmp_path / "data" / "monadi.db"), tmp_path / "data" / "search") as archive:
        with archive.claim("test-yazd"):
            asked = len(office.asked)
            whole, named = harvest(), harvest("test-yazd")
            assert len(office.asked) == asked
        with archive.reading() as connection:
            (latest,) = crawls.latest(connection)
    line = "test-yazd: it is being read by another process, and was left to it\n"
    assert (whole.stdout, whole.returncode) == (line, 0)
    assert (named.stdout, named.returncode) == (line, 1)
    assert latest.id == 1
    assert "it answered 404" in harvest().stdout


# ---- what a fault left ----


def test_the_run_after_one_that_was_killed_says_what_it_recovered(harvest, office, archive):
    office.pages = {"/": (200, LISTING.format("/a/")), "/a/": (200, ARTICLE.format(1, 1))}
    harvest()
    with archive.writing() as connection:
        crawls.begin(connection, "test-yazd", datetime.now(UTC))
    (file,) = archive.snapshots.files()
    with file.open("ab") as stream:
        stream.write(b"\x1f\x8b\x08" + b"half a record")
    office.pages = {"/": (200, LISTING.format("/b/")), "/b/": (200, ARTICLE.format(2, 2))}

    said = harvest().stdout

    assert "1 new" in said
    assert "recovered: its last run was cut off; what that one kept stands, the rest is read anew" in said
    assert f"recovered: 16 bytes of a record that was cut off are removed from {file}" in said
    assert said.count("\n") == 1
    assert "recovered" not in harvest().stdout
    assert [line for found in archive.verify() for line in found.lines] == []


def test_a_crawl_that_cannot_begin_for_its_archive_says_why(harvest, office, archive):
    office.pages = {"/": (200, LISTING.format("/a/")), "/a/": (200, ARTICLE.format(1, 1))}
    harvest()
    with archive.writing() as connection:
        connection.exec_driver_sql(
            "CREATE TRIGGER full BEFORE INSERT ON crawls BEGIN SELECT load_extension('database or disk is full'); END"
        )

    done = harvest()

    assert done.returncode == 1
    assert "test-yazd: stopped, 0 new, " in done.stdout
    assert f"(the archive at {archive.database.name} cannot be used: " in done.stdout
    assert "Traceback" not in done.stdout + done.stderr
