"""Changing a listing's tour: scenes are received at once and tiled by the worker, then published in one step.

Whoever may see the listing's page sees the scenes that are `published` and have tiles; a new or replaced picture is published
by a clerk who has looked at it. Each function is one transaction, checks the account, and leaves an event.
"""

import secrets
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from sqlalchemy import func, select

from akiya.accounts.models import Staff
from akiya.db import transaction
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
    """The scene that waits for the worker, last of the tour; its original is kept before the row says so. Raises Invalid."""
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
    """The scene has another picture, not yet published; what is written and marked stays. Raises Invalid."""
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
    """The scene is called `title`."""
    may_write(staff)
    with transaction(public=False) as session:
        scene = locked(session, staff, scene_id)
        if scene.title != title.strip():
            public_if(scene.published)
            changes = {f"{name(scene)}：部屋の名前": [scene.title, title.strip()]}
            scene.title = title.strip()
            record(session, scene.listing, staff, EventKind.PANORAMA_CHANGED, changes)


def order(staff: Staff, listing_id: int, scene_ids: Sequence[int]) -> None:
    """The tour's scenes in this order. Raises Invalid unless the ids are exactly those of its scenes."""
    may_write(staff)
    with transaction(public=False) as session:
        known = {scene.id: scene for scene in locked_tour(session, staff, listing_id)}
        if sorted(scene_ids) != sorted(known):
            raise Invalid(
                "この画面を開いたあとに、360度画像が増えたか減りました。画面を開き直してから、並べ替えてください。"
            )
        _put_in_order(session, staff, [known[scene_id] for scene_id in scene_ids])


def move(staff: Staff, scene_id: int, to: str) -> None:
    """The scene stands one earlier or one later in its tour. The tour begins with the first. Raises Invalid."""
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
    """A failed scene waits again. Raises Invalid."""
    may_write(staff)
    with transaction(public=False) as session:
        scene = locked(session, staff, scene_id)
        if scene.state is not SceneState.FAILED:
            raise Invalid("この360度画像は、やり直す必要がありません。")
        tiling.wait(scene)


def remove(staff: Staff, scene_id: int, storage: Storage) -> None:
    """The tour has the scene no more, nor any way to it, and its files are gone."""
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
    """Every scene of the tour is seen by the public from now on. Raises Invalid that names what is missing."""
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
    """What keeps the scenes from being published: the scene that it concerns, and a sentence."""
    if not scenes:
        return [(None, "360度画像がありません。")]
    missing: list[tuple[Scene | None, str]] = []
    for number, scene in enumerate(scenes, 1):
        called = f"{number}番目「{scene.title}」" if scene.title else f"{number}番目"
        if not scene.tiles_key:
            missing.append((scene, f"{called}：{scene.state.ja}です。"))
        if not scene.description:
            missing.append((scene, f"{called}：写っているものの説明がありません。"))
    return missing


def unpublish(staff: Staff, listing_id: int, storage: Storage) -> None:
    """No scene of the tour is seen by the public any more, nor found under its old address."""
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
    """What staff call the scene."""
    return scene.title or _UNTITLED


def locked(session: Any, staff: Staff, scene_id: int) -> Scene:
    """The scene of a listing the account may see, held until the transaction ends. Raises NotFound."""
    search.for_staff(staff, scene_id)
    scene: Scene = session.get(Scene, scene_id, with_for_update=True, populate_existing=True)
    return scene


def public_if(shown: bool) -> None:
    """The transaction changes public pages when `shown`."""
    with transaction(public=shown):
        return


def locked_tour(session: Any, staff: Staff, listing_id: int) -> Sequence[Scene]:
    """The scenes of the listing's tour in order, held until the transaction ends. Raises NotFound.

    Scenes are locked before their listing, by their ids: as the worker does it, so that nobody waits in a circle.
    """
    listings.for_staff(staff, listing_id)
    query = select(Scene).where(Scene.listing_id == listing_id).order_by(Scene.id)
    session.scalars(query.with_for_update().execution_options(populate_existing=True)).all()
    return search.of_listing(listing_id)


def _put_in_order(session: Any, staff: Staff, scenes: Sequence[Scene]) -> None:
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
