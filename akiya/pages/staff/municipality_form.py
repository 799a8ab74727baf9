"""The form of a municipality's settings."""

from collections.abc import Iterable, Mapping
from itertools import groupby

from wtforms import BooleanField, Field, FieldList, FormField, HiddenField, IntegerField, StringField, TextAreaField
from wtforms import Form as Part
from wtforms.form import BaseForm
from wtforms.validators import InputRequired, ValidationError
from wtforms.validators import Optional as Blank

from akiya import units
from akiya.listings.enums import MIDDLE_STEPS
from akiya.listings.fields import FIELDS, FieldGroup
from akiya.municipalities.models import Agent, Municipality
from akiya.municipalities.settings import BY_NAME, SETTINGS, Setting, SettingGroup, SettingKind, address_problem
from akiya.values import Values
from akiya.web.forms import ChoiceField, Form, Plain, TickedField, UnitField

# Every listing has these, or its deal requires them.
_ALWAYS = {"number", "kind", "is_sale", "is_rent", "price", "rent"}
REQUIRABLE = [(group, [f for f in FIELDS if f.group is group and f.name not in _ALWAYS]) for group in FieldGroup]
REQUIRABLE = [(group, fields) for group, fields in REQUIRABLE if fields and group is not FieldGroup.PRIVATE]
OPTIONS: dict[str, dict[str, str]] = {
    **{
        s.name: {str(each): each.message for each in s.choices}
        for s in SETTINGS
        if s.kind is SettingKind.SEVERAL and s.choices
    },
    "steps": {str(step): step.message for step in MIDDLE_STEPS},
    "required": {field.name: field.message for _group, fields in REQUIRABLE for field in fields},
}
"""The boxes of each setting that has several: their stored values and labels."""


def _tidy(text: str | None) -> str:
    return (text or "").replace("\r\n", "\n").strip()


class _Known:
    """A validator that refuses values that are not among the boxes."""

    def __call__(self, form: BaseForm, field: Field) -> None:
        for value in field.data or ():
            if value not in OPTIONS[field.name]:
                raise ValidationError(f"「{value[:40]}」という選択肢はありません。画面を開き直して選んでください。")


_NO_NAME = "名前が空欄です。名前を入れてください。消すときは「この業者を消す」に印を付けてください。"


class _Address:
    """A validator that refuses a text that is not the address of a web page."""

    def __call__(self, form: BaseForm, field: Field) -> None:
        if problem := address_problem(field.data):
            raise ValidationError(problem)


class AgentForm(Part):
    """An agent; a blank row is ignored."""

    id = IntegerField(validators=[Blank()])
    name = StringField("名前", [Plain(120)], filters=[_tidy])
    licence = StringField("免許番号", [Plain(80)], filters=[_tidy])
    phone = StringField("電話", [Plain(40)], filters=[_tidy])
    remove = BooleanField("この業者を消す")

    def validate(self, extra_validators: Mapping[str, object] | None = None) -> bool:
        """Return whether the row is blank, to be removed, or has a name."""
        if not super().validate(extra_validators):
            return False
        if not self.name.data and not self.remove.data and (self.id.data or self.licence.data or self.phone.data):
            self.name.errors = [
                "名前が空欄です。名前を入れてください。消すときは「この業者を消す」に印を付けてください。"
            ]
            return False
        return True


def _form_field(setting: Setting) -> Field:
    label, kind, text = setting.message, setting.kind, setting.help
    if kind is SettingKind.COUNT:
        least, most = setting.bounds
        asked = InputRequired(f"{label}が空欄です。{least}〜{most} の数を入れてください。")
        return UnitField(label, [asked], read=units.count, least=least, most=most, description=text)
    if kind is SettingKind.SEVERAL:
        return TickedField(label, [_Known()], description=text)
    if kind is SettingKind.CHOICE and setting.choices:
        return ChoiceField(label, setting.choices, blank=None, description=text)
    if kind is SettingKind.FLAG:
        return BooleanField(label, description=text)
    if kind is SettingKind.ADDRESS:
        return StringField(label, [_Address()], filters=[_tidy], description=text)
    return TextAreaField(label, [Plain(setting.most)], filters=[_tidy], description=text)


class MunicipalityForm(Form):
    """Every setting, made from the table SETTINGS, and the agents. `seen` marks the version that was shown."""

    seen = HiddenField()
    agents = FieldList(FormField(AgentForm))

    def values(self) -> Values:
        """Return the values by column name; ticked boxes are joined with commas, in the order on the page."""
        return {
            name: ",".join(value for value in OPTIONS[name] if value in (self[name].data or ()))
            if name in OPTIONS
            else self[name].data
            for name in BY_NAME
        }

    def given_agents(self) -> list[Values]:
        """Return the rows that name an agent, as settings.change expects them."""
        rows: list[Values] = [row.form.data for row in self.agents]
        return [row for row in rows if row["id"] or row["name"]]


for _setting in SETTINGS:
    setattr(MunicipalityForm, _setting.name, _form_field(_setting))


def stored(municipality: Municipality, agents: Iterable[Agent]) -> Values:
    """Return the values with which the form shows a municipality as it is stored."""
    values = {name: getattr(municipality, name) for name in BY_NAME}
    for name in OPTIONS:
        values[name] = [value for value in values[name].split(",") if value]
    rows = [{"id": a.id, "name": a.name, "licence": a.licence, "phone": a.phone} for a in agents]
    return {**values, "agents": rows}


def groups() -> list[tuple[SettingGroup, list[list[Setting]]]]:
    """Return the settings of each group as lines: fields and figures side by side, boxes on a line of their own."""
    return [
        (group, [list(line) for _drawing, line in groupby((s for s in SETTINGS if s.group is group), key=_drawing)])
        for group in SettingGroup
    ]


def _drawing(setting: Setting) -> str:
    return setting.name if setting.kind is SettingKind.SEVERAL else str(setting.kind is SettingKind.COUNT)
