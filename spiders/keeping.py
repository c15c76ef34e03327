"""Keeping what the archive takes of a batch, whatever it does not take: one item shall not cost the others."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import TypeVar

import sqlalchemy as sa

from archive import Archive, Article
from archive.errors import ArchiveError, reason_of
from archive.snapshots import Snapshot
from archive.warc import Exchange
from spiders.failures import plain
from spiders.sightings import Reading

UNKEPT = "unkept"  # the class of what the archive did not take
ANSWERS = "answers-unkept"  # the count of answers that could not be written; what was read of them is kept

Item = TypeVar("Item")
Answers = Mapping[int, Snapshot]
"""Where answers are kept, by the identities of what was captured."""


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


def answers(
    archive: Archive,
    connection: sa.Connection,
    source: str,
    exchanges: Mapping[int, Exchange],
    give_up: Callable[[str, Exception], None],
) -> Answers:
    """Write what a source answered; where it is kept, by the same keys, without what cannot be written.

    `give_up` is told what each of those is called. Raises `ArchiveError` as `by_halves` does.
    """
    kept: dict[int, Snapshot] = {}

    def write(some: Sequence[tuple[int, Exchange]]) -> None:
        written = archive.snapshots.write(connection, source, [exchange for _, exchange in some])
        kept.update(zip((key for key, _ in some), written, strict=True))

    if exchanges:
        by_halves(list(exchanges.items()), write, lambda one, error: give_up(f"the answer of {one[1].url}", error))
    return kept


def with_record(item: Reading, answers: Answers) -> Article:
    """The article of a reading, which refers to the answer that it was read from where that is kept."""
    answer = answers.get(id(item.capture))
    return replace(item.article, snapshot=answer.record if answer else None)


def said(error: Exception) -> str:
    """The class and the words of an error, in one line."""
    return plain(f"{type(error).__name__}: {reason_of(error)}")


def told(unkept: Sequence[str]) -> str:
    """What a run says of what it could not keep."""
    return f"{len(unkept)} of what was read could not be kept, such as {unkept[0]}"
