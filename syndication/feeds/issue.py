"""What a document of a feed holds at the moment: the current one, or an archived one (RFC 5005).

The current document has the newest releases by date. Subscribers who come often must see whatever happens, so it has
also what was edited lately, however old, and names what was removed. Its link `prev-archive` begins the replay of all
the rest: volumes of the archive (`archive.closings`), each cut into documents of `LONGEST` entries at most.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Final, Protocol

import sqlalchemy as sa

from archive import Archive, ArchivedArticle, Kind, Query, State, answers, articles, closings, tables
from archive.changes import of_kind
from archive.closings import Volume
from archive.differences import Severity, compare
from archive.filters import Filters
from syndication.errors import NoSuchFeed
from syndication.feeds import pattern
from syndication.feeds.announced import Announced
from syndication.feeds.documents import Format, Removed
from syndication.feeds.feed import Feed, Part
from syndication.feeds.options import Options

LONGEST: Final = 250
"""Entries of an archived document. What is closed was cut by it, so it cannot be changed any more."""

LOOKED_THROUGH: Final = 5000
"""Releases among which expressions are looked for."""

LATELY: Final = 50
"""Edits, and removals, that a current document tells of at most."""


class Item(Protocol):
    """An entry of a document."""

    @property
    def name(self) -> str: ...

    @property
    def updated(self) -> datetime: ...

    def fragment(self, format_: Format) -> bytes: ...


@dataclass(frozen=True, kw_only=True, slots=True)
class Issue:
    """`previous` and `following` are documents of the replay, with the change that an open one is at.

    `part` is None in the current document; `closed` says that it will not change, `complete` that it is all there is.
    `at` is the instant of the newest change that it tells of, None where it tells of none.
    """

    entries: Sequence[Item]
    removed: tuple[Removed, ...] = ()
    part: Part | None = None
    closed: bool = False
    complete: bool = False
    previous: tuple[Part, int] | None = None
    following: tuple[Part, int] | None = None
    at: datetime | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Slice:
    """An archived document's place in its volume: its entries from `start` on."""

    part: Part
    volume: Volume
    start: int

    @property
    def closed(self) -> bool:
        return self.volume.closing is not None

    @property
    def address(self) -> tuple[Part, int]:
        return self.part, self.volume.change


def current(archive: Archive, feed: Feed) -> Issue:
    """The document that subscribers poll."""
    with archive.reading() as connection:
        items = list(_picked(answers.select(connection, _asked(feed), archive.index), feed))
        complete = len(items) < (feed.query.limit or 0) and not feed.options.picks
        if not feed.archived:
            return _issue(connection, items, feed.options, complete=complete)
        filters = Filters.of(connection, feed.query).stateless()
        before = closings.newest(connection, before=1)
        since = before.seq if before else 0
        items += _edited(connection, filters, since, {item.id for item in items}, feed.query.limit or 0)
        gone = [each for each in _latest(connection, filters, Kind.GONE, since) if each.state == State.GONE]
        slices = [] if complete else _slices(connection, filters)
        return _issue(
            connection,
            _newest_first(items),
            feed.options,
            gone=gone,
            complete=complete,
            previous=slices[-1].address if slices else None,
        )


def archived(archive: Archive, feed: Feed, part: Part) -> Issue:
    """An archived document of a feed. Raises `NoSuchFeed` where there is none."""
    if not feed.archived:
        raise NoSuchFeed(f'the feed "{feed.path}" has no archive by month with these words; ask with since= and until=')
    with archive.reading() as connection:
        filters = Filters.of(connection, feed.query).stateless()
        slices = _slices(connection, filters)
        place = next((place for place, each in enumerate(slices) if each.part == part), None)
        if place is None:
            raise NoSuchFeed(f'the feed "{feed.path}" has no archived document {part.path}')
        this, before, after = slices[place], slices[max(place - 1, 0) : place], slices[place + 1 : place + 2]
        items = closings.contents(connection, filters, this.volume, this.start, LONGEST)
        return _issue(
            connection,
            _newest_first(reversed(items)),
            replace(feed.options, changed=False),
            part=part,
            closed=this.closed,
            previous=before[0].address if before else None,
            # a closed document must not change, so it may name only what was closed with it
            following=after[0].address if after and (_together(this, after[0]) or not this.closed) else None,
        )


