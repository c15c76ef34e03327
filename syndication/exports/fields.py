"""What a record says, name by name: the one definition that every format, the manifest and docs/exports.md follow.

NDJSON and JSON have the names of `RECORD`, nested as they are; tables (CSV, Parquet, SQLite) have `COLUMNS`, which are
made of them: an object's names become `province_iso`, `published_jalali` and so on, and a date has a few columns more
that a table is sorted and counted by.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any

Record = Mapping[str, Any]


class Type(StrEnum):
    """What a value is; `LIST` is of texts, `OBJECTS` a list of objects, `WORD` a text of which there are few."""

    TEXT = "text"
    WORD = "word"
    INTEGER = "integer"
    SMALL = "small integer"
    INSTANT = "instant"
    DAY = "day"
    LIST = "list of texts"
    OBJECT = "object"
    OBJECTS = "list of objects"


@dataclass(frozen=True, kw_only=True, slots=True)
class Field:
    """A name of the record; `fields` are those within an object. `derived` makes a column's value of its object.

    `required` says that it is never null where the object that it belongs to is there.
    """

    name: str
    type: Type
    text: str
    fields: tuple["Field", ...] = ()
    derived: Callable[[Mapping[str, Any]], Any] | None = None
    required: bool = False


@dataclass(frozen=True, kw_only=True, slots=True)
class Column:
    """A field of a table. `value` takes it from a record: an instant as RFC 3339, a day as ISO 8601, or None."""

    field: Field
    value: Callable[[Record], Any]

    @property
    def name(self) -> str:
        return self.field.name

    @property
    def type(self) -> Type:
        return self.field.type


def _field(name: str, type_: Type, text: str, *fields: Field, required: bool = False) -> Field:
    return Field(name=name, type=type_, text=text, fields=fields, required=required)


def _derived(name: str, type_: Type, text: str, value: Callable[[Mapping[str, Any]], Any]) -> Field:
    return Field(name=name, type=type_, text=text, derived=value)


# ---- what tables have of a date besides its names ----

EXACT = ("second", "minute")  # precisions that have an instant


def _at(date_: Mapping[str, Any]) -> str | None:
    if date_["precision"] not in EXACT:
        return None
    return datetime.fromisoformat(date_["gregorian"]).astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _on(date_: Mapping[str, Any]) -> str:
    return str(date_["gregorian"][:10])


def _jalali_part(place: int) -> Callable[[Mapping[str, Any]], int | None]:
    def part(date_: Mapping[str, Any]) -> int | None:
        parts = date_["jalali"].partition("T")[0].split("-")
        return int(parts[place]) if place < len(parts) else None

    return part


DATE = (
    _field(
        "gregorian",
        Type.TEXT,
        "RFC 3339 with Tehran's offset of that day; a day alone where no time is known",
        required=True,
    ),
    _field("jalali", Type.TEXT, "the same in the Jalali calendar, in Tehran's time without an offset", required=True),
    _field("rfc9557", Type.TEXT, "the same with zone and calendar, RFC 9557", required=True),
    _field("precision", Type.WORD, "second, minute, day or month", required=True),
    _field("raw", Type.TEXT, "what the page said", required=True),
    _field("origin", Type.WORD, "where it said it: page, meta, feed, listing", required=True),
    _field("flags", Type.LIST, "what was noticed and repaired", required=True),
    _derived("at", Type.INSTANT, "instant in UTC; empty where no time is known", _at),
    _derived("on", Type.DAY, "Gregorian day in Tehran; of a month its first", _on),
    _derived("jalali_year", Type.SMALL, "Jalali year", _jalali_part(0)),
    _derived("jalali_month", Type.SMALL, "Jalali month, 1 to 12", _jalali_part(1)),
    _derived("jalali_day", Type.SMALL, "Jalali day of the month; empty where only the month is known", _jalali_part(2)),
)

PROVINCE = (
    _field("iso", Type.WORD, "ISO 3166-2:IR code of 2020", required=True),
    _field("fa", Type.WORD, "Persian name", required=True),
    _field("en", Type.WORD, "English name", required=True),
)

ATTACHMENT = (
    _field("url", Type.TEXT, "address of the file", required=True),
    _field("type", Type.TEXT, "media type"),
    _field("title", Type.TEXT, "what the page calls it"),
    _field("length", Type.INTEGER, "bytes"),
)

STATED_DATE = (
    _field("of", Type.TEXT, "published or modified", required=True),
    _field("origin", Type.TEXT, "where it stood", required=True),
    _field("raw", Type.TEXT, "what it said", required=True),
)

SNAPSHOT = (
    _field("warc", Type.TEXT, "the file that holds the raw response"),
    _field("record", Type.TEXT, "the id of its WARC record"),
)

RECORD = (
    _field("id", Type.TEXT, "permanent id: source and the CMS's own number", required=True),
    _field("source", Type.WORD, "id of the office's newsroom", required=True),
    _field("agency", Type.WORD, "id of the agency", required=True),
    _field("province", Type.OBJECT, "province of the office", *PROVINCE, required=True),
    _field("url", Type.TEXT, "the address it was read at last", required=True),
    _field("aliases", Type.LIST, "every other address it was met under"),
    _field("native_id", Type.TEXT, "the CMS's own number"),
    _field("kicker", Type.TEXT, "line above the title"),
    _field("title", Type.TEXT, "title", required=True),
    _field("lead", Type.TEXT, "lead"),
    _field("body", Type.TEXT, "text, a paragraph a line"),
    _field("body_html", Type.TEXT, "the same as safe markup"),
    _field("byline", Type.TEXT, "the office that the opening names"),
    _field("category", Type.TEXT, "what the site files it under"),
    _field("tags", Type.LIST, "the site's tags"),
    _field("image", Type.TEXT, "address of the lead image"),
    _field("attachments", Type.OBJECTS, "files", *ATTACHMENT),
    _field("published", Type.OBJECT, "publication", *DATE),
    _field("modified", Type.OBJECT, "modification, as the page states it", *DATE),
    _field("first_seen", Type.INSTANT, "first reading, UTC", required=True),
    _field("last_seen", Type.INSTANT, "newest reading, UTC", required=True),
    _field("state", Type.WORD, "live, gone or unlisted", required=True),
    _field("revision", Type.INTEGER, "number of this reading", required=True),
    _field("revisions", Type.INTEGER, "number of the newest reading", required=True),
    _field("content_hash", Type.TEXT, "SHA-256 of what makes an edit", required=True),
    _field("extractor", Type.WORD, "platform and version of the reader", required=True),
    _field("snapshot", Type.OBJECT, "raw response", *SNAPSHOT),
    _field("copy_of", Type.TEXT, "id of the first release of the same text"),
    _field("change", Type.INTEGER, "number of its newest row in the change log", required=True),
    _field("byline_province", Type.WORD, "ISO 3166-2 code of the province that the byline names"),
    _field("trailer", Type.TEXT, "what stood behind the text"),
    _field("stated_dates", Type.OBJECTS, "every date that was stated", *STATED_DATE),
)


def _columns(field: Field) -> tuple[Column, ...]:
    name = field.name
    if field.type is not Type.OBJECT:
        return (Column(field=field, value=lambda record: record[name]),)
    return tuple(
        Column(
            field=replace(
                part,
                name=f"{name}_{part.name}",
                text=f"{field.text}: {part.text}",
                required=part.required and field.required,
            ),
            value=_within(name, part),
        )
        for part in field.fields
    )


def _within(name: str, part: Field) -> Callable[[Record], Any]:
    take = part.derived or (lambda inner: inner[part.name])

    def value(record: Record) -> Any:
        inner = record[name]
        return None if inner is None else take(inner)

    return value


COLUMNS = tuple(column for field in RECORD for column in _columns(field))
