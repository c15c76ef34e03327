"""Feeds as files, for any web server or object store: what `monadi serve` answers, byte for byte.

What follows from the archive is told apart by states (`Document.state`), so that most of it is never made again: closed
months never, what is open when the change log tells of its articles, and current documents when it tells of their
feed's. Documents are made month by month, so that an entry is rendered once for all feeds that it stands in, and in one
state of the archive.
"""

import hashlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import sqlalchemy as sa

from archive import Archive, changes, closings, counts, tables
from archive.closings import ANNOUNCED
from archive.version import MONADI_VERSION
from sources import Catalogue
from syndication import directory
from syndication.feeds import Feed, Place, compose, edits, find, known
from syndication.feeds.documents import ASSETS, Format
from syndication.feeds.feed import CHANGES
from syndication.feeds.issue import Slice
from syndication.feeds.touched import Touched
from syndication.feeds.writing import archived_issue, current_issue, slices_of
from syndication.omissions import OMISSIONS
from syndication.site import Head, Site, locked

TAGGED: Final = 20
"""Releases of a tag that is published, unless another number is asked for."""

LONGEST: Final = 200  # bytes of a file's name, to which suffixes are still to come; file systems take 255

FEEDS: Final = "feeds"
ALONE: Final = frozenset({"all", CHANGES})  # paths of feeds that have no key

LOOKED: Final = 12_000  # documents of whose files a publication makes sure that they are as they were written
LEFT_OUT: Final = "left out"
"""The state of a document that could not tell all of its releases: it is tried again by every publication."""

Progress = Callable[[int, int], None]
"""Called with the documents done and those there are to do, each in all formats."""

