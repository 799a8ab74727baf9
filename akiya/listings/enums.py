"""The closed vocabularies of a listing. A blank (None) always means "not stated"."""

from akiya.choices import Choice


class Status(Choice):
    """The state of a listing in its life, from draft through publication to closed."""

    DRAFT = "draft", "下書き", "Draft"
    SUBMITTED = "submitted", "申請中", "Submitted"
    SURVEY = "survey", "現地確認", "Survey"
    APPROVED = "approved", "承認", "Approved"
    OPEN = "open", "募集中", "Available"
    NEGOTIATING = "negotiating", "商談中", "Under negotiation"
    CONTRACTED = "contracted", "成約", "Contracted"
    RETURNED = "returned", "差戻し", "Returned"
    REJECTED = "rejected", "不登録", "Not registered"
    WITHDRAWN = "withdrawn", "取下げ", "Withdrawn"
    EXPIRED = "expired", "期限満了", "Expired"


LISTED = (Status.OPEN, Status.NEGOTIATING)
CLOSED = (Status.CONTRACTED, Status.WITHDRAWN, Status.EXPIRED)
PUBLIC = LISTED + CLOSED
MIDDLE_STEPS = (Status.SUBMITTED, Status.SURVEY, Status.APPROVED)
ABROAD = "海外"
"""The previous prefecture of a household that moved here from another country."""


class Deal(Choice):
    """A deal that is offered, or that closed the listing: sale or rent."""

    SALE = "sale", "売買", "For sale"
    RENT = "rent", "賃貸", "For rent"


class PropertyKind(Choice):
    """A kind of property: a house, land, or a shop or business."""

    HOUSE = "house", "住宅", "House"
    LAND = "land", "土地", "Land"
    BUSINESS = "business", "店舗・事業用", "Shop or business"


class Precision(Choice):
    """The kind of a home's public point: the centre of a cell or of its town, the municipal office, or the home."""

    MESH_250 = "mesh250", "約250m四方の範囲", "Within a cell of about 250 m"
    MESH_500 = "mesh500", "約500m四方の範囲", "Within a cell of about 500 m"
    MESH_1000 = "mesh1000", "約1km四方の範囲", "Within a cell of about 1 km"
    TOWN = "town", "町・字の代表点", "Centre of the town"
    OFFICE = "office", "役所・役場の位置（物件の位置ではありません）", "Municipal office (not the property)"
    EXACT = "exact", "物件の位置", "Exact location"


class DatePrecision(Choice):
    """The known part of a date: the year, the month, or the day."""

    YEAR = "year", "年まで", "Year"
    MONTH = "month", "月まで", "Month"
    DAY = "day", "日まで", "Day"


class Structure(Choice):
    """The building's structure, as in the property register."""

    WOOD = "wood", "木造", "Wood"
    LIGHT_STEEL = "light_steel", "軽量鉄骨造", "Light steel"
    STEEL = "steel", "鉄骨造", "Steel"
    RC = "rc", "鉄筋コンクリート造", "Reinforced concrete"
    SRC = "src", "鉄骨鉄筋コンクリート造", "Steel reinforced concrete"
    BLOCK = "block", "ブロック造", "Concrete block"
    OTHER = "other", "その他", "Other"


class LandMeasure(Choice):
    """The source of the land area: the register or a survey."""

    REGISTERED = "registered", "公簿", "Registered"
    SURVEYED = "surveyed", "実測", "Surveyed"


class LandRight(Choice):
    """The right to the land that is sold or let with the home."""

    OWNERSHIP = "ownership", "所有権", "Ownership"
    LEASEHOLD = "leasehold", "借地権", "Leasehold"
    SURFACE = "surface", "地上権", "Surface right"


class CityPlanning(Choice):
    """The zone of the City Planning Act (都市計画法) that the land is in."""

    URBAN = "urban", "市街化区域", "Urbanisation promotion area"
    CONTROLLED = "controlled", "市街化調整区域", "Urbanisation control area"
    UNDIVIDED = "undivided", "非線引区域", "Undivided planning area"
    OUTSIDE = "outside", "都市計画区域外", "Outside planning areas"


class Repair(Choice):
    """The repair that a home needs before somebody can live there."""

    NONE = "none", "不要", "None needed"
    MINOR = "minor", "小修繕", "Minor"
    MAJOR = "major", "大規模修繕", "Major"


class Belongings(Choice):
    """The state of furniture and other belongings: removed, or still in the home."""

    REMOVED = "removed", "撤去済み", "Removed"
    REMAIN = "remain", "残置あり", "Remain"


