"""Evidence: what was said of each revision when, chained by source and day; snapshots; counts; copies."""

import hashlib
from datetime import UTC, datetime
from typing import Any

import sqlalchemy as sa
from alembic import op

from persian.calendars import TEHRAN, to_jalali

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

SERIAL = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
INSTANT = sa.DateTime(timezone=True)
BATCH = 1000


def upgrade() -> None:
    op.create_table(
        "snapshots",
        sa.Column("record", sa.Text(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("url", sa.Text(), nullable=False),
        sa.Column("fetched_at", INSTANT, nullable=False),
        sa.Column("status", sa.Integer(), nullable=False),
        sa.Column("purpose", sa.Text(), nullable=False),
        sa.Column("digest", sa.Text(), nullable=False),
        sa.Column("file", sa.Text(), nullable=False),
        sa.Column("start", sa.BigInteger(), nullable=False),
        sa.Column("length", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["source"], ["sources.id"], name=op.f("fk_snapshots_source")),
        sa.PrimaryKeyConstraint("record", name=op.f("pk_snapshots")),
    )
    op.create_index("ix_snapshots_source_url_fetched_at", "snapshots", ["source", "url", "fetched_at"])
    op.create_index("ix_snapshots_digest", "snapshots", ["digest"])
    op.create_index("ix_snapshots_file_start", "snapshots", ["file", "start"])
    op.create_table(
        "followers",
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("seq", sa.BigInteger(), nullable=False),
        sa.Column("version", sa.Text(), nullable=False, server_default=sa.text("''")),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_followers")),
    )
    op.create_table(
        "chains",
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("day", sa.Text(), nullable=False),
        sa.Column("first", sa.BigInteger(), nullable=False),
        sa.Column("last", sa.BigInteger(), nullable=False),
        sa.Column("links", sa.Integer(), nullable=False),
        sa.Column("hash", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["source"], ["sources.id"], name=op.f("fk_chains_source")),
        sa.PrimaryKeyConstraint("source", "day", name=op.f("pk_chains")),
    )
    op.create_table(
        "counts",
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("month", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("articles", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["source"], ["sources.id"], name=op.f("fk_counts_source")),
        sa.PrimaryKeyConstraint("source", "month", "state", name=op.f("pk_counts")),
    )
    op.create_table(
        "tag_counts",
        sa.Column("tag", sa.Text(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("month", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("articles", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["source"], ["sources.id"], name=op.f("fk_tag_counts_source")),
        sa.PrimaryKeyConstraint("tag", "source", "month", "state", name=op.f("pk_tag_counts")),
    )
    op.create_table(
        "bands",
        sa.Column("band", sa.Integer(), nullable=False),
        sa.Column("hash", sa.BigInteger(), nullable=False),
        sa.Column("article", SERIAL, nullable=False),
        sa.ForeignKeyConstraint(["article"], ["articles.pk"], name=op.f("fk_bands_article")),
        sa.PrimaryKeyConstraint("band", "hash", "article", name=op.f("pk_bands")),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_bands_article", "bands", ["article"])
    op.create_table(
        "copies",
        sa.Column("article", SERIAL, nullable=False),
        sa.Column("cluster", SERIAL, nullable=False),
        sa.Column("first", SERIAL, nullable=False),
        sa.Column("similarity", sa.Float(), nullable=False),
        sa.ForeignKeyConstraint(["article"], ["articles.pk"], name=op.f("fk_copies_article")),
        sa.ForeignKeyConstraint(["cluster"], ["articles.pk"], name=op.f("fk_copies_cluster")),
        sa.ForeignKeyConstraint(["first"], ["articles.pk"], name=op.f("fk_copies_first")),
        sa.PrimaryKeyConstraint("article", name=op.f("pk_copies")),
    )
    op.create_index("ix_copies_cluster", "copies", ["cluster"])
    op.create_table(
        "fingerprints",
        sa.Column("article", SERIAL, nullable=False),
        sa.Column("pairs", sa.LargeBinary(), nullable=False),
        sa.Column("numbers", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["article"], ["articles.pk"], name=op.f("fk_fingerprints_article")),
        sa.PrimaryKeyConstraint("article", name=op.f("pk_fingerprints")),
    )
    op.create_table(
        "passages",
        sa.Column("hash", sa.BigInteger(), nullable=False),
        sa.Column("article", SERIAL, nullable=False),
        sa.Column("title", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["article"], ["articles.pk"], name=op.f("fk_passages_article")),
        sa.PrimaryKeyConstraint("hash", "article", name=op.f("pk_passages")),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_passages_article", "passages", ["article"])
    op.create_table(
        "boilerplate",
        sa.Column("passage", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.PrimaryKeyConstraint("passage", name=op.f("pk_boilerplate")),
    )
    op.add_column("articles", sa.Column("month", sa.Text(), nullable=False, server_default=sa.text("''")))
    op.add_column("changes", sa.Column("content_hash", sa.Text(), nullable=False, server_default=sa.text("''")))
    op.add_column("crawls", sa.Column("whole", sa.Boolean(), nullable=False, server_default=sa.false()))
    # both engines take the constraint with the column; Alembic would copy the whole table on SQLite
    op.execute(
        "ALTER TABLE revisions ADD COLUMN snapshot TEXT CONSTRAINT fk_revisions_snapshot REFERENCES snapshots (record)"
    )
    connection = op.get_bind()
    _tell_months(connection)
    _count(connection)
    _tell_hashes(connection)
    _chain(connection)


def _tell_months(connection: sa.Connection) -> None:
    articles = sa.table("articles", sa.column("pk", SERIAL), sa.column("ordered_at", INSTANT), sa.column("month"))
    rows = connection.execute(sa.select(articles.c.pk, articles.c.ordered_at)).all()
    told = [{"this": row.pk, "told": _month(row.ordered_at)} for row in rows]
    statement = sa.update(articles).where(articles.c.pk == sa.bindparam("this")).values(month=sa.bindparam("told"))
    for start in range(0, len(told), BATCH):
        connection.execute(statement, told[start : start + BATCH])


def _month(moment: datetime) -> str:
    moment = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    year, month, _ = to_jalali(moment.astimezone(TEHRAN).date())
    return f"{year}-{month:02}"


def _count(connection: sa.Connection) -> None:
    connection.execute(
        sa.text(
            "INSERT INTO counts (source, month, state, articles)"
            " SELECT source, month, state, count(*) FROM articles GROUP BY source, month, state"
        )
    )
    connection.execute(
        sa.text(
            "INSERT INTO tag_counts (tag, source, month, state, articles)"
            " SELECT tags.key, articles.source, articles.month, articles.state, count(*)"
            " FROM tags JOIN articles ON articles.pk = tags.article"
            " GROUP BY tags.key, articles.source, articles.month, articles.state"
        )
    )


def _tell_hashes(connection: sa.Connection) -> None:
    """What a row of the log told of is as it was kept since; readings that were replaced before are not known."""
    connection.execute(
        sa.text(
            "UPDATE changes SET content_hash = (SELECT revisions.content_hash FROM revisions"
            " WHERE revisions.article = changes.article AND revisions.number = changes.revision)"
        )
    )


def _chain(connection: sa.Connection) -> None:
    """The rule of `archive.chains`, as it was when this was written."""
    rows = connection.execute(
        sa.text(
            "SELECT changes.seq, changes.at, changes.kind, changes.revision, changes.content_hash, articles.id,"
            " articles.source FROM changes JOIN articles ON articles.pk = changes.article ORDER BY changes.seq"
        ).columns(at=INSTANT)
    )
    newest: dict[str, dict[str, Any]] = {}
    sealed: list[dict[str, Any]] = []
    for row in rows:
        at = row.at if row.at.tzinfo else row.at.replace(tzinfo=UTC)
        before = newest.get(row.source)
        day = max(f"{at.astimezone(UTC):%Y-%m-%d}", before["day"] if before else "")
        moment = f"{at.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"
        said = (before["hash"] if before else "", row.seq, moment, row.kind, row.id, row.revision, row.content_hash)
        if before is None or before["day"] != day:
            newest[row.source] = {"source": row.source, "day": day, "first": row.seq, "links": 0}
            sealed.append(newest[row.source])
        seal = newest[row.source]
        seal["hash"] = hashlib.sha256("\n".join(map(str, said)).encode()).hexdigest()
        seal["last"], seal["links"] = row.seq, seal["links"] + 1
    names = ("source", "day", "first", "last", "links", "hash")
    chains = sa.table("chains", *map(sa.column, names))
    for start in range(0, len(sealed), BATCH):
        connection.execute(sa.insert(chains), sealed[start : start + BATCH])
