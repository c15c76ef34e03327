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
from itertools import chain, product
from typing import Any, Final

import sqlalchemy as sa

from archive import boilerplate, changes, likeness
from archive.article import ArchivedArticle
from archive.articles import NEWEST, assemble, chunks, get
from archive.changes import Entry, Kind
from archive.database import among, insert_rows
from archive.followers import begin_anew, move, place
from archive.likeness import Fingerprint, Packed, Passage
from archive.tables import articles, bands, copies, fingerprints, passages, revisions, sketches
from archive.tables import boilerplate as learned
from archive.tables import changes as log
from persian.text import search_key

FOLLOWER: Final = "copies"
BATCH: Final = 1000  # rows of the log, in one writing transaction
PLACED: Final = 1000  # releases of a cluster that are put in order to show some of them
TELLING: Final = (Kind.NEW, Kind.REVISED, Kind.REREAD)  # the kinds of change that a text can come with


@dataclass(frozen=True, kw_only=True, slots=True)
class Copy:
    """A release of a cluster and its similarity to the first of it, from 0 to 1."""

    article: ArchivedArticle
    similarity: float


@dataclass(frozen=True, kw_only=True, slots=True)
class Cluster:
    """Releases of one text: how many there are, and those of them that were asked for, in the order of publication."""

    total: int
    copies: list[Copy]


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


@dataclass(frozen=True, slots=True)
class _Signed:
    """What is compared of a release, and what follows from it: how it is kept, and where it is looked for."""

    fingerprint: Fingerprint
    packed: Packed
    sketch: bytes
    bands: list[int]


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
    return _copies(connection, similar)


def earliest(connection: sa.Connection, id_: str, limit: int) -> Cluster:
    """The first releases of the cluster that an article belongs to, at most so many, and itself whichever it is.

    Of a cluster of more than `PLACED` releases, they are the earliest of those that were kept first, and the first of
    all, so that the work has an end. Nothing where it has no copies, or where there is no such article.
    """
    own = sa.select(copies).join(articles, articles.c.pk == copies.c.article).where(articles.c.id == id_)
    this = connection.execute(own).one_or_none()
    if this is None:
        return Cluster(total=0, copies=[])
    members = copies.c.cluster == this.cluster
    total = connection.scalar(sa.select(sa.func.count()).select_from(copies).where(members)) or 0
    kept_first = sa.select(copies.c.article).where(members).order_by(copies.c.article).limit(PLACED).subquery()
    placed = sa.select(articles.c.pk).join(kept_first, kept_first.c.article == articles.c.pk)
    shown = connection.scalars(placed.order_by(articles.c.ordered_at, articles.c.id).limit(limit))
    wanted = {this.article, this.first, *shown}
    rows = connection.execute(sa.select(copies.c.article, copies.c.similarity).where(copies.c.article.in_(wanted)))
    return Cluster(total=total, copies=_copies(connection, {row.article: row.similarity for row in rows}))


def _copies(connection: sa.Connection, similar: Mapping[int, float]) -> list[Copy]:
    """Releases with their similarity to the first, by `pk`, in the order of publication."""
    found = []
    for some in chunks(similar):
        rows = connection.execute(NEWEST.add_columns(articles.c.ordered_at).where(articles.c.pk.in_(some))).all()
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
    reached = rows[-1].seq if len(rows) == limit else changes.newest(connection)
    move(connection, FOLLOWER, reached, likeness.version())
    return told


def forget(connection: sa.Connection) -> None:
    """Have everything made anew by the next `catch_up`s; what is said of copies stays until they come to it."""
    for table in (bands, sketches, fingerprints, passages, learned):
        connection.execute(sa.delete(table))
    begin_anew(connection, FOLLOWER)


def _reached(connection: sa.Connection) -> int:
    return place(connection, FOLLOWER, likeness.version()) or 0


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


def keep(connection: sa.Connection, prints: Mapping[int, Fingerprint]) -> dict[int, _Signed]:
    """Keep fingerprints of articles, with sketches and bands; returns those that are another than before."""
    before = _packed(connection, prints)
    packed = {pk: print_.pack() for pk, print_ in sorted(prints.items())}
    changed = {pk: _signed(each, prints[pk]) for pk, each in packed.items() if before.get(pk) != each}
    _drop(connection, {pk: _signed(each) for pk, each in before.items() if pk in changed})
    sources = _sources(connection, changed)
    insert_rows(connection, fingerprints, [(pk, *each.packed) for pk, each in changed.items()])
    insert_rows(connection, sketches, [(pk, sources[pk], each.sketch) for pk, each in changed.items()])
    insert_rows(connection, bands, _cut(changed))
    return changed


def _signed(packed: Packed, print_: Fingerprint | None = None) -> _Signed:
    signature = likeness.signature(packed)
    return _Signed(print_ or packed.unpack(), packed, likeness.sketch(signature), likeness.bands(signature))


