"""Invitations and forgotten passwords: the mail, its link, and that it works once."""

import re
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta

import pytest
from flask import Flask

from akiya.accounts import drafts, invitations, service, tickets
from akiya.accounts.models import AccountState, FormDraft, Purpose, Role, SignIn, SignInOutcome, Staff, Ticket
from akiya.db import db, now, transaction
from akiya.errors import Invalid, NotAllowed, NotFound
from akiya.outbox import service as outbox
from akiya.outbox.models import Message
from akiya.pages.staff.accounts.sign_in import FAILURE_S
from tests import factories
from tests.factories import A, B
from tests.mail_server import MailServer
from tests.pages.browser import Browser

CHOSEN = "みどりの屋根と七つの窓"
NEW = {"name": "新人 𠮷子", "password": CHOSEN, "password_again": CHOSEN}
RESET = {"password": CHOSEN, "password_again": CHOSEN}


@pytest.fixture
def server() -> Iterator[MailServer]:
    with MailServer() as running:
        yield running


def deliver(app: Flask, server: MailServer) -> None:
    with app.app_context():
        outbox.deliver(replace(app.config["AKIYA"], mail_url=server.url, mail_from="bank@example.jp"))


def path_of(text: str) -> str:
    """Return the path on this site of the link in a mail."""
    found = re.search(r"http://127\.0\.0\.1:8000(/staff/\S+)", text)
    assert found, text
    return found[1]


def mails(app: Flask) -> list[Message]:
    with app.app_context():
        return list(db.session.scalars(db.select(Message).order_by(Message.id)))


def invite(app: Flask, email: str = "new@example.jp", role: Role = Role.STAFF, code: str | None = A) -> tuple[int, str]:
    """Invite somebody; return (account id, path of the link)."""
    with app.app_context():
        staff_id = invitations.invite(None, email, "", role, code, app.config["AKIYA"]).id
    return staff_id, path_of(mails(app)[-1].text)


def forget(app: Flask, email: str = "aoi@example.jp") -> str:
    with app.app_context():
        invitations.forgotten(email, app.config["AKIYA"])
    return path_of(mails(app)[-1].text)


# ── the whole way, with a real mail server ──


def test_from_the_invitation_to_the_first_sign_in(app: Flask, visit: Browser, people, server: MailServer) -> None:
    visit.sign_in("aoi")
    fields = {"email": "Ｎｅｗ@example.jp ", "name": "", "role": "staff"}
    fields["csrf_token"] = visit.token()
    visit.client.set_cookie("akiya", visit.client.get_cookie("akiya").value, domain="evil.example")
    answer = visit.client.post("/staff/people/invite", data=fields, headers={"Host": "evil.example"})
    assert answer.status_code == 303
    deliver(app, server)
    mail = server.received[0]
    assert mail["To"] == "new@example.jp"
    text = mail.get_content()
    assert "evil.example" not in text
    assert "あおい" in text
    link = path_of(text)
    person = Browser(app)
    for _ in range(3):  # opening does not use it up: mail programs open links too
        assert "new@example.jp" in person.get(link).text
    person.post(link, NEW)
    assert "新人 𠮷子" in person.get("/staff/").text
    person.post("/staff/sign-out")
    person.sign_in("new", CHOSEN)
    assert "使われた" in Browser(app).get(link, 400).text
    assert mails(app)[0].text == ""


def test_from_the_forgotten_password_to_the_next_sign_in(app: Flask, people, server: MailServer) -> None:
    thief, person = Browser(app), Browser(app)
    thief.sign_in("aoi")
    assert "受け付けました" in person.post("/staff/forgotten", {"email": "AOI@example.jp"}, 200).text
    person.post("/staff/forgotten", {"email": "aoi@example.jp"}, 200)
    deliver(app, server)
    first, second = (path_of(mail.get_content()) for mail in server.received)
    person.get(first)
    person.post(first, RESET)
    assert thief.client.get("/staff/").status_code == 302
    assert "使われた" in person.get(second, 400).text
    person.sign_in("aoi", status=400)
    person.sign_in("aoi", CHOSEN)
    assert "パスワードを決め直した" in person.get("/staff/me").text


