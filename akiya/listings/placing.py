"""Compute the public point of a home from its true point, its town or the municipal office."""

from collections.abc import Callable, Mapping
from typing import Protocol

from akiya import geo
from akiya.errors import Invalid
from akiya.listings import blur
from akiya.listings.enums import Precision
from akiya.listings.fields import BY_NAME
from akiya.listings.models import Listing
from akiya.municipalities.enums import Blur
from akiya.municipalities.search import find_town, town_at


class Point(Protocol):
    """What has a point, such as a town."""

    @property
    def lon(self) -> float:
        """Return the longitude in degrees."""

    @property
    def lat(self) -> float:
        """Return the latitude in degrees."""


PLACING = frozenset({"town", "true_lon", "true_lat", "blur", "consent_on"})
"""The fields that the public point depends on."""


def moves(listing: Listing, values: Mapping[str, object]) -> bool:
    """Return whether saving the values would compute the public point of an imported listing again."""
    held = {name: BY_NAME[name].held(listing) for name in PLACING}
    return any(values.get(name, value) != value for name, value in held.items())


def place(listing: Listing, town_of: Callable[[str, str], Point | None] = find_town) -> None:
    """Set the listing's public point, as precise as the listing, or else its municipality, allows.

    The point is the centre of the true point's mesh cell, or the true point itself only with the owner's dated consent.
    Without a true point, or with blur "town", it is the town's point (`town_of` finds the town by municipality code and text),
    else the office. A true point that equals a town's own point is published as the town. Raise Invalid for coordinates
    that are incomplete or outside Japan, and for an exact place without consent.
    """
    lon, lat = listing.private.true_lon, listing.private.true_lat
    if (lon is None) != (lat is None):
        raise Invalid(
            "緯度と経度は両方入れてください。", {"true_lat": "緯度と経度は両方入れるか、両方空欄にしてください。"}
        )
    consented = listing.private.consent_on is not None
    # A home's own choice without consent is refused, so that its clerk asks the owner. A municipality's setting is for homes
    # with and without consent, so for those without it is only lowered.
    if listing.blur and blur.allowed(listing.blur, consented=consented) is not listing.blur:
        message = (
            "正確な位置を公開するには、所有者の同意の日が要ります。「同意の日」を入れるか、別の範囲を選んでください。"
        )
        raise Invalid("位置の公開範囲を確かめてください。", {"blur": message})
    level = blur.allowed(listing.blur or listing.municipality.blur, consented=consented)
    if lon is not None and lat is not None:
        if not geo.in_japan((lon, lat)):
            message = f"緯度 {lat}、経度 {lon} は日本の外です。緯度（32 など）と経度（130 など）を確かめてください。"
            raise Invalid("緯度と経度を確かめてください。", {"true_lat": message})
        still = town_at(listing.municipality_code, (lon, lat))
        if level is not Blur.TOWN and still is None:
            listing.precision = Precision(str(level))
            listing.lon, listing.lat = blur.public_point((lon, lat), listing.precision)
            return
    else:
        still = None
    town = still or (town_of(listing.municipality_code, listing.town) if listing.town else None)
    at: Point = town or listing.municipality
    listing.precision = Precision.TOWN if town else Precision.OFFICE
    listing.lon, listing.lat = at.lon, at.lat
