"""Export everything from one installation and import it into another: other engine, other storage."""

import hashlib
import json
import stat
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select

from akiya.archive import describing, restoring, service, tables, words
from akiya.catalogue import full_text
from akiya.db import db
from akiya.listings.models import Listing
from akiya.municipalities.models import Municipality
from akiya.panoramas.models import Scene, SceneState
from akiya.storage.base import Storage, Stored
from akiya.storage.local import LocalStorage
from akiya.storage.s3 import S3Storage
from akiya.text import searchable
from tests import buckets, factories
from tests.archive.conftest import people_of

pytestmark = [pytest.mark.engines, pytest.mark.slow]


def everything(*, accounts: bool) -> dict[str, list[dict[str, Any]]]:
    """Return every row of the database by table."""
    with db.engine.connect() as connection:
        return {
            table.name: list(tables.rows(connection, table, accounts=accounts))
            for table in tables.chosen(accounts=accounts)
        }


def held(storage: Storage) -> dict[str, str]:
    return {key: storage.sha256(key) for top in ("public", "private") for key in storage.keys(top)}


def other(storage: Storage, folder: Path, endpoint: str) -> Storage:
    """Return an empty storage of the other kind."""
    if isinstance(storage, S3Storage):
        return LocalStorage(folder / "other")
    return S3Storage(buckets.make(endpoint), "files", endpoint, "")


@pytest.mark.parametrize("accounts", [False, True])
def test_what_leaves_one_engine_and_storage_arrives_in_the_others(
    full: Flask, empty: Flask, storage: Storage, endpoint: str, tmp_path: Path, *, accounts: bool
) -> None:
    made, target = tmp_path / "all.zip", other(storage, tmp_path, endpoint)
    exported = service.export(storage, made, accounts=accounts)
    before, files = everything(accounts=accounts), held(storage)
    assert min(map(len, before.values())) > 0, "every table has rows"
    assert (exported.rows, exported.files, exported.gone) == (sum(map(len, before.values())), len(files), [])
    with empty.app_context():
        restored = restoring.restore(target, made)
        assert everything(accounts=accounts) == before
        assert held(target) == files
        assert (restored.rows, restored.saved, restored.kept) == (exported.rows, exported.files, 0)
        assert db.session.scalar(
            select(func.ST_AsText(Municipality.boundary)).where(Municipality.boundary.is_not(None))
        )
        [found] = full_text.find([searchable("縁側"), searchable("阿蘇")]).ids
        assert db.session.get(Listing, int(found)).number == "=1", "the text index was built"
        known = db.session.scalar(select(func.max(Listing.id)))
        aoi = people_of(db.session)[0]
        assert factories.listing(aoi.id, number="new") > known, "new rows are numbered after the imported ones"


def test_accounts_come_without_passwords_unless_they_are_asked_for(
    full: Flask, storage: Storage, tmp_path: Path
) -> None:
    secrets = [person.password_hash for person in people_of(db.session)] + [factories.TOTP_SECRET]
    for accounts in (False, True):
        made = tmp_path / f"{accounts}.zip"
        service.export(storage, made, accounts=accounts)
        assert stat.S_IMODE(made.stat().st_mode) == 0o600
        with zipfile.ZipFile(made) as archive:
            whole = b"".join(archive.read(name) for name in archive.namelist())
            names = archive.namelist()
        assert ("data/sign_in.jsonl" in names) is accounts
        assert not {"data/ticket.jsonl", "data/form_draft.jsonl", "data/revision.jsonl"} & set(names)
        for secret in secrets:
            assert (json.dumps(secret)[1:-1].encode() in whole) is accounts
        assert b"the stamp of a session" not in whole


def test_it_explains_itself(full: Flask, storage: Storage, tmp_path: Path) -> None:
    service.export(storage, tmp_path / "all.zip")
    with zipfile.ZipFile(tmp_path / "all.zip") as archive:
        text = archive.read("README.txt").decode()
        manifest = json.loads(archive.read("manifest.json"))
        for name, part in manifest["parts"].items():
            content = archive.read(name)
            assert (len(content), hashlib.sha256(content).hexdigest()) == (part["size"], part["sha256"])
            assert content.count(b"\n") == part["rows"] or name == "README.txt"
        for row in map(json.loads, archive.read("files.jsonl").splitlines()):
            assert hashlib.sha256(archive.read(f"files/{row['key']}")).hexdigest() == row["sha256"]
    for table in tables.chosen(accounts=True):
        assert table.name in words.TABLES, f"akiya/archive/words.py says nothing of the table {table.name}"
        for column in tables.columns(table, accounts=True):
            known = describing.meaning(table, column)
            assert known, f"akiya/archive/words.py says nothing of the column {table.name}.{column.name}"
    assert "price  売買価格" in text
    assert "open=" in text


class _Busy(LocalStorage):
    """A storage whose site gets a new listing while its files are listed."""

    def files(self, prefix: str) -> Iterator[Stored]:
        if not db.session.scalar(select(Listing.id).where(Listing.number == "meanwhile")):
            factories.listing(factories.account("aoi"), number="meanwhile")
        yield from super().files(prefix)


@pytest.mark.parametrize("storage", ["local"], indirect=True)
def test_it_is_the_state_of_one_moment_though_people_go_on_working(
    full: Flask, storage: LocalStorage, tmp_path: Path
) -> None:
    before = everything(accounts=False)
    service.export(_Busy(storage.root), tmp_path / "all.zip")
    assert db.session.scalar(select(Listing.id).where(Listing.number == "meanwhile"))
    with zipfile.ZipFile(tmp_path / "all.zip") as archive:
        for name, rows in before.items():
            assert list(map(json.loads, archive.read(f"data/{name}.jsonl").splitlines())) == rows


@pytest.mark.parametrize("storage", ["local"], indirect=True)
def test_tiles_that_are_left_out_are_made_anew(full: Flask, empty: Flask, storage: Storage, tmp_path: Path) -> None:
    made, target = tmp_path / "all.zip", LocalStorage(tmp_path / "other")
    service.export(storage, made, derived=False)
    with empty.app_context():
        restoring.restore(target, made)
        assert [key for key in held(target) if "panoramas" in key] == ["private/panoramas/a"]
        scene = db.session.scalars(select(Scene).order_by(Scene.id)).first()
        assert (scene.state, scene.tiles_key, scene.worker) == (SceneState.WAITING, "", "")
        assert not db.session.scalar(select(Listing.id).where(Listing.has_panorama))


@pytest.mark.parametrize("storage", ["local"], indirect=True)
def test_a_file_that_is_deleted_meanwhile_is_told(full: Flask, storage: LocalStorage, tmp_path: Path) -> None:
    (storage.root / "private/gone").symlink_to(tmp_path / "nowhere")
    (tmp_path / "nowhere").write_bytes(b"x")

    class Forgetting(LocalStorage):
        def fetch(self, key: str, target: Path) -> None:
            (tmp_path / "nowhere").unlink(missing_ok=True)
            super().fetch(key, target)

    assert service.export(Forgetting(storage.root), tmp_path / "all.zip").gone == ["private/gone"]
