"""The staff's page of one scene."""

import hashlib
import json
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from akiya.db import db, transaction
from akiya.listings import photos
from akiya.listings.enums import PhotoKind
from akiya.panoramas import search, service, tiling
from akiya.panoramas.models import Pair, Scene, SceneState, SpotKind, SpotText
from akiya.storage.base import Storage
from tests import factories, images
from tests.pages.browser import Browser

pytestmark = pytest.mark.slow

WRONG: list[tuple[dict[str, str], str]] = [
    ({"title": "間" * 81}, "部屋の名前「間間間間間間間間間間間間…」は80文字までです"),
    ({"description": "a\x07b"}, "使えない文字"),
    ({"yaw": "東"}, "「東」は角度として読めません"),
    ({"yaw": ""}, "空欄です。正面なら 0"),
    ({"pitch": "91"}, "「91」は範囲の外です。-90〜90"),
    ({"links-0-yaw": "5", "links-0-pitch": "1"}, "入口1の行き先：行き先が空欄です。選んでください"),
    ({"links-0-to": "999999", "links-0-yaw": "5", "links-0-pitch": "1"}, "ここでは選べないものです"),
    ({"notes-0-text": "棚"}, "印1の左右：左右が空欄です"),
    ({"notes-0-text": "棚" * 201, "notes-0-yaw": "1", "notes-0-pitch": "1"}, "200文字まで"),
    (
        {"blurs-0-yaw": "5", "blurs-0-pitch": "1", "blurs-0-width": "0", "blurs-0-height": "5"},
        "「0」は範囲の外です",
    ),
    ({"plan_photo": "999999"}, "ここでは選べないものです"),
    ({"pair": "night"}, "どの部屋の画像と対ですかが空欄です"),
    ({"camera_height": "15"}, "「15」mは、カメラの高さとして考えにくい値です"),
    ({"first_yaw": "1"}, "空欄です。2つの点の4つの角度と長さ"),
    (
        {"first_yaw": "0", "first_pitch": "20", "second_yaw": "9", "second_pitch": "-45", "apart": "1"},
        "「20」は床を見下ろす角度ではありません",
    ),
    (
        {"first_yaw": "0", "first_pitch": "-45", "second_yaw": "1", "second_pitch": "-45", "apart": "9"},
        "とすると、カメラの高さがとても高い値になります",
    ),
]


@pytest.fixture
def storage(app: Flask) -> Storage:
    return app.extensions["akiya_storage"]


@pytest.fixture
def rooms(app: Flask, people, storage, tmp_path: Path) -> list[int]:
    """Return two scenes of one listing, tiled and published."""
    picture = images.panorama(tmp_path / "p.jpg")
    with app.app_context():
        listing_id = factories.listing(people["aoi"])
        made = [
            service.add(factories.staff(people["aoi"]), listing_id, picture, storage, title=t, description="8畳").id
            for t in ("座敷", "台所")
        ]
        tiling.process_all(storage)
        service.publish(factories.staff(people["aoi"]), listing_id)
    return made


@pytest.fixture
def aoi(visit: Browser, people) -> Browser:
    visit.sign_in("aoi")
    return visit


@pytest.fixture
def plan(app: Flask, people, rooms, storage, tmp_path: Path) -> int:
    """Return a floor plan among the listing's photos."""
    with app.app_context():
        staff, picture = factories.staff(people["aoi"]), images.photo(tmp_path / "plan.jpg")
        listing_id = db.session.get(Scene, rooms[0]).listing_id
        return photos.add(staff, listing_id, "plan.jpg", picture, storage, PhotoKind.PLAN).id


def typed(visit: Browser, scene_id: int, **changes: Any) -> dict[str, Any]:
    """Return the values of the scene's form as a browser would send them, with these changes."""
    page = visit.get(f"/staff/scenes/{scene_id}")
    values = {c["name"]: c.get("value", "") for c in page.controls if c.get("name") not in ("csrf_token", None)}
    seen = page.markup.split('name="seen" value="')[1].split('"')[0]
    with visit.app.app_context():
        scene = db.session.get(Scene, scene_id)
        own = scene.texts.get("en")
        texts = {"description": scene.description, "description_en": own.description if own else ""}
        texts |= {"plan_photo": scene.plan_photo_id or "", "pair_of": scene.pair_of_id or "", "pair": scene.pair or ""}
        links = [spot for spot in scene.spots if spot.kind is SpotKind.LINK]
        texts |= {f"links-{n}-to": spot.target_id for n, spot in enumerate(links)}
    return {**values, **texts, "seen": seen, **changes}


