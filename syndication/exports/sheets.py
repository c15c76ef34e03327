r"""Records as CSV for spreadsheets and data frames: UTF-8 with a BOM, RFC 4180, a header of `fields.COLUMNS`.

Every rule can be undone. A list of texts is joined by "|"; a "|" or "\" within one is escaped by a "\". A list of
objects is JSON. Text that a spreadsheet would run as a formula gets an apostrophe before it, and so does text that
begins with one; numbers and dates never do. Null and the empty text are both an empty cell.
"""

import codecs
import csv
import io
from collections.abc import Callable, Iterable, Iterator
from typing import Any, BinaryIO

import orjson

from syndication.exports.fields import COLUMNS, Record, Type

SEPARATOR = "|"
HARMFUL = tuple("=+-@\t\r\n＝＋－＠")
"""What makes a cell a formula (https://owasp.org/www-community/attacks/CSV_Injection), fullwidth forms too."""

MARK = "'"


def sheet(records: Iterable[Record], stream: BinaryIO) -> None:
    """A table of the records."""
    stream.write(codecs.BOM_UTF8)
    text = io.TextIOWrapper(stream, encoding="utf-8", newline="", write_through=False)
    try:
        writer = csv.writer(text, lineterminator="\r\n")
        writer.writerow(column.name for column in COLUMNS)
        writer.writerows(_rows(records))
        text.flush()
    finally:
        text.detach()


def _rows(records: Iterable[Record]) -> Iterator[list[Any]]:
    cells = [(column.value, CELLS.get(column.type)) for column in COLUMNS]
    for record in records:
        yield [None if (value := take(record)) is None else cell(value) if cell else value for take, cell in cells]


def harmless(text: str) -> str:
    """A text as a cell that no spreadsheet runs: `original` is its inverse."""
    return MARK + text if text.startswith((*HARMFUL, MARK)) else text


def original(cell: str) -> str:
    """The text that `harmless` made a cell of."""
    return cell[1:] if cell.startswith(MARK) else cell


def joined(texts: Iterable[str]) -> str:
    """A list as one text: `parted` is its inverse."""
    return SEPARATOR.join(text.replace("\\", "\\\\").replace(SEPARATOR, f"\\{SEPARATOR}") for text in texts)


def parted(cell: str) -> list[str]:
    """The texts that `joined` made a cell of; an empty cell is an empty list."""
    if not cell:
        return []
    texts, escaped = [""], False
    for letter in cell:
        if letter == SEPARATOR and not escaped:
            texts.append("")
            continue
        if letter != "\\" or escaped:
            texts[-1] += letter
        escaped = letter == "\\" and not escaped
    return texts


def as_json(value: Any) -> str:
    """Objects as one text; an empty list is an empty cell."""
    return orjson.dumps(value).decode() if value else ""


CELLS: dict[Type, Callable[[Any], str]] = {
    Type.TEXT: harmless,
    Type.WORD: harmless,
    Type.LIST: lambda texts: harmless(joined(texts)),
    Type.OBJECTS: as_json,
}
