"""Inquiries, visits, closed months

Revision ID: 0006
Revises: 0005
"""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def _staff(table: str) -> list:
    return [
        sa.Column("staff_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name=op.f(f"fk_{table}_staff_id"), ondelete="SET NULL"),
        sa.Column("actor", sa.String(120), nullable=False),
    ]


def upgrade() -> None:
    """Create the tables of inquiries, visits and closed months."""
    op.create_table(
        "inquiry",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("municipality_code", sa.String(5), nullable=False),
        sa.ForeignKeyConstraint(
            ["municipality_code"], ["municipality.code"], name=op.f("fk_inquiry_municipality_code"), ondelete="CASCADE"
        ),
        sa.Column("listing_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["listing_id"], ["listing.id"], name=op.f("fk_inquiry_listing_id"), ondelete="SET NULL"
        ),
        sa.Column("kind", sa.String(20), nullable=False),
        sa.Column("way", sa.String(20), nullable=True),
        sa.Column("on", sa.Date(), nullable=False),
        sa.Column("previous_prefecture", sa.String(10), nullable=False),
        sa.Column("household_size", sa.Integer(), nullable=True),
        *_staff("inquiry"),
        sa.Column("created_at", sa.DateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_inquiry")),
    )
    op.create_index("ix_inquiry_listing_id", "inquiry", ["listing_id"])
    op.create_index("ix_inquiry_municipality_code_on", "inquiry", ["municipality_code", "on"])
    op.create_table(
        "visits",
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("listing_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["listing_id"], ["listing.id"], name=op.f("fk_visits_listing_id"), ondelete="CASCADE"),
        sa.Column("kind", sa.String(20), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("day", "listing_id", "kind", name=op.f("pk_visits")),
    )
    op.create_table(
        "closed_month",
        sa.Column("month", sa.Date(), nullable=False),
        sa.Column("columns", sa.JSON(), nullable=False),
        sa.Column("rows", sa.JSON(), nullable=False),
        *_staff("closed_month"),
        sa.Column("closed_at", sa.DateTime(), nullable=False),
        sa.PrimaryKeyConstraint("month", name=op.f("pk_closed_month")),
    )


def downgrade() -> None:
    """Drop the tables."""
    for name in ("closed_month", "visits", "inquiry"):
        op.drop_table(name)
