"""Documents of feeds as bytes: the same bytes until the archive says something new."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final

import sqlalchemy as sa

from archive import Archive
from archive.search import SearchIndex
from persian.calendars import MONTHS
from persian.text import persian_digits
from syndication.errors import NoSuchFeed, UnknownFormat
from syndication.feeds import atom, edits, issue, jsonfeed, rss
from syndication.feeds.documents import ICON, STYLESHEET, Document, Extent, Format, Link
from syndication.feeds.feed import CHANGES, Feed, Part
from syndication.feeds.issue import Issue, Item, Slice
from syndication.omissions import OMISSIONS

EMPTY_SINCE: Final = datetime(2026, 11, 22, tzinfo=UTC)
"""A feed without entries must bear a date: that of the first feeds."""

WRITERS: Final[dict[Format, Callable[[Document, Iterable[bytes]], bytes]]] = {
    Format.RSS: rss.document,
    Format.ATOM: atom.document,
    Format.JSON: jsonfeed.document,
}


@dataclass(frozen=True, kw_only=True, slots=True)
class Place:
    """Where subscribers reach this Monadi, and the WebSub hub that it tells, if any."""

    base_url: str
    hub: str | None = None


Slicing = Callable[[sa.Connection, Feed], Sequence[Slice]]
"""What says where a feed's archived documents are, in the order of their replay: `slices_of`, or one that remembers."""


def slices_of(connection: sa.Connection, feed: Feed) -> Sequence[Slice]:
    """The places of all archived documents of a feed, in the order of their replay."""
    return edits.slices_of(connection, feed) if feed.path == CHANGES else issue.slices_of(connection, feed)


def render(archive: Archive, feed: Feed, format_: str, base_url: str, part: Part | None = None) -> bytes:
    """A feed's current document as subscribers get it, or an archived one.

    `base_url` is where they reach this Monadi. Raises `UnknownFormat`, `NoSuchFeed` for a part that is not there, and
    `ArchiveError` for an archive or a query that cannot be read.
    """
    format_ = feed_format(format_)
    return compose(feed, issue_of(archive, feed, part), format_, Place(base_url=base_url))


def issue_of(
    archive: Archive,
    feed: Feed,
    part: Part | None = None,
    *,
    seconds: float | None = None,
    slicing: Slicing = slices_of,
) -> Issue:
    """What a feed's current document holds, or an archived one. Raises `NoSuchFeed` for a part that is not there, and
    `TookTooLong` where the archive may be asked for so many `seconds` alone and that is not enough.
    """
    asking = archive.bounded(seconds, feed.query) if seconds is not None else archive.reading()
    with asking as connection:
        if part is None:
            return current_issue(connection, feed, archive.index)
        this = next((each for each in slicing(connection, feed) if each.part == part), None)
        if this is None:
            raise NoSuchFeed(_missing(feed, part))
        return archived_issue(connection, feed, this)


def parts_of(archive: Archive, feed: Feed) -> list[tuple[Part, bool]]:
    """All archived documents of a feed in the order of their replay, each with whether it is closed for good."""
    with archive.reading() as connection:
        return [(each.part, each.closed) for each in slices_of(connection, feed)]


def current_issue(
    connection: sa.Connection, feed: Feed, index: SearchIndex, slices: Sequence[Slice] | None = None
) -> Issue:
    """What a feed's current document holds; `slices` are its `slices_of`, where they are known already."""
    if feed.path == CHANGES:
        return edits.current(connection, feed)
    return issue.current(connection, feed, index, slices)


def archived_issue(connection: sa.Connection, feed: Feed, this: Slice) -> Issue:
    """What an archived document of a feed holds."""
    return edits.archived(connection, feed, this) if feed.path == CHANGES else issue.archived(connection, feed, this)


def _missing(feed: Feed, part: Part) -> str:
    if feed.archived:
        return f'the feed "{feed.path}" has no archived document {part.path}'
    return f'the feed "{feed.path}" has no archive by month with these words; ask with since= and until='


def compose(feed: Feed, found: Issue, format_: str, place: Place) -> bytes:
    """The document of a feed whose articles are at hand. Raises `UnknownFormat`."""
    format_ = feed_format(format_)
    told = list(fragments(found, format_))
    newest = max((each.updated for each, _ in told), default=EMPTY_SINCE)
    return WRITERS[format_](_head(feed, found, format_, place, newest), [fragment for _, fragment in told])


def fragments(found: Issue, format_: Format) -> Iterator[tuple[Item, bytes]]:
    """The entries with their bytes in a format; one that cannot be written is left out, by name (`omissions`)."""
    for each in found.entries:
        try:
            fragment = each.fragment(format_)
        except Exception as error:  # noqa: BLE001 - whatever it is, it is this entry's alone
            OMISSIONS.left_out(each.name, format_, error)
        else:
            OMISSIONS.told(each.name, format_)
            yield each, fragment


def feed_format(name: str) -> Format:
    """Raises `UnknownFormat`."""
    try:
        return Format(name)
    except ValueError:
        raise UnknownFormat(f'no feed format "{name}"; there are {", ".join(Format)}') from None


def _head(feed: Feed, found: Issue, format_: Format, place: Place, newest: datetime) -> Document:
    base_url = place.base_url.rstrip("/")
    page = feed.page(base_url, found.part)
    others = [other for other in Format if other is not format_]
    extent = Extent.ARCHIVE if found.part else Extent.COMPLETE if found.complete else Extent.NEWEST
    hubs = [Link(rel="hub", href=place.hub)] if place.hub and not found.part else []
    return Document(
        id=feed.id,
        title=feed.title + (f" – {_month(found.part)}" if found.part else ""),
        description=feed.description,
        page=page,
        links=(
            Link(rel="self", href=feed.address(format_, base_url, found.part), type=format_.media_type),
            Link(rel="alternate", href=page, type="text/html"),
            *(
                Link(rel="alternate", href=feed.address(each, base_url, found.part), type=each.media_type)
                for each in others
            ),
            *hubs,
            *_replay(feed, found, format_, base_url),
        ),
        updated=newest,
        icon=base_url + ICON,
        stylesheet=base_url + STYLESHEET,
        extent=extent,
        removed=found.removed,
    )


def _replay(feed: Feed, found: Issue, format_: Format, base_url: str) -> Iterable[Link]:
    """The links of RFC 5005 §4."""
    if found.part:
        yield Link(rel="current", href=feed.address(format_, base_url), type=format_.media_type)
    for rel, other in (("prev-archive", found.previous), ("next-archive", found.following)):
        if other:
            part, change = other
            yield Link(rel=rel, href=feed.address(format_, base_url, part, change), type=format_.media_type)


def _month(part: Part) -> str:
    """«مرداد ۱۴۰۳», and which document of the month it is; «بخش ۱۲» of the change log."""
    if not part.month:
        return persian_digits(f"بخش {part.number}")
    year, month = part.month.split("-")
    number = f" ({part.number})" if part.number > 1 else ""
    return persian_digits(f"{MONTHS[int(month) - 1]} {year}{number}")
