"""How each number is read and which bounds it has; how long a text may be."""

from dataclasses import replace

import pytest

from akiya import units
from akiya.listings import ranges
from akiya.listings.fields import BY_NAME


@pytest.mark.parametrize(
    ("name", "bounds"),
    [
        ("price", (units.yen, 0, 100_000_000_000)),
        ("rent", (units.yen, 0, 1_000_000_000)),
        ("common_fee", (units.yen, 0, 1_000_000_000)),
        ("association_fee", (units.yen, 0, 1_000_000_000)),
        ("price_demolished", (units.yen, 0, 100_000_000_000)),
        ("floor_area", (units.area, 0, 10_000_000)),
        ("station_m", (units.metres, 0, 200_000)),
        ("road_width", (units.area, 0, 100)),
        ("storeys", (units.count, 0, 1_000)),
        ("coverage_ratio", (units.count, 0, 2_000)),
        ("true_lon", (units.degrees, -180, 180)),
    ],
)
def test_the_bounds_of_a_figure(name: str, bounds: tuple[ranges.Reader, float, float]) -> None:
    assert ranges.range_of(BY_NAME[name]) == bounds


@pytest.mark.parametrize("name", ["title", "built_on", "garden"])
def test_a_field_without_a_figure_has_no_range(name: str) -> None:
    with pytest.raises(KeyError):
        ranges.range_of(BY_NAME[name])


def test_a_text_without_a_limit_has_5000_characters() -> None:
    field = BY_NAME["title"]
    assert ranges.longest(replace(field, limit=120)) == 120
    assert ranges.longest(replace(field, limit=None)) == 5_000
