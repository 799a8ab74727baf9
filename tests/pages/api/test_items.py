"""OGC API – Features: the response at each address, and what is refused and how."""

from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask
from jsonschema import Draft202012Validator
from openapi_spec_validator import validate

from akiya.catalogue.parameters import NAMES as PARAMETERS
from akiya.catalogue.records import COLUMNS
from akiya.db import transaction
from akiya.listings.models import Listing
from akiya.pages.api import openapi
from akiya.pages.api.parameters import SEARCHED
from akiya.web.caching import PUBLIC
from tests import factories
from tests.factories import A, B
from tests.pages.browser import Browser

ITEMS = "/api/collections/listings/items"
PLACES = "/api/collections/municipalities/items"


def ids(visit: Browser, query: str = "", path: str = ITEMS) -> list:
    return [feature["id"] for feature in visit.client.get(f"{path}?{query}").get_json()["features"]]


def problem(visit: Browser, path: str, status: int = 400) -> dict:
    answer = visit.client.get(path)
    assert answer.status_code == status, answer.get_data(as_text=True)
    assert answer.mimetype == "application/problem+json"
    assert answer.headers["Access-Control-Allow-Origin"] == "*"
    told = answer.get_json()
    assert told["status"] == status
    assert told["detail"]
    return told


def test_the_landing_page_leads_to_everything(visit: Browser, homes) -> None:
    links = visit.client.get("/api/").get_json()["links"]
    rels = {link["rel"] for link in links}
    assert rels >= {"self", "alternate", "service-desc", "service-doc", "conformance", "data", "license"}
    for link in links:
        if link["href"].startswith("http://localhost"):
            answer = visit.client.get(link["href"].removeprefix("http://localhost"), headers={"Accept": link["type"]})
            assert answer.status_code == 200, link
            assert answer.content_type.split(";")[0] == link["type"].split(";")[0], link
    assert visit.client.get("/api").location.endswith("/api/")
    conforms = visit.client.get("/api/conformance").get_json()["conformsTo"]
    assert "http://www.opengis.net/spec/ogcapi-features-1/1.0/conf/core" in conforms


def test_items_are_the_open_homes_with_every_public_fact(visit: Browser, homes) -> None:
    answer = visit.client.get(ITEMS)
    assert answer.mimetype == "application/geo+json"
    found = answer.get_json()
    assert (found["numberMatched"], found["numberReturned"]) == (2, 2)
    house = next(feature for feature in found["features"] if feature["id"] == homes["house"])
    facts = house["properties"]
    assert facts.keys() == {column.name for column in COLUMNS} - {"lon", "lat"}
    assert (facts["local_government_code"], facts["municipality"]) == ("432148", A)
    assert (facts["name"], facts["price"], facts["kind"], facts["status"]) == ("阿蘇の平屋", 4_800_000, "house", "open")
    assert facts["remarks"] == "川の\n近く"
    assert "sale" in facts["pictograms"]
    assert facts["url"] == f"http://localhost/listings/{homes['house']}"
    (photo,) = facts["photos"]
    assert visit.status(photo.removeprefix("http://localhost")) == 200
    assert (facts["tour_url"], facts["attribution"], facts["pets"]) == (None, None, None)
    one = visit.client.get(f"{ITEMS}/{homes['house']}")
    assert one.mimetype == "application/geo+json"
    told = one.get_json()
    assert {link["rel"] for link in told.pop("links")} >= {"self", "alternate", "collection"}
    assert told == house
    for gone in (homes["closed"], homes["draft"], 2**31, "x", "1e3", "１"):
        problem(visit, f"{ITEMS}/{gone}", 404)


def test_municipalities_have_contact_conditions_and_counts(visit: Browser, app: Flask, homes) -> None:
    found = visit.client.get(f"{PLACES}?limit=1000").get_json()
    assert found["numberMatched"] == 45
    aso = visit.client.get(f"{PLACES}/{A}").get_json()
    facts = aso["properties"]
    assert (facts["name"], facts["local_government_code"]) == ("阿蘇市", "432148")
    assert (facts["homes"], facts["homes_for_sale"], facts["homes_for_rent"], facts["homes_with_panorama"]) == (
        1,
        1,
        0,
        0,
    )
    lon, lat = aso["geometry"]["coordinates"]
    assert ids(visit, f"bbox={lon},{lat},{lon},{lat}", PLACES) == [A]
    assert len(ids(visit, "datetime=2000-01-01&limit=45", PLACES)) == 45
    assert problem(visit, f"{PLACES}?kind=house")["errors"][0]["parameter"] == "kind"
    problem(visit, f"{PLACES}/99999", 404)


