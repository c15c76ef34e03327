"""What a robots.txt asks of us, by the rules and the examples of RFC 9309."""

import asyncio
import threading

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scrapy.exceptions import DownloadTimeoutError, IgnoreRequest
from scrapy.http import Request, TextResponse
from twisted.python.failure import Failure

from spiders.errors import Disallowed, Forbidden, Offsite, RobotsUnreachable, Wall
from spiders.failures import classify
from spiders.politeness import hosts
from spiders.politeness.robots import DAY, MOST, RobotsMiddleware, Rules, Shelf, text_of

HOST = "https://yazd.example.ir"


def allows(text, path):
    return Rules(text).allows(HOST + path)


# ---- matching (§2.2.2, §2.2.3) ----

MATCHES = [
    # rules for *, path, whether it is allowed, what it shows
    ("Disallow: /", "/", False, "all"),
    ("Disallow:", "/a", True, "an empty rule asks nothing"),
    ("Disallow: /a", "/abc", False, "a prefix"),
    ("Disallow: /a/", "/a", True, "not without the slash"),
    ("Disallow: /A", "/a", True, "paths are case-sensitive"),
    ("Allow: /example/page/\nDisallow: /example/page/disallowed.gif", "/example/page/x", True, "RFC §5.2"),
    ("Allow: /example/page/\nDisallow: /example/page/disallowed.gif", "/example/page/disallowed.gif", False, "§5.2"),
    ("Disallow: /\nAllow: /fa/news", "/fa/news/12", True, "the longest wins, wherever it stands"),
    ("Allow: /fa/news\nDisallow: /fa/news/print", "/fa/news/print/1", False, "the longest wins"),
    ("Disallow: /fa\nAllow: /fa", "/fa/1", True, "of two as long the one that allows"),
    ("Allow: /fa\nDisallow: /fa", "/fa/1", True, "of two as long the one that allows"),
    ("Disallow: *.gif$", "/a/b.gif", False, "RFC §5.1"),
    ("Disallow: *.gif$", "/a/b.gif?x", True, "$ is the end"),
    ("Disallow: /this/*/exactly$", "/this/and/that/exactly", False, "RFC §2.2.3"),
    ("Disallow: /this/*/exactly$", "/this/and/exactly/not", True, "RFC §2.2.3"),
    ("Disallow: /*print", "/fa/news/print/9", False, "* is any run"),
    ("Disallow: /fa**/x", "/fa/b/x", False, "two * are one"),
    ("Disallow: /a$b", "/a$b", False, "$ elsewhere is itself"),
    ("Disallow: /*?p=", "/fa/?p=2", False, "the query belongs to it"),
    ("Disallow: /fa?p=", "/fa", True, "the query belongs to it"),
    ("Disallow: /foo/bar?baz=quz", "/foo/bar?baz=quz", False, "RFC table"),
    ("Disallow: /foo/bar?baz=http://foo.bar", "/foo/bar?baz=http%3A%2F%2Ffoo.bar", False, "RFC table"),
    ("Disallow: /foo%2Fbar", "/foo/bar", True, "a slash that is encoded parts no steps"),
    ("Disallow: /foo/bar/ツ", "/foo/bar/%E3%83%84", False, "RFC table"),
    ("Disallow: /foo/bar/%E3%83%84", "/foo/bar/%E3%83%84", False, "RFC table"),
    ("Disallow: /foo/bar/%62%61%7A", "/foo/bar/baz", False, "RFC table"),
    ("Disallow: /خبر", "/%D8%AE%D8%A8%D8%B1/12", False, "a Persian path"),
    ("Disallow: /%d8%ae%d8%a8%d8%b1", "/%D8%AE%D8%A8%D8%B1/12", False, "small digits"),
    ("Disallow: /خبر/*چاپ", "/%D8%AE%D8%A8%D8%B1/12/%DA%86%D8%A7%D9%BE", False, "a Persian path with *"),
    ("Disallow: /خبر", "/%D8%AE%D8%AF/12", True, "another Persian path"),
    ("Disallow: /%CE%C8%D1", "/%CE%C8%D1/12", False, "octets of windows-1256"),
    ("Disallow: /%ce%c8%d1", "/%CE%C8%D1/12", False, "octets of windows-1256, small digits"),
    ("Disallow: /%CE%C8%D1", "/%CE%C8%CF/12", True, "other octets of windows-1256"),
    ("Disallow: /a\u2028Disallow: /b", "/b", True, "only CR and LF end a line"),
    ("Allow: /index.html\nDisallow: /", "/", False, "leave for one page is not leave for another"),
    ("Allow: /index.html\nDisallow: /", "/index.html", True, "the page itself"),
    ("Disallow: /", "/robots.txt", True, "robots.txt itself is allowed (§2.2.2)"),
]


