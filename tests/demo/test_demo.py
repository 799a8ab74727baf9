"""The demonstration: invented, complete, and never among real listings."""

from datetime import date

import numpy as np
import pytest
from flask import Flask

from akiya.accounts import service as accounts
from akiya.accounts.models import Role, Staff
from akiya.accounts.service import DEMONSTRATION_PASSWORD
from akiya.db import db
from akiya.demo import farmhouse, houses, pictures, rooms, service, tatami
from akiya.errors import Invalid
from akiya.inquiries.models import Inquiry, InquiryKind
from akiya.listings.enums import PhotoKind, PropertyKind, Status
from akiya.listings.fields import BY_NAME
from akiya.listings.models import Listing, Photo
from akiya.municipalities import search
from akiya.panoramas import search as panoramas
from akiya.panoramas.models import Pair, Scene, SpotKind
from akiya.visits.models import VisitKind, Visits
from tests import factories
from tests.pages.browser import Browser

pytestmark = pytest.mark.slow

DAY = date(2026, 11, 1)


def test_the_demonstration_fills_every_municipality_and_every_page(app: Flask, visit: Browser) -> None:
    with app.app_context():
        count = service.load(app.extensions["akiya_storage"], "http://example.jp")
        assert 180 <= count <= 220
        assert db.session.query(Listing.municipality_code).distinct().count() == 45
        assert db.session.query(Listing).filter(Listing.demonstration.is_(False)).count() == 0
        assert db.session.query(Photo).count() > 150
        assert db.session.query(Visits).filter(Visits.kind == VisitKind.PANORAMA).count() > 0
        assert {kind for (kind,) in db.session.query(Inquiry.kind)} == set(InquiryKind)
        listing_id = db.session.scalar(db.select(Scene.listing_id))
        the_tour_is_whole(listing_id)
        assert {staff.demonstration for staff in db.session.scalars(db.select(Staff))} == {True}
        assert service.load(app.extensions["akiya_storage"], "http://example.jp") == 0
    visit.sign_in("aoi", DEMONSTRATION_PASSWORD)
    desk = visit.get("/staff/").text
    for words in (
        "書きかけの家",
        "しばらく確認していない家",
        "有効期限が近い家",
        "商談中の家",
        "申請中",
        "確認が必要",
        "見本 あおい",
    ):
        assert words in desk, words
    assert "机-95" in visit.get("/staff/closings").text
    visit.post("/staff/sign-out")
    assert "見本です" in visit.get("/").text
    assert "data-panorama" in visit.get(f"/listings/{listing_id}").markup
    config = visit.client.get(f"/listings/{listing_id}/tour.json").get_json()
    for scene in config["scenes"].values():
        assert visit.status(scene["multiRes"]["basePath"] + "/1/f0_0.webp") == 200


def test_it_refuses_a_database_with_real_listings_or_accounts(app: Flask, people) -> None:
    with app.app_context():
        with pytest.raises(Invalid, match="本物のアカウント"):
            service.load(app.extensions["akiya_storage"], "http://example.jp")
        factories.listing(people["aoi"])
        with pytest.raises(Invalid, match="本物の物件"):
            service.load(app.extensions["akiya_storage"], "http://example.jp")