def save(visit: Browser, scene_id: int, status: int = 303, **changes: Any):
    return visit.post(f"/staff/scenes/{scene_id}", typed(visit, scene_id, **changes), status)


def scene(app: Flask, scene_id: int) -> Scene:
    with app.app_context():
        found = db.session.get(Scene, scene_id)
        assert found.spots is not None
        assert found.texts is not None
        assert found.listing.id
        return found


def history(visit: Browser, found: Scene) -> str:
    return visit.get(f"/staff/listings/{found.listing_id}/history").text


def test_an_account_begins_with_questions_and_keeps_the_answers(app: Flask, aoi: Browser, rooms: list[int]) -> None:
    save(aoi, rooms[0], description="")
    page = aoi.get(f"/staff/scenes/{rooms[0]}")
    assert "広さ：\n床：\n壁：\n天井：\n窓：\n設備：\n傷み：" in page.text
    save(
        aoi,
        rooms[0],
        description="広さ：8畳\r\n床：\r\n壁：\r\n傷み：北に雨じみ\r\n",
        description_en="8 mats.",
        title_en="Parlour",
    )
    found = scene(app, rooms[0])
    assert found.description == "広さ：8畳\n傷み：北に雨じみ"
    assert (found.texts["en"].description, found.texts["en"].title) == ("8 mats.", "Parlour")
    assert found.state is SceneState.READY
    assert "座敷：写っているもの：空欄 → 広さ：8畳" in history(aoi, found).replace("\n", "") or "広さ：8畳" in history(
        aoi, found
    )


def test_texts_in_english_are_changed_and_removed(app: Flask, aoi: Browser, rooms: list[int]) -> None:
    notes = {
        "notes-0-text": "柱", "notes-0-text_en": "A pillar", "notes-0-yaw": "0", "notes-0-pitch": "10",
        "notes-1-text": "床", "notes-1-yaw": "5", "notes-1-pitch": "10",
    }  # fmt: skip
    save(aoi, rooms[0], title_en="Parlour", description_en="8 mats.", **notes)
    found = scene(app, rooms[0])
    assert [dict(spot.texts) for spot in found.spots] == [{"en": "A pillar"}, {}]
    shown = aoi.get(f"/en/listings/{found.listing_id}").text
    for text in ("Parlour", "8 mats.", "A pillar", "床"):
        assert text in shown
    # Numbers of removed marks may be given again, and with them the keys of their texts.
    save(aoi, rooms[0], description_en="", **{"notes-0-text_en": "The pillar", "notes-1-text_en": "The floor"})
    found = scene(app, rooms[0])
    assert [dict(spot.texts) for spot in found.spots] == [{"en": "The pillar"}, {"en": "The floor"}]
    assert (found.texts["en"].title, found.texts["en"].description) == ("Parlour", "")
    for label in ("部屋の名前（英語）", "写っているもの（英語）"):
        assert f"座敷：{label}" in history(aoi, found)
    save(
        aoi,
        rooms[0],
        title_en="",
        **{"notes-0-text": "", "notes-0-text_en": "", "notes-0-yaw": "", "notes-0-pitch": ""},
    )
    found = scene(app, rooms[0])
    assert found.texts == {}
    assert [(spot.text, dict(spot.texts)) for spot in found.spots] == [("床", {"en": "The floor"})]
    aoi.post(f"/staff/scenes/{rooms[0]}/remove", {})
    with app.app_context():
        assert db.session.scalars(select(SpotText)).all() == []


def test_a_new_view_is_tiled_anew_while_the_old_is_seen(app: Flask, aoi: Browser, rooms, storage) -> None:
    before = scene(app, rooms[0]).tiles_key
    save(aoi, rooms[0], yaw="３０度", pitch="−5")
    found = scene(app, rooms[0])
    assert (found.yaw, found.pitch, found.state, found.tiles_key) == (30, -5, SceneState.WAITING, before)
    with app.app_context():
        assert len(search.published(found.listing_id)) == 2
        tiling.process_all(storage)
    found = scene(app, rooms[0])
    assert (found.state, found.yaw) == (SceneState.READY, 30)
    assert found.tiles_key != before
    assert "左右30度・上下-5度" in history(aoi, found)


