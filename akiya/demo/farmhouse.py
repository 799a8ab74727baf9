"""The other rooms of the demonstration's home: the earthen entrance, the kitchen, the veranda."""

import numpy as np
from numpy.typing import NDArray

from akiya.demo.rooms import EYE, RayHits, RenderedRoom, Values, block, flat, noise, plaster, wood
from akiya.demo.tatami import DOOR, outdoors

Mask = NDArray[np.bool_]
_FLOOR = -EYE
_DARK = (104.0, 74.0, 48.0)
_PALE = (178.0, 138.0, 94.0)
_STEEL = (176.0, 182.0, 186.0)


def _mats_beyond(across: Values, y: Values) -> Values:
    """Paint the tatami room as seen through its open panel."""
    colour = flat(y, (226, 214, 180))
    low = y < -0.7
    colour[low] = (196, 190, 134)
    colour[np.abs(across % 0.9 - 0.45) > 0.44] *= 0.94
    return colour


def _in_door(across: Values, y: Values, lintel: float) -> Mask:
    return (across > DOOR[0] + 0.04) & (across < DOOR[1] - 0.04) & (y < lintel)


def _posts(colour: Values, across: Values, y: Values, at: tuple[float, ...], lintel: float) -> None:
    post = np.min([np.abs(across - place) for place in at], axis=0) < 0.06
    colour[post] = _DARK
    colour[(np.abs(y - lintel) < 0.07)] = (92, 64, 42)


# ── the earthen entrance ──


def _earth(at: RayHits) -> Values:
    rough = noise(np.floor(at.x * 30), np.floor(at.z * 30)) * 5 + noise(np.floor(at.x * 140), np.floor(at.z * 140)) * 5
    colour = flat(at.x, (146, 130, 108)) + rough[:, None]
    damp = np.sin(at.x * 1.7 + 1) * np.sin(at.z * 2.3) > 0.6
    colour[damp] *= 0.93
    light = np.clip((at.z + 1.8) / 3.6, 0, 1) * np.exp(-((at.x + 0.6) ** 2) / 4)
    lit: Values = colour * (0.78 + 0.42 * light)[:, None]
    return lit


def _beams(at: RayHits) -> Values:
    colour = wood(at.z, at.x + 5, 0.24, (92, 68, 46)) * 0.8
    beam = np.abs((at.x + 3) % 1.45 - 0.72) < 0.11
    colour[beam] = wood(at.z[beam], at.x[beam] + 5, 2.0, (62, 44, 30))
    return colour


def _entrance(at: RayHits) -> Values:
    colour = plaster(at.x, at.y)
    low = at.y < -0.6
    colour[low] = wood(at.y[low], at.x[low] + 5, 0.2, _DARK)
    panes = (np.abs(at.x + 0.6) < 1.2) & (at.y < 0.6)
    glass = (
        flat(at.y[panes], (236, 238, 226))
        + (noise(np.floor(at.x[panes] * 90), np.floor(at.y[panes] * 90)) * 5)[:, None]
    )
    lattice = np.abs((at.x[panes] + 5) / 0.15 % 1 - 0.5) > 0.4
    glass[lattice | (np.abs((at.y[panes] + 5) / 0.66 % 1 - 0.5) > 0.47)] = (118, 86, 58)
    glass[at.y[panes] < -1.0] = wood(at.x[panes], at.y[panes] + 5, 0.2, (132, 96, 64))[at.y[panes] < -1.0]
    colour[panes] = glass
    _posts(colour, at.x, at.y, (-2.84, -1.8, -0.6, 0.6, 2.84), 0.66)
    return colour


def _step_up(at: RayHits) -> Values:
    """Paint the wall to the tatami room: shoji panels, one of them open."""
    colour = flat(at.x, (242, 236, 216))
    lattice = (np.abs((at.x + 2.9) / 0.242 % 1 - 0.5) > 0.46) | (np.abs((at.y + 1.4) / 0.28 % 1 - 0.5) > 0.465)
    colour[lattice] = (150, 116, 80)
    open_panel = _in_door(at.x, at.y, 0.6)
    colour[open_panel] = _mats_beyond(at.x[open_panel], at.y[open_panel])
    above = at.y > 0.66
    colour[above] = plaster(at.x[above], at.y[above])
    low = at.y < -1.0
    colour[low] = wood(at.x[low], at.y[low] + 5, 0.4, _DARK)
    _posts(colour, at.x, at.y, (-2.84, -1.45, 0.0, 1.45, 2.84), 0.66)
    return colour


