"""A rendered 360° view of a Japanese room: one ray a pixel, against the planes of a box and a low table."""

from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image

_HALF_X, _HALF_Z = 2.9, 2.9
_FLOOR, _CEILING = -1.4, 1.15
_TABLE = ((-0.75, -1.4, 0.55), (0.75, -1.05, 1.35))  # low and high corners, metres, seen from the eye
_BAND = 128
Values = NDArray[np.float32]


def render_panorama(width: int = 4096) -> Image.Image:
    """An equirectangular picture `width` × `width`/2: tatami, shoji ahead, a garden to the right, an alcove behind."""
    height = width // 2
    out = np.empty((height, width, 3), np.uint8)
    lon = ((np.arange(width, dtype=np.float32) + 0.5) / width - 0.5) * 2 * np.pi
    for top in range(0, height, _BAND):
        lat = (0.5 - (np.arange(top, min(top + _BAND, height), dtype=np.float32) + 0.5) / height) * np.pi
        around, up = np.meshgrid(lon, lat)
        rays = np.cos(up) * np.sin(around), np.sin(up), np.cos(up) * np.cos(around)
        out[top : top + _BAND] = np.clip(_colours(*rays), 0, 255).astype(np.uint8)
    return Image.fromarray(out)


def _colours(dx: Values, dy: Values, dz: Values) -> Values:
    """What each ray from the eye meets, as RGB of shape (…, 3)."""
    tiny = np.float32(1e-6)
    to_x = _HALF_X / np.maximum(np.abs(dx), tiny)
    to_z = _HALF_Z / np.maximum(np.abs(dz), tiny)
    to_y = np.where(dy < 0, _FLOOR, _CEILING) / np.where(np.abs(dy) < tiny, tiny, dy)
    nearest = np.minimum(np.minimum(to_x, to_z), to_y)
    x, y, z = dx * nearest, dy * nearest, dz * nearest
    colour = np.empty((*dx.shape, 3), np.float32)
    on_y, on_x = nearest == to_y, (nearest == to_x) & (nearest < to_y)
    on_z = ~(on_y | on_x)
    for where, paint in (
        (on_y & (dy < 0), lambda m: _floor(x[m], z[m])),
        (on_y & (dy >= 0), lambda m: _ceiling(x[m], z[m])),
        (on_x & (dx > 0), lambda m: _garden_side(y[m], z[m], dx[m], dy[m], dz[m])),
        (on_x & (dx <= 0), lambda m: _fusuma(y[m], z[m])),
        (on_z & (dz > 0), lambda m: _shoji(x[m], y[m])),
        (on_z & (dz <= 0), lambda m: _alcove(x[m], y[m])),
    ):
        if where.any():
            colour[where] = paint(where)
    colour *= _corner_shade(x, y, z)[..., None]
    _table(colour, dx, dy, dz, nearest)
    return colour


def _noise(*parts: Values) -> Values:
    """A repeatable roughness in −1…1 from coordinates."""
    total = sum(part * factor for part, factor in zip(parts, (12.9898, 78.233, 37.719), strict=False))
    value = np.sin(total) * np.float32(43758.5453)
    return (value - np.floor(value)) * 2 - 1


def _flat(shape: Any, rgb: tuple[float, float, float]) -> Values:
    return np.broadcast_to(np.asarray(rgb, np.float32), (*shape, 3)).copy()


def _floor(x: Values, z: Values) -> Values:
    along = np.floor((x + 2.9) / 0.97) % 2 == np.floor((z + 2.9) / 1.93) % 2
    weave = np.where(along, np.sin(x * 900), np.sin(z * 900)) * 4 + _noise(np.floor(x * 400), np.floor(z * 400)) * 4
    colour = _flat(x.shape, (199, 193, 136)) + weave[:, None]
    colour *= np.where(along, 1.0, 0.955)[:, None]
    edge_x, edge_z = np.abs((x + 2.9) / 0.97 % 1 - 0.5) > 0.47, np.abs((z + 2.9) / 1.93 % 1 - 0.5) > 0.497
    colour[edge_x | edge_z] = (64, 78, 62)
    light = np.clip((x + 0.4) / 3.2, 0, 1) ** 1.5
    return colour * (0.8 + 0.34 * light)[:, None]


def _ceiling(x: Values, z: Values) -> Values:
    board = np.floor((x + 2.9) / 0.36)
    grain = np.sin(z * 9 + np.sin(x * 60 + board * 5) * 1.4) * 7 + _noise(board, np.floor(z * 90)) * 3
    colour = _flat(x.shape, (176, 134, 90)) + grain[:, None]
    colour[((x + 2.9) / 0.36 % 1) < 0.03] = (92, 62, 38)
    colour[np.abs((z + 2.9) % 0.9 - 0.45) > 0.415] = (118, 82, 52)
    lamp = x**2 + z**2
    colour[lamp < 0.12] = (255, 246, 220)
    colour[(lamp >= 0.12) & (lamp < 0.155)] = (104, 72, 46)
    return colour * (0.86 + 0.2 * np.exp(-lamp))[:, None]


