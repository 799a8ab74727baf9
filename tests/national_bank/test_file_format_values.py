"""The national bank's files by value: every word of their vocabularies, every bound, every report."""

from datetime import date

import pytest

from akiya.choices import Choice
from akiya.listings.enums import (
    CityPlanning,
    DatePrecision,
    Drain,
    Gas,
    LandMeasure,
    LandRight,
    PropertyKind,
    Structure,
    Toilet,
    Water,
)
from akiya.national_bank import file_format
from tests.national_bank.test_file_format import closed, listed

STATION = "DISTANCE_TO_NEAREST_STATION_ON_FOOT"

WORDS = [
    ("CONSTRUCTION", "structure", "木造", Structure.WOOD),
    ("CONSTRUCTION", "structure", "SRC", Structure.SRC),
    ("CONSTRUCTION", "structure", "RC", Structure.RC),
    ("CONSTRUCTION", "structure", "軽量鉄骨造", Structure.LIGHT_STEEL),
    ("CONSTRUCTION", "structure", "鉄骨造", Structure.STEEL),
    ("CONSTRUCTION", "structure", "ブロック造", Structure.BLOCK),
    ("CONSTRUCTION", "structure", "その他", Structure.OTHER),
    ("SIZE_OF_LOT_MEASUREMENT_METHOD", "land_measure", "公簿", LandMeasure.REGISTERED),
    ("SIZE_OF_LOT_MEASUREMENT_METHOD", "land_measure", "実測", LandMeasure.SURVEYED),
    ("CITY_PLANNING_AREA", "city_planning", "市街化調整区域", CityPlanning.CONTROLLED),
    ("CITY_PLANNING_AREA", "city_planning", "市街化区域", CityPlanning.URBAN),
    ("CITY_PLANNING_AREA", "city_planning", "非線引区域", CityPlanning.UNDIVIDED),
    ("CITY_PLANNING_AREA", "city_planning", "都市計画区域外", CityPlanning.OUTSIDE),
    ("LAND_OWNERSHIP", "land_right", "所有権", LandRight.OWNERSHIP),
    ("LAND_OWNERSHIP", "land_right", "地上権", LandRight.SURFACE),
    ("LAND_OWNERSHIP", "land_right", "借地権", LandRight.LEASEHOLD),
    ("LAND_OWNERSHIP", "land_right", "賃借権", LandRight.LEASEHOLD),
    ("WATER_SUPPLY", "water", "公営水道", Water.PUBLIC),
    ("WATER_SUPPLY", "water", "井戸", Water.WELL),
    ("WATER_SUPPLY", "water", "私営水道", Water.OTHER),
    ("WATER_SUPPLY", "water", "その他", Water.OTHER),
    ("GUS_SUPPLY", "gas", "プロパン", Gas.LP),
    ("GUS_SUPPLY", "gas", "都市ガス", Gas.CITY),
    ("GUS_SUPPLY", "gas", "その他", Gas.OTHER),
    ("DRAINAGE", "drain", "公共下水", Drain.SEWER),
    ("DRAINAGE", "drain", "浄化槽", Drain.SEPTIC),
    ("DRAINAGE", "drain", "汲取", Drain.PIT),
    ("DRAINAGE", "drain", "その他", Drain.OTHER),
    ("PRIVATE_ROAD", "private_road", "有り", True),
    ("SETBACK", "setback", "有", True),
    ("FARMLAND", "farmland", "有り", True),
    ("RETAIL_PREMISES", "shop_part", "有", True),
    ("GARDEN", "garden", "有り", True),
    ("BATH", "bath", "専用", True),
    ("BATH", "bath", "無", False),
    ("PARKING", "parking", "空有", True),
    ("PARKING", "parking", "空き有", True),
    ("PARKING", "parking", "有", True),
    ("PARKING", "parking", "無", False),
    ("PARKING", "parking", "近隣", False),
    ("PARKING", "parking", "空き無", False),
    ("PARKING", "parking", "空無", False),
    ("LAND_CATEGORY", "land_category", "宅地", "宅地"),
    ("USE_DISTRICT", "zoning", "第一種住居地域", "第一種住居地域"),
    ("STRONG_POINTS", "appeal", "庭が\r\n広い", "庭が\n広い"),
    ("NUMBER_OF_CONNECTED_ROADS", "roads", "2", "2方"),
    ("NUMBER_OF_CONNECTED_ROADS", "roads", "南側", "南側"),
    ("NEAREST_TRAIN_LINE", "station_line", "豊肥本線", "豊肥本線"),
    ("NEAREST_STATION", "station", "内牧", "内牧"),
    ("TOILET_NOTE", "toilet_note", "洋式\n1階", "洋式 1階"),
    ("LAYOUT", "layout", "５ＤＫ", "5DK"),
    ("OCCUPATION_AREA", "floor_area", "121.456", 121.46),
    ("SIZE_OF_LOT", "land_area", "1,234.5", 1234.5),
    ("FLOOR_AREA_RATIO", "floor_ratio", "200.4", 200),
    ("BUILDING_COVERAGE_RATIO", "coverage_ratio", "60", 60),
    ("AMOUNT/RENT", "price", "4,800,000", 4_800_000),
]


