"""Change a listing's tour: add, replace, order and remove scenes, publish and unpublish the tour.

A scene is accepted at once, tiled later by the worker, and published by a clerk who has looked at it; the public sees
scenes that are `published` and have tiles. Each function that changes a tour is one transaction, checks the account and
records an event.
"""

import secrets
from collections.abc import Sequence
from pathlib import Path

from sqlalchemy import func, select

from akiya.accounts.models import Staff
from akiya.db import Session, transaction
from akiya.errors import Invalid
from akiya.listings import search as listings
from akiya.listings.events import EventKind
from akiya.listings.service import may_write, record
from akiya.panoramas import receiving, search, tiling
from akiya.panoramas.models import Scene, SceneState
from akiya.storage.base import Storage

MOST_SCENES = 40
_UNTITLED = "（名前なし）"


def add(
    staff: Staff, listing_id: int, source: Path, storage: Storage, *, title: str = "", description: str = ""
) -> Scene:
    """Add a scene with the picture `source` at the end of the tour, to be tiled by the worker. Raise Invalid.

    The original is stored before the row that names it.
    """
    may_write(staff)
    listings.for_staff(staff, listing_id)
    original_key = _keep(source, storage)
    try:
        with transaction(public=False) as session:
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
            record(session, listing, staff, EventKind.PANORAMA_ADDED, {"panorama": [None, name(scene)]})
    except Invalid:
        storage.delete(original_key)
        raise
    return scene


def replace(staff: Staff, scene_id: int, source: Path, storage: Storage) -> None:
    """Give the scene another picture, which must be published again; its texts and marks stay. Raise Invalid."""
    may_write(staff)
    search.for_staff(staff, scene_id)
    original_key = _keep(source, storage)
    with transaction(public=False) as session:
        scene = locked(session, staff, scene_id)
        old = scene.original_key
        public_if(scene.published)
        scene.original_key, scene.published, scene.posed = original_key, False, False
        keys = [old, tiling.withdraw(scene)]
        record(
            session,
            scene.listing,
            staff,
            EventKind.PANORAMA_CHANGED,
            {f"{name(scene)}：画像": ["前の画像", "新しい画像"]},
        )
    _delete(storage, keys)


def rename(staff: Staff, scene_id: int, title: str) -> None:
    """Set the title of the scene."""
    may_write(staff)
    with transaction(public=False) as session:
        scene = locked(session, staff, scene_id)
        if scene.title != title.strip():
            public_if(scene.published)
            changes = {f"{name(scene)}：部屋の名前": [scene.title, title.strip()]}
            scene.title = title.strip()
            record(session, scene.listing, staff, EventKind.PANORAMA_CHANGED, changes)


def order(staff: Staff, listing_id: int, scene_ids: Sequence[int]) -> None:
    """Put the tour's scenes in the order of the ids. Raise Invalid unless they are exactly the ids of its scenes."""
    may_write(staff)
    with transaction(public=False) as session:
        known = {scene.id: scene for scene in locked_tour(session, staff, listing_id)}
        if sorted(scene_ids) != sorted(known):
            raise Invalid(
                "この画面を開いたあとに、360度画像が増えたか減りました。画面を開き直してから、並べ替えてください。"
            )
        _put_in_order(session, staff, [known[scene_id] for scene_id in scene_ids])


def move(staff: Staff, scene_id: int, to: str) -> None:
    """Move the scene one place "earlier" or "later" in its tour. Raise Invalid for any other `to`.

    The tour begins with the first scene.
    """
    may_write(staff)
    listing_id = search.for_staff(staff, scene_id).listing_id
    with transaction(public=False) as session:
        scenes = list(locked_tour(session, staff, listing_id))
        here = next(place for place, scene in enumerate(scenes) if scene.id == scene_id)
        there = {"earlier": max(0, here - 1), "later": here + 1}.get(to)
        if there is None:
            raise Invalid("移動先は「前へ」「後へ」のどちらかです。")
        scenes.insert(there, scenes.pop(here))
        _put_in_order(session, staff, scenes)


def retry(staff: Staff, scene_id: int) -> None:
    """Let the worker try a failed scene again. Raise Invalid if the scene has not failed."""
    may_write(staff)
    with transaction(public=False) as session:
        scene = locked(session, staff, scene_id)
        if scene.state is not SceneState.FAILED:
            raise Invalid("この360度画像は、やり直す必要がありません。")
        tiling.wait(scene)


