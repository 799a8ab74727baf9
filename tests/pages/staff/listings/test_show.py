"""The staff's pages of a listing: each action done, with a wrong field, and refused to those who may not do it."""

import io
from pathlib import Path

import pytest
from flask import Flask

from akiya.db import db
from akiya.listings.enums import PhotoKind, Status
from akiya.listings.models import Listing, Photo
from tests import factories, images
from tests.pages.browser import Browser


@pytest.fixture
def home(app: Flask, people: dict[str, int]) -> int:
    with app.app_context():
        return factories.listing(people["aoi"], title="阿蘇の平屋", owner_name="持主 太郎")


def with_photos(visit: Browser, home: int, folder: Path, count: int = 2) -> list[int]:
    files = [(images.photo(folder / f"{n}.jpg").open("rb"), f"{n}.jpg") for n in range(count)]
    visit.post(f"/staff/listings/{home}/photos", {"photos": files}, content_type="multipart/form-data")
    for file, _name in files:
        file.close()
    with visit.app.app_context():
        return list(db.session.scalars(db.select(Photo.id).where(Photo.listing_id == home).order_by(Photo.position)))


FORM = {"number": "空き家第9号", "title": "縁側の家", "town": "内牧", "is_sale": "y", "kind": "house", "price": "480万円", "built_on": "昭和53年6月",
        "floor_area": "36坪", "layout": "5DK", "garden": "yes", "water": "public", "station_m": "徒歩8分"}  # fmt: skip


def test_a_listing_is_written_as_people_write(visit: Browser, app: Flask, people) -> None:
    visit.sign_in("aoi")
    visit.post("/staff/listings/new", FORM)
    with app.app_context():
        made = db.session.scalar(db.select(Listing).where(Listing.number == "空き家第9号"))
        assert (made.price, made.floor_area, made.garden, made.station_m) == (4_800_000, 119.01, True, 640)
        assert (made.built_on.isoformat(), str(made.built_precision)) == ("1978-06-01", "month")
        assert made.status is Status.DRAFT
        listing_id = made.id
    edit = visit.get(f"/staff/listings/{listing_id}/edit")
    assert 'value="1978年6月"' in edit.markup
    assert 'value="119.01"' in edit.markup
    unchanged = {
        **FORM,
        "version": "1",
        "floor_area": "119.01",
        "price": "4800000",
        "built_on": "1978年6月",
        "station_m": "640",
    }
    visit.post(f"/staff/listings/{listing_id}/edit", unchanged)
    assert visit.get(f"/staff/listings/{listing_id}").text.count("変更 ") == 0


@pytest.mark.parametrize(
    ("name", "value", "message"),
    [("number", "", "物件番号を入れて"), ("price", "高い", "「高い」は金額"), ("floor_area", "ひろい", "面積として"), ("built_on", "昔", "年月日として"),
     ("kind", "castle", ""), ("garden", "maybe", "選択肢から"), ("title", "あ" * 121, "120文字まで"), ("true_lat", "95", "両方"),
     ("price", "-5", "金額として"), ("water", "beer", ""), ("price", "９" * 400, "金額として"), ("supermarket_m", "９" * 400, "距離として"),
     ("price", "9" * 15, "範囲の外"), ("storeys", "9" * 30, "数として")],
)  # fmt: skip
def test_a_wrong_field_is_named_and_nothing_typed_is_lost(
    visit: Browser, people, name: str, value: str, message: str
) -> None:
    visit.sign_in("aoi")
    page = visit.post("/staff/listings/new", {**FORM, "appeal": "長い紹介文", name: value}, 400)
    assert "入力を確かめてください" in page.text
    assert message in page.text
    assert "長い紹介文" in page.text
    assert f'href="#{name}"' in page.markup


def test_what_no_text_holds_and_no_record_is_called(visit: Browser, people) -> None:
    visit.sign_in("aoi")
    page = visit.post("/staff/listings/new", {**FORM, "appeal": "a\0b"}, 400)
    assert "「appeal」に使えない文字" in page.text
    visit.get("/staff/?q=%00", 400)
    for number in (3_000_000_000, 10**20):
        visit.get(f"/staff/listings/{number}", 404)
        visit.get(f"/staff/listings/{number}/tour", 404)
        visit.post(f"/staff/photos/{number}/delete", status=404)


def test_the_second_editor_keeps_the_typed_text(visit: Browser, app: Flask, people, home: int) -> None:
    visit.sign_in("aoi")
    visit.post(f"/staff/listings/{home}/edit", {**FORM, "version": "2"})
    page = visit.post(f"/staff/listings/{home}/edit", {**FORM, "version": "1", "title": "わたしの見出し"}, 409)
    assert "別の人がこの物件を変更しました" in page.text
    assert "わたしの見出し" in page.markup