@pytest.mark.parametrize(("rules", "path", "allowed", "what"), MATCHES, ids=[f"{row[3]} {row[1]}" for row in MATCHES])
def test_the_longest_rule_that_matches_says_whether_a_path_may_be_fetched(rules, path, allowed, what):
    assert allows(f"User-agent: *\n{rules}\n", path) is allowed


# ---- groups (§2.2.1) ----

GROUPS = [
    ("User-agent: *\nDisallow: /\n\nUser-agent: Monadi\nDisallow: /a", "/b", True, "ours counts before *"),
    ("User-agent: Monadi\nDisallow: /a\n\nUser-agent: *\nDisallow: /", "/b", True, "in any order"),
    ("User-agent: mOnAdI\nDisallow: /", "/b", False, "in any case"),
    ("User-agent: Monadi/9.9\nDisallow: /", "/b", False, "with a version"),
    ("User-agent: Monadi bot\nDisallow: /", "/b", False, "with words after it"),
    ("User-agent: Mona\nDisallow: /", "/b", True, "not by its beginning"),
    ("User-agent: adi\nDisallow: /", "/b", True, "not by its end"),
    ("User-agent: MonadiBot\nDisallow: /", "/b", True, "not by a longer name"),
    ("User-agent: Monadi\nDisallow: /a\n\nUser-agent: x\n\nUser-agent: Monadi\nDisallow: /b", "/b", False, "merged"),
    ("User-agent: Monadi\nDisallow: /a\n\nUser-agent: monadi/2\nDisallow: /b", "/a", False, "merged by token"),
    ("User-agent: *\nDisallow: /a\nUser-agent: *\nDisallow: /b", "/a", False, "groups for * merged"),
    ("User-agent: foo\nUser-agent: *\nDisallow: /a", "/a", False, "one group of two names"),
    ("User-agent: foo\n\n# us\n\nUser-agent: Monadi\nDisallow: /a", "/a", False, "an empty line ends no group"),
    ("User-agent: foo\nDisallow: /a\nUser-agent: bar", "/a", True, "of others"),
    ("User-agent: *\nSitemap: https://x/y\nDisallow: /a", "/a", False, "other lines disturb nothing"),
    ("Disallow: /a", "/a", True, "a rule of nobody's"),
    ("Disallow: /a\nUser-agent: *\nDisallow: /b", "/a", True, "a rule before the first group"),
    ("USER-AGENT:*\nDISALLOW:/a", "/a", False, "names of lines in any case, without space"),
    ("User-agent : *\n  Disallow : /a # print", "/a", False, "space and remarks"),
    ("\ufeffUser-agent: *\r\nDisallow: /a\r\n", "/a", False, "a mark of byte order, CRLF"),
    ("User-agent: *\rDisallow: /a\r", "/a", False, "CR"),
    ("", "/a", True, "nothing"),
    ("<html><body>Not Found</body></html>", "/a", True, "a page"),
]


@pytest.mark.parametrize(("text", "path", "allowed", "what"), GROUPS, ids=[row[3] for row in GROUPS])
def test_the_rules_are_those_of_our_groups_or_else_of_all(text, path, allowed, what):
    assert allows(text_of(text.encode()), path) is allowed


@pytest.mark.parametrize(
    ("text", "delay"),
    [
        ("User-agent: *\nCrawl-delay: 5", 5.0),
        ("User-agent: *\nCrawl-delay: 0.5", 0.5),
        ("User-agent: Monadi\nCrawl-delay: 3\n\nUser-agent: *\nCrawl-delay: 9", 3.0),
        ("User-agent: Monadi\nDisallow: /a\n\nUser-agent: *\nCrawl-delay: 9", None),
        ("User-agent: *\nCrawl-delay: soon", None),
        ("User-agent: *\nCrawl-delay: -1", None),
        ("User-agent: *\nCrawl-delay: inf", None),
        ("User-agent: *\nDisallow: /a", None),
    ],
)
def test_a_crawl_delay_is_that_of_the_group_that_counts(text, delay):
    assert Rules(text).crawl_delay == delay


# ---- the file itself (§2.3, §2.5) ----


