"""A panorama's way: received, tiled, published, replaced, removed; and a worker that dies."""

from datetime import timedelta
from pathlib import Path

import pytest
from flask import Flask

from akiya.db import db, now, transaction
from akiya.errors import Invalid, NotAllowed, NotFound
from akiya.listings.models import Listing
from akiya.panoramas import search, service
from akiya.panoramas.models import Panorama, State
from tests import factories, images


@pytest.fixture
def storage(app: Flask):
    return app.extensions["akiya_storage"]


def receive(people: dict[str, int], listing_id: int, storage, path: Path, who: str = "aoi") -> None:
    service.receive(factories.staff(people[who]), listing_id, path, storage, title="座敷", description="8畳の和室")


def test_a_panorama_is_tiled_published_and_removed_with_its_files(app: Flask, people, storage, tmp_path: Path) -> None:
    with app.app_context():
        listing_id = factories.listing(people["aoi"])
        receive(people, listing_id, storage, images.panorama(tmp_path / "p.jpg"))
        assert search.published(listing_id) is None
        assert service.process_next(storage)
        panorama = search.published(listing_id)
        assert panorama is not None
        assert (panorama.state, panorama.progress, panorama.cube) == (State.READY, 100, 512)
        keys = list(storage.keys(panorama.tiles_key))
        assert f"{panorama.tiles_key}/1/f0_0.webp" in keys
        assert db.session.get(Listing, listing_id).has_panorama
        tiles, original = panorama.tiles_key, panorama.original_key
        service.remove(factories.staff(people["aoi"]), listing_id, storage)
        assert search.of_listing(listing_id) is None
        assert not list(storage.keys(tiles))
        with pytest.raises(NotFound):
            storage.fetch(original, tmp_path / "x")
        assert not db.session.get(Listing, listing_id).has_panorama
        assert not service.process_next(storage)


def test_a_wrong_picture_fails_with_its_reason_and_can_be_replaced(app: Flask, people, storage, tmp_path: Path) -> None:
    with app.app_context():
        listing_id = factories.listing(people["aoi"])
        receive(people, listing_id, storage, images.panorama(tmp_path / "s.jpg", 2048, 2048))
        service.process_next(storage)
        failed = search.of_listing(listing_id)
        assert failed is not None
        assert failed.state is State.FAILED
        assert "ステレオ" in failed.reason
        service.retry(factories.staff(people["aoi"]), listing_id)
        assert search.of_listing(listing_id).state is State.WAITING
        receive(people, listing_id, storage, images.panorama(tmp_path / "p.jpg"))
        service.process_next(storage)
        assert search.published(listing_id) is not None


def test_work_of_a_dead_worker_is_taken_up_again(app: Flask, people, storage, tmp_path: Path) -> None:
    with app.app_context():
        listing_id = factories.listing(people["aoi"])
        receive(people, listing_id, storage, images.panorama(tmp_path / "p.jpg"))
        with transaction():
            row = search.of_listing(listing_id)
            row.state, row.updated_at = State.WORKING, now()
        assert not service.process_next(storage)
        with transaction():
            search.of_listing(listing_id).updated_at = now() - timedelta(minutes=11)
        assert service.process_next(storage)
        assert search.of_listing(listing_id).state is State.READY


def test_only_its_own_writing_staff_may_send_one(app: Flask, people, storage, tmp_path: Path) -> None:
    path = images.panorama(tmp_path / "p.jpg")
    with app.app_context():
        listing_id = factories.listing(people["aoi"])
        with pytest.raises(NotAllowed):
            receive(people, listing_id, storage, path, "ren")
        with pytest.raises(NotFound):
            receive(people, listing_id, storage, path, "sora")
        assert db.session.query(Panorama).count() == 0


def test_a_text_account_is_required(app: Flask, people, storage, tmp_path: Path) -> None:
    with app.app_context():
        listing_id = factories.listing(people["aoi"])
        with pytest.raises(Invalid, match="写っているか"):
            service.receive(factories.staff(people["aoi"]), listing_id, images.panorama(tmp_path / "p.jpg"), storage)
