"""The base class of every form, and fields that understand what people write."""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date
from typing import Any, TypedDict, Unpack  # what a field holds, as said below

from flask import g, request
from flask_wtf import FlaskForm
from werkzeug.datastructures import MultiDict
from wtforms import Field, SelectField, ValidationError
from wtforms.fields.choices import Choice as SelectedChoice
from wtforms.fields.choices import SelectChoice
from wtforms.form import BaseForm
from wtforms.widgets import TextInput

from akiya import units
from akiya.choices import Choice
from akiya.errors import Invalid
from akiya.language import Language, in_others
from akiya.web.language import Text

Typed = MultiDict[str, str]
"""A form as it was sent."""
Validators = Sequence[Callable[[Any, Any], None]] | None  # a validator may expect a form and a field of its own


class FieldOptions(TypedDict, total=False):
    """What every field may be given, besides label and validators."""

    description: Text
    default: object
    render_kw: Mapping[str, object]


class SelectOptions(FieldOptions, total=False):
    """What a select whose choices the view sets may be given, too."""

    choices: Sequence[SelectChoice | tuple[str, object]]


class Form(FlaskForm):
    """A form with a CSRF token. A GET request shows the values of `g.typed`, if any, as if they had been sent."""

    class Meta(FlaskForm.Meta):
        locales = ("ja",)

        def wrap_formdata(self, form: BaseForm, formdata: Typed | None) -> Typed | None:
            """Return `g.typed` on a GET request, if there is any, otherwise what was sent."""
            typed: Typed | None = g.get("typed") if request.method == "GET" else None
            return typed if typed is not None else super().wrap_formdata(form, formdata)

    @property
    def failed(self) -> bool:
        """Return whether any field, or the form as a whole, has an error."""
        return bool(self.errors or self.form_errors)

    def error_messages(self) -> dict[str, str]:
        """Return the first message of each field that has an error, by the field's name."""
        return {name: str(messages[0]) for name, messages in self.errors.items() if name and messages}

    def show(self, error: Invalid) -> None:
        """Show a service's error at the fields that it names, or above the form if none of them is in the form."""
        for name, message in error.errors.items():
            if name in self:
                self[name].errors = [*self[name].errors, message]
        if not any(name in self for name in error.errors):
            self.form_errors.append(str(error))


def for_each_other(name: str, field: Callable[[Language], Any]) -> dict[str, Any]:
    """Return a field for each language other than Japanese by its name, such as title_en.

    `locals().update(...)` in the body of a form's class puts them between the fields before and after that line.
    """
    return {own: field(language) for own, language in in_others(name).items()}


_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ufffe\uffff]")


class Plain:
    """A validator that refuses more than `most` characters, and characters that no page or spreadsheet can show."""

    def __init__(self, most: int) -> None:
        self.most = most

    def __call__(self, form: BaseForm, field: Field) -> None:
        """Raise ValidationError if the field's text is too long or contains such a character."""
        text = (field.data or "").replace("\r\n", "\n")
        name = field.label.text
        if len(text) > self.most:
            shown = f"「{text[:12]}…」"
            raise ValidationError(f"{name}{shown}は{self.most}文字までです（今は{len(text)}文字）。短くしてください。")
        if odd := _CONTROL.search(text):
            near = _CONTROL.sub("□", text[max(0, odd.start() - 6) : odd.end() + 6])
            raise ValidationError(
                f"{name}の「{near}」の□に使えない文字（U+{ord(odd[0]):04X}）があります。消してください。"
            )


class TickedField(Field):
    """The values of the ticked boxes of this name; the template draws the boxes."""

    def process_formdata(self, valuelist: list[str]) -> None:
        """Store the values that were sent."""
        self.data = list(valuelist)


class UnitField(Field):
    """A text field that `read` converts to a figure; the typed text stays when it cannot be read."""

    widget = TextInput()
    data: Any  # what `read` returns, or None; InputRequired, and not the type, says that it is there

    def __init__(
        self,
        label: Text,
        validators: Validators = None,
        *,
        read: Callable[[str | None], float | None],
        least: float = 0,
        most: float,
        **kwargs: Unpack[FieldOptions],
    ) -> None:
        super().__init__(label, validators, **kwargs)
        self.read, self.least, self.most = read, least, most
        self.typed: str | None = None

    def process_formdata(self, valuelist: list[str]) -> None:
        """Convert the typed text. Raise ValueError if it cannot be read or is out of range."""
        self.typed = valuelist[0].strip() if valuelist else ""
        self.data = None
        value = self.read(self.typed)
        if value is not None and not self.least <= value <= self.most:
            raise ValueError(
                f"「{self.typed}」は範囲の外です。{self.least:,.0f}〜{self.most:,.0f} の値を入れてください。"
            )
        self.data = value

    def fill(self, value: float) -> None:
        """Set the field to `value`, replacing what was typed and its errors."""
        self.data, self.typed = value, None
        self.process_errors: list[str] = []
        self.errors: list[str] = []

    def _value(self) -> str:
        if self.typed is not None:
            return self.typed
        if self.data is None:
            return ""
        # To the last digit: saving a point that is shown with fewer would move it.
        return f"{self.data:.10f}".rstrip("0").rstrip(".") if isinstance(self.data, float) else str(self.data)


