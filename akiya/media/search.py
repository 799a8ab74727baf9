"""List the stored files that rows of the database refer to."""

from collections.abc import Iterator
from dataclasses import dataclass

from sqlalchemy import select

from akiya.db import db
from akiya.ledgers.models import Import
from akiya.listings.models import Photo
from akiya.opendata.models import FILES, Snapshot
from akiya.owners.models import Document
from akiya.panoramas.models import Scene

_FACES = ("f", "r", "b", "l", "u", "d")


@dataclass(frozen=True)
class Named:
    """A reference of a row to `key`: a file, or a folder that must contain at least the files `needs`."""

    table: str
    id: int
    key: str
    needs: tuple[str, ...] = ()


def named() -> Iterator[Named]:
    """Yield every reference from a row to stored files, as committed now."""
    db.session.rollback()  # ends a reading transaction, so that later commits are seen
    photos = select(Photo.id, Photo.key, Photo.original_key, Photo.widths)
    for photo_id, key, original_key, widths in db.session.execute(photos):
        yield Named("photo", photo_id, key, (*(f"{width}.webp" for width in widths), "full.jpg"))
        yield Named("photo", photo_id, original_key)
    for scene_id, original_key, tiles_key in db.session.execute(select(Scene.id, Scene.original_key, Scene.tiles_key)):
        yield Named(Scene.__tablename__, scene_id, original_key)
        if tiles_key:
            # Only the first level and the still are checked, which a page shows first, and not thousands of tiles.
            yield Named(
                Scene.__tablename__,
                scene_id,
                tiles_key,
                (*(f"1/{face}0_0.webp" for face in _FACES), "preview.webp"),
            )
    for snapshot_id, key in db.session.execute(select(Snapshot.id, Snapshot.key)):
        yield Named(Snapshot.__tablename__, snapshot_id, key, FILES)
    for model in (Document, Import):
        for row_id, key in db.session.execute(select(model.id, model.key).where(model.key != "")):
            yield Named(model.__tablename__, row_id, key)
