"""The staff's page of a tour."""

from pathlib import Path

import pytest
from flask import Flask

from akiya.db import db
from akiya.listings import service as listings
from akiya.panoramas import search, service, tiling
from akiya.panoramas.models import Scene, SceneState
from akiya.storage.base import Storage
from tests import factories, images
from tests.pages.browser import Browser

pytestmark = pytest.mark.slow

HOSTILE = "<img src=x onerror=alert(1)>\"'\u202e</script>"


@pytest.fixture
def storage(app: Flask) -> Storage:
    return app.extensions["akiya_storage"]


@pytest.fixture
def listing_id(app: Flask, people) -> int:
    with app.app_context():
        return factories.listing(people["aoi"])


@pytest.fixture
def aoi(visit: Browser, people) -> Browser:
    visit.sign_in("aoi")
    return visit


@pytest.fixture
def rooms(app: Flask, people, storage, listing_id, tmp_path: Path) -> list[int]:
    """Return three described scenes, tiled."""
    picture = images.panorama(tmp_path / "p.jpg")
    with app.app_context():
        staff = people["aoi"]
        made = [
            service.add(factories.staff(staff), listing_id, picture, storage, title=t, description="8畳").id
            for t in ("座敷", "台所", "庭")
        ]
        tiling.process_all(storage)
    return made


def titles(app: Flask, listing_id: int) -> list[str]:
    with app.app_context():
        return [scene.title for scene in search.of_listing(listing_id)]


def send(visit: Browser, path: str, file: Path, status: int = 303, **more):
    with file.open("rb") as content:
        return visit.post(path, {"file": (content, "room.jpg")}, status, content_type="multipart/form-data", **more)


def test_a_picture_is_sent_and_waits(app: Flask, aoi: Browser, listing_id: int, tmp_path: Path) -> None:
    send(aoi, f"/staff/listings/{listing_id}/tour", images.panorama(tmp_path / "p.jpg"))
    page = aoi.get(f"/staff/listings/{listing_id}/tour")
    assert "順番待ち（1番目）" in page.text
    assert "写っているものの説明がありません" in page.text


def test_a_script_gets_the_new_row(app: Flask, aoi: Browser, listing_id: int, tmp_path: Path) -> None:
    address, headers = f"/staff/listings/{listing_id}/tour", {"Accept": "application/json"}
    with images.panorama(tmp_path / "p.jpg").open("rb") as content:
        answer = aoi.client.post(address, data={"csrf_token": aoi.token(), "file": (content, "p.jpg")}, headers=headers)
        answer.request.environ["wsgi.input"].close()
    assert answer.json["problems"] == []
    assert "部屋の名前" in answer.json["items"][0]
    refused = aoi.client.post(address, data={"csrf_token": aoi.token()}, headers=headers)
    assert refused.status_code == 400
    assert "選ばれていません" in refused.json["problems"][0]


@pytest.mark.parametrize(
    ("name", "advice"), [("pdf", "画像として開けません"), ("empty", "中身が空"), ("noise", "画像として開けません")]
)
def test_what_is_no_picture_is_refused_at_once(aoi, listing_id, tmp_path, name, advice) -> None:
    page = send(aoi, f"/staff/listings/{listing_id}/tour", images.broken(tmp_path)[name], 400)
    assert advice in page.text
    assert "360度画像" in page.text


def test_a_wrong_shape_is_refused_at_once_with_advice(aoi: Browser, listing_id: int, tmp_path: Path) -> None:
    address = f"/staff/listings/{listing_id}/tour"
    assert (
        "2,048 画素です。360度画像は横が縦の2倍"
        in send(aoi, address, images.panorama(tmp_path / "s.jpg", 2048, 2048), 400).text
    )
    assert "横が2,048画素以上" in send(aoi, address, images.panorama(tmp_path / "t.jpg", 1024), 400).text


def test_rooms_are_named_and_ordered(app: Flask, aoi: Browser, listing_id: int, rooms: list[int]) -> None:
    aoi.post(f"/staff/scenes/{rooms[0]}/title", {"title": "奥座敷"})
    aoi.post(f"/staff/scenes/{rooms[2]}/move", {"to": "earlier"})
    assert titles(app, listing_id) == ["奥座敷", "庭", "台所"]
    aoi.post(f"/staff/listings/{listing_id}/tour/order", {"item": [rooms[1], rooms[0], rooms[2]]})
    assert titles(app, listing_id) == ["台所", "奥座敷", "庭"]
    history = aoi.get(f"/staff/listings/{listing_id}/history").text
    assert "奥座敷、庭、台所 → 台所、奥座敷、庭" in history
    assert "座敷：部屋の名前：座敷 → 奥座敷" in history


