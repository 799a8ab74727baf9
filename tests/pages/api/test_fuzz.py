"""Random requests to everything in the OpenAPI document: no server errors, and each response fits the document."""

from typing import Any
from urllib.parse import quote, urlencode

import pytest
from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from openapi_schema_validator import OAS30Validator

from tests import factories

pytestmark = pytest.mark.slow

PROBLEM = "application/problem+json"
_TRAPS = st.sampled_from(
    ["", "0", "-1", "1e999", "nan", "9" * 400, "１", "\0", "%", "../..", "a,b", "1,2,3,4", "130,32,131,33", "2026-02-30/..", "<b>", "'--", "\ud83d\ude00"]
)  # fmt: skip
_TEXT = st.text(max_size=30) | _TRAPS


def fitting(schema: dict[str, Any]) -> st.SearchStrategy[Any]:
    """Return a strategy of values that the schema allows."""
    if "enum" in schema:
        return st.sampled_from(schema["enum"])
    match schema["type"]:
        case "integer":
            return st.integers(schema.get("minimum"), schema.get("maximum"))
        case "number":
            return st.floats(schema.get("minimum", -180), schema.get("maximum", 180), allow_nan=False)
        case "array":
            return st.lists(
                fitting(schema["items"]), min_size=schema.get("minItems", 0), max_size=schema.get("maxItems", 4)
            )
    if "pattern" in schema:
        return st.from_regex(schema["pattern"], fullmatch=True)
    return st.text(max_size=schema.get("maxLength", 30))


@st.composite
def questions(draw: st.DrawFn, document: dict[str, Any]) -> str:
    """Return an address of the document with some of its parameters, mostly valid, and sometimes an unknown one."""
    path = draw(st.sampled_from(sorted(document["paths"])))
    pairs: list[tuple[str, str]] = []
    for parameter in document["paths"][path]["get"]["parameters"]:
        if parameter["in"] == "path":
            value = draw(st.integers(-5, 2**40).map(str) | _TEXT.filter(bool))
            path = path.replace("{id}", quote(value.replace("/", "") or "x", safe="", errors="replace"))
        elif draw(st.integers(0, 3)) == 0:
            value = draw(fitting(parameter["schema"]) if draw(st.integers(0, 4)) else _TEXT)
            values = value if isinstance(value, list) else [value]
            if parameter.get("explode", True):
                pairs += [(parameter["name"], str(one)) for one in values]
            else:
                pairs.append((parameter["name"], ",".join(map(str, values))))
    if draw(st.integers(0, 9)) == 0:
        pairs.append((draw(_TEXT), draw(_TEXT)))
    return f"/api{path}?{urlencode(pairs, errors='replace')}"


@pytest.fixture
def document(app: Flask, homes) -> dict[str, Any]:
    with app.app_context():
        factories.copies(homes["house"], 30)
    return app.test_client().get("/api/openapi.json").get_json()


def test_every_answer_is_one_of_those_that_are_described(app: Flask, document: dict[str, Any]) -> None:
    client = app.test_client()
    seen: dict[int, int] = {}

    @settings(max_examples=400, deadline=None, database=None, suppress_health_check=list(HealthCheck))
    @given(questions(document))
    def ask(address: str) -> None:
        answer = client.get(address)
        seen[answer.status_code] = seen.get(answer.status_code, 0) + 1
        path = address.partition("?")[0].removeprefix("/api")
        described = next(told for name, told in document["paths"].items() if fits(name, path))["get"]["responses"]
        assert str(answer.status_code) in described, (address, answer.status_code)
        if answer.status_code != 200:
            assert answer.status_code < 500, address
            assert answer.mimetype == PROBLEM
            assert answer.get_json()["detail"]
            return
        content = described["200"]["content"]
        assert answer.mimetype in content, address
        if answer.mimetype != "text/html":
            schema = {**content[answer.mimetype]["schema"], "components": document["components"]}
            OAS30Validator(schema).validate(answer.get_json())

    ask()
    assert seen[200] > 40
    assert seen[400] > 40


def fits(name: str, path: str) -> bool:
    """Return whether `path` is an address of the document's path `name`."""
    head, variable, _tail = name.partition("{id}")
    return path.startswith(head) and path != head if variable else path == name


def test_the_limits_in_the_document_are_those_of_the_search(app: Flask, document: dict[str, Any]) -> None:
    client = app.test_client()
    for parameter in document["paths"]["/collections/listings/items"]["get"]["parameters"]:
        name, schema = parameter["name"], parameter["schema"]
        more = "&near=131,32.9" if name == "radius_km" else "&outside=flood" if name == "unchecked" else ""
        bounds = [schema[end] for end in ("minimum", "maximum") if end in schema]
        for value in [*bounds, *schema.get("items", schema).get("enum", [])]:
            with_words = "&q=x" if value == "relevance" else "&near=131,32.9" if value == "distance" else ""
            answer = client.get(f"/api/collections/listings/items?{name}={value}{more}{with_words}")
            assert answer.status_code == 200, (name, value, answer.get_data(as_text=True))
        if bounds and name != "limit":
            for value in (bounds[0] - 1, bounds[1] + 1):
                assert client.get(f"/api/collections/listings/items?{name}={value}{more}").status_code == 400
        assert client.get(f"/api/collections/listings/items?{name}=no{more}").status_code == (
            400 if name not in ("q",) else 200
        )
