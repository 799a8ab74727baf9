"""The demonstration's tour: a farmhouse with an entrance, a tatami room by day and at night, a kitchen and a veranda."""

import tempfile
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from math import atan2, degrees, hypot
from pathlib import Path

from PIL import Image, ImageDraw

from akiya.accounts.models import Staff
from akiya.db import Session, db, transaction
from akiya.demo import photos
from akiya.demo.farmhouse import ENTRANCE, KITCHEN, VERANDA
from akiya.demo.rooms import EYE, Corner, RenderedRoom, render
from akiya.demo.tatami import ROOM as TATAMI
from akiya.listings.enums import PhotoKind
from akiya.listings.models import Photo
from akiya.panoramas import service, tiling
from akiya.panoramas.models import Pair, Scene, SceneText, Spot, SpotKind
from akiya.storage.base import Storage

_DRAWN = "描いた見本で、実在の家ではありません。"
_DRAWN_EN = "A drawn sample, not a real home."


@dataclass(frozen=True)
class Link:
    """A door: its place in metres east, up and north of the camera, and the index of the scene behind it."""

    at: Corner
    to: int
    text: str
    text_en: str


@dataclass(frozen=True)
class CameraPlace:
    """A scene: its title, the camera's place, and its texts and marks.

    `at` is in metres east and south of the house's north-west corner; `account` is the description of the room. The
    note is (place as in Link, text, English text). `pair_of` is the index of the scene that shows the same room by day.
    """

    title: str
    title_en: str
    at: tuple[float, float]
    account: Sequence[str]
    account_en: str
    links: Sequence[Link]
    note: tuple[Corner, str, str]
    pair_of: int | None = None


_FROM_TATAMI = (
    Link((0.72, -0.4, 2.9), 0, "土間（玄関）へ", "To the earthen entrance"),
    Link((-2.9, -0.4, 0.72), 3, "台所へ", "To the kitchen"),
    Link((2.9, -0.6, -1.2), 4, "縁側へ", "To the veranda"),
)
_MATS = ("広さ：8畳（5.8m四方）", "床：畳", "壁：土壁。西はふすま4枚、北は障子4枚", "天井：板張り。高さ2.55m")
PLACES: tuple[CameraPlace, ...] = (
    CameraPlace(
        "土間（玄関）", "Earthen entrance", (7.3, 1.8),
        ("広さ：5.8m×3.6m", "床：土のたたき", "壁：土壁。腰までは板張り", "天井：梁を見せた板張り。高さ3.1m",
         "窓：北に引き違いの玄関戸、東に小窓", "設備：座敷への上がり段。西の板戸の先は風呂とトイレ",
         f"傷み：たたきに湿った跡が3か所。{_DRAWN}"),
        "Floor of beaten earth, 5.8 by 3.6 m. Sliding front door to the north; a step of about 30 cm up to the tatami room"
        f" to the south; bath and toilet behind the board door to the west. {_DRAWN_EN}",
        (Link((0.72, -0.5, -1.8), 1, "座敷へ", "To the tatami room"),),
        ((0.5, -1.12, -1.5), "上がり段は高さ約28cmです。", "The step is about 28 cm high."),
    ),
    CameraPlace(
        "座敷", "Tatami room", (7.3, 6.5),
        (*_MATS, "窓：東は縁側への引き違い戸。庭の向こうに海と山", "設備：南に床の間と押入れ。中央に低い机",
         f"傷み：見当たりません。{_DRAWN}"),
        "Eight tatami mats (5.8 m square), clay walls, board ceiling. Sliding doors to the veranda and the garden in the east,"
        f" alcove and closet in the south, paper doors to the kitchen in the west. {_DRAWN_EN}",
        _FROM_TATAMI,
        ((-1.4, -0.2, -2.9), "床の間です。掛け軸と花は見本です。", "The alcove, with a scroll and a flower."),
    ),
    CameraPlace(
        "座敷（夜）", "Tatami room at night", (7.3, 6.5),
        (*_MATS, "窓：東は縁側への引き違い戸。夜は外に明かりがありません", "設備：天井の明かりが1つ",
         f"傷み：見当たりません。{_DRAWN}"),
        f"The tatami room after dark: one lamp at the ceiling, and no light outside. {_DRAWN_EN}",
        _FROM_TATAMI,
        ((0.0, 1.15, 0.4), "明かりはこの1つだけです。", "This lamp is the only one."),
        pair_of=1,
    ),
    CameraPlace(
        "台所", "Kitchen", (2.2, 6.5),
        ("広さ：4.4m×5.8m", "床：板張り", "壁：西はタイル、ほかは土壁", "天井：白い板。高さ2.45m", "窓：西の流しの上に1つ",
         "設備：流し、2口のこんろ、換気扇、冷蔵庫、南に作り付けの棚", f"傷み：見当たりません。{_DRAWN}"),
        "Board floor, 4.4 by 5.8 m. Sink and two rings under the window in the west, fridge in the corner, built-in cupboards"
        f" in the south, sliding door to the tatami room in the east. {_DRAWN_EN}",
        (Link((2.2, -0.4, 0.72), 1, "座敷へ", "To the tatami room"),),
        ((-1.6, -0.55, -1.85), "こんろはプロパンガスです。", "The rings burn bottled gas."),
    ),
    CameraPlace(
        "縁側と庭", "Veranda and garden", (10.9, 6.5),
        ("広さ：縁側の奥行き1.25m", "床：板張り", "壁：西は座敷との引き違い戸", "天井：垂木を見せた軒",
         "窓：東は庭へ開いています",
         "設備：飛び石のある庭。海と山が見えます", f"傷み：見当たりません。{_DRAWN}"),
        f"Boards 1.25 m deep along the tatami room. The garden, hills and sea lie to the east. {_DRAWN_EN}",
        (Link((-0.7, -0.5, -1.2), 1, "座敷へ", "To the tatami room"),),
        ((2.9, 0.1, 0.6), "晴れた日は海が見えます。", "On a clear day you see the sea."),
    ),
)  # fmt: skip
_ROOMS: tuple[RenderedRoom, ...] = (ENTRANCE, TATAMI, KITCHEN, VERANDA)
"""The rooms whose pictures, in this order, are those of PLACES; the tatami room has two."""


