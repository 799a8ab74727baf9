"""Reading panoramas."""

from sqlalchemy import select

from akiya.db import db
from akiya.errors import NotFound
from akiya.listings.enums import LISTED
from akiya.listings.models import Listing
from akiya.panoramas.models import Panorama, State


def of_listing(listing_id: int) -> Panorama | None:
    """The listing's panorama, in whatever state."""
    return db.session.scalar(select(Panorama).where(Panorama.listing_id == listing_id))


def published(listing_id: int) -> Panorama | None:
    """The listing's panorama, when it is ready and the listing is open to the public."""
    query = select(Panorama).join(Listing, Listing.id == Panorama.listing_id)
    return db.session.scalar(
        query.where(Panorama.listing_id == listing_id, Panorama.state == State.READY, Listing.status.in_(LISTED))
    )


def public(listing_id: int) -> Panorama:
    """The published panorama of the listing. Raises NotFound."""
    panorama = published(listing_id)
    if panorama is None:
        raise NotFound("この物件に360度画像はありません。")
    return panorama
