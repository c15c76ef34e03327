"""What is written aside and takes its place when it is whole, and what is left of it where a process was killed.

A draft of `a.db` is `.a.db.<process>.tmp`, what it takes the place of meanwhile `.a.db.<process>.old`. Whoever writes
the same target next clears away what processes left that are no more, and says so in one line of the log.
"""

import logging
import os
import re
import shutil
from collections.abc import Iterable, Iterator
from contextlib import suppress
from pathlib import Path

logger = logging.getLogger(__name__)

DRAFT = re.compile(r"\.(?P<name>.+)\.(?P<process>[0-9]+)\.(?P<kind>tmp|old)(?:-wal|-shm|-journal)?")


def draft_of(target: Path) -> Path:
    return target.with_name(f".{target.name}.{os.getpid()}.tmp")


def old_of(target: Path) -> Path:
    return target.with_name(f".{target.name}.{os.getpid()}.old")


def is_special(target: Path) -> bool:
    """Whether a device, a pipe or an open file of a process stands there, whose place nothing may take."""
    if target.is_symlink() and target.readlink().is_relative_to("/proc"):  # as /dev/stdout is
        return True
    return target.exists() and not target.is_file() and not target.is_dir()


def recover(target: Path) -> None:
    """Clear away what killed processes left of a target, and put back what one had moved out of its own way."""
    for left, kind in _left(target.parent.glob(f".{_literal(target.name)}.*"), target.name):
        if kind == "old" and not target.exists():
            with suppress(OSError):
                left.replace(target)
                logger.warning("recovered: %s is put back, which a write that was cut off had moved away", target)
        else:
            _remove(left)
            logger.warning("recovered: %s is removed, which a write that was cut off had left", left)


def sweep(directory: Path) -> int:
    """Clear away all drafts that killed processes left anywhere in a directory; returns how many there were."""
    found = [left for left, kind in _left(directory.rglob(".*.tmp")) if kind == "tmp"]
    for left in found:
        _remove(left)
    return len(found)


def _left(paths: Iterable[Path], name: str | None = None) -> Iterator[tuple[Path, str]]:
    for path in sorted(paths):
        found = DRAFT.fullmatch(path.name)
        if found and name in (None, found["name"]) and not _runs(int(found["process"])):
            yield path, found["kind"]


def _runs(process: int) -> bool:
    try:
        os.kill(process, 0)
    except (ProcessLookupError, OverflowError):
        return False
    except PermissionError:  # another user's
        return True
    return True


def _remove(path: Path) -> None:
    if path.is_dir():
        shutil.rmtree(path, ignore_errors=True)
    else:
        with suppress(OSError):
            path.unlink()


def _literal(name: str) -> str:
    """A name as a pattern that matches it alone."""
    return re.sub(r"([*?\[])", r"[\1]", name)