def _drop(connection: sa.Connection, kept: Mapping[int, _Signed]) -> None:
    """Forget what is kept of articles."""
    if not kept:
        return
    for table in (sketches, fingerprints):
        connection.execute(sa.delete(table).where(among(connection, table.c.article, kept)))
    this = bands.c.band == sa.bindparam("this"), bands.c.article == sa.bindparam("of")
    connection.execute(sa.delete(bands).where(*this), [{"this": band, "of": pk} for band, pk in _cut(kept)])


def _cut(signed: Mapping[int, _Signed]) -> list[tuple[int, int]]:
    """Rows of `bands` in the order of its key, in which its pages are gone through once."""
    return sorted((band, pk) for pk, each in signed.items() for band in each.bands)


# ---- clusters ----


def clusters(connection: sa.Connection, touched: Iterable[int], changed: Mapping[int, _Signed]) -> list[list[int]]:
    """The clusters that some articles belong to now, `changed` ones by their texts; one that is alone is its own.

    A cluster that one of these was in is taken apart and put together from what its members are alike with now; others
    stay whole.
    """
    left = _members(connection, _clusters(connection, changed)).keys() - changed.keys()
    apart = {**changed, **{pk: _signed(packed) for pk, packed in _packed(connection, left).items()}}
    candidates = _candidates(connection, apart)
    concerned = apart.keys() | touched
    near = concerned.union(*candidates)
    whole = _members(connection, _clusters(connection, near - apart.keys()))
    groups = _Groups(near | whole.keys())
    named: dict[int, int] = {}
    for pk, cluster in whole.items():
        groups.join(pk, named.setdefault(cluster, pk))
    kept = _packed(connection, near - apart.keys())
    for one, other in candidates:
        if groups.of(one) != groups.of(other) and _are_copies(apart[one], apart.get(other) or kept[other]):
            groups.join(one, other)
    return groups.holding(concerned)


def _are_copies(one: _Signed, other: _Signed | Packed) -> bool:
    if isinstance(other, _Signed):
        return likeness.are_copies(one.fingerprint, other.fingerprint)
    return likeness.can_be_copies(one.fingerprint, other) and likeness.are_copies(one.fingerprint, other.unpack())


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


def _candidates(connection: sa.Connection, signed: Mapping[int, _Signed]) -> list[tuple[int, int]]:
    """The pairs of one of these articles and any other of another source that share a band and resemble each other,
    those that do most first.
    """
    beside = _beside(connection, chain.from_iterable(each.bands for each in signed.values()))
    sources, drawn = _sketches(connection, chain.from_iterable(beside))
    pairs = {
        (one, other)
        for pks in beside
        if len({sources[pk] for pk in pks}) > 1
        for one, other in product(signed.keys() & pks, pks)
        if sources[one] != sources[other] and (one < other or other not in signed)
    }
    alike = {(one, other): likeness.resemblance(drawn[one], drawn[other]) for one, other in pairs}
    found = (pair for pair, number in alike.items() if number >= likeness.RESEMBLING)
    return sorted(found, key=lambda pair: (-alike[pair], pair))


def _beside(connection: sa.Connection, some: Iterable[int]) -> list[list[int]]:
    """Articles that have one of some bands together; those that share many of them are told once."""
    together = sa.func.aggregate_strings(sa.cast(bands.c.article, sa.Text), " ")
    statement = sa.select(together).where(among(connection, bands.c.band, set(some)))
    shared = statement.group_by(bands.c.band).having(sa.func.count() > 1)
    return [[*map(int, pks.split())] for pks in set(connection.scalars(shared))]


def _sketches(connection: sa.Connection, pks: Iterable[int]) -> tuple[dict[int, str], dict[int, bytes]]:
    """Sources and sketches of articles."""
    rows = connection.execute(sa.select(sketches).where(among(connection, sketches.c.article, set(pks)))).all()
    return {pk: source for pk, source, _ in rows}, {pk: drawn for pk, _, drawn in rows}


def _sources(connection: sa.Connection, pks: Iterable[int]) -> dict[int, str]:
    statement = sa.select(articles.c.pk, articles.c.source).where(among(connection, articles.c.pk, pks))
    return {row.pk: row.source for row in connection.execute(statement)}


def _fingerprints(connection: sa.Connection, pks: Iterable[int]) -> dict[int, Fingerprint]:
    return {pk: packed.unpack() for pk, packed in _packed(connection, pks).items()}


def _packed(connection: sa.Connection, pks: Iterable[int]) -> dict[int, Packed]:
    statement = sa.select(fingerprints).where(among(connection, fingerprints.c.article, set(pks)))
    return {pk: Packed(*kept) for pk, *kept in connection.execute(statement)}


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
