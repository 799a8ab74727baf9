"""Merging two municipalities: previewed, done in one transaction; addresses, history, staff and reports continue."""

import re
from datetime import date, timedelta
from pathlib import Path

import pytest
from flask import Flask
from geoalchemy2.shape import to_shape

from akiya.accounts.models import Staff
from akiya.db import db, today
from akiya.errors import Invalid
from akiya.inquiries import service as inquiries
from akiya.inquiries.models import Inquiry, InquiryKind
from akiya.ledgers.models import Import, Layout, Row, RowState
from akiya.listings.enums import Status
from akiya.listings.events import EventKind
from akiya.listings.models import Event, Listing
from akiya.listings.service import update
from akiya.membership import merging
from akiya.municipalities import search as municipalities
from akiya.municipalities.codes import code6
from akiya.municipalities.enums import Blur, Standing
from akiya.municipalities.models import Agent, Municipality, MunicipalityEvent, Town
from tests import factories
from tests.commands.test_commands import akiya
from tests.factories import A, B
from tests.ledgers import ledger
from tests.pages.browser import Browser

pytestmark = pytest.mark.engines

MERGE = f"/prefecture/municipalities/{A}/merge"
SQUARES = {A: "131 32.9,131.1 32.9,131.1 33,131 33,131 32.9", B: "131.1 32.9,131.2 32.9,131.2 33,131.1 33,131.1 32.9"}


@pytest.fixture
def homes(app: Flask, people) -> dict[str, int]:
    """Return homes of A and B; two have the same number, and two towns the same name."""
    with app.app_context():
        for code, names in ((A, ("内牧", "本町一丁目")), (B, ("本町", "鏡町"))):
            db.session.add_all(Town(municipality_code=code, name=name, lon=131.05, lat=32.95) for name in names)
            db.session.get(Municipality, code).boundary = f"SRID=4326;MULTIPOLYGON((({SQUARES[code]})))"
        agents = [(A, "阿蘇不動産"), (A, "県央ホーム"), (B, "県央ホーム")]
        db.session.add_all(Agent(municipality_code=code, name=name) for code, name in agents)
        db.session.get(Municipality, A).blur = Blur.MESH_1000
        db.session.commit()
        aoi, sora = people["aoi"], people["sora"]
        made = {
            "clash": factories.listing(aoi, number="1", title="A の一"),
            "alone": factories.listing(aoi, number="2", town="本町一丁目5", status=Status.CONTRACTED),
            "lost": factories.listing(aoi, number="3", town="", true_lon=131.05, true_lat=32.96, status=Status.DRAFT),
            "theirs": factories.listing(sora, B, number="1", town="鏡町"),
        }
        inquiries.add(factories.staff(aoi), None, made["clash"], InquiryKind.INQUIRY)
        return made


def test_it_is_shown_first_and_then_done(app: Flask, visit: Browser, people, homes: dict[str, int]) -> None:
    visit.sign_in("hana")
    assert "合併先を選んでください" in visit.post(MERGE, {"into": ""}, 400).text
    assert "ここでは選べないものです" in visit.post(MERGE, {"into": "99999"}, 400).text
    assert "「春」は年月日として読めません" in visit.post(MERGE, {"into": B, "on": "春"}, 400).text
    page = visit.post(MERGE, {"into": B, "on": "2026-04-01"}, 200)
    assert "物件 3件（公開中 1件）を八代市に移します" in page.text
    assert "1 → 阿蘇市1" in page.text
    assert "物件 1件、町・字 1件" in page.text
    assert "職員 2人" in page.text
    with app.app_context():
        assert db.session.get(Municipality, A).standing is Standing.JOINED
        assert db.session.get(Listing, homes["clash"]).municipality_code == A
    visit.post(MERGE, {"into": B, "on": "2026-04-01", "sure": "1"})
    with app.app_context():
        _is_merged(homes, people)
    assert "八代市に合併しました" in visit.get(f"/prefecture/municipalities/{A}/join").text
    assert "合併（2026年4月1日、八代市へ）" in visit.get("/prefecture/municipalities").text
    history = visit.get(f"/staff/listings/{homes['clash']}/history").text
    assert "市町村の合併" in history
    assert "2026-04-01に合併" in visit.post(MERGE, {"into": B, "sure": "1"}, 400).text