Offices = Sequence[tuple[str, str, str, str]]
"""(id, agency, province, name) of every source that the archive knows."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Publication:
    """How many files were written anew, stood there as they should, and were removed as belonging no longer.

    A file counts with its compressed forms as one. `left_out` are feeds whose path cannot be that of a file.
    """

    written: int
    unchanged: int
    removed: int = 0
    left_out: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class Document:
    """A document of a feed that may have to be written: an archived one, or the current one (`this` is None).

    `slices` are all of the feed; `state` is another one whenever the bytes may be others, "" where that is not known.
    """

    feed: Feed
    slices: Sequence[Slice]
    this: Slice | None = None
    state: str = ""

    @property
    def paths(self) -> dict[Format, str]:
        path = f"{self.feed.path}/{self.this.part.path}" if self.this else self.feed.path
        return {format_: f"{FEEDS}/{path}.{format_}" for format_ in Format}

    @property
    def order(self) -> tuple[bool, bool, int, str]:
        """Closed months first, each over all feeds; then what is open, the changes, and the current documents."""
        section = self.this.section if self.this else None
        if section is None:
            return True, self.this is None, 0, ""
        return section.closing is None, False, section.closing or 0, section.month


def publish(
    archive: Archive,
    catalogue: Catalogue,
    target: Path,
    base_url: str,
    progress: Progress | None = None,
    *,
    hub: str | None = None,
    tags: int = TAGGED,
    anew: bool = False,
) -> Publication:
    """Write every feed with its archived documents to TARGET/feeds/<path>.<format>, and what they name beside it.

    The months that are over are closed by it. `tags` is how many releases a tag must have for its feed to be written,
    0 for none; `anew` renders everything, whatever the manifest says. Files that would not change are left alone.
    Raises `CannotWrite`, and `ArchiveError` for an archive that cannot be read.
    """
    with locked(target):
        archive.close_months(settled=True)
        with archive.reading() as connection, Site(target) as site:
            publisher = _Publisher(archive, connection, catalogue, Place(base_url=base_url.rstrip("/"), hub=hub), site)
            return publisher.publish(tags, progress or (lambda *_: None), anew=anew)


class _Publisher:
    def __init__(
        self, archive: Archive, connection: sa.Connection, catalogue: Catalogue, place: Place, site: Site
    ) -> None:
        self.archive = archive
        self.connection = connection
        self.catalogue = catalogue
        self.place = place
        self.site = site

    def publish(self, tags: int, progress: Progress, *, anew: bool) -> Publication:
        feeds, left_out = self._feeds(tags)
        offices = _offices(self.connection)
        head = self._head(feeds, offices)
        touched = None if anew else self._touched(head)
        held = self._held_by_feed()
        documents: list[Document] = []
        turns, head["looked"] = _in_turn([len(held.get(feed.path, ())) for feed in feeds], self.site.head)
        looked = {feeds[number].path for number in turns}
        for feed in feeds:
            paths = held.get(feed.path, ())
            stands = touched and paths and not touched.concerns(feed) and not self._turned(feed, head)
            if stands and self._stand(paths, look=feed.path in looked):
                self.site.keep(paths)
            else:
                documents += self._documents(feed, offices)
        trusted = not anew and self._trusts(head)
        due = [each for each in documents if not (trusted and self._kept(each, look=each.feed.path in looked))]
        due.sort(key=lambda each: each.order)
        for done, document in enumerate(due, start=1):
            self._write(document)
            progress(done, len(due))
        for path, body in beside(self.catalogue, self.place.base_url):
            self.site.write(path, body)
        removed = self.site.finish(head)
        unchanged = len(self.site.files) - self.site.written
        return Publication(written=self.site.written, unchanged=unchanged, removed=removed, left_out=left_out)

    def _feeds(self, tags: int) -> tuple[list[Feed], tuple[str, ...]]:
        """The feeds to be published, and the paths of those that files cannot have."""
        keys = counts.tagged(self.connection, tags, ANNOUNCED) if tags else []
        named = [key for key in keys if _names_a_file(key)]
        left_out = tuple(f"tag/{key}" for key in keys if not _names_a_file(key))
        return [*known(self.catalogue), *(find(f"tag/{key}", self.catalogue) for key in named)], left_out

    def _head(self, feeds: Sequence[Feed], offices: Offices) -> dict[str, Any]:
        """What the manifest says beside its files."""
        seq, closing = changes.newest(self.connection), closings.newest(self.connection)
        said = [(feed.path, feed.title, feed.description) for feed in feeds if not feed.query.tags]
        return {
            "monadi": MONADI_VERSION,
            "base_url": self.place.base_url,
            "hub": self.place.hub,
            "catalogue": _digest(said, offices),
            "change": seq,
            "log": _row_of_log(self.connection, seq),
            "closing": closing.number if closing else 0,
        }

    def _trusts(self, head: Head) -> bool:
        """Whether the files of the manifest show what they would if they were made now from the same states."""
        before = self.site.head
        alike = all(before.get(name) == head[name] for name in ("monadi", "base_url", "hub"))
        return alike and before.get("log") == _row_of_log(self.connection, before.get("change", 0))

    def _touched(self, head: Head) -> Touched | None:
        """What happened since the manifest was written; None where that does not say what is to be looked at."""
        before = self.site.head
        if not self._trusts(head) or any(before.get(name) != head[name] for name in ("catalogue", "closing")):
            return None
        return Touched.since(self.connection, before["change"])

    def _held_by_feed(self) -> dict[str, list[str]]:
        """The files of the manifest by the path of their feed."""
        found: dict[str, list[str]] = {}
        below, paths = "\0", list[str]()
        for path in self.site.held:
            if not path.startswith(below):  # as most do, for they stand in the order of their paths
                if not path.startswith(f"{FEEDS}/"):
                    continue
                feed = _feed_of(path)
                below, paths = f"{FEEDS}/{feed}/", found.setdefault(feed, [])
            paths.append(path)
        return found

    def _documents(self, feed: Feed, offices: Offices) -> Iterator[Document]:
        slices = slices_of(self.connection, feed)
        head = _digest(feed.title, feed.description, _names(feed, offices))
        for this in slices:
            state = _digest(head, this.part, this.section or this.change, this.previous, this.following)
            yield Document(feed=feed, slices=slices, this=this, state=state)
        yield Document(feed=feed, slices=slices)

    def _turned(self, feed: Feed, head: Head) -> bool:
        """Whether what a feed names as its previous document may have another address by now."""
        return feed.path == CHANGES and edits.turned(self.site.head["change"], head["change"])

    def _stand(self, paths: Sequence[str], *, look: bool) -> bool:
        """Whether files have all that they had to tell and, where it is their turn, are as they were written."""
        complete = not any(self.site.held[path]["state"] == LEFT_OUT for path in paths)
        return complete and (not look or self.site.intact(paths))

    def _kept(self, document: Document, *, look: bool) -> bool:
        """Whether the files show the state of a document already and, where it is their turn, are as they were
        written; then they are kept.
        """
        paths, held = document.paths.values(), self.site.held
        if not document.state or not all(path in held and held[path]["state"] == document.state for path in paths):
            return False
        if look and not self.site.intact(paths):
            return False
        self.site.keep(paths)
        return True

    def _write(self, document: Document) -> None:
        feed, this = document.feed, document.this
        if this is None:
            found = current_issue(self.connection, feed, self.archive.index, document.slices)
        else:
            found = archived_issue(self.connection, feed, this)
        for format_, path in document.paths.items():
            body = compose(feed, found, format_, self.place)
            left_out = any(OMISSIONS.names(each.name, format_) for each in found.entries)
            self.site.write(path, body, LEFT_OUT if left_out else document.state)


def _in_turn(files: Sequence[int], head: Head) -> tuple[frozenset[int], int]:
    """Which feeds' files are looked at, by the number of files of each, and where the next publication begins.

    To look at a hundred thousand files takes most of the time of a publication that has little to tell, so at least
    `LOOKED` of them are, from where the last publication ended.
    """
    begin, looked, total = head.get("looked", 0), set[int](), 0
    for step in range(len(files)):
        number = (begin + step) % len(files) if isinstance(begin, int) else step
        if total >= LOOKED:
            return frozenset(looked), number
        looked.add(number)
        total += files[number]
    return frozenset(looked), 0


def _feed_of(path: str) -> str:
    """The path of the feed that a document is of, from its file's: "feeds/province/yazd/1400/08-2.rss"."""
    names = path.rpartition(".")[0].split("/")[1:]
    return names[0] if names[0] in ALONE else "/".join(names[:2])