YES_ONLY = [
    ("PRIVATE_ROAD", "private_road"),
    ("SETBACK", "setback"),
    ("FARMLAND", "farmland"),
    ("RETAIL_PREMISES", "shop_part"),
]


@pytest.mark.parametrize(("column", "name", "text", "value"), WORDS)
def test_a_cell_has_its_value_and_its_column(column: str, name: str, text: str, value: object) -> None:
    parsed = listed(**{column: text})
    assert parsed.values[name] == value
    assert parsed.column(name) == column
    assert (parsed.bad, parsed.cut, parsed.notes) == ([], [], [])


@pytest.mark.parametrize(
    ("column", "name", "text"),
    [
        *sorted({(column, name, "指定なし") for column, name, _text, value in WORDS if isinstance(value, Choice)}),
        *[(column, name, text) for column, name in YES_ONLY for text in ("無し", "無", "指定なし")],
        ("GARDEN", "garden", "0"),
        ("GARDEN", "garden", "無し"),
        ("BATH", "bath", "指定なし"),
        ("BATH", "bath", "共同"),
        ("BATH", "bath", "共用"),
        ("PARKING", "parking", "指定なし"),
        ("LAND_CATEGORY", "land_category", "指定なし"),
        ("TOILET_NOTE", "toilet_note", "指定なし"),
        ("OCCUPATION_AREA", "floor_area", "0"),
        ("FLOOR_AREA_RATIO", "floor_ratio", "0"),
        ("AMOUNT/RENT", "price", "0"),
        ("DISTANCE_TO_HOSPITAL", "bank_m", "0"),
        (STATION, "station_m", "0"),
    ],
)
def test_a_cell_that_says_nothing_has_no_value(column: str, name: str, text: str) -> None:
    parsed = listed(**{column: text})
    assert name not in parsed.values
    assert parsed.bad == []


@pytest.mark.parametrize(
    ("text", "note"), [("近隣", "近隣にあり"), ("空き無", "空きなし"), ("空無", "空きなし"), ("無", None), ("有", None)]
)
def test_a_parking_without_a_free_space_says_so(text: str, note: str | None) -> None:
    assert listed(PARKING=text).values.get("parking_note") == note


@pytest.mark.parametrize(
    ("category", "is_sale", "kind"),
    [
        ("売買居住用", True, PropertyKind.HOUSE),
        ("売買土地", True, PropertyKind.LAND),
        ("売買事業用", True, PropertyKind.BUSINESS),
        ("賃貸居住用", False, PropertyKind.HOUSE),
        ("賃貸土地", False, PropertyKind.LAND),
        ("賃貸事業用", False, PropertyKind.BUSINESS),
    ],
)
def test_a_category_is_a_deal_and_a_kind(category: str, is_sale: bool, kind: PropertyKind) -> None:
    values = listed(PROPERTY_CATEGORY=category, **{"AMOUNT/RENT": "1000"}).values
    assert (values["is_sale"], values["is_rent"], values["kind"]) == (is_sale, not is_sale, kind)
    assert (values.get("price"), values.get("rent")) == ((1000, None) if is_sale else (None, 1000))


