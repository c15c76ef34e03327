"""The full-text index of an archive, which is asked and never has to be cared for."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import sqlalchemy as sa

from archive import changes
from archive.errors import ArchiveUnavailable
from archive.filters import EVERYTHING, Filters
from archive.search.damage import Damaged
from archive.search.homes import Homes
from archive.search.mark import Mark, astray, changed
from archive.search.matches import Matches

if TYPE_CHECKING:
    from archive.search.engine import Engine
    from archive.search.reader import Reader

COMMIT = 20_000  # articles after which what is indexed is kept, whatever happens later


class SearchIndex:
    """The full-text index in a directory; nothing is opened or made before the first use.

    Readers are many, in any process; one process writes at a time, and whoever finds it writing searches what is there.
    An index that is damaged, of another layout or of another archive is made anew from the archive.
    """

    def __init__(self, directory: Path) -> None:
        self.directory = directory
        self._homes = Homes(directory)
        self._opened: tuple[Path, Engine] | None = None

    def search(self, connection: sa.Connection, text: str, filters: Filters = EVERYTHING) -> Matches:
        """`catch_up`, then `find`; an index whose damage shows only now is made anew and asked again."""
        self.catch_up(connection)
        return Matches(lambda: self._reader(renewed=True), text, filters, mend=lambda: self.rebuild(connection))

    def find(self, text: str, filters: Filters = EVERYTHING) -> Matches:
        """What matches in what is indexed so far; `Matches` raise `ArchiveUnavailable` for a damaged index.

        Text without a searchable word matches nothing.
        """
        return Matches(lambda: self._reader(renewed=False), text, filters)

    def catch_up(self, connection: sa.Connection) -> int:
        """Index what changed in the archive since the last time; returns the change that the index has reached.

        While another process (or thread) is indexing, nothing is done and what is there stands. Raises
        `ArchiveUnavailable` where the index cannot be written.
        """
        mark = self._mark(connection)
        if mark and changes.newest(connection) <= mark.seq:
            return mark.seq
        with self._writing(wait=False) as mine:
            if not mine:
                return mark.seq if mark else 0
            mark = self._mark(connection)
            if mark is None:
                return self._begin_anew(connection)
            try:
                return self._fill(connection, self._homes.current() or self._homes.following(), mark)
            except Damaged:
                return self._build_beside(connection)

    def rebuild(self, connection: sa.Connection) -> int:
        """Index the whole archive anew; returns the change reached.

        The old index is searched until the new one stands. Waits for a process that is indexing.
        """
        with self._writing(wait=True):
            return self._build_beside(connection)

    def verify(self, connection: sa.Connection) -> Iterator[str]:
        """One line for whatever the index does not hold as the archive says it, as far along the log as it has come.

        One that is not there yet, and what changed since it caught up last, is no fault: a search sees to both.
        """
        home = self._homes.current()
        if home is None:
            return
        try:
            engine = self._engine(home)
            mark, reader = engine.mark(), engine.reader()
            if not mark.stands_in(connection):
                yield f"{home}: of another archive, or of a log that was altered; run `monadi archive reindex`"
                return
            yield from astray(connection, mark.seq, reader.held)
        except Damaged as error:
            yield f"{home}: damaged ({error}); run `monadi archive reindex`"

    # -- asking --

    def _reader(self, *, renewed: bool) -> "Reader | None":
        """The index as it is now, or as it was `renewed` just before; None while there is none."""
        home = self._homes.current()
        return self._engine(home, renewed=renewed).reader() if home else None

    def _mark(self, connection: sa.Connection) -> Mark | None:
        """How far the index has come with this archive; None if it has to be made anew."""
        home = self._homes.current()
        if home is None:
            return Mark() if changes.newest(connection) == 0 else None
        try:
            mark = self._engine(home).mark()
        except Damaged:
            return None
        return mark if mark.stands_in(connection) else None

    def _engine(self, home: Path, *, renewed: bool = False) -> "Engine":
        """The index in a directory as it is now."""
        opened = self._opened
        if opened and opened[0] == home:
            if not renewed:
                opened[1].renew()
        else:
            self._opened = opened = home, _open(home)
        return opened[1]

    # -- writing --

    def _begin_anew(self, connection: sa.Connection) -> int:
        """Fill an empty index in place: what is indexed so far can be searched and survives an interruption."""
        home = self._homes.following()
        home.mkdir()
        self._homes.keep_only(home)
        return self._fill_anew(connection, home)

    def _build_beside(self, connection: sa.Connection) -> int:
        """Fill an index aside, then put it in the place of the one that is searched."""
        building = self._homes.building
        shutil.rmtree(building, ignore_errors=True)
        try:
            reached = self._fill_anew(connection, building)
            home = building.rename(self._homes.following())
        finally:
            shutil.rmtree(building, ignore_errors=True)
        self._homes.keep_only(home)
        return reached

    def _fill_anew(self, connection: sa.Connection, home: Path) -> int:
        try:
            return self._fill(connection, home, Mark())
        except Damaged as error:
            raise self._unwritable(error) from error

    def _fill(self, connection: sa.Connection, home: Path, mark: Mark) -> int:
        """Index all that changed after the mark, and move the mark with every commit."""
        newest, pending = changes.newest(connection), 0
        self._opened = None
        with _open(home).writing() as writer:
            for batch in changed(connection, mark.seq, newest):
                writer.put(batch, replacing=mark.seq > 0)
                pending += len(batch)
                if pending >= COMMIT:
                    writer.commit(Mark.at(connection, batch[-1].change))
                    pending = 0
            writer.commit(Mark.at(connection, newest))
        return newest

    @contextmanager
    def _writing(self, *, wait: bool) -> Iterator[bool]:
        try:
            with self._homes.locked(wait=wait) as mine:
                yield mine
        except OSError as error:
            raise self._unwritable(error.strerror or error) from error

    def _unwritable(self, reason: object) -> ArchiveUnavailable:
        return ArchiveUnavailable(
            f"the search index at {self.directory} cannot be written ({reason}); "
            "make room or make the directory writable, or name another one in MONADI_DATA"
        )


def _open(home: Path) -> "Engine":
    from archive.search.engine import Engine  # noqa: PLC0415 - tantivy is loaded by the first search, not before

    return Engine(home)
