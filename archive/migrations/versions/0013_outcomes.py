"""Crawls that ended as silent or drifted have not failed: the index of those that have not takes them in."""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

SUCCEEDED = sa.text("outcome IN ('ok', 'quiet', 'silent', 'degraded', 'drifted')")


def upgrade() -> None:
    op.drop_index("ix_crawls_succeeded", "crawls")
    op.create_index(
        "ix_crawls_succeeded",
        "crawls",
        ["source", "finished_at"],
        sqlite_where=SUCCEEDED,
        postgresql_where=SUCCEEDED,
    )
