"""Snapshots: what sites answered, byte for byte, in WARC files of the data directory and indexed in the database.

Records are appended and reach the disk before the transaction begins that indexes them, so there is never a row without
its record; what a crash leaves is at most records that nobody refers to, and a cut-off one at the end of a file, which
the next writer removes. A payload that the source has sent before is kept as a revisit of the record that holds it.

One process writes to a file at a time. Files are locked as Linux and macOS do it, where Monadi runs.
"""

import fcntl
import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime
from itertools import groupby
from pathlib import Path
from typing import Self

import sqlalchemy as sa

from archive import warc
from archive.articles import chunks
from archive.errors import ArchiveUnavailable, SnapshotDamaged
from archive.tables import revisions, snapshots
from archive.warc import Exchange, Message, Purpose, Record
from persian.calendars import TEHRAN

ROTATION = 512 * 2**20  # bytes of a file, after which another is begun
PATTERN = "monadi-*.warc.gz"
STREAMED = {"yield_per": 1000}  # rows held at a time
HEAD = 2**16  # bytes that are read to find a request, which has no payload


@dataclass(frozen=True, kw_only=True, slots=True)
class Snapshot:
    """Where a response is kept: `record` is its id ("urn:uuid:…"), `file` its file in the snapshots' directory.

    `start` and `length` are the place of its gzip member in bytes; `digest` is that of the payload.
    """

    record: str
    source: str
    url: str
    fetched_at: datetime
    status: int
    purpose: Purpose
    digest: str
    file: str
    start: int
    length: int

    @property
    def place(self) -> str:
        return f"{self.file} at byte {self.start}"


# ---- the index ----


def index(connection: sa.Connection, kept: Iterable[Snapshot]) -> None:
    """Note in the database where responses are kept that `Snapshots.write` has written."""
    rows = [asdict(snapshot) for snapshot in kept]
    if rows:
        connection.execute(sa.insert(snapshots), rows)


def held(connection: sa.Connection, source: str, urls: Iterable[str]) -> set[tuple[str, datetime]]:
    """The answers of these addresses that are kept, each as its address and instant."""
    found: set[tuple[str, datetime]] = set()
    for some in chunks(urls):
        statement = sa.select(snapshots.c.url, snapshots.c.fetched_at)
        these = statement.where(snapshots.c.source == source, snapshots.c.url.in_(some))
        found.update((url, moment) for url, moment in connection.execute(these))
    return found


def newest(connection: sa.Connection, source: str, url: str) -> str | None:
    """The record of the newest answer of a page's address that is kept."""
    statement = sa.select(snapshots.c.record).where(snapshots.c.source == source, snapshots.c.url == url)
    return connection.scalar(statement.order_by(snapshots.c.fetched_at.desc()).limit(1))


def last_lists(connection: sa.Connection, source: str, urls: Iterable[str]) -> dict[str, datetime]:
    """When the lists at these addresses were last kept."""
    found: dict[str, datetime] = {}
    newest = sa.select(snapshots.c.url, sa.func.max(snapshots.c.fetched_at)).group_by(snapshots.c.url)
    for some in chunks(urls):
        these = snapshots.c.source == source, snapshots.c.url.in_(some), snapshots.c.purpose == "list"
        found.update((url, moment) for url, moment in connection.execute(newest.where(*these)))
    return found


def is_due(kept_at: datetime | None, now: datetime) -> bool:
    """Whether a list is kept again: what it did not name on a day is shown by one copy of it on that day in Tehran."""
    return kept_at is None or kept_at.astimezone(TEHRAN).date() < now.astimezone(TEHRAN).date()


def thinned(lists: Iterable[Exchange], kept: Mapping[str, datetime]) -> list[Exchange]:
    """Those of some lists that are kept, where lists at their addresses were last `kept` at these instants."""
    last, chosen = dict(kept), []
    for each in lists:
        if is_due(last.get(each.url), each.fetched_at):
            last[each.url] = each.fetched_at
            chosen.append(each)
    return chosen


def find(connection: sa.Connection, record: str) -> Snapshot:
    """A snapshot by the id of its record; raises `SnapshotDamaged` where there is none."""
    return found_of(connection, [record])[record]


