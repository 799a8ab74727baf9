"""Pictograms in detail: figure, labels and group; both sides of every threshold; the order on a card."""

from datetime import date
from types import SimpleNamespace

import pytest

from akiya.language import Labelled, speaking
from akiya.listings import pictograms
from akiya.listings.enums import (
    DatePrecision,
    Drain,
    Gas,
    Handover,
    HazardExposure,
    Internet,
    PropertyKind,
    Repair,
    Toilet,
    Water,
)
from tests.listings.test_pictograms import NOTHING, built, state


def shown(key: str, **values: object) -> pictograms.Shown:
    home = SimpleNamespace(**{**NOTHING, **values})
    return next(each for each in pictograms.all_states(home) if each.pictogram.key == key)


def english(labelled: Labelled) -> str:
    with speaking("en"):
        return labelled.label


FIGURES = [
    ("traditional", {"built_on": date(1948, 3, 1)}, "yes", "築1948年", "built 1948"),
    ("traditional", {"built_on": date(1978, 3, 1)}, "no", "築1978年", "built 1978"),
    ("traditional", {"traditional": True}, "yes", "", ""),
    ("post_1981", built(1995), "yes", "築1995年", "built 1995"),
    ("post_1981", built(1981, 1, DatePrecision.YEAR), "unknown", "", ""),
    ("parking", {"parking_spaces": 3}, "yes", "3台", "3 spaces"),
    ("parking", {"parking_spaces": 2}, "yes", "2台", "2 spaces"),
    ("parking", {"parking_spaces": 1}, "yes", "1台", "1 space"),
    ("parking", {"parking_spaces": 0}, "no", "", ""),
    ("parking", {"parking": True}, "yes", "", ""),
    ("parking", {}, "unknown", "", ""),
    ("farmland", {"farmland_area": 1250.4}, "yes", "1,250m²", "1,250m²"),
    ("farmland", {"farmland_area": 0.0}, "no", "", ""),
    ("farmland", {"farmland": True}, "yes", "", ""),
    ("near_station", {"station_m": 640}, "yes", "640m 徒歩8分", "640 m, 8 min walk"),
    ("near_station", {"station_m": 1_201}, "no", "1,201m 徒歩16分", "1,201 m, 16 min walk"),
    ("near_station", {"station_m": 1_201, "straight_line": "hospital_m,station_m"}, "no", "直線1,201m", "1,201 m straight line"),
    ("near_station", {"station_m": 80, "straight_line": "hospital_m"}, "yes", "80m 徒歩1分", "80 m, 1 min walk"),
    ("near_station", {}, "unknown", "", ""),
    ("near_school", {"elementary_m": 81}, "yes", "81m 徒歩2分", "81 m, 2 min walk"),
    ("near_school", {"elementary_m": 500, "straight_line": "elementary_m"}, "yes", "直線500m", "500 m straight line"),
    ("near_hospital", {"hospital_m": 2_960}, "yes", "2,960m 徒歩37分", "2,960 m, 37 min walk"),
    ("near_hospital", {"hospital_m": 900, "straight_line": "hospital_m"}, "yes", "直線900m", "900 m straight line"),
    ("near_shops", {"supermarket_m": 300}, "yes", "", ""),
]  # fmt: skip


@pytest.mark.parametrize(("key", "values", "said", "ja", "en"), FIGURES)
def test_a_figure_stands_with_the_pictogram(key: str, values: dict[str, object], said: str, ja: str, en: str) -> None:
    assert (shown(key, **values).state, shown(key, **values).figure) == (said, ja)
    with speaking("en"):
        assert (shown(key, **values).state, shown(key, **values).figure) == (said, en)


def test_a_pictogram_without_a_figure_says_none() -> None:
    bare = pictograms.Shown(pictograms.BY_KEY["garden"], "yes")
    assert bare.figure == ""


@pytest.mark.parametrize("pictogram", [p for p in pictograms.PICTOGRAMS if p.figure], ids=lambda p: p.key)
def test_what_is_not_stated_has_no_figure(pictogram: pictograms.Pictogram) -> None:
    assert pictogram.figure is not None
    assert pictogram.figure(SimpleNamespace(**NOTHING)) == ""


def test_every_pictogram_with_a_figure_has_a_case() -> None:
    assert {key for key, _values, _said, ja, _en in FIGURES if ja} == {p.key for p in pictograms.PICTOGRAMS if p.figure}


@pytest.mark.parametrize(
    ("key", "field", "farthest"),
    [
        ("near_station", "station_m", 1_200),
        ("near_school", "elementary_m", 1_500),
        ("near_shops", "supermarket_m", 1_500),
        ("near_shops", "convenience_m", 1_500),
        ("near_hospital", "hospital_m", 3_000),
    ],
)
def test_near_ends_at_its_threshold(key: str, field: str, farthest: int) -> None:
    assert [state(key, **{field: metres}) for metres in (0, farthest - 1, farthest, farthest + 1)] == [
        True,
        True,
        True,
        False,
    ]
    assert state(key) is None


