"""Functions of a scene without a database: descriptions, measures, moved marks."""

from math import radians, tan

import pytest

from akiya.errors import Invalid
from akiya.imaging import sphere
from akiya.panoramas import angles, descriptions, measuring


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        (descriptions.QUESTIONS, ""),
        ("広さ：8畳\r\n床：\r\n\r\n壁：土壁  ", "広さ：8畳\n\n壁：土壁"),
        ("次の物があります：\n机", "次の物があります：\n机"),
        (None, ""),
    ],
)
def test_questions_that_nobody_answered_are_left_out(typed: str | None, kept: str) -> None:
    assert descriptions.answered(typed) == kept


@pytest.mark.parametrize("height", [0.5, 1.4, 2.9])
def test_the_height_follows_from_two_points_of_the_floor(height: float) -> None:
    near, far = -50.0, -20.0
    apart = height / tan(radians(-far)) - height / tan(radians(-near))
    assert measuring.camera_height((30, near), (30, far), apart) == pytest.approx(height, abs=0.01)


@pytest.mark.parametrize(("first", "second", "field"), [((0, 5), (9, -40), "first_pitch"), ((0, -40), (9, 0), "second_pitch"), ((0, -40), (0, -40), "apart"), ((0, -40), (90, -40), "apart")])  # fmt: skip
def test_points_that_cannot_be_on_the_floor_are_refused(first, second, field) -> None:
    with pytest.raises(Invalid) as told:
        measuring.camera_height(first, second, 0.1 if field == "apart" else 2)
    assert list(told.value.errors) == [field]


@pytest.mark.parametrize("area", [[0, 0, 20, 10], [170, -30, 40, 25], [-90, 70, 30, 20], [10, -88, 50, 20]])
@pytest.mark.parametrize("after", [(8.0, 0.0), (0.0, -12.0), (-5.0, 20.0)])
def test_an_area_covers_after_a_turn_what_it_covered_before(area, after) -> None:
    yaw, pitch, width, height = angles.covering(area, (0.0, 0.0), after)
    for s in (0.0, 0.07, 0.31, 0.5, 0.77, 1.0):
        for t in (0.0, 0.11, 0.46, 0.5, 0.83, 1.0):
            seen = max(-90.0, min(90.0, area[1] + (t - 0.5) * area[3]))
            y, p = sphere.moved(area[0] + (s - 0.5) * area[2], seen, (0.0, 0.0), after)
            assert abs((y - yaw + 180) % 360 - 180) <= width / 2 + 0.01
            assert abs(p - pitch) <= height / 2 + 0.01


def test_what_is_not_turned_stays() -> None:
    assert angles.moved(179.999, 10.0, (3.0, 4.0), (3.0, 4.0)) == (-180.0, 10.0)