def _frame(across: Values, y: Values, panels: int, colour: Values) -> None:
    """Wooden frames of sliding panels and the lintel above them, painted over `colour`."""
    width = 2 * _HALF_X / panels
    post = np.abs(((across + _HALF_X) / width) % 1 - 0.5) > 0.475
    wood = np.stack([118 + 8 * np.sin(y * 40), 82 + 6 * np.sin(y * 40), 52 + 4 * np.sin(y * 40)], axis=-1)
    beam = np.abs(y - 0.55) < 0.055
    rail = y < _FLOOR + 0.05
    colour[post | beam | rail] = wood[post | beam | rail]


def _plaster(y: Values, across: Values) -> Values:
    return _flat(y.shape, (222, 210, 182)) + (_noise(np.floor(across * 150), np.floor(y * 150)) * 4)[:, None]


def _shoji(x: Values, y: Values) -> Values:
    glow = 14 * np.exp(-((y - 0.1) ** 2)) - 5 * np.abs(x)
    colour = _flat(x.shape, (246, 239, 218)) + glow[:, None]
    lattice = (np.abs((x + 2.9) / 0.242 % 1 - 0.5) > 0.46) | (np.abs((y + 1.4) / 0.28 % 1 - 0.5) > 0.465)
    colour[lattice] = (158, 122, 84)
    low = y < -0.95
    colour[low] = np.stack([150 + 8 * np.sin(x[low] * 50), 112 + 0 * x[low], 74 + 0 * x[low]], axis=-1)
    above = y > 0.6
    colour[above] = _plaster(y[above], x[above])
    _frame(x, y, 4, colour)
    return colour


def _fusuma(y: Values, z: Values) -> Values:
    colour = _flat(y.shape, (232, 224, 204)) + (_noise(np.floor(z * 200), np.floor(y * 200)) * 3)[:, None]
    hills = -0.72 + 0.2 * np.sin(z * 1.3 + 0.6) + 0.08 * np.sin(z * 4.1)
    far = -0.5 + 0.16 * np.sin(z * 0.9 + 2) + 0.05 * np.sin(z * 5)
    colour[y < far] = (206, 206, 190)
    colour[y < hills] = (168, 178, 154)
    sun = (z - 1.2) ** 2 + (y - 0.1) ** 2 < 0.045
    colour[sun] = (218, 150, 104)
    above = y > 0.6
    colour[above] = _plaster(y[above], z[above])
    _frame(z, y, 4, colour)
    handle = ((np.abs(z) - 0.25) ** 2 + (y + 0.5) ** 2) < 0.0022
    colour[handle] = (60, 50, 44)
    return colour


def _alcove(x: Values, y: Values) -> Values:
    colour = _plaster(y, x)
    inside = (x > -2.6) & (x < -0.2) & (y < 0.5)
    colour[inside] = _flat(x[inside].shape, (164, 152, 116)) + (y[inside] * 10)[:, None]
    shelf = inside & (y < -1.24)
    colour[shelf] = np.stack(
        [92 + 10 * np.sin(x[shelf] * 30), 60 + 6 * np.sin(x[shelf] * 30), 38 + 0 * x[shelf]], axis=-1
    )
    scroll = (np.abs(x + 1.4) < 0.3) & (y > -0.75) & (y < 0.42)
    colour[scroll] = (240, 235, 218)
    border = scroll & ((np.abs(x + 1.4) > 0.255) | (y > 0.32) | (y < -0.65))
    colour[border] = (110, 124, 112)
    stroke = (np.abs(x + 1.4 + 0.08 * np.sin(y * 9)) < 0.026) & (np.abs(y + 0.15) < 0.36)
    colour[stroke] = (46, 48, 52)
    vase = ((x + 2.2) / 0.12) ** 2 + ((y + 1.08) / 0.17) ** 2 < 1
    colour[vase] = (92, 116, 128)
    twig = (np.abs(x + 2.2 - 0.2 * np.sin((y + 0.95) * 3)) < 0.012) & (y > -0.95) & (y < -0.4)
    colour[twig] = (84, 102, 58)
    colour[(np.abs(x + 0.2) < 0.07) | (np.abs(x + 2.75) < 0.09)] = (112, 76, 48)
    _closet(colour, x, y)
    colour[np.abs(y - 0.55) < 0.055] = (112, 78, 50)
    return colour


def _closet(colour: Values, x: Values, y: Values) -> None:
    doors = (x > -0.13) & (y < 0.5)
    colour[doors] = (226, 218, 198)
    colour[doors & (np.abs((x + 0.13) / 1.5 % 1 - 0.5) > 0.485)] = (64, 48, 38)
    colour[doors & ((np.abs(x - 0.3) - 0.0) ** 2 + (y + 0.45) ** 2 < 0.002)] = (70, 58, 50)
    colour[doors & (y < _FLOOR + 0.05)] = (64, 48, 38)


