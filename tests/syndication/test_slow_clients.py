"""Clients that say nothing, too much, or take nothing of what they asked for, over a real socket."""

import os
import socket
from collections.abc import Iterator
from contextlib import ExitStack, closing
from pathlib import Path
from time import monotonic

import pytest

from archive.database import sqlite_url
from tests.syndication.serving import served

PATIENCE = 2  # seconds
GET = b"GET / HTTP/1.1\r\nHost: x\r\n"
POST = b"POST /status HTTP/1.1\r\nHost: x\r\n"


@pytest.fixture(scope="module")
def port(tmp_path_factory: pytest.TempPathFactory) -> Iterator[int]:
    """Of a server without an archive: it need not have one to be polite."""
    place = tmp_path_factory.mktemp("slow")
    with served(sqlite_url(place / "monadi.db"), place / "search", PATIENCE) as (_, number):
        yield number


def taken(port: int, said: bytes, drip: bytes = b"") -> tuple[bytes, float]:
    """What a client got that said this, then so much a fifth of a second, until it was cut off, and after how long."""
    got, begun = b"", monotonic()
    with closing(socket.create_connection(("127.0.0.1", port))) as client:
        client.settimeout(0.2)
        client.sendall(said)
        while monotonic() - begun < PATIENCE + 10:
            try:
                piece = client.recv(65536)
                if not piece:
                    break
                got += piece
            except TimeoutError:
                if drip:
                    try:
                        client.sendall(drip)
                    except OSError:
                        break
            except OSError:
                break
    return got, monotonic() - begun


@pytest.mark.parametrize(
    ("said", "drip"), [(b"", b""), (GET, b""), (GET, b"X-A: b\r\n"), (b"GET", b" "), (GET + b"\r\n", b"")]
)
def test_a_client_that_does_not_come_to_the_point_is_cut_off(port: int, said: bytes, drip: bytes):
    _, seconds = taken(port, said, drip)
    assert PATIENCE - 0.5 < seconds < PATIENCE + 5


def test_a_head_without_end_is_refused(port: int):
    got, _ = taken(port, GET + b"X: " + b"a" * 2**20)
    assert got.startswith(b"HTTP/1.1 431 ")


@pytest.mark.parametrize("head", [b"Content-Length: 20000\r\n", b"Transfer-Encoding: chunked\r\n"])
def test_a_form_that_is_too_long_is_refused(port: int, head: bytes):
    body = b"a" * 20_000 if head.startswith(b"Content") else b"4e20\r\n" + b"a" * 20_000 + b"\r\n0\r\n\r\n"
    got, _ = taken(port, POST + head + b"Connection: close\r\n\r\n" + body)
    assert got.startswith(b"HTTP/1.1 413 ")


def test_a_form_that_never_ends_is_refused(port: int):
    got, seconds = taken(port, POST + b"Content-Length: 10000\r\nConnection: close\r\n\r\n", b"a")
    assert got.startswith(b"HTTP/1.1 408 ")
    assert PATIENCE - 0.5 < seconds < PATIENCE + 5


def test_a_client_that_takes_nothing_is_cut_off(tmp_path: Path, full, keep, make):
    keep(*(make(number, "۱ آذر ۱۴۰۰", body=os.urandom(150_000).hex()) for number in range(100, 160)))
    with (
        served(sqlite_url(tmp_path / "monadi.db"), tmp_path / "search", PATIENCE) as (_, port),
        closing(socket.socket()) as client,
    ):
        client.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        client.connect(("127.0.0.1", port))
        client.sendall(b"GET /exports/releases.ndjson HTTP/1.1\r\nHost: x\r\n\r\n")
        _wait_until_gone(client.getsockname()[1], port)


def _wait_until_gone(here: int, port: int) -> None:
    """Until the server's end of a connection is no longer established; fails after a while."""
    begun = monotonic()
    while monotonic() - begun < PATIENCE + 20:
        rows = [line.split() for line in Path("/proc/net/tcp").read_text().splitlines()[1:]]
        ends = {(row[1].rpartition(":")[2], row[2].rpartition(":")[2]): row[3] for row in rows}
        state = ends.get((f"{port:04X}", f"{here:04X}"))
        if state != "01":
            assert monotonic() - begun > PATIENCE / 2
            return
    pytest.fail("the server still waits for a client that takes nothing")


# ---- one client that would have everything ----


def answered(port: int, address: str, seconds: float) -> float:
    """How long a client at an address of this machine waits for an answer; fails after so many seconds."""
    begun = monotonic()
    with closing(socket.create_connection(("127.0.0.1", port), seconds, (address, 0))) as client:
        client.sendall(GET + b"Connection: close\r\n\r\n")
        assert client.recv(12).startswith(b"HTTP/1.1 ")
    return monotonic() - begun


@pytest.mark.parametrize("said", [b"", GET, GET + b"\r\n"], ids=["silent", "half a request", "idle after one"])
def test_a_client_that_opens_all_connections_keeps_nobody_out(tmp_path: Path, said: bytes):
    """Against a server that would wait half a minute for each of them."""
    with served(sqlite_url(tmp_path / "monadi.db"), tmp_path / "search", 30) as (_, port), ExitStack() as stack:
        for _ in range(700):
            client = stack.enter_context(socket.create_connection(("127.0.0.1", port), 5, ("127.0.0.2", 0)))
            client.sendall(said)
        assert answered(port, "127.0.0.3", 8) < 8
        assert answered(port, "127.0.0.2", 8) < 8
