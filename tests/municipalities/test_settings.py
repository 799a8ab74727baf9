"""The table of a municipality's settings, and the form, the command and the archive that follow from it."""

from functools import partial

import click
import pytest
from click.testing import CliRunner
from flask import Flask

from akiya.archive import describing, words
from akiya.commands import municipalities as commands
from akiya.db import db
from akiya.errors import Invalid
from akiya.language import gettext, in_every_language
from akiya.municipalities import settings
from akiya.municipalities.enums import Blur
from akiya.municipalities.models import Municipality
from akiya.municipalities.settings import BY_NAME, SETTINGS, Setting, SettingGroup, SettingKind
from akiya.pages.staff.municipality_form import OPTIONS, MunicipalityForm, groups
from tests.factories import A

# Columns of a municipality that are not settings but facts about it or its membership.
FACTS = {
    "code", "name", "kana", "name_en", "lon", "lat", "label_lon", "label_lat", "joined", "joined_on", "left_on",
    "successor_code", "merged_on", "boundary",
}  # fmt: skip


def test_every_column_is_a_fact_or_a_setting() -> None:
    assert {column.name for column in Municipality.__table__.c} == FACTS | BY_NAME.keys()


def test_the_form_has_every_setting_in_its_group() -> None:
    shown = {group.label: [[setting.name for setting in line] for line in lines] for group, lines in groups()}
    assert list(shown) == ["公開ページで伝えること", "公開までの進め方"]
    public, work = shown.values()
    assert {name for line in (*public, *work) for name in line} == BY_NAME.keys()
    assert ["tags"] in public
    assert public[-1] == ["live_viewing", "live_viewing_note"]
    assert [line for line in work if {"steps", "valid_months", "required"} & {*line}] == [
        ["steps"],
        ["valid_months", "confirm_days"],
        ["required"],
    ]
    assert list(OPTIONS) == [setting.name for setting in SETTINGS if setting.kind is SettingKind.SEVERAL]
    assert OPTIONS["steps"] == {"submitted": "申請中", "survey": "現地確認", "approved": "承認"}


def test_the_form_reads_as_the_table_says(app: Flask) -> None:
    with app.test_request_context():
        form = MunicipalityForm()
        assert {name: form[name].label.text for name in BY_NAME} == {s.name: s.label for s in SETTINGS}
        assert {name: form[name].description for name in BY_NAME} == {s.name: s.help for s in SETTINGS}
        assert {name: form[name].type for name in BY_NAME}.items() >= {
            "contact": "TextAreaField", "text": "TextAreaField", "url": "StringField", "hazard_map_url": "StringField",
            "tags": "TickedField", "steps": "TickedField", "approval": "ChoiceField", "valid_months": "UnitField",
            "confirm_days": "UnitField", "required": "TickedField", "blur": "ChoiceField", "live_viewing": "BooleanField",
            "live_viewing_note": "TextAreaField",
        }.items()  # fmt: skip
        assert (form["valid_months"].least, form["valid_months"].most) == (1, 120)
        assert (form["confirm_days"].least, form["confirm_days"].most) == (7, 365)


def test_the_command_has_the_settings_that_explain_an_option() -> None:
    known = {option.name: option.opts + option.secondary_opts for option in commands.set_municipality.params[1:]}
    assert list(known) == [setting.name for setting in SETTINGS if setting.option]
    assert known.keys() >= {"contact", "text", "url", "tags", "blur", "live_viewing_note"}
    assert not known.keys() & {"steps", "approval", "valid_months", "confirm_days", "required"}
    assert known["hazard_map_url"] == ["--hazard-map-url"]
    assert known["live_viewing"] == ["--live-viewing", "--no-live-viewing"]
    blur = next(option for option in commands.set_municipality.params if option.name == "blur")
    assert isinstance(blur.type, click.Choice)
    assert list(blur.type.choices) == ["mesh250", "mesh500", "mesh1000", "town", "exact"]


def test_a_figure_is_an_option_too(monkeypatch: pytest.MonkeyPatch) -> None:
    days = Setting(
        "days", SettingGroup.WORK, SettingKind.COUNT, "日数", "", ("日数", "days"), "How many days.", bounds=(1, 9)
    )
    monkeypatch.setattr(commands, "SETTINGS", (days,))
    command = click.command()(commands.setting_options(lambda days: click.echo(repr(days))))
    assert CliRunner().invoke(command, ["--days", "5"]).output == "5\n"
    assert CliRunner().invoke(command, []).output == "None\n"
    assert "not a valid integer" in CliRunner().invoke(command, ["--days", "x"]).output


def test_the_archive_says_what_each_setting_is() -> None:
    table = Municipality.__table__
    said = {name: describing.meaning(table, table.c[name]) for name in ("valid_months", "text", "blur", "code")}
    assert {name: tuple(in_every_language(partial(gettext, text)).values()) for name, text in said.items()} == {
        "valid_months": ("登録の有効期間（月）", "months a listing is valid"),
        "text": ("本文", "text"),
        "blur": ("公開する位置のぼかし方", "how near the public point may be"),
        "code": ("全国地方公共団体コード", "national code of the local government"),
    }
    assert not (BY_NAME.keys() - {"contact", "text"}) & words.COLUMNS.keys()  # said once


@pytest.mark.parametrize(
    ("name", "wrong", "message"),
    [
        ("valid_months", 121, "valid_months=121：1〜120 の値を入れてください。"),
        ("confirm_days", 6, "confirm_days=6：7〜365 の値を入れてください。"),
        ("approval", "mayor", "approval=mayor：使えるのは none、second、prefecture です。"),
        ("blur", "", "blur=：使えるのは mesh250、mesh500、mesh1000、town、exact です。"),
    ],
)
def test_a_value_that_the_table_does_not_know_is_refused(app: Flask, name: str, wrong: object, message: str) -> None:
    with app.app_context():
        before = getattr(db.session.get(Municipality, A), name)
        with pytest.raises(Invalid) as refused:
            settings.change(A, {name: wrong})
        assert refused.value.errors == {name: message}
        db.session.expire_all()
        assert getattr(db.session.get(Municipality, A), name) == before


def test_what_a_municipality_begins_with_is_the_default_until_it_is_changed(app: Flask) -> None:
    with app.app_context():
        begun = db.session.get(Municipality, A)
        assert begun is not None
        assert [name for name in BY_NAME if name != "url" and not settings.is_default(begun, name)] == []
        changed = settings.change(A, {"blur": "mesh500", "valid_months": 36, "steps": "survey"})
        assert changed.blur is Blur.MESH_500
        found = {
            name for name in ("blur", "valid_months", "steps", "approval") if not settings.is_default(changed, name)
        }
        assert found == {"blur", "valid_months", "steps"}
