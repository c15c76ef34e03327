"""Keeping articles: who an incoming reading is, whether it says anything new, and writing what follows.

`save` takes a batch and writes, in the transaction it is given, the articles, revisions, aliases, tags and the rows
of the change log that tell of them.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import datetime
from typing import Any, TypeVar

import sqlalchemy as sa

from archive import changes, identity
from archive.article import ArchivedArticle, Article, Attachment, Revision, State
from archive.changes import Kind
from archive.errors import NoSuchArticle
from archive.tables import aliases, articles, revisions, sources, tags
from persian.text import search_key
from sources import Province

Value = TypeVar("Value")

LOOKUP = 500  # keys in one IN (…); SQLite's oldest limit on parameters is 999


@dataclass(frozen=True, slots=True)
class Saved:
    """What became of one reading; `kind` is None when it told nothing new."""

    id: str
    kind: Kind | None


@dataclass(slots=True)
class _Known:
    """An article of the archive as far as saving needs it; `pk` is None until a new one is inserted."""

    pk: int | None
    id: str
    native_id: str | None
    url: str
    content_hash: str
    extractor: str
    revision: int
    state: State
    last_seen: datetime


@dataclass(slots=True)
class _Memory:
    """Whom a batch may be about: items by (source, key) and by pk, and its new ones by (source, title key)."""

    by_key: dict[tuple[str, str], _Known] = field(default_factory=dict)
    by_pk: dict[int, _Known] = field(default_factory=dict)
    new: dict[tuple[str, str], list[tuple[_Known, Article]]] = field(default_factory=dict)


@dataclass(slots=True)
class _Writes:
    """What a batch amounts to, gathered before anything is written."""

    new: list[tuple[_Known, dict[str, Any]]] = field(default_factory=list)
    updated: list[tuple[_Known, dict[str, Any]]] = field(default_factory=list)
    revisions: list[tuple[_Known, dict[str, Any]]] = field(default_factory=list)
    rereadings: list[tuple[_Known, dict[str, Any]]] = field(default_factory=list)
    tags: dict[str, tuple[_Known, tuple[str, ...]]] = field(default_factory=dict)
    aliases: dict[tuple[str, str], tuple[_Known, str]] = field(default_factory=dict)
    changes: list[tuple[_Known, dict[str, Any]]] = field(default_factory=list)


def save(connection: sa.Connection, batch: Sequence[Article], crawl: int | None = None) -> list[Saved]:
    """Keep a batch of readings, each of a source that the archive knows; returns what became of each, in order."""
    memory = _recall(connection, batch)
    seq = changes.newest(connection)
    writes, result = _Writes(), []
    for article in batch:
        item_keys = identity.keys(article.native_id, article.url, article.aliases)
        item = _same_key(memory, article, item_keys) or _same_title_and_day(connection, memory, article)
        kind, item = _judge(article, item)
        if kind is Kind.NEW:
            memory.new.setdefault((article.source, identity.title_key(article)), []).append((item, article))
        if kind:
            seq += 1
            change = {
                "seq": seq,
                "at": article.fetched_at,
                "kind": str(kind),
                "revision": item.revision,
                "crawl": crawl,
            }
            writes.changes.append((item, change))
        _gather(writes, article, item, kind, seq)
        for key, address in item_keys.items():
            if (article.source, key) not in memory.by_key:
                memory.by_key[article.source, key] = item
                writes.aliases[article.source, key] = (item, address)
        result.append(Saved(item.id, kind))
    _write(connection, writes)
    return result


def _recall(connection: sa.Connection, batch: Iterable[Article]) -> _Memory:
    """The archive's articles that any key in the batch stands for."""
    wanted: dict[str, list[str]] = {}
    for article in batch:
        wanted.setdefault(article.source, []).extend(identity.keys(article.native_id, article.url, article.aliases))
    memory = _Memory()
    statement = sa.select(aliases.c.key, *_KNOWN_COLUMNS).join(articles, articles.c.pk == aliases.c.article)
    for source, source_keys in wanted.items():
        for some in _chunks(source_keys):
            for key, *columns in connection.execute(
                statement.where(aliases.c.source == source, aliases.c.key.in_(some))
            ):
                memory.by_key[source, key] = _known(memory, columns)
    return memory


_KNOWN_COLUMNS = (
    articles.c.pk,
    articles.c.id,
    articles.c.native_id,
    articles.c.url,
    articles.c.content_hash,
    articles.c.extractor,
    articles.c.revision,
    articles.c.state,
    articles.c.last_seen,
)


def _known(memory: _Memory, columns: Sequence[Any]) -> _Known:
    """The one `_Known` of an article in this batch, from the columns of its row."""
    pk, id_, native_id, url, content_hash, extractor, revision, state, last_seen = columns
    item = _Known(pk, id_, native_id, url, content_hash, extractor, revision, State(state), last_seen)
    return memory.by_pk.setdefault(pk, item)


