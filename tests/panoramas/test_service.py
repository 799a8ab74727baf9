"""The steps of a tour: scenes received, published, withdrawn, removed."""

from pathlib import Path

import pytest
from flask import Flask

from akiya.db import db
from akiya.errors import Invalid, NotAllowed, NotFound
from akiya.listings.models import Listing
from akiya.panoramas import search, service, tiling
from akiya.panoramas.models import Scene, SceneState
from akiya.storage.base import Storage
from tests import factories, images

pytestmark = pytest.mark.slow


@pytest.fixture
def storage(app: Flask) -> Storage:
    return app.extensions["akiya_storage"]


def add(people: dict[str, int], listing_id: int, storage: Storage, path: Path, who: str = "aoi") -> int:
    return service.add(
        factories.staff(people[who]), listing_id, path, storage, title="座敷", description="8畳の和室"
    ).id


def test_a_scene_is_tiled_published_and_removed_with_its_files(app: Flask, people, storage, tmp_path: Path) -> None:
    with app.app_context():
        aoi, listing_id = factories.staff(people["aoi"]), factories.listing(people["aoi"])
        scene_id = add(people, listing_id, storage, images.panorama(tmp_path / "p.jpg"))
        assert tiling.process_next(storage)
        assert search.published(listing_id) == []
        assert not db.session.get(Listing, listing_id).has_panorama
        service.publish(aoi, listing_id)
        (scene,) = search.published(listing_id)
        assert (scene.state, scene.progress, scene.cube) == (SceneState.READY, 100, 512)
        assert f"{scene.tiles_key}/1/f0_0.webp" in storage.keys(scene.tiles_key)
        assert db.session.get(Listing, listing_id).has_panorama
        tiles, original = scene.tiles_key, scene.original_key
        service.remove(factories.staff(people["aoi"]), scene_id, storage)
        assert search.of_listing(listing_id) == []
        assert not list(storage.keys(tiles))
        with pytest.raises(NotFound):
            storage.fetch(original, tmp_path / "x")
        assert not db.session.get(Listing, listing_id).has_panorama
        assert not tiling.process_next(storage)


def test_what_is_not_public_any_more_is_not_found_under_its_address(app: Flask, people, storage, tmp_path) -> None:
    with app.app_context():
        aoi, listing_id = factories.staff(people["aoi"]), factories.listing(people["aoi"])
        add(people, listing_id, storage, images.panorama(tmp_path / "p.jpg"))
        tiling.process_all(storage)
        service.publish(aoi, listing_id)
        old = search.published(listing_id)[0].tiles_key
        service.unpublish(factories.staff(people["aoi"]), listing_id, storage)
        assert search.published(listing_id) == []
        assert not list(storage.keys(old))
        assert not db.session.get(Listing, listing_id).has_panorama
        tiling.process_all(storage)
        (scene,) = search.of_listing(listing_id)
        assert scene.state is SceneState.READY
        assert scene.tiles_key not in ("", old)


def test_a_tour_is_published_only_whole(app: Flask, people, storage, tmp_path: Path) -> None:
    with app.app_context():
        aoi, listing_id = factories.staff(people["aoi"]), factories.listing(people["aoi"])
        with pytest.raises(Invalid, match="360度画像がありません"):
            service.publish(aoi, listing_id)
        service.add(aoi, listing_id, images.panorama(tmp_path / "p.jpg"), storage, title="台所")
        with pytest.raises(
            Invalid, match="1番目「台所」：順番待ちです。1番目「台所」：写っているものの説明がありません"
        ):
            service.publish(factories.staff(people["aoi"]), listing_id)


def test_a_wrong_picture_fails_with_its_reason_and_can_be_tried_again(app: Flask, people, storage, tmp_path) -> None:
    with app.app_context():
        listing_id = factories.listing(people["aoi"])
        torn = images.panorama(tmp_path / "s.jpg")
        torn.write_bytes(torn.read_bytes()[:20_000])
        scene_id = add(people, listing_id, storage, torn)
        tiling.process_next(storage)
        (failed,) = search.of_listing(listing_id)
        assert failed.state is SceneState.FAILED
        assert "途中で切れている" in failed.reason
        service.retry(factories.staff(people["aoi"]), scene_id)
        assert search.of_listing(listing_id)[0].state is SceneState.WAITING
        with pytest.raises(Invalid, match="必要がありません"):
            service.retry(factories.staff(people["aoi"]), scene_id)


def test_only_its_own_writing_staff_may_send_one(app: Flask, people, storage, tmp_path: Path) -> None:
    path = images.panorama(tmp_path / "p.jpg")
    with app.app_context():
        listing_id = factories.listing(people["aoi"])
        with pytest.raises(NotAllowed):
            add(people, listing_id, storage, path, "ren")
        with pytest.raises(NotFound):
            add(people, listing_id, storage, path, "sora")
        assert db.session.query(Scene).count() == 0


def test_the_place_in_the_queue_is_the_order_in_which_scenes_are_tiled(app: Flask, people, storage, tmp_path) -> None:
    with app.app_context():
        picture = images.panorama(tmp_path / "p.jpg")
        mine = factories.listing(people["aoi"])
        other = factories.listing(people["sora"], factories.B, number="借家1")
        add(people, mine, storage, picture)
        tiling.process_next(storage)
        waiting = [add(people, mine, storage, picture) for _ in range(2)]
        waiting.append(add(people, other, storage, picture, "sora"))
        told = tiling.places()
        assert sorted(told) == sorted(waiting)
        order = []
        while tiling.process_next(storage):
            order += [one for one in waiting if one not in order and search.for_staff(*hana(people, one)).tiles_key]
        assert order == sorted(waiting, key=lambda one: told[one])
        assert order[0] == waiting[2]
        assert tiling.places() == {}


def hana(people: dict[str, int], scene_id: int) -> tuple:
    """Return a coordinator, who sees every scene, and the scene's id."""
    db.session.expire_all()
    return factories.staff(people["hana"]), scene_id
