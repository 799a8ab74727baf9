"""The page of one listing, open or closed, and its card alone."""

from flask import Response, render_template

from akiya import formatting
from akiya.errors import NotFound
from akiya.listings import search, titles
from akiya.listings.enums import CLOSED
from akiya.municipalities import search as municipalities
from akiya.municipalities.outlines import of_prefecture
from akiya.pages import cards, listing_parts
from akiya.pages.blueprints import listings
from akiya.pages.public import card_cache, seo
from akiya.pages.public.area_map import hazard_maps
from akiya.web import filters, running


@listings.get("/listings/<id:listing_id>")
def show(listing_id: int) -> str:
    """Show a listing, open or closed; 404 if it is not public."""
    listing = search.public(listing_id)
    municipality = listing.municipality
    groups, missing = cards.facts(listing)
    around = [m for m in municipalities.all_municipalities() if m.prefecture_code == municipality.prefecture_code]
    names = {m.code: formatting.name(m) for m in around}
    title = titles.title(listing, formatting.name(municipality))
    closed = listing.status in CLOSED
    added = listing_parts.of_page(listing_id)
    still = getattr(added.get("panorama"), "preview_url", "")
    return render_template(
        "public/listing.html",
        listing=listing,
        title=title,
        place=f"{formatting.name(municipality)} {listing.town}".strip(),
        municipality=municipality,
        photos=[cards.picture(photo) for photo in listing.photos],
        groups=groups,
        missing=missing,
        pictograms=cards.pictogram_groups(listing),
        pin=cards.pin(listing, formatting.name(municipality), card_cache.address_of(listing_id)),
        hazard_maps=hazard_maps([municipality]),
        map=cards.mini_map(listing, municipality, of_prefecture(municipality.prefecture_code), names),
        **added,
        closed=closed,
        status=listing.status,
        confirmed_on=listing.confirmed_on,
        overdue=not closed and listing.review_due_on is not None and listing.review_due_on < filters.today(),
        contact=listing.contact or municipality.contact,
        live=not closed and titles.live_viewing(listing, municipality),
        **seo.of_listing(listing, title, running.storage(), still=still, noindex=closed),
    )


@listings.get("/listings/<id:listing_id>/card")
def card(listing_id: int) -> Response:
    """Return only the listing's card, for the interactive map."""
    if not search.public_rows([listing_id], ()):
        raise NotFound("この番号の物件は見つかりません。")
    return Response(card_cache.cards_html([listing_id])[0], headers={"X-Robots-Tag": "noindex"})
