"""The search for machines: GeoJSON, CSV, Atom, the points of the map, sitemap and structured data."""

import csv
import io
import json
import re
import shutil
import subprocess
from pathlib import Path
from xml.etree import ElementTree

import atoma
import feedparser
import pytest
from flask import Flask

from akiya.listings.enums import PropertyKind, Status
from tests import factories
from tests.factories import A, B
from tests.pages.browser import Browser
from tests.pages.public.test_listing import CANARY


@pytest.fixture
def homes(app: Flask, people: dict[str, int]) -> dict[str, int]:
    with app.app_context():
        return {
            "house": factories.listing(
                people["aoi"], number="1", title="阿蘇の平屋 <b>&", layout="5DK", floor_area=120.5, appeal="温泉まで歩けます\x0b", **CANARY
            ),
            "rent": factories.listing(
                people["sora"], B, number="=2+3", is_sale=False, is_rent=True, price=None, rent=45_000, kind=PropertyKind.BUSINESS
            ),
            "closed": factories.listing(people["aoi"], number="4", status=Status.CONTRACTED, title="終わった家"),
        }  # fmt: skip


def rows_of(visit: Browser, query: str) -> list[dict[str, str]]:
    answer = visit.client.get(f"/listings.csv?{query}")
    assert answer.status_code == 200
    assert answer.data.startswith(b"\xef\xbb\xbf")
    return list(csv.DictReader(io.StringIO(answer.get_data(as_text=True).removeprefix("\ufeff"))))


def test_csv_holds_the_same_homes_as_the_search_and_only_public_facts(visit: Browser, homes) -> None:
    rows = rows_of(visit, "")
    assert {row["ID"] for row in rows} == {str(homes["house"]), str(homes["rent"])}
    assert [row["物件番号"] for row in rows_of(visit, "deal=rent")] == ["'=2+3"]
    house = next(row for row in rows if row["ID"] == str(homes["house"]))
    assert house["全国地方公共団体コード"] == "432148"
    assert house["売買価格"] == "4800000"
    assert house["間取り"] == "5DK"
    assert house["URL"].endswith(f"/listings/{homes['house']}")
    text = visit.client.get("/listings.csv").get_data(as_text=True)
    for value in CANARY.values():
        assert str(value) not in text


def test_csv_holds_every_row_of_a_long_answer(visit: Browser, app: Flask, homes) -> None:
    with app.app_context():
        factories.copies(homes["rent"], 1200)
    assert len({row["物件番号"] for row in rows_of(visit, f"municipality={B}")}) == 1201


def test_a_wrong_parameter_is_refused_by_every_feed(visit: Browser, homes) -> None:
    for path in ("/listings.csv", "/listings.atom", "/listings.geojson", "/listings/map.json"):
        answer = visit.client.get(f"{path}?kind=castle")
        assert answer.status_code == 400
        assert answer.mimetype == "application/problem+json"
        assert answer.get_json()["errors"][0]["parameter"] == "kind"


def test_atom_is_read_by_a_strict_parser_and_a_feed_reader(visit: Browser, homes) -> None:
    content = visit.client.get("/listings.atom?kind=house").data
    strict = atoma.parse_atom_bytes(content)
    assert [entry.title.value for entry in strict.entries] == ["阿蘇の平屋 <b>&"]
    assert strict.entries[0].links[0].href.startswith("http://localhost/listings/")
    assert strict.updated == strict.entries[0].updated
    read = feedparser.parse(content)
    assert not read.bozo
    assert read.version == "atom10"
    assert "住宅" in read.feed.title
    assert "480万円" in read.entries[0].summary
    empty = feedparser.parse(visit.client.get("/listings.atom?kind=land").data)
    assert not empty.bozo
    assert not empty.entries
    assert empty.feed.updated


def test_an_english_feed_is_english(visit: Browser, homes) -> None:
    read = feedparser.parse(visit.client.get("/en/listings.atom?deal=rent").data)
    assert read.entries[0].link.startswith("http://localhost/en/listings/")
    assert "¥45,000" in read.entries[0].summary
    assert "Yatsushiro" in read.entries[0].title


@pytest.mark.skipif(shutil.which("ogrinfo") is None, reason="gdal-bin is not installed: scripts/test installs it")
def test_gdal_opens_the_geojson(visit: Browser, homes, tmp_path: Path) -> None:
    path = tmp_path / "listings.geojson"
    path.write_bytes(visit.client.get("/listings.geojson").data)
    told = subprocess.run(["ogrinfo", "-al", "-so", str(path)], capture_output=True, text=True, check=True).stdout
    assert "Feature Count: 2" in told
    assert "Geometry: Point" in told
    assert "price: Integer" in told


