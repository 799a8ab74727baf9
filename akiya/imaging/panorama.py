"""Panoramas: an equirectangular picture becomes cube faces and tiles for a viewer, with a still and a strip. No metadata."""

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image

from akiya.errors import BadImage
from akiya.imaging import pose as poses
from akiya.imaging import sphere
from akiya.imaging.opening import BROKEN, READ_ERRORS, open_image

TILE = 512
PREVIEW = (1200, 630)
_MOST_PIXELS = 100_000_000
_NARROWEST, _WIDEST = 2048, 14_000
_BORDER = 4
_PREVIEW_FOV = 100.0
_ALIKE = 12.0
# OpenCV's own types are wider than what it returns for uint8.
Picture = NDArray[Any]

_EXPORT = "カメラのアプリで「360°写真（エクイレクタングラー、2:1）」として書き出してから送ってください。"


def cube_size(width: int) -> int:
    """The side of a cube face for a source of `width` pixels: a power of two of tiles."""
    return 2048 if width >= 6500 else 1024 if width >= 3200 else 512


def tile(
    source: Path,
    out: Path,
    *,
    blurs: Sequence[Sequence[float]] = (),
    view: Sequence[float] | None = None,
    horizon: Sequence[float] | None = None,
    progress: Callable[[int], None] = lambda percent: None,
) -> dict[str, Any]:
    """Writes `{level}/{face}{y}_{x}.webp` (level 1 is one tile a face), preview.webp, preview.jpg and strip.webp to `out`.

    Returns cube, tile, levels, source width and height, and the pose in degrees. Raises BadImage with help for each
    wrong kind of picture.
    """
    image = open_image(source, _MOST_PIXELS)
    pose = poses.read(source)
    if view is not None:
        pose = replace(pose, yaw=view[0], view_pitch=view[1])
    if horizon is not None:
        pose = replace(pose, pitch=horizon[0], roll=horizon[1])
    width, height = _check_shape(image.size, pose)
    cube = cube_size(width)
    pixels = _decode(image, cube)
    if (width, height) != image.size:
        pixels = _on_full_sphere(pixels, image.size, pose)
    else:
        _check_not_twice_alike(pixels)
    progress(10)
    _stills(pixels, pose, out)
    progress(20)
    levels = _write_cube(pixels, cube, out, progress)
    return {
        "cube": cube,
        "tile": TILE,
        "levels": levels,
        "width": width,
        "height": height,
        "north_offset": pose.heading,
        "horizon_pitch": pose.pitch,
        "horizon_roll": pose.roll,
        "yaw": pose.yaw,
        "pitch": pose.view_pitch,
    }


def _check_shape(size: tuple[int, int], pose: poses.Pose) -> tuple[int, int]:
    """The size of the full sphere. Raises BadImage for a shape that is none."""
    width, height = size
    ratio = width / height
    if width > _WIDEST:
        raise BadImage(f"幅が{width:,}画素あります。{_WIDEST:,}画素までに縮小してください。")
    if pose.crop and pose.crop_size == size and (pose.crop[0], pose.crop[1]) != size:
        full = pose.crop[0], pose.crop[1]
        fits = (
            pose.crop[2] >= 0 <= pose.crop[3] and pose.crop[2] + width <= full[0] and pose.crop[3] + height <= full[1]
        )
        if fits and abs(full[0] / full[1] - 2) <= 0.02 and _NARROWEST <= full[0] <= _WIDEST:
            return full
    if abs(ratio - 1) <= 0.02:
        raise BadImage(
            "縦横が同じ画像です。立体視（ステレオ）用か、魚眼2つの画像のようです。片目分だけの2:1の画像が要ります。"
            + _EXPORT
        )
    if abs(ratio - 2) > 0.02:
        raise BadImage(
            f"縦横の比が {ratio:.2f}:1 です。360度画像は 2:1（幅が高さの2倍）です。スマートフォンの「パノラマ」は全方向が写らない"
            "ため使えません。" + _EXPORT
        )
    if width < _NARROWEST:
        raise BadImage(
            f"幅が{width:,}画素しかありません。{_NARROWEST:,}画素以上で撮り直すか、元の大きさで送ってください。"
        )
    return width, height


def _decode(image: Image.Image, cube: int) -> Picture:
    try:
        # The faces hold 4 × cube pixels around; more than twice that adds nothing.
        image.draft("RGB", (cube * 4, cube * 2))
        return np.asarray(image.convert("RGB"))
    except READ_ERRORS as error:
        raise BadImage(BROKEN) from error


def _on_full_sphere(pixels: Picture, size: tuple[int, int], pose: poses.Pose) -> Picture:
    """A cropped panorama in its place on the sphere; what was not taken is grey."""
    assert pose.crop is not None
    scale = pixels.shape[1] / size[0]
    full_width, full_height, left, top = (round(value * scale) for value in pose.crop)
    full = np.full((full_height, full_width, 3), 96, np.uint8)
    target = full[top : top + pixels.shape[0], left : left + pixels.shape[1]]
    target[:] = pixels[: target.shape[0], : target.shape[1]]
    return full


