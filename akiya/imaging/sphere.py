"""Geometry of the sphere: which pixel of an equirectangular image a cube face or a flat view shows. Pure arrays.

Face size f, pixel centres u = (2i+1)/f − 1, v = (2j+1)/f − 1; longitude atan2(x, z), latitude atan2(y, √(x²+z²)); source
x = (lon/2π + ½)·W − ½ and y = (½ − lat/π)·H − ½. Front is the middle of the source. A direction is x (right), y (up) and z
(front), of any length. Angles are in degrees.

The picture of a camera that was not held level has a frame that is not level. `Horizon` describes it: the viewer (`render`
of Pannellum's libpannellum.js) converts angles from the level frame to the picture's, and so do `to_picture` and, in the
other direction, `to_level`.
"""

from collections.abc import Iterable
from math import cos, radians, sin, tan
from typing import Any, NamedTuple  # a figure, or an array of figures

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]
Direction = tuple[Any, Any, Any]
FACES = ("f", "r", "b", "l", "u", "d")


class Horizon(NamedTuple):
    """Pitch and roll of the camera relative to the horizon, in degrees, as in GPano and Pannellum's configuration."""

    pitch: float = 0.0
    roll: float = 0.0


LEVEL = Horizon()


def face_directions(face: str, size: int, rows: slice = slice(None)) -> Direction:
    """Return the directions of the pixels in `rows` of a face; each component broadcasts to the shape (rows, size)."""
    axis = (2 * np.arange(size, dtype=np.float32) + 1) / size - 1
    u, v, one = axis[None, :], axis[rows, None], np.ones((1, 1), np.float32)
    return {
        "f": (u, -v, one),
        "r": (one, -v, -u),
        "b": (-u, -v, -one),
        "l": (-one, -v, u),
        "u": (u, one, v),
        "d": (u, -one, -v),
    }[face]


def source_pixels(directions: Direction, width: int, height: int) -> tuple[Floats, Floats]:
    """Return x and y of directions in an equirectangular image of `width` by `height` pixels.

    x broadcasts to the shape of y.
    """
    x, y, z = directions
    source_x = (np.arctan2(x, z) / (2 * np.pi) + 0.5) * width - 0.5
    source_y = (0.5 - np.arctan2(y, np.sqrt(x * x + z * z)) / np.pi) * height - 0.5
    return source_x.astype(np.float32), source_y.astype(np.float32)


def directions_of(yaw: Any, pitch: Any) -> Direction:
    """Return the direction, of length 1, at yaw and pitch."""
    a, p = np.radians(yaw), np.radians(pitch)
    return np.sin(a) * np.cos(p), np.sin(p), np.cos(a) * np.cos(p)


def angles_of(directions: Direction) -> tuple[Any, Any]:
    """Return yaw (−180 to 180) and pitch (−90 to 90) of directions."""
    x, y, z = directions
    return np.degrees(np.arctan2(x, z)), np.degrees(np.arctan2(y, np.sqrt(x * x + z * z)))


def view_directions(width: int, height: int, yaw: float, pitch: float, hfov: float) -> Direction:
    """Return the directions of the pixels of a flat view that looks at yaw and pitch.

    `width` and `height` are in pixels, `hfov` is the horizontal field of view in degrees.
    """
    half = tan(radians(hfov) / 2)
    across = ((2 * np.arange(width, dtype=np.float32) + 1) / width - 1) * half
    down = ((2 * np.arange(height, dtype=np.float32) + 1) / height - 1) * half * height / width
    u, v = np.meshgrid(across, down)
    p, a = radians(pitch), radians(yaw)
    y = -v * cos(p) + sin(p)
    forward = v * sin(p) + cos(p)
    return u * cos(a) + forward * sin(a), y, forward * cos(a) - u * sin(a)


def _turn(horizon: Horizon) -> list[Direction]:
    """Return the rows of the rotation matrix from the level frame to the picture's."""
    p, r = radians(horizon.pitch), radians(horizon.roll)
    return [
        (cos(r), -sin(r), 0.0),
        (cos(p) * sin(r), cos(r) * cos(p), -sin(p)),
        (sin(r) * sin(p), cos(r) * sin(p), cos(p)),
    ]


def _turned(rows: Iterable[Direction], directions: Direction) -> Direction:
    x, y, z = directions
    one, two, three = (row[0] * x + row[1] * y + row[2] * z for row in rows)
    return one, two, three


def to_picture(directions: Direction, horizon: Horizon) -> Direction:
    """Convert directions from the level frame to the picture's."""
    return directions if horizon == LEVEL else _turned(_turn(horizon), directions)


def to_level(directions: Direction, horizon: Horizon) -> Direction:
    """Convert directions from the picture's frame to the level one."""
    return directions if horizon == LEVEL else _turned(zip(*_turn(horizon), strict=True), directions)


def moved(yaw: float, pitch: float, before: tuple[float, float], after: tuple[float, float]) -> tuple[float, float]:
    """Return the new yaw and pitch of a mark when the horizon (pitch, roll) is corrected from `before` to `after`."""
    picture = to_picture(directions_of(yaw, pitch), Horizon(*before))
    new_yaw, new_pitch = angles_of(to_level(picture, Horizon(*after)))
    return float(new_yaw), float(new_pitch)
