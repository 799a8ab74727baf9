"""The staff's pages about a listing's life: moves, history, closing, the list of open tasks."""

from datetime import date, timedelta

import pytest
from flask import Flask

from akiya.db import db, transaction
from akiya.listings import lifecycle, search, service
from akiya.listings.enums import Status
from akiya.listings.events import EventKind
from akiya.listings.models import Closing, Listing
from akiya.municipalities.enums import Approval
from akiya.municipalities.models import Municipality
from tests import factories
from tests.pages.browser import Browser


@pytest.fixture
def home(app: Flask, people: dict[str, int]) -> int:
    with app.app_context():
        return factories.listing(people["aoi"], title="阿蘇の平屋", owner_name="持主 太郎")


@pytest.fixture
def aoi(app: Flask, home: int) -> Browser:
    visit = Browser(app)
    visit.sign_in("aoi")
    return visit


def stored(app: Flask, listing_id: int) -> Listing:
    db.session.rollback()
    return db.session.get(Listing, listing_id)


def change(app: Flask, listing_id: int, **values: object) -> None:
    with app.app_context(), transaction() as session:
        for name, value in values.items():
            setattr(session.get(Listing, listing_id), name, value)


def test_a_move_asks_for_what_it_needs(aoi: Browser, app: Flask, home: int) -> None:
    path = f"/staff/listings/{home}/status"
    assert f"{path}?to=negotiating" in aoi.get(f"/staff/listings/{home}").markup
    assert "商談中にする" in aoi.get(path).text
    assert "いつから" in aoi.get(f"{path}?to=negotiating").text
    assert "進められる先" not in aoi.get(f"{path}?to=nonsense").text
    for typed, message in (("きのう", "年月日として"), ("2199-01-01", "先の日付"), ("2001-01-01", "公開した日")):
        page = aoi.post(path, {"to": "negotiating", "since": typed}, 400)
        assert message in page.text
        assert f'value="{typed}"' in page.markup
        assert 'href="#since"' in page.markup
    aoi.post(path, {"to": "negotiating", "since": ""})
    with app.app_context():
        assert stored(app, home).negotiating_since == service.today()


def test_a_reason_that_is_too_long_or_lacks_is_said_and_kept(aoi: Browser, app: Flask, home: int) -> None:
    with app.app_context():
        draft = factories.listing(factories.account("aoi"), number="下1", status=Status.DRAFT)
    path = f"/staff/listings/{draft}/status"
    assert "必須" in aoi.get(f"{path}?to=rejected").text
    assert "理由を書いてください" in aoi.post(path, {"to": "rejected", "reason": "　"}, 400).text
    page = aoi.post(path, {"to": "rejected", "reason": "長" * 1001}, 400)
    assert "1,000文字まで" in page.text
    assert "長" * 1001 in page.text
    aoi.post(path, {"to": "rejected", "reason": "<b>𠮷野</b> \u202e家"})
    page = aoi.get(f"/staff/listings/{draft}")
    assert "理由：<b>𠮷野</b> \u202e家" in page.text
    assert "不登録" in page.text


def test_who_may_not_approve_sees_no_button(aoi: Browser, app: Flask, home: int) -> None:
    with app.app_context():
        with transaction() as session:
            session.get(Municipality, factories.A).approval = Approval.SECOND
        draft = factories.listing(factories.account("aoi"), number="下1", status=Status.DRAFT)
        lifecycle.move(factories.staff(factories.account("aoi")), draft, Status.SUBMITTED)
    page = aoi.get(f"/staff/listings/{draft}")
    assert "承認する" not in page.text
    assert "申請した人とは別の担当者" in page.text
    aoi.post(f"/staff/listings/{draft}/status", {"to": "approved"}, 403)
    hana = Browser(app)
    hana.sign_in("hana")
    assert "承認する" in hana.get(f"/staff/listings/{draft}").text
    hana.post(f"/staff/listings/{draft}/status", {"to": "approved"})
    aoi.post(f"/staff/listings/{draft}/status", {"to": "open"})


