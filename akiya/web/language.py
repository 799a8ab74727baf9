"""The language of a public address: Japanese at /, another at the prefix of its code, such as /en/."""

from collections.abc import Iterable
from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

from babel.support import NullTranslations
from flask import request
from flask_babel import Domain
from flask_babel.speaklater import LazyString
from markupsafe import Markup

from akiya.language import (
    LANGUAGES,
    OTHERS,
    SOURCE,
    Language,
    catalogue,
    current,
    gettext,
    language,
    source_lang,
    speak,
)

Text = str | LazyString
"""A text, or one that is translated when it is shown."""

_STAFF = ("/staff", "/prefecture")


class LanguagePrefix:
    """WSGI middleware that moves a prefix such as /en from the path to the script name, so that url_for() keeps the language."""

    def __init__(self, app: WSGIApplication) -> None:
        self.app = app

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """Set the language of the request, and call the application without the prefix."""
        path = environ.get("PATH_INFO", "")
        speak(SOURCE.code)
        for other in OTHERS:
            if path == other.prefix or path.startswith(other.prefix + "/"):
                speak(other.code)
                environ["SCRIPT_NAME"] = environ.get("SCRIPT_NAME", "") + other.prefix
                environ["PATH_INFO"] = path.removeprefix(other.prefix) or "/"
        return self.app(environ, start_response)


class Translations(Domain):
    """The translations that Flask-Babel uses: those of akiya.language."""

    def get_translations(self) -> NullTranslations:
        """Return the translations of the page's language."""
        return catalogue()


_written: dict[tuple[str, str, str], Markup] = {}


def write(text: str, **variables: object) -> Markup:
    """Return `text` in the page's language as HTML, with escaped `variables`: the `_()` of templates.

    A page writes some eighty such texts, so each is looked up once per process.
    """
    key = language(), text, getattr(text, "context", "")
    found = _written.get(key)
    if found is None:
        found = _written[key] = Markup(gettext(text))  # noqa: S704  (our own texts)
    return found % variables if variables else found


def lazy(text: str, **variables: object) -> LazyString:
    """Return a text that is translated whenever it is shown: the `_()` of forms, declared before any request."""
    return LazyString(write, text, **variables)


def is_staff_path(path: str) -> bool:
    """Return whether the address belongs to the staff's pages, which are in Japanese only."""
    return path.startswith(_STAFF)


def other_languages() -> list[tuple[Language, str]]:
    """Return every other language with the address of the current page in it."""
    query = request.query_string.decode("latin-1")
    path = f"{request.path}?{query}" if query else request.path
    return [(each, each.prefix + path) for each in LANGUAGES if each is not current()]


def lang_of_writing() -> Markup:
    """Return the `lang` attribute of a text that staff wrote, which is Japanese; nothing on a Japanese page."""
    lang = source_lang()
    return Markup(' lang="{}"').format(lang) if lang else Markup("")
