"""The listing form: what it accepts, what it shows, and that it loses nothing."""

import re

import pytest
from flask import Flask

from akiya.accounts import drafts
from akiya.db import db, transaction
from akiya.listings import service
from akiya.listings.enums import Status
from akiya.listings.fields import FIELDS, FieldType
from akiya.listings.models import Listing
from akiya.municipalities.models import Municipality
from tests import factories
from tests.factories import A
from tests.pages.browser import Browser
from tests.pages.staff.listings.form import FORM, NEW, assist, made, value_of

# ── every field ──


def test_every_field_says_what_it_means_where_it_is_found_and_who_sees_it(aoi: Browser) -> None:
    page = aoi.get(NEW)
    for field in FIELDS:
        assert field.help, field.name
        assert field.where, field.name
        block = re.search(
            rf'<label[^>]*(?:for="{field.name}"|class="check"><input[^>]*id="{field.name}").*?</p>', page.markup, re.S
        )
        assert block, field.name
        assert (">非公開<" if field.private else ">公開<") in block[0], field.name
        assert f"調べ方：{field.where}" in block[0], field.name


EXOTIC = "👪🏽𠮷\u202eあ\u2069<b>&amp;\"'"
TEXTS = [field for field in FIELDS if field.type in (FieldType.TEXT, FieldType.LONG)]
READ = [field for field in FIELDS if field.type not in (FieldType.TEXT, FieldType.LONG)]


def bad_inputs() -> list[tuple[str, str]]:
    """Return (field, value) pairs that must be refused, for every field of the table."""
    cases = []
    for field in FIELDS:
        if field.type in (FieldType.TEXT, FieldType.LONG):
            cases += [
                (field.name, "あ" * ((field.limit or 5000) + 1)),
                (field.name, "前\x07後"),
                (field.name, "前\uffff後"),
            ]
        elif field.name not in ("is_sale", "is_rent"):
            cases += [(field.name, value) for value in ("城", EXOTIC, "\x07", "9" * 400)]
            if field.type not in (FieldType.CHOICE, FieldType.FLAG, FieldType.DATE):
                cases += [(field.name, "9" * 15), (field.name, "12.3.4")]
            if field.type is FieldType.DATE:
                cases += [(field.name, "昭和53年13月"), (field.name, "9999年")]
    return [*cases, ("number", ""), ("number", " 　"), ("kind", "")]


@pytest.mark.slow
def test_every_field_refuses_what_it_cannot_hold_with_its_name_the_value_and_a_remedy(migrated: Flask) -> None:
    from akiya.pages.staff.listings.fields import ListingForm

    for name, value in bad_inputs():
        with migrated.test_request_context(NEW, method="POST", data={**FORM, name: value}):
            form = ListingForm(meta={"csrf": False})
            assert not form.validate(), (name, value)
            message = form.error_messages()[name]
            assert "。" in message, (name, message)
            if value.strip():
                assert "「" in message, (name, message)
            # The form shows again what was typed.
            assert value.strip()[:100] in str(form[name]._value() if hasattr(form[name], "_value") else value)


@pytest.mark.parametrize("kind", ["texts", "others"])
def test_what_every_field_refuses_is_shown_at_the_field(aoi: Browser, app: Flask, kind: str) -> None:
    fields = TEXTS if kind == "texts" else [field for field in READ if field.name not in ("is_sale", "is_rent")]
    values = {field.name: "\x07" + EXOTIC for field in fields}
    page = aoi.post(NEW, {**FORM, **values}, 400)
    for field in fields:
        assert f'href="#{field.name}"' in page.markup, field.name
        assert f'id="{field.name}-error"' in page.markup, field.name
    with app.app_context():
        assert db.session.query(Listing).count() == 0


def test_every_text_is_kept_and_shown_exactly(aoi: Browser, app: Flask) -> None:
    typed = {field.name: (EXOTIC * 9)[: field.limit or 5000][:19] + "𠮷" for field in TEXTS}
    aoi.post(NEW, {**FORM, **typed})
    stored = made(app, typed["number"])
    assert {name: stored[name] for name in typed} == typed
    page = aoi.get(f"/staff/listings/{stored['id']}/edit")
    assert page.markup.count("👪🏽𠮷\u202eあ\u2069&lt;b&gt;") >= len(typed)
    aoi.get(f"/staff/listings/{stored['id']}")


