"""Texts in the language of the page: contexts, plural forms, what a catalogue lacks, and what a language lacks."""

import importlib.util
from types import ModuleType

import pytest
from babel import Locale
from babel.messages.catalog import Catalog

from akiya import ROOT, language
from akiya.language import Language, Message, gettext, in_every_language, ngettext, speaking
from akiya.listings.enums import Repair
from akiya.listings.pictograms import BY_KEY


@pytest.fixture(scope="module")
def catalogues() -> ModuleType:
    spec = importlib.util.spec_from_file_location("catalogues", ROOT / "scripts/catalogues.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_a_label_is_in_the_language_of_the_block() -> None:
    assert Repair.MINOR.label == "小修繕"
    with speaking("en"):
        assert Repair.MINOR.label == "Minor"
        with speaking("ja"):
            assert Repair.MINOR.label == "小修繕"
        assert Repair.MINOR.label == "Minor"
    assert language.language() == "ja"


def test_one_japanese_word_has_another_translation_in_a_context() -> None:
    assert in_every_language(lambda: Repair.MINOR.label) == {"ja": "小修繕", "en": "Minor"}
    assert in_every_language(lambda: BY_KEY["minor_repair"].label) == {"ja": "小修繕", "en": "Minor repair"}
    assert BY_KEY["minor_repair"].message == Repair.MINOR.message


@pytest.mark.parametrize(("count", "english"), [(1, "1 space"), (2, "2 spaces"), (1200, "1,200 spaces")])
def test_a_text_that_counts_has_the_forms_of_its_language(count: int, english: str) -> None:
    assert in_every_language(lambda: ngettext("%(count)s台", count)) == {"ja": f"{count:,}台", "en": english}


def test_what_a_catalogue_lacks_is_counted_and_japanese_needs_none() -> None:
    language.fallbacks.clear()
    missing = ("どの辞書にもない言葉", Message("a context", "どの辞書にもない言葉"))
    assert [gettext(text) for text in missing] == ["どの辞書にもない言葉"] * 2
    assert not language.fallbacks
    with speaking("en"):
        assert [gettext(text) for text in missing] == ["どの辞書にもない言葉"] * 2
        assert ngettext("%(count)s個もない", 3) == "3個もない"
    assert language.fallbacks == {("en", "どの辞書にもない言葉"): 2, ("en", "%(count)s個もない"): 1}
    language.fallbacks.clear()


def test_every_language_says_what_it_lacks(catalogues: ModuleType) -> None:
    wanted, have = Catalog(), Catalog()
    for text, context in (("庭", None), ("蔵", None), ("建物", "group"), (("%(count)s台", "%(count)s台"), None)):
        wanted.add(text, context=context)
    have.add("庭", "Garden")
    have.add("蔵", "Storehouse?", flags=["fuzzy"])
    have.add("建物", "Floor")
    have.add(("%(count)s台", "%(count)s台"), ("%(count)s space", ""))
    assert catalogues.lacking(wanted, have) == ["%(count)s台", "group: 建物", "蔵"]
    assert catalogues.lacking(wanted, catalogues.read(Language("xx", "X", "X", Locale("de")))) == [
        "%(count)s台", "group: 建物", "庭", "蔵",
    ]  # fmt: skip