def test_a_coordinator_sets_up_codes_before_anything_opens(app: Flask, visit: Browser) -> None:
    import pyotp

    _, link = invite(app, "ken@example.jp", Role.PREFECTURE, None)
    visit.post(link, NEW)
    answer = visit.client.get("/prefecture/")
    assert (answer.status_code, answer.location) == (303, "/staff/me/codes")
    page = visit.get("/staff/me/codes")
    assert "data:image/svg+xml" in page.markup
    secret = re.search(r'class="secret"[^>]*>([A-Z2-7 ]+)<', page.markup)[1].replace(" ", "")
    assert "確認コードが違います" in visit.post("/staff/me/codes", {"code": "12 34"}, 400).text
    visit.post("/staff/me/codes", {"code": pyotp.TOTP(secret).now()})
    visit.get("/prefecture/")
    visit.post("/staff/sign-out")
    visit.sign_in("ken", CHOSEN)
    visit.get("/prefecture/")


# ── what a link is good for ──


@pytest.mark.parametrize("page", ["welcome", "new-password"])
@pytest.mark.parametrize("token", ["x", "a.b", "%F0%A0%AE%B7", "WzEsMSwxXQ.AAAA", "x" * 3000])
def test_a_forged_link_opens_nothing(visit: Browser, people, page: str, token: str) -> None:
    for answer in (visit.get(f"/staff/{page}/{token}", 400), visit.post(f"/staff/{page}/{token}", NEW, 400)):
        assert "リンクは正しくありません" in answer.text


def test_the_link_of_one_mail_is_none_of_the_other(app: Flask, visit: Browser, people) -> None:
    _, invitation = invite(app)
    reset = forget(app)
    visit.post(reset.replace("new-password", "welcome"), NEW, 400)
    visit.post(invitation.replace("welcome", "new-password"), RESET, 400)
    visit.sign_in("aoi")


@pytest.mark.parametrize("purpose", [Purpose.INVITATION, Purpose.RESET])
def test_an_old_link_says_that_it_has_expired(app: Flask, visit: Browser, people, purpose: Purpose) -> None:
    link = invite(app)[1] if purpose is Purpose.INVITATION else forget(app)
    with app.app_context():
        ticket = db.session.scalars(db.select(Ticket)).one()
        days = 7 if purpose is Purpose.INVITATION else 1 / 24
        assert abs(ticket.expires_at - now() - timedelta(days=days)) < timedelta(minutes=5)
        old = tickets.issue(purpose, ticket.staff_id, timedelta(seconds=-1))
        token = tickets.token(old, app.config["SECRET_KEY"])
    assert "期限" in visit.get(link.rpartition("/")[0] + "/" + token, 400).text


def test_asking_again_voids_the_first_link(app: Flask, visit: Browser, people) -> None:
    staff_id, first = invite(app)
    visit.sign_in("aoi")
    visit.post(f"/staff/people/{staff_id}/invite-again")
    second = path_of(mails(app)[-1].text)
    person = Browser(app)
    assert "取り消" in person.get(first, 400).text
    person.post(second, NEW)


def test_a_withdrawn_invitation_is_gone(app: Flask, visit: Browser, people) -> None:
    staff_id, link = invite(app)
    visit.sign_in("aoi")
    visit.post(f"/staff/people/{staff_id}/withdraw")
    visit.get(f"/staff/people/{staff_id}", 404)
    Browser(app).post(link, NEW, 400)
    invite(app)  # the address is free again


def test_who_has_accepted_is_neither_withdrawn_nor_invited_again(app: Flask, visit: Browser, people) -> None:
    visit.sign_in("aoi")
    for action in ("withdraw", "invite-again"):
        assert "もう招待を受けています" in visit.post(f"/staff/people/{people['ren']}/{action}", status=400).text
    assert mails(app) == []


