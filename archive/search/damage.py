"""Where the engine's errors enter: each becomes `Damaged`, after which an index is made anew."""

from collections.abc import Iterator
from contextlib import contextmanager


class Damaged(Exception):
    """The engine cannot work with its files. `SearchIndex` mends it or reports `ArchiveUnavailable`."""


@contextmanager
def damage_noticed() -> Iterator[None]:
    """The engine's errors, its panics among them, become `Damaged`; serves as a decorator too."""
    try:
        yield
    except (ValueError, OSError, RuntimeError, LookupError) as error:
        raise Damaged(_line(error)) from error
    except BaseException as error:
        if type(error).__name__ != "PanicException":  # pyo3 derives it from BaseException and exports it nowhere
            raise
        raise Damaged(_line(error)) from error


def _line(error: BaseException) -> str:
    return " ".join(str(error).split())
