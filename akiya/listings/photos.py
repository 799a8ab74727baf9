"""Photos of a listing: add, order, describe, blur in parts and delete them.

The original is stored privately. Public files hold no metadata, and get a new key whenever their pixels change, so that what
a browser or a CDN has cached under a key never changes. Files are stored before the row that names them, and deleted after
the last row that named them.
"""

import secrets
import tempfile
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

from sqlalchemy import func, or_, select, update

from akiya import sandbox
from akiya.accounts.models import Staff
from akiya.db import Session, now, transaction
from akiya.errors import BadImage, Invalid, NotFound, StorageFailed
from akiya.listings import search
from akiya.listings.enums import PhotoKind
from akiya.listings.events import EventKind
from akiya.listings.models import Listing, Photo
from akiya.listings.service import may_write, record
from akiya.storage.base import Storage
from akiya.values import JsonObject

MOST_PHOTOS = 40
MOST_BLURS = 20
LARGEST_BYTES = 40 * 1024 * 1024
_TOO_MANY = f"写真は{MOST_PHOTOS}枚までです。不要な写真を消してから送ってください。"
Area = Sequence[float]


def add(
    staff: Staff, listing_id: int, name: str, source: Path, storage: Storage, kind: PhotoKind | None = None
) -> Photo:
    """Add the photo in the file `source` as the listing's last; `name` is the file's name for the event.

    Raise BadImage if it cannot be decoded or is too large, Invalid if the listing has too many photos.
    """
    may_write(staff)
    search.for_staff(staff, listing_id)
    return _add(staff, "", listing_id, name, source, storage, kind)


def offer(listing_id: int, name: str, source: Path, storage: Storage, actor: str) -> Photo:
    """Add a photo that an owner without an account sends with an application. Raise BadImage or Invalid.

    `actor` is recorded in the event as the one who did it.
    """
    return _add(None, actor, listing_id, name, source, storage, None)


def _add(
    staff: Staff | None, actor: str, listing_id: int, name: str, source: Path, storage: Storage, kind: PhotoKind | None
) -> Photo:
    if source.stat().st_size > LARGEST_BYTES:
        raise BadImage("40MBを超えています。カメラの設定を下げるか、縮小してから送ってください。")
    token = secrets.token_urlsafe(16)
    key, original_key = f"public/photos/{token}", f"private/photos/{token}"
    made = _publish(source, key, storage)
    try:
        storage.save(original_key, source)
        with transaction() as session:
            listing = _locked(session, listing_id)
            if len(listing.photos) >= MOST_PHOTOS:
                raise Invalid(_TOO_MANY)
            last = session.scalar(select(func.max(Photo.position)).where(Photo.listing_id == listing_id))
            position = 0 if last is None else last + 1
            photo = Photo(
                listing_id=listing_id, position=position, key=key, original_key=original_key, kind=kind, **made
            )
            session.add(photo)
            record(session, listing, staff, EventKind.PHOTO_ADDED, {"photo": [None, name[:200]]}, actor=actor)
    except (Invalid, NotFound, StorageFailed):
        _delete(storage, [key, original_key])
        raise
    return photo


def describe(staff: Staff, photo_id: int, kind: PhotoKind | None, caption: str) -> Photo:
    """Set the photo's kind and caption."""
    may_write(staff)
    with transaction() as session:
        photo = search.photo_for_staff(staff, photo_id)
        if (photo.kind, photo.caption) != (kind, caption):
            listing = _locked(session, photo.listing_id)
            changes = {"photo": [photo.caption, caption]} if photo.caption != caption else {}
            photo.kind, photo.caption = kind, caption
            record(session, listing, staff, EventKind.PHOTO_CHANGED, changes)
    return photo


def move(staff: Staff, photo_id: int, to: str) -> Photo:
    """Move the photo "first", or one place "earlier" or "later". Raise Invalid for any other `to`.

    The first photo is the listing's cover.
    """
    may_write(staff)
    listing_id = search.photo_for_staff(staff, photo_id).listing_id
    with transaction() as session:
        listing = _locked(session, listing_id)
        photo = search.photo_for_staff(staff, photo_id)
        photos = list(listing.photos)
        here = photos.index(photo)
        there = {"first": 0, "earlier": max(0, here - 1), "later": here + 1}.get(to)
        if there is None:
            raise Invalid("写真の移動先は「先頭」「前」「後」のどれかです。")
        photos.insert(there, photos.pop(here))
        _put_in_order(session, listing, staff, photos)
    return photo


def order(staff: Staff, listing_id: int, photo_ids: Sequence[int]) -> None:
    """Put the listing's photos in the order of the ids. Raise Invalid unless they are exactly those of its photos."""
    may_write(staff)
    search.for_staff(staff, listing_id)
    with transaction() as session:
        listing = _locked(session, listing_id)
        known = {photo.id: photo for photo in listing.photos}
        if sorted(photo_ids) != sorted(known):
            raise Invalid(
                "この画面を開いたあとに、写真が増えたか減りました。画面を開き直してから、並べ替えてください。"
            )
        _put_in_order(session, listing, staff, [known[photo_id] for photo_id in photo_ids])


