"""Being a good guest, the whole way: what a host that has wishes is asked for, and what the operator is told."""

import gzip
import json
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import pairwise
from pathlib import Path

import pytest

from persian.dates import TEHRAN

ARTICLE = """<article id="post-{0}" class="post"><h1 class="entry-title">گشایش کارگاه شماره {0}</h1>
<span class="entry-date">۱۵ آذر ۱۴۰۰ ۰۹:۱۹</span><div class="entry-content"><p>متن خبر کارگاه.</p></div></article>"""
CHALLENGE = "<html><script>document.cookie='__arcsjs=1';location.reload()</script></html>"
LOGIN = "<html><title>ورود</title><form><input name=u><input type=password></form></html>"


def listing(*paths: str) -> str:
    return "".join(
        f'<article class="post"><h2 class="entry-title"><a href="{path}">خبر</a></h2></article>' for path in paths
    )


class Office:
    """A WordPress office: path → what it answers, a text or (status, headers, text) or a function of the handler."""

    def __init__(self) -> None:
        self.pages: dict[str, object] = {"/": listing("/1/", "/2/"), "/1/": ARTICLE.format(1), "/2/": ARTICLE.format(2)}
        self.robots: object = (404, {}, "")
        self.asked: list[tuple[float, str, str]] = []  # when, path, Cookie
        self.server = ThreadingHTTPServer(("127.0.0.1", 0), type("Handler", (_Handler,), {"office": self}))
        threading.Thread(target=self.server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server.server_port}/"

    @property
    def paths(self) -> list[str]:
        return [path for _, path, _ in self.asked]

    def close(self) -> None:
        self.server.shutdown()
        self.server.server_close()


class _Handler(BaseHTTPRequestHandler):
    office: Office
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        self.office.asked.append((time.monotonic(), self.path, self.headers.get("Cookie", "")))
        answer = self.office.robots if self.path == "/robots.txt" else self.office.pages.get(self.path, (404, {}, ""))
        if callable(answer):
            answer = answer(self)
        status, headers, text = answer if isinstance(answer, tuple) else (200, {}, answer)
        self.send_response(status)
        for name, value in {"Content-Type": "text/html; charset=utf-8", **headers}.items():
            self.send_header(name, value)
        body = text if isinstance(text, bytes) else text.encode()
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture
def office() -> Iterator[Office]:
    opened = Office()
    yield opened
    opened.close()


Run = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture
def monadi(office: Office, tmp_path: Path) -> Run:
    """The command over this office; `extra` is more TOML of it, `delay` its own."""

    def run(*words: str, extra: str = "", delay: float = 0.0, **changes: str) -> subprocess.CompletedProcess[str]:
        (tmp_path / "agencies").mkdir(exist_ok=True)
        (tmp_path / "agencies" / "test.toml").write_text(
            f'[agency]\nname_fa = "آزمون"\nname_en = "Test"\nplatform = "wordpress"\ndelay = {delay}\n'
            f'[yazd]\nurl = "{office.url}"\n{extra}',
            "utf-8",
        )
        surroundings = {
            "MONADI_DATA": str(tmp_path / "data"),
            "MONADI_CATALOGUE": str(tmp_path),
            "MONADI_ALLOW_HOSTS": "127.0.0.0/8",
            **changes,
        }
        command = [sys.executable, "-m", "monadi", *(words or ["harvest"])]
        done = subprocess.run(
            command, env=surroundings, cwd=tmp_path, capture_output=True, text=True, timeout=60, check=False
        )
        assert "Traceback" not in done.stderr
        return done

    return run


# ---- robots.txt ----


def test_a_listing_that_robots_txt_forbids_ends_the_run_with_these_words(office, monadi) -> None:
    office.robots = "User-agent: *\nDisallow: /\n"

    done = monadi()

    assert done.returncode == 1
    assert "test-yazd: blocked, 0 new" in done.stdout
    assert f"({office.url}: robots.txt asks not to)" in done.stdout
    assert office.paths == ["/robots.txt"]


