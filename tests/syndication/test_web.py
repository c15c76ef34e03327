"""The web face, asked as a server asks it; one test goes over a real socket."""

import re
import signal
import socket
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from datetime import timedelta
from http.client import HTTPConnection
from pathlib import Path
from urllib.parse import quote

import pytest
from starlette.routing import Route

from archive import Archive, Attachment, crawls, intake
from archive.crawls import Outcome, Quarantined, Result
from archive.database import sqlite_url
from archive.tables import articles as table
from archive.tables import revisions
from persian.dates import parse
from sources import Catalogue
from syndication import feeds
from syndication.errors import CannotListen
from syndication.web import create_app
from syndication.web.server import free
from tests.syndication.asking import Answer, Client
from tests.syndication.serving import served

BASE = "https://news.example.ir/monadi"
FEED_TYPES = {
    "rss": "application/rss+xml; charset=utf-8",
    "atom": "application/atom+xml; charset=utf-8",
    "json": "application/feed+json; charset=utf-8",
}


@pytest.fixture
def ask(full: Archive, catalogue: Catalogue) -> Client:
    """A Monadi with 60 releases, behind a proxy that strips a path."""
    return Client(create_app(full, catalogue, BASE))


@pytest.fixture
def ask_empty(archive: Archive, catalogue: Catalogue) -> Client:
    return Client(create_app(archive, catalogue, BASE))


@pytest.fixture
def ask_missing(tmp_path: Path, catalogue: Catalogue) -> Iterator[Client]:
    """A Monadi whose archive nobody has begun yet."""
    with Archive(sqlite_url(tmp_path / "none" / "monadi.db"), tmp_path / "none" / "search") as archive:
        yield Client(create_app(archive, catalogue, BASE))


def titles(page: Answer) -> list[str]:
    found = re.findall(r"<h3[^>]*><a [^>]*>(.*?)</a>", page.text)
    return [re.sub("</?mark>", "", title) for title in found]


PAGES = [
    *("/", "/search", "/search?province=yazd&q=نشست", "/articles/mcls-yazd/1", "/changes", "/provinces/yazd"),
    *("/articles/mcls-yazd/1/revisions/1", "/articles/mcls-yazd/1/diff/1/1", "/articles/mcls-yazd/1/revisions/2"),
    *("/agencies/mcls", "/sources/mcls-yazd", "/feeds/", "/status", "/nowhere", "/search?since=never"),
]
ANSWERS = [*PAGES, "/feeds/all.atom", "/articles/mcls-yazd/1.json", "/healthz", "/static/style.css", "/feeds"]


@pytest.mark.parametrize(
    ("target", "status", "media_type"),
    [
        ("/", 200, "text/html; charset=utf-8"),
        ("/search", 200, "text/html; charset=utf-8"),
        ("/search?q=روابط", 200, "text/html; charset=utf-8"),
        ("/changes", 200, "text/html; charset=utf-8"),
        ("/changes?kind=new", 400, "text/html; charset=utf-8"),
        ("/changes?before=x", 400, "text/html; charset=utf-8"),
        ("/changes?tag=x", 400, "text/html; charset=utf-8"),
        ("/provinces/yazd", 200, "text/html; charset=utf-8"),
        ("/provinces/atlantis", 404, "text/html; charset=utf-8"),
        ("/agencies/mcls", 200, "text/html; charset=utf-8"),
        ("/agencies/none", 404, "text/html; charset=utf-8"),
        ("/sources/mcls-yazd", 200, "text/html; charset=utf-8"),
        ("/sources/none", 404, "text/html; charset=utf-8"),
        ("/exports/releases.csv", 200, "text/csv; charset=utf-8"),
        ("/exports/releases.ndjson?q=روابط", 200, "application/x-ndjson; charset=utf-8"),
        ("/exports/releases.sqlite", 404, "text/html; charset=utf-8"),
        ("/opensearch.xml", 200, "application/opensearchdescription+xml"),
        ("/static/vazirmatn.woff2", 200, "font/woff2"),
        ("/favicon.ico", 200, "image/png"),
        ("/articles/mcls-yazd/1", 200, "text/html; charset=utf-8"),
        ("/articles/mcls-yazd/1.json", 200, "application/json"),
        ("/articles/mcls-yazd/none", 404, "text/html; charset=utf-8"),
        ("/articles/\x00\u202e", 404, "text/html; charset=utf-8"),
        ("/feeds/", 200, "text/html; charset=utf-8"),
        ("/feeds/province/yazd.rss", 200, FEED_TYPES["rss"]),
        ("/feeds/agency/mcls.atom", 200, FEED_TYPES["atom"]),
        ("/feeds/source/mcls-yazd.json", 200, FEED_TYPES["json"]),
        ("/feeds/province/atlantis.rss", 404, "text/html; charset=utf-8"),
        ("/feeds/all.opml", 404, "text/html; charset=utf-8"),
        ("/api/v1/coverage", 200, "application/json"),
        ("/api/v1/coverage?since=never", 400, "application/problem+json"),
        ("/status", 200, "text/html; charset=utf-8"),
        ("/healthz", 200, "application/json"),
        ("/static/style.css", 200, "text/css; charset=utf-8"),
        ("/static/../app.py", 404, "text/html; charset=utf-8"),
        ("/nowhere", 404, "text/html; charset=utf-8"),
    ],
)
def test_every_address_answers(ask: Client, target: str, status: int, media_type: str):
    answer = ask(target)
    assert (answer.status, answer.headers["content-type"]) == (status, media_type)


