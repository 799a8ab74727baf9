"""The content of a blurred area of a panorama cannot be recovered; around it nothing changes."""

from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from akiya.imaging import blur, equirectangular, panorama, sphere
from tests import images
from tests.imaging.test_panorama_geometry import as_pannellum_turns

pytestmark = pytest.mark.slow

WIDTH = 2048
CASES = {
    "in front": ([20, -10, 30, 20], (0, 0)),
    "across the picture's edge": ([178, 5, 20, 12], (0, 0)),
    "next to a pole": ([-40, 82, 60, 12], (0, 0)),
    "a pole": ([0, -90, 360, 30], (0, 0)),
    "small": ([75, 0, 2, 2], (0, 0)),
    "tilted": ([-100, 30, 25, 15], (12, -9)),
    "tilted, across the edge": ([175, -20, 30, 20], (-15, 20)),
    "tilted, over the picture's pole": ([0, 75, 120, 20], (10, 5)),
}


def inside(area: list[float], horizon: tuple[float, float], margin: float = 0, width: int = WIDTH) -> np.ndarray:
    """Return which pixels are in the area, computed by reversing the viewer's rotation for every pixel."""
    yaw, pitch = np.meshgrid(
        ((np.arange(width) + 0.5) / width - 0.5) * 360, (0.5 - (np.arange(width // 2) + 0.5) / (width // 2)) * 180
    )
    if horizon != (0, 0):
        flat = [sphere.directions_of(yaw, pitch)[i].ravel() for i in range(3)]
        columns = []
        for axis in ((90, 0), (0, 90), (0, 0)):  # where the level directions right, up and front are in the picture
            picture = sphere.directions_of(*as_pannellum_turns(*axis, *horizon))
            columns.append(sum(p * f for p, f in zip(picture, flat, strict=True)).reshape(yaw.shape))
        yaw, pitch = sphere.angles_of(tuple(columns))
    off = np.abs((yaw - area[0] + 180) % 360 - 180)
    wide = margin / np.maximum(np.cos(np.radians(pitch)), 1e-6)
    return (off <= area[2] / 2 + wide) & (np.abs(pitch - area[1]) <= area[3] / 2 + margin)


def with_secrets(where: np.ndarray, block: int) -> list[np.ndarray]:
    """Return two pictures with different patterns in an area that have the same averages."""
    down, across = np.indices(where.shape) // block
    pattern, plain = (down + across) % 2 == 0, np.asarray(images.sphere_picture(where.shape[1]))
    made = []
    for colours in (((250, 240, 30), (10, 0, 200)), ((10, 0, 200), (250, 240, 30))):
        pixels = plain.copy()
        pixels[where] = np.where(pattern[where, None], *colours)
        made.append(pixels)
    return made


@pytest.mark.parametrize("case", CASES)
def test_the_pixels_there_tell_only_averages_and_those_around_stay(case: str) -> None:
    area, horizon = CASES[case]
    where = inside(area, horizon)
    assert where.any()
    secrets = with_secrets(where, 1)
    hidden = []
    for secret in secrets:
        source = equirectangular.Sphere(WIDTH, WIDTH // 2)
        source.pixels[:] = secret
        blur.hide(source, blur.BlurArea(*area), sphere.Horizon(*horizon))
        hidden.append(source.pixels.astype(np.int16))
    limit = 24 if case == "small" else 6  # a cell has so few pixels that one more or less matters
    assert np.abs(hidden[0] - hidden[1]).max() <= limit
    changed = (hidden[0] != secrets[0]).any(axis=2)
    assert changed[where].all()
    assert not changed[~inside(area, horizon, margin=2.5 * 360 / WIDTH)].any()


@pytest.mark.parametrize("case", ["across the picture's edge", "tilted"])
def test_nothing_that_lay_there_is_in_any_published_file(case: str, tmp_path: Path) -> None:
    area, horizon = CASES[case]
    shown: dict[bool, list[Path]] = {True: [], False: []}
    for number, pixels in enumerate(with_secrets(inside(area, horizon, width=3200), 4)):
        source = tmp_path / f"{number}.png"
        Image.fromarray(pixels).save(source, compress_level=1)
        for blurred in shown:
            out = tmp_path / f"{number}{blurred}"
            out.mkdir()
            panorama.tile(source, out, blurs=[area] if blurred else [], view=area[:2], horizon=horizon)
            shown[blurred].append(out)
    names = sorted(path.relative_to(shown[True][0]) for path in shown[True][0].rglob("*.*"))
    assert len(names) == 3 + 6 + 24
    told = {
        blurred: [
            np.abs(np.subtract(*(np.asarray(images.opened(out / name), np.int16) for out in outs))) for name in names
        ]
        for blurred, outs in shown.items()
    }
    assert max(np.quantile(one, 0.999) for one in told[True]) <= 12
    seen_without = [str(name) for name, one in zip(names, told[False], strict=True) if one.max() > 100]
    assert {"preview.jpg", "preview.webp", "strip.webp"} < set(seen_without)
    assert {name[0] for name in seen_without} > {"1", "2"}


def test_a_large_secret_becomes_averages() -> None:
    area = [20, -10, 30, 20]
    noise = np.random.default_rng(3).integers(0, 256, (WIDTH // 2, WIDTH, 3), dtype=np.uint8)
    source = equirectangular.Sphere(WIDTH, WIDTH // 2)
    source.pixels[:] = noise
    blur.hide(source, blur.BlurArea(*area), sphere.Horizon())
    seen = source.pixels[inside(area, (0, 0))].astype(np.float64)
    assert seen.std(axis=0).max() < 4
    assert noise.std() > 70


def test_an_area_without_size_changes_nothing() -> None:
    source = equirectangular.Sphere(2048, 1024)
    source.pixels[:] = np.random.default_rng(3).integers(0, 256, source.pixels.shape, dtype=np.uint8)
    before = source.pixels.copy()
    for area in ([0, 0, 0, 10], [0, 0, 10, -1], [0, 120, 10, 10]):
        blur.hide(source, blur.BlurArea(*area), sphere.Horizon())
    assert np.array_equal(before, source.pixels)
