"""The worker's part of tours: turns of municipalities, workers that die, listings that close."""

import time
from datetime import timedelta
from pathlib import Path

import pytest
from flask import Flask

from akiya.db import db, now, transaction
from akiya.errors import StorageFailed
from akiya.listings.enums import Status
from akiya.listings.models import Listing
from akiya.panoramas import search, service, tiling
from akiya.panoramas.models import Scene, SceneState
from akiya.panoramas.workplace import workplace
from akiya.storage.base import Storage
from tests import buckets, factories, images

pytestmark = [pytest.mark.engines, pytest.mark.slow]


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
            dead.state, dead.claimed_until = SceneState.WORKING, now() + tiling.LEASE
        assert not tiling.process_next(storage)
        with transaction():
            scene(scene_id).claimed_until = now() - timedelta(seconds=1)
        assert tiling.process_next(storage)
        assert scene(scene_id).state is SceneState.READY


def test_a_picture_that_kills_its_worker_again_and_again_is_given_up(app: Flask, people, storage, picture) -> None:
    with app.app_context():
        scene_id = add(people["aoi"], factories.listing(people["aoi"]), picture, storage)
        with transaction():
            dead = scene(scene_id)
            dead.state, dead.claimed_until, dead.attempts = (
                SceneState.WORKING,
                now() - tiling.LEASE,
                tiling.MOST_ATTEMPTS,
            )
        assert not tiling.process_next(storage)
        assert scene(scene_id).state is SceneState.FAILED
        assert "何度も止まりました" in scene(scene_id).reason


def test_municipalities_take_turns(app: Flask, people, storage, picture) -> None:
    with app.app_context():
        mine = factories.listing(people["aoi"])
        flood = [add(people["aoi"], mine, picture, storage) for _ in range(3)]
        assert tiling.process_next(storage)
        other = add(people["sora"], factories.listing(people["sora"], factories.B, number="借家1"), picture, storage)
        assert tiling.process_next(storage)
        assert scene(other).state is SceneState.READY
        assert [scene(one).state for one in flood] == [SceneState.READY, SceneState.WAITING, SceneState.WAITING]


def test_what_was_changed_meanwhile_is_made_anew(app: Flask, people, storage, picture) -> None:
    with app.app_context():
        scene_id = add(people["aoi"], factories.listing(people["aoi"]), picture, storage)
        job = tiling._claim("me")
        with transaction():
            tiling.wait(scene(scene_id))
        made = {"cube": 512, "tile": 512, "levels": 1}
        assert tiling._finish(job, made, "public/panoramas/stale") == "public/panoramas/stale"
        assert (scene(scene_id).state, scene(scene_id).tiles_key) == (SceneState.WAITING, "")


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


def test_within_a_municipality_who_comes_first_is_served_first(app: Flask, people, storage, picture) -> None:
    with app.app_context():
        one, two = (factories.listing(people["aoi"], number=number) for number in ("1", "2"))
        sent = [add(people["aoi"], listing_id, picture, storage) for listing_id in (one, two, one)]
        for done in range(1, 4):
            assert tiling.process_next(storage)
            assert [scene(each).state is SceneState.READY for each in sent] == [place < done for place in range(3)]


def test_what_a_killed_worker_of_this_machine_had_waits_again_at_once(
    app: Flask, people, storage, picture, tmp_path
) -> None:
    work = tmp_path / "work"
    with app.app_context():
        first, second = (
            add(people[who], factories.listing(people[who], code, number="9"), picture, storage)
            for who, code in (("aoi", factories.A), ("sora", factories.B))
        )
        (work / "killed").mkdir(parents=True)
        (work / "killed" / "original").write_bytes(picture.read_bytes())
        with workplace(work) as living:
            with transaction():
                for scene_id, worker in ((first, "killed"), (second, living.name)):
                    left = scene(scene_id)
                    left.state, left.worker, left.claimed_until = SceneState.WORKING, worker, now() + tiling.LEASE
            tiling.process_all(storage, work)
            assert [scene(first).state, scene(second).state] == [SceneState.READY, SceneState.WORKING]
            assert list(work.iterdir()) == [living]


def test_a_scene_whose_workers_died_often_waits_until_no_other_does(app: Flask, people, storage, picture) -> None:
    with app.app_context():
        listing_id = factories.listing(people["aoi"])
        suspect, other = (add(people["aoi"], listing_id, picture, storage) for _ in range(2))
        with transaction():
            scene(suspect).attempts = tiling.SUSPECT
        assert tiling.process_next(storage)
        assert [scene(suspect).state, scene(other).state] == [SceneState.WAITING, SceneState.READY]
        assert tiling.process_next(storage)
        assert (scene(suspect).state, scene(suspect).attempts) == (SceneState.READY, 0)


def test_a_living_worker_keeps_its_claim_however_slow_it_is(app: Flask, people, storage, picture, monkeypatch) -> None:
    monkeypatch.setattr(tiling, "LEASE", timedelta(seconds=3))
    with app.app_context():
        scene_id = add(people["aoi"], factories.listing(people["aoi"]), picture, storage)
        job = tiling._claim("slow")
        with tiling._kept_alive(job):
            first = scene(scene_id).claimed_until
            while now() <= first:  # only a renewed claim lasts longer than this
                time.sleep(0.05)
            assert not tiling.process_next(storage)
        with transaction():
            scene(scene_id).claimed_until = now() - timedelta(seconds=1)
        assert tiling.process_next(storage)
        assert tiling._finish(job, {"cube": 512, "tile": 512, "levels": 1}, scene(scene_id).tiles_key) == ""
        assert scene(scene_id).state is SceneState.READY


def test_a_storage_that_is_away_costs_the_scene_nothing(app: Flask, people, storage, picture) -> None:
    with app.app_context():
        scene_id = add(people["aoi"], factories.listing(people["aoi"]), picture, storage)
        for _ in range(2):
            with pytest.raises(StorageFailed):
                tiling.process_next(buckets.away())
        assert (scene(scene_id).state, scene(scene_id).attempts) == (SceneState.WAITING, 0)
        assert tiling.process_next(storage)
        assert scene(scene_id).state is SceneState.READY
