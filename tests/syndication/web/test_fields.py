"""Whatever a client puts into the head of a request: it gets an answer that is none of its own words, and so does the
next one.
"""

import re
import socket
from collections.abc import Iterator
from contextlib import closing

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from archive.database import sqlite_url
from syndication.web import create_app
from tests.syndication.asking import Client
from tests.syndication.serving import served

PATHS = [
    "/",
    "/en/search?q=a",
    "/articles/mcls-yazd/1",
    "/articles/mcls-yazd/1.json",
    "/timegate/https://yazd.mcls.gov.ir/fa/news/1",
    "/feeds/all.atom",
    "/exports/releases.json?limit=1",
    "/api/v1/articles?limit=1",
    "/api/v1/counts",
    "/metrics",
    "/healthz",
    "/static/style.css",
    "/nowhere",
]
NAMES = [
    *("accept", "accept-encoding", "accept-language", "accept-datetime", "a-im", "authorization", "cookie"),
    *("content-length", "content-type", "forwarded", "host", "if-match", "if-modified-since", "if-none-match"),
    *("if-range", "origin", "range", "te", "transfer-encoding", "upgrade", "user-agent", "x-forwarded-for"),
    *("x-forwarded-host", "x-forwarded-proto", "x-http-method-override", "x-original-url", "x-rewrite-url"),
]
TELLING = "zq9<b>'\"zq9"  # what no answer may say again
VALUES = st.one_of(
    st.text(st.characters(min_codepoint=1, max_codepoint=0xFF), max_size=60),
    st.text(alphabet="*/;,=q01.-+ \"'<>()WbytesMonGT:", max_size=60),
    st.sampled_from(
        [
            TELLING,
            f"text/html;q={TELLING}",
            "application/json;q=0, */*;q=0.000001",
            "q=1;" * 500,
            ",".join(['"a"'] * 2000),
            'W/"' + "x" * 3000,
            "Mon, 99 Foo 99999 99:99:99 GMT",
            "Mon, 01 Jan 0000 00:00:00 GMT",
            "bytes=0-0,-1," * 300,
            "bytes=99999999999999999999-",
            "Bearer " + "a" * 5000,
            "bearer \xff\xfe",
            "Basic Og==",
            "feed, feed;x=" + "y" * 2000,
            '999.1.1.1, [::1, for="[', "-1", "99999999999999999999", "1e9", "٣",
            "../../etc/passwd",
            "//evil.example/",
            "evil.example:99999",
            "fa-IR-x-" + "a" * 3000,
        ]
    ),
)  # fmt: skip
FIELDS = st.lists(st.tuples(st.sampled_from(NAMES), VALUES), min_size=1, max_size=5)


@pytest.fixture
def ask(full, catalogue) -> Client:
    return Client(create_app(full, catalogue, "https://news.example.ir"))


