"""The archive as data files: every record that answers a query, in the shape of `ArchivedArticle.to_dict()`.

A format is a function from records to a stream; to add one, write it and name it in `FORMATS`.
"""

import json
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path
from types import MappingProxyType
from typing import Any, BinaryIO

from archive import Archive, Query
from syndication.errors import CannotWrite, UnknownFormat
from syndication.files import replacing

Record = dict[str, Any]
Writer = Callable[[Iterable[Record], BinaryIO], int]
"""Writes the records, keeping none of them, and returns how many there were."""


def export(archive: Archive, query: Query, target: Path | None, format_: str) -> int:
    """Write what answers a query to a file, or to standard output where `target` is None; returns how many records.

    The file appears whole or not at all. Memory stays flat. Raises `UnknownFormat`, `CannotWrite`, and `ArchiveError`
    for an archive or a query that cannot be read.
    """
    if format_ not in FORMATS:
        raise UnknownFormat(f'no export format "{format_}"; there are {", ".join(FORMATS)}')
    with _stream(target) as stream:
        return FORMATS[format_]((item.to_dict() for item in archive.articles(query)), stream)


def _stream(target: Path | None) -> AbstractContextManager[BinaryIO]:
    if target is None:
        return nullcontext(sys.stdout.buffer)
    if not target.parent.is_dir():
        raise CannotWrite(f"{target} cannot be written: there is no directory {target.parent}; make it first")
    if target.is_dir():
        raise CannotWrite(f"{target} is a directory; name a file in it")
    return replacing(target)


def ndjson(records: Iterable[Record], stream: BinaryIO) -> int:
    """One record a line (https://github.com/ndjson/ndjson-spec)."""
    count = 0
    for line in _lines(records):
        stream.write(line + b"\n")
        count += 1
    return count


def json_array(records: Iterable[Record], stream: BinaryIO) -> int:
    """One array, one record a line."""
    stream.write(b"[")
    count = 0
    for line in _lines(records):
        stream.write((b",\n" if count else b"\n") + line)
        count += 1
    stream.write(b"\n]\n" if count else b"]\n")
    return count


def _lines(records: Iterable[Record]) -> Iterator[bytes]:
    for record in records:
        yield json.dumps(record, ensure_ascii=False).encode()


FORMATS: Mapping[str, Writer] = MappingProxyType({"ndjson": ndjson, "json": json_array})
