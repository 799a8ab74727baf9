"""What the viewer loads, and the tour's part of a listing's page."""

from collections.abc import Sequence
from dataclasses import dataclass

from flask import Blueprint, Response, jsonify, request, url_for

from akiya.panoramas import search
from akiya.panoramas.models import Scene
from akiya.panoramas.pannellum import HotSpot, View, viewer_config
from akiya.web import running
from akiya.web.language import language

blueprint = Blueprint("panoramas", __name__)
_KEPT = ("cube", "tile", "levels", "yaw", "pitch", "north_offset", "horizon_pitch", "horizon_roll")


@dataclass(frozen=True)
class Tour:
    """A tour as a page shows it. `preview_url` is a still of its first scene."""

    scenes: Sequence[Scene]
    stills: dict[int, str]
    config_url: str

    @property
    def preview_url(self) -> str:
        return self.stills[self.scenes[0].id]


def tour(scenes: Sequence[Scene], config_url: str) -> Tour | None:
    """The scenes for a template; None when there are none."""
    storage = running.storage()
    stills = {scene.id: storage.url(f"{scene.tiles_key}/preview.webp") for scene in scenes}
    return Tour(scenes, stills, config_url) if scenes else None


def part(listing_id: int) -> Tour | None:
    """The published tour for the listing's page."""
    return tour(search.published(listing_id), url_for("panoramas.config", listing_id=listing_id))


def configuration(scenes: Sequence[Scene]) -> Response:
    """The viewer's configuration as JSON; `?full=1` opens every level."""
    storage, shown = running.storage(), {scene.id for scene in scenes}
    english = language() == "en"
    views = [
        View(
            id=f"scene-{scene.id}",
            title=_said(english, scene.title_en, scene.title),
            base_url=storage.url(scene.tiles_key),
            hot_spots=[
                HotSpot(
                    spot.yaw, spot.pitch, _said(english, spot.text_en, spot.text),
                    f"scene-{spot.target_id}" if spot.target_id else "",
                )
                for spot in scene.spots
                if spot.target_id is None or spot.target_id in shown
            ],
            **{name: getattr(scene, name) for name in _KEPT},
        )
        for scene in scenes
    ]  # fmt: skip
    return jsonify(viewer_config(views, language=language(), full=request.args.get("full") == "1"))


def _said(english: bool, text_en: str, text: str) -> str:
    return text_en if english and text_en else text


@blueprint.get("/listings/<id:listing_id>/tour.json")
def config(listing_id: int) -> Response:
    return configuration(search.public(listing_id))
