"""The photos of a listing: many at once, in order, described, blurred where somebody could be recognised."""

import io
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from flask import Flask
from PIL import Image

from akiya.db import db
from akiya.errors import Invalid, NotAllowed, NotFound
from akiya.imaging import formats
from akiya.listings import photos
from akiya.listings.enums import PhotoKind
from akiya.listings.events import EventKind
from akiya.listings.models import Event, Listing, Photo
from tests import factories, images
from tests.imaging.test_formats import MADE_UP
from tests.pages.browser import Browser

SCRIPT = {"Accept": "application/json"}


@pytest.fixture
def home(app: Flask, people: dict[str, int]) -> int:
    with app.app_context():
        return factories.listing(people["aoi"], title="阿蘇の平屋")


def send(visit: Browser, home: int, files: list[tuple[bytes, str]], **more: Any) -> Any:
    data = {"csrf_token": visit.token(), "photos": [(io.BytesIO(content), name) for content, name in files]}
    return visit.client.post(f"/staff/listings/{home}/photos", data=data, content_type="multipart/form-data", **more)


def add(app: Flask, people: dict[str, int], home: int, path: Path, who: str = "aoi") -> int:
    with app.app_context():
        storage = app.extensions["akiya_storage"]
        return photos.add(factories.staff(people[who]), home, path.name, path, storage).id


def order(app: Flask, home: int) -> list[int]:
    with app.app_context():
        return list(db.session.scalars(db.select(Photo.id).where(Photo.listing_id == home).order_by(Photo.position)))


def stored(app: Flask, photo_id: int) -> Photo:
    return db.session.get(Photo, photo_id)


def published(app: Flask, photo_id: int, folder: Path) -> dict[str, Image.Image]:
    """Return every public picture of the photo by file name."""
    storage, found = app.extensions["akiya_storage"], {}
    with app.app_context():
        for key in storage.keys(stored(app, photo_id).key):
            storage.fetch(key, folder / "fetched")
            found[key.rsplit("/", 1)[1]] = images.opened(folder / "fetched")
    return found


# ── adding ──


