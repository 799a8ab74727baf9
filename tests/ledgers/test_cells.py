"""Convert a ledger's cell to values and a value to a cell: every kind of each."""

from datetime import date
from typing import Any

import pytest

from akiya.ledgers import cells
from akiya.listings.enums import DatePrecision, Repair, Status, Structure
from akiya.listings.fields import BY_NAME
from akiya.municipalities.enums import Blur

DAY = {"day": "1978-06-01", "text": "1978/6/1"}


def read(name: str, cell: Any, unit: str = "") -> dict[str, Any]:
    return cells.read(name, cell, unit, "阿蘇市")


@pytest.mark.parametrize(
    ("cell", "text"),
    [
        (None, ""),
        (True, "TRUE"),
        (False, "FALSE"),
        (22.0, "22"),
        (22, "22"),
        (100.0, "100"),
        (1.5, "1.5"),
        (0.1 + 0.2, "0.3"),
        (1e15, "1000000000000000.0"),
        (999_999_999_999_999.0, "999999999999999"),
        (-1e15, "-1000000000000000.0"),
        (float("inf"), "inf"),
        (float("nan"), "nan"),
        (date(1978, 6, 1), "1978-06-01"),
        (DAY, "1978-06-01"),
        ({"bad": "error", "text": "#REF!"}, "#REF!"),
        ({"bad": "merged"}, ""),
        (" 一の宮\r\n町\r ", "一の宮\n町"),
        ("一の宮\r町", "一の宮\n町"),
    ],
)
def test_a_cell_as_text(cell: Any, text: str) -> None:
    assert cells.text_of(cell) == text


CONTROLS = "\x00\x08\x0b\x0c\x0e\x1f\x7f\ud800\udfff\ufffe\uffff"


def test_control_characters_are_dropped() -> None:
    for character in CONTROLS:
        assert cells.clean(f"阿{character}蘇") == "阿蘇", ascii(character)


def test_other_characters_are_kept() -> None:
    for character in "\t\n ~\u0080𠮷\ud7ff\ue000\ufffd":
        assert cells.clean(f"阿{character}蘇") == f"阿{character}蘇", ascii(character)


@pytest.mark.parametrize(
    ("cell", "number"),
    [
        ("空き家第２２号", "空き家第２２号"),
        (22.0, "22"),
        ("-", ""),
        (None, ""),
        ("家-24", "家-24"),
        ("無", "無"),
        ("長" * 60, "長" * 60),
    ],
)
def test_a_number_is_kept_as_it_is_written(cell: Any, number: str) -> None:
    assert cells.number_of(cell) == number


BAD = [
    ({"bad": "error", "text": "#REF!"}, "数式がエラーになっています（#REF!）。Excel で数式を直すか、値を入れ直してください。"),
    ({"bad": "formula", "text": ""}, "数式の結果が入っていません。Excel で開いて保存し直すか、値として貼り付けてください。"),
    ({"bad": "merged", "text": ""}, "横に結合されたセルです。どの列の値か分からないので、結合を解除して入れ直してください。"),
    ({"bad": "broken", "text": ""}, "文字コードとして読めない文字があります。その文字を入れ直してください。"),
]  # fmt: skip


@pytest.mark.parametrize(("cell", "message"), BAD)
def test_a_broken_cell_is_refused_everywhere(cell: Any, message: str) -> None:
    for reading in (lambda: cells.number_of(cell), lambda: read("price", cell)):
        with pytest.raises(ValueError, match="。") as caught:
            reading()
        assert str(caught.value) == message


