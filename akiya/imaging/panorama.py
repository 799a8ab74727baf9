"""Convert an equirectangular picture to cube tiles for a viewer, with a still and a strip, all without metadata.

Tiles are in the picture's own frame, which the viewer levels by the horizon. Angles that are passed in are in the level
frame.
"""

from collections.abc import Callable, Sequence
from pathlib import Path

import cv2
import numpy as np
from PIL import Image

from akiya.imaging import blur, cube, equirectangular, sphere
from akiya.imaging.equirectangular import Pixels, Sphere
from akiya.values import JsonObject

PREVIEW = (1200, 630)
_PREVIEW_FOV = 100.0
STRIP = (1600, 400)
# A higher method would take twice the time to save a twentieth of the bytes.
_QUALITY, _METHOD = 78, 2


def tile(
    source: Path,
    out: Path,
    *,
    blurs: Sequence[Sequence[float]] = (),
    view: Sequence[float] | None = None,
    horizon: Sequence[float] | None = None,
    progress: Callable[[int], None] = lambda percent: None,
) -> JsonObject:
    """Write the tiles of a panorama, preview.webp, preview.jpg and strip.webp to the folder `out`.

    A tile is `{level}/{face}{y}_{x}.webp`; level 1 is one tile per face. `blurs` are [yaw, pitch, width, height], `view` is
    [yaw, pitch], `horizon` is [pitch, roll], all in degrees; the last two default to what the picture's XMP says. What is
    in a blurred area cannot be recovered from any of the files. `progress` is called with percentages.

    Return cube (side of a face), tile, levels, the source's width and height, the pose, and full_bytes, the size of the
    finest level in bytes. Raise BadImage, with advice for each wrong kind of picture.
    """
    image, pose, (width, height) = equirectangular.load(
        source, lambda full: 4 * cube.size_for(full), lambda share: progress(round(25 * share))
    )
    level = sphere.Horizon(*horizon) if horizon is not None else pose.horizon
    yaw, pitch = view if view is not None else (pose.yaw, pose.pitch)
    for area in blurs:
        blur.hide(image, blur.BlurArea(*area), level)
    image.close()
    _write_stills(image, yaw, pitch, level, out)
    progress(30)
    size = cube.size_for(width)
    levels = cube.levels_of(size)
    for number in range(1, levels + 1):
        (out / str(number)).mkdir()
    cube.cut(image, size, _writer(out), lambda share: progress(30 + round(60 * share)))
    progress(100)
    return {
        "cube": size,
        "tile": cube.TILE,
        "levels": levels,
        "width": width,
        "height": height,
        "north_offset": pose.heading,
        "horizon_pitch": level.pitch,
        "horizon_roll": level.roll,
        "yaw": yaw,
        "pitch": pitch,
        "full_bytes": sum(path.stat().st_size for path in (out / str(levels)).iterdir()),
    }


def _writer(out: Path) -> cube.Keep:
    def write(level: int, face: str, row: int, column: int, pixels: Pixels) -> None:
        path = out / str(level) / f"{face}{row}_{column}.webp"
        Image.fromarray(np.ascontiguousarray(pixels)).save(path, "WEBP", quality=_QUALITY, method=_METHOD)

    return write


def _write_stills(image: Sphere, yaw: float, pitch: float, level: sphere.Horizon, out: Path) -> None:
    still = Image.fromarray(_still(image, yaw, pitch, level))
    still.save(out / "preview.webp", "WEBP", quality=78, method=4)
    still.save(out / "preview.jpg", "JPEG", quality=82, optimize=True, progressive=True)
    strip = Image.fromarray(_strip(image, level))
    strip.save(out / "strip.webp", "WEBP", quality=75, method=4)


def _still(image: Sphere, yaw: float, pitch: float, level: sphere.Horizon) -> Pixels:
    times = _oversampling(image, PREVIEW[0] * 360 / _PREVIEW_FOV)
    size = PREVIEW[0] * times, PREVIEW[1] * times
    return _seen(image, sphere.view_directions(*size, yaw, pitch, _PREVIEW_FOV), level, PREVIEW)


def _strip(image: Sphere, level: sphere.Horizon) -> Pixels:
    """Return the view all around, from 45° below the horizon to 45° above it."""
    width, height = (side * _oversampling(image, STRIP[0]) for side in STRIP)
    yaws = ((np.arange(width, dtype=np.float32) + 0.5) / width - 0.5) * 360
    pitches = (0.5 - (np.arange(height, dtype=np.float32) + 0.5) / height) * 90
    return _seen(image, sphere.directions_of(yaws[None, :], pitches[:, None]), level, STRIP)


def _oversampling(image: Sphere, around: float) -> int:
    """Return how many times finer to sample before reducing; `around` is the width of the full turn in pixels.

    Without it, sampling would skip pixels of a large source.
    """
    return 2 if image.width > 1.5 * around else 1


def _seen(image: Sphere, directions: sphere.Direction, level: sphere.Horizon, size: tuple[int, int]) -> Pixels:
    x, y = sphere.source_pixels(sphere.to_picture(directions, level), image.width, image.height)
    return cv2.resize(image.sample(x, y), size, interpolation=cv2.INTER_AREA)
