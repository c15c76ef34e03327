"""Records as one SQLite file that needs nothing else to be read: tables, views, and the manifest in `meta`.

`articles` has `fields.COLUMNS` but for the lists, which are tables of their own (`tags`, `aliases`, `attachments`,
`stated_dates`); `revisions` has the readings that a later one superseded; `sources` and `provinces` say who published.
The views join them for the questions that are asked most. There is no full-text index: SQLite's tokenizers split words
at the half-space; `LIKE` finds what is written, `monadi query` what is meant.
"""

import sqlite3
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import asdict
from itertools import islice
from pathlib import Path
from typing import Any

import orjson

from syndication.errors import CannotWrite
from syndication.exports.extract import Extract
from syndication.exports.fields import COLUMNS, Column, Record, Type

BATCH = 500
PAGE_SIZE = 8192  # bytes; a release's text fits in one or two pages

LISTS = tuple(column for column in COLUMNS if column.type in (Type.LIST, Type.OBJECTS))
CELLS = tuple(column for column in COLUMNS if column not in LISTS)
AFFINITIES = {Type.INTEGER: "INTEGER", Type.SMALL: "INTEGER"}

OFFICES = """
CREATE TABLE meta (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE provinces (iso TEXT PRIMARY KEY, key TEXT NOT NULL, fa TEXT NOT NULL, en TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE sources (
    id TEXT PRIMARY KEY, agency TEXT NOT NULL, agency_fa TEXT NOT NULL, agency_en TEXT NOT NULL,
    province TEXT NOT NULL REFERENCES provinces, county TEXT, name_fa TEXT NOT NULL, name_en TEXT NOT NULL,
    platform TEXT NOT NULL, url TEXT NOT NULL
) WITHOUT ROWID;
CREATE TABLE revisions (
    article TEXT NOT NULL REFERENCES articles, number INTEGER NOT NULL, seen_at TEXT NOT NULL,
    extractor TEXT NOT NULL, content_hash TEXT NOT NULL, kicker TEXT, title TEXT NOT NULL, lead TEXT,
    body TEXT NOT NULL, published TEXT, PRIMARY KEY (article, number)
);
"""

AFTERWARDS = """
CREATE INDEX articles_source ON articles (source, published_on);
CREATE INDEX articles_published ON articles (published_on);
CREATE INDEX articles_jalali ON articles (published_jalali_year, published_jalali_month);
CREATE INDEX tags_tag ON tags (value);
CREATE VIEW releases AS
    SELECT a.id, a.published_on AS day, a.published_jalali AS jalali, a.province_fa AS province, s.name_fa AS office,
           a.kicker, a.title, a.lead, a.body, a.url
    FROM articles a JOIN sources s ON s.id = a.source WHERE a.state = 'live';
CREATE VIEW by_month AS
    SELECT published_jalali_year AS jalali_year, published_jalali_month AS jalali_month, province_iso AS province,
           source, count(*) AS articles
    FROM articles GROUP BY 1, 2, 3, 4;
CREATE VIEW by_tag AS SELECT value AS tag, count(*) AS articles FROM tags GROUP BY 1 ORDER BY 2 DESC;
CREATE VIEW readings AS
    SELECT article, number, seen_at, extractor, content_hash, kicker, title, lead, body, published FROM revisions
    UNION ALL
    SELECT id, revision, NULL, extractor, content_hash, kicker, title, lead, body, published_gregorian FROM articles;
"""
"""What is made when the rows are in."""


def database(extract: Extract, file: Path, about: Callable[[], Mapping[str, Any]]) -> None:
    """Fill a new SQLite file; `about` is asked for the manifest when all records have passed. Raises `CannotWrite`."""
    connection = sqlite3.connect(file, isolation_level=None)
    try:
        for pragma in (f"page_size = {PAGE_SIZE}", "journal_mode = OFF", "synchronous = OFF", "cache_size = -16000"):
            connection.execute(f"PRAGMA {pragma}")
        connection.execute("BEGIN")
        _fill(connection, extract, about)
        connection.execute("COMMIT")
    except sqlite3.OperationalError as error:  # a disk that is full, a directory that has gone
        raise CannotWrite(f"{file.parent}: the SQLite file cannot be written: {error}") from error
    finally:
        connection.close()