def test_a_blur_takes_the_old_tiles_away_at_once(app: Flask, aoi: Browser, rooms, storage) -> None:
    before = scene(app, rooms[0])
    area = {"blurs-0-yaw": "10", "blurs-0-pitch": "-20", "blurs-0-width": "30", "blurs-0-height": "15"}
    save(aoi, rooms[0], **area)
    with app.app_context():
        assert not list(storage.keys(before.tiles_key))
        assert [one.id for one in search.published(before.listing_id)] == [rooms[1]]
        tiling.process_all(storage)
        assert len(search.published(before.listing_id)) == 2
    found = scene(app, rooms[0])
    assert found.blurs == [[10, -20, 30, 15]]
    assert "座敷：ぼかす範囲：空欄 → 1か所" in history(aoi, found) or "1か所" in history(aoi, found)
    save(aoi, rooms[0], **dict.fromkeys(area, ""))
    assert scene(app, rooms[0]).blurs == []


def test_ways_and_notes_are_marked_changed_and_removed(app: Flask, aoi: Browser, rooms: list[int]) -> None:
    way = {"links-0-to": rooms[1], "links-0-yaw": "270", "links-0-pitch": "-10"}
    note = {"notes-0-text": "<b>雨漏り</b>の跡", "notes-0-text_en": "Stain", "notes-0-yaw": "5", "notes-0-pitch": "60"}
    save(aoi, rooms[0], **way, **note)
    found = scene(app, rooms[0])
    assert [(s.kind, s.target_id, s.yaw, s.pitch, s.text) for s in found.spots] == [
        (SpotKind.LINK, rooms[1], -90, -10, ""),
        (SpotKind.NOTE, None, 5, 60, "<b>雨漏り</b>の跡"),
    ]
    assert found.state is SceneState.READY
    assert "<b>雨漏り" not in aoi.get(f"/staff/scenes/{rooms[0]}").markup
    page = aoi.get(f"/staff/scenes/{rooms[0]}")
    assert "「台所」に戻る入口を作る" in page.text
    aoi.post(f"/staff/scenes/{rooms[0]}/way-back", {"to": rooms[1]})
    (back,) = scene(app, rooms[1]).spots
    assert (back.target_id, back.yaw, back.pitch) == (rooms[0], 90, -10)
    assert "戻る入口はもうあります" in aoi.post(f"/staff/scenes/{rooms[0]}/way-back", {"to": rooms[1]}, 400).text
    assert "なくなっています" in aoi.post(f"/staff/scenes/{rooms[0]}/way-back", {"to": 999_999}, 400).text
    save(aoi, rooms[0], **dict.fromkeys([*way, *note], ""))
    assert scene(app, rooms[0]).spots == []


def test_the_place_on_the_plan_and_the_pair_are_chosen(app: Flask, aoi: Browser, rooms, plan: int) -> None:
    save(aoi, rooms[1], plan_photo=plan, plan_x="25%", plan_y="62.5", pair_of=rooms[0], pair="night")
    found = scene(app, rooms[1])
    assert (found.plan_photo_id, found.plan_x, found.plan_y) == (plan, 0.25, 0.625)
    assert (found.pair_of_id, found.pair) == (rooms[0], Pair.NIGHT)
    assert "「座敷」の夜" in history(aoi, found)
    save(aoi, rooms[1], plan_photo="", plan_x="", plan_y="", pair_of="", pair="")
    found = scene(app, rooms[1])
    assert (found.plan_photo_id, found.plan_x, found.pair_of_id, found.pair) == (None, None, None, None)


def test_the_cameras_height_is_typed_or_measured(app: Flask, aoi: Browser, rooms: list[int]) -> None:
    save(aoi, rooms[0], camera_height="150cm")
    assert scene(app, rooms[0]).camera_height == 1.5
    # Two points at 45 degrees down, a quarter turn apart, are √2 heights apart.
    points = {"first_yaw": "0", "first_pitch": "-45", "second_yaw": "90", "second_pitch": "-45", "apart": "1.9799"}
    save(aoi, rooms[0], **points)
    assert scene(app, rooms[0]).camera_height == 1.4


def test_wrong_values_are_named_with_their_remedy(app: Flask, aoi: Browser, rooms, plan) -> None:
    before = scene(app, rooms[0]).updated_at
    held = typed(aoi, rooms[0])
    for changes, told in WRONG:
        page = aoi.post(f"/staff/scenes/{rooms[0]}", {**held, **changes}, 400)
        assert told in page.text, changes
        assert "入力を確かめてください" in page.text
    assert scene(app, rooms[0]).updated_at == before