def blur(staff: Staff, photo_id: int, areas: Sequence[Area], storage: Storage) -> Photo:
    """Blur exactly these areas of the photo, in public files that are made again from the private original.

    An area is [left, top, width, height] as shares of the upright picture. The old public files are deleted after the row
    names the new ones. Raise Invalid for areas that are too many or outside the picture, or if the original is missing.
    """
    may_write(staff)
    wanted = [list(area) for area in areas]
    _check_areas(wanted)
    photo = search.photo_for_staff(staff, photo_id)
    if photo.blurs == wanted:
        return photo
    listing_id, key = photo.listing_id, f"public/photos/{secrets.token_urlsafe(16)}"
    with tempfile.TemporaryDirectory() as folder:
        made = _publish(_original(photo, Path(folder), storage), key, storage, wanted)
    try:
        with transaction() as session:
            listing = _locked(session, listing_id)
            photo = search.photo_for_staff(staff, photo_id)
            old, before = photo.key, len(photo.blurs)
            photo.key, photo.blurs = key, wanted
            photo.width, photo.height, photo.widths = made["width"], made["height"], made["widths"]
            record(session, listing, staff, EventKind.PHOTO_BLURRED, {"blurs": [before, len(wanted)]})
            unnamed = _unnamed(session, old)
    except NotFound:
        _delete(storage, [key])
        raise
    _delete(storage, unnamed)
    return photo


def unblurred(staff: Staff, photo_id: int, storage: Storage) -> bytes:
    """Return a JPEG of the whole photo without blur, for the clerk who draws the blurred areas. Never publish it.

    Raise NotAllowed for an account that only reads, Invalid if the original is missing.
    """
    may_write(staff)
    photo = search.photo_for_staff(staff, photo_id)
    with tempfile.TemporaryDirectory() as folder:
        source, out = _original(photo, Path(folder), storage), Path(folder) / "out"
        out.mkdir()
        sandbox.run("photo", source, out)
        return (out / "full.jpg").read_bytes()


def delete(staff: Staff, photo_id: int, storage: Storage) -> int:
    """Delete the photo, then its files, unless another photo uses them. Return the listing's id."""
    may_write(staff)
    listing_id = search.photo_for_staff(staff, photo_id).listing_id
    with transaction() as session:
        listing = _locked(session, listing_id)
        photo = search.photo_for_staff(staff, photo_id)
        keys = photo.key, photo.original_key
        session.delete(photo)
        record(
            session, listing, staff, EventKind.PHOTO_REMOVED, {"photo": [photo.caption, None]} if photo.caption else {}
        )
        unnamed = _unnamed(session, *keys)
    _delete(storage, unnamed)
    return listing_id


def _publish(source: Path, key: str, storage: Storage, blurs: Sequence[Area] = ()) -> JsonObject:
    with tempfile.TemporaryDirectory() as folder:
        made = sandbox.run("photo", source, Path(folder), blurs=blurs)
        try:
            storage.save_tree(key, Path(folder))
        except StorageFailed:
            # Frees what a full disk holds of it; what cannot be deleted now is left to `akiya media prune`.
            with suppress(StorageFailed):
                storage.delete(key)
            raise
    return made


def _original(photo: Photo, folder: Path, storage: Storage) -> Path:
    path = folder / "original"
    try:
        storage.fetch(photo.original_key, path)
    except NotFound as error:
        raise Invalid("この写真の元の画像が残っていません。写真を消して、入れ直してください。") from error
    return path


def _locked(session: Session, listing_id: int) -> Listing:
    """Return the listing, locked so that nobody else changes its photos until the transaction ends.

    Its version does not change, so that saving a form that is open elsewhere still works.
    """
    session.execute(update(Listing).where(Listing.id == listing_id).values(updated_at=now()))
    session.flush()
    session.expire_all()
    listing: Listing = session.get_one(Listing, listing_id)
    return listing


def _put_in_order(session: Session, listing: Listing, staff: Staff, photos: Sequence[Photo]) -> None:
    if list(photos) == list(listing.photos):
        return
    for position, photo in enumerate(photos):
        photo.position = position
    record(session, listing, staff, EventKind.PHOTOS_ORDERED)


def _check_areas(areas: Sequence[Area]) -> None:
    if len(areas) > MOST_BLURS:
        raise Invalid(f"ぼかす範囲は{MOST_BLURS}か所までです。近い所を一つの範囲にまとめてください。")
    for left, top, width, height in areas:
        if not (0 <= left < 1 and 0 <= top < 1 and width > 0 and height > 0 and left + width <= 1 >= top + height):
            raise Invalid("ぼかす範囲が写真の外へ出ています。範囲を描き直してください。")


def _unnamed(session: Session, *keys: str) -> list[str]:
    """Return those of the keys that no photo uses any more: listings of the demonstration share pictures."""
    session.flush()
    named = or_(Photo.key.in_(keys), Photo.original_key.in_(keys))
    kept = {key for photo in session.scalars(select(Photo).where(named)) for key in (photo.key, photo.original_key)}
    return [key for key in keys if key not in kept]


def _delete(storage: Storage, keys: Sequence[str]) -> None:
    for key in keys:
        storage.delete(key)
