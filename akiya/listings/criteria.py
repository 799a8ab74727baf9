"""The search parameters, declared once: the form that shows them and the criteria they make."""

from collections.abc import Callable, Sequence
from typing import Any

from flask_babel import lazy_gettext as _
from flask_babel.speaklater import LazyString
from werkzeug.datastructures import MultiDict
from wtforms import Field, Form, SelectMultipleField
from wtforms.fields.choices import Choice, SelectChoice, SelectFieldBase
from wtforms.widgets import CheckboxInput, ListWidget, Select, TextInput

from akiya import geo
from akiya.listings.enums import Deal, Kind
from akiya.listings.pictograms import PICTOGRAMS
from akiya.listings.search import Criteria, Sort
from akiya.text import normalise
from akiya.web.filters import yen

MOST_FEATURES = 20
_LONGEST_TEXT = 100
_MOST_WORDS = 10
_LARGEST_RADIUS_KM = 200


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
        if self.data:
            self.value = self.read(self.data)

    def _value(self) -> str:
        return self.data or ""

    def iter_choices(self) -> Any:
        """What is offered, and the given value when it is another."""
        offered = list(self.offered)
        if self.data and self.data not in dict(offered):
            offered.append((self.data, self.data))
        for value, label in offered:
            yield Choice(value, label, value == (self.data or ""), {})


def _number(least: float, most: float, kind: type = float) -> Callable[[str], Any]:
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


def _numbers(text: str, count: int) -> list[float] | None:
    try:
        values = [float(part) for part in text.split(",")]
    except ValueError:
        return None
    return values if len(values) == count and all(-180 <= value <= 180 for value in values) else None


def _bbox(text: str) -> geo.Box:
    values = _numbers(text, 4)
    if values is None or values[0] >= values[2] or values[1] >= values[3]:
        raise ValueError(
            _(
                "「%(value)s」は地図の範囲ではありません。西経度,南緯度,東経度,北緯度 の順に指定してください。",
                value=text[:60],
            )
        )
    return values[0], values[1], values[2], values[3]


def _point(text: str) -> geo.Point:
    values = _numbers(text, 2)
    if values is None or abs(values[1]) > 90:
        raise ValueError(_("「%(value)s」は地点ではありません。経度,緯度 の順に指定してください。", value=text[:60]))
    return values[0], values[1]


def _words(text: str) -> tuple[str, ...]:
    if len(text) > _LONGEST_TEXT:
        raise ValueError(_("キーワードは%(most)s文字までです。", most=_LONGEST_TEXT))
    return tuple(normalise(text).split()[:_MOST_WORDS])


def _sort(text: str) -> Sort:
    try:
        return Sort(text)
    except ValueError:
        raise ValueError(_("「%(value)s」という並べ方はありません。", value=text[:40])) from None


_YEN = 10_000
_PRICES = [int(n * _YEN) for n in (50, 100, 200, 300, 500, 800, 1000, 1500, 2000, 3000)]
_RENTS = [int(n * _YEN) for n in (1, 2, 3, 4, 5, 6, 8, 10)]
_YEARS = (1950, 1970, 1981, 1990, 2000, 2010, 2020)


def _bands(values: Sequence[int]) -> list[tuple[str, Any]]:
    return [("", _("指定なし")), *[(str(v), LazyString(yen, v)) for v in values]]


_SINGLE = (
    "price_min", "price_max", "rent_min", "rent_max", "floor_min", "floor_max", "land_min", "land_max",
    "built_since", "bbox", "near",
)  # fmt: skip