def test_the_criteria_of_the_search_narrow_the_items(visit: Browser, homes) -> None:
    house, shop = homes["house"], homes["shop"]
    for query, expected in {
        f"municipality={A}": {house}, f"municipality={A}&municipality={B}": {house, shop}, "kind=business": {shop},
        "kind=house&kind=business": {house, shop}, "deal=rent": {shop}, "price_max=4800000": {house}, "price_max=4799999": set(),
        "rent_min=45000": {shop}, "floor_min=120.5": {house}, "rooms_min=5": {house}, "feature=sale": {house}, "q=平屋": {house},
        "bbox=131,32.9,131.1,33": {house}, "bbox=131,32.9,-5,131.1,33,9000": {house}, "near=131.04,32.95&radius_km=1": {house}, "f=json": {house, shop},
    }.items():  # fmt: skip
        assert set(ids(visit, query)) == expected, query
    assert ids(visit, "sort=price_asc")[0] == house


def test_datetime_asks_for_the_last_change(visit: Browser, app: Flask, homes) -> None:
    noon = datetime(2026, 4, 1, 3, 0, 0, 500, tzinfo=UTC)  # twelve o'clock in Japan
    with app.app_context(), transaction() as session:
        session.get(Listing, homes["house"]).updated_at = noon
        session.get(Listing, homes["shop"]).updated_at = noon + timedelta(days=1)
    house, shop = homes["house"], homes["shop"]
    for asked, expected in {
        "2026-04-01": {house}, "2026-04-02/..": {shop}, "../2026-04-01": {house}, "2026-04-01/2026-04-02": {house, shop},
        "2026-04-01T03:00:00Z": {house}, "2026-04-01t12:00:00%2B09:00": {house}, "2026-04-01T03:00:01Z/": {shop}, "/2026-03-31": set(),
        "2026-04-02T00:00:00Z/2026-04-02T03:00:00Z": {shop}, "9999-12-31/..": set(), "0001-01-01/..": {house, shop},
    }.items():  # fmt: skip
        assert set(ids(visit, f"datetime={asked}")) == expected, asked
    told = visit.client.get(f"{ITEMS}/{house}").get_json()["properties"]["updated_at"]
    assert ids(visit, f"datetime={told.replace('+', '%2B')}") == [house]


def test_pages_lead_on_and_back(visit: Browser, app: Flask, homes) -> None:
    with app.app_context():
        factories.copies(homes["house"], 23)
    seen, address = [], f"{ITEMS}?limit=10&kind=house"
    while address:
        found = visit.client.get(address.removeprefix("http://localhost")).get_json()
        assert found["numberMatched"] == 24
        seen += [feature["id"] for feature in found["features"]]
        links = {link["rel"]: link["href"] for link in found["links"]}
        address = links.get("next", "")
        last = links
    assert len(seen) == len(set(seen)) == 24
    assert "kind=house" in last["prev"]
    assert "offset=10" in last["prev"]
    assert "next" not in last
    assert "prev" not in {link["rel"] for link in visit.client.get(ITEMS).get_json()["links"]}
    # A limit above the maximum is not an error.
    assert visit.client.get(f"{ITEMS}?limit=100000").get_json()["numberReturned"] == 25


@pytest.mark.parametrize(
    ("query", "parameter"),
    [
        ("color=red", "color"), ("per_page=20", "per_page"), ("kind=castle", "kind"), ("municipality=99999", "municipality"), ("limit=0", "limit"),
        ("limit=x", "limit"), ("limit=-1", "limit"), ("offset=1000001", "offset"), ("offset=１", "offset"), ("bbox=1,2,3", "bbox"), ("bbox=1,2,3,4,5", "bbox"),
        ("bbox=a,b,c,d", "bbox"), ("bbox=nan,1,2,3", "bbox"), ("bbox=170,30,-170,40", "bbox"), ("bbox=130,91,131,92", "bbox"), ("bbox=131,33,131,32", "bbox"),
        ("datetime=yesterday", "datetime"), ("datetime=2026-02-30", "datetime"), ("datetime=../..", "datetime"), ("datetime=/", "datetime"),
        ("datetime=2026-04-02/2026-04-01", "datetime"), ("datetime=2026-04-01T00:00:00", "datetime"), ("datetime=a/b/c", "datetime"), ("f=xml", "f"), ("f=", "f"),
        ("price_min=a", "price_min"), ("q=%00", "q"), ("radius_km=5", "radius_km"), ("sort=distance", "sort"),
    ],
)  # fmt: skip
def test_what_would_not_be_heeded_is_refused(visit: Browser, homes, query: str, parameter: str) -> None:
    told = problem(visit, f"{ITEMS}?{query}")
    assert [error["parameter"] for error in told["errors"]] == [parameter]
    assert "。" in told["detail"]


def test_the_line_of_180_degrees_is_explained(visit: Browser, homes) -> None:
    assert "180度" in problem(visit, f"{ITEMS}?bbox=170,30,-170,40")["detail"]
    assert "180" in problem(visit, f"/en{ITEMS}?bbox=170,30,-170,40")["detail"]


