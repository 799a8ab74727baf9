"""The staff's forms about owners."""

import unicodedata

from flask_wtf.file import FileField, FileRequired
from wtforms import Field, IntegerField, StringField, TextAreaField, ValidationError
from wtforms.form import BaseForm
from wtforms.validators import InputRequired, Length, Optional
from wtforms.widgets import HiddenInput

from akiya.imaging import formats
from akiya.listings.fields import BY_NAME
from akiya.owners.enums import ContactWay, DocumentKind, Relation
from akiya.values import Values
from akiya.web.forms import ChoiceField, DayField, Form

OWNER_FIELDS = ("owner_name", "owner_contact", "lot_number", "consent_on", "consent_scope", "notes")
_LONG = 5000


def _most(most: int) -> Length:
    return Length(max=most, message=f"{most}文字までです。短くしてください。")


def _visible(form: BaseForm, field: Field) -> None:
    """Raise ValidationError for control characters, and for a text of white space only."""
    text = field.data or ""
    if any(unicodedata.category(c) == "Cc" and c not in "\r\n\t" for c in text):
        raise ValidationError("見えない制御文字が入っています。入力し直してください。")
    if text and not text.strip():
        raise ValidationError("空白だけでは保存できません。")


def _text(label: str, most: int, missing: str = "") -> StringField:
    return StringField(label, [InputRequired(missing) if missing else Optional(), _most(most), _visible])


def _long(label: str, missing: str = "") -> TextAreaField:
    return TextAreaField(label, [InputRequired(missing) if missing else Optional(), _most(_LONG), _visible])


class OwnerForm(Form):
    """The private record of a home, as the owner's page shows it."""

    version = IntegerField(validators=[Optional()], widget=HiddenInput())
    owner_name = _text(BY_NAME["owner_name"].message, 120)
    owner_contact = _long(BY_NAME["owner_contact"].message)
    lot_number = _text(BY_NAME["lot_number"].message, 120)
    consent_on = DayField(BY_NAME["consent_on"].message)
    consent_scope = _long(BY_NAME["consent_scope"].message)
    notes = _long(BY_NAME["notes"].message)

    def values(self) -> Values:
        """Return the values by column of the private record."""
        return {
            name: self[name].data if name == "consent_on" else (self[name].data or "").strip() for name in OWNER_FIELDS
        }


class CoOwnerForm(Form):
    """Another person whose consent the home needs, and whether they agree."""

    name = _text("氏名", 120, "氏名を入れてください。")
    relation = ChoiceField("立場", Relation, [InputRequired("立場を選んでください。")], blank="選んでください")
    share = _text("持分（例：2分の1）", 40)
    contact = TextAreaField("連絡先", [Optional(), _most(1000), _visible])
    agreed_on = DayField("同意した日（まだなら空欄）")

    def values(self) -> Values:
        """Return the values as the service expects them."""
        return {
            "name": (self.name.data or "").strip(), "relation": self.relation.data, "share": self.share.data or "",
            "contact": self.contact.data or "", "agreed_on": self.agreed_on.data,
        }  # fmt: skip


class ContactForm(Form):
    """A conversation with an owner."""

    on = DayField("日付（空欄なら今日）")
    way = ChoiceField("方法", ContactWay, [InputRequired("方法を選んでください。")], blank="選んでください")
    text = _long("話した内容", "話した内容を入れてください。")


class DocumentForm(Form):
    """A scanned document."""

    kind = ChoiceField("書類の種類", DocumentKind, [InputRequired("種類を選んでください。")], blank="選んでください")
    file = FileField(
        f"ファイル（PDF・{formats.listed(formats.DOCUMENT, '・')}、20MBまで）",
        [FileRequired("ファイルを選んでください。")],
    )