def test_invented_listings_are_half_empty_like_real_ones_and_the_same_each_time(app: Flask) -> None:
    with app.app_context():
        places = search.served()
        made = houses.houses(places, DAY, 2000)
        assert [h.values for h in made] == [h.values for h in houses.houses(places, DAY, 2000)]
    homes = [h for h in made if h.values["kind"] is not PropertyKind.LAND]
    assert all(set(h.values) <= set(BY_NAME) | {"built_precision"} for h in made)
    share = {
        name: sum(name in h.values for h in homes) / len(homes)
        for name in ("built_on", "water", "appeal", "floor_area", "parking")
    }
    assert all(0.5 < value < 0.95 for value in share.values()), share
    prices = sorted(h.values["price"] for h in homes if "price" in h.values)
    assert 3_500_000 < prices[len(prices) // 2] < 6_500_000
    assert {h.status for h in made} >= {
        Status.OPEN,
        Status.NEGOTIATING,
        Status.CONTRACTED,
        Status.WITHDRAWN,
        Status.EXPIRED,
    }
    for house in made:
        days = [day for _status, day in houses.stages(house)]
        assert days == sorted(days)
        assert all(day <= DAY for day in days)


@pytest.mark.parametrize("kind", ["exterior", "interior", "plan", "surroundings", "land"])
def test_drawings_have_their_size_and_differ(kind: str) -> None:
    one, same, other = (np.asarray(pictures.draw(kind, seed, (400, 300)), np.int16) for seed in (1, 1, 2))
    assert one.shape == (300, 400, 3)
    assert (one == same).all()
    assert np.abs(one - other).mean() > 1


def the_tour_is_whole(listing_id: int) -> None:
    """Assert that every scene is published, placed on the plan and described, and that every way leads back."""
    scenes = panoramas.published(listing_id)
    assert len(scenes) == 5
    by_id = {scene.id: scene for scene in scenes}
    for scene in scenes:
        assert (scene.cube, scene.camera_height) == (1024, rooms.EYE)
        assert scene.texts["en"].title
        assert scene.texts["en"].description
        assert {line.split("：")[0] for line in scene.description.split("\n")} >= {
            "広さ",
            "床",
            "壁",
            "天井",
            "窓",
            "設備",
            "傷み",
        }
        assert 0 < scene.plan_x < 1 > scene.plan_y > 0
        assert scene.plan_photo_id in {photo.id for photo in scene.listing.photos if photo.kind is PhotoKind.PLAN}
        assert [spot.kind for spot in scene.spots].count(SpotKind.NOTE) == 1
        assert all(spot.text and spot.texts["en"] for spot in scene.spots)
    ways = {(spot.scene_id, spot.target_id) for scene in scenes for spot in scene.spots if spot.target_id}
    (night,) = [scene for scene in scenes if scene.pair is Pair.NIGHT]
    day = by_id[night.pair_of_id]
    assert {to for start, to in ways if start == night.id} == {to for start, to in ways if start == day.id}
    assert all((to, start) in ways for start, to in ways if start != night.id)
    assert {to for _start, to in ways} == set(by_id) - {night.id}
    for scene in scenes:
        for spot in scene.spots:
            if spot.target_id and scene.id != night.id:
                # East on the plan is to the right of north in the picture.
                east = by_id[spot.target_id].plan_x - scene.plan_x
                assert abs(east) < 0.01 or (east > 0) == (spot.yaw > 0)


@pytest.mark.parametrize("room", [tatami.ROOM, farmhouse.ENTRANCE, farmhouse.KITCHEN, farmhouse.VERANDA])
def test_each_room_is_a_whole_sphere_without_a_seam(room: rooms.RenderedRoom) -> None:
    pictures = [np.asarray(picture, np.int16) for picture in rooms.render(room, 1024)]
    assert len(pictures) == len(room.lights)
    for picture in pictures:
        assert picture.shape == (512, 1024, 3)
        assert np.abs(picture[:, 0] - picture[:, -1]).mean() < 12
        assert np.abs(picture[-1] - picture[-1].mean(axis=0)).mean() < 20


def test_the_room_at_night_is_the_same_room_and_darker() -> None:
    day, night = (np.asarray(picture, np.float32).mean(axis=2) for picture in rooms.render(tatami.ROOM, 512))
    assert night.mean() < 0.7 * day.mean()
    assert np.corrcoef(day[140:].ravel(), night[140:].ravel())[0, 1] > 0.6


def test_its_accounts_are_marked(app: Flask) -> None:
    with app.app_context():
        made = accounts.create("m@example.jp", "見本", "long enough one", Role.PREFECTURE, demonstration=True)
        assert made.demonstration
