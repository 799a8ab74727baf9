"""Every staff address × every persona, from the URL map: a new endpoint without a row here fails."""

from datetime import timedelta
from pathlib import Path

import pytest
from flask import Flask

from akiya.accounts import service as accounts
from akiya.accounts import tickets
from akiya.accounts.models import Purpose, Role, Staff
from akiya.backoffice import bulk_actions
from akiya.bulletins import service as bulletins
from akiya.db import db, transaction
from akiya.inquiries import service as inquiries
from akiya.inquiries.models import InquiryKind
from akiya.listings import photos, search, service
from akiya.listings.models import Listing, Photo
from akiya.outbox import service as outbox
from akiya.outbox.models import Message, MessageState
from akiya.panoramas import service as panoramas
from akiya.panoramas import tiling
from tests import factories, images
from tests.ledgers import ledger
from tests.pages.browser import Browser

# endpoint -> who may open it: everyone of the municipality who is signed in, only those who write, each writer what is
# their own, only coordinators, or everyone of a municipality that was notified
ACCESS = {
    "accounts.sign_in": "public", "accounts.check_sign_in": "public", "accounts.sign_out": "public",
    "accounts.second_step": "public", "accounts.check_second_step": "public", "accounts_mailed.forgotten": "public",
    "accounts_mailed.send_reset": "public", "accounts_mailed.new_password": "public", "accounts_mailed.welcome": "public",
    "accounts_me.show": "self", "accounts_me.rename": "self", "accounts_me.change_password": "self", "accounts_me.set_up": "self",
    "accounts_me.remove_codes": "self", "accounts_me.sign_out_everywhere": "self",
    "accounts_people.index": "list", "accounts_people.invite": "own", "accounts_people.show": "read",
    "accounts_people.change_role": "write", "accounts_people.invite_again": "write", "accounts_people.withdraw": "write",
    "accounts_people.reactivate": "write", "accounts_people.reset_codes": "prefecture",
    "listings_people.put_in_charge": "write", "listings_people.hand_over": "write", "listings_people.deactivate": "write",
    "listings_staff.index": "list", "listings_staff.export_csv": "list", "listing_form.new": "write", "listings_staff.show": "read", "listing_form.edit": "write",
    "listing_form.copy": "write", "listing_form.assist": "write", "listing_form.assist_new": "write",
    "audits_staff.index": "prefecture", "audits_staff.export_csv": "prefecture",
    "bulletins_staff.current": "list", "bulletins_staff.read": "told", "bulletins_staff.index": "prefecture",
    "bulletins_staff.new": "prefecture", "bulletins_staff.show": "prefecture", "bulletins_staff.end": "prefecture",
    "bulk_staff.preview": "own", "bulk_staff.do": "own", "bulk_staff.show": "write", "bulk_staff.undo": "write",
    "listings_staff.move": "write", "listings_staff.confirm": "write", "listings_staff.close": "write",
    "listings_staff.extend": "write", "listings_staff.closings": "list", "history_staff.show": "read", "history_staff.restore": "write",
    "mails.show": "list", "mails.show_all": "prefecture", "mails.send_again": "write",
    "photos_staff.add": "write", "photos_staff.edit": "write", "photos_staff.move": "write", "photos_staff.delete": "write",
    "owners_staff.show": "read", "owners_staff.save": "write", "owners_staff.add_co_owner": "write",
    "owners_staff.edit_co_owner": "write", "owners_staff.remove_co_owner": "write", "owners_staff.note_contact": "write",
    "owners_staff.add_document": "write", "owners_staff.document": "read", "owners_staff.remove_document": "write",
    "owners_print.application": "read", "owners_print.card": "read",
    "photos_staff.order": "write", "photos_staff.blur": "write", "photos_staff.unblurred": "write",
    "municipality_staff.show": "list", "municipality_staff.save": "own",
    **{f"joining_staff.{view}": "prefecture" for view in
       ("index", "new", "show", "introduce", "invite", "settle", "begin", "only_link", "leave", "merge")},
    "municipality_staff.show_any": "prefecture", "municipality_staff.save_any": "prefecture",
    "panoramas_staff.show": "read", "panoramas_staff.upload": "write", "panoramas_staff.retry": "write", "panoramas_staff.publish": "write", "panoramas_staff.unpublish": "write",
    "panoramas_staff.remove": "write", "panoramas_staff.config": "read", "panoramas_staff.state": "read", "panoramas_staff.order": "write",
    "panoramas_staff.rename": "write", "panoramas_staff.move": "write", "scenes_staff.show": "write", "scenes_staff.draft": "write",
    "scenes_staff.add_way_back": "write", "scenes_staff.horizon": "write", "scenes_staff.replace": "write", "scenes_staff.config": "write",
    "ledgers_staff.index": "own", "ledgers_staff.upload": "own", "ledgers_staff.export_xlsx": "own", "ledgers_staff.export_csv": "own",
    "ledgers_staff.template_xlsx": "own", "ledgers_staff.show": "write", "ledgers_staff.state": "write", "ledgers_staff.columns": "write",
    "ledgers_staff.choose_columns": "write", "ledgers_staff.apply": "write", "ledgers_staff.undo": "write", "ledgers_staff.discard": "write",
    "ledgers_staff.report_csv": "write",
    "inquiries_staff.index": "list", "inquiries_staff.export_csv": "list", "inquiries_staff.add": "own",
    "inquiries_staff.note": "write", "inquiries_staff.edit": "write", "inquiries_staff.remove": "write",
    "reports_staff.index": "prefecture", "reports_staff.show_ranks": "prefecture", "figures_staff.show": "list",
    "reports_staff.offered": "list", "reports_staff.show": "prefecture", "reports_staff.save": "prefecture",
    "reports_staff.show_own": "list", "reports_staff.save_own": "list", "reports_staff.close_month": "prefecture",
}  # fmt: skip


