"""The form of a listing, and the form that hands listings over."""

from collections.abc import Sequence

from wtforms import BooleanField, Field, IntegerField, SelectField, StringField, TextAreaField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import DataRequired, InputRequired
from wtforms.validators import Optional as Blank

from akiya.listings import enums
from akiya.listings.fields import FIELDS, FieldType
from akiya.listings.fields import Field as ListingField
from akiya.listings.ranges import RANGES, longest, range_of
from akiya.values import Values
from akiya.web.forms import ChoiceField, DayField, FlagField, Form, OfferedField, Plain, TickedField, UnitField


class ListingForm(Form):
    """Every field of a listing, made from the table FIELDS.

    `version` and `seen` say which version and event the clerk saw when the form was opened, `compared` up to which
    event others' changes have been shown since. `straight` names the distances that are straight lines.
    """

    version = IntegerField(validators=[Blank()])
    seen = IntegerField(validators=[Blank()])
    compared = IntegerField(validators=[Blank()])
    straight = TickedField()
    # Made of FIELDS below, as those of all other columns.
    built_on: DayField
    true_lat: UnitField
    true_lon: UnitField

    def values(self) -> Values:
        """Return the values by column name, with the precision of dates that are known to the year or month."""
        values: Values = {field.name: _one_line_end(self[field.name].data) for field in FIELDS}
        for name in ("number", "title", "town", "layout"):
            values[name] = (values[name] or "").strip()
        values["built_precision"] = (
            enums.DatePrecision(self.built_on.precision or "day") if values["built_on"] else None
        )
        values["is_sale"], values["is_rent"] = bool(values["is_sale"]), bool(values["is_rent"])
        return values


class NewListingForm(ListingForm):
    """The form of a prefecture account, which also names the municipality."""

    municipality_code = SelectField("市町村", [InputRequired("市町村を選んでください。")], choices=[])

    def offer(self, municipalities: Sequence[tuple[str, str]]) -> None:
        """Offer these (code, name) pairs as municipalities."""
        pairs = [("", "選んでください"), *municipalities]
        self.municipality_code.choices = [SelectChoice(code, name) for code, name in pairs]


def _one_line_end(value: object) -> object:
    """Return a text with LF: browsers send CR LF, which would make an untouched text count as changed."""
    return value.replace("\r\n", "\n") if type(value) is str else value


def _form_field(field: ListingField) -> Field:
    if field.name in ("is_sale", "is_rent"):
        return BooleanField(field.message)
    if field.name == "number":
        missing = "物件番号を入れてください。市町村で付けている番号をそのまま書きます。例：空き家第22号"
        return StringField(field.message, [DataRequired(missing), Plain(longest(field))])
    if field.type in RANGES:
        read, least, most = range_of(field)
        return UnitField(field.message, read=read, least=least, most=most)
    if field.name == "kind":
        return ChoiceField(field.message, enums.PropertyKind, blank=None, default=enums.PropertyKind.HOUSE)
    if field.choices is not None:
        return ChoiceField(field.message, field.choices)
    simple: dict[FieldType, type[FlagField] | type[DayField]] = {FieldType.FLAG: FlagField, FieldType.DATE: DayField}
    if field.type in simple:
        return simple[field.type](field.message)
    kind = TextAreaField if field.type is FieldType.LONG else StringField
    return kind(field.message, [Plain(longest(field))])


for _field in FIELDS:
    setattr(ListingForm, _field.name, _form_field(_field))


class HandOverForm(Form):
    """The person who takes over. `offer` sets who may, and the text of the question."""

    to = OfferedField("")

    def offer(self, label: str, blank: str, people: Sequence[tuple[int, str]]) -> None:
        """Set the question, the text of the blank choice, and the (id, name) pairs to choose from."""
        self.to.label.text = label
        self.to.choices = [("", blank), *((str(staff_id), name) for staff_id, name in people)]

    @property
    def chosen(self) -> int | None:
        """Return the id of the chosen account, or None."""
        return int(self.to.data) if self.to.data else None
