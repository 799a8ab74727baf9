"""Changing a listing's tour: scenes are received at once and tiled by the worker, then published in one step.

Whoever may see the listing's page sees the scenes that are `published` and ready; a new or replaced picture is published by
a clerk who has looked at it. Each function is one transaction, checks the account, and leaves an event.
"""

import secrets
from pathlib import Path
from typing import Any

from sqlalchemy import func, select

from akiya.accounts.models import Staff
from akiya.db import transaction
from akiya.errors import Invalid
from akiya.listings import search as listings
from akiya.listings.service import may_write, record
from akiya.panoramas import search, tiling
from akiya.panoramas.models import Scene, State
from akiya.storage import Storage

MOST_SCENES = 40
LARGEST_BYTES = 60 * 1024 * 1024
_UNTITLED = "（題なし）"


def add(
    staff: Staff, listing_id: int, source: Path, storage: Storage, *, title: str = "", description: str = ""
) -> Scene:
    """The scene that waits for the worker, last of the tour; its original is kept before the row says so. Raises Invalid."""
    may_write(staff)
    listings.for_staff(staff, listing_id)
    original_key = _keep(source, storage)
    with transaction() as session:
        listing = listings.for_staff(staff, listing_id)
        count, last = session.execute(
            select(func.count(), func.max(Scene.position)).where(Scene.listing_id == listing_id)
        ).one()
        if count >= MOST_SCENES:
            message = f"360度画像は{MOST_SCENES}枚までです。不要なものを消してから送ってください。"
            raise Invalid(message, {"file": message})
        scene = Scene(
            listing=listing, position=0 if last is None else last + 1, original_key=original_key,
            title=title.strip()[:80], description=description.strip(),
        )  # fmt: skip
        tiling.wait(scene)
        session.add(scene)
        session.flush()
        record(session, listing, staff, "panorama_added", {"panorama": [None, scene.title or _UNTITLED]})
    return scene


def retry(staff: Staff, scene_id: int) -> None:
    """A failed scene waits again. Raises Invalid."""
    may_write(staff)
    with transaction(public=False) as session:
        scene = locked(session, staff, scene_id)
        if scene.state is not State.FAILED:
            raise Invalid("この360度画像は、やり直す必要がありません。")
        tiling.wait(scene)


def remove(staff: Staff, scene_id: int, storage: Storage) -> None:
    """The tour has the scene no more, and its files are gone."""
    may_write(staff)
    with transaction() as session:
        scene = locked(session, staff, scene_id)
        listing, keys = scene.listing, [key for key in (scene.original_key, scene.tiles_key) if key]
        record(session, listing, staff, "panorama_removed", {"panorama": [scene.title or _UNTITLED, None]})
        session.delete(scene)
        tiling.show(listing)
    for key in keys:
        storage.delete(key)


def publish(staff: Staff, listing_id: int) -> None:
    """Every scene of the tour is seen by the public from now on. Raises Invalid that names what is missing."""
    may_write(staff)
    with transaction() as session:
        listing = listings.for_staff(staff, listing_id)
        scenes = search.of_listing(listing_id)
        if missing := missing_to_publish(scenes):
            raise Invalid("まだ公開できません。" + "".join(missing))
        for scene in scenes:
            scene.published = True
        record(session, listing, staff, "tour_published", {"panorama": [None, f"{len(scenes)}枚"]})
        tiling.show(listing)


def missing_to_publish(scenes: Any) -> list[str]:
    """What keeps the scenes from being published, as sentences."""
    if not scenes:
        return ["360度画像がありません。"]
    missing = []
    for number, scene in enumerate(scenes, 1):
        name = f"{number}番目「{scene.title}」" if scene.title else f"{number}番目"
        if scene.state is not State.READY:
            missing.append(f"{name}：{scene.state.ja}です。")
        if not scene.description:
            missing.append(f"{name}：写っているものの説明がありません。")
    return missing


def unpublish(staff: Staff, listing_id: int, storage: Storage) -> None:
    """No scene of the tour is seen by the public any more, nor found under its old address."""
    may_write(staff)
    with transaction() as session:
        listing = listings.for_staff(staff, listing_id)
        scenes = [scene for scene in search.of_listing(listing_id) if scene.published]
        if not scenes:
            raise Invalid("公開中の360度画像はありません。")
        keys = []
        for scene in scenes:
            scene.published = False
            if scene.tiles_key:
                keys.append(tiling.withdraw(scene))
        record(session, listing, staff, "tour_withdrawn", {"panorama": [f"{len(scenes)}枚", None]})
    for key in keys:
        storage.delete(key)


def locked(session: Any, staff: Staff, scene_id: int) -> Scene:
    """The scene of a listing the account may see, held until the transaction ends. Raises NotFound."""
    search.for_staff(staff, scene_id)
    scene: Scene = session.get(Scene, scene_id, with_for_update=True)
    return scene


def _keep(source: Path, storage: Storage) -> str:
    if source.stat().st_size > LARGEST_BYTES:
        message = "60MBを超えています。カメラのアプリで画質を下げて書き出してください。"
        raise Invalid(message, {"file": message})
    key = f"private/panoramas/{secrets.token_urlsafe(16)}"
    storage.save(key, source)
    return key
