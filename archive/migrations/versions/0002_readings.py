"""What else a reading says: the byline's province, the trailer, every date that was stated."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("revisions", sa.Column("byline_province", sa.Text()))
    op.add_column("revisions", sa.Column("trailer", sa.Text()))
    op.add_column("revisions", sa.Column("stated_dates", sa.JSON()))
