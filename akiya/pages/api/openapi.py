"""The OpenAPI 3.0 document of the API, in the page's language."""

from collections.abc import Sequence

from akiya.catalogue import readers
from akiya.catalogue.parameters import PARAMETERS
from akiya.catalogue.records import RecordColumn
from akiya.language import gettext
from akiya.opendata import licence
from akiya.opendata.files import schema as value_of
from akiya.pages.api.collections import COLLECTIONS, Collection
from akiya.pages.api.parameters import FORMS, MOST_FEATURES, MOST_OFFSET, PER_ANSWER, SEARCHED
from akiya.values import JsonObject
from akiya.web.problems import GEOJSON, HTML, JSON

MEDIA_TYPE = "application/vnd.oai.openapi+json;version=3.0"
SCHEMA = "application/schema+json"


def _parameter(name: str, text: str, schema: JsonObject, place: str = "query", *, several: bool = False) -> JsonObject:
    told: JsonObject = {"name": name, "in": place, "required": place == "path", "description": text, "schema": schema}
    if schema["type"] == "array":
        # A list of words is written as repeated parameters (kind=house&kind=land), a point or a box with commas.
        told |= {"style": "form", "explode": several}
    return told


def _form() -> JsonObject:
    schema = {"type": "string", "enum": list(FORMS)}
    return _parameter("f", gettext("答えの形。なければ Accept ヘッダーによります"), schema)


def _paging() -> list[JsonObject]:
    return [
        _form(),
        _parameter(
            "limit",
            gettext("一度に返す件数。多すぎるときは上限まで"),
            {"type": "integer", "minimum": 1, "maximum": MOST_FEATURES, "default": PER_ANSWER},
        ),
        _parameter(
            "offset",
            gettext("とばす件数"),
            {"type": "integer", "minimum": 0, "maximum": MOST_OFFSET, "default": 0},
        ),
        _parameter(
            "bbox",
            gettext("範囲。西経度,南緯度,東経度,北緯度（CRS84）。高さを含む6つの数でもよい"),
            readers.BOX.schema,
        ),
        _parameter(
            "datetime",
            gettext("更新日時（updated_at）。日、日時、または 2026-04-01/.. のような期間"),
            {"type": "string"},
        ),
    ]


def _answer(text: str, *forms: tuple[str, str]) -> JsonObject:
    content = {kind: {"schema": {"$ref": f"#/components/schemas/{name}"}} for kind, name in forms}
    return {"description": text, "content": content | {HTML: {"schema": {"type": "string"}}}}


def _get(summary: str, operation: str, parameters: list[JsonObject], answer: JsonObject, *problems: str) -> JsonObject:
    refused = {status: {"$ref": f"#/components/responses/{status}"} for status in ("400", *problems, "429", "500")}
    told = {"summary": summary, "operationId": operation, "parameters": parameters}
    return {"get": {**told, "responses": {"200": answer, **refused}}}


def _collection(collection: Collection) -> JsonObject:
    title, name = collection.label, collection.name
    path, own = f"/collections/{name}", name.title()
    search = [
        _parameter(one.name, gettext(one.label), one.reader.schema, several=one.several)
        for one in sorted(PARAMETERS.values(), key=lambda one: one.topic)
        if one.name in SEARCHED
    ]
    item = _parameter("id", gettext("番号（ID）"), {"type": "string"}, "path")
    facts = {"description": gettext("項目の型と意味"), "content": {SCHEMA: {"schema": {"type": "object"}}}}
    return {
        path: _get(title, f"get{own}", [_form()], _answer(title, (JSON, "collection"))),
        f"{path}/schema": _get(gettext("%(name)sの項目", name=title), f"get{own}Schema", [], facts),
        f"{path}/items": _get(
            gettext("%(name)sをさがす", name=title),
            f"find{own}",
            [*_paging(), *(search if collection.searched else [])],
            _answer(gettext("条件に合うもの"), (GEOJSON, f"{name}Collection")),
        ),
        f"{path}/items/{{id}}": _get(
            gettext("%(name)sの1件", name=title),
            f"get{own}Item",
            [item, _form()],
            _answer(gettext("1件"), (GEOJSON, f"{name}Feature")),
            "404",
        ),
    }


def _properties(columns: Sequence[RecordColumn]) -> JsonObject:
    return {
        column.name: {"title": column.label, **value_of(column)}
        for column in columns
        if column.name not in ("lon", "lat")
    }


def _nullable(schema: JsonObject) -> JsonObject:
    """Return the OpenAPI 3.0 schema of a value that may be null."""
    if schema["type"] == "array":
        return schema
    return {**schema, "nullable": True, **({"enum": [*schema["enum"], None]} if "enum" in schema else {})}


