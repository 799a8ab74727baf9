"""The staff's page about a home's owners."""

import json
import logging
from datetime import timedelta
from io import BytesIO
from pathlib import Path

import pytest
from flask import Flask

from akiya.db import db
from akiya.listings import search as listings
from akiya.listings import service as listing_service
from akiya.listings.enums import Status
from akiya.listings.events import EventKind
from akiya.listings.models import Event, Listing
from akiya.owners import search
from akiya.owners.models import Contact, CoOwner, Document
from tests import factories, images
from tests.pages.browser import Browser

HOSTILE = "<script>alert(1)</script>\"'"
ODD = "𠮷野 👪 \u200fשלום\u200e 髙"


@pytest.fixture
def home(app: Flask, people: dict[str, int]) -> int:
    with app.app_context():
        return factories.listing(people["aoi"], status=Status.DRAFT)


@pytest.fixture
def aoi(visit: Browser, home: int) -> Browser:
    visit.sign_in("aoi")
    return visit


def stored(app: Flask, kind: type) -> list:
    with app.app_context():
        return list(db.session.query(kind).order_by(kind.id))


def events(app: Flask, home: int) -> list[Event]:
    with app.app_context():
        return list(listings.events(home))


def owner(app: Flask, home: int, **values: str) -> dict[str, str]:
    with app.app_context():
        return {"version": str(db.session.get(Listing, home).version), **values}


def test_the_private_record_is_changed_and_its_history_says_so(app: Flask, aoi: Browser, home: int) -> None:
    sent = owner(
        app, home, owner_name=ODD, owner_contact="電話\n090-1111-2222", lot_number="12番地", consent_on="令和8年11月1日"
    )
    aoi.post(f"/staff/listings/{home}/owner", sent)
    page = aoi.get(f"/staff/listings/{home}/owner")
    assert ODD in page.markup
    assert 'value="2026-11-01"' in page.markup
    with app.app_context():
        private = db.session.get(Listing, home).private
        assert (private.owner_name, private.lot_number) == (ODD, "12番地")
        assert private.owner_contact.split() == ["電話", "090-1111-2222"]
    assert events(app, home)[0].changes["lot_number"] == ["", "12番地"]
    assert "12番地" in aoi.get(f"/staff/listings/{home}").text


WRONG_OWNER = [
    ("owner_name", "あ" * 121), ("owner_name", "a\x07b"), ("owner_contact", "あ" * 5001), ("owner_contact", HOSTILE + "\x08"),
    ("lot_number", "1" * 121), ("consent_on", "きのう"), ("consent_on", "2026-02-30"), ("consent_scope", "x\x1b[31m"),
]  # fmt: skip


def test_a_wrong_value_is_named_and_everything_typed_stays(app: Flask, aoi: Browser, home: int) -> None:
    for field, value in WRONG_OWNER:
        page = aoi.post(f"/staff/listings/{home}/owner", owner(app, home, notes="残る文", **{field: value}), 400)
        assert f'href="#owner-{field}"' in page.markup, (field, value)
        assert "残る文" in page.markup
        assert "<script>alert" not in page.markup
    with app.app_context():
        assert db.session.get(Listing, home).private.notes == ""


def test_a_change_made_meanwhile_is_not_overwritten(app: Flask, aoi: Browser, home: int, people) -> None:
    sent = owner(app, home, owner_name="後から")
    with app.app_context():
        listing_service.update(factories.staff(people["hana"]), home, None, {"owner_name": "先に"})
    page = aoi.post(f"/staff/listings/{home}/owner", sent, 409)
    assert "別の人がこの物件を変更しました" in page.text
    assert "後から" in page.markup


def test_co_owners_are_added_changed_and_removed(app: Flask, aoi: Browser, home: int) -> None:
    added = {"name": ODD, "relation": "heir", "share": "2分の1", "contact": "090-3333-4444", "agreed_on": ""}
    aoi.post(f"/staff/listings/{home}/owner/co-owners", added)
    (co_owner,) = stored(app, CoOwner)
    assert (co_owner.name, co_owner.agreed_on) == (ODD, None)
    assert "まだ同意なし" in aoi.get(f"/staff/listings/{home}/owner").text
    aoi.post(f"/staff/co-owners/{co_owner.id}", {**added, "agreed_on": "2026-10-01"})
    assert "2026年10月1日に同意" in aoi.get(f"/staff/listings/{home}/owner").text
    aoi.post(f"/staff/co-owners/{co_owner.id}/remove")
    assert stored(app, CoOwner) == []
    history = events(app, home)
    assert [e.action for e in history[:3]] == [
        EventKind.CO_OWNER_REMOVED,
        EventKind.CO_OWNER_CHANGED,
        EventKind.CO_OWNER_ADDED,
    ]
    assert "090-3333" not in json.dumps([e.changes for e in history])


