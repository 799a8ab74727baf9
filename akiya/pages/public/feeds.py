"""The search for programs, with the page's parameters: GeoJSON, CSV, Atom, and the points of the interactive map."""

import json
from datetime import datetime, time
from xml.etree import ElementTree

from flask import Blueprint, Response, request, stream_with_context
from werkzeug.wrappers import Response as AnyResponse

from akiya import formatting, geo
from akiya.catalogue import records
from akiya.catalogue.answer import SearchResult, version
from akiya.catalogue.parameters import NAMES
from akiya.catalogue.question import Question
from akiya.language import gettext, language
from akiya.listings import search, titles
from akiya.listings.models import Listing
from akiya.municipalities import search as municipalities
from akiya.pages import cards, search_request
from akiya.pages.public import card_cache
from akiya.tabular.csv import csv_lines
from akiya.values import JsonObject
from akiya.web import filters, running
from akiya.web.caching import PUBLIC
from akiya.web.problems import problem

blueprint = Blueprint("feeds", __name__)
PER_ANSWER = 20
MOST_FEATURES = 1000
MOST_OFFSET = 1_000_000
MOST_PINS = 2000
_ENTRIES = 50
_OWN_PARAMETERS = frozenset({"limit", "offset", "page", "facets", "zoom"})
_ATOM = "http://www.w3.org/2005/Atom"
_GEORSS = "http://www.georss.org/georss"
ElementTree.register_namespace("georss", _GEORSS)


def _asked() -> tuple[Question, dict[str, str]]:
    """Return the search, and a message for each parameter that cannot be used: programs get an error, not a guess."""
    question = search_request.question_of(request.args)
    problems = dict(question.problems)
    for name in request.args:
        if name not in NAMES | _OWN_PARAMETERS:
            problems[name] = gettext("パラメータ「%(name)s」はありません。", name=name[:40])
    return question, problems


def _refused(problems: dict[str, str]) -> Response:
    return problem(400, " ".join(problems.values()), problems)


def _json(text: str, mimetype: str) -> Response:
    return Response(text, mimetype=mimetype, headers={"Access-Control-Allow-Origin": "*"})


@blueprint.get("/listings.geojson")
def geojson() -> Response:
    """Return homes as GeoJSON with the exact total and, with `facets=1`, the count behind every choice."""
    question, problems = _asked()
    limit = search_request.whole("limit", 1, MOST_FEATURES, question.values.get("per_page") or PER_ANSWER, problems)
    page = search_request.whole("page", 1, MOST_OFFSET, 1, problems)
    offset = search_request.whole("offset", 0, MOST_OFFSET, (page - 1) * limit, problems)
    if problems:
        return _refused(problems)
    answer = SearchResult(question.criteria())
    features = card_cache.features(answer.ids(limit, offset))
    head = f'{{"type":"FeatureCollection","numberMatched":{answer.total},"numberReturned":{len(features)}'
    if request.args.get("facets") == "1":
        facets = answer.facets()
        counts = {**facets.counts, "unchecked": {"1": facets.unchecked}} if answer.criteria.outside else facets.counts
        head += f',"facets":{json.dumps(counts, separators=(",", ":"))}'
    return _json(f'{head},"features":[{",".join(features)}]}}', "application/geo+json")


@blueprint.get("/listings/map.json")
def map_data() -> Response:
    """Return up to MOST_PINS homes one by one, of more how many are in each cell of a grid that fits the zoom."""
    question, problems = _asked()
    zoom = search_request.whole("zoom", 0, 22, 9, problems)
    if problems:
        return _refused(problems)
    answer = SearchResult(question.criteria())
    body: JsonObject = {"numberMatched": answer.total, "bounds": answer.box(), "homes": [], "clusters": []}
    if answer.total <= MOST_PINS:
        names = {m.code: formatting.name(m) for m in municipalities.all_municipalities()}
        body["homes"] = [
            cards.pin(row, names[row.municipality_code], card_cache.address_of(row.id))
            for row in search.rows(answer.ids(MOST_PINS))
        ]
    else:
        # Degrees for about 80 pixels of a map whose world is 256 pixels wide at zoom 0.
        found = answer.clusters(360 / 2**zoom * 80 / 256)
        body["clusters"] = [{"lon": c.centre[0], "lat": c.centre[1], "count": c.count, "bbox": c.box} for c in found]
    return _json(json.dumps(body, ensure_ascii=False, separators=(",", ":")), "application/json")


