"""Nothing that was typed is lost when the session ends, and nothing is saved by signing in again."""

import html
import json
import re

import pytest
from flask import Flask

from akiya.accounts import drafts
from akiya.db import db, revision
from akiya.listings.models import Listing
from tests import factories
from tests.factories import PASSWORD
from tests.pages.browser import Browser, Page

pytestmark = pytest.mark.engines

TYPED = {
    "number": "空き家第9号",
    "title": "縁側の家𠮷",
    "price": "高い",
    "is_sale": "y",
    "appeal": "一行目\r\n二行目",
    "kind": "house",
}
NEW = "/staff/listings/new"


def kept_of(page: Page) -> str:
    found = re.search(r'name="kept"[^>]*value="([^"]*)"', page.markup)
    return html.unescape(found[1]) if found else ""


def sign_in_with(visit: Browser, page: Page, who: str = "aoi", password: str = PASSWORD, status: int = 303) -> Page:
    fields = {"email": f"{who}@example.jp", "password": password, "kept": kept_of(page), "next": NEW}
    return visit.post("/staff/sign-in", fields, status)


def listings(app: Flask) -> int:
    with app.app_context():
        return db.session.query(Listing).count()


@pytest.mark.parametrize("how", ["the session is gone", "the account was signed out"])
def test_what_was_typed_comes_back_after_signing_in(app: Flask, people, how: str) -> None:
    visit = Browser(app)
    visit.sign_in("aoi")
    if how == "the session is gone":
        visit.client.delete_cookie("akiya")
        page = visit.post(NEW, {**TYPED, "csrf_token": "old"}, 401)
    else:
        visit.post("/staff/sign-out")
        page = visit.post(NEW, TYPED, 401)
    assert "入力した内容は残っています" in page.text
    assert "csrf_token" not in kept_of(page)
    page = sign_in_with(visit, page, password="wrong wrong wrong", status=400)
    sign_in_with(visit, page)
    assert listings(app) == 0
    form = visit.get(f"{NEW}?draft=1")
    assert "まだ保存していません" in form.text
    for text in ("空き家第9号", "縁側の家𠮷", 'value="高い"', "一行目\r\n二行目"):
        assert text in form.markup
    visit.post(NEW, {**TYPED, "price": "480万円"})
    assert listings(app) == 1
    with app.app_context():
        assert drafts.read(factories.staff(people["aoi"]), NEW) is None


def test_a_form_of_an_older_session_is_shown_again(app: Flask, people) -> None:
    visit = Browser(app)
    visit.sign_in("aoi")
    answer = visit.client.post(NEW, data={**TYPED, "csrf_token": "old"})
    assert (answer.status_code, answer.location) == (302, f"{NEW}?draft=1")
    assert "縁側の家𠮷" in visit.get(answer.location).markup
    assert listings(app) == 0


@pytest.mark.parametrize("headers", [{"Origin": "https://elsewhere.example"}, {"Sec-Fetch-Site": "cross-site"}])
def test_another_site_puts_no_words_into_a_form(app: Flask, people, headers: dict[str, str]) -> None:
    signed_out, signed_in = Browser(app), Browser(app)
    signed_in.sign_in("aoi")
    assert signed_out.client.post(NEW, data=TYPED, headers=headers).status_code == 400
    assert signed_in.client.post(NEW, data=TYPED, headers=headers).status_code == 400
    with app.app_context():
        assert drafts.read(factories.staff(people["aoi"]), NEW) is None


def test_secrets_are_never_carried(app: Flask, people) -> None:
    typed = {**TYPED, "password": "geheim", "new_password": "geheim", "code": "123456"}
    kept = json.loads(kept_of(Browser(app).post(NEW, typed, 401)))
    assert set(kept["values"]) == set(TYPED)


def test_an_action_that_has_no_page_is_not_repeated(app: Flask, people) -> None:
    with app.app_context():
        home = factories.listing(people["aoi"])
    visit = Browser(app)
    answer = visit.client.post(
        f"/staff/listings/{home}/confirm", data={"csrf_token": visit.token(), "to": "negotiating"}
    )
    assert (answer.status_code, answer.location) == (302, "/staff/sign-in")


def test_another_municipality_learns_nothing_and_keeps_nothing(app: Flask, people) -> None:
    with app.app_context():
        home = factories.listing(people["aoi"])
    visit, path = Browser(app), f"/staff/listings/{home}/edit"
    page = visit.post(path, TYPED, 401)
    sign_in_with(visit, page, "sora")
    visit.get(f"{path}?draft=1", 404)
    with app.app_context():
        assert drafts.read(factories.staff(people["sora"]), path) is None


@pytest.mark.parametrize(
    "kept",
    ["{", "[]", '{"page": "/staff/", "values": []}', '{"page": "//evil.example/staff", "values": {}}', '{"page": 1, "values": {}}',
     '{"page": "/staff/listings/new", "values": {"title": ["\\ud800"]}}', '{"page": "/listings/", "values": {}}', "9" * 300_000],
)  # fmt: skip
def test_a_made_up_text_is_carried_nowhere(app: Flask, people, kept: str) -> None:
    visit = Browser(app)
    fields = {"email": "aoi@example.jp", "password": PASSWORD, "kept": kept, "csrf_token": visit.token()}
    answer = visit.client.post("/staff/sign-in", data=fields)
    assert (answer.status_code, answer.location) == (303, "/staff/")


def test_drafts_are_private_bounded_and_quiet(app: Flask, people) -> None:
    with app.app_context():
        aoi, ren = factories.staff(people["aoi"]), factories.staff(people["ren"])
        before = revision()
        assert drafts.save(aoi, NEW, {"title": ["一"]})
        drafts.save(aoi, NEW, {"title": ["二"]})
        assert drafts.save(aoi, NEW, {"title": ["あ" * drafts.LARGEST]}) is None
        assert drafts.read(aoi, NEW).values == {"title": ["二"]}
        assert drafts.read(ren, NEW) is None
        for n in range(drafts.MOST):
            drafts.save(aoi, f"/staff/{n}", {"title": ["三"]})
        assert drafts.read(aoi, NEW) is None
        assert drafts.read(aoi, "/staff/0") is not None
        drafts.drop(aoi, "/staff/0")
        assert drafts.read(aoi, "/staff/0") is None
        assert revision() == before


def test_what_was_typed_waits_for_the_confirmation_code(app: Flask, people) -> None:
    visit = Browser(app)
    page = visit.post(NEW, {**TYPED, "municipality_code": "43214"}, 401)
    step = sign_in_with(visit, page, "hana", status=200)
    visit.client.delete_cookie("akiya")
    page = visit.post("/staff/sign-in/code", {"code": "1", "kept": kept_of(step), "csrf_token": "old"}, 401)
    step = sign_in_with(visit, page, "hana", status=200)
    with app.app_context():
        code = factories.code("hana")
    visit.post("/staff/sign-in/code", {"code": code, "kept": kept_of(step)})
    assert "縁側の家𠮷" in visit.get(f"{NEW}?draft=1").markup
