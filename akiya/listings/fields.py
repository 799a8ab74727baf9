"""Every field of a listing in one table: its group, labels, type, vocabulary and help texts.

Pages, the form, histories and exports read this table.
"""

from dataclasses import dataclass
from enum import Enum
from typing import Any

from akiya.choices import Choice
from akiya.listings import enums
from akiya.listings.hazards import HazardKind
from akiya.listings.help_texts import HELP
from akiya.municipalities.enums import Blur


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

    IDENTITY = "identity", "物件の番号と場所", "Identity and place"
    DEAL = "deal", "取引", "Deal"
    BUILDING = "building", "建物", "Building"
    LAND = "land", "土地", "Land"
    STATE = "state", "状態", "Condition"
    UTILITIES = "utilities", "水回り・設備", "Utilities"
    OUTSIDE = "outside", "外回り", "Outside"
    LIFE = "life", "暮らし", "Daily life"
    RISK = "risk", "災害リスク", "Natural hazards"
    WORDS = "words", "紹介文・条件", "Description"
    WHO = "who", "連絡先・仲介", "Contact and mediation"
    PRIVATE = "private", "公開しない情報", "Never published"


Vocabulary = type[Choice]


@dataclass(frozen=True)
class Field:
    """A field of a listing. `name` is the column of Listing, or of PrivateRecord when `private` is true.

    `help` says what the field means, `where` tells a clerk where to find the answer; `limit` is how many characters a text
    may have.
    """

    name: str
    group: FieldGroup
    ja: str
    en: str
    type: FieldType
    help: str
    where: str
    choices: Vocabulary | None = None
    limit: int | None = None
    private: bool = False

    def holder(self, listing: Any) -> Any:
        """Return the object that holds the field: the private record of the listing, or the listing itself."""
        return listing.private if self.private else listing

    def held(self, listing: Any) -> Any:
        """Return the listing's value of the field."""
        return getattr(self.holder(listing), self.name)

    def label(self, language: str) -> str:
        """Return the label in `language` ("ja" or "en")."""
        return self.en if language == "en" else self.ja


def _group(group: FieldGroup, *rows: tuple) -> list[Field]:
    fields = []
    for name, ja, en, kind, *rest in rows:
        extra = rest[0] if rest else None
        is_choice = isinstance(extra, type)
        fields.append(
            Field(
                name,
                group,
                ja,
                en,
                kind,
                *HELP[name],
                choices=extra if is_choice else None,
                limit=None if is_choice else extra,
                private=group is FieldGroup.PRIVATE,
            )
        )
    return fields


_T = FieldType


def _of_hazard(kind: HazardKind) -> list[tuple]:
    return [
        (str(kind), kind.ja, kind.en, _T.CHOICE, enums.HazardExposure),
        (kind.map_field, f"{kind.ja}の地図の日付", f"{kind.en} map date", _T.DATE),
    ]


