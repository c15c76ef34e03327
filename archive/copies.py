"""Releases that several offices carry, as clusters with the one that was published first.

Two releases of different sources that `archive.likeness` calls copies belong to one cluster, and so does whatever is a
copy of either; releases that are gone stay in theirs, for they were said. The first is the one with the earliest
date, then the smallest id. There is no limit in time: the same text a year later is the same text.

This follows the change log. Which clusters there are is a function of the articles that the archive holds: neither the
order in which they came nor the size of the batches they were taken in by makes a difference, because candidates are
those that share a band, whichever is looked up, and boilerplate is what the whole archive says it is.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import chain
from typing import Any, Final

import sqlalchemy as sa

from archive import boilerplate, changes, likeness
from archive.article import ArchivedArticle
from archive.articles import NEWEST, assemble, chunks, get
from archive.changes import Entry, Kind
from archive.database import insert_rows, upserting
from archive.likeness import Fingerprint, Passage
from archive.tables import articles, bands, copies, fingerprints, followers, passages, revisions
from archive.tables import boilerplate as learned
from archive.tables import changes as log
from persian.text import search_key

FOLLOWER: Final = "copies"
BATCH: Final = 300  # rows of the log, in one writing transaction
TELLING: Final = (Kind.NEW, Kind.REVISED, Kind.REREAD)  # the kinds of change that a text can come with


@dataclass(frozen=True, kw_only=True, slots=True)
class Copy:
    """A release of a cluster and its similarity to the first of it, from 0 to 1."""

    article: ArchivedArticle
    similarity: float


@dataclass(frozen=True, slots=True)
class _Place:
    """A row of `copies`."""

    cluster: int
    first: int
    similarity: float


@dataclass(frozen=True, slots=True)
class _Text:
    """What a release says: its title, and its passages."""

    title: str
    passages: list[Passage]

    @property
    def edges(self) -> frozenset[int]:
        return frozenset(passage.hash for passage in self.passages if passage.hash is not None)


class _Groups:
    """A partition of articles that is made by joining (union-find)."""

    def __init__(self, pks: Iterable[int]) -> None:
        self._above = {pk: pk for pk in pks}

    def holding(self, pks: Iterable[int]) -> list[list[int]]:
        """The parts that hold some articles."""
        members: dict[int, list[int]] = {self.of(pk): [] for pk in sorted(pks)}
        for pk in self._above:
            if (head := self.of(pk)) in members:
                members[head].append(pk)
        return list(members.values())

    def of(self, pk: int) -> int:
        """The article that stands for those joined with this one."""
        while self._above[pk] != pk:
            self._above[pk] = pk = self._above[self._above[pk]]
        return pk

    def join(self, one: int, other: int) -> None:
        one, other = self.of(one), self.of(other)
        self._above[max(one, other)] = min(one, other)


# ---- what the archive is asked ----


def is_behind(connection: sa.Connection) -> bool:
    """Whether there is anything in the log that `catch_up` has not seen."""
    return _reached(connection) < changes.newest(connection)


def of(connection: sa.Connection, id_: str) -> list[Copy]:
    """The releases of the cluster that an article belongs to, itself among them, in the order of publication.

    None where it has no copies; raises `NoSuchArticle`.
    """
    this = sa.select(copies.c.cluster).join(articles, articles.c.pk == copies.c.article).where(articles.c.id == id_)
    statement = sa.select(copies.c.article, copies.c.similarity).where(copies.c.cluster == this.scalar_subquery())
    similar = {row.article: row.similarity for row in connection.execute(statement)}
    if not similar:
        get(connection, id_)
    found = []
    for some in chunks(similar):
        rows = connection.execute(NEWEST.where(articles.c.pk.in_(some))).all()
        placed = zip(rows, assemble(connection, rows), strict=True)
        found += [((row.ordered_at, row.id), Copy(article=item, similarity=similar[row.pk])) for row, item in placed]
    return [copy for _, copy in sorted(found, key=lambda each: each[0])]


# ---- following the log ----


def catch_up(connection: sa.Connection, at: datetime, limit: int = BATCH) -> int:
    """Take in the next rows of the log, `limit` at most, within a writing transaction; `is_behind` tells of more.

    Returns the number of articles whose `copy_of` is another than before, each of which has a row in the log of the
    instant `at`. Where the rules are another version's, everything is made anew.
    """
    reached = _reached(connection)
    if not reached:
        forget(connection)
    rows = connection.execute(
        sa.select(log.c.seq, log.c.article)
        .where(log.c.seq > reached, log.c.kind.in_(map(str, TELLING)))
        .order_by(log.c.seq)
        .limit(limit)
    ).all()
    told = _take_in(connection, {row.article for row in rows}, at) if rows else 0
    _reach(connection, rows[-1].seq if len(rows) == limit else changes.newest(connection))
    return told


def forget(connection: sa.Connection) -> None:
    """Have everything made anew by the next `catch_up`s; what is said of copies stays until they come to it."""
    for table in (bands, fingerprints, passages, learned):
        connection.execute(sa.delete(table))
    connection.execute(sa.delete(followers).where(followers.c.name == FOLLOWER))


def _reached(connection: sa.Connection) -> int:
    mine = followers.c.name == FOLLOWER, followers.c.version == likeness.version()
    return connection.scalar(sa.select(followers.c.seq).where(*mine)) or 0


def _reach(connection: sa.Connection, seq: int) -> None:
    statement = upserting(connection.dialect.name)(followers).values(name=FOLLOWER, seq=seq, version=likeness.version())
    told = {name: statement.excluded[name] for name in ("seq", "version")}
    connection.execute(statement.on_conflict_do_update(index_elements=["name"], set_=told))


def _take_in(connection: sa.Connection, pks: set[int], at: datetime) -> int:
    """Bring up to date whatever follows from the texts of some articles as they are now."""
    texts = _texts(connection, pks)
    others = boilerplate.learn(
        connection, {pk: (likeness.hash_of(search_key(text.title)), text.edges) for pk, text in texts.items()}
    )
    texts |= _texts(connection, others)
    changed = keep(connection, _fingerprints_of(connection, texts))
    return _tell(connection, clusters(connection, texts.keys(), changed), at)


def _texts(connection: sa.Connection, pks: Iterable[int]) -> dict[int, _Text]:
    columns = (*(revisions.c[name] for name in ("article", "title", "lead", "body", "byline")),)
    newest = sa.and_(articles.c.pk == revisions.c.article, articles.c.revision == revisions.c.number)
    return {
        row.article: _Text(row.title, likeness.passages(row.lead, row.body, row.byline))
        for some in chunks(pks)
        for row in connection.execute(sa.select(*columns).join(articles, newest).where(articles.c.pk.in_(some)))
    }


def _fingerprints_of(connection: sa.Connection, texts: Mapping[int, _Text]) -> dict[int, Fingerprint]:
    known = boilerplate.known(connection, chain.from_iterable(text.edges for text in texts.values()))
    return {pk: likeness.fingerprint(text.title, text.passages, known) for pk, text in texts.items()}


def keep(connection: sa.Connection, prints: Mapping[int, Fingerprint]) -> set[int]:
    """Keep fingerprints of articles and their bands; returns the articles whose fingerprint is another than before."""
    before = _fingerprints(connection, prints)
    changed = {pk: print_ for pk, print_ in prints.items() if before.get(pk) != print_}
    for some in chunks(changed.keys() & before.keys()):
        connection.execute(sa.delete(bands).where(bands.c.article.in_(some)))
        connection.execute(sa.delete(fingerprints).where(fingerprints.c.article.in_(some)))
    insert_rows(connection, fingerprints, [(pk, *print_.pack()) for pk, print_ in changed.items()])
    cut = ((pk, enumerate(likeness.bands(print_))) for pk, print_ in changed.items())
    rows = ((band, hash_, pk) for pk, hashes in cut for band, hash_ in hashes)
    insert_rows(connection, bands, sorted(rows))  # in the order of the key: that goes through its pages once
    return set(changed)


# ---- clusters ----


def clusters(connection: sa.Connection, touched: Iterable[int], changed: set[int]) -> list[list[int]]:
    """The clusters that some articles belong to now, `changed` ones by their texts; one that is alone is its own.

    A cluster that one of these was in is taken apart and put together from what its members are alike with now; others
    stay whole.
    """
    apart = changed | set(_members(connection, _clusters(connection, changed)))
    candidates = _candidates(connection, apart)
    concerned = apart.union(touched)
    near = concerned.union(*candidates)
    whole = _members(connection, _clusters(connection, near - apart))
    groups = _Groups(near | whole.keys())
    named: dict[int, int] = {}
    for pk, cluster in whole.items():
        groups.join(pk, named.setdefault(cluster, pk))
    prints = _fingerprints(connection, chain.from_iterable(candidates))
    for one, other in candidates:
        if groups.of(one) != groups.of(other) and likeness.are_copies(prints[one], prints[other]):
            groups.join(one, other)
    return groups.holding(concerned)


def _tell(connection: sa.Connection, groups: Sequence[Sequence[int]], at: datetime) -> int:
    """Keep what has changed in the place of articles, with a row in the log for each that is a copy of another now.

    Returns the number of these.
    """
    heads = _heads(connection, chain.from_iterable(groups))
    before = _places(connection, heads)
    now = dict(_placed(connection, [[heads[pk] for pk in members] for members in groups if len(members) > 1]))
    moved = sorted(pk for pk in heads if before.get(pk) != now.get(pk))
    for some in chunks(moved):
        connection.execute(sa.delete(copies).where(copies.c.article.in_(some)))
    placed = ((pk, now[pk]) for pk in moved if pk in now)
    insert_rows(connection, copies, [(pk, place.cluster, place.first, place.similarity) for pk, place in placed])
    told = [heads[pk] for pk in moved if _copied(pk, before) != _copied(pk, now)]
    _log(connection, sorted(told, key=lambda head: (head.ordered_at, head.id)), at)
    return len(told)


def _copied(pk: int, places: Mapping[int, _Place]) -> int | None:
    """The article that one is a copy of."""
    place = places.get(pk)
    return place.first if place and place.first != pk else None


def _placed(connection: sa.Connection, clusters: Sequence[Sequence[Any]]) -> Iterator[tuple[int, _Place]]:
    prints = _fingerprints(connection, [head.pk for members in clusters for head in members])
    for members in clusters:
        first = min(members, key=lambda head: (head.ordered_at, head.id)).pk
        name = min(head.pk for head in members)
        for head in members:
            yield head.pk, _Place(name, first, likeness.similarity(prints[first], prints[head.pk]))


def _log(connection: sa.Connection, heads: Sequence[Any], at: datetime) -> None:
    entries = [
        Entry(
            seq=seq,
            at=at,
            kind=Kind.COPIED,
            article=head.pk,
            id=head.id,
            source=head.source,
            revision=head.revision,
            content_hash=head.content_hash,
        )
        for seq, head in enumerate(heads, changes.newest(connection) + 1)
    ]
    if entries:
        this = sa.update(articles).where(articles.c.pk == sa.bindparam("this")).values(change=sa.bindparam("told"))
        connection.execute(this, [{"this": entry.article, "told": entry.seq} for entry in entries])
    changes.append(connection, entries)


# ---- what is kept ----


def _candidates(connection: sa.Connection, pks: Iterable[int]) -> list[tuple[int, int]]:
    """The pairs of articles of different sources that share a band, those that share most of them first."""
    mine, other = bands.alias("mine"), bands.alias("other")
    one, two = articles.alias("one"), articles.alias("two")
    statement = (
        sa.select(mine.c.article, other.c.article, sa.func.count())
        .join(other, sa.and_(other.c.band == mine.c.band, other.c.hash == mine.c.hash))
        .join(one, one.c.pk == mine.c.article)
        .join(two, sa.and_(two.c.pk == other.c.article, two.c.source != one.c.source))
        .group_by(mine.c.article, other.c.article)
    )
    shared: dict[tuple[int, int], int] = {}
    for some in chunks(sorted(pks)):
        for pk, beside, number in connection.execute(statement.where(mine.c.article.in_(some))):
            shared[min(pk, beside), max(pk, beside)] = number
    return sorted(shared, key=lambda pair: (-shared[pair], pair))


def _fingerprints(connection: sa.Connection, pks: Iterable[int]) -> dict[int, Fingerprint]:
    return {
        row.article: Fingerprint.unpack(row.pairs, row.numbers)
        for some in chunks(pks)
        for row in connection.execute(sa.select(fingerprints).where(fingerprints.c.article.in_(some)))
    }


def _clusters(connection: sa.Connection, pks: Iterable[int]) -> set[int]:
    found: set[int] = set()
    for some in chunks(pks):
        found.update(connection.scalars(sa.select(copies.c.cluster).where(copies.c.article.in_(some))))
    return found


def _members(connection: sa.Connection, clusters: Iterable[int]) -> dict[int, int]:
    """The articles of clusters, by `pk`, each with the name of its cluster.

    While everything is made anew, those that are not come to yet are left out.
    """
    columns = sa.select(copies.c.article, copies.c.cluster)
    statement = columns.join(fingerprints, fingerprints.c.article == copies.c.article)
    return {
        pk: cluster
        for some in chunks(clusters)
        for pk, cluster in connection.execute(statement.where(copies.c.cluster.in_(some)))
    }


def _places(connection: sa.Connection, pks: Iterable[int]) -> dict[int, _Place]:
    columns = copies.c.article, copies.c.cluster, copies.c.first, copies.c.similarity
    return {
        pk: _Place(*place)
        for some in chunks(pks)
        for pk, *place in connection.execute(sa.select(*columns).where(copies.c.article.in_(some)))
    }


def _heads(connection: sa.Connection, pks: Iterable[int]) -> dict[int, Any]:
    """What the log and the order of publication have to know of articles."""
    names = "pk", "id", "source", "ordered_at", "revision", "content_hash"
    columns = [articles.c[name] for name in names]
    return {
        row.pk: row
        for some in chunks(pks)
        for row in connection.execute(sa.select(*columns).where(articles.c.pk.in_(some)))
    }