@settings(max_examples=250, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(path=st.sampled_from(PATHS), fields=FIELDS, method=st.sampled_from(["GET", "HEAD", "POST", "OPTIONS", "PUT"]))
def test_no_field_makes_a_fault_or_is_said_again(ask: Client, *, path: str, fields, method: str):
    stated = {name: value.encode("utf-8", "replace").decode() for name, value in fields}
    answer = ask(path, method, **{name.replace("-", "_"): value for name, value in stated.items()})
    assert answer.status < 500, (path, stated)
    told = [*answer.headers.values(), answer.body.decode("utf-8", "replace")]
    assert not any("zq9<b>" in each or "evil.example" in each for each in told)
    assert not any(re.search(r"[\r\n\x00]", each) for each in answer.headers.values())


# ---- over a real socket ----

HEAD = b"Host: x\r\nConnection: close\r\n"


@pytest.fixture(scope="module")
def port(tmp_path_factory: pytest.TempPathFactory) -> Iterator[int]:
    place = tmp_path_factory.mktemp("fields")
    with served(sqlite_url(place / "monadi.db"), place / "search", 3) as (_, number):
        yield number


def said(port: int, request: bytes) -> bytes:
    with closing(socket.create_connection(("127.0.0.1", port), 15)) as client:
        got = b""
        try:
            client.sendall(request)
            while piece := client.recv(65536):
                got += piece
        except ConnectionError:
            pass
        return got


REQUESTS = {
    "a thousand fields": (b"GET / HTTP/1.1\r\n" + HEAD + b"X-A: b\r\n" * 1000 + b"\r\n", {431}),
    "a field of 33 KB": (b"GET / HTTP/1.1\r\n" + HEAD + b"X: " + b"a" * 33 * 2**10 + b"\r\n\r\n", {431}),
    "ninety fields of 33 KB together": (
        b"GET / HTTP/1.1\r\n" + HEAD + b"".join(b"X-%d: " % n + b"a" * 375 + b"\r\n" for n in range(90)) + b"\r\n",
        {431},
    ),
    "a query of 33 KB": (b"GET /search?q=" + b"a" * 33 * 2**10 + b" HTTP/1.1\r\n" + HEAD + b"\r\n", {431}),
    "a query of 33 KB to the API": (
        b"GET /api/v1/articles?q=" + b"a" * 33 * 2**10 + b" HTTP/1.1\r\n" + HEAD + b"\r\n",
        {414},
    ),
    "a field of 31 KB": (b"GET / HTTP/1.1\r\n" + HEAD + b"X: " + b"a" * 31 * 2**10 + b"\r\n\r\n", {200}),
    "a field of 300 KB": (b"GET / HTTP/1.1\r\n" + HEAD + b"X: " + b"a" * 300_000 + b"\r\n\r\n", {431}),
    "an address of 70 KB": (b"GET /" + b"a" * 70_000 + b" HTTP/1.1\r\n" + HEAD + b"\r\n", {414, 431}),
    "two lengths": (b"POST /status HTTP/1.1\r\n" + HEAD + b"Content-Length: 3\r\nContent-Length: 4\r\n\r\nabc", {400}),
    "a length and chunks": (
        b"POST /status HTTP/1.1\r\n" + HEAD + b"Content-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
        {200, 400, 403, 503},
    ),
    "chunks in a coding of nobody's": (
        b"POST /status HTTP/1.1\r\n" + HEAD + b"Transfer-Encoding: chunked, xyz\r\n\r\n0\r\n\r\n",
        {400, 501},
    ),
    "a chunk of no size": (
        b"POST /status HTTP/1.1\r\n" + HEAD + b"Transfer-Encoding: chunked\r\n\r\nzz\r\n\r\n",
        {None, 200, 400, 403, 503},
    ),
    "a space before the colon": (b"GET / HTTP/1.1\r\n" + HEAD + b"X-A : b\r\n\r\n", {400}),
    "a folded field": (b"GET / HTTP/1.1\r\n" + HEAD + b"X-A: b\r\n c\r\n\r\n", {400}),
    "a null in a field": (b"GET / HTTP/1.1\r\n" + HEAD + b"X-A: b\0c\r\n\r\n", {400}),
    "a bare line feed": (b"GET / HTTP/1.1\nHost: x\nConnection: close\n\n", {200, 400}),
    "no host": (b"GET / HTTP/1.1\r\nConnection: close\r\n\r\n", {200, 400}),
    "two hosts": (b"GET / HTTP/1.1\r\n" + HEAD + b"Host: y\r\n\r\n", {200, 400}),
    "another's whole address": (b"GET http://evil.example/ HTTP/1.1\r\n" + HEAD + b"\r\n", {200, 400, 404}),
    "a tunnel": (b"CONNECT evil.example:443 HTTP/1.1\r\n" + HEAD + b"\r\n", {400, 404, 405}),
    "a method of nobody's": (b"FROB / HTTP/1.1\r\n" + HEAD + b"\r\n", {400, 405}),
    "a method of 20 KB": (b"A" * 20_000 + b" / HTTP/1.1\r\n" + HEAD + b"\r\n", {400, 405}),
    "no HTTP": (b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\r\n\r\n", {None, 400}),
    "HTTP 0.9": (b"GET /\r\n\r\n", {None, 400}),
    "HTTP 2": (b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", {None, 400}),
    "an upgrade": (b"GET / HTTP/1.1\r\nHost: x\r\nConnection: upgrade\r\nUpgrade: websocket\r\n\r\n", {200, 400, 426}),
    "a line's end in the query": (
        b"GET /search?q=a%0d%0aSet-Cookie:%20x=y HTTP/1.1\r\n" + HEAD + b"\r\n",
        {200, 503},
    ),
    "a line's end in the path": (b"GET /a%0d%0aSet-Cookie:%20x=y HTTP/1.1\r\n" + HEAD + b"\r\n", {404}),
    "a path that climbs": (b"GET /static/..%2f..%2fapp.py HTTP/1.1\r\n" + HEAD + b"\r\n", {404}),
    "a path that climbs as it is": (b"GET /static/../../../etc/passwd HTTP/1.1\r\n" + HEAD + b"\r\n", {404}),
}


@pytest.mark.parametrize(("request_", "statuses"), REQUESTS.values(), ids=REQUESTS)
def test_what_is_no_request_of_ours_is_refused_and_the_next_one_answered(port: int, request_: bytes, statuses):
    got = said(port, request_)
    status = int(got.split()[1]) if got.startswith(b"HTTP/1.1 ") else None
    assert status in statuses
    head = got.partition(b"\r\n\r\n")[0].lower()
    assert b"set-cookie" not in head
    assert b"evil.example" not in got
    assert b"root:" not in got
    assert got.count(b"HTTP/1.1 ") <= 1  # nothing of it was taken for a second request
    assert said(port, b"GET /static/style.css HTTP/1.1\r\n" + HEAD + b"\r\n").startswith(b"HTTP/1.1 200 ")
