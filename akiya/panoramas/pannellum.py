"""The viewer's configuration for Pannellum 2.5.7, built in this one place. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

_QUICK_LEVELS = 2
"""Levels opened at first: about 15 tiles a view. The full-resolution button loads the rest."""

_STRINGS = {
    "ja": {
        "loadButtonLabel": "クリックして\n360度画像を開く",
        "loadingLabel": "読み込み中…",
        "bylineLabel": "%s",
        "noPanoramaError": "360度画像が指定されていません。",
        "fileAccessError": "%s を読み込めませんでした。",
        "malformedURLError": "360度画像のアドレスが正しくありません。",
        "genericWebGLError": "この機器では360度画像を表示できません（WebGLが使えません）。",
        "textureSizeError": "この機器には画像が大きすぎます（幅%spx。機器の上限は%spx）。",
        "unknownError": "表示できませんでした。",
    },
    "en": {
        "loadButtonLabel": "Click to open\nthe 360° view",
        "loadingLabel": "Loading…",
        "bylineLabel": "%s",
        "noPanoramaError": "No panorama was given.",
        "fileAccessError": "%s could not be loaded.",
        "malformedURLError": "The panorama's address is wrong.",
        "genericWebGLError": "This device cannot show the panorama (WebGL is not available).",
        "textureSizeError": "The picture is too large for this device (%s px wide; its limit is %s px).",
        "unknownError": "The view could not be shown.",
    },
}


@dataclass(frozen=True)
class Scene:
    """A room of a tour. Angles are degrees; `base_url` is where its tiles lie."""

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


def viewer_config(scenes: Sequence[Scene], *, language: str = "ja", full: bool = False) -> dict[str, Any]:
    """The configuration of a tour that begins in the first of `scenes`; `full` opens every level.

    Raises ValueError without scenes or with one id twice.
    """
    ids = [scene.id for scene in scenes]
    if not ids or len(set(ids)) != len(ids):
        raise ValueError(f"a tour needs scenes with ids of their own: {ids}")
    return {
        "default": {"firstScene": ids[0], "autoLoad": True, "sceneFadeDuration": 400, "showControls": False},
        "escapeHTML": True,
        "strings": _STRINGS[language],
        "scenes": {scene.id: _scene(scene, full) for scene in scenes},
    }


def _scene(scene: Scene, full: bool) -> dict[str, Any]:
    shown = scene.levels if full else min(_QUICK_LEVELS, scene.levels)
    return {
        "type": "multires",
        "title": scene.title,
        "yaw": scene.yaw,
        "pitch": scene.pitch,
        "northOffset": scene.north_offset,
        "horizonPitch": scene.horizon_pitch,
        "horizonRoll": scene.horizon_roll,
        "hfov": 100,
        "minHfov": 40,
        "maxHfov": 120,
        "multiRes": {
            "basePath": scene.base_url,
            "path": "/%l/%s%y_%x",
            "fallbackPath": "/1/%s0_0",
            "extension": "webp",
            "tileResolution": scene.tile,
            "maxLevel": shown,
            "cubeResolution": scene.cube >> (scene.levels - shown),
        },
    }