def test_every_other_field_may_be_left_out(aoi: Browser, app: Flask) -> None:
    aoi.post(
        NEW,
        {
            "number": "1",
            "kind": "house",
            **{field.name: "" for field in READ if field.name not in ("kind", "is_sale", "is_rent")},
        },
    )
    assert made(app, "1")["price"] is None


# ── what was understood ──


def test_units_are_shown_converted_after_an_error_and_on_opening_again(aoi: Browser, app: Flask) -> None:
    typed = {
        **FORM,
        "floor_area": "36坪",
        "built_on": "S53",
        "station_m": "徒歩8分",
        "farmland_area": "5畝",
        "rent": "高い",
        "vacant_since": "平成31年4月",
    }
    page = aoi.post(NEW, typed, 400)
    shown = ("480万円", "119.01m²（36坪）", "1978年（昭和53年）", "640m（徒歩8分）", "2019年（平成31年）4月")
    for text in shown:
        assert text in page.text
    aoi.post(NEW, {**typed, "rent": "4万5千円"})
    page = aoi.get(f"/staff/listings/{made(app)['id']}/edit")
    for text in (*shown[:4], "4.5万円"):
        assert text in page.text


def test_opening_and_saving_changes_nothing(aoi: Browser, app: Flask) -> None:
    exact = {"true_lat": "32.9701234567", "true_lon": "131.0402345678", "land_area": "12345.67", "price": "4801234"}
    aoi.post(NEW, {**FORM, **exact, "appeal": "一\r\n二"})
    before = made(app)
    edit = f"/staff/listings/{before['id']}/edit"
    page = aoi.get(edit)
    again = {name: value_of(page, name) for name in (*exact, "version", "seen", "town", "title", "number")}
    assert {name: again[name] for name in exact} == exact
    aoi.post(edit, {**FORM, **again, "appeal": "一\r\n二"})
    assert made(app) == before
    assert "変更 " not in aoi.get(f"/staff/listings/{before['id']}").text


# ── what a municipality requires ──


def require(app: Flask, names: str) -> None:
    with app.app_context(), transaction() as session:
        session.get(Municipality, A).required = names


def test_a_municipality_requires_more(aoi: Browser, app: Flask, home: int) -> None:
    require(app, "floor_area,owner_name,layout,nonsense")
    aoi.post(NEW, FORM)
    listing_id = made(app)["id"]
    page = aoi.get(f"/staff/listings/{listing_id}")
    for name in ("floor_area", "owner_name", "layout"):
        assert f"/staff/listings/{listing_id}/edit#{name}" in page.links
    form = aoi.get(f"/staff/listings/{listing_id}/edit")
    assert "#owner_name" in form.links
    assert 'form-private" open' in form.markup
    assert "延床面積" in aoi.post(f"/staff/listings/{listing_id}/status", {"to": "open"}, 400).text
    with app.app_context():
        land = service.create(
            factories.staff(factories.account("aoi")),
            A,
            {"number": "土地1", "kind": "land", "is_sale": True, "price": 1, "town": "内牧"},
        )
        assert set(service.missing_to_publish(land)) == {"owner_name"}


def test_a_published_home_may_lack_it_but_not_lose_it(aoi: Browser, app: Flask, home: int) -> None:
    require(app, "floor_area,layout")
    edit = f"/staff/listings/{home}/edit"
    aoi.post(edit, {**FORM, "version": "2", "floor_area": "100", "title": "直した"})
    refused = aoi.post(edit, {**FORM, "version": "3", "floor_area": ""}, 400)
    assert "公開中の物件から次の項目は消せません" in refused.text or "延床面積" in refused.text
    assert 'href="#floor_area"' in refused.markup


# ── copies, drafts, the script's answers ──


