"""The public application: reads what people write, loses nothing, publishes nothing."""

import re
from dataclasses import replace
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask_migrate import upgrade
from itsdangerous import TimestampSigner

from akiya import create_app, geo
from akiya.db import db, transaction
from akiya.imaging import formats
from akiya.listings import search as listings
from akiya.listings.enums import DatePrecision, Precision, Status
from akiya.listings.models import Listing, Photo
from akiya.listings.service import update
from akiya.municipalities import service as municipalities
from akiya.municipalities.enums import Blur
from akiya.municipalities.models import Municipality
from akiya.outbox.models import Message
from akiya.owners import applications
from akiya.owners.models import Application
from tests import factories, images
from tests.conftest import close, settings
from tests.factories import A, B
from tests.imaging.test_formats import MADE_UP
from tests.pages.browser import Browser, Page

ODD = "𠮷野 👪 \u200fשלום\u200e"
HOSTILE = "<script>alert(1)</script>{{7*7}}"


class _Earlier(TimestampSigner):
    def get_timestamp(self) -> int:
        return super().get_timestamp() - 3600


def opened(app: Flask) -> str:
    """Return the hidden value of a form that was opened an hour ago."""
    return _Earlier(app.config["SECRET_KEY"], salt="owner application").sign("apply").decode()


def answers(app: Flask, **changed: Any) -> dict[str, Any]:
    return {
        "opened": opened(app), "municipality_code": A, "town": "内牧", "lot_number": "カナリア番地12", "wish": "sale", "price": "480万円",
        "built_on": "昭和53年", "floor_area": "36坪", "water": "well", "parking": "yes", "name": "山田太郎", "phone": "０９６－３３３－１２３４",
        "email": "taro@example.jp", "relation": "owner", "message": "父の家です。", "consent_register": "y", "consent_visit": "y",
        "consent_publish": "y", **changed,
    }  # fmt: skip


def send(visit: Browser, data: dict[str, Any], status: int = 303, prefix: str = "") -> Page:
    return visit.post(f"{prefix}/owners/apply", data, status, content_type="multipart/form-data")


def kept(app: Flask) -> tuple[Listing, Application]:
    application = db.session.query(Application).one()
    return db.session.get(Listing, application.listing_id), application


def test_an_application_arrives_submitted(app: Flask, visit: Browser, people) -> None:
    assert f'value="{A}" selected' in re.sub(
        r"selected(=\"\")? value=\"(\d+)\"", r'value="\2" selected', visit.get(f"/owners/apply?municipality={A}").markup
    )
    send(visit, answers(app))
    receipt = visit.get("/owners/receipt")
    with app.app_context():
        listing, application = kept(app)
        year = listing.created_at.astimezone(geo.JAPAN_TIME).year
        assert (listing.number, listing.status, listing.municipality_code) == (f"申請{year}-0001", Status.SUBMITTED, A)
        assert (listing.town, listing.price, listing.is_sale, listing.is_rent) == ("内牧", 4_800_000, True, False)
        assert (listing.built_on.year, listing.built_precision, listing.floor_area) == (
            1978,
            DatePrecision.YEAR,
            119.01,
        )
        assert listing.parking is True
        assert listing.private.owner_name == "山田太郎"
        assert listing.private.lot_number == "カナリア番地12"
        assert "０９６－３３３－１２３４" in listing.private.owner_contact
        assert listing.private.consent_on is not None
        assert "町・字まで" in listing.private.consent_scope
        assert application.sent["floor_area"] == "36坪"
        assert application.sent["built_on"] == "昭和53年"
        assert listings.events(listing.id)[0].actor == "所有者の申込"
        assert application.receipt in receipt.text
    assert "山田" not in receipt.text
    assert "カナリア" not in receipt.text


