"""What a document of a feed holds at the moment: the current one, or an archived one (RFC 5005).

The current document has the newest releases by date. Subscribers who come often must see whatever happens, so it has
also what was edited lately, however old, and names what was removed. Its link `prev-archive` begins the replay of all
the rest: volumes of the archive (`archive.closings`), each cut into documents of `LONGEST` entries at most.

All of one state of the archive, so its functions work within a reading transaction.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Final, Protocol

import sqlalchemy as sa

from archive import ArchivedArticle, Kind, Query, State, answers, articles, closings, tables
from archive.changes import of_kind
from archive.closings import Section
from archive.differences import Severity, compare
from archive.filters import Filters
from archive.search import SearchIndex
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


Address = tuple[Part, int]
"""An archived document, and the change that an open one is at."""


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
    previous: Address | None = None
    following: Address | None = None
    at: datetime | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Slice:
    """An archived document's place in the replay of its feed: what it holds follows from it.

    `change` makes the address of an open one that of its state, 0 where it is closed; `previous` and `following` are
    such addresses of its neighbours. `section` is where its articles are, None for a block of the change log, whose
    `change` is the newest that it tells of.
    """

    part: Part
    change: int = 0
    section: Section | None = None
    previous: Address | None = None
    following: Address | None = None

    @property
    def closed(self) -> bool:
        return self.change == 0

    @property
    def address(self) -> Address:
        return self.part, self.change


def current(connection: sa.Connection, feed: Feed, index: SearchIndex, slices: Sequence[Slice] | None = None) -> Issue:
    """The document that subscribers poll; `slices` are those of the feed, where they are known already."""
    items = list(_picked(answers.select(connection, _asked(feed), index), feed))
    complete = len(items) < (feed.query.limit or 0) and not feed.options.picks
    if not feed.archived:
        return _issue(connection, items, feed.options, complete=complete)
    filters = Filters.of(connection, feed.query).stateless()
    before = closings.newest(connection, before=1)
    since = before.seq if before else 0
    items += _edited(connection, filters, since, {item.id for item in items}, feed.query.limit or 0)
    gone = [each for each in _latest(connection, filters, Kind.GONE, since) if each.state == State.GONE]
    return _issue(
        connection,
        _newest_first(items),
        feed.options,
        gone=gone,
        complete=complete,
        previous=None if complete else _end(connection, filters, slices),
    )


def _end(connection: sa.Connection, filters: Filters, slices: Sequence[Slice] | None) -> Address | None:
    """The last document of the replay; it costs as much in an archive of any size, which all `slices` do not."""
    if slices is not None:
        return slices[-1].address if slices else None
    last = closings.last_place(connection, filters, LONGEST)
    return (Part(month=last.month, number=last.number), last.change) if last else None


def archived(connection: sa.Connection, feed: Feed, this: Slice) -> Issue:
    """An archived document of a feed."""
    if this.section is None:
        raise NoSuchFeed(f'the feed "{feed.path}" has no archived document {this.part.path}')
    filters = Filters.of(connection, feed.query).stateless()
    items = closings.contents(connection, filters, this.section)
    return _issue(
        connection,
        _newest_first(reversed(items)),
        replace(feed.options, changed=False),
        part=this.part,
        closed=this.closed,
        previous=this.previous,
        following=this.following,
    )


def slices_of(connection: sa.Connection, feed: Feed) -> list[Slice]:
    """The documents that the volumes of a feed are cut into, in the order of their replay; none where it has none.

    Those of one month are numbered through.
    """
    if not feed.archived:
        return []
    filters = Filters.of(connection, feed.query).stateless()
    numbers: dict[str, int] = {}
    places: list[tuple[Section, Address]] = []
    change = 0
    for section in closings.sections(connection, filters, LONGEST):
        number = numbers[section.month] = numbers.get(section.month, 0) + 1
        # a reader stops at the first address that it knows, so that one must tell of all that happened before it
        change = max(change, section.change)
        places.append((section, (Part(month=section.month, number=number), change)))
    return [_slice(places, place) for place in range(len(places))]


def _slice(places: Sequence[tuple[Section, Address]], place: int) -> Slice:
    section, (part, change) = places[place]
    before, after = places[max(place - 1, 0) : place], places[place + 1 : place + 2]
    # a closed document must not change, so it may name only what was closed with it
    named = after and (change or after[0][0].closing == section.closing)
    return Slice(
        part=part,
        change=change,
        section=section,
        previous=before[0][1] if before else None,
        following=after[0][1] if named else None,
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
        .where(*of_kind(kind), told.seq > since, *filters.judged())
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
