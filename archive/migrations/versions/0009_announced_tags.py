"""The tags that closed releases were announced under."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

SERIAL = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "announced_tags",
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("article", SERIAL, nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["article"], ["articles.pk"], name=op.f("fk_announced_tags_article")),
        sa.PrimaryKeyConstraint("key", "article", "revision", name=op.f("pk_announced_tags")),
        sqlite_with_rowid=False,
    )
    op.execute(  # under what they bear now, which is what their documents have said until now
        "INSERT INTO announced_tags (key, article, revision) SELECT tags.key, announced.article, announced.revision "
        "FROM announced JOIN tags ON tags.article = announced.article"
    )
