"""The connection to what is kept: engines, transactions and the schema's version.

One writing transaction at a time is what the change log rests on: `Database.writing()` takes the write lock when it
begins (BEGIN IMMEDIATE on SQLite, an advisory lock on PostgreSQL), so sequence numbers are gapless and become visible
in their order.
"""

import json
import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from time import monotonic, sleep
from typing import Any

import sqlalchemy as sa
from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from alembic.util import CommandError
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import DatabaseError, OperationalError

from archive.errors import ArchiveMissing, ArchiveUnavailable, SchemaTooNew, SchemaTooOld

PAGE_SIZE = 8192  # bytes; a release's text fits in one or two pages
BUSY_TIMEOUT = 30_000  # milliseconds that a writer waits for another one
WRITE_LOCK = 0x6D6F6E  # "mon": the advisory lock of writers on PostgreSQL


def sqlite_url(file: Path) -> str:
    return sa.URL.create("sqlite+pysqlite", database=str(file)).render_as_string(hide_password=False)


class Database:
    """An archive's database at a SQLAlchemy URL; nothing is opened before the first transaction."""

    def __init__(self, url: str) -> None:
        try:
            self.url = sa.make_url(url)
            self.engine = self._engine()
        except (sa.exc.ArgumentError, ValueError):
            raise ArchiveUnavailable(
                f"MONADI_ARCHIVE: {url!r} is no database address; write one like sqlite:////var/lib/monadi/monadi.db "
                "or postgresql+psycopg://user@host/monadi"
            ) from None
        self._checked = False

    @property
    def name(self) -> str:
        """The address as messages show it, without a password."""
        return self.file.as_posix() if self.file else self.url.render_as_string(hide_password=True)

    @property
    def file(self) -> Path | None:
        """The SQLite file, or None where the archive is on a server, in memory or behind a file: URI."""
        database = self.url.database or ""
        if self.url.get_backend_name() == "sqlite" and database not in ("", ":memory:") and "uri" not in self.url.query:
            return Path(database)
        return None

    @contextmanager
    def reading(self) -> Iterator[sa.Connection]:
        """A transaction that sees one state of the archive; raises `ArchiveMissing` or a schema error first."""
        self.check()
        reader = self.engine
        if reader.dialect.name == "postgresql":
            reader = reader.execution_options(isolation_level="REPEATABLE READ")
        with self._translated(), reader.connect() as connection:
            yield connection

    @contextmanager
    def writing(self) -> Iterator[sa.Connection]:
        """A transaction that alone may write; it is kept whole when the block ends, or not at all."""
        writer = self.engine.execution_options(monadi_writes=True)
        with self._translated(), writer.begin() as connection:
            if connection.dialect.name == "postgresql":
                connection.execute(sa.select(sa.func.pg_advisory_xact_lock(WRITE_LOCK)))
            yield connection

    def upgrade(self) -> tuple[str | None, str]:
        """Bring the schema to this version's, with the data in place; returns the revisions (before, after)."""
        if self.file:
            self._prepare_directory(self.file.parent)
        before = self.revision()
        after = self._head()
        if before != after:
            self._refuse_newer(before)
            with self.writing() as connection:
                config = _alembic_config()
                config.attributes["connection"] = connection
                command.upgrade(config, "head")
        return before, after

    def check(self) -> None:
        """Raise unless the archive exists and has this version's schema; once it has, it is not asked again."""
        if self._checked:
            return
        before = self.revision() if not self.file or self.file.exists() else None
        if before is None:
            raise ArchiveMissing(
                f"there is no archive at {self.name} yet; `monadi harvest` or `monadi demo` begins one"
            )
        self._refuse_newer(before)
        if before != self._head():
            raise SchemaTooOld(
                f"the archive at {self.name} has schema {before}, this Monadi needs {self._head()}; "
                "run `monadi archive upgrade`"
            )
        self._checked = True

    def revision(self) -> str | None:
        """The schema's revision; None where there is no archive yet."""
        with self._translated(), self.engine.connect() as connection:
            return MigrationContext.configure(connection).get_current_revision()

    def close(self) -> None:
        self.engine.dispose()

    def _engine(self) -> sa.Engine:
        try:
            remote = self.url.get_backend_name() == "postgresql"  # its server may have been started anew meanwhile
            engine = sa.create_engine(self.url, json_serializer=_json, pool_pre_ping=remote)
        except (ModuleNotFoundError, sa.exc.NoSuchModuleError) as error:
            raise ArchiveUnavailable(
                f"MONADI_ARCHIVE: no driver for {self.url.drivername} ({error}); "
                "for PostgreSQL install monadi[postgres] and write postgresql+psycopg://…"
            ) from None
        if engine.dialect.name == "sqlite":
            sa.event.listen(engine, "connect", _configure_sqlite)
            sa.event.listen(engine, "begin", _begin_sqlite)
        return engine

    def _head(self) -> str:
        return str(ScriptDirectory.from_config(_alembic_config()).get_current_head())

    def _refuse_newer(self, revision: str | None) -> None:
        if revision is None:
            return
        try:
            ScriptDirectory.from_config(_alembic_config()).get_revision(revision)
        except CommandError:
            raise SchemaTooNew(
                f"the archive at {self.name} has schema {revision}, which this Monadi does not know: it was written by "
                "a newer one; upgrade Monadi, or name another archive in MONADI_ARCHIVE"
            ) from None

    def _prepare_directory(self, directory: Path) -> None:
        try:
            directory.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise ArchiveUnavailable(
                f"the data directory {directory} cannot be made ({error.strerror}); name another one in MONADI_DATA"
            ) from None

    @contextmanager
    def _translated(self) -> Iterator[None]:
        """Foreign errors become one line of ours where they enter."""
        try:
            yield
        except OperationalError as error:
            reason = (str(error.orig).strip() or "no reason given").splitlines()[0]
            raise ArchiveUnavailable(
                f"the archive at {self.name} cannot be used: {reason}; {_advice(reason)}"
            ) from error
        except DatabaseError as error:
            if "file is not a database" not in str(error.orig):
                raise
            raise ArchiveUnavailable(f"{self.name} is not an archive of Monadi; name another file") from error


