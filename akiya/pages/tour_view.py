"""A tour's scenes as pages show them: texts in the page's language, stills, ways, pairs and floor plans."""

from collections.abc import Sequence
from dataclasses import dataclass

from flask import Response, jsonify, request

from akiya import formatting
from akiya.language import gettext as _
from akiya.language import language, source_lang
from akiya.pages import cards
from akiya.pages.pannellum import HotSpot, View, viewer_config
from akiya.panoramas.models import Pair, Scene, Spot
from akiya.storage.base import Storage
from akiya.web import running

_MEGABYTE = 1_000_000


@dataclass(frozen=True)
class Words:
    """A text as a page shows it; `lang` is "ja" for a Japanese text on a page in another language."""

    text: str
    lang: str = ""


@dataclass(frozen=True)
class Mark:
    """A mark in a room: the way to the scene with the id `target`, or a note if that is None. Angles are degrees."""

    words: Words
    yaw: float
    pitch: float
    target: int | None


@dataclass(frozen=True)
class TourRoom:
    """A scene as a page shows it. `home` is its own id, or that of the scene of which it is another picture.

    `still` looks in the direction of the first view, `small` is a small image for lists; `size` is how many megabytes
    the full resolution may load, as text. `pictures` are (id, name) of every picture of the same room, including this
    one; empty if there is only one.
    """

    id: int
    home: int
    number: int
    title: Words
    description: Words
    still: str
    small: str
    size: str
    detailed: bool
    camera_height: float | None
    marks: Sequence[Mark]
    pictures: Sequence[tuple[int, str]]
    plan: int | None


@dataclass(frozen=True)
class Dot:
    """A room's position on its floor plan, in pixels of the plan."""

    room: TourRoom
    x: float
    y: float


@dataclass(frozen=True)
class FloorPlan:
    """A floor plan, and the rooms that are marked on it."""

    photo: cards.Picture
    dots: Sequence[Dot]


def rooms(scenes: Sequence[Scene], storage: Storage) -> list[TourRoom]:
    """Return every scene as a room, in order; ways that lead to none of these scenes are left out."""
    shown = {scene.id: scene for scene in scenes}
    homes = {scene.id: _home(scene, shown) for scene in scenes}
    numbers = {home: number for number, home in enumerate(dict.fromkeys(homes.values()), 1)}
    titles = {scene.id: _title(scene, numbers[homes[scene.id]]) for scene in scenes}
    return [_room(scene, shown, homes, numbers, titles, storage) for scene in scenes]


def plans(scenes: Sequence[Scene], shown: Sequence[TourRoom]) -> list[FloorPlan]:
    """Return the floor plans on which at least one of the rooms is marked, in the order of the rooms."""
    photos = {photo.id: cards.picture(photo) for photo in scenes[0].listing.photos}
    dots: dict[int, list[Dot]] = {}
    for scene, room in zip(scenes, shown, strict=True):
        if room.plan is None or room.id != room.home:
            continue
        photo = photos[room.plan]
        dots.setdefault(photo.id, []).append(
            Dot(room, (scene.plan_x or 0) * photo.width, (scene.plan_y or 0) * photo.height)
        )
    return [FloorPlan(photos[photo_id], marked) for photo_id, marked in dots.items()]


def _room(
    scene: Scene,
    shown: dict[int, Scene],
    homes: dict[int, int],
    numbers: dict[int, int],
    titles: dict[int, Words],
    storage: Storage,
) -> TourRoom:
    home, own = shown[homes[scene.id]], scene.texts.get(language())
    return TourRoom(
        id=scene.id,
        home=home.id,
        number=numbers[home.id],
        title=titles[scene.id],
        description=_words(scene.description, own.description if own else ""),
        still=storage.url(f"{scene.tiles_key}/preview.webp"),
        small=storage.url(f"{scene.tiles_key}/1/{_face(scene.yaw)}0_0.webp"),
        size=f"{scene.full_bytes / _MEGABYTE:.1f}" if scene.full_bytes else "",
        detailed=scene.levels > 2,
        camera_height=scene.camera_height,
        marks=[_mark(spot, titles) for spot in scene.spots if _leads_somewhere(spot, titles)],
        pictures=_pictures(home, [other for other in shown.values() if homes[other.id] == home.id]),
        plan=_plan(scene) or _plan(home),
    )


