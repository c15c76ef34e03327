"""Taking readings in: whom each is about, whether it says anything new, and writing what follows.

`save` takes a batch and writes, in the transaction it is given, the articles, revisions, aliases, tags and the rows
of the change log that tell of them. `reread` puts other readings of the same snapshots in the place of some.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from datetime import datetime
from functools import lru_cache
from typing import Any

import sqlalchemy as sa

from archive import changes, counts, identity
from archive.article import ArchivedArticle, Article, State
from archive.articles import NEWEST, assemble, chunks
from archive.changes import Entry, Kind
from archive.counts import Place
from archive.revisions import judge
from archive.tables import aliases, articles, revisions, tags
from persian.text import search_key

_tag_key = lru_cache(maxsize=1 << 14)(search_key)  # offices file many releases under few tags


@dataclass(frozen=True, slots=True)
class Saved:
    """What became of one reading; `kind` is None when it told nothing new."""

    id: str
    kind: Kind | None


@dataclass(slots=True)
class _Item:
    """An article as it is while a batch is taken in; `pk` is None until a new one is inserted.

    `article` is its newest reading that said anything, under the extractor and the address that read it last. `counted`
    is where it was counted before the batch, `month` where it is to be counted now.
    """

    pk: int | None
    id: str
    article: Article
    revision: int
    state: State
    last_seen: datetime
    month: str
    counted: Place | None = None

    @property
    def place(self) -> Place:
        return Place(self.article.source, self.month, self.state, frozenset(map(_tag_key, self.article.tags)))


@dataclass(slots=True)
class _Batch:
    """Whom a batch is about, and what it amounts to, gathered before anything is written."""

    items: dict[int, _Item] = field(default_factory=dict)
    by_key: dict[tuple[str, str], _Item] = field(default_factory=dict)
    by_title: dict[tuple[str, str], list[_Item]] = field(default_factory=dict)
    new: list[tuple[_Item, dict[str, Any]]] = field(default_factory=list)
    seen: dict[str, tuple[_Item, dict[str, Any]]] = field(default_factory=dict)
    revisions: list[tuple[_Item, dict[str, Any]]] = field(default_factory=list)
    rereadings: list[tuple[_Item, dict[str, Any]]] = field(default_factory=list)
    tags: dict[str, tuple[_Item, tuple[str, ...]]] = field(default_factory=dict)
    aliases: dict[tuple[str, str], tuple[_Item, str]] = field(default_factory=dict)
    changes: list[tuple[_Item, Entry]] = field(default_factory=list)


def save(connection: sa.Connection, readings: Sequence[Article], crawl: int | None = None) -> list[Saved]:
    """Keep a batch of readings, each of a source that the archive knows; returns what became of each, in order."""
    batch = _Batch()
    met = [identity.keys(reading.native_id, reading.url, reading.aliases) for reading in readings]
    _recall(connection, batch, readings, met)
    seq, result = changes.newest(connection), []
    kind: Kind | None
    for reading, item_keys in zip(readings, met, strict=True):
        item = _same_key(batch, reading, item_keys) or _same_title_and_day(batch, reading)
        if item is None:
            kind, item = Kind.NEW, _new_item(batch, reading)
        else:
            kind = judge(item.article, item.state, reading)
            _take(item, reading, kind)
        if kind:
            seq += 1
            batch.changes.append((item, _entry(seq, kind, item, reading.fetched_at, crawl)))
        _gather(batch, item, kind, seq)
        for key, address in item_keys.items():
            if (reading.source, key) not in batch.by_key:
                batch.by_key[reading.source, key] = item
                batch.aliases[reading.source, key] = (item, address)
        result.append(Saved(item.id, kind))
    _write(connection, batch)
    return result


# ---- whom a reading is about ----


def _recall(
    connection: sa.Connection, batch: _Batch, readings: Iterable[Article], met: Iterable[Iterable[str]]
) -> None:
    """Load the articles that any key `met` with these readings, or any of their titles, may stand for."""
    item_keys: dict[str, list[str]] = {}
    titles: dict[str, list[str]] = {}
    for reading, its_keys in zip(readings, met, strict=True):
        item_keys.setdefault(reading.source, []).extend(its_keys)
        titles.setdefault(reading.source, []).append(identity.title_key(reading))
    found = [*_found_by_key(connection, item_keys), *_found_by_title(connection, titles)]
    _load(connection, batch, {pk for _, _, pk in found})
    for source, key, pk in found:
        if key is not None:
            batch.by_key[source, key] = batch.items[pk]
    for item in batch.items.values():
        batch.by_title.setdefault((item.article.source, identity.title_key(item.article)), []).append(item)


def _found_by_key(connection: sa.Connection, wanted: Mapping[str, list[str]]) -> list[tuple[str, str | None, int]]:
    statement = sa.select(aliases.c.source, aliases.c.key, aliases.c.article)
    return [
        (source, key, pk)
        for office, keys in wanted.items()
        for some in chunks(keys)
        for source, key, pk in connection.execute(statement.where(aliases.c.source == office, aliases.c.key.in_(some)))
    ]


def _found_by_title(connection: sa.Connection, wanted: Mapping[str, list[str]]) -> list[tuple[str, str | None, int]]:
    statement = sa.select(articles.c.pk).order_by(articles.c.pk)
    return [
        (office, None, pk)
        for office, titles in wanted.items()
        for some in chunks(titles)
        for pk in connection.scalars(statement.where(articles.c.source == office, articles.c.title_key.in_(some)))
    ]


def _load(connection: sa.Connection, batch: _Batch, pks: Iterable[int]) -> None:
    for some in chunks(sorted(pks)):
        rows = connection.execute(NEWEST.where(articles.c.pk.in_(some)).order_by(articles.c.pk)).all()
        for row, held in zip(rows, assemble(connection, rows), strict=True):
            article = replace(held.article, extractor=row.newest_extractor)
            item = _Item(row.pk, held.id, article, held.revision, held.state, held.last_seen, row.month)
            item.counted = item.place
            batch.items[row.pk] = item


def _same_key(batch: _Batch, reading: Article, item_keys: Iterable[str]) -> _Item | None:
    """The item that the strongest known key stands for.

    Two native ids are two items unless both have the very same address: CMSs name the listing, or one release, as the
    canonical address of all.
    """
    for key in item_keys:
        item = batch.by_key.get((reading.source, key))
        if item and (
            key.startswith("id:")
            or None in (reading.native_id, item.article.native_id)
            or identity.url_key(item.article.url) == identity.url_key(reading.url)
        ):
            return item
    return None


def _same_title_and_day(batch: _Batch, reading: Article) -> _Item | None:
    """The last rung of identity: an item that came under a new id and a new address."""
    candidates = batch.by_title.get((reading.source, identity.title_key(reading)), ())
    return next((item for item in candidates if identity.same_release(reading, item.article)), None)


def _new_item(batch: _Batch, reading: Article) -> _Item:
    id_, _ = identity.mint(reading.source, reading.native_id, reading.url)
    item = _Item(None, id_, reading, 1, State.LIVE, reading.fetched_at, reading.month)
    batch.by_title.setdefault((reading.source, identity.title_key(reading)), []).append(item)
    return item


def _take(item: _Item, reading: Article, kind: Kind | None) -> None:
    """Let an item become what a reading of it makes it."""
    if kind in (Kind.REVISED, Kind.REREAD):
        item.article = replace(reading, native_id=item.article.native_id or reading.native_id)
        item.month = reading.month if reading.published else item.month  # undated: where its first reading put it
    else:
        item.article = replace(item.article, url=reading.url, extractor=reading.extractor)
    item.revision += kind is Kind.REVISED
    item.last_seen = max(item.last_seen, reading.fetched_at)
    item.state = State.LIVE if item.state is State.GONE else item.state


# ---- what is written ----


def _entry(seq: int, kind: Kind, item: _Item, at: datetime, crawl: int | None) -> Entry:
    return Entry(
        seq=seq,
        at=at,
        kind=kind,
        article=item.pk or 0,  # told when it is written
        id=item.id,
        source=item.article.source,
        revision=item.revision,
        content_hash=item.article.content_hash,
        crawl=crawl,
    )


def _gather(batch: _Batch, item: _Item, kind: Kind | None, seq: int) -> None:
    if kind is Kind.NEW:
        batch.new.append((item, _new_row(item.article, seq)))
        batch.revisions.append((item, _revision_row(item)))
        batch.tags[item.id] = (item, item.article.tags)
        return
    row = batch.seen.setdefault(item.id, (item, {}))[1]
    row |= {
        "last_seen": item.last_seen,
        "missing_since": None,
        "url": item.article.url,
        "state": str(item.state),
        "extractor": item.article.extractor,  # of the newest reading, so that the next edit is seen as one
    }
    if kind:
        row["change"] = seq
    if kind in (Kind.REVISED, Kind.REREAD):
        row |= _content_row(item.article) | {"revision": item.revision}
        if item.article.published is None:
            del row["ordered_at"], row["month"]  # an undated release stays where its first reading put it
        (batch.revisions if kind is Kind.REVISED else batch.rereadings).append((item, _revision_row(item)))
        batch.tags[item.id] = (item, item.article.tags)


def _new_row(article: Article, seq: int) -> dict[str, Any]:
    id_, guid = identity.mint(article.source, article.native_id, article.url)
    return _content_row(article) | {
        "id": id_,
        "guid": guid,
        "source": article.source,
        "native_id": article.native_id,
        "url": article.url,
        "extractor": article.extractor,
        "first_seen": article.fetched_at,
        "last_seen": article.fetched_at,
        "state": str(State.LIVE),
        "revision": 1,
        "change": seq,
    }


def _content_row(article: Article) -> dict[str, Any]:
    """The columns of `articles` that follow from what the newest reading says."""
    return {
        "title_key": identity.title_key(article),
        "ordered_at": article.ordering,
        "month": article.month,
        "content_hash": article.content_hash,
    }


def _revision_row(item: _Item) -> dict[str, Any]:
    article = item.article
    return {
        "number": item.revision,
        "seen_at": article.fetched_at,
        "extractor": article.extractor,
        "content_hash": article.content_hash,
        "kicker": article.kicker,
        "title": article.title,
        "lead": article.lead,
        "body": article.body,
        "body_html": article.body_html,
        "byline": article.byline,
        "category": article.category,
        "tags": list(article.tags),
        "image": article.image,
        "attachments": [asdict(attachment) for attachment in article.attachments],
        "published": article.published,
        "modified": article.modified,
        "byline_province": article.byline_province,
        "trailer": article.trailer,
        "stated_dates": [asdict(date) for date in article.stated_dates],
        "snapshot": article.snapshot,
    }


def _write(connection: sa.Connection, batch: _Batch) -> None:
    if batch.new:
        statement = sa.insert(articles).returning(articles.c.pk, sort_by_parameter_order=True)
        numbers = connection.execute(statement, [row for _, row in batch.new]).scalars()
        for (item, _), number in zip(batch.new, numbers, strict=True):
            item.pk = number
    for item, row in batch.seen.values():
        connection.execute(sa.update(articles).where(articles.c.pk == item.pk).values(**row))
    if batch.revisions:
        connection.execute(sa.insert(revisions), [row | {"article": item.pk} for item, row in batch.revisions])
    for item, row in batch.rereadings:
        _write_rereading(connection, item, row)
    _write_tags(connection, list(batch.tags.values()))
    if batch.aliases:
        rows = [
            {"source": source, "key": key, "article": item.pk, "url": url}
            for (source, key), (item, url) in batch.aliases.items()
        ]
        connection.execute(sa.insert(aliases), rows)
    changes.append(connection, [replace(entry, article=item.pk or 0) for item, entry in batch.changes])
    touched = {item.id: item for item, _ in batch.changes}
    counts.move(connection, [(item.counted, item.place) for item in touched.values()])


def _write_rereading(connection: sa.Connection, item: _Item, row: Mapping[str, Any] | None = None) -> None:
    kept = {name: value for name, value in (row or _revision_row(item)).items() if name != "seen_at"}
    where = (revisions.c.article == item.pk, revisions.c.number == kept["number"])
    connection.execute(sa.update(revisions).where(*where).values(**kept))


def _write_tags(connection: sa.Connection, tagged: list[tuple[_Item, tuple[str, ...]]]) -> None:
    for some in chunks(item.pk for item, _ in tagged):
        connection.execute(sa.delete(tags).where(tags.c.article.in_(some)))
    rows = {(_tag_key(tag), item.pk) for item, item_tags in tagged for tag in item_tags}
    if rows:
        connection.execute(sa.insert(tags), [{"key": key, "article": pk} for key, pk in sorted(rows)])


# ---- reading again ----


def reread(
    connection: sa.Connection, rereadings: Iterable[tuple[ArchivedArticle, Article]], at: datetime
) -> list[Kind | None]:
    """Put other readings of the same snapshots in the place of revisions; returns REREAD for each that said otherwise.

    Of one that says the same only its extractor is noted. Number, state, address and the instants of visits stay; a
    revision that has been read from another snapshot meanwhile stays as it is.
    """
    seq, entries, moves, kinds = changes.newest(connection), [], [], list[Kind | None]()
    for held, read in rereadings:
        reading = _in_the_place_of(held.article, read)
        columns = (articles.c.pk, articles.c.revision, articles.c.month, articles.c.state, revisions.c.snapshot)
        this = (articles.c.id == held.id, revisions.c.number == held.revision)
        row = connection.execute(sa.select(*columns).join(revisions).where(*this)).one()
        kinds.append(None)
        if row.snapshot != held.article.snapshot:
            continue
        state, is_newest = State(row.state), row.revision == held.revision
        if is_newest:
            connection.execute(sa.update(articles).where(articles.c.pk == row.pk).values(extractor=reading.extractor))
        if replace(reading, extractor=held.article.extractor) == held.article:
            where = revisions.c.article == row.pk, revisions.c.number == held.revision
            connection.execute(sa.update(revisions).where(*where).values(extractor=reading.extractor))
            continue
        seq, kinds[-1] = seq + 1, Kind.REREAD
        item = _Item(row.pk, held.id, reading, held.revision, state, held.last_seen, row.month)
        before = replace(item, article=held.article).place
        entries.append(_entry(seq, Kind.REREAD, item, at, None))
        changed: dict[str, Any] = {"change": seq}
        if is_newest:
            changed |= _content_row(reading)
            if reading.published is None:
                del changed["ordered_at"], changed["month"]
            item.month = changed.get("month", item.month)
            moves.append((before, item.place))
            _write_tags(connection, [(item, reading.tags)])
        connection.execute(sa.update(articles).where(articles.c.pk == row.pk).values(**changed))
        _write_rereading(connection, item)
    changes.append(connection, entries)
    counts.move(connection, moves)
    return kinds


def _in_the_place_of(held: Article, read: Article) -> Article:
    """A reading as a revision that is there already: what the visits say of it is not for another reading to change."""
    return replace(
        read,
        url=held.url,
        aliases=held.aliases,
        native_id=held.native_id,
        fetched_at=held.fetched_at,
        snapshot=held.snapshot,
    )
