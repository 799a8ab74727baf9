"""Reading tours."""

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


def of_listing(listing_id: int) -> Sequence[Scene]:
    """Every scene of the listing's tour, in order, in whatever state."""
    query = select(Scene).where(Scene.listing_id == listing_id).order_by(Scene.position, Scene.id)
    return db.session.scalars(query.options(selectinload(Scene.spots))).all()


def published(listing_id: int) -> Sequence[Scene]:
    """The scenes that the public sees, in order: published, with tiles, of a listing that is open.

    One that waits for new tiles is seen as it was, unless these were withdrawn.
    """
    query = select(Scene).join(Listing, Listing.id == Scene.listing_id).options(selectinload(Scene.spots))
    query = query.where(
        Scene.listing_id == listing_id, Scene.published, Scene.tiles_key != "", Listing.status.in_(LISTED)
    )
    return db.session.scalars(query.order_by(Scene.position, Scene.id)).all()


def public(listing_id: int) -> Sequence[Scene]:
    """The published scenes of the listing, at least one. Raises NotFound."""
    scenes = published(listing_id)
    if not scenes:
        raise NotFound("この物件に360度画像はありません。")
    return scenes


def for_staff(staff: Staff, scene_id: int) -> Scene:
    """The scene, when it is one of a listing the account may see. Raises NotFound."""
    return listings.of_listing(staff, Scene, scene_id, "この番号の360度画像は見つかりません。")


def without_way_back(scene: Scene) -> list[Scene]:
    """The scenes to which this one has a way, and that have none back."""
    targets = {spot.target_id: spot.target for spot in scene.spots if spot.target is not None}
    return [target for target in targets.values() if all(spot.target_id != scene.id for spot in target.spots)]
