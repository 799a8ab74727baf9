"""Text search by bigrams, location blur, places, and what municipalities publish about themselves

Revision ID: 0003
Revises: 0002
"""

import sqlalchemy as sa
from alembic import op

from akiya.text import searchable

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

_BATCH = 1000


def upgrade() -> None:
    """Add the columns and the places, and index the searchable texts on either engine."""
    op.add_column("municipality", sa.Column("text", sa.Text(), nullable=False, server_default=""))
    op.add_column("municipality", sa.Column("hazard_map_url", sa.String(300), nullable=False, server_default=""))
    op.add_column("municipality", sa.Column("tags", sa.String(200), nullable=False, server_default=""))
    op.add_column("municipality", sa.Column("blur", sa.String(20), nullable=False, server_default="mesh250"))
    op.add_column("listing", sa.Column("blur", sa.String(20), nullable=True))
    op.add_column("listing", sa.Column("search_head", sa.Text(), nullable=False, server_default=""))
    op.create_table(
        "place",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(20), nullable=False),
        sa.Column("name", sa.String(120), nullable=False),
        sa.Column("label", sa.String(200), nullable=False),
        sa.Column("lon", sa.Double(), nullable=False),
        sa.Column("lat", sa.Double(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_place")),
    )
    op.create_index("uq_place_kind_name_label", "place", ["kind", "name", "label"], unique=True)
    _rewrite()
    if op.get_bind().dialect.name == "postgresql":
        _index_postgresql()
    else:
        _index_sqlite()


def _rewrite() -> None:
    """Write the searchable texts of existing homes in the new form."""
    connection = op.get_bind()
    query = sa.text(
        "SELECT l.id, l.number, l.title, l.town, m.name, l.search_text FROM listing l"
        " JOIN municipality m ON m.code = l.municipality_code WHERE l.id > :after ORDER BY l.id LIMIT :most"
    )
    write = sa.text("UPDATE listing SET search_head = :head, search_text = :whole WHERE id = :id")
    after = 0
    while rows := connection.execute(query, {"after": after, "most": _BATCH}).all():
        values = []
        for listing_id, number, title, town, municipality, whole in rows:
            head = searchable(f"{number} {title} {town} {municipality}")
            values.append({"id": listing_id, "head": head, "whole": f"{head} {searchable(whole)}"})
        connection.execute(write, values)
        after = rows[-1][0]


def _index_postgresql() -> None:
    op.execute(
        "CREATE FUNCTION akiya_bigrams(t text) RETURNS tsvector IMMUTABLE STRICT PARALLEL SAFE LANGUAGE sql AS $$"
        " SELECT array_to_tsvector(array(SELECT DISTINCT substr(t || ' ', i, 2) FROM generate_series(1, length(t)) AS i))"
        " $$"
    )
    op.execute("CREATE INDEX ix_listing_bigrams ON listing USING gin (akiya_bigrams(search_text))")


def _index_sqlite() -> None:
    # akiya.db defines the SQL function bigram_tokens on every connection.
    op.execute(
        "CREATE VIRTUAL TABLE listing_bigrams USING"
        " fts5(tokens, content='', contentless_delete=1, detail=none, tokenize='ascii')"
    )
    op.execute("INSERT INTO listing_bigrams(rowid, tokens) SELECT id, bigram_tokens(search_text) FROM listing")
    insert = "INSERT INTO listing_bigrams(rowid, tokens) VALUES (new.id, bigram_tokens(new.search_text));"
    delete = "DELETE FROM listing_bigrams WHERE rowid = old.id;"
    for name, when, body in (
        ("insert", "AFTER INSERT ON listing", insert),
        ("delete", "AFTER DELETE ON listing", delete),
        ("update", "AFTER UPDATE OF search_text ON listing WHEN old.search_text <> new.search_text", delete + insert),
    ):
        op.execute(f"CREATE TRIGGER listing_bigrams_{name} {when} BEGIN {body} END")


def downgrade() -> None:
    """Drop the index, the places and the columns."""
    if op.get_bind().dialect.name == "postgresql":
        op.execute("DROP INDEX ix_listing_bigrams")
        op.execute("DROP FUNCTION akiya_bigrams(text)")
    else:
        for name in ("insert", "delete", "update"):
            op.execute(f"DROP TRIGGER listing_bigrams_{name}")
        op.execute("DROP TABLE listing_bigrams")
    op.drop_table("place")
    op.drop_column("listing", "search_head")
    op.drop_column("listing", "blur")
    for name in ("blur", "tags", "hazard_map_url", "text"):
        op.drop_column("municipality", name)
