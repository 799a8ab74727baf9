"""The worker's side: turns, workers that die, listings that close."""

from datetime import timedelta
from pathlib import Path

import pytest
from flask import Flask

from akiya.db import db, now, transaction
from akiya.listings.enums import Status
from akiya.listings.models import Listing
from akiya.panoramas import search, service, tiling
from akiya.panoramas.models import Scene, State
from akiya.storage import Storage
from tests import factories, images


@pytest.fixture
def storage(app: Flask) -> Storage:
    return app.extensions["akiya_storage"]


@pytest.fixture
def picture(tmp_path: Path) -> Path:
    return images.panorama(tmp_path / "p.jpg")


def add(person: int, listing_id: int, picture: Path, storage: Storage) -> int:
    return service.add(factories.staff(person), listing_id, picture, storage, description="和室").id


def scene(scene_id: int) -> Scene:
    db.session.expire_all()
    return db.session.get(Scene, scene_id)


def test_work_of_a_dead_worker_is_taken_up_again(app: Flask, people, storage, picture) -> None:
    with app.app_context():
        scene_id = add(people["aoi"], factories.listing(people["aoi"]), picture, storage)
        with transaction():
            dead = scene(scene_id)
            dead.state, dead.claimed_until = State.WORKING, now() + tiling.LEASE
        assert not tiling.process_next(storage)
        with transaction():
            scene(scene_id).claimed_until = now() - timedelta(seconds=1)
        assert tiling.process_next(storage)
        assert scene(scene_id).state is State.READY


def test_a_picture_that_kills_its_worker_again_and_again_is_given_up(app: Flask, people, storage, picture) -> None:
    with app.app_context():
        scene_id = add(people["aoi"], factories.listing(people["aoi"]), picture, storage)
        with transaction():
            dead = scene(scene_id)
            dead.state, dead.claimed_until, dead.attempts = State.WORKING, now() - tiling.LEASE, tiling.MOST_ATTEMPTS
        assert not tiling.process_next(storage)
        assert scene(scene_id).state is State.FAILED
        assert "何度も止まりました" in scene(scene_id).reason


def test_municipalities_take_turns(app: Flask, people, storage, picture) -> None:
    with app.app_context():
        mine = factories.listing(people["aoi"])
        flood = [add(people["aoi"], mine, picture, storage) for _ in range(3)]
        assert tiling.process_next(storage)
        other = add(people["sora"], factories.listing(people["sora"], factories.B, number="借家1"), picture, storage)
        assert tiling.process_next(storage)
        assert scene(other).state is State.READY
        assert [scene(one).state for one in flood] == [State.READY, State.WAITING, State.WAITING]


def test_what_was_changed_meanwhile_is_made_anew(app: Flask, people, storage, picture) -> None:
    with app.app_context():
        scene_id = add(people["aoi"], factories.listing(people["aoi"]), picture, storage)
        job = tiling._claim()
        with transaction():
            tiling.wait(scene(scene_id))
        made = {"cube": 512, "tile": 512, "levels": 1}
        assert tiling._finish(job, made, "public/panoramas/stale") == "public/panoramas/stale"
        assert (scene(scene_id).state, scene(scene_id).tiles_key) == (State.WAITING, "")


def test_a_closed_listing_has_no_tiles_and_gets_them_back(app: Flask, people, storage, picture) -> None:
    with app.app_context():
        listing_id = factories.listing(people["aoi"])
        scene_id = add(people["aoi"], listing_id, picture, storage)
        tiling.process_all(storage)
        service.publish(factories.staff(people["aoi"]), listing_id)
        old = scene(scene_id).tiles_key
        with transaction():
            db.session.get(Listing, listing_id).status = Status.WITHDRAWN
        tiling.process_all(storage)
        assert not list(storage.keys(old))
        assert not db.session.get(Listing, listing_id).has_panorama
        with transaction():
            db.session.get(Listing, listing_id).status = Status.OPEN
        tiling.process_all(storage)
        assert [shown.id for shown in search.published(listing_id)] == [scene_id]
        assert db.session.get(Listing, listing_id).has_panorama
