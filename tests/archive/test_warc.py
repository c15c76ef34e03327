"""Reading WARC files of any maker: whole records as they are, and a word where a file is none, or breaks off."""

import gzip
from io import BytesIO
from pathlib import Path
from uuid import RFC_4122, UUID

import pytest

from archive import warc
from archive.errors import NotWarc, WarcDamaged
from archive.warc import Message


def record(block: bytes = b"body", **fields: str) -> bytes:
    named = {"WARC_Type": "response", "Content_Length": str(len(block)), **fields}
    head = "".join(f"{name.replace('_', '-')}: {value}\r\n" for name, value in named.items())
    return b"WARC/1.1\r\n" + head.encode() + b"\r\n" + block + b"\r\n\r\n"


def written(tmp_path: Path, content: bytes) -> Path:
    file = tmp_path / "some.warc"
    file.write_bytes(content)
    return file


@pytest.mark.parametrize("pack", [bytes, gzip.compress])
def test_the_records_of_a_file_are_read_compressed_or_not(tmp_path, pack):
    file = written(tmp_path, pack(record(b"one", WARC_Target_URI="<https://a.ir/>")) + pack(record(b"two")))

    one, two = warc.records(file)

    assert (one.type, one.url, one.block, two.block) == ("response", "https://a.ir/", b"one", b"two")


def test_empty_lines_between_records_are_passed_over(tmp_path):
    file = written(tmp_path, b"\r\n\n" + record() + b"\r\n\r\n" + record())

    assert len(list(warc.records(file))) == 2


def test_a_record_that_is_larger_than_is_read_is_passed_over(tmp_path, monkeypatch):
    monkeypatch.setattr(warc, "LARGEST", 5)
    file = written(tmp_path, record(b"five!") + record(b"six...") + record(b"last"))

    assert [each.block for each in warc.records(file)] == [b"five!", b"last"]


NO_FILES = {
    "empty": (b"", "not a WARC file; it is empty"),
    "something else": (b"<html></html>", "not a WARC file"),
    "of no length": (record(Content_Length="many"), "not a WARC file"),
    "cut off in its head": (record()[:20], "not a WARC file"),
    "cut off in its body": (record()[:-6], "not a WARC file"),
    "no gzip": (b"\x1f\x8bnothing", "not a WARC file"),
    "gzip that is cut off": (gzip.compress(record())[:-12], "not a WARC file"),
}


@pytest.mark.parametrize(("content", "said"), NO_FILES.values(), ids=NO_FILES)
def test_what_is_no_warc_file_is_called_none(tmp_path, content, said):
    file = written(tmp_path, content)

    with pytest.raises(NotWarc, match=said) as caught:
        list(warc.records(file))

    assert str(caught.value).startswith(f"{file}: ")


def test_what_cannot_be_opened_is_named(tmp_path):
    with pytest.raises(NotWarc, match=r"nowhere.warc: cannot be read: No such file"):
        list(warc.records(tmp_path / "nowhere.warc"))


@pytest.mark.parametrize("rest", [record()[:30], record()[:-6], b"garbage\r\n", record(Content_Length="-1")])
def test_where_a_file_breaks_off_what_stands_before_is_whole(tmp_path, rest):
    reading = warc.records(written(tmp_path, record(b"one") + record(b"two") + rest))

    assert [next(reading).block, next(reading).block] == [b"one", b"two"]
    with pytest.raises(WarcDamaged, match="breaks off after 2 whole records"):
        next(reading)


@pytest.mark.parametrize("status", [200, 404, 999, 0])
def test_a_status_of_nobodys_is_kept_as_it_is(status):
    assert warc.message(f"{warc._status_line(status)}\r\n\r\n".encode()).status == (status if status >= 100 else 0)