@pytest.mark.parametrize("target", ANSWERS)
def test_every_answer_forbids_what_no_page_needs(ask: Client, target: str):
    headers = ask(target).headers
    assert "default-src 'none'" in headers["content-security-policy"]
    assert "script-src" not in headers["content-security-policy"]
    assert headers["x-content-type-options"] == "nosniff"
    assert "set-cookie" not in headers


@pytest.mark.parametrize("target", PAGES)
def test_every_page_keeps_to_itself(ask: Client, target: str):
    headers = ask(target).headers
    assert headers["referrer-policy"] == "no-referrer"
    assert headers["cross-origin-opener-policy"] == "same-origin"
    assert headers["permissions-policy"] == "camera=(), geolocation=(), microphone=()"


@pytest.mark.parametrize("target", ANSWERS)
def test_the_host_that_a_client_states_is_nowhere_in_an_answer(ask: Client, target: str):
    answer = ask(target, x_forwarded_host="evil.example")
    assert b"evil.example" not in answer.body
    assert "evil.example" not in str(answer.headers)


def test_links_keep_the_path_that_a_proxy_strips(ask: Client):
    links = re.findall(r'href="(/[^"]*)"', ask("/").text)
    assert links
    assert all(link.startswith("/monadi/") for link in links)
    assert ask("/feeds").headers["location"] == "/monadi/feeds/"


@pytest.mark.parametrize("target", PAGES)
def test_every_page_is_persian_without_scripts_and_tells_of_the_feeds(ask: Client, target: str):
    answer = ask(target)
    page = answer.text
    assert '<html lang="fa" dir="rtl">' in page
    assert "<script" not in answer.without_data
    assert "style=" not in page
    for extension in FEED_TYPES:
        assert f'href="{BASE}/feeds/all.{extension}"' in page


def test_a_page_about_one_office_tells_of_its_feed_too(ask: Client):
    assert f'href="{BASE}/feeds/province/yazd.atom"' in ask("/search?province=یزد").text
    assert f'href="{BASE}/feeds/source/mcls-yazd.atom"' in ask("/search?source=mcls-yazd").text
    assert f'href="{BASE}/feeds/source/mcls-yazd.atom"' in ask("/articles/mcls-yazd/1").text
    assert f"{BASE}/feeds/province/" not in ask("/search?province=yazd&since=1400").text


def test_a_method_that_changes_things_is_refused(ask: Client):
    answer = ask("/", "POST")
    assert answer.status == 405
    assert "GET" in answer.headers["allow"]


# ---- the home page ----


def test_releases_stand_by_day_in_both_calendars(ask: Client):
    page = ask("/").text
    assert '<time datetime="2021-12-03">جمعه ۱۲ آذر ۱۴۰۰</time>' in page
    assert "3 December 2021" in page
    assert page.index("تنها روز") < page.index("۲۹ آبان ۱۴۰۰") < page.index("۲۸ آبان ۱۴۰۰")


