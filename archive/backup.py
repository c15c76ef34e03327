"""Backups: the whole database as one SQLite file, from either engine while it is in use, and back into either.

A backup is an archive itself: `MONADI_ARCHIVE=sqlite:///FILE` opens it. It is one state of the archive, and it appears
whole or not at all. What is made from the archive (the search index) is not in it, nor are the snapshots and images:
their files only grow, so copying their directories is enough.
"""

import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from tempfile import TemporaryDirectory

import sqlalchemy as sa

from archive.database import Database, sqlite_url
from archive.drafts import draft_of, is_special, recover
from archive.errors import ArchiveDamaged, ArchiveUnavailable, BackupRefused, NotAnArchive
from archive.tables import metadata

BATCH = 1000  # rows in memory at a time

Report = Callable[[int], object]
"""Told how many rows were copied since it was told last."""


def rows_of(connection: sa.Connection) -> int:
    """How many rows there are to copy."""
    counted = (connection.scalar(sa.select(sa.func.count()).select_from(table)) for table in metadata.sorted_tables)
    return sum(count or 0 for count in counted)


def backup(database: Database, target: Path, report: Report = lambda _: None) -> None:
    """Write the database to a file, in the place of an older backup of that name. Raises `ArchiveUnavailable`."""
    with _draft(target) as draft, database.reading() as source, _opened(draft) as made:
        made.upgrade()
        _copy(source, made, report)


def restore(file: Path, database: Database, report: Report = lambda _: None) -> None:
    """Fill an archive that holds nothing yet from a backup; one of an older schema is brought to this version's.

    Raises `BackupRefused` for a file that is no backup and for an archive that holds something, `SchemaTooNew` for a
    backup of a newer Monadi.
    """
    if not file.is_file():
        raise BackupRefused(f"{file} is no file; name a backup that `monadi archive backup` made")
    with TemporaryDirectory(prefix="monadi-restore-") as place:
        copied = Path(place) / "backup.db"
        _copy_file(file, copied)  # what is upgraded is the copy
        with _opened(copied) as kept:
            with _named(file):
                if kept.revision() is None:
                    raise NotAnArchive
                kept.upgrade()
            database.upgrade()
            with _named(file), kept.reading() as source:
                _copy(source, database, report)


@contextmanager
def _named(file: Path) -> Iterator[None]:
    """What is wrong with the copy of a backup is told of the backup."""
    try:
        yield
    except NotAnArchive as error:
        told = f"{file} is not a backup of an archive; name one that `monadi archive backup` made"
        raise BackupRefused(told) from error
    except ArchiveDamaged as error:
        raise BackupRefused(f"{file} is damaged ({error.reason}); name another backup") from error


def _copy_file(file: Path, copied: Path) -> None:
    try:
        shutil.copyfile(file, copied)
    except OSError as error:
        raise ArchiveUnavailable(
            f"{file} cannot be copied to {copied.parent} ({error.strerror or error}); "
            "name a directory with room in TMPDIR"
        ) from error


def copy(database: Database, target: Database, report: Report = lambda _: None) -> None:
    """Fill another database that holds nothing yet, on either engine, with one state of this one.

    Raises `BackupRefused` where it holds something, `ArchiveUnavailable` where it cannot be written to.
    """
    made = target.file if target.file and not target.file.exists() else None
    try:
        with database.reading() as source:
            target.upgrade()
            _copy(source, target, report)
    except BaseException:
        if made:
            target.close()
            _remove(made)
        raise


def _copy(source: sa.Connection, database: Database, report: Report) -> None:
    """All rows of all tables, in one transaction."""
    with database.writing() as target:
        if any(target.execute(sa.select(table).limit(1)).first() for table in metadata.sorted_tables):
            raise BackupRefused(
                f"the archive at {database.name} holds something already; a backup is restored into an empty one: name "
                "another in MONADI_ARCHIVE or MONADI_DATA"
            )
        for table in metadata.sorted_tables:
            with source.execute(sa.select(table).execution_options(yield_per=BATCH)) as rows:
                for some in rows.mappings().partitions(BATCH):
                    target.execute(sa.insert(table), [dict(row) for row in some])
                    report(len(some))
        if target.dialect.name == "postgresql":
            _number_on(target)


def _number_on(connection: sa.Connection) -> None:
    """Let the server's sequences go on behind the numbers that were copied."""
    for table in metadata.sorted_tables:
        for column in table.primary_key:
            sequence = connection.scalar(sa.select(sa.func.pg_get_serial_sequence(table.name, column.name)))
            if sequence:
                newest = sa.select(sa.func.coalesce(sa.func.max(column), 0) + 1).scalar_subquery()
                connection.execute(sa.select(sa.func.setval(sequence, newest, False)))  # noqa: FBT003 - SQL's own


@contextmanager
def _opened(file: Path) -> Iterator[Database]:
    database = Database(sqlite_url(file))
    try:
        yield database
    finally:
        database.close()


@contextmanager
def _draft(target: Path) -> Iterator[Path]:
    """A file beside the target that takes its place when the block ends well, and is gone when it does not."""
    if not target.parent.is_dir() or target.is_dir():
        what = (
            "is a directory; name a file in it"
            if target.is_dir()
            else f"cannot be written: no directory {target.parent}"
        )
        raise ArchiveUnavailable(f"{target} {what}")
    if is_special(target):
        raise ArchiveUnavailable(f"{target} is no file, and nothing is written in its place; name a file")
    recover(target)
    draft = draft_of(target)
    try:
        yield draft
        with draft.open("rb") as written:
            os.fsync(written.fileno())
        draft.replace(target)
    except OSError as error:
        raise ArchiveUnavailable(f"{target} cannot be written: {error.strerror or error}") from error
    finally:
        _remove(draft)


def _remove(file: Path) -> None:
    """Remove a SQLite file with what stands beside it."""
    for left in (file, *(file.with_name(file.name + suffix) for suffix in ("-wal", "-shm"))):
        with suppress(OSError):
            left.unlink(missing_ok=True)
