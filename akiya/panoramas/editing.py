"""Save what a clerk writes and marks in a scene. Each function that saves is one transaction and records an event."""

import hashlib
import json
from collections.abc import Iterable, Mapping
from typing import Any  # a value of any field

from akiya.accounts.models import Staff
from akiya.db import Session, transaction
from akiya.errors import Invalid
from akiya.language import OTHERS, in_others
from akiya.listings.enums import PhotoKind
from akiya.listings.events import EventKind
from akiya.listings.service import may_write, record
from akiya.panoramas import angles, search, tiling
from akiya.panoramas.models import Pair, Scene, SceneText, Spot, SpotKind
from akiya.panoramas.service import locked, locked_tour, name, public_if
from akiya.storage.base import Storage
from akiya.values import Values

MOST_SPOTS = 40
MOST_BLURS = 20


def _in_every_language(name: str, label: str) -> dict[str, str]:
    return {name: label, **{own: f"{label}（{other.in_japanese}）" for own, other in in_others(name).items()}}


LABELS = {
    **_in_every_language("title", "部屋の名前"),
    **_in_every_language("description", "写っているもの"),
    "view": "初めの向き",
    "links": "ほかの部屋への入口",
    "notes": "説明の印",
    "blurs": "ぼかす範囲",
    "plan": "間取り図での位置",
    "pair": "対になる画像",
    "camera_height": "カメラの高さ",
}
TEXTS = ("title", *in_others("title"), "description", *in_others("description"))


class EditedMeanwhile(Invalid):
    """Somebody else changed the scene after it was opened.

    `differences` are (label, their text, my text) of each field.
    """

    def __init__(self, differences: list[tuple[str, str, str]]) -> None:
        super().__init__("あなたが開いたあとに、ほかの人がこの部屋を変更しました。")
        self.differences = differences


def held(scene: Scene) -> Values:
    """Return every value of the scene that `change` can save. Angles are degrees in the level frame.

    Texts in other languages are values such as title_en; in links and notes they follow the Japanese text.
    """
    # A draft holds fields by these names, and the `mark` of these values. With English as the only other language both
    # are what they were when English had columns, so that older drafts open and save; adding a language changes marks,
    # and a clerk who saves an older draft is then shown once how it differs from what is there.
    links = [s for s in scene.spots if s.kind is SpotKind.LINK]
    notes = [s for s in scene.spots if s.kind is SpotKind.NOTE]
    return {
        **{field: getattr(scene, field) for field in ("title", "description")},
        **{
            field: getattr(scene.texts.get(language.code), name, "")
            for name in ("title", "description")
            for field, language in in_others(name).items()
        },
        "view": [scene.yaw, scene.pitch],
        "links": [[s.target_id, s.yaw, s.pitch, s.text, *_others(s)] for s in links],
        "notes": [[s.text, *_others(s), s.yaw, s.pitch] for s in notes],
        "blurs": [list(area) for area in scene.blurs],
        "plan": [scene.plan_photo_id, scene.plan_x, scene.plan_y] if scene.plan_photo_id else None,
        "pair": [scene.pair_of_id, str(scene.pair)] if scene.pair_of_id and scene.pair else None,
        "camera_height": scene.camera_height,
    }


def _others(spot: Spot) -> list[str]:
    return [spot.texts.get(language.code, "") for language in OTHERS]


def mark(scene: Scene, fields: Iterable[str]) -> str:
    """Return a short hash that changes with any of these `fields` of `held`, or with the picture under the marks."""
    now, wanted = held(scene), sorted(fields)
    picture = "" if set(wanted) <= set(TEXTS) else scene.original_key
    said = json.dumps([picture, [(field, now[field]) for field in wanted]])
    return hashlib.sha256(said.encode()).hexdigest()[:16]


