"""Texts that people give in other languages than Japanese are rows by language

The columns that held the English ones stay for one version, so that the code before this one runs on these tables.

Revision ID: 0012
Revises: 0011
"""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

# Each new table with its key, the table that this refers to, the key there, and the columns: new name, old name, type.
_TABLES = (
    ("prefecture_name", "code", "prefecture", "code", sa.String(2), (("name", "name_en", sa.String(40)),)),
    (
        "municipality_name", "municipality_code", "municipality", "code", sa.String(5),
        (("name", "name_en", sa.String(80)),),
    ),
    (
        "scene_text", "scene_id", "scene", "id", sa.Integer(),
        (("title", "title_en", sa.String(80)), ("description", "description_en", sa.Text())),
    ),
    ("spot_text", "spot_id", "spot", "id", sa.Integer(), (("text", "text_en", sa.String(200)),)),
)  # fmt: skip


def upgrade() -> None:
    """Create the tables, and copy the English texts to them."""
    for name, key, other, other_key, kind, columns in _TABLES:
        op.create_table(
            name,
            sa.Column(key, kind, nullable=False),
            sa.Column("language", sa.String(35), nullable=False),
            *[sa.Column(new, new_kind, nullable=False) for new, _old, new_kind in columns],
            sa.ForeignKeyConstraint([key], [f"{other}.{other_key}"], name=op.f(f"fk_{name}_{key}"), ondelete="CASCADE"),
            sa.PrimaryKeyConstraint(key, "language", name=op.f(f"pk_{name}")),
        )
        rows = sa.table(name, *map(sa.column, (key, "language", *(new for new, _old, _kind in columns))))
        source = sa.table(other, sa.column(other_key), *[sa.column(old) for _new, old, _kind in columns])
        texts = [source.c[old] for _new, old, _kind in columns]
        found = sa.select(source.c[other_key], sa.literal("en"), *texts).where(sa.or_(*[text != "" for text in texts]))
        op.execute(rows.insert().from_select([column.name for column in rows.c], found))


def downgrade() -> None:
    """Copy the English texts back to their columns, and drop the tables with those in other languages."""
    for name, key, other, other_key, _kind, columns in reversed(_TABLES):
        rows = sa.table(name, *map(sa.column, (key, "language", *(new for new, _old, _kind in columns))))
        target = sa.table(other, sa.column(other_key), *[sa.column(old) for _new, old, _kind in columns])
        mine = (rows.c[key] == target.c[other_key], rows.c.language == "en")
        values = {
            old: sa.func.coalesce(sa.select(rows.c[new]).where(*mine).scalar_subquery(), "")
            for new, old, _kind in columns
        }
        op.execute(target.update().values(values))
        op.drop_table(name)
