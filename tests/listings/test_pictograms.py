"""The forty rules: yes, no and not stated."""

from dataclasses import replace
from datetime import date
from pathlib import Path
from types import SimpleNamespace
from xml.etree import ElementTree

import pytest

from akiya.listings import pictograms
from akiya.listings.enums import (
    Belongings,
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
from akiya.listings.fields import FIELDS

NOTHING = {field.name: None for field in FIELDS} | {
    "has_panorama": False,
    "built_precision": None,
    "is_sale": False,
    "is_rent": False,
    "kind": PropertyKind.HOUSE,
}


def state(key: str, **values: object) -> bool | None:
    return pictograms.BY_KEY[key].rule(SimpleNamespace(**{**NOTHING, **values}))


def built(year: int, month: int = 1, precision: DatePrecision = DatePrecision.DAY) -> dict[str, object]:
    return {"built_on": date(year, month, 1), "built_precision": precision}


CASES = [
    ("sale", {"is_sale": True}, True), ("rent", {"is_rent": True}, True), ("land", {"kind": PropertyKind.LAND}, True), ("land", {}, False),
    ("single_storey", {"storeys": 1}, True), ("single_storey", {"storeys": 2}, False), ("single_storey", {}, None),
    ("traditional", built(1950), True), ("traditional", built(1951), False), ("traditional", {**built(1999), "traditional": True}, True),
    ("traditional", {}, None),
    ("post_1981", built(1981, 6), True), ("post_1981", built(1981, 5), False), ("post_1981", built(1981, 1, DatePrecision.YEAR), None),
    ("post_1981", built(1982, 1, DatePrecision.YEAR), True), ("post_1981", built(1980, 1, DatePrecision.YEAR), False),
    ("move_in_ready", {"repair": Repair.NONE, "handover": Handover.IMMEDIATE}, True), ("move_in_ready", {"repair": Repair.NONE}, None),
    ("move_in_ready", {"repair": Repair.MAJOR}, False), ("minor_repair", {"repair": Repair.MINOR}, True),
    ("major_repair", {"repair": Repair.MAJOR}, True), ("major_repair", {"repair": Repair.NONE}, False), ("diy", {"diy": True}, True),
    ("belongings", {"belongings": Belongings.REMAIN}, True), ("belongings", {"belongings": Belongings.REMOVED}, False),
    ("public_water", {"water": Water.PUBLIC}, True), ("well", {"water": Water.SPRING}, True), ("well", {"water": Water.PUBLIC}, False),
    ("sewer", {"drain": Drain.SEPTIC}, True), ("sewer", {"drain": Drain.PIT}, False), ("flush_toilet", {"toilet": Toilet.SIMPLE_FLUSH}, True),
    ("flush_toilet", {"drain": Drain.PIT}, False), ("pit_toilet", {"drain": Drain.PIT}, True),
    ("pit_toilet", {"drain": Drain.PIT, "toilet": Toilet.FLUSH}, False), ("pit_toilet", {"drain": Drain.SEWER}, None),
    ("city_gas", {"gas": Gas.CITY}, True), ("lp_gas", {"gas": Gas.CITY}, False), ("all_electric", {"all_electric": False}, False),
    ("fibre", {"internet": Internet.FIBRE}, True), ("bath", {"bath": False}, False), ("onsen", {"onsen": True}, True),
    ("parking", {"parking_spaces": 3}, True), ("parking", {"parking_spaces": 0}, False), ("parking", {"parking": True}, True),
    ("no_car_access", {"road_width": 1.9}, True), ("no_car_access", {"road_width": 2.0}, False), ("no_car_access", {"car_access": False}, True),
    ("no_car_access", {}, None), ("garden", {"garden": True}, True), ("farmland", {"farmland_area": 50.0}, True),
    ("farmland", {"farmland": False}, False), ("outbuilding", {"storehouse": True}, True), ("outbuilding", {"shed": False}, None),
    ("outbuilding", {"shed": False, "storehouse": False, "garage": False}, False), ("business", {"business_allowed": True}, True),
    ("pets", {"pets": False}, False), ("few_steps", {"barrier_free": True}, True), ("sea", {"sea": True}, True), ("nature", {}, None),
    ("near_station", {"station_m": 1200}, True), ("near_station", {"station_m": 1201}, False), ("near_school", {"elementary_m": 1500}, True),
    ("near_shops", {"supermarket_m": 9000, "convenience_m": 300}, True), ("near_shops", {"supermarket_m": 1501}, False),
    ("near_hospital", {"hospital_m": 3000}, True), ("subsidy", {}, None), ("panorama", {"has_panorama": True}, True),
    ("hazard", {"flood": HazardExposure.INSIDE}, True), ("hazard", {"flood": HazardExposure.OUTSIDE}, None),
    ("hazard", dict.fromkeys(("flood", "landslide", "tsunami", "storm_surge"), HazardExposure.OUTSIDE), False),
    ("no_rebuild", {"rebuildable": False}, True), ("no_rebuild", {"rebuildable": True}, False),
]  # fmt: skip


@pytest.mark.parametrize(("key", "values", "expected"), CASES)
def test_a_rule_says_yes_no_or_not_stated(key: str, values: dict[str, object], expected: bool | None) -> None:
    assert state(key, **values) is expected


def test_there_are_forty_and_each_has_a_case_labels_and_a_drawing() -> None:
    keys = [pictogram.key for pictogram in pictograms.PICTOGRAMS]
    assert len(keys) == len(set(keys)) == 40
    assert {key for key, _values, _expected in CASES} == set(keys)
    folder = Path(__file__).resolve().parents[2] / "static/pictograms"
    assert {path.stem for path in folder.glob("*.svg")} == set(keys)
    for path in folder.glob("*.svg"):
        root = ElementTree.fromstring(path.read_text())
        assert root.attrib["viewBox"] == "0 0 24 24"
        assert root.attrib["stroke"] == "currentColor"
    assert all(pictogram.label for pictogram in pictograms.PICTOGRAMS)


def test_a_card_shows_at_most_eight_warnings_first() -> None:
    everything = sum(pictograms.BITS.values())
    shown, more = pictograms.card(everything)
    assert len(shown) == 8
    assert [p.warning for p in shown] == sorted((p.warning for p in shown), reverse=True)
    assert shown[0].warning
    assert more == 37 - 8  # deal and kind are on the card in words


# Every stored home is read by these numbers: a new pictogram adds a line, and no line is ever changed.
NUMBERS = {
    "sale": 0, "rent": 1, "land": 2, "single_storey": 3, "traditional": 4, "post_1981": 5, "move_in_ready": 6,
    "minor_repair": 7, "major_repair": 8, "diy": 9, "belongings": 10, "public_water": 11, "well": 12, "sewer": 13,
    "flush_toilet": 14, "pit_toilet": 15, "city_gas": 16, "lp_gas": 17, "all_electric": 18, "fibre": 19, "bath": 20,
    "onsen": 21, "parking": 22, "no_car_access": 23, "garden": 24, "farmland": 25, "outbuilding": 26, "business": 27,
    "pets": 28, "few_steps": 29, "sea": 30, "nature": 31, "near_station": 32, "near_school": 33, "near_shops": 34,
    "near_hospital": 35, "subsidy": 36, "panorama": 37, "hazard": 38, "no_rebuild": 39,
}  # fmt: skip


def test_every_pictogram_keeps_the_number_by_which_homes_are_stored() -> None:
    assert {pictogram.key: pictogram.number for pictogram in pictograms.PICTOGRAMS} == NUMBERS
    assert {key: 1 << number for key, number in NUMBERS.items()} == pictograms.BITS


@pytest.mark.parametrize("number", [3, -1, 63])
def test_a_number_that_is_taken_or_has_no_bit_is_refused(number: int) -> None:
    wrong = replace(pictograms.BY_KEY["no_rebuild"], number=number)
    with pytest.raises(ValueError, match=f"no_rebuild: the number {number} is taken or out of range"):
        pictograms.bits_of((*pictograms.PICTOGRAMS[:-1], wrong))


def test_the_last_bit_of_a_stored_number_may_be_used() -> None:
    last = replace(pictograms.BY_KEY["no_rebuild"], number=62)
    assert pictograms.bits_of((last,)) == {"no_rebuild": 1 << 62}


def test_the_mask_holds_the_lit_ones() -> None:
    home = SimpleNamespace(**{**NOTHING, "is_sale": True, "garden": True, "onsen": False})
    assert pictograms.lit(pictograms.mask(home)) == ["sale", "garden"]


def test_walking_time_is_rounded_up() -> None:
    assert [pictograms.walk_minutes(m) for m in (80, 81, 640, 1200)] == [1, 2, 8, 15]
