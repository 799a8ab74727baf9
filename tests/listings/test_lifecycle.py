"""The life of a listing: who may move it where, what each move asks for, and that it never gets stuck."""

from datetime import date, timedelta
from itertools import product

import pytest
from flask import Flask

from akiya.accounts import service as accounts
from akiya.accounts.models import Role
from akiya.db import db, transaction
from akiya.errors import Invalid, NotAllowed
from akiya.listings import events, lifecycle, search, service, states
from akiya.listings.enums import CLOSED, MIDDLE_STEPS, Deal, Status
from akiya.listings.models import Listing
from akiya.municipalities.enums import Approval
from akiya.municipalities.models import Municipality
from tests import factories
from tests.factories import A

STEPS = ["", "submitted", "survey", "approved", "submitted,approved", "submitted,survey,approved"]


def municipality(**values: object) -> None:
    with transaction() as session:
        for name, value in values.items():
            setattr(session.get(Municipality, A), name, value)


def listing(listing_id: int) -> Listing:
    return db.session.get(Listing, listing_id)


def put(listing_id: int, status: Status, staff_id: int | None = None) -> None:
    """Set the listing's state, as if somebody had moved it there."""
    with transaction() as session:
        staff = factories.staff(staff_id) if staff_id else None
        lifecycle.set_status(session, session.get(Listing, listing_id), staff, status, service.today())


@pytest.mark.parametrize(("steps", "approval"), list(product(STEPS, Approval)))
def test_from_every_state_there_is_a_way_to_the_public_and_nothing_leads_past_an_approval(steps, approval) -> None:
    for start in Status:
        reached, edge = {start}, {start}
        while edge:
            edge = {to for status in edge for to in states.moves(status, steps, approval)} - reached
            reached |= edge
        assert Status.OPEN in reached, start
        for to in states.moves(start, steps, approval):
            known = (Status.APPROVED, Status.NEGOTIATING, *CLOSED)
            if to is Status.OPEN and approval is not Approval.NONE:
                assert start in known, start


def test_who_wants_an_approval_has_the_steps_for_it() -> None:
    assert states.way("survey", Approval.SECOND) == [
        Status.DRAFT, Status.SUBMITTED, Status.SURVEY, Status.APPROVED, Status.OPEN,
    ]  # fmt: skip
    assert states.way("", Approval.NONE) == [Status.DRAFT, Status.OPEN]


def test_an_owners_application_goes_on_where_the_step_is_not_used(app: Flask, people) -> None:
    with app.app_context():
        home = factories.listing(people["aoi"], status=Status.DRAFT)
        put(home, Status.SUBMITTED)
        aoi = factories.staff(people["aoi"])
        assert lifecycle.offered(aoi, listing(home)) == [Status.OPEN, Status.DRAFT, Status.RETURNED, Status.REJECTED]
        lifecycle.move(aoi, home, Status.DRAFT)
        assert listing(home).status is Status.DRAFT


def test_a_second_person_approves(app: Flask, people) -> None:
    with app.app_context():
        municipality(approval=Approval.SECOND)
        second = accounts.create("kei@example.jp", "けい", factories.PASSWORD, Role.STAFF, A).id
        home = factories.listing(people["aoi"], status=Status.DRAFT)
        with pytest.raises(Invalid):
            lifecycle.move(factories.staff(people["aoi"]), home, Status.OPEN)
        lifecycle.move(factories.staff(people["aoi"]), home, Status.SUBMITTED)
        assert Status.APPROVED not in lifecycle.offered(factories.staff(people["aoi"]), listing(home))
        with pytest.raises(NotAllowed, match="別の担当者"):
            lifecycle.move(factories.staff(people["aoi"]), home, Status.APPROVED)
        with pytest.raises(Invalid):
            lifecycle.move(factories.staff(second), home, Status.OPEN)
        lifecycle.move(factories.staff(second), home, Status.APPROVED)
        lifecycle.move(factories.staff(people["aoi"]), home, Status.OPEN)
        assert listing(home).status is Status.OPEN


def test_whoever_handed_it_in_last_may_not_approve_it(app: Flask, people) -> None:
    with app.app_context():
        municipality(approval=Approval.SECOND)
        second = accounts.create("kei@example.jp", "けい", factories.PASSWORD, Role.STAFF, A).id
        home = factories.listing(people["aoi"], status=Status.DRAFT)
        lifecycle.move(factories.staff(people["aoi"]), home, Status.SUBMITTED)
        lifecycle.move(factories.staff(second), home, Status.RETURNED, reason="写真が足りない")
        lifecycle.move(factories.staff(second), home, Status.DRAFT)
        lifecycle.move(factories.staff(second), home, Status.SUBMITTED)
        with pytest.raises(NotAllowed):
            lifecycle.move(factories.staff(second), home, Status.APPROVED)
        lifecycle.move(factories.staff(people["aoi"]), home, Status.APPROVED)


def test_the_prefecture_approves(app: Flask, people) -> None:
    with app.app_context():
        municipality(approval=Approval.PREFECTURE, steps="survey")
        home = factories.listing(people["aoi"], status=Status.DRAFT)
        for to in (Status.SUBMITTED, Status.SURVEY):
            lifecycle.move(factories.staff(people["aoi"]), home, to)
        with pytest.raises(NotAllowed, match="県の担当者"):
            lifecycle.move(factories.staff(people["aoi"]), home, Status.APPROVED)
        lifecycle.move(factories.staff(people["hana"]), home, Status.APPROVED)
        lifecycle.move(factories.staff(people["aoi"]), home, Status.OPEN)


