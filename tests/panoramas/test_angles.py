"""Directions and areas of a scene under another horizon, by value."""

from math import asin, atan2, cos, degrees, hypot, radians, sin

import pytest

from akiya.panoramas import angles

LEVEL = (0.0, 0.0)


@pytest.mark.parametrize(
    ("yaw", "same"),
    [(0, 0), (179.99, 179.99), (179.994, 179.99), (179.996, -180), (180, -180), (-180, -180), (540, -180), (181, -179), (-181, 179), (359.5, -0.5),
     (12.346, 12.35), (725, 5)],
)  # fmt: skip
def test_a_direction_has_one_name(yaw: float, same: float) -> None:
    assert angles.turned(yaw) == same


def test_what_is_moved_has_hundredths() -> None:
    assert angles.moved(10.123, 20.456, LEVEL, LEVEL) == (10.12, 20.46)


@pytest.mark.parametrize(("pitch", "sign"), [(5.0, 1), (-5.0, -1)])
def test_a_correction_moves_the_front_and_comes_back(pitch: float, sign: int) -> None:
    yaw, seen = angles.moved(0.0, 0.0, LEVEL, (pitch, 0.0))
    assert (yaw, abs(seen)) == (0.0, 5.0)
    behind = angles.moved(-180.0, 0.0, LEVEL, (pitch, 0.0))
    assert behind == (-180.0, -seen)
    assert angles.moved(yaw, seen, (pitch, 0.0), LEVEL) == (0.0, 0.0)


def area(yaw: float, pitch: float, width: float, height: float) -> list[float]:
    """Return the area that covers the given one without rotation."""
    return angles.covering([yaw, pitch, width, height], LEVEL, LEVEL)


@pytest.mark.parametrize("yaw", [10.0, -170.0, 179.0])
@pytest.mark.parametrize("pitch", [20.0, -20.0])
def test_an_area_grows_by_half_a_step_on_each_side(yaw: float, pitch: float) -> None:
    slack = hypot(40, 20) / 24
    wider = slack / cos(radians(30 + slack))
    assert area(yaw, pitch, 40, 20) == [yaw, pitch, round(40 + 2 * wider, 2), round(20 + 2 * slack, 2)]


def test_an_area_by_value() -> None:
    assert area(10, 20, 40, 20) == [10.0, 20.0, 44.39, 23.73]
    assert area(10.12, 20.34, 40, 20)[:2] == [10.12, 20.34]


@pytest.mark.parametrize("roll", [30.0, -30.0])
def test_an_upright_strip_leans_with_the_roll(roll: float) -> None:
    # A point of the front at pitch p is seen at pitch asin(sin p · cos roll) and yaw atan2(sin p · sin roll, cos p).
    yaw, pitch, width, height = angles.covering([0, 30, 0, 60], LEVEL, (0.0, roll))
    top_yaw, top_pitch = atan2(sin(radians(60)) * 0.5, 0.5), asin(sin(radians(60)) * cos(radians(30)))
    wider = 2.5 / cos(top_pitch + radians(2.5))
    assert abs(yaw) == pytest.approx(degrees(top_yaw) / 2, abs=0.006)
    assert width == pytest.approx(degrees(top_yaw) + 2 * wider, abs=0.006)
    assert (pitch, height) == pytest.approx((degrees(top_pitch) / 2, degrees(top_pitch) + 5), abs=0.006)


@pytest.mark.parametrize(
    ("pitch", "height", "covering"),
    [
        (80, 20, [30.0, 79.58, 360.0, 20.83]),
        (-80, 20, [30.0, -79.58, 360.0, 20.83]),
        (70, 60, [30.0, 63.96, 360.0, 52.08]),
        (-70, 60, [30.0, -63.96, 360.0, 52.08]),
        (0, 200, [30.0, 0.0, 360.0, 180.0]),
    ],
)
def test_an_area_at_a_pole_goes_all_around(pitch: float, height: float, covering: list[float]) -> None:
    assert area(30, pitch, 0, height) == covering


@pytest.mark.parametrize(("height", "around"), [(9.0, False), (9.3, True)])
def test_a_pole_is_within_five_degrees(height: float, around: bool) -> None:
    for pitch in (80, -80):
        assert (area(30, pitch, 0, height)[2] == 360) is around


def test_an_area_is_never_wider_than_all_around() -> None:
    assert area(0, 0, 350, 20)[2] == 360