READ = [
    ("deal", "売買", {"is_sale": True, "is_rent": False}),
    ("deal", "賃貸", {"is_sale": False, "is_rent": True}),
    ("deal", "貸したい", {"is_sale": False, "is_rent": True}),
    ("deal", "賃", {"is_sale": False, "is_rent": True}),
    ("deal", "売・貸", {"is_sale": True, "is_rent": True}),
    *[("deal", both, {"is_sale": True, "is_rent": True}) for both in ("両方", "どちらでも", "どちらも", "いずれも")],
    ("title", "縁側の家", {"title": "縁側の家"}),
    ("title", "なし", {}),
    ("title", "-", {}),
    ("title", None, {}),
    ("title", "不明", {"title": "不明"}),
    ("garden", "○", {"garden": True}),
    ("garden", "無", {"garden": False}),
    ("garden", "不明", {}),
    ("garden", True, {"garden": True}),
    ("parking", "有", {"parking": True}),
    ("parking", "2台", {"parking": True, "parking_spaces": 2}),
    ("parking", "あり（3台）", {"parking": True, "parking_spaces": 3}),
    ("parking", "有り3台", {"parking": True, "parking_spaces": 3}),
    ("parking", 2.0, {"parking": True, "parking_spaces": 2}),
    ("parking", 12, {"parking": True, "parking_spaces": 12}),
    ("parking", "0台", {"parking": False, "parking_spaces": 0}),
    ("parking", 1, {"parking": True}),
    ("repair", "小規模", {"repair": Repair.MINOR}),
    ("repair", "なし", {"repair": Repair.NONE}),
    ("structure", "なし", {}),
    ("structure", "木造瓦葺", {"structure": Structure.WOOD}),
    ("structure", "不明", {}),
    ("handover_on", "なし", {}),
    ("handover_on", 28642, {"handover_on": date(1978, 6, 1)}),
    ("handover_on", "頃", {}),
    ("built_on", 28642, {"built_on": date(1978, 6, 1), "built_precision": DatePrecision.DAY}),
    ("handover_on", 28642.75, {"handover_on": date(1978, 6, 1)}),
    ("handover_on", "28642", {"handover_on": date(1978, 6, 1)}),
    ("handover_on", "19780601", {"handover_on": date(1978, 6, 1)}),
    ("handover_on", 19780601, {"handover_on": date(1978, 6, 1)}),
    ("handover_on", DAY, {"handover_on": date(1978, 6, 1)}),
    ("handover_on", 109_206, {"handover_on": date(2198, 12, 28)}),
    ("handover_on", 2201, {"handover_on": date(1906, 1, 9)}),
    ("built_on", 2200, {"built_on": date(2200, 1, 1), "built_precision": DatePrecision.YEAR}),
    ("built_on", 1978, {"built_on": date(1978, 1, 1), "built_precision": DatePrecision.YEAR}),
    ("built_on", "昭和53年6月", {"built_on": date(1978, 6, 1), "built_precision": DatePrecision.MONTH}),
    ("built_on", date(1978, 6, 12), {"built_on": date(1978, 6, 12), "built_precision": DatePrecision.DAY}),
    ("price", "480万円", {"price": 4_800_000}),
    ("price", "応談", {"price_negotiable": True}),
    ("price", "要相談", {"price_negotiable": True}),
    ("rent", "応相談", {"price_negotiable": True}),
    ("rent", "価格交渉可", {"price_negotiable": True}),
    ("price_demolished", "480万円", {"price_demolished": 4_800_000}),
    ("price", "無", {}),
    ("price", "不明", {}),
    ("price", "円", {}),
    ("common_fee", "なし", {"common_fee": 0}),
    ("association_fee", "無", {"association_fee": 0}),
    ("parking_spaces", "なし", {"parking_spaces": 0}),
    ("coverage_ratio", 0.6, {"coverage_ratio": 60}),
    ("coverage_ratio", 1.0, {"coverage_ratio": 1}),
    ("coverage_ratio", 60, {"coverage_ratio": 60}),
    ("coverage_ratio", 0.0, {"coverage_ratio": 0}),
    ("storeys", 0.0, {"storeys": 0}),
    ("floor_ratio", 2_000, {"floor_ratio": 2_000}),
    ("floor_area", "121.456", {"floor_area": 121.46}),
    ("floor_area", 10_000_000, {"floor_area": 10_000_000}),
    ("number", "22", {"number": "22"}),
]


@pytest.mark.parametrize(("name", "cell", "values"), READ)
def test_what_a_cell_states(name: str, cell: Any, values: dict[str, Any]) -> None:
    assert read(name, cell) == values


@pytest.mark.parametrize(
    ("name", "cell", "unit", "value"),
    [
        ("price", 480, "万円", 4_800_000),
        ("price", "1,480.5", "万円", 14_805_000),
        ("price", "４８０", "万円", 4_800_000),
        ("price", "480万円", "千円", 4_800_000),
        ("price", 480, "", 480),
        ("land_area", 100, "坪", 330.58),
        ("station_m", 8, "分", 640),
        ("station_m", 1.2, "km", 1_200),
    ],
)
def test_a_bare_figure_has_the_headers_unit(name: str, cell: Any, unit: str, value: float) -> None:
    assert read(name, cell, unit) == {name: value}