def _garden_side(y: Values, z: Values, dx: Values, dy: Values, dz: Values) -> Values:
    colour = _plaster(y, z)
    open_side = (y < 0.5) & (np.abs(z) < 2.6)
    colour[open_side] = _outside(dx[open_side], dy[open_side], dz[open_side])
    _frame(z, y, 2, colour)
    colour[np.abs(np.abs(z) - 2.6) < 0.06] = (112, 78, 50)
    return colour


def _outside(dx: Values, dy: Values, dz: Values) -> Values:
    azimuth, elevation = np.arctan2(dz, dx), np.arcsin(dy)
    colour = _flat(dy.shape, (150, 194, 224)) + np.clip(1 - elevation * 2.2, 0, 1)[:, None] * np.asarray(
        (80, 44, 16), np.float32
    )
    cloud = np.sin(azimuth * 5 + 1) * np.sin(azimuth * 11) + np.sin(elevation * 34 + azimuth * 3)
    colour[(cloud > 0.95) & (elevation > 0.1)] = (246, 246, 242)
    for height, tone in ((0.17, (132, 160, 172)), (0.105, (104, 138, 120)), (0.05, (92, 126, 78))):
        ridge = height + 0.05 * np.sin(azimuth * 3.1 + height * 40) + 0.02 * np.sin(azimuth * 9 + height * 90)
        colour[elevation < ridge] = tone
    sea = (elevation < 0.012) & (elevation > -0.03)
    colour[sea] = np.stack([84 + 0 * dy[sea], 140 + 10 * np.sin(elevation[sea] * 900), 164 + 0 * dy[sea]], axis=-1)
    ground = elevation <= -0.03
    away = np.float32(1.6) / np.maximum(-dy[ground], 1e-3)
    gx, gz = dx[ground] * away, dz[ground] * away
    grass = _flat(gx.shape, (126, 152, 82)) + (_noise(np.floor(gx * 24), np.floor(gz * 24)) * 12)[:, None]
    stones = ((gx - 5.4 - 0.5 * np.sin(gz)) ** 2 < 0.6) & (np.abs(gz % 1.3 - 0.65) < 0.48)
    grass[stones] = (176, 172, 160)
    veranda = gx < 4.1
    grass[veranda] = np.stack(
        [164 + 8 * np.sin(gx[veranda] * 70), 122 + 6 * np.sin(gx[veranda] * 70), 80 + 0 * gx[veranda]], axis=-1
    )
    colour[ground] = grass
    for at, size in ((-0.52, 0.16), (0.46, 0.2), (0.66, 0.13)):
        bush = ((azimuth - at) / size) ** 2 + ((elevation + 0.02) / (size * 0.75)) ** 2 < 1 + 0.16 * np.sin(
            azimuth * 90
        ) * np.sin(elevation * 80)
        colour[bush] = (
            _flat(azimuth[bush].shape, (70, 108, 62))
            + (_noise(np.floor(azimuth[bush] * 200), np.floor(elevation[bush] * 200)) * 16)[:, None]
        )
    return np.asarray(colour, np.float32)


def _corner_shade(x: Values, y: Values, z: Values) -> Values:
    """Soft darkness where planes meet."""
    shade = np.ones_like(x)
    for to_wall in (_HALF_X - np.abs(x), _HALF_Z - np.abs(z), y - _FLOOR, _CEILING - y):
        shade *= 1 - 0.2 * np.exp(-np.maximum(to_wall, 0) * 5) * (to_wall > 1e-3)
    return shade


def _table(colour: Values, dx: Values, dy: Values, dz: Values, nearest: Values) -> None:
    """A low table in front, and its shadow, painted over what lies behind."""
    enter, leave = np.zeros_like(dx), nearest.copy()
    for direction, low, high in zip((dx, dy, dz), *_TABLE, strict=True):
        safe = np.where(np.abs(direction) < 1e-6, 1e-6, direction)
        one, two = low / safe, high / safe
        enter, leave = np.maximum(enter, np.minimum(one, two)), np.minimum(leave, np.maximum(one, two))
    hit = enter < leave
    y = dy * enter
    x, z = dx * enter, dz * enter
    top = hit & (y > _TABLE[1][1] - 0.004)
    board = hit & ~top & (y > _TABLE[1][1] - 0.07)
    legs = hit & ~top & ~board & ((np.abs(np.abs(x) - 0.68) < 0.07) & ((z < 0.69) | (z > 1.21)))
    floor_x, floor_z = dx * nearest, dz * nearest
    below = (np.abs(floor_x) < 0.85) & (floor_z > 0.45) & (floor_z < 1.45) & (dy < 0)
    colour[below & ~top & ~board & ~legs] *= 0.62
    grain = 12 * np.sin(z * 46 + np.sin(x * 5) * 2)
    colour[top] = np.stack([136 + grain[top], 86 + grain[top] * 0.7, 52 + grain[top] * 0.5], axis=-1)
    colour[board], colour[legs] = (98, 60, 36), (84, 52, 32)
    cup = top & ((x - 0.2) ** 2 + (z - 0.9) ** 2 < 0.006)
    colour[cup] = (226, 226, 214)
    colour[top & ((x - 0.2) ** 2 + (z - 0.9) ** 2 < 0.0032)] = (126, 140, 70)