def test_a_copy_brings_what_is_public_and_nothing_else(aoi: Browser, app: Flask, people) -> None:
    private = {
        "lot_number": "秘密1-2",
        "owner_name": "持主 太郎",
        "notes": "秘密の覚え",
        "true_lon": 131.04,
        "true_lat": 32.97,
    }
    with app.app_context():
        home = factories.listing(
            people["aoi"], title="阿蘇の平屋", layout="5DK", straight_line="park_m", park_m=50, **private
        )
    page = aoi.get(f"/staff/listings/{home}/copy")
    assert (value_of(page, "title"), value_of(page, "layout"), value_of(page, "number")) == ("阿蘇の平屋", "5DK", "")
    assert not [text for text in ("秘密", "持主", "131.04") if text in page.markup]
    assert f'action="{NEW}"' in page.markup
    assert f"/staff/listings/{home}/copy" in aoi.get(f"/staff/listings/{home}").links


def test_the_script_is_answered_and_the_draft_kept(aoi: Browser, app: Flask) -> None:
    answer = assist(aoi, NEW, {**FORM, "number": "", "floor_area": "36坪", "rent": "高い", "garden": "yes"})
    assert re.fullmatch(r"\d\d:\d\d に下書きを保存しました", answer["saved"])
    assert answer["read"]["floor_area"] == "119.01m²（36坪）"
    assert list(answer["errors"]) == ["rent"]
    assert "縁側の家" in answer["preview"]
    assert "picto-yes" in answer["preview"]
    with app.app_context():
        assert db.session.query(Listing).count() == 0
    page = aoi.get(NEW)
    assert "保存していない入力が残っています" in page.text
    assert value_of(page, "title") == ""
    page = aoi.get(f"{NEW}?draft=1")
    assert (value_of(page, "title"), value_of(page, "rent"), value_of(page, "floor_area")) == (
        "縁側の家",
        "高い",
        "36坪",
    )
    other = {**FORM, "number": "空き家第10号", "draft": "waiting"}
    assert "前の下書きが残っています" in assist(aoi, NEW, other)["saved"]
    assert "保存していない入力が残っています" in aoi.post(NEW, {**other, "price": "高い"}, 400).text
    aoi.post(NEW, other)
    assert value_of(aoi.get(f"{NEW}?draft=1"), "floor_area") == "36坪"
    aoi.post(NEW, {"draft": "discard"})
    assert "保存していない入力" not in aoi.get(NEW).text
    assist(aoi, NEW, FORM)
    aoi.post(NEW, FORM)
    assert "保存していない入力" not in aoi.get(NEW).text


def test_a_draft_belongs_to_one_account_and_a_page_it_may_edit(aoi: Browser, app: Flask, people, home: int) -> None:
    edit = f"/staff/listings/{home}/edit"
    assist(aoi, f"/staff/listings/{home}", {**FORM, "title": "わたしの下書き"})
    for who, status in (("sora", 404), ("ren", 403), ("hana", 200)):
        other = Browser(app)
        other.sign_in(who)
        page = other.get(f"{edit}?draft=1", status)
        assert "わたしの下書き" not in page.markup
        assert (
            other.client.post(f"/staff/listings/{home}/assist", data={"csrf_token": other.token(), **FORM}).status_code
            == status
        )
    assert "わたしの下書き" in aoi.get(f"{edit}?draft=1").markup
    with app.app_context():
        assert drafts.read(factories.staff(people["sora"]), edit) is None


def test_the_script_is_answered_whatever_it_sends(aoi: Browser) -> None:
    for values in (
        {},
        {"true_lat": "95"},
        {"true_lat": "32", "true_lon": "200"},
        {"blur": "exact"},
        {"appeal": "あ" * 300_000},
        {"seen": "x"},
    ):
        assist(aoi, NEW, values)
    assert "長すぎて" in assist(aoi, NEW, {"appeal": "あ" * 300_000})["saved"]
    assert assist(aoi, NEW, {"true_lat": "95"})["errors"]["true_lat"].startswith("緯度と経度は両方")


def test_a_coordinator_sees_the_preview_once_the_municipality_is_chosen(visit: Browser, app: Flask, people) -> None:
    visit.sign_in("hana")
    assert "市町村を選ぶと" in visit.get(NEW).text
    assert "阿蘇市" in assist(visit, NEW, {**FORM, "municipality_code": A})["preview"]


def test_status_is_said_only_of_drafts(aoi: Browser, app: Flask, people) -> None:
    with app.app_context():
        draft = factories.listing(people["aoi"], status=Status.DRAFT, price=None)
    assert "売買価格（決まって" in aoi.get(f"/staff/listings/{draft}/edit").text
