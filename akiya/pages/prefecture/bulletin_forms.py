"""The form of a notice."""

from collections.abc import Iterable

from wtforms import BooleanField, StringField, TextAreaField, ValidationError
from wtforms.validators import DataRequired

from akiya.web.forms import DayField, Form, Plain, TickedField


class BulletinForm(Form):
    """What is told, to whom (none ticked: all) and until when."""

    title = StringField("見出し", [DataRequired("見出しを入れてください。例：台帳の提出のお願い"), Plain(120)])
    text = TextAreaField("本文", [DataRequired("本文を入れてください。"), Plain(4000)])
    codes = TickedField("届ける市町村")
    until = DayField("いつまで出すか", description="この日までページの上に出ます。例：2026-12-28、令和8年12月28日")
    mail = BooleanField("メールでも送る（1人に1通）")

    def offer(self, places: Iterable[tuple[str, str]]) -> None:
        """The boxes of these (code, name) can be ticked."""
        self.places = list(places)

    def validate_until(self, field: DayField) -> None:
        if field.data is not None and field.precision not in (None, "day"):
            raise ValidationError(f"「{field.typed}」には日がありません。2026-12-28 のように日まで入れてください。")
