"""The base of every form, and fields that understand what people write."""

from collections.abc import Callable
from datetime import date
from typing import Any

from flask_wtf import FlaskForm
from wtforms import Field, SelectField
from wtforms.fields.choices import Choice as SelectedChoice
from wtforms.fields.choices import SelectChoice
from wtforms.widgets import TextInput

from akiya import units
from akiya.choices import Choice


class Form(FlaskForm):
    """A form with a CSRF token."""

    class Meta:
        locales = ("ja",)

    def error_messages(self) -> dict[str, str]:
        """The first message of each field that is wrong."""
        return {name: str(messages[0]) for name, messages in self.errors.items() if name and messages}


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
        self.data: Any = self.read(self.typed)
        if self.data is not None and not self.least <= self.data <= self.most:
            raise ValueError(
                f"「{self.typed}」は範囲の外です。{self.least:,.0f}〜{self.most:,.0f} の値を入れてください。"
            )

    def _value(self) -> str:
        if self.typed is not None:
            return self.typed
        if self.data is None:
            return ""
        return f"{self.data:g}" if isinstance(self.data, float) and abs(self.data) < 1e5 else str(self.data)


class DayField(Field):
    """A date to the year, month or day; `data` is a date and `precision` how much of it is meant."""

    widget = TextInput()

    def __init__(self, label: str, validators: Any = None, **kwargs: Any) -> None:
        super().__init__(label, validators, **kwargs)
        self.typed: str | None = None
        self.precision: str | None = None

    def process_formdata(self, valuelist: list[str]) -> None:
        self.typed = valuelist[0].strip() if valuelist else ""
        read = units.day(self.typed)
        self.data: date | None = read[0] if read else None
        self.precision = read[1] if read else None

    def _value(self) -> str:
        if self.typed is not None:
            return self.typed
        value: date | None = self.data
        if value is None:
            return ""
        return {"year": f"{value.year}年", "month": f"{value.year}年{value.month}月"}.get(
            self.precision or "day", value.isoformat()
        )


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

    def pre_validate(self, form: Any) -> None:
        # coerce has refused what is not of the vocabulary
        return


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
        try:
            self.data = self._read(valuelist[0]) if valuelist else None
        except KeyError:
            raise ValueError("選択肢から選んでください。") from None

    def iter_choices(self) -> Any:
        for choice in self.choices:
            yield SelectedChoice(choice.value, choice.label, self._VALUES[choice.value] is self.data, {})

    def pre_validate(self, form: Any) -> None:
        return
