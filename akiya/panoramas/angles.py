"""What a scene marks stays on what it marks when its horizon is corrected."""

from collections.abc import Sequence
from math import cos, hypot, radians

from akiya.imaging import sphere

Horizon = tuple[float, float]
_STEPS = 12
_POLE = 85.0


def turned(yaw: float) -> float:
    """The same direction, from −180 up to 180 degrees, in hundredths."""
    value = round((yaw + 180) % 360 - 180, 2)
    return value if value < 180 else -180.0


def moved(yaw: float, pitch: float, before: Horizon, after: Horizon) -> tuple[float, float]:
    """Yaw and pitch, under the horizon (pitch, roll) `after`, of what was seen there under `before`; in hundredths."""
    new_yaw, new_pitch = sphere.moved(yaw, pitch, before, after)
    return turned(new_yaw), round(new_pitch, 2)


def covering(area: Sequence[float], before: Horizon, after: Horizon) -> list[float]:
    """An area [yaw, pitch, width, height] that under `after` covers all that `area` covered under `before`."""
    yaw, pitch, width, height = area
    low, high = max(-90.0, pitch - height / 2), min(90.0, pitch + height / 2)
    steps = [n / _STEPS for n in range(_STEPS + 1)]
    rim = [sphere.moved(yaw + (s - 0.5) * width, low + t * (high - low), before, after) for s in steps for t in steps]
    middle, _ = sphere.moved(yaw, (low + high) / 2, before, after)
    off = [(y - middle + 180) % 360 - 180 for y, _p in rim]
    lowest, highest = min(p for _y, p in rim), max(p for _y, p in rim)
    # What lies between two samples may reach out a little further than both.
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
