"""WARC files as other programs and broken disks might leave them."""

import atexit
import gzip
import os
import tempfile
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import NamedTuple

from archive import warc
from archive.errors import NotWarc, WarcDamaged
from archive.warc import Exchange, Record
from benchmarks.fuzzing.chance import CONTROLS, NUMBERS, ODD, Chance, Target, as_bytes
from spiders.capture import response_of
from spiders.errors import NotAnArticle
from spiders.importing import host_of

AT = datetime(2021, 12, 6, 8, tzinfo=UTC)
HEADERS = (("Content-Type", "text/html; charset=utf-8"), ("Content-Encoding", "gzip"), ("Server", "x"))
CHUNKED = (
    b"HTTP/1.1 200 OK\nContent-Type: text/html\nTransfer-Encoding: chunked\n\n4\r\nabcd\r\n3;x=y\r\nefg\r\n0\r\n\r\n"
)
FOREIGN = (
    b"WARC/1.0\r\nWARC-Type: response\r\nWARC-Target-URI: <https://yazd.example.ir/fa/news/1>\r\n"
    b"WARC-Date: 2021-12-06T08:00:00Z\r\nContent-Length: %d\r\n\r\n%s\r\n\r\n" % (len(CHUNKED), CHUNKED)
)
FIELDS = [
    *("WARC/1.0\r\n", "WARC/9.9\r\n", "WARC/1.1", "\r\n\r\n", "\r\n", "\n", "Content-Length: 0\r\n"),
    *("WARC-Type: revisit\r\n", "WARC-Date: 9999-12-31T23:59:59-23:59\r\n", "WARC-Date: 0001-01-01T00:00:00+23:59\r\n"),
    *("WARC-Date: 2021-12-06T08:00:00.123456789Z\r\n", "WARC-Target-URI: http://[::1\r\n", "WARC-Refers-To: <x>\r\n"),
    *("HTTP/1.1 200 OK\r\n", "HTTP/9 99999\r\n", "Transfer-Encoding: chunked\r\n", "ffffffffffffffff\r\n", "0\r\n\r\n"),
    *("-4\r\nabcd\r\n", " folded: x\r\n", "Content-Encoding: gzip\r\n", "Content-Encoding: br, zstd, deflate\r\n"),
]  # fmt: skip


class File(NamedTuple):
    """A file's bytes, and how many of its records stand whole before the first byte that was changed."""

    body: bytes
    whole: int


@cache
def members() -> list[bytes]:
    """The records of a file as we write one, uncompressed."""
    first = Exchange(
        url="https://yazd.example.ir/fa/news/1", status=200, headers=HEADERS, body=b"x" * 300, fetched_at=AT
    )
    other = Exchange(url="https://yazd.example.ir/fa/news/2", status=404, headers=(), body=b"", fetched_at=AT)
    written = [
        warc.info("monadi-1.warc.gz"),
        warc.response(first, "urn:uuid:1"),
        warc.request(first, "urn:uuid:1"),
        warc.response(first, "urn:uuid:2", warc.as_original(first, "urn:uuid:1")),
        warc.response(other, "urn:uuid:3"),
    ]
    return [*map(gzip.decompress, written), FOREIGN]


@cache
def pieces() -> list[bytes]:
    lengths = [f"Content-Length: {number}\r\n" for number in NUMBERS]
    dates = [f"WARC-Date: {number}\r\n" for number in NUMBERS]
    return as_bytes([*FIELDS * 6, *lengths, *dates, *ODD, *CONTROLS, *NUMBERS])


def make(chance: Chance) -> File:
    chosen = [chance.choice(members()) for _ in range(chance.randint(1, 4))]
    squeezed = chance.random() < 0.5
    if squeezed and chance.random() < 0.5:  # the disk has changed what was compressed
        written = [gzip.compress(each, 1, mtime=0) for each in chosen]
        keep = chance.randrange(len(written))
        broken = chance.mangled(b"".join(written[keep:]), pieces(), written)
        return File(b"".join(written[:keep]) + broken, keep)
    keep = chance.randrange(len(chosen))
    written = [*chosen[:keep], *(chance.mangled(each, pieces(), members()) for each in chosen[keep:])]
    return File(b"".join(gzip.compress(each, 1, mtime=0) if squeezed else each for each in written), keep)


def grown(chance: Chance, size: int) -> File:
    chosen = chance.choice(members())
    start = chance.randrange(len(chosen))
    body = chosen[:start] + chance.repeated(pieces(), size) + chosen[start:]
    return File(gzip.compress(body, 1, mtime=0) if chance.random() < 0.3 else body, 0)


@cache
def place() -> Path:
    folder = "/dev/shm" if os.access("/dev/shm", os.W_OK) else None  # noqa: S108 - a file that is read once
    handle, name = tempfile.mkstemp(prefix="monadi-fuzz-", suffix=".warc", dir=folder)
    os.close(handle)
    atexit.register(Path(name).unlink, missing_ok=True)
    return Path(name)


def check(file: File) -> str:
    place().write_bytes(file.body)
    count, outcome = 0, "whole"
    try:
        for record in warc.records(place()):
            count += 1
            _hold_record(record)
    except NotWarc as error:
        _hold_message(error)
        outcome = "no WARC file"
    except WarcDamaged as error:
        _hold_message(error)
        outcome = "breaks off"
    assert count >= file.whole, f"{count} records of {file.whole} that stand whole before the damage"
    with place().open("rb") as stream:
        assert 0 <= warc.whole_until(stream, 0) <= len(file.body)
    try:
        warc.record_in(file.body)
    except ValueError as error:
        assert str(error)
    return outcome


def _hold_record(record: Record) -> None:
    assert len(record.block) <= warc.LARGEST
    assert record.date is None or record.date.tzinfo is UTC
    host_of(record.url)
    answer = warc.message(record.block)
    assert 0 <= answer.status <= 999
    assert len(answer.body) <= len(record.block)
    if record.type == "response" and record.date:
        exchange = Exchange(
            url="https://yazd.example.ir/1",
            status=answer.status or 200,
            headers=answer.headers,
            body=answer.body,
            fetched_at=record.date,
        )
        try:
            response_of(exchange)
        except NotAnArticle as error:
            assert "\n" not in str(error)
        written = gzip.decompress(warc.response(exchange, "urn:uuid:9"))
        assert written.startswith(b"WARC/1.1\r\n")
        again = warc.record_in(gzip.compress(written, 1))
        assert warc.message(again.block).body == answer.body, "a body is not read as it was written"


def _hold_message(error: Exception) -> None:
    assert "\n" not in str(error)
    assert str(place()) in str(error)


TARGET = Target(name="warcs", make=make, check=check, grown=grown, seconds=1.0)
