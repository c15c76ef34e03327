"""Records as JSON: one a line (https://github.com/ndjson/ndjson-spec), or one array."""

from collections.abc import Iterable
from typing import BinaryIO

import orjson

from syndication.exports.fields import Record


def ndjson(records: Iterable[Record], stream: BinaryIO) -> None:
    """One record a line."""
    write, dumps, newline = stream.write, orjson.dumps, orjson.OPT_APPEND_NEWLINE
    for record in records:
        write(dumps(record, option=newline))


def json_array(records: Iterable[Record], stream: BinaryIO) -> None:
    """One array, one record a line."""
    before, end = b"[\n", b"[]\n"
    for record in records:
        stream.write(before + orjson.dumps(record))
        before, end = b",\n", b"\n]\n"
    stream.write(end)
