"""Snapshots of the open data

Revision ID: 0008
Revises: 0007
"""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create the table of snapshots."""
    op.create_table(
        "snapshot",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("key", sa.String(200), nullable=False),
        *[sa.Column(name, sa.Integer(), nullable=False) for name in ("listings", "added", "changed", "removed")],
        sa.Column("made_at", sa.DateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_snapshot")),
        sa.UniqueConstraint("day", name=op.f("uq_snapshot_day")),
    )


def downgrade() -> None:
    """Drop the table."""
    op.drop_table("snapshot")
