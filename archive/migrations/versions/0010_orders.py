"""What operators ask of the schedule and what it intends; the end of each source's newest crawl that did not fail."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

INSTANT = sa.DateTime(timezone=True)
SUCCEEDED = sa.text("outcome IN ('ok', 'quiet', 'degraded')")


def upgrade() -> None:
    op.create_table(
        "orders",
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("paused_since", INSTANT),
        sa.Column("paused_by", sa.Text()),
        sa.Column("wanted_since", INSTANT),
        sa.Column("wanted_by", sa.Text()),
        sa.Column("next_visit", INSTANT),
        sa.Column("why", sa.Text()),
        sa.PrimaryKeyConstraint("source", name=op.f("pk_orders")),
    )
    op.create_index(
        "ix_crawls_succeeded",
        "crawls",
        ["source", "finished_at"],
        sqlite_where=SUCCEEDED,
        postgresql_where=SUCCEEDED,
    )