def _same_key(memory: _Memory, article: Article, item_keys: Mapping[str, str]) -> _Known | None:
    """The item that the strongest known key stands for.

    Two native ids are two items unless both have the very same address: CMSs name the listing, or one release, as the
    canonical address of all.
    """
    for key in item_keys:
        item = memory.by_key.get((article.source, key))
        if item and (
            key.startswith("id:")
            or None in (article.native_id, item.native_id)
            or identity.url_key(item.url) == identity.url_key(article.url)
        ):
            return item
    return None


def _same_title_and_day(connection: sa.Connection, memory: _Memory, article: Article) -> _Known | None:
    """The last rung of identity: an item that came under a new id and a new address."""
    title_key = identity.title_key(article)
    statement = (
        sa.select(*_KNOWN_COLUMNS)
        .where(articles.c.source == article.source, articles.c.title_key == title_key)
        .order_by(articles.c.pk)
    )
    for columns in connection.execute(statement).all():
        kept = get(connection, columns[1])
        if identity.same_release(article, kept.article):
            return _known(memory, columns)
    candidates = memory.new.get((article.source, title_key), ())
    return next((item for item, reading in candidates if identity.same_release(article, reading)), None)


def _judge(article: Article, item: _Known | None) -> tuple[Kind | None, _Known]:
    """What a reading means for the item it is of, and the item as it is from now on."""
    if item is None:
        id_, _ = identity.mint(article.source, article.native_id, article.url)
        native_id, seen = article.native_id, article.fetched_at
        item = _Known(None, id_, native_id, article.url, article.content_hash, article.extractor, 1, State.LIVE, seen)
        return Kind.NEW, item
    kind = None
    if item.content_hash != article.content_hash:
        kind = Kind.REVISED if item.extractor == article.extractor else Kind.REREAD
    elif item.state is State.GONE:
        kind = Kind.BACK
    if kind is Kind.REVISED:
        item.revision += 1
    item.content_hash, item.extractor = article.content_hash, article.extractor
    item.last_seen = max(item.last_seen, article.fetched_at)
    item.url, item.state = article.url, State.LIVE
    return kind, item


def _gather(writes: _Writes, article: Article, item: _Known, kind: Kind | None, seq: int) -> None:
    if kind is Kind.NEW:
        writes.new.append((item, _new_row(article, seq)))
        writes.revisions.append((item, _revision_row(article, item.revision)))
        writes.tags[item.id] = (item, article.tags)
        return
    seen = {
        "last_seen": item.last_seen,
        "url": item.url,
        "state": str(item.state),
        "extractor": item.extractor,  # of the newest reading, so that the next edit is seen as one
    }
    if kind in (Kind.REVISED, Kind.REREAD):
        seen |= _content_row(article) | {"revision": item.revision, "change": seq}
        if article.published is None:
            del seen["ordered_at"]  # an undated release stays where its first reading put it
        rows = writes.revisions if kind is Kind.REVISED else writes.rereadings
        rows.append((item, _revision_row(article, item.revision)))
        writes.tags[item.id] = (item, article.tags)
    elif kind is Kind.BACK:
        seen |= {"change": seq}
    writes.updated.append((item, seen))


def _new_row(article: Article, seq: int) -> dict[str, Any]:
    id_, guid = identity.mint(article.source, article.native_id, article.url)
    return _content_row(article) | {
        "id": id_,
        "guid": guid,
        "source": article.source,
        "native_id": article.native_id,
        "url": article.url,
        "first_seen": article.fetched_at,
        "last_seen": article.fetched_at,
        "state": str(State.LIVE),
        "revision": 1,
        "change": seq,
    }


def _content_row(article: Article) -> dict[str, Any]:
    """The columns of `articles` that follow from the newest reading."""
    return {
        "title_key": identity.title_key(article),
        "ordered_at": article.ordering,
        "content_hash": article.content_hash,
        "extractor": article.extractor,
    }


def _revision_row(article: Article, number: int) -> dict[str, Any]:
    return {
        "number": number,
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
    }


def _write(connection: sa.Connection, writes: _Writes) -> None:
    if writes.new:
        statement = sa.insert(articles).returning(articles.c.pk, sort_by_parameter_order=True)
        numbers = connection.execute(statement, [row for _, row in writes.new]).scalars()
        for (item, _), number in zip(writes.new, numbers, strict=True):
            item.pk = number
    for item, row in writes.updated:
        connection.execute(sa.update(articles).where(articles.c.pk == item.pk).values(**row))
    if writes.revisions:
        connection.execute(sa.insert(revisions), [row | {"article": item.pk} for item, row in writes.revisions])
    for item, row in writes.rereadings:
        where = (revisions.c.article == item.pk, revisions.c.number == row["number"])
        kept = {name: value for name, value in row.items() if name != "seen_at"}
        connection.execute(sa.update(revisions).where(*where).values(**kept))
    _write_tags(connection, list(writes.tags.values()))
    if writes.aliases:
        rows = [
            {"source": source, "key": key, "article": item.pk, "url": url}
            for (source, key), (item, url) in writes.aliases.items()
        ]
        connection.execute(sa.insert(aliases), rows)
    changes.append(connection, [row | {"article": item.pk} for item, row in writes.changes])