REFUSED = [
    ("deal", "交換", "売買か賃貸か読めません。「売買」「賃貸」「売買・賃貸」のどれかにしてください。"),
    ("title", DAY, "日付（1978-06-01）になっています。セルの書式を「文字列」にして、見出しを入れ直してください。"),
    ("garden", "広い", "「○」「×」、または「有」「無」で入れてください。分からなければ空欄にしてください。"),
    ("garden", "2台", "「○」「×」、または「有」「無」で入れてください。分からなければ空欄にしてください。"),
    ("repair", "そのうち", "次のどれかにしてください：不要、小修繕、大規模修繕"),
    ("price", DAY, "日付（1978-06-01）になっています。セルの書式を「標準」にして、数を入れ直してください。"),
    ("price_demolished", "応談", "「応談」は金額として読めません。480万円、または 4800000 のように入れてください。"),
    ("floor_ratio", 2_001, "範囲の外です。0〜2,000 の値を入れてください。"),
    ("true_lon", -180.5, "範囲の外です。-180〜180 の値を入れてください。"),
    (
        "handover_on",
        109_207,
        "「109207」は年月日として読めません。1978年、昭和53年6月、1978-06-01 のように入れてください。",
    ),
    ("handover_on", "19781301", "「1978-13-01」という日はありません。月と日を確かめてください。"),
]


@pytest.mark.parametrize(("name", "cell", "message"), REFUSED)
def test_what_cannot_be_read_says_what_to_do(name: str, cell: Any, message: str) -> None:
    with pytest.raises(ValueError, match=r"。|：") as caught:
        read(name, cell)
    assert str(caught.value) == message


def test_a_number_that_became_a_day_is_refused() -> None:
    with pytest.raises(ValueError, match="番号") as caught:
        cells.number_of(DAY)
    assert (
        str(caught.value)
        == "番号が日付（1978-06-01）になっています。セルの書式を「文字列」にして、番号を入れ直してください。"
    )


@pytest.mark.parametrize(
    ("name", "most"), [("title", BY_NAME["title"].limit), ("appeal", 5_000), ("town", BY_NAME["town"].limit)]
)
def test_a_text_that_is_too_long_is_refused_with_both_lengths(name: str, most: int) -> None:
    assert read(name, "長" * most) == {name: "長" * most}
    with pytest.raises(ValueError, match="文字") as caught:
        read(name, "長" * (most + 1))
    label = BY_NAME[name].message
    assert str(caught.value) == f"{label}は{most:,}文字までです（今は{most + 1:,}文字）。短くしてください。"


ADDRESSES = [
    ("内牧", "内牧", ""),
    ("内牧976番地1", "内牧", "976番地1"),
    ("内牧976-1", "内牧", "976-1"),
    ("内牧９７６番地", "内牧", "９７６番地"),
    ("熊本県阿蘇市内牧976番地1", "内牧", "976番地1"),
    ("熊本県阿蘇郡阿蘇市一の宮町宮地1", "一の宮町宮地", "1"),
    ("阿蘇市大字内牧字上ノ原12", "内牧字上ノ原", "12"),
    ("大字内牧 字12", "内牧", "12"),
    ("内牧第12", "内牧", "12"),
    ("一の宮町3丁目5番", "一の宮町3丁目", "5番"),
    ("7区12番地", "7区", "12番地"),
    ("北1条5", "北1条", "5"),
    ("2班5", "2班", "5"),
    ("3組5", "3組", "5"),
    ("国道57号線5", "国道57号線", "5"),
    ("三番町5", "三番町", "5"),
    ("3番町5", "3番町", "5"),
    ("3町5", "3町", "5"),
    ("9の里5", "9の里", "5"),
    ("内牧九百七十六番地", "内牧", "九百七十六番地"),
    ("内牧十二番", "内牧", "十二番"),
    ("阿蘇市", "阿蘇市", ""),
]


@pytest.mark.parametrize(("text", "town", "lot"), ADDRESSES)
def test_the_lot_number_is_split_off(text: str, town: str, lot: str) -> None:
    assert cells.split_address(text, "阿蘇市") == (town, lot)