def test_nobody_but_staff_sees_it(app: Flask, visit: Browser, people) -> None:
    send(visit, answers(app))
    with app.app_context():
        listing_id, number = kept(app)[0].id, kept(app)[0].number
    Browser(app).get(f"/listings/{listing_id}", 404)
    assert number not in visit.get("/listings/").text
    assert visit.client.get("/listings.geojson").get_json()["numberMatched"] == 0
    aoi, sora = Browser(app), Browser(app)
    aoi.sign_in("aoi")
    sora.sign_in("sora")
    assert "所有者からの申込" in aoi.get(f"/staff/listings/{listing_id}").text
    page = aoi.get(f"/staff/listings/{listing_id}/application")
    for text in ("山田太郎", "36坪", "昭和53年", "井戸", "父の家です。"):
        assert text in page.text, text
    sora.get(f"/staff/listings/{listing_id}/application", 404)
    assert number in aoi.get("/staff/").text


def test_the_mails_hold_no_private_word(app: Flask, visit: Browser, people) -> None:
    send(visit, answers(app, name="カナリア名", message="カナリア文", address="カナリア住所"))
    with app.app_context():
        listing, application = kept(app)
        mails = {m.to: m for m in db.session.query(Message)}
        assert set(mails) == {"taro@example.jp", "aoi@example.jp"}
        for mail in mails.values():
            assert application.receipt in mail.subject
            assert "カナリア" not in mail.subject + mail.text
        assert f"/staff/listings/{listing.id}" in mails["aoi@example.jp"].text
        assert "taro@" not in mails["aoi@example.jp"].text


def test_without_a_clerk_the_coordinators_hear_of_it(app: Flask, visit: Browser, people) -> None:
    send(visit, answers(app, municipality_code="43100", email=""))
    with app.app_context():
        assert [m.to for m in db.session.query(Message)] == ["hana@example.jp"]


def test_each_has_a_number_of_its_own(app: Flask, visit: Browser, people) -> None:
    for code in (A, A, B):
        send(visit, answers(app, municipality_code=code))
    with app.app_context():
        first = db.session.query(Listing).filter_by(municipality_code=A).order_by(Listing.id).first()
        # A clerk gives it one of the municipality's numbers; the receipt's number is not used again.
        update(factories.staff(people["aoi"]), first.id, None, {"number": "空き家第9号"})
        second = first.number
    send(visit, answers(app))
    with app.app_context():
        numbers = [a.receipt[-4:] for a in db.session.query(Application).order_by(Application.listing_id)]
        assert numbers == ["0001", "0002", "0001", "0003"]
        assert second == "空き家第9号"


def test_consent_to_the_town_never_publishes_the_exact_point(app: Flask, visit: Browser, people) -> None:
    with app.app_context(), transaction() as session:
        session.get(Municipality, A).blur = Blur.EXACT
    send(visit, answers(app))
    with app.app_context():
        listing = kept(app)[0]
        update(factories.staff(people["aoi"]), listing.id, None, {"true_lon": 131.0432, "true_lat": 32.9512})
        assert db.session.get(Listing, listing.id).precision is Precision.MESH_250


WRONG = [
    ("municipality_code", ""), ("municipality_code", "99999"), ("municipality_code", HOSTILE), ("town", ""), ("town", " \u3000"), ("town", "あ" * 121),
    ("town", "内牧123番地"), ("town", "内牧１２３－４"), ("town", "a\x07b"), ("town", "\u200f\u200e"), ("lot_number", "1" * 121), ("lot_number", "\x1b"), ("wish", ""), ("wish", "give"),
    ("price", "高い"), ("price", "-5"), ("price", "9" * 400), ("price", " " * 100), ("rent", "💴"), ("kind", "castle"), ("structure", HOSTILE), ("built_on", "むかし"),
    ("built_on", "2199年"), ("built_on", "1978-02-30"), ("floor_area", "広い"), ("floor_area", "1e999"), ("land_area", "9" * 14), ("layout", "L" * 21),
    ("vacant_since", "x" * 100), ("repair", "x"), ("belongings", "x"), ("water", "x"), ("gas", "x"), ("drain", "x"), ("toilet", "x"), ("parking", "x"),
    ("name", ""), ("name", "\u200b"), ("name", "あ" * 81), ("name", "山\r\n田"), ("kana", "あ" * 121), ("address", "あ" * 301), ("phone", "abc"),
    ("phone", "12"), ("phone", "1" * 41), ("phone", "+81-96-333-1234;ext=1"), ("email", "taro"), ("email", "a@b,c@example.jp"), ("email", "a b@example.jp"), ("email", "a@example.jp\r\nBcc: b@example.jp"),
    ("email", "x" * 250 + "@example.jp"), ("relation", ""), ("relation", "cat"), ("message", "あ" * 3001), ("message", "\x08"),
    ("consent_register", ""), ("consent_visit", ""), ("consent_publish", ""),
]  # fmt: skip