def _fill(connection: sqlite3.Connection, extract: Extract, about: Callable[[], Mapping[str, Any]]) -> None:
    for statement in _split(OFFICES):
        connection.execute(statement)
    connection.execute(_articles_table())
    for column in LISTS:
        connection.execute(_list_table(column))
    _write_offices(connection, extract)
    records = extract.records()
    while batch := list(islice(records, BATCH)):
        _write(connection, batch)
        revised = [record["id"] for record in batch if record["revisions"] > 1]
        _insert(connection, "revisions", extract.earlier(revised))
    for statement in _split(AFTERWARDS):
        connection.execute(statement)
    meta = {"change": extract.change, "manifest": about()}
    rows = [(name, value if isinstance(value, int) else orjson.dumps(value).decode()) for name, value in meta.items()]
    connection.executemany("INSERT INTO meta VALUES (?, ?)", rows)


def _split(script: str) -> list[str]:
    return [statement for statement in script.split(";\n") if statement.strip()]


def _articles_table() -> str:
    cells = (
        f"{column.name} {AFFINITIES.get(column.type, 'TEXT')}{' NOT NULL' if column.field.required else ''}"
        for column in CELLS
    )
    keys = "PRIMARY KEY (id), FOREIGN KEY (source) REFERENCES sources, FOREIGN KEY (province_iso) REFERENCES provinces"
    return f"CREATE TABLE articles ({', '.join(cells)}, {keys})"


def _parts(column: Column) -> dict[str, str]:
    """The columns of a list's table, beside the article and the place in the list."""
    if column.type is Type.LIST:
        return {"value": "TEXT"}
    return {part.name: AFFINITIES.get(part.type, "TEXT") for part in column.field.fields}


def _list_table(column: Column) -> str:
    parts = ", ".join(f'"{name}" {affinity}' for name, affinity in _parts(column).items())
    return (
        f"CREATE TABLE {column.name} (article TEXT NOT NULL REFERENCES articles, place INTEGER NOT NULL, {parts}, "
        "PRIMARY KEY (article, place)) WITHOUT ROWID"
    )


def _write_offices(connection: sqlite3.Connection, extract: Extract) -> None:
    offices = list(extract.offices.values())
    provinces = {
        office.province: {
            "iso": office.province,
            "key": office.province_key,
            "fa": office.province_fa,
            "en": office.province_en,
        }
        for office in offices
    }
    _insert(connection, "provinces", provinces.values())
    left_out = ("province_key", "province_fa", "province_en")
    _insert(
        connection,
        "sources",
        ({name: value for name, value in asdict(office).items() if name not in left_out} for office in offices),
    )


def _insert(connection: sqlite3.Connection, table: str, rows: Iterable[Mapping[str, Any]]) -> None:
    for row in rows:
        names, marks = ", ".join(row), ", ".join("?" * len(row))
        connection.execute(f"INSERT INTO {table} ({names}) VALUES ({marks})", tuple(row.values()))  # noqa: S608


def _write(connection: sqlite3.Connection, batch: Sequence[Record]) -> None:
    marks = ", ".join("?" * len(CELLS))
    takes = [column.value for column in CELLS]
    connection.executemany(
        f"INSERT INTO articles VALUES ({marks})",  # noqa: S608
        ([take(record) for take in takes] for record in batch),
    )
    for column in LISTS:
        parts = _parts(column)
        rows = [
            (record["id"], place, *_list_row(column, value))
            for record in batch
            for place, value in enumerate(column.value(record) or ())
        ]
        marks = ", ".join("?" * (2 + len(parts)))
        connection.executemany(f"INSERT INTO {column.name} VALUES ({marks})", rows)  # noqa: S608


def _list_row(column: Column, value: Any) -> tuple[Any, ...]:
    if column.type is Type.LIST:
        return (value,)
    return tuple(value.get(part.name) for part in column.field.fields)
