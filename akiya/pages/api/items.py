"""OGC API - Features (Core, OpenAPI 3.0, GeoJSON, HTML): the open data for programs, and the same as plain pages."""

from collections.abc import Mapping
from typing import Any  # as url_for takes it

from flask import Blueprint, Response, render_template, request, url_for

from akiya.catalogue.records import feature, in_words
from akiya.errors import Invalid, NotFound
from akiya.language import gettext
from akiya.municipalities import search as municipalities
from akiya.opendata import licence, service
from akiya.opendata.files import json_text
from akiya.pages.api import collections, parameters
from akiya.pages.api import openapi as document
from akiya.pages.api.collections import COLLECTIONS, Collection
from akiya.values import JsonObject, Values
from akiya.web import running
from akiya.web.problems import GEOJSON, HTML, JSON, problem

blueprint = Blueprint("api", __name__, url_prefix="/api")
CRS84 = "http://www.opengis.net/def/crs/OGC/1.3/CRS84"
CONFORMS_TO = [
    f"http://www.opengis.net/spec/ogcapi-features-1/1.0/conf/{part}" for part in ("core", "oas30", "html", "geojson")
]
Link = dict[str, str]


@blueprint.errorhandler(Invalid)
def _refused(error: Invalid) -> Response:
    return problem(400, str(error), error.errors)


@blueprint.errorhandler(NotFound)
def _not_there(error: NotFound) -> Response:
    return problem(404, str(error))


@blueprint.after_request
def _for_every_site(response: Response) -> Response:
    response.headers["Access-Control-Allow-Origin"] = "*"
    response.headers["Access-Control-Expose-Headers"] = "ETag, Link, Retry-After"
    if request.method == "OPTIONS":
        response.headers["Access-Control-Allow-Methods"] = "GET, HEAD, OPTIONS"
        response.headers["Access-Control-Allow-Headers"] = "*"
    if "f" not in request.args:
        response.vary.add("Accept")
    return response


def _site() -> str:
    return request.root_url.rstrip("/")


def _link(rel: str, media_type: str, title: str, href: str) -> Link:
    return {"rel": rel, "type": media_type, "title": title, "href": href}


def _to(endpoint: str, rel: str, media_type: str, title: str, **values: Any) -> Link:
    return _link(rel, media_type, title, url_for(endpoint, _external=True, **values))


def _itself(form: str, media_type: str = JSON, **changes: Any) -> list[Link]:
    """Return the links to this response and to its other format."""
    media = {"json": media_type, "html": HTML}
    other = "json" if form == "html" else "html"
    rels = (("self", form, gettext("この文書")), ("alternate", other, gettext("ほかの形")))
    return [_link(rel, media[kind], title, _here(f=kind, **changes)) for rel, kind, title in rels]


def _here(**changes: Any) -> str:
    """Return the address of this request with these parameters changed."""
    values: Values = {**(request.view_args or {}), **request.args.to_dict(flat=False), **changes}
    return url_for(request.endpoint or "", _external=True, **values)


def _licence_link() -> Link:
    return _link("license", HTML, gettext(licence.NAME), gettext(licence.URL))


def _answer(form: str, body: Mapping[str, object], template: str, media_type: str = JSON, **values: object) -> Response:
    if form == "html":
        return Response(render_template(f"api/{template}.html", body=body, noindex=True, **values))
    return Response(json_text(body), mimetype=media_type)


@blueprint.get("/")
def landing() -> Response:
    """Return the landing page, with links to everything else."""
    form = parameters.form()
    body = {
        "title": gettext("%(name)s API", name=municipalities.site_name()),
        "description": gettext("公開している空き家のデータを、OGC API – Features の形で返します。"),
        "attribution": service.citation(url_for("opendata.index", _external=True)),
        "links": [
            *_itself(form),
            _to("api.openapi", "service-desc", document.MEDIA_TYPE, gettext("OpenAPI の文書")),
            _to("api.docs", "service-doc", HTML, gettext("APIの説明")),
            _to("api.conformance", "conformance", JSON, gettext("従っている規格")),
            _to("api.all_collections", "data", JSON, gettext("データの一覧")),
            _licence_link(),
        ],
    }
    return _answer(form, body, "resource")


@blueprint.get("/conformance")
def conformance() -> Response:
    """Return the conformance classes that the API implements."""
    form = parameters.form()
    body = {"title": gettext("従っている規格"), "conformsTo": CONFORMS_TO, "links": _itself(form)}
    return _answer(form, body, "resource")


