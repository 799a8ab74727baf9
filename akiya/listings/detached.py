"""Listings as plain objects that no session knows: for values that are not saved yet, and for many homes at once."""

from collections.abc import Mapping
from types import SimpleNamespace
from typing import cast

from akiya.db import AnyRow
from akiya.listings.models import Listing
from akiya.municipalities.models import Municipality


def detached(public: Mapping[str, object], private: Mapping[str, object], municipality: Municipality) -> Listing:
    """Return an object with these attributes, of which nothing is ever written to the database."""
    plain = SimpleNamespace(**{**public, "private": SimpleNamespace(**private), "municipality": municipality})
    return cast(Listing, plain)  # what reads a listing, or sets its attributes, cannot tell the difference


def as_listing(row: AnyRow) -> Listing:
    """Return the row, of columns of the table, as what reads a listing's attributes expects it."""
    return cast(Listing, row)  # as above, but its attributes cannot be set
