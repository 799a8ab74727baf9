"""Every field of a listing in one table: its group, labels, type, vocabulary and help texts.

Pages, the form, histories and exports read this table.
"""

from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING, Any  # a value of any field, and rows of a table whose last cells may be missing

from akiya.choices import Choice
from akiya.language import N_, NP_, Labelled
from akiya.listings import enums
from akiya.listings.hazards import HazardKind
from akiya.listings.help_texts import HELP
from akiya.municipalities.enums import Blur

if TYPE_CHECKING:  # fields are a vocabulary, which loads no database
    from akiya.listings.models import Listing, PrivateRecord


class FieldType(Enum):
    """The type of a field's value, which decides how it is entered and shown."""

    TEXT = "text"
    LONG = "long"
    YEN = "yen"
    COUNT = "count"
    AREA = "area"
    METRES = "metres"
    WIDTH = "width"
    PERCENT = "percent"
    FLAG = "flag"
    DATE = "date"
    CHOICE = "choice"
    DEGREES = "degrees"
    MOMENT = "moment"
    ADDRESS = "address"


class FieldGroup(Choice):
    """The section of the form and of the page that a field belongs to; PRIVATE fields are never published."""

    IDENTITY = "identity", N_("物件の番号と場所")
    DEAL = "deal", N_("取引")
    BUILDING = "building", NP_("group", "建物")
    LAND = "land", N_("土地")
    STATE = "state", NP_("group", "状態")
    UTILITIES = "utilities", N_("水回り・設備")
    OUTSIDE = "outside", N_("外回り")
    LIFE = "life", N_("暮らし")
    RISK = "risk", N_("災害リスク")
    WORDS = "words", N_("紹介文・条件")
    WHO = "who", N_("連絡先・仲介")
    PRIVATE = "private", N_("公開しない情報")


Vocabulary = type[Choice]


@dataclass(frozen=True)
class Field(Labelled):
    """A field of a listing. `name` is the column of Listing, or of PrivateRecord when `private` is true.

    `help` says what the field means, `where` tells a clerk where to find the answer; `limit` is how many characters a text
    may have.
    """

    name: str
    group: FieldGroup
    message: str
    type: FieldType
    help: str
    where: str
    choices: Vocabulary | None = None
    limit: int | None = None
    private: bool = False

    def holder(self, listing: "Listing") -> "Listing | PrivateRecord":
        """Return the object that holds the field: the private record of the listing, or the listing itself."""
        return listing.private if self.private else listing

    def held(self, listing: "Listing") -> Any:
        """Return the listing's value of the field."""
        return getattr(self.holder(listing), self.name)


def _group(group: FieldGroup, *rows: tuple[Any, ...]) -> list[Field]:
    fields = []
    for name, message, kind, *rest in rows:
        extra = rest[0] if rest else None
        is_choice = isinstance(extra, type)
        fields.append(
            Field(
                name,
                group,
                message,
                kind,
                *HELP[name],
                choices=extra if is_choice else None,
                limit=None if is_choice else extra,
                private=group is FieldGroup.PRIVATE,
            )
        )
    return fields


_T = FieldType


def _of_hazard(kind: HazardKind) -> list[tuple[Any, ...]]:
    return [
        (str(kind), kind.message, _T.CHOICE, enums.HazardExposure),
        (kind.map_field, kind.map_message, _T.DATE),
    ]