def test_an_undated_release_says_so(ask: Client):
    page = ask("/").text
    assert "بی‌تاریخ؛ روزِ نخستین دیدار" in page


def test_every_province_has_its_count_and_feeds(ask: Client):
    page = ask("/").text
    assert page.count('href="/monadi/feeds/province/') == 31 * 3
    row = page[page.index('/provinces/yazd">') :]
    assert '<span class="count">۵۹</span>' in row[: row.index("</li>")]


@pytest.mark.parametrize(
    ("start", "count"), [("/search?province=yazd&limit=7", 59), ("/search?q=روابط عمومی&sort=best&limit=7", 57)]
)
def test_pages_follow_each_other_to_the_end_without_repetition(ask: Client, start: str, count: int):
    seen: list[str] = []
    target: str | None = start
    while target:
        page = ask(target)
        assert page.status == 200
        seen += re.findall(r'<h3[^>]*><a href="/monadi(/articles/[^"]*)"', page.text)
        following = re.search(r'rel="next" href="/monadi([^"]*)"', page.text)
        target = following and following[1].replace("&amp;", "&")
    assert len(seen) == len(set(seen)) == count


def test_a_page_has_an_end_whatever_limit_is_asked_for(ask: Client):
    assert len(titles(ask("/"))) == 30
    assert len(titles(ask("/search?limit=99999999999999999999"))) == 60


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("q=پیوست دار", {"پیوست‌دار"}),
        ("source=mcls-hormozgan", {"پیوست‌دار"}),
        ("province=IR-22", {"پیوست‌دار"}),
        ("since=1400/09/12&until=۱۲ آذر ۱۴۰۰", {"تنها روز"}),
        ("since=1400/09/12&source=mcls-yazd", {"بی‌تاریخ", "تنها روز"}),
        ("q=ناموجود", set()),
    ],
)
def test_filters_are_those_of_every_face(ask: Client, words: str, found: set[str]):
    assert {title for title in titles(ask(f"/search?{words}")) if not title.startswith("نشست")} == found


def test_what_was_searched_is_marked_in_titles_and_texts(archive, keep, make, catalogue):
    long = "سرآغاز & " + "واژه " * 200 + "کتاب\u200cها در <یزد>" + " پایان" * 50
    keep(make(1, title="كتاب در یزد", lead=None, body=long))
    page = Client(create_app(archive, catalogue, BASE))("/search?q=کتاب").text
    assert "<mark>كتاب</mark> در یزد" in page
    assert "<mark>کتاب\u200cها</mark> در &lt;یزد&gt; پایان" in page
    assert "سرآغاز" not in page
    assert "سرآغاز &amp; واژه" in Client(create_app(archive, catalogue, BASE))("/").text


def test_the_form_keeps_what_was_asked(ask: Client):
    page = ask("/search?q=یزد&province=IR-21&since=1400/08&tag=اشتغال&changed-since=0").text
    assert 'name="q" value="یزد"' in page
    assert '<option value="yazd" selected>' in page
    assert '<option value="1400" selected>۱۴۰۰</option>' in page
    assert '<option value="8" selected>آبان</option>' in page
    assert 'name="tag" value="اشتغال"' in page
    assert '<input type="hidden" name="changed-since" value="0">' in page
    assert "<details open>" in page


@pytest.mark.parametrize(
    ("words", "persian", "english"),
    [
        ("since=1400/13/01", "از تاریخ", "since: Jalali 1400-13-01 does not exist"),
        ("province=atlantis", "استان", "province: no province"),
        ("source=mcls-yzd", "منبع", "did you mean"),
        ("cursor=x", "جای برگه", "cursor: not a cursor"),
        ("provnce=yazd", "provnce", "provnce: no such filter"),
    ],
)
def test_a_wrong_filter_is_named_and_never_ignored(ask: Client, words: str, persian: str, english: str):
    page = ask(f"/search?{words}")
    assert page.status == 400
    assert f"«{persian}»" in page.text
    assert english in page.text
    assert titles(page) == []


