"""The event that each step in the life of a listing records."""

from datetime import timedelta

from flask import Flask

from akiya.db import db, transaction
from akiya.listings import lifecycle, search, service
from akiya.listings.enums import Status
from akiya.listings.events import EventKind
from akiya.listings.models import Event, Listing
from tests import factories


def listing(listing_id: int) -> Listing:
    return db.session.get(Listing, listing_id)


def newest(listing_id: int) -> tuple[object, ...]:
    """Return the last event of the listing."""
    event: Event = search.events(listing_id)[0]
    return event.action, event.actor, event.changes, event.status, event.effective_on


def count(listing_id: int) -> int:
    return len(search.events(listing_id))


def test_a_confirmation_is_an_event_with_both_days(app: Flask, people: dict[str, int]) -> None:
    with app.app_context():
        home, today = factories.listing(people["aoi"]), service.today()
        with transaction() as session:
            session.get(Listing, home).confirmed_on = today - timedelta(days=50)
        before = count(home)
        lifecycle.confirm(factories.staff(people["aoi"]), home)
        days = {"confirmed_on": [str(today - timedelta(days=50)), str(today)]}
        assert newest(home) == (EventKind.CONFIRMED, "あおい", days, None, today)
        assert count(home) == before + 1
        assert listing(home).confirmed_on == today
        assert listing(home).review_due_on == today + timedelta(days=60)


def test_a_confirmation_by_mail_says_so(app: Flask, people: dict[str, int]) -> None:
    with app.app_context():
        home, today = factories.listing(people["aoi"]), service.today()
        lifecycle.confirm(factories.staff(people["aoi"]), home, by_mail=True)
        changes = {"confirmed_on": [str(today), str(today)], "way": [None, "メールのリンク"]}
        assert newest(home) == (EventKind.CONFIRMED, "あおい", changes, None, today)


def test_a_move_is_an_event_with_both_states_and_the_reason(app: Flask, people: dict[str, int]) -> None:
    with app.app_context():
        aoi, today = factories.staff(people["aoi"]), service.today()
        home = factories.listing(people["aoi"])
        lifecycle.move(aoi, home, Status.NEGOTIATING)
        assert newest(home) == (
            EventKind.MOVED,
            "あおい",
            {"status": ["open", "negotiating"]},
            Status.NEGOTIATING,
            today,
        )
        lifecycle.close(aoi, home, Status.WITHDRAWN, today, {"reason": "親族が住む"})
        changes = {"status": ["negotiating", "withdrawn"], "reason": [None, "親族が住む"]}
        assert newest(home) == (EventKind.MOVED, "あおい", changes, Status.WITHDRAWN, today)
        lifecycle.close(aoi, home, Status.WITHDRAWN, today, {"reason": "親族が住む"})
        assert newest(home) == (EventKind.COMPLETED, "あおい", {}, None, None)


def test_a_request_to_close_is_an_event_each_time(app: Flask, people: dict[str, int]) -> None:
    with app.app_context():
        home, today = factories.listing(people["aoi"]), service.today()
        before = count(home)
        for times in (1, 2):
            lifecycle.ask_to_close(factories.staff(people["aoi"]), home)
            assert newest(home) == (EventKind.CLOSE_ASKED, "あおい", {}, None, today)
            assert count(home) == before + times


def test_an_extension_is_an_event_with_both_ends(app: Flask, people: dict[str, int]) -> None:
    with app.app_context():
        home = factories.listing(people["aoi"])
        near = service.today() + timedelta(days=20)
        with transaction() as session:
            session.get(Listing, home).valid_until = near
        lifecycle.extend(factories.staff(people["aoi"]), home)
        changes = {"valid_until": [str(near), str(lifecycle.in_months(near, 24))]}
        assert newest(home) == (EventKind.EXTENDED, "あおい", changes, None, None)


def test_the_last_day_on_which_the_validity_may_be_extended(app: Flask, people: dict[str, int]) -> None:
    with app.app_context():
        home, today = factories.listing(people["aoi"]), service.today()
        for days, extendable in ((59, True), (60, True), (61, False), (0, True), (-1, True)):
            with transaction() as session:
                session.get(Listing, home).valid_until = today + timedelta(days=days)
            assert lifecycle.extendable(listing(home)) is extendable, days