WRONG_CO_OWNER = [
    ("name", ""), ("name", "  "), ("name", "あ" * 121), ("name", "a\x00b"), ("relation", ""), ("relation", "cousin"), ("share", "1" * 41),
    ("contact", "9" * 1001), ("agreed_on", "2999-01-01"), ("agreed_on", "いつか"),
]  # fmt: skip


def test_a_wrong_co_owner_is_refused(app: Flask, aoi: Browser, home: int) -> None:
    for field, value in WRONG_CO_OWNER:
        sent = {"name": "共有花子", "relation": "co_owner", field: value}
        page = aoi.post(f"/staff/listings/{home}/owner/co-owners", sent, 400)
        assert "U+0000" in page.text or f'href="#co_owner-{field}"' in page.markup, (field, value)
    assert stored(app, CoOwner) == []


def test_contacts_are_noted_and_never_changed(app: Flask, aoi: Browser, home: int) -> None:
    for on, text in (("2026-11-01", "先の話"), ("2026-11-03", HOSTILE), ("", "きょうの話 090-5555-6666")):
        aoi.post(f"/staff/listings/{home}/owner/contacts", {"on": on, "way": "phone", "text": text})
    with app.app_context():
        assert [c.text[:4] for c in search.contacts(home)] == ["きょうの", HOSTILE[:4], "先の話"]
        assert search.contacts(home)[0].on == listing_service.today()
        assert search.contacts(home)[0].actor == "あおい"
    assert "090-5555" not in json.dumps([e.changes for e in events(app, home)])
    page = aoi.get(f"/staff/listings/{home}/owner")
    assert "<script>alert" not in page.markup
    assert not [rule for rule in app.url_map.iter_rules() if "contact_id" in rule.arguments]


WRONG_CONTACT = [
    ("on", "2999-01-01"), ("on", "x"), ("way", ""), ("way", "pigeon"), ("text", ""), ("text", " \n "), ("text", "あ" * 5001), ("text", "\x08"),
]  # fmt: skip


def test_a_wrong_contact_is_refused(app: Flask, aoi: Browser, home: int) -> None:
    for field, value in WRONG_CONTACT:
        sent = {"on": "2026-11-01", "way": "phone", "text": "話した", field: value}
        page = aoi.post(f"/staff/listings/{home}/owner/contacts", sent, 400)
        assert f'href="#contact-{field}"' in page.markup, (field, value)
    assert stored(app, Contact) == []


def upload(
    visit: Browser, home: int, content: bytes, name: str = "同意書.pdf", status: int = 303, kind: str = "consent"
):
    data = {"kind": kind, "file": (BytesIO(content), name)}
    return visit.post(f"/staff/listings/{home}/owner/documents", data, status, content_type="multipart/form-data")


def test_a_document_comes_back_as_it_was_sent_and_is_never_a_page(
    app: Flask, aoi: Browser, home: int, tmp_path: Path
) -> None:
    contents = {
        "application/pdf": b"%PDF-1.7\n<script>alert(1)</script>", "image/jpeg": images.photo(tmp_path / "a.jpg", gps=True).read_bytes(),
        "image/png": images.png(), "image/heic": images.heic(tmp_path / "b.heic").read_bytes(),
    }  # fmt: skip
    for content in contents.values():
        upload(aoi, home, content, "../../evil\u202efdp.exe")
    for document, (media_type, content) in zip(stored(app, Document), contents.items(), strict=True):
        answer = aoi.client.get(f"/staff/documents/{document.id}")
        assert answer.data == content
        assert answer.mimetype == document.media_type == media_type
        assert answer.headers["Content-Disposition"].startswith("attachment; filename=")
        assert "sandbox" in answer.headers["Content-Security-Policy"]
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert answer.headers["Cache-Control"] == "no-store"
        assert document.name == "evilfdp.exe"
        assert document.key.startswith("private/documents/")
        assert aoi.client.get("/media/" + document.key.removeprefix("private/")).status_code == 404


