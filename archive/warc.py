"""The WARC format (ISO 28500:2017, WARC/1.1): exchanges written as records, and the records of any file read.

A record is written as one gzip member, so that it can be read by its place alone. Reading is done here and not by
warcio, which ends without a word where a file is cut off.
"""

import gzip
import hashlib
import re
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cached_property
from http import HTTPStatus
from io import BytesIO
from os import urandom
from pathlib import Path
from time import time_ns
from typing import IO, Any, BinaryIO, Literal, cast
from urllib.parse import urlsplit

from archive.errors import NotWarc, WarcDamaged
from archive.version import MONADI_VERSION

Headers = tuple[tuple[str, str], ...]
Purpose = Literal["article", "list"]

SECRETS = frozenset({"cookie", "cookie2", "set-cookie", "set-cookie2", "authorization", "proxy-authorization"})
FRAMING = frozenset({"transfer-encoding", "content-length"})  # of the transfer, whose body is kept without it
PROFILE = "http://netpreserve.org/warc/1.1/revisit/identical-payload-digest"
LEVEL = 6  # of gzip: 9 makes pages smaller by a thousandth, for a fifth more time
LARGEST = 32 * 2**20  # bytes of a block that is read; a page is 10 MiB at most
CHUNK = 2**20
GZIP = b"\x1f\x8b"
SPACE = " \t"  # of HTTP; Python counts bytes of Persian letters as such, too, when they are read as latin-1
BREAK = re.compile(r"[\r\n]+")
VERSION = re.compile(rb"WARC/\d+\.\d+\s*")


@dataclass(frozen=True, kw_only=True)
class Exchange:
    """A request and the response to it, headers in latin-1 and in order.

    `body` is as it came, without the framing of its transfer (chunks) and before any Content-Encoding is undone.
    `fetched_at` is an instant in UTC.
    """

    url: str
    status: int
    headers: Headers
    body: bytes
    fetched_at: datetime
    request_headers: Headers = ()
    method: str = "GET"
    purpose: Purpose = "article"

    @cached_property
    def digest(self) -> str:
        """What its payload is told by: "sha256:<hex>" of the body."""
        return digest_of(self.body)


@dataclass(frozen=True, kw_only=True, slots=True)
class Record:
    """A record of a WARC file; `fields` are the named fields in lower case, `block` what it holds."""

    fields: Mapping[str, str]
    block: bytes

    @property
    def type(self) -> str:
        return self.fields.get("warc-type", "")

    @property
    def id(self) -> str:
        return bare(self.fields.get("warc-record-id", ""))

    @property
    def url(self) -> str:
        """Its target, without the brackets that some programs put around it."""
        return bare(self.fields.get("warc-target-uri", ""))

    @property
    def digest(self) -> str:
        return self.fields.get("warc-payload-digest", "")

    @property
    def date(self) -> datetime | None:
        """Its instant in UTC; None where it states none that can be read."""
        return read_date(self.fields.get("warc-date", ""))

    @property
    def refers_to(self) -> str:
        """The id of the record that holds the payload of a revisit."""
        return bare(self.fields.get("warc-refers-to", ""))


@dataclass(frozen=True, kw_only=True, slots=True)
class Message:
    """The HTTP message that a block holds: its first line, its headers and its body without chunks."""

    start: str
    headers: Headers = field(default=())
    body: bytes

    @property
    def status(self) -> int:
        """The status of a response; 0 where its first line states none."""
        found = re.match(r"HTTP/\S+\s+(\d{3})\b", self.start)
        return int(found[1]) if found else 0


def digest_of(body: bytes) -> str:
    return "sha256:" + hashlib.sha256(body).hexdigest()


def bare(value: str) -> str:
    return value.strip().removeprefix("<").removesuffix(">")


