"""Answers for machines: errors as problem details (RFC 9457), and whether a person or a program asks."""

import json
from collections.abc import Mapping
from http import HTTPStatus

from flask import Response
from werkzeug.datastructures import MIMEAccept
from werkzeug.http import parse_accept_header

JSON, GEOJSON, HTML = "application/json", "application/geo+json", "text/html"
_SECONDS = "60"  # what may be asked is counted by the minute


def is_api_path(path: str) -> bool:
    """Whether the address belongs to the API, whose errors are not pages."""
    return path == "/api" or path.startswith("/api/")


def prefers_html(accept: str) -> bool:
    """Whether an Accept header asks for a page rather than for data; data where it does not say."""
    if HTML not in accept:
        return False
    return parse_accept_header(accept, MIMEAccept).best_match([JSON, GEOJSON, HTML], JSON) == HTML


def problem(status: int, detail: str, errors: Mapping[str, str] | None = None) -> Response:
    """The error as application/problem+json; `errors` says of each parameter what is wrong with it."""
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
