"""What a listing is called, and what follows from its record and its municipality's."""

from typing import Any

from akiya import formatting
from akiya.language import language
from akiya.listings.enums import Deal, PropertyKind


def title(listing: Any, municipality_name: str) -> str:
    """The listing's own title, or one made of its facts."""
    if listing.title:
        return str(listing.title)
    kind = formatting.label(listing.kind)
    where = municipality_name if language() == "en" else f"{municipality_name}{listing.town}"
    layout = "" if listing.layout in ("", "R") or listing.kind is PropertyKind.LAND else listing.layout
    if language() == "en":
        return " ".join(part for part in (layout, kind.lower() if layout else kind, "in", where) if part)
    return f"{where}の{layout}{'・' if layout else ''}{kind}" if layout else f"{where}の{kind}"


def live_viewing(listing: Any, municipality: Any) -> bool:
    """Whether the home can be viewed by video call: as the listing (or its row) says, else as its municipality does."""
    own = listing.live_viewing
    return bool(municipality.live_viewing if own is None else own)


def deals(listing: Any) -> list[Deal]:
    """What is offered."""
    return [deal for deal, offered in ((Deal.SALE, listing.is_sale), (Deal.RENT, listing.is_rent)) if offered]
