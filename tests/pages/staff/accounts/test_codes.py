"""Confirmation codes: the second step of signing in; set up, replaced, lost."""

import re
import time
from datetime import UTC, datetime, timedelta

import pyotp
import pytest
from flask import Flask

from akiya.accounts import service, totp
from akiya.accounts.models import Role, SignIn, SignInOutcome
from akiya.accounts.sign_in_origin import Origin
from akiya.db import db, transaction
from akiya.errors import Invalid, NotAllowed
from tests import factories
from tests.factories import PASSWORD, TOTP_SECRET
from tests.pages.browser import Browser

CODE = "/staff/sign-in/code"


def first_step(visit: Browser, who: str = "hana", **more: str) -> str:
    """Return the address that the right password leads to."""
    fields = {"email": f"{who}@example.jp", "password": PASSWORD, "csrf_token": visit.token(), **more}
    answer = visit.client.post("/staff/sign-in", data=fields)
    assert answer.status_code == 303
    return answer.location


def code(app: Flask, who: str = "hana") -> str:
    with app.app_context():
        return factories.code(who)


def test_the_password_alone_opens_nothing(app: Flask, visit: Browser, people) -> None:
    assert first_step(visit, next="/prefecture/reports/monthly") == CODE
    for path in ("/staff/", "/prefecture/", "/staff/me", "/staff/me/codes", "/staff/people"):
        assert "/staff/sign-in" in visit.client.get(path).location
    assert "違う" in visit.post(CODE, {"code": "000000"}, 400).text
    answer = visit.client.post(CODE, data={"code": code(app), "csrf_token": visit.token()})
    assert answer.location == "/prefecture/reports/monthly"
    visit.get("/prefecture/")


def test_a_code_works_once(app: Flask, people) -> None:
    typed = code(app)
    first, second = Browser(app), Browser(app)
    for visit in (first, second):
        first_step(visit)
    first.post(CODE, {"code": typed})
    assert "もう使われて" in second.post(CODE, {"code": typed}, 400).text
    earlier = pyotp.TOTP(TOTP_SECRET).at(int(time.time()) - 30)
    if earlier != typed:
        second.post(CODE, {"code": earlier}, 400)
    assert second.client.get("/prefecture/").status_code == 302


def test_of_many_at_once_one_code_is_accepted(app: Flask, people) -> None:
    from concurrent.futures import ThreadPoolExecutor

    typed = code(app)

    def use(_: int) -> bool:
        with app.app_context():
            return service.accept_code(factories.staff(people["hana"]), typed, Origin())

    with ThreadPoolExecutor(5) as pool:
        assert sum(pool.map(use, range(5))) == 1


def test_a_clock_may_be_one_step_off_and_no_more() -> None:
    moment = datetime(2026, 11, 25, 9, 0, 10, tzinfo=UTC)
    present = int(moment.timestamp()) // 30
    for offset in range(-3, 4):
        made = pyotp.TOTP(TOTP_SECRET).at(moment + timedelta(seconds=30 * offset))
        assert totp.step_of(TOTP_SECRET, made, moment) == (present + offset if abs(offset) <= 1 else None)


@pytest.mark.parametrize(
    "typed", ["", "12345", "1234567", "abcdef", "１２", "²²²²²²", "𠮷", "-12345", "1e5000", "\u202e123456"]
)
def test_what_is_no_code_is_none(typed: str) -> None:
    assert totp.step_of(TOTP_SECRET, typed, datetime.now(UTC)) is None


def test_a_code_may_be_typed_in_full_width_and_with_a_space(app: Flask, visit: Browser, people) -> None:
    first_step(visit)
    typed = code(app).translate({ord(c): ord(c) + 0xFEE0 for c in "0123456789"})
    visit.post(CODE, {"code": f"{typed[:3]} {typed[3:]}"})


def test_the_first_step_lasts_ten_minutes_and_ends_with_the_accounts_sessions(app: Flask, people) -> None:
    late, ended, direct = Browser(app), Browser(app), Browser(app)
    for visit in (late, ended):
        first_step(visit)
    with late.client.session_transaction() as session:
        session["second_step"][2] -= 601
        session.modified = True
    with app.app_context():
        typed = factories.code("hana")
    token = {"csrf_token": late.token()}
    assert late.client.post(CODE, data={"code": typed, **token}).location == "/staff/sign-in"
    with app.app_context():
        service.end_sessions(factories.staff(people["hana"]))
    assert ended.client.post(CODE, data={"code": typed, "csrf_token": ended.token()}).location == "/staff/sign-in"
    assert direct.client.get(CODE).location == "/staff/sign-in"


