"""Records straight from rows: what `ArchivedArticle.to_dict()` gives of every answer, at several times its pace.

Exports need no `Article` in between, and lines of JSON no values either: the database quotes the long texts, and what
it keeps as JSON already goes into the line as it is. A test holds all ways to the same records.
"""

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from operator import itemgetter
from typing import Any, Final, NamedTuple, TypeAlias

import orjson
import sqlalchemy as sa

from archive import answers, damage
from archive.article import stamp
from archive.articles import FIRST
from archive.clusters import answering
from archive.filters import Filters
from archive.query import Query, Sort
from archive.search import SearchIndex
from archive.tables import aliases, articles, copies, revisions, snapshots, sources

Record = dict[str, Any]
Kind: TypeAlias = tuple[str, str, str, str | None]
"""Source, state, extractor, and the Jalali year of publication."""

BATCH: Final = 128  # rows in memory at a time: few enough to stay in the processor's cache
JALALI: Final = '"jalali":"'  # before the date in a `published` as SQLite keeps it

NAMES: Final = (
    *("id", "source", "agency", "province", "url", "aliases", "native_id", "kicker", "title", "lead", "body"),
    *("body_html", "byline", "category", "tags", "image", "attachments", "published", "modified", "first_seen"),
    *("last_seen", "state", "revision", "revisions", "content_hash", "extractor", "snapshot", "copy_of", "change"),
    *("byline_province", "trailer", "stated_dates"),
)
"""Of a record, in their order."""

_Row: TypeAlias = Sequence[Any]
_Rows: TypeAlias = Iterator[Sequence[_Row]]
_Columns: TypeAlias = dict[str, sa.ColumnElement[Any]]

_TEXTS: Final = ("body", "body_html")  # the long ones
_JSON: Final = ("tags", "attachments", "published", "modified", "stated_dates")
_PLAIN: Final[_Columns] = {
    **{name: articles.c[name] for name in ("id", "source", "url", "native_id", "first_seen", "last_seen", "state")},
    "revisions": articles.c.revision,
    "change": articles.c.change,
    **{name: revisions.c[name] for name in ("kicker", "title", "lead", "body", "body_html", "byline", "category")},
    **{name: revisions.c[name] for name in ("image", "content_hash", "extractor", "byline_province", "trailer")},
    **{name: revisions.c[name] for name in _JSON},
    "snapshot": revisions.c.snapshot,
    "warc": snapshots.c.file,
    "copy_of": sa.case((FIRST.c.pk != articles.c.pk, FIRST.c.id)),
}


class Lines(NamedTuple):
    """Some records as JSON in UTF-8, and how many of each kind they are."""

    json: list[bytes]
    kinds: Counter[Kind]


def records(connection: sa.Connection, query: Query, index: SearchIndex) -> Iterator[Record]:
    """The records that answer a query, in its order, a batch in memory at a time."""
    fill, blank = _filler(connection, text=_same, json=orjson.loads), dict.fromkeys(NAMES)
    with damage.values():
        for rows in _rows(connection, query, index, _columns(connection)):
            for row in rows:
                yield fill(blank.copy(), row)


def lines(connection: sa.Connection, query: Query, index: SearchIndex) -> Iterator[Lines]:
    """The same as JSON: what `orjson.dumps` makes of each."""
    fill, dumps = _filler(connection, text=orjson.Fragment, json=orjson.Fragment), orjson.dumps
    columns = _columns_of_json(connection)
    kind_of = itemgetter(*map(list(columns).index, ("source", "state", "extractor", "year")))
    record: Record = dict.fromkeys(NAMES)  # one for all: none is kept
    with damage.values():
        for rows in _rows(connection, query, index, columns):
            yield Lines([dumps(fill(record, row)) for row in rows], Counter(map(kind_of, rows)))


def kind(record: Record) -> Kind:
    published = record["published"]
    return record["source"], record["state"], record["extractor"], published and published["jalali"][:4]


# ---- which rows ----


def _rows(connection: sa.Connection, query: Query, index: SearchIndex, columns: _Columns) -> _Rows:
    """Rows of the columns, as the driver gives them."""
    selected = _selected(columns)
    if query.text or query.sort is Sort.BEST or query.cursor or query.limit is not None:
        keyed = selected.add_columns(articles.c.pk)

        def read(pks: Sequence[int], filters: Filters) -> list[_Row]:
            fetched = _fetched(connection, keyed.where(articles.c.pk.in_(pks), *filters.judged()))
            return answers.in_order(pks, {row[-1]: row for rows in fetched for row in rows})

        yield from answers.walk(connection, query, index, read)
        return
    keys = (articles.c.ordered_at, articles.c.pk)
    order = keys if query.sort is Sort.OLDEST else tuple(key.desc() for key in keys)
    conditions = answering(Filters.of(connection, query), collapsed=query.collapse_copies)
    yield from _fetched(connection, selected.where(*conditions).order_by(*order))


def _fetched(connection: sa.Connection, statement: sa.Select[Any]) -> _Rows:
    """A batch at a time; SQLite's from the driver itself, because SQLAlchemy's rows take a third more."""
    if connection.dialect.name != "sqlite":
        yield from connection.execute(statement, execution_options={"yield_per": BATCH}).partitions()
        return
    result = connection.execute(statement)
    while rows := result.cursor.fetchmany(BATCH):
        yield rows
    result.close()  # not where nobody wants the rest: the connection may be gone by then, and its cursors with it


