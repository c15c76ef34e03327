"""Records as JSON: one a line (https://github.com/ndjson/ndjson-spec), or one array.

They come as lines already, some at a time, and are written as they come.
"""

from collections.abc import Iterable, Sequence
from typing import BinaryIO


def ndjson(lines: Iterable[Sequence[bytes]], stream: BinaryIO) -> None:
    """One record a line."""
    for some in lines:
        stream.writelines(line + b"\n" for line in some)


def json_array(lines: Iterable[Sequence[bytes]], stream: BinaryIO) -> None:
    """One array, one record a line."""
    before, end = b"[\n", b"[]\n"
    for some in lines:
        stream.write(before + b",\n".join(some))
        before, end = b",\n", b"\n]\n"
    stream.write(end)