def test_the_history_is_whole_and_an_earlier_text_is_put_back(aoi: Browser, app: Flask, home: int) -> None:
    with app.app_context():
        staff = factories.staff(factories.account("aoi"))
        service.update(
            staff, home, None, {"appeal": "一つめ\n二行め", "price": 1_000_000, "built_on": date(1978, 6, 1)}
        )
        for n in range(55):
            service.update(
                factories.staff(factories.account("aoi")), home, None, {"appeal": f"紹介{n}", "owner_name": f"名前{n}"}
            )
        events = search.events(home, 200)
        first = next(
            e
            for e in reversed(events)
            if e.action == EventKind.CHANGED and e.changes.get("appeal", [""])[0] == "一つめ\n二行め"
        )
        price = next(e for e in events if "price" in e.changes and e.action == EventKind.CHANGED)
    page = aoi.get(f"/staff/listings/{home}/history")
    assert f"全部で{len(events)}件" in page.text
    assert "紹介53 → 紹介54" in page.text
    assert "一つめ" in aoi.get(f"/staff/listings/{home}/history?page=2").text
    restore = f"/staff/history/{first.id}/appeal"
    shown = aoi.get(restore)
    assert "一つめ\n二行め" in shown.text
    assert "紹介54" in shown.text
    with app.app_context():
        version = stored(app, home).version
    conflict = aoi.post(restore, {"version": str(version - 1)}, 400)
    assert "別の人がこの物件を変更" in conflict.text
    aoi.post(restore, {"version": str(version)})
    aoi.post(f"/staff/history/{price.id}/price", {"version": str(version + 1)})
    aoi.post(f"/staff/history/{first.id}/owner_name", {"version": str(version + 2)})
    aoi.post(f"/staff/history/{price.id}/built_on", {"version": str(version + 3)})
    with app.app_context():
        now = stored(app, home)
        assert (now.appeal, now.price, now.private.owner_name, now.built_on) == (
            "一つめ\n二行め",
            4_800_000,
            "持主 太郎",
            None,
        )
        assert search.events(home)[0].changes["built_on"] == ["1978-06-01", None]


def test_only_a_field_that_was_changed_is_put_back(aoi: Browser, app: Flask, home: int, people) -> None:
    with app.app_context():
        created = search.events(home)[-1].id
        other = factories.listing(people["sora"], factories.B, number="2")
        service.update(factories.staff(people["sora"]), other, None, {"title": "よその見出し"})
        foreign = search.events(other)[0].id
        service.update(factories.staff(people["aoi"]), home, None, {"number": "家-24"})
        number = search.events(home)[0].id
        factories.listing(people["aoi"], number="空き家第1号")
    for path in (
        f"{created}/price",
        f"{created}/id",
        f"{number}/version",
        f"{number}/price",
        f"{foreign}/title",
        "999999/title",
    ):
        aoi.get(f"/staff/history/{path}", 404)
        aoi.post(f"/staff/history/{path}", status=404)
    assert "登録済み" in aoi.post(f"/staff/history/{number}/number", status=400).text


def test_a_contract_is_told_in_a_minute_and_completed_later(aoi: Browser, app: Flask, home: int) -> None:
    path = f"/staff/listings/{home}/close"
    aoi.post(path, {"outcome": "contracted"})
    page = aoi.get("/staff/closings")
    assert "使い方、入居する人数、年代、うち18歳未満、前の住所、補助金の利用" in page.text
    assert "終了の記録の不足 1" in aoi.get("/staff/").text
    told = {
        "outcome": "contracted",
        "use": "home",
        "household_size": "1",
        "ages": "30代",
        "previous_prefecture": "海外",
        "subsidy_used": "no",
    }
    aoi.post(path, told)
    assert "すべて書かれています" in aoi.get("/staff/closings").text
    with app.app_context():
        closing = db.session.get(Closing, home)
        assert (closing.household_size, closing.children, closing.previous_prefecture) == (1, None, "海外")
        assert [e.action for e in search.events(home)][:2] == [EventKind.COMPLETED, EventKind.MOVED]
    assert '<option selected value="海外">' in aoi.get(path).markup


def test_a_shop_is_not_asked_who_lives_in_it_and_an_end_by_time_nothing(aoi: Browser, app: Flask, home: int) -> None:
    told = {"outcome": "contracted", "use": "business", "previous_prefecture": "福岡県", "subsidy_used": "yes"}
    aoi.post(f"/staff/listings/{home}/close", told)
    assert "すべて書かれています" in aoi.get("/staff/closings").text
    aoi.post(f"/staff/listings/{home}/close", {"outcome": "expired"})
    assert "すべて書かれています" in aoi.get("/staff/closings").text


