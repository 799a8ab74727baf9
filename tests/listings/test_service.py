"""Changes of listings: who may make them, what is recorded, what is refused."""

from datetime import date

import pytest
from flask import Flask

from akiya.db import db
from akiya.errors import Invalid, NotAllowed, NotFound
from akiya.listings import lifecycle, search, service, states
from akiya.listings.enums import Precision, PropertyKind, Status
from akiya.listings.events import EventKind
from akiya.listings.models import Listing
from akiya.municipalities.models import Municipality, Town
from tests import factories
from tests.factories import A, B


def test_a_listing_is_made_with_its_private_record_and_an_event(app: Flask, people) -> None:
    with app.app_context():
        listing_id = factories.listing(people["aoi"], status=Status.DRAFT, owner_name="持主 太郎", garden=True)
        listing = db.session.get(Listing, listing_id)
        assert listing.private.owner_name == "持主 太郎"
        assert "持主" not in listing.search_text
        event = search.events(listing_id)[0]
        assert (event.action, event.status, event.actor) == (EventKind.CREATED, Status.DRAFT, "あおい")
        assert event.changes["garden"] == [None, True]


def test_only_what_differs_is_recorded(app: Flask, people) -> None:
    with app.app_context():
        listing_id = factories.listing(people["aoi"])
        version = db.session.get(Listing, listing_id).version
        service.update(factories.staff(people["aoi"]), listing_id, version, {"price": 4_000_000, "title": ""})
        assert search.events(listing_id)[0].changes == {"price": [4_800_000, 4_000_000]}
        count = len(search.events(listing_id))
        service.update(factories.staff(people["aoi"]), listing_id, version + 1, {"price": 4_000_000})
        assert len(search.events(listing_id)) == count


def test_the_second_of_two_editors_is_told(app: Flask, people) -> None:
    with app.app_context():
        listing_id = factories.listing(people["aoi"])
        seen = db.session.get(Listing, listing_id).version
        service.update(factories.staff(people["aoi"]), listing_id, seen, {"price": 1_000_000})
        with pytest.raises(service.EditedMeanwhile):
            service.update(factories.staff(people["hana"]), listing_id, seen, {"price": 2_000_000})
        assert db.session.get(Listing, listing_id).price == 1_000_000


def test_another_municipality_sees_nothing_and_a_reader_changes_nothing(app: Flask, people) -> None:
    with app.app_context():
        listing_id = factories.listing(people["aoi"])
        actions = (
            lambda who: service.update(who, listing_id, None, {"price": 1}),
            lambda who: lifecycle.move(who, listing_id, Status.NEGOTIATING),
            lambda who: lifecycle.close(who, listing_id, Status.CONTRACTED, None, {}),
            lambda who: lifecycle.confirm(who, listing_id),
        )
        for action in actions:
            with pytest.raises(NotFound):
                action(factories.staff(people["sora"]))
            with pytest.raises(NotAllowed):
                action(factories.staff(people["ren"]))
        with pytest.raises(NotAllowed):
            service.create(factories.staff(people["aoi"]), B, {"number": "1"})
        assert db.session.get(Listing, listing_id).price == 4_800_000


def test_publishing_says_what_is_missing(app: Flask, people) -> None:
    with app.app_context():
        staff = factories.staff(people["aoi"])
        made = service.create(staff, A, {"number": "1", "kind": PropertyKind.HOUSE})
        with pytest.raises(Invalid) as caught:
            lifecycle.move(factories.staff(people["aoi"]), made.id, Status.OPEN)
        assert set(caught.value.errors) == {"is_sale", "town"}
        assert db.session.get(Listing, made.id).status is Status.DRAFT


def test_the_life_of_a_listing(app: Flask, people) -> None:
    with app.app_context():
        listing_id = factories.listing(people["aoi"])
        today = service.today()
        listing = db.session.get(Listing, listing_id)
        assert (listing.published_on, listing.confirmed_on) == (today, today)
        lifecycle.move(factories.staff(people["aoi"]), listing_id, Status.NEGOTIATING)
        assert db.session.get(Listing, listing_id).negotiating_since == today
        lifecycle.close(factories.staff(people["aoi"]), listing_id, Status.CONTRACTED, today, {"household_size": 3})
        closed = db.session.get(Listing, listing_id)
        assert (closed.status, closed.closed_on, closed.closing.household_size) == (Status.CONTRACTED, today, 3)
        moves = [e.status for e in reversed(search.events(listing_id)) if e.status]
        assert moves == [Status.DRAFT, Status.OPEN, Status.NEGOTIATING, Status.CONTRACTED]
        lifecycle.move(factories.staff(people["aoi"]), listing_id, Status.OPEN)
        assert db.session.get(Listing, listing_id).closed_on is None


def test_a_closing_day_lies_between_publication_and_today(app: Flask, people) -> None:
    with app.app_context():
        listing_id = factories.listing(people["aoi"])
        for day in (date(2999, 1, 1), date(2000, 1, 1)):
            with pytest.raises(Invalid) as caught:
                lifecycle.close(
                    factories.staff(people["aoi"]), listing_id, Status.WITHDRAWN, day, {"reason": "所有者の都合"}
                )
            assert "closed_on" in caught.value.errors


def test_a_number_is_taken_once_a_municipality(app: Flask, people) -> None:
    with app.app_context():
        factories.listing(people["aoi"], number="家-24")
        factories.listing(people["sora"], B, number="家-24")
        with pytest.raises(Invalid, match="家-24"):
            factories.listing(people["aoi"], number="家-24")


def test_a_municipality_chooses_its_steps(app: Flask, people) -> None:
    with app.app_context():
        db.session.get(Municipality, A).steps = "submitted,approved"
        db.session.commit()
        listing_id = factories.listing(people["aoi"], status=Status.DRAFT)
        with pytest.raises(Invalid):
            lifecycle.move(factories.staff(people["aoi"]), listing_id, Status.OPEN)
        for to in (Status.SUBMITTED, Status.APPROVED, Status.OPEN):
            lifecycle.move(factories.staff(people["aoi"]), listing_id, to)
        assert db.session.get(Listing, listing_id).status is Status.OPEN


@pytest.mark.parametrize("status", list(Status))
def test_every_state_has_a_way_on(status: Status) -> None:
    for to in states.moves(status, "submitted,survey,approved"):
        assert to is not status
    assert states.moves(status, "")


def test_the_public_point_is_the_towns_or_the_offices_and_says_so(app: Flask, people) -> None:
    with app.app_context():
        db.session.add(Town(municipality_code=A, name="内牧", lon=131.03, lat=32.97))
        db.session.commit()
        near = db.session.get(Listing, factories.listing(people["aoi"], number="1", town="内牧字上"))
        assert (near.precision, near.lon, near.lat) == (Precision.TOWN, 131.03, 32.97)
        far = db.session.get(
            Listing,
            factories.listing(people["aoi"], number="2", town="どこか", price_negotiable=True, status=Status.DRAFT),
        )
        office = db.session.get(Municipality, A)
        assert (far.precision, far.lon, far.lat) == (Precision.OFFICE, office.lon, office.lat)


@pytest.mark.parametrize("point", [(131.0, None), (32.9, 131.0), (0.0, 0.0)])
def test_an_impossible_point_is_refused(app: Flask, people, point) -> None:
    with app.app_context(), pytest.raises(Invalid) as caught:
        factories.listing(people["aoi"], true_lon=point[0], true_lat=point[1])
    assert "true_lat" in caught.value.errors