@pytest.mark.parametrize(
    ("fields", "message"),
    [({"password": "short", "password_again": "short"}, "10文字以上"), ({"password_again": "another one, long"}, "上のパスワードと違います"),
     ({"name": " "}, "名前を入れて"), ({"name": "な" * 81}, "80文字まで"), ({"name": "a\u0007b"}, "画面に出ない文字"),
     ({"password": "new@example.jp", "password_again": "new@example.jp"}, "メールアドレスと同じ"),
     ({"password": "Password123", "password_again": "Password123"}, "よく使われて"), ({"password": "あ" * 201, "password_again": "あ" * 201}, "200文字"),
     ({"password": "", "password_again": ""}, "新しいパスワードを入れて")],
)  # fmt: skip
def test_what_cannot_be_taken_is_said_and_the_link_stays_good(
    app: Flask, visit: Browser, fields: dict, message: str
) -> None:
    _, link = invite(app)
    page = visit.post(link, {**NEW, **fields}, 400)
    assert message in page.text
    assert fields.get("name", NEW["name"]).strip() in page.markup
    assert CHOSEN not in page.markup
    visit.post(link, NEW)


def test_a_stopped_account_gets_no_new_password(app: Flask, visit: Browser, people) -> None:
    link = forget(app)
    with app.app_context():
        service.deactivate(None, people["aoi"])
    visit.post(link, RESET, 400)
    with app.app_context():
        service.reactivate(None, people["aoi"])
    visit.post(link, RESET, 400)


def test_a_new_password_does_not_stand_in_for_the_code(app: Flask, visit: Browser, people) -> None:
    visit.post(forget(app, "hana@example.jp"), RESET)
    fields = {"email": "hana@example.jp", "password": CHOSEN, "csrf_token": visit.token()}
    assert visit.client.post("/staff/sign-in", data=fields).location == "/staff/sign-in/code"
    assert visit.client.get("/prefecture/").status_code == 302


# ── nobody learns who has an account ──


@pytest.mark.parametrize("failure_s", [FAILURE_S])
def test_the_answer_is_the_same_whoever_asks(app: Flask, people, failure_s: float) -> None:
    invite(app, "waiting@example.jp")
    with app.app_context():
        service.deactivate(None, people["ren"])
        service.create("mihon@example.jp", "見本", service.DEMONSTRATION_PASSWORD, Role.STAFF, A, demonstration=True)
    known = len(mails(app))
    pages = []
    for email in (
        "nobody@example.jp",
        "waiting@example.jp",
        "ren@example.jp",
        "mihon@example.jp",
        "aoi@example.jp",
        "no address",
    ):
        began = time.monotonic()
        page = Browser(app).post("/staff/forgotten", {"email": email}, 200)
        assert time.monotonic() - began >= failure_s == 0.5
        pages.append(re.sub(r'(name="csrf_token"[^>]*value=)"[^"]*"', r"\1", page.markup))
    assert len(set(pages)) == 1
    assert [mail.to for mail in mails(app)[known:]] == ["aoi@example.jp"]
    assert "入れてください" in Browser(app).post("/staff/forgotten", {"email": ""}, 400).text


def test_a_reset_is_in_the_history_and_ends_no_invitation_of_others(app: Flask, visit: Browser, people) -> None:
    _, link = invite(app)
    visit.post(forget(app), RESET)
    with app.app_context():
        outcomes = db.session.scalars(db.select(SignIn.outcome).where(SignIn.staff_id == people["aoi"])).all()
    assert outcomes == [SignInOutcome.RESET]
    visit.get(link)


# ── who may invite whom ──


@pytest.mark.parametrize(
    ("who", "role", "code", "allowed"),
    [("aoi", Role.STAFF, A, True), ("aoi", Role.READ_ONLY, A, True), ("aoi", Role.STAFF, B, False), ("aoi", Role.PREFECTURE, None, False),
     ("ren", Role.READ_ONLY, A, False), ("hana", Role.STAFF, B, True), ("hana", Role.PREFECTURE, None, True)],
)  # fmt: skip
def test_nobody_gives_more_than_they_have(
    app: Flask, people, who: str, role: Role, code: str | None, allowed: bool
) -> None:
    with app.app_context():
        actor = factories.staff(people[who])
        if allowed:
            made = invitations.invite(actor, "new@example.jp", "", role, code, app.config["AKIYA"])
            assert (made.state, made.role, made.municipality_code) == (AccountState.INVITED, role, code)
        else:
            with pytest.raises(NotAllowed):
                invitations.invite(actor, "new@example.jp", "", role, code, app.config["AKIYA"])
            assert db.session.query(Message).count() == 0


