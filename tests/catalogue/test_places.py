"""Search near a place by its name, and hazards that were not checked."""

from pathlib import Path

import pytest
from flask import Flask

from akiya.errors import Invalid
from akiya.listings.enums import HazardExposure
from akiya.municipalities import places, search, service, settings
from tests import factories
from tests.factories import A
from tests.pages.browser import Browser

TOWNS = """code,municipality,town,koaza,kana,postal_code,lat,lon,approx
43214,阿蘇市,内牧,,うちのまき,8692301,32.97,131.04,0
43208,山鹿市,鹿本町来民,,かもとまちくたみ,8610331,33.0,130.75,0
43208,山鹿市,鹿本町御宇田,,かもとまちみうた,8610333,33.02,130.77,0
43202,八代市,本町,,ほんまち,8660861,32.50,130.60,0
43211,宇土市,本町,,ほんまち,8690433,32.68,130.66,0
"""
POSTAL = "postal_code,code,municipality,town,kana\n869-2301,43214,阿蘇市,内牧,\n8600001,43101,熊本市中央区,千葉城町,\nabc,43214,阿蘇市,内牧,\n"
STATIONS = "station,line,lat,lon\n阿蘇駅,豊肥本線,32.9372,131.0836\n海の駅,,0,0\n"


@pytest.fixture
def known(app: Flask, tmp_path: Path) -> Flask:
    files = {"towns.csv": TOWNS, "postal.csv": POSTAL, "stations.csv": STATIONS}
    for name, content in files.items():
        (tmp_path / name).write_text(content, encoding="utf-8")
    with app.app_context():
        service.import_towns(tmp_path / "towns.csv")
        for name in ("postal.csv", "stations.csv"):
            report = places.import_places(tmp_path / name)
            assert len(report.refused) == 1
            assert places.import_places(tmp_path / name).unchanged == report.new
    return app


@pytest.mark.parametrize(
    ("text", "labels"),
    [
        ("内牧", ["阿蘇市内牧"]), ("阿蘇市内牧", ["阿蘇市内牧"]), ("うちのまき", ["阿蘇市内牧"]), ("山鹿市鹿本町", ["山鹿市鹿本町"]),
        ("鹿本町", ["山鹿市鹿本町"]), ("鹿本町来民", ["山鹿市鹿本町来民"]), ("阿蘇市", ["阿蘇市"]), ("あそし", ["阿蘇市"]), ("Aso", ["阿蘇市"]),
        ("阿蘇駅", ["阿蘇駅（豊肥本線）"]), ("〒869-2301", ["869-2301 阿蘇市内牧"]), ("８６９２３０１", ["869-2301 阿蘇市内牧"]),
        ("8600001", ["860-0001 熊本市千葉城町"]), ("本町", ["八代市本町", "宇土市本町"]), ("阿蘇", ["阿蘇駅（豊肥本線）", "阿蘇市"]),
        ("熊本市中央区", ["熊本市"]), ("どこでもない", []), ("", []), ("%", []), ("9" * 200, []),
    ],
)  # fmt: skip
def test_names_lead_to_places(known: Flask, text: str, labels: list[str]) -> None:
    with known.app_context():
        found = search.find_places(text)
        assert [place.label for place in found] == labels
        for place in found:
            assert [again.label for again in search.find_places(place.label)] == [place.label]


def test_a_beginning_shared_by_towns_is_the_middle_of_them(known: Flask) -> None:
    with known.app_context():
        found = search.find_places("鹿本町")[0]
    assert (found.lon, found.lat) == (130.76, 33.01)


def test_a_file_of_neither_kind_is_refused(app: Flask, tmp_path: Path) -> None:
    (tmp_path / "other.csv").write_text("a,b\n1,2\n", encoding="utf-8")
    with app.app_context(), pytest.raises(Invalid, match=r"other\.csv"):
        places.import_places(tmp_path / "other.csv")


def test_homes_near_a_place_and_a_choice_of_places(known: Flask, people, visit: Browser) -> None:
    with known.app_context():
        factories.listing(people["aoi"], number="1", town="内牧")
        factories.listing(people["sora"], "43202", number="2", town="本町")
    near = visit.get("/listings/?place=内牧&sort=distance")
    assert "（1件）" in near.title
    assert "場所の近く 内牧" in near.text
    assert "（0件）" in visit.get("/listings/?place=鹿本町&radius_km=5").title
    several = visit.get("/listings/?place=本町")
    assert "「本町」に合う場所がいくつかあります" in several.text
    assert "（2件）" in several.title
    link = next(link for link in several.links if "place=" in link and "%E5%85%AB%E4%BB%A3" in link)
    assert "（1件）" in visit.get(link).title
    assert "「ばしょ」という場所は見つかりません" in visit.get("/listings/?place=ばしょ").text
    answer = visit.client.get("/listings.geojson?place=本町")
    assert answer.status_code == 400
    assert answer.get_json()["errors"][0]["parameter"] == "place"


def test_what_was_not_checked_is_told_apart(app: Flask, people, visit: Browser) -> None:
    with app.app_context():
        factories.listing(people["aoi"], number="out", flood=HazardExposure.OUTSIDE)
        factories.listing(people["aoi"], number="in", flood=HazardExposure.INSIDE)
        factories.listing(people["aoi"], number="unknown")
    page = visit.get("/listings/?outside=flood")
    assert "（1件）" in page.title
    assert "確かめていない物件（1件）を見る" in page.text
    assert "洪水の区域外" in page.text
    unchecked = visit.get("/listings/?outside=flood&unchecked=1")
    assert "（1件）" in unchecked.title
    assert "区域の中にあるかもしれません" in unchecked.text
    answer = visit.client.get("/listings.geojson?outside=flood&facets=1").get_json()
    assert answer["facets"]["unchecked"] == {"1": 1}
    assert answer["facets"]["outside"]["flood"] == 1
    assert "災害の種類を選んでください" in visit.get("/listings/?unchecked=1").text


def test_what_a_municipality_says_of_itself(app: Flask, people, visit: Browser) -> None:
    with app.app_context():
        factories.listing(people["aoi"], number="1")
        settings.change(
            A, {"tags": "settle,trial_stay", "text": "ようこそ。", "hazard_map_url": "https://example.jp/map"}
        )
        for wrong in ({"tags": "castle"}, {"blur": "near"}):
            with pytest.raises(Invalid, match=next(iter(wrong.values()))):
                settings.change(A, wrong)
        with pytest.raises(Invalid, match="99999"):
            settings.change("99999", {})
    assert "（1件）" in visit.get("/listings/?tag=settle&tag=trial_stay").title
    assert "（0件）" in visit.get("/listings/?tag=online").title
    page = visit.get(f"/municipalities/{A}")
    assert "ようこそ。" in page.text
    assert "お試し住宅あり" in page.text
    assert "https://example.jp/map" in page.links
