"""Taking readings in: what follows from each, and writing it.

`save` takes a batch and writes, in the transaction it is given, the articles, revisions, aliases, tags and the rows
of the change log that tell of them. `reread` puts other readings of the same snapshots in the place of some.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any, NamedTuple

import sqlalchemy as sa

from archive import changes, counts, identity
from archive.article import ArchivedArticle, Article, State
from archive.articles import chunks
from archive.changes import Entry, Kind
from archive.counts import Place
from archive.database import Row, execute_among, insert_rows, json_text, next_keys, plain_instant, update_rows
from archive.recall import Item, Recall, tag_keys
from archive.tables import aliases, articles, revisions, tags


@dataclass(frozen=True, slots=True)
class Saved:
    """What became of one reading; `kind` is None when it told nothing new."""

    id: str
    kind: Kind | None


class _Told(NamedTuple):
    """A row for the log: what `reading` was, with the revision and its hash as they were then."""

    item: Item
    seq: int
    kind: Kind
    reading: Article
    revision: int
    content_hash: str


@dataclass(slots=True)
class _Batch:
    """What a batch amounts to, gathered before anything is written; new items with their first reading and guid."""

    new: list[tuple[Item, Article, str]] = field(default_factory=list)
    seen: dict[str, Item] = field(default_factory=dict)
    aliases: list[tuple[Item, str, str]] = field(default_factory=list)
    told: list[_Told] = field(default_factory=list)


def save(connection: sa.Connection, readings: Sequence[Article], crawl: int | None = None) -> list[Saved]:
    """Keep a batch of readings, each of a source that the archive knows; returns what became of each, in order."""
    batch, recall = _Batch(), Recall(connection)
    met = [identity.keys(reading.native_id, reading.url, reading.aliases) for reading in readings]
    recall.load(readings, met)
    seq, result = changes.newest(connection), []
    kind: Kind | None
    for reading, item_keys in zip(readings, met, strict=True):
        item = recall.find(reading, item_keys)
        if item is None:
            kind, item = Kind.NEW, _new_item(batch, recall, reading)
        else:
            kind = recall.judge(item, reading)
            item.take(reading, kind)
            batch.seen[item.id] = item
        if kind:
            seq += 1
            item.change = seq
            batch.told.append(_Told(item, seq, kind, reading, item.revision, item.content_hash))
        batch.aliases += [(item, key, item_keys[key]) for key in recall.learn(item, item_keys)]
        result.append(Saved(item.id, kind))
    _write(connection, batch, crawl)
    return result


def _new_item(batch: _Batch, recall: Recall, reading: Article) -> Item:
    id_, guid = identity.mint(reading.source, reading.native_id, reading.url)
    item = Item.of(reading, id_)
    recall.add(item)
    batch.new.append((item, reading, guid))
    return item


# ---- what is written ----


def _write(connection: sa.Connection, batch: _Batch, crawl: int | None) -> None:
    _write_articles(connection, batch)
    dialect = connection.dialect.name
    texts = [told for told in batch.told if told.kind in (Kind.NEW, Kind.REVISED)]
    insert_rows(connection, revisions, [_revision_row(told, dialect) for told in texts])
    rereadings = [told for told in batch.told if told.kind is Kind.REREAD]
    _write_rereadings(connection, [(told.item.pk, told.revision, told.reading) for told in rereadings])
    retold = {told.item.pk: told.item for told in (*texts, *rereadings)}
    known = [pk for pk, item in retold.items() if item.kept is not None]
    _write_tags(connection, {pk: item.tags for pk, item in retold.items()}, known)
    insert_rows(connection, aliases, [(item.source, key, item.pk, url) for item, key, url in batch.aliases])
    changes.append(connection, [_entry(told, crawl) for told in batch.told])
    touched = {told.item.id: told.item for told in batch.told}
    counts.move(connection, [(item.counted, item.place) for item in touched.values()])


def _write_articles(connection: sa.Connection, batch: _Batch) -> None:
    """New items as they are after all readings of the batch, and whatever has changed of others."""
    dialect = connection.dialect.name
    if batch.new:
        numbers = next_keys(connection, articles.c.pk, len(batch.new))
        for (item, _, _), number in zip(batch.new, numbers, strict=True):
            item.pk = number
        insert_rows(connection, articles, [_new_row(*new, dialect) for new in batch.new])
    known = [item for item in batch.seen.values() if item.kept is not None]
    update_rows(connection, articles, ("pk",), [((item.pk,), _plain(item.changed(), dialect)) for item in known])


def _write_rereadings(connection: sa.Connection, read: Iterable[tuple[int | None, int, Article]]) -> None:
    """Put readings in the place of revisions, which keep the instants of their first: key, number, reading."""
    rows = [((pk, number), _said(reading)) for pk, number, reading in read]
    update_rows(connection, revisions, ("article", "number"), rows)


def _write_tags(connection: sa.Connection, told: Mapping[Any, frozenset[str]], known: Sequence[Any]) -> None:
    """Keep the tags of articles, by their keys; `known` are those that may have others."""
    if known:
        execute_among(connection, "DELETE FROM tags WHERE article", known)
    insert_rows(connection, tags, sorted((key, pk) for pk, its in told.items() for key in its))


def _entry(told: _Told, crawl: int | None) -> Entry:
    return Entry(
        seq=told.seq,
        at=told.reading.fetched_at,
        kind=told.kind,
        article=told.item.pk or 0,
        id=told.item.id,
        source=told.item.source,
        revision=told.revision,
        content_hash=told.content_hash,
        crawl=crawl,
    )


def _new_row(item: Item, reading: Article, guid: str, dialect: str) -> tuple[Any, ...]:
    """A row of `articles`: `reading` is its first, of which the id, the native id and the instant stay."""
    return (
        item.pk,
        item.id,
        guid,
        item.source,
        reading.native_id,
        item.url,
        item.title_key,
        plain_instant(item.ordered_at, dialect),
        plain_instant(reading.fetched_at, dialect),
        plain_instant(item.last_seen, dialect),
        str(item.state),
        item.revision,
        item.content_hash,
        item.extractor,
        item.change,
        None,
        item.month,
    )


def _revision_row(told: _Told, dialect: str) -> tuple[Any, ...]:
    seen_at = plain_instant(told.reading.fetched_at, dialect)
    return told.item.pk, told.revision, seen_at, *_said(told.reading).values()


def _said(reading: Article) -> dict[str, Any]:
    """The columns of `revisions` that follow from a reading, in the order of the table."""
    return {
        "extractor": reading.extractor,
        "content_hash": reading.content_hash,
        "kicker": reading.kicker,
        "title": reading.title,
        "lead": reading.lead,
        "body": reading.body,
        "body_html": reading.body_html,
        "byline": reading.byline,
        "category": reading.category,
        "tags": json_text(reading.tags),
        "image": reading.image,
        "attachments": json_text(reading.attachments),
        "published": reading.published and json_text(reading.published.to_dict()),
        "modified": reading.modified and json_text(reading.modified.to_dict()),
        "byline_province": reading.byline_province,
        "trailer": reading.trailer,
        "stated_dates": json_text(reading.stated_dates),
        "snapshot": reading.snapshot,
    }


def _plain(row: Row, dialect: str) -> Row:
    """A row as the driver takes it."""
    return {
        name: plain_instant(value, dialect) if isinstance(value, datetime) else value for name, value in row.items()
    }


# ---- reading again ----


def reread(
    connection: sa.Connection, rereadings: Iterable[tuple[ArchivedArticle, Article]], at: datetime
) -> list[Kind | None]:
    """Put other readings of the same snapshots in the place of revisions; returns REREAD for each that said otherwise.

    Of one that says the same only its extractor is noted. Number, state, address and the instants of visits stay; a
    revision that has been read from another snapshot meanwhile stays as it is.
    """
    read = [(held, in_the_place_of(held.article, reading)) for held, reading in rereadings]
    standing = _standing(connection, [held.id for held, _ in read])
    seq, entries, moves, kinds = changes.newest(connection), list[Entry](), [], list[Kind | None]()
    for held, reading in read:
        row = standing[held.id, held.revision]
        kinds.append(None)
        if row.snapshot != held.article.snapshot or reading == held.article:
            continue
        is_newest = row.revision == held.revision
        changed: dict[str, Any] = {"extractor": reading.extractor} if is_newest else {}
        if replace(reading, extractor=held.article.extractor) == held.article:
            where = revisions.c.article == row.pk, revisions.c.number == held.revision
            connection.execute(sa.update(revisions).where(*where).values(extractor=reading.extractor))
        else:
            seq, kinds[-1] = seq + 1, Kind.REREAD
            entries.append(_reread_entry(seq, row.pk, held, reading, at))
            changed["change"] = seq
            if is_newest:
                changed |= _content(reading)
                before = Place(reading.source, row.month, State(row.state), tag_keys(held.article.tags))
                after = replace(before, month=changed.get("month", row.month), tags=tag_keys(reading.tags))
                moves.append((before, after))
                _write_tags(connection, {row.pk: after.tags}, [row.pk])
            _write_rereadings(connection, [(row.pk, held.revision, reading)])
        if changed:
            connection.execute(sa.update(articles).where(articles.c.pk == row.pk).values(**changed))
    changes.append(connection, entries)
    counts.move(connection, moves)
    return kinds


def in_the_place_of(held: Article, read: Article) -> Article:
    """A reading as a revision that is there already: what the visits say of it is not for another reading to change."""
    return replace(
        read,
        url=held.url,
        aliases=held.aliases,
        native_id=held.native_id,
        fetched_at=held.fetched_at,
        snapshot=held.snapshot,
    )


def _standing(connection: sa.Connection, ids: Iterable[str]) -> dict[tuple[str, int], Any]:
    """What is known now of the revisions of articles, by id and number."""
    columns = articles.c.id, articles.c.pk, articles.c.revision, articles.c.month, articles.c.state
    joined = sa.select(*columns, revisions.c.number, revisions.c.snapshot).join(revisions)
    rows = (row for some in chunks(ids) for row in connection.execute(joined.where(articles.c.id.in_(some))))
    return {(row.id, row.number): row for row in rows}


def _reread_entry(seq: int, pk: int, held: ArchivedArticle, reading: Article, at: datetime) -> Entry:
    return Entry(
        seq=seq,
        at=at,
        kind=Kind.REREAD,
        article=pk,
        id=held.id,
        source=reading.source,
        revision=held.revision,
        content_hash=reading.content_hash,
    )


def _content(reading: Article) -> dict[str, Any]:
    """The columns of `articles` that follow from what a reading says; an undated one stays where it was."""
    said = {"title_key": identity.title_key(reading), "content_hash": reading.content_hash}
    return said | ({"ordered_at": reading.ordering, "month": reading.month} if reading.published else {})
