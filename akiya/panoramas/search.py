"""Read the tours of listings."""

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import selectinload

from akiya.accounts.models import Staff
from akiya.db import db
from akiya.errors import NotFound
from akiya.listings import search as listings
from akiya.listings.enums import LISTED
from akiya.listings.models import Listing
from akiya.panoramas.models import Scene

_WORDS = (selectinload(Scene.texts), selectinload(Scene.spots))
"""What a scene says, loaded for all scenes of a tour at once."""


def of_listing(listing_id: int) -> Sequence[Scene]:
    """Return every scene of the listing's tour, in order, whatever its state."""
    query = select(Scene).where(Scene.listing_id == listing_id).order_by(Scene.position, Scene.id)
    return db.session.scalars(query.options(*_WORDS)).all()


def published(listing_id: int) -> Sequence[Scene]:
    """Return the scenes that the public sees, in order: published, with tiles, of a listing on offer.

    A scene that waits for new tiles is included with the old ones, unless these were withdrawn.
    """
    query = select(Scene).join(Listing, Listing.id == Scene.listing_id).options(*_WORDS)
    query = query.where(
        Scene.listing_id == listing_id, Scene.published, Scene.tiles_key != "", Listing.status.in_(LISTED)
    )
    return db.session.scalars(query.order_by(Scene.position, Scene.id)).all()


def public(listing_id: int) -> Sequence[Scene]:
    """Return the scenes of the listing that the public sees. Raise NotFound if there are none."""
    scenes = published(listing_id)
    if not scenes:
        raise NotFound("この物件に360度画像はありません。")
    return scenes


def for_staff(staff: Staff, scene_id: int) -> Scene:
    """Return the scene if it belongs to a listing that the account may see. Raise NotFound otherwise."""
    return listings.of_listing(staff, Scene, scene_id, "この番号の360度画像は見つかりません。")


def without_way_back(scene: Scene) -> list[Scene]:
    """Return the scenes to which this one has a way, but which have none back."""
    targets = {spot.target_id: spot.target for spot in scene.spots if spot.target is not None}
    return [target for target in targets.values() if all(spot.target_id != scene.id for spot in target.spots)]
