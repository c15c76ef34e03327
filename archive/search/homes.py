"""The directory of the search: the indexes in it, which of them counts, and who may write.

Files are locked as Linux and macOS do it, where Monadi runs.
"""

import fcntl
import re
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

LAYOUT = 2  # of fields and tokens; an index of another layout is made anew

_HOME: Final = re.compile(r"(?P<layout>[0-9]+)-(?P<number>[0-9]+)")


class Homes:
    """The indexes of a directory, each in a directory `<layout>-<number>`: the highest number of our layout counts."""

    def __init__(self, directory: Path) -> None:
        self.directory = directory
        self.building = directory / "building"

    def current(self) -> Path | None:
        numbers = self._numbers()
        return self.directory / f"{LAYOUT}-{max(numbers)}" if numbers else None

    def following(self) -> Path:
        """Where the next index goes."""
        return self.directory / f"{LAYOUT}-{max(self._numbers(), default=0) + 1}"

    def keep_only(self, home: Path) -> None:
        """Remove the other indexes; whoever is searching one has its files open and is not disturbed."""
        for other in self._directories():
            if other != home and (other == self.building or _HOME.fullmatch(other.name)):
                shutil.rmtree(other, ignore_errors=True)

    @contextmanager
    def locked(self, *, wait: bool) -> Iterator[bool]:
        """Whether we alone may write until the block ends; the system ends the lock of a process that dies."""
        self.directory.mkdir(parents=True, exist_ok=True)
        with (self.directory / "lock").open("ab") as file:
            try:
                fcntl.flock(file, fcntl.LOCK_EX | (0 if wait else fcntl.LOCK_NB))
            except BlockingIOError:
                yield False
            else:
                yield True

    def _numbers(self) -> list[int]:
        names = (_HOME.fullmatch(path.name) for path in self._directories())
        return [int(name["number"]) for name in names if name and int(name["layout"]) == LAYOUT]

    def _directories(self) -> list[Path]:
        try:
            return [path for path in self.directory.iterdir() if path.is_dir()]
        except (FileNotFoundError, NotADirectoryError):
            return []
