"""One history of migrations for both engines."""

import re
from datetime import date, datetime

import pytest
import sqlalchemy as sa
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from flask_migrate import downgrade, upgrade
from geoalchemy2.alembic_helpers import include_object
from sqlalchemy import inspect

from akiya import create_app
from akiya.catalogue import full_text
from akiya.db import db
from akiya.listings.models import Listing
from akiya.municipalities import service as municipalities
from akiya.municipalities.models import Municipality
from akiya.panoramas.models import Scene, SceneState
from tests import factories
from tests.conftest import close, settings

pytestmark = [pytest.mark.engines, pytest.mark.slow]


def test_up_and_down_and_up_again(engine: str, make_database, tmp_path) -> None:
    app = create_app(settings(tmp_path, make_database(engine)))
    folder = app.extensions["migrate"].directory
    with app.app_context():
        upgrade(directory=folder)
        assert "listing" in inspect(db.engine).get_table_names()
        downgrade(directory=folder, revision="base")
        left = set(inspect(db.engine).get_table_names()) & set(db.metadata.tables)
        assert not left
        upgrade(directory=folder)
        config = app.extensions["migrate"].migrate.get_config(folder)
        command.check(config)
        with db.engine.connect() as connection:
            context = MigrationContext.configure(connection, opts={"include_object": _ours, "compare_type": True})
            assert compare_metadata(context, db.metadata) == []
    close(app)


def _ours(thing, name, kind, reflected, compare_to) -> bool:
    if kind == "table" and reflected and name not in db.metadata.tables:
        return False
    if name == "ix_listing_bigrams":
        return False
    return include_object(thing, name, kind, reflected, compare_to)


def test_what_is_stored_survives_the_step_to_confirmation(engine: str, make_database, tmp_path) -> None:
    app = create_app(settings(tmp_path, make_database(engine)))
    folder = app.extensions["migrate"].directory
    with app.app_context():
        upgrade(directory=folder)
        municipalities.ensure_prefecture("熊本県")
        listing_id = factories.listing(factories.people()["aoi"], title="前からある家")
        db.session.remove()
        downgrade(directory=folder, revision="0003")
        with db.engine.begin() as connection:
            connection.execute(sa.text("UPDATE listing SET review_due_on = NULL, published_on = '2026-03-01'"))
        upgrade(directory=folder)
        home = db.session.get(Listing, listing_id)
        assert (home.title, home.review_due_on, home.municipality.confirm_days) == (
            "前からある家",
            date(2026, 4, 30),
            60,
        )
        assert full_text.find(("前からある",)).ids.tolist() == [listing_id]
    close(app)


def test_a_panorama_becomes_the_first_scene_of_a_tour(engine: str, make_database, tmp_path) -> None:
    app = create_app(settings(tmp_path, make_database(engine)))
    folder = app.extensions["migrate"].directory
    with app.app_context():
        upgrade(directory=folder)
        municipalities.ensure_prefecture("熊本県")
        listing_id = factories.listing(factories.people()["aoi"])
        for position, title in enumerate(("座敷", "台所")):
            db.session.add(
                Scene(
                    listing_id=listing_id, position=position, title=title, original_key=f"private/panoramas/{position}",
                    salt="s", tiles_key="public/panoramas/x", state=SceneState.READY, yaw=12.5, published=True,
                )
            )  # fmt: skip
        db.session.commit()
        db.session.remove()
        downgrade(directory=folder, revision="0004")
        with db.engine.begin() as connection:
            connection.execute(sa.text("UPDATE municipality SET tags = 'settle,online' WHERE code = '43214'"))
        with db.engine.connect() as connection:
            kept = connection.execute(sa.text("SELECT title, yaw FROM panorama")).all()
        assert kept == [("座敷", 12.5)]
        upgrade(directory=folder)
        (scene,) = db.session.scalars(sa.select(Scene)).all()
        assert (scene.title, scene.state, scene.published, scene.posed, scene.blurs, scene.salt) == (
            "座敷", SceneState.READY, True, True, [], "public/panoramas/x",
        )  # fmt: skip
        live = sa.select(Municipality.code).where(Municipality.live_viewing)
        assert db.session.scalars(live).all() == ["43214"]
        db.session.add(Scene(listing_id=listing_id, original_key="private/panoramas/2", salt="t"))
        db.session.commit()
    close(app)


