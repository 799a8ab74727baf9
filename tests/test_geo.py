"""Distances and meshes."""

import random
from math import isclose

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
