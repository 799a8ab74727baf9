"""Photos of a listing: received, ordered, described, removed."""

import secrets
import tempfile
from pathlib import Path
from typing import Any

from sqlalchemy import func, select

from akiya.accounts.models import Staff
from akiya.db import now, transaction
from akiya.errors import BadImage, Invalid
from akiya.imaging import sandbox
from akiya.listings import search
from akiya.listings.enums import PhotoKind
from akiya.listings.models import Listing, Photo
from akiya.listings.service import may_write, record
from akiya.storage import Storage

MOST_PHOTOS = 40
LARGEST_BYTES = 40 * 1024 * 1024


def add(
    staff: Staff, listing_id: int, name: str, source: Path, storage: Storage, kind: PhotoKind | None = None
) -> Photo:
    """The photo in `source`, last of the listing's. Its files are stored before its row. Raises BadImage or Invalid.

    The original is kept privately; the public sizes hold no metadata.
    """
    may_write(staff)
    search.for_staff(staff, listing_id)
    if source.stat().st_size > LARGEST_BYTES:
        raise BadImage(f"{name}：40MBを超えています。カメラの設定を下げるか、縮小してから送ってください。")
    token = secrets.token_urlsafe(16)
    key, original_key = f"public/photos/{token}", f"private/photos/{token}"
    with tempfile.TemporaryDirectory() as folder:
        made = sandbox.run("photo", source, Path(folder))
        storage.save(original_key, source)
        storage.save_tree(key, Path(folder))
    with transaction() as session:
        listing = search.for_staff(staff, listing_id)
        if len(listing.photos) >= MOST_PHOTOS:
            raise Invalid(f"写真は{MOST_PHOTOS}枚までです。不要な写真を消してから送ってください。")
        last = session.scalar(select(func.max(Photo.position)).where(Photo.listing_id == listing_id))
        photo = Photo(
            listing_id=listing_id,
            position=0 if last is None else last + 1,
            key=key,
            original_key=original_key,
            width=made["width"],
            height=made["height"],
            widths=made["widths"],
            kind=kind,
        )
        session.add(photo)
        _touch(session, listing, staff, "photo_added", name)
    return photo


def describe(staff: Staff, photo_id: int, kind: PhotoKind | None, caption: str) -> Photo:
    """The photo with its kind and caption."""
    may_write(staff)
    with transaction() as session:
        photo = search.photo_for_staff(staff, photo_id)
        photo.kind, photo.caption = kind, caption
        _touch(session, search.for_staff(staff, photo.listing_id), staff, "photo_changed", caption)
    return photo


def move(staff: Staff, photo_id: int, to: str) -> Photo:
    """The photo first, one earlier or one later among the listing's. The first is the cover."""
    may_write(staff)
    with transaction() as session:
        photo = search.photo_for_staff(staff, photo_id)
        listing = search.for_staff(staff, photo.listing_id)
        order = list(listing.photos)
        here = order.index(photo)
        there = {"first": 0, "earlier": max(0, here - 1), "later": here + 1}.get(to)
        if there is None:
            raise Invalid("写真の移動先は「先頭」「前」「後」のどれかです。")
        order.insert(there, order.pop(here))
        for position, each in enumerate(order):
            each.position = position
        _touch(session, listing, staff, "photo_changed", photo.caption)
    return photo


def delete(staff: Staff, photo_id: int, storage: Storage) -> int:
    """The photo is gone, then its files; returns the listing's id."""
    may_write(staff)
    with transaction() as session:
        photo = search.photo_for_staff(staff, photo_id)
        listing_id, keys = photo.listing_id, (photo.key, photo.original_key)
        session.delete(photo)
        _touch(session, search.for_staff(staff, listing_id), staff, "photo_removed", photo.caption)
        session.flush()
        # The demonstration's listings share drawings: files go with the last row that names them.
        shared = session.scalar(select(Photo.id).where(Photo.key == keys[0]).limit(1)) is not None
    for key in () if shared else keys:
        storage.delete(key)
    return listing_id


def _touch(session: Any, listing: Listing, staff: Staff, action: str, text: str) -> None:
    listing.updated_at = now()
    record(session, listing, staff, action, {"photo": [None, text]} if text else {})
