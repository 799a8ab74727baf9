"""Make areas of a panorama unrecognisable by changing its pixels."""

from collections.abc import Iterator
from math import ceil, cos, radians
from typing import NamedTuple

import cv2
import numpy as np
from numpy.typing import NDArray

from akiya.imaging import sphere
from akiya.imaging.equirectangular import Pixels, Sphere

_CELLS = 8
_SMALLEST_CELL = 4
_FINE = 16
_ROWS = 128


class BlurArea(NamedTuple):
    """An area of `width` by `height` degrees around the middle (yaw, pitch) in the level frame; it ends at the poles."""

    yaw: float
    pitch: float
    width: float
    height: float

    @property
    def lowest(self) -> float:
        """Return the pitch of the lower edge in degrees."""
        return max(-90.0, self.pitch - self.height / 2)

    @property
    def highest(self) -> float:
        """Return the pitch of the upper edge in degrees."""
        return min(90.0, self.pitch + self.height / 2)


def hide(source: Sphere, area: BlurArea, horizon: sphere.Horizon) -> None:
    """Replace the pixels of the area by the averages of at most 8 × 8 cells, blurred into one another.

    What was there cannot be recovered from the result. A cell is at least 4 pixels wide: otherwise an area of few pixels
    would stay recognisable.
    """
    if min(area.width, area.height) <= 0 or area.lowest >= area.highest:
        return
    across = min(360.0, area.width) * cos(radians((area.lowest + area.highest) / 2))
    cell = max(across / _CELLS, (area.highest - area.lowest) / _CELLS, _SMALLEST_CELL * 360 / source.width)
    columns, rows = max(1, ceil(across / cell)), max(1, ceil((area.highest - area.lowest) / cell))
    sums = np.zeros((rows * columns, 4))
    found = []
    for piece, inside, s, t in _pieces(source, area, horizon):
        index = np.minimum((t * rows).astype(int), rows - 1) * columns + np.minimum(
            (s * columns).astype(int), columns - 1
        )
        colours = piece[inside]
        for channel in range(3):
            sums[:, channel] += np.bincount(index, colours[:, channel], rows * columns)
        sums[:, 3] += np.bincount(index, minlength=rows * columns)
        found.append((piece, inside, s, t))
    everything = sums.sum(axis=0)
    sums[sums[:, 3] == 0] = everything  # a cell smaller than a pixel
    veil = _smooth((sums[:, :3] / sums[:, 3:]).reshape(rows, columns, 3))
    for piece, inside, s, t in found:
        x = np.minimum((s * veil.shape[1]).astype(int), veil.shape[1] - 1)
        y = np.minimum((t * veil.shape[0]).astype(int), veil.shape[0] - 1)
        piece[inside] = veil[y, x]


def _smooth(cells: NDArray[np.float64]) -> Pixels:
    size = (cells.shape[1] * _FINE, cells.shape[0] * _FINE)
    fine = cv2.resize(cells.astype(np.float32), size, interpolation=cv2.INTER_CUBIC)
    return np.clip(cv2.GaussianBlur(fine, (0, 0), _FINE / 2, borderType=cv2.BORDER_REPLICATE), 0, 255).astype(np.uint8)


def _pieces(
    source: Sphere, area: BlurArea, horizon: sphere.Horizon
) -> Iterator[tuple[Pixels, NDArray[np.bool_], NDArray[np.float32], NDArray[np.float32]]]:
    """Yield pieces of the picture, each with a mask of the pixels that the area touches and their places in it.

    The places are s (left to right) and t (top to bottom), from 0 to 1.
    """
    step = 360 / source.width
    middle = sphere.angles_of(sphere.to_picture(sphere.directions_of(area.yaw, area.pitch), horizon))[0]
    first, last, left, right = _bounds(source, area, horizon, float(middle))
    columns = np.arange(left, right)
    # Up to three spans, because the area may cross the left or right edge of the picture.
    for span in (columns[columns < 0] + source.width, columns[(columns >= 0) & (columns < source.width)],
                 columns[columns >= source.width] - source.width):  # fmt: skip
        if not len(span):
            continue
        yaws = ((span + 0.5) / source.width - 0.5) * 360
        for top in range(first, last, _ROWS):
            bottom = min(last, top + _ROWS)
            pitches = (0.5 - (np.arange(top, bottom) + 0.5) / source.height) * 180
            directions = sphere.directions_of(yaws[None, :], pitches[:, None])
            directions = directions[0], np.broadcast_to(directions[1], directions[0].shape), directions[2]
            yaw, pitch = sphere.angles_of(sphere.to_level(directions, horizon))
            # The margin includes pixels that the area only touches at their edge.
            margin = step / np.maximum(np.cos(np.radians(pitch)), 1e-6)
            off = (yaw - area.yaw + 180) % 360 - 180
            inside = (
                (np.abs(off) <= area.width / 2 + margin)
                & (pitch >= area.lowest - step)
                & (pitch <= area.highest + step)
            )
            if inside.any():
                s = np.clip(off[inside] / min(360.0, area.width) + 0.5, 0, 1)
                t = np.clip((area.highest - pitch[inside]) / (area.highest - area.lowest), 0, 1)
                yield (
                    source.pixels[top:bottom, span[0] : span[-1] + 1],
                    inside,
                    s.astype(np.float32),
                    t.astype(np.float32),
                )


def _bounds(source: Sphere, area: BlurArea, horizon: sphere.Horizon, middle: float) -> tuple[int, int, int, int]:
    """Return the first and last row and column that can hold a part of the area.

    Columns may be negative or beyond the width: the picture continues on its other side.
    """
    half = min(180.0, area.width / 2)
    s = np.linspace(-half, half, 1 + ceil(2 * half))[None, :] + area.yaw
    t = np.linspace(area.lowest, area.highest, 1 + ceil(area.highest - area.lowest))[:, None]
    yaw, pitch = sphere.angles_of(sphere.to_picture(sphere.directions_of(s, t + 0 * s), horizon))
    # Samples are at most one degree apart, so the true edge is within a degree of them.
    high, low = float(pitch.max()) + 1, float(pitch.min()) - 1
    first = max(0, int((0.5 - high / 180) * source.height) - 2)
    last = min(source.height, ceil((0.5 - low / 180) * source.height) + 2)
    off = (yaw - middle + 180) % 360 - 180
    slack = 1 / max(1e-6, cos(radians(min(90.0, max(abs(high), abs(low))))))
    west, east = float(off.min()) - slack, float(off.max()) + slack
    if high >= 88 or low <= -88 or east - west >= 358:
        return first, last, 0, source.width
    left = int(((middle + west) / 360 + 0.5) * source.width) - 2
    right = ceil(((middle + east) / 360 + 0.5) * source.width) + 2
    return (first, last, left, right) if right - left < source.width else (first, last, 0, source.width)
