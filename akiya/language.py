"""The languages of the site, and texts in the language of the current page.

The code holds every text in Japanese. Another language is one row of LANGUAGES and a catalogue in `translations/<code>`.
"""

from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass

from babel import Locale
from babel.support import NullTranslations, Translations

from akiya import ROOT

CATALOGUES = ROOT / "translations"


def N_(text: str) -> str:
    """Return `text` unchanged: marks a text for translators that is translated where it is shown."""
    return text


@dataclass(frozen=True)
class Language:
    """A language of the public pages: its code (BCP 47), its own name, and its name in Japanese, a message.

    The code is also the first part of its addresses, its folder in `translations`, and the key of texts that people write.
    The locale writes dates, and is named to social networks.
    """

    code: str
    name: str
    in_japanese: str
    locale: Locale

    @property
    def prefix(self) -> str:
        """Return the beginning of its addresses: "/en", and "" for the source language."""
        return "" if self is SOURCE else f"/{self.code}"


LANGUAGES = (
    Language("ja", "日本語", N_("日本語"), Locale("ja", "JP")),
    Language("en", "English", N_("英語"), Locale("en", "GB")),
)
SOURCE = LANGUAGES[0]
"""The language of the texts in the code, of staff pages, and of what staff write first."""
OTHERS = LANGUAGES[1:]
# A page asks for its language two hundred times. Each request is answered in one thread, and begins by setting it.
_spoken: ContextVar[str] = ContextVar("language", default=SOURCE.code)
_catalogues: dict[str, NullTranslations] = {}
fallbacks: Counter[tuple[str, str]] = Counter()
"""How often a text was shown in Japanese because a catalogue lacks it, by language code and text."""


class Message(str):
    """A Japanese text for the catalogues that has another translation in this `context`."""

    context: str

    def __new__(cls, context: str, text: str) -> "Message":
        """Create the message."""
        message = super().__new__(cls, text)
        message.context = context
        return message


class _Counted(NullTranslations):
    """The end of a catalogue's chain: counts what the catalogue lacks, and returns it as it is."""

    def __init__(self, code: str) -> None:
        super().__init__()
        self._code = code

    # These are the names by which a catalogue of Babel asks the next one in its chain.
    def gettext(self, message: str) -> str:
        fallbacks[self._code, message] += 1
        return message

    def ngettext(self, singular: str, plural: str, count: int) -> str:
        return self.gettext(singular)

    def upgettext(self, context: str, message: str) -> str:
        return self.gettext(message)


def language() -> str:
    """Return the code of the current page's language."""
    return _spoken.get()


def is_source() -> bool:
    """Return whether the current page is in Japanese, the language of the texts in the code."""
    return _spoken.get() == SOURCE.code


def source_lang() -> str:
    """Return the `lang` of a Japanese text on the current page: "ja" on a page in another language, else ""."""
    return "" if is_source() else SOURCE.code


def current() -> Language:
    """Return the row of the current page's language."""
    return next(each for each in LANGUAGES if each.code == _spoken.get())


def speak(code: str) -> None:
    """Set the language of the current thread or task to `code`."""
    _spoken.set(code)


@contextmanager
def speaking(code: str) -> Iterator[None]:
    """Set the language within a block, such as that of a mail; afterwards it is the earlier one again."""
    token = _spoken.set(code)
    try:
        yield
    finally:
        _spoken.reset(token)


def in_every_language(text: Callable[[], str]) -> dict[str, str]:
    """Return what `text()` returns in each language, by code, in the order of LANGUAGES."""
    texts = {}
    for each in LANGUAGES:
        with speaking(each.code):
            texts[each.code] = text()
    return texts


def in_others(name: str) -> dict[str, Language]:
    """Return the languages other than Japanese, by what `name` in them is called in forms and files: title_en."""
    return {f"{name}_{each.code}": each for each in OTHERS}


def catalogue() -> NullTranslations:
    """Return the translations of the page's language, loaded once per process."""
    code = language()
    if code not in _catalogues:
        found = Translations.load(str(CATALOGUES), [code])
        if code != SOURCE.code:
            found.add_fallback(_Counted(code))
        _catalogues[code] = found
    return _catalogues[code]


def gettext(text: str, **variables: object) -> str:
    """Return `text` in the page's language, with `variables` in place of %(name)s."""
    translations = catalogue()
    found = translations.upgettext(text.context, text) if isinstance(text, Message) else translations.ugettext(text)
    return str(found % variables if variables else found)


def ngettext(text: str, count: int) -> str:
    """Return `text` in the page's language and in the form for `count`, which stands at %(count)s. Japanese has one form."""
    return str(catalogue().ungettext(text, text, count) % {"count": f"{count:,}"})


def NP_(context: str, text: str) -> str:
    """Return `text` as a message with a context: marks a Japanese word that has another translation here."""
    return Message(context, text)


class Labelled:
    """Something with a label: `message` is its Japanese text, `label` the text in the page's language."""

    message: str

    @property
    def label(self) -> str:
        """Return the label in the page's language."""
        return gettext(self.message)
