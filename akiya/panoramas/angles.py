"""Keep the marks of a scene on what they mark when the scene's horizon is corrected. Angles are degrees."""

from collections.abc import Sequence
from math import cos, hypot, radians

from akiya.imaging import sphere

Horizon = tuple[float, float]
_STEPS = 12
_POLE = 85.0


def turned(yaw: float) -> float:
    """Return the same direction as a yaw from -180 (included) to 180 degrees (excluded), rounded to hundredths."""
    value = round((yaw + 180) % 360 - 180, 2)
    return value if value < 180 else -180.0


def moved(yaw: float, pitch: float, before: Horizon, after: Horizon) -> tuple[float, float]:
    """Return the yaw and pitch, in the frame of the horizon `after`, of a point given in the frame of `before`.

    A horizon is (pitch, roll). The result is rounded to hundredths of a degree.
    """
    new_yaw, new_pitch = sphere.moved(yaw, pitch, before, after)
    return turned(new_yaw), round(new_pitch, 2)


def covering(area: Sequence[float], before: Horizon, after: Horizon) -> list[float]:
    """Return an area that in the frame of `after` covers all that `area` covers in the frame of `before`.

    An area is [yaw, pitch, width, height], yaw and pitch of its middle. The result is rather too large than too small,
    so that nothing that was blurred becomes visible.
    """
    yaw, pitch, width, height = area
    low, high = max(-90.0, pitch - height / 2), min(90.0, pitch + height / 2)
    steps = [n / _STEPS for n in range(_STEPS + 1)]
    rim = [sphere.moved(yaw + (s - 0.5) * width, low + t * (high - low), before, after) for s in steps for t in steps]
    middle, _ = sphere.moved(yaw, (low + high) / 2, before, after)
    off = [(y - middle + 180) % 360 - 180 for y, _p in rim]
    lowest, highest = min(p for _y, p in rim), max(p for _y, p in rim)
    # A point between two samples may reach out a little further than both.
    slack = hypot(width, high - low) / _STEPS / 2
    lowest, highest = max(-90.0, lowest - slack), min(90.0, highest + slack)
    if highest > _POLE or lowest < -_POLE:  # around a pole every yaw is near
        lowest, highest = (-90.0 if lowest < -_POLE else lowest), (90.0 if highest > _POLE else highest)
        return [turned(middle), round((lowest + highest) / 2, 2), 360.0, round(highest - lowest, 2)]
    wider = slack / cos(radians(max(abs(lowest), abs(highest))))
    west, east = min(off) - wider, max(off) + wider
    return [
        turned(middle + (west + east) / 2),
        round((lowest + highest) / 2, 2),
        round(min(360.0, east - west), 2),
        round(highest - lowest, 2),
    ]
