"""How it shows that what a database holds is broken, in the words of each engine and in values that cannot be read.

`Database` makes `ArchiveDamaged` and `NotAnArchive` of it, which say where and what to do.
"""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from sqlalchemy.exc import DatabaseError

_SAID: Final = ("malformed", "no such table", "Could not decode to UTF-8", "unsupported file format")
"""Of SQLite, where it has no code for it."""
_STATES: Final = frozenset({"XX001", "XX002", "58P01", "42P01"})
"""Of PostgreSQL: data_corrupted, index_corrupted, undefined_file, undefined_table (its appendix A)."""

_TAKEN: Final = "42P07"  # of PostgreSQL: duplicate_table


class Unreadable(Exception):
    """A value of a column that Monadi cannot have written."""


@contextmanager
def decoding() -> Iterator[None]:
    """What is to be text and is none: Python's SQLite stumbles over its own message where a schema is broken."""
    try:
        yield
    except UnicodeDecodeError as error:
        raise sqlite3.DatabaseError(f"database disk image is malformed ({error})") from error


@contextmanager
def values() -> Iterator[None]:
    """Values are read in this block; one that is not of its kind is `Unreadable`."""
    try:
        yield
    except ValueError as error:
        raise Unreadable(f"a value is not of its kind ({error})") from error


def first(error: DatabaseError) -> DatabaseError:
    """The error that an error was met in the handling of, if it was: what went wrong before all else."""
    earliest, met = error, error.__context__
    while met:
        earliest = met if isinstance(met, DatabaseError) else earliest
        met = met.__context__
    return earliest


def is_no_database(error: BaseException | None) -> bool:
    return _code(error) == sqlite3.SQLITE_NOTADB


def is_taken(error: BaseException | None) -> bool:
    """Whether another program's table bears the name of one of ours."""
    return getattr(error, "sqlstate", None) == _TAKEN


def is_damage(error: BaseException | None) -> bool:
    if isinstance(error, sqlite3.Error):
        return _code(error) == sqlite3.SQLITE_CORRUPT or any(words in str(error) for words in _SAID)
    return getattr(error, "sqlstate", None) in _STATES


def _code(error: BaseException | None) -> int:
    """SQLite's primary result code; -1 where there is none."""
    code = getattr(error, "sqlite_errorcode", None)
    return -1 if code is None else code & 0xFF
