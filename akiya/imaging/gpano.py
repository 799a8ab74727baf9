"""Read GPano metadata of a panorama, which say how the camera was held.

They are found in the XMP by patterns and not by an XML parser, because the file comes from an unknown source.
"""

import re
from dataclasses import dataclass

from akiya.imaging.sphere import LEVEL, Horizon

_PATTERN = r"GPano:%s\s*(?:=\s*[\"']|>)\s*([-+]?\d{1,6}(?:\.\d{0,20})?)\s*[\"'<]"
_CROP = ("FullPanoWidthPixels", "FullPanoHeightPixels", "CroppedAreaLeftPixels", "CroppedAreaTopPixels")
_CROP_SIZE = ("CroppedAreaImageWidthPixels", "CroppedAreaImageHeightPixels")


@dataclass(frozen=True)
class Crop:
    """The place of a partial panorama in the whole one, in pixels, as the metadata state it: it may be wrong."""

    full_width: int
    full_height: int
    left: int
    top: int
    width: int
    height: int


@dataclass(frozen=True)
class Pose:
    """The heading of the picture's middle, its horizon, and the initial view in the level frame, all in degrees."""

    heading: float = 0.0
    horizon: Horizon = LEVEL
    yaw: float = 0.0
    pitch: float = 0.0
    crop: Crop | None = None


def read(xmp: str) -> Pose:
    """Read the pose from XMP text; values that are missing or impossible are 0."""
    heading = _angle(xmp, "PoseHeadingDegrees", 360) % 360
    # By the GPano specification the initial heading counts from north, not from the middle of the picture.
    towards = _value(xmp, "InitialViewHeadingDegrees")
    yaw = 0.0 if towards is None or abs(towards) > 360 else (towards - heading + 180) % 360 - 180
    parts = [_value(xmp, name) for name in (*_CROP, *_CROP_SIZE)]
    whole = [round(value) for value in parts if value is not None]
    return Pose(
        heading=heading,
        horizon=Horizon(_angle(xmp, "PosePitchDegrees", 90), _angle(xmp, "PoseRollDegrees", 180)),
        yaw=yaw,
        pitch=_angle(xmp, "InitialViewPitchDegrees", 90),
        crop=Crop(*whole) if len(whole) == len(parts) else None,
    )


def _value(xmp: str, name: str) -> float | None:
    match = re.search(_PATTERN % name, xmp, re.ASCII)
    return float(match[1]) if match else None


def _angle(xmp: str, name: str, most: float) -> float:
    value = _value(xmp, name)
    return value if value is not None and abs(value) <= most else 0.0
