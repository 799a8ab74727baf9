"""The language of the current page, and texts in it: the code holds them in Japanese, catalogues translate them."""

from contextvars import ContextVar
from typing import Any

from babel.support import NullTranslations, Translations

from akiya import ROOT

LANGUAGES = ("ja", "en")
# A page asks for its language two hundred times. Each request is answered in one thread, and begins by setting it.
_spoken: ContextVar[str] = ContextVar("language", default="ja")
_catalogues: dict[str, NullTranslations] = {}


def language() -> str:
    """Return the language of the current page: "ja" or "en"."""
    return _spoken.get()


def speak(code: str) -> None:
    """Set the language of the current thread or task to `code`."""
    _spoken.set(code)


def catalogue() -> NullTranslations:
    """Return the translations of the page's language, loaded once per process."""
    code = language()
    if code not in _catalogues:
        _catalogues[code] = Translations.load(str(ROOT / "translations"), [code])
    return _catalogues[code]


def gettext(text: str, **variables: Any) -> str:
    """Return `text` in the page's language, with `variables` in place of %(name)s."""
    found = catalogue().ugettext(text)
    return found % variables if variables else found


def N_(text: str) -> str:
    """Return `text` unchanged: marks a text for translators that is translated where it is shown."""
    return text
