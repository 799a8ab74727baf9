"""Distances and meshes."""

import random
from datetime import UTC, datetime
from math import degrees, isclose

import pytest

from akiya import geo


def test_distance_of_a_degree_of_latitude() -> None:
    assert isclose(geo.distance_m((130, 32), (130, 33)), 111_195, rel_tol=1e-4)


def test_distance_is_the_same_both_ways() -> None:
    assert geo.distance_m((130.7, 32.8), (139.7, 35.7)) == geo.distance_m((139.7, 35.7), (130.7, 32.8))


def test_a_box_around_holds_every_point_of_the_circle() -> None:
    rng = random.Random(1)
    for _ in range(500):
        centre = rng.uniform(123, 153), rng.uniform(21, 45)
        radius = rng.uniform(10, 200_000)
        west, south, east, north = geo.box_around(centre, radius)
        point = rng.uniform(west - 1, east + 1), rng.uniform(south - 1, north + 1)
        if geo.distance_m(centre, point) <= radius:
            assert west <= point[0] <= east
            assert south <= point[1] <= north


def test_the_mesh_cell_holds_its_point_and_its_centre_stays_in_it() -> None:
    rng = random.Random(2)
    for metres in (250, 500, 1000):
        for _ in range(300):
            point = rng.uniform(129, 132), rng.uniform(31, 34)
            west, south, east, north = geo.mesh_box(point, metres)
            assert west <= point[0] < east
            assert south <= point[1] < north
            centre = geo.mesh_centre(point, metres)
            assert geo.mesh_centre(centre, metres) == centre


def test_the_quarter_mesh_is_a_sixteenth_of_the_third_mesh() -> None:
    west, south, east, north = geo.mesh_box((130.7081, 32.8031), 250)
    assert isclose((east - west) * 3600, 45 / 4, rel_tol=1e-6)
    assert isclose((north - south) * 3600, 30 / 4, rel_tol=1e-6)


@pytest.mark.parametrize(
    ("a", "b", "metres"),
    [
        ((0, 0), (0, 0), 0),
        ((0, 0), (1, 0), 111_195),
        ((130, 60), (131, 60), 55_597),
        ((0, 0), (180, 0), 20_015_115),
        ((0, -90), (0, 90), 20_015_115),
        ((130.7417, 32.7898), (130.5581, 33.5904), 90_647),
    ],
)
def test_distances_by_value(a: geo.Point, b: geo.Point, metres: float) -> None:
    assert geo.distance_m(a, b) == pytest.approx(metres, abs=1)


def test_a_box_around_is_as_wide_as_the_circle() -> None:
    degree = 111_195.08
    assert geo.box_around((130, 0), degree) == pytest.approx((129, -1, 131.000153, 1), abs=2e-4)
    west, south, east, north = geo.box_around((130, 60), degree)
    # Wide enough at the end of the circle that is nearer to the pole, at 61 degrees.
    assert (130 - west, east - 130) == pytest.approx((2.0627, 2.0627), abs=1e-4)
    assert (south, north) == pytest.approx((59, 61), abs=1e-5)


def test_a_box_around_is_a_little_larger_than_the_circle() -> None:
    _west, south, _east, north = geo.box_around((130, 32), 1_000)
    to_the_north = degrees(1_000 / geo.EARTH_RADIUS_M)
    assert south < 32 - to_the_north
    assert north > 32 + to_the_north


def test_a_box_at_the_pole_has_an_end() -> None:
    west, south, east, north = geo.box_around((0, 89.95), 1_000)
    assert (west, east) == pytest.approx((-5.1527, 5.1527), abs=1e-3)
    assert (south, north) == pytest.approx((89.941007, 89.958993), abs=1e-6)


@pytest.mark.parametrize(
    ("metres", "box"),
    [
        (1000, (130.7, 32.8, 130.7125, 32.808333)),
        (500, (130.70625, 32.8, 130.7125, 32.804167)),
        (250, (130.70625, 32.802083, 130.709375, 32.804167)),
    ],
)
def test_the_cells_of_the_mesh_by_value(metres: int, box: geo.Box) -> None:
    assert geo.mesh_box((130.7081, 32.8031), metres) == pytest.approx(box, abs=1e-6)
    west, south, east, north = box
    assert geo.mesh_centre((130.7081, 32.8031), metres) == pytest.approx(
        ((west + east) / 2, (south + north) / 2), abs=1e-6
    )


def test_a_centre_has_six_decimals() -> None:
    assert geo.mesh_centre((130.71, 32.8031)) == (130.710938, 32.803125)
    assert geo.mesh_centre((130.7081, 32.801), 1000) == (130.70625, 32.804167)


def test_the_mesh_is_the_quarter_one_by_default() -> None:
    assert geo.mesh_box((130.7081, 32.8031)) == geo.mesh_box((130.7081, 32.8031), 250)
    assert geo.mesh_centre((130.7081, 32.8031)) == geo.mesh_centre((130.7081, 32.8031), 250)


@pytest.mark.parametrize(
    ("point", "inside"),
    [((122, 20), True), ((154, 46), True), ((121.99, 33), False), ((154.01, 33), False), ((130, 19.99), False), ((130, 46.01), False)],
)  # fmt: skip
def test_the_box_around_japan(point: geo.Point, inside: bool) -> None:
    assert geo.in_japan(point) is inside


def test_the_time_of_japan_is_nine_hours_ahead() -> None:
    assert datetime(2026, 4, 1, tzinfo=geo.JAPAN_TIME).astimezone(UTC) == datetime(2026, 3, 31, 15, tzinfo=UTC)