class Handover(Choice):
    """The time at which a home can be handed over."""

    IMMEDIATE = "immediate", "即時", "Immediate"
    DATE = "date", "期日指定", "On a date"
    NEGOTIABLE = "negotiable", "相談", "Negotiable"


class Earthquake(Choice):
    """The earthquake resistance standard of the building; the current one (新耐震) applies since June 1981."""

    NEW = "new", "新耐震基準", "Post-1981 standard"
    OLD = "old", "旧耐震基準", "Pre-1981 standard"
    RETROFITTED = "retrofitted", "耐震改修済み", "Retrofitted"


class Water(Choice):
    """The source of the drinking water."""

    PUBLIC = "public", "上水道", "Public supply"
    WELL = "well", "井戸", "Well"
    SPRING = "spring", "山水・湧水", "Spring"
    OTHER = "other", "その他", "Other"


class Gas(Choice):
    """The kind of gas supply."""

    CITY = "city", "都市ガス", "City gas"
    LP = "lp", "プロパンガス", "LP gas"
    OTHER = "other", "その他", "Other"


class Drain(Choice):
    """The way in which waste water leaves the home."""

    SEWER = "sewer", "下水道", "Sewer"
    SEPTIC = "septic", "浄化槽", "Septic tank"
    PIT = "pit", "汲み取り", "Pit"
    OTHER = "other", "その他", "Other"


class Toilet(Choice):
    """The kind of toilet."""

    FLUSH = "flush", "水洗", "Flush"
    SIMPLE_FLUSH = "simple_flush", "簡易水洗", "Simple flush"
    PIT = "pit", "汲み取り", "Pit"


class HotWater(Choice):
    """The energy that heats the water."""

    GAS = "gas", "ガス", "Gas"
    ELECTRIC = "electric", "電気", "Electric"
    OIL = "oil", "灯油", "Kerosene"
    SOLAR = "solar", "太陽熱", "Solar"
    NONE = "none", "なし", "None"


class Internet(Choice):
    """The fastest internet connection that can be had at the home."""

    FIBRE = "fibre", "光回線", "Fibre"
    CABLE = "cable", "ケーブルテレビ", "Cable"
    MOBILE = "mobile", "携帯回線のみ", "Mobile only"
    NONE = "none", "なし", "None"


class HazardExposure(Choice):
    """The position of a home relative to the area of a hazard map: inside or outside."""

    INSIDE = "inside", "区域内", "Inside the area"
    OUTSIDE = "outside", "区域外", "Outside the area"


class Mediation(Choice):
    """The party that mediates the contract: the municipality alone, or a licensed agent."""

    MUNICIPALITY = "municipality", "市町村が紹介（仲介業者なし）", "Introduced by the municipality, no agent"
    AGENT = "agent", "宅地建物取引業者が媒介", "Licensed agent"


class PhotoKind(Choice):
    """The subject of a photo."""

    EXTERIOR = "exterior", "外観", "Exterior"
    INTERIOR = "interior", "室内", "Interior"
    WATER = "water", "水回り", "Kitchen and bath"
    PLAN = "plan", "間取り図", "Floor plan"
    SURROUNDINGS = "surroundings", "周辺", "Surroundings"


class NoticeKind(Choice):
    """A reason to notify a listing's staff, or to ask them to act."""

    REVIEW = "review", "募集の確認", "Confirmation due"
    VALIDITY_60 = "validity60", "有効期限まで60日", "60 days to the end of validity"
    VALIDITY_30 = "validity30", "有効期限まで30日", "30 days to the end of validity"
    VALIDITY_7 = "validity7", "有効期限まで7日", "7 days to the end of validity"
    EXPIRED = "expired", "期限満了", "Expired"
    CLOSE_ASKED = "close_asked", "終了の依頼", "Closing asked for"


class Use(Choice):
    """The purpose for which a household took the home."""

    HOME = "home", "移住・定住", "Home"
    TWO_BASE = "two_base", "二地域居住", "Second base"
    BUSINESS = "business", "事業", "Business"


class Need(Choice):
    """A reason why a listing needs attention from its staff."""

    REVIEW = "review", "確認が必要", "Confirmation due"
    CLOSE_ASKED = "close_asked", "終了の依頼", "Closing asked for"
    MISSING = "missing", "不足あり", "Something missing"
    DRAFT = "draft", "下書き", "Draft"