BOUNDS = [
    ("AMOUNT/RENT", "price", "10000000000", 10_000_000_000, "10000000001", "0〜10,000,000,000 の範囲にありません。"),
    ("OCCUPATION_AREA", "floor_area", "10000000", 10_000_000.0, "10000000.1", "面積としてありえない値です。"),
    ("OCCUPATION_AREA", "floor_area", "0.01", 0.01, "-0.01", "面積としてありえない値です。"),
    ("FLOOR_AREA_RATIO", "floor_ratio", "2000", 2000, "2001", "0〜2,000 の範囲にありません。"),
    ("FLOOR_AREA_RATIO", "floor_ratio", "1", 1, "-1", "0〜2,000 の範囲にありません。"),
    ("BUILDING_COVERAGE_RATIO", "coverage_ratio", "100", 100, "101", "0〜100 の範囲にありません。"),
    ("DISTANCE_TO_HOSPITAL", "bank_m", "50000", 50_000, "50001", "50,000mを超える距離はありえません。"),
    ("DISTANCE_TO_HOSPITAL", "bank_m", "1", 1, "-1", "50,000mを超える距離はありえません。"),
    (STATION, "station_m", "50000", 50_000, "50001", "50,000mを超える距離は歩けません。"),
    (STATION, "station_m", "625分", 50_000, "626分", "50,000mを超える距離は歩けません。"),
    ("DATE_OF_CONSTRUCTION", "built_on", "1600/2/3", date(1600, 2, 3), "1599/12/31", "ありえない年です。"),
    ("DATE_OF_CONSTRUCTION", "built_on", "2100/12/31", date(2100, 12, 31), "2101/1/1", "ありえない年です。"),
]


@pytest.mark.parametrize(("column", "name", "text", "value", "beyond", "reason"), BOUNDS)
def test_a_bound_is_the_last_that_is_accepted(
    column: str, name: str, text: str, value: object, beyond: str, reason: str
) -> None:
    assert listed(**{column: text}).values[name] == value
    parsed = listed(**{column: beyond})
    assert name not in parsed.values
    assert parsed.bad == [(column, beyond, reason)]


def test_a_rent_is_at_most_100_million() -> None:
    rent = {"PROPERTY_CATEGORY": "賃貸居住用"}
    assert listed(**rent, **{"AMOUNT/RENT": "100000000"}).values["rent"] == 100_000_000
    parsed = listed(**rent, **{"AMOUNT/RENT": "100000001"})
    assert parsed.bad == [("AMOUNT/RENT", "100000001", "0〜100,000,000 の範囲にありません。")]


@pytest.mark.parametrize(
    ("column", "text", "reason"),
    [
        ("AMOUNT/RENT", "応相談", "数ではありません。"),
        ("AMOUNT/RENT", "inf", "限りのある数ではありません。"),
        ("SIZE_OF_LOT", "nan", "限りのある数ではありません。"),
        ("DATE_OF_CONSTRUCTION", "昭和53年", "年/月/日ではありません。"),
        ("DATE_OF_CONSTRUCTION", "1978/2/30", "年/月/日ではありません。"),
        *sorted(
            {(column, "不思議", "知らない語です。") for column, _n, _t, value in WORDS if isinstance(value, Choice)}
        ),
        ("BATH", "銭湯", "知らない語です。"),
        ("PARKING", "多数", "知らない語です。"),
        ("SETBACK", "済", "有り・無しのどちらでもありません。"),
        ("GARDEN", "1", "有り・無しのどちらでもありません。"),
        (STATION, "バス10分", "距離として読めません。"),
        (STATION, "8.分", "距離として読めません。"),
    ],
)
def test_what_cannot_be_read_is_left_out_with_its_reason(column: str, text: str, reason: str) -> None:
    assert listed(**{column: text}).bad == [(column, text, reason)]


@pytest.mark.parametrize("column", ["AMOUNT/RENT", "PARKING", STATION])
def test_a_report_shows_80_characters_of_a_value(column: str) -> None:
    ((_column, shown, _reason),) = listed(**{column: "長" * 81}).bad
    assert shown == "長" * 80


@pytest.mark.parametrize(
    ("column", "name", "most"),
    [
        ("LAYOUT", "layout", 20),
        ("LAND_CATEGORY", "land_category", 40),
        ("USE_DISTRICT", "zoning", 40),
        ("STRONG_POINTS", "appeal", 5000),
        ("NUMBER_OF_CONNECTED_ROADS", "roads", 80),
        ("NEAREST_TRAIN_LINE", "station_line", 60),
        ("NEAREST_STATION", "station", 60),
        ("TOILET_NOTE", "toilet_note", 200),
    ],
)
def test_a_text_is_cut_to_what_its_column_holds(column: str, name: str, most: int) -> None:
    whole = listed(**{column: "長" * most})
    assert (whole.values[name], whole.cut) == ("長" * most, [])
    parsed = listed(**{column: "長" * (most + 1)})
    assert parsed.values[name] == "長" * most
    reason = f"{most:,}文字を超えるため、初めの{most:,}文字だけを取り込みました（元は{most + 1:,}文字）。"
    assert parsed.cut == [(column, ("長" * (most + 1))[:80], reason)]


