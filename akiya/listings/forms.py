"""The search form, the listing form and the close-out form."""

from collections.abc import Sequence
from typing import Any

from wtforms import BooleanField, IntegerField, SelectField, StringField, TextAreaField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, Length, NumberRange
from wtforms.validators import Optional as Blank

from akiya import units
from akiya.listings import enums
from akiya.listings.fields import FIELDS, Type
from akiya.listings.fields import Field as ListingField
from akiya.web.forms import ChoiceField, DayField, FlagField, Form, UnitField

_LONGEST = 5000


class ListingForm(Form):
    """Every field of a listing; made from the table of fields."""

    version = IntegerField(validators=[Blank()])

    def values(self) -> dict[str, Any]:
        """The values by column name, with the precision of dates that are known to the year or month."""
        values = {field.name: self[field.name].data for field in FIELDS}
        for name in ("number", "title", "town", "layout"):
            values[name] = (values[name] or "").strip()
        values["built_precision"] = enums.DatePrecision(self["built_on"].precision) if values["built_on"] else None
        values["is_sale"], values["is_rent"] = bool(values["is_sale"]), bool(values["is_rent"])
        return values


class NewListingForm(ListingForm):
    """The form of a prefecture account, which names the municipality too."""

    municipality_code = SelectField("市町村", [InputRequired("市町村を選んでください。")], choices=[])

    def offer(self, municipalities: Sequence[tuple[str, str]]) -> None:
        """The select offers these (code, name) pairs."""
        pairs = [("", "選んでください"), *municipalities]
        self.municipality_code.choices = [SelectChoice(code, name) for code, name in pairs]


_RANGES = {
    Type.YEN: (units.yen, 0, 100_000_000_000),
    Type.AREA: (units.area, 0, 10_000_000),
    Type.METRES: (units.metres, 0, 200_000),
    Type.WIDTH: (units.area, 0, 100),
    Type.COUNT: (units.count, 0, 1000),
    Type.PERCENT: (units.count, 0, 2000),
    Type.DEGREES: (units.degrees, -180, 180),
}


def _form_field(field: ListingField) -> Any:
    if field.name in ("is_sale", "is_rent"):
        return BooleanField(field.ja)
    if field.name == "number":
        missing = "物件番号を入れてください。市町村で付けている番号をそのまま書きます。例：空き家第22号"
        return StringField(field.ja, [InputRequired(missing), _length(field)])
    if field.type in _RANGES:
        read, least, most = _RANGES[field.type]
        return UnitField(field.ja, read=read, least=least, most=most)
    if field.name == "kind":
        return ChoiceField(field.ja, enums.Kind, blank=None, default=enums.Kind.HOUSE)
    if field.choices is not None:
        return ChoiceField(field.ja, field.choices)
    simple: dict[Type, Any] = {Type.FLAG: FlagField, Type.DATE: DayField}
    if field.type in simple:
        return simple[field.type](field.ja)
    kind = TextAreaField if field.type is Type.LONG else StringField
    return kind(field.ja, [_length(field)])


def _length(field: ListingField) -> Length:
    most = field.limit or _LONGEST
    return Length(max=most, message=f"{field.ja}は{most}文字までです。短くしてください。")


for _field in FIELDS:
    setattr(ListingForm, _field.name, _form_field(_field))


class CloseForm(Form):
    """How a listing ended. Only outcome and day are asked for at once; the rest may follow later."""

    outcome = SelectField(
        "どう終わりましたか",
        [InputRequired("終わり方を選んでください。")],
        choices=[SelectChoice(str(status), status.ja) for status in enums.CLOSED],
    )
    closed_on = DayField("終わった日")
    reason = TextAreaField("理由（取下げのとき）", [Length(max=1000)])
    deal = ChoiceField("取引", enums.Deal)
    agreed_amount = UnitField("成約額", read=units.yen, most=100_000_000_000)
    household_size = IntegerField("入居する人数", [Blank(), NumberRange(1, 30, "1〜30の数を入れてください。")])
    ages = StringField("年代", [Length(max=80)])
    children = IntegerField("うち18歳未満", [Blank(), NumberRange(0, 30, "0〜30の数を入れてください。")])
    previous_prefecture = StringField("前の住所（都道府県）", [Length(max=10)])
    use = ChoiceField("使い方", enums.Use)
    subsidy_used = FlagField("補助金の利用")


class PhotoForm(Form):
    """What a photo shows."""

    kind = ChoiceField("種類", enums.PhotoKind)
    caption = StringField("説明", [Length(max=200, message="説明は200文字までです。短くしてください。")])