def beside(catalogue: Catalogue, base_url: str) -> Iterator[tuple[str, bytes]]:
    """What is published beside the feeds, by path: what their documents name, and what leads to them."""
    for asset in sorted(ASSETS.iterdir()):
        yield f"{ASSETS.name}/{asset.name}", asset.read_bytes()
    yield from directory.documents(catalogue, base_url).items()


def _offices(connection: sa.Connection) -> Offices:
    columns = (tables.sources.c[name] for name in ("id", "agency", "province", "name_fa"))
    rows = connection.execute(sa.select(*columns).order_by(tables.sources.c.id))
    return [(id_, agency, province, name) for id_, agency, province, name in rows]


def _names(feed: Feed, offices: Offices) -> list[tuple[str, str]]:
    """The offices whose releases a feed may tell, by id, with the names that stand for an author."""
    query = feed.query
    return [
        (id_, name)
        for id_, agency, province, name in offices
        if (not query.sources or id_ in query.sources)
        and (not query.agencies or agency in query.agencies)
        and (not query.provinces or province in query.provinces)
    ]


def _row_of_log(connection: sa.Connection, seq: int) -> str:
    """A digest of a row of the change log, by which one archive is told from another; "" where there is none."""
    columns = (tables.changes.c[name] for name in ("at", "kind", "article", "revision", "content_hash"))
    row = connection.execute(sa.select(*columns).where(tables.changes.c.seq == seq)).one_or_none()
    return _digest(*row) if row else ""


DEVICES: Final = frozenset(
    {"con", "prn", "aux", "nul", *(f"{name}{number}" for name in ("com", "lpt") for number in range(10))}
)
"""What Windows takes for no file, whatever its suffix."""


def _names_a_file(key: str) -> bool:
    """Whether a tag can be the name of a file, on any system that this may be copied to."""
    return (
        key not in DEVICES
        and len(key.encode()) <= LONGEST
        and not key.startswith(".")
        and not set(key) & {"/", "\\", "\0"}
    )


def _digest(*values: Any) -> str:
    return hashlib.sha256(repr(values).encode()).hexdigest()[:16]