def test_two_people_do_not_overwrite_each_other(app: Flask, aoi: Browser, rooms: list[int]) -> None:
    mine = typed(aoi, rooms[0], description="あおいの文")
    hana = Browser(app)
    hana.sign_in("hana")
    save(hana, rooms[0], description="はなの文")
    page = aoi.post(f"/staff/scenes/{rooms[0]}", mine, 409)
    assert "ほかの人がこの部屋を変更しました" in page.text
    assert "ほかの人：はなの文" in page.text
    assert "あなた：あおいの文" in page.text
    assert scene(app, rooms[0]).description == "はなの文"
    mine["seen"] = page.markup.split('name="seen" value="')[1].split('"')[0]
    aoi.post(f"/staff/scenes/{rooms[0]}", mine)
    assert scene(app, rooms[0]).description == "あおいの文"


def test_the_workers_progress_is_no_change_of_another(app: Flask, aoi: Browser, rooms: list[int]) -> None:
    mine = typed(aoi, rooms[0], title="奥座敷")
    with app.app_context(), transaction():
        db.session.get(Scene, rooms[0]).progress = 40
    aoi.post(f"/staff/scenes/{rooms[0]}", mine)
    assert scene(app, rooms[0]).title == "奥座敷"


def test_the_horizon_takes_the_marks_along(app: Flask, aoi: Browser, rooms, storage) -> None:
    note = {"notes-0-text": "柱", "notes-0-yaw": "0", "notes-0-pitch": "10"}
    area = {"blurs-0-yaw": "0", "blurs-0-pitch": "0", "blurs-0-width": "10", "blurs-0-height": "10"}
    save(aoi, rooms[0], **note, **area)
    with app.app_context():
        tiling.process_all(storage)
    before = scene(app, rooms[0]).tiles_key
    aoi.post(f"/staff/scenes/{rooms[0]}/horizon", {"horizon_pitch": "5", "horizon_roll": "0"})
    found = scene(app, rooms[0])
    assert (found.horizon_pitch, found.horizon_roll, found.state, found.tiles_key) == (5, 0, SceneState.WAITING, before)
    (spot,) = found.spots
    assert spot.yaw == pytest.approx(0, abs=0.01)
    assert abs(spot.pitch - 10) == pytest.approx(5, abs=0.01)
    assert found.pitch == pytest.approx(spot.pitch - 10, abs=0.01)
    ((_yaw, pitch, width, height),) = found.blurs
    assert pitch == pytest.approx(spot.pitch - 10, abs=0.1)
    assert width >= 10
    assert height >= 10
    assert "前後の傾き 5度" in history(aoi, found)
    aoi.post(f"/staff/scenes/{rooms[0]}/horizon", {"horizon_pitch": "0", "horizon_roll": "0"})
    assert scene(app, rooms[0]).spots[0].pitch == pytest.approx(10, abs=0.02)


def test_a_wrong_horizon_is_told(aoi: Browser, rooms: list[int]) -> None:
    page = aoi.post(f"/staff/scenes/{rooms[0]}/horizon", {"horizon_pitch": "90", "horizon_roll": "x"}, 400)
    assert "「90」は範囲の外です。-45〜45" in page.text
    assert "「x」は角度として読めません" in page.text


def test_a_replaced_picture_is_not_public_before_it_was_looked_at(app, aoi: Browser, rooms, storage, tmp_path) -> None:
    save(aoi, rooms[0], **{"notes-0-text": "柱", "notes-0-yaw": "0", "notes-0-pitch": "10"})
    before = scene(app, rooms[0])
    with images.panorama(tmp_path / "new.jpg", 3200).open("rb") as file:
        aoi.post(f"/staff/scenes/{rooms[0]}/picture", {"file": (file, "new.jpg")}, content_type="multipart/form-data")
    found = scene(app, rooms[0])
    assert (found.published, found.posed, found.state, len(found.spots)) == (False, False, SceneState.WAITING, 1)
    with app.app_context():
        assert not list(storage.keys(before.tiles_key))
        assert not (storage.root / before.original_key).exists()
        tiling.process_all(storage)
        assert [one.id for one in search.published(found.listing_id)] == [rooms[1]]
    assert scene(app, rooms[0]).cube == 1024
    page = aoi.post(f"/staff/scenes/{rooms[0]}/picture", {}, 400)
    assert "360度画像が選ばれていません" in page.text