def _home(scene: Scene, shown: dict[int, Scene]) -> int:
    first = shown.get(scene.pair_of_id or 0)
    return first.id if scene.pair and first is not None and first.pair_of_id not in shown else scene.id


def _plan(scene: Scene) -> int | None:
    """Return the id of the floor plan on which the scene is marked, if that is a photo of its listing."""
    marked = scene.plan_x is not None and scene.plan_y is not None
    own = {photo.id for photo in scene.listing.photos} if marked and scene.plan_photo_id else set()
    return scene.plan_photo_id if scene.plan_photo_id in own else None


def _pictures(home: Scene, pictures: Sequence[Scene]) -> list[tuple[int, str]]:
    others = [scene for scene in pictures if scene is not home]
    if not others:
        return []
    kinds = {scene.pair for scene in others}
    first = _("いま")
    if kinds == {Pair.NIGHT}:
        first = _("昼")
    elif kinds == {Pair.BEFORE} or kinds == {Pair.AFTER}:
        first = formatting.label(Pair.AFTER if Pair.BEFORE in kinds else Pair.BEFORE)
    return [(home.id, first), *((scene.id, formatting.label(scene.pair)) for scene in others)]


def _face(yaw: float) -> str:
    """Return the cube face in the direction of the yaw (degrees)."""
    return "frbl"[round(yaw / 90) % 4]


def _words(text: str, own: str) -> Words:
    """Return the text in the page's language, which is `own`, or the Japanese `text` if there is none."""
    return Words(own) if own else Words(text, source_lang() if text else "")


def _title(scene: Scene, number: int) -> Words:
    own = scene.texts.get(language())
    words = _words(scene.title, own.title if own else "")
    return words if words.text else Words(str(_("部屋 %(number)s", number=number)))


def _leads_somewhere(spot: Spot, titles: dict[int, Words]) -> bool:
    return spot.target_id in titles if spot.target_id is not None else bool(spot.text or spot.texts)


def _mark(spot: Spot, titles: dict[int, Words]) -> Mark:
    words = _words(spot.text, spot.texts.get(language(), ""))
    if not words.text and spot.target_id is not None:
        words = titles[spot.target_id]
    return Mark(words, spot.yaw, spot.pitch, spot.target_id)


_KEPT = ("cube", "tile", "levels", "yaw", "pitch", "north_offset", "horizon_pitch", "horizon_roll")


@dataclass(frozen=True)
class Tour:
    """A tour as a page shows it. `page_url` is the address at which a view of it can be shared, "" if it cannot."""

    rooms: Sequence[TourRoom]
    plans: Sequence[FloorPlan]
    config_url: str
    page_url: str = ""

    @property
    def preview_url(self) -> str:
        """Return the address of a still picture of the first scene."""
        return self.rooms[0].still

    @property
    def listed(self) -> Sequence[TourRoom]:
        """Return the rooms, without further pictures of the same room."""
        return [room for room in self.rooms if room.home == room.id]


def tour(scenes: Sequence[Scene], config_url: str, page_url: str = "") -> Tour | None:
    """Return the tour of these scenes for a template, or None if there are none."""
    if not scenes:
        return None
    shown = rooms(scenes, running.storage())
    return Tour(shown, plans(scenes, shown), config_url, page_url)


def configuration(scenes: Sequence[Scene]) -> Response:
    """Return the viewer's configuration as JSON; `?full=1` opens every level."""
    storage = running.storage()
    views = [
        View(
            id=f"scene-{scene.id}",
            title=room.title.text,
            base_url=storage.url(scene.tiles_key),
            hot_spots=[
                HotSpot(mark.yaw, mark.pitch, mark.words.text, f"scene-{mark.target}" if mark.target else "")
                for mark in room.marks
            ],
            **{name: getattr(scene, name) for name in _KEPT},
        )
        for scene, room in zip(scenes, rooms(scenes, storage), strict=True)
    ]
    return jsonify(viewer_config(views, full=request.args.get("full") == "1"))
