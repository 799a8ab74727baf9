"""Municipalities that join, leave and merge

Revision ID: 0007
Revises: 0006
"""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the dates and the successor of municipalities, and their events."""
    for name in ("joined_on", "left_on", "merged_on"):
        op.add_column("municipality", sa.Column(name, sa.Date(), nullable=True))
    # One statement that both engines accept: otherwise SQLite would rebuild the table.
    op.execute(
        "ALTER TABLE municipality ADD COLUMN successor_code VARCHAR(5)"
        " CONSTRAINT fk_municipality_successor_code REFERENCES municipality (code)"
    )
    op.create_table(
        "municipality_event",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("municipality_code", sa.String(5), nullable=False),
        sa.ForeignKeyConstraint(
            ["municipality_code"],
            ["municipality.code"],
            name=op.f("fk_municipality_event_municipality_code"),
            ondelete="CASCADE",
        ),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.Column("actor", sa.String(120), nullable=False),
        sa.Column("action", sa.String(20), nullable=False),
        sa.Column("effective_on", sa.Date(), nullable=True),
        sa.Column("details", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_municipality_event")),
    )
    op.create_index("ix_municipality_event_municipality_code", "municipality_event", ["municipality_code"])


def downgrade() -> None:
    """Drop the events and the columns."""
    op.drop_table("municipality_event")
    for name in ("successor_code", "merged_on", "left_on", "joined_on"):
        op.drop_column("municipality", name)
