"""Municipalities join and leave on the coordinators' pages; what the public sees of them."""

from datetime import timedelta

import pytest
from flask import Flask

from akiya.accounts.models import AccountState, Staff
from akiya.db import db, today
from akiya.errors import Invalid, NotAllowed
from akiya.listings import lifecycle
from akiya.listings.enums import Status
from akiya.listings.models import Event, Listing
from akiya.membership import service
from akiya.membership.checklist import ChecklistTask, progress
from akiya.municipalities import service as municipalities
from akiya.municipalities.codes import code5, code6
from akiya.municipalities.enums import Standing
from akiya.municipalities.models import Municipality, MunicipalityEvent, Town
from akiya.outbox.models import Message
from tests import factories
from tests.factories import A, B
from tests.pages.browser import Browser

LIST = "/prefecture/municipalities"
C = "43425"
NEW = {
    "code": "43699",
    "name": "新しい町",
    "kana": "あたらしいまち",
    "name_en": "New Town",
    "lat": "32.9",
    "lon": "131.0",
}


def outside(code: str, **values: object) -> None:
    """Set that the municipality does not take part yet."""
    found = db.session.get(Municipality, code)
    for name, value in {"joined": False, "url": "", **values}.items():
        setattr(found, name, value)
    db.session.commit()


def done(code: str) -> set[ChecklistTask]:
    items = progress([db.session.get(Municipality, code)])[code].items
    return {item.task for item in items if item.done}


def test_a_municipality_is_taken_in_step_by_step(app: Flask, visit: Browser, people) -> None:
    with app.app_context():
        outside(C)
        assert done(C) == set()
    visit.sign_in("hana")
    page, join = visit.get(LIST), f"{LIST}/{C}/join"
    assert f"{join}#task-contact" in page.links
    assert "参加前" in page.text
    visit.post(
        join, {"contact": "住民課\r\n0967-25-2211", "text": "高原の村です。🏔", "url": "https://example.jp/akiya"}
    )
    visit.post(f"{join}/invite", {"email": "ubuyama@example.jp"})
    for action in ("steps_settled", "no_agents", "blur_settled"):
        visit.post(f"{join}/settle", {"to": action})
    with app.app_context():
        assert done(C) == set(ChecklistTask) - {ChecklistTask.MAP, ChecklistTask.HOMES}
        person = db.session.scalars(db.select(Staff).where(Staff.municipality_code == C)).one()
        assert person.state is AccountState.INVITED
        assert db.session.scalars(db.select(Message)).one().to == "ubuyama@example.jp"
        found = db.session.get(Municipality, C)
        db.session.add(Town(municipality_code=C, name="山鹿", lon=131.1, lat=33.0))
        found.boundary = "SRID=4326;MULTIPOLYGON(((131 32.9,131.2 32.9,131.2 33.1,131 32.9)))"
        db.session.commit()
        factories.listing(people["hana"], C, status=Status.DRAFT)
        assert done(C) == set(ChecklistTask)
        assert (found.standing, found.joined_on) == (Standing.LINKED, None)
    assert "9/9" in visit.get(LIST).text
    page = visit.get(join)
    assert "所有者からの申込みを受け付けます" in page.text
    visit.post(f"{join}/begin")
    with app.app_context():
        found = db.session.get(Municipality, C)
        assert (found.standing, found.joined_on, found.contact) == (Standing.JOINED, today(), "住民課\n0967-25-2211")
        events = db.session.scalars(db.select(MunicipalityEvent).where(MunicipalityEvent.municipality_code == C)).all()
        assert [str(each.action) for each in events] == ["steps_settled", "no_agents", "blur_settled", "joined"]
        assert (events[-1].actor, events[-1].effective_on) == ("はな", today())
    assert "から参加しています" in visit.post(f"{join}/begin", status=400).text
    assert "登録を申し込む" in visit.get(f"/municipalities/{C}").text


def test_what_cannot_be_is_named_and_nothing_is_kept(app: Flask, visit: Browser, people) -> None:
    with app.app_context():
        outside(C)
    visit.sign_in("hana")
    join = f"{LIST}/{C}/join"
    page = visit.post(join, {"contact": "住民課", "url": "example.jp"}, 400)
    assert "「example.jp」はウェブの住所として読めません" in page.text
    assert "住民課" in page.text
    assert "はメールアドレスとして使えません" in visit.post(f"{join}/invite", {"email": "ubuyama"}, 400).text
    assert "登録済みです" in visit.post(f"{join}/invite", {"email": "aoi@example.jp"}, 400).text
    assert "「joined」という操作はありません" in visit.post(f"{join}/settle", {"to": "joined"}, 400).text
    assert "問合せ先が空欄です" in visit.post(f"{join}/begin", status=400).text
    with app.app_context():
        assert (done(C), db.session.get(Municipality, C).joined) == (set(), False)
    for path in ("join", "join/invite", "join/settle", "join/begin", "leave", "merge"):
        visit.post(f"{LIST}/99999/{path}", status=404)


