"""How near the public point of a home may be to the home: the cell of each level, and the rule about the owner's consent.

A municipality and a home choose a level (Blur); Precision says what the public point of a home then is.
"""

from akiya import geo
from akiya.listings.enums import Precision
from akiya.municipalities.enums import Blur

CELL_METRES = {Precision.MESH_250: 250, Precision.MESH_500: 500, Precision.MESH_1000: 1000}
WITHOUT_CONSENT = Blur.MESH_250
"""The finest level where the owner's consent has no date."""


def allowed(level: Blur, *, consented: bool) -> Blur:
    """Return the level that may be used where `level` is wanted: the exact place needs the owner's dated consent."""
    return WITHOUT_CONSENT if level is Blur.EXACT and not consented else level


def public_point(true: geo.Point, precision: Precision) -> geo.Point:
    """Return the centre of the cell that holds the true point, or that point where it may be exact."""
    return true if precision is Precision.EXACT else geo.mesh_centre(true, CELL_METRES[precision])


def cell(point: geo.Point, precision: Precision) -> geo.Box | None:
    """Return the (west, south, east, north) cell whose centre the public point is; None where it is no cell's."""
    metres = CELL_METRES.get(precision)
    return geo.mesh_box(point, metres) if metres else None
