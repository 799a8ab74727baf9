"""A third language is one row of `language.LANGUAGES`: texts that people give have a place in it without a new column.

The row must be there before the modules are loaded that make fields of it, so it is tried out in another process.
"""

import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from akiya import ROOT, language

pytestmark = pytest.mark.slow


def test_names_and_texts_are_written_and_shown_in_it(tmp_path: Path) -> None:
    environment = {**os.environ, "AKIYA_DATA": str(tmp_path), "DATABASE_URL": "", "SECRET_KEY": "a key for tests only"}
    command = [sys.executable, "-m", "tests.test_third_language"]
    done = subprocess.run(command, capture_output=True, text=True, check=False, cwd=ROOT, env=environment)
    assert done.returncode == 0, done.stderr[-4000:]


def _try_out() -> None:
    esperanto = replace(language.OTHERS[0], code="eo", name="Esperanto", in_japanese="エスペラント語")
    language.LANGUAGES = (*language.LANGUAGES, esperanto)
    language.OTHERS = language.LANGUAGES[1:]
    from click.testing import CliRunner

    from akiya import create_app
    from akiya.commands.main import main
    from akiya.config import from_env

    for command in (
        ("init",),
        (
            "municipalities",
            "add",
            "43699",
            "--name",
            "新町",
            "--name-eo",
            "Nova Urbo",
            "--lat",
            "32.95",
            "--lon",
            "131.12",
        ),
    ):
        ran = CliRunner().invoke(main, command, catch_exceptions=False)
        assert ran.exit_code == 0, ran.output
    app = create_app(from_env())
    with app.test_request_context():
        _places()
        _tours(app.extensions["akiya_storage"])
    _files(app)


def _places() -> None:
    from akiya import formatting
    from akiya.municipalities import search
    from akiya.pages.prefecture.membership_forms import NewForm

    added = search.by_code("43699")
    assert added is not None
    for code, name in (("ja", "新町"), ("en", "新町"), ("eo", "Nova Urbo")):
        with language.speaking(code):
            assert formatting.name(added) == name
    assert [found.label for found in search.find_places("Nova Urbo")] == ["新町"]
    assert [field.label.text for field in NewForm().other_names] == ["英語の名前", "エスペラント語の名前"]


def _tours(storage: object) -> None:
    from akiya.db import db, transaction
    from akiya.pages.staff.tours.forms import PosedSceneForm, filled
    from akiya.pages.tour_view import rooms
    from akiya.panoramas import editing
    from akiya.panoramas.models import Scene
    from tests import factories

    aoi = factories.people()["aoi"]
    with transaction() as session:
        scene = Scene(
            listing_id=factories.listing(aoi),
            original_key="private/a",
            salt="a",
            tiles_key="public/panoramas/a",
            posed=True,
            title="座敷",
        )
        session.add(scene)
    values = editing.held(scene) | {
        "title_eo": "Salono",
        "description_en": "8 mats",
        "notes": [["柱", "", "Kolono", 5.0, 10.0], ["床", "The floor", "", 6.0, 10.0]],
    }
    seen = editing.mark(scene, values)
    editing.change(factories.staff(aoi), scene.id, values, seen, storage)  # type: ignore[arg-type]  # only asked for blurs
    db.session.expire_all()
    assert editing.held(scene) == values
    shown = {}
    for code in ("ja", "en", "eo"):
        with language.speaking(code):
            (room,) = rooms([scene], storage)
        shown[code] = [(words.text, words.lang) for words in (room.title, *(mark.words for mark in room.marks))]
    assert shown == {
        "ja": [("座敷", ""), ("柱", ""), ("床", "")],
        "en": [("座敷", "ja"), ("柱", "ja"), ("The floor", "")],
        "eo": [("Salono", ""), ("Kolono", ""), ("床", "ja")],
    }
    form = PosedSceneForm(data=filled(editing.held(scene)))
    assert [field.name for field in form.in_other_languages] == [
        "title_en",
        "description_en",
        "title_eo",
        "description_eo",
    ]
    assert form.values() == values
    names = [field.short_name for field in form.notes[0].form]
    assert names == ["text", "text_en", "text_eo", "yaw", "pitch"]


def _files(app: object) -> None:
    visitor = app.test_client()  # type: ignore[attr-defined]
    found = visitor.get("/api/collections/municipalities/items/43699").get_json()["properties"]
    assert (found["name"], found["name_en"], found["name_eo"]) == ("新町", None, "Nova Urbo")


if __name__ == "__main__":
    _try_out()