FIELDS: tuple[Field, ...] = (
    *_group(
        FieldGroup.IDENTITY,
        ("number", "物件番号", "Number", _T.TEXT, 60),
        ("title", "見出し", "Title", _T.TEXT, 120),
        ("town", "町・字", "Town", _T.TEXT, 120),
        ("blur", "位置の公開範囲", "Published location", _T.CHOICE, Blur),
    ),
    *_group(
        FieldGroup.DEAL,
        ("is_sale", "売ります", "For sale", _T.FLAG),
        ("is_rent", "貸します", "For rent", _T.FLAG),
        ("kind", "種別", "Kind", _T.CHOICE, enums.PropertyKind),
        ("price", "売買価格", "Price", _T.YEN),
        ("rent", "賃料（月額）", "Rent a month", _T.YEN),
        ("price_negotiable", "価格応相談", "Price negotiable", _T.FLAG),
        ("price_demolished", "更地渡しの価格", "Price after demolition", _T.YEN),
        ("common_fee", "共益費（月額）", "Common fees a month", _T.YEN),
    ),
    *_group(
        FieldGroup.BUILDING,
        ("structure", "構造", "Structure", _T.CHOICE, enums.Structure),
        ("storeys", "階数", "Storeys", _T.COUNT),
        ("built_on", "建築年月", "Built", _T.DATE),
        ("floor_area", "延床面積", "Floor area", _T.AREA),
        ("layout", "間取り", "Layout", _T.TEXT, 20),
        ("vacant_since", "空き家になった時期", "Vacant since", _T.DATE),
        ("traditional", "古民家として紹介", "Traditional house", _T.FLAG),
    ),
    *_group(
        FieldGroup.LAND,
        ("land_area", "土地面積", "Land area", _T.AREA),
        ("land_measure", "面積の測り方", "Measured", _T.CHOICE, enums.LandMeasure),
        ("land_category", "地目", "Land category", _T.TEXT, 40),
        ("city_planning", "都市計画", "City planning", _T.CHOICE, enums.CityPlanning),
        ("zoning", "用途地域", "Zoning", _T.TEXT, 40),
        ("land_right", "土地の権利", "Land right", _T.CHOICE, enums.LandRight),
        ("coverage_ratio", "建ぺい率", "Building coverage", _T.PERCENT),
        ("floor_ratio", "容積率", "Floor area ratio", _T.PERCENT),
        ("private_road", "私道負担", "Private road", _T.FLAG),
        ("setback", "セットバック", "Setback", _T.FLAG),
        ("roads", "接道", "Roads touched", _T.TEXT, 80),
        ("road_width", "前面道路の幅", "Road width", _T.WIDTH),
        ("car_access", "車の横付け", "Car access", _T.FLAG),
        ("rebuildable", "再建築", "Rebuildable", _T.FLAG),
    ),
    *_group(
        FieldGroup.STATE,
        ("repair", "修繕", "Repair", _T.CHOICE, enums.Repair),
        ("belongings", "家財", "Belongings", _T.CHOICE, enums.Belongings),
        ("handover", "引渡し", "Handover", _T.CHOICE, enums.Handover),
        ("handover_on", "引渡し期日", "Handover date", _T.DATE),
        ("registered", "登記", "Registered", _T.FLAG),
        ("earthquake", "耐震基準", "Earthquake standard", _T.CHOICE, enums.Earthquake),
        ("barrier_free", "段差が少ない", "Few steps", _T.FLAG),
        ("diy", "DIY", "DIY allowed", _T.FLAG),
        ("pets", "ペット", "Pets allowed", _T.FLAG),
    ),
    *_group(
        FieldGroup.UTILITIES,
        ("water", "水道", "Water", _T.CHOICE, enums.Water),
        ("gas", "ガス", "Gas", _T.CHOICE, enums.Gas),
        ("drain", "排水", "Drainage", _T.CHOICE, enums.Drain),
        ("toilet", "トイレ", "Toilet", _T.CHOICE, enums.Toilet),
        ("toilet_note", "トイレの補足", "Toilet note", _T.TEXT, 200),
        ("bath", "風呂", "Bath", _T.FLAG),
        ("hot_water", "給湯", "Hot water", _T.CHOICE, enums.HotWater),
        ("all_electric", "オール電化", "All-electric", _T.FLAG),
        ("internet", "インターネット", "Internet", _T.CHOICE, enums.Internet),
        ("onsen", "温泉", "Hot spring", _T.FLAG),
    ),
    *_group(
        FieldGroup.OUTSIDE,
        ("parking", "駐車場", "Parking", _T.FLAG),
        ("parking_spaces", "駐車台数", "Parking spaces", _T.COUNT),
        ("parking_note", "駐車場の補足", "Parking note", _T.TEXT, 80),
        ("garden", "庭", "Garden", _T.FLAG),
        ("farmland", "農地", "Farmland", _T.FLAG),
        ("farmland_area", "農地の面積", "Farmland area", _T.AREA),
        ("shed", "倉庫・納屋", "Shed", _T.FLAG),
        ("storehouse", "蔵", "Storehouse", _T.FLAG),
        ("garage", "車庫", "Garage", _T.FLAG),
        ("shop_part", "店舗部分", "Shop part", _T.FLAG),
        ("business_allowed", "事業利用", "Business use allowed", _T.FLAG),
        ("sea", "海が見える・近い", "Sea nearby", _T.FLAG),
        ("nature", "山・自然", "Mountains and nature", _T.FLAG),
    ),
    *_group(
        FieldGroup.LIFE,
        ("station_line", "最寄り駅の路線", "Line", _T.TEXT, 60),
        ("station", "最寄り駅", "Station", _T.TEXT, 60),
        ("station_m", "駅まで", "To the station", _T.METRES),
        ("elementary_m", "小学校まで", "Elementary school", _T.METRES),
        ("junior_high_m", "中学校まで", "Junior high school", _T.METRES),
        ("nursery_m", "保育所まで", "Nursery", _T.METRES),
        ("supermarket_m", "スーパーまで", "Supermarket", _T.METRES),
        ("convenience_m", "コンビニまで", "Convenience store", _T.METRES),
        ("drug_store_m", "ドラッグストアまで", "Drug store", _T.METRES),
        ("hospital_m", "病院まで", "Hospital", _T.METRES),
        ("bank_m", "銀行まで", "Bank", _T.METRES),
        ("post_office_m", "郵便局まで", "Post office", _T.METRES),
        ("park_m", "公園まで", "Park", _T.METRES),
        ("municipal_office_m", "役所・役場まで", "Municipal office", _T.METRES),
    ),
    *_group(
        FieldGroup.RISK,
        *(row for kind in HazardKind for row in _of_hazard(kind)),
        ("hazard_note", "災害についての補足", "Hazard note", _T.LONG),
    ),
    *_group(
        FieldGroup.WORDS,
        ("appeal", "紹介文", "Description", _T.LONG),
        ("remarks", "備考", "Remarks", _T.LONG),
        ("conditions", "条件", "Conditions", _T.LONG),
        ("association", "自治会のこと", "Neighbourhood association", _T.LONG),
        ("association_fee", "自治会費（年額）", "Association fee a year", _T.YEN),
    ),
    *_group(
        FieldGroup.WHO,
        ("mediation", "仲介", "Mediation", _T.CHOICE, enums.Mediation),
        ("agent_name", "仲介業者", "Agent", _T.TEXT, 120),
        ("agent_licence", "宅建免許番号", "Agent's licence", _T.TEXT, 80),
        ("agent_phone", "仲介業者の電話", "Agent's phone", _T.TEXT, 40),
        ("contact", "問合せ先", "Contact", _T.TEXT, 200),
        ("live_viewing", "ビデオ通話での内見", "Viewing by video call", _T.FLAG),
    ),
    *_group(
        FieldGroup.PRIVATE,
        ("lot_number", "番地", "Lot number", _T.TEXT, 120),
        ("true_lat", "緯度", "Latitude", _T.DEGREES),
        ("true_lon", "経度", "Longitude", _T.DEGREES),
        ("owner_name", "所有者の氏名", "Owner", _T.TEXT, 120),
        ("owner_contact", "所有者の連絡先", "Owner's contact", _T.LONG),
        ("consent_on", "同意の日", "Consent given", _T.DATE),
        ("consent_scope", "同意の範囲", "Scope of consent", _T.LONG),
        ("notes", "内部メモ", "Staff notes", _T.LONG),
    ),
)

BY_NAME: dict[str, Field] = {field.name: field for field in FIELDS}
MAIN: tuple[str, ...] = (
    "number", "title", "town", "is_sale", "is_rent", "kind", "price", "rent",
    "built_on", "floor_area", "land_area", "layout", "appeal",
)  # fmt: skip
