"""The columns of the national bank's files in their order, and its words for our values."""

from akiya.listings.enums import CityPlanning, Drain, Gas, LandMeasure, LandRight, Structure, Water
from akiya.reports.table import CellType, ReportColumn

_MEANINGS = {
    "PROPERTY_NUMBER_ID": "物件番号",
    "ID": "物件番号",
    "PROPERTY_CATEGORY": "物件種別。売買と賃貸の両方で出ている物件は売買とする",
    "PREFECTURE": "都道府県",
    "CITY": "市区町村",
    "NEAREST_TRAIN_LINE": "最寄りの路線",
    "NEAREST_STATION": "最寄り駅",
    "DISTANCE_TO_NEAREST_STATION_ON_FOOT": "最寄り駅までの徒歩距離（m）",
    "AMOUNT/RENT": "価格・賃料（円）",
    "DATE_OF_CONSTRUCTION": "築年月。1月1日は年だけ分かるもの",
    "CONSTRUCTION": "構造",
    "OCCUPATION_AREA": "建物面積（m²）",
    "TOTAL_NUMBER_OF_UNITS": "総戸数（このバンクにない）",
    "LAYOUT": "間取り",
    "NUMBER_OF_ROOMS": "部屋数",
    "SIZE_OF_LOT": "土地面積（m²）",
    "SIZE_OF_LOT_MEASUREMENT_METHOD": "土地面積の測り方",
    "LAND_CATEGORY": "地目",
    "CITY_PLANNING_AREA": "都市計画",
    "USE_DISTRICT": "用途地域",
    "LAND_OWNERSHIP": "土地の権利",
    "PRIVATE_ROAD": "私道負担",
    "SETBACK": "セットバック",
    "NUMBER_OF_CONNECTED_ROADS": "接道",
    "STRONG_POINTS": "アピールポイント",
    "WATER_SUPPLY": "水道",
    "GUS_SUPPLY": "ガス",
    "DRAINAGE": "排水",
    "PLACE_OF_WASHER": "洗濯機置場（このバンクにない）",
    "BATH": "風呂",
    "BATH_NOTE": "風呂の備考（このバンクにない）",
    "TOILET": "トイレ（このバンクでは備考に書く）",
    "TOILET_NOTE": "トイレの備考",
    "STOVE_HEATING_SYSTEM": "コンロ（このバンクにない）",
    "GARDEN": "庭",
    "PARKING": "駐車場",
    "BICYCLE_PARKING": "駐輪場（このバンクにない）",
    "FLOOR_AREA_RATIO": "容積率（%）",
    "BUILDING_COVERAGE_RATIO": "建ぺい率（%）",
    "FARMLAND": "農地",
    "RETAIL_PREMISES": "店舗",
    "CONTRACT_INFO_DATE": "成約日（月/日/年）",
    "CONTRACT_INFO_AMOUNT/RENT": "成約価格・賃料（円）",
    "LOCAL_GOVERNMENT_PREFECTURE": "登録した自治体の都道府県",
    "LOCAL_GOVERNMENT_CITY": "登録した自治体",
}
_LISTED_DISTANCES = (
    ("FOR_OFFICE_USE", "小学校"),
    ("INTERIOR_CUSTOMIZABILITY", "中学校"),
    ("DISTANCE_TO_ELEMENTARY_SCHOOL", "コンビニ"),
    ("DISTANCE_TO_JUNIOR_HIGH_SCHOOL", "スーパー"),
    ("DISTANCE_TO_SUPERMARKET", "ドラッグストア"),
    ("DISTANCE_TO_SHOPPING_DISTRICT", "総合病院"),
    ("DISTANCE_TO_DRUG_STORE", "公園"),
    ("DISTANCE_TO_HOSPITAL", "銀行"),
)
_CLOSED_DISTANCES = (
    ("DISTANCE_TO_ELEMENTARY_SCHOOL", "小学校"),
    ("DISTANCE_TO_JUNIOR_HIGH_SCHOOL", "中学校"),
    ("DISTANCE_TO_COMBINIENCE_STORE", "コンビニ"),
    ("DISTANCE_TO_SUPERMARKET", "スーパー"),
    ("DISTANCE_TO_DRUG_STORE", "ドラッグストア"),
    ("DISTANCE_TO_HOSPITAL", "総合病院"),
    ("DISTANCE_TO_PLAYGROUND", "公園"),
    ("DISTANCE_TO_BANK", "銀行"),
)
_LISTED = """PROPERTY_NUMBER_ID PROPERTY_CATEGORY PREFECTURE CITY NEAREST_TRAIN_LINE NEAREST_STATION
    DISTANCE_TO_NEAREST_STATION_ON_FOOT AMOUNT/RENT DATE_OF_CONSTRUCTION CONSTRUCTION OCCUPATION_AREA TOTAL_NUMBER_OF_UNITS LAYOUT
    SIZE_OF_LOT SIZE_OF_LOT_MEASUREMENT_METHOD LAND_CATEGORY CITY_PLANNING_AREA USE_DISTRICT LAND_OWNERSHIP PRIVATE_ROAD SETBACK
    NUMBER_OF_CONNECTED_ROADS STRONG_POINTS WATER_SUPPLY GUS_SUPPLY DRAINAGE PLACE_OF_WASHER BATH TOILET TOILET_NOTE
    STOVE_HEATING_SYSTEM GARDEN PARKING"""