@pytest.mark.parametrize(
    ("text", "metres", "minutes"),
    [("1", 80, True), ("60", 4800, True), ("60.5", 60, False), ("61m", 61, False), ("4m", 320, True), ("61分", 4880, True), ("7.5分", 600, True)],
)  # fmt: skip
def test_up_to_60_a_station_distance_is_minutes(text: str, metres: int, minutes: bool) -> None:
    parsed = listed(**{STATION: text})
    assert parsed.values["station_m"] == metres
    assert parsed.notes == (["駅までの距離は分（80m/分）として換算"] if minutes else [])
    assert parsed.column("station_m") == STATION


@pytest.mark.parametrize(
    ("text", "day", "precision"),
    [
        ("1976/1/1", date(1976, 1, 1), DatePrecision.YEAR),
        ("1976/1/2", date(1976, 1, 2), DatePrecision.DAY),
        ("1976/02/01", date(1976, 2, 1), DatePrecision.MONTH),
    ],
)
def test_how_much_of_a_built_day_is_known(text: str, day: date, precision: DatePrecision) -> None:
    parsed = listed(DATE_OF_CONSTRUCTION=text)
    assert (parsed.values["built_on"], parsed.values["built_precision"]) == (day, precision)
    assert parsed.column("built_on") == parsed.column("built_precision") == "DATE_OF_CONSTRUCTION"


def test_a_layout_of_land_says_nothing_but_of_a_room() -> None:
    assert listed(LAYOUT="R").values["layout"] == "R"
    assert listed(PROPERTY_CATEGORY="売買土地", LAYOUT="3DK").values["layout"] == "3DK"
    assert "layout" not in listed(PROPERTY_CATEGORY="売買土地", LAYOUT="R").values


TOILETS = [
    ("水洗", Toilet.FLUSH), ("下水道", Toilet.FLUSH), ("浄化槽", Toilet.FLUSH), ("簡易水洗", Toilet.SIMPLE_FLUSH), ("簡水洗", Toilet.SIMPLE_FLUSH),
    ("簡水", Toilet.SIMPLE_FLUSH), ("汲取", Toilet.PIT), ("汲み取り式", Toilet.PIT), ("くみ取り", Toilet.PIT),
    ("ぼっとん", Toilet.PIT), ("非水洗", None), ("温水洗浄便座", None), ("温水洗浄便座・汲取", Toilet.PIT), ("汲取（浄化槽へ変更可）", None), ("和式", None),
]  # fmt: skip


@pytest.mark.parametrize(("note", "kind"), TOILETS)
def test_what_a_toilet_note_says(note: str, kind: Toilet | None) -> None:
    assert file_format.toilet_of(note) is kind
    parsed = listed(TOILET_NOTE=note)
    assert parsed.values.get("toilet") is kind
    assert parsed.values["toilet_note"] == note
    assert parsed.column("toilet") == "TOILET_NOTE"


def test_the_column_of_what_is_made_of_other_columns() -> None:
    parsed = listed(PARKING="近隣")
    assert (parsed.column("parking"), parsed.column("parking_note")) == ("PARKING", "PARKING")
    assert parsed.column("is_sale") == "PROPERTY_CATEGORY"


def test_the_closed_files_columns_have_their_own_names() -> None:
    cells = {
        "DISTANCE_TO_ELEMENTARY_SCHOOL": "elementary_m", "DISTANCE_TO_JUNIOR_HIGH_SCHOOL": "junior_high_m",
        "DISTANCE_TO_COMBINIENCE_STORE": "convenience_m", "DISTANCE_TO_SUPERMARKET": "supermarket_m",
        "DISTANCE_TO_DRUG_STORE": "drug_store_m", "DISTANCE_TO_HOSPITAL": "hospital_m", "DISTANCE_TO_PLAYGROUND": "park_m",
        "DISTANCE_TO_BANK": "bank_m",
    }  # fmt: skip
    values = closed(**{column: str(100 * n) for n, column in enumerate(cells, 1)}).values
    assert [values[name] for name in cells.values()] == [100, 200, 300, 400, 500, 600, 700, 800]
    assert closed(NUMBER_OF_ROOMS="5").values["layout"] == "5部屋"
    assert "layout" not in closed().values


