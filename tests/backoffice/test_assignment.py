"""The person in charge of a listing, and handing listings over when somebody leaves."""

import pytest
from flask import Flask

from akiya.accounts import service as accounts
from akiya.accounts.models import Role
from akiya.backoffice import assignment
from akiya.db import db, revision
from akiya.errors import Invalid, NotAllowed, NotFound
from akiya.listings.events import EventKind
from akiya.listings.models import Event, Listing
from tests import factories
from tests.factories import PASSWORD, A, B
from tests.pages.browser import Browser


@pytest.fixture
def kei(app: Flask, people: dict[str, int]) -> int:
    """Create a second writer of A and return the account id."""
    with app.app_context():
        return accounts.create("kei@example.jp", "けい", PASSWORD, Role.STAFF, A).id


def listings(app: Flask, people: dict[str, int], count: int = 3) -> list[int]:
    with app.app_context():
        return [factories.listing(people["aoi"], number=f"空き家第{n}号") for n in range(count)]


def in_charge(app: Flask) -> list[int | None]:
    with app.app_context():
        return list(db.session.scalars(db.select(Listing.in_charge_id).order_by(Listing.id)))


def handed_over(app: Flask) -> list[dict]:
    with app.app_context():
        query = db.select(Event.changes).where(Event.action == EventKind.HANDED_OVER).order_by(Event.id)
        return list(db.session.scalars(query))


def test_who_writes_a_listing_is_in_charge_of_it(app: Flask, people) -> None:
    listings(app, people, 1)
    assert in_charge(app) == [people["aoi"]]


def test_it_is_changed_on_the_listings_page_and_disturbs_nobody(app: Flask, visit: Browser, people, kei: int) -> None:
    (listing_id,) = listings(app, people, 1)
    with app.app_context():
        version, before = db.session.get(Listing, listing_id).version, revision()
    visit.sign_in("aoi")
    assert "けい" in visit.get(f"/staff/listings/{listing_id}").text
    visit.post(f"/staff/listings/{listing_id}/in-charge", {"to": str(kei)})
    visit.post(f"/staff/listings/{listing_id}/in-charge", {"to": str(kei)})
    assert in_charge(app) == [kei]
    assert handed_over(app) == [{"in_charge": ["あおい", "けい"]}]
    page = visit.get(f"/staff/listings/{listing_id}").text
    assert "担当者の変更" in page
    assert "あおい → けい" in page
    with app.app_context():
        assert (db.session.get(Listing, listing_id).version, revision()) == (version, before)
    visit.post(f"/staff/listings/{listing_id}/in-charge", {"to": ""})
    assert in_charge(app) == [None]


@pytest.mark.parametrize("to", ["ren", "sora", "999999", "x", "٣", "-1", "9" * 30])
def test_only_who_can_work_on_it_is_put_in_charge(app: Flask, visit: Browser, people, to: str) -> None:
    (listing_id,) = listings(app, people, 1)
    visit.sign_in("aoi")
    visit.post(f"/staff/listings/{listing_id}/in-charge", {"to": str(people.get(to, to))}, 400)
    assert in_charge(app) == [people["aoi"]]
    visit.post(f"/staff/listings/{listing_id}/in-charge", {"to": str(people["hana"])})


def test_everything_is_handed_over_in_one_step(app: Flask, visit: Browser, people, kei: int) -> None:
    listings(app, people)
    with app.app_context():
        factories.listing(people["sora"], B)
    visit.sign_in("aoi")
    path = f"/staff/people/{people['aoi']}/hand-over"
    assert "3件" in visit.get(path).text
    assert "引き継ぐ人を選んで" in visit.post(path, {"to": ""}, 400).text
    visit.post(path, {"to": str(people["sora"])}, 400)
    visit.post(path, {"to": str(kei)})
    assert in_charge(app) == [kei, kei, kei, people["sora"]]
    assert len(handed_over(app)) == 3


def test_it_is_offered_when_somebody_leaves(app: Flask, visit: Browser, people, kei: int) -> None:
    listings(app, people)
    visit.sign_in("kei")
    path = f"/staff/people/{people['aoi']}/deactivate"
    assert "3件" in visit.get(path).text
    visit.post(path, {"to": str(people["ren"])}, 400)
    visit.post(path, {"to": str(kei)})
    assert in_charge(app) == [kei] * 3
    with app.app_context():
        assert not factories.staff(people["aoi"]).active


def test_who_leaves_may_stay_in_charge_and_is_named(app: Flask, visit: Browser, people, kei: int) -> None:
    (listing_id,) = listings(app, people, 1)
    visit.sign_in("kei")
    visit.post(f"/staff/people/{people['aoi']}/deactivate", {"to": ""})
    assert in_charge(app) == [people["aoi"]]
    assert "あおい（いまは担当できません）" in visit.get(f"/staff/listings/{listing_id}").text


def test_leaving_that_is_refused_hands_nothing_over(app: Flask, visit: Browser, people) -> None:
    listings(app, people)
    visit.sign_in("aoi")
    path = f"/staff/people/{people['aoi']}/deactivate"
    assert "最後の担当者" in visit.post(path, {"to": str(people["hana"])}, 400).text
    assert in_charge(app) == [people["aoi"]] * 3
    assert handed_over(app) == []


def test_a_coordinators_listings_go_to_another_coordinator(app: Flask, people) -> None:
    with app.app_context():
        hana = factories.staff(people["hana"])
        factories.listing(hana.id, A)
        factories.listing(hana.id, B)
        ken = accounts.create("ken@example.jp", "けん", PASSWORD, Role.PREFECTURE)
        with pytest.raises(Invalid):
            assignment.hand_over(hana, hana.id, people["aoi"])
        assert assignment.leave(hana, hana.id, ken.id) == 2
        assert not hana.active


def test_others_hand_nothing_over(app: Flask, people, kei: int) -> None:
    (listing_id,) = listings(app, people, 1)
    with app.app_context():
        for who, error in (("ren", NotAllowed), ("sora", NotFound)):
            actor = factories.staff(people[who])
            for act in (
                lambda a=actor: assignment.hand_over(a, people["aoi"], kei),
                lambda a=actor: assignment.put(a, listing_id, kei),
            ):
                with pytest.raises(error):
                    act()
    assert in_charge(app) == [people["aoi"]]
