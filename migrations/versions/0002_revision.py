"""The number of committed transactions

Revision ID: 0002
Revises: 0001
"""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create the table with one row that counts committed transactions."""
    table = op.create_table("revision", sa.Column("number", sa.Integer(), nullable=False))
    op.bulk_insert(table, [{"number": 1}])


def downgrade() -> None:
    """Drop the counter."""
    op.drop_table("revision")
