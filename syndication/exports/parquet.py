"""Records as Parquet, typed by `fields.COLUMNS`: one file, or a dataset of a file for each Jalali year and province.

It needs pyarrow, the extra `monadi[parquet]`. Row groups are bounded in rows and in bytes, and so is what waits in
memory for one to be full.
"""

from collections import Counter
from collections.abc import Callable, Iterable
from datetime import date, datetime
from itertools import count
from pathlib import Path
from typing import Any, BinaryIO

from syndication.errors import MissingExtra
from syndication.exports.fields import COLUMNS, Column, Field, Record, Type

ROWS, BYTES = 2_000, 8_000_000  # of one row group
WAITING = 24_000_000  # bytes of rows that wait for their partitions' row groups
OPEN = 32  # partitions whose files are open at a time
GROUPS = 100  # row groups in open files: some 90 kB of each wait in memory for the foot of its file
NO_YEAR = "__HIVE_DEFAULT_PARTITION__"  # Hive's word for null
OPTIONS: dict[str, Any] = {"compression": "zstd", "write_page_index": True}


def _pyarrow() -> tuple[Any, Any]:
    try:
        import pyarrow as pa  # noqa: PLC0415  an extra
        import pyarrow.parquet as pq  # noqa: PLC0415
    except ImportError as error:
        raise MissingExtra(f"Parquet needs pyarrow ({error}); install monadi[parquet]") from None
    return pa, pq


def schema() -> Any:
    """The Arrow schema of the columns, each described in its metadata."""
    pa, _ = _pyarrow()
    fields = (
        pa.field(
            column.name,
            _arrow_type(pa, column.field),
            nullable=not column.field.required,
            metadata={"description": column.field.text},
        )
        for column in COLUMNS
    )
    return pa.schema(list(fields))


def _arrow_type(pa: Any, field: Field) -> Any:
    plain = {
        Type.TEXT: pa.string(),
        Type.WORD: pa.dictionary(pa.int32(), pa.string()),
        Type.INTEGER: pa.int64(),
        Type.SMALL: pa.int16(),
        Type.INSTANT: pa.timestamp("us", "UTC"),
        Type.DAY: pa.date32(),
        Type.LIST: pa.list_(pa.string()),
    }
    if field.type is Type.OBJECTS:
        return pa.list_(pa.struct([(part.name, plain[part.type]) for part in field.fields]))
    return plain[field.type]


def single(records: Iterable[Record], stream: BinaryIO) -> None:
    """One file of bounded row groups."""
    _, pq = _pyarrow()
    typed = schema()
    with pq.ParquetWriter(stream, typed, **OPTIONS) as writer:
        rows = _Rows()
        for record in records:
            rows.add(record)
            if rows.full:
                writer.write_batch(rows.take(typed))
        if rows.records:
            writer.write_batch(rows.take(typed))


def dataset(records: Iterable[Record], directory: Path) -> None:
    """Files `jalali_year=1403/province=IR-21/part-0.parquet`; those of undated releases have Hive's null for a year."""
    partitions = _Partitions(directory)
    try:
        for record in records:
            partitions.add(record)
        partitions.flush()
    finally:
        partitions.close()


class _Rows:
    """Records that wait to be a row group."""

    def __init__(self) -> None:
        self.records: list[Record] = []
        self.bytes = 0

    def add(self, record: Record) -> int:
        size = 1_000 + 2 * (len(record["body"]) + len(record["body_html"]))  # near enough, and quick
        self.records.append(record)
        self.bytes += size
        return size

    @property
    def full(self) -> bool:
        return len(self.records) >= ROWS or self.bytes >= BYTES

    def take(self, typed: Any) -> Any:
        """The record batch of what waited."""
        pa, _ = _pyarrow()
        arrays = [
            pa.array(_values(column, self.records), type=field.type)
            for column, field in zip(COLUMNS, typed, strict=True)
        ]
        self.records, self.bytes = [], 0
        return pa.RecordBatch.from_arrays(arrays, schema=typed)


class _Partitions:
    """Files by Jalali year and province, few of them open and little waiting at a time."""

    def __init__(self, directory: Path) -> None:
        self.directory = directory
        self.schema = schema()
        self.waiting: dict[tuple[str, str], _Rows] = {}
        self.writers: dict[tuple[str, str], Any] = {}
        self.groups: Counter[tuple[str, str]] = Counter()  # in the file that is open
        self.bytes = 0

    def add(self, record: Record) -> None:
        published = record["published"]
        key = (published["jalali"][:4] if published else NO_YEAR, record["province"]["iso"])
        rows = self.waiting.setdefault(key, _Rows())
        self.bytes += rows.add(record)
        if rows.full:
            self._write(key)
        elif self.bytes >= WAITING:
            self._write(max(self.waiting, key=lambda key: self.waiting[key].bytes))

    def flush(self) -> None:
        for key in list(self.waiting):
            self._write(key)

    def close(self) -> None:
        while self.writers:
            self._close(next(iter(self.writers)))

    def _write(self, key: tuple[str, str]) -> None:
        rows = self.waiting.pop(key)
        self.bytes -= rows.bytes
        self._writer(key).write_batch(rows.take(self.schema))
        self.groups[key] += 1
        if self.groups.total() > GROUPS:
            self._close(max(self.groups, key=self.groups.__getitem__))

    def _close(self, key: tuple[str, str]) -> None:
        del self.groups[key]
        self.writers.pop(key).close()

    def _writer(self, key: tuple[str, str]) -> Any:
        """The open file of a partition; the one that was written to longest ago is closed for it."""
        writer = self.writers.pop(key, None)
        if writer is None:
            if len(self.writers) >= OPEN:
                self._close(next(iter(self.writers)))
            writer = self._open(key)
        self.writers[key] = writer
        return writer

    def _open(self, key: tuple[str, str]) -> Any:
        _, pq = _pyarrow()
        folder = self.directory / f"jalali_year={key[0]}" / f"province={key[1]}"
        folder.mkdir(parents=True, exist_ok=True)
        path = next(path for number in count() if not (path := folder / f"part-{number}.parquet").exists())
        return pq.ParquetWriter(path, self.schema, **OPTIONS)


def _values(column: Column, records: Iterable[Record]) -> list[Any]:
    typed = TYPED.get(column.type)
    if typed is None:
        return [column.value(record) for record in records]
    return [None if (value := column.value(record)) is None else typed(value) for record in records]


TYPED: dict[Type, Callable[[Any], Any]] = {
    Type.INSTANT: datetime.fromisoformat,
    Type.DAY: date.fromisoformat,
}