MESSAGES = {
    "plain": (b"HTTP/1.1 200 OK\r\nA: b\r\n\r\nbody", (("A", "b"),), b"body"),
    "bare line feeds": (b"HTTP/1.1 200 OK\nA: b\n\nbody", (("A", "b"),), b"body"),
    "without a body": (b"HTTP/1.1 200 OK\r\nA: b", (("A", "b"),), b""),
    "a field in two lines": (b"HTTP/1.1 200 OK\r\nA: b\r\n  c\r\n\r\n", (("A", "b c"),), b""),
    "a line that is no field": (b"HTTP/1.1 200 OK\r\n  folded\r\nnothing\r\nA: b\r\n\r\n", (("A", "b"),), b""),
}


@pytest.mark.parametrize(("block", "headers", "body"), MESSAGES.values(), ids=MESSAGES)
def test_an_http_message_is_read_however_it_was_written(block, headers, body):
    assert warc.message(block) == Message(start="HTTP/1.1 200 OK", headers=headers, body=body)


CHUNKED = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
BODIES = {
    "in chunks": (b"3;x=y\r\nabc\r\n2\r\nde\r\n0\r\n\r\n", b"abcde"),
    "without its chunks, as some programs keep it": (b"abcde", b"abcde"),
    "of no end": (b"3\r\nabc\r\n", b"3\r\nabc\r\n"),
    "cut off": (b"9\r\nabc\r\n0\r\n\r\n", b"9\r\nabc\r\n0\r\n\r\n"),
    "of a negative length": (b"-3\r\nabc\r\n0\r\n\r\n", b"-3\r\nabc\r\n0\r\n\r\n"),
    "a number alone": (b"3", b"3"),
}


@pytest.mark.parametrize(("body", "joined"), BODIES.values(), ids=BODIES)
def test_a_body_in_chunks_is_joined_and_any_other_left(body, joined):
    assert warc.message(CHUNKED + body).body == joined


MEMBERS = {
    "no gzip": b"nothing",
    "cut off": gzip.compress(record())[:-3],
    "cut off in its record": gzip.compress(record()[:-6]),
    "empty": gzip.compress(b""),
}


@pytest.mark.parametrize("member", MEMBERS.values(), ids=MEMBERS)
def test_a_member_that_is_no_whole_record_is_an_error(member):
    with pytest.raises(ValueError, match=r"cut off|no record|incorrect header"):
        warc.record_in(member)


@pytest.mark.parametrize(
    ("stated", "read"),
    [
        ("2026-11-28T18:50:28Z", "2026-11-28T18:50:28+00:00"),
        ("2026-11-28T18:50:28.123456789Z", "2026-11-28T18:50:28.123456+00:00"),
        ("2026-11-28T18:50:28", "2026-11-28T18:50:28+00:00"),
        ("yesterday", None),
        ("0001-01-01T00:00:00+23:00", None),
    ],
)
def test_a_date_is_an_instant_or_none(stated, read):
    moment = warc.read_date(stated)
    assert (moment and moment.isoformat()) == read


@pytest.mark.parametrize(
    "rest",
    [b"", b"no gzip at all", gzip.compress(record())[:-5], gzip.compress(record())[:12]],
    ids=["nothing", "no gzip", "a member cut off", "a head"],  # compressed bytes hold the time
)
def test_where_the_last_whole_member_ends_is_found_whatever_stands_behind_it(rest):
    whole = gzip.compress(record(b"one")) + gzip.compress(record(b"two"))
    assert warc.whole_until(BytesIO(b"before" + whole + rest), len(b"before")) == len(b"before" + whole)


def test_ids_are_of_version_7_and_stand_in_the_order_of_their_making(monkeypatch):
    moments = [1_700_000_000_000, 1_700_000_000_001, 1_800_000_000_000, 4_000_000_000_000]  # milliseconds
    monkeypatch.setattr(warc, "time_ns", iter(1_000_000 * moment + 999_999 for moment in moments).__next__)

    made = [warc.new_id() for _ in moments]

    ids = [UUID(each) for each in made]
    assert {(each.version, each.variant) for each in ids} == {(7, RFC_4122)}
    assert sorted(made) == made
    assert [each.int >> 80 for each in ids] == moments


def test_no_two_ids_of_an_instant_are_the_same(monkeypatch):
    monkeypatch.setattr(warc, "time_ns", lambda: 0)
    assert len({warc.new_id() for _ in range(1000)}) == 1000
