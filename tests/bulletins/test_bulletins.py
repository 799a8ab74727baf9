"""Notices of the prefecture: shown to their readers until each has read them, mailed once, tracked."""

from datetime import timedelta

import pytest
from flask import Flask

from akiya.accounts.models import Role, Staff
from akiya.bulletins import search, service
from akiya.bulletins.models import Bulletin, BulletinRead
from akiya.db import db, today, transaction
from akiya.errors import Invalid, NotAllowed
from akiya.outbox.models import Message
from tests import factories
from tests.pages.browser import Browser

TOLD = {"title": "台帳の提出のお願い", "text": "12月20日までに\n台帳を送ってください。"}


@pytest.fixture
def hana(visit: Browser, people: dict[str, int]) -> Browser:
    visit.sign_in("hana")
    return visit


def signed_in(app: Flask, name: str) -> Browser:
    visit = Browser(app)
    visit.sign_in(name)
    return visit


def write(hana: Browser, app: Flask, **more: object) -> int:
    until = today() + timedelta(days=30)
    hana.post("/prefecture/notices/new", {**TOLD, "until": until.isoformat(), **more})
    with app.app_context():
        return db.session.scalars(db.select(Bulletin.id).order_by(Bulletin.id.desc())).first() or 0


def test_it_stands_on_the_pages_of_whom_it_is_for_until_they_have_read_it(hana: Browser, app: Flask) -> None:
    made = write(hana, app, codes=[factories.A])
    aoi, ren, sora = (signed_in(app, name) for name in ("aoi", "ren", "sora"))
    for reader in (aoi, ren):
        for path in ("/staff/", "/staff/inquiries", "/staff/me"):
            assert "台帳の提出のお願い" in reader.get(path).text
    assert "台帳の提出のお願い" not in sora.get("/staff/").text
    assert "台帳の提出のお願い" not in hana.get("/staff/").text
    back = ren.client.post(
        f"/staff/notices/{made}/read", data={"csrf_token": ren.token(), "next": "/staff/?status=open"}
    )
    assert back.location == "/staff/?status=open"
    ren.post(f"/staff/notices/{made}/read")  # a second time changes nothing
    assert "台帳の提出のお願い" not in ren.get("/staff/").text
    assert "台帳の提出のお願い" in ren.get("/staff/notices").text
    assert "台帳の提出のお願い" in aoi.get("/staff/").text
    page = hana.get(f"/prefecture/notices/{made}")
    assert "2人のうち1人" in page.text
    assert "1人" in hana.get("/prefecture/notices").text
    with app.app_context():
        assert db.session.query(BulletinRead).count() == 1


def test_without_municipalities_all_are_told_and_each_gets_one_mail(hana: Browser, app: Flask) -> None:
    with app.app_context(), transaction() as session:
        gone = Staff(email="gone@example.jp", name="いない", role=Role.STAFF, municipality_code=factories.A)
        gone.password_hash, gone.active = "x", False
        invited = Staff(email="new@example.jp", name="まだ", role=Role.STAFF, municipality_code=factories.B)
        invited.password_hash = ""
        session.add_all([gone, invited])
    made = write(hana, app, mail="y")
    with app.app_context():
        mails = db.session.scalars(db.select(Message).order_by(Message.to)).all()
        assert [mail.to for mail in mails] == [f"{name}@example.jp" for name in ("aoi", "ren", "sora")]
        assert len({mail.key for mail in mails}) == 3
        assert "台帳を送ってください" in mails[0].text
        assert search.addressees(db.session.get(Bulletin, made))[0][2] is None
    write(hana, app)
    with app.app_context():
        assert db.session.query(Message).count() == 3


@pytest.mark.parametrize(
    ("name", "value"),
    [("title", ""), ("title", "長" * 121), ("text", ""), ("text", "\x07"), ("until", ""), ("until", "いつか"),
     ("until", "2026年12月"), ("until", "2000-01-01"), ("until", "2199-01-01"), ("codes", "99999")],
)  # fmt: skip
def test_each_wrong_answer_is_named_and_nothing_is_told(hana: Browser, app: Flask, name: str, value: str) -> None:
    given = {**TOLD, "until": (today() + timedelta(days=3)).isoformat(), "mail": "y", name: value}
    page = hana.post("/prefecture/notices/new", given, 400)
    assert f'href="#{name}"' in page.markup
    with app.app_context():
        assert db.session.query(Bulletin).count() == db.session.query(Message).count() == 0


def test_it_ends_by_itself_and_before_its_day(hana: Browser, app: Flask) -> None:
    first, second = write(hana, app), write(hana, app, title="もう一つ")
    aoi = signed_in(app, "aoi")
    hana.post(f"/prefecture/notices/{first}/end")
    hana.post(f"/prefecture/notices/{first}/end")
    assert "もう終わっています" in hana.get("/prefecture/notices").text
    page = aoi.get("/staff/")
    assert "台帳の提出のお願い" not in page.text
    assert "もう一つ" in page.text
    with app.app_context(), transaction() as session:
        session.get(Bulletin, second).until = today() - timedelta(days=1)
    assert "もう一つ" not in aoi.get("/staff/").text


def test_nobody_else_writes_ends_follows_or_answers_for_others(hana: Browser, app: Flask, people) -> None:
    made = write(hana, app, codes=[factories.B])
    signed_out, aoi = Browser(app), signed_in(app, "aoi")
    for path in ("/prefecture/notices", "/prefecture/notices/new", f"/prefecture/notices/{made}", "/staff/notices"):
        signed_out.get(path, 302)
    for path in ("/prefecture/notices", "/prefecture/notices/new", f"/prefecture/notices/{made}"):
        aoi.get(path, 403)
    aoi.post(f"/prefecture/notices/{made}/end", status=403)
    aoi.post("/prefecture/notices/new", TOLD, 403)
    aoi.post(f"/staff/notices/{made}/read", status=404)
    hana.post(f"/staff/notices/{made}/read", status=404)
    for path in ("/prefecture/notices/999999",):
        hana.get(path, 404)
    hana.post("/prefecture/notices/999999/end", status=404)
    aoi.post("/staff/notices/999999/read", status=404)
    with app.app_context():
        staff = factories.staff(people["aoi"])
        with pytest.raises(NotAllowed):
            service.write(staff, "x", "y", [], today())
        with pytest.raises(NotAllowed):
            service.end(staff, made)
        with pytest.raises(Invalid):
            service.write(factories.staff(people["hana"]), "x", "y", [], None)
