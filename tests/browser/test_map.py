"""The moving map: opened by a click, in step with the list, and useful without tiles."""

import json
import re
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import Page, Route, expect

from akiya.municipalities import service as municipalities
from akiya.municipalities.search import served
from tests import factories
from tests.browser.conftest import Site
from tests.browser.test_flows import check_page
from tests.images import png

TILES = re.compile(r"https://(cyberjapandata|disaportaldata)\.gsi\.go\.jp/")


@pytest.fixture(scope="module")
def homes(site: Site) -> dict[str, int]:
    """Return two homes near each other and one far away, each in a cell of its own; boundaries are squares."""
    with site.app.app_context():
        features = [
            {
                "type": "Feature",
                "properties": {"code": m.code, "name": m.name},
                "geometry": {"type": "Polygon", "coordinates": [square(m.lon, m.lat, 0.05)]},
            }
            for m in served()
        ]
        path = site.app.config["AKIYA"].data / "boundaries.geojson"
        path.write_text(json.dumps({"type": "FeatureCollection", "features": features}), encoding="utf-8")
        municipalities.import_municipalities(path, "熊本県")
        aoi = factories.account("aoi")
        places = {"上の家": (131.05, 32.95), "下の家": (131.12, 32.90), "遠い家": (130.2, 32.2)}
        return {
            title: factories.listing(aoi, number=title, title=title, true_lon=lon, true_lat=lat)
            for title, (lon, lat) in places.items()
        }


def square(lon: float, lat: float, half: float) -> list[list[float]]:
    corners = ((-half, -half), (half, -half), (half, half), (-half, half), (-half, -half))
    return [[lon + x, lat + y] for x, y in corners]


@pytest.fixture
def tiles(page: Page) -> list[str]:
    """Return the list of requested tile addresses; each is answered with a picture."""
    asked: list[str] = []

    def answer(route: Route) -> None:
        asked.append(route.request.url)
        route.fulfill(body=png(), content_type="image/png")

    page.route(TILES, answer)
    return asked


def open_map(page: Page, site: Site, query: str = "") -> None:
    page.goto(f"{site.url}/listings/{query}")
    page.get_by_role("button", name="動く地図を開く").click()
    expect(page.locator("[data-map][data-ready=true]")).to_be_visible(timeout=20_000)


def pin(page: Page, title: str):
    return page.locator(".map-marker", has_text=title)


def test_list_and_map_are_in_step(page: Page, site: Site, homes, tiles: list[str]) -> None:
    page.goto(f"{site.url}/listings/?deal=sale")
    expect(page.locator(".card").first).to_be_visible()
    assert not tiles
    open_map(page, site, "?deal=sale")
    assert any("cyberjapandata" in address for address in tiles)
    expect(page.get_by_text("3件を地図に示しています。")).to_be_visible()
    card = page.locator(f'.results [data-listing="{homes["上の家"]}"]')
    card.hover()
    expect(page.locator(".map-lit")).to_have_count(1)
    page.locator("h1").hover()
    expect(page.locator(".map-lit")).to_have_count(0)
    pin(page, "遠い家").focus()
    page.keyboard.press("Enter")
    expect(page.locator(".map-popup").get_by_role("link", name="遠い家").last).to_be_visible()
    expect(page.locator(f'.results [data-listing="{homes["遠い家"]}"]')).to_have_class(re.compile("card-lit"))
    check_page(page)
    page.locator(".map-popup").get_by_role("link", name="遠い家").last.click()
    expect(page.get_by_role("heading", level=1)).to_have_text("遠い家")


def test_a_pin_of_another_page_shows_its_card(page: Page, site: Site, homes, tiles: list[str]) -> None:
    open_map(page, site, "?deal=sale&page=2")
    expect(page.locator(".results .card")).to_have_count(0)
    pin(page, "遠い家").click()
    expect(page.locator(".map-popup .card-amount")).to_contain_text("480万円")


def test_searching_in_the_view_is_offered_and_never_done_unasked(page: Page, site: Site, homes, tiles) -> None:
    open_map(page, site, "?deal=sale&place=阿蘇市")
    here = page.get_by_role("link", name="この範囲で探す")
    expect(here).to_be_hidden()
    page.locator(".leaflet-container").focus()
    page.keyboard.press("+")
    expect(here).to_be_visible()
    asked = parse_qs(urlsplit(page.url).query)
    assert asked == {"deal": ["sale"], "place": ["阿蘇市"]}
    here.click()
    asked = parse_qs(urlsplit(page.url).query)
    assert set(asked) == {"deal", "bbox"}
    # It was opened once, so it is open on the next page.
    expect(page.locator("[data-map][data-ready=true]")).to_be_visible(timeout=20_000)
    west, south, east, north = map(float, asked["bbox"][0].split(","))
    assert west < east
    assert south < north