def test_the_place_of_a_closed_one_may_be_its_authoritys() -> None:
    authority = {"LOCAL_GOVERNMENT_PREFECTURE": "大分県", "LOCAL_GOVERNMENT_CITY": "竹田市"}
    for missing in ("PREFECTURE", "CITY"):
        found = closed(**{missing: ""}, **authority)
        assert (found.prefecture, found.city) == ("大分県", "竹田市")
    found = closed(**authority)
    assert (found.number, found.prefecture, found.city) == ("9000001", "熊本県", "荒尾市")
    with pytest.raises(file_format.Refused) as caught:
        listed(CITY="", **authority)
    assert (caught.value.column, caught.value.value) == ("CITY", "熊本県")


def test_a_contract_is_read_or_reported() -> None:
    done = closed(**{"CONTRACT_INFO_DATE": "12/31/24", "CONTRACT_INFO_AMOUNT/RENT": "10,000,000,000"})
    assert done.closing == {"contracted_on": date(2024, 12, 31), "agreed_amount": 10_000_000_000}
    assert closed().closing == {}
    wrong = closed(
        **{"CONTRACT_INFO_DATE": "2024" * 21, "CONTRACT_INFO_AMOUNT/RENT": "1" + "0" * 10 + "1" + "." + "0" * 80}
    )
    assert wrong.closing == {}
    assert wrong.bad == [
        ("CONTRACT_INFO_DATE", "2024" * 20, "月/日/年ではありません。"),
        (
            "CONTRACT_INFO_AMOUNT/RENT",
            ("1" + "0" * 10 + "1" + "." + "0" * 80)[:80],
            "0〜10,000,000,000 の範囲にありません。",
        ),
    ]
    assert closed(**{"CONTRACT_INFO_AMOUNT/RENT": "10000000001"}).closing == {}
    assert listed(CONTRACT_INFO_DATE="12/31/24").closing == {}


@pytest.mark.parametrize(
    ("cells", "column", "value", "reason"),
    [
        ({"PROPERTY_NUMBER_ID": ""}, "PROPERTY_NUMBER_ID", "", "物件番号がありません。"),
        (
            {"PROPERTY_NUMBER_ID": "9" * 61},
            "PROPERTY_NUMBER_ID",
            "9" * 61,
            "物件番号が60文字を超えています（61文字）。短い番号にしてください。",
        ),
        (
            {"PROPERTY_NUMBER_ID": "9" * 1000},
            "PROPERTY_NUMBER_ID",
            "9" * 80,
            "物件番号が60文字を超えています（1,000文字）。短い番号にしてください。",
        ),
        (
            {"PROPERTY_CATEGORY": "居住用"},
            "PROPERTY_CATEGORY",
            "居住用",
            "売買・賃貸と居住用・土地・事業用の組合せではありません。",
        ),
        ({"PREFECTURE": ""}, "CITY", "荒尾市", "都道府県か市町村がありません。"),
    ],
)
def test_a_record_without_its_identity_is_refused_with_its_reason(
    cells: dict[str, str], column: str, value: str, reason: str
) -> None:
    with pytest.raises(file_format.Refused) as caught:
        listed(**cells)
    assert (caught.value.column, caught.value.value, caught.value.reason, str(caught.value)) == (
        column,
        value,
        reason,
        reason,
    )


def test_a_number_of_60_characters_is_kept() -> None:
    assert listed(PROPERTY_NUMBER_ID="9" * 60).number == "9" * 60


@pytest.mark.parametrize(
    ("header", "kind"),
    [
        (["PROPERTY_NUMBER_ID", "PROPERTY_CATEGORY", "CITY"], file_format.LISTED),
        (["CONTRACT_INFO_DATE", "ID", "PROPERTY_CATEGORY", "CITY"], file_format.CLOSED),
        (["PROPERTY_NUMBER_ID", "PROPERTY_CATEGORY"], None),
        (["PROPERTY_NUMBER_ID", "CITY"], None),
        (["PROPERTY_CATEGORY", "CITY"], None),
        (["CONTRACT_INFO_DATE", "ID", "PROPERTY_CATEGORY"], None),
        (["CONTRACT_INFO_DATE", "ID", "CITY"], None),
        (["CONTRACT_INFO_DATE", "PROPERTY_CATEGORY", "CITY"], None),
        (["ID", "PROPERTY_CATEGORY", "CITY"], None),
    ],
)
def test_a_format_needs_all_of_its_columns(header: list[str], kind: str | None) -> None:
    assert file_format.recognise(header) == kind


def test_the_formats_have_stable_names() -> None:
    assert file_format.FORMATS == ("links-listed", "links-closed")
