"""Municipalities, boundaries and towns."""

import json
from pathlib import Path

import pytest
from flask import Flask

from akiya.db import db
from akiya.errors import Invalid
from akiya.municipalities import search, service
from akiya.municipalities.codes import code6
from akiya.municipalities.models import Municipality, Prefecture, Town
from akiya.municipalities.outlines import outlines

pytestmark = pytest.mark.engines


def test_the_45_of_kumamoto_ship_as_facts(app: Flask) -> None:
    with app.app_context():
        places = search.served()
        assert len(places) == 45
        assert all(m.name and m.kana and m.names["en"] and 129 < m.lon < 132 for m in places)


def test_a_database_serves_one_prefecture(app: Flask) -> None:
    with app.app_context():
        with pytest.raises(Invalid, match="熊本県のもの"):
            service.ensure_prefecture("大分県")
        with pytest.raises(Invalid, match="正式な名前"):
            service.ensure_prefecture("肥後")


@pytest.mark.parametrize(
    ("code", "whole"), [("43100", "431001"), ("43101", "431010"), ("01100", "011002"), ("43202", "432024")]
)
def test_the_check_digit(code: str, whole: str) -> None:
    assert code6(code) == whole


def square(code: str, x: float, y: float) -> dict:
    ring = [[x, y], [x + 0.1, y], [x + 0.1, y + 0.1], [x, y + 0.1], [x, y]]
    return {
        "type": "Feature",
        "properties": {"code": code, "name": f"町{code}", "label": [x, y]},
        "geometry": {"type": "Polygon", "coordinates": [ring]},
    }


def test_boundaries_are_taken_in_once_and_drawn(app: Flask, tmp_path: Path) -> None:
    path = tmp_path / "b.geojson"
    path.write_text(
        json.dumps({"type": "FeatureCollection", "features": [square("43214", 131, 32.9), square("43999", 130, 32)]})
    )
    with app.app_context():
        report = service.import_municipalities(path, "熊本県")
        assert (report.changed, len(report.refused)) == (1, 1)
        assert service.import_municipalities(path, "熊本県").unchanged == 1
        drawn = {item.code: item.d for item in outlines(search.served()).items}
        assert drawn["43214"].startswith("M")
        assert drawn["43202"] == ""


@pytest.mark.parametrize(
    "content", ["{}", "not json", '{"features": [{"properties": {"code": "43214"}, "geometry": null}]}']
)
def test_a_broken_geojson_is_refused_by_name(app: Flask, tmp_path: Path, content: str) -> None:
    path = tmp_path / "b.geojson"
    path.write_text(content)
    with app.app_context(), pytest.raises(Invalid, match=r"b\.geojson"):
        service.import_municipalities(path, "熊本県")


CSV = "code,name,kana,office_lat,office_lon,url\n"


def test_a_table_adds_municipalities_and_folds_wards_into_their_city(app: Flask, tmp_path: Path) -> None:
    path = tmp_path / "m.csv"
    path.write_text(
        CSV
        + "43100,熊本市,くまもとし,32.80,130.70,\n43101,熊本市中央区,,32.8,130.7,\n44201,大分市,おおいたし,33.2,131.6,\n9,悪い町,,33,131,\n"
    )
    with app.app_context():
        report = service.import_municipalities(path, "熊本県")
        assert (report.changed, report.new, report.skipped.total(), len(report.refused)) == (1, 0, 2, 1)
        assert service.import_municipalities(path, "all").new == 1
        assert len(search.served()) == 45
        assert db.session.get(Municipality, "43101") is None


def test_names_in_other_languages_are_read_from_a_table_and_found(app: Flask, tmp_path: Path) -> None:
    path = tmp_path / "m.csv"
    path.write_text(
        "code,name,kana,name_en,office_lat,office_lon\n43214,阿蘇市,あそし,Aso Town,32.95,131.12\n"
        "44201,大分市,おおいたし,Oita City,33.2,131.6\n44202,別府市,べっぷし,,33.3,131.5\n"
    )
    with app.app_context():
        db.session.get(Municipality, "43214").names["fr"] = "Aso-ville"
        db.session.commit()
        report = service.import_municipalities(path, "all")
        assert (report.changed, report.new) == (1, 2)
        assert service.import_municipalities(path, "all").unchanged == 3
        kept = {m.code: dict(m.names) for m in search.all_municipalities() if m.code in ("43214", "44201", "44202")}
        assert kept == {"43214": {"en": "Aso Town", "fr": "Aso-ville"}, "44201": {"en": "Oita City"}, "44202": {}}
        for text in ("Aso Town", "aso", "Aso-ville"):
            assert [found.label for found in search.find_places(text)] == ["阿蘇市"]


def test_init_adds_names_that_are_missing_and_changes_none(app: Flask) -> None:
    with app.app_context():
        first, second = (db.session.get(Municipality, code) for code in ("43214", "43425"))
        first.names["en"] = "Aso"
        del second.names["en"]
        db.session.get(Prefecture, "43").names.clear()
        db.session.commit()
        service.ensure_prefecture("熊本県")
        assert (first.names["en"], second.names["en"]) == ("Aso", "Ubuyama Village")
        assert search.prefecture().names == {"en": "Kumamoto"}


def test_towns_are_found_by_the_longest_beginning(app: Flask, tmp_path: Path) -> None:
    path = tmp_path / "t.csv"
    path.write_text(
        "code,municipality,town,koaza,kana,postal_code,lat,lon,approx\n"
        "43214,阿蘇市,内牧,,うちのまき,8692301,32.97,131.03,0\n43214,阿蘇市,内牧,湯山,,,32.98,131.04,0\n"
        "43101,熊本市中央区,本丸,,,,32.806,130.705,0\n99999,どこか,町,,,,33,131,0\n43214,阿蘇市,悪い,,,,x,y,0\n43214,阿蘇市,内牧,,,,0,0,0\n"
    )
    with app.app_context():
        report = service.import_towns(path)
        assert (report.new, report.skipped.total(), len(report.refused)) == (3, 2, 1)
        assert service.import_towns(path).unchanged == 3
        assert search.find_town("43214", "内牧湯山123").name == "内牧湯山"
        assert search.find_town("43214", "内牧976-2").name == "内牧"
        assert search.find_town("43214", "どこにもない") is None
        assert search.find_town("43100", "本丸1-1").lon == 130.705
        assert db.session.query(Town).count() == 3


def test_real_boundaries_and_towns(app: Flask, shared: Path) -> None:
    with app.app_context():
        assert (
            service.import_municipalities(shared / "data/kumamoto/kumamoto_municipalities.geojson", "熊本県").changed
            == 45
        )
        report = service.import_towns(shared / "data/kumamoto/kumamoto_towns.csv")
        assert report.rows == 2496
        drawn = outlines(search.served())
        assert all(item.d for item in drawn.items)
        assert sum(len(item.d) for item in drawn.items) < 40_000
