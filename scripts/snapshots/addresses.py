"""List the addresses to open: public ones by a list, those of staff by the URL rules and the demonstration's ids."""

import itertools
import json
import re
from collections.abc import Iterator
from typing import Any
from urllib.parse import quote

from flask import Flask
from sqlalchemy import Connection, Engine, inspect, text

_MOST = 4
_NOWHERE = 999_999
QUERIES = [
    "", "q=庭", "q=海 古民家", "q=ありえない言葉", "q=%22%27%3B%00", "place=熊本市", "place=どこにもない", "near=130.7,32.8&radius_km=15",
    "near=130.7,32.8&sort=distance", "near=x", "radius_km=5", "bbox=130.5,32.5,131,33", "bbox=1,2", "municipality=43100&municipality=43202",
    "municipality=99999", "deal=sale", "deal=rent&rent_max=50000", "deal=sale&deal=rent&kind=land", "kind=house&rooms_min=5", "kind=castle",
    "feature=garden&feature=panorama", "feature=panorama", "feature=nothing", "tag=online", "outside=flood&outside=landslide",
    "outside=tsunami&unchecked=1", "price_min=1000000&price_max=5000000", "price_min=9000000&price_max=1", "price_max=三百万円", "floor_min=100&land_max=500",
    "built_since=1981", "station_max=800", "free=1", "live=1", "confirmed_days=30", "updated_since=2026-10-01", "updated_since=gestern",
    "sort=price&per_page=50", "sort=newest&page=3", "sort=nonsense", "page=999", "per_page=1000000", "unknown=1",
]  # fmt: skip
_FEEDS = ("/listings.geojson", "/listings.csv", "/listings.atom", "/listings/map.json")
_API_ITEMS = (
    "", "limit=3", "limit=3&offset=5", "limit=0", "limit=x", "bbox=130.5,32.5,131,33", "bbox=1", "datetime=2026-10-01/..", "datetime=x",
    "municipality=43100", "kind=house", "deal=sale", "unknown=1", "f=html", "f=json", "f=xml", "f=html&limit=2&offset=2", "crs=x",
)  # fmt: skip
_ERRORS = ("/nowhere", "/listings/999999", "/listings/x", "/listings/0", "/municipalities/99999", "/en/nowhere", "/staff/nowhere", "/media/nothing.jpg",
           "/static/nothing.css", "/api/nothing", "/api/collections/nothing", "/api/collections/nothing/items", "/opendata/listings.pdf", "/confirm/x",
           "/embed/listings/999999", "/listings/999999/tour.json", "/listings/999999/card", "/staff/welcome/x", "/staff/new-password/x", "/owners/receipt",
           "/staff/sign-in/code", "/listings", "/staff", "/prefecture", "/api", "/opendata", "/en", "/en/staff/", "/favicon.ico", "/styleguide",
           "/listings/?feature=a&feature=b&q=" + "x" * 300, "/%00", "/listings/../staff/")  # fmt: skip
AGAIN = ("/", "/en/", "/listings/", "/listings.geojson", "/listings.csv", "/listings.atom", "/municipalities/43100", "/opendata/", "/opendata/catalogue.jsonld", "/sitemap.xml",
         "/api/collections/listings/items?limit=5")  # fmt: skip
_ARGUMENT = re.compile(r"<(?:\w+(?:\([^)]*\))?:)?(\w+)>")