def found_of(connection: sa.Connection, records: Iterable[str]) -> dict[str, Snapshot]:
    """The snapshots of these records, by the record; asking it for one that is not there raises `SnapshotDamaged`."""
    found = _Found()
    for some in chunks(records):
        for row in connection.execute(sa.select(snapshots).where(snapshots.c.record.in_(some))):
            found[row.record] = Snapshot(**row._asdict())
    return found


class _Found(dict[str, Snapshot]):
    def __missing__(self, record: str) -> Snapshot:
        raise SnapshotDamaged(f"{record}: no such snapshot in the archive")


# ---- the files ----


class Snapshots:
    """The WARC files of a directory; `rotation` is the size in bytes after which another file is begun.

    It is opened for writing by the first `write`, and let go by `close`. Reading needs no lock. `recovered` are lines
    about what writes that were cut off had left, since somebody took them last.
    """

    def __init__(self, directory: Path, *, rotation: int = ROTATION) -> None:
        self.directory = directory
        self.rotation = rotation
        self.recovered: list[str] = []
        self._volume: _Volume | None = None

    def close(self) -> None:
        if self._volume:
            self._volume.close()
            self._volume = None

    def write(self, connection: sa.Connection, source: str, exchanges: Sequence[Exchange]) -> list[Snapshot]:
        """Append what a source answered and see it to the disk; returns what `index` takes, in the same order.

        `connection` is asked what is kept already. Raises `ArchiveUnavailable` for a disk that is full or a directory
        that cannot be written to; nothing of these exchanges is kept then, nor after any other error.
        """
        originals = self._originals(connection, source, {each.digest for each in exchanges if each.body})
        kept = []
        try:
            for exchange in exchanges:
                volume = self._open(connection)
                record, original = warc.new_id(), originals.get(exchange.digest)
                member = warc.response(exchange, record, original)
                start = volume.add(member)
                volume.add(warc.request(exchange, record))
                if exchange.body and original is None:
                    originals[exchange.digest] = warc.as_original(exchange, record)
                kept.append(_snapshot(exchange, source, record, volume.path.name, start, len(member)))
            if self._volume:
                self._volume.flush()
        except OSError as error:
            self.close()
            raise ArchiveUnavailable(
                f"{error.filename or self.directory}: snapshots cannot be written: {error.strerror or error}; "
                "make room or make it writable and run the command again: nothing was half-written"
            ) from error
        except BaseException:
            self.close()  # with what waits of these exchanges, which nothing would refer to
            raise
        return kept

    def read(self, connection: sa.Connection, record: str) -> Exchange:
        """The exchange of a record as it was kept; raises `SnapshotDamaged`."""
        snapshot = find(connection, record)
        answer, request = self.answer(connection, snapshot), self._request(snapshot)
        if request is None:
            return answer
        return replace(answer, request_headers=request.headers, method=request.start.partition(" ")[0])

    def answer(self, connection: sa.Connection, snapshot: Snapshot) -> Exchange:
        """The exchange of a snapshot as it was kept, but for what was asked; raises `SnapshotDamaged`."""
        answer = self._whole(connection, snapshot, self._read(snapshot))
        if warc.digest_of(answer.body) != snapshot.digest:
            raise SnapshotDamaged(f"{snapshot.place}: the payload of {snapshot.url} is not the one that was kept")
        return Exchange(
            url=snapshot.url,
            status=answer.status,
            headers=answer.headers,
            body=answer.body,
            fetched_at=snapshot.fetched_at,
            purpose=snapshot.purpose,
        )

    def files(self) -> list[Path]:
        """The files of the directory, the oldest first."""
        return sorted(self.directory.glob(PATTERN))

    # ---- what is wrong ----

    def verify(self, connection: sa.Connection) -> Iterator[str]:
        """One line for whatever is not as it was kept.

        A file that is missing, whose records stand in one line; a record that cannot be read, or whose payload,
        address or date is not what the database says; a revisit whose payload is kept nowhere; what stands after the
        last record of a file and is none; a revision that refers to no snapshot.
        """
        statement = sa.select(snapshots).order_by(snapshots.c.file, snapshots.c.start)
        found = (Snapshot(**row._asdict()) for row in connection.execute(statement, execution_options=STREAMED))
        for file, rows in groupby(found, key=lambda snapshot: snapshot.file):
            yield from self._verify_file(connection, self.directory / file, list(rows))
        missing = sa.select(revisions.c.snapshot, sa.func.count()).outerjoin(snapshots)
        missing = missing.where(revisions.c.snapshot.is_not(None), snapshots.c.record.is_(None))
        for record, count in connection.execute(missing.group_by(revisions.c.snapshot)):
            yield f"{record}: {count} revisions refer to this snapshot, and there is none"

    def unknown(self, connection: sa.Connection) -> list[Path]:
        """The files of the directory that the database knows nothing of, which is no fault."""
        known = set(connection.scalars(sa.select(snapshots.c.file).distinct()))
        return [file for file in self.files() if file.name not in known]

    def _verify_file(self, connection: sa.Connection, file: Path, rows: Sequence[Snapshot]) -> Iterator[str]:
        if not file.exists():
            yield f"{file}: missing, and {len(rows)} snapshots with it"
            return
        for snapshot in rows:
            try:
                yield from self._differences(connection, snapshot, self._read(snapshot))
            except SnapshotDamaged as error:
                yield str(error)
        try:
            with file.open("rb") as stream:
                fcntl.flock(stream, fcntl.LOCK_SH | fcntl.LOCK_NB)
                end = warc.whole_until(stream, max(row.start + row.length for row in rows))
                if end < (size := file.stat().st_size):
                    yield f"{file}: {size - end} bytes from byte {end} on are no whole record; a harvest removes them"
        except BlockingIOError:
            return  # it is being written to

    def _differences(self, connection: sa.Connection, snapshot: Snapshot, found: Record) -> Iterator[str]:
        if found.url != snapshot.url or found.date != snapshot.fetched_at:
            yield (
                f"{snapshot.place}: holds {found.url} of {found.fields.get('warc-date')}, not {snapshot.url} of "
                f"{warc.write_date(snapshot.fetched_at)}"
            )
        elif warc.digest_of(self._whole(connection, snapshot, found).body) != snapshot.digest:
            yield f"{snapshot.place}: the payload of {snapshot.url} is not the one that was kept"

    # ---- reading ----

    def _read(self, snapshot: Snapshot) -> Record:
        """The record of a snapshot; raises `SnapshotDamaged`."""
        try:
            found = warc.record_in(self._bytes(snapshot.file, snapshot.start, snapshot.length))
        except ValueError as error:
            raise SnapshotDamaged(f"{snapshot.place}: the record of {snapshot.url} is damaged: {error}") from error
        if found.id != snapshot.record:
            raise SnapshotDamaged(f"{snapshot.place}: holds another record than that of {snapshot.url}")
        return found

    def _request(self, snapshot: Snapshot) -> Message | None:
        """The request that stands after the record of its answer."""
        try:
            found = warc.record_in(self._bytes(snapshot.file, snapshot.start + snapshot.length, HEAD))
        except ValueError:
            return None
        answer = warc.bare(found.fields.get("warc-concurrent-to", ""))
        return warc.message(found.block) if answer == snapshot.record else None

    def _bytes(self, file: str, start: int, length: int) -> bytes:
        try:
            with (self.directory / file).open("rb") as stream:
                stream.seek(start)
                return stream.read(length)
        except OSError as error:
            raise SnapshotDamaged(f"{self.directory / file}: cannot be read: {error.strerror or error}") from error

    def _whole(self, connection: sa.Connection, snapshot: Snapshot, found: Record) -> Message:
        """The response of a record, with the payload of the one that it refers to where it is a revisit."""
        answer = warc.message(found.block)
        if found.type != "revisit":
            return answer
        try:
            original = self._read(find(connection, found.refers_to))
        except SnapshotDamaged as error:
            raise SnapshotDamaged(f"{snapshot.place}: a revisit whose payload cannot be had: {error}") from error
        return Message(start=answer.start, headers=answer.headers, body=warc.message(original.block).body)

    def _originals(self, connection: sa.Connection, source: str, digests: set[str]) -> dict[str, Record]:
        """The records of a source that hold these payloads, as far as they can be read."""
        found = {}
        known = sa.select(snapshots.c.digest).distinct().where(snapshots.c.source == source)
        first = sa.select(snapshots).where(snapshots.c.source == source).order_by(snapshots.c.fetched_at).limit(1)
        for some in chunks(digests):
            for digest in connection.scalars(known.where(snapshots.c.digest.in_(some))).all():
                row = connection.execute(first.where(snapshots.c.digest == digest)).one()
                with suppress(SnapshotDamaged):
                    record = self._read(Snapshot(**row._asdict()))
                    if record.type == "revisit":  # of a payload that was fetched later, and kept before
                        record = self._read(find(connection, record.refers_to))
                    if record.type == "response" and record.digest == digest:
                        found[digest] = record
        return found

    # ---- writing ----

    def _open(self, connection: sa.Connection) -> "_Volume":
        """The file that is written to; another one when it is full."""
        if self._volume and self._volume.size >= self.rotation:
            self._volume.flush()
            self.close()
        if self._volume is None:
            self.directory.mkdir(parents=True, exist_ok=True)
            self._volume = self._continued(connection) or self._begun()
            if not self._volume.size:
                self._volume.add(warc.info(self._volume.path.name))
        return self._volume

    def _continued(self, connection: sa.Connection) -> "_Volume | None":
        """The newest file that is not full and that nobody writes to, without what a crash has cut off at its end."""
        for path in reversed(self.files()):
            volume = _Volume.locked(path) if path.stat().st_size < self.rotation else None
            if volume is None:
                continue
            end = sa.select(sa.func.max(snapshots.c.start + snapshots.c.length)).where(snapshots.c.file == path.name)
            indexed = connection.scalar(end) or 0
            if indexed <= volume.size:
                if removed := volume.trim(indexed):
                    said = f"recovered: {removed} bytes of a record that was cut off are removed from {path}"
                    self.recovered.append(said)
                return volume
            volume.close()  # less than there was: what is left of it stays as it is
        return None

    def _begun(self) -> "_Volume":
        stamp = datetime.now(UTC).strftime("%Y%m%d%H%M%S")
        serial = 0
        while True:
            path = self.directory / f"monadi-{stamp}-{serial:05}.warc.gz"
            with suppress(FileExistsError):
                path.open("xb").close()
                volume = _Volume.locked(path)
                if volume:
                    _sync_directory(self.directory)
                    return volume
            serial += 1


