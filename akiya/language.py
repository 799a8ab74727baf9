"""The language of the page being answered, and texts in it: Japanese is what the code says, the others are catalogues."""

from contextvars import ContextVar
from typing import Any

from babel.support import NullTranslations, Translations

from akiya import ROOT

LANGUAGES = ("ja", "en")
# A page asks for its language two hundred times. Each answer is made within one thread, and begins by setting it.
_spoken: ContextVar[str] = ContextVar("language", default="ja")
_catalogues: dict[str, NullTranslations] = {}


def language() -> str:
    """Return the language of the page being answered: "ja" or "en"."""
    return _spoken.get()


def speak(code: str) -> None:
    """Make `code` the language of what follows in this thread or task."""
    _spoken.set(code)


def catalogue() -> NullTranslations:
    """Return the messages of the page's language, loaded once a process."""
    code = language()
    if code not in _catalogues:
        _catalogues[code] = Translations.load(str(ROOT / "translations"), [code])
    return _catalogues[code]


def gettext(text: str, **variables: Any) -> str:
    """Return `text` in the page's language, with `variables` in place of %(name)s."""
    found = catalogue().ugettext(text)
    return found % variables if variables else found


def N_(text: str) -> str:
    """Return `text` as it is: a mark for translators on a text that is translated where it is shown."""
    return text