_CLOSED = """CONTRACT_INFO_DATE CONTRACT_INFO_AMOUNT/RENT ID PROPERTY_CATEGORY PREFECTURE CITY NEAREST_TRAIN_LINE NEAREST_STATION
    DISTANCE_TO_NEAREST_STATION_ON_FOOT AMOUNT/RENT DATE_OF_CONSTRUCTION OCCUPATION_AREA TOTAL_NUMBER_OF_UNITS CONSTRUCTION
    NUMBER_OF_ROOMS SIZE_OF_LOT SIZE_OF_LOT_MEASUREMENT_METHOD LAND_CATEGORY CITY_PLANNING_AREA USE_DISTRICT LAND_OWNERSHIP
    PRIVATE_ROAD SETBACK NUMBER_OF_CONNECTED_ROADS STRONG_POINTS WATER_SUPPLY GUS_SUPPLY DRAINAGE PLACE_OF_WASHER BATH BATH_NOTE
    TOILET TOILET_NOTE STOVE_HEATING_SYSTEM GARDEN PARKING BICYCLE_PARKING"""
_RATIOS = "FLOOR_AREA_RATIO BUILDING_COVERAGE_RATIO FARMLAND RETAIL_PREMISES"


def _columns(names: str) -> tuple[ReportColumn, ...]:
    return tuple(ReportColumn(name, name, f"{_MEANINGS[name]}。", CellType.TEXT) for name in names.split())


def _ways(pairs: tuple[tuple[str, str], ...], note: str) -> tuple[ReportColumn, ...]:
    return tuple(ReportColumn(name, name, f"{what}までの距離（m）。{note}", CellType.TEXT) for name, what in pairs)


LISTED_COLUMNS = (
    *_columns(_LISTED),
    *_ways(_LISTED_DISTANCES, "全国版のファイルでは列の名前と中身がずれていて、それに合わせている。"),
    *_columns(_RATIOS),
)
CLOSED_COLUMNS = (
    *_columns(_CLOSED),
    *_ways(_CLOSED_DISTANCES, ""),
    *_columns(f"{_RATIOS} LOCAL_GOVERNMENT_PREFECTURE LOCAL_GOVERNMENT_CITY"),
)
# For each field its column, and the national bank's word for each value. A value without a word is left blank.
WORDS: dict[str, tuple[str, dict[object, str]]] = {
    "structure": (
        "CONSTRUCTION",
        {
            Structure.WOOD: "木造",
            Structure.LIGHT_STEEL: "軽量鉄骨造",
            Structure.STEEL: "鉄骨造",
            Structure.BLOCK: "ブロック造",
            Structure.RC: "RC(鉄筋コンクリート)",
            Structure.SRC: "SRC(鉄骨鉄筋コンクリート)",
            Structure.OTHER: "その他",
            None: "指定なし",
        },
    ),
    "land_measure": (
        "SIZE_OF_LOT_MEASUREMENT_METHOD",
        {LandMeasure.REGISTERED: "公簿", LandMeasure.SURVEYED: "実測"},
    ),
    "city_planning": (
        "CITY_PLANNING_AREA",
        {
            CityPlanning.URBAN: "市街化区域",
            CityPlanning.CONTROLLED: "市街化調整区域",
            CityPlanning.UNDIVIDED: "非線引区域",
            CityPlanning.OUTSIDE: "都市計画区域外",
        },
    ),
    "land_right": (
        "LAND_OWNERSHIP",
        {LandRight.OWNERSHIP: "所有権", LandRight.LEASEHOLD: "借地権", LandRight.SURFACE: "普通地上権"},
    ),
    "water": ("WATER_SUPPLY", {Water.PUBLIC: "公営", Water.WELL: "井戸", Water.OTHER: "その他"}),
    "gas": ("GUS_SUPPLY", {Gas.LP: "プロパン", Gas.CITY: "都市ガス", Gas.OTHER: "その他"}),
    "drain": (
        "DRAINAGE",
        {Drain.SEWER: "下水", Drain.SEPTIC: "浄化槽", Drain.PIT: "汲み取り式", Drain.OTHER: "その他"},
    ),
    "bath": ("BATH", {True: "専用", False: "無"}),
}