WRONG_FILE = [
    (b"", "中身がありません"), (b'<svg xmlns="http://www.w3.org/2000/svg"><script/></svg>', "どれでもありません"), (b"GIF89a%PDF-", "どれでもありません"),
    (b"<html>%PDF-1.7", "PDF、JPEG、PNG、HEIC のどれでもありません。"), (b"PK\x03\x04", "どれでもありません"), (b"%PDF-" + b"0" * 25_000_000, "20MBを超えています"),
]  # fmt: skip


def files(app: Flask) -> set[str]:
    return set(app.extensions["akiya_storage"].keys("private/documents"))


def test_a_bad_file_is_refused_with_its_name(app: Flask, aoi: Browser, home: int) -> None:
    before = files(app)
    for content, told in WRONG_FILE:
        page = upload(aoi, home, content, "書類.pdf", 400)
        assert told in page.text
        assert "書類.pdf" in page.text
    for nothing in (
        {"kind": "consent"},
        {"kind": "consent", "file": "no file"},
        {"kind": "", "file": (BytesIO(b"%PDF-"), "a.pdf")},
    ):
        aoi.post(f"/staff/listings/{home}/owner/documents", nothing, 400, content_type="multipart/form-data")
    assert stored(app, Document) == []
    assert files(app) == before


def test_a_removed_document_is_gone_with_its_file(app: Flask, aoi: Browser, home: int) -> None:
    before = files(app)
    upload(aoi, home, b"%PDF-1.7")
    (document,) = stored(app, Document)
    assert files(app) == before | {document.key}
    aoi.post(f"/staff/documents/{document.id}/remove")
    assert stored(app, Document) == []
    assert files(app) == before
    assert events(app, home)[0].action == EventKind.DOCUMENT_REMOVED
    aoi.get(f"/staff/documents/{document.id}", 404)


def test_an_open_home_without_consent_warns(app: Flask, visit: Browser, people) -> None:
    with app.app_context():
        without = factories.listing(people["aoi"], number="1")
        given = factories.listing(people["aoi"], number="2", consent_on=listing_service.today() - timedelta(days=9))
    visit.sign_in("aoi")
    assert "同意の日がありません" in visit.get(f"/staff/listings/{without}").text
    assert "同意の日がありません" not in visit.get(f"/staff/listings/{given}").text


def test_who_only_reads_sees_and_cannot_change(app: Flask, aoi: Browser, home: int) -> None:
    aoi.post(f"/staff/listings/{home}/owner", owner(app, home, owner_name="持主太郎"))
    upload(aoi, home, b"%PDF-1.7")
    ren = Browser(app)
    ren.sign_in("ren")
    page = ren.get(f"/staff/listings/{home}/owner")
    assert "持主太郎" in page.text
    assert "保存する" not in page.text
    assert ren.status(f"/staff/documents/{stored(app, Document)[0].id}") == 200
    ren.post(f"/staff/listings/{home}/owner", {"owner_name": "x"}, 403)


def test_looking_is_written_down_with_ids_only(app: Flask, aoi: Browser, home: int, people) -> None:
    aoi.post(f"/staff/listings/{home}/owner", owner(app, home, owner_name="カナリア持主"))
    upload(aoi, home, b"%PDF-1.7", "カナリア書類.pdf")
    (document,) = stored(app, Document)
    lines: list[logging.LogRecord] = []
    handler = logging.Handler()
    handler.emit = lines.append  # type: ignore[method-assign]
    logging.getLogger("akiya").addHandler(handler)
    try:
        hana = Browser(app)
        hana.sign_in("hana")
        for page in ("owner", "application", "card"):
            hana.get(f"/staff/listings/{home}/{page}")
            aoi.get(f"/staff/listings/{home}/{page}")
        aoi.status(f"/staff/documents/{document.id}")
    finally:
        logging.getLogger("akiya").removeHandler(handler)
    kept = [{k: v for k, v in r.fields.items() if k != "request_id"} for r in lines if r.getMessage() == "audit"]
    assert kept == [
        *[{"what": what, "staff_id": people["hana"], "listing_id": home} for what in ("owner", "application", "card")],
        {"what": "document", "staff_id": people["aoi"], "listing_id": home, "document_id": document.id},
    ]
    assert "カナリア" not in json.dumps([getattr(r, "fields", {}) for r in lines], ensure_ascii=False)
