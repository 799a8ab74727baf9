"""Notices to municipalities, and an index for the staff's list of listings

Revision ID: 0010
Revises: 0009
"""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

_LIST = ["updated_at", "id", "status", "review_due_on", "municipality_code", "kind", "in_charge_id"]


def upgrade() -> None:
    """Create the tables of notices and of who read them, and the index."""
    op.create_table(
        "bulletin",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("title", sa.String(120), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("codes", sa.Text(), nullable=False),
        sa.Column("until", sa.Date(), nullable=False),
        sa.Column("mailed", sa.Boolean(), nullable=False),
        sa.Column("staff_id", sa.Integer(), nullable=True),
        sa.Column("actor", sa.String(120), nullable=False),
        sa.Column("created_at", sa.DateTime(), nullable=False),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name=op.f("fk_bulletin_staff_id"), ondelete="SET NULL"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_bulletin")),
    )
    op.create_table(
        "bulletin_read",
        sa.Column("bulletin_id", sa.Integer(), nullable=False),
        sa.Column("staff_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["bulletin_id"], ["bulletin.id"], name=op.f("fk_bulletin_read_bulletin_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name=op.f("fk_bulletin_read_staff_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("bulletin_id", "staff_id", name=op.f("pk_bulletin_read")),
    )
    op.create_index("ix_listing_staff", "listing", _LIST)


def downgrade() -> None:
    """Drop the index and the tables."""
    op.drop_index("ix_listing_staff", "listing")
    op.drop_table("bulletin_read")
    op.drop_table("bulletin")