# Homes as stored when 0011 was the last version: the fields, the sum of the bits, and the pictograms that it meant.
_FARMHOUSE = (
    {
        "is_sale": True, "storeys": 1, "built_on": date(1930, 1, 1), "built_precision": "year", "repair": "minor", "diy": True,
        "belongings": "remain", "water": "well", "drain": "pit", "gas": "lp", "bath": True, "parking_spaces": 2,
        "road_width": 1.5, "garden": True, "farmland_area": 120.0, "storehouse": True, "nature": True, "flood": "inside",
        "rebuildable": False,
    },
    1 << 0 | 1 << 3 | 1 << 4 | 1 << 7 | 1 << 9 | 1 << 10 | 1 << 12 | 1 << 15 | 1 << 17 | 1 << 20 | 1 << 22 | 1 << 23
    | 1 << 24 | 1 << 25 | 1 << 26 | 1 << 31 | 1 << 38 | 1 << 39,
    {
        "sale", "single_storey", "traditional", "minor_repair", "diy", "belongings", "well", "pit_toilet", "lp_gas", "bath",
        "parking", "no_car_access", "garden", "farmland", "outbuilding", "nature", "hazard", "no_rebuild",
    },
)  # fmt: skip
_TOWN_HOUSE = (
    {
        "is_rent": True, "storeys": 2, "built_on": date(1995, 4, 1), "built_precision": "day", "repair": "none",
        "handover": "immediate", "water": "public", "drain": "sewer", "toilet": "flush", "gas": "city", "internet": "fibre",
        "onsen": True, "business_allowed": True, "pets": True, "barrier_free": True, "sea": True, "station_m": 800,
        "elementary_m": 900, "supermarket_m": 500, "hospital_m": 2000,
    },
    1 << 1 | 1 << 5 | 1 << 6 | 1 << 11 | 1 << 13 | 1 << 14 | 1 << 16 | 1 << 19 | 1 << 21 | 1 << 27 | 1 << 28 | 1 << 29
    | 1 << 30 | 1 << 32 | 1 << 33 | 1 << 34 | 1 << 35,
    {
        "rent", "post_1981", "move_in_ready", "public_water", "sewer", "flush_toilet", "city_gas", "fibre", "onsen",
        "business", "pets", "few_steps", "sea", "near_station", "near_school", "near_shops", "near_hospital",
    },
)  # fmt: skip
_LAND = (
    {"is_sale": True, "kind": "land", "repair": "major", "all_electric": True, "has_panorama": True},
    1 << 0 | 1 << 2 | 1 << 8 | 1 << 18 | 1 << 37,
    {"sale", "land", "major_repair", "all_electric", "panorama"},
)


# In the order of their bits.
_KEYS_AT_0011 = (
    "sale", "rent", "land", "single_storey", "traditional", "post_1981", "move_in_ready", "minor_repair", "major_repair", "diy",
    "belongings", "public_water", "well", "sewer", "flush_toilet", "pit_toilet", "city_gas", "lp_gas", "all_electric", "fibre",
    "bath", "onsen", "parking", "no_car_access", "garden", "farmland", "outbuilding", "business", "pets", "few_steps",
    "sea", "nature", "near_station", "near_school", "near_shops", "near_hospital", "subsidy", "panorama", "hazard", "no_rebuild",
)  # fmt: skip


def test_homes_stored_at_0011_keep_their_pictograms(engine: str, make_database, tmp_path) -> None:
    app = create_app(settings(tmp_path, make_database(engine)))
    folder = app.extensions["migrate"].directory
    homes = [_FARMHOUSE, _TOWN_HOUSE, _LAND, *[({}, 1 << bit, {key}) for bit, key in enumerate(_KEYS_AT_0011)]]
    at = datetime(2026, 4, 1)  # noqa: DTZ001  (instants are stored as naive UTC)
    town = {"code": "43214", "name": "阿蘇市", "joined": True, "lon": 131.12, "lat": 32.95}
    rows = [
        {
            "id": number, "municipality_code": "43214", "number": f"第{number}号", "lon": 131.12, "lat": 32.95,
            "precision": "office", "status": "open", "version": 1, "kind": "house", "created_at": at, "updated_at": at,
            "features": features, **fields,
        }
        for number, (fields, features, _keys) in enumerate(homes, 1)
    ]  # fmt: skip
    with app.app_context():
        upgrade(directory=folder, revision="0011")
        with db.engine.begin() as connection:
            _insert(connection, "municipality", [town])
            _insert(connection, "listing", rows)
            _insert(connection, "listing_private", [{"listing_id": row["id"]} for row in rows])
        upgrade(directory=folder)
        municipalities.ensure_prefecture("熊本県")
        visitor = app.test_client()

        def found(query: str) -> dict[int, set[str]]:
            answer = visitor.get(f"/listings.geojson?limit=100&{query}").get_json()
            return {home["id"]: set(home["properties"]["features"]) for home in answer["features"]}

        expected = {number: keys for number, (_fields, _features, keys) in enumerate(homes, 1)}
        assert found("") == expected
        for key in _KEYS_AT_0011:
            assert found(f"feature={key}") == {number: keys for number, keys in expected.items() if key in keys}
        for number in (1, 2, 3):
            page = visitor.get(f"/listings/{number}").get_data(as_text=True)
            lit = re.findall(r'class="picto-state picto-yes.*?#(\w+)"', page, re.DOTALL)
            assert set(lit) == expected[number]
    close(app)