def write_date(moment: datetime) -> str:
    """An instant to the microsecond: "2026-11-28T18:50:28.123456Z"."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def read_date(text: str) -> datetime | None:
    try:
        moment = datetime.fromisoformat(re.sub(r"(\.\d{6})\d+", r"\1", text.strip()))
        return moment.replace(tzinfo=moment.tzinfo or UTC).astimezone(UTC)
    except (ValueError, OverflowError):  # of an offset that leads out of the years that there are
        return None


# ---- writing ----


def info(file: str) -> bytes:
    """The record that a file begins with: who wrote it, and in which format."""
    stated = {
        "software": f"Monadi/{MONADI_VERSION}",
        "format": "WARC File Format 1.1",
        "conformsTo": "http://iipc.github.io/warc-specifications/specifications/warc-format/warc-1.1/",
        "robots": "obey",
    }
    block = "".join(f"{name}: {value}\r\n" for name, value in stated.items()).encode()
    fields = {"WARC-Record-ID": f"<{new_id()}>", "WARC-Filename": file, "WARC-Date": write_date(datetime.now(UTC))}
    return _member("warcinfo", "application/warc-fields", fields, b"", block)


def response(exchange: Exchange, record: str, original: Record | None = None) -> bytes:
    """The record of an answer; of one whose payload an `original` holds, a revisit."""
    fields = {
        "WARC-Record-ID": f"<{record}>",
        "WARC-Target-URI": exchange.url,
        "WARC-Date": write_date(exchange.fetched_at),
        "WARC-Payload-Digest": exchange.digest,
    }
    head = _head(_status_line(exchange.status), answered(exchange))
    if original is None:
        return _member("response", "application/http; msgtype=response", fields, head, exchange.body)
    fields |= {
        "WARC-Profile": PROFILE,
        "WARC-Refers-To": f"<{original.id}>",
        "WARC-Refers-To-Target-URI": original.url,
        "WARC-Refers-To-Date": original.fields["warc-date"],
    }
    return _member("revisit", "application/http; msgtype=response", fields, head, b"")


def as_original(exchange: Exchange, record: str) -> Record:
    """What a revisit has to know of the record of an answer."""
    stated = {"warc-record-id": record, "warc-target-uri": exchange.url, "warc-date": write_date(exchange.fetched_at)}
    return Record(fields=stated, block=b"")


def request(exchange: Exchange, answer: str) -> bytes:
    """The record of a request, tied to that of its `answer`."""
    fields = {
        "WARC-Record-ID": f"<{new_id()}>",
        "WARC-Target-URI": exchange.url,
        "WARC-Date": write_date(exchange.fetched_at),
        "WARC-Concurrent-To": f"<{answer}>",
    }
    parts = urlsplit(exchange.url)
    target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    head = _head(f"{exchange.method} {target} HTTP/1.1", asked(exchange))
    return _member("request", "application/http; msgtype=request", fields, head, b"")


def answered(exchange: Exchange) -> Headers:
    """The headers of a response as they are kept: no secrets, and the length of the body that stands there."""
    kept = (pair for pair in exchange.headers if pair[0].lower() not in SECRETS | FRAMING)
    return *kept, ("Content-Length", str(len(exchange.body)))


def asked(exchange: Exchange) -> Headers:
    """The headers of a request as they are kept."""
    kept = tuple(pair for pair in exchange.request_headers if pair[0].lower() not in SECRETS)
    if any(name.lower() == "host" for name, _ in kept):
        return kept
    return ("Host", urlsplit(exchange.url).netloc.rpartition("@")[2]), *kept


def new_id() -> str:
    """A UUID that begins with the time (RFC 9562 §5.7): what is kept together lies together in an index of them."""
    from uuid import UUID  # noqa: PLC0415 - only what writes needs it

    bits = time_ns() // 1_000_000 << 80 | int.from_bytes(urandom(10))
    of_version_7 = bits & ~(0xF << 76 | 0b11 << 62) | 7 << 76 | 0b10 << 62
    return UUID(int=of_version_7).urn


def _status_line(status: int) -> str:
    try:
        return f"HTTP/1.1 {status} {HTTPStatus(status).phrase}"
    except ValueError:
        return f"HTTP/1.1 {status} "


def _head(start: str, headers: Headers) -> bytes:
    lines = (start, *(f"{name}: {BREAK.sub(' ', value)}" for name, value in headers), "", "")
    return "\r\n".join(lines).encode("latin-1", "replace")


class _Head:
    """The head of an HTTP message for warcio, which would percent-encode what is not ASCII in it."""

    def __init__(self, head: bytes) -> None:
        self.headers_buff = head

    def compute_headers_buffer(self, _: Any) -> None:
        """Nothing is left to do."""


def _member(kind: str, media_type: str, fields: Mapping[str, str], head: bytes, payload: bytes) -> bytes:
    from warcio.recordloader import ArcWarcRecord  # noqa: PLC0415 - what only reads does without
    from warcio.statusandheaders import StatusAndHeaders  # noqa: PLC0415
    from warcio.warcwriter import WARCWriter  # noqa: PLC0415

    named = [("WARC-Type", kind), *fields.items(), ("WARC-Block-Digest", digest_of(head + payload))]
    stated = StatusAndHeaders("", named, protocol="WARC/1.1")
    record = ArcWarcRecord("warc", kind, stated, BytesIO(payload), None, media_type, len(payload))
    if head:
        record.http_headers, record.payload_length = _Head(head), len(payload)
    written = BytesIO()
    WARCWriter(written, gzip=False, warc_version="WARC/1.1").write_record(record)
    return gzip.compress(written.getvalue(), LEVEL, mtime=0)


# ---- reading ----


def records(file: Path) -> Iterator[Record]:
    """The records of a WARC file, compressed or not; those of more than `LARGEST` bytes are passed over.

    Raises `NotWarc` for what is none or cannot be opened, and `WarcDamaged` where it breaks off, after all that is
    whole.
    """
    count = 0
    try:
        with file.open("rb") as raw:
            compressed = raw.peek(2)[:2] == GZIP
            stream = cast("IO[bytes]", gzip.GzipFile(fileobj=raw) if compressed else raw)
            while True:
                try:
                    found = read_record(stream)
                except (EOFError, ValueError, gzip.BadGzipFile, zlib.error) as error:
                    if not count:
                        raise NotWarc(f"{file}: not a WARC file") from error
                    raise WarcDamaged(f"{file}: breaks off after {count} whole records: {error}") from error
                if found is None:
                    break
                count += 1
                if found.type:
                    yield found
    except OSError as error:
        raise NotWarc(f"{file}: cannot be read: {error.strerror or error}") from error
    if not count:
        raise NotWarc(f"{file}: not a WARC file; it is empty")


def read_record(stream: IO[bytes]) -> Record | None:
    """The next record; None at the end, and one without fields in the place of one that is larger than is read.

    Raises `ValueError` for what is no record and `EOFError` for one that is cut off.
    """
    line = stream.readline(CHUNK)
    while line in (b"\r\n", b"\n"):
        line = stream.readline(CHUNK)
    if not line:
        return None
    if not VERSION.fullmatch(line):
        raise ValueError("what follows is no record")
    fields: dict[str, str] = {}
    while (line := stream.readline(CHUNK)).strip():
        name, _, value = line.decode("utf-8", "replace").partition(":")
        fields.setdefault(name.strip().lower(), value.strip())
    if not line:
        raise EOFError("a record is cut off in its head")
    length = fields.get("content-length", "")
    if not length.isdecimal():
        raise ValueError("a record states no length")
    block = _block(stream, int(length))
    return Record(fields={} if block is None else fields, block=block or b"")


def _block(stream: IO[bytes], length: int) -> bytes | None:
    """So many bytes, or None for more than `LARGEST`, which are passed over; raises `EOFError` where there are less."""
    parts: list[bytes] = []
    left = length
    while left:
        part = stream.read(min(left, CHUNK))
        if not part:
            raise EOFError("a record is cut off")
        left -= len(part)
        if length <= LARGEST:
            parts.append(part)
    return b"".join(parts) if length <= LARGEST else None


def record_in(member: bytes) -> Record:
    """The record of the gzip member that some bytes begin with; raises `ValueError`."""
    inflating = zlib.decompressobj(zlib.MAX_WBITS | 16)
    try:
        found = read_record(BytesIO(inflating.decompress(member)))
    except (EOFError, zlib.error) as error:
        raise ValueError(str(error)) from None
    if found is None or not inflating.eof:
        raise ValueError("the record is cut off")
    return found


def whole_until(stream: BinaryIO, start: int) -> int:
    """Where the last whole gzip member ends, of those that follow each other from `start` on."""
    stream.seek(start)
    end, data = start, stream.read(CHUNK)
    while data:
        inflating, length = zlib.decompressobj(zlib.MAX_WBITS | 16), 0
        while not inflating.eof:
            try:
                inflating.decompress(data)
            except zlib.error:
                return end
            length += len(data) - len(inflating.unused_data)
            data = inflating.unused_data or stream.read(CHUNK)
            if not data and not inflating.eof:
                return end
        end += length
    return end


def message(block: bytes) -> Message:
    """The HTTP message of a block, however it ends its lines; a body in chunks is joined."""
    parts = re.split(rb"\r?\n\r?\n", block, maxsplit=1)
    start, *lines = BREAK.split(parts[0].decode("latin-1"))
    headers: list[tuple[str, str]] = []
    for line in lines:
        name, colon, value = line.partition(":")
        if line[:1] in (" ", "\t") and headers:  # an older way to write a long one, RFC 9112 §5.2
            headers[-1] = headers[-1][0], f"{headers[-1][1]} {line.strip(SPACE)}"
        elif colon:
            headers.append((name.strip(SPACE), value.strip(SPACE)))
    body = parts[1] if len(parts) > 1 else b""
    if any(name.lower() == "transfer-encoding" and "chunked" in value.lower() for name, value in headers):
        body = _joined(body)
    return Message(start=start, headers=tuple(headers), body=body)


def _joined(body: bytes) -> bytes:
    """A body without its chunks (RFC 9112 §7.1); as it is where it has none, as some programs keep it."""
    parts: list[bytes] = []
    rest = body
    while True:
        line, found, rest = rest.partition(b"\r\n")
        try:
            length = int(line.partition(b";")[0], 16)
        except ValueError:
            return body
        if not found or length > len(rest) or length < 0:
            return body
        if not length:
            return b"".join(parts)
        parts.append(rest[:length])
        rest = rest[length:].removeprefix(b"\r\n")
