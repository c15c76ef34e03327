"""A directory of files for a web server, and the manifest of what was written there.

A file stands beside its compressed forms (`.gz`, `.br`) and is replaced whole, by rename; the manifest comes last. So
whatever happens in between, the files are whole and the manifest tells of no file that was not there. What the manifest
does not name is nobody's but the operator's.
"""

import fcntl
import hashlib
import logging
import os
from collections import deque
from collections.abc import Iterable, Iterator, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager, suppress
from pathlib import Path, PurePosixPath
from types import TracebackType
from typing import Any, Final, NotRequired, Self, TypedDict

import orjson

from archive.drafts import sweep
from syndication.compression import CODINGS, SMALLEST, SUFFIXES
from syndication.errors import CannotWrite
from syndication.files import reason, replacing

MANIFEST: Final = "manifest.json"
logger = logging.getLogger(__name__)

UNFINISHED: Final = ".publishing"  # is there as long as a run writes, and where one was killed
LAYOUT: Final = 1
"""Of the manifest; one of another layout is no use."""

THREADS: Final = 2  # that compress and write while the next documents are made; both let go of the interpreter
WAITING: Final = 8  # documents in memory that are not written yet

Head = Mapping[str, Any]


class Kept(TypedDict):
    """A file of the manifest: its size in `bytes`, and those of its compressed forms where it has them.

    `state` is a word of the publisher's: a file that shows the same state need not be made again.
    """

    sha256: str
    bytes: int
    br: NotRequired[int]
    gz: NotRequired[int]
    state: str


class Site:
    """The files of a directory. `held` are those of its manifest, by path; `head` is what else that says.

    Every file that is to be there is stated, by `keep` or `write`; at the end `finish` removes the others that the
    manifest names. Used as a context, so that no file is half-written when something goes wrong. One publisher at a
    time: another waits in `locked`.
    """

    def __init__(self, directory: Path) -> None:
        self.directory = directory
        self.head, self.held = _read(directory / MANIFEST)
        self.files: dict[str, Kept] = {}
        self.written = 0
        self._pool = ThreadPoolExecutor(THREADS)
        self._waiting: deque[tuple[str, Future[tuple[Kept, bool]]]] = deque()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._pool.shutdown(cancel_futures=True)

    def intact(self, paths: Iterable[str]) -> bool:
        """Whether files of the manifest are all there as they were written, as far as sizes tell."""
        root, stat, held = f"{self.directory}/", os.stat, self.held
        try:  # the quick way, for there are a hundred thousand of them
            for path in paths:
                kept, place = held[path], root + path
                if (
                    stat(place).st_size != kept["bytes"]
                    or ("br" in kept and stat(place + ".br").st_size != kept["br"])
                    or ("gz" in kept and stat(place + ".gz").st_size != kept["gz"])
                ):
                    return False
        except OSError:
            return False
        return True

    def keep(self, paths: Iterable[str]) -> None:
        """Leave files of the manifest as they are."""
        self.files.update((path, self.held[path]) for path in paths)

    def write(self, path: str, body: bytes, state: str = "") -> None:
        """Have a file hold these bytes, untouched where it does. Raises `CannotWrite`, for an earlier file too."""
        self._waiting.append((path, self._pool.submit(self._write, path, body, state)))
        while len(self._waiting) > WAITING:
            self._note()

    def finish(self, head: Head) -> int:
        """Remove what no longer belongs, and write the manifest; returns how many files went. Raises `CannotWrite`."""
        while self._waiting:
            self._note()
        gone = self.held.keys() - self.files.keys()
        for path in sorted(gone):
            self._remove(path)
        told = {**head, "layout": LAYOUT, "files": {path: self.files[path] for path in sorted(self.files)}}
        _put(self.directory / MANIFEST, orjson.dumps(told))
        return len(gone)

    def _note(self) -> None:
        path, done = self._waiting.popleft()
        self.files[path], changed = done.result()
        self.written += changed

    def _write(self, path: str, body: bytes, state: str) -> tuple[Kept, bool]:
        """What the manifest is to say of a file, and whether it had to be written."""
        digest, held = hashlib.sha256(body).hexdigest(), self.held.get(path)
        if held and held["sha256"] == digest and self.intact([path]):
            return Kept({**held, "state": state}), False
        target, changed = self.directory / path, False
        try:
            target.parent.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise CannotWrite(f"{target.parent} cannot be made: {reason(error)}; name another directory") from error
        kept = Kept(sha256=digest, bytes=len(body), state=state)
        if len(body) >= SMALLEST:
            coded = {name: code(body) for name, code in CODINGS.items()}
            kept["br"], kept["gz"] = len(coded["br"]), len(coded["gzip"])
            for name, content in coded.items():
                changed |= _put(_beside(target, SUFFIXES[name]), content)
        elif held:
            _unlink(*(_beside(target, suffix) for suffix in SUFFIXES.values() if suffix in _sizes(held)))
        changed |= _put(target, body)  # last: where it is new, so are the others
        return kept, changed

    def _remove(self, path: str) -> None:
        """Raises `CannotWrite`."""
        if PurePosixPath(path).is_absolute() or ".." in PurePosixPath(path).parts:
            return  # nothing that we wrote
        target = self.directory / path
        _unlink(*(_beside(target, suffix) for suffix in _sizes(self.held[path])))
        for directory in list(target.relative_to(self.directory).parents)[:-1]:
            with suppress(OSError):  # others are in it
                (self.directory / directory).rmdir()


