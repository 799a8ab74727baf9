"""Every pixel of a face is in the right place, and no seam shows where faces meet."""

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from akiya.imaging import cube, equirectangular, sphere
from tests import images

pytestmark = pytest.mark.slow

WIDTH = 4096
PERIOD = 64


def loaded(picture: Image.Image, folder: Path) -> equirectangular.Sphere:
    picture.save(folder / "in.png", compress_level=1)
    read, _pose, _size = equirectangular.load(folder / "in.png", lambda full: full, lambda share: None)
    read.close()
    return read


def faces_of(source: equirectangular.Sphere, size: int, level: int) -> dict[str, np.ndarray]:
    """Return the faces at one level, joined from tiles before encoding."""
    side = size >> (cube.levels_of(size) - level)
    faces = {face: np.zeros((side, side, 3), np.float64) for face in sphere.FACES}

    def keep(of: int, face: str, row: int, column: int, pixels: np.ndarray) -> None:
        if of == level:
            t = cube.TILE
            faces[face][row * t : (row + 1) * t, column * t : (column + 1) * t] = pixels

    cube.cut(source, size, keep, lambda share: None)
    return faces


def phases(along: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return colours that encode a position within 64 pixels to a tenth of a pixel."""
    return 128 + 120 * np.sin(along * 2 * np.pi / PERIOD), 128 + 120 * np.cos(along * 2 * np.pi / PERIOD)


@pytest.fixture(scope="module", params=["x", "y"])
def told(request: pytest.FixtureRequest) -> tuple[str, dict[str, np.ndarray]]:
    pixels = np.zeros((WIDTH // 2, WIDTH, 3))
    if request.param == "x":
        pixels[..., 0], pixels[..., 1] = (one[None, :] for one in phases(np.arange(WIDTH)))
    else:
        pixels[..., 0], pixels[..., 1] = (one[:, None] for one in phases(np.arange(WIDTH // 2)))
    source = equirectangular.Sphere(WIDTH, WIDTH // 2)
    source.pixels[:] = np.round(pixels)
    source.close()
    return request.param, faces_of(source, 1024, 2)


@pytest.mark.parametrize("face", sphere.FACES)
def test_every_pixel_lies_within_half_a_source_pixel(told: tuple[str, dict], face: str) -> None:
    axis, faces = told
    # The formulas of the module's docstring again, independently and in double precision.
    u, v = np.meshgrid(*[(2 * np.arange(1024) + 1) / 1024 - 1] * 2)
    one = np.ones_like(u)
    x, y, z = {"f": (u, -v, one), "r": (one, -v, -u), "b": (-u, -v, -one),
               "l": (-one, -v, u), "u": (u, one, v), "d": (u, -one, -v)}[face]  # fmt: skip
    latitude = np.arctan2(y, np.hypot(x, z))
    if axis == "x":
        wanted, per_pixel = (np.arctan2(x, z) / (2 * np.pi) + 0.5) * WIDTH - 0.5, np.cos(latitude)
    else:
        wanted, per_pixel = (0.5 - latitude / np.pi) * WIDTH / 2 - 0.5, one
    shown = np.arctan2(faces[face][..., 0] - 128, faces[face][..., 1] - 128) / (2 * np.pi) * PERIOD
    off = (shown - wanted + PERIOD / 2) % PERIOD - PERIOD / 2
    # Near a pole a pixel of longitude shrinks by the cosine of the latitude.
    assert np.abs(off * per_pixel).max() < 0.5
    assert np.abs(off * per_pixel).mean() < 0.05


@pytest.fixture(scope="module")
def smooth(tmp_path_factory: pytest.TempPathFactory) -> dict[int, dict[str, np.ndarray]]:
    source = loaded(images.sphere_picture(WIDTH), tmp_path_factory.mktemp("smooth"))
    return {level: faces_of(source, 1024, level) for level in (1, 2)}


EDGES = {"top": np.s_[0, :], "bottom": np.s_[-1, :], "left": np.s_[:, 0], "right": np.s_[:, -1]}
WITHIN = {"top": np.s_[1, :], "bottom": np.s_[-2, :], "left": np.s_[:, 1], "right": np.s_[:, -2]}


def meeting(size: int) -> list[tuple[str, str, str, str, bool]]:
    """Return the 12 edges of the cube, found by comparing directions.

    Each is a face, its edge, another face, its edge, and whether the two edges run in opposite directions.
    """
    ways = {}
    for face in sphere.FACES:
        whole = np.stack([np.broadcast_to(part, (size, size)) for part in sphere.face_directions(face, size)], axis=-1)
        ways.update({(face, edge): whole[cut] for edge, cut in EDGES.items()})
    found = []
    names = sorted(ways)
    for i, one in enumerate(names):
        for two in names[i + 1 :]:
            for against in (False, True):
                gap = np.abs(ways[one] - ways[two][:: -1 if against else 1]).max()
                if one[0] != two[0] and gap < 2.1 / size:
                    found.append((*one, *two, against))
    return found


@pytest.mark.parametrize("level", [1, 2])
def test_all_twelve_edges_are_invisible(smooth: dict, level: int) -> None:
    faces = smooth[level]
    edges = meeting(faces["f"].shape[0])
    assert len(edges) == 12
    for face, edge, other, its, against in edges:
        one, two = faces[face][EDGES[edge]], faces[other][EDGES[its]][:: -1 if against else 1]
        across = np.abs(one - two).mean()
        inside = [np.abs(faces[f][EDGES[e]] - faces[f][WITHIN[e]]).mean() for f, e in ((face, edge), (other, its))]
        assert across <= max(inside) + 0.3, (face, edge, other, its)


def test_where_the_picture_ends_and_at_the_poles_nothing_shows(smooth: dict) -> None:
    faces = smooth[2]
    half = faces["b"].shape[0] // 2
    steps = np.abs(np.diff(faces["b"], axis=1)).mean(axis=(0, 2))
    assert steps[half - 1] <= np.delete(steps, half - 1).max() + 0.1
    for face in ("u", "d"):
        steps = np.abs(np.diff(faces[face][half - 4 : half + 4, half - 4 : half + 4], axis=0))
        assert steps.max() < 6, face


def test_a_direction_comes_back_from_its_pixel() -> None:
    for face in sphere.FACES:
        x, y = sphere.source_pixels(sphere.face_directions(face, 64), 4096, 2048)
        yaw, pitch = ((x + 0.5) / 4096 - 0.5) * 360, (0.5 - (y + 0.5) / 2048) * 180
        back = np.stack(np.broadcast_arrays(*sphere.directions_of(yaw, pitch)))
        given_ = np.stack(np.broadcast_arrays(*sphere.face_directions(face, 64)))
        assert np.allclose(back, given_ / np.linalg.norm(given_, axis=0), atol=2e-3)


def test_the_middle_of_a_view_looks_along_yaw_and_pitch() -> None:
    for yaw, pitch in ((90, 0), (0, 30), (-170, -60)):
        x, y, z = sphere.view_directions(401, 201, yaw, pitch, 100)
        assert sphere.angles_of((x[100, 200], y[100, 200], z[100, 200])) == pytest.approx((yaw, pitch), abs=0.01)
    x, _y, z = sphere.view_directions(400, 200, 0, 0, 100)
    assert np.degrees(np.arctan2(x[100, -1], z[100, -1])) == pytest.approx(50, abs=0.2)


def as_pannellum_turns(yaw: float, pitch: float, horizon_pitch: float, horizon_roll: float) -> tuple[float, float]:
    """Return yaw and pitch as the viewer's `render` rotates them, to compare our rotation with."""
    a, p, hp, hr = np.radians([yaw, pitch, horizon_pitch, horizon_roll])
    front = np.cos(hr) * np.sin(p) * np.sin(hp) + np.cos(p) * (
        np.cos(hp) * np.cos(a) + np.sin(hr) * np.sin(hp) * np.sin(a)
    )
    right = -np.sin(p) * np.sin(hr) + np.cos(p) * np.cos(hr) * np.sin(a)
    up = np.cos(hr) * np.cos(hp) * np.sin(p) + np.cos(p) * (
        -np.cos(a) * np.sin(hp) + np.cos(hp) * np.sin(hr) * np.sin(a)
    )
    return float(np.degrees(np.arctan2(right, front))), float(np.degrees(np.arcsin(np.clip(up, -1, 1))))


angle = st.floats(-180, 180)
tilt = st.tuples(st.floats(-60, 60), st.floats(-90, 90))


def apart(one: tuple[float, float], two: tuple[float, float]) -> float:
    """Return the angle between two directions in degrees."""
    return float(np.linalg.norm(np.subtract(sphere.directions_of(*one), sphere.directions_of(*two))) * 180 / np.pi)


@given(angle, st.floats(-90, 90), tilt)
def test_the_horizon_turns_as_in_the_viewer(yaw: float, pitch: float, horizon: tuple[float, float]) -> None:
    ours = sphere.angles_of(sphere.to_picture(sphere.directions_of(yaw, pitch), sphere.Horizon(*horizon)))
    assert apart(ours, as_pannellum_turns(yaw, pitch, *horizon)) < 1e-4


@given(angle, st.floats(-90, 90), tilt, tilt)
def test_an_angle_keeps_showing_the_same_when_the_horizon_moves(
    yaw: float, pitch: float, before: tuple[float, float], after: tuple[float, float]
) -> None:
    new = sphere.moved(yaw, pitch, before, after)
    assert apart(as_pannellum_turns(*new, *after), as_pannellum_turns(yaw, pitch, *before)) < 1e-4
    assert apart(sphere.moved(*new, after, before), (yaw, pitch)) < 1e-4
    assert apart(sphere.moved(yaw, pitch, before, before), (yaw, pitch)) < 1e-4


def test_a_camera_that_looks_up_shows_the_horizon_below_its_middle() -> None:
    assert sphere.moved(0, 0, (10, 0), (0, 0)) == pytest.approx((0, -10))
    assert sphere.moved(90, 0, (0, 10), (0, 0)) == pytest.approx((90, 10))