def add(storage: Storage, staff: Staff, listing_id: int) -> None:
    """Add the tour with its floor plan to the listing, and publish it."""
    ids = []
    with tempfile.TemporaryDirectory() as folder:
        for place, picture in zip(PLACES, _pictures(Path(folder)), strict=True):
            made = service.add(
                staff, listing_id, picture, storage, title=place.title, description="\n".join(place.account)
            )
            ids.append(made.id)
            tiling.process_next(storage)  # while the next one is rendered
    tiling.process_all(storage)
    plan = photos.keep(storage, _plan(), "farmhouse")
    with transaction() as session:
        session.query(Photo).filter_by(listing_id=listing_id, kind=PhotoKind.PLAN).delete()
        photo = Photo(listing_id=listing_id, position=9, kind=PhotoKind.PLAN, caption="間取り図（見本）", **plan)
        session.add(photo)
        session.flush()
        for place, scene_id in zip(PLACES, ids, strict=True):
            _tell(session, place, scene_id, ids, photo.id)
    service.publish(staff, listing_id)


def _pictures(folder: Path) -> Iterator[Path]:
    """Yield a picture file for each of PLACES, rendering two rooms at a time."""
    with ThreadPoolExecutor(2) as pool:
        number = 0
        for pictures in pool.map(render, _ROOMS):
            for picture in pictures:
                path = folder / f"{number}.jpg"
                picture.save(path, quality=90)
                number += 1
                yield path


def _tell(session: Session, place: CameraPlace, scene_id: int, ids: Sequence[int], plan_photo_id: int) -> None:
    scene = db.session.get_one(Scene, scene_id)
    scene.texts["en"] = SceneText(language="en", title=place.title_en, description=place.account_en)
    scene.camera_height = EYE
    scene.plan_photo_id, (scene.plan_x, scene.plan_y) = plan_photo_id, on_plan(*place.at)
    if place.pair_of is not None:
        scene.pair_of_id, scene.pair = ids[place.pair_of], Pair.NIGHT
    for link in place.links:
        yaw, pitch = _towards(link.at)
        target = ids[link.to]
        session.add(
            Spot(scene_id=scene_id, kind=SpotKind.LINK, yaw=yaw, pitch=pitch, target_id=target, text=link.text,
                 texts={"en": link.text_en})
        )  # fmt: skip
    at, text, text_en = place.note
    yaw, pitch = _towards(at)
    session.add(Spot(scene_id=scene_id, kind=SpotKind.NOTE, yaw=yaw, pitch=pitch, text=text, texts={"en": text_en}))


