"""The addresses of a release are read from their index alone, where SQLite keeps their rows in the order of other keys.

Among a million releases half of an export's time was looking for rows that lie apart. PostgreSQL, which keeps them as
they came, indexes no text of more than 2,700 bytes.
"""

from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None


def upgrade() -> None:
    if op.get_bind().dialect.name == "sqlite":
        op.drop_index("ix_aliases_article", "aliases")
        op.create_index("ix_aliases_article_url", "aliases", ["article", "url"])