class SearchForm(Form):
    """The parameters of /listings/ and /listings.geojson. `municipalities` are (code, name) pairs in the page's language."""

    q = Value(_("キーワード"), _words)
    municipality = Several(_("市町村"))
    deal = Several(_("売買・賃貸"))
    kind = Several(_("種別"))
    price_min = Value(_("価格の下限"), _number(0, 10**11, int), choices=_bands(_PRICES))
    price_max = Value(_("価格の上限"), _number(0, 10**11, int), choices=_bands(_PRICES))
    rent_min = Value(_("賃料の下限（月）"), _number(0, 10**9, int), choices=_bands(_RENTS))
    rent_max = Value(_("賃料の上限（月）"), _number(0, 10**9, int), choices=_bands(_RENTS))
    floor_min = Value(_("延床面積の下限（m²）"), _number(0, 10**7))
    floor_max = Value(_("延床面積の上限（m²）"), _number(0, 10**7))
    land_min = Value(_("土地面積の下限（m²）"), _number(0, 10**7))
    land_max = Value(_("土地面積の上限（m²）"), _number(0, 10**7))
    built_since = Value(
        _("建築年"),
        _number(1600, 2200, int),
        choices=[("", _("指定なし")), *[(str(y), _("%(year)s年以降", year=y)) for y in _YEARS]],
    )
    feature = Several(_("ピクトグラム"))
    bbox = Value(_("地図の範囲"), _bbox)
    near = Value(_("地点"), _point)
    radius_km = Value(_("半径（km）"), _number(0.01, _LARGEST_RADIUS_KM))
    sort = Value(_("並べ方"), _sort, choices=[("newest", "")])

    def __init__(self, args: MultiDict[str, str], municipalities: Sequence[tuple[str, str]], language: str) -> None:
        self._choices = {
            "municipality": list(municipalities),
            "deal": [(str(deal), deal.label(language)) for deal in Deal],
            "kind": [(str(kind), kind.label(language)) for kind in Kind],
            "feature": [(pictogram.key, pictogram.label(language)) for pictogram in PICTOGRAMS],
        }
        super().__init__(args)
        near = bool(self.near.value)
        self.sort.offered = [(str(s), s.label(language)) for s in Sort if near or s is not Sort.DISTANCE]
        self._check_together()

    def process(self, formdata: Any = None, *args: Any, **kwargs: Any) -> None:
        """Choices that depend on the page are in place before the values are read."""
        for name, choices in self._choices.items():
            self[name].choices = [SelectChoice(value, label) for value, label in choices]
        super().process(formdata, *args, **kwargs)

    def _check_together(self) -> None:
        self.validate()
        if len(self.feature.data or []) > MOST_FEATURES:
            self.feature.data = self.feature.data[:MOST_FEATURES]
            self._refuse(self.feature, _("ピクトグラムは%(most)s個までです。", most=MOST_FEATURES))
        if self.radius_km.value is not None and self.near.value is None:
            self._refuse(self.radius_km, _("半径を使うには、near=経度,緯度 で地点を指定してください。"))
        if self.sort.value is Sort.DISTANCE and self.near.value is None:
            self._refuse(self.sort, _("近い順に並べるには、near=経度,緯度 で地点を指定してください。"))
            self.sort.value = None

    @staticmethod
    def _refuse(field: Field, message: Any) -> None:
        field.errors = [*field.errors, message]

    def problems(self) -> dict[str, str]:
        """What could not be used: a message for each parameter."""
        return {field.name: str(field.errors[0]) for field in self if field.errors}

    def criteria(self) -> Criteria:
        """What is asked, without the parameters that could not be used."""
        values = {name: self[name].value for name in _SINGLE}
        radius = self.radius_km.value if self.near.value is not None else None
        return Criteria(
            words=self.q.value or (),
            municipalities=tuple(self.municipality.data or ()),
            deals=tuple(Deal(value) for value in self.deal.data or ()),
            kinds=tuple(Kind(value) for value in self.kind.data or ()),
            features=tuple(self.feature.data or ()),
            radius_m=radius * 1000 if radius is not None else None,
            sort=self.sort.value or Sort.NEWEST,
            **values,
        )

    def chips(self) -> list[tuple[str, str, str]]:
        """Each active filter as (parameter, value, text)."""
        chips = []
        for field in self:
            if field.name == "sort" or field.errors or not field.data:
                continue
            if isinstance(field, Several):
                labels = {choice.value: str(choice.label) for choice in field.choices}
                chips += [(field.name, value, labels[value]) for value in field.data]
            elif isinstance(field, Value):
                shown = dict(field.offered).get(field.data, field.data)
                text = f"「{shown}」" if field.name == "q" else f"{field.label.text} {shown}"
                chips.append((field.name, field.data, text))
        return chips
