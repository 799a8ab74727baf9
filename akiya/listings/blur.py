"""Compute how near the public point of a home may be to the home: the cell of each level, and the rule on consent.

A municipality and a home choose a level (Blur); Precision says what the public point of a home then is.
"""

from akiya import geo
from akiya.listings.enums import Precision
from akiya.municipalities.enums import Blur

CELL_METRES = {Precision.MESH_250: 250, Precision.MESH_500: 500, Precision.MESH_1000: 1000}
WITHOUT_CONSENT = Blur.MESH_250
"""The finest level for a home whose owner has given no dated consent."""


def allowed(level: Blur, *, consented: bool) -> Blur:
    """Return `level`, or WITHOUT_CONSENT where `level` is the exact place and the owner has given no dated consent."""
    return WITHOUT_CONSENT if level is Blur.EXACT and not consented else level


def public_point(true: geo.Point, precision: Precision) -> geo.Point:
    """Return the public point of a home: the centre of the mesh cell that contains `true`, or `true` if it is exact."""
    return true if precision is Precision.EXACT else geo.mesh_centre(true, CELL_METRES[precision])


def cell(point: geo.Point, precision: Precision) -> geo.Box | None:
    """Return the cell (west, south, east, north) around a public point; None where the precision is not a mesh cell."""
    metres = CELL_METRES.get(precision)
    return geo.mesh_box(point, metres) if metres else None
