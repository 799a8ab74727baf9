"""Reminders, confirmation by mail and the end of validity, on a clock that the test sets."""

import re
import threading
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from typing import Any

import pytest
from flask import Flask

from akiya.accounts import service as accounts
from akiya.accounts.models import Role, Ticket
from akiya.backoffice import reminders
from akiya.db import db, now, transaction
from akiya.listings import lifecycle, search, service
from akiya.listings.enums import NoticeKind, Status
from akiya.listings.events import EventKind
from akiya.listings.models import Listing, Notice
from akiya.outbox import service as outbox
from akiya.outbox.models import Message
from tests import factories
from tests.factories import A, B
from tests.pages.browser import Browser

pytestmark = pytest.mark.engines

DAY = timedelta(days=1)
CANARIES = {
    "owner_name": "持主CANARY太郎", "owner_contact": "090-CANARY", "lot_number": "CANARY番地", "notes": "内緒のCANARY", "appeal": "紹介CANARY",
    "consent_scope": "同意CANARY",
}  # fmt: skip


def run(app: Flask, today: date) -> reminders.Counts:
    config = app.config["AKIYA"]
    return reminders.run(today, "https://akiya.example.jp", config.secret_key)


def dates(listing_id: int, **values: date | int | None) -> None:
    with transaction() as session:
        for name, value in values.items():
            setattr(session.get(Listing, listing_id), name, value)


def left(name: str) -> None:
    """Deactivate the person's account."""
    with transaction():
        factories.staff(factories.account(name)).active = False


def mails() -> list[Message]:
    db.session.rollback()
    return list(db.session.scalars(db.select(Message).order_by(Message.id)))


def kinds() -> list[NoticeKind]:
    db.session.rollback()
    return list(db.session.scalars(db.select(Notice.kind).order_by(Notice.id)))


def links(text: str) -> list[str]:
    return re.findall(r"https://akiya\.example\.jp(/confirm/\S+)", text)


@pytest.mark.slow
def test_a_listing_from_publication_to_the_end_of_its_validity(app: Flask, people) -> None:
    """Run every day of two years: each notice is sent once, on its day."""
    with app.app_context():
        home = factories.listing(people["aoi"])
        start = service.today()
        end = lifecycle.in_months(start, 24)
        told: dict[date, list[NoticeKind]] = {}
        day, confirmed = start, 0
        while day <= end + 5 * DAY:
            before = len(kinds())
            run(app, day)
            assert run(app, day) == reminders.Counts(0, 0, 0)
            if new := kinds()[before:]:
                told[day] = new
            # The staff confirm each time except the last, on the test's clock.
            if NoticeKind.REVIEW in new and day < end - 200 * DAY:
                dates(home, confirmed_on=day, review_due_on=day + 60 * DAY)
                confirmed += 1
            day += DAY
        review = sorted(on for on, what in told.items() if NoticeKind.REVIEW in what)
        assert confirmed == 8
        assert {b - a for a, b in pairwise(review[:9])} == {60 * DAY}
        assert {b - a for a, b in pairwise(review[8:])} == {30 * DAY}
        ends = {on: kind for on, what in told.items() for kind in what if kind is not NoticeKind.REVIEW}
        assert ends == {
            end - 60 * DAY: NoticeKind.VALIDITY_60, end - 30 * DAY: NoticeKind.VALIDITY_30,
            end - 7 * DAY: NoticeKind.VALIDITY_7, end + DAY: NoticeKind.EXPIRED,
        }  # fmt: skip
        listing = db.session.get(Listing, home)
        assert (listing.status, listing.closed_on) == (Status.EXPIRED, end + DAY)
        event = search.events(home)[0]
        assert (event.actor, event.status, event.effective_on) == ("システム", Status.EXPIRED, end + DAY)
        assert len(mails()) == len(told)
        lifecycle.move(factories.staff(people["aoi"]), home, Status.OPEN)
        assert db.session.get(Listing, home).valid_until == lifecycle.in_months(service.today(), 24)


