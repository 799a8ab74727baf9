"""Caching of responses: what may be cached, where, and for how long; and their compression."""

import gzip
import threading
from collections import OrderedDict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from types import TracebackType
from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

from flask import Response, g, request

from akiya.web.language import is_staff_path
from akiya.web.problems import prefers_html

_Raised = tuple[type[BaseException], BaseException, TracebackType] | tuple[None, None, None]

PUBLIC = "public, max-age=0, s-maxage=60, stale-while-revalidate=30, stale-if-error=86400"
"""Browsers revalidate each time (a 304 is cheap), a CDN each minute; both show what they have if the site is down."""

_COMPRESSED = ("text/html", "application/geo+json", "application/json", "application/ld+json", "application/problem+json",
               "application/schema+json", "application/vnd.oai.openapi+json", "image/svg+xml", "application/atom+xml",
               "application/xml", "text/plain")  # fmt: skip
_LEAST_BYTES = 1000
_LARGEST_ANSWER = 256 * 1024
_MOST_KEPT = 16 * 1024 * 1024
_SESSION_COOKIE = "akiya="


def finish(response: Response) -> Response:
    """Set Cache-Control and ETag of a response, answer 304 where nothing has changed, and compress large texts.

    Public pages may be cached and revalidated at little cost; staff pages, and pages of a signed-in account, are cached
    nowhere.
    """
    if response.direct_passthrough or response.is_streamed:
        return response
    kept = response.headers.get("Cache-Control", "")
    if not kept:
        # Responses to a signed-in account carry a fresh session cookie, so no cache on the way may keep them.
        private = is_staff_path(request.path) or g.get("staff") is not None
        good = response.status_code in (200, 301, 404)
        response.headers["Cache-Control"] = kept = "no-store" if private else PUBLIC if good else "public, no-cache"
    if request.method in ("GET", "HEAD") and response.status_code == 200 and "no-store" not in kept:
        response.add_etag(weak=True)
        if "HTTP_IF_NONE_MATCH" in request.environ:
            response.make_conditional(request)
    return _compressed(response, kept)


def _compressed(response: Response, kept: str) -> Response:
    # A page that holds a form token and repeats something of the request is not compressed: its length would reveal the
    # token (BREACH). A GET without parameters repeats nothing.
    repeats = "no-store" in kept and (request.method != "GET" or bool(request.query_string))
    if (
        response.status_code == 304
        or response.mimetype not in _COMPRESSED
        or repeats
        or "Content-Encoding" in response.headers
        or len(response.data) < _LEAST_BYTES
    ):
        return response
    response.vary.add("Accept-Encoding")
    if request.accept_encodings.find("gzip") >= 0:
        response.data = gzip.compress(response.data, 4)
        response.headers["Content-Encoding"] = "gzip"
    return response


@dataclass(frozen=True)
class _Answer:
    stamp: object
    headers: list[tuple[str, str]]
    etag: str
    body: bytes


class KeptAnswers:
    """WSGI middleware that repeats a cached response to the public while `stamp()` stays the same.

    Only complete responses that are marked public are cached, and only for requests without a session; at most 16 MB,
    of which the least recently used go first.
    """

    def __init__(self, app: WSGIApplication, stamp: Callable[[], object]) -> None:
        self.app, self.stamp, self.lock = app, stamp, threading.Lock()
        self.answers: OrderedDict[tuple[str, ...], _Answer] = OrderedDict()
        self.size = 0

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """Answer from the cache if possible, otherwise from the application."""
        method = environ["REQUEST_METHOD"]
        if method not in ("GET", "HEAD") or _SESSION_COOKIE in environ.get("HTTP_COOKIE", ""):
            return self.app(environ, start_response)
        key = (
            environ.get("SCRIPT_NAME", ""), environ.get("PATH_INFO", ""), environ.get("QUERY_STRING", ""),
            environ.get("HTTP_HOST", ""), environ.get("wsgi.url_scheme", ""),
            "gzip" if "gzip" in environ.get("HTTP_ACCEPT_ENCODING", "") else "",
            # Only the API answers in two formats.
            "html" if "/api/" in environ.get("PATH_INFO", "") and prefers_html(environ.get("HTTP_ACCEPT", "")) else "",
        )  # fmt: skip
        stamp = self.stamp()
        kept = self.answers.get(key)
        if kept is None or kept.stamp != stamp:
            if method == "HEAD" or "HTTP_IF_NONE_MATCH" in environ:
                return self.app(environ, start_response)
            return self._ask(environ, start_response, key, stamp)
        with self.lock:
            if key in self.answers:
                self.answers.move_to_end(key)
        if kept.etag and kept.etag in environ.get("HTTP_IF_NONE_MATCH", ""):
            start_response(
                "304 NOT MODIFIED", [h for h in kept.headers if h[0] not in ("Content-Length", "Content-Type")]
            )
            return [b""]
        start_response("200 OK", list(kept.headers))
        return [b"" if method == "HEAD" else kept.body]

    def _ask(
        self, environ: WSGIEnvironment, start_response: StartResponse, key: tuple[str, ...], stamp: object
    ) -> Iterable[bytes]:
        told: list[tuple[str, list[tuple[str, str]]]] = []

        def listen(
            status: str, headers: list[tuple[str, str]], exc_info: _Raised | None = None, /
        ) -> Callable[[bytes], object]:
            told[:] = [(status, headers)]
            return start_response(status, headers, exc_info) if exc_info else start_response(status, headers)

        answer = self.app(environ, listen)
        status, given = told[0] if told else ("", [])
        headers = dict(given)
        length = int(headers.get("Content-Length", _LARGEST_ANSWER + 1))
        if not status.startswith("200") or length > _LARGEST_ANSWER:
            return answer
        # The stamp was read before the response was made: at worst the response is made once more.
        if headers.get("Cache-Control", "") != PUBLIC or "Set-Cookie" in headers:
            return answer
        try:
            body = b"".join(answer)
        finally:
            if hasattr(answer, "close"):
                answer.close()
        self._keep(key, _Answer(stamp, list(given), headers.get("ETag", ""), body))
        return [body]

    def _keep(self, key: tuple[str, ...], answer: _Answer) -> None:
        with self.lock:
            before = self.answers.pop(key, None)
            self.answers[key] = answer
            self.size += len(answer.body) - (len(before.body) if before else 0)
            while self.size > _MOST_KEPT:
                _key, oldest = self.answers.popitem(last=False)
                self.size -= len(oldest.body)
