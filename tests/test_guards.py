"""Every staff address × every persona, from the URL map: a new endpoint without a row here fails."""

from pathlib import Path

import pytest
from flask import Flask

from akiya.db import db
from akiya.listings.models import Listing, Photo
from akiya.panoramas import service as panoramas
from tests import factories, images
from tests.pages import Browser

# endpoint -> who may: everyone of the municipality who is signed in, only those who write, or only coordinators
ACCESS = {
    "accounts.sign_in": "public", "accounts.check_sign_in": "public", "accounts.sign_out": "public",
    "listings_staff.index": "list", "listings_staff.new": "write", "listings_staff.show": "read", "listings_staff.edit": "write",
    "listings_staff.move": "write", "listings_staff.confirm": "write", "listings_staff.close": "write",
    "listings_staff.add_photos": "write", "listings_staff.edit_photo": "write", "listings_staff.move_photo": "write",
    "listings_staff.delete_photo": "write",
    "panoramas_staff.show": "read", "panoramas_staff.upload": "write", "panoramas_staff.retry": "write",
    "panoramas_staff.remove": "write", "panoramas_staff.config": "read",
    "reports_staff.index": "prefecture", "reports_staff.monthly": "prefecture", "reports_staff.monthly_csv": "prefecture",
    "reports_staff.monthly_xlsx": "prefecture",
}  # fmt: skip


def staff_rules(app: Flask) -> list:
    return [rule for rule in app.url_map.iter_rules() if str(rule).startswith(("/staff", "/prefecture"))]


@pytest.fixture
def addresses(app: Flask, people: dict[str, int], tmp_path: Path) -> list[tuple[str, str, str]]:
    """(endpoint, method, path) of every staff address, with a listing, a photo and a panorama of municipality A."""
    with app.app_context():
        storage = app.extensions["akiya_storage"]
        listing_id = factories.listing(people["aoi"])
        photo = Photo(
            listing_id=listing_id,
            position=0,
            key="public/photos/x",
            original_key="private/photos/x",
            width=1,
            height=1,
            widths=[1],
        )
        db.session.add(photo)
        db.session.commit()
        ids = {"listing_id": listing_id, "photo_id": photo.id}
        panoramas.receive(
            factories.staff(people["aoi"]), listing_id, images.panorama(tmp_path / "p.jpg"), storage, description="和室"
        )
        panoramas.process_next(storage)
    with app.test_request_context():
        adapter = app.url_map.bind("localhost")
        return [
            (rule.endpoint, method, adapter.build(rule.endpoint, {k: ids[k] for k in rule.arguments}, method=method))
            for rule in staff_rules(app)
            for method in sorted((rule.methods or set()) & {"GET", "POST"})
        ]


def answer(visit: Browser, method: str, path: str) -> int:
    if method == "GET":
        return visit.client.get(path).status_code
    return visit.client.post(path, data={"csrf_token": visit.token()}).status_code


def state(app: Flask) -> tuple:
    with app.app_context():
        listings = [(row.version, row.status) for row in db.session.query(Listing).all()]
        return listings, db.session.query(Photo).count()


def test_every_staff_address_has_a_row(migrated: Flask) -> None:
    assert {rule.endpoint for rule in staff_rules(migrated)} == set(ACCESS)


def test_who_may_open_what(app: Flask, addresses) -> None:
    before = state(app)
    for who in (None, "ren", "sora"):
        visit = Browser(app)
        if who:
            visit.sign_in(who)
        for endpoint, method, path in addresses:
            access = ACCESS[endpoint]
            if access == "public":
                continue
            code = answer(visit, method, path)
            allowed = {
                None: {302},
                "ren": {200} if access in ("read", "list") else {403},
                "sora": {200, 400}
                if access == "list" or endpoint == "listings_staff.new"
                else {403}
                if access == "prefecture"
                else {404},
            }[who]
            assert code in allowed, (who, endpoint, method, code)
    assert state(app) == before


def test_its_own_staff_and_coordinators_get_in(app: Flask, addresses) -> None:
    for who in ("aoi", "hana"):
        visit = Browser(app)
        visit.sign_in(who)
        for endpoint, method, path in addresses:
            if method == "GET" and ACCESS[endpoint] != "public":
                expected = 403 if ACCESS[endpoint] == "prefecture" and who == "aoi" else 200
                assert answer(visit, method, path) == expected, (who, endpoint)


def test_every_page_is_whole(app: Flask, addresses) -> None:
    visit = Browser(app)
    visit.sign_in("hana")
    for endpoint, method, path in addresses:
        if method == "GET" and not endpoint.endswith(("csv", "xlsx", "config")):
            visit.get(path)


def test_an_unknown_id_is_not_found(app: Flask, addresses) -> None:
    visit = Browser(app)
    visit.sign_in("aoi")
    for path in ("/staff/listings/999999", "/staff/listings/999999/edit", "/staff/listings/999999/panorama"):
        visit.get(path, 404)
    for path in ("/staff/listings/999999/status", "/staff/photos/999999/delete", "/staff/listings/999999/panorama"):
        visit.post(path, status=404)
