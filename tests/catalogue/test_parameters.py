"""The table of search parameters: names, bounds, what is offered, and that docs/operations.md and the API's document say the same."""

import re
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from akiya.catalogue.parameters import COUNTED, NAMES, PARAMETERS, STEPS, Criteria, Topic, about
from akiya.catalogue.sorting import keys
from akiya.pages.api import openapi

OPERATIONS = Path(__file__).resolve().parents[2] / "docs" / "operations.md"
TYPED = [
    "q", "place", "municipality", "tag", "deal", "kind", "price_min", "price_max", "rent_min", "rent_max", "floor_min", "floor_max",
    "land_min", "land_max", "built_since", "rooms_min", "station_max", "feature", "outside", "unchecked", "free", "live",
    "confirmed_days", "updated_since", "bbox", "near", "radius_km", "sort", "per_page",
]  # fmt: skip


def schema(name: str) -> dict[str, Any]:
    return PARAMETERS[name].reader.schema


def read(name: str, text: str) -> Any:
    return PARAMETERS[name].reader.read(text)


def test_the_parameters_in_the_order_of_the_form() -> None:
    assert list(PARAMETERS) == TYPED


@pytest.mark.parametrize(
    ("name", "least", "most", "step"),
    [
        ("price_min", 0, 100_000_000_000, 1), ("price_max", 0, 100_000_000_000, 1), ("rent_min", 0, 1_000_000_000, 1), ("rent_max", 0, 1_000_000_000, 1),
        ("floor_min", 0, 10_000_000, 0.5), ("floor_max", 0, 10_000_000, 0.5), ("land_min", 0, 10_000_000, 0.5), ("land_max", 0, 10_000_000, 0.5),
        ("built_since", 1600, 2200, 1), ("rooms_min", 1, 50, 1), ("station_max", 1, 100_000, 1), ("confirmed_days", 1, 3650, 1), ("radius_km", 0.01, 200, 0.001),
    ],
)  # fmt: skip
def test_a_number_is_read_within_its_bounds(name: str, least: float, most: float, step: float) -> None:
    assert (read(name, str(least)), read(name, str(most))) == (least, most)
    for text in (str(least - step), str(most + step), "x", "nan", ""):
        with pytest.raises(ValueError, match="の数で指定してください"):
            read(name, text)
    kind = "integer" if step == 1 else "number"
    assert schema(name) == {"type": kind, "minimum": least, "maximum": most}


def test_the_numbers_are_all_of_these_bounds() -> None:
    numbers = {name for name in PARAMETERS if "minimum" in schema(name)}
    assert len(numbers) == 13
    for name in numbers:
        assert all(read(name, str(step)) == step for step in PARAMETERS[name].steps)
        assert list(PARAMETERS[name].steps) == sorted(PARAMETERS[name].steps)


@pytest.mark.parametrize(
    ("name", "text", "value"),
    [
        ("q", "ｱｿ 庭 庭", ("あそ", "庭")), ("place", "内牧", "内牧"), ("free", "1", True), ("updated_since", "2026-04-01", date(2026, 4, 1)),
        ("bbox", "130,32,131,33", (130, 32, 131, 33)), ("bbox", "130,32,-5,131,33,900", (130, 32, 131, 33)), ("near", "130.7,32.8", (130.7, 32.8)),
        ("sort", "price_asc", "price_asc"), ("per_page", "50", 50),
    ],
)  # fmt: skip
def test_a_text_is_read(name: str, text: str, value: Any) -> None:
    assert read(name, text) == value


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("q", "あ" * 101), ("place", "あ" * 101), ("free", "2"), ("live", "true"), ("unchecked", "0"), ("updated_since", "2026-02-30"), ("bbox", "1,2,3"),
        ("bbox", "170,30,-170,40"), ("bbox", "131,33,132,32"), ("bbox", "131,32,132,91"), ("near", "181,32"), ("near", "131,-91"), ("near", "131"),
        ("sort", "magic"), ("per_page", "21"), ("per_page", "050"),
    ],
)  # fmt: skip
def test_a_text_that_cannot_be_used_is_refused(name: str, text: str) -> None:
    with pytest.raises(ValueError, match=r"。$"):
        read(name, text)


