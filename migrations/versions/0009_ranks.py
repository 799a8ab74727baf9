"""A setting that lets municipalities see their rank

Revision ID: 0009
Revises: 0008
"""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the prefecture's setting, off."""
    op.add_column("prefecture", sa.Column("ranks_shown", sa.Boolean(), nullable=False, server_default=sa.false()))


def downgrade() -> None:
    """Drop the setting."""
    op.drop_column("prefecture", "ranks_shown")