OTHER_SIDES = [
    ("sale", {"is_sale": False}, False), ("rent", {"is_rent": False}, False), ("land", {"kind": PropertyKind.BUSINESS}, False),
    ("single_storey", {"storeys": 0}, False), ("traditional", {"traditional": False}, False),
    ("traditional", {**built(1950), "traditional": False}, True), ("traditional", {"built_on": date(1950, 12, 31)}, True),
    ("post_1981", {"built_on": date(1981, 5, 31), "built_precision": DatePrecision.DAY}, False),
    ("post_1981", {"built_on": date(1981, 6, 1), "built_precision": DatePrecision.DAY}, True), ("post_1981", {}, None),
    ("move_in_ready", {}, None), ("move_in_ready", {"handover": Handover.IMMEDIATE}, None),
    ("move_in_ready", {"handover": Handover.DATE}, False), ("move_in_ready", {"repair": Repair.NONE, "handover": Handover.NEGOTIABLE}, False),
    ("move_in_ready", {"repair": Repair.MINOR, "handover": Handover.IMMEDIATE}, False),
    ("minor_repair", {"repair": Repair.MAJOR}, False), ("minor_repair", {}, None), ("major_repair", {}, None),
    ("diy", {"diy": False}, False), ("diy", {}, None), ("belongings", {}, None), ("public_water", {"water": Water.WELL}, False),
    ("public_water", {}, None), ("well", {"water": Water.WELL}, True), ("well", {"water": Water.OTHER}, False), ("well", {}, None),
    ("sewer", {"drain": Drain.SEWER}, True), ("sewer", {"drain": Drain.OTHER}, False), ("sewer", {}, None),
    ("flush_toilet", {"toilet": Toilet.FLUSH}, True), ("flush_toilet", {"toilet": Toilet.PIT}, False),
    ("flush_toilet", {"toilet": Toilet.FLUSH, "drain": Drain.PIT}, True), ("flush_toilet", {"drain": Drain.SEWER}, None),
    ("pit_toilet", {"toilet": Toilet.PIT}, True), ("city_gas", {"gas": Gas.LP}, False), ("city_gas", {}, None),
    ("lp_gas", {"gas": Gas.LP}, True), ("lp_gas", {}, None), ("all_electric", {"all_electric": True}, True),
    ("fibre", {"internet": Internet.CABLE}, False), ("fibre", {}, None), ("bath", {"bath": True}, True), ("onsen", {"onsen": False}, False),
    ("parking", {"parking_spaces": 1}, True), ("parking", {"parking": False}, False), ("parking", {"parking": True, "parking_spaces": 0}, False),
    ("no_car_access", {"road_width": 1.99}, True), ("no_car_access", {"car_access": True}, False),
    ("no_car_access", {"car_access": True, "road_width": 1.5}, True), ("no_car_access", {"car_access": False, "road_width": 4.0}, True),
    ("farmland", {"farmland_area": 0.5}, True), ("farmland", {}, None), ("garden", {"garden": False}, False),
    ("outbuilding", {"shed": True}, True), ("outbuilding", {"garage": True}, True), ("outbuilding", {}, None),
    ("outbuilding", {"shed": False, "garage": True}, True), ("business", {"shop_part": True}, True),
    ("business", {"shop_part": False, "business_allowed": False}, False), ("business", {"shop_part": False}, None),
    ("pets", {"pets": True}, True), ("few_steps", {"barrier_free": False}, False), ("sea", {"sea": False}, False), ("nature", {"nature": True}, True),
    ("near_shops", {"supermarket_m": 300, "convenience_m": 9_000}, True), ("near_shops", {"supermarket_m": 2_000, "convenience_m": 2_000}, False),
    ("panorama", {"has_panorama": False}, False), ("no_rebuild", {}, None), ("hazard", {}, None),
    *[("hazard", {field: HazardExposure.INSIDE}, True) for field in ("flood", "landslide", "tsunami", "storm_surge")],
    *[("hazard", {**dict.fromkeys(("flood", "landslide", "tsunami", "storm_surge"), HazardExposure.OUTSIDE), field: None}, None)
      for field in ("flood", "landslide", "tsunami", "storm_surge")],
]  # fmt: skip


@pytest.mark.parametrize(("key", "values", "expected"), OTHER_SIDES)
def test_the_other_side_of_a_rule(key: str, values: dict[str, object], expected: bool | None) -> None:
    assert state(key, **values) is expected


