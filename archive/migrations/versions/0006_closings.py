"""Closings: what was announced of each Jalali month that is over, for archived feeds that never change."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

SERIAL = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "closings",
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("seq", sa.BigInteger(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("month", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_closings")),
    )
    op.create_table(
        "announced",
        sa.Column("article", SERIAL, nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("closing", sa.Integer(), nullable=False),
        sa.Column("month", sa.Text(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("url", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["article"], ["articles.pk"], name=op.f("fk_announced_article")),
        sa.ForeignKeyConstraint(["closing"], ["closings.number"], name=op.f("fk_announced_closing")),
        sa.ForeignKeyConstraint(["source"], ["sources.id"], name=op.f("fk_announced_source")),
        sa.PrimaryKeyConstraint("article", "revision", name=op.f("pk_announced")),
        sqlite_with_rowid=False,
    )
    for of_source in ([], ["source"]):
        columns = [*of_source, "closing", "month", "article"]
        op.create_index("_".join(["ix_announced", *columns]), "announced", columns)
    not_new = sa.text("kind != 'new'")
    op.create_index("ix_changes_kind_seq", "changes", ["kind", "seq"], sqlite_where=not_new, postgresql_where=not_new)
