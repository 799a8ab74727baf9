"""A language is one row and a catalogue: every public page in English and in a language made for this test."""

import re
import sys
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from babel import Locale
from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from flask import Flask
from lxml import html

from akiya import language
from akiya.db import transaction
from akiya.municipalities.models import Municipality, Prefecture
from akiya.web import language as written
from tests import factories
from tests.pages.browser import Browser
from tests.panoramas import tours

ENGLISH = language.CATALOGUES / "en/LC_MESSAGES/messages.po"
PSEUDO = language.Language("qps", "Þsëüðø", "疑似語", Locale("en", "GB"))
JAPANESE = re.compile(r"[\u3040-\u30ff\u4e00-\u9fff]+")
DATA = ["空き家第1号", "内牧", *tours.ROOMS]
"""What staff wrote about the home, in Japanese only."""
READ = ("alt", "aria-label", "content", "placeholder", "title", "value")
"""Attributes that people read or hear."""


def pseudo(message: str) -> str:
    """Return a translation that holds nothing Japanese, and everything that is put in or marked up."""
    return "‹" + JAPANESE.sub("ø", message) + "›" if JAPANESE.search(message) else message


def catalogue(folder: Path, *, without: str = "") -> None:
    """Write the pseudo-language's catalogue, which lacks the text `without`, and copy the English one."""
    with ENGLISH.open("rb") as file:
        complete = read_po(file, locale="en")
    made = Catalog(locale="en")
    for message in complete:
        if message.id and message.id != without:
            texts = message.string if isinstance(message.string, tuple) else (message.string,)
            # Patterns of dates, addresses and separators are no words: as in English.
            made_up = texts if message.context in ("date", "licence", "list") else None
            one = pseudo(message.id if isinstance(message.id, str) else message.id[0])
            string = one if isinstance(message.string, str) else (one, one)
            made.add(message.id, message.string if made_up else string, context=message.context)
    made.add(PSEUDO.in_japanese, PSEUDO.name)
    for code, texts in (("qps", made), ("en", complete)):
        path = folder / code / "LC_MESSAGES/messages.mo"
        path.parent.mkdir(parents=True)
        with path.open("wb") as file:
            write_mo(file, texts)


@pytest.fixture
def third(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[Path]:
    """Add the pseudo-language to the list of languages, wherever the list has been imported."""
    lists = {name: getattr(language, name) for name in ("LANGUAGES", "OTHERS")}
    for module in [module for name, module in sys.modules.items() if name.startswith("akiya")]:
        for name, known in lists.items():
            if getattr(module, name, None) is known:
                monkeypatch.setattr(module, name, (*known, PSEUDO))
    monkeypatch.setattr(language, "CATALOGUES", tmp_path / "catalogues")
    monkeypatch.setattr(language, "_catalogues", {})
    monkeypatch.setattr(written, "_written", {})
    language.fallbacks.clear()
    yield tmp_path / "catalogues"
    language.fallbacks.clear()


@pytest.fixture
def home(app: Flask, people: dict[str, int], tmp_path: Path) -> int:
    """Return a home on offer that states much, with a tour, in a bank whose places have names in every language."""
    with app.app_context():
        listing_id = factories.listing(
            people["aoi"], station_m=640, parking_spaces=2, layout="4LDK", built_on=date(1978, 6, 1)
        )
        tours.make(people["aoi"], listing_id, app.extensions["akiya_storage"], tmp_path)
        with transaction() as session:
            for place in [*session.query(Municipality), *session.query(Prefecture)]:
                place.names[PSEUDO.code] = f"Þlace {place.code}"
    return listing_id


def addresses(app: Flask, home: int) -> list[str]:
    """Return the path of every public page."""
    values = {
        "listing_id": home, "code": factories.A, "name": "listings", "filename": "x", "token": "x", "suffix": "csv", "item_id": home,
    }  # fmt: skip
    found = ["/nowhere", "/listings/?price_max=1", "/listings/?place=内牧", f"/owners/apply?municipality={factories.A}"]
    found += [
        f"/owners/apply/print?municipality={factories.A}",
        "/listings/?feature=bath&sort=distance&near=131.04,32.95",
    ]
    with app.test_request_context():
        adapter = app.url_map.bind("localhost")
        for rule in app.url_map.iter_rules():
            if "GET" in (rule.methods or ()) and not str(rule).startswith(
                ("/staff", "/prefecture", "/static", "/media")
            ):
                path = adapter.build(rule.endpoint, {name: values[name] for name in rule.arguments})
                found += [path, f"{path}?f=html"] if path.startswith("/api") else [path]
    return found


def quoted() -> list[str]:
    """Return the Japanese words in English texts: examples of what can be typed."""
    with ENGLISH.open("rb") as file:
        return [word for message in read_po(file) if message.id for word in JAPANESE.findall("".join(message.string))]


def japanese_in(markup: str, code: str, allowed: list[str]) -> list[str]:
    """Return what people read of a page in Japanese without being marked as such, but for the allowed words."""
    found, known = [], re.compile("|".join(map(re.escape, sorted(allowed, key=len, reverse=True))))

    def walk(element: html.HtmlElement, lang: str) -> None:
        if not isinstance(element.tag, str) or element.tag in ("script", "style"):
            return
        lang = element.get("lang", lang)
        if lang != "ja":
            texts = [element.text, *[element.get(name) for name in READ], *[child.tail for child in element]]
            found.extend(text.strip() for text in texts if text and JAPANESE.search(known.sub("", text)))
        for child in element:
            walk(child, lang)

    walk(html.document_fromstring(markup), code)
    return found


@pytest.mark.parametrize("code", ["en", "qps"])
def test_every_public_page_is_in_its_language(app: Flask, third: Path, home: int, code: str) -> None:
    catalogue(third)
    visit, unmarked, seen = Browser(app), {}, 0
    allowed = DATA + (quoted() if code == "en" else [])
    for path in addresses(app, home):
        with visit.client.get(f"/{code}{path}") as answer:
            assert answer.status_code < 500, path
            if answer.mimetype == "text/html":
                markup = answer.get_data(as_text=True)
                seen += f'<html lang="{code}">' in markup
                if found := japanese_in(markup, code, allowed):
                    unmarked[path] = found
    assert unmarked == {}
    assert seen > 20
    assert +language.fallbacks == {}


def test_a_text_that_a_catalogue_lacks_is_shown_in_japanese_and_counted(app: Flask, third: Path, home: int) -> None:
    catalogue(third, without="風呂")
    assert ["‹ø›", "風呂", "‹ø›"][1] in Browser(app).get(f"/qps/listings/{home}").text
    assert {text for code, text in language.fallbacks if code == "qps"} == {"風呂"}