class DayField(Field):
    """A date to the year, month or day; `data` is a date and `precision` says how much of it is meant."""

    widget = TextInput()

    def __init__(self, label: Text, validators: Validators = None, **kwargs: Unpack[FieldOptions]) -> None:
        super().__init__(label, validators, **kwargs)
        self.typed: str | None = None
        self.precision: str | None = None

    def process_formdata(self, valuelist: list[str]) -> None:
        """Convert the typed text to a date and its precision. Raise ValueError if it cannot be read."""
        self.typed = valuelist[0].strip() if valuelist else ""
        self.data: date | None = None
        if read := units.day(self.typed):
            self.data, self.precision = read

    def _value(self) -> str:
        if self.typed is not None:
            return self.typed
        value: date | None = self.data
        if value is None:
            return ""
        return {"year": f"{value.year}年", "month": f"{value.year}年{value.month}月"}.get(
            self.precision or "day", value.isoformat()
        )


_NO_CHOICE = "「{}」という選択肢はありません。選択肢から選んでください。"


class ChoiceField(SelectField):
    """A select of a closed vocabulary; the blank choice is None, "not stated"."""

    choices: list[SelectChoice]
    data: Any  # a member of `kind`, or None; a form without a blank choice, and not the type, says that it is there

    def __init__(
        self,
        label: str,
        kind: type[Choice],
        validators: Validators = None,
        *,
        blank: str | None = "不明",
        **kwargs: Unpack[FieldOptions],
    ) -> None:
        def read(value: str | None) -> Choice | None:
            return None if value in (None, "") else kind(value)

        choices = [SelectChoice("", blank)] if blank is not None else []
        choices += [SelectChoice(str(member), member.message) for member in kind]
        super().__init__(label, validators, choices=choices, coerce=read, **kwargs)

    def iter_choices(self) -> Iterator[SelectedChoice]:
        """Yield the choices, with the current one selected."""
        selected = "" if self.data is None else str(self.data)
        for choice in self.choices:
            yield SelectedChoice(choice.value, choice.label, choice.value == selected, {})

    def process_formdata(self, valuelist: list[str]) -> None:
        """Convert the sent value to a member. Raise ValueError for an unknown one, or a blank one if not offered."""
        if not valuelist:
            return
        self.data = None
        try:
            self.data = self.coerce(valuelist[0])
        except ValueError:
            raise ValueError(_NO_CHOICE.format(valuelist[0][:40])) from None
        if self.data is None and self.choices[0].value:
            raise ValueError(f"{self.label.text}を選んでください。")

    def pre_validate(self, form: BaseForm) -> None:
        """Check nothing: process_formdata has refused what is not in the vocabulary."""
        return


class OfferedField(SelectField):
    """A select whose choices the view sets; `data` is a text, "" for the blank choice."""

    def __init__(self, label: Text, validators: Validators = None, **kwargs: Unpack[SelectOptions]) -> None:
        super().__init__(label, validators, coerce=str, **kwargs)

    def pre_validate(self, form: BaseForm) -> None:
        """Raise ValidationError for a value that is not among the choices."""
        if (self.data or "") not in {choice.value for choice in self.iter_choices()}:
            raise ValidationError("ここでは選べないものです。一覧から選んでください。")


class FlagField(SelectField):
    """A select of unknown, yes or no; `data` is None, True or False."""

    choices: list[SelectChoice]

    _VALUES = {"": None, "yes": True, "no": False}

    def __init__(self, label: Text, validators: Validators = None, **kwargs: Unpack[FieldOptions]) -> None:
        labels = {"": "不明", "yes": "はい（あり・可）", "no": "いいえ（なし・不可）"}
        choices = [SelectChoice(value, text) for value, text in labels.items()]
        super().__init__(label, validators, choices=choices, coerce=self._read, **kwargs)

    def _read(self, value: str | bool | None) -> bool | None:
        if value is None or isinstance(value, bool):
            return value
        return self._VALUES[value]

    def process_formdata(self, valuelist: list[str]) -> None:
        """Convert the sent value to None, True or False. Raise ValueError for any other."""
        self.data = None
        try:
            self.data = self._read(valuelist[0]) if valuelist else None
        except KeyError:
            raise ValueError(_NO_CHOICE.format(valuelist[0][:40])) from None

    def iter_choices(self) -> Iterator[SelectedChoice]:
        """Yield the choices, with the current one selected."""
        for choice in self.choices:
            yield SelectedChoice(choice.value, choice.label, self._VALUES[choice.value] is self.data, {})

    def pre_validate(self, form: BaseForm) -> None:
        """Check nothing: process_formdata has refused other values."""
        return
