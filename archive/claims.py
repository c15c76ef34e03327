"""Claims: a source that a crawl reads is read by no other one, whoever began it and on whichever machine.

A claim ends when it is given up, or when whoever holds it is gone, however that came about:

PostgreSQL   an advisory lock on a connection of its own, which a thread watches. A crawl learns of a lost connection
             at once, or within `PING` + `ANSWER` seconds where the network swallows everything; the server then takes
             at least `SERVER` seconds to give the lock to another. It cannot stand behind a pool that shares
             connections between sessions (pgbouncer's transaction mode).
SQLite       flock on a file beside the archive, `<archive>.claims/<source>`; the kernel releases it when the process
             ends. An archive in memory is seen by one process alone, so there is nothing to claim.
"""

import fcntl
import hashlib
import os
import selectors
import socket
import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from time import monotonic, sleep
from types import TracebackType
from typing import TYPE_CHECKING, Any, Protocol, Self
from urllib.parse import quote

import sqlalchemy as sa

from archive.database import Database
from archive.errors import ArchiveUnavailable, Claimed, reason_of

if TYPE_CHECKING:
    import psycopg

CLAIMS = 0x6D6F6E63  # "monc": the class of advisory locks that are claims; the writers' lock has one number, not two
PATIENCE = 0.5  # seconds in which a process that has just ended lets its claim go
PING = 3.0  # seconds between two looks whether the server is there
ANSWER = 5.0  # seconds that it has to answer
SERVER = 30.0  # seconds of silence after which it takes a client for dead: PING + ANSWER + what a crawl has to stop in

ON_THE_SERVER = {  # a connection through a socket of the same machine needs none of it
    "tcp_keepalives_idle": 15,
    "tcp_keepalives_interval": 5,
    "tcp_keepalives_count": 3,
    "tcp_user_timeout": int(SERVER * 1000),
    "idle_session_timeout": 0,
}

Lost = Callable[[], object]
"""Called once, in another thread, when a claim is no longer held though nobody gave it up."""


class Claim(Protocol):
    """A source that is ours until the block ends, or until `close`."""

    def close(self) -> None: ...
    def __enter__(self) -> Self: ...
    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None: ...


def claim(database: Database, source: str, lost: Lost = lambda: None) -> Claim:
    """Claim a source. Raises `Claimed` when another crawl holds it, `ArchiveUnavailable` when there is no asking."""
    until = monotonic() + PATIENCE
    while True:
        try:
            return _claim(database, source, lost)
        except Claimed:
            if monotonic() > until:
                raise
        sleep(0.05)


def claimed(database: Database, sources: Iterable[str]) -> set[str]:
    """Which of these sources are claimed now."""
    sources = list(sources)
    if database.url.get_backend_name() == "postgresql":
        held = _held_on_server(database)
        return {source for source in sources if _number(source) in held}
    folder = _folder(database)
    return {source for source in sources if folder and _is_locked(folder / _file_name(source))}


def _claim(database: Database, source: str, lost: Lost) -> Claim:
    if database.url.get_backend_name() == "postgresql":
        return _ServerClaim(database, source, lost)
    folder = _folder(database)
    return _FileClaim(folder, source) if folder else _NoClaim()


def _refused(source: str) -> Claimed:
    return Claimed(f"{source}: it is being read by another process")


class _NoClaim:
    def close(self) -> None:
        pass

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


# ---- SQLite ----


class _FileClaim(_NoClaim):
    def __init__(self, folder: Path, source: str) -> None:
        try:
            folder.mkdir(parents=True, exist_ok=True)
            self.file = os.open(folder / _file_name(source), os.O_RDWR | os.O_CREAT, 0o644)
        except OSError as error:
            raise ArchiveUnavailable(
                f"claims cannot be written down in {folder} ({error.strerror}); make that directory writable"
            ) from None
        if not _lock_file(self.file):
            os.close(self.file)
            raise _refused(source)

    def close(self) -> None:
        if self.file >= 0:
            os.close(self.file)  # which releases the lock; a file that is removed could be claimed twice
            self.file = -1


def _folder(database: Database) -> Path | None:
    return database.file.with_name(f"{database.file.name}.claims") if database.file else None