def test_a_robots_txt_that_cannot_be_had_keeps_us_out_until_it_answers(office, monadi) -> None:
    office.robots = (500, {}, "")
    done = monadi()
    assert done.returncode == 1
    assert "test-yazd: unreachable, 0 new" in done.stdout
    assert "robots.txt cannot be had (it answered 500), and nothing is read until it can" in done.stdout
    assert set(office.paths) == {"/robots.txt"}

    office.robots = "User-agent: *\nDisallow: /2/\n"
    assert "test-yazd: ok, 1 new" in monadi().stdout
    assert "/2/" not in office.paths


def test_a_robots_txt_is_asked_for_once_a_day(office, monadi) -> None:
    office.robots = "User-agent: Monadi\nDisallow: /2/\n"
    monadi()
    office.robots = (500, {}, "")

    monadi("harvest", "--full")
    monadi("harvest", "--dry-run")

    assert office.paths.count("/robots.txt") == 1
    assert "/2/" not in office.paths


SITEMAP = "<urlset><url><loc>/3/</loc></url></urlset>"


def test_the_sitemaps_of_robots_txt_are_asked_on_a_first_and_a_full_run(office, monadi) -> None:
    office.robots = "User-agent: *\nSitemap: /map.xml.gz\nSitemap: http://127.0.0.2:9/map.xml\n"
    office.pages |= {"/map.xml.gz": (200, {"Content-Type": "application/x-gzip"}, gzip.compress(SITEMAP.encode()))}
    office.pages["/3/"] = ARTICLE.format(3)

    assert "test-yazd: ok, 3 new" in monadi().stdout
    assert "/3/" in office.paths

    office.asked.clear()
    monadi()
    assert "/map.xml.gz" not in office.paths

    monadi("harvest", "--full")
    assert office.paths.count("/map.xml.gz") == 1


def test_they_are_asked_too_where_the_front_page_has_to_say_what_the_site_runs_on(office, monadi) -> None:
    office.robots = f"Sitemap: {office.url}map.xml\n"
    office.pages |= {"/map.xml": SITEMAP, "/3/": ARTICLE.format(3)}
    office.pages["/"] = f'<meta name="generator" content="WordPress 6">{office.pages["/"]}'

    assert "test-yazd: ok, 3 new" in monadi(extra='platform = "auto"\n').stdout


def test_an_endless_robots_txt_is_read_as_far_as_it_counts(office, monadi) -> None:
    office.robots = "User-agent: *\nDisallow: /2/\n" + "# to be continued\n" * 600_000

    assert "1 new" in monadi().stdout
    assert "/2/" not in office.paths


def test_a_robots_txt_at_another_host_is_not_fetched(office, monadi) -> None:
    office.robots = (301, {"Location": "http://127.0.0.2:9/robots.txt"}, "")

    done = monadi()

    assert "test-yazd: unreachable, 0 new" in done.stdout
    assert "robots.txt cannot be had (it leads to another host, 127.0.0.2)" in done.stdout
    assert office.paths == ["/robots.txt"]


# ---- gates and walls ----


def gate(page: str, cookie: str = "seen=1", status: int = 307) -> Callable[[_Handler], object]:
    """A page behind a gate that sends every request back to itself until it has the cookie."""
    return lambda handler: (
        page
        if cookie in handler.headers.get("Cookie", "")
        else (status, {"Location": handler.path, "Set-Cookie": f"{cookie}; path=/; HttpOnly"}, "")
    )


@pytest.mark.parametrize("status", [302, 307])
def test_a_gate_is_passed_by_sending_its_cookie_back(office, monadi, status) -> None:
    office.robots = gate("User-agent: *\nDisallow: /2/\n", status=status)
    office.pages = {path: gate(str(page), status=status) for path, page in office.pages.items()}

    assert "test-yazd: ok, 1 new" in monadi().stdout
    assert office.asked[0][1:] == ("/robots.txt", "")
    assert {cookie for _, _, cookie in office.asked[1:]} == {"seen=1"}
    assert "/2/" not in office.paths


