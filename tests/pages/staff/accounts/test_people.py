"""Other people's accounts: the list, roles, deactivation; and one's own page."""

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from flask import Flask

from akiya import create_app
from akiya.accounts import passwords, search, service
from akiya.accounts.models import AccountState, Role, SignIn, SignInOutcome, Staff
from akiya.accounts.sign_in_origin import Origin
from akiya.db import db, now, transaction
from akiya.errors import Invalid, NotAllowed, NotFound
from tests import factories
from tests.conftest import close, settings
from tests.factories import PASSWORD, A, B
from tests.pages.browser import Browser

CHOSEN = "みどりの屋根と七つの窓"


def test_a_clerk_sees_the_own_municipality_and_a_coordinator_everybody(app: Flask, people) -> None:
    aoi, hana = Browser(app), Browser(app)
    aoi.sign_in("aoi")
    hana.sign_in("hana")
    seen = aoi.get("/staff/people").text
    assert "れん" in seen
    assert "そら" not in seen
    assert "はな" not in seen
    everybody = hana.get("/staff/people").text
    assert all(name in everybody for name in ("あおい", "れん", "そら", "はな", "有効"))
    assert everybody.index("はな") < everybody.index("そら")
    assert "最近のサインイン" in hana.get(f"/staff/people/{people['aoi']}").text
    assert "最近のサインイン" not in aoi.get(f"/staff/people/{people['ren']}").text
    aoi.get(f"/staff/people/{people['hana']}", 404)
    aoi.get("/staff/people/999999", 404)


def test_somebody_who_reads_may_not_change(app: Flask, visit: Browser, people) -> None:
    visit.sign_in("ren")
    assert "招待する" not in visit.get("/staff/people").text
    assert "停止する" not in visit.get(f"/staff/people/{people['aoi']}").text
    with app.app_context():
        ren = factories.staff(people["ren"])
        for change in (service.deactivate, service.reactivate):
            with pytest.raises(NotAllowed):
                change(ren, people["aoi"])
        with pytest.raises(NotAllowed):
            service.change_role(ren, people["ren"], Role.STAFF, A)


def test_a_clerk_makes_a_reader_a_writer(app: Flask, visit: Browser, people) -> None:
    visit.sign_in("aoi")
    path = f"/staff/people/{people['ren']}"
    visit.post(f"{path}/role", {"role": "prefecture"}, 400)
    visit.post(f"{path}/role", {"role": ""}, 400)
    visit.post(f"{path}/role", {"role": "staff"})
    with app.app_context():
        assert factories.staff(people["ren"]).can_write
    assert "担当者" in visit.get(path).text


def test_a_coordinator_moves_somebody_to_the_prefecture_and_back(app: Flask, visit: Browser, people) -> None:
    visit.sign_in("hana")
    path = f"/staff/people/{people['sora']}/role"
    assert "市町村を選び" in visit.post(path, {"role": "prefecture", "municipality_code": B}, 400).text
    visit.post(path, {"role": "prefecture", "municipality_code": ""})
    with app.app_context():
        assert factories.staff(people["sora"]).must_set_up_totp
    assert "市町村を選び" in visit.post(path, {"role": "staff", "municipality_code": ""}, 400).text
    visit.post(path, {"role": "staff", "municipality_code": "99999"}, 400)
    visit.post(path, {"role": "staff", "municipality_code": A})
    with app.app_context():
        assert factories.staff(people["sora"]).municipality_code == A


def test_the_last_coordinator_stays(app: Flask, people) -> None:
    with app.app_context():
        hana = factories.staff(people["hana"])
        demo = service.create("mihon@example.jp", "見本", "見本", Role.PREFECTURE, demonstration=True)
        for change in (
            lambda: service.deactivate(hana, hana.id),
            lambda: service.change_role(hana, hana.id, Role.STAFF, A),
        ):
            with pytest.raises(Invalid, match="最後の県担当者"):
                change()
        assert hana.active
        service.deactivate(hana, demo.id)
        service.create("ken@example.jp", "けん", PASSWORD, Role.PREFECTURE)
        service.deactivate(hana, hana.id)
        assert not hana.active


def test_somebody_invited_or_stopped_is_nobody_who_is_left(app: Flask, people) -> None:
    with app.app_context():
        hana = factories.staff(people["hana"])
        ken = service.create("ken@example.jp", "けん", PASSWORD, Role.PREFECTURE)
        service.deactivate(hana, ken.id)
        with transaction() as session:
            service.add(session, "ito@example.jp", "いと", Role.PREFECTURE, None, {})
        with pytest.raises(Invalid, match="最後の県担当者"):
            service.deactivate(hana, hana.id)


