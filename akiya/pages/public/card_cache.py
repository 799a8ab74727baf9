"""Homes as finished pieces of pages and feeds, made once and cached until public data changes."""

import json
from collections.abc import Callable, Sequence
from itertools import islice
from typing import Any, TypeVar  # pieces of several kinds

from flask import current_app, request, url_for
from jinja2.runtime import Macro
from markupsafe import Markup

from akiya import formatting
from akiya.cache import PerRevision
from akiya.language import language
from akiya.listings import pictograms, search, titles
from akiya.listings.models import Listing
from akiya.municipalities import search as municipalities
from akiya.municipalities.models import Municipality
from akiya.pages import cards
from akiya.values import JsonObject
from akiya.web import filters

T = TypeVar("T")
_MOST = 5000

Kept = dict[tuple[object, ...], Any]


def _empty(connection: object) -> Kept:
    return {}


_kept = PerRevision(_empty)


def _pieces(ids: Sequence[int], kind: tuple[object, ...], make: Callable[[Sequence[Listing]], Sequence[T]]) -> list[T]:
    """Return the pieces of `ids`, in order; those that are not cached are made from their rows, all at once."""
    kept = _kept()
    pieces = {listing_id: kept.get((listing_id, *kind)) for listing_id in ids}
    missing = [listing_id for listing_id, piece in pieces.items() if piece is None]
    if missing:
        if len(kept) > _MOST:
            for key in list(islice(kept, len(kept) // 2)):  # the oldest; another thread may have removed them already
                kept.pop(key, None)
        rows = search.rows(missing)
        made = {row.id: piece for row, piece in zip(rows, make(rows), strict=True)}
        kept.update({(listing_id, *kind): piece for listing_id, piece in made.items()})
        pieces |= made
    return [piece for piece in pieces.values() if piece is not None]


def card_html(ids: Sequence[int], variant: str, render: Callable[[cards.Card], str]) -> list[Markup]:
    """Return these listings' cards as `render` writes them, in the page's language; `variant` is their cache key."""

    def make(rows: Sequence[Listing]) -> list[Markup]:
        return [Markup(render(card)) for card in cards_of(rows)]  # noqa: S704  (a template's own output)

    return _pieces(ids, (variant, language(), filters.today()), make)


def cards_of(rows: Sequence[Listing]) -> list[cards.Card]:
    """Return the cards of these listings, given as rows of the columns search.CARD_COLUMNS."""
    known = {m.code: m for m in municipalities.all_municipalities()}
    photos = search.covers(row.id for row in rows)
    prefix = address_of(0)[:-1]
    return [cards.card(row, known[row.municipality_code], photos.get(row.id), f"{prefix}{row.id}") for row in rows]


def features(ids: Sequence[int]) -> list[str]:
    """Return these listings as GeoJSON features, each a JSON text, with absolute addresses."""
    site = request.host_url

    def make(rows: Sequence[Listing]) -> list[str]:
        known = {m.code: m for m in municipalities.all_municipalities()}
        prefix = address_of(0, external=True)[:-1]
        return [
            json.dumps(_feature(row, known[row.municipality_code], prefix), ensure_ascii=False, separators=(",", ":"))
            for row in rows
        ]

    return _pieces(ids, ("feature", language(), site), make)


def address_of(listing_id: int, *, external: bool = False) -> str:
    """Return the address of the listing's page."""
    return url_for("listings.show", listing_id=listing_id, _external=external)


def _feature(row: Listing, municipality: Municipality, prefix: str) -> JsonObject:
    name = formatting.name(municipality)
    return {
        "type": "Feature",
        "id": row.id,
        "geometry": {"type": "Point", "coordinates": [row.lon, row.lat]},
        "properties": {
            "number": row.number,
            "municipality_code": row.municipality_code,
            "municipality": name,
            "title": titles.title(row, name),
            "status": str(row.status),
            "deal": [str(deal) for deal in titles.deals(row)],
            "kind": str(row.kind),
            "price": row.price,
            "rent": row.rent,
            "floor_area": row.floor_area,
            "land_area": row.land_area,
            "built_year": row.built_on.year if row.built_on else None,
            "layout": row.layout or None,
            "features": pictograms.lit(row.features),
            "live_viewing": titles.live_viewing(row, municipality),
            "location": str(row.precision),
            "updated": row.updated_at.isoformat(timespec="seconds"),
            "url": f"{prefix}{row.id}",
        },
    }


EAGER = 2


def cards_html(ids: Sequence[int]) -> list[Markup]:
    """Return the cards of these listings in the page's language; the first ones load their photo at once."""
    macro = card_macro()
    first, others = ids[:EAGER], ids[EAGER:]
    return [
        *card_html(first, "eager", lambda card: macro(card, eager=True)),
        *card_html(others, "lazy", macro),
    ]


def card_macro() -> Macro:
    """Return the template macro that renders a card."""
    macro: Macro = current_app.jinja_env.get_template("_macros/cards.html").module.card  # type: ignore[attr-defined]  # of the template
    return macro
