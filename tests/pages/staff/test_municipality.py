"""A municipality's settings: for its own staff and for coordinators; wrong values named, concurrent changes shown."""

import re
from typing import Any

import pytest
from flask import Flask

from akiya.db import db
from akiya.errors import Invalid, NotAllowed, NotFound
from akiya.listings.models import Listing
from akiya.listings.service import missing_to_publish
from akiya.membership import settings as listing_settings
from akiya.municipalities import settings
from akiya.municipalities.enums import Approval, Blur
from akiya.municipalities.models import Agent, Municipality
from tests import factories
from tests.factories import A, B
from tests.pages.browser import Browser

OWN = "/staff/municipality"
FORM = {
    "contact": "まちづくり課\r\n0967-00-0000", "text": "阿蘇の北の町です。🏔𠮷", "url": "https://example.jp/akiya",
    "hazard_map_url": "https://example.jp/map?a=1", "tags": ["settle", "trial_stay"], "steps": ["approved", "submitted"],
    "approval": "second", "valid_months": "３６", "confirm_days": "90", "required": ["water", "floor_area"], "blur": "mesh500",
    "agents-0-name": "阿蘇不動産", "agents-0-licence": "熊本県知事(1)第1号", "agents-0-phone": "0967-11-1111",
    "agents-1-name": "", "agents-1-licence": "", "agents-1-phone": "",
}  # fmt: skip


def seen(visit: Browser, path: str = OWN) -> str:
    found = re.search(r'name="seen"[^>]*value="(\w+)"', visit.get(path).markup)
    assert found
    return found[1]


def save(visit: Browser, values: dict[str, Any], status: int = 303, path: str = OWN) -> Any:
    return visit.post(path, {"seen": seen(visit, path), **FORM, **values}, status)


def test_everything_is_kept_and_used(visit: Browser, app: Flask, people) -> None:
    with app.app_context():
        home = factories.listing(people["aoi"], true_lon=131.1, true_lat=32.95)
        before = db.session.get(Listing, home).precision
    visit.sign_in("aoi")
    save(visit, {})
    with app.app_context():
        found = db.session.get(Municipality, A)
        assert (found.contact, found.text) == ("まちづくり課\n0967-00-0000", "阿蘇の北の町です。🏔𠮷")
        assert (found.tags, found.steps, found.required) == (
            "settle,trial_stay",
            "submitted,approved",
            "floor_area,water",
        )
        assert (found.approval, found.valid_months, found.confirm_days) == (Approval.SECOND, 36, 90)
        assert (found.blur, found.joined, found.url) == (Blur.MESH_500, True, "https://example.jp/akiya")
        (agent,) = settings.agents(A)
        assert (agent.name, agent.licence, agent.phone) == ("阿蘇不動産", "熊本県知事(1)第1号", "0967-11-1111")
        listing = db.session.get(Listing, home)
        assert (str(before), str(listing.precision)) == ("mesh250", "mesh500")
        assert set(missing_to_publish(listing)) == {"floor_area", "water"}
        assert db.session.get(Municipality, B).contact == ""
    page = visit.get(OWN)
    assert "1件の物件の位置を計算し直しました" in page.text
    assert page.markup.count(" checked") == 6
    assert "阿蘇の北の町です。🏔𠮷" in visit.get(f"/municipalities/{A}").text


def test_agents_are_added_changed_and_removed(visit: Browser, app: Flask, people) -> None:
    visit.sign_in("aoi")
    save(visit, {"agents-1-name": "外輪山ホーム"})
    with app.app_context():
        first, second = settings.agents(A)
        ids = {"agents-0-id": first.id, "agents-1-id": second.id}
    save(visit, {**ids, "agents-0-remove": "y", "agents-1-name": "外輪山ホーム<b>", "agents-1-phone": "0967-22-2222"})
    with app.app_context():
        (left,) = settings.agents(A)
        assert (left.id, left.name, left.phone) == (ids["agents-1-id"], "外輪山ホーム<b>", "0967-22-2222")
    assert "外輪山ホーム&lt;b&gt;" in visit.get(OWN).markup
    page = save(visit, {"agents-0-id": ids["agents-1-id"], "agents-0-name": ""}, 400)
    assert "名前が空欄です" in page.text
    assert 'value="熊本県知事(1)第1号"' in page.markup


def test_an_agent_of_another_municipality_is_out_of_reach(visit: Browser, app: Flask, people) -> None:
    with app.app_context():
        db.session.add(Agent(municipality_code=B, name="八代不動産"))
        db.session.commit()
        foreign = settings.agents(B)[0].id
    visit.sign_in("aoi")
    page = save(visit, {"agents-0-id": foreign, "agents-0-remove": "y"}, 400)
    assert "画面を開き直してください" in page.text
    with app.app_context():
        assert [agent.name for agent in settings.agents(B)] == ["八代不動産"]
        assert settings.agents(A) == []