def test_an_empty_archive_says_how_to_fill_it(ask_empty: Client):
    page = ask_empty("/")
    assert page.status == 200
    assert "monadi harvest" in page.text


# ---- one release ----


def test_an_article_shows_what_the_archive_holds(archive, keep, make, catalogue):
    first = make(
        byline="روابط عمومی یزد",
        image="https://yazd.mcls.gov.ir/i.jpg",
        attachments=(Attachment(url="https://yazd.mcls.gov.ir/بخش.pdf", type="application/pdf", length=2_500_000),),
    )
    keep(first, replace(first, lead="لید ویراسته", fetched_at=first.fetched_at + timedelta(days=1)))
    page = Client(create_app(archive, catalogue, BASE))("/articles/mcls-yazd/1").text
    for shown in (
        *("در یزد:", "نشست شماره‌ی 1 روابط عمومی‌ها", "لید ویراسته", "<p>بند نخست.</p>", "روابط عمومی یزد", "اشتغال"),
        *("دوشنبه ۱۵ آذر ۱۴۰۰، ۰۹:۱۹", "6 December 2021, 09:19", "تا دقیقه", "«<bdi>۱۵ آذر ۱۴۰۰ ۰۹:۱۹</bdi>»"),
        *("https://yazd.mcls.gov.ir/fa/news/1/خبر", "بخش.pdf", "۲ مگابایت", "application/pdf", "تصویر خبر"),
        *('<li value="1">', '<li value="2">', "سه‌شنبه ۱۶ آذر ۱۴۰۰"),
    ):
        assert shown in page
    assert "<img" not in page
    assert f'<link rel="canonical" href="{BASE}/articles/mcls-yazd/1">' in page


def test_a_record_is_the_one_of_every_export(ask: Client, full: Archive):
    assert ask("/articles/mcls-yazd/1.json").json() == full.article("mcls-yazd/1").to_dict()


def test_hostile_text_stays_text(archive, keep, make, catalogue):
    attack = '"><script>alert(1)</script>\u202e'
    keep(
        make(
            title=attack,
            kicker=attack,
            lead=attack,
            byline=attack,
            category=attack,
            tags=(attack,),
            native_id="1\"><script>'",
            url="javascript:alert(1)",
            image="javascript:alert(1)",
            body_html='<p onclick="x()">متن<script>alert(1)</script><a href="javascript:alert(1)">پیوند</a></p>',
            attachments=(
                Attachment(url="javascript:alert(1)", title=attack),
                Attachment(url="https://a.ir/b", type=attack),
            ),
            published=parse("۱۵ آذر ۱۴۰۰ <script>", fetched_at=make().fetched_at),
        )
    )
    ask = Client(create_app(archive, catalogue, BASE))
    article = re.search(r'<h3[^>]*><a href="/monadi([^"]*)"', ask("/").text)
    assert article
    for target in (
        "/",
        f"/search?q={attack}",
        f"/search?tag={attack}",
        "/articles/mcls-yazd/1\"><script>'",
        f"/{attack}",
    ):
        page = ask(target)
        assert page.status in (200, 404)
        assert "<script" not in page.without_data
        assert "onclick" not in page.text
        assert 'href="javascript:' not in page.text


def test_a_release_that_its_office_removed_is_marked(full: Archive, ask: Client):
    with full.writing() as connection:
        connection.execute(table.update().where(table.c.id == "mcls-yazd/61").values(state="gone"))
    assert "از سایت اداره برداشته شده" in ask("/articles/mcls-yazd/61").text
    assert "از سایت اداره برداشته شده" in ask("/").text


def test_a_source_that_left_the_catalogue_keeps_its_releases(full: Archive, catalogue: Catalogue):
    smaller = Catalogue(provinces=catalogue.provinces, agencies=catalogue.agencies.values(), sources=())
    ask = Client(create_app(full, smaller, BASE))
    assert "<bdi>mcls-yazd</bdi>" in ask("/").text
    assert ask("/articles/mcls-yazd/1").status == 200


# ---- feeds ----