def test_a_reason_is_asked_for_and_stands_in_the_history(app: Flask, people) -> None:
    with app.app_context():
        aoi = factories.staff(people["aoi"])
        home = factories.listing(people["aoi"], status=Status.DRAFT)
        put(home, Status.SUBMITTED)
        for reason in ("", "  \n ", "長" * 1001):
            with pytest.raises(Invalid) as caught:
                lifecycle.move(aoi, home, Status.RETURNED, reason=reason)
            assert set(caught.value.errors) == {"reason"}
        lifecycle.move(aoi, home, Status.RETURNED, reason="登記の名義が違う 🏚 𠮷")
        change = events.lines(search.events(home))[0].changes[1]
        assert (change.label, change.after) == ("理由", "登記の名義が違う 🏚 𠮷")


def test_a_negotiation_began_on_a_day_between_publication_and_today(app: Flask, people) -> None:
    with app.app_context():
        home = factories.listing(people["aoi"])
        today = service.today()
        factories.published_on(home, today - timedelta(days=9))
        aoi = factories.staff(people["aoi"])
        for day in (today + timedelta(days=1), today - timedelta(days=10)):
            with pytest.raises(Invalid) as caught:
                lifecycle.move(aoi, home, Status.NEGOTIATING, since=day)
            assert set(caught.value.errors) == {"since"}
        lifecycle.move(aoi, home, Status.NEGOTIATING, since=today - timedelta(days=3))
        assert listing(home).negotiating_since == today - timedelta(days=3)


def test_validity_is_counted_in_months_of_the_calendar(app: Flask, people) -> None:
    assert lifecycle.in_months(date(2024, 2, 29), 12) == date(2025, 2, 28)
    assert lifecycle.in_months(date(2026, 8, 31), 6) == date(2027, 2, 28)
    assert lifecycle.in_months(date(2026, 12, 1), 1) == date(2027, 1, 1)
    with app.app_context():
        municipality(valid_months=36, confirm_days=90)
        found = listing(factories.listing(people["aoi"]))
        assert found.valid_until == lifecycle.in_months(service.today(), 36)
        assert found.review_due_on == service.today() + timedelta(days=90)


def test_reopening_begins_a_new_validity_and_coming_back_from_a_negotiation_does_not(app: Flask, people) -> None:
    with app.app_context():
        aoi = factories.staff(people["aoi"])
        home = factories.listing(people["aoi"])
        near = service.today() + timedelta(days=5)
        with transaction() as session:
            session.get(Listing, home).valid_until = near
        lifecycle.move(aoi, home, Status.NEGOTIATING)
        lifecycle.move(aoi, home, Status.OPEN)
        assert listing(home).valid_until == near
        lifecycle.close(aoi, home, Status.EXPIRED, None, {})
        lifecycle.move(aoi, home, Status.OPEN, reason="更新の申請があった")
        assert listing(home).valid_until == lifecycle.in_months(service.today(), 24)


def test_validity_is_extended_only_near_its_end(app: Flask, people) -> None:
    with app.app_context():
        aoi = factories.staff(people["aoi"])
        home = factories.listing(people["aoi"])
        with pytest.raises(Invalid):
            lifecycle.extend(aoi, home)
        near = service.today() + timedelta(days=20)
        with transaction() as session:
            session.get(Listing, home).valid_until = near
        lifecycle.extend(aoi, home)
        assert listing(home).valid_until == lifecycle.in_months(near, 24)
        with pytest.raises(NotAllowed):
            lifecycle.extend(factories.staff(people["ren"]), home)


def test_a_request_to_close_stands_until_it_is_answered(app: Flask, people) -> None:
    with app.app_context():
        aoi = factories.staff(people["aoi"])
        home = factories.listing(people["aoi"])
        for answer in (
            lambda: lifecycle.confirm(aoi, home),
            lambda: lifecycle.close(aoi, home, Status.CONTRACTED, None, {}),
        ):
            lifecycle.ask_to_close(aoi, home)
            lifecycle.ask_to_close(aoi, home)
            assert search.close_asked(home)
            answer()
            assert not search.close_asked(home)


def test_what_is_plain_of_a_contract_is_not_asked(app: Flask, people) -> None:
    with app.app_context():
        home = factories.listing(people["aoi"])
        lifecycle.close(factories.staff(people["aoi"]), home, Status.CONTRACTED, None, {"deal": None})
        assert listing(home).closing.deal is Deal.SALE


def test_every_middle_step_can_be_left_and_every_state_is_told(app: Flask, people) -> None:
    with app.app_context():
        aoi = factories.staff(people["aoi"])
        for number, step in enumerate(MIDDLE_STEPS):
            home = factories.listing(people["aoi"], number=str(number), status=Status.DRAFT)
            put(home, step, people["aoi"])
            lifecycle.move(aoi, home, Status.REJECTED, reason="登録の条件に合わない")
            lifecycle.move(aoi, home, Status.DRAFT)
            lifecycle.move(aoi, home, Status.OPEN)
            assert [e.status for e in search.events(home) if e.status][:4] == [
                Status.OPEN, Status.DRAFT, Status.REJECTED, step,
            ]  # fmt: skip