def test_at_most_500_kib_are_read_and_no_half_line():
    filler = b"#" * 99 + b"\n"
    body = b"User-agent: *\n" + filler * (MOST // 100 - 1)
    body += b"Disallow: /" + b"a" * 200 + b"\nDisallow: /b\n"
    assert len(body) > MOST > body.index(b"Disallow")

    assert allows(text_of(body), "/") is True
    assert allows(text_of(body), "/b") is True
    assert allows(text_of(b"User-agent: *\nDisallow: /b\n" + body), "/b") is False


def test_what_is_no_utf_8_is_read_octet_by_octet():
    text = text_of("User-agent: *\nDisallow: /خبر\nDisallow: /b".encode("cp1256", "replace"))

    assert allows(text, "/%CE%C8%D1/1") is False
    assert allows(text, "/b") is False


@given(st.binary(max_size=300), st.text(max_size=50))
def test_no_file_and_no_address_is_an_error(body, path):
    Rules(text_of(body)).allows(f"{HOST}/{path}")


# ---- the shelf ----


@pytest.fixture
def shelf(tmp_path):
    now = [1_000_000.0]
    made = Shelf(tmp_path / "robots", clock=lambda: now[0])
    made.now = now
    return made


def test_a_file_is_kept_for_a_day(shelf):
    shelf.write(HOST, "User-agent: *\nDisallow: /خبر")

    shelf.now[0] += DAY - 1
    assert shelf.read(HOST) == ("User-agent: *\nDisallow: /خبر", 1)
    shelf.now[0] += 1
    assert shelf.read(HOST) is None


def test_a_file_from_the_future_is_not_believed(shelf):
    shelf.write(HOST, "")

    shelf.now[0] -= 1

    assert shelf.read(HOST) is None


def test_origins_are_told_apart(shelf):
    shelf.write(HOST, "a")

    assert shelf.read("http://yazd.example.ir") is None
    assert shelf.read(f"{HOST}:8443") is None


@pytest.mark.parametrize("damage", ["", "{", "[]", "{}", '{"origin": 1, "at": "x", "text": 3}', "null"])
def test_a_damaged_file_is_asked_for_again(shelf, damage):
    shelf.write(HOST, "a")
    next(shelf.directory.iterdir()).write_text(damage, "utf-8")

    assert shelf.read(HOST) is None


def test_a_shelf_that_keeps_nothing_makes_no_directory(tmp_path):
    Shelf(tmp_path / "robots", keeps=False).write(HOST, "a")

    assert list(tmp_path.iterdir()) == []


def test_a_place_that_cannot_be_written_to_stops_nothing(tmp_path, caplog):
    (tmp_path / "robots").write_text("", "utf-8")

    Shelf(tmp_path / "robots").write(HOST, "a")

    assert "cannot be kept" in caplog.text


def test_writers_at_the_same_time_leave_one_whole_file(shelf):
    texts = [f"User-agent: {number}\n" * 5_000 for number in range(8)]
    writers = [threading.Thread(target=shelf.write, args=[HOST, text]) for text in texts]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()

    assert shelf.read(HOST)[0] in texts
    assert len(list(shelf.directory.iterdir())) == 1


# ---- learning what it asks ----


class Site:
    """Answers requests for robots.txt: path → a status and text, a place to go to, or an error."""

    def __init__(self, **answers):
        self.answers = answers
        self.asked = []

    async def fetch(self, request):
        self.asked.append(request.url)
        answer = self.answers[request.url.removeprefix(HOST)]
        if isinstance(answer, Exception):
            raise answer
        status, text = answer
        headers = {"Location": text} if 300 <= status < 400 else {}
        return TextResponse(request.url, status=status, headers=headers, body=text.encode())


def middleware(answers, shelf, **kind):
    site = Site(**answers)
    made = RobotsMiddleware(shelf, site.fetch, **kind)
    made.site = site
    return made


def ask(made, *paths):
    async def each():
        results = await asyncio.gather(
            *(made.process_request(Request(HOST + path)) for path in paths), return_exceptions=True
        )
        return [result and type(result) for result in results]

    return asyncio.run(each())


def test_a_file_is_asked_for_once_by_all_who_need_it(shelf):
    made = middleware({"/robots.txt": (200, "User-agent: *\nDisallow: /b")}, shelf)

    assert ask(made, "/a", "/b", "/c") == [None, Disallowed, None]
    assert made.site.asked == [f"{HOST}/robots.txt"]


def test_another_run_finds_it_on_the_shelf(shelf):
    ask(middleware({"/robots.txt": (200, "User-agent: *\nDisallow: /b")}, shelf), "/a")
    later = middleware({}, shelf)

    assert ask(later, "/a", "/b") == [None, Disallowed]
    assert later.site.asked == []


@pytest.mark.parametrize("status", [400, 401, 403, 404, 410, 451, 499, 304, 204])
def test_one_that_is_unavailable_asks_nothing(shelf, status):
    assert ask(middleware({"/robots.txt": (status, "")}, shelf), "/a") == [None]


@pytest.mark.parametrize("answer", [(500, ""), (503, ""), (429, ""), DownloadTimeoutError("x"), OSError("x")])
def test_one_that_is_unreachable_forbids_everything(shelf, answer):
    made = middleware({"/robots.txt": answer}, shelf)

    assert ask(made, "/a", "/b") == [RobotsUnreachable, RobotsUnreachable]
    assert ask(made, "/c") == [RobotsUnreachable]
    assert len(made.site.asked) == 1
    assert shelf.read(HOST) is None


def test_the_next_run_asks_again_for_one_that_was_unreachable(shelf):
    ask(middleware({"/robots.txt": (500, "")}, shelf), "/a")

    assert ask(middleware({"/robots.txt": (200, "")}, shelf), "/a") == [None]


def test_an_older_file_does_not_stand_in_for_one_that_is_unreachable(shelf):
    shelf.write(HOST, "")
    shelf.now[0] += DAY

    assert ask(middleware({"/robots.txt": (500, "")}, shelf), "/a") == [RobotsUnreachable]


def test_the_reason_says_what_keeps_us_from_it(shelf):
    made = middleware({"/robots.txt": DownloadTimeoutError("x")}, shelf)
    error = asyncio.run(made.rules(HOST))

    assert classify(Failure(error).value) == (
        "timeout",
        "robots.txt cannot be had (it did not answer in time), and nothing is read until it can",
    )


def test_a_redirect_off_the_catalogue_as_our_own_gate_tells_it_is_no_leave(shelf):
    assert ask(middleware({"/robots.txt": Offsite("it leads to another host")}, shelf), "/a") == [RobotsUnreachable]


@pytest.mark.parametrize("error", [Forbidden("inward"), Wall("a challenge", "challenge")])
def test_what_stands_in_the_way_keeps_its_own_name(shelf, error):
    assert ask(middleware({"/robots.txt": error}, shelf), "/a") == [type(error)]


def chain(length):
    steps = {f"/{number}": (301, f"/{number + 1}") for number in range(1, length)}
    return {"/robots.txt": (301, "/1"), **steps, f"/{length}": (200, "User-agent: *\nDisallow: /")}


def test_five_redirects_are_followed(shelf):
    assert ask(middleware(chain(5), shelf), "/a") == [Disallowed]


def test_after_more_redirects_it_is_taken_for_unavailable(shelf):
    made = middleware(chain(6), shelf)

    assert ask(made, "/a") == [None]
    assert len(made.site.asked) == 6


def test_a_redirect_off_the_catalogue_is_not_followed_and_nothing_is_read(shelf):
    made = middleware({"/robots.txt": IgnoreRequest("Filtered offsite request to 'other.example'")}, shelf)

    assert ask(made, "/a") == [RobotsUnreachable]
    assert "another host" in str(made.known[HOST][0])


# ---- Crawl-delay ----


@pytest.mark.parametrize(
    ("asked", "delay", "kept", "said"),
    [("5", 1.0, 5.0, False), ("0.5", 1.0, 1.0, False), ("1.5", 0.0, 1.5, False), ("3600", 1.0, 60.0, True)],
)
def test_a_crawl_delay_raises_the_pace_of_its_host(shelf, monkeypatch, asked, delay, kept, said):
    monkeypatch.setattr(hosts, "_hosts", {})
    hosts.host("yazd.example.ir").join(delay=delay, connections=2)
    made = middleware({"/robots.txt": (200, f"User-agent: *\nCrawl-delay: {asked}")}, shelf, delay=delay)
    remarks = []
    made.remark = remarks.append

    ask(made, "/a")

    assert hosts.host("yazd.example.ir").pace.delay == kept
    assert remarks == (["robots.txt asks for 3600 s between requests; 60 s are kept"] if said else [])


def test_a_host_of_our_own_that_is_read_without_delay_has_no_crawl_delay(shelf, monkeypatch):
    monkeypatch.setattr(hosts, "_hosts", {})
    made = middleware({}, shelf)

    made.slow_down("http://127.0.0.1:8700", 5.0)

    assert hosts.host("127.0.0.1").pace.delay == 0.0


def test_sitemaps_are_named_for_everybody_and_once():
    text = "User-agent: other\nSitemap: https://x.ir/a.xml\nDisallow: /\nsitemap:/b.xml\nSitemap: https://x.ir/a.xml\n"

    assert Rules(text).sitemaps == ("https://x.ir/a.xml", "/b.xml")