def test_the_field_names_the_formats_of_the_table(
    visit: Browser, people, home: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    visit.sign_in("aoi")
    page = visit.get(f"/staff/listings/{home}").markup
    assert ">写真を選ぶ（一度に何枚でも。JPEG・PNG・WebP・HEIC、1枚40MBまで）</label>" in page
    assert ' accept="image/jpeg,image/png,image/webp,image/heic,image/heif,.heic,.heif" multiple' in page
    monkeypatch.setattr(formats, "PHOTO", (*formats.PHOTO, MADE_UP))
    page = visit.get(f"/staff/listings/{home}").markup
    assert "JPEG・PNG・WebP・HEIC・XYZ、1枚40MBまで" in page
    assert 'image/heif,image/xyz,image/x-xyz,.heic,.heif,.xyz" multiple' in page


def test_a_script_sends_one_file_and_gets_its_place_in_the_list(
    visit: Browser, app: Flask, people, home: int, tmp_path: Path
) -> None:
    visit.sign_in("aoi")
    good = images.photo(tmp_path / "a.jpg").read_bytes()
    answer = send(visit, home, [(good, "縁側🏡.jpg")], headers=SCRIPT)
    assert answer.status_code == 200
    assert answer.json["problems"] == []
    (photo_id,) = order(app, home)
    assert f'data-photo="{photo_id}"' in answer.json["items"][0]
    assert "縁側🏡.jpg" in visit.get(f"/staff/listings/{home}").text
    refused = send(visit, home, [(b"%PDF-1.7", "間取り.jpg")], headers=SCRIPT)
    assert refused.status_code == 400
    assert refused.json["items"] == []
    assert refused.json["problems"][0].startswith("間取り.jpg：画像として開けません")
    assert send(visit, home, [], headers=SCRIPT).json["problems"] == [
        "写真が選ばれていません。「写真を選ぶ」から選んで送ってください。"
    ]


def test_every_file_of_a_form_has_its_own_message_and_the_order_is_that_of_choosing(
    visit: Browser, app: Flask, people, home: int, tmp_path: Path
) -> None:
    visit.sign_in("aoi")
    files = [
        (images.photo(tmp_path / "1.jpg", (400, 300)).read_bytes(), "一.jpg"),
        (b"", "空.jpg"),
        (images.bomb(tmp_path / "big.png", 10_100).read_bytes(), "億.jpg"),
        (images.photo(tmp_path / "2.jpg", (500, 300)).read_bytes(), "二.png"),
        (images.photo(tmp_path / "1.jpg", (400, 300)).read_bytes(), "一.jpg"),
        (b"<svg/>", "\u202e絵\x07.svg"),
    ]
    answer = send(visit, home, files)
    assert answer.status_code == 400
    text = answer.get_data(as_text=True)
    for message in (
        "空.jpg：画像ファイルの中身が空です",
        "億.jpg：画像が大きすぎます（10,100×10,100、約1億201万画素）。6,000万画素まで",
        "絵.svg：画像として開けません",
    ):
        assert message in text
    assert "3枚の写真を入れました" in text
    with app.app_context():
        assert [stored(app, photo_id).width for photo_id in order(app, home)] == [400, 500, 400]


def test_more_than_forty_are_refused(
    app: Flask, people, home: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(photos, "MOST_PHOTOS", 1)
    path = images.photo(tmp_path / "a.jpg")
    add(app, people, home, path)
    with pytest.raises(Invalid, match="枚まで"):
        add(app, people, home, path)


def test_photos_leave_the_version_of_an_open_form(
    visit: Browser, app: Flask, people, home: int, tmp_path: Path
) -> None:
    with app.app_context():
        before = db.session.get(Listing, home).version
    photo_id = add(app, people, home, images.photo(tmp_path / "a.jpg"))
    visit.sign_in("aoi")
    visit.post(f"/staff/photos/{photo_id}", {"kind": "interior", "caption": "縁側"})
    with app.app_context():
        assert db.session.get(Listing, home).version == before


# ── order and description ──


def test_the_order_is_kept_only_when_it_names_exactly_the_photos(
    visit: Browser, app: Flask, people, home: int, tmp_path: Path
) -> None:
    path = images.photo(tmp_path / "a.jpg", (300, 200))
    first, second, third = (add(app, people, home, path) for _ in range(3))
    visit.sign_in("aoi")
    address = f"/staff/listings/{home}/photos/order"
    visit.post(address, {"photo": [third, first, second]})
    assert order(app, home) == [third, first, second]
    for wrong in (
        [third, first],
        [third, first, second, second],
        [third, first, second, 999_999],
        [],
        ["x", first, second],
    ):
        page = visit.post(address, {"photo": wrong}, 400)
        assert "増えたか減りました" in page.text
    answer = visit.client.post(address, data={"csrf_token": visit.token(), "photo": [first]}, headers=SCRIPT)
    assert (answer.status_code, len(answer.json["problems"])) == (400, 1)
    assert order(app, home) == [third, first, second]
    answer = visit.client.post(
        address, data={"csrf_token": visit.token(), "photo": [first, second, third]}, headers=SCRIPT
    )
    assert (answer.status_code, answer.json["problems"]) == (200, [])
    visit.post(f"/staff/photos/{third}/move", {"to": "first"})
    visit.post(f"/staff/photos/{third}/move", {"to": "later"})
    assert order(app, home) == [first, third, second]
    assert "写真の並べ替え" in visit.get(f"/staff/listings/{home}").text


@pytest.mark.parametrize("text", ["縁側", "𠮷野家の🏡", "\u202eabc", "<script>alert(1)</script>", "a" * 200])
def test_a_caption_is_kept_and_shown_as_written(
    visit: Browser, app: Flask, people, home: int, tmp_path: Path, text: str
) -> None:
    photo_id = add(app, people, home, images.photo(tmp_path / "a.jpg"))
    visit.sign_in("aoi")
    answer = visit.client.post(
        f"/staff/photos/{photo_id}", data={"csrf_token": visit.token(), "kind": "", "caption": text}, headers=SCRIPT
    )
    assert answer.json["problems"] == []
    with app.app_context():
        assert stored(app, photo_id).caption == text
    visit.get(f"/staff/listings/{home}")
    assert text in visit.get(f"/listings/{home}").text


def test_a_wrong_description_is_refused(visit: Browser, app: Flask, people, home: int, tmp_path: Path) -> None:
    photo_id = add(app, people, home, images.photo(tmp_path / "a.jpg"))
    visit.sign_in("aoi")
    for data in ({"kind": "attic", "caption": ""}, {"kind": "", "caption": "a" * 201}):
        visit.post(f"/staff/photos/{photo_id}", data, 400)
        answer = visit.client.post(
            f"/staff/photos/{photo_id}", data={"csrf_token": visit.token(), **data}, headers=SCRIPT
        )
        assert answer.status_code == 400
        assert answer.json["problems"]


def test_a_floor_plan_is_called_so_and_not_cut_off(
    visit: Browser, app: Flask, people, home: int, tmp_path: Path
) -> None:
    path = images.photo(tmp_path / "a.jpg")
    plan, bath = add(app, people, home, path), add(app, people, home, path)
    with app.app_context():
        photos.describe(factories.staff(people["aoi"]), plan, PhotoKind.PLAN, "")
        photos.describe(factories.staff(people["aoi"]), bath, PhotoKind.WATER, "タイルの風呂")
    page = visit.get(f"/listings/{home}")
    assert 'alt="間取り図" class="photo-plan"' in page.markup
    assert 'alt="タイルの風呂"' in page.markup
    assert page.markup.count("photo-plan") == 1
    english = visit.get(f"/en/listings/{home}").markup
    assert 'alt="Floor plan"' in english
    assert 'alt="タイルの風呂" lang="ja"' in english


# ── blurring ──

NAME_PLATE = [0.6, 0.2, 0.15, 0.25]


def noisy(path: Path, size: tuple[int, int] = (2400, 1800), orientation: int = 1) -> Path:
    """Save a JPEG of soft noise with EXIF, in which every part differs from every other."""
    soft = np.random.default_rng(7).integers(0, 255, (size[1] // 12, size[0] // 12, 3), dtype=np.uint8)
    exif = Image.Exif()
    exif[0x0112] = orientation
    Image.fromarray(soft).resize(size, Image.Resampling.NEAREST).save(path, "JPEG", exif=exif, quality=92)
    return path


def inside_and_outside(before: Image.Image, after: Image.Image, area: list[float]) -> tuple[float, float, float, float]:
    """Return the mean difference inside and outside the area, and the contrast inside before and after."""
    first, second = (np.asarray(picture, np.float32) for picture in (before, after))
    left, top, width, height = area
    whole = first.shape[1], first.shape[0]
    within = np.zeros(first.shape[:2], bool)
    within[
        int(top * whole[1]) : int((top + height) * whole[1]), int(left * whole[0]) : int((left + width) * whole[0])
    ] = True
    # The border is left out: the codec's blocks and scaling mix both sides there.
    margin = max(8, whole[0] // 100)
    beyond = np.ones(first.shape[:2], bool)
    beyond[
        max(0, int(top * whole[1]) - margin) : int((top + height) * whole[1]) + margin,
        max(0, int(left * whole[0]) - margin) : int((left + width) * whole[0]) + margin,
    ] = False
    difference = np.abs(first - second).mean(axis=2)
    return (
        float(difference[within].mean()),
        float(difference[beyond].mean()),
        float(first[within].std(axis=0).mean()),
        float(second[within].std(axis=0).mean()),
    )


@pytest.mark.slow
@pytest.mark.parametrize("orientation", [1, 6])
def test_an_area_is_unrecognisable_in_every_size_and_the_rest_as_before(
    visit: Browser, app: Flask, people, home: int, tmp_path: Path, orientation: int
) -> None:
    photo_id = add(app, people, home, noisy(tmp_path / "a.jpg", orientation=orientation))
    before = published(app, photo_id, tmp_path)
    with app.app_context():
        old, original = stored(app, photo_id).key, stored(app, photo_id).original_key
    visit.sign_in("aoi")
    address = f"/staff/photos/{photo_id}/blur"
    row = dict(zip(("left", "top", "width", "height"), ("60", "２０％", "15.0", "25"), strict=True))
    visit.post(address, {f"areas-0-{name}": value for name, value in row.items()})
    after = published(app, photo_id, tmp_path)
    assert set(before) == set(after) == {"320.webp", "480.webp", "800.webp", "1600.webp", "full.jpg"}
    for name, picture in after.items():
        assert picture.size == before[name].size
        changed, same, contrast, left_over = inside_and_outside(before[name], picture, NAME_PLATE)
        assert changed > 15, name
        assert same < min(4, changed / 4), name  # the difference that encoding noise again makes
        assert left_over < contrast / 3, name
    with app.app_context():
        found = stored(app, photo_id)
        assert (found.blurs, found.original_key) == ([NAME_PLATE], original)
        assert found.key != old
        storage = app.extensions["akiya_storage"]
        assert list(storage.keys(old)) == []
        storage.fetch(original, tmp_path / "kept")
        assert (tmp_path / "kept").read_bytes() == (tmp_path / "a.jpg").read_bytes()
        event = db.session.scalar(db.select(Event).order_by(Event.id.desc()).limit(1))
        assert (event.action, event.changes) == (EventKind.PHOTO_BLURRED, {"blurs": [0, 1]})
    assert "ぼかし1か所" in visit.get(f"/staff/listings/{home}").text
    page = visit.get(address)
    assert 'value="60"' in page.markup
    assert f"/staff/photos/{photo_id}/unblurred.jpg" in page.markup
    whole = visit.client.get(f"/staff/photos/{photo_id}/unblurred.jpg")
    assert "no-store" in whole.headers["Cache-Control"]
    with Image.open(io.BytesIO(whole.data)) as shown:
        assert inside_and_outside(before["full.jpg"], shown.convert("RGB"), NAME_PLATE)[0] < 1
        assert not shown.getexif()


def test_taking_the_areas_away_brings_the_picture_back(
    visit: Browser, app: Flask, people, home: int, tmp_path: Path
) -> None:
    photo_id = add(app, people, home, noisy(tmp_path / "a.jpg", (600, 450)))
    before = published(app, photo_id, tmp_path)
    storage = app.extensions["akiya_storage"]
    with app.app_context():
        photos.blur(factories.staff(people["aoi"]), photo_id, [NAME_PLATE, [0, 0, 1, 0.01]], storage)
    visit.sign_in("aoi")
    blank = {f"areas-{n}-{name}": "" for n in range(2) for name in ("left", "top", "width", "height")}
    visit.post(f"/staff/photos/{photo_id}/blur", blank)
    after = published(app, photo_id, tmp_path)
    assert all(np.array_equal(np.asarray(before[name]), np.asarray(after[name])) for name in before)
    with app.app_context():
        assert stored(app, photo_id).blurs == []


@pytest.mark.parametrize(
    ("row", "message"),
    [
        (("a", "20", "10", "10"), "「a」は割合として読めません"),
        (("20", "", "10", "10"), "空欄です"),
        (("95", "20", "10", "10"), "「10」は写真の右へはみ出します。5 まで"),
        (("20", "95", "10", "10"), "「10」は写真の下へはみ出します。5 まで"),
        (("20", "20", "0", "10"), "「0」は範囲の外です"),
        (("-1", "20", "10", "10"), "「-1」は割合として読めません"),
        (("1e400", "20", "10", "10"), "読めません"),
        (("9" * 400, "20", "10", "10"), "読めません"),
        (("𠮷", "\u202e20", "🏡", "nan"), "読めません"),
    ],
)
def test_a_wrong_area_is_refused_and_kept_in_the_form(
    visit: Browser, app: Flask, people, home: int, tmp_path: Path, row: tuple[str, ...], message: str
) -> None:
    photo_id = add(app, people, home, images.photo(tmp_path / "a.jpg"))
    visit.sign_in("aoi")
    names = ("left", "top", "width", "height")
    good = {f"areas-0-{name}": "10" for name in names}
    wrong = {f"areas-1-{name}": value for name, value in zip(names, row, strict=True)}
    page = visit.post(f"/staff/photos/{photo_id}/blur", {**good, **wrong}, 400)
    assert message in page.text
    assert "範囲2の" in page.text
    for value in row:
        assert f'value="{value}"' in page.markup
    with app.app_context():
        assert stored(app, photo_id).blurs == []


def test_twenty_areas_and_no_more(visit: Browser, app: Flask, people, home: int, tmp_path: Path) -> None:
    photo_id = add(app, people, home, images.photo(tmp_path / "a.jpg"))
    visit.sign_in("aoi")
    rows = {f"areas-{n}-{name}": "4" for n in range(21) for name in ("left", "top", "width", "height")}
    page = visit.post(f"/staff/photos/{photo_id}/blur", rows, 400)
    assert "20か所まで" in page.text
    visit.post(f"/staff/photos/{photo_id}/blur", {k: v for k, v in rows.items() if not k.startswith("areas-20-")})
    with app.app_context():
        assert len(stored(app, photo_id).blurs) == 20
    visit.get(f"/staff/photos/{photo_id}/blur")


def test_a_drawing_that_others_share_is_left_to_them(app: Flask, people, home: int, tmp_path: Path) -> None:
    mine = add(app, people, home, images.photo(tmp_path / "a.jpg"))
    storage, aoi = app.extensions["akiya_storage"], people["aoi"]
    with app.app_context():
        first = stored(app, mine)
        shared = {name: getattr(first, name) for name in ("key", "original_key", "width", "height", "widths")}
        other = Photo(listing_id=home, position=1, **shared)
        db.session.add(other)
        db.session.commit()
        other_id = other.id
        photos.blur(factories.staff(aoi), mine, [NAME_PLATE], storage)
        own = stored(app, mine).key
        assert list(storage.keys(shared["key"]))
        photos.delete(factories.staff(aoi), mine, storage)
        assert list(storage.keys(own)) == []
        storage.fetch(shared["original_key"], tmp_path / "kept")
        photos.delete(factories.staff(aoi), other_id, storage)
        assert list(storage.keys(shared["key"])) == []
        with pytest.raises(NotFound):
            storage.fetch(shared["original_key"], tmp_path / "kept")


def test_a_lost_original_is_said(visit: Browser, app: Flask, people, home: int, tmp_path: Path) -> None:
    photo_id = add(app, people, home, images.photo(tmp_path / "a.jpg"))
    with app.app_context():
        app.extensions["akiya_storage"].delete(stored(app, photo_id).original_key)
    visit.sign_in("aoi")
    row = {f"areas-0-{name}": "10" for name in ("left", "top", "width", "height")}
    assert "元の画像が残っていません" in visit.post(f"/staff/photos/{photo_id}/blur", row, 400).text


def test_who_may_not_write_changes_no_photo(app: Flask, people, home: int, tmp_path: Path) -> None:
    photo_id = add(app, people, home, images.photo(tmp_path / "a.jpg"))
    storage = app.extensions["akiya_storage"]
    with app.app_context():
        for who, error in (("ren", NotAllowed), ("sora", NotFound)):
            staff = factories.staff(people[who])
            for change in (
                lambda staff: photos.blur(staff, photo_id, [NAME_PLATE], storage),
                lambda staff: photos.order(staff, home, [photo_id]),
                lambda staff: photos.unblurred(staff, photo_id, storage),
                lambda staff: photos.describe(staff, photo_id, None, "x"),
                lambda staff: photos.delete(staff, photo_id, storage),
            ):
                with pytest.raises(error):
                    change(staff)
        assert stored(app, photo_id).blurs == []
