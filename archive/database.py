"""The connection to what is kept: engines, transactions and the schema's version.

One writing transaction at a time is what the change log rests on: `Database.writing()` takes the write lock when it
begins (BEGIN IMMEDIATE on SQLite, an advisory lock on PostgreSQL), so sequence numbers are gapless and become visible
in their order.
"""

import json
import re
import sqlite3
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, nullcontext
from dataclasses import asdict
from datetime import UTC, datetime
from functools import lru_cache
from pathlib import Path
from time import monotonic, sleep
from typing import Any

import orjson
import sqlalchemy as sa
from sqlalchemy.dialects import sqlite
from sqlalchemy.exc import DatabaseError

from archive import damage, migrations
from archive.deadlines import within
from archive.errors import (
    ArchiveDamaged,
    ArchiveError,
    ArchiveMissing,
    ArchiveUnavailable,
    NotAnArchive,
    SchemaTooNew,
    SchemaTooOld,
    reason_of,
)

Row = Mapping[str, Any]
"""Values by column."""

PAGE_SIZE = 8192  # bytes; a release's text fits in one or two pages
CHECKPOINT = 4000  # pages of log after which SQLite writes them home: index pages that many batches change go once
BUSY_TIMEOUT = 30_000  # milliseconds that a writer waits for another one
COPY = "COPY "
OURS = "articles"  # a table of every archive
TAKEN = "it holds tables of another program"
FOREIGN = "name another one in MONADI_ARCHIVE"
WRITE_LOCK = 0x6D6F6E  # "mon": the advisory lock of writers on PostgreSQL

_LONG = re.compile("[0-9]{19}")


def sqlite_url(file: Path) -> str:
    return sa.URL.create("sqlite+pysqlite", database=str(file)).render_as_string(hide_password=False)


