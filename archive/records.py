"""Records straight from rows: what `ArchivedArticle.to_dict()` gives of every answer, at several times its pace.

Exports of a whole archive need no `Article` in between. A test holds both ways to the same records.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any

import orjson
import sqlalchemy as sa

from archive.article import stamp
from archive.query import Query, Sort, _filtered, select
from archive.tables import aliases, articles, revisions, sources

Record = dict[str, Any]

BATCH = 500  # rows in memory at a time; SQLite's oldest limit on parameters is 999

DECODED = ("tags", "attachments", "published", "modified", "stated_dates")
STAMPED = ("first_seen", "last_seen")
FOUND_LATER = sa.null()  # a name's place in the order of the record

COLUMNS: dict[str, sa.ColumnElement[Any]] = {
    "id": articles.c.id,
    "source": articles.c.source,
    "agency": sources.c.agency,
    "province": sources.c.province,
    "url": articles.c.url,
    "aliases": FOUND_LATER,
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
    "snapshot": sa.null(),
    "copy_of": sa.null(),
    "change": articles.c.change,
    "byline_province": revisions.c.byline_province,
    "trailer": revisions.c.trailer,
    "stated_dates": revisions.c.stated_dates,
}
BESIDE = (sources.c.province_fa, sources.c.province_en, articles.c.pk)


def records(connection: sa.Connection, query: Query, matches: Sequence[int] | None = None) -> Iterator[Record]:
    """The records that answer a query, in its order, a batch in memory at a time; `matches` as `select` takes them."""
    if query.sort is Sort.BEST or query.cursor:
        yield from (item.to_dict() for item in select(connection, query, matches))
        return
    keys = (articles.c.ordered_at, articles.c.pk)
    order = keys if query.sort is Sort.OLDEST else tuple(key.desc() for key in keys)
    statement = _filtered(connection, query, _selected(connection), matches).order_by(*order).limit(query.limit)
    answer = connection.execute(statement, execution_options={"yield_per": BATCH})
    stamped = _stamped_text if connection.dialect.name == "sqlite" else stamp
    for rows in answer.partitions():
        addresses = _other_addresses(connection, [row[-1] for row in rows])
        for row in rows:
            yield _record(row, addresses.get(row[-1], set()), stamped)


def _selected(connection: sa.Connection) -> sa.Select[Any]:
    """The columns in the order of the record; JSON as its text, and SQLite's instants as theirs."""
    raw = sa.type_coerce if connection.dialect.name == "sqlite" else sa.cast
    columns = {**COLUMNS, **{name: raw(COLUMNS[name], sa.Text) for name in DECODED}}
    if connection.dialect.name == "sqlite":
        columns |= {name: sa.type_coerce(COLUMNS[name], sa.Text) for name in STAMPED}
    return (
        sa.select(*(column.label(name) for name, column in columns.items()), *BESIDE)
        .select_from(articles)
        .join(sources, sources.c.id == articles.c.source)
        .join(revisions, (revisions.c.article == articles.c.pk) & (revisions.c.number == articles.c.revision))
    )


def _record(row: Any, addresses: Iterable[str], stamped: Callable[[Any], str]) -> Record:
    *values, province_fa, province_en, _ = row
    record = dict(zip(COLUMNS, values, strict=True))
    record["province"] = {"iso": record["province"], "fa": province_fa, "en": province_en}
    record["aliases"] = sorted(addresses)
    for name in DECODED:
        text = record[name]
        record[name] = orjson.loads(text) if text else None
    record["stated_dates"] = record["stated_dates"] or []
    for attachment in record["attachments"]:
        if isinstance(attachment["length"], float):  # orjson's reading of what no 64-bit number holds
            attachment["length"] = None
    record["first_seen"] = stamped(record["first_seen"])
    record["last_seen"] = stamped(record["last_seen"])
    return record


def _stamped_text(moment: str) -> str:
    """`stamp` of an instant as SQLite keeps it: "2021-12-06 05:49:00.000000"."""
    return f"{moment[:10]}T{moment[11:19]}Z"


def _other_addresses(connection: sa.Connection, pks: Sequence[int]) -> dict[int, set[str]]:
    """The addresses that articles were met under, but for the one that they were read at last."""
    statement = (
        sa.select(aliases.c.article, aliases.c.url)
        .join(articles, articles.c.pk == aliases.c.article)
        .where(aliases.c.article.in_(pks), aliases.c.url != articles.c.url)
    )
    found: dict[int, set[str]] = {}
    for pk, url in connection.execute(statement):
        found.setdefault(pk, set()).add(url)
    return found
