"""Geometry of the sphere: where a pixel of a cube face or of a flat view lies in an equirectangular image. Pure arrays.

Face size f, pixel centres u = (2i+1)/f − 1, v = (2j+1)/f − 1; longitude atan2(x, z), latitude atan2(y, √(x²+z²)); source
x = (lon/2π + ½)·W − ½ and y = (½ − lat/π)·H − ½. Front is the middle of the source.
"""

from typing import Any

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]
FACES = ("f", "r", "b", "l", "u", "d")


def face_directions(face: str, size: int) -> tuple[Floats, Floats, Floats]:
    """x (right), y (up) and z (front) of every pixel's direction, each of shape (size, size)."""
    axis = (2 * np.arange(size, dtype=np.float32) + 1) / size - 1
    u, v = np.meshgrid(axis, axis)
    one = np.ones_like(u)
    directions: dict[str, tuple[Any, Any, Any]] = {
        "f": (u, -v, one),
        "r": (one, -v, -u),
        "b": (-u, -v, -one),
        "l": (-one, -v, u),
        "u": (u, one, v),
        "d": (u, -one, -v),
    }
    return directions[face]


def source_pixels(directions: tuple[Any, Any, Any], width: int, height: int) -> tuple[Floats, Floats]:
    """The x and y in a `width` × `height` equirectangular image of directions (x, y, z)."""
    x, y, z = directions
    lon, lat = np.arctan2(x, z), np.arctan2(y, np.hypot(x, z))
    source_x = (lon / (2 * np.pi) + 0.5) * width - 0.5
    source_y = (0.5 - lat / np.pi) * height - 0.5
    return source_x.astype(np.float32), source_y.astype(np.float32)


def view_directions(width: int, height: int, yaw: float, pitch: float, hfov: float) -> tuple[Floats, Floats, Floats]:
    """Directions of the pixels of a flat view; yaw, pitch and horizontal field of view in degrees."""
    half = np.tan(np.radians(hfov) / 2)
    across = ((2 * np.arange(width, dtype=np.float32) + 1) / width - 1) * half
    down = ((2 * np.arange(height, dtype=np.float32) + 1) / height - 1) * half * height / width
    u, v = np.meshgrid(across, down)
    p, a = np.radians(pitch), np.radians(yaw)
    y = -v * np.cos(p) + np.sin(p)
    forward = v * np.sin(p) + np.cos(p)
    return u * np.cos(a) + forward * np.sin(a), y, forward * np.cos(a) - u * np.sin(a)