FIELDS: tuple[Field, ...] = (
    *_group(
        FieldGroup.IDENTITY,
        ("number", N_("物件番号"), _T.TEXT, 60),
        ("title", N_("見出し"), _T.TEXT, 120),
        ("town", N_("町・字"), _T.TEXT, 120),
        ("blur", N_("位置の公開範囲"), _T.CHOICE, Blur),
    ),
    *_group(
        FieldGroup.DEAL,
        ("is_sale", N_("売ります"), _T.FLAG),
        ("is_rent", N_("貸します"), _T.FLAG),
        ("kind", N_("種別"), _T.CHOICE, enums.PropertyKind),
        ("price", N_("売買価格"), _T.YEN),
        ("rent", N_("賃料（月額）"), _T.YEN),
        ("price_negotiable", N_("価格応相談"), _T.FLAG),
        ("price_demolished", N_("更地渡しの価格"), _T.YEN),
        ("common_fee", N_("共益費（月額）"), _T.YEN),
    ),
    *_group(
        FieldGroup.BUILDING,
        ("structure", N_("構造"), _T.CHOICE, enums.Structure),
        ("storeys", N_("階数"), _T.COUNT),
        ("built_on", N_("建築年月"), _T.DATE),
        ("floor_area", N_("延床面積"), _T.AREA),
        ("layout", N_("間取り"), _T.TEXT, 20),
        ("vacant_since", N_("空き家になった時期"), _T.DATE),
        ("traditional", N_("古民家として紹介"), _T.FLAG),
    ),
    *_group(
        FieldGroup.LAND,
        ("land_area", N_("土地面積"), _T.AREA),
        ("land_measure", N_("面積の測り方"), _T.CHOICE, enums.LandMeasure),
        ("land_category", N_("地目"), _T.TEXT, 40),
        ("city_planning", N_("都市計画"), _T.CHOICE, enums.CityPlanning),
        ("zoning", N_("用途地域"), _T.TEXT, 40),
        ("land_right", N_("土地の権利"), _T.CHOICE, enums.LandRight),
        ("coverage_ratio", N_("建ぺい率"), _T.PERCENT),
        ("floor_ratio", N_("容積率"), _T.PERCENT),
        ("private_road", N_("私道負担"), _T.FLAG),
        ("setback", N_("セットバック"), _T.FLAG),
        ("roads", N_("接道"), _T.TEXT, 80),
        ("road_width", N_("前面道路の幅"), _T.WIDTH),
        ("car_access", N_("車の横付け"), _T.FLAG),
        ("rebuildable", N_("再建築"), _T.FLAG),
    ),
    *_group(
        FieldGroup.STATE,
        ("repair", N_("修繕"), _T.CHOICE, enums.Repair),
        ("belongings", N_("家財"), _T.CHOICE, enums.Belongings),
        ("handover", N_("引渡し"), _T.CHOICE, enums.Handover),
        ("handover_on", N_("引渡し期日"), _T.DATE),
        ("registered", N_("登記"), _T.FLAG),
        ("earthquake", N_("耐震基準"), _T.CHOICE, enums.Earthquake),
        ("barrier_free", N_("段差が少ない"), _T.FLAG),
        ("diy", N_("DIY"), _T.FLAG),
        ("pets", N_("ペット"), _T.FLAG),
    ),
    *_group(
        FieldGroup.UTILITIES,
        ("water", N_("水道"), _T.CHOICE, enums.Water),
        ("gas", N_("ガス"), _T.CHOICE, enums.Gas),
        ("drain", N_("排水"), _T.CHOICE, enums.Drain),
        ("toilet", N_("トイレ"), _T.CHOICE, enums.Toilet),
        ("toilet_note", N_("トイレの補足"), _T.TEXT, 200),
        ("bath", N_("風呂"), _T.FLAG),
        ("hot_water", N_("給湯"), _T.CHOICE, enums.HotWater),
        ("all_electric", N_("オール電化"), _T.FLAG),
        ("internet", N_("インターネット"), _T.CHOICE, enums.Internet),
        ("onsen", N_("温泉"), _T.FLAG),
    ),
    *_group(
        FieldGroup.OUTSIDE,
        ("parking", N_("駐車場"), _T.FLAG),
        ("parking_spaces", N_("駐車台数"), _T.COUNT),
        ("parking_note", N_("駐車場の補足"), _T.TEXT, 80),
        ("garden", N_("庭"), _T.FLAG),
        ("farmland", N_("農地"), _T.FLAG),
        ("farmland_area", N_("農地の面積"), _T.AREA),
        ("shed", N_("倉庫・納屋"), _T.FLAG),
        ("storehouse", N_("蔵"), _T.FLAG),
        ("garage", N_("車庫"), _T.FLAG),
        ("shop_part", N_("店舗部分"), _T.FLAG),
        ("business_allowed", N_("事業利用"), _T.FLAG),
        ("sea", N_("海が見える・近い"), _T.FLAG),
        ("nature", N_("山・自然"), _T.FLAG),
    ),
    *_group(
        FieldGroup.LIFE,
        ("station_line", N_("最寄り駅の路線"), _T.TEXT, 60),
        ("station", N_("最寄り駅"), _T.TEXT, 60),
        ("station_m", N_("駅まで"), _T.METRES),
        ("elementary_m", N_("小学校まで"), _T.METRES),
        ("junior_high_m", N_("中学校まで"), _T.METRES),
        ("nursery_m", N_("保育所まで"), _T.METRES),
        ("supermarket_m", N_("スーパーまで"), _T.METRES),
        ("convenience_m", N_("コンビニまで"), _T.METRES),
        ("drug_store_m", N_("ドラッグストアまで"), _T.METRES),
        ("hospital_m", N_("病院まで"), _T.METRES),
        ("bank_m", N_("銀行まで"), _T.METRES),
        ("post_office_m", N_("郵便局まで"), _T.METRES),
        ("park_m", N_("公園まで"), _T.METRES),
        ("municipal_office_m", N_("役所・役場まで"), _T.METRES),
    ),
    *_group(
        FieldGroup.RISK,
        *(row for kind in HazardKind for row in _of_hazard(kind)),
        ("hazard_note", N_("災害についての補足"), _T.LONG),
    ),
    *_group(
        FieldGroup.WORDS,
        ("appeal", N_("紹介文"), _T.LONG),
        ("remarks", N_("備考"), _T.LONG),
        ("conditions", N_("条件"), _T.LONG),
        ("association", N_("自治会のこと"), _T.LONG),
        ("association_fee", N_("自治会費（年額）"), _T.YEN),
    ),
    *_group(
        FieldGroup.WHO,
        ("mediation", N_("仲介"), _T.CHOICE, enums.Mediation),
        ("agent_name", N_("仲介業者"), _T.TEXT, 120),
        ("agent_licence", N_("宅建免許番号"), _T.TEXT, 80),
        ("agent_phone", N_("仲介業者の電話"), _T.TEXT, 40),
        ("contact", N_("問合せ先"), _T.TEXT, 200),
        ("live_viewing", N_("ビデオ通話での内見"), _T.FLAG),
    ),
    *_group(
        FieldGroup.PRIVATE,
        ("lot_number", N_("番地"), _T.TEXT, 120),
        ("true_lat", N_("緯度"), _T.DEGREES),
        ("true_lon", N_("経度"), _T.DEGREES),
        ("owner_name", N_("所有者の氏名"), _T.TEXT, 120),
        ("owner_contact", N_("所有者の連絡先"), _T.LONG),
        ("consent_on", N_("同意の日"), _T.DATE),
        ("consent_scope", N_("同意の範囲"), _T.LONG),
        ("notes", N_("内部メモ"), _T.LONG),
    ),
)

BY_NAME: dict[str, Field] = {field.name: field for field in FIELDS}
MAIN: tuple[str, ...] = (
    "number", "title", "town", "is_sale", "is_rent", "kind", "price", "rent",
    "built_on", "floor_area", "land_area", "layout", "appeal",
)  # fmt: skip
