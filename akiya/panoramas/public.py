"""What the viewer loads, and the panorama's part of a listing's page."""

from dataclasses import dataclass

from flask import Blueprint, Response, jsonify, request, url_for

from akiya.panoramas import search
from akiya.panoramas.models import Panorama
from akiya.panoramas.pannellum import Scene, viewer_config
from akiya.web import running
from akiya.web.language import language

blueprint = Blueprint("panoramas", __name__)


@dataclass(frozen=True)
class View:
    """A panorama as a page shows it."""

    title: str
    description: str
    preview_url: str
    config_url: str


def view(panorama: Panorama, config_url: str) -> View:
    """The panorama for a template."""
    storage = running.storage()
    return View(panorama.title, panorama.description, storage.url(f"{panorama.tiles_key}/preview.webp"), config_url)


def part(listing_id: int) -> View | None:
    """The published panorama for the listing's page."""
    panorama = search.published(listing_id)
    return view(panorama, url_for("panoramas.config", listing_id=listing_id)) if panorama else None


def configuration(panorama: Panorama) -> Response:
    """The viewer's configuration as JSON; `?full=1` opens every level."""
    names = ["cube", "tile", "levels", "yaw", "pitch", "north_offset", "horizon_pitch", "horizon_roll"]
    storage = running.storage()
    scene = Scene(
        id=f"scene-{panorama.id}",
        title=panorama.title,
        base_url=storage.url(panorama.tiles_key),
        **{name: getattr(panorama, name) for name in names},
    )
    return jsonify(viewer_config([scene], language=language(), full=request.args.get("full") == "1"))


@blueprint.get("/listings/<id:listing_id>/panorama.json")
def config(listing_id: int) -> Response:
    return configuration(search.public(listing_id))