def _file_name(source: str) -> str:
    return quote(source, safe="")


def _is_locked(file: Path) -> bool:
    try:
        handle = os.open(file, os.O_RDWR)
    except FileNotFoundError:
        return False
    try:
        return not _lock_file(handle)  # for a moment; `claim` has the patience for it
    finally:
        os.close(handle)


def _lock_file(handle: int) -> bool:
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


# ---- PostgreSQL ----


class _ServerClaim(_NoClaim):
    def __init__(self, database: Database, source: str, lost: Lost) -> None:
        self.lost = lost
        with _translated(database):
            self.connection = _connect(database)
        self._wake, self._given_up = socket.socketpair()
        try:
            with _translated(database):
                self._take(source)
        except BaseException:
            self._release()
            raise
        self.watcher = threading.Thread(target=self._watch, name=f"claim of {source}", daemon=True)
        self.watcher.start()

    def _take(self, source: str) -> None:
        statement = "SELECT pg_try_advisory_lock(%s, %s)"
        if self.connection.execute(statement, (CLAIMS, _number(source))).fetchone() != (True,):
            raise _refused(source)

    def close(self) -> None:
        if self._wake.fileno() >= 0:  # the connection may have closed by itself
            self._given_up.send(b".")
            if self.watcher is not threading.current_thread():
                self.watcher.join(ANSWER + 1)
                _answers(self.connection.pgconn, b"SELECT pg_advisory_unlock_all()", ANSWER)
            self._release()

    def _release(self) -> None:
        """Hang up. The server gives the lock back when it comes to it, which may be after we have gone on."""
        for each in (self.connection, self._wake, self._given_up):
            each.close()

    def _watch(self) -> None:
        """Until the claim is given up: see that the server is there."""
        server = self.connection.pgconn
        with selectors.DefaultSelector() as ears:
            ears.register(server.socket, selectors.EVENT_READ)
            ears.register(self._wake, selectors.EVENT_READ)
            while not any(key.fileobj is self._wake for key, _ in ears.select(PING)):
                if not _answers(server, b"SELECT 1", ANSWER):
                    self.lost()
                    return


def _answers(server: "psycopg.pq.abc.PGconn", question: bytes, seconds: float) -> bool:
    """Whether the server says something sensible to it within so many seconds."""
    import psycopg  # noqa: PLC0415

    until = monotonic() + seconds
    try:
        server.send_query(question)
        with selectors.DefaultSelector() as ears:
            ears.register(server.socket, selectors.EVENT_READ)
            while True:
                server.flush()
                server.consume_input()
                while not server.is_busy():
                    if server.get_result() is None:
                        return server.status == psycopg.pq.ConnStatus.OK
                left = until - monotonic()
                if left <= 0 or not ears.select(left):
                    return False
    except (psycopg.Error, OSError, ValueError):
        return False


def _connect(database: Database) -> "psycopg.Connection[Any]":
    import psycopg  # noqa: PLC0415 - only where the archive is on a server

    where = database.server_arguments("monadi claim", ON_THE_SERVER)
    return psycopg.connect(**where, autocommit=True, tcp_user_timeout=int((PING + ANSWER) * 1000))


@contextmanager
def _translated(database: Database) -> Iterator[None]:
    import psycopg  # noqa: PLC0415

    try:
        yield
    except psycopg.Error as error:
        raise ArchiveUnavailable(f"the archive at {database.name} cannot be used: {reason_of(error)}") from error


def _held_on_server(database: Database) -> set[int]:
    statement = sa.text(
        "SELECT objid::bigint FROM pg_locks JOIN pg_database ON pg_database.oid = pg_locks.database "
        "WHERE datname = current_database() AND locktype = 'advisory' AND objsubid = 2 AND granted AND "
        "classid = :claims"
    )
    with database.reading() as connection:
        numbers = connection.scalars(statement, {"claims": CLAIMS})
        return {number - (1 << 32) if number >= 1 << 31 else number for number in numbers}


def _number(source: str) -> int:
    """A source as a signed number of 32 bits. Two sources of one number only wait for each other."""
    return int.from_bytes(hashlib.sha256(source.encode()).digest()[:4], "big", signed=True)