class Database:
    """An archive's database at a SQLAlchemy URL; nothing is opened before the first transaction."""

    def __init__(self, url: str) -> None:
        try:
            self.url = sa.make_url(url)
            self.engine = self._engine()
            self._writer = self.engine.execution_options(monadi_writes=True)
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

    def server_arguments(self, name: str, settings: Mapping[str, Any]) -> dict[str, Any]:
        """What psycopg is to be given for a connection of its own to the same database: the name that the server shows
        for it, and the server's settings in it.
        """
        dialect: Any = self.url.set(drivername="postgresql+psycopg").get_dialect()()
        _, where = dialect.create_connect_args(self.url)
        stated = " ".join(f"-c {setting}={value}" for setting, value in settings.items())
        where["options"] = " ".join(filter(None, (where.get("options"), stated)))
        return {"connect_timeout": 10, **where, "application_name": name}

    @contextmanager
    def reading(self, seconds: float | None = None) -> Iterator[sa.Connection]:
        """A transaction that sees one state of the archive; raises `ArchiveMissing` or a schema error first.

        With `seconds`, what takes longer is given up by `TookTooLong` (`archive.deadlines`).
        """
        self.check()
        reader = self.engine
        if reader.dialect.name == "postgresql":
            reader = reader.execution_options(isolation_level="REPEATABLE READ")
        with (
            self._translated(),
            reader.connect() as connection,
            nullcontext() if seconds is None else within(connection, seconds),
        ):
            yield connection

    @contextmanager
    def writing(self) -> Iterator[sa.Connection]:
        """A transaction that alone may write; it is kept whole when the block ends, or not at all."""
        with self._translated(), self._writer.begin() as connection:
            _lock(connection)
            yield connection

    def upgrade(self) -> tuple[str | None, str]:
        """Bring the schema to this version's, with the data in place; returns the revisions (before, after)."""
        if self.file:
            self._prepare_directory(self.file.parent)
        before = self.revision()
        after = _head()
        if before != after:
            self._refuse_foreign(before)
            self._refuse_newer(before)
            with self._migrating() as connection:
                migrations.upgrade(connection)
        return before, after

    def check(self) -> None:
        """Raise unless the archive exists and has this version's schema; once it has, it is not asked again."""
        if self._checked:
            return
        before = self.revision() if not self.file or self.file.exists() else None
        if before != _head() and not (self.file and not self.file.exists()):
            self._refuse_foreign(before)
        if before is None:
            raise ArchiveMissing(
                f"there is no archive at {self.name} yet; `monadi harvest` or `monadi demo` begins one"
            )
        self._refuse_newer(before)
        if before != _head():
            raise SchemaTooOld(
                f"the archive at {self.name} has schema {before}, this Monadi needs {_head()}; "
                "run `monadi archive upgrade`"
            )
        self._checked = True

    def revision(self) -> str | None:
        """The schema's revision; None where there is no archive yet."""
        with self._translated(), self.engine.connect() as connection:
            return migrations.current(connection)

    def close(self) -> None:
        self.engine.dispose()

    def _engine(self) -> sa.Engine:
        try:
            remote = self.url.get_backend_name() == "postgresql"  # its server may have been started anew meanwhile
            engine = sa.create_engine(
                self.url, json_serializer=json_text, json_deserializer=_value, pool_pre_ping=remote
            )
        except (ModuleNotFoundError, sa.exc.NoSuchModuleError) as error:
            raise ArchiveUnavailable(
                f"MONADI_ARCHIVE: no driver for {self.url.drivername} ({error}); "
                "for PostgreSQL install monadi[postgres] and write postgresql+psycopg://…"
            ) from None
        if engine.dialect.name == "sqlite":
            sa.event.listen(engine, "connect", _configure_sqlite)
            sa.event.listen(engine, "begin", _begin_sqlite)
        else:
            sa.event.listen(engine, "do_execute", _copy_one)
            sa.event.listen(engine, "do_executemany", _copy)
        return engine

    @contextmanager
    def _migrating(self) -> Iterator[sa.Connection]:
        """A writing transaction in which SQLite lets tables be replaced that others refer to."""
        migrator = self._writer.execution_options(monadi_migrates=True)
        with self._translated(), migrator.connect() as connection:
            try:
                with connection.begin():
                    _lock(connection)
                    yield connection
            except DatabaseError as error:  # Alembic tidies up, which fails where SQLite has undone everything
                raise damage.first(error) from None
            finally:
                if connection.dialect.name == "sqlite":
                    driver: Any = connection.connection.driver_connection
                    driver.execute("PRAGMA foreign_keys=ON")

    def _refuse_foreign(self, revision: str | None) -> None:
        """A file belongs to one program; a database on a server may be shared by several."""
        if not self.file or revision in migrations.revisions():
            return
        with self._translated(), self.engine.connect() as connection:
            names = set(sa.inspect(connection).get_table_names())
        if names and (revision is None or OURS not in names):
            raise NotAnArchive(f"{self.name} is not an archive of Monadi: {TAKEN}; {FOREIGN}")

    def _refuse_newer(self, revision: str | None) -> None:
        if revision is not None and revision not in migrations.revisions():
            raise SchemaTooNew(
                f"the archive at {self.name} has schema {revision}, which this Monadi does not know: it was written by "
                "a newer one; upgrade Monadi, or name another archive in MONADI_ARCHIVE"
            )

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
        driver: Any = self.engine.dialect.loaded_dbapi
        try:
            yield
        except damage.Unreadable as error:
            raise ArchiveDamaged(self.name, reason_of(error)) from error
        except (DatabaseError, driver.DatabaseError) as error:  # the latter where rows come from the driver itself
            named = self._named(error.orig if isinstance(error, DatabaseError) else error)
            if named is None:
                raise
            raise named from error

    def _named(self, error: BaseException | None) -> ArchiveError | None:
        """What a driver's error means for whoever asked; None for a mistake in what was asked."""
        if damage.is_taken(error):
            return NotAnArchive(f"{self.name} is not an archive of Monadi: {TAKEN}; {FOREIGN}")
        if damage.is_no_database(error):
            return NotAnArchive(f"{self.name} is not an archive of Monadi; {FOREIGN}, or restore a backup of it")
        if damage.is_damage(error):
            return ArchiveDamaged(self.name, reason_of(error))
        driver: Any = self.engine.dialect.loaded_dbapi
        if not isinstance(error, driver.OperationalError):
            return None
        reason = reason_of(error)
        return ArchiveUnavailable(f"the archive at {self.name} cannot be used: {reason}; {_advice(reason)}")


