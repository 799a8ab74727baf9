"""The forms that change a listing's state: a move with a day or reason, closing, restoring, and many at once."""

from collections.abc import Iterable, Mapping

from wtforms import HiddenField, IntegerField, SelectField, StringField, TextAreaField, ValidationError
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, Length, Optional

from akiya import units
from akiya.listings import enums
from akiya.web.forms import ChoiceField, DayField, FlagField, Form, OfferedField, UnitField

NOBODY = "none"
_REASON = Length(max=1000, message="理由は1,000文字までです。短くしてください。")


class MoveForm(Form):
    """The state to move a listing to, since when and why; which of the two is asked depends on the state."""

    to = HiddenField()
    since = DayField("いつから")
    reason = TextAreaField("理由", [_REASON])


class RestoreForm(Form):
    """The version of the listing that was shown when an earlier text was chosen."""

    version = IntegerField(validators=[Optional()])


class BatchForm(Form):
    """One action on many listings; `ids` are joined with commas. The action decides which other fields count."""

    action = HiddenField()
    ids = HiddenField()
    to = OfferedField("担当にする人")
    on = DayField("取り下げた日", description="空欄なら今日。例：2026-11-27、令和8年11月27日")
    reason = TextAreaField("取下げの理由", [_REASON])

    def offer(self, people: Iterable[tuple[str, str]]) -> None:
        """Offer these (id, name) pairs, or nobody, to be put in charge."""
        choices = [("", "選んでください"), *people, (NOBODY, "担当を決めない")]
        self.to.choices = [SelectChoice(value, name) for value, name in choices]

    def validate_on(self, field: DayField) -> None:
        """Raise ValidationError for a date without a day."""
        if field.data is not None and field.precision not in (None, "day"):
            raise ValidationError(f"「{field.typed}」には日がありません。2026-11-27 のように日まで入れてください。")


class CloseForm(Form):
    """The end of a listing. Only outcome and day are required at once; the rest may follow later."""

    outcome = SelectField(
        "どう終わりましたか",
        [InputRequired("終わり方を選んでください。")],
        choices=[SelectChoice("", "選んでください"), *[SelectChoice(str(s), s.message) for s in enums.CLOSED]],
    )
    closed_on = DayField("終わった日")
    reason = TextAreaField("取下げの理由", [_REASON])
    deal = ChoiceField("取引", enums.Deal)
    agreed_amount = UnitField("成約額（分かれば）", read=units.yen, most=100_000_000_000)
    household_size = UnitField("入居する人数", read=units.count, least=1, most=30)
    ages = StringField("年代", [Length(max=80, message="年代は80文字までです。短くしてください。例：30代、0〜9歳")])
    children = UnitField("うち18歳未満", read=units.count, least=0, most=30)
    previous_prefecture = SelectField("前の住所", choices=[], validate_choice=False)
    use = ChoiceField("使い方", enums.Use)
    subsidy_used = FlagField("補助金の利用")

    def offer(self, prefectures: Iterable[str]) -> None:
        """Offer as the former address these prefectures, abroad, and what was recorded before."""
        known = [*prefectures, enums.ABROAD]
        given = self.previous_prefecture.data or ""
        recorded = self.previous_prefecture.object_data or ""
        if recorded and recorded not in known:
            known.append(recorded)
        self.previous_prefecture.choices = [SelectChoice("", "不明"), *[SelectChoice(name, name) for name in known]]
        self.previous_prefecture.validate_choice = True
        self.previous_prefecture.data = given

    def validate(self, extra_validators: Mapping[str, object] | None = None) -> bool:
        """Return whether every answer is possible; the children may not outnumber the household."""
        valid: bool = super().validate(extra_validators)
        children, people = self.children.data, self.household_size.data
        if valid and children is not None and people is not None and children > people:
            message = f"{children}人は、入居する人数（{people}人）より多くなっています。どちらかを直してください。"
            self.children.errors = [*self.children.errors, message]
            return False
        return valid
