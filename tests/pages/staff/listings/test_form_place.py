"""The place of a home: found by address, moved on the map, compared with other homes, with its surroundings."""

import json
import re
from pathlib import Path

from flask import Flask

from akiya.db import db, transaction
from akiya.listings.enums import Precision
from akiya.listings.models import Listing
from akiya.municipalities import service as municipalities
from akiya.municipalities.models import Agent
from tests import factories
from tests.factories import A
from tests.pages.browser import Browser
from tests.pages.staff.listings.form import FORM, NEW, POINT, assist, made, value_of

# ── the place ──


def test_the_address_leads_to_a_point(aoi: Browser, app: Flask, known) -> None:
    page = aoi.post(NEW, {**FORM, "find_place": "town"}, 200)
    assert (value_of(page, "true_lat"), value_of(page, "true_lon")) == ("32.97", "131.04")
    assert "「内牧」の代表点を入れました" in page.text
    page = aoi.post(NEW, {**FORM, "town": "一の宮町", "find_place": "town"}, 200)
    assert value_of(page, "true_lat") == ""
    chosen = re.search(r'name="find_place" value="(\d+)">一の宮町宮地<', page.markup)
    page = aoi.post(NEW, {**FORM, "town": "一の宮町", "find_place": chosen[1]}, 200)
    assert value_of(page, "true_lon") == "131.12"
    assert "見つかりません" in aoi.post(NEW, {**FORM, "town": "どこか", "find_place": "town"}, 200).text
    assert assist(aoi, NEW, {**FORM, "town": "阿蘇市内牧１２３", "find_place": "town"})["place"]["lat"] == "32.97"
    with app.app_context():
        assert db.session.query(Listing).count() == 0


def test_a_towns_own_point_says_no_more_than_the_town(aoi: Browser, app: Flask, known) -> None:
    aoi.post(NEW, {**FORM, "true_lat": "32.97", "true_lon": "131.04"})
    with app.app_context():
        assert db.session.scalar(db.select(Listing.precision)) is Precision.TOWN
    assert "「内牧」の代表点です" in aoi.get(f"/staff/listings/{made(app)['id']}/edit").text
    aoi.post(f"/staff/listings/{made(app)['id']}/edit", {**FORM, "version": "1", **POINT})
    with app.app_context():
        assert db.session.scalar(db.select(Listing.precision)) is Precision.MESH_250


def test_a_point_outside_is_warned_of_and_taken(aoi: Browser, app: Flask, tmp_path: Path) -> None:
    assert (
        "の外にあります" not in assist(aoi, NEW, {**FORM, "true_lat": "31", "true_lon": "131"})["notes"]
    )  # no boundary is known
    square = [[[130.9, 32.8], [131.2, 32.8], [131.2, 33.1], [130.9, 33.1], [130.9, 32.8]]]
    feature = {
        "type": "Feature",
        "properties": {"code": A},
        "geometry": {"type": "MultiPolygon", "coordinates": [square]},
    }
    (tmp_path / "b.geojson").write_text(
        json.dumps({"type": "FeatureCollection", "features": [feature]}), encoding="utf-8"
    )
    with app.app_context():
        municipalities.import_municipalities(tmp_path / "b.geojson", "熊本県")
    assert "の外にあります" in assist(aoi, NEW, {**FORM, "true_lat": "31", "true_lon": "131"})["notes"]
    assert "の外にあります" not in assist(aoi, NEW, {**FORM, **POINT})["notes"]
    aoi.post(NEW, {**FORM, "true_lat": "31", "true_lon": "131"})