@pytest.mark.parametrize("prefix", ["", "/en"])
def test_a_wrong_answer_is_named_and_nothing_typed_is_lost(app: Flask, visit: Browser, prefix: str) -> None:
    for field, value in WRONG:
        data = answers(app, **{field: value})
        if field.startswith("consent_"):
            del data[field]
        page = send(visit, data, 400, prefix)
        assert f'href="#{field}"' in page.markup, (field, value, page.text)
        assert "<script>alert" not in page.markup
        for other in {"kana", "message", "name", "floor_area"} - {field}:
            assert str(data.get(other, "")) in page.markup
        summary = page.markup.split('id="error-title"')[1].split("</div>")[0]
        ours = re.sub("“[^”]*”", "", summary).replace("480万円", "")
        assert not prefix or not re.search(r"[\u3040-\u30ff\u4e00-\u9fff]", ours), summary
    with app.app_context():
        assert db.session.query(Listing).count() == 0
        assert db.session.query(Message).count() == 0


@pytest.mark.parametrize("value", [ODD, HOSTILE, "髙﨑"])
def test_odd_characters_are_kept_exactly(app: Flask, visit: Browser, people, value: str) -> None:
    names = ("town", "lot_number", "name", "kana", "address", "message")
    send(visit, answers(app, **{name: value for name in names if not (name == "town" and value == HOSTILE)}))
    with app.app_context():
        listing, application = kept(app)
        assert (application.name, application.kana, application.address, application.message) == (value,) * 4
        assert listing.private.lot_number == value
        listing_id = listing.id
    aoi = Browser(app)
    aoi.sign_in("aoi")
    for page in ("", "/application", "/card", "/owner"):
        assert "<script>alert" not in aoi.get(f"/staff/listings/{listing_id}{page}").markup


def test_a_lot_number_does_not_pass_as_a_town(app: Flask, visit: Browser) -> None:
    for town in ("本町三丁目", "本町3丁目", "第2区", "宮原4条"):
        send(visit, answers(app, town=town))
    for town in ("3-5", "大字宮原１番", "宮原十二番地", "宮原4条5"):
        send(visit, answers(app, town=town), 400)


def test_one_way_to_reach_the_person_is_enough_and_needed(app: Flask, visit: Browser, people) -> None:
    page = send(visit, answers(app, phone="", email=""), 400)
    assert "どちらかを入れてください" in page.text
    send(visit, answers(app, phone=""))
    send(visit, answers(app, email=""))
    send(visit, answers(app, phone="", email="ｔａｒｏ＠example.jp"))
    with app.app_context():
        assert {a.email for a in db.session.query(Application)} == {"taro@example.jp", ""}