def _advice(reason: str) -> str:
    if "readonly" in reason or "unable to open" in reason:
        return "make its directory writable, or name another one in MONADI_DATA"
    if "locked" in reason:
        return "another process has been writing for half a minute; try again when it is done"
    if "disk I/O error" in reason:
        return "see that its disk has room, can be written to and is sound; nothing was half-written"
    if "full" in reason:
        return "make room on the disk and run the command again: nothing was half-written"
    return "see that its server runs and MONADI_ARCHIVE is right"


def _value(text: str | bytes) -> Any:
    """What JSON says; orjson makes a fraction of a number that takes more than 64 bits."""
    try:
        long = _LONG.search(text if isinstance(text, str) else text.decode())
        return json.loads(text) if long else orjson.loads(text)
    except ValueError as error:
        raise damage.Unreadable(f"a value is no JSON ({error})") from error


def _configure_sqlite(connection: Any, _record: Any) -> None:
    connection.isolation_level = None  # transactions begin where we say, see _begin_sqlite
    with damage.decoding():
        _set_pragmas(connection)
    _write_ahead(connection)


def _set_pragmas(connection: Any) -> None:
    for pragma in (
        f"busy_timeout={BUSY_TIMEOUT}",
        f"page_size={PAGE_SIZE}",
        f"wal_autocheckpoint={CHECKPOINT}",
        "synchronous=FULL",
        "foreign_keys=ON",
    ):
        connection.execute(f"PRAGMA {pragma}")


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
    options = connection.get_execution_options()
    if options.get("monadi_migrates"):
        connection.exec_driver_sql("PRAGMA foreign_keys=OFF")  # it is heard outside of transactions alone
    connection.exec_driver_sql("BEGIN IMMEDIATE" if options.get("monadi_writes") else "BEGIN")


def _lock(connection: sa.Connection) -> None:
    if connection.dialect.name == "postgresql":
        connection.execute(sa.select(sa.func.pg_advisory_xact_lock(WRITE_LOCK)))


def _copy(cursor: Any, statement: str, rows: Sequence[tuple[Any, ...]], _context: Any) -> bool:
    """Run a COPY, which psycopg executes in a way of its own; anything else is left to SQLAlchemy."""
    if not statement.startswith(COPY):
        return False
    with cursor.copy(statement) as copy:
        for row in rows:
            copy.write_row(row)
    return True


def _copy_one(cursor: Any, statement: str, row: tuple[Any, ...], context: Any) -> bool:
    return _copy(cursor, statement, [row], context)


def _head() -> str:
    return migrations.revisions()[-1]


def upserting(dialect: str) -> Any:
    """The `insert` of an engine, which knows ON CONFLICT; SQLAlchemy has no common one."""
    if dialect == "sqlite":
        return sqlite.insert
    from sqlalchemy.dialects import postgresql  # noqa: PLC0415 - 20 ms, which an archive on SQLite starts without

    return postgresql.insert


def among(connection: sa.Connection, column: sa.Column[int], numbers: Iterable[int]) -> sa.ColumnElement[bool]:
    """That a column of integers is one of however many numbers, which go to the engine as one value."""
    if connection.dialect.name == "sqlite":
        each = sa.func.json_each(json.dumps(sorted(numbers))).table_valued("value")
        return column.in_(sa.select(each.c.value))
    return column == sa.any_(sa.literal(sorted(numbers), sa.ARRAY(column.type)))


def insert_rows(connection: sa.Connection, table: sa.Table, rows: Sequence[tuple[Any, ...]]) -> None:
    """Insert many rows of plain values, in the order of the table's columns.

    They go to the driver as they are, instants as `plain_instant` and JSON as `json_text` write them: SQLAlchemy's own
    way takes five times as long for rows of two numbers. PostgreSQL takes them by COPY.
    """
    if not rows:
        return
    columns = ", ".join(column.name for column in table.columns)
    if connection.dialect.name == "sqlite":
        marks = ", ".join("?" * len(table.columns))
        statement = f"INSERT INTO {table.name} ({columns}) VALUES ({marks})"  # noqa: S608 - our names
    else:
        statement = f"{COPY}{table.name} ({columns}) FROM STDIN"
    connection.exec_driver_sql(statement, list(rows))