def test_one_digest_a_person_and_day_with_a_link_for_each_listing(app: Flask, people) -> None:
    with app.app_context():
        kei = accounts.create("kei@example.jp", "けい", factories.PASSWORD, Role.STAFF, A).id
        accounts.create("gone@example.jp", "やめた", factories.PASSWORD, Role.STAFF, A)
        left("gone")
        homes = [factories.listing(people["aoi"], number=f"家-{n}") for n in range(3)]
        other = factories.listing(people["sora"], B, number="よその家")
        today = service.today()
        for home in (*homes, other):
            dates(home, review_due_on=today, in_charge_id=None)
        dates(homes[0], in_charge_id=kei)
        assert run(app, today) == reminders.Counts(0, 4, 3)
        by_person = {m.to: m for m in mails()}
        assert set(by_person) == {"aoi@example.jp", "kei@example.jp", "sora@example.jp"}
        assert "家-0" not in by_person["aoi@example.jp"].text
        assert [len(links(m.text)) for m in by_person.values()] == [2, 3, 1]
        assert "よその家" in by_person["sora@example.jp"].text
        assert by_person["aoi@example.jp"].subject == "【空き家バンク】募集の確認のお願い（2件）"
        tickets = db.session.scalars(db.select(Ticket)).all()
        assert {t.subject_id for t in tickets if t.staff_id == kei} == set(homes)


def test_a_coordinator_hears_of_what_she_is_in_charge_of(app: Flask, people) -> None:
    with app.app_context():
        homes = (
            factories.listing(people["aoi"]),
            factories.listing(people["sora"], B),
            factories.listing(people["aoi"], number="2"),
        )
        today = service.today()
        for home in homes:
            dates(home, review_due_on=today)
        with transaction() as session:
            for home in homes[:2]:
                session.get(Listing, home).in_charge_id = people["hana"]
        assert run(app, today) == reminders.Counts(0, 3, 3)
        assert sorted(m.to for m in mails()) == ["aoi@example.jp", "hana@example.jp", "hana@example.jp"]


def test_who_had_a_mail_today_hears_the_rest_tomorrow(app: Flask, people) -> None:
    with app.app_context():
        first, second = (factories.listing(people["aoi"], number=str(n)) for n in range(2))
        today = service.today()
        dates(first, review_due_on=today)
        assert run(app, today).mails == 1
        dates(second, review_due_on=today)
        assert run(app, today) == reminders.Counts(0, 0, 0)
        assert run(app, today + DAY) == reminders.Counts(0, 1, 1)


def test_nobody_to_tell_is_told_when_somebody_comes(app: Flask, people) -> None:
    with app.app_context():
        home = factories.listing(people["aoi"])
        left("aoi")
        today = service.today()
        dates(home, review_due_on=today)
        assert run(app, today) == reminders.Counts(0, 0, 0)
        accounts.create("kei@example.jp", "けい", factories.PASSWORD, Role.STAFF, A)
        assert run(app, today) == reminders.Counts(0, 1, 1)


def test_only_the_nearest_end_is_told(app: Flask, people) -> None:
    with app.app_context():
        home = factories.listing(people["aoi"])
        today = service.today()
        dates(home, valid_until=today + 20 * DAY)
        run(app, today)
        assert kinds() == [NoticeKind.VALIDITY_30]
        run(app, today + 14 * DAY)
        assert kinds() == [NoticeKind.VALIDITY_30, NoticeKind.VALIDITY_7]


def test_a_negotiation_is_reminded_but_does_not_expire(app: Flask, people) -> None:
    with app.app_context():
        home = factories.listing(people["aoi"], status=Status.NEGOTIATING)
        today = service.today()
        dates(home, valid_until=today + 3 * DAY, review_due_on=today)
        run(app, today)
        assert sorted(kinds()) == [NoticeKind.REVIEW, NoticeKind.VALIDITY_7]
        run(app, today + 5 * DAY)
        assert db.session.get(Listing, home).status is Status.NEGOTIATING
        lifecycle.move(factories.staff(people["aoi"]), home, Status.OPEN)
        run(app, today + 6 * DAY)
        assert db.session.get(Listing, home).status is Status.EXPIRED