def test_what_was_typed_goes_along_through_the_second_step(app: Flask, people) -> None:
    visit = Browser(app)
    kept = '{"page": "/staff/listings/new", "values": {"number": ["空き家第7号"]}}'
    fields = {"email": "hana@example.jp", "password": PASSWORD, "kept": kept}
    page = visit.post("/staff/sign-in", fields, 200)
    token = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', page.markup)[1]
    sent = {"code": code(app), "kept": kept, "csrf_token": token}
    answer = visit.client.post(CODE, data=sent)
    assert answer.location == "/staff/listings/new?draft=1"
    assert "空き家第7号" in visit.get(answer.location).markup


def test_a_clerk_may_use_codes_replace_the_device_and_stop(app: Flask, people) -> None:
    visit, elsewhere = Browser(app), Browser(app)
    visit.sign_in("aoi")
    elsewhere.sign_in("aoi")

    def secret() -> str:
        return re.search(r'class="secret"[^>]*>([A-Z2-7 ]+)<', visit.get("/staff/me/codes").markup)[1].replace(" ", "")

    first = secret()
    assert first == secret()  # opening the page again does not invalidate the picture that the phone scanned
    visit.post("/staff/me/codes", {"code": pyotp.TOTP(first).now()})
    assert elsewhere.client.get("/staff/").status_code == 302
    second = secret()
    assert second != first
    new = pyotp.TOTP(second).now()
    assert "いまのパスワード" in visit.post("/staff/me/codes", {"code": new, "current_password": "wrong"}, 400).text
    visit.post("/staff/me/codes", {"code": new, "current_password": PASSWORD})
    with app.app_context():
        assert factories.staff(people["aoi"]).totp_secret == second
    assert "パスワードが違います" in visit.post("/staff/me/codes/remove", {"codes-password": "wrong"}, 400).text
    visit.post("/staff/me/codes/remove", {"codes-password": PASSWORD})
    Browser(app).sign_in("aoi")
    with app.app_context():
        assert factories.staff(people["aoi"]).totp_secret == ""


def test_a_coordinator_cannot_stop_using_them(app: Flask, visit: Browser, people) -> None:
    visit.sign_in("hana")
    assert "codes/remove" not in visit.get("/staff/me").markup
    visit.post("/staff/me/codes/remove", {"codes-password": PASSWORD}, 403)


def test_another_coordinator_or_the_operator_removes_a_lost_device(app: Flask, people) -> None:
    hana, ken = Browser(app), Browser(app)
    with app.app_context():
        ken_id = service.create("ken@example.jp", "けん", PASSWORD, Role.PREFECTURE).id
        with transaction():
            factories.staff(ken_id).totp_secret = TOTP_SECRET
    hana.sign_in("hana")
    ken.sign_in("ken")
    hana.post(f"/staff/people/{people['hana']}/codes/reset", status=403)
    ken.post(f"/staff/people/{people['hana']}/codes/reset")
    assert hana.client.get("/prefecture/").status_code == 302
    assert first_step(hana) == "/prefecture/"
    assert hana.client.get("/prefecture/").location == "/staff/me/codes"
    with app.app_context(), pytest.raises(NotAllowed):
        service.reset_totp(factories.staff(people["aoi"]), people["ren"])


def test_the_demonstrations_coordinator_needs_none_and_can_set_none(app: Flask, visit: Browser) -> None:
    with app.app_context():
        service.create("mihon@example.jp", "見本", service.DEMONSTRATION_PASSWORD, Role.PREFECTURE, demonstration=True)
    visit.sign_in("mihon", service.DEMONSTRATION_PASSWORD)
    visit.get("/prefecture/")
    page = visit.get("/staff/me")
    assert "/staff/me/password" not in page.markup
    secret = re.search(r'class="secret"[^>]*>([A-Z2-7 ]+)<', visit.get("/staff/me/codes").markup)[1].replace(" ", "")
    visit.post("/staff/me/codes", {"code": pyotp.TOTP(secret).now()}, 403)
    new = {"current_password": service.DEMONSTRATION_PASSWORD, "password": PASSWORD, "password_again": PASSWORD}
    visit.post("/staff/me/password", new, 403)


def test_a_wrong_code_is_in_the_history(app: Flask, visit: Browser, people) -> None:
    first_step(visit)
    visit.post(CODE, {"code": "000000"}, 400)
    visit.post(CODE, {"code": ""}, 400)
    visit.post(CODE, {"code": code(app)})
    with app.app_context():
        outcomes = db.session.scalars(db.select(SignIn.outcome).order_by(SignIn.id)).all()
    assert outcomes == [SignInOutcome.WRONG_CODE, SignInOutcome.OK]


def test_a_secret_is_set_only_with_its_code(app: Flask, people) -> None:
    with app.app_context():
        aoi = factories.staff(people["aoi"])
        other = pyotp.TOTP(totp.new_secret()).now()
        with pytest.raises(Invalid):
            service.set_up_totp(aoi, TOTP_SECRET, other)
        assert aoi.totp_secret == ""