@pytest.mark.parametrize(
    ("name", "value", "message"),
    [("outcome", "", "終わり方を選んで"), ("outcome", "draft", ""), ("closed_on", "2199-1-1", "先の日付"), ("closed_on", "いつか", "年月日として"),
     ("household_size", "多数", "「多数」は数として"), ("household_size", "0", "範囲の外"), ("household_size", "9" * 30, "数として"),
     ("children", "-1", "数として"), ("children", "3", "入居する人数（2人）より多く"), ("agreed_amount", "高い", "「高い」は金額"),
     ("ages", "あ" * 81, "80文字まで"), ("previous_prefecture", "東京", ""), ("use", "party", ""), ("subsidy_used", "maybe", "選択肢から")],
)  # fmt: skip
def test_each_wrong_answer_is_named_and_nothing_is_lost(
    aoi: Browser, app: Flask, home: int, name: str, value: str, message: str
) -> None:
    told = {"outcome": "contracted", "household_size": "2", "ages": "40代", "reason": "書きかけ𠮷", name: value}
    page = aoi.post(f"/staff/listings/{home}/close", told, 400)
    assert f'href="#{name}"' in page.markup
    assert message in page.text
    assert "書きかけ𠮷" in page.text
    with app.app_context():
        assert stored(app, home).status is Status.OPEN


def test_a_withdrawal_says_why(aoi: Browser, app: Flask, home: int) -> None:
    path = f"/staff/listings/{home}/close"
    assert 'href="#reason"' in aoi.post(path, {"outcome": "withdrawn"}, 400).markup
    aoi.post(path, {"outcome": "withdrawn", "reason": "親族が住むことに"})
    assert "親族が住むことに" in aoi.get(f"/staff/listings/{home}").text
    assert "募集中に戻す" in aoi.get(f"/staff/listings/{home}/status?to=open").text
    aoi.post(f"/staff/listings/{home}/status", {"to": "open", "reason": ""})


def test_the_list_says_what_is_to_be_done_and_confirms_in_place(aoi: Browser, app: Flask, home: int, people) -> None:
    with app.app_context():
        today = service.today()
        older = factories.listing(people["aoi"], number="古い家")
        factories.listing(people["aoi"], number="新しい家")
        service.create(factories.staff(people["aoi"]), factories.A, {"number": "書きかけの家"})
    change(app, home, review_due_on=today - timedelta(days=3), in_charge_id=people["aoi"])
    change(app, older, review_due_on=today - timedelta(days=30))
    page = aoi.get("/staff/?need=review")
    assert page.text.index("古い家") < page.text.index("空き家第1号")
    assert "新しい家" not in page.text
    assert "（3日前）" in page.text
    assert "確認が必要 2" in page.text
    for need in ("missing", "draft"):
        found = aoi.get(f"/staff/?need={need}").text
        assert "書きかけの家" in found
        assert "古い家" not in found
    back = aoi.client.post(
        f"/staff/listings/{older}/confirm", data={"csrf_token": aoi.token(), "next": "/staff/?need=review"}
    )
    assert (back.status_code, back.location) == (303, "/staff/?need=review")
    away = aoi.client.post(
        f"/staff/listings/{home}/confirm", data={"csrf_token": aoi.token(), "next": "//evil.example/"}
    )
    assert away.location == f"/staff/listings/{home}"
    assert "確認が必要 " not in aoi.get("/staff/").text


def test_a_reader_sees_the_list_without_buttons(app: Flask, home: int) -> None:
    change(app, home, review_due_on=date(2020, 1, 1))
    ren = Browser(app)
    ren.sign_in("ren")
    page = ren.get("/staff/?need=review")
    assert "空き家第1号" in page.text
    assert "今も募集中" not in page.markup
    assert "前の内容に戻す</a>" not in ren.get(f"/staff/listings/{home}/history").markup


def test_validity_is_extended_from_the_page(aoi: Browser, app: Flask, home: int) -> None:
    assert "延ばす" not in aoi.get(f"/staff/listings/{home}").text
    aoi.post(f"/staff/listings/{home}/extend", status=400)
    change(app, home, valid_until=service.today() + timedelta(days=7))
    assert "有効期限を24か月延ばす" in aoi.get(f"/staff/listings/{home}").text
    aoi.post(f"/staff/listings/{home}/extend")
    with app.app_context():
        assert stored(app, home).valid_until == lifecycle.in_months(service.today() + timedelta(days=7), 24)
