"""Compute lengths on the floor of a scene from the angles at which its points are seen. Pure."""

from math import cos, hypot, radians, sin, tan

from akiya.errors import Invalid

LOWEST, HIGHEST = 0.3, 3.0
"""The least and greatest plausible height of a camera above the floor, in metres."""
_FLATTEST = -1.0
Point = tuple[float, float]


def camera_height(first: Point, second: Point, metres: float) -> float:
    """Return the height of the camera in metres, given two points of the floor that are `metres` apart.

    The points are (yaw, pitch) in degrees. A point of the floor at pitch p < 0 is h / tan(−p) away from the camera's
    foot, in the direction of its yaw, where h is the camera's height. The distance between two such points is
    proportional to h, so h is `metres` divided by their distance for h = 1. Raise Invalid for points that are not below
    the horizon, or an implausible height.
    """
    above = "床を見下ろす角度ではありません。床の点は -1 より小さい値です。床の上の点を選び直してください。"
    points = {"first_pitch": first, "second_pitch": second}
    errors = {name: f"「{pitch:g}」は{above}" for name, (_yaw, pitch) in points.items() if pitch > _FLATTEST}
    if errors:
        raise Invalid("床の点が水平線より上にあります。", errors)
    (x1, y1), (x2, y2) = _foot(first), _foot(second)
    apart = hypot(x2 - x1, y2 - y1)
    height = metres / apart if apart else float("inf")
    if not LOWEST <= height <= HIGHEST:
        found = f"{height:.2f}m" if height < 100 else "とても高い値"
        message = (
            f"「{metres:g}」mとすると、カメラの高さが{found}になります。ふつうは{LOWEST:g}〜{HIGHEST:g}mです。"
            "2つの点が床の上にあるか、長さの単位がmかを確かめてください。"
        )
        raise Invalid(message, {"apart": message})
    return round(height, 2)


def _foot(point: Point) -> Point:
    """Return the point's (x, y) on the floor in camera heights, from the camera's foot."""
    yaw, pitch = (radians(angle) for angle in point)
    away = 1 / tan(-pitch)
    return away * sin(yaw), away * cos(yaw)
