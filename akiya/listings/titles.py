"""A listing's title, and facts that follow from it and its municipality's settings."""

from akiya.language import gettext, is_source
from akiya.listings.enums import Deal, PropertyKind
from akiya.listings.models import Listing
from akiya.municipalities.models import Municipality


def title(listing: Listing, municipality_name: str) -> str:
    """Return the listing's own title, or one made of its facts in the page's language."""
    if listing.title:
        return str(listing.title)
    # Only Japanese names of towns are known.
    where = f"{municipality_name}{listing.town}" if is_source() else municipality_name
    if listing.layout in ("", "R") or listing.kind is PropertyKind.LAND:
        return gettext("%(where)sの%(kind)s", where=where, kind=listing.kind.label)
    kind = gettext(listing.kind.noun)
    return gettext("%(where)sの%(layout)s・%(kind)s", where=where, layout=listing.layout, kind=kind)


def live_viewing(listing: Listing, municipality: Municipality) -> bool:
    """Return whether the home can be viewed by video call: the listing's own answer, else its municipality's."""
    own = listing.live_viewing
    return bool(municipality.live_viewing if own is None else own)


def deals(listing: Listing) -> list[Deal]:
    """Return the deals that are offered: sale, rent or both."""
    return [deal for deal, offered in ((Deal.SALE, listing.is_sale), (Deal.RENT, listing.is_rent)) if offered]
