"""Create a tour for tests: three connected rooms, a night picture, a note, a floor plan. Needs an app context."""

from pathlib import Path
from typing import Any

from akiya.db import db, transaction
from akiya.listings import photos
from akiya.panoramas import service, tiling
from akiya.panoramas.models import Pair, Scene, SceneState, SceneText, Spot, SpotKind
from akiya.storage.base import Storage
from tests import factories, images
from tests.waiting import until

ROOMS = ("座敷", "台所", "縁側", "座敷の夜")
_TILED = ("original_key", "salt", "tiles_key", "cube", "tile", "levels", "full_bytes", "state", "progress", "posed")
HOSTILE = '"><img src=x onerror=alert(1)></script><script>alert(2)</script>'


def make(staff_id: int, listing_id: int, storage: Storage, folder: Path, picture: Path | None = None) -> list[int]:
    """Create and publish the scenes, which all show `picture`; return their ids in the order of ROOMS.

    The last one is the first room at night.
    """
    path = picture or images.panorama(folder / "room.jpg")
    first = service.add(
        factories.staff(staff_id), listing_id, path, storage, title=ROOMS[0], description=f"{ROOMS[0]}の説明"
    ).id

    def ready() -> bool:
        tiling.process_next(storage)
        return scene(first).state is SceneState.READY

    until(ready)  # a worker of the site may have claimed it
    tiled = {name: getattr(scene(first), name) for name in _TILED}
    with transaction() as session:
        others = [
            Scene(listing_id=listing_id, position=n, title=name, description=f"{name}の説明", **tiled)
            for n, name in enumerate(ROOMS[1:], 1)
        ]
        session.add_all(others)
    kitchen, veranda, night = (other.id for other in others)
    plan_path = images.photo(folder / "plan.jpg")
    plan = photos.add(factories.staff(staff_id), listing_id, "plan.jpg", plan_path, storage).id
    change(night, pair=Pair.NIGHT, pair_of_id=first)
    change(
        first,
        texts={"en": SceneText(language="en", title="Main room")},
        yaw=10.0,
        plan_photo_id=plan,
        plan_x=0.25,
        plan_y=0.5,
        camera_height=1.5,
    )
    change(kitchen, plan_photo_id=plan, plan_x=0.75, plan_y=0.5)
    mark(first, 30, -10, target=kitchen, text="台所へ", texts={"en": "To the kitchen"})
    mark(first, -60, 0, text="床の傷", texts={"en": "A scratch"})
    mark(kitchen, 170, -10, target=veranda)
    mark(veranda, -120, -10, target=first)
    service.publish(factories.staff(staff_id), listing_id)
    return [first, kitchen, veranda, night]


def change(scene_id: int, **values: Any) -> None:
    """Set columns of the scene."""
    with transaction() as session:
        scene = session.get(Scene, scene_id)
        for name, value in values.items():
            setattr(scene, name, value)


def mark(scene_id: int, yaw: float, pitch: float, *, target: int | None = None, **words: Any) -> None:
    """Add a way to `target` to the scene, or a note."""
    kind = SpotKind.LINK if target else SpotKind.NOTE
    with transaction() as session:
        session.add(Spot(scene_id=scene_id, kind=kind, yaw=yaw, pitch=pitch, target_id=target, **words))


def scene(scene_id: int) -> Scene:
    """Return the scene, read again from the database."""
    db.session.expire_all()
    found = db.session.get(Scene, scene_id)
    assert found is not None
    return found
