"""The public pages: home, search, one listing, and the search as GeoJSON."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from flask import Blueprint, Response, render_template, request, url_for
from flask_babel import gettext
from werkzeug.datastructures import MultiDict

from akiya.listings import cards, parts, pictograms, search
from akiya.listings.criteria import SearchForm
from akiya.listings.enums import CLOSED
from akiya.municipalities import search as municipality_search
from akiya.municipalities.outlines import outlines
from akiya.web import filters
from akiya.web.language import language
from akiya.web.pagination import Page

blueprint = Blueprint("listings", __name__)
PER_PAGE = 20
LATEST = 8
MOST_PAGES = 500
MOST_FEATURES = 1000
_OWN_PARAMETERS = frozenset({"page", "limit", "offset"})


@dataclass(frozen=True)
class Area:
    """A municipality on the search map, with how many homes it has."""

    code: str
    name: str
    count: int
    d: str
    x: float
    y: float
    url: str
    selected: bool


@blueprint.get("/")
def home() -> str:
    form = _form(MultiDict())
    criteria = form.criteria()
    rows, total = search.find(criteria, LATEST)
    counts = search.counts_by_municipality(criteria)
    summary = {"open": total, "municipalities": len(counts), "panoramas": search.count_with_panorama()}
    return render_template(
        "listings/home.html", form=form, total=total, latest=_cards(rows), counts=summary, **_map(counts, ())
    )


@blueprint.get("/listings/", endpoint="search")
def search_page() -> str:
    form = _form(request.args)
    criteria = form.criteria()
    problems = form.problems()
    number = _whole("page", 1, MOST_PAGES, 1, problems)
    rows, total = search.find(criteria, PER_PAGE, (number - 1) * PER_PAGE)
    page = Page(_cards(rows), total, number, PER_PAGE, lambda n: _url(page=n if n > 1 else None))
    chips = [(text, _url_without(name, value)) for name, value, text in form.chips()]
    return render_template(
        "listings/search.html",
        form=form,
        page=page,
        chips=chips,
        problems=list(problems.values()),
        clear_url=url_for("listings.search"),
        noindex=len(chips) > 2 or number > 1,
        **_map(search.counts_by_municipality(criteria), criteria.municipalities),
    )


@blueprint.get("/listings.geojson")
def geojson() -> Response:
    form = _form(request.args)
    problems = form.problems()
    limit = _whole("limit", 1, MOST_FEATURES, PER_PAGE, problems)
    offset = _whole("offset", 0, MOST_FEATURES * 1000, 0, problems)
    known = {field.name for field in form} | _OWN_PARAMETERS
    for name in request.args:
        if name not in known:
            problems[name] = gettext("パラメータ「%(name)s」はありません。", name=name[:40])
    if problems:
        body = {
            "type": "about:blank",
            "title": "Bad Request",
            "status": 400,
            "detail": " ".join(problems.values()),
            "errors": [{"parameter": name, "detail": detail} for name, detail in problems.items()],
        }
        return _json(body, "application/problem+json", 400)
    rows, total = search.find(form.criteria(), limit, offset)
    names = {m.code: filters.name(m) for m in municipality_search.all_municipalities()}
    body = {
        "type": "FeatureCollection",
        "numberMatched": total,
        "numberReturned": len(rows),
        "features": [_feature(row, names) for row in rows],
    }
    return _json(body, "application/geo+json")


@blueprint.get("/listings/<int(max=2147483647):listing_id>")
def show(listing_id: int) -> str:
    listing = search.public(listing_id)
    municipality = listing.municipality
    groups, missing = cards.facts(listing)
    everywhere = municipality_search.all_municipalities()
    around = [m for m in everywhere if m.prefecture_code == municipality.prefecture_code]
    names = {m.code: filters.name(m) for m in around}
    return render_template(
        "listings/show.html",
        listing=listing,
        title=cards.title(listing, filters.name(municipality)),
        place=f"{filters.name(municipality)} {listing.town}".strip(),
        municipality=municipality,
        photos=[cards.picture(photo) for photo in listing.photos],
        groups=groups,
        missing=missing,
        pictograms=cards.pictogram_groups(listing),
        map=cards.mini_map(listing, municipality, outlines(around), names),
        **parts.of_page(listing_id),
        closed=listing.status in CLOSED,
        status=listing.status,
        confirmed_on=listing.confirmed_on,
        contact=listing.contact or municipality.contact,
        noindex=listing.status in CLOSED,
    )


def _form(args: MultiDict[str, str]) -> SearchForm:
    municipalities = municipality_search.all_municipalities()
    return SearchForm(args, [(m.code, filters.name(m)) for m in municipalities], language())


def _cards(rows: Sequence[Any]) -> list[cards.Card]:
    municipalities = {m.code: m for m in municipality_search.all_municipalities()}
    photos = search.covers(row.id for row in rows)
    return [
        cards.card(
            row,
            municipalities[row.municipality_code],
            photos.get(row.id),
            lambda i: url_for("listings.show", listing_id=i),
        )
        for row in rows
    ]


def _map(counts: dict[str, int], selected: Sequence[str]) -> dict[str, Any]:
    municipalities = municipality_search.served()
    drawn = outlines(municipalities)
    names = {m.code: filters.name(m) for m in municipalities}
    areas = [
        Area(
            item.code,
            names[item.code],
            counts.get(item.code, 0),
            item.d,
            item.x,
            item.y,
            _url_with("municipality", item.code),
            item.code in selected,
        )
        for item in drawn.items
    ]
    return {"areas": areas, "area_viewbox": drawn.viewbox}


def _whole(name: str, least: int, most: int, default: int, problems: dict[str, str]) -> int:
    text = request.args.get(name, "")
    if not text:
        return default
    if not text.isascii() or not text.isdecimal() or not least <= int(text[:12]) <= most:
        problems[name] = gettext(
            "%(name)s=%(value)s は使えません。%(least)s〜%(most)s の整数で指定してください。",
            name=name,
            value=text[:40],
            least=least,
            most=f"{most:,}",
        )
        return default
    return int(text)


def _url(**changes: Any) -> str:
    args: dict[str, Any] = {name: request.args.getlist(name) for name in request.args if name != "page"}
    args = {name: kept for name, values in args.items() if (kept := [value for value in values if value])}
    args.update({name: value for name, value in changes.items() if value is not None})
    return url_for("listings.search", **args)


def _url_without(name: str, value: str) -> str:
    left = [kept for kept in request.args.getlist(name) if kept.strip() != value]
    return _url(**{name: left})


def _url_with(name: str, value: str) -> str:
    return _url(**{name: [value]})


def _feature(row: Any, names: dict[str, str]) -> dict[str, Any]:
    return {
        "type": "Feature",
        "id": row.id,
        "geometry": {"type": "Point", "coordinates": [row.lon, row.lat]},
        "properties": {
            "number": row.number,
            "municipality_code": row.municipality_code,
            "municipality": names[row.municipality_code],
            "title": cards.title(row, names[row.municipality_code]),
            "status": str(row.status),
            "deal": [str(deal) for deal in cards.deals(row)],
            "kind": str(row.kind),
            "price": row.price,
            "rent": row.rent,
            "floor_area": row.floor_area,
            "land_area": row.land_area,
            "built_year": row.built_on.year if row.built_on else None,
            "layout": row.layout or None,
            "features": pictograms.lit(row.features),
            "location": str(row.precision),
            "updated": row.updated_at.isoformat(timespec="seconds"),
            "url": url_for("listings.show", listing_id=row.id, _external=True),
        },
    }


def _json(body: dict[str, Any], mimetype: str, status: int = 200) -> Response:
    text = json.dumps(body, ensure_ascii=False, separators=(",", ":"))
    response = Response(text, status=status, mimetype=mimetype)
    if status == 200:
        response.headers["Access-Control-Allow-Origin"] = "*"
    return response
