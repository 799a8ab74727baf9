"""Fields of the search form, and how the text of each parameter is read."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from math import isfinite
from typing import Any

from wtforms import SelectMultipleField
from wtforms.fields.choices import Choice, SelectFieldBase
from wtforms.widgets import CheckboxInput, ListWidget, Select, TextInput

from akiya import geo
from akiya.catalogue.criteria import Sort
from akiya.text import searchable
from akiya.web.language import lazy as _

PER_PAGE = (20, 50, 100)
_LONGEST_TEXT = 100
_MOST_WORDS = 10

Shown = tuple[str, str, int | None, str]
"""A choice as a page shows it: value, label, how many homes it would leave (None: not counted), state.

The state is "disabled" where the choice would leave no home, "" where it may be chosen.
"""


class Several(SelectMultipleField):
    """Check boxes; a value that is not offered is reported and left out, the others stay."""

    widget = ListWidget(prefix_label=False)
    option_widget = CheckboxInput()

    def process_formdata(self, valuelist: list[str]) -> None:
        offered = {choice.value for choice in self.choices}
        self.data = [value for value in dict.fromkeys(valuelist) if value in offered]
        wrong = [value for value in valuelist if value and value not in offered]
        if wrong:
            raise ValueError(_("「%(value)s」という選択肢はありません。", value="、".join(wrong)[:60]))

    def pre_validate(self, form: Any) -> None:
        return

    def shown(self, counts: Mapping[str, int]) -> list[Shown]:
        """Each choice, "checked" where it is chosen."""
        chosen = self.data or ()
        rows: list[Shown] = []
        for choice in self.choices:
            count = counts.get(choice.value, 0)
            state = "checked" if choice.value in chosen else "" if count else "disabled"
            rows.append((choice.value, choice.label, count, state))
        return rows


class Value(SelectFieldBase):
    """A text that `read` turns into `value`; a select when it is given choices."""

    widget = TextInput()

    def __init__(
        self, label: Any, read: Callable[[str], Any], *, choices: Sequence[tuple[str, Any]] = (), **kwargs: Any
    ) -> None:
        super().__init__(label, **kwargs)
        self.read, self.offered, self.value = read, list(choices), None
        if choices:
            self.widget = Select()

    def process_formdata(self, valuelist: list[str]) -> None:
        self.data = valuelist[0].strip() if valuelist else ""
        if "\0" in self.data:
            raise ValueError(_("使えない文字（U+0000）が入っています。"))
        if self.data:
            self.value = self.read(self.data)

    def _value(self) -> str:
        return self.data or ""

    def iter_choices(self) -> Any:
        """What is offered, and the given value when it is another."""
        for value, label, _count, state in self.shown({}):
            yield Choice(value, label, state == "selected", {})

    def shown(self, counts: Mapping[str, int]) -> list[Shown]:
        """Each choice, "selected" where it is given; the given value is one of them, also when it was not offered."""
        given, offered = self.data or "", self.offered
        if given and all(value != given for value, _label in offered):
            offered = [*offered, (given, given)]
        rows: list[Shown] = []
        for value, label in offered:
            count = counts.get(value)
            rows.append((value, label, count, "selected" if value == given else "disabled" if count == 0 else ""))
        return rows


def number(least: float, most: float, kind: type = float) -> Callable[[str], Any]:
    def read(text: str) -> Any:
        try:
            value = kind(text)
        except ValueError:
            value = None
        if value is None or not least <= value <= most:
            raise ValueError(_("「%(value)s」は使えません。%(least)s〜%(most)s の数で指定してください。",
                               value=text[:40], least=f"{least:,}", most=f"{most:,}"))  # fmt: skip
        return value

    return read


def numbers(text: str, count: int) -> list[float] | None:
    try:
        values = [float(part) for part in text.split(",")]
    except ValueError:
        return None
    return values if len(values) == count and all(map(isfinite, values)) else None


def _on_earth(lon: float, lat: float) -> bool:
    return abs(lon) <= 180 and abs(lat) <= 90


def bbox(text: str) -> geo.Box:
    values = numbers(text, 4)
    if values is None and (six := numbers(text, 6)):
        values = [*six[:2], *six[3:5]]  # homes have no height
    good = values is not None and _on_earth(*values[:2]) and _on_earth(*values[2:]) and values[1] <= values[3]
    if good and values and values[0] > values[2]:
        raise ValueError(
            _(
                "「%(value)s」は東経180度の線をまたぐ範囲です。西側と東側の二つに分けて指定してください。",
                value=text[:60],
            )
        )
    if not good or values is None:
        raise ValueError(
            _(
                "「%(value)s」は地図の範囲ではありません。西経度,南緯度,東経度,北緯度 の順に指定してください。",
                value=text[:60],
            )
        )
    return values[0], values[1], values[2], values[3]


def point(text: str) -> geo.Point:
    values = numbers(text, 2)
    if values is None or not _on_earth(*values):
        raise ValueError(_("「%(value)s」は地点ではありません。経度,緯度 の順に指定してください。", value=text[:60]))
    return values[0], values[1]


def words(text: str) -> tuple[str, ...]:
    if len(text) > _LONGEST_TEXT:
        raise ValueError(_("キーワードは%(most)s文字までです。", most=_LONGEST_TEXT))
    return tuple(dict.fromkeys(searchable(text).split()[:_MOST_WORDS]))


def place(text: str) -> str:
    if len(text) > _LONGEST_TEXT:
        raise ValueError(_("場所の名前は%(most)s文字までです。", most=_LONGEST_TEXT))
    return text


def flag(text: str) -> bool:
    if text != "1":
        raise ValueError(_("「%(value)s」は使えません。1 を指定してください。", value=text[:40]))
    return True


def day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        message = _("「%(value)s」は日付ではありません。2026-04-01 のように指定してください。", value=text[:40])
        raise ValueError(message) from None


def per_page(text: str) -> int:
    if text not in {str(count) for count in PER_PAGE}:
        raise ValueError(_("「%(value)s」件ずつは表示できません。20、50、100 から選んでください。", value=text[:40]))
    return int(text)


def sort(text: str) -> Sort:
    try:
        return Sort(text)
    except ValueError:
        raise ValueError(_("「%(value)s」という並べ方はありません。", value=text[:40])) from None
