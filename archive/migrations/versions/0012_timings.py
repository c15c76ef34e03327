"""When releases came out and how soon they were read, kept for charts; `archive.timings` fills both tables."""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

SERIAL = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "timings",
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("article", SERIAL, nullable=False),
        sa.Column("day", sa.Text(), nullable=False),
        sa.Column("hour", sa.Integer(), nullable=True),
        sa.Column("lag", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["source"], ["sources.id"], name=op.f("fk_timings_source")),
        sa.ForeignKeyConstraint(["article"], ["articles.pk"], name=op.f("fk_timings_article")),
        sa.PrimaryKeyConstraint("source", "article", name=op.f("pk_timings")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "tallies",
        sa.Column("scope", sa.Text(), nullable=False),
        sa.Column("measure", sa.Text(), nullable=False),
        sa.Column("value", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("month", sa.Text(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("scope", "measure", "value", "month", name=op.f("pk_tallies")),
        sqlite_with_rowid=False,
    )
