"""The public pages: what they show, and what they never show."""

import json
from datetime import date, timedelta

import pytest
from flask import Flask

from akiya.db import db, today, transaction
from akiya.listings.enums import Status
from akiya.listings.models import Listing
from tests import factories
from tests.factories import A, B
from tests.pages.browser import Browser

CANARY = {
    "owner_name": "カナリア持主", "owner_contact": "カナリア連絡先", "lot_number": "カナリア番地", "consent_scope": "カナリア同意",
    "notes": "カナリア内部", "true_lon": 131.043217, "true_lat": 32.951234,
}  # fmt: skip


@pytest.fixture
def homes(app: Flask, people: dict[str, int]) -> dict[str, int]:
    with app.app_context():
        return {
            "sale": factories.listing(
                people["aoi"], number="1", title="阿蘇の平屋", garden=True, appeal="温泉まで歩けます", **CANARY
            ),
            "rent": factories.listing(
                people["sora"], B, number="2", is_sale=False, is_rent=True, price=None, rent=45_000
            ),
            "draft": factories.listing(people["aoi"], number="3", status=Status.DRAFT, title="下書きの家"),
            "closed": factories.listing(people["aoi"], number="4", status=Status.CONTRACTED, title="終わった家"),
        }


def numbers(visit: Browser, query: str) -> set[str]:
    answer = visit.client.get(f"/listings.geojson?{query}")
    assert answer.status_code == 200, answer.get_data(as_text=True)
    return {feature["properties"]["number"] for feature in answer.get_json()["features"]}


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("", {"1", "2"}), ("deal=rent", {"2"}), ("deal=rent&deal=sale", {"1", "2"}), ("price_max=5000000", {"1"}),
        ("feature=garden", {"1"}), ("feature=garden&feature=onsen", set()), (f"municipality={B}", {"2"}), ("q=温泉", {"1"}),
        ("q=ｱｿ", set()), ("q=内牧 平屋", {"1"}), ("kind=land", set()), ("rent_max=50000", {"2"}), ("near=131.04,32.95&radius_km=2", {"1"}),
        ("bbox=130,32,132,33.5", {"1", "2"}), ("bbox=131,32.9,131.1,33", {"1"}),
    ],
)  # fmt: skip
def test_each_parameter_filters(visit: Browser, homes, query: str, found: set[str]) -> None:
    assert numbers(visit, query) == found
    page = visit.get(f"/listings/?{query}")
    assert f"（{len(found)}件）" in page.title


@pytest.mark.parametrize(
    "query",
    ["price_max=abc", "kind=castle", "bbox=1,2,3", "bbox=132,32,131,33", "near=x", "radius_km=5", "sort=magic", "page=0", "page=x",
     "municipality=99999", "feature=wings", "built_since=3", "floor_min=-4", "sort=distance", "q=" + "あ" * 101, "q=a%00", "place=%00", "bbox=nan,1,nan,2", "price_max=" + "9" * 400],
)  # fmt: skip
def test_a_wrong_parameter_is_named_and_the_others_stay(visit: Browser, homes, query: str) -> None:
    page = visit.get(f"/listings/?deal=rent&{query}")
    assert "次の条件は使えなかった" in page.text
    assert "（1件）" in page.title
    answer = visit.client.get(f"/listings.geojson?deal=rent&{query.replace('page=', 'limit=')}")
    assert answer.status_code == 400
    assert answer.mimetype == "application/problem+json"
    assert answer.get_json()["errors"][0]["parameter"] == query.split("=")[0].replace("page", "limit")


@pytest.mark.parametrize(
    "query", ["q=" + "あ" * 5000, "feature=garden&" * 3000, "municipality=43214&" * 3000, "kind=x&" * 3000]
)
def test_a_long_address_is_not_repeated_in_every_link(visit: Browser, homes, query: str) -> None:
    usual = len(visit.client.get("/listings/").data)
    # It is in the field it was typed into, and in the link to the other language.
    assert len(visit.client.get(f"/listings/?{query}").data) < 1.2 * usual + 3 * len(query.encode()) * 3


def test_pages_of_the_geojson(visit: Browser, homes) -> None:
    paged = [visit.client.get(f"/listings.geojson?limit=1&page={n}").get_json()["features"] for n in (1, 2)]
    whole = visit.client.get("/listings.geojson").get_json()["features"]
    assert [feature["id"] for page in paged for feature in page] == [feature["id"] for feature in whole[:2]]


def test_an_unknown_parameter_of_the_geojson_is_refused(visit: Browser, homes) -> None:
    assert visit.client.get("/listings.geojson?pricemax=1").status_code == 400
    assert visit.client.get("/listings/?utm_source=x").status_code == 200


def test_a_feature_holds_what_is_promised(visit: Browser, homes) -> None:
    answer = visit.client.get("/listings.geojson?q=平屋&limit=1").get_json()
    assert (answer["numberMatched"], answer["numberReturned"]) == (1, 1)
    feature = answer["features"][0]
    wanted = {"number", "municipality_code", "municipality", "title", "deal", "kind", "price", "rent", "floor_area", "land_area",
              "built_year", "layout", "features", "updated", "url"}  # fmt: skip
    assert wanted <= set(feature["properties"])
    assert feature["properties"]["deal"] == ["sale"]
    assert feature["properties"]["features"] == ["sale", "garden"]
    assert feature["properties"]["url"].endswith(f"/listings/{feature['id']}")


def test_limit_and_offset_walk_through_everything(visit: Browser, homes) -> None:
    pages = [numbers(visit, f"limit=1&offset={offset}") for offset in (0, 1, 2)]
    assert pages[0] | pages[1] == {"1", "2"}
    assert pages[2] == set()


