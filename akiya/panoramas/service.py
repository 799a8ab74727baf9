"""Panoramas: received at once, tiled later by the worker, published in one step, removed."""

import hashlib
import secrets
import tempfile
from datetime import timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import or_, select

from akiya.accounts.models import Staff
from akiya.db import now, transaction
from akiya.errors import BadImage, Invalid, NotFound
from akiya.imaging import sandbox
from akiya.listings import search as listings
from akiya.listings.derive import derive
from akiya.listings.models import Listing
from akiya.listings.service import may_write, record
from akiya.panoramas import search
from akiya.panoramas.models import Panorama, State
from akiya.storage import Storage

LARGEST_BYTES = 60 * 1024 * 1024
_ABANDONED = timedelta(minutes=10)
"""A worker reports progress more often than this; one that has not is dead, and its work is taken up again."""


def receive(
    staff: Staff, listing_id: int, source: Path, storage: Storage, *, title: str = "", description: str = ""
) -> Panorama:
    """The panorama waiting for the worker; its original is kept privately before the row says so. Raises Invalid.

    An earlier panorama of the listing is replaced.
    """
    may_write(staff)
    listings.for_staff(staff, listing_id)
    if not description.strip():
        message = (
            "360度画像を見られない人のために、何が写っているかを書いてください。例：8畳の和室。床は畳、南に掃き出し窓。"
        )
        raise Invalid(message, {"description": message})
    if source.stat().st_size > LARGEST_BYTES:
        message = "60MBを超えています。カメラのアプリで画質を下げて書き出してください。"
        raise Invalid(message, {"file": message})
    original_key = f"private/panoramas/{secrets.token_urlsafe(16)}"
    storage.save(original_key, source)
    with transaction() as session:
        listing = listings.for_staff(staff, listing_id)
        old = search.of_listing(listing_id)
        old_keys = [key for key in (old.original_key, old.tiles_key) if key] if old else []
        if old:
            session.delete(old)
            session.flush()
        panorama = Panorama(
            listing_id=listing_id, original_key=original_key, title=title.strip()[:80], description=description.strip()
        )
        session.add(panorama)
        _show(listing, False)
        record(session, listing, staff, "panorama_added", {"panorama": [None, panorama.title or "（題なし）"]})
    _delete(storage, old_keys)
    return panorama


def process_all(storage: Storage) -> None:
    """Every panorama that waits is tiled, one after the other."""
    while process_next(storage):
        pass


def process_next(storage: Storage) -> bool:
    """Tiles the panorama that waits longest; False when none waits. The row ends ready, or failed with its reason.

    Tiles are stored under a content-addressed prefix before the row names it, so nothing half-published is ever seen.
    """
    claimed = _claim()
    if claimed is None:
        return False
    panorama_id, original_key = claimed
    try:
        with tempfile.TemporaryDirectory() as folder:
            source, out = Path(folder) / "original", Path(folder) / "tiles"
            out.mkdir()
            storage.fetch(original_key, source)
            made = sandbox.run("panorama", source, out, progress=lambda percent: _progress(panorama_id, percent))
            digest = hashlib.sha256(source.read_bytes() + secrets.token_bytes(16)).hexdigest()[:40]
            tiles_key = f"public/panoramas/{digest}"
            storage.save_tree(tiles_key, out)
    except BadImage as error:
        _finish(panorama_id, {"state": State.FAILED, "reason": str(error)})
    except NotFound:
        _finish(panorama_id, {"state": State.FAILED, "reason": "元の画像が見つかりません。もう一度送ってください。"})
    else:
        kept = {
            name: made[name] for name in ("cube", "tile", "levels", "north_offset", "horizon_pitch", "horizon_roll")
        }
        view = {"yaw": made["yaw"], "pitch": made["pitch"], "tiles_key": tiles_key, "progress": 100}
        if not _finish(panorama_id, {**kept, **view, "state": State.READY, "reason": ""}):
            _delete(storage, [tiles_key])
    return True


def retry(staff: Staff, listing_id: int) -> None:
    """A failed panorama waits again."""
    may_write(staff)
    with transaction():
        listings.for_staff(staff, listing_id)
        panorama = search.of_listing(listing_id)
        if panorama is None or panorama.state is not State.FAILED:
            raise Invalid("やり直せる360度画像がありません。")
        panorama.state, panorama.progress, panorama.reason = State.WAITING, 0, ""


def remove(staff: Staff, listing_id: int, storage: Storage) -> None:
    """The listing has no panorama any more, and its files are gone."""
    may_write(staff)
    with transaction() as session:
        listing = listings.for_staff(staff, listing_id)
        panorama = search.of_listing(listing_id)
        if panorama is None:
            raise Invalid("360度画像はありません。")
        keys = [key for key in (panorama.original_key, panorama.tiles_key) if key]
        record(session, listing, staff, "panorama_removed", {"panorama": [panorama.title or "（題なし）", None]})
        session.delete(panorama)
        _show(listing, False)
    _delete(storage, keys)


def _claim() -> tuple[int, str] | None:
    with transaction() as session:
        abandoned = (Panorama.state == State.WORKING) & (Panorama.updated_at < now() - _ABANDONED)
        query = select(Panorama).where(or_(Panorama.state == State.WAITING, abandoned)).order_by(Panorama.created_at)
        panorama = session.scalar(query.limit(1).with_for_update(skip_locked=True))
        if panorama is None:
            return None
        panorama.state, panorama.progress = State.WORKING, 1
        panorama.updated_at = now()
        return panorama.id, panorama.original_key


def _progress(panorama_id: int, percent: int) -> None:
    with transaction() as session:
        panorama = session.get(Panorama, panorama_id)
        if panorama is not None:
            panorama.progress, panorama.updated_at = percent, now()


def _finish(panorama_id: int, values: dict[str, Any]) -> bool:
    """Whether the row was still there to be finished."""
    with transaction() as session:
        panorama = session.get(Panorama, panorama_id)
        if panorama is None:
            return False
        for name, value in values.items():
            setattr(panorama, name, value)
        listing = session.get(Listing, panorama.listing_id)
        _show(listing, panorama.state is State.READY)
        return True


def _show(listing: Listing, ready: bool) -> None:
    listing.has_panorama, listing.updated_at = ready, now()
    for name, value in derive(listing, listing.municipality.name).items():
        setattr(listing, name, value)


def _delete(storage: Storage, keys: list[str]) -> None:
    for key in keys:
        storage.delete(key)
