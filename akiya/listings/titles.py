"""What to call a listing, and facts that follow from it and its municipality's settings."""

from typing import Any

from akiya import formatting
from akiya.language import language
from akiya.listings.enums import Deal, PropertyKind


def title(listing: Any, municipality_name: str) -> str:
    """Return the listing's own title, or one made of its facts in the language of the request."""
    if listing.title:
        return str(listing.title)
    kind = formatting.label(listing.kind)
    where = municipality_name if language() == "en" else f"{municipality_name}{listing.town}"
    layout = "" if listing.layout in ("", "R") or listing.kind is PropertyKind.LAND else listing.layout
    if language() == "en":
        return " ".join(part for part in (layout, kind.lower() if layout else kind, "in", where) if part)
    return f"{where}の{layout}{'・' if layout else ''}{kind}" if layout else f"{where}の{kind}"


def live_viewing(listing: Any, municipality: Any) -> bool:
    """Return whether the home can be viewed by video call: the listing's own answer, else its municipality's."""
    own = listing.live_viewing
    return bool(municipality.live_viewing if own is None else own)


def deals(listing: Any) -> list[Deal]:
    """Return the deals that are offered: sale, rent or both."""
    return [deal for deal, offered in ((Deal.SALE, listing.is_sale), (Deal.RENT, listing.is_rent)) if offered]
