"""The audit log: recorded as it happens, only by ids, shown to coordinators, exported, deleted in time."""

import csv
import io
from datetime import timedelta

import pytest
from flask import Flask

from akiya.audits import service
from akiya.audits.models import AuditKind, AuditLine
from akiya.db import db, now, transaction
from akiya.listings.models import Listing
from akiya.pages.prefecture.recording import ENDPOINTS
from tests import factories
from tests.pages.browser import Browser


@pytest.fixture
def home(app: Flask, people: dict[str, int]) -> int:
    with app.app_context():
        return factories.listing(people["aoi"], number="家-7", owner_name="持主 太郎")


@pytest.fixture
def hana(visit: Browser, home: int) -> Browser:
    visit.sign_in("hana")
    return visit


def signed_in(app: Flask, name: str) -> Browser:
    visit = Browser(app)
    visit.sign_in(name)
    return visit


def kept(app: Flask) -> list[tuple]:
    with app.app_context():
        lines = db.session.scalars(db.select(AuditLine).order_by(AuditLine.id))
        return [(line.staff_id, line.kind, line.what, line.municipality_code, line.ids) for line in lines]


def rows(visit: Browser, query: str = "") -> list[dict[str, str]]:
    text = visit.get(f"/prefecture/audit.csv?{query}").markup
    return list(csv.DictReader(io.StringIO(text.lstrip("\ufeff"))))


def test_every_recorded_address_is_one(app: Flask) -> None:
    assert set(ENDPOINTS) <= set(app.view_functions)


def test_what_is_seen_saved_and_set_is_kept_by_ids_and_a_public_page_leaves_nothing(
    hana: Browser, app: Flask, home: int, people: dict[str, int]
) -> None:
    aoi = signed_in(app, "aoi")
    for path in ("/", "/search", f"/listings/{home}"):
        Browser(app).client.get(path)
    aoi.get("/staff/")
    aoi.get(f"/staff/listings/{home}")
    assert kept(app) == []
    hana.get(f"/staff/listings/{home}")
    aoi.get("/staff/listings.csv?q=家")
    aoi.post("/staff/me/name", {"me-name": "あおい二"})
    aoi.post("/staff/me/name", {"me-name": ""}, 400)
    hana.post(f"/staff/people/{people['ren']}/role", {"role": "staff", "municipality_code": factories.A})
    assert kept(app) == [
        (people["hana"], AuditKind.SEEN, "listing", factories.A, {"listing_id": home}),
        (people["aoi"], AuditKind.EXPORT, "listings_staff.export_csv", factories.A, {}),
        (people["aoi"], AuditKind.ACCOUNT, "accounts_me.rename", factories.A, {}),
        (people["hana"], AuditKind.ACCOUNT, "accounts_people.change_role", factories.A, {"staff_id": people["ren"]}),
    ]


def test_the_page_tells_of_all_and_its_file_is_itself_recorded(
    hana: Browser, app: Flask, home: int, people: dict[str, int]
) -> None:
    signed_in(app, "sora").get("/staff/listings.csv")
    hana.get(f"/staff/listings/{home}/owner")
    page = hana.get("/prefecture/audit")
    for told in ("登録", "サインインした", "物件の一覧", "所有者の情報", "家-7", "あおい", "そら"):
        assert told in page.text, told
    assert "持主" not in page.text
    assert {row["種類"] for row in rows(hana)} == {"物件の変更", "サインイン", "ファイルの保存", "非公開の情報の閲覧"}
    (first, *_rest) = rows(hana, "kind=export")
    assert (first["した人"], first["内容"], first["市町村"]) == ("はな", "操作の記録", "県")


@pytest.mark.parametrize(
    ("query", "actors"),
    [("who=そら", {"そら"}), ("who=sora@", {"そら"}), ("who=いない人", set()), ("municipality=43202", {"そら"}),
     ("municipality=43214&kind=listing", {"あおい"}), ("kind=sign_in", {"はな", "そら"}), ("kind=setting", set()),
     ("since=2001-01-01&until=2001-02-01", set()), ("kind=odd&who=あおい", {"あおい"})],
)  # fmt: skip
def test_each_filter_leaves_what_fits(hana: Browser, app: Flask, query: str, actors: set[str]) -> None:
    signed_in(app, "sora").get("/staff/listings.csv")
    assert {row["した人"] for row in rows(hana, query)} == actors


def test_pages_of_a_long_list(hana: Browser, app: Flask, home: int, people: dict[str, int]) -> None:
    with app.app_context(), transaction() as session:
        made = [
            AuditLine(staff_id=people["aoi"], kind=AuditKind.EXPORT, what="ledgers_staff.export_csv", ids={})
            for _ in range(130)
        ]
        session.add_all(made)
    assert "130件" in hana.get("/prefecture/audit?kind=export&page=2").text
    assert "kind=export" in hana.get("/prefecture/audit?kind=export").markup


@pytest.mark.parametrize(
    ("query", "field"),
    [("since=いつか", "since"), ("until=2026-02-30", "until"), ("since=2026-03-02&until=2026-03-01", "until"),
     ("since=0001-01-01", "until")],
)  # fmt: skip
def test_a_day_that_cannot_be_is_said_at_its_field(hana: Browser, query: str, field: str) -> None:
    assert f'href="#{field}"' in hana.get(f"/prefecture/audit?{query}", 400).markup
    hana.get(f"/prefecture/audit.csv?{query}", 400)


def test_only_coordinators_read_it(hana: Browser, app: Flask) -> None:
    for path in ("/prefecture/audit", "/prefecture/audit.csv"):
        Browser(app).get(path, 302)
        for name in ("aoi", "ren", "sora"):
            signed_in(app, name).get(path, 403)
    assert kept(app) == []


def test_who_was_sent_to_set_up_their_codes_did_nothing(hana: Browser, app: Flask, people: dict[str, int]) -> None:
    with app.app_context(), transaction():
        factories.staff(people["hana"]).totp_secret = ""
    hana.post(f"/staff/people/{people['ren']}/role", {"role": "staff", "municipality_code": factories.A})
    assert kept(app) == []


def test_lines_are_erased_after_the_set_months_and_no_sooner(app: Flask, people: dict[str, int], home: int) -> None:
    with app.app_context():
        with transaction() as session:
            for days in (1, 1090, 1100):
                at = now() - timedelta(days=days)
                session.add(AuditLine(at=at, kind=AuditKind.EXPORT, what="ledgers_staff.export_csv"))
        assert service.forget_old(now(), 36) == 1
        assert service.forget_old(now(), 36) == 0
        assert db.session.query(AuditLine).count() == 2
        assert db.session.get(Listing, home) is not None