@pytest.mark.parametrize("extension", FEED_TYPES)
def test_a_feed_is_the_one_that_would_be_published(ask: Client, full: Archive, catalogue: Catalogue, extension: str):
    answer = ask(f"/feeds/province/yazd.{extension}")
    assert answer.body == feeds.render(full, feeds.find("province/yazd", catalogue), extension, BASE)
    assert answer.headers["cache-control"] == "public, max-age=300"


def test_a_feed_is_sent_again_only_when_it_says_something_new(ask: Client, keep, make, monkeypatch):
    monkeypatch.setattr("syndication.web.documents.TRUSTED", 0)
    first = ask("/feeds/all.atom")
    etag = first.headers["etag"]
    assert re.fullmatch(r'"[0-9a-f]+"', etag)
    for stated in (etag, f'W/"x", W/{etag}', "*"):
        again = ask("/feeds/all.atom", if_none_match=stated)
        assert (again.status, again.body, again.headers["etag"]) == (304, b"", etag)
    keep(make(99, title="خبر تازه"))
    changed = ask("/feeds/all.atom", if_none_match=etag)
    assert changed.status == 200
    assert changed.headers["etag"] != etag
    assert "خبر تازه" in changed.text


@pytest.mark.parametrize("target", ["/feeds/all.rss", "/", "/articles/mcls-yazd/1.json", "/healthz", "/nowhere"])
def test_head_gives_the_headers_of_get_alone(ask: Client, target: str):
    get, head = ask(target), ask(target, "HEAD")
    assert (head.status, head.headers, head.body) == (get.status, get.headers, b"")


def test_the_directory_lists_every_feed(ask: Client, catalogue: Catalogue):
    page = ask("/feeds/").text
    for feed in feeds.known(catalogue):
        for extension in FEED_TYPES:
            assert f'href="/monadi/feeds/{feed.path}.{extension}"' in page


def test_the_style_is_kept_until_it_changes(ask: Client):
    versioned = re.search(r"/static/style\.css\?[0-9a-f]{8}(?=\")", ask("/").text)[0]
    answer = ask(versioned)
    assert "max-age=31536000" in answer.headers["cache-control"]
    assert ask(versioned, if_none_match=answer.headers["etag"]).status == 304


def test_what_bears_no_version_is_kept_for_a_day(ask: Client):
    for path in ("/static/feed.css", "/static/vazirmatn.woff2", "/favicon.ico"):
        assert "max-age=86400" in ask(path).headers["cache-control"]


def test_the_icon_is_where_browsers_look_for_it(ask: Client):
    assert ask("/favicon.ico").body == ask("/static/icon.png").body


# ---- operators ----


def test_the_status_says_how_each_source_fared(ask: Client, full: Archive, make):
    at = make().fetched_at
    with full.writing() as connection:
        for source, outcome, reason in (
            ("mcls-yazd", Outcome.OK, None),
            ("mcls-hormozgan", Outcome.UNREACHABLE, "DNS: no such host"),
            ("mcls-fars", None, None),
        ):
            crawl = crawls.begin(connection, source, at)
            if outcome:
                result = Result(outcome=outcome, reason=reason, swept=True, counts={"new": 3, "revised": 0})
                crawls.finish(connection, crawl, at=at, result=result)
        page = Quarantined(
            source="mcls-yazd", url="https://a.ir", kind="parse", reason="no title", extractor="x/1", headers={}
        )
        crawls.hold(connection, [page], at)
    page = ask("/status").text
    assert "۳ منبع خوانده شده: ۱ درست، ۱ با گرفتاری، ۱ نیمه‌تمام" in page
    rows = re.findall(r'<tr class="(\w+)">(.*?)</tr>', page, re.DOTALL)
    assert rows[0][0] == "failed"
    by_mood = dict(rows)
    assert "پاسخ نداد" in by_mood["failed"]
    assert "DNS: no such host" in by_mood["failed"]
    assert "در حال خواندن" in by_mood["running"]
    for shown in ("خوانده شد", "دوشنبه ۱۵ آذر ۱۴۰۰، ۱۱:۳۱", "<bdi>تازه</bdi> ۳", "۵۹", '"قرنطینه">۱<'):
        assert shown in by_mood["fine"]
    assert "ویراسته" not in by_mood["fine"]
    assert "منبع هنوز خوانده نشده است" in page