def _towards(at: Corner) -> tuple[float, float]:
    """Return yaw and pitch of a place in degrees; north is 0, east 90."""
    east, up, north = at
    return round(degrees(atan2(east, north)), 2), round(degrees(atan2(up, hypot(east, north))), 2)


# ── the floor plan ──

_SIZE = (1200, 900)
_CORNER, _SCALE = (110, 74), 80  # pixels; pixels a metre
_FINER = 3
_INK, _PAPER, _MAT, _MAT_LINE = (58, 60, 68), (252, 250, 244), (219, 221, 172), (170, 174, 118)
_FLOORS: tuple[tuple[tuple[float, float, float, float], tuple[int, int, int]], ...] = (
    ((0, 0, 4.4, 3.6), (208, 224, 232)),
    ((4.4, 0, 10.2, 3.6), (214, 204, 190)),
    ((0, 3.6, 4.4, 9.4), (236, 216, 186)),
    ((4.4, 3.6, 10.2, 9.4), _MAT),
    ((10.2, 3.6, 11.45, 9.4), (226, 200, 160)),
)  # west, north, east and south in metres: bath, entrance, kitchen, tatami room, veranda
_DOORS = (
    (5.5, 0, 7.9, 0), (7.3, 3.6, 8.75, 3.6), (4.4, 5.05, 4.4, 6.5), (10.2, 6.5, 10.2, 9.1), (4.4, 0.68, 4.4, 1.52),
    (11.45, 3.9, 11.45, 9.1),
)  # fmt: skip
_WINDOWS = ((0, 5.4, 0, 7.6), (10.2, 1.0, 10.2, 2.6), (1.2, 0, 2.4, 0))


def on_plan(east: float, south: float) -> tuple[float, float]:
    """Convert a place of the house, in metres, to fractions of the floor plan's width and height."""
    return (_CORNER[0] + east * _SCALE) / _SIZE[0], (_CORNER[1] + south * _SCALE) / _SIZE[1]


def _plan() -> Image.Image:
    """Draw the floor plan of the rooms, with north at the top."""
    image = Image.new("RGB", (_SIZE[0] * _FINER, _SIZE[1] * _FINER), _PAPER)
    pen = ImageDraw.Draw(image)

    def px(*metres: float) -> list[float]:
        return [(value * _SCALE + _CORNER[index % 2]) * _FINER for index, value in enumerate(metres)]

    def line(metres: Sequence[float], colour: tuple[int, int, int], width: float) -> None:
        pen.line(px(*metres), fill=colour, width=round(width * _FINER))

    for east, south, size in ((12.6, 4.6, 0.45), (12.9, 7.9, 0.55), (12.4, 1.6, 0.4)):
        pen.ellipse(px(east - size, south - size, east + size, south + size), fill=(150, 178, 120))
    for sides, colour in _FLOORS:
        pen.rectangle(px(*sides), fill=colour)
    for n in range(1, 3):
        line((4.4 + 1.93 * n, 3.6, 4.4 + 1.93 * n, 9.4), _MAT_LINE, 3)
    line((4.4, 6.5, 10.2, 6.5), _MAT_LINE, 3)
    for n in range(1, 12):
        line((0, 3.6 + n * 0.48, 4.4, 3.6 + n * 0.48), (214, 190, 156), 2)
    for (west, north, east, south), _colour in _FLOORS:
        line((west, north, east, north, east, south, west, south, west, north), _INK, 12)
    for door in _DOORS:
        line(door, _PAPER, 13)
        line(door, _INK, 3)
    for window in _WINDOWS:
        line(window, (150, 190, 214), 9)
    pen.polygon(px(13.0, 0.6, 13.25, -0.1, 13.5, 0.6, 13.25, 0.42), fill=_INK)
    return image.resize(_SIZE, Image.Resampling.LANCZOS)
