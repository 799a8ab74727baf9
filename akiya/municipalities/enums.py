"""The closed vocabularies of municipalities and places."""

from akiya.choices import Choice


class Blur(Choice):
    """How near the public point of a home may be to the home."""

    MESH_250 = "mesh250", "約250m四方の範囲", "Cell of about 250 m"
    MESH_500 = "mesh500", "約500m四方の範囲", "Cell of about 500 m"
    MESH_1000 = "mesh1000", "約1km四方の範囲", "Cell of about 1 km"
    TOWN = "town", "町・字の代表点", "Centre of the town"
    EXACT = "exact", "物件の位置（所有者の同意の日があるときだけ）", "Exact (only with the owner's dated consent)"


class Approval(Choice):
    """Who must approve a listing before it is published."""

    NONE = "none", "承認は要らない", "Nobody"
    SECOND = "second", "別の担当者が承認する", "A second clerk"
    PREFECTURE = "prefecture", "県の担当者が承認する", "The prefecture"


class Tag(Choice):
    """What a municipality asks of people, or offers them."""

    SETTLE = "settle", "定住が条件", "Settling required"
    SECOND_BASE = "second_base", "二地域居住もできる", "Second homes welcome"
    ASSOCIATION = "association", "自治会への加入が条件", "Joining the neighbourhood association required"
    REPAIR_GRANT = "repair_grant", "改修の補助あり", "Renovation grants"
    CLEARING_GRANT = "clearing_grant", "家財処分の補助あり", "Clearing grants"
    RENT_GRANT = "rent_grant", "家賃の補助あり", "Rent grants"
    CHILDREN = "children", "子育て世帯への支援あり", "Support for families with children"
    TRIAL_STAY = "trial_stay", "お試し住宅あり", "Trial stays"
    ONLINE = "online", "オンラインで相談", "Advice by video call"


class Standing(Choice):
    """How a municipality stands to this bank."""

    JOINED = "joined", "参加", "Taking part"
    LINKED = "linked", "リンクのみ", "Only linked"
    OUTSIDE = "outside", "参加前", "Not taking part"
    LEFT = "left", "離脱", "Left"
    MERGED = "merged", "合併", "Merged"


class MunicipalityAction(Choice):
    """What happened to a municipality as a member of this bank."""

    ADDED = "added", "市町村を加えた", "Added"
    STEPS_SETTLED = "steps_settled", "段階と期間を確かめた", "Steps and terms settled"
    NO_AGENTS = "no_agents", "仲介業者はないと決めた", "No agents"
    BLUR_SETTLED = "blur_settled", "位置の見せ方を決めた", "Blur settled"
    LINKED = "linked", "リンクのみにした", "Only linked"
    JOINED = "joined", "参加を始めた", "Joined"
    LEFT = "left", "離脱した", "Left"
    MERGED = "merged", "合併した", "Merged"


class PlaceKind(Choice):
    MUNICIPALITY = "municipality", "市町村", "Municipality"
    TOWN = "town", "町・字", "Town"
    POSTAL = "postal", "郵便番号", "Postal code"
    STATION = "station", "駅", "Station"
    ELEMENTARY = "elementary", "小学校", "Elementary school"
    JUNIOR_HIGH = "junior_high", "中学校", "Junior high school"
    NURSERY = "nursery", "保育所", "Nursery"
    SUPERMARKET = "supermarket", "スーパー", "Supermarket"
    CONVENIENCE = "convenience", "コンビニ", "Convenience store"
    DRUG_STORE = "drug_store", "ドラッグストア", "Drug store"
    HOSPITAL = "hospital", "病院", "Hospital"
    BANK = "bank", "銀行", "Bank"
    POST_OFFICE = "post_office", "郵便局", "Post office"
    PARK = "park", "公園", "Park"
    MUNICIPAL_OFFICE = "municipal_office", "役所・役場", "Municipal office"


FACILITIES = tuple(kind for kind in PlaceKind if kind not in ("municipality", "town", "postal", "station"))
