"""The national bank's files, one trap after the other. The rows are made here, with the files' own headers."""

import pytest

from akiya.listings.enums import DatePrecision, Drain, PropertyKind, Structure, Toilet
from akiya.national_bank import file_format

LISTED_HEADER = [
    "PROPERTY_NUMBER_ID",
    "PROPERTY_CATEGORY",
    "PREFECTURE",
    "CITY",
    "NEAREST_TRAIN_LINE",
    "NEAREST_STATION",
    "DISTANCE_TO_NEAREST_STATION_ON_FOOT",
    "AMOUNT/RENT",
    "DATE_OF_CONSTRUCTION",
    "CONSTRUCTION",
    "OCCUPATION_AREA",
    "TOTAL_NUMBER_OF_UNITS",
    "LAYOUT",
    "SIZE_OF_LOT",
    "SIZE_OF_LOT_MEASUREMENT_METHOD",
    "LAND_CATEGORY",
    "CITY_PLANNING_AREA",
    "USE_DISTRICT",
    "LAND_OWNERSHIP",
    "PRIVATE_ROAD",
    "SETBACK",
    "NUMBER_OF_CONNECTED_ROADS",
    "STRONG_POINTS",
    "WATER_SUPPLY",
    "GUS_SUPPLY",
    "DRAINAGE",
    "PLACE_OF_WASHER",
    "BATH",
    "TOILET",
    "TOILET_NOTE",
    "STOVE_HEATING_SYSTEM",
    "GARDEN",
    "PARKING",
    "FOR_OFFICE_USE",
    "INTERIOR_CUSTOMIZABILITY",
    "DISTANCE_TO_ELEMENTARY_SCHOOL",
    "DISTANCE_TO_JUNIOR_HIGH_SCHOOL",
    "DISTANCE_TO_SUPERMARKET",
    "DISTANCE_TO_SHOPPING_DISTRICT",
    "DISTANCE_TO_DRUG_STORE",
    "DISTANCE_TO_HOSPITAL",
    "FLOOR_AREA_RATIO",
    "BUILDING_COVERAGE_RATIO",
    "FARMLAND",
    "RETAIL_PREMISES",
]
CLOSED_HEADER = [
    "CONTRACT_INFO_DATE",
    "CONTRACT_INFO_AMOUNT/RENT",
    "ID",
    "PROPERTY_CATEGORY",
    "PREFECTURE",
    "CITY",
    "DISTANCE_TO_NEAREST_STATION_ON_FOOT",
    "AMOUNT/RENT",
    "NUMBER_OF_ROOMS",
    "DISTANCE_TO_ELEMENTARY_SCHOOL",
    "DISTANCE_TO_COMBINIENCE_STORE",
    "DISTANCE_TO_BANK",
    "LOCAL_GOVERNMENT_PREFECTURE",
    "LOCAL_GOVERNMENT_CITY",
]
BASE = {
    "PROPERTY_NUMBER_ID": "9000001",
    "ID": "9000001",
    "PROPERTY_CATEGORY": "売買居住用",
    "PREFECTURE": "熊本県",
    "CITY": "荒尾市",
}


def listed(**cells: str) -> file_format.Parsed:
    return file_format.parse({**dict.fromkeys(LISTED_HEADER, ""), **BASE, **cells}, file_format.LISTED)


def closed(**cells: str) -> file_format.Parsed:
    return file_format.parse({**dict.fromkeys(CLOSED_HEADER, ""), **BASE, **cells}, file_format.CLOSED)


def test_a_format_is_recognised_by_its_header() -> None:
    assert file_format.recognise(LISTED_HEADER) == file_format.LISTED
    assert file_format.recognise(CLOSED_HEADER) == file_format.CLOSED
    assert file_format.recognise(["番号", "住所"]) is None


def test_the_listed_files_shifted_columns_are_read_by_position() -> None:
    cells = {"FOR_OFFICE_USE": "100", "INTERIOR_CUSTOMIZABILITY": "200", "DISTANCE_TO_ELEMENTARY_SCHOOL": "300",
             "DISTANCE_TO_JUNIOR_HIGH_SCHOOL": "400", "DISTANCE_TO_SUPERMARKET": "500", "DISTANCE_TO_SHOPPING_DISTRICT": "600",
             "DISTANCE_TO_DRUG_STORE": "700", "DISTANCE_TO_HOSPITAL": "800"}  # fmt: skip
    values = listed(**cells).values
    names = [
        "elementary_m",
        "junior_high_m",
        "convenience_m",
        "supermarket_m",
        "drug_store_m",
        "hospital_m",
        "park_m",
        "bank_m",
    ]
    assert [values[name] for name in names] == [100, 200, 300, 400, 500, 600, 700, 800]


