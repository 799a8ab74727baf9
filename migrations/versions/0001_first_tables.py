"""First tables."""

import sqlalchemy as sa
from alembic import op
from geoalchemy2 import Geometry

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create the tables of municipalities, staff and listings."""
    op.create_geospatial_table(
        "municipality",
        sa.Column("code", sa.String(length=5), nullable=False),
        sa.Column("name", sa.String(length=40), nullable=False),
        sa.Column("kana", sa.String(length=80), nullable=False),
        sa.Column("name_en", sa.String(length=80), nullable=False),
        sa.Column("lon", sa.Double(), nullable=False),
        sa.Column("lat", sa.Double(), nullable=False),
        sa.Column("label_lon", sa.Double(), nullable=True),
        sa.Column("label_lat", sa.Double(), nullable=True),
        sa.Column("url", sa.String(length=300), nullable=False),
        sa.Column("joined", sa.Boolean(), nullable=False),
        sa.Column("contact", sa.Text(), nullable=False),
        sa.Column("steps", sa.String(length=100), nullable=False),
        sa.Column("valid_months", sa.Integer(), nullable=False),
        sa.Column(
            "boundary",
            Geometry(
                geometry_type="MULTIPOLYGON",
                srid=4326,
                dimension=2,
                spatial_index=False,
                from_text="ST_GeomFromEWKT",
                name="geometry",
            ),
            nullable=True,
        ),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_municipality")),
    )
    op.create_table(
        "prefecture",
        sa.Column("code", sa.String(length=2), nullable=False),
        sa.Column("name", sa.String(length=10), nullable=False),
        sa.Column("name_en", sa.String(length=40), nullable=False),
        sa.Column("demonstration", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_prefecture")),
    )
    op.create_table(
        "listing",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("municipality_code", sa.String(length=5), nullable=False),
        sa.Column("number", sa.String(length=60), nullable=False),
        sa.Column("title", sa.String(length=120), nullable=False),
        sa.Column("town", sa.String(length=120), nullable=False),
        sa.Column("lon", sa.Double(), nullable=False),
        sa.Column("lat", sa.Double(), nullable=False),
        sa.Column("precision", sa.String(20), nullable=False),
        sa.Column("status", sa.String(20), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("is_sale", sa.Boolean(), nullable=False),
        sa.Column("is_rent", sa.Boolean(), nullable=False),
        sa.Column("kind", sa.String(20), nullable=False),
        sa.Column("price", sa.BigInteger(), nullable=True),
        sa.Column("rent", sa.Integer(), nullable=True),
        sa.Column("price_negotiable", sa.Boolean(), nullable=True),
        sa.Column("price_demolished", sa.BigInteger(), nullable=True),
        sa.Column("common_fee", sa.Integer(), nullable=True),
        sa.Column("structure", sa.String(20), nullable=True),
        sa.Column("storeys", sa.Integer(), nullable=True),
        sa.Column("built_on", sa.Date(), nullable=True),
        sa.Column("built_precision", sa.String(20), nullable=True),
        sa.Column("floor_area", sa.Double(), nullable=True),
        sa.Column("layout", sa.String(length=20), nullable=False),
        sa.Column("vacant_since", sa.Date(), nullable=True),
        sa.Column("traditional", sa.Boolean(), nullable=True),
        sa.Column("land_area", sa.Double(), nullable=True),
        sa.Column("land_measure", sa.String(20), nullable=True),
        sa.Column("land_category", sa.String(length=40), nullable=False),
        sa.Column("city_planning", sa.String(20), nullable=True),
        sa.Column("zoning", sa.String(length=40), nullable=False),
        sa.Column("land_right", sa.String(20), nullable=True),
        sa.Column("coverage_ratio", sa.Integer(), nullable=True),
        sa.Column("floor_ratio", sa.Integer(), nullable=True),
        sa.Column("private_road", sa.Boolean(), nullable=True),
        sa.Column("setback", sa.Boolean(), nullable=True),
        sa.Column("roads", sa.String(length=80), nullable=False),
        sa.Column("road_width", sa.Double(), nullable=True),
        sa.Column("car_access", sa.Boolean(), nullable=True),
        sa.Column("rebuildable", sa.Boolean(), nullable=True),
        sa.Column("repair", sa.String(20), nullable=True),
        sa.Column("belongings", sa.String(20), nullable=True),
        sa.Column("handover", sa.String(20), nullable=True),
        sa.Column("handover_on", sa.Date(), nullable=True),
        sa.Column("registered", sa.Boolean(), nullable=True),
        sa.Column("earthquake", sa.String(20), nullable=True),
        sa.Column("barrier_free", sa.Boolean(), nullable=True),
        sa.Column("diy", sa.Boolean(), nullable=True),
        sa.Column("pets", sa.Boolean(), nullable=True),
        sa.Column("water", sa.String(20), nullable=True),
        sa.Column("gas", sa.String(20), nullable=True),
        sa.Column("drain", sa.String(20), nullable=True),
        sa.Column("toilet", sa.String(20), nullable=True),
        sa.Column("toilet_note", sa.String(length=200), nullable=False),
        sa.Column("bath", sa.Boolean(), nullable=True),
        sa.Column("hot_water", sa.String(20), nullable=True),
        sa.Column("all_electric", sa.Boolean(), nullable=True),
        sa.Column("internet", sa.String(20), nullable=True),
        sa.Column("onsen", sa.Boolean(), nullable=True),
        sa.Column("parking", sa.Boolean(), nullable=True),
        sa.Column("parking_spaces", sa.Integer(), nullable=True),
        sa.Column("parking_note", sa.String(length=80), nullable=False),
        sa.Column("garden", sa.Boolean(), nullable=True),
        sa.Column("farmland", sa.Boolean(), nullable=True),
        sa.Column("farmland_area", sa.Double(), nullable=True),
        sa.Column("shed", sa.Boolean(), nullable=True),
        sa.Column("storehouse", sa.Boolean(), nullable=True),
        sa.Column("garage", sa.Boolean(), nullable=True),
        sa.Column("shop_part", sa.Boolean(), nullable=True),
        sa.Column("business_allowed", sa.Boolean(), nullable=True),
        sa.Column("sea", sa.Boolean(), nullable=True),
        sa.Column("nature", sa.Boolean(), nullable=True),
        sa.Column("elementary_m", sa.Integer(), nullable=True),
        sa.Column("junior_high_m", sa.Integer(), nullable=True),
        sa.Column("nursery_m", sa.Integer(), nullable=True),
        sa.Column("supermarket_m", sa.Integer(), nullable=True),
        sa.Column("convenience_m", sa.Integer(), nullable=True),
        sa.Column("drug_store_m", sa.Integer(), nullable=True),
        sa.Column("hospital_m", sa.Integer(), nullable=True),
        sa.Column("bank_m", sa.Integer(), nullable=True),
        sa.Column("post_office_m", sa.Integer(), nullable=True),
        sa.Column("park_m", sa.Integer(), nullable=True),
        sa.Column("municipal_office_m", sa.Integer(), nullable=True),
        sa.Column("station_line", sa.String(length=60), nullable=False),
        sa.Column("station", sa.String(length=60), nullable=False),
        sa.Column("station_m", sa.Integer(), nullable=True),
        sa.Column("flood", sa.String(20), nullable=True),
        sa.Column("flood_map_on", sa.Date(), nullable=True),
        sa.Column("landslide", sa.String(20), nullable=True),
        sa.Column("landslide_map_on", sa.Date(), nullable=True),
        sa.Column("tsunami", sa.String(20), nullable=True),
        sa.Column("tsunami_map_on", sa.Date(), nullable=True),
        sa.Column("storm_surge", sa.String(20), nullable=True),
        sa.Column("storm_surge_map_on", sa.Date(), nullable=True),
        sa.Column("hazard_note", sa.Text(), nullable=False),
        sa.Column("appeal", sa.Text(), nullable=False),
        sa.Column("remarks", sa.Text(), nullable=False),
        sa.Column("conditions", sa.Text(), nullable=False),
        sa.Column("association", sa.Text(), nullable=False),
        sa.Column("association_fee", sa.Integer(), nullable=True),
        sa.Column("mediation", sa.String(20), nullable=True),
        sa.Column("agent_name", sa.String(length=120), nullable=False),
        sa.Column("agent_licence", sa.String(length=80), nullable=False),
        sa.Column("agent_phone", sa.String(length=40), nullable=False),
        sa.Column("contact", sa.String(length=200), nullable=False),
        sa.Column("published_on", sa.Date(), nullable=True),
        sa.Column("confirmed_on", sa.Date(), nullable=True),
        sa.Column("review_due_on", sa.Date(), nullable=True),
        sa.Column("valid_until", sa.Date(), nullable=True),
        sa.Column("negotiating_since", sa.Date(), nullable=True),
        sa.Column("closed_on", sa.Date(), nullable=True),
        sa.Column("created_at", sa.DateTime(), nullable=False),
        sa.Column("updated_at", sa.DateTime(), nullable=False),
        sa.Column("source_file", sa.String(length=200), nullable=False),
        sa.Column("source_row", sa.Integer(), nullable=True),
        sa.Column("demonstration", sa.Boolean(), nullable=False),
        sa.Column("has_panorama", sa.Boolean(), nullable=False),
        sa.Column("features", sa.BigInteger(), nullable=False),
        sa.Column("search_text", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["municipality_code"], ["municipality.code"], name=op.f("fk_listing_municipality_code")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_listing")),
        sa.UniqueConstraint("municipality_code", "number", name=op.f("uq_listing_municipality_code_number")),
    )
    with op.batch_alter_table("listing", schema=None) as batch_op:
        batch_op.create_index(
            "ix_listing_status_kind_municipality", ["status", "kind", "municipality_code", "price"], unique=False
        )
        batch_op.create_index(
            "ix_listing_search",
            [
                "status", "lat", "lon", "kind", "is_sale", "is_rent", "price", "rent", "municipality_code", "features",
                "published_on", "id",
            ],
            unique=False,
        )  # fmt: skip
        batch_op.create_index("ix_listing_status_published", ["status", "published_on", "id"], unique=False)

    op.create_table(
        "staff",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("email", sa.String(length=254), nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("password_hash", sa.String(length=200), nullable=False),
        sa.Column("role", sa.String(20), nullable=False),
        sa.Column("municipality_code", sa.String(length=5), nullable=True),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("demonstration", sa.Boolean(), nullable=False),
        sa.Column("created_at", sa.DateTime(), nullable=False),
        sa.ForeignKeyConstraint(["municipality_code"], ["municipality.code"], name=op.f("fk_staff_municipality_code")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_staff")),
        sa.UniqueConstraint("email", name=op.f("uq_staff_email")),
    )
    op.create_table(
        "town",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("municipality_code", sa.String(length=5), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("kana", sa.String(length=200), nullable=False),
        sa.Column("postal_code", sa.String(length=7), nullable=False),
        sa.Column("lon", sa.Double(), nullable=False),
        sa.Column("lat", sa.Double(), nullable=False),
        sa.ForeignKeyConstraint(
            ["municipality_code"], ["municipality.code"], name=op.f("fk_town_municipality_code"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_town")),
    )
    with op.batch_alter_table("town", schema=None) as batch_op:
        batch_op.create_index("uq_town_municipality_code_name", ["municipality_code", "name"], unique=True)

    op.create_table(
        "closing",
        sa.Column("listing_id", sa.Integer(), nullable=False),
        sa.Column("contracted_on", sa.Date(), nullable=True),
        sa.Column("deal", sa.String(20), nullable=True),
        sa.Column("agreed_amount", sa.BigInteger(), nullable=True),
        sa.Column("household_size", sa.Integer(), nullable=True),
        sa.Column("ages", sa.String(length=80), nullable=False),
        sa.Column("children", sa.Integer(), nullable=True),
        sa.Column("previous_prefecture", sa.String(length=10), nullable=False),
        sa.Column("use", sa.String(20), nullable=True),
        sa.Column("subsidy_used", sa.Boolean(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["listing_id"], ["listing.id"], name=op.f("fk_closing_listing_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("listing_id", name=op.f("pk_closing")),
    )
    op.create_table(
        "listing_event",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("listing_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.Column("staff_id", sa.Integer(), nullable=True),
        sa.Column("actor", sa.String(length=120), nullable=False),
        sa.Column("action", sa.String(length=20), nullable=False),
        sa.Column("changes", sa.JSON(), nullable=False),
        sa.Column("status", sa.String(20), nullable=True),
        sa.Column("effective_on", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(
            ["listing_id"], ["listing.id"], name=op.f("fk_listing_event_listing_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["staff_id"], ["staff.id"], name=op.f("fk_listing_event_staff_id"), ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_listing_event")),
    )
    with op.batch_alter_table("listing_event", schema=None) as batch_op:
        batch_op.create_index("ix_listing_event_listing_id_id", ["listing_id", "id"], unique=False)
        batch_op.create_index("ix_listing_event_status", ["status", "effective_on"], unique=False)

    op.create_table(
        "listing_private",
        sa.Column("listing_id", sa.Integer(), nullable=False),
        sa.Column("lot_number", sa.String(length=120), nullable=False),
        sa.Column("true_lon", sa.Double(), nullable=True),
        sa.Column("true_lat", sa.Double(), nullable=True),
        sa.Column("owner_name", sa.String(length=120), nullable=False),
        sa.Column("owner_contact", sa.Text(), nullable=False),
        sa.Column("consent_on", sa.Date(), nullable=True),
        sa.Column("consent_scope", sa.Text(), nullable=False),
        sa.Column("notes", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["listing_id"], ["listing.id"], name=op.f("fk_listing_private_listing_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("listing_id", name=op.f("pk_listing_private")),
    )
    op.create_table(
        "panorama",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("listing_id", sa.Integer(), nullable=False),
        sa.Column("title", sa.String(length=80), nullable=False),
        sa.Column("description", sa.Text(), nullable=False),
        sa.Column("state", sa.String(20), nullable=False),
        sa.Column("progress", sa.Integer(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("original_key", sa.String(length=200), nullable=False),
        sa.Column("tiles_key", sa.String(length=200), nullable=False),
        sa.Column("cube", sa.Integer(), nullable=False),
        sa.Column("tile", sa.Integer(), nullable=False),
        sa.Column("levels", sa.Integer(), nullable=False),
        sa.Column("yaw", sa.Double(), nullable=False),
        sa.Column("pitch", sa.Double(), nullable=False),
        sa.Column("north_offset", sa.Double(), nullable=False),
        sa.Column("horizon_pitch", sa.Double(), nullable=False),
        sa.Column("horizon_roll", sa.Double(), nullable=False),
        sa.Column("created_at", sa.DateTime(), nullable=False),
        sa.Column("updated_at", sa.DateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["listing_id"], ["listing.id"], name=op.f("fk_panorama_listing_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_panorama")),
        sa.UniqueConstraint("listing_id", name=op.f("uq_panorama_listing_id")),
    )
    with op.batch_alter_table("panorama", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_panorama_state"), ["state"], unique=False)

    op.create_table(
        "photo",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("listing_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=200), nullable=False),
        sa.Column("original_key", sa.String(length=200), nullable=False),
        sa.Column("width", sa.Integer(), nullable=False),
        sa.Column("height", sa.Integer(), nullable=False),
        sa.Column("widths", sa.JSON(), nullable=False),
        sa.Column("kind", sa.String(20), nullable=True),
        sa.Column("caption", sa.String(length=200), nullable=False),
        sa.Column("created_at", sa.DateTime(), nullable=False),
        sa.ForeignKeyConstraint(["listing_id"], ["listing.id"], name=op.f("fk_photo_listing_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_photo")),
    )
    with op.batch_alter_table("photo", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_photo_listing_id"), ["listing_id"], unique=False)


def downgrade() -> None:
    """Drop all tables."""
    with op.batch_alter_table("photo", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_photo_listing_id"))

    op.drop_table("photo")
    with op.batch_alter_table("panorama", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_panorama_state"))

    op.drop_table("panorama")
    op.drop_table("listing_private")
    with op.batch_alter_table("listing_event", schema=None) as batch_op:
        batch_op.drop_index("ix_listing_event_status")
        batch_op.drop_index("ix_listing_event_listing_id_id")

    op.drop_table("listing_event")
    op.drop_table("closing")
    with op.batch_alter_table("town", schema=None) as batch_op:
        batch_op.drop_index("uq_town_municipality_code_name")

    op.drop_table("town")
    op.drop_table("staff")
    with op.batch_alter_table("listing", schema=None) as batch_op:
        batch_op.drop_index("ix_listing_status_published")
        batch_op.drop_index("ix_listing_search")
        batch_op.drop_index("ix_listing_status_kind_municipality")

    op.drop_table("listing")
    op.drop_table("prefecture")
    op.drop_geospatial_table("municipality")
