"""The closed vocabularies of municipalities and places."""

from akiya.choices import Choice
from akiya.language import N_, NP_


class Blur(Choice):
    """The precision of a home's public point, from the centre of its town to the home itself."""

    MESH_250 = "mesh250", NP_("blur", "約250m四方の範囲")
    MESH_500 = "mesh500", NP_("blur", "約500m四方の範囲")
    MESH_1000 = "mesh1000", NP_("blur", "約1km四方の範囲")
    TOWN = "town", N_("町・字の代表点")
    EXACT = "exact", N_("物件の位置（所有者の同意の日があるときだけ）")


class Approval(Choice):
    """The approval that a listing needs before it is published."""

    NONE = "none", N_("承認は要らない")
    SECOND = "second", N_("別の担当者が承認する")
    PREFECTURE = "prefecture", N_("県の担当者が承認する")


class Tag(Choice):
    """A condition that a municipality sets for new residents, or a support that it offers them."""

    SETTLE = "settle", N_("定住が条件")
    SECOND_BASE = "second_base", N_("二地域居住もできる")
    ASSOCIATION = "association", N_("自治会への加入が条件")
    REPAIR_GRANT = "repair_grant", N_("改修の補助あり")
    CLEARING_GRANT = "clearing_grant", N_("家財処分の補助あり")
    RENT_GRANT = "rent_grant", N_("家賃の補助あり")
    CHILDREN = "children", N_("子育て世帯への支援あり")
    TRIAL_STAY = "trial_stay", N_("お試し住宅あり")
    ONLINE = "online", N_("オンラインで相談")


class Standing(Choice):
    """A municipality's membership in this bank."""

    JOINED = "joined", N_("参加")
    LINKED = "linked", N_("リンクのみ")
    OUTSIDE = "outside", N_("参加前")
    LEFT = "left", N_("離脱")
    MERGED = "merged", N_("合併")


class MunicipalityAction(Choice):
    """An event in the history of a municipality's membership."""

    ADDED = "added", N_("市町村を加えた")
    STEPS_SETTLED = "steps_settled", N_("段階と期間を確かめた")
    NO_AGENTS = "no_agents", N_("仲介業者はないと決めた")
    BLUR_SETTLED = "blur_settled", N_("位置の見せ方を決めた")
    LINKED = "linked", N_("リンクのみにした")
    JOINED = "joined", N_("参加を始めた")
    LEFT = "left", N_("離脱した")
    MERGED = "merged", N_("合併した")


class PlaceKind(Choice):
    """A kind of place that homes are searched near to, or that is named as near a home."""

    MUNICIPALITY = "municipality", N_("市町村")
    TOWN = "town", N_("町・字")
    POSTAL = "postal", N_("郵便番号")
    STATION = "station", N_("駅")
    ELEMENTARY = "elementary", N_("小学校")
    JUNIOR_HIGH = "junior_high", N_("中学校")
    NURSERY = "nursery", N_("保育所")
    SUPERMARKET = "supermarket", N_("スーパー")
    CONVENIENCE = "convenience", N_("コンビニ")
    DRUG_STORE = "drug_store", N_("ドラッグストア")
    HOSPITAL = "hospital", N_("病院")
    BANK = "bank", N_("銀行")
    POST_OFFICE = "post_office", N_("郵便局")
    PARK = "park", N_("公園")
    MUNICIPAL_OFFICE = "municipal_office", N_("役所・役場")


FACILITIES = tuple(kind for kind in PlaceKind if kind not in ("municipality", "town", "postal", "station"))
