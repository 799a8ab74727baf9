"""Project a sphere to the six faces of a cube and cut them into tiles; each level has half the size of the next."""

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import cv2
import numpy as np

from akiya.imaging import sphere
from akiya.imaging.equirectangular import Pixels, Sphere

TILE = 512
_THREADS = 2
_TURNS = {"f": 0.0, "r": 0.25, "b": 0.5, "l": 0.75}

Keep = Callable[[int, str, int, int, Pixels], None]
"""A function that saves a tile: its level, face, row, column and pixels. It is called from several threads."""


def size_for(width: int) -> int:
    """Return the side of a cube face in pixels for a source of `width` pixels: 1, 2 or 4 tiles."""
    return 2048 if width >= 6500 else 1024 if width >= 3200 else 512


def levels_of(size: int) -> int:
    """Return the number of levels of a cube with faces of `size` pixels; the first level is one tile per face."""
    return 1 + (size // TILE).bit_length() - 1


def cut(source: Sphere, size: int, keep: Keep, progress: Callable[[float], None]) -> None:
    """Pass every tile of every level to `keep`, starting with the finest; `progress` is called with fractions of 1."""
    level, count = levels_of(size), size // TILE
    smaller = {face: np.empty((size // 2, size // 2, 3), np.uint8) for face in sphere.FACES}
    done, lock = 0, threading.Lock()

    def finish(face: str, row: int, strip: Pixels) -> None:
        nonlocal done
        _keep_row(level, face, row, strip, keep)
        smaller[face][row * TILE // 2 : (row + 1) * TILE // 2] = _halved(strip)
        with lock:
            done += 1
            progress(done / (6 * count))

    def sides(row: int) -> None:
        # The four sides use the same map, shifted by quarter turns.
        x, y = _map("f", size, row, source)
        for face, turn in _TURNS.items():
            shifted = x + np.float32(turn * source.width)
            shifted[shifted > source.width - 0.5] -= source.width
            finish(face, row, source.sample(shifted, y))

    def poles(row: int) -> None:
        # The map of the lower face is that of the upper face, mirrored.
        x, y = _map("u", size, row, source)
        finish("u", row, source.sample(x, y))
        finish("d", count - 1 - row, source.sample(x[::-1], source.height - 1 - y[::-1]))

    cv2.setNumThreads(1)
    with ThreadPoolExecutor(_THREADS) as pool:
        jobs = [pool.submit(work, row) for work in (sides, poles) for row in range(count)]
        for job in jobs:
            job.result()
        rest = [pool.submit(_pyramid, level - 1, face, smaller[face], keep) for face in sphere.FACES]
        for job in rest:
            job.result()


def _map(face: str, size: int, row: int, source: Sphere) -> tuple[sphere.Floats, sphere.Floats]:
    directions = sphere.face_directions(face, size, slice(row * TILE, (row + 1) * TILE))
    return sphere.source_pixels(directions, source.width, source.height)


def _pyramid(level: int, face: str, image: Pixels, keep: Keep) -> None:
    while level > 0:
        for row in range(image.shape[0] // TILE):
            _keep_row(level, face, row, image[row * TILE : (row + 1) * TILE], keep)
        level, image = level - 1, _halved(image)


def _keep_row(level: int, face: str, row: int, strip: Pixels, keep: Keep) -> None:
    for column in range(strip.shape[1] // TILE):
        keep(level, face, row, column, strip[:, column * TILE : (column + 1) * TILE])


def _halved(image: Pixels) -> Pixels:
    return cv2.resize(image, None, fx=0.5, fy=0.5, interpolation=cv2.INTER_AREA)