def test_programs_are_held_up_and_people_get_through(app: Flask, visit: Browser, people) -> None:
    page = send(visit, answers(app, website="http://spam.example"), 400)
    assert "spam.example" not in page.markup
    fresh = visit.get("/owners/apply").markup
    quick = re.search(r'name="opened"[^>]*value="([^"]+)"', fresh)[1]
    for wrong in (quick, "", "x", quick[:-3]):
        page = send(visit, answers(app, opened=wrong), 400)
        assert "もう一度「送る」を押してください" in page.text
        assert "父の家です。" in page.markup
    with app.app_context():
        assert db.session.query(Listing).count() == 0
    send(visit, answers(app))


def test_a_lost_session_loses_nothing_typed(app: Flask, visit: Browser, people) -> None:
    stranger = app.test_client()
    page = stranger.post("/owners/apply", data=answers(app))
    assert page.status_code == 400
    markup = page.get_data(as_text=True)
    assert "父の家です。" in markup
    token = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', markup)[1]
    assert stranger.post("/owners/apply", data=answers(app, csrf_token=token)).status_code == 303


def test_too_many_are_told_to_wait_and_lose_nothing(tmp_path: Path) -> None:
    limited = create_app(replace(settings(tmp_path), testing=False))
    with limited.app_context():
        upgrade(directory=limited.extensions["migrate"].directory)
        municipalities.ensure_prefecture("熊本県")
    visit = Browser(limited)
    for _ in range(10):
        send(visit, answers(limited))
    page = send(visit, answers(limited), 429)
    assert "1時間ほどたってから" in page.text
    assert "父の家です。" in page.markup
    close(limited)


def files(*sent: tuple[bytes, str]) -> list[tuple[BytesIO, str]]:
    return [(BytesIO(content), name) for content, name in sent]


@pytest.mark.slow
def test_good_photos_are_taken_and_each_bad_one_is_named(app: Flask, visit: Browser, people, tmp_path: Path) -> None:
    good = images.photo(tmp_path / "good.jpg", gps=True).read_bytes()
    bad = [(path.read_bytes(), f"{name}.jpg") for name, path in images.broken(tmp_path).items()]
    large = (good + b"\0" * (25 * 1024 * 1024 - len(good)), "25MB.jpg")
    heic = images.heic(tmp_path / "phone.heic").read_bytes()
    polyglot = good + b"<script>alert(1)</script>%PDF-1.7"
    send(
        visit,
        answers(
            app, photos=files((good, "山田の家.jpg"), *bad[:6], large, (heic, "phone.heic"), (polyglot, "poly.jpg"))
        ),
    )
    page = visit.get("/owners/receipt")
    assert "写真を3枚受け取りました" in page.text
    for name in [*[name for _content, name in bad[:6]], "25MB.jpg"]:
        assert name in page.text, name
    with app.app_context():
        stored = list(db.session.query(Photo))
        assert len(stored) == 3
        storage = app.extensions["akiya_storage"]
        for photo in stored:
            for key in storage.keys(photo.key):
                storage.fetch(key, tmp_path / "out")
                content = (tmp_path / "out").read_bytes()
                assert b"<script>" not in content
                assert b"CanaryCamera" not in content
        assert "山田の家" not in str([e.changes for e in listings.events(kept(app)[0].id)])
    told = "This could not be used as a photo. Only JPEG, PNG, WebP and HEIC photos of up to 20 MB can."
    assert told in told_in_english(app, bad[0]).text


@pytest.mark.parametrize(
    ("prefix", "told", "more"),
    [
        ("", ">10枚まで。JPEG・PNG・WebP・HEIC、1枚20MBまで。外観", "WebP・HEIC・XYZ、1枚20MB"),
        ("/en", ">Up to 10: JPEG, PNG, WebP or HEIC, 20 MB each. The outside", "WebP, HEIC or XYZ, 20 MB"),
    ],
)
def test_the_field_names_the_formats_of_the_table(
    visit: Browser, people, monkeypatch: pytest.MonkeyPatch, prefix: str, told: str, more: str
) -> None:
    page = visit.get(f"{prefix}/owners/apply").markup
    assert told in page
    assert ' accept="image/jpeg,image/png,image/webp,image/heic,image/heif"' in page
    monkeypatch.setattr(formats, "PHOTO", (*formats.PHOTO, MADE_UP))
    page = visit.get(f"{prefix}/owners/apply").markup
    assert more in page
    assert 'image/heif,image/xyz,image/x-xyz"' in page


