"""The base of every form, and fields that understand what people write."""

import re
from collections.abc import Callable
from datetime import date
from typing import Any

from flask import g, request
from flask_wtf import FlaskForm
from wtforms import Field, SelectField, ValidationError
from wtforms.fields.choices import Choice as SelectedChoice
from wtforms.fields.choices import SelectChoice
from wtforms.widgets import TextInput

from akiya import units
from akiya.choices import Choice
from akiya.errors import Invalid


class Form(FlaskForm):
    """A form with a CSRF token. A page that is opened again shows what `g.typed` holds, as if it had been sent, unsaved."""

    class Meta(FlaskForm.Meta):
        locales = ("ja",)

        def wrap_formdata(self, form: Any, formdata: Any) -> Any:
            typed = g.get("typed") if request.method == "GET" else None
            return typed if typed is not None else super().wrap_formdata(form, formdata)

    @property
    def failed(self) -> bool:
        """Whether anything in it, or it as a whole, was found wrong."""
        return bool(self.errors or self.form_errors)

    def error_messages(self) -> dict[str, str]:
        """The first message of each field that is wrong."""
        return {name: str(messages[0]) for name, messages in self.errors.items() if name and messages}

    def show(self, error: Invalid) -> None:
        """What a service refused stands at its fields, or above the form."""
        for name, message in error.errors.items():
            if name in self:
                self[name].errors = [*self[name].errors, message]
        if not any(name in self for name in error.errors):
            self.form_errors.append(str(error))


_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ufffe\uffff]")


class Plain:
    """Refuses a text that is longer than `most` characters or holds characters that no page or spreadsheet can show."""

    def __init__(self, most: int) -> None:
        self.most = most

    def __call__(self, form: Any, field: Any) -> None:
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
    """The values of the boxes of this name that are ticked; the template draws them."""

    def process_formdata(self, valuelist: list[str]) -> None:
        self.data = list(valuelist)


class UnitField(Field):
    """A text that `read` turns into a figure; what was typed is kept when it cannot be read."""

    widget = TextInput()

    def __init__(
        self,
        label: str,
        validators: Any = None,
        *,
        read: Callable[[str | None], Any],
        least: float = 0,
        most: float,
        **kwargs: Any,
    ) -> None:
        super().__init__(label, validators, **kwargs)
        self.read, self.least, self.most = read, least, most
        self.typed: str | None = None

    def process_formdata(self, valuelist: list[str]) -> None:
        self.typed = valuelist[0].strip() if valuelist else ""
        self.data: Any = None
        value = self.read(self.typed)
        if value is not None and not self.least <= value <= self.most:
            raise ValueError(
                f"「{self.typed}」は範囲の外です。{self.least:,.0f}〜{self.most:,.0f} の値を入れてください。"
            )
        self.data = value

    def fill(self, value: float) -> None:
        """The field holds `value`, whatever was typed."""
        self.data, self.typed = value, None
        self.process_errors: list[str] = []
        self.errors: list[str] = []

    def _value(self) -> str:
        if self.typed is not None:
            return self.typed
        if self.data is None:
            return ""
        # To the last digit: a point that is shown shorter would be moved by saving it.
        return f"{self.data:.10f}".rstrip("0").rstrip(".") if isinstance(self.data, float) else str(self.data)


class DayField(Field):
    """A date to the year, month or day; `data` is a date and `precision` how much of it is meant."""

    widget = TextInput()

    def __init__(self, label: str, validators: Any = None, **kwargs: Any) -> None:
        super().__init__(label, validators, **kwargs)
        self.typed: str | None = None
        self.precision: str | None = None

    def process_formdata(self, valuelist: list[str]) -> None:
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
    """A select of a closed vocabulary; blank is None, "not stated"."""

    def __init__(
        self, label: str, kind: type[Choice], validators: Any = None, *, blank: str | None = "不明", **kwargs: Any
    ) -> None:
        def read(value: Any) -> Choice | None:
            return None if value in (None, "") else kind(value)

        choices = [SelectChoice("", blank)] if blank is not None else []
        choices += [SelectChoice(str(member), member.ja) for member in kind]
        super().__init__(label, validators, choices=choices, coerce=read, **kwargs)

    def iter_choices(self) -> Any:
        selected = "" if self.data is None else str(self.data)
        for choice in self.choices:
            yield SelectedChoice(choice.value, choice.label, choice.value == selected, {})

    def process_formdata(self, valuelist: list[str]) -> None:
        if not valuelist:
            return
        self.data: Any = None
        try:
            self.data = self.coerce(valuelist[0])
        except ValueError:
            raise ValueError(_NO_CHOICE.format(valuelist[0][:40])) from None
        if self.data is None and self.choices[0].value:
            raise ValueError(f"{self.label.text}を選んでください。")

    def pre_validate(self, form: Any) -> None:
        # coerce has refused what is not of the vocabulary
        return


class OfferedField(SelectField):
    """A select whose choices the view offers; `data` is a text, "" for the blank one."""

    def __init__(self, label: str, validators: Any = None, **kwargs: Any) -> None:
        super().__init__(label, validators, coerce=str, **kwargs)

    def pre_validate(self, form: Any) -> None:
        if (self.data or "") not in {choice.value for choice in self.iter_choices()}:
            raise ValidationError("ここでは選べないものです。一覧から選んでください。")


class FlagField(SelectField):
    """Unknown, yes or no; `data` is None, True or False."""

    _VALUES = {"": None, "yes": True, "no": False}

    def __init__(self, label: str, validators: Any = None, **kwargs: Any) -> None:
        labels = {"": "不明", "yes": "はい（あり・可）", "no": "いいえ（なし・不可）"}
        choices = [SelectChoice(value, text) for value, text in labels.items()]
        super().__init__(label, validators, choices=choices, coerce=self._read, **kwargs)

    def _read(self, value: Any) -> bool | None:
        if value is None or isinstance(value, bool):
            return value
        return self._VALUES[value]

    def process_formdata(self, valuelist: list[str]) -> None:
        self.data = None
        try:
            self.data = self._read(valuelist[0]) if valuelist else None
        except KeyError:
            raise ValueError(_NO_CHOICE.format(valuelist[0][:40])) from None

    def iter_choices(self) -> Any:
        for choice in self.choices:
            yield SelectedChoice(choice.value, choice.label, self._VALUES[choice.value] is self.data, {})

    def pre_validate(self, form: Any) -> None:
        return
