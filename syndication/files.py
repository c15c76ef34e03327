"""Files and directories that are written whole or not at all."""

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import BinaryIO

from archive.drafts import draft_of, old_of, recover
from syndication.errors import CannotWrite

BUFFER = 1 << 18  # bytes that wait to be written at once


@contextmanager
def replacing(target: Path) -> Iterator[BinaryIO]:
    """A stream whose bytes become the file `target` when the block ends well, and vanish when it does not.

    Raises `CannotWrite`.
    """
    draft = draft_of(target)
    try:
        with draft.open("wb", BUFFER) as stream:
            yield stream
        draft.replace(target)
    except OSError as error:
        raise CannotWrite(f"{target} cannot be written: {reason(error)}") from error
    finally:
        with suppress(OSError):  # a draft that could not be made cannot be removed either
            draft.unlink(missing_ok=True)


@contextmanager
def replacing_directory(target: Path) -> Iterator[Path]:
    """An empty directory that becomes `target` when the block ends well, and vanishes when it does not.

    What was there goes with all that it held, once the new one is whole. Raises `CannotWrite`.
    """
    recover(target)
    draft, old = draft_of(target), old_of(target)
    try:
        draft.mkdir()
        yield draft
        if target.exists():
            target.replace(old)
        draft.replace(target)
    except OSError as error:
        raise CannotWrite(f"{target} cannot be written: {reason(error)}") from error
    finally:
        if old.exists() and not target.exists():
            old.replace(target)
        for left in (draft, old):
            shutil.rmtree(left, ignore_errors=True)


def settle(stream: BinaryIO) -> None:
    """Have what was written stand on the disk, so that no crash leaves a name without its bytes."""
    stream.flush()
    os.fsync(stream.fileno())


def reason(error: OSError) -> str:
    return (error.strerror or str(error)).lower()