def test_the_longest_texts_and_most_choices() -> None:
    assert read("place", "あ" * 100) == "あ" * 100
    assert {name: schema(name)["maxLength"] for name in PARAMETERS if "maxLength" in schema(name)} == {
        "q": 100,
        "place": 100,
    }
    assert {name: schema(name).get("maxItems") for name, row in PARAMETERS.items() if row.several} == {
        "municipality": 45, "tag": None, "deal": None, "kind": None, "feature": 20, "outside": None
    }  # fmt: skip


def test_what_is_counted_and_offered() -> None:
    assert set(COUNTED) == {
        "municipality", "tag", "deal", "kind", "price_max", "rent_max", "built_since", "rooms_min", "station_max", "feature", "outside", "free", "live"
    }  # fmt: skip
    assert STEPS == {
        "price_max": [
            500_000,
            1_000_000,
            2_000_000,
            3_000_000,
            5_000_000,
            8_000_000,
            10_000_000,
            15_000_000,
            20_000_000,
            30_000_000,
        ],
        "rent_max": [10_000, 20_000, 30_000, 40_000, 50_000, 60_000, 80_000, 100_000],
        "built_since": (1950, 1970, 1981, 1990, 2000, 2010, 2020),
        "rooms_min": (2, 3, 4, 5, 6, 8),
        "station_max": (400, 800, 1200, 1600, 2400, 4000),
    }
    assert PARAMETERS["station_max"].choices()[:2] == [("", "指定なし"), ("400", "徒歩5分以内")]
    assert PARAMETERS["per_page"].choices() == [("20", "20件ずつ"), ("50", "50件ずつ"), ("100", "100件ずつ")]


def test_what_is_active_in_criteria_and_what_its_filter_takes() -> None:
    criteria = Criteria(
        price_max=0, features=("garden",), free=True, near=(131, 33), radius_m=500.0, bbox=None, words=("庭",)
    )
    assert [(name, values) for name, _filter, values in criteria.active()] == [
        ("price_max", [0]), ("feature", [("garden",)]), ("free", [True]), ("radius_km", [500.0, (131, 33)])
    ]  # fmt: skip
    assert list(Criteria().active()) == []


def test_what_a_parameter_is_about() -> None:
    assert about(Topic.PLACE) == ["place", "bbox", "near", "radius_km"]
    assert about(Topic.ANSWER) == ["sort", "per_page"]
    assert about(Topic.OFFER) == ["tag", "confirmed_days", "updated_since"]


def test_the_orders_that_the_catalogue_keeps() -> None:
    assert keys() == {
        ("newest", False), ("waiting", False), ("price", False), ("price", True), ("rent", False), ("rent", True), ("floor_area", True)
    }  # fmt: skip


def test_the_operations_manual_lists_every_parameter() -> None:
    text = OPERATIONS.read_text(encoding="utf-8")
    paragraph = re.search(r"^One search, one set of parameters.*?^$", text, re.S | re.M)
    assert paragraph is not None
    named = re.findall(r"`(\w+)[=`]", paragraph[0])
    assert sorted(named) == sorted([*NAMES, "page"])


def test_the_api_describes_every_parameter_as_it_is_read() -> None:
    document = openapi.openapi("空き家バンク", "https://example.jp/api")
    told = document["paths"]["/collections/listings/items"]["get"]["parameters"]
    own = [one for one in told if one["name"] not in ("f", "limit", "offset", "datetime")]
    assert [one["name"] for one in own] == [
        "bbox", "q", "municipality", "deal", "kind", "price_min", "price_max", "rent_min", "rent_max", "floor_min", "floor_max",
        "land_min", "land_max", "built_since", "rooms_min", "station_max", "feature", "outside", "unchecked", "free", "live", "tag",
        "confirmed_days", "updated_since", "place", "near", "radius_km", "sort",
    ]  # fmt: skip
    assert {one["name"] for one in own} == NAMES - {"per_page"}
    for one in own:
        row = PARAMETERS[one["name"]]
        assert one["schema"] == row.reader.schema
        assert one.get("explode", False) is row.several
        assert one["description"] == row.label or one["name"] == "bbox"