def test_a_late_run_closes_on_the_day_after_the_end(app: Flask, people) -> None:
    with app.app_context():
        home = factories.listing(people["aoi"])
        factories.published_on(home, service.today() - 100 * DAY)
        dates(home, valid_until=service.today() - 10 * DAY)
        assert run(app, service.today()).expired == 1
        assert db.session.get(Listing, home).closed_on == service.today() - 9 * DAY


def test_two_workers_tell_everybody_once(app: Flask, people) -> None:
    today = service.today()
    with app.app_context():
        first = factories.listing(people["aoi"])
        factories.copies(first, 12)
        with transaction() as session:
            session.execute(db.update(Listing).values(review_due_on=today))
            ended = db.select(Listing.id).order_by(Listing.id).limit(4)
            session.execute(
                db.update(Listing)
                .where(Listing.id.in_(ended))
                .values(valid_until=today - DAY, confirmed_on=today - DAY)
            )
    counts: list[reminders.Counts] = []
    failures: list[BaseException] = []
    begin = threading.Barrier(3)

    def work() -> None:
        with app.app_context():
            begin.wait()
            try:
                counts.append(run(app, today))
            except BaseException as error:
                failures.append(error)

    workers = [threading.Thread(target=work) for _ in range(3)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert not failures
    with app.app_context():
        run(app, today)
        run(app, today + DAY)
        assert sum(c.expired for c in counts) == 4
        text = "".join(m.text for m in mails())
        for number in range(12):
            assert len(re.findall(rf"・続き{number}\n", text)) == 1
        assert len({m.key for m in mails()}) == len(mails()) <= 2
        assert len(kinds()) == 13


def test_a_days_work_is_done_once_from_seven_in_japan(app: Flask, people) -> None:
    with app.app_context():
        home = factories.listing(people["aoi"])
        dates(home, review_due_on=date(2026, 11, 25))
        daily = reminders.DailyReminders("https://akiya.example.jp", "key")
        assert not daily.look(datetime(2026, 11, 24, 21, 59, tzinfo=UTC))
        assert not mails()
        assert daily.look(datetime(2026, 11, 24, 22, 0, tzinfo=UTC))
        assert not daily.look(datetime(2026, 11, 24, 22, 1, tzinfo=UTC))
        assert len(mails()) == 1
        assert daily.look(datetime(2026, 11, 25, 22, 0, tzinfo=UTC))


# ── the page that a link opens ──


@pytest.fixture
def link(app: Flask, people) -> str:
    with app.app_context():
        home = factories.listing(people["aoi"], title="縁側の家", **CANARIES)
        dates(home, review_due_on=service.today())
        run(app, service.today())
        return links(mails()[0].text)[0]


def the_listing() -> Listing:
    db.session.rollback()
    return db.session.scalars(db.select(Listing)).one()


def test_a_link_shows_little_and_is_used_once(app: Flask, link: str) -> None:
    visit = Browser(app)
    for _ in range(3):  # programs that open links in mails
        page = visit.get(link)
    assert "縁側の家" in page.text
    assert "空き家第1号" in page.text
    answer = visit.client.get(link)
    assert (answer.headers["Cache-Control"], answer.headers["Referrer-Policy"]) == ("no-store", "no-referrer")
    assert "noindex" in answer.headers["X-Robots-Tag"]
    visit.post(link, {}, 400)
    with app.app_context():
        assert the_listing().review_due_on == service.today()
    assert "確認しました" in visit.post(link, {"answer": "open"}, 200).text
    with app.app_context():
        assert the_listing().review_due_on == service.today() + 60 * DAY
        event = search.events(the_listing().id)[0]
        assert (event.action, event.actor) == (EventKind.CONFIRMED, "あおい")
    assert "もう使われて" in visit.get(link, 410).text
    assert "/staff/sign-in" in visit.post(link, {"answer": "close"}, 410).markup


def test_closing_is_only_asked_for(app: Flask, link: str) -> None:
    assert "伝えました" in Browser(app).post(link, {"answer": "close"}, 200).text
    with app.app_context():
        listing = the_listing()
        assert listing.status is Status.OPEN
        home = listing.id
    aoi = Browser(app)
    aoi.sign_in("aoi")
    assert "終了の依頼あり" in aoi.get(f"/staff/listings/{home}").text
    assert "終了の依頼" in aoi.get("/staff/?need=close_asked").text
    aoi.post(f"/staff/listings/{home}/confirm", {"next": "/staff/?need=close_asked"})
    assert "当てはまる物件はありません" in aoi.get("/staff/?need=close_asked").text


@pytest.mark.parametrize(
    "spoil",
    [lambda s: s[:-2], lambda s: s + "x", lambda s: s.replace(".", "-"), lambda s: "/confirm/" + "あ" * 40, lambda s: "/confirm/%00"],
)  # fmt: skip
def test_a_forged_link_opens_nothing(app: Flask, link: str, spoil: Callable[[str], str]) -> None:
    visit = Browser(app)
    page = visit.get(spoil(link), 410)
    assert "縁側の家" not in page.text
    visit.post(spoil(link), {"answer": "open"}, 410)


def test_an_old_link_and_one_of_somebody_who_left_say_so_kindly(app: Flask, link: str) -> None:
    visit = Browser(app)
    with app.app_context(), transaction() as session:
        session.execute(db.update(Ticket).values(expires_at=now().replace(microsecond=0) + timedelta(hours=1)))
    assert "このリンクは使えません" in visit.get(link, 410).text  # the signature does not match
    with app.app_context():
        left("aoi")
    assert "このリンクは使えません" in visit.get(link, 410).text


def test_a_link_ends_after_two_weeks(app: Flask, link: str, monkeypatch: pytest.MonkeyPatch) -> None:
    from akiya.accounts import tickets

    monkeypatch.setattr(tickets, "now", lambda: now() + timedelta(days=14, minutes=1))
    assert "期限は切れています" in Browser(app).get(link, 410).text


def test_a_link_to_what_is_closed_says_so(app: Flask, people, link: str) -> None:
    with app.app_context():
        lifecycle.close(factories.staff(people["aoi"]), the_listing().id, Status.CONTRACTED, None, {})
    assert "もう終わっています" in Browser(app).post(link, {"answer": "open"}, 410).text


def test_the_page_speaks_english_too(app: Flask, link: str) -> None:
    page = Browser(app).get("/en" + link)
    assert "Is this home still available?" in page.text


def test_nothing_private_is_in_a_mail_or_behind_its_link(app: Flask, link: str) -> None:
    visit = Browser(app)
    texts = [visit.get(link).markup, visit.post(link, {"answer": "close"}, 200).markup, visit.get(link, 410).markup]
    with app.app_context():
        texts += [mail.text + mail.subject for mail in mails()]
        outbox.deliver(app.config["AKIYA"])
        assert all(mail.text == "" for mail in mails())
    aoi = Browser(app)
    aoi.sign_in("aoi")
    page = aoi.get("/staff/outbox")
    assert "募集の確認のお願い" in page.text
    assert "/confirm/" not in page.markup
    for text in (*texts, page.markup):
        assert "CANARY" not in text


def test_two_answers_at_once_are_one(app: Flask, link: str) -> None:
    results: list[int] = []
    visitors = [Browser(app) for _ in range(2)]
    tokens = [visit.token() for visit in visitors]

    def press(visit: Browser, token: str, answer: str) -> None:
        data: dict[str, Any] = {"csrf_token": token, "answer": answer}
        results.append(visit.client.post(link, data=data).status_code)

    presses = [
        threading.Thread(target=press, args=(visit, token, answer))
        for visit, token, answer in zip(visitors, tokens, ("open", "close"), strict=True)
    ]
    for each in presses:
        each.start()
    for each in presses:
        each.join()
    assert sorted(results) == [200, 410]
