"""The form of a notice to municipalities."""

from collections.abc import Iterable

from wtforms import BooleanField, StringField, TextAreaField, ValidationError
from wtforms.validators import DataRequired

from akiya.web.forms import DayField, Form, Plain, TickedField


class BulletinForm(Form):
    """A notice: its text, the municipalities that it is for (none ticked: all), and its last day."""

    title = StringField("見出し", [DataRequired("見出しを入れてください。例：台帳の提出のお願い"), Plain(120)])
    text = TextAreaField("本文", [DataRequired("本文を入れてください。"), Plain(4000)])
    codes = TickedField("届ける市町村")
    until = DayField("いつまで出すか", description="この日までページの上に出ます。例：2026-12-28、令和8年12月28日")
    mail = BooleanField("メールでも送る（1人に1通）")

    def offer(self, places: Iterable[tuple[str, str]]) -> None:
        """Show a box for each of these (code, name) pairs."""
        self.places = list(places)

    def validate_until(self, field: DayField) -> None:
        """Raise ValidationError for a date without a day."""
        if field.data is not None and field.precision not in (None, "day"):
            raise ValidationError(f"「{field.typed}」には日がありません。2026-12-28 のように日まで入れてください。")