def test_the_closed_files_columns_are_read_by_name() -> None:
    values = closed(
        DISTANCE_TO_ELEMENTARY_SCHOOL="300", DISTANCE_TO_COMBINIENCE_STORE="50", DISTANCE_TO_BANK="80"
    ).values
    assert (values["elementary_m"], values["convenience_m"], values["bank_m"]) == (300, 50, 80)


@pytest.mark.parametrize(
    ("text", "metres", "note"),
    [("4分", 320, True), ("60", 4800, True), ("61", 61, False), ("170", 170, False), ("１２分", 960, True)],
)
def test_small_station_distances_are_minutes(text: str, metres: int, note: bool) -> None:
    parsed = listed(DISTANCE_TO_NEAREST_STATION_ON_FOOT=text)
    assert parsed.values["station_m"] == metres
    assert bool(parsed.notes) is note


@pytest.mark.parametrize("text", ["200000", "徒歩", "-3"])
def test_absurd_distances_are_left_out_and_reported(text: str) -> None:
    parsed = listed(DISTANCE_TO_NEAREST_STATION_ON_FOOT=text)
    assert "station_m" not in parsed.values
    assert parsed.bad[0][:2] == ("DISTANCE_TO_NEAREST_STATION_ON_FOOT", text)


def test_a_forms_default_is_not_an_answer() -> None:
    values = listed(
        PRIVATE_ROAD="無し",
        SETBACK="無",
        FARMLAND="無し",
        RETAIL_PREMISES="有り",
        GARDEN="0",
        LAYOUT="5DK",
        CONSTRUCTION="指定なし",
    ).values
    assert {"private_road", "setback", "farmland", "garden", "structure"}.isdisjoint(values)
    assert values["shop_part"] is True


@pytest.mark.parametrize(
    ("text", "precision"),
    [("1976/1/1", DatePrecision.YEAR), ("1974/6/1", DatePrecision.MONTH), ("1974/6/12", DatePrecision.DAY)],
)
def test_a_first_of_january_means_the_year(text: str, precision: DatePrecision) -> None:
    assert listed(DATE_OF_CONSTRUCTION=text).values["built_precision"] is precision


def test_land_has_no_layout_and_zero_is_not_given() -> None:
    values = listed(PROPERTY_CATEGORY="賃貸土地", LAYOUT="R", SIZE_OF_LOT="0", **{"AMOUNT/RENT": "5000"}).values
    assert (values["kind"], values["is_rent"], values["rent"]) == (PropertyKind.LAND, True, 5000)
    assert {"layout", "land_area", "price"}.isdisjoint(values)


@pytest.mark.parametrize(
    ("note", "kind"),
    [("洋式（簡易水洗）", Toilet.SIMPLE_FLUSH), ("水洗/洋式(ウォシュレット)", Toilet.FLUSH), ("汲取り", Toilet.PIT), ("くみ取り・和式", Toilet.PIT),
     ("洋式（浄化槽）", Toilet.FLUSH), ("洋式", None), ("水洗と汲み取り", None)],
)  # fmt: skip
def test_toilet_notes_are_understood(note: str, kind: Toilet | None) -> None:
    assert file_format.toilet_of(note) is kind


def test_vocabularies() -> None:
    values = listed(CONSTRUCTION="RC(鉄筋コンクリート)", DRAINAGE="汲み取り式", PARKING="近隣", BATH="無").values
    assert (values["structure"], values["drain"], values["bath"]) == (Structure.RC, Drain.PIT, False)
    assert (values["parking"], values["parking_note"]) == (False, "近隣にあり")
    assert listed(CONSTRUCTION="SRC(鉄骨鉄筋コンクリート)").values["structure"] is Structure.SRC
    assert listed(PARKING="空き有").values["parking"] is True
    strange = listed(PARKING="多数", WATER_SUPPLY="雨水")
    assert [column for column, _value, _reason in strange.bad] == ["WATER_SUPPLY", "PARKING"]


def test_a_contract_keeps_its_day_and_amount() -> None:
    parsed = closed(CONTRACT_INFO_DATE="02/24/25", **{"CONTRACT_INFO_AMOUNT/RENT": "2000000"})
    assert parsed.closing["contracted_on"].isoformat() == "2025-02-24"
    assert parsed.closing["agreed_amount"] == 2_000_000
    assert closed(CONTRACT_INFO_DATE="31/31/25").bad


@pytest.mark.parametrize(("column", "value"), [("PROPERTY_NUMBER_ID", ""), ("PROPERTY_CATEGORY", "交換"), ("CITY", "")])
def test_a_row_without_its_identity_is_refused(column: str, value: str) -> None:
    with pytest.raises(file_format.Refused) as caught:
        listed(**{column: value})
    assert caught.value.column == column
