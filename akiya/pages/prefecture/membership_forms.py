"""The forms for municipalities that join, leave or merge."""

from collections.abc import Sequence

from wtforms import BooleanField, EmailField, Field, RadioField, StringField, TextAreaField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, Length, ValidationError

from akiya.language import Language, in_others
from akiya.membership.service import LeavingHomes
from akiya.municipalities import settings
from akiya.values import Values
from akiya.web.forms import DayField, Form, OfferedField, Plain, for_each_other

_CONTACT, _TEXT = settings.BY_NAME["contact"], settings.BY_NAME["text"]


def _tidy(text: str | None) -> str:
    return (text or "").replace("\r\n", "\n").strip()


class _Degrees(StringField):
    """Degrees as decimals; the error message quotes what cannot be read."""

    def process_formdata(self, valuelist: list[str]) -> None:
        super().process_formdata(valuelist)
        try:
            self.degrees = float((self.data or "").strip())
        except ValueError:
            raise ValueError(
                f"「{(self.data or '')[:20]}」は度として読めません。32.951944 のように入れてください。"
            ) from None


def _name_field(language: Language) -> StringField:
    example = "例：Ubuyama Village" if language.code == "en" else ""
    return StringField(f"{language.in_japanese}の名前", [Plain(80)], filters=[_tidy], description=example)


class NewForm(Form):
    """A municipality that is not in the built-in list."""

    code = StringField(
        "市町村コード",
        [InputRequired("市町村コードが空欄です。5桁か6桁の数字を入れてください。")],
        description="全国地方公共団体コード。5桁、または検査数字をつけた6桁。",
        render_kw={"inputmode": "numeric"},
    )
    name = StringField(
        "市町村名", [InputRequired("市町村名が空欄です。正式な名前を入れてください。"), Plain(40)], filters=[_tidy]
    )
    kana = StringField("よみ", [Plain(80)], filters=[_tidy], description="ひらがな。例：うぶやまむら")
    locals().update(for_each_other("name", _name_field))
    lat = _Degrees("役所・役場の緯度", description="度。例：32.951944", render_kw={"inputmode": "decimal"})
    lon = _Degrees("役所・役場の経度", description="度。例：131.121111", render_kw={"inputmode": "decimal"})

    @property
    def other_names(self) -> list[Field]:
        """Return the fields of the names in other languages than Japanese."""
        return [self[name] for name in in_others("name")]

    def values(self) -> Values:
        """Return what was stated, as the service expects it."""
        texts = {name: self[name].data or "" for name in ("code", "name", "kana")}
        names = {language.code: self[field].data or "" for field, language in in_others("name").items()}
        return {**texts, "names": names, "lon": self.lon.degrees, "lat": self.lat.degrees}


class OwnBankForm(Form):
    """The address of the bank that a municipality runs itself while it does not take part."""

    url = StringField(
        "市町村の独自の空き家バンクの住所",
        filters=[_tidy],
        description="公開ページの地図と市町村のページから、ここへ案内します。なければ空欄に。例：https://www.example.jp/akiya/",
    )

    def validate_url(self, field: Field) -> None:
        """Raise ValidationError unless it is empty or the address of a web page."""
        if problem := settings.address_problem(field.data):
            raise ValidationError(problem)


class IntroductionForm(OwnBankForm):
    """A municipality's contact and introduction, and the address of its own bank."""

    contact = TextAreaField(
        _CONTACT.message,
        [Plain(_CONTACT.most)],
        filters=[_tidy],
        description="担当課、電話、受付の時間。公開されます。例：まちづくり課 0967-00-0000（平日8:30〜17:15）",
    )
    text = TextAreaField(
        _TEXT.message, [Plain(_TEXT.most)], filters=[_tidy], description="市町村のページの初めに出ます。"
    )


class ClerkForm(Form):
    """The address of the first clerk, who is invited."""

    email = EmailField(
        "担当者のメールアドレス",
        [
            InputRequired("メールアドレスを入れてください。"),
            Length(max=254, message="メールアドレスは254文字までです。"),
        ],
        description="届いたリンクから、本人が名前とパスワードを決めます。7日間使えます。",
    )


class LeaveForm(OwnBankForm):
    """A municipality that leaves: day and reason, and what happens to its homes and accounts."""

    on = DayField("離脱した日", description="空欄なら今日。例：2026-03-31")
    reason = TextAreaField("理由", description="市町村の履歴と、取り下げる物件の履歴に残ります。公開されません。")
    homes = RadioField(
        "公開中の物件",
        [InputRequired("公開中の物件をどうするかを選んでください。")],
        choices=[SelectChoice(str(h), h.message) for h in LeavingHomes],
    )
    dismiss = BooleanField(
        "職員のアカウントを停止する", description="すぐにサインアウトになります。これまでの記録は残ります。"
    )


class MergeForm(Form):
    """The municipality to merge into, and the day."""

    into = OfferedField("合併先")
    on = DayField("合併の日", description="空欄なら今日。この日より前の月の報告は、合併前の市町村のままです。")

    def offer(self, municipalities: Sequence[tuple[str, str]]) -> None:
        """Offer these (code, name) pairs to choose from."""
        self.into.choices = [("", "選んでください"), *municipalities]

    def validate_into(self, field: Field) -> None:
        """Raise ValidationError if none is chosen."""
        if not field.data:
            raise ValidationError("合併先を選んでください。一覧になければ、先に市町村を加えてください。")
