"""Panoramas: geometry, tiles, and helpful refusals."""

from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from akiya.errors import BadImage
from akiya.imaging import panorama, pose, sandbox, sphere
from tests import images


def expected_colour(direction: tuple[float, float, float]) -> tuple[float, float, float]:
    x, y, z = direction
    lon = np.arctan2(x, z) / (2 * np.pi) + 0.5
    lat = 0.5 - np.arctan2(y, np.hypot(x, z)) / np.pi
    return np.sin(lon * 2 * np.pi) * 100 + 120, lat * 240, np.cos(lon * 2 * np.pi) * 100 + 120


@pytest.fixture(scope="module")
def tiled(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dict]:
    folder = tmp_path_factory.mktemp("panorama")
    out = folder / "out"
    out.mkdir()
    return out, panorama.tile(images.panorama(folder / "in.jpg", 3200), out)


@pytest.mark.parametrize("face", sphere.FACES)
def test_each_face_shows_what_lies_in_its_direction(tiled: tuple[Path, dict], face: str) -> None:
    out, made = tiled
    x, y, z = sphere.face_directions(face, made["cube"])
    for row, column in ((10, 10), (505, 400), (300, 120), (120, 480)):
        shown = images.opened(out / "2" / f"{face}0_0.webp").getpixel((column, row))
        wanted = expected_colour((x[row, column], y[row, column], z[row, column]))
        assert np.allclose(shown, wanted, atol=9), (face, row, column, shown, wanted)


def test_tiles_and_levels_are_complete(tiled: tuple[Path, dict]) -> None:
    out, made = tiled
    assert (made["cube"], made["tile"], made["levels"]) == (1024, 512, 2)
    assert {p.name for p in (out / "1").iterdir()} == {f"{face}0_0.webp" for face in sphere.FACES}
    assert len(list((out / "2").iterdir())) == 6 * 4
    assert images.opened(out / "preview.jpg").size == (1200, 630)
    assert images.opened(out / "strip.webp").size == (1600, 400)


def test_neighbouring_faces_meet_without_a_seam(tiled: tuple[Path, dict]) -> None:
    out, _made = tiled
    front = np.asarray(images.opened(out / "1/f0_0.webp"), np.int16)
    right = np.asarray(images.opened(out / "1/r0_0.webp"), np.int16)
    back = np.asarray(images.opened(out / "1/b0_0.webp"), np.int16)
    assert np.abs(front[:, -1] - right[:, 0]).mean() < 6
    assert np.abs(right[:, -1] - back[:, 0]).mean() < 6


def test_a_direction_comes_back_from_its_pixel() -> None:
    for face in sphere.FACES:
        x, y = sphere.source_pixels(sphere.face_directions(face, 64), 4096, 2048)
        lon, lat = ((x + 0.5) / 4096 - 0.5) * 2 * np.pi, (0.5 - (y + 0.5) / 2048) * np.pi
        back = np.cos(lat) * np.sin(lon), np.sin(lat), np.cos(lat) * np.cos(lon)
        given = np.stack(sphere.face_directions(face, 64))
        given /= np.linalg.norm(given, axis=0)
        assert np.allclose(np.stack(back), given, atol=2e-3)


def test_the_middle_of_a_view_looks_along_yaw_and_pitch() -> None:
    x, y, z = sphere.view_directions(401, 201, 90, 0, 100)
    assert np.allclose((x[100, 200], y[100, 200], z[100, 200]), (1, 0, 0), atol=0.01)
    x, y, z = sphere.view_directions(401, 201, 0, 30, 100)
    assert np.isclose(np.degrees(np.arcsin(y[100, 200] / np.sqrt(x**2 + y**2 + z**2)[100, 200])), 30, atol=0.5)


def refuse(path: Path, tmp_path: Path, words: str) -> None:
    out = tmp_path / "refused"
    out.mkdir(exist_ok=True)
    with pytest.raises(BadImage, match=words):
        panorama.tile(path, out)
    assert not list(out.iterdir())