def _selected(columns: _Columns) -> sa.Select[Any]:
    return (
        sa.select(*(column.label(name) for name, column in columns.items()))
        .select_from(articles)
        .join(revisions, (revisions.c.article == articles.c.pk) & (revisions.c.number == articles.c.revision))
        .outerjoin(snapshots, snapshots.c.record == revisions.c.snapshot)
        .outerjoin(copies, copies.c.article == articles.c.pk)
        .outerjoin(FIRST, FIRST.c.pk == copies.c.first)
    )


# ---- their columns ----


def _columns(connection: sa.Connection) -> _Columns:
    """JSON as its text; None for an empty list."""
    embedded = connection.dialect.name == "sqlite"
    columns = dict(_PLAIN)
    for name in _JSON:
        text = sa.type_coerce(columns[name], sa.Text) if embedded else sa.cast(columns[name], sa.Text)
        columns[name] = text if name in ("published", "modified") else sa.func.nullif(text, "[]")
    return columns | {"aliases": _other_addresses(embedded=embedded)}


def _columns_of_json(connection: sa.Connection) -> _Columns:
    """As bytes, and the long texts as JSON too; after all others the Jalali year of publication."""
    embedded = connection.dialect.name == "sqlite"
    columns, quoted = _columns(connection), sa.func.json_quote if embedded else sa.func.to_json
    columns |= {name: quoted(columns[name]) for name in _TEXTS}
    for name in (*_TEXTS, *_JSON):
        text = sa.cast(columns[name], sa.Text)
        columns[name] = sa.cast(columns[name], sa.LargeBinary) if embedded else sa.func.convert_to(text, "UTF8")
    return columns | {"year": _year(embedded=embedded)}


def _year(*, embedded: bool) -> sa.ColumnElement[Any]:
    if not embedded:
        return sa.func.left(sa.cast(revisions.c.published, sa.JSON)["jalali"].as_string(), 4)
    kept = sa.type_coerce(revisions.c.published, sa.Text)
    return sa.func.substr(kept, sa.func.instr(kept, JALALI) + len(JALALI), 4)


def _other_addresses(*, embedded: bool) -> sa.ColumnElement[Any]:
    """The addresses that an article was met under, but for the one that it was read at last, as JSON, some of them
    again; None for none.
    """
    gathered = sa.func.json_group_array if embedded else sa.func.json_agg
    others = aliases.c.article == articles.c.pk, aliases.c.url != articles.c.url
    urls = sa.select(gathered(aliases.c.url)).where(*others).correlate(articles).scalar_subquery()
    return sa.func.nullif(urls, "[]") if embedded else sa.cast(urls, sa.Text)


# ---- what is made of them ----


def _same(value: Any) -> Any:
    return value


def _filler(
    connection: sa.Connection, *, text: Callable[[Any], Any], json: Callable[[Any], Any]
) -> Callable[[Record, _Row], Record]:
    """What fills a record from a row; `text` takes the long texts, `json` what is kept as JSON."""
    loads = orjson.loads
    offices = _offices(connection)
    stamped = _stamped_text if connection.dialect.name == "sqlite" else stamp

    def fill(record: Record, row: _Row) -> Record:
        (
            record["id"],
            source,
            record["url"],
            record["native_id"],
            first_seen,
            last_seen,
            record["state"],
            revision,
            record["change"],
            record["kicker"],
            record["title"],
            record["lead"],
            body,
            body_html,
            record["byline"],
            record["category"],
            record["image"],
            record["content_hash"],
            record["extractor"],
            record["byline_province"],
            record["trailer"],
            tags,
            attachments,
            published,
            modified,
            stated_dates,
            snapshot,
            warc,
            record["copy_of"],
            addresses,
            *_,
        ) = row
        record["source"] = source
        record["agency"], province = offices[source]
        record["province"] = json(province)
        record["aliases"] = sorted(set(loads(addresses))) if addresses else []
        record["body"] = text(body)
        record["body_html"] = text(body_html)
        record["tags"] = json(tags) if tags else []
        record["attachments"] = _files(loads(attachments)) if attachments else []
        record["published"] = json(published) if published else None
        record["modified"] = json(modified) if modified else None
        record["first_seen"] = stamped(first_seen)
        record["last_seen"] = stamped(last_seen)
        record["revision"] = record["revisions"] = revision
        record["snapshot"] = {"warc": warc, "record": snapshot} if snapshot else None
        record["stated_dates"] = json(stated_dates) if stated_dates else []
        return record

    return fill


def _offices(connection: sa.Connection) -> dict[str, tuple[str, bytes]]:
    """Agency, and province as JSON, by source."""
    columns = (sources.c[name] for name in ("id", "agency", "province", "province_fa", "province_en"))
    return {
        id_: (agency, orjson.dumps({"iso": iso, "fa": fa, "en": en}))
        for id_, agency, iso, fa, en in connection.execute(sa.select(*columns))
    }


def _files(attachments: list[Record]) -> list[Record]:
    for attachment in attachments:
        if isinstance(attachment["length"], float):  # orjson's reading of what no 64-bit number holds
            attachment["length"] = None
    return attachments


def _stamped_text(moment: str) -> str:
    """`stamp` of an instant as SQLite keeps it: "2021-12-06 05:49:00.000000"."""
    return f"{moment[:10]}T{moment[11:19]}Z"