def told_in_english(app: Flask, bad: tuple[bytes, str]) -> Page:
    visit = Browser(app)
    send(visit, answers(app, photos=files(bad)), prefix="/en")
    page = visit.get("/en/owners/receipt")
    assert not re.search(r"[\u3040-\u30ff]", page.text.replace("日本語", "")), page.text
    return page


def test_an_animation_becomes_one_picture(app: Flask, visit: Browser, people, tmp_path: Path) -> None:
    from PIL import Image

    frames = [Image.new("RGB", (300, 300), colour) for colour in ("red", "blue", "green")]
    frames[0].save(tmp_path / "moving.webp", save_all=True, append_images=frames[1:])
    send(visit, answers(app, photos=files(((tmp_path / "moving.webp").read_bytes(), "moving.webp"))))
    with app.app_context():
        assert db.session.query(Photo).count() == 1


def test_photos_of_a_refused_form_are_asked_for_again(app: Flask, visit: Browser, tmp_path: Path) -> None:
    good = images.photo(tmp_path / "good.jpg").read_bytes()
    page = send(visit, answers(app, name="", photos=files((good, "a.jpg"))), 400)
    assert "写真は、お手数ですがもう一度選んでください" in page.text
    page = send(visit, answers(app, photos=files(*[(good, f"{n}.jpg") for n in range(11)])), 400)
    assert "写真は10枚までです" in page.text
    with app.app_context():
        assert db.session.query(Photo).count() == 0


def test_pages_are_kept_nowhere_and_the_receipt_is_ones_own(app: Flask, visit: Browser, people) -> None:
    send(visit, answers(app))
    for path in ("/owners/apply", "/owners/receipt", "/en/owners/apply"):
        assert visit.client.get(path).headers["Cache-Control"] == "no-store"
    page = Browser(app).get("/owners/receipt", 404)
    assert "2時間ほど" in page.text


def test_a_municipality_links_to_its_own_form(visit: Browser, app: Flask) -> None:
    assert f"/owners/apply?municipality={A}" in visit.get(f"/municipalities/{A}").links
    assert f"/en/owners/apply?municipality={A}" in visit.get(f"/en/municipalities/{A}").links
    assert "/owners/apply" in visit.get("/").links
    paper = visit.get(f"/owners/apply/print?municipality={A}")
    assert "阿蘇市" in paper.text
    assert "To Aso City" in visit.get(f"/en/owners/apply/print?municipality={A}").text
    visit.get("/owners/apply/print?municipality=zzz")
    assert not re.search(
        r"[\u3040-\u30ff]", visit.get("/en/owners/apply").text.replace("鹿本町来民", "").replace("日本語", "")
    )


def test_a_municipality_that_has_not_joined_takes_none(app: Flask, visit: Browser, people) -> None:
    with app.app_context(), transaction() as session:
        session.get(Municipality, B).joined = False
    send(visit, answers(app, municipality_code=B), 400)
    assert B not in re.findall(r'<option[^>]*value="(\d+)"', visit.get("/owners/apply").markup)


def test_nothing_is_half_received(app: Flask, visit: Browser, people, monkeypatch) -> None:
    monkeypatch.setattr(applications, "_write", lambda *given: 1 / 0)
    with app.app_context():
        with pytest.raises(ZeroDivisionError):
            applications.receive(A, {"town": "内牧"}, "", {"name": "山田", "kana": "", "address": "", "phone": "1", "email": "", "message": "", "relation": applications.Applicant.OWNER}, {}, language="ja", address="")  # fmt: skip
        assert db.session.query(Listing).count() == 0
        assert db.session.query(Application).count() == 0