def change(staff: Staff, scene_id: int, values: Values, seen: str, storage: Storage) -> None:
    """Save `values`, some of the fields of `held`; `seen` is their `mark` from when the clerk opened the scene.

    New blurs withdraw the tiles at once; a new view keeps them until new ones are made. Raise EditedMeanwhile if one of
    the fields was changed since, Invalid for values that do not fit the tour.
    """
    may_write(staff)
    listing_id = search.for_staff(staff, scene_id).listing_id
    with transaction(public=False) as session:
        tour = locked_tour(session, staff, listing_id)
        scene = locked(session, staff, scene_id)
        session.refresh(scene, ["spots"])
        before = held(scene)
        changed = {field: value for field, value in values.items() if before[field] != value}
        names = {other.id: name(other) for other in tour}
        if seen != mark(scene, values) and changed:
            told = [(LABELS[f], text(f, before[f], names), text(f, changed[f], names)) for f in changed]
            raise EditedMeanwhile(told)
        if not changed:
            return
        _check(scene, changed, names)
        public_if(scene.published)
        events = {
            f"{name(scene)}：{LABELS[f]}": [text(f, before[f], names), text(f, value, names)]
            for f, value in changed.items()
        }
        record(session, scene.listing, staff, EventKind.PANORAMA_CHANGED, events)
        _assign(session, scene, {**before, **changed})
        old = ""
        if "blurs" in changed:
            old = tiling.withdraw(scene)
        elif "view" in changed:
            tiling.wait(scene)
    if old:
        storage.delete(old)


def level(staff: Staff, scene_id: int, pitch: float, roll: float) -> None:
    """Correct the scene's horizon to these degrees, and move view, spots and blurs so that they stay on what they mark.

    Raise Invalid until the picture has been tiled once.
    """
    may_write(staff)
    with transaction(public=False) as session:
        scene = locked(session, staff, scene_id)
        _need_pose(scene)
        before, after = (scene.horizon_pitch, scene.horizon_roll), (pitch, roll)
        if before == after:
            return
        public_if(scene.published)
        told = [f"前後の傾き {p:g}度、左右の傾き {r:g}度" for p, r in (before, after)]
        record(session, scene.listing, staff, EventKind.PANORAMA_CHANGED, {f"{name(scene)}：水平": told})
        scene.horizon_pitch, scene.horizon_roll = after
        scene.yaw, scene.pitch = angles.moved(scene.yaw, scene.pitch, before, after)
        for spot in scene.spots:
            spot.yaw, spot.pitch = angles.moved(spot.yaw, spot.pitch, before, after)
        scene.blurs = [angles.covering(area, before, after) for area in scene.blurs]
        tiling.wait(scene)


def add_way_back(staff: Staff, scene_id: int, target_id: int) -> None:
    """Add to the scene `target_id` a way back to this one, in the opposite direction. Raise Invalid if there is one."""
    may_write(staff)
    listing_id = search.for_staff(staff, scene_id).listing_id
    with transaction(public=False) as session:
        tour = {scene.id: scene for scene in locked_tour(session, staff, listing_id)}
        scene, target = tour[scene_id], tour.get(target_id)
        way = next((spot for spot in scene.spots if spot.target_id == target_id), None)
        if target is None or way is None:
            raise Invalid("この部屋への入口がなくなっています。画面を開き直してください。")
        if any(spot.target_id == scene_id for spot in target.spots):
            raise Invalid("戻る入口はもうあります。")
        public_if(target.published)
        # North offsets align the two pictures; a picture without one has 0, as if both cameras looked the same way.
        yaw = angles.turned(way.yaw + 180 + scene.north_offset - target.north_offset)
        session.add(Spot(scene_id=target_id, kind=SpotKind.LINK, yaw=yaw, pitch=way.pitch, target_id=scene_id))
        told = ["", f"{name(scene)}（{_angle(yaw, way.pitch)}）"]
        record(session, target.listing, staff, EventKind.PANORAMA_CHANGED, {f"{name(target)}：{LABELS['links']}": told})


