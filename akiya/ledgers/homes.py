"""Homes as plain objects that the functions of listings accept, so that a ledger needs no SQL statement per home."""

from collections.abc import Callable, Mapping
from typing import NamedTuple

from akiya.db import AnyRow
from akiya.ledgers.headers import MUNICIPALITY, STATUS
from akiya.listings.detached import detached
from akiya.listings.enums import Precision, PropertyKind, Status
from akiya.listings.fields import BY_NAME, FIELDS, FieldType
from akiya.listings.models import Listing
from akiya.municipalities import search as municipalities
from akiya.municipalities.models import Municipality
from akiya.values import Values

PLACE = "_place"
"""Key of the public point in a row's changes: [[lon, lat, precision] before, the same after]."""


class TownPoint(NamedTuple):
    """The point of a town."""

    lon: float
    lat: float


TownOf = Callable[[str, str], TownPoint | None]
"""Finds the point of a town by municipality code and text."""
BLANK: Values = {
    **{f.name: "" if f.type in (FieldType.TEXT, FieldType.LONG) else None for f in FIELDS},
    "is_sale": False,
    "is_rent": False,
    "kind": PropertyKind.HOUSE,
    "built_precision": None,
}
"""The values of a home of which nothing is known."""


def home(row: AnyRow, private: AnyRow, municipality: Municipality) -> Listing:
    """Return a listing's row and its private record as an object that the functions of listings accept."""
    return detached(row._asdict(), private._asdict(), municipality)


def fresh(municipality: Municipality, number: str) -> Listing:
    """Return a new draft of which only the number is known, placed at the municipal office."""
    public = {name: value for name, value in BLANK.items() if name not in BY_NAME or not BY_NAME[name].private}
    private = {f.name: BLANK[f.name] for f in FIELDS if f.private}
    more = {
        "number": number, "municipality_code": municipality.code, "status": Status.DRAFT, "source_file": "",
        "has_panorama": False, "lon": municipality.lon, "lat": municipality.lat, "precision": Precision.OFFICE,
    }  # fmt: skip
    return detached(public | more, private, municipality)


def known(one: Listing) -> Values:
    """Return the home's values by field, private ones included, with its state and municipality."""
    values = {f.name: f.held(one) for f in FIELDS}
    return {
        **values, "built_precision": one.built_precision, STATUS: one.status, MUNICIPALITY: one.municipality.name
    }  # fmt: skip


def assign(one: Listing, values: Mapping[str, object]) -> None:
    """Set the values on the home's object; nothing is written to the database."""
    for name, value in values.items():
        setattr(BY_NAME[name].holder(one) if name in BY_NAME else one, name, value)


def point(one: Listing) -> list[float | str]:
    """Return the home's public point as it is stored in JSON: [lon, lat, precision]."""
    return [one.lon, one.lat, str(one.precision)]


def town_point(code: str, text: str) -> TownPoint | None:
    """Return the point of the town with whose name the text begins, or None."""
    town = municipalities.find_town(code, text)
    return TownPoint(town.lon, town.lat) if town else None
