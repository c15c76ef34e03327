"""Records straight from rows: what `ArchivedArticle.to_dict()` gives of every answer, at several times its pace.

Exports of a whole archive need no `Article` in between. A test holds both ways to the same records.
"""

from collections.abc import Callable, Iterator, Sequence
from typing import Any

import orjson
import sqlalchemy as sa

from archive.answers import select
from archive.article import stamp
from archive.articles import FIRST
from archive.clusters import answering
from archive.filters import Filters
from archive.query import Query, Sort
from archive.search import SearchIndex
from archive.tables import aliases, articles, copies, revisions, snapshots, sources

Record = dict[str, Any]

BATCH = 128  # rows in memory at a time: few enough to stay in the processor's cache

DECODED = ("aliases", "tags", "attachments", "published", "modified", "stated_dates")
LISTS = ("aliases", "tags", "attachments", "stated_dates")
STAMPED = ("first_seen", "last_seen")
EMPTY = ("[]", None)

COLUMNS: dict[str, sa.ColumnElement[Any]] = {
    "id": articles.c.id,
    "source": articles.c.source,
    "agency": sources.c.agency,
    "province": sources.c.province,
    "url": articles.c.url,
    "aliases": sa.null(),  # see `_selected`
    "native_id": articles.c.native_id,
    "kicker": revisions.c.kicker,
    "title": revisions.c.title,
    "lead": revisions.c.lead,
    "body": revisions.c.body,
    "body_html": revisions.c.body_html,
    "byline": revisions.c.byline,
    "category": revisions.c.category,
    "tags": revisions.c.tags,
    "image": revisions.c.image,
    "attachments": revisions.c.attachments,
    "published": revisions.c.published,
    "modified": revisions.c.modified,
    "first_seen": articles.c.first_seen,
    "last_seen": articles.c.last_seen,
    "state": articles.c.state,
    "revision": revisions.c.number,
    "revisions": articles.c.revision,
    "content_hash": revisions.c.content_hash,
    "extractor": revisions.c.extractor,
    "snapshot": revisions.c.snapshot,
    "copy_of": sa.case((FIRST.c.pk != articles.c.pk, FIRST.c.id)),
    "change": articles.c.change,
    "byline_province": revisions.c.byline_province,
    "trailer": revisions.c.trailer,
    "stated_dates": revisions.c.stated_dates,
}


def records(connection: sa.Connection, query: Query, index: SearchIndex) -> Iterator[Record]:
    """The records that answer a query, in its order, a batch in memory at a time.

    What a text finds, and pages, come as `select` gives them.
    """
    if query.text or query.sort is Sort.BEST or query.cursor:
        yield from (item.to_dict() for item in select(connection, query, index))
        return
    keys = (articles.c.ordered_at, articles.c.pk)
    order = keys if query.sort is Sort.OLDEST else tuple(key.desc() for key in keys)
    conditions = answering(Filters.of(connection, query), collapsed=query.collapse_copies)
    statement = _selected(connection).where(*conditions).order_by(*order).limit(query.limit)
    stamped = _stamped_text if connection.dialect.name == "sqlite" else stamp
    for rows in connection.execute(statement, execution_options={"yield_per": BATCH}).partitions():
        for row in rows:
            yield _record(row, stamped)


def _selected(connection: sa.Connection) -> sa.Select[Any]:
    """The columns in the order of the record, then the snapshot's file and the province's names; JSON and SQLite's
    instants as their text.
    """
    embedded = connection.dialect.name == "sqlite"
    raw = sa.type_coerce if embedded else sa.cast
    columns = COLUMNS | {"aliases": _other_addresses(sa.func.json_group_array if embedded else sa.func.json_agg)}
    columns |= {name: raw(columns[name], sa.Text) for name in DECODED}
    if embedded:
        columns |= {name: sa.type_coerce(columns[name], sa.Text) for name in STAMPED}
    return (
        sa.select(
            *(column.label(name) for name, column in columns.items()),
            snapshots.c.file,
            sources.c.province_fa,
            sources.c.province_en,
        )
        .select_from(articles)
        .join(sources, sources.c.id == articles.c.source)
        .join(revisions, (revisions.c.article == articles.c.pk) & (revisions.c.number == articles.c.revision))
        .outerjoin(snapshots, snapshots.c.record == revisions.c.snapshot)
        .outerjoin(copies, copies.c.article == articles.c.pk)
        .outerjoin(FIRST, FIRST.c.pk == copies.c.first)
    )


def _other_addresses(gathered: Any) -> sa.ColumnElement[Any]:
    """The addresses that an article was met under, but for the one that it was read at last."""
    return (
        sa.select(gathered(aliases.c.url.distinct()))
        .where(aliases.c.article == articles.c.pk, aliases.c.url != articles.c.url)
        .correlate(articles)
        .scalar_subquery()
    )


def _record(row: Sequence[Any], stamped: Callable[[Any], str]) -> Record:
    record = dict(zip(COLUMNS, row, strict=False))
    warc, province_fa, province_en = row[-3:]
    record["province"] = {"iso": record["province"], "fa": province_fa, "en": province_en}
    if record["snapshot"]:
        record["snapshot"] = {"warc": warc, "record": record["snapshot"]}
    for name in DECODED:
        text = record[name]
        if text not in EMPTY:
            record[name] = orjson.loads(text)
        elif name in LISTS:
            record[name] = []
    record["aliases"].sort()
    for attachment in record["attachments"]:
        if isinstance(attachment["length"], float):  # orjson's reading of what no 64-bit number holds
            attachment["length"] = None
    record["first_seen"] = stamped(record["first_seen"])
    record["last_seen"] = stamped(record["last_seen"])
    return record


def _stamped_text(moment: str) -> str:
    """`stamp` of an instant as SQLite keeps it: "2021-12-06 05:49:00.000000"."""
    return f"{moment[:10]}T{moment[11:19]}Z"