def staff_rules(app: Flask) -> list:
    return [rule for rule in app.url_map.iter_rules() if str(rule).startswith(("/staff", "/prefecture"))]


@pytest.fixture
def addresses(app: Flask, people: dict[str, int], tmp_path: Path) -> list[tuple[str, str, str]]:
    """Return (endpoint, method, path) of every staff address, with a listing, a photo and a panorama of A."""
    with app.app_context():
        storage = app.extensions["akiya_storage"]
        listing_id = factories.listing(people["aoi"])
        photo = photos.add(
            factories.staff(people["aoi"]), listing_id, "x.jpg", images.photo(tmp_path / "x.jpg"), storage
        )
        service.update(factories.staff(people["aoi"]), listing_id, None, {"price": 1_000_000})
        event_id = search.events(listing_id)[0].id
        factories.published_on(listing_id, service.today() - timedelta(days=9))
        order = bulk_actions.BulkRequest(bulk_actions.BulkAction.CONFIRM)
        bulk_token, _plan = bulk_actions.do(factories.staff(people["aoi"]), [listing_id], order)
        outbox.write("test", "aoi@example.jp", "件名", "本文", factories.A)
        message = db.session.scalars(db.select(Message)).one()
        message.state = MessageState.FAILED
        db.session.commit()
        ids = {
            "listing_id": listing_id,
            "photo_id": photo.id,
            "event_id": event_id,
            "field": "price",
            "code": factories.A,
            "message_id": message.id,
            "report": "monthly",
            "own_report": "closings",
            "suffix": "csv",
            "bulk_token": bulk_token,
        }
        ids |= factories.owners(people["aoi"], listing_id, tmp_path, storage)
        until = service.today() + timedelta(days=9)
        ids["bulletin_id"] = bulletins.write(
            factories.staff(people["hana"]), "お知らせ", "本文", [factories.A], until
        ).id
        ids |= {"staff_id": people["ren"], **tokens(app, people["ren"])}
        ids["scene_id"] = panoramas.add(
            factories.staff(people["aoi"]), listing_id, images.panorama(tmp_path / "p.jpg"), storage, description="和室"
        ).id
        tiling.process_next(storage)
        ids["inquiry_id"] = inquiries.add(factories.staff(people["aoi"]), None, listing_id, InquiryKind.INQUIRY).id
        ids["import_id"] = ledger.send(
            app, "aoi", ledger.csv_file(tmp_path / "l.csv", [["番号", "価格"], ["新1", "1"]])
        )
    with app.test_request_context():
        adapter = app.url_map.bind("localhost")
        return [
            (rule.endpoint, method, adapter.build(rule.endpoint, {k: ids[k] for k in rule.arguments}, method=method))
            for rule in staff_rules(app)
            for method in sorted((rule.methods or set()) & {"GET", "POST"})
        ]