def test_a_gate_by_way_of_another_page_is_passed_too(office, monadi) -> None:
    page = office.pages["/1/"]
    office.pages["/1/"] = lambda handler: (
        page if "seen=1" in handler.headers.get("Cookie", "") else (302, {"Location": "/check?to=1"}, "")
    )
    office.pages["/check?to=1"] = (302, {"Location": "/1/", "Set-Cookie": "seen=1"}, "")

    assert "2 new" in monadi().stdout


@pytest.mark.parametrize("headers", [{}, {"Set-Cookie": "a=1"}, {"Set-Cookie": "a=1; Domain=other.example"}])
def test_a_gate_that_no_cookie_opens_is_named(office, monadi, headers) -> None:
    office.pages["/"] = (302, {"Location": "/", **headers}, "")

    done = monadi()

    assert "test-yazd: blocked, 0 new" in done.stdout
    assert "whatever cookie it gets" in done.stdout
    assert office.paths.count("/") <= 4


def test_a_gate_that_always_wants_another_cookie_is_given_up(office, monadi) -> None:
    numbers = iter(range(100))
    office.pages["/"] = lambda _: (302, {"Location": "/", "Set-Cookie": f"a={next(numbers)}"}, "")

    assert "test-yazd: blocked, 0 new" in monadi().stdout
    assert office.paths.count("/") == 4


@pytest.mark.parametrize(
    ("page", "said"),
    [
        (CHALLENGE, "wants a script to be run"),
        ((503, {}, CHALLENGE), "wants a script to be run"),
        (LOGIN, "it shows a login instead of the page"),
        ((302, {"Location": "/fa/login?ReturnUrl=%2f"}, ""), "it asks for a login"),
        ((403, {"cf-mitigated": "challenge"}, ""), "Cloudflare wants a script to be run"),
    ],
)
def test_a_wall_before_the_listing_is_named(office, monadi, page, said) -> None:
    office.pages = {"/": page, "/fa/login?ReturnUrl=%2f": LOGIN}

    done = monadi()

    assert done.returncode == 1
    assert "test-yazd: blocked, 0 new" in done.stdout
    assert said in done.stdout
    assert "/fa/login?ReturnUrl=%2f" not in office.paths


def test_a_wall_in_place_of_robots_txt_is_named_and_nothing_else_is_asked_for(office, monadi) -> None:
    office.robots = CHALLENGE

    assert "test-yazd: blocked, 0 new" in monadi().stdout
    assert office.paths == ["/robots.txt"]


def test_walls_before_one_article_after_the_other_end_the_run(office, monadi) -> None:
    paths = [f"/{number}/" for number in range(40)]
    office.pages = {"/": listing(*paths), **dict.fromkeys(paths, CHALLENGE)}

    done = monadi()

    assert "test-yazd: blocked, 0 new" in done.stdout
    assert len(office.paths) < 20


def test_a_page_that_says_there_is_none_is_held_as_that(office, monadi, tmp_path) -> None:
    office.pages["/2/"] = "<html><title>خطای ۴۰۴</title><p>صفحه مورد نظر یافت نشد</p></html>"

    done = monadi("harvest", "--log", "error")

    assert "1 new, 1 quarantined" in done.stdout
    assert "not-an-article" not in done.stderr


def test_a_listing_that_says_there_is_none_is_told_so(office, monadi) -> None:
    office.pages["/"] = "<html><h1>صفحه درخواستی شما موجود نمی باشد</h1></html>"

    assert "the site says there is no such page" in monadi().stdout


def test_a_newsroom_that_has_moved_to_another_host_is_told_so(office, monadi) -> None:
    office.pages = {"/": (301, {"Location": "http://127.0.0.2:9/"}, "")}

    assert "it leads to another host, 127.0.0.2" in monadi().stdout


@pytest.mark.parametrize("location", ["http://[broken", "//", "javascript:x", ""])
def test_a_redirect_to_no_address_is_no_error_of_ours(office, monadi, location) -> None:
    office.pages["/1/"] = (302, {"Location": location}, "")

    assert "1 new" in monadi().stdout


