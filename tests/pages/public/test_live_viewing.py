"""Viewing by video call: set by the municipality or by the listing, shown with the contact, and searchable."""

import csv
import io
from typing import Any

import pytest
from flask import Flask

from akiya.listings import service
from akiya.listings.enums import Status
from akiya.municipalities import settings
from tests import factories
from tests.factories import A, B
from tests.pages.browser import Browser
from tests.pages.staff.listings.form import FORM, NEW, made, value_of

BOX = "ビデオ通話で内見できます"
NOTE = "平日の10時から16時。\nZoomで。<b>"


@pytest.fixture
def homes(app: Flask, people: dict[str, int]) -> dict[str, int]:
    """Return homes without an answer, with yes and with no: in A, whose setting is yes, and in B, whose is no."""
    with app.app_context():
        settings.change(A, {"live_viewing": True, "live_viewing_note": NOTE, "contact": "まちづくり課 0967-00-0000"})
        answers = {"blank": None, "yes": True, "no": False}
        return {
            f"{code}-{name}": factories.listing(
                people["aoi" if code == A else "sora"], code, number=f"{code}-{name}", live_viewing=answer
            )
            for code in (A, B)
            for name, answer in answers.items()
        }


def found(visit: Browser, question: str) -> set[str]:
    features = visit.client.get(f"/listings.geojson?limit=100&{question}").get_json()["features"]
    return {feature["properties"]["number"] for feature in features}


def test_the_search_finds_what_the_listing_or_else_its_municipality_says(visit: Browser, app: Flask, homes) -> None:
    assert found(visit, "live=1") == {f"{A}-blank", f"{A}-yes", f"{B}-yes"}
    page = visit.get("/listings/?live=1")
    assert "（3件）" in page.title
    assert 'name="live" value="1" checked' in page.markup
    assert "外す：ビデオ通話で内見できる" in page.text
    assert f"municipality={B}&amp;live=1" in visit.get(f"/listings/?live=1&municipality={B}").markup
    counts = visit.client.get("/listings.geojson?facets=1").get_json()["facets"]
    assert counts["live"] == {"1": 3}
    refused = visit.client.get("/listings.atom?live=yes")
    assert (refused.status_code, refused.get_json()["errors"][0]["parameter"]) == (400, "live")
    assert "Can be viewed by video call" in visit.get("/en/listings/?live=1").text
    with app.app_context():
        settings.change(A, {"live_viewing": False})
        settings.change(B, {"live_viewing": True})
    assert found(visit, "live=1") == {f"{A}-yes", f"{B}-blank", f"{B}-yes"}


def test_feeds_say_what_holds_for_each_home(visit: Browser, homes) -> None:
    features = visit.client.get("/listings.geojson?limit=100").get_json()["features"]
    told = {each["properties"]["number"]: each["properties"]["live_viewing"] for each in features}
    table = csv.DictReader(io.StringIO(visit.client.get("/listings.csv").get_data(as_text=True).removeprefix("\ufeff")))
    rows = {row["物件番号"]: row["ビデオ通話での内見"] == "1" for row in table}
    assert told == rows == {name: name in (f"{A}-blank", f"{A}-yes", f"{B}-yes") for name in homes}


def test_the_page_says_it_with_note_and_contact(visit: Browser, app: Flask, people, homes) -> None:
    page = visit.get(f"/listings/{homes[f'{A}-blank']}")
    assert BOX in page.text
    assert "Zoomで。&lt;b&gt;" in page.markup
    assert "申込み・問合せ先：まちづくり課 0967-00-0000" in page.text
    assert BOX not in visit.get(f"/listings/{homes[f'{A}-no']}").text
    assert BOX not in visit.get(f"/listings/{homes[f'{B}-blank']}").text
    without_note = visit.get(f"/listings/{homes[f'{B}-yes']}").text
    assert BOX in without_note
    assert "お使いになれるアプリを添えて" in without_note
    assert "Viewings by video call are possible" in visit.get(f"/en/listings/{homes[f'{A}-yes']}").text
    with app.app_context():
        closed = factories.listing(people["aoi"], number="closed", status=Status.WITHDRAWN)
    assert BOX not in visit.get(f"/listings/{closed}").text
    assert BOX in visit.get(f"/municipalities/{A}").text
    assert BOX not in visit.get(f"/municipalities/{B}").text


def test_a_clerk_says_it_of_a_home_and_the_history_tells(visit: Browser, app: Flask, people) -> None:
    visit.sign_in("aoi")
    page = visit.get(NEW)
    assert "不明のままなら市町村の設定のとおり" in page.text
    visit.post(NEW, {**FORM, "live_viewing": "yes"})
    home = made(app)
    assert home["live_viewing"] is True
    with app.app_context():
        service.update(factories.staff(people["aoi"]), home["id"], None, {"live_viewing": None})
    assert "ビデオ通話での内見" in visit.get(f"/staff/listings/{home['id']}/history").text


def save(visit: Browser, values: dict[str, Any], status: int) -> Any:
    seen = value_of(visit.get("/staff/municipality"), "seen")
    kept = {"valid_months": "24", "confirm_days": "60", "approval": "none", "blur": "mesh250", "seen": seen}
    return visit.post("/staff/municipality", {**kept, **values}, status)


def test_a_municipality_says_it_on_its_settings_page(visit: Browser, app: Flask, people) -> None:
    visit.sign_in("aoi")
    save(visit, {"live_viewing": "y", "live_viewing_note": NOTE}, 303)
    with app.app_context():
        kept = settings.find(A)
        assert (kept.live_viewing, kept.live_viewing_note) == (True, NOTE)
    assert "1000文字まで" in save(visit, {"live_viewing_note": "あ" * 1001}, 400).text
    save(visit, {}, 303)
    with app.app_context():
        assert settings.find(A).live_viewing is False
