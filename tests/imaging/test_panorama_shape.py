"""Each wrong kind of picture is refused with its own advice, and nothing is left behind."""

from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from akiya.errors import BadImage
from akiya.imaging import panorama
from tests import images

pytestmark = pytest.mark.slow


def saved(picture: Image.Image, path: Path, **more: object) -> Path:
    picture.save(path, quality=92, **more)
    return path


def fisheyes(width: int = 2048, ground: int = 0) -> Image.Image:
    """Return two round pictures next to each other, as a camera stores them before they are stitched."""
    side = width // 2
    pixels = np.full((side, width, 3), ground, np.uint8)
    detail = np.asarray(images.sphere_picture(width).resize((width, side)))
    down, across = np.indices((side, width))
    inside = np.hypot(down - side / 2, across % side - side / 2) < side * 0.49
    pixels[inside] = detail[inside]
    return Image.fromarray(pixels)


def stereo(*, beside: bool) -> Image.Image:
    """Return one panorama for each eye, the second slightly shifted: `beside` each other or one above the other."""
    one = np.asarray(images.sphere_picture(4096).resize((1024, 1024) if beside else (2048, 512)))
    return Image.fromarray(np.concatenate([one, np.roll(one, 12, axis=1)], axis=1 if beside else 0))


KINDS = {
    "empty": (lambda p: p.write_bytes(b""), "空です"),
    "pdf": (lambda p: p.write_bytes(b"%PDF-1.7\n"), "画像として開けません"),
    "square": (lambda p: saved(images.sphere_picture().resize((2048, 2048)), p), "立体視.*魚眼"),
    "stereo, beside": (lambda p: saved(stereo(beside=True), p), "左右.*立体視.*片目分"),
    "stereo, above": (lambda p: saved(stereo(beside=False), p), "上下.*立体視.*片目分"),
    "fisheye": (lambda p: saved(fisheyes(), p), "魚眼.*THETA.*Insta360.*GoPro MAX"),
    "phone's sweep": (lambda p: saved(images.sphere_picture().resize((4000, 800)), p), "4,000×800.*2:1.*スマートフォン.*フォトスフィア"),
    "photo": (lambda p: saved(images.sphere_picture().resize((2000, 1500)), p), "2:1"),
    "upright": (lambda p: saved(images.sphere_picture().resize((600, 1200)), p), "2:1"),
    "small": (lambda p: saved(images.sphere_picture(1600), p), "1,600×800.*2,048"),
    "wide": (lambda p: saved(Image.new("RGB", (14_200, 7100)), p), "1億82万画素|14,000"),
    "wide but flat": (lambda p: saved(Image.new("RGB", (15_000, 300)), p), "14,000"),
    "high": (lambda p: saved(Image.new("L", (30, 15_000)), p), "14,000"),
    "moving": (
        lambda p: images.sphere_picture().save(p, "WEBP", save_all=True, append_images=[images.sphere_picture(seed=2)]),
        "アニメーション",
    ),
    "moving PNG": (
        lambda p: images.sphere_picture().save(p, "PNG", save_all=True, append_images=[images.sphere_picture(seed=2)]),
        "アニメーション",
    ),
    "a part with impossible tags": (
        lambda p: saved(
            images.sphere_picture(4096).crop((0, 500, 4096, 1500)), p,
            xmp=images.gpano(FullPanoWidthPixels=4096, FullPanoHeightPixels=2048, CroppedAreaLeftPixels=0,
                             CroppedAreaTopPixels=1500, CroppedAreaImageWidthPixels=4096, CroppedAreaImageHeightPixels=1000)),
        "2:1",
    ),
}  # fmt: skip


@pytest.mark.parametrize("kind", KINDS)
def test_a_wrong_kind_gets_its_own_advice(kind: str, tmp_path: Path) -> None:
    make, words = KINDS[kind]
    path, out = tmp_path / "in.jpg", tmp_path / "out"
    make(path)
    out.mkdir()
    with pytest.raises(BadImage, match=words):
        panorama.tile(path, out)
    assert not list(out.iterdir())


def banded() -> Image.Image:
    """Return a panorama with black bands instead of sky and ground."""
    pixels = np.array(images.sphere_picture())
    pixels[:200] = pixels[-200:] = 0
    return Image.fromarray(pixels)


def field() -> Image.Image:
    """Return a picture of sky above and grass below, almost the same in every direction."""
    rng = np.random.default_rng(5)
    rows = np.linspace(0, 1, 1024)[:, None, None] ** 2
    pixels = rows * np.array([60, 110, 40]) + (1 - rows) * np.array([150, 190, 240]) + rng.normal(0, 9, (1024, 2048, 3))
    return Image.fromarray(np.clip(pixels, 0, 255).astype(np.uint8))


UNUSUAL = {
    "black above and below": banded,
    "the same all around": field,
    "a dark room": lambda: Image.fromarray((np.asarray(images.sphere_picture()) // 12).astype(np.uint8)),
    "one colour": lambda: Image.new("RGB", (2048, 1024), (200, 190, 180)),
    "a pixel short of 2:1": lambda: images.sphere_picture().crop((0, 0, 2048, 1020)),
}


@pytest.mark.parametrize("kind", UNUSUAL)
def test_an_unusual_panorama_is_not_taken_for_a_wrong_kind(kind: str, tmp_path: Path) -> None:
    out = tmp_path / "out"
    out.mkdir()
    assert panorama.tile(saved(UNUSUAL[kind](), tmp_path / "in.jpg"), out)["cube"] == 512