def _advice(reason: str) -> str:
    if "readonly" in reason or "unable to open" in reason:
        return "make its directory writable, or name another one in MONADI_DATA"
    if "locked" in reason:
        return "another process has been writing for half a minute; try again when it is done"
    if "full" in reason:
        return "make room on the disk and run the command again: nothing was half-written"
    if "already exists" in reason:
        return "it holds tables of another program; name another one in MONADI_ARCHIVE"
    return "see that its server runs and MONADI_ARCHIVE is right"


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def _configure_sqlite(connection: Any, _record: Any) -> None:
    connection.isolation_level = None  # transactions begin where we say, see _begin_sqlite
    for pragma in (
        f"busy_timeout={BUSY_TIMEOUT}",
        f"page_size={PAGE_SIZE}",
        "synchronous=FULL",
        "foreign_keys=ON",
    ):
        connection.execute(f"PRAGMA {pragma}")
    _write_ahead(connection)


def _write_ahead(connection: Any) -> None:
    """Switch to WAL; SQLite does not wait by itself for another process that does so at a new file."""
    until = monotonic() + BUSY_TIMEOUT / 1000
    while True:
        try:
            connection.execute("PRAGMA journal_mode=WAL")
        except sqlite3.OperationalError as error:
            if "locked" not in str(error) or monotonic() > until:
                raise
            sleep(0.01)
        else:
            return


def _begin_sqlite(connection: sa.Connection) -> None:
    writes = connection.get_execution_options().get("monadi_writes")
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


def _alembic_config() -> Config:
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations"))
    config.set_main_option("path_separator", "os")
    return config


def upserting(dialect: str) -> Any:
    """The `insert` of an engine, which knows ON CONFLICT; SQLAlchemy has no common one."""
    return sqlite.insert if dialect == "sqlite" else postgresql.insert


def among(connection: sa.Connection, column: sa.Column[int], numbers: Iterable[int]) -> sa.ColumnElement[bool]:
    """That a column of integers is one of however many numbers, which go to the engine as one value."""
    if connection.dialect.name == "sqlite":
        each = sa.func.json_each(json.dumps(sorted(numbers))).table_valued("value")
        return column.in_(sa.select(each.c.value))
    return column == sa.any_(sa.literal(sorted(numbers), postgresql.ARRAY(column.type)))


def insert_rows(connection: sa.Connection, table: sa.Table, rows: Sequence[tuple[Any, ...]]) -> None:
    """Insert many short rows of plain values, in the order of the table's columns.

    They go to the driver as they are: SQLAlchemy's own way takes five times as long for rows of two numbers.
    """
    if rows:
        columns = ", ".join(column.name for column in table.columns)
        marks = ", ".join("?" if connection.dialect.name == "sqlite" else "%s" for _ in table.columns)
        connection.exec_driver_sql(f"INSERT INTO {table.name} ({columns}) VALUES ({marks})", list(rows))  # noqa: S608
