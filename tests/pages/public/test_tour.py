"""A public tour: the listing's page, the configuration, and the page for other sites."""

import json
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import event

from akiya.db import db, transaction
from akiya.listings.enums import Status
from akiya.listings.models import Listing
from akiya.municipalities.models import Municipality
from akiya.pages.public import tour as public
from akiya.storage.base import Storage
from akiya.web.caching import PUBLIC
from tests import factories
from tests.factories import B
from tests.pages.browser import Browser
from tests.panoramas import tours

pytestmark = pytest.mark.slow


@pytest.fixture
def storage(app: Flask) -> Storage:
    return app.extensions["akiya_storage"]


@pytest.fixture
def listing_id(app: Flask, people: dict[str, int]) -> int:
    with app.app_context():
        return factories.listing(people["aoi"])


@pytest.fixture
def rooms(app: Flask, people: dict[str, int], listing_id: int, storage: Storage, tmp_path: Path) -> list[int]:
    with app.app_context():
        return tours.make(people["aoi"], listing_id, storage, tmp_path)


def frames(site: Browser, path: str) -> str:
    """Return which sites may frame the page, according to its policy."""
    policy = site.client.get(path).headers["Content-Security-Policy"]
    return policy.split("frame-ancestors ")[1].split(";")[0].strip()


def test_without_a_script_every_room_is_told_and_linked(app: Flask, visit: Browser, listing_id, rooms) -> None:
    page = visit.get(f"/listings/{listing_id}")
    _first, kitchen, veranda, night = rooms
    for room, name in zip(rooms, tours.ROOMS, strict=True):
        assert f"scene={room}" in page.ids
        assert f"{name}の説明" in page.text
    for room in (kitchen, veranda, night):
        assert f"#scene={room}" in page.links
    assert "床の傷" in page.text
    assert f'<a href="#scene={night}" data-go="{night}" data-keep>夜</a>' in page.markup
    assert page.markup.count('class="panorama-plan"') == 1
    english = visit.get(f"/en/listings/{listing_id}")
    assert "Main room" in english.text
    assert '<bdi lang="ja">台所</bdi>' in english.markup
    assert "To the kitchen" in english.text


def test_texts_by_language_take_no_query_for_each_row(app: Flask, people, visit: Browser, listing_id, rooms) -> None:
    with app.app_context():
        for number in range(3):
            factories.listing(people["sora"], B, number=f"{number}")
        engine = db.engine
    asked: list[str] = []

    def note(connection: object, cursor: object, statement: str, *more: object) -> None:
        asked.extend(
            table for table in ("municipality_name", "scene_text", "spot_text") if f"FROM {table}" in statement
        )

    event.listen(engine, "before_cursor_execute", note)
    try:
        visit.get(f"/en/listings/{listing_id}")
        # Names once for all municipalities, which are kept, and once for that of the listing.
        assert sorted(asked) == ["municipality_name", "municipality_name", "scene_text", "spot_text"]
        asked.clear()
        for address in ("/en/listings/", "/en/listings.atom", f"/listings/{listing_id}", "/municipalities/43214"):
            visit.get(address)
        assert sorted(asked) == ["scene_text", "spot_text"]
    finally:
        event.remove(engine, "before_cursor_execute", note)


def test_a_second_picture_is_a_picture_of_its_room(app: Flask, listing_id, rooms) -> None:
    with app.test_request_context():
        tour = public.part(listing_id)
        first, kitchen, _veranda, night = tour.rooms
        assert [room.number for room in tour.listed] == [1, 2, 3]
        assert [picture for picture, _name in first.pictures] == [first.id, night.id]
        assert night.pictures == first.pictures
        assert kitchen.pictures == []
        assert night.plan == first.plan is not None
        assert [(dot.room.id, dot.x, dot.y) for dot in tour.plans[0].dots] == [
            (first.id, 300.0, 450.0),
            (kitchen.id, 900.0, 450.0),
        ]


def test_the_configuration_holds_what_is_published_and_nothing_private(app: Flask, visit, listing_id, rooms) -> None:
    path = f"/listings/{listing_id}/tour.json"
    answer = visit.client.get(path)
    assert answer.headers["Cache-Control"] == PUBLIC
    same = visit.client.get(path, headers={"If-None-Match": answer.headers["ETag"]})
    assert (same.status_code, same.data) == (304, b"")
    first, kitchen, veranda, night = rooms
    assert set(answer.json["scenes"]) == {f"scene-{room}" for room in rooms}
    with app.app_context():
        known = tours.scene(first)
        for secret in (known.original_key, known.salt, "aoi@example.jp"):
            assert secret not in answer.text
        tours.change(kitchen, published=False)
    shown = visit.client.get(path).json["scenes"]
    assert set(shown) == {f"scene-{room}" for room in (first, veranda, night)}
    assert [spot["type"] for spot in shown[f"scene-{first}"]["hotSpots"]] == ["info"]
    assert f"#scene={kitchen}" not in visit.get(f"/listings/{listing_id}").links
    assert visit.client.get(path + "?full=1").json["scenes"][f"scene-{first}"]["multiRes"]["maxLevel"] == 1


