"""Copies: bands are of 32 bits that tell their place, found by nothing else; sketches of fingerprints beside them.

Both follow from the texts, and what another version made of these is made anew, so no row is carried over.
"""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

SERIAL = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.drop_table("bands")
    op.create_table(
        "bands",
        sa.Column("band", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("article", SERIAL, autoincrement=False, nullable=False),
        sa.PrimaryKeyConstraint("band", "article", name=op.f("pk_bands")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "sketches",
        sa.Column("article", SERIAL, nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("sketch", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["article"], ["articles.pk"], name=op.f("fk_sketches_article")),
        sa.ForeignKeyConstraint(["source"], ["sources.id"], name=op.f("fk_sketches_source")),
        sa.PrimaryKeyConstraint("article", name=op.f("pk_sketches")),
    )