def test_health_tells_programs_that_the_archive_answers(ask: Client):
    answer = ask("/healthz")
    assert answer.json().items() >= {"status": "ok", "change": 60}.items()
    assert answer.headers["cache-control"] == "no-store"


@pytest.mark.parametrize("target", ["/", "/status"])
def test_without_an_archive_readers_are_told_how_to_begin(ask_missing: Client, target: str):
    page = ask_missing(target)
    assert page.status == 200
    assert "monadi harvest" in page.text
    assert "monadi demo" in page.text


@pytest.mark.parametrize("target", ["/healthz", "/feeds/all.rss", "/articles/mcls-yazd/1"])
def test_without_an_archive_programs_are_told_to_come_again(ask_missing: Client, target: str):
    answer = ask_missing(target)
    assert answer.status == 503
    assert "nothing has been archived here yet" in answer.text


def test_an_archive_begun_later_is_served_without_a_restart(tmp_path: Path, catalogue: Catalogue, make):
    with Archive(sqlite_url(tmp_path / "monadi.db"), tmp_path / "search") as archive:
        ask = Client(create_app(archive, catalogue, BASE))
        assert titles(ask("/")) == []
        archive.upgrade()
        with archive.writing() as connection:
            crawls.register(connection, catalogue.sources.values())
            intake.save(connection, [make()])
        assert titles(ask("/")) == ["نشست شماره‌ی 1 روابط عمومی‌ها"]


def test_a_fault_of_ours_is_a_page_without_its_details(ask: Client):
    def fail(_):
        raise RuntimeError("the details")

    ask.app.app.routes.append(Route("/fail", fail))
    answer = ask("/fail", fails=True)
    assert answer.status == 500
    assert "the details" not in answer.text
    assert "default-src 'none'" in answer.headers["content-security-policy"]


def test_an_archive_that_cannot_be_read_is_named_to_its_operator(tmp_path: Path, catalogue: Catalogue, caplog):
    (tmp_path / "monadi.db").write_bytes(b"no database" * 1000)
    with Archive(sqlite_url(tmp_path / "monadi.db"), tmp_path / "search") as archive:
        ask = Client(create_app(archive, catalogue, BASE))
        for target in ("/", "/healthz", "/feeds/all.rss"):
            answer = ask(target)
            assert answer.status == 503
            assert "the archive does not answer" in answer.text
            assert caplog.text.count(f"{tmp_path / 'monadi.db'} is not an archive of Monadi") == 1  # in this minute


@pytest.mark.parametrize(
    "target", ["/", "/healthz", "/feeds/all.rss", "/feeds/all.json", "/status", "/api/v1/articles"]
)
@pytest.mark.parametrize("when", ["from the start", "meanwhile"])
def test_a_damaged_archive_does_not_answer_and_is_named_to_its_operator(
    full: Archive, tmp_path: Path, catalogue: Catalogue, caplog, target: str, when: str
):
    assert full.database.file
    place = full.database.file
    full.close()
    with Archive(sqlite_url(place), tmp_path / "search") as archive:
        ask = Client(create_app(archive, catalogue, BASE))
        if when == "meanwhile":
            assert ask(target).status == 200
        with closing(sqlite3.connect(place, isolation_level=None)) as connection:
            connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
            connection.execute("PRAGMA writable_schema = ON")
            connection.execute("UPDATE sqlite_master SET sql = 'CREATE NOTHING' WHERE name = 'articles'")
            connection.execute("PRAGMA schema_version = 9999")  # whoever has it open reads it again

        answer = ask(target)

    assert answer.status == 503
    assert "Traceback" not in answer.text
    assert str(tmp_path) not in answer.text
    assert "sqlite" not in answer.text.lower()
    if target.startswith("/api"):
        assert answer.headers["content-type"] == "application/problem+json"
    assert f"the archive at {place} is damaged: malformed database schema" in caplog.text


# ---- the server ----


def test_serving_loads_no_crawler():
    code = "import sys, syndication.web.app; sys.exit(bool({'scrapy', 'twisted', 'spiders'} & set(sys.modules)))"
    subprocess.run([sys.executable, "-c", code], check=True)