def test_every_error_is_a_problem(visit: Browser, app: Flask, homes, monkeypatch: pytest.MonkeyPatch) -> None:
    for path in (
        "/api/nowhere",
        "/api/collections/castles",
        "/api/collections/castles/items",
        "/en/api/x",
        "/api/collections/listings/items/",
    ):
        problem(visit, path, 404)
    for path in ("/api/?a=1", "/api/conformance?a=1", "/api/collections?f=x", "/api/openapi.json?a=1", "/api/docs?x=1"):
        problem(visit, path)
    for method in ("post", "put", "delete"):
        answer = getattr(visit.client, method)(ITEMS)
        assert (answer.status_code, answer.mimetype) == (405, "application/problem+json")
        assert answer.headers["Allow"] == "GET, HEAD, OPTIONS"
    monkeypatch.setattr(openapi, "openapi", lambda *_: 1 / 0)
    problem(visit, "/api/openapi.json", 500)


def test_other_sites_pages_may_read_it(visit: Browser, homes) -> None:
    for path in ("/api/", ITEMS, "/api/openapi.json", "/opendata/listings.csv"):
        answer = visit.client.get(path, headers={"Origin": "https://elsewhere.example"})
        assert answer.headers["Access-Control-Allow-Origin"] == "*"
    before = visit.client.options(ITEMS)
    assert "GET" in before.headers["Access-Control-Allow-Methods"]
    assert before.headers["Access-Control-Allow-Headers"] == "*"


@pytest.mark.parametrize(
    "path",
    [
        "/api/",
        "/api/collections",
        ITEMS,
        f"{ITEMS}?f=html&kind=house",
        "/api/openapi.json",
        "/opendata/catalogue.jsonld",
    ],
)
def test_an_answer_is_kept_until_something_changes(visit: Browser, app: Flask, people, homes, path: str) -> None:
    first = visit.client.get(path)
    assert first.headers["Cache-Control"] == PUBLIC
    same = visit.client.get(path, headers={"If-None-Match": first.headers["ETag"]})
    assert (same.status_code, same.data) == (304, b"")
    assert visit.client.head(path).headers["ETag"] == first.headers["ETag"]
    assert visit.client.get(path).data == first.data
    assert len(visit.client.get(path, headers={"Accept-Encoding": "gzip"}).data) < len(first.data)
    if "kind" in path or path == ITEMS:
        with app.app_context():
            factories.listing(people["aoi"], number="99")
        assert visit.client.get(path, headers={"If-None-Match": first.headers["ETag"]}).status_code == 200


def test_people_get_pages_and_programs_data_from_one_address(visit: Browser, homes) -> None:
    browser = {"Accept": "text/html,application/xhtml+xml,*/*;q=0.8"}
    addresses = [
        "/api/",
        "/api/conformance",
        "/api/collections",
        "/api/collections/listings",
        ITEMS,
        f"{ITEMS}/{homes['house']}",
        PLACES,
        f"{PLACES}/{A}",
    ]
    for path in addresses:
        for prefix in ("", "/en"):
            # In turn, so that neither gets the cached answer of the other.
            data, page = visit.client.get(prefix + path), visit.client.get(prefix + path, headers=browser)
            again = visit.client.get(prefix + path)
            assert (data.mimetype.startswith("application/"), page.mimetype, again.data) == (
                True,
                "text/html",
                data.data,
            )
            assert "Accept" in data.headers["Vary"]
            assert visit.client.get(f"{prefix}{path}?f=json", headers=browser).mimetype == data.mimetype
            shown = visit.get(f"{prefix}{path}?f=html")
            assert '<meta name="robots" content="noindex">' in shown.markup
    assert (
        visit.client.get(ITEMS, headers={"Accept": "text/html;q=0.1, application/json"}).mimetype
        == "application/geo+json"
    )
    assert "阿蘇の平屋" in visit.get(f"{ITEMS}?f=html").text
    for path in ("/api/docs", "/en/api/docs"):
        page = visit.get(path)
        assert "price_max" in page.text
    assert visit.get("/en/api/docs").title.startswith("About the API")


def test_the_document_is_valid_and_describes_every_parameter(visit: Browser, homes) -> None:
    for prefix in ("", "/en"):
        answer = visit.client.get(f"{prefix}/api/openapi.json")
        assert answer.content_type == openapi.MEDIA_TYPE
        told = answer.get_json()
        validate(told)
        assert told["servers"][0]["url"] == f"http://localhost{prefix}/api"
    named = {p["name"] for p in told["paths"]["/collections/listings/items"]["get"]["parameters"]}
    assert named == SEARCHED | {"f", "limit", "offset", "bbox", "datetime"}
    assert named >= PARAMETERS - {"per_page"}


def test_features_fit_the_schema_of_their_collection(visit: Browser, homes) -> None:
    for name in ("listings", "municipalities"):
        described = visit.client.get(f"/api/collections/{name}").get_json()["links"]
        link = next(link for link in described if link["rel"] == "describedby")
        schema = visit.client.get(link["href"].removeprefix("http://localhost")).get_json()
        Draft202012Validator.check_schema(schema)
        for feature in visit.client.get(f"/api/collections/{name}/items").get_json()["features"]:
            assert feature["properties"].keys() == schema["properties"]["properties"]["properties"].keys()
            stated = {key: value for key, value in feature["properties"].items() if value is not None}
            Draft202012Validator(schema).validate({**feature, "properties": stated})
