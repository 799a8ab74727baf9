"""Lengths on the floor of a scene, from the angles at which its points are seen. Pure."""

from math import cos, hypot, radians, sin, tan

from akiya.errors import Invalid

LOWEST, HIGHEST = 0.3, 3.0
"""Metres between which a camera stands above the floor."""
_FLATTEST = -1.0
Point = tuple[float, float]


def camera_height(first: Point, second: Point, metres: float) -> float:
    """The camera's height in metres, when two points of the floor, seen at (yaw, pitch) in degrees, are `metres` apart.

    A point of the floor at pitch p < 0 lies h / tan(−p) away from the camera's foot, h its height, in the direction of its
    yaw. The distance between two such points grows with h: h is `metres` over what it would be for h = 1. Raises Invalid.
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
    """Where on the floor the point lies, in camera heights from the camera's foot."""
    yaw, pitch = (radians(angle) for angle in point)
    away = 1 / tan(-pitch)
    return away * sin(yaw), away * cos(yaw)