def test_a_port_in_use_is_one_clear_line():
    with closing(socket.create_server(("127.0.0.1", 0))) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(CannotListen, match=rf"cannot listen at 127\.0\.0\.1:{port}: address already in use"):
            free("127.0.0.1", port)


@pytest.mark.parametrize(("host", "port"), [("no.such.host.invalid", 8000), ("192.0.2.1", 8000), ("127.0.0.1", 99999)])
def test_an_address_that_is_none_of_this_machine_is_refused(host: str, port: int):
    with pytest.raises(CannotListen, match=f"cannot listen at {host}:{port}: .*; choose another"):
        free(host, port)


@pytest.mark.parametrize("stop", [signal.SIGTERM, signal.SIGINT])
def test_a_real_server_answers_and_a_signal_stops_it(tmp_path: Path, full: Archive, stop: signal.Signals):
    with served(sqlite_url(tmp_path / "monadi.db"), tmp_path / "search") as (server, port):
        with pytest.raises(CannotListen):
            free("127.0.0.1", port)
        with closing(HTTPConnection("127.0.0.1", port, timeout=20)) as connection:
            connection.request("GET", "/feeds/all.rss")
            answer = connection.getresponse()
            body = answer.read()
            assert (answer.status, answer.getheader("content-type")) == (200, FEED_TYPES["rss"])
            assert f"http://127.0.0.1:{port}/feeds/all.rss".encode() in body
            connection.request("HEAD", "/feeds/all.rss")
            head = connection.getresponse()
            assert (head.status, head.getheader("content-length"), head.read()) == (200, str(len(body)), b"")
            connection.request("GET", "/feeds/all.rss", headers={"If-None-Match": answer.getheader("etag")})
            unchanged = connection.getresponse()
            assert (unchanged.status, unchanged.read()) == (304, b"")
            connection.request("GET", "/")
            assert connection.getresponse().read().count(b'<h3 dir="auto"') == 30
            server.send_signal(stop)  # while a client holds its connection open
            rest, _ = server.communicate(timeout=20)
        assert (rest, server.returncode) == ("stopped\n", 0)


def test_what_is_held_is_answered_as_it_was_the_first_time(tmp_path: Path, full: Archive):
    """The second answer comes from memory, before the application is asked."""
    targets = ["/feeds/all.rss", f"/feeds/tag/{quote('اشتغال')}.atom", f"/feeds/query.json?q={quote('بی‌تاریخ')}"]
    with (
        served(sqlite_url(tmp_path / "monadi.db"), tmp_path / "search") as (_, port),
        closing(HTTPConnection("127.0.0.1", port, timeout=20)) as connection,
    ):

        def get(target: str, method: str = "GET", **fields: str) -> tuple[int, dict[str, str], bytes]:
            connection.request(method, target, headers={"Accept-Encoding": "gzip", **fields})
            answer = connection.getresponse()
            kept = {name.lower(): value for name, value in answer.getheaders() if name.lower() != "date"}
            return answer.status, kept, answer.read()

        for target in targets:
            first = get(target)
            assert get(target) == first
            assert get(target, "HEAD") == (*first[:2], b"")
            assert get(target, **{"If-None-Match": first[1]["etag"]})[0] == 304
            assert first[0] == 200
            assert "content-security-policy" in first[1]
        assert get("/nowhere")[0] == 404
        assert get("/feeds/all.rss?x=1")[0] == 400
        assert get("/", "POST")[0] == 405
        assert get(f"/search?q={quote('نشست')}")[0] == 200


def test_a_release_that_feeds_leave_out_is_named_on_the_page_of_the_status(ask: Client, full: Archive):
    assert "خوراک‌ها از آن" not in ask("/status").text
    with full.writing() as connection:
        connection.execute(revisions.update().where(revisions.c.title == "تنها روز").values(tags=[5]))
    answer = ask("/feeds/all.json")
    assert answer.status == 200
    assert "تنها روز" not in answer.text
    again = ask("/feeds/all.json", a_im="feed", if_none_match=answer.headers["etag"])
    assert again.status == 304
    page = ask("/status").text
    assert '<code dir="ltr">mcls-yazd/61</code>' in page
    assert "TypeError" in page
