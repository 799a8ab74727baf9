"""GPano: how a panorama says it was held. Read from the XMP bytes by pattern; an XML parser would trust them too much."""

import re
from dataclasses import dataclass
from pathlib import Path

_HEAD_BYTES = 512 * 1024
_PATTERN = rb"GPano:%s\s*(?:=\s*[\"']|>)\s*(-?\d{1,6}(?:\.\d{1,12})?)"


@dataclass(frozen=True)
class Pose:
    """Heading, pitch and roll of the camera, and the initial view, in degrees; crop as (full w, full h, left, top)."""

    heading: float = 0.0
    pitch: float = 0.0
    roll: float = 0.0
    yaw: float = 0.0
    view_pitch: float = 0.0
    crop: tuple[int, int, int, int] | None = None
    crop_size: tuple[int, int] | None = None


def read(source: Path) -> Pose:
    """The pose in the first bytes of `source`; zeros where nothing is said."""
    with source.open("rb") as file:
        head = file.read(_HEAD_BYTES)
    crop = [
        _value(head, name)
        for name in (b"FullPanoWidthPixels", b"FullPanoHeightPixels", b"CroppedAreaLeftPixels", b"CroppedAreaTopPixels",
                     b"CroppedAreaImageWidthPixels", b"CroppedAreaImageHeightPixels")
    ]  # fmt: skip
    whole = [round(value) for value in crop if value is not None]
    complete = len(whole) == len(crop)
    return Pose(
        heading=_angle(head, b"PoseHeadingDegrees") % 360,
        pitch=_angle(head, b"PosePitchDegrees"),
        roll=_angle(head, b"PoseRollDegrees"),
        yaw=(_angle(head, b"InitialViewHeadingDegrees") + 180) % 360 - 180,
        view_pitch=max(-90.0, min(90.0, _angle(head, b"InitialViewPitchDegrees"))),
        crop=(whole[0], whole[1], whole[2], whole[3]) if complete else None,
        crop_size=(whole[4], whole[5]) if complete else None,
    )


def _value(head: bytes, name: bytes) -> float | None:
    match = re.search(_PATTERN % name, head)
    return float(match[1]) if match else None


def _angle(head: bytes, name: bytes) -> float:
    value = _value(head, name)
    return value if value is not None and abs(value) <= 360 else 0.0
