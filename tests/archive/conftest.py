"""An installation with rows in every table, and an empty one on the other engine."""

import json
import zipfile
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask_migrate import upgrade
from geoalchemy2 import Geometry, WKTElement
from sqlalchemy import JSON, Boolean, Date, Enum, Float, Integer, Table, func, insert, select

from akiya import create_app
from akiya.accounts.models import Staff
from akiya.archive import service
from akiya.archive.tables import chosen
from akiya.db import Moment, db, transaction
from akiya.listings import photos
from akiya.listings.models import Listing
from akiya.municipalities import service as municipalities
from akiya.municipalities.models import Municipality
from akiya.outbox.models import Message, MessageState
from akiya.panoramas.models import Scene
from akiya.storage.base import Storage
from akiya.storage.local import LocalStorage
from tests import factories, images
from tests.conftest import close, settings

Members = dict[str, bytes]
BOUNDARY = "MULTIPOLYGON(((130.1 32.1,130.2 32.1,130.2 32.2,130.1 32.1)))"


@pytest.fixture
def full(app: Flask, people: dict[str, int], storage: Storage, tmp_path: Path) -> Iterator[Flask]:
    """Yield an installation with files and with rows in every table, some referring to later rows.

    An application context is active.
    """
    with app.app_context():
        aoi = factories.staff(people["aoi"])
        home = factories.listing(aoi.id, number="=1", appeal="縁側から\n阿蘇の山を望む", title="農家🏠「平屋」")
        factories.listing(aoi.id, number="2", appeal="駅前の店舗")
        photos.add(aoi, home, "a.jpg", images.photo(tmp_path / "a.jpg", (400, 300)), storage)
        factories.owners(aoi.id, home, tmp_path, storage)
        put(storage, tmp_path, "public/panoramas/a/1/f0_0.webp", "private/panoramas/a")
        with transaction() as session:
            for table in chosen(accounts=True):
                if not session.scalar(select(func.count()).select_from(table)):
                    session.execute(insert(table), [_row(session, table, number) for number in (1, 2)])
            first, second = session.scalars(select(Municipality).order_by(Municipality.code).limit(2))
            first.boundary, first.successor_code = WKTElement(BOUNDARY, srid=4326), second.code
            one, two = session.scalars(select(Scene).order_by(Scene.id))
            one.pair_of_id, one.tiles_key, two.tiles_key = two.id, "public/panoramas/a", ""
            session.scalars(select(Message)).first().state = MessageState.SENT
            session.get(Listing, home).has_panorama = True
            aoi.session_stamp = "the stamp of a session"
        yield app


def put(storage: Storage, folder: Path, *keys: str) -> None:
    """Store files under these keys, each with different bytes."""
    for key in keys:
        (folder / "put").write_bytes(key.encode() * 100)
        storage.save(key, folder / "put")


def _row(session: Any, table: Table, number: int) -> dict[str, Any]:
    return {column.name: _value(session, table, column, number) for column in table.c}


def _value(session: Any, table: Table, column: Any, number: int) -> Any:
    if column.foreign_keys:
        [key] = column.foreign_keys
        if key.column.table is table:
            return None
        return session.scalar(select(key.column).order_by(key.column).offset(number - 1).limit(1))
    if column.primary_key and isinstance(column.type, Integer):
        return number * 10
    kinds: dict[type, Any] = {
        Moment: datetime(2026, 4, number, 23, 59, 59, 123456, UTC), Date: date(2024, 2, 28 + number % 2),
        Boolean: number == 1, Integer: number, Float: 0.1 + number, JSON: {"語": [None, 1.5, "“\u2028”", number]},
        Geometry: None,
    }  # fmt: skip
    if isinstance(column.type, Enum):
        return list(column.type.enum_class)[-number]
    for kind, value in kinds.items():
        if isinstance(column.type, kind):
            return value
    return f"{number}"[: column.type.length]


@pytest.fixture(scope="session")
def others(make_database, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[[str], Flask]]:
    """Yield a function that returns an installation on the named engine, created once."""
    made: dict[str, Flask] = {}

    def other(engine: str) -> Flask:
        if engine not in made:
            made[engine] = create_app(settings(tmp_path_factory.mktemp("other"), make_database(engine)))
            with made[engine].app_context():
                upgrade(directory=made[engine].extensions["migrate"].directory)
        return made[engine]

    yield other
    for app in made.values():
        close(app)


@pytest.fixture
def empty(app: Flask, others: Callable[[str], Flask]) -> Flask:
    """Return an installation on the engine that `app` does not use, as `akiya init` creates it."""
    with app.app_context():
        made = others("postgis" if db.engine.dialect.name == "sqlite" else "spatialite")
    with made.app_context():
        for table in reversed(db.metadata.sorted_tables):
            if table.name != "revision":
                db.session.execute(table.delete())
        db.session.commit()
        municipalities.ensure_prefecture("熊本県")
    return made


def people_of(session: Any) -> list[Staff]:
    """Return every account in the order of the ids."""
    return list(session.scalars(select(Staff).order_by(Staff.id)))


@pytest.fixture
def members(full: Flask, storage: LocalStorage, tmp_path: Path) -> Members:
    """Return the members of an archive in their order."""
    service.export(storage, tmp_path / "all.zip")
    with zipfile.ZipFile(tmp_path / "all.zip") as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def packed(folder: Path, members: Members) -> Path:
    """Write an archive with these members and return its path."""
    with zipfile.ZipFile(folder / "given.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return folder / "given.zip"


def said(members: Members, **values: Any) -> None:
    """Change values of the manifest."""
    members["manifest.json"] = json.dumps({**json.loads(members["manifest.json"]), **values}).encode()