def tokens(app: Flask, staff_id: int) -> dict[str, str]:
    """Return the tokens in the links of mails: for an invited person, and for an account with a forgotten password."""
    with transaction() as session:
        invited = accounts.add(session, "new@example.jp", "", Role.STAFF, factories.A, {})
    key, hour = app.config["SECRET_KEY"], timedelta(hours=1)
    issued = {
        "invitation": tickets.issue(Purpose.INVITATION, invited.id, hour),
        "reset": tickets.issue(Purpose.RESET, staff_id, hour),
    }
    return {name: tickets.token(ticket, key) for name, ticket in issued.items()}


def answer(visit: Browser, method: str, path: str) -> int:
    if method == "GET":
        return visit.status(path)
    return visit.client.post(path, data={"csrf_token": visit.token()}).status_code


def state(app: Flask) -> tuple:
    with app.app_context():
        listings = [(row.version, row.status) for row in db.session.query(Listing).all()]
        people = [
            (p.id, p.role, p.active, p.password_hash, p.totp_secret) for p in db.session.query(Staff).order_by(Staff.id)
        ]
        return listings, db.session.query(Photo).count(), people


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
            if access == "public" or (access == "self" and who):
                continue
            code = answer(visit, method, path)
            allowed = {
                None: {302},
                "ren": {303} if access == "told" else {200} if access in ("read", "list") else {403},
                "sora": {200, 400}
                if access in ("list", "own") or endpoint in ("listing_form.new", "listing_form.assist_new")
                else {403}
                if access == "prefecture"
                else {404},
            }[who]
            assert code in allowed, (who, endpoint, method, code)
    assert state(app) == before


def test_a_coordinator_without_codes_opens_nothing_but_their_set_up(app: Flask, addresses) -> None:
    with app.app_context(), transaction():
        factories.staff(factories.account("hana")).totp_secret = ""
    visit = Browser(app)
    visit.sign_in("hana")
    before = state(app)
    for endpoint, method, path in addresses:
        if ACCESS[endpoint] != "public" and endpoint != "accounts_me.set_up":
            response = visit.client.open(
                path, method=method, data={"csrf_token": visit.token()} if method == "POST" else None
            )
            assert (response.status_code, response.location) == (303, "/staff/me/codes"), endpoint
    visit.get("/staff/me/codes")
    assert state(app) == before


def test_its_own_staff_and_coordinators_get_in(app: Flask, addresses) -> None:
    for who in ("aoi", "hana"):
        visit = Browser(app)
        visit.sign_in(who)
        for endpoint, method, path in addresses:
            if method == "GET" and ACCESS[endpoint] != "public":
                expected = 403 if ACCESS[endpoint] == "prefecture" and who == "aoi" else 200
                if (who, endpoint) == ("hana", "municipality_staff.show"):
                    expected = 303  # a coordinator has no municipality, so the message is for all of them
                assert answer(visit, method, path) == expected, (who, endpoint)


@pytest.mark.slow
def test_every_page_is_whole(app: Flask, addresses) -> None:
    visit = Browser(app)
    visit.sign_in("hana")
    for endpoint, method, path in addresses:
        if method == "GET" and not endpoint.endswith(
            ("csv", "xlsx", "save", "save_own", "config", "state", "second_step", "unblurred")
        ):
            visit.get(path, 303 if endpoint == "municipality_staff.show" else 200)


def test_an_unknown_id_is_not_found(app: Flask, addresses) -> None:
    visit = Browser(app)
    visit.sign_in("aoi")
    for path in ("/staff/listings/999999", "/staff/listings/999999/edit", "/staff/listings/999999/tour"):
        visit.get(path, 404)
    for path in ("/staff/listings/999999/status", "/staff/photos/999999/delete", "/staff/listings/999999/tour"):
        visit.post(path, status=404)
