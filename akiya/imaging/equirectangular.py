"""Load an equirectangular picture in strips, which needs little memory, and sample its colours anywhere."""

import io
from collections.abc import Callable, Container, Iterator
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
from akiya.imaging.sphere import Floats

MOST_PIXELS = 100_000_000
UNSEEN = 96
"""Grey level of the pixels that a partial or transparent panorama does not show."""
_BORDER = 4
_STRIP = 256
_LARGEST_PROFILE = 4_000_000
_ANIMATED = {each.pillow for each in formats.PANORAMA if each.animated}
_SPACES = {"RGB": "RGB", "L": "GRAY", "CMYK": "CMYK"}

Pixels = NDArray[Any]  # of 8 bits; OpenCV's own types are wider than what it returns for these


class Sphere:
    """The pixels of the whole sphere, with a border around them so that sampling never reaches an edge."""

    def __init__(self, width: int, height: int) -> None:
        self._bordered: Pixels = np.full((height + 2 * _BORDER, width + 2 * _BORDER, 3), UNSEEN, np.uint8)
        self.pixels = self._bordered[_BORDER:-_BORDER, _BORDER:-_BORDER]
        self.width, self.height = width, height

    def close(self) -> None:
        """Fill the border with what is seen beyond each edge: the other side, and the far side of the poles.

        Call it after changing pixels and before sample().
        """
        around, b, half = self._bordered, _BORDER, self.width // 2
        for beyond in range(b):
            around[b - 1 - beyond, b:-b] = np.roll(around[b + beyond, b:-b], half, axis=0)
            around[beyond - b, b:-b] = np.roll(around[-b - 1 - beyond, b:-b], half, axis=0)
        around[:, :b], around[:, -b:] = around[:, -2 * b : -b], around[:, b : 2 * b]

    def sample(self, x: Floats, y: Floats) -> Pixels:
        """Return the colours at x and y by bicubic interpolation.

        Coordinates are in pixels, with the centre of the first pixel at 0; they may be up to two pixels outside.
        """
        x, y = np.broadcast_arrays(x + np.float32(_BORDER), y + np.float32(_BORDER))
        maps = np.ascontiguousarray(x), np.ascontiguousarray(y)
        return cv2.remap(self._bordered, *maps, cv2.INTER_CUBIC, borderMode=cv2.BORDER_REPLICATE)


def load(
    source: Path, wanted: Callable[[int], int], progress: Callable[[float], None]
) -> tuple[Sphere, poses.Pose, tuple[int, int]]:
    """Load a panorama; return its sphere, its pose, and the width and height of the whole panorama in pixels.

    `wanted` returns the width that is needed for a given full width; a JPEG with more than twice of that is decoded at
    half its size. `progress` is called with fractions of 1. Raise BadImage, with advice, for anything but a usable
    equirectangular picture.
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
        # Allocated only now: decoding has a memory peak of its own.
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
    """Yield the picture in sRGB strip by strip, with the top row of each; converting it as a whole would double memory."""
    transform: ImageCms.ImageCmsTransform | None = None
    for top in range(0, image.height, _STRIP):
        strip = _flat(image.crop((0, top, image.width, min(image.height, top + _STRIP))), image.info)
        if top == 0:
            transform = _to_srgb(image.info.get("icc_profile"), strip.mode)
        yield top, transform.apply(strip) if transform else strip.convert("RGB")


def _flat(strip: Image.Image, info: Container[object]) -> Image.Image:
    """Return the strip as L, RGB or CMYK, without transparency."""
    if strip.mode.startswith("I"):  # 16 bits of grey
        return Image.fromarray((np.clip(np.asarray(strip), 0, 65535) // 256).astype(np.uint8))
    if strip.mode in ("LA", "PA", "RGBA") or "transparency" in info:
        ground, seen = Image.new("RGB", strip.size, (UNSEEN, UNSEEN, UNSEEN)), strip.convert("RGBA")
        ground.paste(seen, mask=seen.getchannel("A"))
        return ground
    return strip if strip.mode in _SPACES else strip.convert("RGB")


def _to_srgb(profile: bytes | None, mode: str) -> ImageCms.ImageCmsTransform | None:
    """Return the transform from the picture's colours to sRGB, or None without a usable profile of other colours."""
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