LABELS = [
    ("sale", "取引", "売買", "For sale"), ("rent", "取引", "賃貸", "For rent"), ("land", "取引", "空き地", "Land"),
    ("single_storey", "建物", "平屋", "Single storey"), ("traditional", "建物", "古民家", "Traditional house"),
    ("post_1981", "建物", "新耐震（1981年6月以降）", "Post-June 1981 earthquake standard"), ("move_in_ready", "状態", "すぐ住める", "Move-in ready"),
    ("minor_repair", "状態", "小修繕", "Minor repair"), ("major_repair", "状態", "要大規模修繕", "Major repair needed"),
    ("diy", "状態", "DIY可", "DIY allowed"), ("belongings", "状態", "家財残置", "Belongings remain"),
    ("public_water", "水回り・設備", "上水道", "Public water"), ("well", "水回り・設備", "井戸・山水", "Well or spring"),
    ("sewer", "水回り・設備", "下水道・浄化槽", "Sewer or septic tank"), ("flush_toilet", "水回り・設備", "水洗トイレ", "Flush toilet"),
    ("pit_toilet", "水回り・設備", "汲み取り", "Pit toilet"), ("city_gas", "水回り・設備", "都市ガス", "City gas"),
    ("lp_gas", "水回り・設備", "プロパン", "LP gas"), ("all_electric", "水回り・設備", "オール電化", "All-electric"),
    ("fibre", "水回り・設備", "光回線", "Fibre internet"), ("bath", "水回り・設備", "風呂あり", "Bath"), ("onsen", "水回り・設備", "温泉", "Hot spring"),
    ("parking", "外回り", "駐車場", "Parking"), ("no_car_access", "注意", "車が横付けできない", "No car access"), ("garden", "外回り", "庭", "Garden"),
    ("farmland", "外回り", "農地付き", "With farmland"), ("outbuilding", "外回り", "倉庫・納屋・蔵", "Outbuilding"),
    ("business", "外回り", "店舗・事業可", "Shop or business use"), ("pets", "状態", "ペット可", "Pets allowed"),
    ("few_steps", "建物", "段差が少ない", "Few steps"), ("sea", "暮らし", "海が見える・近い", "Sea view or nearby"),
    ("nature", "暮らし", "山・自然", "Mountains and nature"), ("near_station", "暮らし", "駅近", "Near a station"),
    ("near_school", "暮らし", "学校近い", "Near a school"), ("near_shops", "暮らし", "買物便利", "Near shops"),
    ("near_hospital", "暮らし", "病院近い", "Near a hospital"), ("subsidy", "取引", "補助金対象", "Subsidy available"),
    ("panorama", "暮らし", "360度内見", "360° viewing"), ("hazard", "注意", "災害区域あり", "Inside a hazard area"),
    ("no_rebuild", "注意", "再建築不可", "Cannot be rebuilt"),
]  # fmt: skip


def test_every_pictogram_has_its_group_and_labels_in_order() -> None:
    assert [(p.key, p.group.label, p.label, english(p)) for p in pictograms.PICTOGRAMS] == LABELS


def test_groups_are_named_in_both_languages() -> None:
    assert [(str(group), group.label, english(group)) for group in pictograms.PictogramGroup] == [
        ("deal", "取引", "Deal"),
        ("building", "建物", "Building"),
        ("state", "状態", "Condition"),
        ("utilities", "水回り・設備", "Utilities"),
        ("outside", "外回り", "Outside"),
        ("life", "暮らし", "Daily life"),
        ("caution", "注意", "Caution"),
    ]


def test_the_bits_that_are_stored_keep_their_meaning() -> None:
    assert {key: 1 << place for place, (key, *_labels) in enumerate(LABELS)} == pictograms.BITS
    assert pictograms.lit(0b101) == ["sale", "land"]


WARNINGS = ["major_repair", "belongings", "pit_toilet", "no_car_access", "hazard", "no_rebuild"]
ON_A_CARD = [
    "panorama", "onsen", "sea", "traditional", "move_in_ready", "subsidy", "pets", "farmland", "near_station", "single_storey",
    "post_1981", "few_steps", "diy", "business", "near_shops", "near_school", "near_hospital", "nature", "outbuilding",
    "garden", "parking", "fibre", "all_electric", "well", "flush_toilet", "sewer", "public_water", "city_gas", "bath",
    "minor_repair", "lp_gas",
]  # fmt: skip


def test_a_card_shows_warnings_and_then_what_distinguishes() -> None:
    everything, more = pictograms.card(sum(pictograms.BITS.values()), limit=40)
    assert [p.key for p in everything] == WARNINGS + ON_A_CARD
    assert more == 0


@pytest.mark.parametrize(
    ("lit", "keys", "more"),
    [
        ([], [], 0),
        (["sale", "land"], [], 0),
        (["lp_gas", "onsen", "no_rebuild"], ["no_rebuild", "onsen", "lp_gas"], 0),
        (ON_A_CARD[:8], ON_A_CARD[:8], 0),
        ([*ON_A_CARD[:8], "lp_gas"], ON_A_CARD[:8], 1),
    ],
)
def test_what_does_not_fit_on_a_card_is_counted(lit: list[str], keys: list[str], more: int) -> None:
    shown_ones, left = pictograms.card(sum(pictograms.BITS[key] for key in lit))
    assert ([p.key for p in shown_ones], left) == (keys, more)


def test_each_state_has_its_word() -> None:
    home = SimpleNamespace(**{**NOTHING, "garden": True, "bath": False})
    assert [
        each.state for each in pictograms.all_states(home) if each.pictogram.key in ("garden", "bath", "onsen")
    ] == [
        "no",
        "unknown",
        "yes",
    ]
    assert len(pictograms.all_states(home)) == 40
