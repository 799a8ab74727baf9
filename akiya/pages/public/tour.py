"""Serve the viewer's data, the tour in a listing's page, and the tour alone for a municipality's own site."""

import re
from collections.abc import Iterable, Mapping
from urllib.parse import urlsplit

from flask import Blueprint, Response, make_response, render_template, url_for

from akiya import formatting
from akiya.errors import NotFound
from akiya.listings import search as listings
from akiya.listings import titles
from akiya.listings.enums import CLOSED
from akiya.municipalities import search as municipalities
from akiya.pages import tour_view
from akiya.panoramas import search
from akiya.web import running

blueprint = Blueprint("panoramas", __name__)
_HOST = re.compile(r"[a-z0-9]([a-z0-9.-]*[a-z0-9])?")


def part(listing_id: int) -> tour_view.Tour | None:
    """Return the published tour for the listing's page, or None."""
    page_url = url_for("listings.show", listing_id=listing_id)
    return tour_view.tour(search.published(listing_id), url_for("panoramas.config", listing_id=listing_id), page_url)


@blueprint.get("/listings/<id:listing_id>/tour.json")
def config(listing_id: int) -> Response:
    """Return the viewer's configuration of the listing's published tour; 404 if there is none."""
    return tour_view.configuration(search.public(listing_id))


@blueprint.get("/embed/listings/<id:listing_id>")
def embed(listing_id: int) -> Response:
    """Show the tour alone, for a frame on the municipality's own site."""
    try:
        listing = listings.public(listing_id)
    except NotFound:
        # Every municipality may frame this answer: a narrower policy would reveal whose listing it is.
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


def _framed(values: Mapping[str, object], status: int, sites: Iterable[str]) -> Response:
    """Render the embedded page, which only this site and `sites` may frame."""
    answer = make_response(render_template("public/embed.html", **values), status)
    host = running.storage().origin()
    ancestors = " ".join(sorted({origin(site) for site in sites} - {""}))
    answer.headers["Content-Security-Policy"] = (
        f"default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: {host}; "
        f"connect-src 'self'; form-action 'none'; base-uri 'none'; frame-ancestors 'self' {ancestors}"
    )
    return answer


def origin(address: str) -> str:
    """Return the origin of an http or https address as a policy names it, "" for anything else."""
    try:
        parts = urlsplit(address)
        host, port = (parts.hostname or "").encode("idna").decode(), parts.port
    except (ValueError, UnicodeError):
        return ""
    if parts.scheme not in ("http", "https") or not _HOST.fullmatch(host):
        return ""
    return f"{parts.scheme}://{host}:{port}" if port else f"{parts.scheme}://{host}"
