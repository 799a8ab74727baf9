"""The demonstration's tatami room by day and at night, and the garden seen from it."""

import numpy as np

from akiya.demo.rooms import EYE, RayHits, RenderedRoom, Values, block, flat, noise, plaster

HALF = 2.9
"""Half the length and width of the room, in metres."""
DOOR = (0.0, 1.45)
"""The open panel: where it begins and ends along the wall, in metres."""
_FLOOR = -EYE
_TABLE = ((-0.75, _FLOOR, 0.55), (0.75, -1.05, 1.35))


def _floor(x: Values, z: Values) -> Values:
    along = np.floor((x + 2.9) / 0.97) % 2 == np.floor((z + 2.9) / 1.93) % 2
    weave = np.where(along, np.sin(x * 900), np.sin(z * 900)) * 4 + noise(np.floor(x * 400), np.floor(z * 400)) * 4
    colour = flat(x, (199, 193, 136)) + weave[:, None]
    colour *= np.where(along, 1.0, 0.955)[:, None]
    edge_x, edge_z = np.abs((x + 2.9) / 0.97 % 1 - 0.5) > 0.47, np.abs((z + 2.9) / 1.93 % 1 - 0.5) > 0.497
    colour[edge_x | edge_z] = (64, 78, 62)
    light = np.clip((x + 0.4) / 3.2, 0, 1) ** 1.5
    lit: Values = colour * (0.8 + 0.34 * light)[:, None]
    return lit


def _ceiling(x: Values, z: Values) -> Values:
    board = np.floor((x + 2.9) / 0.36)
    grain = np.sin(z * 9 + np.sin(x * 60 + board * 5) * 1.4) * 7 + noise(board, np.floor(z * 90)) * 3
    colour = flat(x, (176, 134, 90)) + grain[:, None]
    colour[((x + 2.9) / 0.36 % 1) < 0.03] = (92, 62, 38)
    colour[np.abs((z + 2.9) % 0.9 - 0.45) > 0.415] = (118, 82, 52)
    lamp = x**2 + z**2
    colour[lamp < 0.12] = (255, 246, 220)
    colour[(lamp >= 0.12) & (lamp < 0.155)] = (104, 72, 46)
    lit: Values = colour * (0.86 + 0.2 * np.exp(-lamp))[:, None]
    return lit


def _frame(across: Values, y: Values, panels: int, colour: Values) -> None:
    """Paint wooden frames of sliding panels, and the lintel above them, over `colour`."""
    width = 2 * HALF / panels
    post = np.abs(((across + HALF) / width) % 1 - 0.5) > 0.475
    wood = np.stack([118 + 8 * np.sin(y * 40), 82 + 6 * np.sin(y * 40), 52 + 4 * np.sin(y * 40)], axis=-1)
    beam = np.abs(y - 0.55) < 0.055
    rail = y < _FLOOR + 0.05
    colour[post | beam | rail] = wood[post | beam | rail]


def _shoji(x: Values, y: Values) -> Values:
    glow = 14 * np.exp(-((y - 0.1) ** 2)) - 5 * np.abs(x)
    colour: Values = flat(x, (246, 239, 218)) + glow[:, None]
    lattice = (np.abs((x + 2.9) / 0.242 % 1 - 0.5) > 0.46) | (np.abs((y + 1.4) / 0.28 % 1 - 0.5) > 0.465)
    colour[lattice] = (158, 122, 84)
    low = y < -0.95
    colour[low] = np.stack([150 + 8 * np.sin(x[low] * 50), 112 + 0 * x[low], 74 + 0 * x[low]], axis=-1)
    above = y > 0.6
    colour[above] = plaster(x[above], y[above])
    _frame(x, y, 4, colour)
    return colour


def _fusuma(y: Values, z: Values) -> Values:
    colour = flat(y, (232, 224, 204)) + (noise(np.floor(z * 200), np.floor(y * 200)) * 3)[:, None]
    hills = -0.72 + 0.2 * np.sin(z * 1.3 + 0.6) + 0.08 * np.sin(z * 4.1)
    far = -0.5 + 0.16 * np.sin(z * 0.9 + 2) + 0.05 * np.sin(z * 5)
    colour[y < far] = (206, 206, 190)
    colour[y < hills] = (168, 178, 154)
    sun = (z - 1.2) ** 2 + (y - 0.1) ** 2 < 0.045
    colour[sun] = (218, 150, 104)
    above = y > 0.6
    colour[above] = plaster(z[above], y[above])
    _frame(z, y, 4, colour)
    handle = ((np.abs(z) - 0.25) ** 2 + (y + 0.5) ** 2) < 0.0022
    colour[handle] = (60, 50, 44)
    return colour


def _alcove(x: Values, y: Values) -> Values:
    colour = plaster(x, y)
    inside = (x > -2.6) & (x < -0.2) & (y < 0.5)
    colour[inside] = flat(x[inside], (164, 152, 116)) + (y[inside] * 10)[:, None]
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


def _garden_side(at: RayHits) -> Values:
    colour = plaster(at.z, at.y)
    open_side = (at.y < 0.5) & (np.abs(at.z) < 2.6)
    seen = at.of(open_side)
    colour[open_side] = outdoors(seen, 4.1)
    _frame(at.z, at.y, 2, colour)
    colour[np.abs(np.abs(at.z) - 2.6) < 0.06] = (112, 78, 50)
    return colour