def test_an_address_states_what_it_holds() -> None:
    assert read("town", "内牧976番地1") == {"town": "内牧", "lot_number": "976番地1"}
    assert read("town", "内牧") == {"town": "内牧"}
    assert read("town", "976番地1") == {"lot_number": "976番地1"}
    assert read("town", "なし") == {}


KNOWN: dict[str, Any] = {
    "is_sale": True, "is_rent": False, "status": "open", "municipality": "阿蘇市", "title": " 縁側\x00の家 ", "number": "", "price": 4_805_000,
    "floor_area": 121.51, "station_m": 640, "storeys": 2, "garden": True, "pets": False, "repair": "minor", "handover_on": date(2026, 4, 1),
    "built_on": date(1978, 6, 1), "built_precision": "month", "rent": None, "road_width": 3.5, "blur": "mesh250",
}  # fmt: skip


@pytest.mark.parametrize(
    ("name", "unit", "cell"),
    [
        ("deal", ("", 1.0), "売買"),
        ("status", ("", 1.0), "募集中"),
        ("municipality", ("", 1.0), "阿蘇市"),
        ("title", ("", 1.0), "縁側の家"),
        ("number", ("", 1.0), None),
        ("rent", ("万円", 10_000), None),
        ("price", ("", 1.0), 4_805_000),
        ("price", ("万円", 10_000), 480.5),
        ("price", ("千円", 1_000), 4_805),
        ("floor_area", ("坪", 400 / 121), 36.7568),
        ("station_m", ("分", 80), 8),
        ("storeys", ("", 1.0), 2),
        ("road_width", ("坪", 400 / 121), 3.5),
        ("garden", ("", 1.0), "○"),
        ("pets", ("", 1.0), "×"),
        ("repair", ("", 1.0), "小修繕"),
        ("handover_on", ("", 1.0), date(2026, 4, 1)),
        ("built_on", ("", 1.0), "1978年6月"),
    ],
)
def test_a_value_as_a_cell(name: str, unit: tuple[str, float], cell: Any) -> None:
    written = cells.write(name, KNOWN, unit)
    assert written == cell
    assert type(written) is type(cell)


@pytest.mark.parametrize(
    ("deals", "cell"),
    [((True, True), "売買・賃貸"), ((False, True), "賃貸"), ((False, False), None)],
)
def test_a_deal_in_one_word(deals: tuple[bool, bool], cell: str | None) -> None:
    assert cells.write("deal", {"is_sale": deals[0], "is_rent": deals[1]}, ("", 1.0)) == cell


@pytest.mark.parametrize(
    ("day", "precision", "cell"),
    [
        (date(1978, 6, 12), "day", date(1978, 6, 12)),
        (date(1978, 6, 1), "month", "1978年6月"),
        (date(1978, 1, 1), "year", "1978年"),
        (date(1978, 1, 1), None, "1978年"),
        (date(1900, 3, 1), "day", date(1900, 3, 1)),
        (date(1900, 2, 28), "day", "1900年2月28日"),
    ],
)
def test_a_built_day_is_written_as_far_as_it_is_known(day: date, precision: str | None, cell: Any) -> None:
    assert cells.write("built_on", {"built_on": day, "built_precision": precision}, ("", 1.0)) == cell


def test_another_day_before_excels_first_is_text() -> None:
    assert cells.write("handover_on", {"handover_on": date(1899, 1, 2)}, ("", 1.0)) == "1899年1月2日"
    assert cells.write("municipality", {"municipality": ""}, ("", 1.0)) is None


@pytest.mark.parametrize(
    ("name", "value", "typed"),
    [
        ("price", None, None),
        ("built_precision", "month", DatePrecision.MONTH),
        ("repair", "minor", Repair.MINOR),
        ("blur", "mesh250", Blur("mesh250")),
        ("built_on", "1978-06-01", date(1978, 6, 1)),
        ("price", 480, 480),
    ],
)
def test_what_was_kept_as_json_is_typed_again(name: str, value: Any, typed: Any) -> None:
    found = cells.typed(name, value)
    assert (found, type(found)) == (typed, type(typed))


def test_every_state_has_its_word() -> None:
    assert [cells.write("status", {"status": str(status)}, ("", 1.0)) for status in Status] == [
        s.message for s in Status
    ]