def add_rows(connection: sa.Connection, table: sa.Table, rows: Sequence[tuple[Any, ...]]) -> None:
    """Insert rows whose last column is a number; where a row of that key stands, add its number to that one."""
    if not rows:
        return
    columns = [column.name for column in table.columns]
    *keys, number = columns
    into = f"INSERT INTO {table.name} ({', '.join(columns)})"
    told = f"ON CONFLICT ({', '.join(keys)}) DO UPDATE SET {number} = {table.name}.{number} + excluded.{number}"
    if connection.dialect.name == "sqlite":
        connection.exec_driver_sql(f"{into} VALUES ({', '.join('?' * len(columns))}) {told}", list(rows))
        return
    types = ", ".join(f"{column.name} {column.type.compile(connection.dialect)}" for column in table.columns)
    values = json_text([dict(zip(columns, row, strict=True)) for row in rows])  # an array each takes thrice as long
    connection.exec_driver_sql(f"{into} SELECT * FROM json_to_recordset(%s) AS told({types}) {told}", (values,))  # noqa: S608


def update_rows(
    connection: sa.Connection, table: sa.Table, key: Sequence[str], told: Iterable[tuple[tuple[Any, ...], Row]]
) -> None:
    """Give rows with these keys other values of some columns, which are plain ones as for `insert_rows`.

    Only columns that are named are written: SQLite renews an index for each mention of its column.
    """
    mark = "?" if connection.dialect.name == "sqlite" else "%s"
    by_columns: dict[tuple[str, ...], list[tuple[Any, ...]]] = {}
    for values, row in told:
        by_columns.setdefault(tuple(row), []).append((*row.values(), *values))
    where = " AND ".join(f"{name} = {mark}" for name in key)
    for columns, rows in by_columns.items():
        if columns:
            set_ = ", ".join(f"{name} = {mark}" for name in columns)
            connection.exec_driver_sql(f"UPDATE {table.name} SET {set_} WHERE {where}", rows)  # noqa: S608 - our names


def next_keys(connection: sa.Connection, column: sa.Column[int], count: int) -> list[int]:
    """So many keys that no row has had; whoever asks holds the write lock."""
    if connection.dialect.name == "sqlite":
        newest = connection.exec_driver_sql(f"SELECT max({column.name}) FROM {column.table}").scalar() or 0  # noqa: S608
        return list(range(newest + 1, newest + 1 + count))
    statement = (
        "WITH its AS MATERIALIZED (SELECT pg_get_serial_sequence(%s, %s)::regclass AS name) "
        "SELECT nextval(its.name) FROM its, generate_series(1, %s)"
    )
    return list(connection.exec_driver_sql(statement, (str(column.table), column.name, count)).scalars())


def execute_among(
    connection: sa.Connection, statement: str, values: Sequence[Any], *bound: Any
) -> sa.CursorResult[*tuple[Any, ...]]:
    """Run a statement that ends in a column's name for the rows in which that column has one of these values.

    `bound` are the values of its marks (?). Whatever is asked for, the statement is the same one, so that it is made
    and planned once.
    """
    if connection.dialect.name == "sqlite":
        statement, held = f"{statement} IN (SELECT value FROM json_each(?))", json_text(values)  # noqa: S608 - ours
        return connection.exec_driver_sql(statement, (*bound, held))
    return connection.exec_driver_sql(f"{statement.replace('?', '%s')} = ANY(%s)", (*bound, list(values)))


def plain_instant(moment: datetime, dialect: str) -> str:
    """An aware instant as the driver takes it, the very text that `archive.tables.Instant` makes SQLite keep."""
    return _written(moment.astimezone(UTC), dialect)


@lru_cache(maxsize=1 << 10)  # rows of a batch name each several times; in UTC equal moments are one instant
def _written(moment: datetime, dialect: str) -> str:
    written = moment.isoformat(" ", "microseconds")
    return written[:26] if dialect == "sqlite" else written


def json_text(value: Any) -> str:
    """JSON without white space; records in it as objects."""
    try:
        return orjson.dumps(value).decode()
    except TypeError:  # a number of more than 64 bits
        return json.dumps(value, ensure_ascii=False, separators=(",", ":"), default=asdict)