def remove(staff: Staff, scene_id: int, storage: Storage) -> None:
    """Delete the scene with the ways that lead to it, then its files."""
    may_write(staff)
    listing_id = search.for_staff(staff, scene_id).listing_id
    with transaction(public=False) as session:
        locked_tour(session, staff, listing_id)
        scene = locked(session, staff, scene_id)
        public_if(scene.published)
        listing, keys = scene.listing, [scene.original_key, scene.tiles_key]
        record(session, listing, staff, EventKind.PANORAMA_REMOVED, {"panorama": [name(scene), None]})
        for other in session.scalars(select(Scene).where(Scene.pair_of_id == scene_id)):
            other.pair_of_id, other.pair = None, None
        session.flush()
        session.delete(scene)
        tiling.show(listing)
    _delete(storage, keys)


def publish(staff: Staff, listing_id: int) -> None:
    """Publish every scene of the tour. Raise Invalid with the list of what is missing."""
    may_write(staff)
    with transaction() as session:
        scenes = locked_tour(session, staff, listing_id)
        listing = listings.for_staff(staff, listing_id)
        if missing := missing_to_publish(scenes):
            raise Invalid("まだ公開できません。" + "".join(text for _scene, text in missing))
        for scene in scenes:
            scene.published = True
        record(session, listing, staff, EventKind.TOUR_PUBLISHED, {"panorama": [None, f"{len(scenes)}枚"]})
        tiling.show(listing)


def missing_to_publish(scenes: Sequence[Scene]) -> list[tuple[Scene | None, str]]:
    """Return what prevents publication, as (scene, Japanese sentence); the scene is None for an empty tour."""
    if not scenes:
        return [(None, "360度画像がありません。")]
    missing: list[tuple[Scene | None, str]] = []
    for number, scene in enumerate(scenes, 1):
        called = f"{number}番目「{scene.title}」" if scene.title else f"{number}番目"
        if not scene.tiles_key:
            missing.append((scene, f"{called}：{scene.state.label}です。"))
        if not scene.description:
            missing.append((scene, f"{called}：写っているものの説明がありません。"))
    return missing


def unpublish(staff: Staff, listing_id: int, storage: Storage) -> None:
    """Unpublish every scene of the tour and delete its tiles, so that nothing is found at the old addresses.

    Raise Invalid if no scene is published.
    """
    may_write(staff)
    with transaction() as session:
        scenes = [scene for scene in locked_tour(session, staff, listing_id) if scene.published]
        if not scenes:
            raise Invalid("公開中の360度画像はありません。")
        keys = []
        for scene in scenes:
            scene.published = False
            if scene.tiles_key:
                keys.append(tiling.withdraw(scene))
        record(session, scenes[0].listing, staff, EventKind.TOUR_WITHDRAWN, {"panorama": [f"{len(scenes)}枚", None]})
    _delete(storage, keys)


def name(scene: Scene) -> str:
    """Return what staff call the scene: its title, or 「（名前なし）」."""
    return scene.title or _UNTITLED


def locked(session: Session, staff: Staff, scene_id: int) -> Scene:
    """Return the scene, locked until the transaction ends. Raise NotFound if the account may not see its listing."""
    search.for_staff(staff, scene_id)
    return session.get_one(Scene, scene_id, with_for_update=True, populate_existing=True)


def public_if(shown: bool) -> None:
    """Mark the open transaction as a change of public pages if `shown` is true."""
    with transaction(public=shown):
        return


def locked_tour(session: Session, staff: Staff, listing_id: int) -> Sequence[Scene]:
    """Return the scenes of the listing's tour in order, locked until the transaction ends. Raise NotFound.

    Scenes are locked before their listing and in the order of their ids, as the worker does, so that there is no
    deadlock.
    """
    listings.for_staff(staff, listing_id)
    query = select(Scene).where(Scene.listing_id == listing_id).order_by(Scene.id)
    session.scalars(query.with_for_update().execution_options(populate_existing=True)).all()
    return search.of_listing(listing_id)


def _put_in_order(session: Session, staff: Staff, scenes: Sequence[Scene]) -> None:
    before = sorted(scenes, key=lambda scene: (scene.position, scene.id))
    if list(scenes) == before:
        return
    public_if(any(scene.published for scene in scenes))
    for position, scene in enumerate(scenes):
        scene.position = position
    told = ["、".join(name(scene) for scene in row) for row in (before, scenes)]
    record(session, scenes[0].listing, staff, EventKind.PANORAMAS_ORDERED, {"panorama": told})


def _keep(source: Path, storage: Storage) -> str:
    receiving.check(source)
    key = f"private/panoramas/{secrets.token_urlsafe(16)}"
    storage.save(key, source)
    return key


def _delete(storage: Storage, keys: Sequence[str]) -> None:
    for key in keys:
        if key:
            storage.delete(key)
