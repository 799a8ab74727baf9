"""The staff's forms of inquiries: one click, and details that may be added later."""

from collections.abc import Iterable

from wtforms import ValidationError
from wtforms.fields.choices import SelectChoice

from akiya import units
from akiya.inquiries.models import InquiryKind, InquiryWay
from akiya.web.forms import ChoiceField, DayField, Form, OfferedField, UnitField


class InquiryNoteForm(Form):
    """The button that was pressed, and the municipality that a coordinator chooses."""

    kind = ChoiceField("種類", InquiryKind)
    municipality_code = OfferedField("市町村", choices=[SelectChoice("", "選んでください")])

    def offer(self, municipalities: Iterable[tuple[str, str]]) -> None:
        """Offer these (code, name) pairs, one of which a coordinator chooses."""
        offered = [SelectChoice(code, name) for code, name in municipalities]
        self.municipality_code.choices = [SelectChoice("", "選んでください"), *offered]

    def validate_kind(self, field: ChoiceField) -> None:
        """Raise ValidationError if no button was pressed."""
        if field.data is None:
            raise ValidationError("種類が選ばれていません。ボタンから選んでください。")


class InquiryForm(Form):
    """The details of an inquiry. No name is asked for."""

    kind = ChoiceField("種類", InquiryKind, blank=None)
    on = DayField("あった日", description="空欄なら今日。例：2026-11-27、令和8年11月27日")
    way = ChoiceField("方法", InquiryWay)
    previous_prefecture = OfferedField("前の住所（今お住まいの都道府県）")
    household_size = UnitField(
        "世帯の人数", read=units.count, least=1, most=20, description="1〜20人。分からなければ空欄"
    )

    def offer(self, homes: Iterable[str]) -> None:
        """Offer these places where people may have lived before."""
        choices = [SelectChoice("", "不明"), *[SelectChoice(name, name) for name in homes]]
        self.previous_prefecture.choices = choices

    def validate_on(self, field: DayField) -> None:
        """Raise ValidationError for a date without a day."""
        if field.data is not None and field.precision not in (None, "day"):
            raise ValidationError(f"「{field.typed}」には日がありません。2026-11-27 のように日まで入れてください。")
