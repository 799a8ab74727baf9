"""Counting visits: what a page sends once somebody sees it. Nothing about the visitor is stored.

The visitor's address is used only for the rate limit, in memory, for a minute; no cookie is read, and the database is
not used.
"""

from collections.abc import Callable
from functools import cache
from urllib.parse import urlsplit

from flask import Blueprint, Response, current_app, request
from flask_limiter import RequestLimit

from akiya.visits.models import VisitKind
from akiya.web.limits import limiter

blueprint = Blueprint("visits", __name__, url_prefix="/visits")


def _too_many(limit: RequestLimit) -> Response:
    return _nothing(429)


_often = limiter.shared_limit("120/minute", scope="visits", on_breach=_too_many)


@blueprint.post("/listings/<id:listing_id>")
@_often
def listing(listing_id: int) -> Response:
    """Count a visit to the listing's page."""
    return _count(listing_id, VisitKind.LISTING)


@blueprint.post("/listings/<id:listing_id>/panorama")
@_often
def panorama(listing_id: int) -> Response:
    """Count a visit to the listing's panorama."""
    return _count(listing_id, VisitKind.PANORAMA)


def _count(listing_id: int, kind: VisitKind) -> Response:
    if _from_our_page() and not _ahead_of_time() and not _program(request.headers.get("User-Agent", "")):
        current_app.extensions["akiya_visits"].add(listing_id, kind)
    return _nothing(204)


def _nothing(status: int) -> Response:
    return Response(status=status, headers={"Cache-Control": "no-store"})


def _from_our_page() -> bool:
    """Return whether a page of this site sent the request; browsers from before 2023 send only the origin."""
    site = request.headers.get("Sec-Fetch-Site")
    if site is not None:
        return site == "same-origin"
    return urlsplit(request.headers.get("Origin", "")).netloc == request.host


def _ahead_of_time() -> bool:
    """Return whether a browser prefetches a page that nobody has asked to see yet."""
    return "prefetch" in request.headers.get("Sec-Purpose", "") + request.headers.get("Purpose", "")


@cache
def _known_programs() -> Callable[[str], bool]:
    # Half a megabyte of JSON and 60 patterns, so it is loaded only at the first visit.
    from crawleruseragents import is_crawler

    known: Callable[[str], bool] = is_crawler
    return known


def _program(user_agent: str) -> bool:
    """Return whether the sender is a program: one that names itself so, or one without a name, unlike any browser."""
    return not user_agent or _known_programs()(user_agent[:500])