def test_a_form_that_asks_for_more_is_refused(app: Flask, visit: Browser, people) -> None:
    visit.sign_in("aoi")
    fields = {"email": "new@example.jp", "role": "prefecture"}
    assert "選べない" in visit.post("/staff/people/invite", fields, 400).text
    for wrong in ({"role": "staff", "municipality_code": B},):  # a field that clerks do not have
        visit.post("/staff/people/invite", {**fields, **wrong})
    with app.app_context():
        assert db.session.scalar(db.select(Staff.municipality_code).where(Staff.email == "new@example.jp")) == A


@pytest.mark.parametrize(
    ("fields", "message"),
    [({"email": "no address"}, "no address"), ({"email": "aoi@example.jp"}, "登録済み"), ({"email": ""}, "メールアドレスを入れて"),
     ({"email": "山@例え.jp"}, "使えません"), ({"email": "a@b.jp\u202e"}, "使えません"), ({"email": "a" * 300 + "@b.jp"}, "254"),
     ({"role": ""}, "役割を選んで"), ({"role": "prefecture"}, "市町村を選び"), ({"municipality_code": ""}, "市町村を選び"),
     ({"name": "な" * 81}, "80文字"), ({"name": "a\nb"}, "画面に出ない")],
)  # fmt: skip
def test_an_invitation_that_cannot_be_sent_names_the_field(visit: Browser, people, fields: dict, message: str) -> None:
    visit.sign_in("hana")
    good = {"email": "new@example.jp", "name": "新人", "role": "staff", "municipality_code": A}
    page = visit.post("/staff/people/invite", {**good, **fields}, 400)
    assert message in page.text
    assert 'aria-invalid="true"' in page.markup


def test_another_municipalitys_people_are_not_there(app: Flask, people) -> None:
    staff_id, _ = invite(app)
    with app.app_context():
        sora = factories.staff(people["sora"])
        for act in (invitations.invite_again, lambda who, n, _config: invitations.withdraw(who, n)):
            with pytest.raises(NotFound):
                act(sora, staff_id, app.config["AKIYA"])


def test_of_two_who_accept_at_once_one_does(app: Flask) -> None:
    _, link = invite(app)
    token, key = link.rpartition("/")[2], app.config["SECRET_KEY"]

    def accept(n: int) -> bool:
        with app.app_context():
            try:
                invitations.accept(token, f"人{n}", f"{CHOSEN} {n}", key)
            except Invalid:
                return False
            return True

    with ThreadPoolExecutor(4) as pool:
        assert sum(pool.map(accept, range(4))) == 1


def test_of_two_who_invite_one_person_at_once_one_does(app: Flask) -> None:
    def send(n: int) -> str:
        with app.app_context():
            try:
                invitations.invite(None, "new@example.jp", "", Role.STAFF, A, app.config["AKIYA"])
            except Invalid as error:
                return error.errors["email"]
            return ""

    with ThreadPoolExecutor(4) as pool:
        answers = sorted(pool.map(send, range(4)))
    assert answers[0] == ""
    assert all("登録済み" in answer for answer in answers[1:])


def test_two_windows_may_keep_one_draft_at_once(app: Flask, people) -> None:
    def keep(n: int) -> None:
        with app.app_context():
            drafts.save(factories.staff(people["aoi"]), "/staff/listings/new", {"title": [f"{n}"]})

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(keep, range(8)))
    with app.app_context():
        assert db.session.query(FormDraft).count() == 1


def test_no_mail_when_the_account_is_not_made(app: Flask, people) -> None:
    def fail() -> None:
        with transaction():
            invitations.invite(None, "new@example.jp", "", Role.STAFF, A, app.config["AKIYA"])
            raise ZeroDivisionError

    with app.app_context():
        with pytest.raises(ZeroDivisionError):
            fail()
        assert db.session.query(Message).count() == db.session.query(Ticket).count() == 0
