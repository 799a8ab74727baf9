"""What the viewer loads, the tour's part of a listing's page, and the tour alone for a municipality's own site."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from flask import Blueprint, Response, jsonify, make_response, render_template, request, url_for

from akiya import formatting
from akiya.errors import NotFound
from akiya.language import language
from akiya.listings import search as listings
from akiya.listings import titles
from akiya.listings.enums import CLOSED
from akiya.municipalities import search as municipalities
from akiya.panoramas import rooms, search
from akiya.panoramas.models import Scene
from akiya.panoramas.pannellum import HotSpot, View, viewer_config
from akiya.panoramas.rooms import Plan, Room
from akiya.web import running

blueprint = Blueprint("panoramas", __name__)
_KEPT = ("cube", "tile", "levels", "yaw", "pitch", "north_offset", "horizon_pitch", "horizon_roll")
_HOST = re.compile(r"[a-z0-9]([a-z0-9.-]*[a-z0-9])?")


@dataclass(frozen=True)
class Tour:
    """A tour as a page shows it. `page_url` is where a view of it can be shared, "" where it cannot."""

    rooms: Sequence[Room]
    plans: Sequence[Plan]
    config_url: str
    page_url: str = ""

    @property
    def preview_url(self) -> str:
        """A still of the first scene."""
        return self.rooms[0].still

    @property
    def listed(self) -> Sequence[Room]:
        """The rooms by their first pictures."""
        return [room for room in self.rooms if room.home == room.id]


def tour(scenes: Sequence[Scene], config_url: str, page_url: str = "") -> Tour | None:
    """The scenes for a template; None when there are none."""
    if not scenes:
        return None
    shown = rooms.rooms(scenes, running.storage())
    return Tour(shown, rooms.plans(scenes, shown), config_url, page_url)


def part(listing_id: int) -> Tour | None:
    """The published tour for the listing's page."""
    page_url = url_for("listings.show", listing_id=listing_id)
    return tour(search.published(listing_id), url_for("panoramas.config", listing_id=listing_id), page_url)


def configuration(scenes: Sequence[Scene]) -> Response:
    """The viewer's configuration as JSON; `?full=1` opens every level."""
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
        for scene, room in zip(scenes, rooms.rooms(scenes, storage), strict=True)
    ]
    return jsonify(viewer_config(views, language=language(), full=request.args.get("full") == "1"))


@blueprint.get("/listings/<id:listing_id>/tour.json")
def config(listing_id: int) -> Response:
    return configuration(search.public(listing_id))


@blueprint.get("/embed/listings/<id:listing_id>")
def embed(listing_id: int) -> Response:
    """The tour alone, for a frame on the municipality's own site."""
    try:
        listing = listings.public(listing_id)
    except NotFound:
        # Whose it may be is nobody's business: every municipality may show that there is nothing.
        return _framed({"tour": None}, 404, [one.url for one in municipalities.served()])
    name = formatting.name(listing.municipality)
    shown = {
        "tour": part(listing_id),
        "listing": listing,
        "title": titles.title(listing, name),
        "closed": listing.status in CLOSED,
    }
    status = 410 if shown["closed"] else 200 if shown["tour"] else 404
    return _framed(shown, status, [listing.municipality.url])


def _framed(values: dict[str, Any], status: int, sites: Iterable[str]) -> Response:
    """The embedded page, which only this site and `sites` may frame."""
    answer = make_response(render_template("panoramas/embed.html", **values), status)
    host = origin(running.storage().url("public/panoramas"))
    ancestors = " ".join(sorted({origin(site) for site in sites} - {""}))
    answer.headers["Content-Security-Policy"] = (
        f"default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: {host}; "
        f"connect-src 'self'; form-action 'none'; base-uri 'none'; frame-ancestors 'self' {ancestors}"
    )
    return answer


def origin(address: str) -> str:
    """The origin of an http or https address as a policy names it, "" for anything else."""
    try:
        parts = urlsplit(address)
        host, port = (parts.hostname or "").encode("idna").decode(), parts.port
    except (ValueError, UnicodeError):
        return ""
    if parts.scheme not in ("http", "https") or not _HOST.fullmatch(host):
        return ""
    return f"{parts.scheme}://{host}:{port}" if port else f"{parts.scheme}://{host}"
