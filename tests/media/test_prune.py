"""Files that no row names, and rows whose files are missing."""

import os
import sys
import time
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from flask import Flask

from akiya.db import db, now, transaction
from akiya.errors import Invalid
from akiya.ledgers import service as ledgers
from akiya.ledgers.models import Import
from akiya.listings import photos
from akiya.listings.models import Photo
from akiya.media import service
from akiya.owners.models import Document
from akiya.panoramas import service as panoramas
from akiya.panoramas import tiling
from akiya.panoramas.models import Scene
from akiya.storage.base import Storage
from akiya.storage.local import LocalStorage
from tests import factories, images
from tests.shell import akiya

pytestmark = pytest.mark.slow

AKIYA = Path(sys.executable).parent / "akiya"


@pytest.fixture
def home(app: Flask, people: dict[str, int], storage: Storage, tmp_path: Path) -> Iterator[int]:
    """Yield a listing with a photo, an owner's document and a ledger; an application context is active."""
    with app.app_context():
        aoi, home = factories.staff(people["aoi"]), factories.listing(people["aoi"])
        photos.add(aoi, home, "a.jpg", images.photo(tmp_path / "a.jpg", (400, 300)), storage)
        factories.owners(people["aoi"], home, tmp_path, storage)
        (tmp_path / "ledger.csv").write_text("物件番号\n1\n")
        ledgers.receive(factories.staff(people["aoi"]), factories.A, "台帳.csv", tmp_path / "ledger.csv", storage)
        yield home


def add_tour(home: int, storage: Storage, folder: Path) -> Scene:
    """Add a tiled scene to the listing and return it."""
    aoi, picture = factories.staff(factories.account("aoi")), images.panorama(folder / "p.jpg")
    panoramas.add(aoi, home, picture, storage, title="座敷", description="8畳の和室")
    tiling.process_all(storage)
    return db.session.scalars(db.select(Scene)).one()


def everything(storage: Storage) -> list[str]:
    return [*storage.keys("public"), *storage.keys("private")]


def compare(storage: Storage, age: timedelta = timedelta(seconds=-60)) -> service.Comparison:
    """Return the comparison, as if everything had been saved long ago; `age` is the grace period."""
    return service.compare(storage, now() - age)


def put(storage: Storage, folder: Path, *keys: str) -> None:
    (folder / "stray").write_bytes(b"stray")
    for key in keys:
        storage.save(key, folder / "stray")


def test_every_file_of_every_kind_belongs_to_its_row(home: int, storage: Storage, tmp_path: Path) -> None:
    add_tour(home, storage, tmp_path)
    photos.offer(home, "", tmp_path / "a.jpg", storage, "所有者の申込")
    found = compare(storage)
    assert (found.orphans, found.unfinished, found.missing) == ([], [], [])
    assert found.in_use == found.files == len(everything(storage))


def test_what_no_row_names_is_deleted_and_nothing_else(home: int, storage: Storage, tmp_path: Path) -> None:
    before = everything(storage)
    photo = db.session.scalars(db.select(Photo)).first()
    strays = [f"{photo.key}x/320.webp", "private/photos/stray", "private/ledgers/stray", "public/tours/t/1/f.webp"]
    put(storage, tmp_path, *strays)
    found = compare(storage)
    assert sorted(file.key for file in found.orphans) == sorted(strays)
    assert found.missing == []
    assert sorted(everything(storage)) == sorted([*before, *strays]), "comparing deletes nothing"
    assert service.prune(storage, found) == 4
    assert sorted(everything(storage)) == sorted(before)


def test_files_of_a_listing_that_is_gone_are_deleted(home: int, storage: Storage, people, tmp_path: Path) -> None:
    other = factories.listing(people["aoi"], number="2")
    photos.add(factories.staff(people["aoi"]), other, "b.jpg", tmp_path / "a.jpg", storage)
    kept = db.session.scalars(db.select(Photo.key).where(Photo.listing_id == other)).one()
    with transaction() as session:
        for model in (Photo, Document):
            session.execute(db.delete(model).where(model.listing_id == home))
        session.execute(db.update(Import).values(key=""))
    service.prune(storage, compare(storage))
    assert {key.rpartition("/")[0] for key in storage.keys("public")} == {kept}
    assert len(list(storage.keys("private"))) == 1


@pytest.mark.file_times
def test_a_young_file_may_be_about_to_be_named(home: int, storage: Storage, tmp_path: Path) -> None:
    put(storage, tmp_path, "private/photos/stray")
    assert compare(storage, timedelta(hours=1)).orphans == []


