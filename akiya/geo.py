"""Pure geography: distances, boxes and the JIS X 0410 mesh. Points are (lon, lat) in degrees, EPSG:4326."""

from datetime import timedelta, timezone
from math import asin, cos, floor, radians, sin, sqrt

JAPAN_TIME = timezone(timedelta(hours=9))

EARTH_RADIUS_M = 6_371_008.8
"""Mean radius of the Earth (IUGG)."""

# Cells per degree of latitude and of longitude, by the side of a cell in metres: a third mesh is 30" by 45"
# (JIS X 0410), halves and quarters of it follow.
_CELLS = {1000: (120, 80), 500: (240, 160), 250: (480, 320)}

Point = tuple[float, float]
Box = tuple[float, float, float, float]


def distance_m(a: Point, b: Point) -> float:
    """Return the great-circle distance between two points in metres, by the haversine formula."""
    half_lat = radians(b[1] - a[1]) / 2
    half_lon = radians(b[0] - a[0]) / 2
    h = sin(half_lat) ** 2 + cos(radians(a[1])) * cos(radians(b[1])) * sin(half_lon) ** 2
    return 2 * EARTH_RADIUS_M * asin(sqrt(min(1.0, h)))


def box_around(point: Point, radius_m: float) -> Box:
    """Return a (west, south, east, north) box that contains every point within `radius_m` metres of `point`."""
    lon, lat = point
    dlat = radius_m / EARTH_RADIUS_M * 57.29577951308232 * 1.000001
    # The box is widest, in degrees of longitude, at its edge nearest to the pole.
    nearest_pole = min(89.9, abs(lat) + dlat)
    dlon = dlat / cos(radians(nearest_pole))
    return lon - dlon, lat - dlat, lon + dlon, lat + dlat


def mesh_box(point: Point, metres: int = 250) -> Box:
    """Return the (west, south, east, north) cell of the JIS X 0410 mesh (1000, 500 or 250 m) that contains `point`."""
    per_lat, per_lon = _CELLS[metres]
    row, column = floor(point[1] * per_lat), floor(point[0] * per_lon)
    return column / per_lon, row / per_lat, (column + 1) / per_lon, (row + 1) / per_lat


def mesh_centre(point: Point, metres: int = 250) -> Point:
    """Return the centre of the mesh cell that contains `point`, rounded to 6 decimals."""
    west, south, east, north = mesh_box(point, metres)
    return round((west + east) / 2, 6), round((south + north) / 2, 6)


def in_japan(point: Point) -> bool:
    """Return whether the point lies in the box around Japan's territory."""
    return 122 <= point[0] <= 154 and 20 <= point[1] <= 46
