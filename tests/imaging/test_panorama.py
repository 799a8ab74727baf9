"""Panoramas: tiles, stills, pose, places of parts, colours, and that no metadata is published."""

import io
import os
import re
import threading
from pathlib import Path

import numpy as np
import pillow_heif
import pytest
from PIL import Image, ImageCms

from akiya import sandbox
from akiya.errors import BadImage
from akiya.imaging import gpano, panorama, sphere
from tests import images

pytestmark = pytest.mark.slow


def expected_colour(direction: tuple[float, float, float]) -> tuple[float, float, float]:
    x, y, z = direction
    lon = np.arctan2(x, z) / (2 * np.pi) + 0.5
    lat = 0.5 - np.arctan2(y, np.hypot(x, z)) / np.pi
    return np.sin(lon * 2 * np.pi) * 100 + 120, lat * 240, np.cos(lon * 2 * np.pi) * 100 + 120


def made_in(folder: Path, source: Path, **options: object) -> tuple[Path, dict]:
    out = folder / f"{source.stem} out"
    out.mkdir()
    return out, panorama.tile(source, out, **options)


@pytest.fixture(scope="module")
def tiled(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dict]:
    folder = tmp_path_factory.mktemp("panorama")
    return made_in(folder, images.panorama(folder / "in.jpg", 3200))


@pytest.mark.parametrize("face", sphere.FACES)
def test_each_face_shows_what_lies_in_its_direction(tiled: tuple[Path, dict], face: str) -> None:
    out, made = tiled
    ways = np.broadcast_arrays(*sphere.face_directions(face, made["cube"]))
    for row, column in ((10, 10), (505, 400), (300, 120), (120, 480)):
        shown = images.opened(out / "2" / f"{face}0_0.webp").getpixel((column, row))
        wanted = expected_colour(tuple(way[row, column] for way in ways))
        assert np.allclose(shown, wanted, atol=9), (face, row, column, shown, wanted)


def test_tiles_and_levels_are_complete(tiled: tuple[Path, dict]) -> None:
    out, made = tiled
    assert (made["cube"], made["tile"], made["levels"]) == (1024, 512, 2)
    assert {p.name for p in (out / "1").iterdir()} == {f"{face}0_0.webp" for face in sphere.FACES}
    tiles = list((out / "2").iterdir())
    assert len(tiles) == 6 * 4
    assert made["full_bytes"] == sum(path.stat().st_size for path in tiles)
    assert images.opened(out / "preview.jpg").size == (1200, 630)
    assert images.opened(out / "strip.webp").size == (1600, 400)


def test_stills_are_level_and_look_along_the_view(tmp_path: Path) -> None:
    source = images.panorama(tmp_path / "in.jpg")
    horizon = (8.0, -5.0)
    out, made = made_in(tmp_path, source, view=[60, -20], horizon=horizon)
    assert (made["yaw"], made["pitch"], made["horizon_pitch"], made["horizon_roll"]) == (60, -20, *horizon)

    def colour_at(yaw: float, pitch: float) -> tuple[float, float, float]:
        x, y, z = sphere.to_picture(sphere.directions_of(yaw, pitch), sphere.Horizon(*horizon))
        return expected_colour((float(x), float(y), float(z)))

    assert images.opened(out / "preview.jpg").getpixel((600, 315)) == pytest.approx(colour_at(60, -20), abs=9)
    strip = images.opened(out / "strip.webp")
    for yaw, pitch in ((-90, 0), (0, 30), (120, -30)):
        shown = strip.getpixel((round((yaw / 360 + 0.5) * 1600), round((0.5 - pitch / 90) * 400)))
        assert shown == pytest.approx(colour_at(yaw, pitch), abs=9)


