"""What may be kept, and for how long; and compression of pages."""

import gzip

from flask import Response, g, request

from akiya.web.language import is_staff_path

_COMPRESSED = ("text/html", "application/geo+json", "application/json", "application/problem+json", "image/svg+xml")
_LEAST_BYTES = 1000


def finish(response: Response) -> Response:
    """Public answers may be asked again cheaply (ETag, 304); staff pages are kept nowhere. Large texts are compressed."""
    if response.direct_passthrough or response.is_streamed:
        return response
    if "Cache-Control" not in response.headers:
        # A signed-in person's answers carry a fresh session cookie: no cache between may keep them.
        private = is_staff_path(request.path) or g.get("staff") is not None
        response.headers["Cache-Control"] = "no-store" if private else "public, no-cache"
    if request.method in ("GET", "HEAD") and response.status_code == 200 and "no-store" not in response.cache_control:
        response.add_etag(weak=True)
        response.make_conditional(request)
    return _compressed(response)


def _compressed(response: Response) -> Response:
    # A page with a form token beside user input is left alone: its length must tell nothing about the token.
    if (
        response.status_code == 304
        or response.mimetype not in _COMPRESSED
        or "no-store" in response.cache_control
        or "Content-Encoding" in response.headers
        or len(response.data) < _LEAST_BYTES
    ):
        return response
    response.vary.add("Accept-Encoding")
    if "gzip" in request.accept_encodings:
        response.data = gzip.compress(response.data, 5)
        response.headers["Content-Encoding"] = "gzip"
    return response