def test_wrong_kinds_get_their_own_advice(tmp_path: Path) -> None:
    refuse(images.panorama(tmp_path / "square.jpg", 2048, 2048), tmp_path, "ステレオ")
    refuse(images.panorama(tmp_path / "phone.jpg", 4000, 1000), tmp_path, "2:1")
    refuse(images.panorama(tmp_path / "small.jpg", 1600), tmp_path, "2,048")
    half = np.asarray(images.opened(images.panorama(tmp_path / "half.jpg", 2048, 2048)).resize((2048, 2048)))
    Image.fromarray(np.concatenate([half, half], axis=1)).save(tmp_path / "stereo.jpg")
    refuse(tmp_path / "stereo.jpg", tmp_path, "立体視")
    circles = np.zeros((1024, 2048, 3), np.uint8)
    down, across = np.ogrid[:1024, :2048]
    for middle, colour in ((512, (200, 90, 40)), (1536, (40, 90, 220))):
        circles[(down - 512) ** 2 + (across - middle) ** 2 < 500**2] = colour
    Image.fromarray(circles).save(tmp_path / "fisheye.jpg", quality=95)
    refuse(tmp_path / "fisheye.jpg", tmp_path, "魚眼")
    for name, path in images.broken(tmp_path).items():
        if name != "bomb":
            refuse(path, tmp_path, "画像")
    refuse(images.bomb(tmp_path / "bomb.png"), tmp_path, "大きすぎ")


def test_a_cropped_panorama_is_put_in_its_place(tmp_path: Path) -> None:
    source = images.panorama(tmp_path / "whole.jpg", 4096)
    images.opened(source).crop((0, 512, 4096, 1536)).save(tmp_path / "crop.jpg", quality=95)
    tags = {"FullPanoWidthPixels": 4096, "FullPanoHeightPixels": 2048, "CroppedAreaLeftPixels": 0, "CroppedAreaTopPixels": 512,
            "CroppedAreaImageWidthPixels": 4096, "CroppedAreaImageHeightPixels": 1024}  # fmt: skip
    xmp = " ".join(f'GPano:{name}="{value}"' for name, value in tags.items()).encode()
    path = tmp_path / "crop.jpg"
    path.write_bytes(path.read_bytes() + xmp)
    out = tmp_path / "out"
    out.mkdir()
    made = panorama.tile(path, out)
    assert (made["width"], made["height"]) == (4096, 2048)
    assert images.opened(out / "1/u0_0.webp").getpixel((256, 256)) == pytest.approx((96, 96, 96), abs=3)


def test_the_pose_is_read_and_absurd_values_are_not(tmp_path: Path) -> None:
    path = tmp_path / "x.jpg"
    path.write_bytes(b'..GPano:PoseHeadingDegrees="337.5" GPano:PosePitchDegrees="-1.8" GPano:PoseRollDegrees>1.25<'
                     b' GPano:InitialViewHeadingDegrees="270" GPano:InitialViewPitchDegrees="99999"')  # fmt: skip
    read = pose.read(path)
    assert (read.heading, read.pitch, read.roll, read.yaw, read.view_pitch) == (337.5, -1.8, 1.25, -90.0, 0.0)


def test_real_panoramas_are_tiled_and_the_stereo_one_is_refused(shared: Path, tmp_path: Path) -> None:
    samples = sorted((shared / "samples/panoramas").glob("*.jp*g"))
    assert len(samples) == 5
    for sample in samples:
        out = tmp_path / sample.stem
        out.mkdir()
        heard: list[int] = []
        if "stereo" in sample.name:
            with pytest.raises(BadImage, match="立体視"):
                sandbox.run("panorama", sample, out)
            continue
        made = sandbox.run("panorama", sample, out, progress=heard.append)
        assert len(list(out.rglob("*.webp"))) == 2 + sum(6 * 4**level for level in range(made["levels"]))
        assert heard == sorted(heard)
        assert all(b"Exif" not in path.read_bytes() for path in out.rglob("*.webp"))