def test_the_last_writer_of_a_municipality_is_stopped_by_the_prefecture_alone(app: Flask, people) -> None:
    with app.app_context():
        aoi, hana = factories.staff(people["aoi"]), factories.staff(people["hana"])
        with pytest.raises(Invalid, match="最後の担当者"):
            service.deactivate(aoi, aoi.id)
        with pytest.raises(Invalid, match="最後の担当者"):
            service.change_role(aoi, aoi.id, Role.READ_ONLY, A)
        service.deactivate(hana, aoi.id)
        assert aoi.state is AccountState.STOPPED


def test_of_two_coordinators_who_send_each_other_away_one_stays(app: Flask, people) -> None:
    from concurrent.futures import ThreadPoolExecutor

    with app.app_context():
        ken_id = service.create("ken@example.jp", "けん", PASSWORD, Role.PREFECTURE).id
    pairs = [(people["hana"], ken_id), (ken_id, people["hana"])]

    def send_away(pair: tuple[int, int]) -> None:
        with app.app_context():
            try:
                service.deactivate(factories.staff(pair[0]), pair[1])
            except Invalid:
                return

    with ThreadPoolExecutor(2) as pool:
        list(pool.map(send_away, pairs))
    with app.app_context():
        assert db.session.query(Staff).filter_by(role=Role.PREFECTURE, active=True).count() >= 1


def test_stopping_ends_sessions_and_coming_back_does_not_revive_them(app: Flask, people) -> None:
    ren, aoi = Browser(app), Browser(app)
    ren.sign_in("ren")
    aoi.sign_in("aoi")
    aoi.post(f"/staff/people/{people['ren']}/deactivate")
    assert ren.client.get("/staff/").status_code == 302
    ren.sign_in("ren", status=400)
    aoi.post(f"/staff/people/{people['ren']}/reactivate")
    assert ren.client.get("/staff/").status_code == 302
    ren.sign_in("ren")
    with app.app_context():
        outcomes = [row.outcome for row in search.sign_ins(people["ren"])]
    assert outcomes == [SignInOutcome.OK, SignInOutcome.STOPPED, SignInOutcome.OK]


def test_another_municipalitys_account_is_not_found(app: Flask, people) -> None:
    with app.app_context():
        sora = factories.staff(people["sora"])
        for change in (service.deactivate, service.reactivate, service.reset_totp):
            with pytest.raises(NotFound):
                change(sora, people["aoi"])
        with pytest.raises(NotFound):
            service.change_role(sora, people["aoi"], Role.STAFF, B)


# ── one's own page ──


def test_a_new_password_ends_the_other_sessions_and_not_this_one(app: Flask, people) -> None:
    here, there = Browser(app), Browser(app)
    here.sign_in("aoi")
    there.sign_in("aoi")
    new = {"password": CHOSEN, "password_again": CHOSEN}
    assert "パスワードが違います" in here.post("/staff/me/password", {"current_password": "no", **new}, 400).text
    here.post("/staff/me/password", {"current_password": PASSWORD, **new})
    here.get("/staff/me")
    assert there.client.get("/staff/").status_code == 302
    there.sign_in("aoi", status=400)
    there.sign_in("aoi", CHOSEN)


def test_signing_out_everywhere_ends_a_cookie_that_was_copied(app: Flask, visit: Browser, people) -> None:
    visit.sign_in("aoi")
    copied = visit.client.get_cookie("akiya").value
    visit.post("/staff/me/sign-out-everywhere")
    thief = Browser(app)
    thief.client.set_cookie("akiya", copied)
    assert thief.client.get("/staff/").status_code == 302


def test_a_session_ends_after_twelve_hours_and_after_two_without_a_page(app: Flask, visit: Browser, people) -> None:
    visit.sign_in("aoi")
    with visit.client.session_transaction() as session:
        session["since"] -= 12 * 3600 - 60
    visit.get("/staff/")
    with visit.client.session_transaction() as session:
        session["since"] -= 61
    assert visit.client.get("/staff/").status_code == 302
    visit.sign_in("aoi")
    assert timedelta(hours=2) == app.permanent_session_lifetime
    app.permanent_session_lifetime = timedelta(seconds=-1)
    try:
        assert visit.client.get("/staff/").status_code == 302
    finally:
        app.permanent_session_lifetime = timedelta(hours=2)