def test_a_request_that_was_sent_again_leads_to_no_other_host(office, monadi) -> None:
    answers = iter([(500, {}, ""), (302, {"Location": f"http://127.0.0.2:{office.server.server_port}/away/"}, "")])
    office.pages["/1/"] = lambda _: next(answers)

    assert "1 new" in monadi().stdout
    assert "/away/" not in office.paths


# ---- 429 and 503 ----


def test_a_host_that_says_wait_is_waited_for(office, monadi) -> None:
    answers = iter([(429, {"Retry-After": "2"}, ""), office.pages["/1/"]])
    office.pages["/1/"] = lambda _: next(answers)

    assert "test-yazd: ok, 2 new" in monadi().stdout
    first, again = (moment for moment, path, _ in office.asked if path == "/1/")
    assert again - first >= 1.95
    assert not [path for moment, path, _ in office.asked if first + 0.2 < moment < first + 1.95]


def test_a_host_that_asks_us_back_tomorrow_ends_the_run_and_is_left_alone_until_then(office, monadi) -> None:
    back = datetime.now(UTC) + timedelta(days=1)
    paths = [f"/{number}/" for number in range(40)]
    shut = (503, {"Retry-After": format_datetime(back, usegmt=True)}, "")
    office.pages = {"/": listing(*paths), **dict.fromkeys(paths, shut)}

    done = monadi(extra="connections = 1\n")

    assert done.returncode == 1
    assert "test-yazd: blocked, " in done.stdout
    assert f"asks us back after {back:%Y-%m-%d %H:}" in done.stdout
    assert len([path for path in office.paths if path in paths]) == 1
    status = json.loads(monadi("status", "--json").stdout)
    assert 86_000 < status["counts"]["come-back"] <= 86_400


# ---- pace ----


def gaps(office: Office) -> list[float]:
    return [later - earlier for (earlier, *_), (later, *_) in pairwise(office.asked)]


def test_two_sources_at_one_host_share_its_pace(office, monadi) -> None:
    monadi(extra=f'[qom]\nurl = "{office.url}"\n', delay=0.3)

    assert len(office.asked) >= 8
    assert min(gaps(office)) >= 0.28


def test_a_crawl_delay_of_part_of_a_second_is_kept(office, monadi) -> None:
    office.robots = "User-agent: *\nCrawl-delay: 0.6\n"

    monadi("harvest", "--limit", "1", delay=0.1)

    assert min(gaps(office)) >= 0.58


# ---- windows ----


def test_a_source_read_by_hand_outside_its_windows_is_said_to_be(office, monadi) -> None:
    clock = datetime.now(TEHRAN)
    window = f"{clock + timedelta(hours=2):%H:%M}-{clock + timedelta(hours=3):%H:%M}"
    extra = f'windows = ["{window}"]\n'

    named = monadi("harvest", "test-yazd", extra=extra)
    assert "test-yazd: ok" in named.stdout
    assert f"test-yazd: read outside its windows ({window}, Tehran time)" in named.stderr

    office.asked.clear()
    scheduled = monadi("harvest", extra=extra)
    assert scheduled.returncode == 3
    assert "left out: 1 sources outside their windows" in scheduled.stderr
    assert office.asked == []


def test_a_source_read_in_its_window_is_read_without_a_word(office, monadi) -> None:
    clock = datetime.now(TEHRAN)
    window = f"{clock - timedelta(hours=1):%H:%M}-{clock + timedelta(hours=1):%H:%M}"

    done = monadi("harvest", "test-yazd", extra=f'windows = ["{window}"]\n')

    assert "test-yazd: ok, 2 new" in done.stdout
    assert "window" not in done.stderr


# ---- who we say we are ----


def test_the_user_agent_bears_the_operators_contact(office, monadi) -> None:
    agents = []
    page = office.pages["/"]
    office.pages["/"] = lambda handler: agents.append(handler.headers["User-Agent"]) or page

    monadi(MONADI_CONTACT="mailto:omid@example.org")

    assert len(agents) == 1
    assert agents[0].startswith("Monadi/")
    assert "mailto:omid@example.org" in agents[0]