def _feature(collection: Collection, properties: JsonObject) -> JsonObject:
    number = next(column for column in collection.columns if column.name == "id")
    point = {
        "type": "object",
        "required": ["type", "coordinates"],
        "properties": {"type": {"type": "string", "enum": ["Point"]}, "coordinates": readers.POINT.schema},
    }
    return {
        "type": "object",
        "required": ["type", "id", "geometry", "properties"],
        "properties": {
            "type": {"type": "string", "enum": ["Feature"]},
            "id": value_of(number),
            "geometry": point,
            "properties": {"type": "object", "properties": properties},
        },
    }


def json_schema(collection: Collection, address: str) -> JsonObject:
    """Return the JSON Schema of a feature of the collection: the types of the values that are stated.

    `address` is that of the schema itself. That any property may be null is left out, because GDAL reads a property
    with two types as text.
    """
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": address,
        "title": collection.label,
        "description": gettext("項目は、分からないとき null になります。"),
        **_feature(collection, _properties(collection.columns)),
    }


def _schemas() -> JsonObject:
    link = {
        "type": "object",
        "required": ["href", "rel"],
        "properties": {name: {"type": "string"} for name in ("href", "rel", "type", "title", "hreflang")},
    }
    links = {"type": "array", "items": {"$ref": "#/components/schemas/link"}}
    text = {"type": "string"}
    schemas: JsonObject = {
        "link": link,
        "landing": {"type": "object", "required": ["links"], "properties": {"title": text, "description": text, "links": links}},
        "conformance": {
            "type": "object",
            "required": ["conformsTo"],
            "properties": {"conformsTo": {"type": "array", "items": text}},
        },
        "collection": {
            "type": "object",
            "required": ["id", "links"],
            "properties": {
                **dict.fromkeys(("id", "title", "description", "itemType"), text),
                "links": links,
                "extent": {"type": "object"},
                "crs": {"type": "array", "items": text},
            },
        },
        "collections": {
            "type": "object",
            "required": ["links", "collections"],
            "properties": {
                "links": links,
                "collections": {"type": "array", "items": {"$ref": "#/components/schemas/collection"}},
            },
        },
        "problem": {
            "type": "object",
            "required": ["title", "status", "detail"],
            "properties": {
                **dict.fromkeys(("type", "title", "detail"), text),
                "status": {"type": "integer"},
                "errors": {"type": "array", "items": {"type": "object", "properties": {"parameter": text, "detail": text}}},
            },
        },
    }  # fmt: skip
    for collection in COLLECTIONS.values():
        schemas |= _feature_schemas(collection, links)
    return schemas


def _feature_schemas(collection: Collection, links: JsonObject) -> JsonObject:
    name, count = f"{collection.name}Feature", {"type": "integer", "minimum": 0}
    nullable = {key: _nullable(schema) for key, schema in _properties(collection.columns).items()}
    feature = _feature(collection, nullable)
    feature["properties"]["links"] = links
    return {
        name: feature,
        f"{collection.name}Collection": {
            "type": "object",
            "required": ["type", "features", "numberMatched", "numberReturned", "links"],
            "properties": {
                "type": {"type": "string", "enum": ["FeatureCollection"]},
                "features": {"type": "array", "items": {"$ref": f"#/components/schemas/{name}"}},
                "numberMatched": count,
                "numberReturned": count,
                "links": links,
            },
        },
    }


def openapi(site_name: str, address: str) -> JsonObject:
    """Return the OpenAPI document of the API at `address`."""
    problem = {"application/problem+json": {"schema": {"$ref": "#/components/schemas/problem"}}}
    problems = {
        "400": gettext("使えないパラメータがあります"),
        "404": gettext("その番号のものはありません"),
        "429": gettext("短い時間に多すぎます。Retry-After 秒だけ待ってください"),
        "500": gettext("サーバーの側の問題です"),
    }
    paths = {
        "/": _get(gettext("入口"), "getLandingPage", [_form()], _answer(gettext("入口"), (JSON, "landing"))),
        "/conformance": _get(
            gettext("従っている規格"),
            "getConformance",
            [_form()],
            _answer(gettext("規格の一覧"), (JSON, "conformance")),
        ),
        "/collections": _get(
            gettext("データの一覧"),
            "getCollections",
            [_form()],
            _answer(gettext("データの一覧"), (JSON, "collections")),
        ),
    }
    for collection in COLLECTIONS.values():
        paths |= _collection(collection)
    return {
        "openapi": "3.0.3",
        "info": {
            "title": gettext("%(name)s API", name=site_name),
            "version": "1.0.0",
            "description": gettext("公開している空き家のデータを、OGC API – Features の形で返します。"),
            "license": {"name": gettext(licence.NAME), "url": gettext(licence.URL)},
        },
        "servers": [{"url": address}],
        "paths": paths,
        "components": {
            "schemas": _schemas(),
            "responses": {status: {"description": text, "content": problem} for status, text in problems.items()},
        },
    }
