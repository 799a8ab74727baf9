"""An equirectangular picture as pixels: decoded in strips so that little memory is needed, and sampled anywhere."""

import io
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageCms

from akiya.errors import BadImage
from akiya.imaging import formats, panorama_shape
from akiya.imaging import gpano as poses
from akiya.imaging.opening import BROKEN, READ_ERRORS, open_image

MOST_PIXELS = 100_000_000
UNSEEN = 96
"""The grey of what a part of a panorama, or a transparent one, does not show."""
_BORDER = 4
_STRIP = 256
_LARGEST_PROFILE = 4_000_000
_ANIMATED = {each.pillow for each in formats.PANORAMA if each.animated}
_SPACES = {"RGB": "RGB", "L": "GRAY", "CMYK": "CMYK"}

# OpenCV's own types are wider than what it returns for uint8.
Pixels = NDArray[Any]


class Sphere:
    """The pixels of the whole sphere, with a few more around them so that sampling never meets an edge."""

    def __init__(self, width: int, height: int) -> None:
        self._bordered: Pixels = np.full((height + 2 * _BORDER, width + 2 * _BORDER, 3), UNSEEN, np.uint8)
        self.pixels = self._bordered[_BORDER:-_BORDER, _BORDER:-_BORDER]
        self.width, self.height = width, height

    def close(self) -> None:
        """What lies beyond an edge is what is seen there: the other side, and behind the poles. After pixels change."""
        around, b, half = self._bordered, _BORDER, self.width // 2
        for beyond in range(b):
            around[b - 1 - beyond, b:-b] = np.roll(around[b + beyond, b:-b], half, axis=0)
            around[beyond - b, b:-b] = np.roll(around[-b - 1 - beyond, b:-b], half, axis=0)
        around[:, :b], around[:, -b:] = around[:, -2 * b : -b], around[:, b : 2 * b]

    def sample(self, x: Any, y: Any) -> Pixels:
        """The colours at x and y, which are pixels' centres counted from 0, at most two pixels outside."""
        x, y = np.broadcast_arrays(x + np.float32(_BORDER), y + np.float32(_BORDER))
        maps = np.ascontiguousarray(x), np.ascontiguousarray(y)
        return cv2.remap(self._bordered, *maps, cv2.INTER_CUBIC, borderMode=cv2.BORDER_REPLICATE)


def load(
    source: Path, wanted: Callable[[int], int], progress: Callable[[float], None]
) -> tuple[Sphere, poses.Pose, tuple[int, int]]:
    """The sphere in `source`, its pose, and its true width and height. Raises BadImage with advice for everything else.

    A JPEG more than twice as wide as `wanted` says for its width is decoded at a half. `progress` hears shares of 1.
    """
    image = open_image(source, MOST_PIXELS, formats.PANORAMA)
    if getattr(image, "is_animated", False) and image.format in _ANIMATED:
        raise BadImage("動く画像（アニメーション）です。静止した画像1枚を書き出してから送ってください。")
    pose = poses.read(_xmp(image))
    place = panorama_shape.check_shape(image.size, pose.crop)
    enough = wanted(place.full_width) * place.width // place.full_width
    image.draft("RGB", (enough, enough * place.height // place.width))
    scale = image.width / place.width
    progress(0)
    try:
        image.load()
        progress(0.7)
        # Made only now: decoding has a peak of its own.
        sphere = Sphere(round(place.full_width * scale), round(place.full_height * scale))
        _fill(sphere.pixels[round(place.top * scale) :, round(place.left * scale) :], image)
    except READ_ERRORS as error:
        raise BadImage(BROKEN) from error
    progress(1)
    if (place.width, place.height) == (place.full_width, place.full_height):
        panorama_shape.check_whole(sphere.pixels)
    return sphere, pose, (place.full_width, place.full_height)


def _xmp(image: Image.Image) -> str:
    xmp = image.info.get("xmp") or image.info.get("XML:com.adobe.xmp") or ""
    return xmp.decode("utf-8", "replace") if isinstance(xmp, bytes) else str(xmp)


def _fill(target: Pixels, image: Image.Image) -> None:
    for top, strip in _strips(image):
        rows = target[top : top + strip.height, : strip.width]
        rows[:] = np.asarray(strip)[: rows.shape[0], : rows.shape[1]]


def _strips(image: Image.Image) -> Iterator[tuple[int, Image.Image]]:
    """A strip at a time as sRGB; the whole picture in a second form would take as much memory again."""
    transform: Any = None
    for top in range(0, image.height, _STRIP):
        strip = _flat(image.crop((0, top, image.width, min(image.height, top + _STRIP))), image.info)
        if top == 0:
            transform = _to_srgb(image.info.get("icc_profile"), strip.mode)
        yield top, transform.apply(strip) if transform else strip.convert("RGB")


def _flat(strip: Image.Image, info: dict[Any, Any]) -> Image.Image:
    """The strip as L, RGB or CMYK, without transparency."""
    if strip.mode.startswith("I"):  # 16 bits of grey
        return Image.fromarray((np.clip(np.asarray(strip), 0, 65535) // 256).astype(np.uint8))
    if strip.mode in ("LA", "PA", "RGBA") or "transparency" in info:
        ground, seen = Image.new("RGB", strip.size, (UNSEEN, UNSEEN, UNSEEN)), strip.convert("RGBA")
        ground.paste(seen, mask=seen.getchannel("A"))
        return ground
    return strip if strip.mode in _SPACES else strip.convert("RGB")


def _to_srgb(profile: bytes | None, mode: str) -> Any:
    """The way from the picture's colours to sRGB, if it holds a usable profile of other ones."""
    if not profile or len(profile) > _LARGEST_PROFILE:
        return None
    try:
        read = ImageCms.getOpenProfile(io.BytesIO(profile))
        described = read.profile.profile_description or ""
        if read.profile.xcolor_space.strip() != _SPACES[mode] or "srgb" in described.lower():
            return None
        return ImageCms.buildTransform(read, ImageCms.createProfile("sRGB"), mode, "RGB")
    except (ImageCms.PyCMSError, *READ_ERRORS):
        return None
