"""Render 360° views of rooms by ray casting: one ray per pixel, against the planes of a box and blocks inside it."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray
from PIL import Image

EYE = 1.4
"""Height of the camera above the floor, in metres."""
_BAND = 32
Values = NDArray[np.floating[Any]]  # of 32 or 64 bits
Corner = tuple[float, float, float]


class RayHits(NamedTuple):
    """The points that rays from the camera hit, in metres, and the rays' directions: x points east, y up, z north."""

    x: Values
    y: Values
    z: Values
    dx: Values
    dy: Values
    dz: Values

    def of(self, which: NDArray[np.bool_] | NDArray[np.int64]) -> "RayHits":
        """Return the rays that the mask or index `which` selects."""
        return RayHits(*(values[which] for values in self))


Painter = Callable[[RayHits], Values]
Light = Callable[[Values, RayHits], Values]


@dataclass(frozen=True)
class RenderedRoom:
    """A box around the eye: the distances of its walls and ceiling in metres, how each side is painted, its furniture.

    `sides` are "floor", "ceiling", "west", "east", "south" and "north". Each of `lights` makes one picture of the room.
    """

    west: float
    east: float
    south: float
    north: float
    ceiling: float
    sides: Mapping[str, Painter]
    furnish: Callable[[Values, RayHits], None]
    closed: bool = True
    lights: Sequence[Light] = (lambda colour, hits: colour,)


def render(room: RenderedRoom, width: int = 4096) -> list[Image.Image]:
    """Render equirectangular pictures of the room, one for each of its lights, with north in the middle.

    They are `width` by `width`/2 pixels.
    """
    height = width // 2
    out = [np.empty((height, width, 3), np.uint8) for _light in room.lights]
    lon = ((np.arange(width, dtype=np.float32) + 0.5) / width - 0.5) * 2 * np.pi
    for top in range(0, height, _BAND):
        lat = (0.5 - (np.arange(top, min(top + _BAND, height), dtype=np.float32) + 0.5) / height) * np.pi
        around, up = np.meshgrid(lon, lat)
        colour, hits = _colours(room, np.cos(up) * np.sin(around), np.sin(up), np.cos(up) * np.cos(around))
        for picture, light in zip(out, room.lights, strict=True):
            picture[top : top + _BAND] = np.clip(light(colour, hits), 0, 255).astype(np.uint8)
    return [Image.fromarray(picture) for picture in out]


def _colours(room: RenderedRoom, dx: Values, dy: Values, dz: Values) -> tuple[Values, RayHits]:
    """Return the colour that each ray from the eye hits, as RGB of shape (…, 3), and where it hits."""
    tiny = np.float32(1e-6)
    to_x = np.where(dx > 0, room.east, room.west).astype(np.float32) / np.maximum(np.abs(dx), tiny)
    to_z = np.where(dz > 0, room.north, room.south).astype(np.float32) / np.maximum(np.abs(dz), tiny)
    to_y = np.where(dy < 0, EYE, room.ceiling).astype(np.float32) / np.maximum(np.abs(dy), tiny)
    nearest = np.minimum(np.minimum(to_x, to_z), to_y)
    hits = RayHits(dx * nearest, dy * nearest, dz * nearest, dx, dy, dz)
    colour = np.empty((*dx.shape, 3), np.float32)
    on_y, on_x = nearest == to_y, (nearest == to_x) & (nearest < to_y)
    on_z = ~(on_y | on_x)
    for name, where in (
        ("floor", on_y & (dy < 0)), ("ceiling", on_y & (dy >= 0)), ("east", on_x & (dx > 0)), ("west", on_x & (dx <= 0)),
        ("north", on_z & (dz > 0)), ("south", on_z & (dz <= 0)),
    ):  # fmt: skip
        if where.any():
            colour[where] = room.sides[name](hits.of(where))
    if room.closed:
        colour *= _corner_shade(room, hits)[..., None]
    room.furnish(colour, hits)
    return colour, hits


def _corner_shade(room: RenderedRoom, at: RayHits) -> Values:
    """Return factors that darken the room softly where its planes meet."""
    shade = np.ones_like(at.x)
    for to_wall in (
        room.east - at.x, at.x + room.west, room.north - at.z, at.z + room.south, at.y + EYE, room.ceiling - at.y
    ):  # fmt: skip
        shade *= 1 - 0.2 * np.exp(-np.maximum(to_wall, 0) * 5) * (to_wall > 1e-3)
    return shade


def block(hits: RayHits, low: Corner, high: Corner) -> tuple[NDArray[np.bool_], RayHits]:
    """Return a mask of the rays that hit the block between two corners before anything else, and where they hit it."""
    # Only rays towards the block's half of the view can hit it; testing the others would cost time.
    ahead = (low[0] + high[0]) * hits.dx + (low[1] + high[1]) * hits.dy + (low[2] + high[2]) * hits.dz > 0
    rays = hits.of(ahead)
    along = np.maximum(np.maximum(np.abs(rays.dx), np.abs(rays.dy)), np.abs(rays.dz))
    nearest = np.maximum(np.maximum(np.abs(rays.x), np.abs(rays.y)), np.abs(rays.z)) / along
    enter, leave = np.zeros_like(nearest), nearest
    for direction, near, far in zip((rays.dx, rays.dy, rays.dz), low, high, strict=True):
        safe = np.where(np.abs(direction) < 1e-6, np.float32(1e-6), direction)
        one, two = near / safe, far / safe
        enter, leave = np.maximum(enter, np.minimum(one, two)), np.minimum(leave, np.maximum(one, two))
    met = enter < leave
    hit = np.zeros(hits.x.shape, np.bool_)
    hit[ahead] = met
    rays, enter = rays.of(met), enter[met]
    return hit, RayHits(rays.dx * enter, rays.dy * enter, rays.dz * enter, rays.dx, rays.dy, rays.dz)


# ── materials of the sides ──


def noise(*parts: Values) -> Values:
    """Return pseudo-random values in −1…1 that depend on the coordinates only, so that they repeat."""
    total = sum(part * factor for part, factor in zip(parts, (12.9898, 78.233, 37.719), strict=False))
    value = np.sin(total) * np.float32(43758.5453)
    return (value - np.floor(value)) * 2 - 1


def flat(like: Values, rgb: tuple[float, float, float]) -> Values:
    """Return one colour for as many points as `like` has, as RGB of shape (…, 3)."""
    return np.broadcast_to(np.asarray(rgb, np.float32), (*like.shape, 3)).copy()


def plaster(across: Values, y: Values) -> Values:
    """Return the colours of a wall of clay plaster, as RGB of shape (…, 3)."""
    return flat(y, (222, 210, 182)) + (noise(np.floor(across * 150), np.floor(y * 150)) * 4)[:, None]


def wood(along: Values, across: Values, board: float, rgb: tuple[float, float, float]) -> Values:
    """Return the colours of wooden boards, `board` metres wide, with their grain, as RGB of shape (…, 3)."""
    number = np.floor(across / board)
    colour: Values = flat(along, rgb) + (np.sin(along * 9 + np.sin(across * 60 + number * 5) * 1.4) * 6)[:, None]
    colour += (noise(number) * 6)[:, None]
    colour[across / board % 1 < 0.03] *= 0.62
    return colour
