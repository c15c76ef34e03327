"""What answers look like: the schemas of the OpenAPI document. Answers are not made of these, tests hold both together.

A record is stated by the one definition that exports have (`syndication.exports.fields`).
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Final

from pydantic import BaseModel, ConfigDict, Field, create_model

from archive import Kind, State
from archive.crawls import Outcome
from archive.differences import Class, Op, Severity
from syndication.exports import fields
from syndication.exports.fields import Type

SCALARS: Final[dict[Type, Any]] = {
    Type.TEXT: str,
    Type.WORD: str,
    Type.INTEGER: int,
    Type.SMALL: int,
    Type.INSTANT: datetime,
    Type.DAY: str,
    Type.LIST: list[str],
}


class Stated(BaseModel):
    """Nothing but the names that are stated."""

    model_config = ConfigDict(extra="forbid")


def _of_fields(name: str, text: str, defined: Sequence[fields.Field], *, partial: bool = False) -> type[BaseModel]:
    """A model with the names of a definition; `partial` leaves out any of them."""
    made: dict[str, Any] = {}
    for field in defined:
        if field.derived:
            continue  # of tables alone
        shape = _shape(field)
        shape = shape if field.required or field.type in (Type.LIST, Type.OBJECTS) else shape | None
        made[field.name] = (shape, _absent(field.text) if partial else Field(description=field.text))
    return create_model(name, __base__=Stated, __doc__=text, **made)


def _absent(text: str) -> Any:
    """A name that may be left out."""
    return Field(default_factory=lambda: None, description=text)


def _shape(field: fields.Field) -> Any:
    if field.type not in (Type.OBJECT, Type.OBJECTS):
        return SCALARS[field.type]
    inner: Any = INNER[field.fields]
    return list[inner] if field.type is Type.OBJECTS else inner


INNER: Final[dict[tuple[fields.Field, ...], Any]] = {}
"""The models of the objects within a record."""

for _name, _text, _defined in (
    ("Date", "A date in both calendars.", fields.DATE),
    ("Province", "A province.", fields.PROVINCE),
    ("Attachment", "A file.", fields.ATTACHMENT),
    ("StatedDate", "A date as it was stated.", fields.STATED_DATE),
    ("Snapshot", "Where the raw response is kept.", fields.SNAPSHOT),
):
    INNER[_defined] = _of_fields(_name, _text, _defined)


Article: Any = _of_fields("Article", "A release as the archive has it, the record of every export.", fields.RECORD)
PartOfArticle: Any = _of_fields(
    "PartOfArticle", "The names of a record that `fields` asks for.", fields.RECORD, partial=True
)
Record = Article | PartOfArticle


class Articles(Stated):
    """Articles in the order that was asked for."""

    articles: list[Record]  # type: ignore[valid-type]
    cursor: str | None = Field(description="Where the next answer begins; null at the end.")
    next: str | None = Field(description="The address of the next answer; null at the end.")


class Change(Stated):
    """A row of the change log: what happened to an article."""

    seq: int = Field(description="Its number; numbers have no gaps.")
    at: datetime = Field(description="When, UTC.")
    kind: Kind
    article: str = Field(description="Id of the article.")
    revision: int = Field(description="Its newest revision then.")
    crawl: int | None = Field(description="The run of its source in which it was seen.")
    content_hash: str = Field(description="Of that revision, as it was then; empty where that is not known.")


class Changes(Stated):
    """Changes in their order. Filters may leave an answer without any that has a next one all the same."""

    changes: list[Change]
    since: int = Field(description="The number to ask with next.")
    next: str | None = Field(description="The address of the next answer; null where the log ends for now.")


class Revision(Stated):
    """A reading of an article that differs from the one before."""

    number: int
    seen_at: datetime = Field(description="When it was first read, UTC.")
    extractor: str
    content_hash: str


class Revisions(Stated):
    """The readings of an article, oldest first."""

    id: str
    revisions: list[Revision]


class Operation(Stated):
    """A stretch of text that is in both readings, or in one of them."""

    op: Op
    text: str
    classes: list[Class] = Field(description="Of the change that it belongs to.")


class PartDifference(Stated):
    """A part of the record that differs: equal and removed texts are the old one, equal and added texts the new one."""

    part: str
    classes: list[Class]
    operations: list[Operation]


class Difference(Stated):
    """What revision `new` changed since revision `old`; docs/edits.md explains the classes."""

    id: str
    old: int
    new: int
    severity: Severity
    classes: list[Class] = Field(description="The most weighty first.")
    reread: bool = Field(description="Whether another extractor read the newer one, which then may be what differs.")
    parts: list[PartDifference]


class Copy(Stated):
    """A release of the same text."""

    id: str
    source: str
    url: str
    title: str
    published: INNER[fields.DATE] | None  # type: ignore[valid-type]
    state: State
    similarity: float = Field(description="To the first of them, from 0 to 1.")


class Copies(Stated):
    """The releases of one text in the order of publication, this one among them; none where it has no copies."""

    id: str
    copies: list[Copy]


class Crawl(Stated):
    """The newest run of a source."""

    started_at: datetime
    finished_at: datetime | None = Field(description="Null while it runs, and where it was killed.")
    outcome: Outcome | None
    reason: str | None
    counts: dict[str, int]


class Names(Stated):
    """An id and its names."""

    id: str
    fa: str
    en: str


class Source(Stated):
    """An office's newsroom, as the catalogue has it, and what came of reading it."""

    id: str
    agency: Names
    province: INNER[fields.PROVINCE]  # type: ignore[valid-type]
    county: str | None
    fa: str
    en: str
    url: str
    platform: str
    unverified: bool = Field(description="Whether nobody has seen it yet, so that it is read only when it is named.")
    articles: int
    crawl: Crawl | None = Field(description="Null for one that was never read.")