def test_a_listing_page_says_what_matters(visit: Browser, homes) -> None:
    page = visit.get(f"/listings/{homes['sale']}")
    for text in (
        "阿蘇の平屋",
        "480万円",
        "市町村は交渉・契約に関与しません",
        "最後に募集中と確認した日",
        "約250m四方",
        "記載なし",
    ):
        assert text in page.text, text
    assert page.markup.count('class="picto-state') == 40


def test_a_closed_listing_keeps_its_page_and_a_draft_has_none(visit: Browser, homes) -> None:
    page = visit.get(f"/listings/{homes['closed']}")
    assert "この物件の募集は終わりました" in page.text
    assert '<meta name="robots" content="noindex">' in page.markup
    missing = visit.get(f"/listings/{homes['draft']}", 404)
    assert 'type="search"' in missing.markup
    assert "下書きの家" not in missing.markup
    visit.get("/listings/99999999999999999999", 404)


def test_private_facts_are_in_no_public_answer(visit: Browser, homes) -> None:
    paths = ["/", "/listings/", f"/listings/{homes['sale']}", f"/en/listings/{homes['sale']}", "/listings.geojson", "/en/listings/?q=カナリア",
             "/listings/?q=カナリア番地"]  # fmt: skip
    for path in paths:
        answer = visit.client.get(path).get_data(as_text=True)
        # The search word itself is in the field it was typed into.
        typed = answer.count("カナリア") if "q=" in path else 0
        assert answer.count("カナリア") == typed
        assert "131.0432" not in answer
        assert "32.9512" not in answer
    assert numbers(visit, "q=カナリア") == set()


def test_english_pages_are_english(visit: Browser, homes) -> None:
    page = visit.get("/en/listings/")
    assert '<html lang="en">' in page.markup
    assert "Find a home" in page.title
    assert all(link.startswith(("/en/", "#", "/staff/", "http")) or link == "/listings/" for link in page.links), (
        page.links
    )
    assert "Aso City" in page.text
    assert visit.client.get("/en/staff/").status_code == 302


def test_pages_may_be_asked_again_cheaply(visit: Browser, homes) -> None:
    first = visit.client.get("/listings/")
    again = visit.client.get("/listings/", headers={"If-None-Match": first.headers["ETag"]})
    assert again.status_code == 304
    packed = visit.client.get("/listings/", headers={"Accept-Encoding": "gzip"})
    assert packed.headers["Content-Encoding"] == "gzip"
    assert "no-store" not in first.headers["Cache-Control"]


def test_every_answer_has_its_policy(visit: Browser, homes) -> None:
    for path in ("/", "/listings/", "/listings.geojson", "/nowhere", "/staff/sign-in"):
        headers = visit.client.get(path).headers
        assert "script-src 'self'" in headers["Content-Security-Policy"]
        assert "unsafe" not in headers["Content-Security-Policy"]
        assert headers["X-Content-Type-Options"] == "nosniff"


HOSTILE = "<script>alert(1)</script>'\"><img src=x onerror=alert(1)>{{7*7}}"


def test_hostile_words_are_only_words(visit: Browser, app: Flask, people) -> None:
    with app.app_context():
        listing_id = factories.listing(
            people["aoi"], title=HOSTILE[:120], appeal=HOSTILE, town=HOSTILE[:120], remarks=HOSTILE
        )
    for path in (
        "/",
        "/listings/",
        f"/listings/{listing_id}",
        f"/listings/?q={HOSTILE}",
        f"/en/listings/?municipality={HOSTILE}",
    ):
        page = visit.get(path)
        assert "<script>alert" not in page.markup
        assert "49" not in page.title
    assert json.loads(visit.client.get("/listings.geojson").data)["features"][0]["properties"]["title"] == HOSTILE[:120]


def test_a_long_list_has_pages(visit: Browser, app: Flask, people) -> None:
    with app.app_context():
        for number in range(23):
            factories.published_on(factories.listing(people["aoi"], A, number=str(number)), date(2026, 1, 1 + number))
        assert db.session.query(Listing).count() == 23
    first, second = visit.get("/listings/?sort=newest"), visit.get("/listings/?sort=newest&page=2")
    assert first.markup.count('class="card"') == 20
    assert second.markup.count('class="card"') == 3
    assert "?sort=newest&amp;page=2" in first.markup or "/listings/?sort=newest&page=2" in first.links
    assert visit.get("/listings/?page=400").markup.count('class="card"') == 0


def test_a_home_that_nobody_confirmed_for_long_says_so_and_comes_last(visit: Browser, app: Flask, homes) -> None:
    with app.app_context(), transaction() as session:
        home = session.get(Listing, homes["rent"])
        home.confirmed_on, home.review_due_on = today() - timedelta(days=95), today() - timedelta(days=35)
    page = visit.get("/listings/")
    assert "最終確認 95日前" in page.text
    shown = [link for link in page.links if link.startswith("/listings/") and link[10:].isdigit()]
    assert shown[0] == f"/listings/{homes['sale']}"
    assert shown[-1] == f"/listings/{homes['rent']}"
    assert "最終確認 95日前" in visit.get(f"/listings/{homes['rent']}").text
    assert "Last confirmed 95 days ago" in visit.get(f"/en/listings/{homes['rent']}").text
    assert "最終確認" not in visit.get(f"/listings/{homes['sale']}").text
    with app.app_context(), transaction() as session:
        session.get(Listing, homes["rent"]).confirmed_on = None
    assert "しばらく確認されていません" in visit.get("/listings/").text