def _boarded(across: Values, y: Values) -> Values:
    colour = plaster(across, y)
    low = y < 0.1
    colour[low] = wood(y[low], across[low] + 5, 0.18, _DARK)
    _posts(colour, across, y, (-1.74, 0.0, 1.74), 0.1)
    return colour


def _bath_door(at: RayHits) -> Values:
    colour = _boarded(at.z, at.y)
    door = (np.abs(at.z - 0.7) < 0.42) & (at.y < 0.5)
    colour[door] = wood(at.y[door], at.z[door] + 5, 0.28, (150, 114, 78))
    colour[door & ((at.z - 0.4) ** 2 + (at.y + 0.4) ** 2 < 0.003)] = (70, 66, 62)
    return colour


def _window(at: RayHits) -> Values:
    colour = _boarded(at.z, at.y)
    pane = (np.abs(at.z) < 0.8) & (np.abs(at.y - 0.45) < 0.32)
    colour[pane] = outdoors(at.of(pane), -np.inf)
    colour[pane & (np.abs(at.z) < 0.03)] = _DARK
    return colour


def _step(colour: Values, hits: RayHits) -> None:
    """Add the step up to the tatami room, and shoes in front of it."""
    hit, at = block(hits, (-0.3, _FLOOR, -1.8), (1.75, -1.12, -1.3))
    colour[hit] = wood(at.x, at.z + 5, 0.5, (152, 112, 74)) * np.where(at.y > -1.125, 1.0, 0.7)[:, None]
    for x in (0.55, 0.78):
        hit, at = block(hits, (x, _FLOOR, -1.25), (x + 0.12, -1.34, -0.95))
        colour[hit] = flat(at.x, (60, 62, 74)) * np.where(at.y > -1.345, 1.0, 0.6)[:, None]


ENTRANCE = RenderedRoom(
    west=2.9, east=2.9, south=1.8, north=1.8, ceiling=1.7,
    sides={
        "floor": _earth, "ceiling": _beams, "north": _entrance, "south": _step_up, "west": _bath_door, "east": _window,
    },
    furnish=_step,
)  # fmt: skip


# ── the kitchen ──


def _boards(at: RayHits) -> Values:
    light = np.exp(-((at.x + 2.2) ** 2) / 3 - at.z**2 / 5)
    return wood(at.z, at.x + 5, 0.12, _PALE) * (0.82 + 0.28 * light)[:, None]


def _white_ceiling(at: RayHits) -> Values:
    colour = flat(at.x, (232, 230, 222))
    colour[(np.abs(at.x % 0.9 - 0.45) > 0.44) | (np.abs(at.z % 0.9 - 0.45) > 0.44)] *= 0.9
    lamp = (np.abs(at.x) < 0.3) & (np.abs(at.z) < 0.6)
    colour[lamp] = (255, 252, 240)
    return colour


def _sink_wall(at: RayHits) -> Values:
    colour = flat(at.y, (226, 232, 230))
    colour[(np.abs(at.z / 0.15 % 1 - 0.5) > 0.47) | (np.abs(at.y / 0.15 % 1 - 0.5) > 0.47)] *= 0.9
    pane = (np.abs(at.z) < 1.1) & (np.abs(at.y - 0.25) < 0.45)
    seen = at.of(pane)
    # The window shows the hills behind the house: the garden's view, mirrored.
    colour[pane] = outdoors(seen._replace(dx=-seen.dx), -np.inf)
    frame = (np.abs(at.z) < 1.16) & (np.abs(at.y - 0.25) < 0.51) & ~pane
    colour[frame | (pane & (np.abs(at.z) < 0.03))] = (150, 152, 150)
    hood = (np.abs(at.z + 1.9) < 0.4) & (at.y > 0.4)
    colour[hood] = (198, 200, 200)
    return colour


def _cupboards(at: RayHits) -> Values:
    colour = plaster(at.x, at.y)
    doors = (np.abs(at.x) < 1.3) & (at.y < 0.5)
    colour[doors] = wood(at.y[doors], at.x[doors] + 5, 0.65, (188, 150, 108))
    colour[doors & (np.abs(at.y + 0.35) < 0.015)] = _DARK
    colour[doors & (np.abs(np.abs(at.x) - 0.09) < 0.02) & (np.abs(at.y + 0.1) < 0.08)] = (70, 66, 60)
    return colour