def text(field: str, value: Any, names: Mapping[int, str]) -> str:
    """Return the `value` that `held` has for `field` as Japanese text; `names` are the names of the tour's scenes by id."""
    if value in (None, "", []):
        return ""
    if field == "view":
        return _angle(*value)
    if field == "links":
        return "、".join(
            f"{names.get(to, '？')}（{_angle(yaw, pitch)}）{said}" for to, yaw, pitch, said, *_others in value
        )
    if field == "notes":
        return "、".join(f"「{said}」（{_angle(yaw, pitch)}）" for said, *_others, yaw, pitch in value)
    if field == "blurs":
        return f"{len(value)}か所"
    if field == "plan":
        return f"左から{value[1]:.1%}、上から{value[2]:.1%}"
    if field == "pair":
        return f"「{names.get(value[0], '？')}」の{Pair(value[1]).label}"
    return f"{value:g}m" if field == "camera_height" else str(value)


def _angle(yaw: float, pitch: float) -> str:
    return f"左右{yaw:g}度・上下{pitch:g}度"


def _need_pose(scene: Scene) -> None:
    if not scene.posed:
        raise Invalid("変換が終わってから、向きや印を決めてください。")


def _check(scene: Scene, changed: Values, names: Mapping[int, str]) -> None:
    """Raise Invalid for a link or pair outside the tour, a plan of another listing, or too many marks."""
    if set(changed) - set(TEXTS):
        _need_pose(scene)
    others = set(names) - {scene.id}
    if any(link[0] not in others for link in changed.get("links", ())):
        raise Invalid("入口の先の部屋がなくなっています。行き先を選び直してください。")
    pair = changed.get("pair")
    if pair and pair[0] not in others:
        raise Invalid("対になる部屋がなくなっています。選び直してください。", {"pair_of": "選び直してください。"})
    plan = changed.get("plan")
    if plan and plan[0] not in {photo.id for photo in scene.listing.photos if photo.kind is PhotoKind.PLAN}:
        raise Invalid("この間取り図はなくなっています。選び直してください。", {"plan_photo": "選び直してください。"})
    for field, most in (("links", MOST_SPOTS), ("notes", MOST_SPOTS), ("blurs", MOST_BLURS)):
        if len(changed.get(field, ())) > most:
            raise Invalid(f"{LABELS[field]}は{most}か所までです。要らないものを消してください。")


def _assign(session: Session, scene: Scene, values: Values) -> None:
    for field in ("title", "description", "blurs", "camera_height"):
        setattr(scene, field, values[field])
    for language in OTHERS:
        words = {name: values[f"{name}_{language.code}"] for name in ("title", "description")}
        if any(words.values()):
            own = scene.texts.setdefault(language.code, SceneText(language=language.code))
            own.title, own.description = words["title"], words["description"]
        else:
            scene.texts.pop(language.code, None)
    scene.yaw, scene.pitch = values["view"]
    scene.plan_photo_id, scene.plan_x, scene.plan_y = values["plan"] or (None, None, None)
    pair_of, pair = values["pair"] or (None, None)
    scene.pair_of_id, scene.pair = pair_of, Pair(pair) if pair else None
    before = held(scene)
    if [before["links"], before["notes"]] == [values["links"], values["notes"]]:
        return
    for spot in scene.spots:
        session.delete(spot)
    # Before the new ones: SQLite gives their numbers, which identify texts, a second time.
    session.flush()
    rows = [(SpotKind.LINK, *row) for row in values["links"]]
    rows += [(SpotKind.NOTE, None, yaw, pitch, *texts) for *texts, yaw, pitch in values["notes"]]
    session.add_all(_spot(scene.id, *row) for row in rows)
    session.flush()
    session.expire(scene, ["spots"])


def _spot(
    scene_id: int, kind: SpotKind, target_id: int | None, yaw: float, pitch: float, said: str, *others: str
) -> Spot:
    texts = {language.code: own for language, own in zip(OTHERS, others, strict=True) if own}
    return Spot(scene_id=scene_id, kind=kind, target_id=target_id, yaw=yaw, pitch=pitch, text=said, texts=texts)