@pytest.mark.parametrize(
    ("name", "value", "message"),
    [
        ("url", "example.jp", "「example.jp」はウェブの住所として読めません"),
        ("url", "javascript:alert(1)", "読めません"),
        ("hazard_map_url", "https://user@evil.example/", "読めません"),
        ("hazard_map_url", "https://[", "読めません"),
        ("hazard_map_url", "https://example.jp/\u202emap", "読めません"),
        ("url", "https://example.jp/" + "a" * 300, "300文字まで"),
        ("valid_months", "", "空欄です"),
        ("valid_months", "121", "「121」は範囲の外です。1〜120"),
        ("valid_months", "0", "範囲の外です"),
        ("confirm_days", "6", "「6」は範囲の外です。7〜365"),
        ("confirm_days", "毎月", "「毎月」は数として読めません"),
        ("approval", "mayor", "「mayor」という選択肢はありません"),
        ("blur", "near", "「near」という選択肢はありません"),
        ("tags", ["castle"], "「castle」という選択肢はありません"),
        ("steps", ["open"], "「open」という選択肢はありません"),
        ("required", ["owner_name"], "「owner_name」という選択肢はありません"),
        ("contact", "あ" * 2001, "2000文字まで"),
        ("text", "鐘\x07の音", "使えない文字（U+0007）"),
        ("agents-0-name", "x" * 121, "120文字まで"),
        ("agents-0-id", "9" * 30, "画面を開き直して"),
    ],
)
def test_a_wrong_value_is_named_and_nothing_is_saved(
    visit: Browser, app: Flask, people, name: str, value: Any, message: str
) -> None:
    visit.sign_in("aoi")
    page = save(visit, {name: value}, 400)
    assert message in page.text
    assert "阿蘇の北の町です。🏔𠮷" in page.text or name == "text"
    with app.app_context():
        found = db.session.get(Municipality, A)
        assert (found.contact, found.tags, found.valid_months, settings.agents(A)) == ("", "", 24, [])


def test_two_people_are_told_of_each_other(visit: Browser, app: Flask, people) -> None:
    visit.sign_in("aoi")
    old = seen(visit)
    other = Browser(app)
    other.sign_in("hana")
    save(
        other,
        {"confirm_days": "30", "tags": ["online"], "approval": "prefecture"},
        path=f"/prefecture/municipalities/{A}",
    )
    page = visit.post(OWN, {"seen": old, **FORM}, 409)
    assert "別の人が設定を変更しました" in page.text
    assert "今の設定：30" in page.text
    assert "あなたの入力：90" in page.text
    assert "今の設定：オンラインで相談" in page.text
    assert "今の設定：県の担当者が承認する" in page.text
    with app.app_context():
        assert db.session.get(Municipality, A).confirm_days == 30
    again = re.search(r'name="seen"[^>]*value="(\w+)"', page.markup)
    assert again
    with app.app_context():
        agents = {f"agents-{n}-id": agent.id for n, agent in enumerate(settings.agents(A))}
    visit.post(OWN, {**FORM, **agents, "seen": again[1]})
    with app.app_context():
        assert db.session.get(Municipality, A).confirm_days == 90
    assert visit.post(OWN, {**FORM, "seen": ""}, 409)


def test_coordinators_choose_from_all(visit: Browser, app: Flask, people) -> None:
    visit.sign_in("hana")
    page = visit.get("/prefecture/municipalities")
    assert f"/prefecture/municipalities/{B}" in page.links
    assert len([link for link in page.links if re.fullmatch("/prefecture/municipalities/[0-9]+", link)]) == 45
    assert visit.client.get(OWN).location == "/prefecture/municipalities"
    save(visit, {"joined": ""}, path=f"/prefecture/municipalities/{B}")
    with app.app_context():
        found = db.session.get(Municipality, B)
        assert (found.steps, found.joined) == ("submitted,approved", True)  # leaving is not a setting
    visit.get("/prefecture/municipalities/99999", 404)
    visit.post("/prefecture/municipalities/99999", FORM, 404)
    visit.post(OWN, FORM, 404)


def test_who_only_reads_looks_and_nobody_reaches_a_neighbour(visit: Browser, app: Flask, people) -> None:
    visit.sign_in("ren")
    page = visit.get(OWN)
    assert "閲覧のみのアカウントでは変更できません" in page.text
    assert 'type="submit">保存する' not in page.markup
    visit.post(OWN, FORM, 403)
    with app.app_context():
        with pytest.raises(NotAllowed):
            listing_settings.change(factories.staff(people["ren"]), A, {"text": "x"}, [], "")
        with pytest.raises(NotFound):
            listing_settings.change(factories.staff(people["sora"]), A, {"text": "x"}, [], "")
        assert db.session.get(Municipality, A).text == ""
    visit.get(f"/prefecture/municipalities/{A}", 403)


def test_the_shell_and_the_page_refuse_alike(app: Flask) -> None:
    with app.app_context():
        for wrong in ({"url": "ftp://x"}, {"valid_months": 0}, {"approval": "mayor"}, {"tags": "castle"}):
            with pytest.raises(Invalid) as refused:
                settings.change(A, wrong)
            assert set(refused.value.errors) == set(wrong)
