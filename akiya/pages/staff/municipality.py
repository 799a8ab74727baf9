"""The settings of a municipality: its own for staff, those of any municipality for coordinators."""

from typing import Any  # a value of any setting

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from akiya.choices import Choice
from akiya.errors import Invalid
from akiya.listings.fields import BY_NAME
from akiya.membership import settings
from akiya.municipalities import settings as municipality_settings
from akiya.municipalities.models import Municipality
from akiya.pages import guard
from akiya.pages.staff.municipality_form import OPTIONS, REQUIRABLE, MunicipalityForm, groups, stored

blueprint = Blueprint("municipality_staff", __name__)
_BLANK_ROWS = 2
# A field may still be required that is no longer offered, so every field has its label here.
_LABELS = {**OPTIONS, "required": {name: field.message for name, field in BY_NAME.items()}}


@blueprint.get("/staff/municipality")
@guard.signed_in
def show() -> ResponseReturnValue:
    """Show the settings of the account's municipality; coordinators are redirected to the list of municipalities."""
    staff = guard.me()
    return redirect(url_for("joining_staff.index"), 303) if staff.is_prefecture else _page(staff.municipality_code)


@blueprint.post("/staff/municipality")
@guard.writer
def save() -> ResponseReturnValue:
    """Save the settings of the account's municipality."""
    return _save(guard.me().municipality_code)


@blueprint.get("/prefecture/municipalities/<code>")
@guard.prefecture
def show_any(code: str) -> ResponseReturnValue:
    """Show the settings of any municipality."""
    return _page(code)


@blueprint.post("/prefecture/municipalities/<code>")
@guard.prefecture
def save_any(code: str) -> ResponseReturnValue:
    """Save the settings of any municipality."""
    return _save(code)


def _page(code: str | None) -> ResponseReturnValue:
    municipality = settings.for_staff(guard.me(), code)
    form = MunicipalityForm(data=stored(municipality, municipality_settings.agents(municipality.code)))
    form.seen.data = municipality_settings.mark(municipality)
    return _render(municipality, form)


def _save(code: str | None) -> ResponseReturnValue:
    municipality = settings.for_staff(guard.me(), code)
    form, differences = MunicipalityForm(), None
    if form.validate_on_submit():
        try:
            moved = settings.change(
                guard.me(), municipality.code, form.values(), form.given_agents(), form.seen.data or ""
            )
        except municipality_settings.ChangedMeanwhile:
            municipality = settings.for_staff(guard.me(), code)
            differences = _differences(municipality, form)
            form.seen.data, form.seen.raw_data = municipality_settings.mark(municipality), None
        except Invalid as error:
            form.show(error)
        else:
            flash("設定を保存しました。" + (f"{moved}件の物件の位置を計算し直しました。" if moved else ""), "success")
            return redirect(_address(municipality.code), 303)
    return _render(municipality, form, differences), 400 if differences is None else 409


def _address(code: str) -> str:
    return (
        url_for("municipality_staff.show_any", code=code)
        if guard.me().is_prefecture
        else url_for("municipality_staff.show")
    )


def _render(
    municipality: Municipality, form: MunicipalityForm, differences: list[tuple[str, str, str]] | None = None
) -> str:
    if all(row.form.name.data or row.form.id.data for row in form.agents):
        for _row in range(_BLANK_ROWS):
            form.agents.append_entry()
    return render_template(
        "staff/municipality.html",
        municipality=municipality,
        form=form,
        address=_address(municipality.code),
        can_write=guard.me().can_write,
        differences=differences,
        groups=groups(),
        boxes=OPTIONS,
        requirable=REQUIRABLE,
    )


def _differences(municipality: Municipality, form: MunicipalityForm) -> list[tuple[str, str, str]]:
    """Return (label, stored text, typed text) of each setting that is stored differently from what was typed."""
    found = []
    for name, typed in form.values().items():
        now = getattr(municipality, name)
        if now != typed:
            found.append((form[name].label.text, _text(name, now), _text(name, typed)))
    stored_agents = [(a.name, a.licence, a.phone) for a in municipality_settings.agents(municipality.code)]
    typed_agents = [(a["name"], a["licence"], a["phone"]) for a in form.given_agents() if not a["remove"]]
    if stored_agents != typed_agents:
        found.append(("仲介業者", _names(stored_agents), _names(typed_agents)))
    return found


def _names(agents: list[tuple[str, str, str]]) -> str:
    return "、".join(" ".join(filter(None, agent)) for agent in agents) or "（なし）"


def _text(name: str, value: Any) -> str:
    if name in _LABELS:
        value = "、".join(_LABELS[name].get(each, each) for each in value.split(",") if each)
    if isinstance(value, bool):
        return "はい" if value else "いいえ"
    return (value.label if isinstance(value, Choice) else str(value)) or "（なし）"