@blueprint.get("/openapi.json")
def openapi() -> Response:
    """Return the OpenAPI document."""
    parameters.form()  # refuses other parameters
    return Response(json_text(_document()), content_type=document.MEDIA_TYPE)


@blueprint.get("/docs")
def docs() -> str:
    """Show the OpenAPI document as a page for people."""
    parameters.form()  # refuses other parameters
    return render_template("api/docs.html", document=_document())


def _document() -> JsonObject:
    return document.openapi(municipalities.site_name(), url_for("api.landing", _external=True).rstrip("/"))


@blueprint.get("/collections")
def all_collections() -> Response:
    """Return the description of every collection."""
    form = parameters.form()
    found = [_described(collection) for collection in COLLECTIONS.values()]
    body = {"title": gettext("データの一覧"), "links": [*_itself(form), _licence_link()], "collections": found}
    return _answer(form, body, "resource")


@blueprint.get("/collections/<name>")
def one_collection(name: str) -> Response:
    """Return the description of one collection."""
    collection, form = _collection(name), parameters.form()
    body = _described(collection)
    return _answer(form, {**body, "links": [*_itself(form), *body["links"]]}, "resource")


def _collection(name: str) -> Collection:
    if name not in COLLECTIONS:
        raise NotFound(gettext("このデータはありません。データの一覧から選んでください。"))
    return COLLECTIONS[name]


def _described(collection: Collection) -> JsonObject:
    title, box = collection.label, collections.extent(collection)
    return {
        "id": collection.name,
        "title": title,
        "description": gettext(collection.text),
        "itemType": "feature",
        "crs": [CRS84],
        **({"extent": {"spatial": {"bbox": [list(box)], "crs": CRS84}}} if box else {}),
        "links": [
            _to("api.items", "items", GEOJSON, title, name=collection.name, f="json"),
            _to("api.items", "items", HTML, title, name=collection.name, f="html"),
            # The registered name, and the one that GDAL before 3.7 understands.
            *[
                _to("api.schema", rel, document.SCHEMA, gettext("項目の型と意味"), name=collection.name)
                for rel in ("describedby", "describedBy")
            ],
            _licence_link(),
        ],
    }


@blueprint.get("/collections/<name>/schema")
def schema(name: str) -> Response:
    """Return the JSON Schema of the collection's items."""
    collection = _collection(name)
    parameters.form()  # refuses other parameters
    body = document.json_schema(collection, url_for("api.schema", name=name, _external=True))
    return Response(json_text(body), mimetype=document.SCHEMA)


@blueprint.get("/collections/<name>/items")
def items(name: str) -> Response:
    """Return the items of the collection that match, one page at a time."""
    collection = _collection(name)
    want = parameters.items(collection)
    found = collections.find(collection, want.criteria, want.limit, want.offset, _site(), running.storage())
    paging = [
        _link(rel, HTML if want.form == "html" else GEOJSON, title, _here(f=want.form, offset=offset))
        for rel, title, offset in (
            ("prev", gettext("前のページ"), max(0, want.offset - want.limit) if want.offset else None),
            ("next", gettext("次のページ"), want.offset + want.limit),
        )
        if offset is not None and (rel == "prev" or offset < found.total)
    ]
    body = {
        "type": "FeatureCollection",
        "numberMatched": found.total,
        "numberReturned": len(found.records),
        "links": [
            *_itself(want.form, GEOJSON),
            *paging,
            _to("api.one_collection", "collection", JSON, gettext("データについて"), name=name),
        ],
        "features": [feature(record) for record in found.records],
    }
    shown = {"collection": collection, "found": found, "first": want.offset + 1}
    return _answer(want.form, body, "items", GEOJSON, **shown)


@blueprint.get("/collections/<name>/items/<item_id>")
def item(name: str, item_id: str) -> Response:
    """Return one item of the collection."""
    collection, form = _collection(name), parameters.form()
    record = collections.one(collection, item_id, _site(), running.storage())
    links = [
        *_itself(form, GEOJSON),
        _to("api.one_collection", "collection", JSON, gettext("データについて"), name=name),
        _link("related", HTML, gettext("この物件・市町村のページ"), record["url"]),
        _licence_link(),
    ]
    body = {**feature(record), "links": links}
    return _answer(form, body, "item", GEOJSON, collection=collection, record=record, in_words=in_words)
