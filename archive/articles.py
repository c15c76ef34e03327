"""What the archive holds of an article, read back into records."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Any, TypeVar

import sqlalchemy as sa

from archive.article import ArchivedArticle, Article, Attachment, Revision, SnapshotRecord, State, StatedDate
from archive.errors import NoSuchArticle
from archive.tables import aliases, articles, copies, revisions, snapshots, sources
from sources import Province

Value = TypeVar("Value")

LOOKUP = 500  # values in one IN (…); SQLite's oldest limit on parameters is 999

FIRST = articles.alias("first")  # of the releases of one text

SELECTED = (
    sa.select(
        articles.c.pk,
        articles.c.id,
        articles.c.guid,
        articles.c.source,
        articles.c.native_id,
        articles.c.url,
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
        snapshots.c.file.label("warc"),
        FIRST.c.id.label("first_id"),
        *(column for column in revisions.c if column.name != "article"),
    )
    .join(sources, sources.c.id == articles.c.source)
    .join(revisions, revisions.c.article == articles.c.pk)
    .outerjoin(snapshots, snapshots.c.record == revisions.c.snapshot)
    .outerjoin(copies, copies.c.article == articles.c.pk)
    .outerjoin(FIRST, FIRST.c.pk == copies.c.first)
)
NEWEST = SELECTED.where(revisions.c.number == articles.c.revision)
THESE = NEWEST.where(articles.c.pk.in_(sa.bindparam("pks", expanding=True)))  # a statement that stays is made once
OTHER_ADDRESSES = (
    sa.select(aliases.c.article, aliases.c.url)
    .join(articles, articles.c.pk == aliases.c.article)
    .where(aliases.c.url != articles.c.url, aliases.c.article.in_(sa.bindparam("pks", expanding=True)))
)

_NAMES = tuple(SELECTED.selected_columns.keys())
_STATES = {str(state): state for state in State}


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


def revisions_of(connection: sa.Connection, ids: Iterable[str]) -> Iterator[ArchivedArticle]:
    """Every revision of the articles with these ids, each as it reads: in the order of the ids, the oldest first."""
    for some in chunks(ids):
        order = {id_: place for place, id_ in enumerate(some)}
        rows = connection.execute(SELECTED.where(articles.c.id.in_(some)).order_by(revisions.c.number)).all()
        yield from assemble(connection, sorted(rows, key=lambda row: order[row.id]))


def readings(connection: sa.Connection, id_: str, numbers: Iterable[int]) -> dict[int, ArchivedArticle]:
    """An article as those of these revisions read that it has, by number."""
    rows = [
        row
        for some in chunks(numbers)
        for row in connection.execute(SELECTED.where(articles.c.id == id_, revisions.c.number.in_(some)))
    ]
    return {item.revision: item for item in assemble(connection, rows)}


def known(connection: sa.Connection, source: str, item_keys: Iterable[str]) -> dict[str, datetime]:
    """Those of an item's keys that the source's articles are known by, each with when its article was first seen."""
    return _instants(connection, source, item_keys, _FIRST_SEEN)


def last_seen(connection: sa.Connection, source: str, item_keys: Iterable[str]) -> dict[str, datetime]:
    """Those of an item's keys that the source's articles are known by, each with when its page was last read."""
    return _instants(connection, source, item_keys, _LAST_SEEN)


def held(connection: sa.Connection, source: str, key: str) -> ArchivedArticle | None:
    """The newest revision of the article that a source knows by a key."""
    statement = SELECTED.join(aliases, aliases.c.article == articles.c.pk)
    newest = revisions.c.number == articles.c.revision
    rows = list(connection.execute(statement.where(aliases.c.source == source, aliases.c.key == key, newest)))
    return next(iter(assemble(connection, rows)), None)


def last_out(connection: sa.Connection, source: str, now: datetime) -> datetime | None:
    """When the newest release of a source was out, as far as is known: the one that is dated last, future dates aside.

    It was published before it was first read, and, where its date has no time, on that day.
    """
    dated = sa.select(articles.c.ordered_at, articles.c.first_seen).where(
        articles.c.source == source, articles.c.ordered_at <= now
    )
    row = connection.execute(dated.order_by(articles.c.ordered_at.desc()).limit(1)).first()
    if row is None:
        return None
    seen: datetime = row.first_seen
    dated_at: datetime = row.ordered_at
    return max(seen, dated_at) if abs(seen - dated_at) < timedelta(days=1) else dated_at


def _of_keys(column: sa.Column[datetime]) -> sa.Select[Any]:
    """The keys of a source's articles that are among some, each with a column of its article."""
    these = aliases.c.key.in_(sa.bindparam("keys", expanding=True))
    joined = sa.select(aliases.c.key, column).join(articles, articles.c.pk == aliases.c.article)
    return joined.where(aliases.c.source == sa.bindparam("of"), these)