@contextmanager
def locked(directory: Path) -> Iterator[None]:
    """Wait until nobody else writes a site there, and let nobody until the block ends. Raises `CannotWrite`."""
    try:
        directory.mkdir(parents=True, exist_ok=True)
        descriptor = os.open(directory, os.O_RDONLY)
    except OSError as error:
        raise CannotWrite(f"{directory} cannot be made: {reason(error)}; name another directory") from error
    try:
        with suppress(OSError):  # a file system without locks; every file is whole for all that
            fcntl.flock(descriptor, fcntl.LOCK_EX)
        _recover(directory)
        try:
            yield
        finally:
            with suppress(OSError):
                (directory / UNFINISHED).unlink(missing_ok=True)
    finally:
        os.close(descriptor)


def _recover(directory: Path) -> None:
    """Clear away what a run has left that was cut off, and mark that one is under way."""
    marker = directory / UNFINISHED
    if marker.exists():
        left = sweep(directory)
        logger.warning("recovered: the last run in %s was cut off; %d unfinished files are removed", directory, left)
    with suppress(OSError):  # what is written next tells why
        marker.touch()


def _sizes(kept: Kept) -> dict[str, int]:
    """The sizes of a file and its compressed forms, by suffix."""
    stated = {"": kept["bytes"], ".br": kept.get("br"), ".gz": kept.get("gz")}
    return {suffix: size for suffix, size in stated.items() if size is not None}


def _beside(target: Path, suffix: str) -> Path:
    return target.with_name(target.name + suffix)


def _unlink(*targets: Path) -> None:
    """Raises `CannotWrite`."""
    for target in targets:
        try:
            target.unlink(missing_ok=True)
        except OSError as error:
            raise CannotWrite(f"{target} cannot be removed: {reason(error)}") from error


def _read(manifest: Path) -> tuple[Head, dict[str, Kept]]:
    """What a manifest says beside its files, and these; nothing where there is none, or one that cannot be read."""
    try:
        told = orjson.loads(manifest.read_bytes())
        files = dict(told.pop("files"))
    except (OSError, ValueError, KeyError, AttributeError, TypeError):
        return {}, {}
    return (told, files) if told.get("layout") == LAYOUT else ({}, {})


def _put(target: Path, content: bytes) -> bool:
    """Make a file hold these bytes; returns whether it had to be written."""
    try:
        if target.stat().st_size == len(content) and target.read_bytes() == content:
            return False
    except OSError:  # not there, or not readable: then writing tells why
        pass
    with replacing(target) as stream:
        stream.write(content)
    return True
