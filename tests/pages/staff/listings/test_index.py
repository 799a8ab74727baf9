"""The staff's list of listings: every filter, the order, pages, the CSV."""

import csv
import io
from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask

from akiya.db import db, transaction
from akiya.listings import lifecycle, service
from akiya.listings.enums import PropertyKind, Status
from akiya.listings.models import Listing
from tests import factories
from tests.pages.browser import Browser


@pytest.fixture
def homes(app: Flask, people: dict[str, int]) -> dict[str, int]:
    """Return a draft, a home on offer and land of A, and an overdue shop of B with nobody in charge."""
    aoi, sora = people["aoi"], people["sora"]
    with app.app_context():
        made = {
            "draft": factories.listing(aoi, status=Status.DRAFT, number="下書き-1", title="カヤぶきの家"),
            "house": factories.listing(aoi, number="家-2", town="一の宮町宮地"),
            "land": factories.listing(aoi, number="土地-3", kind=PropertyKind.LAND),
            "shop": factories.listing(sora, factories.B, number="店-4", kind=PropertyKind.BUSINESS),
        }
        with transaction() as session:
            shop, land = session.get(Listing, made["shop"]), session.get(Listing, made["land"])
            shop.in_charge_id, shop.review_due_on = None, service.today() - timedelta(days=40)
            land.updated_at = datetime(2026, 4, 1, 3, tzinfo=UTC)
        return made


def numbers(visit: Browser, query: str) -> list[str]:
    """Return the numbers of the homes in the list's CSV, in order."""
    text = visit.get(f"/staff/listings.csv?{query}").markup
    return [row["物件番号"] for row in csv.DictReader(io.StringIO(text.lstrip("\ufeff")))]


@pytest.fixture
def hana(visit: Browser, homes: dict[str, int]) -> Browser:
    visit.sign_in("hana")
    return visit


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("", {"下書き-1", "家-2", "土地-3", "店-4"}),
        ("municipality=43202", {"店-4"}),
        ("status=draft", {"下書き-1"}),
        ("kind=land", {"土地-3"}),
        ("q=かやぶき", {"下書き-1"}),
        ("q=カヤぶき", {"下書き-1"}),
        ("q=一の宮", {"家-2"}),
        ("q=土地-3", {"土地-3"}),
        ("q=家", {"下書き-1", "家-2"}),
        ("charge=none", {"店-4"}),
        ("charge=me", set()),
        ("overdue=30", {"店-4"}),
        ("overdue=90", set()),
        ("need=review", {"店-4"}),
        ("need=missing&municipality=43214", set()),
        ("status=open&kind=house", {"家-2"}),
        ("status=none-such&sort=odd", {"下書き-1", "家-2", "土地-3", "店-4"}),
    ],
)
def test_each_filter_leaves_what_fits_in_the_list_and_in_its_file(
    hana: Browser, query: str, expected: set[str]
) -> None:
    assert set(numbers(hana, query)) == expected
    page = hana.get(f"/staff/?{query}")
    for number in ("下書き-1", "家-2", "土地-3", "店-4"):
        assert (f">{number}</a>" in page.markup) is (number in expected), number


def test_who_is_in_charge_and_since_when_it_was_changed(hana: Browser, people: dict[str, int]) -> None:
    assert set(numbers(hana, f"charge={people['aoi']}")) == {"下書き-1", "家-2", "土地-3"}
    assert ">あおい</option>" in hana.get(f"/staff/?charge={people['aoi']}").markup
    assert "土地-3" not in numbers(hana, "since=2026-04-02")
    assert "土地-3" in numbers(hana, "since=2026-04-01")
    assert numbers(hana, "charge=99999") == []


def test_the_orders(hana: Browser, homes: dict[str, int], app: Flask, people: dict[str, int]) -> None:
    assert numbers(hana, "")[-1] == "土地-3"
    assert numbers(hana, "sort=created") == ["店-4", "土地-3", "家-2", "下書き-1"]
    assert numbers(hana, "sort=municipality")[0] == "店-4"
    assert numbers(hana, "sort=due")[0] == "店-4"
    assert numbers(hana, "sort=due")[-1] == "下書き-1"
    with app.app_context():
        lifecycle.confirm(factories.staff(people["sora"]), homes["shop"])
    assert numbers(hana, "need=review") == []


def test_a_day_that_is_none_is_said_at_its_field_and_the_rest_holds(hana: Browser) -> None:
    page = hana.get("/staff/?since=%E6%98%A8%E6%97%A5&kind=land", 400)
    assert "「昨日」は年月日ではありません" in page.text
    assert 'href="#since"' in page.markup
    assert ">家-2</a>" not in page.markup
    hana.get("/staff/listings.csv?since=2026-02-30", 400)


def test_a_clerk_sees_and_takes_home_their_own_alone(visit: Browser, homes: dict[str, int]) -> None:
    visit.sign_in("sora")
    assert numbers(visit, "") == ["店-4"]
    assert numbers(visit, f"municipality={factories.A}") == []
    page = visit.get(f"/staff/?municipality={factories.A}&q=家")
    assert "当てはまる物件はありません" in page.text
    assert 'id="municipality"' not in page.markup


def test_pages_of_a_long_list_keep_the_filter(hana: Browser, app: Flask, homes: dict[str, int]) -> None:
    with app.app_context():
        factories.copies(homes["house"], 120)
        db.session.commit()
    page = hana.get("/staff/?kind=house&sort=number&page=2")
    assert "122件" in page.text
    assert "/staff/?kind=house&amp;sort=number&amp;page=3" in page.markup
    assert len(numbers(hana, "kind=house")) == 122
    assert "当てはまる物件はありません" in hana.get("/staff/?kind=house&page=99").text