def test_before_its_first_tiles_only_texts_are_asked_for(app: Flask, aoi, rooms, people, storage, tmp_path) -> None:
    with app.app_context():
        listing_id = db.session.get(Scene, rooms[0]).listing_id
        picture = images.panorama(tmp_path / "q.jpg")
        new = service.add(factories.staff(people["aoi"]), listing_id, picture, storage).id
    assert "ほかの部屋への入口" not in aoi.get(f"/staff/scenes/{new}").text
    save(aoi, new, title="納戸", description="物置", yaw="40")
    found = scene(app, new)
    assert (found.title, found.yaw, found.posed) == ("納戸", 0, False)
    page = aoi.post(f"/staff/scenes/{new}/horizon", {"horizon_pitch": "1", "horizon_roll": "0"}, 400)
    assert "変換が終わってから" in page.text
    begun = {name: value for name, value in typed(aoi, new, description="物置。棚が2つ").items() if name != "yaw"}
    with app.app_context():
        tiling.process_all(storage)
    aoi.post(f"/staff/scenes/{new}", begun)
    assert scene(app, new).description == "物置。棚が2つ"


def test_marks_of_a_picture_that_was_replaced_meanwhile_are_not_saved_unseen(
    app, aoi, rooms, storage, tmp_path
) -> None:
    mine = typed(aoi, rooms[0], **{"notes-0-text": "柱", "notes-0-yaw": "0", "notes-0-pitch": "10"})
    with images.panorama(tmp_path / "new.jpg").open("rb") as file:
        aoi.post(f"/staff/scenes/{rooms[0]}/picture", {"file": (file, "new.jpg")}, content_type="multipart/form-data")
    with app.app_context():
        tiling.process_all(storage)
    assert "ほかの人がこの部屋を変更しました" in aoi.post(f"/staff/scenes/{rooms[0]}", mine, 409).text
    assert scene(app, rooms[0]).spots == []


def test_what_is_typed_is_kept_as_a_draft(app: Flask, aoi: Browser, rooms: list[int]) -> None:
    address = f"/staff/scenes/{rooms[0]}"
    values = typed(aoi, rooms[0], description="書きかけ")
    answer = aoi.client.post(f"{address}/draft", data={**values, "csrf_token": aoi.token()})
    assert answer.json["kept"]
    assert scene(app, rooms[0]).description == "8畳"
    assert "保存していない入力が残っています" in aoi.get(address).text
    assert "書きかけ" in aoi.get(f"{address}?draft=1").text
    waiting = aoi.client.post(f"{address}/draft", data={**values, "draft": "waiting", "csrf_token": aoi.token()})
    assert "前の下書きが残っています" in waiting.json["saved"]
    aoi.post(address, {"draft": "discard"})
    assert "保存していない入力" not in aoi.get(address).text


def test_a_draft_of_the_time_when_english_had_columns_is_saved(app: Flask, aoi: Browser, rooms: list[int]) -> None:
    way = {"links-0-to": rooms[1], "links-0-yaw": "270", "links-0-pitch": "-10", "links-0-text_en": "Kitchen"}
    note = {"notes-0-text": "柱", "notes-0-text_en": "A pillar", "notes-0-yaw": "0", "notes-0-pitch": "10"}
    save(aoi, rooms[0], title_en="Parlour", **way, **note)
    found = scene(app, rooms[0])
    held = {
        "title": "座敷", "title_en": "Parlour", "description": "8畳", "description_en": "", "blurs": [], "plan": None,
        "links": [[rooms[1], -90.0, -10.0, "", "Kitchen"]], "notes": [["柱", "A pillar", 0.0, 10.0]],
        "pair": None, "view": [found.yaw, found.pitch], "camera_height": None,
    }  # fmt: skip
    seen = hashlib.sha256(json.dumps([found.original_key, sorted(held.items())]).encode()).hexdigest()[:16]
    save(aoi, rooms[0], seen=seen, title_en="Living room")
    assert scene(app, rooms[0]).texts["en"].title == "Living room"


def test_the_editor_gets_the_scene_alone_without_marks(app: Flask, aoi: Browser, rooms: list[int]) -> None:
    save(aoi, rooms[0], **{"notes-0-text": "柱", "notes-0-yaw": "0", "notes-0-pitch": "10"})
    (only,) = aoi.client.get(f"/staff/scenes/{rooms[0]}/config.json").json["scenes"].values()
    assert only["hotSpots"] == []


def test_of_another_municipality_or_unknown_is_not_found(app: Flask, people, rooms, visit: Browser) -> None:
    visit.sign_in("sora")
    for scene_id in (rooms[0], 999_999):
        for path in ("", "/horizon", "/picture", "/config.json"):
            visit.get(f"/staff/scenes/{scene_id}{path}", 404)
        for path in ("", "/horizon", "/picture", "/draft", "/way-back", "/title", "/move", "/retry", "/remove"):
            visit.post(f"/staff/scenes/{scene_id}{path}", {"title": "x"}, 404)