def outdoors(at: RayHits, veranda_to: float) -> Values:
    """Paint the garden, hills and sea in the directions of the rays, as RGB of shape (…, 3).

    The boards of the veranda reach `veranda_to` metres east of the eye.
    """
    dx, dy, dz = at.dx, at.dy, at.dz
    azimuth, elevation = np.arctan2(dz, dx), np.arcsin(dy)
    colour = flat(dy, (150, 194, 224)) + np.clip(1 - elevation * 2.2, 0, 1)[:, None] * np.asarray(
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
    grass = flat(gx, (126, 152, 82)) + (noise(np.floor(gx * 24), np.floor(gz * 24)) * 12)[:, None]
    stones = ((gx - 5.4 - 0.5 * np.sin(gz)) ** 2 < 0.6) & (np.abs(gz % 1.3 - 0.65) < 0.48)
    grass[stones] = (176, 172, 160)
    veranda = gx < veranda_to
    grass[veranda] = np.stack(
        [164 + 8 * np.sin(gx[veranda] * 70), 122 + 6 * np.sin(gx[veranda] * 70), 80 + 0 * gx[veranda]], axis=-1
    )
    colour[ground] = grass
    for middle, size in ((-0.52, 0.16), (0.46, 0.2), (0.66, 0.13)):
        bush = ((azimuth - middle) / size) ** 2 + ((elevation + 0.02) / (size * 0.75)) ** 2 < 1 + 0.16 * np.sin(
            azimuth * 90
        ) * np.sin(elevation * 80)
        colour[bush] = (
            flat(azimuth[bush], (70, 108, 62))
            + (noise(np.floor(azimuth[bush] * 200), np.floor(elevation[bush] * 200)) * 16)[:, None]
        )
    return np.asarray(colour, np.float32)


def _table(colour: Values, hits: RayHits) -> None:
    """Paint a low table and its shadow over what is behind them."""
    below = (np.abs(hits.x) < 0.85) & (hits.z > 0.45) & (hits.z < 1.45) & (hits.y < _FLOOR + 0.01)
    colour[below] *= 0.62
    hit, at = block(hits, *_TABLE)
    painted = colour[hit]
    top = at.y > _TABLE[1][1] - 0.004
    board = ~top & (at.y > _TABLE[1][1] - 0.07)
    legs = ~top & ~board & ((np.abs(np.abs(at.x) - 0.68) < 0.07) & ((at.z < 0.69) | (at.z > 1.21)))
    grain = 12 * np.sin(at.z[top] * 46 + np.sin(at.x[top] * 5) * 2)
    painted[top] = np.stack([136 + grain, 86 + grain * 0.7, 52 + grain * 0.5], axis=-1)
    painted[board], painted[legs] = (98, 60, 36), (84, 52, 32)
    from_cup = (at.x - 0.2) ** 2 + (at.z - 0.9) ** 2
    painted[top & (from_cup < 0.006)] = (226, 226, 214)
    painted[top & (from_cup < 0.0032)] = (126, 140, 70)
    colour[hit] = painted


def _beyond(across: Values, y: Values, floor: tuple[float, float, float], wall: tuple[float, float, float]) -> Values:
    """Paint what is seen of a darker room through an open panel."""
    colour = flat(y, wall) + (noise(np.floor(across * 60), np.floor(y * 60)) * 3)[:, None]
    low = y < -0.75
    colour[low] = flat(y[low], floor) * (1 + 0.25 * (-0.75 - y[low]))[:, None]
    return colour * 0.8


def _north(at: RayHits) -> Values:
    colour = _shoji(at.x, at.y)
    open_panel = (at.x > DOOR[0] + 0.04) & (at.x < DOOR[1] - 0.04) & (at.y < 0.49)
    colour[open_panel] = _beyond(at.x[open_panel], at.y[open_panel], (126, 112, 92), (120, 100, 76))
    return colour


def _west(at: RayHits) -> Values:
    colour = _fusuma(at.y, at.z)
    open_panel = (at.z > DOOR[0] + 0.04) & (at.z < DOOR[1] - 0.04) & (at.y < 0.49)
    colour[open_panel] = _beyond(at.z[open_panel], at.y[open_panel], (168, 128, 84), (206, 200, 186))
    return colour


def _day(colour: Values, hits: RayHits) -> Values:
    return colour


def _night(colour: Values, hits: RayHits) -> Values:
    """Light the room by the lamp under the ceiling, and the garden by moonlight."""
    away = hits.x**2 + (hits.y - 1.15) ** 2 + hits.z**2
    lamp = (0.42 + 0.62 * np.exp(-away / 12))[..., None] * np.asarray((1.0, 0.83, 0.6), np.float32)
    outdoors = (hits.x > HALF - 0.01) & (hits.y < 0.5) & (np.abs(hits.z) < 2.54) & (np.abs(hits.z) > 0.08)
    moonlight = np.asarray((0.07, 0.1, 0.17), np.float32)
    return np.asarray(colour * np.where(outdoors[..., None], moonlight, lamp), np.float32)


ROOM = RenderedRoom(
    west=HALF, east=HALF, south=HALF, north=HALF, ceiling=1.15,
    sides={
        "floor": lambda at: _floor(at.x, at.z),
        "ceiling": lambda at: _ceiling(at.x, at.z),
        "west": _west,
        "east": _garden_side,
        "south": lambda at: _alcove(at.x, at.y),
        "north": _north,
    },
    furnish=_table,
    lights=(_day, _night),
)  # fmt: skip
"""The room; rendering it makes a picture by day and one at night."""
