"""Japanese at /, English at /en/: the prefix is the language, in every public address."""

from collections.abc import Callable, Iterable
from typing import Any

from flask import has_request_context, request

PREFIX = "/en"
LANGUAGES = ("ja", "en")
_STAFF = ("/staff", "/prefecture")


class LanguagePrefix:
    """WSGI middleware that moves /en from the path to the script name, so that url_for() keeps the language."""

    def __init__(self, app: Callable[..., Iterable[bytes]]) -> None:
        self.app = app

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        path = environ.get("PATH_INFO", "")
        if path == PREFIX or path.startswith(PREFIX + "/"):
            environ["akiya.language"] = "en"
            environ["SCRIPT_NAME"] = environ.get("SCRIPT_NAME", "") + PREFIX
            environ["PATH_INFO"] = path.removeprefix(PREFIX) or "/"
        return self.app(environ, start_response)


def is_staff_path(path: str) -> bool:
    """Whether the address belongs to the staff side, which is Japanese only."""
    return path.startswith(_STAFF)


def language() -> str:
    """The language of the page being answered: "ja" or "en"."""
    return request.environ.get("akiya.language", "ja") if has_request_context() else "ja"


def other_language_url() -> str:
    """This page in the other language."""
    query = request.query_string.decode("latin-1")
    path = request.path if language() == "en" else PREFIX + request.path
    return f"{path}?{query}" if query else path