def test_wrong_names_and_orders_are_refused(app: Flask, aoi: Browser, listing_id: int, rooms: list[int]) -> None:
    page = aoi.post(f"/staff/scenes/{rooms[0]}/title", {"title": "間" * 81}, 400)
    assert "部屋の名前「間間間間間間間間間間間間…」は80文字までです" in page.text
    assert "使えない文字" in aoi.post(f"/staff/scenes/{rooms[0]}/title", {"title": "a\x07b"}, 400).text
    page = aoi.post(f"/staff/listings/{listing_id}/tour/order", {"item": rooms[:2]}, 400)
    assert "増えたか減りました" in page.text
    assert "「前へ」「後へ」" in aoi.post(f"/staff/scenes/{rooms[0]}/move", {"to": "up"}, 400).text
    assert titles(app, listing_id) == ["座敷", "台所", "庭"]


def test_a_tour_is_published_in_one_step_and_withdrawn(app, aoi: Browser, listing_id: int, rooms: list[int]) -> None:
    tour = f"/staff/listings/{listing_id}/tour"
    assert "公開の準備ができました" in aoi.get(tour).text
    aoi.post(f"{tour}/publish")
    assert "3部屋すべてを公開しています" in aoi.get(tour).text
    assert len(aoi.client.get(f"/listings/{listing_id}/tour.json").json["scenes"]) == 3
    aoi.post(f"{tour}/unpublish")
    assert aoi.client.get(f"/listings/{listing_id}/tour.json").status_code == 404
    assert "公開中の360度画像はありません" in aoi.post(f"{tour}/unpublish", status=400).text


def test_what_is_missing_is_told_with_a_way_there(
    app, aoi: Browser, listing_id, rooms, people, storage, tmp_path
) -> None:
    with app.app_context():
        picture = images.panorama(tmp_path / "q.jpg")
        added = service.add(factories.staff(people["aoi"]), listing_id, picture, storage, title="納戸").id
    tour = f"/staff/listings/{listing_id}/tour"
    page = aoi.get(tour)
    assert "あと2つで公開できます" in page.text
    assert f"/staff/scenes/{added}" in page.links
    assert "4番目「納戸」：順番待ちです。" in aoi.post(f"{tour}/publish", status=400).text
    state = aoi.client.get(f"{tour}/state.json").json
    assert state["working"]
    assert "順番待ち（1番目）" in state["scenes"][str(added)]


def test_a_failed_scene_tells_why_and_is_tried_again_or_removed(app, aoi: Browser, listing_id, rooms) -> None:
    with app.app_context():
        scene = db.session.get(Scene, rooms[0])
        scene.state, scene.reason = SceneState.FAILED, "左右にほぼ同じ画像が並んでいます。"
        db.session.commit()
    tour = f"/staff/listings/{listing_id}/tour"
    assert "左右にほぼ同じ画像" in aoi.get(tour).text
    aoi.post(f"/staff/scenes/{rooms[0]}/retry")
    assert "順番待ち" in aoi.get(tour).text
    assert "必要がありません" in aoi.post(f"/staff/scenes/{rooms[0]}/retry", status=400).text
    aoi.post(f"/staff/scenes/{rooms[0]}/remove")
    assert titles(app, listing_id) == ["台所", "庭"]


def test_the_preview_holds_what_is_not_yet_published(aoi: Browser, listing_id: int, rooms: list[int]) -> None:
    assert len(aoi.client.get(f"/staff/listings/{listing_id}/tour/config.json").json["scenes"]) == 3
    assert "通して見る" in aoi.get(f"/staff/listings/{listing_id}/tour").text


def test_the_embed_code_stands_only_where_there_is_something_to_embed(app, aoi: Browser, listing_id, rooms) -> None:
    tour = f"/staff/listings/{listing_id}/tour"
    assert "埋め込みコード" not in aoi.get(tour).text
    aoi.post(f"{tour}/publish")
    page = aoi.get(tour)
    assert f'<iframe src="http://localhost/embed/listings/{listing_id}"' in page.text
    assert "サイトの中だけです" in page.text


def test_the_embed_code_is_harmless_where_it_is_pasted(app, aoi: Browser, listing_id, rooms, people) -> None:
    with app.app_context():
        listings.update(factories.staff(people["aoi"]), listing_id, None, {"title": HOSTILE})
    aoi.post(f"/staff/listings/{listing_id}/tour/publish")
    pasted = aoi.get(f"/staff/listings/{listing_id}/tour").text.split("<iframe")[1].split("</iframe>")[0]
    assert "<" not in pasted
    assert pasted.count('"') == 12


def test_a_hostile_name_stays_text(aoi: Browser, listing_id: int, rooms: list[int]) -> None:
    aoi.post(f"/staff/scenes/{rooms[0]}/title", {"title": HOSTILE})
    for address in (f"/staff/listings/{listing_id}/tour", f"/staff/scenes/{rooms[0]}", f"/staff/scenes/{rooms[1]}"):
        assert "<img src=x" not in aoi.get(address).markup