def test_full_resolution_says_what_it_costs(app: Flask, visit: Browser, listing_id, rooms) -> None:
    with app.app_context():
        tours.change(rooms[0], levels=3, cube=2048, full_bytes=3_240_000)
        tours.change(rooms[1], levels=3, cube=2048, full_bytes=0)
    page = visit.get(f"/listings/{listing_id}")
    assert 'data-full="（最大 3.2 MB）"' in page.markup
    assert page.markup.count('data-full=""') == 1
    shown = visit.client.get(f"/listings/{listing_id}/tour.json?full=1").json["scenes"][f"scene-{rooms[0]}"]["multiRes"]
    assert (shown["maxLevel"], shown["cubeResolution"]) == (3, 2048)


def test_hostile_words_stay_words(app: Flask, visit: Browser, listing_id, rooms) -> None:
    with app.app_context():
        tours.change(rooms[0], title=tours.HOSTILE, description=tours.HOSTILE)
        tours.mark(rooms[1], 0, 0, text=tours.HOSTILE)
    page = visit.get(f"/listings/{listing_id}")
    assert "<img src=x" not in page.markup
    assert page.text.count(tours.HOSTILE) >= 3
    answer = visit.client.get(f"/listings/{listing_id}/tour.json")
    assert answer.mimetype == "application/json"
    assert json.loads(answer.text)["scenes"][f"scene-{rooms[0]}"]["title"] == tours.HOSTILE
    assert visit.get(f"/embed/listings/{listing_id}").markup.count("<script") == 2


@pytest.mark.parametrize(
    ("address", "origin"),
    [
        ("https://www.city.aso.kumamoto.jp/akiya/", "https://www.city.aso.kumamoto.jp"),
        ("http://town.example.jp:8080", "http://town.example.jp:8080"),
        ("https://町.example.jp/", "https://xn--1ny.example.jp"),
        ("https://a.jp; script-src *", ""),
        ("https://a.jp *", ""),
        ("https://*.jp/", ""),
        ("https://a.jp:99999/", ""),
        ("javascript:alert(1)", ""),
        ("https://[::1", ""),
        ("", ""),
    ],
)
def test_only_a_plain_origin_is_named_in_the_policy(address: str, origin: str) -> None:
    assert public.origin(address) == origin


def test_the_municipalitys_own_site_may_frame_the_tour_and_nobody_else(app: Flask, visit, listing_id, rooms) -> None:
    path = f"/embed/listings/{listing_id}"
    with app.app_context(), transaction() as session:
        session.get(Municipality, factories.A).url = "https://www.city.aso.kumamoto.jp/index.html"
    page = visit.get(path)
    assert "座敷の説明" in page.text
    assert f"/listings/{listing_id}" in page.links
    answer = visit.client.get(path)
    assert "X-Frame-Options" not in answer.headers
    assert frames(visit, path) == "'self' https://www.city.aso.kumamoto.jp"
    assert "form-action 'none'" in answer.headers["Content-Security-Policy"]
    assert frames(visit, f"/listings/{listing_id}") == "'none'"
    assert "Open the listing" in visit.get(f"/en{path}").text


def test_an_embedded_tour_that_is_gone_says_so(app: Flask, visit: Browser, listing_id, rooms) -> None:
    path = f"/embed/listings/{listing_id}"
    with app.app_context(), transaction():
        db.session.get(Listing, listing_id).status = Status.CONTRACTED
    page = visit.get(path, 410)
    assert "この物件の募集は終わりました" in page.text
    assert "/listings/" in page.links
    with app.app_context(), transaction():
        db.session.get(Listing, listing_id).status = Status.DRAFT
    gone = visit.get(path, 404)
    assert "公開が終わったか" in gone.text
    # The answer does not reveal whether a number belongs to an unpublished home.
    assert frames(visit, path) == frames(visit, "/embed/listings/999999")
    assert visit.client.get(path).data == visit.client.get("/embed/listings/999999").data