def test_a_home_that_may_be_there_already_is_named(aoi: Browser, app: Flask, people) -> None:
    with app.app_context():
        other = factories.listing(
            people["aoi"], number="家-24", land_area=300.0, lot_number="１２番地", true_lat=32.9701, true_lon=131.0402
        )
        factories.listing(
            people["sora"],
            factories.B,
            number="よその家",
            lot_number="12番地",
            true_lat=32.9701,
            true_lon=131.0402,
            land_area=300.0,
        )
    for values, named in (
        ({**POINT, "land_area": "303"}, True), ({**POINT, "land_area": "330"}, False), (POINT, False),
        ({"true_lat": "32.9703", "true_lon": "131.0402", "land_area": "300"}, False),
        ({"lot_number": "12番地"}, True), ({"lot_number": "12番地", "town": "宮地"}, False), ({"lot_number": "1"}, False),
    ):  # fmt: skip
        notes = assist(aoi, NEW, {**FORM, **values})["notes"]
        assert (f"/staff/listings/{other}" in notes and "家-24" in notes) == named, values
        assert "よその家" not in notes
    own = assist(aoi, f"/staff/listings/{other}", {**FORM, **POINT, "land_area": "300", "lot_number": "12番地"})[
        "notes"
    ]
    assert "家-24" not in own
    aoi.post(NEW, {**FORM, "lot_number": "12番地"})


# ── straight distances ──


def test_the_nearest_facilities_are_offered_and_taken_over(aoi: Browser, app: Flask, known, visit: Browser) -> None:
    answer = assist(aoi, NEW, {**FORM, **POINT})
    assert answer["near"]["elementary_m"] == {"text": "直線で約700m（内牧小学校）", "metres": 700}
    assert set(answer["near"]) == {"elementary_m", "supermarket_m", "park_m", "municipal_office_m"}
    assert assist(aoi, NEW, FORM)["near"] == {}
    ticked = {"straight": ["elementary_m", "park_m", "bank_m"], "park_m": "1400"}
    aoi.post(NEW, {**FORM, **POINT, **ticked})
    home = made(app)
    assert (home["elementary_m"], home["park_m"], home["bank_m"]) == (700, 1400, None)
    with app.app_context():
        assert db.session.scalar(db.select(Listing.straight_line)) == "elementary_m"
    edit = f"/staff/listings/{home['id']}/edit"
    assert re.search(r'value="elementary_m" checked', aoi.get(edit).markup)
    aoi.post(f"/staff/listings/{home['id']}/status", {"to": "open"})
    page = visit.get(f"/listings/{home['id']}")
    assert "700m 直線" in page.text
    assert "1,400m（徒歩18分）" in page.text
    assert "700m（徒歩" not in page.text
    assert "straight line" in visit.get(f"/en/listings/{home['id']}").text
    kept = {**FORM, **POINT, "straight": ["elementary_m"], "version": "2"}
    aoi.post(edit, {**kept, "elementary_m": "700"})
    aoi.post(edit, {**kept, "elementary_m": "900", "version": "3"})
    with app.app_context():
        assert db.session.scalar(db.select(Listing.straight_line)) == ""


def test_the_agents_of_the_municipality_are_offered_and_filled_in(aoi: Browser, app: Flask) -> None:
    with app.app_context(), transaction() as session:
        session.add(Agent(municipality_code=A, name="外輪不動産", licence="(1)第1号", phone="0967-00-0000"))
    assert '<option value="外輪不動産">' in aoi.get(NEW).markup
    aoi.post(NEW, {**FORM, "agent_name": "外輪不動産", "agent_phone": "090-0000-0000"})
    aoi.post(NEW, {**FORM, "number": "10", "agent_name": "よその不動産"})
    with app.app_context():
        made, other = db.session.scalars(db.select(Listing).order_by(Listing.id))
        assert (made.agent_licence, made.agent_phone) == ("(1)第1号", "090-0000-0000")
        assert (other.agent_licence, other.agent_phone) == ("", "")


def test_straight_distances_tell_no_more_than_the_public_point(aoi: Browser, app: Flask, known) -> None:
    """Compare two homes in one cell: equal distances reveal no more than the cell."""
    near = [
        assist(aoi, NEW, {**FORM, "true_lat": lat, "true_lon": lon})["near"]
        for lat, lon in (("32.9701", "131.0402"), ("32.9705", "131.0405"))
    ]
    assert near[0] == near[1]
