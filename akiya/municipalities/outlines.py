"""Draw municipalities as SVG: their outlines if boundaries were imported, otherwise the points of their offices."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from math import cos, hypot, radians

from geoalchemy2 import WKBElement
from geoalchemy2.shape import to_shape
from shapely.geometry.base import BaseGeometry
from sqlalchemy.engine import Connection

from akiya import geo
from akiya.cache import PerRevision
from akiya.municipalities.models import Municipality
from akiya.municipalities.search import all_municipalities

WIDTH = 400.0
_MARGIN = 12.0
_CIRCLE = 22.0
_TOLERANCE_DEGREES = 0.004


@dataclass(frozen=True)
class Outline:
    """A municipality on the map: SVG path data `d` ("" without a boundary) and its label's point, in map units."""

    code: str
    d: str
    x: float
    y: float


@dataclass(frozen=True)
class Outlines:
    """The outlines of a map, its height in SVG units (its width is WIDTH), and `box`, the area it shows in degrees."""

    items: tuple[Outline, ...]
    height: float
    box: geo.Box

    @property
    def viewbox(self) -> str:
        """Return the value of the SVG's viewBox attribute."""
        return f"0 0 {WIDTH:g} {self.height:g}"

    @property
    def frame(self) -> geo.Box:
        """Return the (west, south, east, north) degrees that the whole drawing covers, margins included."""
        return self.degrees(0, 0, WIDTH, self.height)

    def degrees(self, x: float, y: float, width: float, height: float) -> geo.Box:
        """Return the (west, south, east, north) degrees of a rectangle of the map, given in the map's units."""
        squeeze, scale = _scale(self.box)
        west, north = self.box[0] + (x - _MARGIN) / (squeeze * scale), self.box[3] - (y - _MARGIN) / scale
        return west, north - height / scale, west + width / (squeeze * scale), north

    def xy(self, lon: float, lat: float) -> tuple[float, float]:
        """Return a point, given in degrees, as (x, y) in map units."""
        return _project(self.box, lon, lat)


def _nothing_drawn(connection: Connection) -> dict[str, Outlines]:
    return {}


_drawn = PerRevision(_nothing_drawn)


def of_prefecture(code: str) -> Outlines:
    """Return the outlines of the prefecture's municipalities; they are cached until public data changes."""
    drawn = _drawn()
    if code not in drawn:
        drawn[code] = outlines([m for m in all_municipalities() if m.prefecture_code == code and not m.successor_code])
    return drawn[code]


def outlines(municipalities: Sequence[Municipality]) -> Outlines:
    """Return the outlines of `municipalities`; if none has a boundary, points that overlap are moved apart."""
    return _outlines(
        tuple(
            (m.code, m.lon, m.lat, m.label_lon or m.lon, m.label_lat or m.lat, _Boundary(m.boundary))
            for m in municipalities
        )
    )


class _Boundary:
    """A boundary that is compared by its bytes (WKB), so that it can be part of a cache's key."""

    def __init__(self, element: WKBElement | None) -> None:
        self.element = element
        self.bytes = bytes(element.data) if element is not None and not isinstance(element.data, str) else None
        if element is not None and self.bytes is None:
            self.bytes = element.data.encode()

    def __hash__(self) -> int:
        return hash(self.bytes)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Boundary) and self.bytes == other.bytes

    def shape(self) -> BaseGeometry | None:
        return to_shape(self.element) if self.element is not None else None


@lru_cache(maxsize=4)
def _outlines(rows: tuple[tuple[str, float, float, float, float, _Boundary], ...]) -> Outlines:
    if not rows:
        return Outlines((), WIDTH, (0, 0, 1, 1))
    shapes = {row[0]: row[5].shape() for row in rows}
    bounds = [
        shape.bounds if (shape := shapes[row[0]]) is not None else (row[1], row[2], row[1], row[2]) for row in rows
    ]
    west, south = min(b[0] for b in bounds) - 0.02, min(b[1] for b in bounds) - 0.02
    east, north = max(b[2] for b in bounds) + 0.02, max(b[3] for b in bounds) + 0.02
    box = (west, south, east, north)
    height = round(_project(box, west, south)[1] + _MARGIN, 1)
    items = []
    for code, _lon, _lat, label_lon, label_lat, _boundary in rows:
        shape = shapes[code]
        x, y = _project(box, label_lon, label_lat)
        items.append(Outline(code, _path(box, shape) if shape is not None else "", x, y))
    if not any(item.d for item in items):
        items = _apart(items)
    return Outlines(tuple(items), height, box)


def _scale(box: geo.Box) -> tuple[float, float]:
    """Return the ratio of a degree of longitude to one of latitude, and the map's units per degree of latitude."""
    west, south, east, north = box
    squeeze = cos(radians((south + north) / 2))
    return squeeze, (WIDTH - 2 * _MARGIN) / ((east - west) * squeeze)


def _project(box: geo.Box, lon: float, lat: float) -> tuple[float, float]:
    squeeze, scale = _scale(box)
    return round(_MARGIN + (lon - box[0]) * squeeze * scale, 1), round(_MARGIN + (box[3] - lat) * scale, 1)


def _apart(items: list[Outline]) -> list[Outline]:
    """Move circles that overlap away from each other, a little in each of 60 rounds, and return them."""
    points = [[item.x, item.y] for item in items]
    for _round in range(60):
        for one, a in enumerate(points):
            for b in points[one + 1 :]:
                dx, dy = b[0] - a[0], b[1] - a[1]
                distance = hypot(dx, dy) or 0.1
                if distance < _CIRCLE:
                    push = (_CIRCLE - distance) / 2 / distance
                    a[0], a[1], b[0], b[1] = a[0] - dx * push, a[1] - dy * push, b[0] + dx * push, b[1] + dy * push
    return [replace(item, x=round(x, 1), y=round(y, 1)) for item, (x, y) in zip(items, points, strict=True)]


def _path(box: geo.Box, shape: BaseGeometry) -> str:
    simple = shape.simplify(_TOLERANCE_DEGREES, preserve_topology=True)
    parts = []
    polygons = getattr(simple, "geoms", [simple])
    largest = max(polygon.area for polygon in polygons)
    for polygon in polygons:
        # Islets too small to be seen would only make the page larger.
        if polygon.area < largest / 400:
            continue
        points = [_project(box, lon, lat) for lon, lat in polygon.exterior.coords[:-1]]
        parts.append("M" + "L".join(f"{x:g} {y:g}" for x, y in points) + "z")
    return "".join(parts)