def test_coordinators_alone_take_in_and_let_go(app: Flask, visit: Browser, people) -> None:
    paths = [LIST, f"{LIST}/new", *(f"{LIST}/{A}/{page}" for page in ("join", "link", "leave", "merge"))]
    for path in paths:
        assert visit.status(path) == 302
    visit.sign_in("aoi")
    for path in paths:
        visit.get(path, 403)
    for path in (*paths[1:], f"{LIST}/{A}/join/begin", f"{LIST}/{A}/join/invite", f"{LIST}/{A}/join/settle"):
        visit.post(path, status=403)
    with app.app_context(), pytest.raises(NotAllowed):
        service.leave(factories.staff(people["aoi"]), A, None, "x", service.LeavingHomes.KEEP, dismiss=False)


@pytest.mark.parametrize(
    ("name", "value", "message"),
    [
        ("code", "436990", "「436990」は検査数字（6桁目）が合いません。43699 の検査数字は"),
        ("code", "4369", "「4369」は市町村コードではありません"),
        ("code", "40100", "「40100」は熊本県の市町村ではありません"),
        ("code", A, f"「{A}」は阿蘇市として登録されています"),
        ("code", "", "市町村コードが空欄です"),
        ("name", " ", "市町村名が空欄です"),
        ("name", "あ" * 41, "40文字までです"),
        ("lat", "32度", "「32度」は度として読めません"),
        ("lat", "0", "緯度 0.0、経度 131.0 は日本の外です"),
        ("lon", "nan", "日本の外です"),
    ],
)
def test_a_new_code_is_checked(app: Flask, visit: Browser, people, name: str, value: str, message: str) -> None:
    visit.sign_in("hana")
    page = visit.post(f"{LIST}/new", {**NEW, name: value}, 400)
    assert message in page.text
    with app.app_context():
        assert db.session.get(Municipality, "43699") is None


def test_a_new_municipality_is_only_known_at_first(app: Flask, visit: Browser, people) -> None:
    visit.sign_in("hana")
    visit.post(f"{LIST}/new", {**NEW, "code": "４３６９９" + code6("43699")[5]})
    with app.app_context():
        found = db.session.get(Municipality, "43699")
        assert (found.name, found.names["en"], found.lon, found.lat) == ("新しい町", "New Town", 131.0, 32.9)
        assert found.standing is Standing.OUTSIDE
        draft = factories.listing(people["hana"], "43699", status=Status.DRAFT)
        with pytest.raises(Invalid, match="参加していないため"):
            lifecycle.move(factories.staff(people["hana"]), draft, Status.OPEN)
    assert "新しい町の空き家は、このサイトには載っていません" in visit.get("/municipalities/43699").text
    assert "New Town" in visit.get("/en/municipalities/43699").text


def test_check_digits_of_real_codes() -> None:
    assert [code5(text) for text in ("432148", "43214", "131016", "011002")] == ["43214", "43214", "13101", "01100"]
    for wrong in ("432147", "4321", "四三二一四", "43214-8"):
        with pytest.raises(Invalid):
            code5(wrong)


def test_one_that_is_only_linked_leads_to_its_own_bank(app: Flask, visit: Browser, people) -> None:
    with app.app_context():
        outside(A, url="https://example.jp/akiya?a=1&b=2")
        factories.listing(people["sora"], B)
    for prefix, not_here in (("", "このサイトには載っていません"), ("/en", "are not on this site")):
        page = visit.get(f"{prefix}/municipalities/{A}")
        assert not_here in page.text
        assert 'href="https://example.jp/akiya?a=1&amp;b=2" rel="noopener external"' in page.markup
        assert not [link for link in page.links if f"municipality={A}" in link and "apply" in link]
        home = visit.get(f"{prefix}/")
        assert f"{prefix}/municipalities/{A}" in home.links
        assert "https://example.jp/akiya?a=1&b=2" in home.links
        found = visit.get(f"{prefix}/listings/?municipality={A}")
        assert not_here in found.text
        assert found.links.count("https://example.jp/akiya?a=1&b=2") == 2
    assert "独自の空き家バンクがあります" in visit.get("/").markup


