"""The number of guesses is limited, on an application with its limits switched on."""

import io
import logging
import re
from collections.abc import Iterator
from dataclasses import replace

import pytest
from flask import Flask
from flask_migrate import upgrade

from akiya import create_app
from akiya.accounts import invitations
from akiya.db import db
from akiya.municipalities import service as municipalities
from akiya.outbox.models import Message
from akiya.web.limits import limiter
from tests import factories
from tests.conftest import close, settings
from tests.pages.browser import Browser


@pytest.fixture(scope="module")
def limited(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    app = create_app(replace(settings(tmp_path_factory.mktemp("limited")), testing=False))
    with app.app_context():
        upgrade(directory=app.extensions["migrate"].directory)
        municipalities.ensure_prefecture("熊本県")
        factories.people()
    yield app
    close(app)


@pytest.fixture(autouse=True)
def fresh(limited: Flask) -> None:
    limiter.reset()


def codes_of(visit: Browser, path: str, fields: dict, count: int, from_everywhere: bool = False) -> list[int]:
    fields = {"csrf_token": visit.token(), **fields}
    return [
        visit.client.post(
            path, data=fields, environ_overrides={"REMOTE_ADDR": f"198.51.100.{n}"} if from_everywhere else {}
        ).status_code
        for n in range(count)
    ]


def test_codes_are_guessed_five_times(limited: Flask) -> None:
    visit, other = Browser(limited), Browser(limited)
    fields = {"email": "hana@example.jp", "password": factories.PASSWORD}
    for each in (visit, other):
        each.client.post("/staff/sign-in", data={**fields, "csrf_token": each.token()})
    assert codes_of(visit, "/staff/sign-in/code", {"code": "000000"}, 7) == [400] * 5 + [429] * 2
    # Another browser that knows the password too has no five attempts of its own.
    assert codes_of(other, "/staff/sign-in/code", {"code": "000000"}, 1) == [429]


@pytest.mark.slow
def test_one_account_is_guessed_at_a_hundred_times_a_day_however_it_is_written(limited: Flask) -> None:
    visit = Browser(limited)
    written = ("aoi@example.jp", "ＡＯＩ@example.jp", " Aoi@Example.JP ", "aoi＠example.jp")
    answers: list[int] = []
    fields = {"password": "wrong password", "csrf_token": visit.token()}
    for n in range(110):
        place = {"REMOTE_ADDR": f"198.51.{n}.7"}
        sent = {**fields, "email": written[n % len(written)]}
        answers.append(visit.client.post("/staff/sign-in", data=sent, environ_overrides=place).status_code)
    assert answers == [400] * 100 + [429] * 10


def test_mails_are_asked_for_three_times_an_hour_for_an_account(limited: Flask) -> None:
    visit = Browser(limited)
    for email in ("aoi@example.jp", "nobody@example.jp"):
        limiter.reset()
        assert codes_of(visit, "/staff/forgotten", {"email": email}, 5, from_everywhere=True) == [200] * 3 + [429] * 2
    with limited.app_context():
        assert db.session.query(Message).filter(Message.to == "nobody@example.jp").count() == 0
        assert db.session.query(Message).filter(Message.to == "aoi@example.jp").count() == 3


def test_mails_are_asked_for_ten_times_an_hour_from_an_address(limited: Flask) -> None:
    assert forgotten(limited, 12) == [200] * 10 + [429] * 2


def test_an_application_under_test_beside_one_with_limits_has_none(app: Flask, limited: Flask) -> None:
    assert forgotten(app, 12) == [200] * 12


def forgotten(app: Flask, count: int) -> list[int]:
    """Return the status of the response to each of `count` people who forgot their password."""
    visit = Browser(app)
    fields = [{"email": f"x{n}@example.jp", "csrf_token": visit.token()} for n in range(count)]
    return [visit.client.post("/staff/forgotten", data=each).status_code for each in fields]


def test_the_password_is_guessed_ten_times_at_a_computer_that_is_signed_in(limited: Flask) -> None:
    visit = Browser(limited)
    visit.sign_in("sora")
    fields = {"current_password": "wrong", "password": "long enough one", "password_again": "long enough one"}
    assert codes_of(visit, "/staff/me/password", fields, 12) == [400] * 10 + [429] * 2
    assert codes_of(visit, "/staff/me/codes/remove", {"codes-password": "wrong"}, 1) == [429]


def test_no_log_line_holds_a_ticket_or_an_address(limited: Flask) -> None:
    handler, written = logging.getLogger("akiya").handlers[0], io.StringIO()
    before = handler.setStream(written)
    with limited.app_context():
        invitations.forgotten("sora@example.jp", limited.config["AKIYA"])
        text = db.session.scalars(db.select(Message.text).where(Message.to == "sora@example.jp")).one()
    link = re.search(r"(/staff/new-password/\S+)", text)[1]
    visit = Browser(limited)
    visit.get(link)
    visit.post(link, {"password": "short", "password_again": "short"}, 400)
    visit.client.get("/staff/people")
    handler.setStream(before)
    logged = written.getvalue()
    assert "accounts_mailed.new_password" in logged
    assert link.rpartition("/")[2][:20] not in logged
    assert "sora@" not in logged