def _check_not_twice_alike(pixels: Picture) -> None:
    """Raises BadImage for two pictures in one: halves side by side or one above the other, or two fisheye circles."""
    small = cv2.resize(pixels, (128, 64), interpolation=cv2.INTER_AREA).astype(np.int16)
    variety = float(small.std())
    for one, two, words in ((small[:, :64], small[:, 64:], "左右"), (small[:32], small[32:], "上下")):
        if variety > 5 and float(np.abs(one - two).mean()) < min(_ALIKE, variety / 3):
            raise BadImage(
                f"{words}にほぼ同じ画像が並んでいます。立体視（ステレオ）用の画像は使えません。片目分だけを" + _EXPORT
            )
    corners = [small[y, x] for y in (0, -1) for x in (0, 63, 64, -1)]
    if all(int(corner.max()) < 12 for corner in corners) and float(small[32, 32].max()) > 30:
        raise BadImage("魚眼の丸い画像が2つ並んでいるようです。つなぎ合わせる前の画像は使えません。" + _EXPORT)


def _wrapped(pixels: Picture) -> Picture:
    """The picture with a few columns of the other side at each side, so that sampling never meets an edge."""
    sides = np.concatenate([pixels[:, -_BORDER:], pixels, pixels[:, :_BORDER]], axis=1)
    return cv2.copyMakeBorder(sides, _BORDER, _BORDER, 0, 0, cv2.BORDER_REPLICATE)


def _sample(wrapped: Picture, directions: tuple[Any, Any, Any], shift: float = 0.0) -> Picture:
    height, width = wrapped.shape[0] - 2 * _BORDER, wrapped.shape[1] - 2 * _BORDER
    x, y = sphere.source_pixels(directions, width, height)
    return _remap(wrapped, np.mod(x + np.float32(shift * width), width).astype(np.float32), y)


def _remap(wrapped: Picture, x: Any, y: Any) -> Picture:
    return cv2.remap(wrapped, x + _BORDER, y + _BORDER, cv2.INTER_CUBIC, borderMode=cv2.BORDER_REPLICATE)


def _write_cube(pixels: Picture, cube: int, out: Path, progress: Callable[[int], None]) -> int:
    """Six faces and their pyramids; returns the number of levels."""
    wrapped = _wrapped(pixels)
    width = pixels.shape[1]
    levels = 1 + int(np.log2(cube // TILE))
    for level in range(1, levels + 1):
        (out / str(level)).mkdir()
    # The four side faces are one map shifted in x.
    side_x, side_y = sphere.source_pixels(sphere.face_directions("f", cube), width, pixels.shape[0])
    turns = {"f": 0.0, "r": 0.25, "b": 0.5, "l": 0.75}

    def write(face: str) -> None:
        image: Any
        if face in turns:
            x = np.mod(side_x + np.float32(turns[face] * width), width).astype(np.float32)
            image = _remap(wrapped, x, side_y)
        else:
            image = _sample(wrapped, sphere.face_directions(face, cube))
        for level in range(levels, 0, -1):
            _write_tiles(image, out / str(level), face)
            if level > 1:
                image = cv2.resize(image, None, fx=0.5, fy=0.5, interpolation=cv2.INTER_AREA)

    cv2.setNumThreads(1)
    with ThreadPoolExecutor(2) as pool:
        for done, _ in enumerate(pool.map(write, sphere.FACES), 1):
            progress(20 + done * 13)
    return levels


def _write_tiles(image: Picture, folder: Path, face: str) -> None:
    for row in range(0, image.shape[0], TILE):
        for column in range(0, image.shape[1], TILE):
            piece = Image.fromarray(np.ascontiguousarray(image[row : row + TILE, column : column + TILE]))
            piece.save(folder / f"{face}{row // TILE}_{column // TILE}.webp", "WEBP", quality=80, method=2)


def _stills(pixels: Picture, pose: poses.Pose, out: Path) -> None:
    directions = sphere.view_directions(*PREVIEW, pose.yaw, pose.view_pitch, _PREVIEW_FOV)
    still = Image.fromarray(_sample(_wrapped(pixels), directions))
    still.save(out / "preview.webp", "WEBP", quality=78, method=4)
    still.save(out / "preview.jpg", "JPEG", quality=82, optimize=True, progressive=True)
    band = pixels[pixels.shape[0] // 4 : 3 * pixels.shape[0] // 4]
    strip = Image.fromarray(cv2.resize(band, (1600, 400), interpolation=cv2.INTER_AREA))
    strip.save(out / "strip.webp", "WEBP", quality=75, method=4)
