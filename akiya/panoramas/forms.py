"""The form of a panorama."""

from flask_wtf.file import FileField, FileRequired
from wtforms import StringField, TextAreaField
from wtforms.validators import InputRequired, Length

from akiya.web.forms import Form


class PanoramaForm(Form):
    """A 360° picture, its title and its text account."""

    file = FileField("360度画像", [FileRequired("360度画像が選ばれていません。2:1のJPEGを選んでください。")])
    title = StringField("部屋の名前", [Length(max=80, message="80文字までにしてください。")])
    description = TextAreaField(
        "写っているもの",
        [
            InputRequired("360度画像を見られない人のために、何が写っているかを書いてください。"),
            Length(max=1000, message="1000文字までにしてください。"),
        ],
    )