def test_hazards_are_laid_over_with_legend_and_credit(page: Page, site: Site, homes, tiles: list[str]) -> None:
    open_map(page, site, "?deal=sale")
    assert not any("disaportaldata" in address for address in tiles)
    page.get_by_role("group", name="災害の区域を重ねる").get_by_label("洪水").check()
    expect(page.get_by_text("想定される水の深さ：")).to_be_visible()
    expect(page.get_by_role("link", name="ハザードマップポータルサイト")).to_be_visible()
    page.wait_for_function("document.querySelectorAll('img.leaflet-tile[src*=disaportaldata]').length > 0")
    assert any("01_flood_l2" in address for address in tiles)
    page.get_by_role("group", name="災害の区域を重ねる").get_by_label("洪水").uncheck()
    expect(page.get_by_text("想定される水の深さ：")).to_be_hidden()


def test_without_tiles_the_municipalities_still_show(page: Page, site: Site, homes) -> None:
    page.route(TILES, lambda route: route.abort("internetdisconnected"))
    open_map(page, site, "?deal=sale")
    expect(page.get_by_text("背景の地図を読み込めません")).to_be_visible()
    assert page.locator(".map-outlines path").count() == 45
    expect(pin(page, "遠い家")).to_be_visible()
    check_page(page)


def test_a_cell_is_drawn_as_a_cell(page: Page, site: Site, homes, tiles) -> None:
    page.goto(f"{site.url}/listings/{homes['遠い家']}")
    page.get_by_role("button", name="動く地図を開く").click()
    expect(page.locator(".map-cell")).to_have_count(1)
    box = page.locator(".map-cell").bounding_box()
    assert box is not None
    assert min(box["width"], box["height"]) > 15
    check_page(page)


@pytest.mark.parametrize("page", [360], indirect=True)
def test_on_a_phone_list_and_map_take_turns(page: Page, site: Site, homes, tiles) -> None:
    page.goto(f"{site.url}/listings/?deal=sale")
    expect(page.locator(".area-map")).to_be_hidden()
    page.get_by_role("button", name="地図", exact=True).click()
    expect(page.locator(".area-map")).to_be_visible()
    expect(page.locator(".results .card").first).to_be_hidden()
    page.get_by_role("button", name="動く地図を開く").click()
    expect(pin(page, "遠い家")).to_be_visible()
    check_page(page)
    page.get_by_role("button", name="一覧").click()
    expect(page.locator(".results .card").first).to_be_visible()


def test_near_me_asks_the_browser_and_rounds(page: Page, site: Site, homes) -> None:
    page.context.grant_permissions(["geolocation"])
    page.context.set_geolocation({"longitude": 131.0512345, "latitude": 32.9512345})
    page.goto(f"{site.url}/listings/?deal=sale&place=阿蘇市")
    page.get_by_role("button", name="現在地の近くでさがす").click()
    expect(page).to_have_url(re.compile("near="))
    expect(page.locator(".result-count")).to_contain_text("2件")
    asked = parse_qs(urlsplit(page.url).query)
    assert asked == {"deal": ["sale"], "near": ["131.051,32.951"], "radius_km": ["10"], "sort": ["distance"]}


def test_thousands_of_homes_are_counted_by_the_server(page: Page, site: Site, homes, tiles, tmp_path: Path) -> None:
    with site.app.app_context():
        factories.copies(homes["下の家"], 2100, lambda n: (130.0 + n % 50 / 40, 32.0 + n // 50 / 40))
    open_map(page, site, "?deal=sale")
    expect(page.get_by_text("2103件を地図に示しています。")).to_be_visible()
    counts = page.locator(".map-count").all_inner_texts()
    assert sum(map(int, counts)) == 2103
    page.locator(".map-count").nth(counts.index(max(counts, key=int))).click()
    expect(page.get_by_text(re.compile(r"^\d{1,3}件を地図に示しています。$"))).to_be_visible()
