"""One history for both engines."""

from datetime import date

import pytest
import sqlalchemy as sa
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from flask_migrate import downgrade, upgrade
from geoalchemy2.alembic_helpers import include_object
from sqlalchemy import inspect

from akiya import create_app
from akiya.db import db
from akiya.listings import words
from akiya.listings.models import Listing
from akiya.municipalities import service as municipalities
from akiya.municipalities.models import Municipality
from akiya.panoramas.models import Scene, State
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
        assert words.find(("前からある",)).ids.tolist() == [listing_id]
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
                    salt="s", tiles_key="public/panoramas/x", state=State.READY, yaw=12.5, published=True,
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
            "座敷", State.READY, True, True, [], "public/panoramas/x",
        )  # fmt: skip
        live = sa.select(Municipality.code).where(Municipality.live_viewing)
        assert db.session.scalars(live).all() == ["43214"]
        db.session.add(Scene(listing_id=listing_id, original_key="private/panoramas/2", salt="t"))
        db.session.commit()
    close(app)
