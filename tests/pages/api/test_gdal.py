"""GDAL opens the API over HTTP without configuration, and reads the same values as the tables have."""

import csv
import io
import json
import logging
import shutil
import subprocess
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from werkzeug.serving import make_server

from tests import factories
from tests.pages.browser import Browser

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(shutil.which("ogrinfo") is None, reason="gdal-bin is not installed: scripts/test does"),
]


@pytest.fixture
def address(app: Flask) -> Iterator[str]:
    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}/api/"
    server.shutdown()
    thread.join()
    server.server_close()


def gdal(*arguments: str) -> str:
    return subprocess.run(arguments, capture_output=True, text=True, check=True, timeout=120).stdout


@pytest.fixture
def rows(visit: Browser, app: Flask, homes) -> dict[str, dict[str, str]]:
    """Return the rows of /listings.csv by ID."""
    with app.app_context():
        factories.copies(homes["house"], 230, lambda n: (130.5 + n % 20 / 100, 32.5 + n // 20 / 100))
    text = visit.client.get("/listings.csv").get_data(as_text=True).removeprefix("\ufeff")
    found = {row["ID"]: row for row in csv.DictReader(io.StringIO(text))}
    assert len(found) == 232
    return found


def test_gdal_finds_the_collections_and_their_types(address: str, rows) -> None:
    told = gdal("ogrinfo", f"OAPIF:{address}")
    assert "1: listings" in told
    assert "2: municipalities" in told
    told = gdal("ogrinfo", "-so", f"OAPIF:{address}", "listings")
    assert "Feature Count: 232" in told
    assert "Geometry: Point" in told
    for line in (
        "price: Integer",
        "pets: Integer(Boolean)",
        "vacant_since: Date",
        "updated_at: DateTime",
        "photos: StringList",
    ):
        assert line in told
    assert "Feature Count: 45" in gdal("ogrinfo", "-so", f"OAPIF:{address}", "municipalities")


def test_a_full_read_gives_what_the_table_says(address: str, rows, tmp_path: Path) -> None:
    table = tmp_path / "listings.csv"
    gdal("ogr2ogr", "-f", "CSV", "-lco", "GEOMETRY=AS_XY", str(table), f"OAPIF:{address}", "listings")
    with table.open(encoding="utf-8", newline="") as file:
        read = {row["id"]: row for row in csv.DictReader(file)}
    assert read.keys() == rows.keys()
    same = {
        "local_government_code": "全国地方公共団体コード", "municipality_name": "地方公共団体名", "name": "名称", "town": "町・字", "price": "売買価格",
        "rent": "賃料（月額）", "layout": "間取り", "remarks": "備考", "is_sale": "売ります", "attribution": "出典",
    }  # fmt: skip
    for key, row in rows.items():
        assert {name: read[key][name] for name in same} == {name: row[heading] for name, heading in same.items()}
        assert (float(read[key]["X"]), float(read[key]["Y"])) == (float(row["経度"]), float(row["緯度"]))


def test_gdal_copies_features_and_asks_for_parts(address: str, rows, homes, tmp_path: Path) -> None:
    copy = tmp_path / "copy.geojson"
    gdal("ogr2ogr", "-f", "GeoJSON", str(copy), f"OAPIF:{address}", "listings")
    features = json.loads(copy.read_text(encoding="utf-8"))["features"]
    assert {str(feature["properties"].get("id") or feature["id"]) for feature in features} == rows.keys()
    box = gdal("ogrinfo", "-so", "-spat", "130.5", "32.5", "130.55", "32.6", f"OAPIF:{address}", "listings")
    within = [
        row for row in rows.values() if 130.5 <= float(row["経度"]) <= 130.55 and 32.5 <= float(row["緯度"]) <= 32.6
    ]
    assert f"Feature Count: {len(within)}" in box
    assert len(within) > 10
    assert "Feature Count: 1" in gdal("ogrinfo", "-so", "-where", "kind='business'", f"OAPIF:{address}", "listings")
