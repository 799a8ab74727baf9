"""The configuration of the viewer, Pannellum 2.5.7, which is built only here. Pure functions."""

from collections.abc import Sequence
from dataclasses import dataclass

from akiya.language import N_, gettext
from akiya.values import JsonObject

_QUICK_LEVELS = 2
"""Levels opened at first, about 15 tiles per view; the button for the full resolution loads the rest."""

_KEYS = [27, 37, 38, 39, 40, 61, 107, 109, 173, 187, 189]
"""Escape, the arrows, plus and minus; Shift, Ctrl and letters are left to the browser."""

_STRINGS = {
    "loadButtonLabel": N_("クリックして\n360度画像を開く"),
    "loadingLabel": N_("読み込み中…"),
    "noPanoramaError": N_("360度画像が指定されていません。"),
    "fileAccessError": N_("%s を読み込めませんでした。"),
    "malformedURLError": N_("360度画像のアドレスが正しくありません。"),
    "genericWebGLError": N_("この機器では360度画像を表示できません（WebGLが使えません）。"),
    "textureSizeError": N_("この機器には画像が大きすぎます（幅%spx。機器の上限は%spx）。"),
    "unknownError": N_("表示できませんでした。"),
}


@dataclass(frozen=True)
class HotSpot:
    """A mark in a scene: with `scene`, the id of another one, it leads there; otherwise it is a note."""

    yaw: float
    pitch: float
    text: str
    scene: str = ""


@dataclass(frozen=True)
class View:
    """A scene of a tour for the viewer. Angles are degrees; `base_url` is the address that its tiles are below."""

    id: str
    title: str
    base_url: str
    cube: int
    tile: int
    levels: int
    yaw: float = 0.0
    pitch: float = 0.0
    north_offset: float = 0.0
    horizon_pitch: float = 0.0
    horizon_roll: float = 0.0
    hot_spots: Sequence[HotSpot] = ()


def viewer_config(views: Sequence[View], *, full: bool = False) -> JsonObject:
    """Return the configuration of a tour that begins in the first of `views`; `full` opens every level.

    Raise ValueError if there are no views, or if two have the same id.
    """
    ids = [view.id for view in views]
    if not ids or len(set(ids)) != len(ids):
        raise ValueError(f"a tour needs at least one scene, and different ids: {ids}")
    return {
        "default": {
            "firstScene": ids[0],
            "autoLoad": True,
            "sceneFadeDuration": 400,
            "showControls": False,
            "mouseZoom": "fullscreenonly",
            "capturedKeyNumbers": _KEYS,
        },
        "escapeHTML": True,
        "strings": {"bylineLabel": "%s", **{key: gettext(text) for key, text in _STRINGS.items()}},
        "scenes": {view.id: _scene(view, full) for view in views},
    }


def _scene(view: View, full: bool) -> JsonObject:
    shown = view.levels if full else min(_QUICK_LEVELS, view.levels)
    return {
        "type": "multires",
        "title": view.title,
        "yaw": view.yaw,
        "pitch": view.pitch,
        "northOffset": view.north_offset,
        "horizonPitch": view.horizon_pitch,
        "horizonRoll": view.horizon_roll,
        "hfov": 100,
        "minHfov": 40,
        "maxHfov": 120,
        "hotSpots": [_hot_spot(spot) for spot in view.hot_spots],
        "multiRes": {
            "basePath": view.base_url,
            "path": "/%l/%s%y_%x",
            "fallbackPath": "/1/%s0_0",
            "extension": "webp",
            "tileResolution": view.tile,
            "maxLevel": shown,
            "cubeResolution": view.cube >> (view.levels - shown),
        },
    }


def _hot_spot(spot: HotSpot) -> JsonObject:
    told: JsonObject = {"yaw": spot.yaw, "pitch": spot.pitch, "text": spot.text}
    if spot.scene:
        return {**told, "type": "scene", "sceneId": spot.scene, "cssClass": "panorama-way"}
    return {**told, "type": "info", "cssClass": "panorama-note"}
