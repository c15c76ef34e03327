"""The tables, the same on SQLite and PostgreSQL.

What an office published lives in `revisions`, one row a reading that differs; `articles` holds an item's identity and
state and points at its newest revision; `aliases` maps every key an item was ever met under to it; `changes` is the
append-only log that everything downstream follows; `closings`, `announced` and `announced_tags` are what archived feeds
hold for good. What can be made anew from these (`counts`, `tag_counts`, `copies`, `bands`, `sketches`, `fingerprints`,
`passages`, `boilerplate`, `timings`, `tallies`) is kept beside them, and `followers` says how far along the log it has
been made, and by which version of its rules. `orders` stands between operators and the schedule; `alarms`,
`alarm_events` and `notices` are what operators are told of; `images` says which files hold the images of releases.
"""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    Column,
    ColumnElement,
    Connection,
    DateTime,
    Float,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    Table,
    Text,
    TextClause,
    UniqueConstraint,
    event,
    false,
    text,
)
from sqlalchemy.engine import Dialect
from sqlalchemy.types import TypeDecorator

from archive.damage import Unreadable
from persian.published import Published

SERIAL = BigInteger().with_variant(Integer, "sqlite")  # SQLite numbers only an INTEGER key by itself


class Instant(TypeDecorator[datetime]):
    """An aware instant in UTC; SQLite, which has no zones, keeps it naive."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        value = value.astimezone(UTC)
        return value.replace(tzinfo=None) if dialect.name == "sqlite" else value

    def result_processor(self, dialect: Dialect, coltype: object) -> Callable[[Any], datetime | None]:  # noqa: ARG002
        """Straight from what the driver gives, which SQLAlchemy's own types take three steps to."""
        return _kept_text if dialect.name == "sqlite" else _in_utc


class PublishedDate(TypeDecorator[Published]):
    """A `Published` as the JSON object that exports show."""

    impl = JSON(none_as_null=True)
    cache_ok = True

    def process_bind_param(self, value: Published | None, dialect: Dialect) -> dict[str, Any] | None:  # noqa: ARG002
        return value.to_dict() if value else None

    def process_result_value(self, value: Any, dialect: Dialect) -> Published | None:  # noqa: ARG002
        return Published.from_dict(value) if value else None


def _kept_text(text: str | None) -> datetime | None:
    try:
        return None if text is None else datetime.fromisoformat(f"{text}+00:00")  # in one step
    except ValueError as error:
        raise Unreadable(f"a value is no instant ({error})") from error


def _in_utc(moment: datetime | None) -> datetime | None:
    return None if moment is None else moment.astimezone(UTC)


def _of_some(name: str, *columns: Column[Any], where: ColumnElement[bool] | TextClause) -> None:
    """An index of the rows of which something holds.

    PostgreSQL is told of it when the table is made there: to name one of its options loads its dialect, which is
    20 ms of a query's start on SQLite.
    """
    index = Index(name, *columns, sqlite_where=where)

    @event.listens_for(columns[0].table, "before_create")
    def tell(_table: Table, connection: Connection, **_options: object) -> None:
        if connection.dialect.name == "postgresql":
            index.kwargs["postgresql_where"] = where


