"""Tours of several scenes, and viewing by video call

Revision ID: 0005
Revises: 0004
"""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

_KEPT = (
    "id", "listing_id", "title", "description", "state", "progress", "reason", "original_key", "tiles_key", "cube", "tile",
    "levels", "yaw", "pitch", "north_offset", "horizon_pitch", "horizon_roll", "created_at", "updated_at",
)  # fmt: skip


def _text(name: str, length: int | None = None) -> sa.Column:
    return sa.Column(name, sa.String(length) if length else sa.Text(), nullable=False)


def _integers(*names: str) -> list[sa.Column]:
    return [sa.Column(name, sa.Integer(), nullable=False) for name in names]


def _angles(*names: str) -> list[sa.Column]:
    return [sa.Column(name, sa.Double(), nullable=False) for name in names]


def _reference(table: str, name: str, other: str, gone: str, *, nullable: bool) -> list:
    return [
        sa.Column(name, sa.Integer(), nullable=nullable),
        sa.ForeignKeyConstraint([name], [f"{other}.id"], name=op.f(f"fk_{table}_{name}"), ondelete=gone),
    ]


def upgrade() -> None:
    """Create scenes and spots, and move each listing's panorama to a first scene."""
    op.add_column("listing", sa.Column("live_viewing", sa.Boolean(), nullable=True))
    op.add_column("municipality", sa.Column("live_viewing", sa.Boolean(), nullable=False, server_default=sa.false()))
    op.add_column("municipality", sa.Column("live_viewing_note", sa.Text(), nullable=False, server_default=""))
    _live_viewings()
    op.create_table(
        "scene",
        *_integers("id"),
        *_reference("scene", "listing_id", "listing", "CASCADE", nullable=False),
        *_integers("position"),
        _text("title", 80), _text("title_en", 80), _text("description"), _text("description_en"),
        sa.Column("published", sa.Boolean(), nullable=False),
        *_reference("scene", "pair_of_id", "scene", "SET NULL", nullable=True),
        sa.Column("pair", sa.String(20), nullable=True),
        *_reference("scene", "plan_photo_id", "photo", "SET NULL", nullable=True),
        sa.Column("plan_x", sa.Double(), nullable=True),
        sa.Column("plan_y", sa.Double(), nullable=True),
        _text("original_key", 200), _text("salt", 40), _text("state", 20),
        *_integers("progress"), _text("reason"), *_integers("attempts"), _text("worker", 40),
        sa.Column("claimed_until", sa.DateTime(), nullable=True),
        _text("tiles_key", 200), *_integers("cube", "tile", "levels", "full_bytes"),
        *_angles("yaw", "pitch", "north_offset", "horizon_pitch", "horizon_roll"),
        sa.Column("posed", sa.Boolean(), nullable=False),
        sa.Column("blurs", sa.JSON(), nullable=False),
        sa.Column("camera_height", sa.Double(), nullable=True),
        sa.Column("created_at", sa.DateTime(), nullable=False),
        sa.Column("updated_at", sa.DateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_scene")),
    )  # fmt: skip
    op.create_index("ix_scene_listing_id", "scene", ["listing_id"])
    op.create_index("ix_scene_state_claimed_until", "scene", ["state", "claimed_until"])
    op.create_table(
        "spot",
        *_integers("id"),
        *_reference("spot", "scene_id", "scene", "CASCADE", nullable=False),
        _text("kind", 20), *_angles("yaw", "pitch"),
        *_reference("spot", "target_id", "scene", "CASCADE", nullable=True),
        _text("text", 200), _text("text_en", 200),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_spot")),
    )  # fmt: skip
    op.create_index("ix_spot_scene_id", "spot", ["scene_id"])
    old, new = _tables()
    ready = old.c.state == "ready"
    given = {
        "position": sa.literal(0), "title_en": sa.literal(""), "description_en": sa.literal(""), "published": ready,
        "salt": old.c.tiles_key, "attempts": sa.literal(0), "worker": sa.literal(""), "full_bytes": sa.literal(0), "posed": ready,
        "blurs": sa.literal([], sa.JSON),
    }  # fmt: skip
    rows = sa.select(*(old.c[name] for name in _KEPT), *given.values())
    op.execute(new.insert().from_select([*_KEPT, *given], rows))
    op.drop_table("panorama")
    _count_on("scene")


def _live_viewings() -> None:
    """Set that municipalities with the tag for advice online show homes by video call; no setting said so before."""
    columns = (sa.column("tags", sa.String), sa.column("live_viewing", sa.Boolean))
    table = sa.table("municipality", *columns)
    said = sa.literal(",").concat(table.c.tags).concat(",").contains(",online,")
    op.execute(table.update().where(said).values(live_viewing=True))


def _tables() -> tuple[sa.TableClause, sa.TableClause]:
    """Return the old table of panoramas and the new one of scenes, with the columns that are copied."""
    added = (
        "position",
        "title_en",
        "description_en",
        "published",
        "salt",
        "attempts",
        "worker",
        "full_bytes",
        "posed",
        "blurs",
    )
    old, new = ([sa.column(name) for name in names] for names in (_KEPT, (*_KEPT, *added)))
    return sa.table("panorama", *old), sa.table("scene", *new)


def _count_on(name: str) -> None:
    """Let PostgreSQL number new rows after those that were inserted with their numbers."""
    if op.get_bind().dialect.name == "postgresql":
        table = sa.table(name, sa.column("id"))
        last = sa.select(sa.func.coalesce(sa.func.max(table.c.id), 1)).scalar_subquery()
        op.execute(sa.select(sa.func.setval(sa.func.pg_get_serial_sequence(name, "id"), last)))


def downgrade() -> None:
    """Move the first scene of each listing back to its panorama, and drop scenes and spots."""
    op.create_table(
        "panorama",
        *_integers("id", "listing_id"), _text("title", 80), _text("description"), _text("state", 20),
        *_integers("progress"), _text("reason"), _text("original_key", 200), _text("tiles_key", 200),
        *_integers("cube", "tile", "levels"), *_angles("yaw", "pitch", "north_offset", "horizon_pitch", "horizon_roll"),
        sa.Column("created_at", sa.DateTime(), nullable=False),
        sa.Column("updated_at", sa.DateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["listing_id"], ["listing.id"], name=op.f("fk_panorama_listing_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_panorama")),
        sa.UniqueConstraint("listing_id", name=op.f("uq_panorama_listing_id")),
    )  # fmt: skip
    op.create_index("ix_panorama_state", "panorama", ["state"])
    old, new = _tables()
    other = new.alias()
    first = sa.select(other.c.id).where(other.c.listing_id == new.c.listing_id)
    first = first.order_by(other.c.position, other.c.id).limit(1).scalar_subquery()
    op.execute(old.insert().from_select([*_KEPT], sa.select(*(new.c[name] for name in _KEPT)).where(new.c.id == first)))
    _count_on("panorama")
    op.drop_table("spot")
    op.drop_table("scene")
    op.drop_column("municipality", "live_viewing_note")
    op.drop_column("municipality", "live_viewing")
    op.drop_column("listing", "live_viewing")
