"""Homes as plain objects that the functions of listings accept, so that a ledger needs no SQL statement per home."""

from collections.abc import Mapping
from types import SimpleNamespace
from typing import Any

from akiya.ledgers.headers import MUNICIPALITY, STATUS
from akiya.listings.enums import Precision, PropertyKind, Status
from akiya.listings.fields import BY_NAME, FIELDS, FieldType
from akiya.municipalities import search as municipalities
from akiya.municipalities.models import Municipality

PLACE = "_place"
"""Key of the public point in a row's changes: [[lon, lat, precision] before, the same after]."""
BLANK: dict[str, Any] = {
    **{f.name: "" if f.type in (FieldType.TEXT, FieldType.LONG) else None for f in FIELDS},
    "is_sale": False,
    "is_rent": False,
    "kind": PropertyKind.HOUSE,
    "built_precision": None,
}
"""The values of a home of which nothing is known."""


def home(row: Any, private: Any, municipality: Municipality) -> Any:
    """Return a listing's row and its private record as an object that the functions of listings accept."""
    return SimpleNamespace(**row._mapping, private=SimpleNamespace(**private._mapping), municipality=municipality)


def fresh(municipality: Municipality, number: str) -> Any:
    """Return a new draft of which only the number is known, placed at the municipal office."""
    public = {name: value for name, value in BLANK.items() if name not in BY_NAME or not BY_NAME[name].private}
    private = {f.name: BLANK[f.name] for f in FIELDS if f.private}
    return SimpleNamespace(
        **{**public, "number": number}, private=SimpleNamespace(**private), municipality=municipality,
        municipality_code=municipality.code, status=Status.DRAFT, source_file="", has_panorama=False,
        lon=municipality.lon, lat=municipality.lat, precision=Precision.OFFICE,
    )  # fmt: skip


def known(one: Any) -> dict[str, Any]:
    """Return the home's values by field, private ones included, with its state and municipality."""
    values = {f.name: f.held(one) for f in FIELDS}
    return {
        **values, "built_precision": one.built_precision, STATUS: one.status, MUNICIPALITY: one.municipality.name
    }  # fmt: skip


def assign(one: Any, values: Mapping[str, Any]) -> None:
    """Set the values on the home's object; nothing is written to the database."""
    for name, value in values.items():
        setattr(BY_NAME[name].holder(one) if name in BY_NAME else one, name, value)


def point(one: Any) -> list[Any]:
    """Return the home's public point as it is stored in JSON: [lon, lat, precision]."""
    return [one.lon, one.lat, str(one.precision)]


def town_point(code: str, text: str) -> Any:
    """Return the point of the town with whose name the text begins, or None."""
    town = municipalities.find_town(code, text)
    return SimpleNamespace(lon=town.lon, lat=town.lat) if town else None