metadata = MetaData(
    naming_convention={
        "ix": "ix_%(column_0_N_label)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)

sources = Table(
    "sources",
    metadata,
    Column("id", Text, primary_key=True),
    Column("agency", Text, nullable=False),
    Column("agency_fa", Text, nullable=False),
    Column("agency_en", Text, nullable=False),
    Column("province", Text, nullable=False),
    Column("province_key", Text, nullable=False),
    Column("province_fa", Text, nullable=False),
    Column("province_en", Text, nullable=False),
    Column("county", Text),
    Column("name_fa", Text, nullable=False),
    Column("name_en", Text, nullable=False),
    Column("platform", Text, nullable=False),
    Column("url", Text, nullable=False),
)

articles = Table(
    "articles",
    metadata,
    Column("pk", SERIAL, primary_key=True),
    Column("id", Text, nullable=False, unique=True),
    Column("guid", Text, nullable=False),  # follows from the id
    Column("source", Text, ForeignKey("sources.id"), nullable=False),
    Column("native_id", Text),
    Column("url", Text, nullable=False),
    Column("title_key", Text, nullable=False),
    Column("ordered_at", Instant, nullable=False),
    Column("first_seen", Instant, nullable=False),
    Column("last_seen", Instant, nullable=False),
    Column("state", Text, nullable=False),
    Column("revision", Integer, nullable=False),
    Column("content_hash", Text, nullable=False),
    Column("extractor", Text, nullable=False),
    Column("change", BigInteger, nullable=False),
    Column("missing_since", Instant),
    Column("month", Text, nullable=False, server_default=text("''")),  # Jalali, of `ordered_at` in Tehran: "1400-09"
    Index("ix_articles_ordered_at_pk_state", "ordered_at", "pk", "state"),  # the state, so that feeds read it alone
    Index("ix_articles_source_ordered_at_pk_state", "source", "ordered_at", "pk", "state"),
    Index("ix_articles_source_title_key", "source", "title_key"),
    Index("ix_articles_change", "change"),
)

revisions = Table(
    "revisions",
    metadata,
    Column("article", SERIAL, ForeignKey("articles.pk"), primary_key=True),
    Column("number", Integer, primary_key=True),
    Column("seen_at", Instant, nullable=False),
    Column("extractor", Text, nullable=False),
    Column("content_hash", Text, nullable=False),
    Column("kicker", Text),
    Column("title", Text, nullable=False),
    Column("lead", Text),
    Column("body", Text, nullable=False),
    Column("body_html", Text, nullable=False),
    Column("byline", Text),
    Column("category", Text),
    Column("tags", JSON, nullable=False),
    Column("image", Text),
    Column("attachments", JSON, nullable=False),
    Column("published", PublishedDate),
    Column("modified", PublishedDate),
    Column("byline_province", Text),
    Column("trailer", Text),
    Column("stated_dates", JSON(none_as_null=True)),  # none for readings of before 0002
    Column("snapshot", Text, ForeignKey("snapshots.record")),  # none where the response was not kept
)

tags = Table(
    "tags",
    metadata,
    Column("key", Text, primary_key=True),
    Column("article", SERIAL, ForeignKey("articles.pk"), primary_key=True),
    Index("ix_tags_article", "article"),
    sqlite_with_rowid=False,  # it is all key
)

aliases = Table(
    "aliases",
    metadata,
    Column("source", Text, ForeignKey("sources.id"), primary_key=True),
    Column("key", Text, primary_key=True),
    Column("article", SERIAL, ForeignKey("articles.pk"), nullable=False),
    Column("url", Text, nullable=False),
    Index("ix_aliases_article", "article").ddl_if(dialect="postgresql"),  # which indexes no long text
    Index("ix_aliases_article_url", "article", "url").ddl_if(dialect="sqlite"),  # whose rows lie by key, far apart
    sqlite_with_rowid=False,
)

crawls = Table(
    "crawls",
    metadata,
    Column("id", SERIAL, primary_key=True),
    Column("source", Text, ForeignKey("sources.id"), nullable=False),
    Column("started_at", Instant, nullable=False),
    Column("finished_at", Instant),
    Column("outcome", Text),
    Column("reason", Text),
    Column("swept", Boolean, nullable=False),
    Column("counts", JSON, nullable=False),
    Column("whole", Boolean, nullable=False, server_default=false()),  # whether it walked all that is listed
    Index("ix_crawls_source_id", "source", "id"),
)
# An engine knows its index by these very words
SUCCEEDED = text("outcome IN ('ok', 'quiet', 'silent', 'degraded', 'drifted')")
_of_some("ix_crawls_succeeded", crawls.c.source, crawls.c.finished_at, where=SUCCEEDED)

alarms = Table(
    "alarms",
    metadata,
    Column("id", SERIAL, primary_key=True),
    Column("key", Text, nullable=False),
    Column("matter", Text, nullable=False),
    Column("since", Instant, nullable=False),  # that the trouble lasts
    Column("opened_at", Instant, nullable=False),
    Column("told_at", Instant, nullable=False),
    Column("reminders", Integer, nullable=False),
    Column("relapses", Integer, nullable=False),
    Column("well_since", Instant),
    Column("resolved_at", Instant),
    Column("evidence", Text, nullable=False),
    Column("sources", JSON, nullable=False),
    Index("ix_alarms_key", "key"),
    Index("ix_alarms_resolved_at", "resolved_at"),
)

alarm_events = Table(
    "alarm_events",
    metadata,
    Column("id", SERIAL, primary_key=True),
    Column("alarm", SERIAL, ForeignKey("alarms.id"), nullable=False),
    Column("at", Instant, nullable=False),
    Column("kind", Text, nullable=False),  # see `archive.alarms.Event`
    Column("matter", Text, nullable=False),  # of the alarm, then
    Column("evidence", Text, nullable=False),
    Column("told_at", Instant),  # none as long as it waits to be put into a message
    Index("ix_alarm_events_alarm", "alarm"),
    Index("ix_alarm_events_told_at", "told_at"),
)

notices = Table(
    "notices",
    metadata,
    Column("id", SERIAL, primary_key=True),
    Column("made_at", Instant, nullable=False),
    Column("destination", Text, nullable=False),  # a hash of its address, which is a secret
    Column("title", Text, nullable=False),
    Column("body", Text, nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("due_at", Instant),  # of the next attempt; none when it has been sent or given up
    Column("failure", Text),  # of the newest attempt
    Column("sent_at", Instant),
    Index("ix_notices_due_at", "due_at"),
)

orders = Table(
    "orders",
    metadata,
    Column("source", Text, primary_key=True),  # of a catalogue: the archive need not know it yet
    Column("paused_since", Instant),
    Column("paused_by", Text),
    Column("wanted_since", Instant),
    Column("wanted_by", Text),
    Column("next_visit", Instant),
    Column("why", Text),  # see `archive.orders.Why`
)

changes = Table(
    "changes",
    metadata,
    Column("seq", BigInteger, primary_key=True, autoincrement=False),
    Column("at", Instant, nullable=False),
    Column("kind", Text, nullable=False),
    Column("article", SERIAL, ForeignKey("articles.pk"), nullable=False),
    Column("revision", Integer, nullable=False),
    Column("crawl", SERIAL, ForeignKey("crawls.id")),
    Column("content_hash", Text, nullable=False, server_default=text("''")),  # of the revision, as it was then
)
NOT_NEW = changes.c.kind != text("'new'")
_of_some("ix_changes_kind_seq", changes.c.kind, changes.c.seq, where=NOT_NEW)

chains = Table(
    "chains",
    metadata,
    Column("source", Text, ForeignKey("sources.id"), primary_key=True),
    Column("day", Text, primary_key=True),  # of writing, in UTC: "2026-11-28"
    Column("first", BigInteger, nullable=False),  # numbers of the change log
    Column("last", BigInteger, nullable=False),
    Column("links", Integer, nullable=False),
    Column("hash", Text, nullable=False),
)

counts = Table(
    "counts",
    metadata,
    Column("source", Text, ForeignKey("sources.id"), primary_key=True),
    Column("month", Text, primary_key=True),
    Column("state", Text, primary_key=True),
    Column("articles", Integer, nullable=False),
    sqlite_with_rowid=False,
)

tag_counts = Table(
    "tag_counts",
    metadata,
    Column("tag", Text, primary_key=True),
    Column("source", Text, ForeignKey("sources.id"), primary_key=True),
    Column("month", Text, primary_key=True),
    Column("state", Text, primary_key=True),
    Column("articles", Integer, nullable=False),
    sqlite_with_rowid=False,
)

snapshots = Table(
    "snapshots",
    metadata,
    Column("record", Text, primary_key=True),  # the WARC-Record-ID without its brackets: "urn:uuid:…"
    Column("source", Text, ForeignKey("sources.id"), nullable=False),
    Column("url", Text, nullable=False),
    Column("fetched_at", Instant, nullable=False),
    Column("status", Integer, nullable=False),
    Column("purpose", Text, nullable=False),  # "article" or "list"
    Column("digest", Text, nullable=False),  # WARC-Payload-Digest
    Column("file", Text, nullable=False),
    Column("start", BigInteger, nullable=False),  # bytes
    Column("length", BigInteger, nullable=False),
    Index("ix_snapshots_source_url_fetched_at", "source", "url", "fetched_at"),
    Index("ix_snapshots_digest", "digest"),
    Index("ix_snapshots_file_start", "file", "start"),
)

images = Table(
    "images",
    metadata,
    Column("source", Text, ForeignKey("sources.id"), primary_key=True),
    Column("url", Text, primary_key=True),  # as its releases state it
    Column("digest", Text, nullable=False),  # SHA-256 of what is kept, in hex
    Column("kind", Text, nullable=False),  # see `archive.rasters.TYPES`
    Column("length", Integer, nullable=False),  # bytes of what is kept
    Column("width", Integer, nullable=False),  # pixels
    Column("height", Integer, nullable=False),
    Column("fetched_at", Instant, nullable=False),
)

followers = Table(
    "followers",
    metadata,
    Column("name", Text, primary_key=True),
    Column("seq", BigInteger, nullable=False),
    Column("version", Text, nullable=False, server_default=text("''")),
)

closings = Table(
    "closings",
    metadata,
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("seq", BigInteger, nullable=False),  # of the change log
    Column("at", Instant, nullable=False),
    Column("month", Text, nullable=False),  # the last that it closed
)

announced = Table(
    "announced",
    metadata,
    Column("article", SERIAL, ForeignKey("articles.pk"), primary_key=True),
    Column("revision", Integer, primary_key=True),
    Column("closing", Integer, ForeignKey("closings.number"), nullable=False),
    Column("month", Text, nullable=False),  # of the article, when it was closed
    Column("source", Text, ForeignKey("sources.id"), nullable=False),
    Column("url", Text, nullable=False),  # then
    Index("ix_announced_closing_month_article", "closing", "month", "article"),
    Index("ix_announced_source_closing_month_article", "source", "closing", "month", "article"),
    sqlite_with_rowid=False,
)

announced_tags = Table(
    "announced_tags",
    metadata,
    Column("key", Text, primary_key=True),
    Column("article", SERIAL, ForeignKey("articles.pk"), primary_key=True),
    Column("revision", Integer, primary_key=True),
    sqlite_with_rowid=False,  # it is all key
)

fingerprints = Table(
    "fingerprints",
    metadata,
    Column("article", SERIAL, ForeignKey("articles.pk"), primary_key=True),
    Column("pairs", LargeBinary, nullable=False),  # see `archive.likeness.Fingerprint`
    Column("numbers", Text, nullable=False),
)

sketches = Table(
    "sketches",
    metadata,
    Column("article", SERIAL, ForeignKey("articles.pk"), primary_key=True),
    Column("source", Text, ForeignKey("sources.id"), nullable=False),  # the article's, which never changes
    Column("sketch", LargeBinary, nullable=False),  # see `archive.likeness.sketch`; apart, for many are read at a time
)

bands = Table(
    "bands",
    metadata,
    Column("band", Integer, primary_key=True, autoincrement=False),  # see `archive.likeness.bands`
    Column("article", SERIAL, primary_key=True),  # that has a sketch: to look for it costs as much as to write the row
    sqlite_with_rowid=False,  # it is all key
)

copies = Table(
    "copies",
    metadata,
    Column("article", SERIAL, ForeignKey("articles.pk"), primary_key=True),
    Column("cluster", SERIAL, ForeignKey("articles.pk"), nullable=False),  # the article that the cluster began with
    Column("first", SERIAL, ForeignKey("articles.pk"), nullable=False),  # the one that was published first
    Column("similarity", Float, nullable=False),  # to the first, from 0 to 1
    Index("ix_copies_cluster", "cluster"),
)

passages = Table(
    "passages",
    metadata,
    Column("hash", BigInteger, primary_key=True),  # of a sentence at an edge of the text
    Column("article", SERIAL, ForeignKey("articles.pk"), primary_key=True),
    Column("title", BigInteger, nullable=False),  # a hash as well
    Index("ix_passages_article", "article"),
    sqlite_with_rowid=False,
)

boilerplate = Table(
    "boilerplate",
    metadata,
    Column("passage", BigInteger, primary_key=True, autoincrement=False),
)

timings = Table(
    "timings",
    metadata,
    Column("source", Text, ForeignKey("sources.id"), primary_key=True),
    Column("article", SERIAL, ForeignKey("articles.pk"), primary_key=True),
    Column("day", Text, nullable=False),  # Jalali, of `ordered_at` in Tehran: "1400-09-15"
    Column("hour", Integer),  # of the Iranian week, 0 to 167; none where the date has no time
    Column("lag", Integer),  # see `archive.timings.lag_of`
    sqlite_with_rowid=False,
)

tallies = Table(
    "tallies",
    metadata,
    Column("scope", Text, primary_key=True),  # see `archive.timings`
    Column("measure", Text, primary_key=True),
    Column("value", Integer, primary_key=True, autoincrement=False),
    Column("month", Text, primary_key=True),
    Column("number", Integer, nullable=False),
    sqlite_with_rowid=False,
)

quarantine = Table(
    "quarantine",
    metadata,
    Column("pk", SERIAL, primary_key=True),
    Column("source", Text, ForeignKey("sources.id"), nullable=False),
    Column("url", Text, nullable=False),
    Column("first_at", Instant, nullable=False),
    Column("last_at", Instant, nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("kind", Text, nullable=False),
    Column("reason", Text, nullable=False),
    Column("extractor", Text, nullable=False),
    Column("status", Integer),
    Column("headers", JSON, nullable=False),
    Column("body", LargeBinary),
    UniqueConstraint("source", "url"),
)

links = Table(
    "links",
    metadata,
    Column("source", Text, ForeignKey("sources.id"), primary_key=True),
    Column("key", Text, primary_key=True),
    Column("place", Text, primary_key=True),
    Column("url", Text, nullable=False),
    Column("published", PublishedDate),
    Column("first_at", Instant, nullable=False),
    Column("last_at", Instant, nullable=False),
)

validators = Table(
    "validators",
    metadata,
    Column("source", Text, ForeignKey("sources.id"), primary_key=True),
    Column("url", Text, primary_key=True),
    Column("etag", Text),
    Column("last_modified", Text),
    Column("digest", Text, nullable=False),
    Column("read_at", Instant, nullable=False),
    Column("unchanged", Integer, nullable=False),
)