def public(rows: dict[str, list[Any]]) -> Iterator[str]:
    """Yield every public address: pages in both languages, feeds, open data and the API."""
    for prefix in ("", "/en"):
        yield f"{prefix}/"
        for query in QUERIES:
            yield f"{prefix}/listings/?{query}" if query else f"{prefix}/listings/"
        for number in rows["every listing"]:
            yield f"{prefix}/listings/{number}"
        for number in rows["every listing"][::10] + rows["tours"]:
            yield f"{prefix}/listings/{number}/card"
        for code in rows["every code"]:
            yield f"{prefix}/municipalities/{code}"
        for number in rows["tours"]:
            yield from (
                f"{prefix}/listings/{number}/tour.json",
                f"{prefix}/embed/listings/{number}",
                f"{prefix}/embed/listings/{number}?scene=2",
            )
        for path in (
            "/owners/apply",
            "/owners/apply/print",
            "/opendata/",
            "/api/",
            "/api/docs",
            "/api/openapi.json",
            "/api/conformance",
            "/api/collections",
        ):
            yield prefix + path
        yield from (f"{prefix}/owners/apply?municipality={code}" for code in rows["every code"][:2])
        yield from (f"{prefix}/owners/apply/print?municipality={code}" for code in rows["every code"][:2])
        yield from (
            f"{prefix}{feed}?{quote(query, safe='=&%,')}" for feed in _FEEDS for query in QUERIES[:: 6 if prefix else 1]
        )
        yield from (
            f"{prefix}/listings.geojson?{query}"
            for query in ("limit=2&offset=3", "limit=x", "facets=1", "limit=1&facets=1&deal=sale")
        )
        yield from (f"{prefix}/listings/map.json?zoom={zoom}" for zoom in (5, 9, 14, "x"))
        for name in ("listings", "municipalities", "homes"):
            yield from (
                f"{prefix}/api/collections/{name}{rest}" for rest in ("", "/schema", "?f=html", "/schema?f=html")
            )
            yield from (f"{prefix}/api/collections/{name}/items?{query}" for query in _API_ITEMS[:: 5 if prefix else 1])
            for item in (*rows["every listing"][:3], *rows["every code"][:2], "x", _NOWHERE):
                yield from (
                    f"{prefix}/api/collections/{name}/items/{item}",
                    f"{prefix}/api/collections/{name}/items/{item}?f=html",
                )
        yield from (f"{prefix}/api/{page}f=html" for page in ("?", "conformance?", "collections?", "openapi.json?"))
    yield from (f"/opendata/listings.{suffix}" for suffix in ("csv", "geojson", "jsonl"))
    yield from ("/opendata/dictionary.csv", "/opendata/catalogue.jsonld", "/sitemap.xml", "/robots.txt", "/healthz")
    yield from ("/staff/sign-in", "/staff/forgotten")
    yield from _ERRORS


def of_staff(app: Flask, rows: dict[str, list[Any]]) -> Iterator[str]:
    """Yield every address that only staff may GET, with ids of the demonstration."""
    for rule in sorted(app.url_map.iter_rules(), key=lambda rule: rule.rule):
        if "GET" not in (rule.methods or ()) or not rule.rule.startswith(("/staff", "/prefecture")):
            continue
        wanted = [_values(rule, argument, rows) for argument in _ARGUMENT.findall(rule.rule)]
        if "event_id" in rule.arguments:
            wanted = [rows["event_id/field"]]
            pattern = re.sub(r"<[^>]*event_id>/<[^>]*>", "<x>", rule.rule)
        else:
            pattern = rule.rule
        for values in itertools.product(*wanted):
            given = iter(values)
            yield _ARGUMENT.sub(lambda _found, given=given: quote(str(next(given)), safe="/"), pattern)  # type: ignore[misc]
    yield from _MORE


_MORE = (
    "/staff/?status=open", "/staff/?status=draft&sort=updated", "/staff/?q=見本", "/staff/?q=ありえない", "/staff/?page=2", "/staff/?page=x", "/staff/?per_page=10",
    "/staff/?need=review", "/staff/?need=missing", "/staff/?charge=me", "/staff/?charge=none&kind=house", "/staff/?overdue=30&sort=due",
    "/staff/?since=2026-11-01&sort=number", "/staff/?since=x", "/staff/?municipality=43202", "/staff/?status=nonsense", "/staff/listings.csv?status=open", "/staff/inquiries?kind=viewing",
    "/staff/inquiries?since=2026-10-01", "/staff/inquiries.csv?since=2026-10-01", "/staff/figures?month=2026-10", "/prefecture/?month=2026-09",
    "/prefecture/?since=2026-04&until=2026-09", "/prefecture/audit?kind=x", "/prefecture/audit?page=2", "/prefecture/municipalities?state=joined",
    "/prefecture/reports/monthly?since=2026-04&until=2026-09", "/prefecture/reports/monthly?fiscal_year=2026", "/prefecture/reports/monthly?since=x",
    "/prefecture/reports/monthly?since=2026-09&until=2026-04", "/prefecture/reports/monthly.csv?since=2026-04&until=2026-09",
    "/prefecture/reports/quality?municipality=43202", "/prefecture/reports/closings?fiscal_year=2026", "/prefecture/reports/closings.csv?years=3",
    "/prefecture/reports/ledger?municipality=99999", "/prefecture/reports/monthly.csv?table=nothing", "/prefecture/reports/origins?since=2026-01&until=2026-11",
    "/prefecture/reports/funnel?since=2026-01&until=2026-11", "/prefecture/reports/nothing", "/prefecture/reports/monthly.doc",
)  # fmt: skip


