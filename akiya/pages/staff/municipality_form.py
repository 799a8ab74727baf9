"""The form of a municipality's settings."""

from typing import Any

from wtforms import BooleanField, FieldList, FormField, HiddenField, IntegerField, StringField, TextAreaField
from wtforms import Form as Part
from wtforms.validators import InputRequired, ValidationError
from wtforms.validators import Optional as Blank

from akiya import units
from akiya.listings.enums import MIDDLE_STEPS
from akiya.listings.fields import FIELDS, FieldGroup
from akiya.municipalities import settings
from akiya.municipalities.enums import Approval, Blur, Tag
from akiya.web.forms import ChoiceField, Form, Plain, TickedField, UnitField

# These every listing has, or its deal asks for.
_ALWAYS = {"number", "kind", "is_sale", "is_rent", "price", "rent"}
REQUIRABLE = [(group, [f for f in FIELDS if f.group is group and f.name not in _ALWAYS]) for group in FieldGroup]
REQUIRABLE = [(group, fields) for group, fields in REQUIRABLE if fields and group is not FieldGroup.PRIVATE]
_LISTS = {
    "tags": [str(tag) for tag in Tag],
    "steps": [str(step) for step in MIDDLE_STEPS],
    "required": [field.name for _group, fields in REQUIRABLE for field in fields],
}


def _tidy(text: str | None) -> str:
    return (text or "").replace("\r\n", "\n").strip()


class _Known:
    """Refuses what is not among the boxes."""

    def __call__(self, form: Any, field: Any) -> None:
        for value in field.data or ():
            if value not in _LISTS[field.name]:
                raise ValidationError(f"「{value[:40]}」という選択肢はありません。画面を開き直して選んでください。")


_NO_NAME = "名前が空欄です。名前を入れてください。消すときは「この業者を消す」に印を付けてください。"


class _Address:
    """Refuses what is not the address of a web page."""

    def __call__(self, form: Any, field: Any) -> None:
        if problem := settings.address_problem(field.data):
            raise ValidationError(problem)


class AgentForm(Part):
    """An agent; a blank row is none."""

    id = IntegerField(validators=[Blank()])
    name = StringField("名前", [Plain(120)], filters=[_tidy])
    licence = StringField("免許番号", [Plain(80)], filters=[_tidy])
    phone = StringField("電話", [Plain(40)], filters=[_tidy])
    remove = BooleanField("この業者を消す")

    def validate(self, extra_validators: Any = None) -> bool:
        """Whether the row is blank, to be removed, or has a name."""
        if not super().validate(extra_validators):
            return False
        if not self.name.data and not self.remove.data and (self.id.data or self.licence.data or self.phone.data):
            self.name.errors = [
                "名前が空欄です。名前を入れてください。消すときは「この業者を消す」に印を付けてください。"
            ]
            return False
        return True


def _number(label: str, bounds: tuple[int, int], description: str) -> UnitField:
    asked = InputRequired(f"{label}が空欄です。{bounds[0]}〜{bounds[1]} の数を入れてください。")
    return UnitField(label, [asked], read=units.count, least=bounds[0], most=bounds[1], description=description)


class MunicipalityForm(Form):
    """What a municipality says of itself, how it works, and with whom. `seen` is the mark of what was shown."""

    seen = HiddenField()
    contact = TextAreaField(
        "問合せ先",
        [Plain(2000)],
        filters=[_tidy],
        description="担当課、電話、受付の時間。公開されます。"
        "例：まちづくり課 空き家担当 0967-00-0000（平日8:30〜17:15）",
    )
    text = TextAreaField(
        "市町村の紹介",
        [Plain(5000)],
        filters=[_tidy],
        description="市町村のページの初めに出ます。暮らし、支援、申込みの流れなど。",
    )
    url = StringField(
        "市町村のサイト",
        [_Address()],
        filters=[_tidy],
        description="空き家バンクや移住のページ。例：https://www.example.jp/akiya/",
    )
    hazard_map_url = StringField(
        "ハザードマップ",
        [_Address()],
        filters=[_tidy],
        description="市町村が公開しているハザードマップのページ。地図と物件のページから案内します。",
    )
    tags = TickedField("条件・支援", [_Known()], description="さがす画面で選べます。当てはまるものすべて。")
    steps = TickedField(
        "公開までの段階",
        [_Known()],
        description="下書きと公開の間に置く段階です。使わなければ、下書きからすぐに公開できます。",
    )
    approval = ChoiceField("公開の承認", Approval, blank=None, description="公開の前に、だれの承認が要るか。")
    valid_months = _number("登録の有効期間", settings.MONTHS, "か月。公開した日から数えます。多くは 24 か 36 です。")
    confirm_days = _number(
        "募集の確認の間隔",
        settings.DAYS,
        "日。今も募集中かを、この間隔で確かめます。ふつうは 60 です。次の確認から変わります。",
    )
    required = TickedField(
        "公開に必ず要る項目",
        [_Known()],
        description="ここで選んだ項目が空欄の物件は公開できません。建物の項目は、土地だけの物件では求めません。",
    )
    blur = ChoiceField(
        "地図で見せる位置",
        Blur,
        blank=None,
        description="物件ごとに変えることもできます。変えると、公開中の物件の位置も計算し直します。",
    )
    live_viewing = BooleanField(
        "ビデオ通話で内見できる",
        description="物件のページに出て、さがす人が条件に選べます。物件ごとに変えることもできます。",
    )
    live_viewing_note = TextAreaField(
        "ビデオ通話での内見の案内",
        [Plain(1000)],
        filters=[_tidy],
        description="内見できる曜日と時間、使うアプリ、申し込み方。できる物件のページに、問合せ先と一緒に出ます。"
        "例：平日10時〜16時。LINEかZoomで、職員が家の中をお見せします。3日前までに電話でお申し込みください。",
    )
    agents: Any = FieldList(FormField(AgentForm))

    def values(self) -> dict[str, Any]:
        """The values by column name; boxes with commas between, in the order in which they are shown."""
        return {
            field.name: ",".join(value for value in _LISTS[field.name] if value in (field.data or ()))
            if field.name in _LISTS
            else field.data
            for field in self
            if field.name not in ("seen", "agents", "csrf_token")
        }

    def given_agents(self) -> list[dict[str, Any]]:
        """The rows that name an agent, as settings.change takes them."""
        rows: list[dict[str, Any]] = [row.form.data for row in self.agents]
        return [row for row in rows if row["id"] or row["name"]]


def stored(municipality: Any, agents: Any) -> dict[str, Any]:
    """What the form shows of a municipality."""
    values = {name: getattr(municipality, name) for name in settings.NAMES}
    for name in _LISTS:
        values[name] = [value for value in values[name].split(",") if value]
    rows = [{"id": a.id, "name": a.name, "licence": a.licence, "phone": a.phone} for a in agents]
    return {**values, "agents": rows}