_FIRST_SEEN, _LAST_SEEN = _of_keys(articles.c.first_seen), _of_keys(articles.c.last_seen)


def _instants(
    connection: sa.Connection, source: str, item_keys: Iterable[str], statement: sa.Select[Any]
) -> dict[str, datetime]:
    found: dict[str, datetime] = {}
    for some in chunks(item_keys):
        found.update(tuple(row) for row in connection.execute(statement, {"of": source, "keys": some}))
    return found


def assemble(connection: sa.Connection, rows: Sequence[Any]) -> list[ArchivedArticle]:
    """Records from rows of `SELECTED`, with every other address that their articles were met under."""
    addresses: dict[int, set[str]] = {}
    for some in chunks(row.pk for row in rows):
        for pk, url in connection.execute(OTHER_ADDRESSES, {"pks": some}):
            addresses.setdefault(pk, set()).add(url)
    return [_assemble(row, addresses.get(row.pk, set())) for row in rows]


def _assemble(row: Any, addresses: set[str]) -> ArchivedArticle:
    kept = dict(zip(_NAMES, row, strict=False))  # a row takes five times as long to find a name
    article = Article(
        source=kept["source"],
        url=kept["url"],
        aliases=tuple(sorted(addresses)),
        native_id=kept["native_id"],
        kicker=kept["kicker"],
        title=kept["title"],
        lead=kept["lead"],
        body=kept["body"],
        body_html=kept["body_html"],
        byline=kept["byline"],
        category=kept["category"],
        tags=tuple(kept["tags"]),
        image=kept["image"],
        attachments=tuple(Attachment(**attachment) for attachment in kept["attachments"]),
        published=kept["published"],
        modified=kept["modified"],
        byline_province=kept["byline_province"],
        trailer=kept["trailer"],
        stated_dates=tuple(StatedDate(**date) for date in kept["stated_dates"] or ()),
        extractor=kept["extractor"],
        fetched_at=kept["seen_at"],
        snapshot=kept["snapshot"],
    )
    return ArchivedArticle(
        id=kept["id"],
        guid=kept["guid"],
        article=article,
        agency=kept["agency"],
        province=_province(kept["province_key"], kept["province"], kept["province_fa"], kept["province_en"]),
        first_seen=kept["first_seen"],
        last_seen=kept["last_seen"],
        revised_at=kept["seen_at"],
        state=_STATES[kept["state"]],
        revision=kept["number"],
        revisions=kept["newest"],
        content_hash=kept["content_hash"],
        change=kept["change"],
        snapshot=SnapshotRecord(warc=kept["warc"], record=kept["snapshot"]) if kept["snapshot"] else None,
        copy_of=kept["first_id"] if kept["first_id"] != kept["id"] else None,
    )


@lru_cache(maxsize=1024)
def _province(key: str, iso: str, fa: str, en: str) -> Province:
    return Province(key=key, iso=iso, fa=fa, en=en)


def chunks(values: Iterable[Value]) -> Iterator[list[Value]]:
    """Distinct values in lists short enough for one IN (…)."""
    distinct = list(dict.fromkeys(values))
    for start in range(0, len(distinct), LOOKUP):
        yield distinct[start : start + LOOKUP]