class Sources(Stated):
    """The sources of the catalogue, by their ids."""

    sources: list[Source]


class Count(BaseModel):
    """How many articles there are of one value of each dimension: those asked for are there, the others are not."""

    model_config = ConfigDict(extra="forbid")

    month: str = Field(default_factory=str, description="Jalali, of publication in Tehran.", examples=["1400-09"])
    province: str = Field(default_factory=str, description="ISO 3166-2 code.", examples=["IR-21"])
    agency: str = Field(default_factory=str, description="Id.")
    source: str = Field(default_factory=str, description="Id.")
    state: str = Field(default_factory=str, description="What became of it.")
    tag: str = Field(default_factory=str, description="Its search key; an article counts once a tag of its.")
    articles: int


class Counts(Stated):
    """Numbers of articles; values without any are left out."""

    by: list[str]
    counts: list[Count]
    total: int = Field(description="Articles in all, each counted once.")


class Day(Stated):
    """One Jalali day of a source."""

    day: str = Field(examples=["1400-09-15"])
    listed: int = Field(description="Items that its lists named.")
    fetched: int = Field(description="Items that are archived.")
    quarantined: int = Field(description="Items that answered and could not be read.")
    missing: list[list[int]] = Field(description="Ranges (first, last) of its own numbers that were nowhere.")


class Account(Stated):
    """How complete a source is."""

    source: str
    listed: int
    fetched: int
    quarantined: int
    missing: int | None = Field(description="Null where its numbers do not follow each other.")
    sequential: bool
    last_sweep: datetime | None = Field(description="End of the newest run that left nothing unread.")
    days: list[Day]


class Coverage(Stated):
    """The ledger of coverage, by source and day."""

    sources: list[Account]


class Problem(BaseModel):
    """Why there is no answer, RFC 9457."""

    type: str = Field(description="What kind of problem; the same for every Monadi.")
    title: str
    status: int
    detail: str = Field(description="What is wrong this time, for people.")
    parameter: str = Field(default_factory=str, description="The parameter that is wrong, where one is.")