def _values(rule: Any, argument: str, rows: dict[str, list[Any]]) -> list[Any]:
    offered = getattr(rule._converters[argument], "items", None)  # <any(csv,xlsx,pdf):suffix>
    if offered:
        return sorted(offered)
    return rows.get(argument) or ["x" if "int" not in argument and not argument.endswith("_id") else _NOWHERE]


def rows(engine: Engine) -> dict[str, list[Any]]:
    """Return a few ids of each kind by the name of the rules' argument, those of the first clerk first."""
    with engine.connect() as connection:
        found = _listings(connection)
        known = set(inspect(engine).get_table_names())
        tables = {
            "scene_id": "scene", "document_id": "owner_document", "co_owner_id": "co_owner", "bulletin_id": "bulletin", "message_id": "message",
            "import_id": "ledger_import",
        }  # fmt: skip
        for argument, table in tables.items():
            query = f"SELECT id FROM {table} ORDER BY id LIMIT {_MOST}"  # noqa: S608
            found[argument] = _column(connection, query) if table in known else []
        found["staff_id"] = _column(connection, "SELECT id FROM staff ORDER BY id")
        inquiries = "SELECT id FROM inquiry WHERE municipality_code = :code ORDER BY id"
        found["inquiry_id"] = [*_column(connection, inquiries, code=found["code"][0])[:3], 1]
        found["photo_id"] = _photos(connection, found["listing_id"])
        found["event_id/field"] = _events(connection, found["code"][0])
    return found


def _column(connection: Connection, query: str, **given: str) -> list[Any]:
    return list(connection.execute(text(query), given).scalars())


def _listings(connection: Connection) -> dict[str, list[Any]]:
    # The clerk and the reader belong to one municipality, the other clerk to another; later accounts have higher ids.
    staffed = "SELECT municipality_code FROM staff WHERE municipality_code IS NOT NULL ORDER BY id LIMIT 3"
    own, _own, other = _column(connection, staffed)
    every = connection.execute(text("SELECT id, municipality_code, status FROM listing ORDER BY id")).all()
    tours = _column(connection, "SELECT DISTINCT listing_id FROM scene ORDER BY listing_id")
    samples: dict[tuple[str, str], int] = {}
    for number, code, status in every:
        if code in (own, other):
            samples.setdefault((code, status), number)
    closed = {status: number for number, _code, status in every}
    picked = sorted({*samples.values(), *closed.values(), *tours})
    return {
        "every listing": [number for number, _code, _status in every],
        "every code": _column(connection, "SELECT code FROM municipality ORDER BY code"),
        "listing_id": [*picked, _NOWHERE],
        "code": [own, other, "43531", "99999"],
        "own": [number for number, code, _status in every if code == own],
        "tours": tours,
    }


def _photos(connection: Connection, listings: list[int]) -> list[int]:
    numbers = ",".join(map(str, listings))
    query = f"SELECT min(id) FROM photo WHERE listing_id IN ({numbers}) GROUP BY listing_id ORDER BY 1 LIMIT {_MOST}"  # noqa: S608
    return _column(connection, query)


def _events(connection: Connection, code: str) -> list[str]:
    """Return some changes in the form in which the history page addresses them: event/field."""
    query = "SELECT e.id, e.changes FROM listing_event e JOIN listing l ON l.id = e.listing_id WHERE l.municipality_code = :code ORDER BY e.id"
    pairs = []
    for number, changes in connection.execute(text(query), {"code": code}):
        fields = json.loads(changes) if isinstance(changes, str) else changes or {}
        pairs += [f"{number}/{field}" for field in list(fields)[:2]]
    return [*pairs[:: max(1, len(pairs) // 10)], f"{_NOWHERE}/price"]
