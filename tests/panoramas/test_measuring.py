"""The height of a camera, computed from two points of the floor."""

from math import radians, tan

import pytest

from akiya.errors import Invalid
from akiya.panoramas import measuring

ABOVE = "は床を見下ろす角度ではありません。床の点は -1 より小さい値です。床の上の点を選び直してください。"
REMEDY = "ふつうは0.3〜3mです。2つの点が床の上にあるか、長さの単位がmかを確かめてください。"


@pytest.mark.parametrize(
    ("first", "second", "metres", "height"),
    [
        # Seen 45 degrees down, a point is as far from the camera's foot as the camera is high.
        ((0, -45), (180, -45), 2.0, 1.0),
        ((0, -45), (90, -45), 2**0.5, 1.0),
        ((30, -45), (-60, -45), 2 * 2**0.5, 2.0),
        ((0, -45), (0, -26.565051), 1.5, 1.5),
        ((0, -45), (180, -45), 2.468, 1.23),
        ((0, -45), (180, -45), 0.602, 0.3),
        ((0, -45), (180, -45), 5.998, 3.0),
        ((0, -1), (180, -1), 3 / tan(radians(1)), 1.5),
    ],
)
def test_a_camera_is_as_high_as_its_points_are_apart(
    first: measuring.Point, second: measuring.Point, metres: float, height: float
) -> None:
    assert measuring.camera_height(first, second, metres) == height


@pytest.mark.parametrize(
    ("metres", "found"), [(0.59, "0.29m"), (6.02, "3.01m"), (199.0, "99.50m"), (200.02, "とても高い値")]
)
def test_a_height_that_no_camera_has_is_refused(metres: float, found: str) -> None:
    with pytest.raises(Invalid) as caught:
        measuring.camera_height((0, -45), (180, -45), metres)
    message = f"「{metres:g}」mとすると、カメラの高さが{found}になります。{REMEDY}"
    assert (str(caught.value), caught.value.errors) == (message, {"apart": message})


def test_one_point_twice_has_no_height() -> None:
    with pytest.raises(Invalid) as caught:
        measuring.camera_height((10, -45), (10, -45), 2)
    assert str(caught.value) == f"「2」mとすると、カメラの高さがとても高い値になります。{REMEDY}"


@pytest.mark.parametrize(
    ("first", "second", "errors"),
    [
        ((0, -0.99), (9, -40), {"first_pitch": f"「-0.99」{ABOVE}"}),
        ((0, -40), (9, 12.5), {"second_pitch": f"「12.5」{ABOVE}"}),
        ((0, 0), (9, 5.0), {"first_pitch": f"「0」{ABOVE}", "second_pitch": f"「5」{ABOVE}"}),
    ],
)
def test_a_point_that_is_not_on_the_floor_is_named(
    first: measuring.Point, second: measuring.Point, errors: dict[str, str]
) -> None:
    with pytest.raises(Invalid) as caught:
        measuring.camera_height(first, second, 2)
    assert (str(caught.value), caught.value.errors) == ("床の点が水平線より上にあります。", errors)
