"""The formats by name, and which of them a file's name asks for."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import BinaryIO

from syndication.errors import UnknownFormat
from syndication.exports import lines, parquet, sheets
from syndication.exports.extract import Extract
from syndication.exports.fields import Record

Writer = Callable[[Extract, BinaryIO], None]
"""Writes the records of an extract to a stream, keeping none of them."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Format:
    """A kind of file. `write` is None for SQLite, which is no stream: `database` fills its file.

    `check` raises `MissingExtra` before anything is begun.
    """

    name: str
    mediatype: str
    suffixes: tuple[str, ...]
    write: Writer | None
    check: Callable[[], object] = lambda: None


def _of_lines(write: Callable[[Iterable[Sequence[bytes]], BinaryIO], None]) -> Writer:
    return lambda extract, stream: write(extract.lines(), stream)


def _of_records(write: Callable[[Iterable[Record], BinaryIO], None]) -> Writer:
    return lambda extract, stream: write(extract.records(), stream)


_FORMATS = (
    Format(
        name="ndjson", mediatype="application/x-ndjson", suffixes=(".ndjson", ".jsonl"), write=_of_lines(lines.ndjson)
    ),
    Format(name="json", mediatype="application/json", suffixes=(".json",), write=_of_lines(lines.json_array)),
    Format(name="csv", mediatype="text/csv", suffixes=(".csv",), write=_of_records(sheets.sheet)),
    Format(
        name="parquet",
        mediatype="application/vnd.apache.parquet",
        suffixes=(".parquet",),
        write=_of_records(parquet.single),
        check=parquet.schema,
    ),
    Format(name="sqlite", mediatype="application/vnd.sqlite3", suffixes=(".sqlite", ".sqlite3", ".db"), write=None),
)

FORMATS: Mapping[str, Format] = MappingProxyType({each.name: each for each in _FORMATS})


def named(stated: str | None, target: Path | None, *, directory: bool = False) -> Format:
    """The format that is stated, or else the one that the target's suffix names; raises `UnknownFormat`.

    Without either, standard output (None) gets NDJSON and a directory Parquet.
    """
    if stated is None and target is None:
        return FORMATS["ndjson"]
    if stated is None and directory:
        return FORMATS["parquet"]
    if stated is not None:
        if stated not in FORMATS:
            raise UnknownFormat(f'no export format "{stated}"; there are {", ".join(FORMATS)}')
        return FORMATS[stated]
    suffix = target.suffix.lower() if target else ""
    for each in _FORMATS:
        if suffix in each.suffixes:
            return each
    raise UnknownFormat(f"{target} does not say its format; state one: --format {'|'.join(FORMATS)}")
