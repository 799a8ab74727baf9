"""The pages of the outbox: staff see only their municipality's mails, and nobody sees a text."""

import pytest
from flask import Flask

from akiya.db import db, transaction
from akiya.outbox import service
from akiya.outbox.models import Message, MessageState
from tests import factories
from tests.pages.browser import Browser


@pytest.fixture
def mails(app: Flask, people: dict[str, int]) -> dict[str, int]:
    """Return the ids of mails by key: of A (one failed, one waiting), of B, and of no municipality."""
    with app.app_context():
        for key, code in (("failed", factories.A), ("waiting", factories.A), ("other", factories.B), ("nobody", None)):
            service.write(key, f"{key}@example.jp", f"件名 {key} <b>", f"https://example.jp/SECRET/{key}", code)
        with transaction() as session:
            session.execute(
                db.update(Message)
                .where(Message.key == "failed")
                .values(state=MessageState.FAILED, problem="550 <no> such person")
            )
        return dict(db.session.execute(db.select(Message.key, Message.id)).all())


def test_each_sees_their_own_and_no_text(app: Flask, mails: dict[str, int]) -> None:
    for who, path, seen in (
        ("aoi", "/staff/outbox", {"failed", "waiting"}),
        ("ren", "/staff/outbox", {"failed", "waiting"}),
        ("sora", "/staff/outbox", {"other"}),
        ("hana", "/prefecture/outbox", set(mails)),
    ):
        visit = Browser(app)
        visit.sign_in(who)
        page = visit.get(path)
        assert {key for key in mails if f"{key}@example.jp" in page.text} == seen
        assert "SECRET" not in page.markup
        assert "AKIYA_DATA/mail" in page.text  # no mail server is set
        assert ("もう一度送る" in page.text) == (who in ("aoi", "hana"))
    assert "送信待ち" in page.text
    assert "550 <no> such person" in page.text


def test_a_failed_mail_is_sent_again_and_others_are_not(app: Flask, mails: dict[str, int]) -> None:
    aoi = Browser(app)
    aoi.sign_in("aoi")
    aoi.post(f"/staff/outbox/{mails['other']}/again", status=404)
    aoi.post(f"/staff/outbox/{mails['nobody']}/again", status=404)
    aoi.post(f"/staff/outbox/{mails['failed']}/again")
    aoi.post(f"/staff/outbox/{mails['waiting']}/again")
    assert "状態が変わりました" in aoi.get("/staff/outbox").text
    assert "当てはまる" not in aoi.get("/staff/outbox?state=waiting").text
    assert "メールはありません" in aoi.get("/staff/outbox?state=failed").text
    with app.app_context():
        states = dict(db.session.execute(db.select(Message.key, Message.state)).all())
        assert states == dict.fromkeys(mails, MessageState.WAITING)