class _Volume:
    """A file that we alone write to; what is added is gathered until `flush`."""

    def __init__(self, path: Path, descriptor: int) -> None:
        self.path = path
        self.descriptor = descriptor
        self.written = os.fstat(descriptor).st_size
        self.waiting: list[bytes] = []
        self.size = self.written

    @classmethod
    def locked(cls, path: Path) -> Self | None:
        """The file, or None where another process writes to it."""
        descriptor = os.open(path, os.O_RDWR | os.O_CLOEXEC)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            os.close(descriptor)
            return None
        return cls(path, descriptor)

    def trim(self, indexed: int) -> int:
        """Remove what stands after the last whole record; `indexed` is where the last one ends that is known. Returns
        how many bytes went.
        """
        with self.path.open("rb") as stream:
            end = warc.whole_until(stream, indexed)
        removed = self.size - end
        if removed:
            os.ftruncate(self.descriptor, end)
            os.fsync(self.descriptor)
            self.written = self.size = end
        return removed

    def add(self, member: bytes) -> int:
        """Where a member will stand."""
        start = self.size
        self.waiting.append(member)
        self.size += len(member)
        return start

    def flush(self) -> None:
        """See what was added to the disk, whole or not at all; raises `OSError`."""
        data, start = memoryview(b"".join(self.waiting)), self.written
        self.waiting.clear()
        try:
            while data:
                done = os.pwrite(self.descriptor, data, start)
                data, start = data[done:], start + done
            os.fsync(self.descriptor)
        except OSError as error:
            with suppress(OSError):
                os.ftruncate(self.descriptor, self.written)
            self.size = self.written
            raise OSError(error.errno, error.strerror, str(self.path)) from error
        self.written = start

    def close(self) -> None:
        """Let it go, with what has been added and not yet seen to the disk."""
        with suppress(OSError):
            os.close(self.descriptor)


def _snapshot(exchange: Exchange, source: str, record: str, file: str, start: int, length: int) -> Snapshot:
    return Snapshot(
        record=record,
        source=source,
        url=exchange.url,
        fetched_at=exchange.fetched_at,
        status=exchange.status,
        purpose=exchange.purpose,
        digest=exchange.digest,
        file=file,
        start=start,
        length=length,
    )


def _sync_directory(directory: Path) -> None:
    descriptor = os.open(directory, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
