"""The closed vocabularies of a listing. A blank (None) always means "not stated"."""

from akiya.choices import Choice
from akiya.language import N_, NP_


class Status(Choice):
    """The state of a listing in its life, from draft through publication to closed."""

    DRAFT = "draft", N_("下書き")
    SUBMITTED = "submitted", N_("申請中")
    SURVEY = "survey", N_("現地確認")
    APPROVED = "approved", N_("承認")
    OPEN = "open", N_("募集中")
    NEGOTIATING = "negotiating", N_("商談中")
    CONTRACTED = "contracted", N_("成約")
    RETURNED = "returned", N_("差戻し")
    REJECTED = "rejected", N_("不登録")
    WITHDRAWN = "withdrawn", N_("取下げ")
    EXPIRED = "expired", N_("期限満了")


LISTED = (Status.OPEN, Status.NEGOTIATING)
CLOSED = (Status.CONTRACTED, Status.WITHDRAWN, Status.EXPIRED)
PUBLIC = LISTED + CLOSED
MIDDLE_STEPS = (Status.SUBMITTED, Status.SURVEY, Status.APPROVED)
ABROAD = "海外"
"""The previous prefecture of a household that moved here from another country."""


class Deal(Choice):
    """A deal that is offered, or that closed the listing: sale or rent."""

    SALE = "sale", N_("売買")
    RENT = "rent", N_("賃貸")


class PropertyKind(Choice):
    """A kind of property: a house, land, or a shop or business. `noun` names it within a title."""

    noun: str

    def __init__(self, value: str, message: str = "", noun: str = "") -> None:
        super().__init__(value, message)
        self.noun = noun

    HOUSE = "house", N_("住宅"), NP_("within a title", "住宅")
    LAND = "land", N_("土地"), NP_("within a title", "土地")
    BUSINESS = "business", N_("店舗・事業用"), NP_("within a title", "店舗・事業用")


class Precision(Choice):
    """The kind of a home's public point: the centre of a cell or of its town, the municipal office, or the home."""

    MESH_250 = "mesh250", N_("約250m四方の範囲")
    MESH_500 = "mesh500", N_("約500m四方の範囲")
    MESH_1000 = "mesh1000", N_("約1km四方の範囲")
    TOWN = "town", N_("町・字の代表点")
    OFFICE = "office", N_("役所・役場の位置（物件の位置ではありません）")
    EXACT = "exact", N_("物件の位置")


class DatePrecision(Choice):
    """The known part of a date: the year, the month, or the day."""

    YEAR = "year", N_("年まで")
    MONTH = "month", N_("月まで")
    DAY = "day", N_("日まで")


class Structure(Choice):
    """The building's structure, as in the property register."""

    WOOD = "wood", N_("木造")
    LIGHT_STEEL = "light_steel", N_("軽量鉄骨造")
    STEEL = "steel", N_("鉄骨造")
    RC = "rc", N_("鉄筋コンクリート造")
    SRC = "src", N_("鉄骨鉄筋コンクリート造")
    BLOCK = "block", N_("ブロック造")
    OTHER = "other", N_("その他")


class LandMeasure(Choice):
    """The source of the land area: the register or a survey."""

    REGISTERED = "registered", N_("公簿")
    SURVEYED = "surveyed", N_("実測")


class LandRight(Choice):
    """The right to the land that is sold or let with the home."""

    OWNERSHIP = "ownership", N_("所有権")
    LEASEHOLD = "leasehold", N_("借地権")
    SURFACE = "surface", N_("地上権")


class CityPlanning(Choice):
    """The zone of the City Planning Act (都市計画法) that the land is in."""

    URBAN = "urban", N_("市街化区域")
    CONTROLLED = "controlled", N_("市街化調整区域")
    UNDIVIDED = "undivided", N_("非線引区域")
    OUTSIDE = "outside", N_("都市計画区域外")


class Repair(Choice):
    """The repair that a home needs before somebody can live there."""

    NONE = "none", N_("不要")
    MINOR = "minor", N_("小修繕")
    MAJOR = "major", N_("大規模修繕")