def test_a_cookie_from_before_signing_in_is_worth_nothing(app: Flask, visit: Browser, people) -> None:
    visit.get("/staff/sign-in")
    planted = visit.client.get_cookie("akiya").value
    visit.sign_in("aoi")
    thief = Browser(app)
    thief.client.set_cookie("akiya", planted)
    assert thief.client.get("/staff/").status_code == 302


@pytest.mark.parametrize(
    ("name", "message"), [("", "お名前を入れて"), ("な" * 81, "80文字"), ("a\u0085b", "画面に出ない")]
)
def test_a_name_is_changed_or_refused(app: Flask, visit: Browser, people, name: str, message: str) -> None:
    visit.sign_in("aoi")
    assert message in visit.post("/staff/me/name", {"me-name": name}, 400).text
    visit.post("/staff/me/name", {"me-name": " 𠮷野 あおい😀 "})
    with app.app_context():
        assert factories.staff(people["aoi"]).name == "𠮷野 あおい😀"


def test_every_attempt_on_an_account_is_shown_roughly(app: Flask, visit: Browser, people) -> None:
    place = {"REMOTE_ADDR": "203.0.113.77"}
    agent = {"User-Agent": "Mozilla/5.0 (Windows NT 10.0; Win64; x64) Chrome/120.0 Safari/537.36 Edg/120.0"}
    fields = {"email": "aoi@example.jp", "password": "wrong", "csrf_token": visit.token()}
    visit.client.post("/staff/sign-in", data=fields, environ_overrides=place, headers=agent)
    visit.client.post("/staff/sign-in", data={**fields, "email": "nobody@example.jp"})
    visit.sign_in("aoi")
    text = visit.get("/staff/me").text
    assert "パスワードが違った" in text
    assert "203.0.113.0/24" in text
    assert "203.0.113.77" not in text
    assert "Edge / Windows" in text
    with app.app_context():
        assert db.session.query(SignIn).count() == 2


@pytest.mark.parametrize(
    ("address", "agent", "network", "device"),
    [("2001:db8:1:2::9", "Mozilla/5.0 (iPhone; CPU iPhone OS 17_0 like Mac OS X) Version/17.0 Safari/604.1", "2001:db8:1::/48", "Safari / iPhone"),
     ("::ffff:192.0.2.9", "Mozilla/5.0 (X11; Linux x86_64; rv:120.0) Firefox/120.0", "192.0.2.0/24", "Firefox / Linux"),
     ("", "", "", "不明 / 不明"), ("unknown", "<script>" * 900, "", "不明 / 不明"), (None, "curl/8", "", "不明 / 不明")],
)  # fmt: skip
def test_an_origin_is_rough(address: str | None, agent: str, network: str, device: str) -> None:
    assert Origin.of(address, agent) == Origin(network, device)


def test_sign_ins_are_forgotten_after_400_days(app: Flask, people) -> None:
    with app.app_context():
        aoi = factories.staff(people["aoi"])
        for _ in range(3):
            service.record(aoi, SignInOutcome.OK, Origin())
        with transaction() as session:
            first = session.scalars(db.select(SignIn).order_by(SignIn.id)).first()
            first.at = now() - timedelta(days=401)
        assert service.forget_old(now()) == 1
        assert service.forget_old(now()) == 0
        assert len(search.sign_ins(aoi.id)) == 2


@pytest.mark.parametrize(
    "password", ["password123", " Qwertyuiop ", "1111111111", "abababababab", "aoi@example.jp", "123456789"]
)
def test_what_is_easily_guessed_is_refused(password: str) -> None:
    assert passwords.problem(password, "aoi@example.jp")


@pytest.mark.parametrize("password", ["みどりの屋根と七つの窓", "correct horse battery", "😀🏠𠮷🌊🍙🐟🚲🌲🎐☔"])
def test_what_is_not_is_taken(password: str) -> None:
    assert passwords.problem(password, "aoi@example.jp") is None
    assert passwords.matches(password, passwords.made(password))
    assert not passwords.matches(password, "")


def test_hashes_are_slow_to_guess_unless_the_settings_say_otherwise(tmp_path: Path) -> None:
    known = settings(tmp_path)
    try:
        close(create_app(replace(known, quick_password_hashes=False)))
        kept = passwords.made(CHOSEN)
    finally:
        close(create_app(known))
    assert kept.startswith("$argon2id$v=19$m=65536,t=3,p=4$")
    assert passwords.matches(CHOSEN, kept)
    assert passwords.made(CHOSEN).startswith("$argon2id$v=19$m=8,t=1,p=1$")
