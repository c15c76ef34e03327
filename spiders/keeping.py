"""Keeping what the archive takes of a batch, whatever it does not take: one item shall not cost the others."""

from collections.abc import Callable, Sequence
from typing import TypeVar

from archive.errors import ArchiveError, reason_of
from spiders.failures import plain

UNKEPT = "unkept"  # the class of what the archive did not take

Item = TypeVar("Item")


def by_halves(
    batch: Sequence[Item], write: Callable[[Sequence[Item]], None], give_up: Callable[[Item, Exception], None]
) -> None:
    """Write a batch, or each half of it; of one item that cannot be written, whatever is left of it.

    An archive that cannot be written to at all is its caller's concern: `ArchiveError` is raised.
    """
    try:
        write(batch)
    except ArchiveError:
        raise
    except Exception as error:  # noqa: BLE001 - a fault that nobody knows yet
        if len(batch) > 1:
            by_halves(batch[: len(batch) // 2], write, give_up)
            by_halves(batch[len(batch) // 2 :], write, give_up)
        else:
            give_up(batch[0], error)


def said(error: Exception) -> str:
    """The class and the words of an error, in one line."""
    return plain(f"{type(error).__name__}: {reason_of(error)}")


def told(unkept: Sequence[str]) -> str:
    """What a run says of what it could not keep."""
    return f"{len(unkept)} of what was read could not be kept, such as {unkept[0]}"