def _insert(connection: sa.Connection, name: str, rows: list[dict[str, object]]) -> None:
    """Insert rows into the table as it is in the database now; required columns without a value are empty."""
    table = sa.Table(name, sa.MetaData(), autoload_with=connection, resolve_fks=False)
    for row in rows:
        needed = [c for c in table.c if not (c.nullable or c.primary_key or c.server_default or c.name in row)]
        connection.execute(table.insert().values({c.name: c.type.python_type() for c in needed} | row))


def test_english_texts_become_rows_by_language_and_columns_again(engine: str, make_database, tmp_path) -> None:
    app = create_app(settings(tmp_path, make_database(engine)))
    folder = app.extensions["migrate"].directory
    at = datetime(2026, 4, 1)  # noqa: DTZ001  (instants are stored as naive UTC)
    rows: dict[str, list[dict[str, object]]] = {
        "prefecture": [{"code": "43", "name": "熊本県", "name_en": "Kumamoto"}],
        "municipality": [
            {"code": "43214", "name": "阿蘇市", "name_en": "Aso City", "lon": 131.12, "lat": 32.95},
            {"code": "43425", "name": "産山村", "lon": 131.2, "lat": 33.0},
        ],
        "listing": [{"id": 1, "municipality_code": "43214", "created_at": at, "updated_at": at}],
        "scene": [
            {"id": 1, "title_en": "Kitchen", "description_en": "8 mats"},
            {"id": 2, "title": "座敷", "description_en": "A room"},
            {"id": 3, "title": "庭"},
        ],
        "spot": [{"id": 1, "text_en": "Stain"}, {"id": 2, "text": "柱"}],
    }
    for scene in rows["scene"]:
        scene |= {"listing_id": 1, "created_at": at, "updated_at": at, "blurs": []}
    for spot in rows["spot"]:
        spot |= {"scene_id": 1}
    with app.app_context():
        upgrade(directory=folder, revision="0011")
        with db.engine.begin() as connection:
            for name, given in rows.items():
                _insert(connection, name, given)
        upgrade(directory=folder)
        with db.engine.begin() as connection:
            assert _all(connection, "SELECT * FROM prefecture_name") == {("43", "en", "Kumamoto")}
            assert _all(connection, "SELECT * FROM municipality_name") == {("43214", "en", "Aso City")}
            assert _all(connection, "SELECT scene_id, language, title, description FROM scene_text") == {
                (1, "en", "Kitchen", "8 mats"),
                (2, "en", "", "A room"),
            }
            assert _all(connection, "SELECT * FROM spot_text") == {(1, "en", "Stain")}
            later = [
                {"municipality_code": "43425", "language": "en", "name": "Ubuyama"},
                {"municipality_code": "43214", "language": "ko", "name": "아소시"},
            ]
            _insert(connection, "municipality_name", later)
            connection.execute(sa.text("UPDATE scene_text SET title = 'Big kitchen' WHERE scene_id = 1"))
            connection.execute(sa.text("DELETE FROM spot_text"))
        downgrade(directory=folder, revision="0011")
        with db.engine.connect() as connection:
            assert _all(connection, "SELECT code, name_en FROM prefecture") == {("43", "Kumamoto")}
            assert _all(connection, "SELECT code, name_en FROM municipality") == {
                ("43214", "Aso City"),
                ("43425", "Ubuyama"),
            }
            assert _all(connection, "SELECT id, title_en, description_en FROM scene") == {
                (1, "Big kitchen", "8 mats"),
                (2, "", "A room"),
                (3, "", ""),
            }
            assert _all(connection, "SELECT id, text_en FROM spot") == {(1, ""), (2, "")}
            assert "spot_text" not in inspect(connection).get_table_names()
    close(app)


def _all(connection: sa.Connection, query: str) -> set[tuple[object, ...]]:
    return {tuple(row) for row in connection.execute(sa.text(query))}