def _write_tags(connection: sa.Connection, tagged: list[tuple[_Known, tuple[str, ...]]]) -> None:
    for some in _chunks([item.pk for item, _ in tagged]):
        connection.execute(sa.delete(tags).where(tags.c.article.in_(some)))
    rows = {(search_key(tag), item.pk) for item, item_tags in tagged for tag in item_tags}
    if rows:
        connection.execute(sa.insert(tags), [{"key": key, "article": pk} for key, pk in sorted(rows)])


def _chunks(values: Iterable[Value]) -> Iterator[list[Value]]:
    distinct = list(dict.fromkeys(values))
    for start in range(0, len(distinct), LOOKUP):
        yield distinct[start : start + LOOKUP]


# ---- reading back ----

SELECTED = (
    sa.select(
        articles.c.pk,
        articles.c.id,
        articles.c.guid,
        articles.c.source,
        articles.c.native_id,
        articles.c.url,
        articles.c.ordered_at,
        articles.c.first_seen,
        articles.c.last_seen,
        articles.c.state,
        articles.c.revision.label("newest"),
        articles.c.change,
        sources.c.agency,
        sources.c.province,
        sources.c.province_key,
        sources.c.province_fa,
        sources.c.province_en,
        *(column for column in revisions.c if column.name != "article"),
    )
    .join(sources, sources.c.id == articles.c.source)
    .join(revisions, revisions.c.article == articles.c.pk)
)
NEWEST = SELECTED.where(revisions.c.number == articles.c.revision)


def get(connection: sa.Connection, id_: str, revision: int | None = None) -> ArchivedArticle:
    """One article by its id, as it is now or as an older revision read; raises `NoSuchArticle`."""
    statement = NEWEST if revision is None else SELECTED.where(revisions.c.number == revision)
    row = connection.execute(statement.where(articles.c.id == id_)).one_or_none()
    if row:
        return assemble(connection, [row])[0]
    if revision is not None and (held := get(connection, id_).revisions):
        raise NoSuchArticle(f"{id_} has no revision {revision}; its revisions are 1 to {held}")
    raise NoSuchArticle(f'no article {id_!r} in the archive; ids look like "mcls-yazd/5273" (see `monadi query`)')


def history(connection: sa.Connection, id_: str) -> list[Revision]:
    """The revisions of an article, oldest first; raises `NoSuchArticle`."""
    columns = revisions.c.number, revisions.c.seen_at, revisions.c.extractor, revisions.c.content_hash
    statement = sa.select(*columns).join(articles, articles.c.pk == revisions.c.article).where(articles.c.id == id_)
    found = [Revision(**row._asdict()) for row in connection.execute(statement.order_by(revisions.c.number))]
    if not found:
        get(connection, id_)
    return found


def known(connection: sa.Connection, source: str, item_keys: Iterable[str]) -> dict[str, datetime]:
    """Those of an item's keys that the source's articles are known by, each with when its article was first seen."""
    statement = (
        sa.select(aliases.c.key, articles.c.first_seen)
        .join(articles, articles.c.pk == aliases.c.article)
        .where(aliases.c.source == source)
    )
    found: dict[str, datetime] = {}
    for some in _chunks(item_keys):
        found.update(tuple(row) for row in connection.execute(statement.where(aliases.c.key.in_(some))))
    return found


def assemble(connection: sa.Connection, rows: Sequence[Any]) -> list[ArchivedArticle]:
    """Records from rows of `SELECTED`, with every other address that their articles were met under."""
    addresses: dict[int, set[str]] = {}
    for some in _chunks(row.pk for row in rows):
        statement = sa.select(aliases.c.article, aliases.c.url).where(aliases.c.article.in_(some))
        for pk, url in connection.execute(statement):
            addresses.setdefault(pk, set()).add(url)
    return [_assemble(row, addresses.get(row.pk, set())) for row in rows]


def _assemble(row: Any, addresses: set[str]) -> ArchivedArticle:
    article = Article(
        source=row.source,
        url=row.url,
        aliases=tuple(sorted(addresses - {row.url})),
        native_id=row.native_id,
        kicker=row.kicker,
        title=row.title,
        lead=row.lead,
        body=row.body,
        body_html=row.body_html,
        byline=row.byline,
        category=row.category,
        tags=tuple(row.tags),
        image=row.image,
        attachments=tuple(Attachment(**attachment) for attachment in row.attachments),
        published=row.published,
        modified=row.modified,
        extractor=row.extractor,
        fetched_at=row.seen_at,
    )
    return ArchivedArticle(
        id=row.id,
        guid=row.guid,
        article=article,
        agency=row.agency,
        province=Province(key=row.province_key, iso=row.province, fa=row.province_fa, en=row.province_en, variants=()),
        first_seen=row.first_seen,
        last_seen=row.last_seen,
        revised_at=row.seen_at,
        state=State(row.state),
        revision=row.number,
        revisions=row.newest,
        content_hash=row.content_hash,
        change=row.change,
    )
