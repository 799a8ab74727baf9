"""Sign in and out."""

from pathlib import Path

import pytest
from flask import Flask
from flask_migrate import upgrade

from akiya import create_app
from akiya.accounts import service
from akiya.accounts.models import Role
from akiya.errors import Invalid
from akiya.municipalities import service as municipalities
from tests import factories
from tests.conftest import close, settings
from tests.pages.browser import Browser


def test_staff_sign_in_to_their_list_and_out_again(visit: Browser, people) -> None:
    visit.sign_in("aoi")
    assert "物件" in visit.get("/staff/").title
    visit.post("/staff/sign-out")
    assert visit.client.get("/staff/").status_code == 302


def test_what_a_signed_in_person_sees_is_kept_by_no_cache(visit: Browser, people) -> None:
    assert "public" in visit.client.get("/").headers["Cache-Control"]
    visit.sign_in("aoi")
    for path in ("/", "/listings/", "/staff/"):
        assert visit.client.get(path).headers["Cache-Control"] == "no-store"


def test_coordinators_land_on_the_prefecture(visit: Browser, people) -> None:
    visit.sign_in("hana")
    visit.get("/prefecture/")


def test_a_failure_does_not_say_which_half_was_wrong(visit: Browser, people) -> None:
    wrong = visit.sign_in("aoi", "not the password", 400).text
    unknown = visit.sign_in("nobody", status=400).text
    message = "メールアドレスかパスワードが違います"
    assert message in wrong
    assert message in unknown


def test_a_deactivated_account_is_out_at_once(visit: Browser, app: Flask, people) -> None:
    visit.sign_in("aoi")
    with app.app_context():
        service.deactivate(None, people["aoi"])
    assert visit.client.get("/staff/").status_code == 302
    visit.sign_in("aoi", status=400)


def test_a_post_without_a_token_is_refused(visit: Browser, people) -> None:
    visit.sign_in("aoi")
    assert visit.client.post("/staff/sign-out").status_code == 400
    assert visit.client.get("/staff/").status_code == 200


@pytest.mark.parametrize(
    "target", ["//evil.example/", "https://evil.example/", "/\\evil.example", "javascript:alert(1)"]
)
def test_next_leads_nowhere_else(visit: Browser, people, target: str) -> None:
    fields = {"email": "aoi@example.jp", "password": factories.PASSWORD, "next": target, "csrf_token": visit.token()}
    assert visit.client.post("/staff/sign-in", data=fields).location == "/staff/"


def test_the_session_cookie_is_guarded_and_new_at_sign_in(visit: Browser, people) -> None:
    visit.get("/staff/sign-in")
    before = visit.client.get_cookie("akiya").value
    fields = {"email": "aoi@example.jp", "password": factories.PASSWORD, "csrf_token": visit.token()}
    cookie = visit.client.post("/staff/sign-in", data=fields).headers["Set-Cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie
    assert visit.client.get_cookie("akiya").value != before


@pytest.mark.slow
def test_guessing_is_slowed_down(tmp_path: Path) -> None:
    from dataclasses import replace

    app = create_app(replace(settings(tmp_path), testing=False))
    with app.app_context():
        upgrade(directory=app.extensions["migrate"].directory)
        municipalities.ensure_prefecture("熊本県")
        factories.people()
    visit = Browser(app)
    token = visit.token()
    fields = {"email": "aoi@example.jp", "password": "wrong password", "csrf_token": token}
    codes = [visit.client.post("/staff/sign-in", data=fields).status_code for _ in range(12)]
    assert codes[:10] == [400] * 10
    assert codes[10:] == [429, 429]
    # Somebody at another address who knows the password is not locked out by it.
    own = {**fields, "password": factories.PASSWORD}
    elsewhere = visit.client.post("/staff/sign-in", data=own, environ_base={"REMOTE_ADDR": "192.0.2.7"})
    assert elsewhere.status_code == 303
    close(app)


def demonstration_account(app: Flask) -> None:
    with app.app_context():
        service.create("mihon@example.jp", "見本", service.DEMONSTRATION_PASSWORD, Role.PREFECTURE, demonstration=True)


@pytest.mark.parametrize(
    "headers",
    [
        {"Host": "akiya.example"},
        {"X-Forwarded-For": "203.0.113.9"},
        {"Forwarded": "for=203.0.113.9"},
        {"REMOTE_ADDR": "203.0.113.9"},
    ],
)
def test_the_demonstrations_accounts_are_refused_from_outside(
    app: Flask, visit: Browser, headers: dict[str, str]
) -> None:
    demonstration_account(app)
    fields = {"email": "mihon@example.jp", "password": service.DEMONSTRATION_PASSWORD, "csrf_token": visit.token()}
    place = {"environ_overrides": headers} if "REMOTE_ADDR" in headers else {"headers": headers}
    assert service.DEMONSTRATION_PASSWORD not in visit.client.get("/staff/sign-in", **place).get_data(as_text=True)
    assert visit.client.post("/staff/sign-in", data=fields, **place).status_code == 400
    assert visit.client.post("/staff/sign-in", data=fields).status_code == 303


def test_a_server_that_listens_outward_refuses_them_too(tmp_path: Path) -> None:
    app = create_app(settings(tmp_path, AKIYA_HOST="0.0.0.0"))
    with app.app_context():
        upgrade(directory=app.extensions["migrate"].directory)
    demonstration_account(app)
    fields = {
        "email": "mihon@example.jp",
        "password": service.DEMONSTRATION_PASSWORD,
        "csrf_token": Browser(app).token(),
    }
    visit = Browser(app)
    fields["csrf_token"] = visit.token()
    assert visit.client.post("/staff/sign-in", data=fields).status_code == 400
    close(app)


@pytest.mark.parametrize(
    ("changes", "field"),
    [({"email": "no-at"}, "email"), ({"password": "short"}, "password"), ({"municipality_code": None}, "municipality"),
     ({"municipality_code": "99999"}, "municipality")],
)  # fmt: skip
def test_an_account_that_cannot_be_made_names_the_field(app: Flask, changes: dict, field: str) -> None:
    values = {
        "email": "new@example.jp",
        "name": "新人",
        "password": "long enough one",
        "role": Role.STAFF,
        "municipality_code": "43214",
    }
    with app.app_context(), pytest.raises(Invalid) as caught:
        service.create(**{**values, **changes})
    assert field in caught.value.errors