class Belongings(Choice):
    """The state of furniture and other belongings: removed, or still in the home."""

    REMOVED = "removed", N_("撤去済み")
    REMAIN = "remain", N_("残置あり")


class Handover(Choice):
    """The time at which a home can be handed over."""

    IMMEDIATE = "immediate", N_("即時")
    DATE = "date", N_("期日指定")
    NEGOTIABLE = "negotiable", N_("相談")


class Earthquake(Choice):
    """The earthquake resistance standard of the building; the current one (新耐震) applies since June 1981."""

    NEW = "new", N_("新耐震基準")
    OLD = "old", N_("旧耐震基準")
    RETROFITTED = "retrofitted", N_("耐震改修済み")


class Water(Choice):
    """The source of the drinking water."""

    PUBLIC = "public", N_("上水道")
    WELL = "well", N_("井戸")
    SPRING = "spring", N_("山水・湧水")
    OTHER = "other", N_("その他")


class Gas(Choice):
    """The kind of gas supply."""

    CITY = "city", N_("都市ガス")
    LP = "lp", N_("プロパンガス")
    OTHER = "other", N_("その他")


class Drain(Choice):
    """The way in which waste water leaves the home."""

    SEWER = "sewer", N_("下水道")
    SEPTIC = "septic", N_("浄化槽")
    PIT = "pit", N_("汲み取り")
    OTHER = "other", N_("その他")


class Toilet(Choice):
    """The kind of toilet."""

    FLUSH = "flush", N_("水洗")
    SIMPLE_FLUSH = "simple_flush", N_("簡易水洗")
    PIT = "pit", N_("汲み取り")


class HotWater(Choice):
    """The energy that heats the water."""

    GAS = "gas", N_("ガス")
    ELECTRIC = "electric", N_("電気")
    OIL = "oil", N_("灯油")
    SOLAR = "solar", N_("太陽熱")
    NONE = "none", N_("なし")


class Internet(Choice):
    """The fastest internet connection that can be had at the home."""

    FIBRE = "fibre", N_("光回線")
    CABLE = "cable", N_("ケーブルテレビ")
    MOBILE = "mobile", N_("携帯回線のみ")
    NONE = "none", N_("なし")


class HazardExposure(Choice):
    """The position of a home relative to the area of a hazard map: inside or outside."""

    INSIDE = "inside", N_("区域内")
    OUTSIDE = "outside", N_("区域外")


class Mediation(Choice):
    """The party that mediates the contract: the municipality alone, or a licensed agent."""

    MUNICIPALITY = "municipality", N_("市町村が紹介（仲介業者なし）")
    AGENT = "agent", N_("宅地建物取引業者が媒介")


class PhotoKind(Choice):
    """The subject of a photo."""

    EXTERIOR = "exterior", N_("外観")
    INTERIOR = "interior", N_("室内")
    WATER = "water", N_("水回り")
    PLAN = "plan", N_("間取り図")
    SURROUNDINGS = "surroundings", N_("周辺")


class NoticeKind(Choice):
    """A reason to notify a listing's staff, or to ask them to act."""

    REVIEW = "review", NP_("notice", "募集の確認")
    VALIDITY_60 = "validity60", N_("有効期限まで60日")
    VALIDITY_30 = "validity30", N_("有効期限まで30日")
    VALIDITY_7 = "validity7", N_("有効期限まで7日")
    EXPIRED = "expired", N_("期限満了")
    CLOSE_ASKED = "close_asked", N_("終了の依頼")


class Use(Choice):
    """The purpose for which a household took the home."""

    HOME = "home", N_("移住・定住")
    TWO_BASE = "two_base", N_("二地域居住")
    BUSINESS = "business", N_("事業")


class Need(Choice):
    """A reason why a listing needs attention from its staff."""

    REVIEW = "review", N_("確認が必要")
    CLOSE_ASKED = "close_asked", N_("終了の依頼")
    MISSING = "missing", N_("不足あり")
    DRAFT = "draft", N_("下書き")
