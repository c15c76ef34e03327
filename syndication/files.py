"""Files that are written whole or not at all."""

import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import BinaryIO

from syndication.errors import CannotWrite


@contextmanager
def replacing(target: Path) -> Iterator[BinaryIO]:
    """A stream whose bytes become the file `target` when the block ends well, and vanish when it does not.

    Raises `CannotWrite`.
    """
    draft = target.with_name(f".{target.name}.{os.getpid()}.tmp")
    try:
        with draft.open("wb") as stream:
            yield stream
        draft.replace(target)
    except OSError as error:
        raise CannotWrite(f"{target} cannot be written: {reason(error)}") from error
    finally:
        with suppress(OSError):  # a draft that could not be made cannot be removed either
            draft.unlink(missing_ok=True)


def reason(error: OSError) -> str:
    return (error.strerror or str(error)).lower()