def _is_merged(homes: dict[str, int], people: dict[str, int]) -> None:
    old, new = db.session.get(Municipality, A), db.session.get(Municipality, B)
    assert (old.standing, old.successor_code, old.merged_on) == (Standing.MERGED, B, date(2026, 4, 1))
    rows = {name: db.session.get(Listing, listing_id) for name, listing_id in homes.items()}
    assert {row.municipality_code for row in rows.values()} == {B}
    assert [row.number for row in rows.values()] == ["阿蘇市1", "2", "3", "1"]
    assert [row.town for row in rows.values()] == ["内牧", "阿蘇市本町一丁目5", "", "鏡町"]
    assert [row.blur for row in rows.values()] == [Blur.MESH_1000] * 3 + [None]
    assert "八代市" in rows["clash"].search_head + rows["clash"].search_text
    event = db.session.scalars(
        db.select(Event).where(Event.listing_id == homes["clash"]).order_by(Event.id.desc()).limit(1)
    ).one()
    assert (event.action, event.effective_on, event.actor) == (EventKind.MERGED, date(2026, 4, 1), "はな")
    assert event.changes["municipality_code"] == [A, B]
    assert event.changes["number"] == ["1", "阿蘇市1"]
    towns = set(db.session.scalars(db.select(Town.name).where(Town.municipality_code == B)))
    assert towns == {"本町", "鏡町", "内牧", "阿蘇市本町一丁目", "阿蘇市"}
    agents = db.session.scalars(db.select(Agent.name).where(Agent.municipality_code == B)).all()
    assert sorted(agents) == ["県央ホーム", "阿蘇不動産"]
    assert {db.session.get(Staff, people[name]).municipality_code for name in ("aoi", "ren", "sora")} == {B}
    assert to_shape(new.boundary).area == pytest.approx(0.02)
    kept = db.session.scalars(db.select(MunicipalityEvent).order_by(MunicipalityEvent.municipality_code)).all()
    assert [(each.municipality_code, str(each.action)) for each in kept] == [(B, "merged"), (A, "merged")]
    assert municipalities.with_predecessors(B) == [B, A]


def test_addresses_searches_and_accounts_go_on(app: Flask, visit: Browser, people, homes: dict[str, int]) -> None:
    with app.app_context():
        merging.merge(factories.staff(people["hana"]), A, B, None)
    for prefix in ("", "/en"):
        for code in (A, code6(A)):
            answer = visit.client.get(f"{prefix}/municipalities/{code}")
            assert (answer.status_code, answer.location) == (301, f"{prefix}/municipalities/{B}")
    for code in (A, code6(A), B, code6(B)):
        found = visit.client.get(f"/listings.geojson?municipality={code}").get_json()
        assert len(found["features"]) == 2, code
    page = visit.get(f"/listings/?municipality={code6(A)}")
    assert re.search(rf'name="municipality" value="{B}" checked', page.markup)
    assert "という選択肢はありません" not in page.text
    assert "阿蘇市1" in visit.get(f"/listings/{homes['clash']}").text
    assert f"/municipalities/{A}" not in visit.client.get("/sitemap.xml").text
    visit.get("/owners/apply")
    visit.sign_in("aoi")
    visit.get(f"/staff/listings/{homes['theirs']}")
    assert "1" in visit.get("/staff/inquiries").text
    with app.app_context():
        kept = db.session.scalars(db.select(Inquiry)).one()
        assert kept.municipality_code == A
        sora = Browser(app)
        sora.sign_in("sora")
        sora.get(f"/staff/inquiries/{kept.id}")
        # The office's point becomes a town, so that saving the home again does not move it to the other office.
        before = db.session.get(Listing, homes["lost"])
        point = (before.lon, before.lat)
        update(factories.staff(people["sora"]), homes["lost"], None, {"remarks": "見直し"})
        again = db.session.get(Listing, homes["lost"])
        assert (again.lon, again.lat) == point