def test_the_map_shows_each_home_and_its_cell(visit: Browser, homes) -> None:
    answer = visit.client.get("/listings/map.json?zoom=10").get_json()
    assert answer["numberMatched"] == 2
    assert answer["clusters"] == []
    pin = next(home for home in answer["homes"] if home["id"] == homes["house"])
    west, south, east, north = pin["cell"]
    assert west < pin["lon"] < east
    assert south < pin["lat"] < north
    assert pin["price"] == "480万円"
    assert answer["bounds"][0] <= pin["lon"] <= answer["bounds"][2]


def test_above_two_thousand_homes_the_map_counts_cells(visit: Browser, app: Flask, homes) -> None:
    with app.app_context():
        factories.copies(homes["rent"], 2500, lambda n: (130.0 + n % 50 / 40, 32.0 + n // 50 / 50))
    counts = []
    for zoom in (6, 9, 12):
        answer = visit.client.get(f"/listings/map.json?zoom={zoom}").get_json()
        assert answer["homes"] == []
        assert answer["numberMatched"] == 2502
        assert sum(cluster["count"] for cluster in answer["clusters"]) == 2502
        for cluster in answer["clusters"]:
            west, south, east, north = cluster["bbox"]
            assert west <= cluster["lon"] + 1e-6
            assert cluster["lon"] <= east + 1e-6
            assert south <= north
        counts.append(len(answer["clusters"]))
    assert counts == sorted(counts)
    assert counts[0] < counts[-1]


def test_structured_data_has_what_schema_org_requires(visit: Browser, homes) -> None:
    page = visit.get(f"/listings/{homes['house']}")
    text = re.search(r'<script type="application/ld\+json">(.*?)</script>', page.markup, re.S)
    assert text is not None
    assert "<" not in text[1]
    facts = json.loads(text[1])
    assert facts["@context"] == "https://schema.org"
    assert facts["@type"] == "RealEstateListing"
    assert facts["name"] == "阿蘇の平屋 <b>&"
    assert facts["datePosted"]
    assert facts["url"].startswith("http://localhost/")
    house = facts["about"]
    assert house["@type"] == "House"
    assert house["numberOfRooms"] == 5
    assert house["floorSize"]["value"] == 120.5
    assert house["address"]["addressLocality"] == "阿蘇市"
    assert house["address"]["addressCountry"] == "JP"
    offer = facts["offers"][0]
    assert offer["price"] == 4_800_000
    assert offer["priceCurrency"] == "JPY"
    assert offer["availability"] == "https://schema.org/InStock"
    closed = visit.get(f"/listings/{homes['closed']}").markup
    assert "https://schema.org/SoldOut" in closed
    assert '<meta name="robots" content="noindex">' in closed
    for value in CANARY.values():
        assert str(value) not in page.markup


def test_heads_say_where_a_page_belongs(visit: Browser, homes) -> None:
    page = visit.get("/listings/?kind=house&page=1&utm_source=x").markup
    assert '<link rel="canonical" href="http://localhost/listings/?kind=house">' in page
    assert 'hreflang="en" href="http://localhost/en/listings/?kind=house"' in page
    assert "noindex" not in page
    assert 'property="og:title"' in visit.get(f"/listings/{homes['house']}").markup
    for deep in ("kind=house&deal=sale&price_max=9000000", "q=平屋", "bbox=130,32,131,33", "page=2"):
        assert '<meta name="robots" content="noindex">' in visit.get(f"/listings/?{deep}").markup
    # A page without a picture of its own is shared with the site's.
    assert re.search(r'property="og:image" content="http://localhost/static/img/social\.\w+\.jpg"', page)
    english = visit.get("/en/").markup
    assert 'hreflang="ja" href="http://localhost/"' in english
    assert 'hreflang="en" href="http://localhost/en/"' in english
    assert "the municipalities of Kumamoto, together" in english


def test_the_sitemap_lists_offered_homes_and_robots_are_kept_from_staff_pages(visit: Browser, homes) -> None:
    tree = ElementTree.fromstring(visit.client.get("/sitemap.xml").data)
    places = [element.text for element in tree.iter("{http://www.sitemaps.org/schemas/sitemap/0.9}loc")]
    assert f"http://localhost/listings/{homes['house']}" in places
    assert f"http://localhost/listings/{homes['closed']}" not in places
    assert f"http://localhost/municipalities/{A}" in places
    robots = visit.client.get("/robots.txt").get_data(as_text=True)
    assert "Disallow: /staff/" in robots
    assert "Sitemap: http://localhost/sitemap.xml" in robots


def test_a_municipality_has_its_page(visit: Browser, homes) -> None:
    page = visit.get(f"/municipalities/{A}")
    assert "阿蘇市の空き家" in page.title
    assert "阿蘇の平屋" in page.text
    assert "終わった家" not in page.text
    assert f"/listings/?municipality={A}" in page.links
    assert "Yatsushiro" in visit.get(f"/en/municipalities/{B}").text
    visit.get("/municipalities/99999", 404)