def _issue(
    connection: sa.Connection,
    items: Sequence[ArchivedArticle],
    options: Options,
    *,
    gone: Sequence[Any] = (),
    **more: Any,
) -> Issue:
    """A document of these articles, which tells of those that are gone."""
    seqs = [*(item.change for item in items), *(each.seq for each in gone)]
    at = _instants(connection, {*(each.seq for each in gone), max(seqs, default=0)})
    return Issue(
        entries=_announced(connection, items, options),
        removed=tuple(Removed(guid=each.guid, at=at[each.seq]) for each in gone),
        at=max(at.values(), default=None),
        **more,
    )


def _newest_first(items: Iterable[ArchivedArticle]) -> list[ArchivedArticle]:
    return sorted(items, key=lambda item: item.article.ordering, reverse=True)  # equals stay in their order


def parts(archive: Archive, feed: Feed) -> list[tuple[Part, bool]]:
    """All archived documents of a feed in the order of their replay, each with whether it is closed for good."""
    if not feed.archived:
        return []
    with archive.reading() as connection:
        filters = Filters.of(connection, feed.query).stateless()
        return [(each.part, each.closed) for each in _slices(connection, filters)]


def _slices(connection: sa.Connection, filters: Filters) -> list[Slice]:
    """The documents that the volumes are cut into; those of one month are numbered through."""
    numbers: dict[str, int] = {}
    slices = []
    for volume in closings.volumes(connection, filters):
        for start in range(0, volume.size, LONGEST):
            number = numbers[volume.month] = numbers.get(volume.month, 0) + 1
            slices.append(Slice(part=Part(month=volume.month, number=number), volume=volume, start=start))
    return slices


def _together(one: Slice, other: Slice) -> bool:
    return one.volume.closing == other.volume.closing


def _asked(feed: Feed) -> Query:
    return feed.query.narrowed(limit=LOOKED_THROUGH) if feed.options.picks else feed.query


def _picked(items: Iterable[ArchivedArticle], feed: Feed) -> Iterator[ArchivedArticle]:
    """Those whose words the options admit, up to the feed's limit."""
    left = feed.query.limit
    for item in items:
        if feed.options.picks and not feed.options.admits(pattern.words(item.article)):
            continue
        yield item
        left = left and left - 1
        if left == 0:
            return


def _edited(
    connection: sa.Connection, filters: Filters, since: int, but: Collection[str], most: int
) -> list[ArchivedArticle]:
    """Announced articles that were revised after `since` and are not among those that the document has already."""
    revised = _latest(connection, filters, Kind.REVISED, since)
    pks = [each.article for each in revised if each.state != State.GONE and each.id not in but]
    rows = connection.execute(articles.NEWEST.where(tables.articles.c.pk.in_(pks[:most]))).all()
    return articles.assemble(connection, rows)


def _latest(connection: sa.Connection, filters: Filters, kind: Kind, since: int) -> list[Any]:
    """What happened lately to the articles that pass the filters, the newest first, each article once."""
    told, article = tables.changes.c, tables.articles.c
    statement = (
        sa.select(sa.func.max(told.seq).label("seq"), told.article, article.id, article.guid, article.state)
        .join(tables.articles, article.pk == told.article)
        .where(*of_kind(kind), told.seq > since, *filters.conditions())
        .group_by(told.article, article.id, article.guid, article.state)
        .order_by(sa.desc("seq"))
        .limit(LATELY)
    )
    return list(connection.execute(statement))


def _announced(connection: sa.Connection, items: Sequence[ArchivedArticle], options: Options) -> list[Announced]:
    offices = offices_of(connection, {item.article.source for item in items})
    return [
        Announced(
            item=item,
            office=offices[item.article.source],
            options=options,
            again=_again(connection, item) if options.changed else 0,
        )
        for item in items
    ]


def _again(connection: sa.Connection, item: ArchivedArticle) -> int:
    """The newest revision that changed something of substance, 0 where none did."""
    newer = item
    for number in range(item.revision - 1, 0, -1):
        older = articles.get(connection, item.id, number)
        if compare(older.article, newer.article).severity is Severity.MATERIAL:
            return newer.revision
        newer = older
    return 0


def offices_of(connection: sa.Connection, ids: Iterable[str]) -> Mapping[str, str]:
    """The names of sources, in Persian."""
    columns = tables.sources.c.id, tables.sources.c.name_fa
    return dict(tuple(row) for row in connection.execute(sa.select(*columns).where(columns[0].in_(sorted(ids)))))


def _instants(connection: sa.Connection, seqs: Iterable[int]) -> dict[int, datetime]:
    """When these changes were."""
    columns = tables.changes.c.seq, tables.changes.c.at
    return dict(tuple(row) for row in connection.execute(sa.select(*columns).where(columns[0].in_(set(seqs)))))
