"""Feeds as files, for any web server or object store."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from archive import Archive
from sources import Catalogue
from syndication.errors import CannotWrite
from syndication.feeds import Place, compose, issue_of, known
from syndication.feeds.documents import Format
from syndication.files import reason, replacing

Progress = Callable[[int, int], None]
"""Called with the feeds done and the feeds there are."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Publication:
    """How many files were written anew, and how many stood there as they should."""

    written: int
    unchanged: int


def publish(
    archive: Archive, catalogue: Catalogue, directory: Path, base_url: str, progress: Progress | None = None
) -> Publication:
    """Write every feed in every format to DIRECTORY/feeds/<path>.<format>; files that would not change are left alone.

    A file is replaced whole, by rename. Raises `CannotWrite`, and `ArchiveError` for an archive that cannot be read.
    """
    every, place = known(catalogue), Place(base_url=base_url)
    written = 0
    for done, feed in enumerate(every, start=1):
        announced = issue_of(archive, feed)
        for format_ in Format:
            target = directory / "feeds" / f"{feed.path}.{format_}"
            written += _write(target, compose(feed, announced, format_, place))
        if progress:
            progress(done, len(every))
    return Publication(written=written, unchanged=len(every) * len(Format) - written)


def _write(target: Path, document: bytes) -> bool:
    """Make the file hold the document; returns whether it had to be written."""
    if _content(target) == document:
        return False
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise CannotWrite(f"{target.parent} cannot be made: {reason(error)}; name another directory") from error
    with replacing(target) as stream:
        stream.write(document)
    return True


def _content(target: Path) -> bytes | None:
    try:
        return target.read_bytes()
    except OSError:  # not there, or not readable: then writing tells why
        return None