def test_the_way_from_draft_to_the_end(visit: Browser, app: Flask, people) -> None:
    visit.sign_in("aoi")
    visit.post("/staff/listings/new", {"number": "1", "kind": "house"})
    with app.app_context():
        listing_id = db.session.scalar(db.select(Listing.id))
    refused = visit.post(f"/staff/listings/{listing_id}/status", {"to": "open"}, 400)
    assert "売るのか貸すのか" in refused.text
    visit.post(f"/staff/listings/{listing_id}/edit", {**FORM, "version": "1"})
    visit.post(f"/staff/listings/{listing_id}/status", {"to": "open"})
    assert "縁側の家" in visit.get("/listings/").text
    visit.post(f"/staff/listings/{listing_id}/status", {"to": "draft"}, 400)
    visit.post(f"/staff/listings/{listing_id}/status", {"to": "nonsense"}, 400)
    visit.post(f"/staff/listings/{listing_id}/confirm")
    wrong = visit.post(f"/staff/listings/{listing_id}/close", {"outcome": "contracted", "closed_on": "2199-01-01"}, 400)
    assert "先の日付" in wrong.text
    visit.post(
        f"/staff/listings/{listing_id}/close",
        {"outcome": "contracted", "household_size": "3", "agreed_amount": "450万"},
    )
    assert "縁側の家" not in visit.get("/listings/").text
    assert "成約" in visit.get(f"/listings/{listing_id}").text
    history = visit.get(f"/staff/listings/{listing_id}").text
    assert "募集中 → 成約" in history


def test_photos_are_added_described_ordered_and_removed(
    visit: Browser, app: Flask, people, home: int, tmp_path: Path
) -> None:
    visit.sign_in("aoi")
    first, second = with_photos(visit, home, tmp_path)
    visit.post(f"/staff/photos/{second}", {"kind": "plan", "caption": "間取り"})
    visit.post(f"/staff/photos/{second}/move", {"to": "first"})
    visit.post(f"/staff/photos/{second}/move", {"to": "sideways"}, 400)
    with app.app_context():
        cover = db.session.scalar(db.select(Photo).where(Photo.listing_id == home, Photo.position == 0))
        assert (cover.id, cover.kind, cover.caption) == (second, PhotoKind.PLAN, "間取り")
        key = cover.key
    assert visit.status(f"/media/{key.removeprefix('public/')}/320.webp") == 200
    assert visit.status(f"/media/../private/{key.removeprefix('public/')}") == 404
    assert key.removeprefix("public/") in visit.get(f"/listings/{home}").markup
    visit.post(f"/staff/photos/{second}/delete")
    assert visit.status(f"/media/{key.removeprefix('public/')}/320.webp") == 404
    with app.app_context():
        assert db.session.scalars(db.select(Photo.id)).all() == [first]


def test_a_broken_photo_leaves_the_others(visit: Browser, app: Flask, people, home: int, tmp_path: Path) -> None:
    visit.sign_in("aoi")
    good = images.photo(tmp_path / "good.jpg").read_bytes()
    files = [
        (io.BytesIO(good), "a.jpg"),
        (io.BytesIO(b"<svg onload=alert(1)>"), "<b>悪い.svg"),
        (io.BytesIO(good), "c.jpg"),
    ]
    page = visit.post(f"/staff/listings/{home}/photos", {"photos": files}, 400, content_type="multipart/form-data")
    assert "<b>悪い.svg：画像として開けません" in page.text
    assert "<b>悪い" not in page.markup
    with app.app_context():
        assert db.session.query(Photo).count() == 2


def test_no_photo_chosen_is_said(visit: Browser, people, home: int) -> None:
    visit.sign_in("aoi")
    assert "写真が選ばれていません" in visit.post(f"/staff/listings/{home}/photos", status=400).text


def test_coordinators_write_for_any_municipality(visit: Browser, app: Flask, people, home: int) -> None:
    visit.sign_in("hana")
    assert "市町村を選んで" in visit.post("/staff/listings/new", FORM, 400).text
    visit.post("/staff/listings/new", {**FORM, "municipality_code": "43202"})
    with app.app_context():
        assert (
            db.session.scalar(db.select(Listing.municipality_code).where(Listing.number == FORM["number"])) == "43202"
        )
    visit.get(f"/staff/listings/{home}/edit")


def test_the_list_is_searched_and_split_by_state(visit: Browser, app: Flask, people, home: int) -> None:
    with app.app_context():
        factories.listing(people["aoi"], number="下書きの番号", status=Status.DRAFT)
    visit.sign_in("aoi")
    assert "下書きの番号" in visit.get("/staff/").text
    assert "下書きの番号" not in visit.get("/staff/?status=open").text
    assert "空き家第1号" in visit.get("/staff/?q=平屋").text
    assert "当てはまる物件はありません" in visit.get("/staff/?q=無い言葉").text