def test_what_is_named_or_saved_anew_between_looking_and_deleting_is_kept(
    home: int, storage: Storage, tmp_path: Path
) -> None:
    photo = db.session.scalars(db.select(Photo)).first()
    put(storage, tmp_path, "private/photos/named", "public/tours/again/1/f.webp", "public/tours/again/1/old.webp")
    found = compare(storage)
    assert len(found.orphans) == 3
    second = int(time.time())
    while int(time.time()) == second:  # S3 stores times to the second
        time.sleep(0.02)
    put(storage, tmp_path, "public/tours/again/1/f.webp")
    with transaction():
        db.session.get(Photo, photo.id).original_key = "private/photos/named"
    assert service.prune(storage, found) == 1
    assert list(storage.keys("public/tours")) == ["public/tours/again/1/f.webp"]
    assert "private/photos/named" in everything(storage)


def test_rows_whose_files_are_missing_are_named_and_kept(home: int, storage: Storage, tmp_path: Path) -> None:
    scene = add_tour(home, storage, tmp_path)
    photo, document = db.session.scalars(db.select(Photo)).one(), db.session.scalars(db.select(Document)).one()
    taken = db.session.scalars(db.select(Import)).one()
    storage.delete(photo.original_key)
    storage.delete(f"{photo.key}/320.webp")
    storage.delete(f"{scene.tiles_key}/1/b0_0.webp")
    storage.delete(document.key)
    storage.delete(taken.key)
    found = compare(storage)
    assert {(row.table, row.id, *names) for row, names in found.missing} == {
        ("photo", photo.id, photo.original_key),
        ("photo", photo.id, f"{photo.key}/320.webp"),
        ("scene", scene.id, f"{scene.tiles_key}/1/b0_0.webp"),
        ("owner_document", document.id, document.key),
        ("ledger_import", taken.id, taken.key),
    }
    storage.delete(scene.tiles_key)
    assert ("scene", scene.id, scene.tiles_key) in {(r.table, r.id, r.key) for r, _names in compare(storage).missing}
    service.prune(storage, found)
    assert len(db.session.scalars(db.select(Photo)).all()) == 1
    assert db.session.get(Scene, scene.id) is not None


def test_a_database_that_names_none_of_the_files_is_the_wrong_one(app: Flask, storage: Storage, tmp_path: Path) -> None:
    put(storage, tmp_path, "private/photos/of-another-site")
    with app.app_context(), pytest.raises(Invalid, match="DATABASE_URL と AKIYA_STORAGE"):
        service.prune(storage, compare(storage))
    assert everything(storage) == ["private/photos/of-another-site"]


@pytest.mark.file_times
def test_part_files_and_empty_folders_are_deleted_when_they_are_old(home: int, tmp_path: Path) -> None:
    storage = LocalStorage(tmp_path / "media")
    part = storage.root / "public/photos/x/320.webp.0123.part"
    part.parent.mkdir(parents=True)
    part.write_bytes(b"half")
    (storage.root / "public/tours/empty").mkdir(parents=True)
    assert compare(storage, timedelta(hours=1)).unfinished == []
    found = compare(storage)
    assert len(found.unfinished) == 2
    service.prune(storage, found)
    assert not part.parent.exists()
    assert not (storage.root / "public/tours/empty").exists()


@pytest.mark.file_times
def test_the_command_says_what_it_would_do_and_does_it(app: Flask, people, tmp_path: Path) -> None:
    settings, storage = app.config["AKIYA"], app.extensions["akiya_storage"]
    for folder in ("public/photos", "private/photos"):
        storage.delete(folder)
    with app.app_context():
        listing = factories.listing(people["aoi"])
        aoi, picture = factories.staff(people["aoi"]), images.photo(tmp_path / "a.jpg")
        photo = photos.add(aoi, listing, "a.jpg", picture, storage)
        photo_id, key = photo.id, photo.key
    storage.delete(f"{key}/800.webp")
    strays = [f"private/photos/stray{number}" for number in range(7)]
    put(storage, tmp_path, *strays, "private/photos/young")
    for stray in strays:
        os.utime(storage.root / stray, (time.time() - 7200,) * 2)

    def run(*arguments: str) -> str:
        done = akiya(settings.data, "media", "prune", *arguments, database=settings.database_url)
        assert done.returncode == 0, done.stderr
        return done.stdout

    told = run("--dry-run")
    assert "どの行にも使われていないファイル：7個、0.0MB" in told
    assert "  private/photos/stray4\n  ほか2個\n" in told
    assert f"ファイルが足りない行：1件\n  photo {photo_id}：{key}/800.webp\n" in told
    assert "何も消していません" in told
    assert (storage.root / strays[0]).exists()
    assert "7個を消しました" in run("--older-than", "1.5")
    assert not (storage.root / strays[0]).exists()
    assert (storage.root / "private/photos/young").exists()
    with app.app_context():
        assert db.session.get(Photo, photo_id) is not None
