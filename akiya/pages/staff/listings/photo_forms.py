"""The forms of a photo: what it shows, and which areas are blurred."""

from collections.abc import Mapping

from wtforms import FieldList, FormField, StringField
from wtforms import Form as Part
from wtforms.validators import Length

from akiya import units
from akiya.listings import enums
from akiya.web.forms import ChoiceField, Form, UnitField

_LEAST = 1


class PhotoForm(Form):
    """The kind and the caption of a photo."""

    kind = ChoiceField("種類", enums.PhotoKind)
    caption = StringField("説明", [Length(max=200, message="説明は200文字までです。短くしてください。")])


class PhotoBlurForm(Part):
    """A rectangle of a photo, in percent of its width and height; a blank row is ignored."""

    left = UnitField("左から", read=units.percent, most=100 - _LEAST)
    top = UnitField("上から", read=units.percent, most=100 - _LEAST)
    width = UnitField("幅", read=units.percent, least=_LEAST, most=100)
    height = UnitField("高さ", read=units.percent, least=_LEAST, most=100)

    def validate(self, extra_validators: Mapping[str, object] | None = None) -> bool:
        """Return whether all four values are blank, or make a rectangle inside the photo."""
        fields = (self.left, self.top, self.width, self.height)
        if not super().validate(extra_validators):
            return False
        if all(field.data is None for field in fields):
            return True
        for field in fields:
            if field.data is None:
                field.errors = ["空欄です。この範囲の4つの数をすべて入れるか、4つとも消してください。"]
        if not any(field.errors for field in fields):
            for start, size, side in ((self.left, self.width, "右"), (self.top, self.height, "下")):
                if start.data + size.data > 100:
                    message = f"「{size.data:g}」は写真の{side}へはみ出します。{100 - start.data:g} までの値を入れてください。"
                    size.errors = [message]
        return not any(field.errors for field in fields)


class BlurForm(Form):
    """The areas of a photo to blur."""

    areas = FieldList(FormField(PhotoBlurForm))

    def shares(self) -> list[list[float]]:
        """Return the areas as [left, top, width, height], each as a share (0 to 1) of the photo's width or height."""
        rows = [[field.data for field in row.form] for row in self.areas]
        return [[round(figure / 100, 4) for figure in row] for row in rows if None not in row]
