"""What comes over a real socket, as clients send it: bytes that are no ASCII, fields twice."""

import socket
from contextlib import closing

import pytest

from archive import Archive
from archive.database import sqlite_url
from tests.syndication.serving import served


@pytest.fixture(scope="module")
def port(filled: Archive):
    with served(sqlite_url(filled.database.file), filled.index.directory) as (_, number):
        yield number


def status(port: int, target: bytes, *fields: bytes) -> int:
    with closing(socket.create_connection(("127.0.0.1", port), timeout=20)) as connection:
        lines = [b"GET " + target + b" HTTP/1.1", b"Host: x", b"Connection: close", *fields, b"", b""]
        connection.sendall(b"\r\n".join(lines))
        return int(connection.makefile("rb").readline().split()[1])


@pytest.mark.parametrize(
    ("target", "answered"),
    [
        ("/api/v1/articles?q=نشست".encode(), 200),
        ("/api/v1/articles?استان=yazd".encode(), 400),
        (b"/api/v1/articles?q=%ED%A0%80", 200),
        (b"/api/v1/articles?q=%FF%00", 200),
        (b"/api/v1/articles/%ED%A0%80", 404),
        (b"/api/v1/articles/a%00b", 404),
        (b"/api/v1/articles/mcls-yazd%2F5", 200),
        (b"/api/v1/articles/..%2f..%2fx", 404),
        (b"/api/v1/%61rticles", 200),
        (b"/api/v1//articles", 404),
        ("/feeds/query.atom?q=نشست".encode(), 200),
        ("/search?q=نشست".encode(), 200),
    ],
)
def test_an_address_is_read_however_it_is_written(port: int, target: bytes, answered: int):
    assert status(port, target) == answered


@pytest.mark.parametrize("value", ["یزد".encode(), b"\xff\xfe", b"x" * 5000, b""])
@pytest.mark.parametrize(
    "name", [b"Accept", b"If-None-Match", b"Authorization", b"Accept-Encoding", b"X-Forwarded-For"]
)
def test_no_field_is_a_fault(port: int, name: bytes, value: bytes):
    assert status(port, b"/api/v1/counts", name + b": " + value) in (200, 400, 406)
    assert status(port, b"/api/v1/counts", name + b": a", name + b": " + value) in (200, 400, 406)
