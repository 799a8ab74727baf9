"""Responses to programs: errors as problem details (RFC 9457), and whether a person or a program asks."""

import json
from collections.abc import Mapping
from http import HTTPStatus

from flask import Response
from werkzeug.datastructures import MIMEAccept
from werkzeug.http import parse_accept_header

JSON, GEOJSON, HTML = "application/json", "application/geo+json", "text/html"
_SECONDS = "60"  # the rate limits are per minute


def is_api_path(path: str) -> bool:
    """Return whether the address belongs to the API, whose errors are not pages."""
    return path == "/api" or path.startswith("/api/")


def prefers_html(accept: str) -> bool:
    """Return whether an Accept header prefers a page to data; False if it names neither."""
    if HTML not in accept:
        return False
    return parse_accept_header(accept, MIMEAccept).best_match([JSON, GEOJSON, HTML], JSON) == HTML


def problem(status: int, detail: str, errors: Mapping[str, str] | None = None) -> Response:
    """Return an error as application/problem+json; `errors` maps a parameter's name to what is wrong with it."""
    body: dict[str, object] = {
        "type": "about:blank",
        "title": HTTPStatus(status).phrase,
        "status": status,
        "detail": detail,
    }
    if errors:
        body["errors"] = [{"parameter": name, "detail": text} for name, text in errors.items()]
    response = Response(json.dumps(body, ensure_ascii=False), status, mimetype="application/problem+json")
    response.headers["Access-Control-Allow-Origin"] = "*"
    if status == HTTPStatus.TOO_MANY_REQUESTS:
        response.headers["Retry-After"] = _SECONDS
    return response
