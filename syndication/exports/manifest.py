"""The manifest of an export: a Data Package (https://datapackage.org) that says what was asked, of which state of the
archive, what came of it and how complete it can be.

Two exports of one state of the archive have the same manifest but for `created`.
"""

import hashlib
import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from itertools import chain
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from archive import Query
from archive.article import stamp
from archive.tables import changes
from archive.version import MONADI_VERSION
from persian.calendars import TEHRAN, to_jalali
from syndication.exports import citation
from syndication.exports.extract import Extract
from syndication.exports.fields import COLUMNS, RECORD, Field, Type
from syndication.exports.formats import Format
from syndication.exports.sheets import SEPARATOR

PROFILE = "https://datapackage.org/profiles/2.0/datapackage.json"
TITLE = "Press releases of Iranian provincial offices"
ATTRIBUTION = (
    "Each text belongs to the office that published it and is given as it was published: name the office, the address "
    "and the date when quoting. The collection was made by Monadi and adds no rights of its own."
)
SCHEMA = "schema.json"  # beside the manifest of a dataset, whose many files share it

PLAIN = {
    Type.TEXT: "string",
    Type.WORD: "string",
    Type.INTEGER: "integer",
    Type.SMALL: "integer",
    Type.INSTANT: "datetime",
    Type.DAY: "date",
    Type.LIST: "array",
    Type.OBJECT: "object",
    Type.OBJECTS: "array",
}


def package(
    extract: Extract,
    *,
    name: str,
    created: datetime,
    resources: Sequence[Mapping[str, Any]] = (),
) -> dict[str, Any]:
    """The manifest of an extract that has passed."""
    tally = extract.tally
    facts = {
        "title": TITLE,
        "contents": f"{tally.articles} articles of {len(tally.sources)} offices; {described(extract.asked)}",
        "change": str(extract.change),
        "as_of": _as_of(extract),
        "hash": str(resources[0].get("hash", "")) if len(resources) == 1 else "",
    }
    return {
        "$schema": PROFILE,
        "name": slug(name),
        "title": TITLE,
        "description": described(extract.asked),
        "version": facts["change"],
        "created": stamp(created),
        "attribution": ATTRIBUTION,
        "sources": [{"title": office.name_fa, "path": office.url} for office in extract.offices.values()],
        "contributors": [{"title": f"Monadi {MONADI_VERSION}", "roles": ["compiler"]}],
        "query": asked(extract.asked),
        "change": extract.change,
        "since_change": extract.since,
        "as_of": facts["as_of"],
        "left": extract.left,
        "counts": tally.to_dict(),
        "extractors": dict(sorted(tally.extractors.items())),
        "coverage": extract.coverage(),
        "citation": {"text": citation.export_text(facts), "bibtex": citation.export_bibtex(facts)},
        "resources": list(resources),
    }


def _as_of(extract: Extract) -> str:
    at = extract.connection.scalar(sa.select(changes.c.at).where(changes.c.seq == extract.change))
    return stamp(at) if at else "before anything was harvested"


# ---- resources ----


def resource(format_: Format, file: Path, path: str, name: str) -> dict[str, Any]:
    """One file under the path that the manifest names it by."""
    table = {} if format_.name == "sqlite" else {"type": "table"}
    dialect = {"dialect": {"table": "articles"}} if format_.name == "sqlite" else {}
    return {
        **_described_file(format_, file, path, name),
        **table,
        **dialect,
        "schema": schema(format_.name),
    }


def parts(format_: Format, directory: Path) -> list[dict[str, Any]]:
    """The files of a dataset; `SCHEMA` is theirs together."""
    found = []
    for file in sorted(directory.rglob("*.parquet")):
        path = file.relative_to(directory).as_posix()
        described_file = _described_file(format_, file, path, path.removesuffix(".parquet"))
        found.append({**described_file, "type": "table", "schema": SCHEMA})
    return found


def _described_file(format_: Format, file: Path, path: str, name: str) -> dict[str, Any]:
    with file.open("rb") as stream:
        hash_ = hashlib.file_digest(stream, "sha256").hexdigest()
    encoding = {"encoding": "utf-8"} if format_.write and format_.name != "parquet" else {}
    return {
        "name": slug(name),
        "path": path,
        "format": format_.name,
        "mediatype": format_.mediatype,
        **encoding,
        "bytes": file.stat().st_size,
        "hash": f"sha256:{hash_}",
    }


def slug(name: str) -> str:
    return re.sub("[^a-z0-9._-]+", "-", name.lower()).strip("-.") or "monadi"


def schema(format_: str) -> dict[str, Any]:
    """The Table Schema of a format: nested for records, `COLUMNS` for tables."""
    nested = format_ in ("ndjson", "json")
    fields: Iterable[Field] = RECORD if nested else (column.field for column in COLUMNS)
    if format_ == "sqlite":
        fields = (field for field in fields if field.type not in (Type.LIST, Type.OBJECTS))
    return {"fields": [_field(field, format_) for field in fields], "primaryKey": ["id"]}


def _field(field: Field, format_: str) -> dict[str, Any]:
    type_, text = PLAIN[field.type], field.text
    if format_ == "csv" and field.type is Type.LIST:
        type_, text = "string", f"{text}, joined by {SEPARATOR}"
    elif field.fields:
        text = f"{text}: {', '.join(part.name for part in field.fields if part.derived is None)}"
    required = {"constraints": {"required": True}} if field.required else {}
    return {"name": field.name, "type": type_, "description": text, **required}


# ---- the query ----


def asked(query: Query) -> dict[str, Any]:
    """The filters that are set, by the names of `Query`."""
    instants = {"since": query.since and stamp(query.since), "until": query.until and stamp(query.until)}
    lists = {
        "provinces": [*query.provinces],
        "agencies": [*query.agencies],
        "sources": [*query.sources],
        "tags": [*query.tags],
        "states": [str(state) for state in query.states],
    }
    plain = {"text": query.text, "changed_since": query.changed_since, "limit": query.limit}
    every = {**plain, **lists, **instants, "sort": str(query.sort)}
    return {name: value for name, value in every.items() if value not in (None, "", [])}


def described(query: Query) -> str:
    """The query in words."""
    lists = (
        ("of province", query.provinces),
        ("of agency", query.agencies),
        ("of office", query.sources),
        ("tagged", query.tags),
        ("whose state is", [str(state) for state in query.states]),
    )
    said = [f"{words} {' or '.join(values)}" for words, values in lists if values]
    if query.text:
        said.insert(0, f"that match: {query.text}")
    if query.since:
        said.append(f"from {_day(query.since)}")
    if query.until:
        said.append(f"before {_day(query.until)}")
    if query.changed_since is not None:
        said.append(f"changed after number {query.changed_since} of the change log")
    if query.limit is not None:
        said.append(f"at most {query.limit}")
    return ", ".join(chain(["every article" if not said else "articles"], said)) + f"; {query.sort} first"


def _day(moment: datetime) -> str:
    """The day in Tehran, in both calendars."""
    local = moment.astimezone(TEHRAN).date()
    year, month, day = to_jalali(local)
    return f"{year}-{month:02}-{day:02} ({local})"
