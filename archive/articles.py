"""What the archive holds of an article, read back into records."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
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
        articles.c.ordered_at,
        articles.c.month,
        articles.c.first_seen,
        articles.c.last_seen,
        articles.c.state,
        articles.c.revision.label("newest"),
        articles.c.extractor.label("newest_extractor"),
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
    return _instants(connection, source, item_keys, articles.c.first_seen)


def last_seen(connection: sa.Connection, source: str, item_keys: Iterable[str]) -> dict[str, datetime]:
    """Those of an item's keys that the source's articles are known by, each with when its page was last read."""
    return _instants(connection, source, item_keys, articles.c.last_seen)


def _instants(
    connection: sa.Connection, source: str, item_keys: Iterable[str], column: sa.Column[datetime]
) -> dict[str, datetime]:
    joined = sa.select(aliases.c.key, column).join(articles, articles.c.pk == aliases.c.article)
    found: dict[str, datetime] = {}
    for some in chunks(item_keys):
        these = joined.where(aliases.c.source == source, aliases.c.key.in_(some))
        found.update(tuple(row) for row in connection.execute(these))
    return found


def assemble(connection: sa.Connection, rows: Sequence[Any]) -> list[ArchivedArticle]:
    """Records from rows of `SELECTED`, with every other address that their articles were met under."""
    addresses: dict[int, set[str]] = {}
    for some in chunks(row.pk for row in rows):
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
        byline_province=row.byline_province,
        trailer=row.trailer,
        stated_dates=tuple(StatedDate(**date) for date in row.stated_dates or ()),
        extractor=row.extractor,
        fetched_at=row.seen_at,
        snapshot=row.snapshot,
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
        snapshot=SnapshotRecord(warc=row.warc, record=row.snapshot) if row.snapshot else None,
        copy_of=row.first_id if row.first_id != row.id else None,
    )


def chunks(values: Iterable[Value]) -> Iterator[list[Value]]:
    """Distinct values in lists short enough for one IN (…)."""
    distinct = list(dict.fromkeys(values))
    for start in range(0, len(distinct), LOOKUP):
        yield distinct[start : start + LOOKUP]