def _kitchen_door(at: RayHits) -> Values:
    colour = plaster(at.z, at.y)
    open_panel = _in_door(at.z, at.y, 0.55)
    colour[open_panel] = _mats_beyond(at.z[open_panel], at.y[open_panel])
    leaf = (at.z > DOOR[0] - 1.4) & (at.z < DOOR[0]) & (at.y < 0.55)
    colour[leaf] = (214, 206, 186)
    _posts(colour, at.z, at.y, (-2.84, -1.45, 0.0, 1.45, 2.84), 0.6)
    return colour


def _counter(colour: Values, hits: RayHits) -> None:
    """Add the counter with a sink and two gas rings under the window, and a fridge in the corner."""
    hit, at = block(hits, (-2.2, _FLOOR, -2.5), (-1.6, -0.55, 1.6))
    painted = wood(at.y, at.z + 5, 0.55, (196, 160, 116)) * 0.9
    top = at.y > -0.555
    painted[top] = _STEEL
    painted[top & (np.abs(at.z - 0.3) < 0.36) & (np.abs(at.x + 1.9) < 0.2)] = (120, 126, 130)
    for z in (-2.05, -1.65):
        painted[top & ((at.x + 1.9) ** 2 + (at.z - z) ** 2 < 0.014)] = (52, 52, 56)
    colour[hit] = painted
    hit, at = block(hits, (-2.2, _FLOOR, 2.0), (-1.5, 0.35, 2.85))
    painted = flat(at.x, (222, 224, 224)) * np.where(at.x > -1.505, 1.0, 0.82)[:, None]
    painted[(np.abs(at.y + 0.1) < 0.012) | ((np.abs(at.z - 2.1) < 0.02) & (np.abs(at.y + 0.1) < 0.25))] = (
        150,
        152,
        154,
    )
    colour[hit] = painted


KITCHEN = RenderedRoom(
    west=2.2, east=2.2, south=2.9, north=2.9, ceiling=1.05,
    sides={
        "floor": _boards, "ceiling": _white_ceiling, "west": _sink_wall, "east": _kitchen_door,
        "north": lambda at: plaster(at.x, at.y), "south": _cupboards,
    },
    furnish=_counter,
)  # fmt: skip


# ── the veranda ──

_EDGE = 0.55


def _house_wall(at: RayHits) -> Values:
    """Paint the wall of the house: the tatami room behind glass doors, the southern one open."""
    colour = plaster(at.z, at.y)
    inside = (at.y < 0.5) & (np.abs(at.z) < 2.6)
    colour[inside] = _mats_beyond(at.z[inside], at.y[inside]) * 0.78
    glazed = inside & (at.z > 0)
    colour[glazed] = colour[glazed] * 0.8 + np.asarray((34, 42, 46), np.float32)
    colour[np.abs(at.y + 0.6) < 0.03 * glazed] = (130, 96, 64)
    _posts(colour, at.z, at.y, (-2.6, 0.0, 1.3, 2.6), 0.55)
    return colour


def _eaves(at: RayHits) -> Values:
    colour = outdoors(at, _EDGE)
    under = at.x < 0.95
    colour[under] = wood(at.x[under], at.z[under] + 9, 0.2, (142, 106, 72)) * 0.86
    colour[under & (np.abs(at.z % 0.6 - 0.3) < 0.05)] = (96, 70, 46)
    return colour


def _cushion(colour: Values, hits: RayHits) -> None:
    hit, at = block(hits, (-0.4, _FLOOR, 1.0), (0.15, -1.33, 1.55))
    colour[hit] = flat(at.x, (112, 92, 140)) * np.where(at.y > -1.335, 1.0, 0.72)[:, None]


VERANDA = RenderedRoom(
    west=0.7, east=3.0, south=3.2, north=3.2, ceiling=1.0, closed=False,
    sides={
        "floor": lambda at: outdoors(at, _EDGE), "ceiling": _eaves, "west": _house_wall,
        **{side: lambda at: outdoors(at, _EDGE) for side in ("east", "south", "north")},
    },
    furnish=_cushion,
)  # fmt: skip