def test_one_that_never_began_is_only_linked_again(app: Flask, visit: Browser, people) -> None:
    visit.sign_in("hana")
    link = f"{LIST}/{C}/link"
    assert link in visit.get(f"{LIST}/{C}/join").links
    assert "「ubuyama」はウェブの住所として読めません" in visit.post(link, {"url": "ubuyama"}, 400).text
    visit.post(link, {"url": "https://example.jp/akiya"})
    with app.app_context():
        found = db.session.get(Municipality, C)
        assert (found.standing, found.url, found.left_on) == (Standing.LINKED, "https://example.jp/akiya", None)
        factories.listing(people["aoi"])
    page = visit.post(f"{LIST}/{A}/link", {"url": ""}, 400)
    assert "離脱の手続きをしてください" in page.text
    visit.post(f"{LIST}/99999/link", status=404)
    with app.app_context():
        assert db.session.get(Municipality, A).joined


def test_leaving_withdraws_the_homes_and_says_so(app: Flask, visit: Browser, people) -> None:
    with app.app_context():
        open_id = factories.listing(people["aoi"])
        draft_id = factories.listing(people["aoi"], status=Status.DRAFT, number="下書き")
        closed_id = factories.listing(people["aoi"], status=Status.CONTRACTED, number="成約")
    visit.sign_in("hana")
    leave = f"{LIST}/{A}/leave"
    page = visit.get(leave)
    assert "公開中の物件：1件" in page.text
    assert "2人（あおい、れん）" in page.text
    tomorrow = today() + timedelta(days=1)
    page = visit.post(leave, {"on": str(tomorrow), "reason": "", "homes": "withdraw"}, 400)
    assert f"{tomorrow} は先の日付です" in page.text
    assert "理由を" in page.text
    assert "どうするかを選んでください" in visit.post(leave, {"reason": "独自に運営"}, 400).text
    visit.post(
        leave, {"reason": "独自に運営するため", "homes": "withdraw", "dismiss": "y", "url": "https://example.jp/aso"}
    )
    with app.app_context():
        found = db.session.get(Municipality, A)
        assert (found.standing, found.left_on) == (Standing.LEFT, today())
        statuses = [db.session.get(Listing, each).status for each in (open_id, draft_id, closed_id)]
        assert statuses == [Status.WITHDRAWN, Status.DRAFT, Status.CONTRACTED]
        event = db.session.scalars(
            db.select(Event).where(Event.listing_id == open_id).order_by(Event.id.desc()).limit(1)
        ).one()
        assert event.changes["reason"] == [None, "独自に運営するため"]
        assert not db.session.get(Staff, people["aoi"]).active
        kept = db.session.scalars(db.select(MunicipalityEvent)).one()
        assert (kept.details["withdrawn"], kept.details["stopped"]) == (1, 2)
    page = visit.get(f"/municipalities/{A}")
    assert "参加を終えました" in page.text
    assert "https://example.jp/aso" in page.links
    assert "参加を終えました" in visit.get(f"/listings/{open_id}").text
    assert "left this vacant-house bank on" in visit.get(f"/en/listings/{open_id}").text
    assert "参加していません" in visit.post(leave, {"reason": "x", "homes": "keep"}, 400).text
    aoi = Browser(app)
    aoi.sign_in("aoi", status=400)


def test_homes_that_are_kept_end_with_their_validity(app: Flask, visit: Browser, people) -> None:
    with app.app_context():
        kept = factories.listing(people["aoi"])
        service.leave(factories.staff(people["hana"]), A, None, "独自に運営", service.LeavingHomes.KEEP, dismiss=False)
        listing = db.session.get(Listing, kept)
        assert (listing.status, db.session.get(Staff, people["aoi"]).active) == (Status.OPEN, True)
        listing.valid_until = today()
        db.session.commit()
        assert not lifecycle.extendable(listing)
    assert "まで掲載します" in visit.get(f"/listings/{kept}").text
    page = visit.get(f"/municipalities/{A}")
    assert "参加を終えました" in page.text
    assert "載っていません" not in page.text
    visit.sign_in("hana")
    visit.post(f"{LIST}/{A}/join", {"contact": "まちづくり課"})
    visit.post(f"{LIST}/{A}/join/begin")
    with app.app_context():
        found = db.session.get(Municipality, A)
        assert (found.standing, found.left_on) == (Standing.JOINED, None)
    assert "参加を終えました" not in visit.get(f"/listings/{kept}").text


def test_the_service_names_every_wrong_value_at_once(app: Flask) -> None:
    with app.app_context():
        with pytest.raises(Invalid) as refused:
            municipalities.add("x", "436990", name="", lon=0, lat=0)
        assert set(refused.value.errors) == {"code", "name", "lat"}
