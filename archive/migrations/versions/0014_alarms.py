"""What operators are told of: alarms, what happened to them, and the messages that wait or were sent."""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None

INSTANT = sa.DateTime(timezone=True)
SERIAL = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "alarms",
        sa.Column("id", SERIAL, nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("matter", sa.Text(), nullable=False),
        sa.Column("since", INSTANT, nullable=False),
        sa.Column("opened_at", INSTANT, nullable=False),
        sa.Column("told_at", INSTANT, nullable=False),
        sa.Column("reminders", sa.Integer(), nullable=False),
        sa.Column("relapses", sa.Integer(), nullable=False),
        sa.Column("well_since", INSTANT, nullable=True),
        sa.Column("resolved_at", INSTANT, nullable=True),
        sa.Column("evidence", sa.Text(), nullable=False),
        sa.Column("sources", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_alarms")),
    )
    op.create_index("ix_alarms_key", "alarms", ["key"])
    op.create_index("ix_alarms_resolved_at", "alarms", ["resolved_at"])
    op.create_table(
        "alarm_events",
        sa.Column("id", SERIAL, nullable=False),
        sa.Column("alarm", SERIAL, nullable=False),
        sa.Column("at", INSTANT, nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("matter", sa.Text(), nullable=False),
        sa.Column("evidence", sa.Text(), nullable=False),
        sa.Column("told_at", INSTANT, nullable=True),
        sa.ForeignKeyConstraint(["alarm"], ["alarms.id"], name=op.f("fk_alarm_events_alarm")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_alarm_events")),
    )
    op.create_index("ix_alarm_events_alarm", "alarm_events", ["alarm"])
    op.create_index("ix_alarm_events_told_at", "alarm_events", ["told_at"])
    op.create_table(
        "notices",
        sa.Column("id", SERIAL, nullable=False),
        sa.Column("made_at", INSTANT, nullable=False),
        sa.Column("destination", sa.Text(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("due_at", INSTANT, nullable=True),
        sa.Column("failure", sa.Text(), nullable=True),
        sa.Column("sent_at", INSTANT, nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_notices")),
    )
    op.create_index("ix_notices_due_at", "notices", ["due_at"])
