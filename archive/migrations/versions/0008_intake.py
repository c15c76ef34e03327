"""Intake: what nothing looks up by is indexed no more, and SQLite keeps tables that are hardly more than their key in
the order of that key, once instead of twice.

A guid follows from its id, which is unique; every new one stood at a random place of its index.
"""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

ALL_KEY = ("tags", "aliases", "counts", "tag_counts")


def upgrade() -> None:
    op.drop_index("ix_changes_article", "changes")
    if op.get_bind().dialect.name == "sqlite":
        _rebuild()
    else:
        op.drop_constraint("uq_articles_guid", "articles")


def _rebuild() -> None:
    """Copy tables, for SQLite can change no other way what was said when they were made."""
    with op.batch_alter_table("articles", recreate="always") as articles:
        articles.drop_constraint("uq_articles_guid", type_="unique")
    for name in ALL_KEY:
        with op.batch_alter_table(name, recreate="always", table_kwargs={"sqlite_with_rowid": False}):
            pass
    for name in ("articles", *ALL_KEY):  # references are not held while it is done (`archive.database`)
        broken = op.get_bind().execute(sa.text(f"PRAGMA foreign_key_check({name})")).first()
        if broken:
            raise RuntimeError(f"row {broken[1]} of {name} refers to a row of {broken[2]} that is not there")