@blueprint.get("/listings.csv")
def csv() -> AnyResponse:
    """Stream all homes of the search as CSV."""
    question, problems = _asked()
    if problems:
        return _refused(problems)
    answer, site = SearchResult(question.criteria()), request.root_url.rstrip("/")
    lines = csv_lines(records.table(records.records(answer.ids(answer.total), site, running.storage())))
    response = Response(stream_with_context(lines), mimetype="text/csv")
    response.headers["Content-Disposition"] = 'attachment; filename="akiya.csv"'
    response.headers["Cache-Control"] = PUBLIC
    # The table is never complete in memory, so its ETag is that of the data it is made from.
    response.set_etag(f"{version()}-{filters.today():%Y%m%d}", weak=True)
    return response.make_conditional(request)


@blueprint.get("/listings.atom")
def atom() -> Response:
    """Return the first homes of the search as an Atom feed."""
    question, problems = _asked()
    if problems:
        return _refused(problems)
    rows = search.rows(SearchResult(question.criteria()).ids(_ENTRIES))
    names = {m.code: formatting.name(m) for m in municipalities.all_municipalities()}
    prefecture = municipalities.prefecture()
    site = gettext("%(name)s空き家バンク", name=formatting.name(prefecture)) if prefecture else gettext("空き家バンク")
    feed = ElementTree.Element(f"{{{_ATOM}}}feed", {"{http://www.w3.org/XML/1998/namespace}lang": language()})
    here, page = search_request.url("feeds.atom", external=True), search_request.url("listings.search", external=True)
    chips = "、".join(text for _name, _value, text in question.chips())
    _add(feed, "id", here)
    _add(feed, "title", f"{site}：{chips}" if chips else site)
    # A feed without entries has the time at which today began.
    newest = max((row.updated_at for row in rows), default=datetime.combine(filters.today(), time(), geo.JAPAN_TIME))
    _add(feed, "updated", newest.isoformat(timespec="seconds"))
    _add(feed, "link", rel="self", href=here, type="application/atom+xml")
    _add(feed, "link", rel="alternate", href=page, type="text/html")
    _add(_add(feed, "author"), "name", site)
    for row in rows:
        _entry(feed, row, names)
    text = ElementTree.tostring(feed, encoding="unicode", default_namespace=None)
    return Response(f'<?xml version="1.0" encoding="UTF-8"?>\n{text}\n', mimetype="application/atom+xml")


def _entry(feed: ElementTree.Element, row: Listing, names: dict[str, str]) -> None:
    entry, address = _add(feed, "entry"), card_cache.address_of(row.id, external=True)
    name = names[row.municipality_code]
    _add(entry, "id", address)
    _add(entry, "title", titles.title(row, name))
    _add(entry, "updated", row.updated_at.isoformat(timespec="seconds"))
    if row.published_on:
        _add(entry, "published", datetime.combine(row.published_on, time(), geo.JAPAN_TIME).isoformat())
    _add(entry, "link", rel="alternate", href=address, type="text/html")
    _add(entry, "category", term=row.municipality_code, label=name)
    _add(entry, "summary", f"{name} {row.town} {cards.summary(row)}".strip())
    point = ElementTree.SubElement(entry, f"{{{_GEORSS}}}point")
    point.text = f"{row.lat} {row.lon}"


def _add(parent: ElementTree.Element, name: str, text: str = "", **attributes: str) -> ElementTree.Element:
    element = ElementTree.SubElement(parent, f"{{{_ATOM}}}{name}", attributes)
    # XML 1.0 allows no other control characters.
    element.text = "".join(c for c in text if c >= " " or c in "\t\n\r") or None
    return element