def test_what_stands_in_the_way_is_named_and_nothing_is_done(app: Flask, people, homes, tmp_path: Path) -> None:
    with app.app_context():
        hana = factories.staff(people["hana"])
        factories.listing(people["aoi"], number="阿蘇市1")
        taken = ledger.send(app, "aoi", ledger.csv_file(tmp_path / "l.csv", [["番号", "価格"], ["新1", "1"]]))
        new = db.session.get(Municipality, B)
        new.joined = False
        db.session.commit()
        tomorrow = today() + timedelta(days=1)
        problems = "".join(merging.preview(hana, A, B, tomorrow).problems)
        for text in (
            "「阿蘇市1」も使えません",
            "台帳「l.csv」の取り込みが終わっていません",
            "八代市は参加していません",
        ):
            assert text in problems
        assert f"{tomorrow} は先の日付です" in problems
        assert "阿蘇市自身です" in "".join(merging.preview(hana, A, A, None).problems)
        with pytest.raises(Invalid, match="終わっていません"):
            merging.merge(hana, A, B, None)
        with pytest.raises(Invalid, match="「99999」は登録されていません"):
            merging.merge(hana, A, "99999", None)
        db.session.expire_all()
        assert db.session.get(Municipality, A).successor_code is None
        assert db.session.get(Import, taken).municipality_code == A
        assert {db.session.get(Listing, each).municipality_code for each in homes.values()} == {A, B}


def test_ledgers_and_their_columns_move(app: Flask, people, homes, tmp_path: Path) -> None:
    with app.app_context():
        taken = ledger.send(app, "aoi", ledger.csv_file(tmp_path / "l.csv", [["番号", "価格"], ["新1", "1"]]))
        ledger.do(app, "aoi", taken)
        if db.session.get(Layout, A) is None:
            db.session.add(Layout(municipality_code=A, columns=[["番号", "number"]]))
            db.session.commit()
        merging.merge(factories.staff(people["hana"]), A, B, None)
        db.session.expire_all()
        assert (db.session.get(Layout, A), db.session.get(Import, taken).municipality_code) == (None, B)
        assert db.session.get(Layout, B) is not None
        # The merger came after the ledger and is not undone with it: the home stays in its new municipality.
        ledger.undo(app, "sora", taken)
        assert db.session.scalar(db.select(Row.state)) is RowState.KEPT
        assert db.session.scalar(db.select(Listing.municipality_code).where(Listing.number == "新1")) == B


def test_three_become_one_new_municipality(app: Flask, visit: Browser, people, homes: dict[str, int]) -> None:
    with app.app_context():
        hana = factories.staff(people["hana"])
        merging.merge(hana, A, B, None)
        new = db.session.get(Municipality, "43425")
        new.joined = True
        db.session.commit()
        merging.merge(hana, B, "43425", None)
        assert municipalities.current_code(A) == "43425"
        numbers = set(db.session.scalars(db.select(Listing.number)))
        assert numbers == {"1", "阿蘇市1", "2", "3"}
    assert visit.client.get(f"/municipalities/{A}").location == "/municipalities/43425"


def test_the_shell_adds_and_merges(tmp_path: Path) -> None:
    def run(*arguments: str, code: int = 0) -> str:
        answer = akiya(tmp_path, *arguments)
        assert answer.returncode == code, answer.stderr
        return answer.stdout + answer.stderr

    run("init")
    new = ("municipalities", "add", "43699", "--name", "新しい町", "--lat", "32.9")
    assert "「200」" not in run(*new, "--lon", "131")
    assert "日本の外です" in run("municipalities", "add", "43698", "--name", "町", "--lat", "0", "--lon", "0", code=1)
    assert "何も書き込んでいません" in run("municipalities", "merge", A, B, "--dry-run")
    assert "新しい町は参加していません" in run("municipalities", "merge", A, "43699", code=1)
    assert "合併しました" in run("municipalities", "merge", A, B, "--on", "2026-04-01")
    assert "2026-04-01に合併しています" in run("municipalities", "merge", A, B, code=1)
