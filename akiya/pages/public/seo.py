"""Data for search engines and social sites: canonical addresses, schema.org, Open Graph, sitemap and robots.txt."""

import json
from urllib.parse import urljoin

from flask import Blueprint, Response, request, url_for
from markupsafe import Markup

from akiya.catalogue.columns import NONE, rooms
from akiya.language import LANGUAGES, current, language
from akiya.listings import search, titles
from akiya.listings.enums import Deal, Precision, PropertyKind, Status
from akiya.listings.models import Listing
from akiya.municipalities import search as municipalities
from akiya.pages import cards
from akiya.storage.base import Storage
from akiya.values import JsonObject
from akiya.web import filters

blueprint = Blueprint("discovery", __name__)
_MOST_ADDRESSES = 49_000  # a sitemap may hold 50,000
_DESCRIPTION = 160


def of_page(canonical: str, *, noindex: bool = False) -> JsonObject:
    """Return the values for the head of a page; `canonical` is its absolute address."""
    return {"canonical": canonical, "noindex": noindex, "alternates": _alternates(canonical)}


def of_listing(listing: Listing, title: str, storage: Storage, *, still: str, noindex: bool) -> JsonObject:
    """Return the values for the head of a listing's page, including description, picture and schema.org facts.

    `still` is the address of a picture of its panorama, or ""; it is used if there is no photo.
    """
    address = url_for("listings.show", listing_id=listing.id, _external=True)
    shown = [storage.url(f"{photo.key}/full.jpg") for photo in listing.photos] or ([still] if still else [])
    pictures = [urljoin(request.host_url, picture) for picture in shown]
    text = " ".join(listing.appeal.split())[:_DESCRIPTION] or cards.summary(listing)
    facts = structured_data(listing, title, text, address, pictures)
    return {
        **of_page(address, noindex=noindex),
        "description": text,
        **({"picture": pictures[0]} if pictures else {}),
        "structured_data": _script(facts),
    }


def structured_data(listing: Listing, title: str, text: str, address: str, pictures: list[str]) -> JsonObject:
    """Return the listing as a schema.org RealEstateListing about a House or Place, with an Offer for each deal.

    It contains only what the public page says, and the point only if that is not merely the municipal office's.
    """
    place: JsonObject = {
        "@type": "House" if listing.kind is PropertyKind.HOUSE else "Place",
        "name": title,
        "address": {
            "@type": "PostalAddress",
            "addressCountry": "JP",
            "addressRegion": (municipalities.prefecture() or listing.municipality).name,
            "addressLocality": listing.municipality.name,
            **({"streetAddress": listing.town} if listing.town else {}),
        },
    }
    if listing.precision is not Precision.OFFICE:
        place["geo"] = {"@type": "GeoCoordinates", "longitude": listing.lon, "latitude": listing.lat}
    if listing.kind is PropertyKind.HOUSE:
        if listing.floor_area:
            place["floorSize"] = {"@type": "QuantitativeValue", "value": listing.floor_area, "unitCode": "MTK"}
        if (count := rooms(listing.layout)) != NONE:
            place["numberOfRooms"] = count
        if listing.built_on:
            place["yearBuilt"] = listing.built_on.year
    facts: JsonObject = {
        "@context": "https://schema.org",
        "@type": "RealEstateListing",
        "@id": address,
        "url": address,
        "name": title,
        "description": text,
        "inLanguage": language(),
        "dateModified": listing.updated_at.isoformat(timespec="seconds"),
        "about": place,
        "offers": [_offer(listing, deal, address) for deal in titles.deals(listing)],
    }
    if listing.published_on:
        facts["datePosted"] = listing.published_on.isoformat()
    if pictures:
        facts["image"] = pictures
    return facts


def _offer(listing: Listing, deal: Deal, address: str) -> JsonObject:
    state = {Status.OPEN: "InStock", Status.NEGOTIATING: "LimitedAvailability"}.get(listing.status, "SoldOut")
    function = "Sell" if deal is Deal.SALE else "LeaseOut"
    amount = listing.price if deal is Deal.SALE else listing.rent
    return {
        "@type": "Offer",
        "url": address,
        "priceCurrency": "JPY",
        "availability": f"https://schema.org/{state}",
        "businessFunction": f"http://purl.org/goodrelations/v1#{function}",
        **({"price": amount} if amount is not None else {}),
    }


def _script(facts: JsonObject) -> Markup:
    # Inside <script> only "<" could end the element.
    text = json.dumps(facts, ensure_ascii=False, separators=(",", ":")).replace("<", "\\u003c").replace("&", "\\u0026")
    return Markup(text)  # noqa: S704


def _alternates(canonical: str) -> list[tuple[str, str]]:
    site = request.host_url.rstrip("/").removesuffix(current().prefix)
    path = canonical.removeprefix(site).removeprefix(current().prefix) or "/"
    return [(each.code, site + each.prefix + path) for each in LANGUAGES]


@blueprint.get("/robots.txt")
def robots() -> Response:
    """Return robots.txt."""
    lines = ["User-agent: *", "Disallow: /staff/", "Disallow: /prefecture/", "Disallow: /listings/map.json"]
    lines += [f"Sitemap: {url_for('discovery.sitemap', _external=True)}", ""]
    return Response("\n".join(lines), mimetype="text/plain")


@blueprint.get("/sitemap.xml")
def sitemap() -> Response:
    """Return the sitemap of public pages, at most as many as a sitemap may hold."""
    pages = [(url_for("listings.home", _external=True), ""), (url_for("listings.search", _external=True), "")]
    pages += [(url_for("listings.municipality", code=m.code, _external=True), "") for m in municipalities.served()]
    show = url_for("listings.show", listing_id=0, _external=True)[:-1]
    offered = search.public_pages(_MOST_ADDRESSES - len(pages))
    pages += [(f"{show}{row.id}", filters.local(row.updated_at).date().isoformat()) for row in offered]
    body = "".join(
        f"<url><loc>{address}</loc>{f'<lastmod>{day}</lastmod>' if day else ''}</url>" for address, day in pages
    )
    head = '<?xml version="1.0" encoding="UTF-8"?>\n<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">'
    return Response(f"{head}{body}</urlset>\n", mimetype="application/xml")