def test_a_cropped_panorama_is_put_in_its_place(tmp_path: Path) -> None:
    source = images.panorama(tmp_path / "whole.jpg", 4096)
    tags = {"FullPanoWidthPixels": 4096, "FullPanoHeightPixels": 2048, "CroppedAreaLeftPixels": 0, "CroppedAreaTopPixels": 512,
            "CroppedAreaImageWidthPixels": 4096, "CroppedAreaImageHeightPixels": 1024}  # fmt: skip
    part = images.opened(source).crop((0, 512, 4096, 1536))
    part.save(tmp_path / "part.jpg", quality=95, xmp=images.gpano(**tags))
    # Scaled down by a program that kept the tags.
    part.resize((2048, 512)).save(tmp_path / "smaller.jpg", quality=95, xmp=images.gpano(**tags))
    for name, width in (("part.jpg", 4096), ("smaller.jpg", 2048)):
        out, made = made_in(tmp_path, tmp_path / name)
        assert (made["width"], made["height"]) == (width, width // 2)
        assert images.opened(out / "1/u0_0.webp").getpixel((256, 256)) == pytest.approx((96, 96, 96), abs=3)
        wanted = expected_colour((0.0, 0.0, 1.0))
        assert images.opened(out / "1/f0_0.webp").getpixel((256, 256)) == pytest.approx(wanted, abs=9)


def test_the_pose_is_read_and_absurd_values_are_not() -> None:
    read = gpano.read(
        'GPano:PoseHeadingDegrees="337.5" GPano:PosePitchDegrees="-1.7999999999999998" GPano:PoseRollDegrees>1.25<'
        " GPano:InitialViewHeadingDegrees=\"270\" GPano:InitialViewPitchDegrees='12'"
    )
    assert (read.heading, read.horizon, read.pitch) == (337.5, (pytest.approx(-1.8), 1.25), 12)
    assert read.yaw == -67.5  # counted from north, of which the picture's middle is 337.5° to the east
    for absurd in ("1e9", "99999", "-91", "NaN", "inf", "9" * 400, "", "0x10", "1.2.3", "１２"):
        xmp = "".join(
            f'GPano:{name}="{absurd}" '
            for name in ("PosePitchDegrees", "InitialViewPitchDegrees", "FullPanoWidthPixels", "CroppedAreaLeftPixels")
        )
        assert gpano.read(xmp) == gpano.Pose()


def halves(width: int = 2048) -> Image.Image:
    """Return a picture that is orange in front of the camera and teal behind it, with a darker ground."""
    pixels = np.zeros((width // 2, width, 3), np.uint8)
    pixels[:] = (20, 150, 140)
    pixels[:, width // 4 : 3 * width // 4] = (210, 120, 40)
    pixels[width // 3 :] //= 2
    return Image.fromarray(pixels)


def profile(name: str) -> bytes:
    return ImageCms.ImageCmsProfile(ImageCms.createProfile(name)).tobytes()


def encoded(picture: Image.Image, kind: str, **more: object) -> bytes:
    pillow_heif.register_heif_opener()
    content = io.BytesIO()
    picture.save(content, kind, **more)
    return content.getvalue()


def deep_grey() -> bytes:
    grey = np.asarray(halves().convert("L")).astype(np.uint16) * 257
    return encoded(Image.fromarray(grey), "PNG")


def half_seen() -> Image.Image:
    picture = halves().convert("RGBA")
    picture.putalpha(Image.fromarray(np.where(np.arange(1024)[:, None] < 700, 255, 0).repeat(2048, 1).astype(np.uint8)))
    return picture


COLOURS = {
    "png": lambda: encoded(halves(), "PNG"),
    "webp": lambda: encoded(halves(), "WEBP", lossless=True),
    "heic": lambda: encoded(halves(), "HEIF", quality=80, enc_params={"preset": "ultrafast"}),
    "cmyk": lambda: encoded(halves().convert("CMYK"), "JPEG", quality=95),
    "palette": lambda: encoded(halves().convert("P", palette=Image.Palette.ADAPTIVE), "PNG"),
    "transparent palette": lambda: encoded(
        halves().convert("P", palette=Image.Palette.ADAPTIVE), "PNG", transparency=9
    ),
    "transparent": lambda: encoded(half_seen(), "PNG"),
    "srgb profile": lambda: encoded(halves(), "JPEG", quality=95, icc_profile=profile("sRGB")),
    "profile of another kind": lambda: encoded(halves(), "JPEG", quality=95, icc_profile=profile("LAB")),
    "broken profile": lambda: encoded(halves(), "JPEG", quality=95, icc_profile=profile("sRGB")[:200] + b"\xff" * 500),
    "progressive": lambda: encoded(halves(), "JPEG", quality=95, progressive=True, subsampling=0),
}
GREYS = {
    "16 bits of grey": deep_grey,
    "grey": lambda: encoded(halves().convert("L"), "JPEG", quality=95),
    "grey with alpha": lambda: encoded(halves().convert("LA"), "PNG"),
}


@pytest.mark.parametrize("kind", [*COLOURS, *GREYS])
def test_colours_come_out_right(kind: str, tmp_path: Path) -> None:
    source = tmp_path / "in"
    source.write_bytes({**COLOURS, **GREYS}[kind]())
    out, _made = made_in(tmp_path, source)
    picture = halves().convert("L").convert("RGB") if kind in GREYS else halves()
    for face, column in (("f", 1024), ("b", 10)):
        shown = images.opened(out / f"1/{face}0_0.webp").getpixel((256, 256))
        assert shown == pytest.approx(picture.getpixel((column, 512)), abs=6), face
    if kind == "transparent":
        assert images.opened(out / "1/d0_0.webp").getpixel((256, 256)) == pytest.approx((96, 96, 96), abs=3)


def test_wide_colours_are_turned_into_the_browsers(tmp_path: Path) -> None:
    content = profile("sRGB").replace("sRGB built-in".encode("utf-16-be"), "exchanged one".encode("utf-16-be"))
    # The primaries of red and green are swapped: a valid profile that is not sRGB.
    content = content.replace(b"rXYZ", b"swap").replace(b"gXYZ", b"rXYZ").replace(b"swap", b"gXYZ")
    (tmp_path / "in.jpg").write_bytes(encoded(halves(), "JPEG", quality=95, icc_profile=content))
    out, _made = made_in(tmp_path, tmp_path / "in.jpg")
    red_shown, green_shown, _blue = images.opened(out / "1/f0_0.webp").getpixel((256, 256))
    assert green_shown > red_shown + 50


def webp_chunks(content: bytes) -> set[bytes]:
    assert content[:4] == b"RIFF"
    assert content[8:12] == b"WEBP"
    found, at = set(), 12
    while at < len(content):
        found.add(content[at : at + 4])
        size = int.from_bytes(content[at + 4 : at + 8], "little")
        at += 8 + size + size % 2
    return found


def jpeg_markers(content: bytes) -> set[int]:
    found, at = set(), 2
    while content[at + 1] != 0xDA:
        assert content[at] == 0xFF
        found.add(content[at + 1])
        at += 2 + int.from_bytes(content[at + 2 : at + 4], "big")
    return found


def check_published(out: Path, secrets: tuple[bytes, ...] = ()) -> None:
    """Assert that every file below `out` holds a picture without metadata, and none of the `secrets`."""
    files = [path for path in out.rglob("*") if path.is_file()]
    assert {path.suffix for path in files} == {".webp", ".jpg"}
    for path in files:
        content = path.read_bytes()
        if path.suffix == ".webp":
            assert webp_chunks(content) == {b"VP8 "}, path
        else:
            # Quantisation, Huffman tables, frame, restart interval, and JFIF's own header: no APP1, APP2, APP13, no comment.
            assert jpeg_markers(content) <= {0xE0, 0xDB, 0xC0, 0xC2, 0xC4, 0xDD}, path
        with Image.open(path) as image:
            assert not image.getexif()
            assert not {"exif", "xmp", "icc_profile", "comment", "photoshop"} & image.info.keys()
        assert not [secret for secret in secrets if secret in content]


def test_nothing_published_holds_metadata(tmp_path: Path) -> None:
    exif = Image.Exif()
    exif[0x010F], exif[0x8298] = "CanaryCamera", "CanaryOwner"
    exif.get_ifd(0x8825).update({1: "N", 2: (32.0, 48.0, 11.0), 3: "E", 4: (130.0, 42.0, 29.0)})
    source = tmp_path / "in.jpg"
    images.sphere_picture().save(
        source,
        exif=exif,
        comment=b"CanaryComment",
        xmp=images.gpano(CaptureSoftware="CanaryApp"),
        icc_profile=profile("sRGB"),
    )
    assert source.read_bytes().count(b"Canary") == 4
    out, _made = made_in(tmp_path, source)
    check_published(out, (b"Canary", b"Exif", b"GPano"))


def test_the_work_steps_back_for_the_pages(tmp_path: Path) -> None:
    source, out, seen = images.panorama(tmp_path / "in.jpg"), tmp_path / "out", set()
    out.mkdir()

    def look(_percent: int) -> None:
        children = Path(f"/proc/self/task/{threading.get_native_id()}/children").read_text().split()
        seen.update(os.getpriority(os.PRIO_PROCESS, int(pid)) for pid in children)

    sandbox.run("panorama", source, out, progress=look)
    assert max(seen) == min(19, os.getpriority(os.PRIO_PROCESS, 0) + 10)


SAMPLES = {
    "indoor_4096x2048_alma-correlator.jpg": (4096, 1024),
    "indoor_4096x2048_jfk_people.jpg": (4096, 1024),
    "outdoor_4096x2048_thetaS_GPano-stale_cerro-toco-0.jpg": (4096, 1024),
    "outdoor_8192x4096_building_panolens.jpg": (8192, 2048),
    "stereo_8192x4096_capoda_left-right.jpg": None,
}


@pytest.mark.parametrize("name", SAMPLES)
def test_real_panoramas_are_handled_as_their_readme_says(name: str, shared: Path, tmp_path: Path) -> None:
    sample, heard, out = shared / "samples/panoramas" / name, [], tmp_path
    assert re.search(rf"^\| {re.escape(name)} \|", (sample.parent / "README.md").read_text(), re.MULTILINE)
    wanted = SAMPLES[name]
    if wanted is None:
        with pytest.raises(BadImage, match=r"立体視.*片目分"):
            sandbox.run("panorama", sample, out)
        return
    made = sandbox.run("panorama", sample, out, progress=heard.append)
    assert (made["width"], made["cube"]) == wanted
    assert len(list(out.rglob("*.webp"))) == 2 + sum(6 * 4**level for level in range(made["levels"]))
    assert heard == sorted(heard)
    assert len(heard) >= 3 + 6
    assert heard[-1] == 100
    if "thetaS" in name:
        assert (made["north_offset"], made["horizon_pitch"], made["horizon_roll"]) == (337.5, -1.8, 1.3)
    check_published(out, (b"Exif", b"GPano", b"RICOH"))
