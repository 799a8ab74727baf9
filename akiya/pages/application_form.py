"""The public form with which an owner offers a home. It reads answers as people write them, in both languages."""

import re
import unicodedata
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Unpack

from werkzeug.datastructures import FileStorage
from wtforms import (
    BooleanField,
    EmailField,
    Field,
    HiddenField,
    MultipleFileField,
    SelectField,
    StringField,
    TelField,
    TextAreaField,
    ValidationError,
)
from wtforms.fields.choices import Choice as Shown
from wtforms.form import BaseForm
from wtforms.validators import InputRequired, Length

from akiya import units
from akiya.choices import Choice
from akiya.listings import enums
from akiya.owners.enums import Applicant, Having, Wish
from akiya.values import Values
from akiya.web import filters
from akiya.web.forms import DayField, FieldOptions, Form, UnitField, Validators
from akiya.web.language import Text
from akiya.web.language import lazy as _

MOST_PHOTOS = 10
LONGEST_MESSAGE = 3000
_LONGEST_FIGURE = 60
_EMAIL = re.compile(r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@[A-Za-z0-9-]{1,63}(\.[A-Za-z0-9-]{1,63})+")
_PHONE = re.compile(r"\+?[0-9() -]{9,24}")
# 一丁目 and 3区 are parts of a town's name; every other figure belongs to the lot number.
_LOT = re.compile(r"番地|\d+番|\d+号|\d+(?!\d|丁目|区|条|町|線|班|組|地割)")


class Pick(SelectField):
    """A select field that offers the members of a Choice in the page's language; its blank choice is None."""

    def __init__(
        self,
        label: Text,
        kind: type[Choice],
        validators: Validators = None,
        *,
        blank: Text,
        **kwargs: Unpack[FieldOptions],
    ) -> None:
        super().__init__(label, validators, choices=[], **kwargs)
        self.kind, self.blank = kind, blank

    def process_data(self, value: object) -> None:
        """Set the member that is selected."""
        self.data = value

    def process_formdata(self, valuelist: list[str]) -> None:
        """Convert the sent value to a member. Raise ValueError for an unknown one."""
        typed = valuelist[0] if valuelist else ""
        self.data = next((member for member in self.kind if str(member) == typed), None)
        if typed and self.data is None:
            raise ValueError(_("選択肢から選んでください。"))

    def iter_choices(self) -> Iterator[Shown]:
        """Yield the blank choice and the members, with the current one selected."""
        yield Shown("", self.blank, self.data is None, {})
        for member in self.kind:
            yield Shown(str(member), member.label, member is self.data, {})

    def pre_validate(self, form: BaseForm) -> None:
        """Check nothing: process_formdata has refused unknown values."""
        return


class Figure(UnitField):
    """A figure as people write it; `advice` makes the error message, in the page's language, from what was typed."""

    def __init__(
        self, label: Text, *, read: Callable[[str | None], float | None], most: float, advice: Callable[[str], Text],
        **kwargs: Unpack[FieldOptions],
    ) -> None:  # fmt: skip
        super().__init__(label, read=read, most=most, **kwargs)
        self.advice = advice

    def process_formdata(self, valuelist: list[str]) -> None:
        """Convert the typed text, in which tsubo means 坪. Raise ValueError with the advice if it cannot be read."""
        typed = valuelist[0] if valuelist else ""
        try:
            if len(typed) > _LONGEST_FIGURE:
                raise ValueError
            super().process_formdata([re.sub(r"(?i)\s*tsubo", "坪", typed)])
        except ValueError as error:
            raise ValueError(self.advice(typed[:_LONGEST_FIGURE])) from error
        finally:
            self.typed = typed.strip()


class Day(DayField):
    """A date as people write it, with an error message in the page's language."""

    def process_formdata(self, valuelist: list[str]) -> None:
        """Convert the typed text to a date and its precision. Raise ValueError if it cannot be read."""
        try:
            if valuelist and len(valuelist[0]) > _LONGEST_FIGURE:
                self.typed = valuelist[0]
                raise ValueError
            super().process_formdata(valuelist)
        except ValueError as error:
            message = _(
                "「%(typed)s」は年月として読めません。1978年、昭和53年6月、1978-06 のように入れてください。",
                typed=(self.typed or "")[:_LONGEST_FIGURE],
            )
            raise ValueError(message) from error


def _most(most: int) -> Length:
    return Length(max=most, message=_("%(most)s文字までです。短くしてください。", most=most))


def _visible(form: BaseForm, field: Field) -> None:
    """Raise ValidationError for control characters, and for a required answer without any visible character."""
    text = field.data or ""
    allowed = "\r\n\t" if isinstance(field, TextAreaField) else ""
    if any(unicodedata.category(c) == "Cc" and c not in allowed for c in text):
        raise ValidationError(_("見えない制御文字が入っています。入力し直してください。"))
    if field.flags.required and not any(unicodedata.category(c)[0] in "LNPS" for c in text):
        raise ValidationError(_("文字を入れてください。"))


def _text(
    label: Text,
    most: int,
    missing: Text | None = None,
    kind: type[StringField] = StringField,
    **more: Unpack[FieldOptions],
) -> StringField:
    return kind(label, [*([InputRequired(missing)] if missing else []), _most(most), _visible], **more)


def _price(label: Text, help_text: Text) -> Figure:
    def advice(typed: str) -> Text:
        return _("「%(typed)s」は金額として読めません。480万円、または 4800000 のように入れてください。", typed=typed)

    return Figure(label, read=units.yen, most=100_000_000_000, advice=advice, description=help_text)


def _area(label: Text, help_text: Text) -> Figure:
    def advice(typed: str) -> Text:
        return _("「%(typed)s」は面積として読めません。121.5（m²）、または 36坪 のように入れてください。", typed=typed)

    return Figure(label, read=units.area, most=10_000_000, advice=advice, description=help_text)


def _pick(label: Text, kind: type[Choice], help_text: Text = "") -> Pick:
    return Pick(label, kind, blank=_("分からない"), description=help_text)


_CHOOSE = _("選んでください")


class ApplicationForm(Form):
    """An owner's application: the home, the applicant, and what the applicant consents to."""

    offered: Mapping[str, object] = {}

    municipality_code = SelectField(
        _("市町村"), [InputRequired(_("市町村を選んでください。"))], choices=[], validate_choice=False
    )
    town = _text(
        _("町・字"),
        120,
        _("町・字を入れてください。"),
        description=_("番地の前まで。公開されるのはここまでです。例：鹿本町来民"),
    )
    lot_number = _text(
        _("番地"), 120, description=_("公開されません。登記事項証明書や固定資産税の通知にあります。例：123番地4")
    )
    wish = Pick(
        _("どうしたいですか"), Wish, [InputRequired(_("売りたいか貸したいかを選んでください。"))], blank=_CHOOSE
    )
    price = _price(_("売りたい価格（決まっていれば）"), _("例：480万円、4800000"))
    rent = _price(_("貸したい月額（決まっていれば）"), _("例：4万5千円、45000"))
    kind = Pick(_("種類"), enums.PropertyKind, blank=_("選んでください"), description=_("空欄なら住宅とします。"))
    structure = _pick(_("構造"), enums.Structure)
    built_on = Day(_("建てた年"), description=_("年だけで構いません。例：昭和53年、1978年6月"))
    floor_area = _area(_("建物の広さ（m²、または坪）"), _("例：121.5、36坪"))
    land_area = _area(_("土地の広さ（m²、または坪）"), _("例：317、96坪"))
    layout = _text(_("間取り"), 20, description=_("例：5DK"))
    vacant_since = Day(_("いつから空き家ですか"), description=_("例：2019年"))
    repair = _pick(_("直すところ"), enums.Repair)
    belongings = _pick(_("家の中の荷物"), enums.Belongings)
    water = _pick(_("水道"), enums.Water)
    gas = _pick(_("ガス"), enums.Gas)
    drain = _pick(_("排水"), enums.Drain)
    toilet = _pick(_("トイレ"), enums.Toilet)
    parking = _pick(_("駐車場"), Having)
    photos = MultipleFileField(_("写真を選ぶ"))
    name = _text(_("お名前"), 80, _("お名前を入れてください。"), render_kw={"autocomplete": "name"})
    kana = _text(_("ふりがな"), 120)
    address = _text(_("ご住所"), 300, render_kw={"autocomplete": "street-address"})
    phone = _text(
        _("電話番号"),
        40,
        kind=TelField,
        description=_("電話かメールのどちらかを入れてください。"),
        render_kw={"autocomplete": "tel"},
    )
    email = _text(
        _("メールアドレス"),
        254,
        kind=EmailField,
        description=_("入れると、受付番号をメールでお送りします。"),
        render_kw={"autocomplete": "email"},
    )
    relation = Pick(_("物件との関係"), Applicant, [InputRequired(_("物件との関係を選んでください。"))], blank=_CHOOSE)
    message = _text(
        _("伝えたいこと"),
        LONGEST_MESSAGE,
        kind=TextAreaField,
        description=_("公開されません。連絡のつく時間、家の事情、心配なことなど。"),
    )
    consent_register = BooleanField(
        _("この物件を空き家バンクに登録することに同意します。"), [InputRequired(_("登録への同意が要ります。"))]
    )
    consent_visit = BooleanField(
        _("市町村の職員が現地を確かめることに同意します。"), [InputRequired(_("現地の確認への同意が要ります。"))]
    )
    consent_publish = BooleanField(
        _(
            "町・字までの場所、建物と土地のようす、写真、価格が公開され、名前・連絡先・番地は公開されないことを確かめ、同意します。"
        ),
        [InputRequired(_("公開の範囲への同意が要ります。"))],
    )
    website = StringField(_("この欄は空のままにしてください"))
    opened = HiddenField()

    def offer(self, municipalities: Sequence[tuple[str, str]]) -> None:
        """Offer these (code, name) pairs as the municipalities to choose from."""
        self.offered = {"": _CHOOSE, **dict(municipalities)}
        self.municipality_code.choices = list(self.offered.items())

    def validate_municipality_code(self, field: Field) -> None:
        """Raise ValidationError for a municipality that is not offered."""
        if field.data not in self.offered:
            raise ValidationError(_("市町村を選んでください。"))

    def validate_town(self, field: Field) -> None:
        """Raise ValidationError for a lot number, because the town is published."""
        if _LOT.search(unicodedata.normalize("NFKC", field.data or "")):
            raise ValidationError(_("町・字は公開されます。番地や番号は、下の「番地」に入れてください。"))

    def validate_built_on(self, field: Field) -> None:
        """Raise ValidationError for a date in the future."""
        if field.data and field.data > filters.today():
            raise ValidationError(_("先の日付です。建てた年を確かめてください。"))

    def validate_phone(self, field: Field) -> None:
        """Raise ValidationError for an unreadable number, or if neither telephone nor e-mail address is given."""
        number = unicodedata.normalize("NFKC", field.data or "").strip()
        number = re.sub("[‐‑–—−ー―]", "-", number)
        if number and not (_PHONE.fullmatch(number) and 9 <= sum(map(str.isdigit, number)) <= 15):
            raise ValidationError(_("電話番号として読めません。市外局番から入れてください。例：096-333-0000"))
        if not number and not (self.email.data or "").strip():
            raise ValidationError(_("電話番号かメールアドレスのどちらかを入れてください。"))

    def validate_email(self, field: Field) -> None:
        """Raise ValidationError for a text that is not an e-mail address."""
        if (field.data or "").strip() and not _EMAIL.fullmatch(self.mail_address()):
            raise ValidationError(_("メールアドレスとして読めません。name@example.jp の形で入れてください。"))

    def validate_photos(self, field: Field) -> None:
        """Raise ValidationError for more photos than MOST_PHOTOS."""
        if len(self.files()) > MOST_PHOTOS:
            raise ValidationError(_("写真は%(most)s枚までです。選び直してください。", most=MOST_PHOTOS))

    def files(self) -> list[FileStorage]:
        """Return the photos that were chosen, as uploaded files."""
        return [file for file in self.photos.data or [] if getattr(file, "filename", "")]

    def mail_address(self) -> str:
        """Return the e-mail address in half-width characters."""
        return unicodedata.normalize("NFKC", self.email.data or "").strip()

    def facts(self) -> Values:
        """Return the listing's values by column: only what may be published."""
        wish = self.wish.data
        is_sale, is_rent = wish in (Wish.SALE, Wish.BOTH), wish in (Wish.RENT, Wish.BOTH)
        same = (
            "structure", "built_on", "floor_area", "land_area", "vacant_since", "repair", "belongings", "water", "gas", "drain",
            "toilet",
        )  # fmt: skip
        return {
            **{name: self[name].data for name in same},
            "town": (self.town.data or "").strip(),
            "layout": (self.layout.data or "").strip(),
            "kind": self.kind.data or enums.PropertyKind.HOUSE,
            "is_sale": is_sale,
            "is_rent": is_rent,
            "price": self.price.data if is_sale else None,
            "rent": self.rent.data if is_rent else None,
            "built_precision": enums.DatePrecision(self.built_on.precision or "year") if self.built_on.data else None,
            "parking": None if self.parking.data is None else self.parking.data is Having.YES,
        }

    def applicant(self) -> Values:
        """Return the applicant's details, by column of the application."""
        texts = {name: (self[name].data or "").strip() for name in ("name", "kana", "address", "phone", "message")}
        return {**texts, "email": self.mail_address(), "relation": self.relation.data}

    def sent(self) -> dict[str, str]:
        """Return every answer as it was typed, by the field's name; photos are left out."""
        asked = {name for _key, _title, names in SECTIONS for name in names} - {"photos"}
        raw = {name: self[name].raw_data for name in self._fields if name in asked}
        return {name: str(texts[0]) for name, texts in raw.items() if texts}

    def answers(self) -> list[tuple[Text, list[tuple[str, str]]]]:
        """Return each section's heading with (label, answer) pairs in Japanese, for clerks who read the application."""
        rows = []
        for _key, title, names in SECTIONS:
            rows.append((title, [(self[n].label.text, self._shown(self[n])) for n in names if n != "photos"]))
        return rows

    def _shown(self, field: Field) -> str:
        if isinstance(field, BooleanField):
            return "はい" if field.data else "いいえ"
        if isinstance(field, Pick):
            return field.data.message if field.data else ""
        if field is self.municipality_code:
            return str(self.offered.get(field.data, field.data))
        return str(field.raw_data[0]) if field.raw_data else ""


SECTIONS: tuple[tuple[str, Text, tuple[str, ...]], ...] = (
    ("place", _("物件の場所と希望"), ("municipality_code", "town", "lot_number", "wish", "price", "rent")),
    (
        "building", _("建物と土地（分かるところだけ）"),
        ("kind", "structure", "built_on", "floor_area", "land_area", "layout", "vacant_since"),
    ),
    ("state", _("状態と設備（分かるところだけ）"), ("repair", "belongings", "water", "gas", "drain", "toilet", "parking")),
    ("photos", _("写真（なくても構いません）"), ("photos",)),
    ("person", _("あなたのこと（公開されません）"), ("name", "kana", "address", "phone", "email", "relation", "message")),
    ("consent", _("同意"), ("consent_register", "consent_visit", "consent_publish")),
)  # fmt: skip
FOLDED = ("building", "state", "photos")
