"""The forty pictograms and their rules, in one table that cards, pages, facets, forms and exports read.

A rule computes from a listing's fields True (applies), False (does not apply, shown struck through) or None (not stated).
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from math import ceil
from typing import Any

from akiya.choices import Choice
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
from akiya.listings.hazards import HazardKind

NEW_EARTHQUAKE_STANDARD = date(1981, 6, 1)
TRADITIONAL_UNTIL = 1950
WALK_METRES_A_MINUTE = 80
"""Walking speed of the fair-competition rules for property advertising (表示規約)."""


class PictogramGroup(Choice):
    """The heading under which a pictogram is shown."""

    DEAL = "deal", "取引", "Deal"
    BUILDING = "building", "建物", "Building"
    STATE = "state", "状態", "Condition"
    UTILITIES = "utilities", "水回り・設備", "Utilities"
    OUTSIDE = "outside", "外回り", "Outside"
    LIFE = "life", "暮らし", "Daily life"
    CAUTION = "caution", "注意", "Caution"


@dataclass(frozen=True)
class Pictogram:
    """A pictogram: its number, key, group, labels and rule.

    `number` is the position of its bit in every stored listing: it stays when rows of the table move, and is never reused.
    `figure` computes the text next to it, in Japanese and English.
    """

    number: int
    key: str
    group: PictogramGroup
    ja: str
    en: str
    rule: Callable[[Any], bool | None]
    warning: bool = False
    figure: Callable[[Any], tuple[str, str]] | None = None

    def label(self, language: str) -> str:
        """Return the label in `language` ("ja" or "en")."""
        return self.en if language == "en" else self.ja


@dataclass(frozen=True)
class Shown:
    """A pictogram of one listing.

    `state` is "yes", "no" or "unknown"; `figure` is the text next to it in Japanese and in English, each "" if there is none.
    """

    pictogram: Pictogram
    state: str
    figure: tuple[str, str] = ("", "")

    def figure_text(self, language: str) -> str:
        """Return the text next to the pictogram in `language` ("ja" or "en"), or ""."""
        return self.figure[1 if language == "en" else 0]


def walk_minutes(metres: int) -> int:
    """Return the minutes on foot, at 80 m a minute, rounded up."""
    return ceil(metres / WALK_METRES_A_MINUTE)


def _is(field: str, *values: Any) -> Callable[[Any], bool | None]:
    def rule(listing: Any) -> bool | None:
        value = getattr(listing, field)
        return None if value is None else value in values

    return rule


def _flag(field: str) -> Callable[[Any], bool | None]:
    return lambda listing: getattr(listing, field)


def _within(metres: int, *fields: str) -> Callable[[Any], bool | None]:
    def rule(listing: Any) -> bool | None:
        known = [value for field in fields if (value := getattr(listing, field)) is not None]
        return min(known) <= metres if known else None

    return rule


def _any(*fields: str) -> Callable[[Any], bool | None]:
    def rule(listing: Any) -> bool | None:
        values = [getattr(listing, field) for field in fields]
        if any(values):
            return True
        return False if all(value is False for value in values) else None

    return rule


def _traditional(listing: Any) -> bool | None:
    if listing.traditional:
        return True
    if listing.built_on is None:
        return listing.traditional
    return listing.built_on.year <= TRADITIONAL_UNTIL


def _post_1981(listing: Any) -> bool | None:
    if listing.built_on is None:
        return None
    if listing.built_on.year == NEW_EARTHQUAKE_STANDARD.year and listing.built_precision is DatePrecision.YEAR:
        return None
    return listing.built_on >= NEW_EARTHQUAKE_STANDARD


def _move_in_ready(listing: Any) -> bool | None:
    if listing.repair is None or listing.handover is None:
        known = (listing.repair, listing.handover)
        ready = (None, Repair.NONE), (None, Handover.IMMEDIATE)
        return None if all(value in fine for value, fine in zip(known, ready, strict=True)) else False
    return listing.repair is Repair.NONE and listing.handover is Handover.IMMEDIATE


def _pit_toilet(listing: Any) -> bool | None:
    if listing.toilet is not None:
        return listing.toilet is Toilet.PIT
    return True if listing.drain is Drain.PIT else None


def _flush_toilet(listing: Any) -> bool | None:
    if listing.toilet is not None:
        return listing.toilet in (Toilet.FLUSH, Toilet.SIMPLE_FLUSH)
    return False if listing.drain is Drain.PIT else None


def _parking(listing: Any) -> bool | None:
    return listing.parking if listing.parking_spaces is None else listing.parking_spaces >= 1


def _no_car_access(listing: Any) -> bool | None:
    if listing.car_access is False or (listing.road_width is not None and listing.road_width < 2.0):
        return True
    return None if listing.car_access is None and listing.road_width is None else False


def _farmland(listing: Any) -> bool | None:
    return listing.farmland if listing.farmland_area is None else listing.farmland_area > 0


def _hazard(listing: Any) -> bool | None:
    values = [getattr(listing, str(kind)) for kind in HazardKind]
    if HazardExposure.INSIDE in values:
        return True
    return None if None in values else False


def _no_rebuild(listing: Any) -> bool | None:
    return None if listing.rebuildable is None else not listing.rebuildable


def _built_figure(listing: Any) -> tuple[str, str]:
    return (f"築{listing.built_on.year}年", f"built {listing.built_on.year}") if listing.built_on else ("", "")


def _spaces_figure(listing: Any) -> tuple[str, str]:
    spaces = listing.parking_spaces
    return (f"{spaces}台", f"{spaces} spaces" if spaces > 1 else "1 space") if spaces else ("", "")


def _walk_figure(field: str) -> Callable[[Any], tuple[str, str]]:
    def figure(listing: Any) -> tuple[str, str]:
        metres = getattr(listing, field)
        if metres is None:
            return ("", "")
        if field in (getattr(listing, "straight_line", "") or "").split(","):
            return (f"直線{metres:,}m", f"{metres:,} m straight line")
        minutes = walk_minutes(metres)
        return (f"{metres:,}m 徒歩{minutes}分", f"{metres:,} m, {minutes} min walk")

    return figure


def _area_figure(listing: Any) -> tuple[str, str]:
    area = listing.farmland_area
    return (f"{area:,.0f}m²",) * 2 if area else ("", "")


_G = PictogramGroup
# A new pictogram goes where it is shown, with the number after the highest that any ever had. Then: akiya listings derive
PICTOGRAMS: tuple[Pictogram, ...] = (
    Pictogram(0, "sale", _G.DEAL, "売買", "For sale", _flag("is_sale")),
    Pictogram(1, "rent", _G.DEAL, "賃貸", "For rent", _flag("is_rent")),
    Pictogram(2, "land", _G.DEAL, "空き地", "Land", _is("kind", PropertyKind.LAND)),
    Pictogram(3, "single_storey", _G.BUILDING, "平屋", "Single storey", _is("storeys", 1)),
    Pictogram(4, "traditional", _G.BUILDING, "古民家", "Traditional house", _traditional, figure=_built_figure),
    Pictogram(
        5, "post_1981", _G.BUILDING, "新耐震（1981年6月以降）", "Post-June 1981 earthquake standard", _post_1981,
        figure=_built_figure,
    ),
    Pictogram(6, "move_in_ready", _G.STATE, "すぐ住める", "Move-in ready", _move_in_ready),
    Pictogram(7, "minor_repair", _G.STATE, "小修繕", "Minor repair", _is("repair", Repair.MINOR)),
    Pictogram(8, "major_repair", _G.STATE, "要大規模修繕", "Major repair needed", _is("repair", Repair.MAJOR), warning=True),
    Pictogram(9, "diy", _G.STATE, "DIY可", "DIY allowed", _flag("diy")),
    Pictogram(10, "belongings", _G.STATE, "家財残置", "Belongings remain", _is("belongings", Belongings.REMAIN), warning=True),
    Pictogram(11, "public_water", _G.UTILITIES, "上水道", "Public water", _is("water", Water.PUBLIC)),
    Pictogram(12, "well", _G.UTILITIES, "井戸・山水", "Well or spring", _is("water", Water.WELL, Water.SPRING)),
    Pictogram(13, "sewer", _G.UTILITIES, "下水道・浄化槽", "Sewer or septic tank", _is("drain", Drain.SEWER, Drain.SEPTIC)),
    Pictogram(14, "flush_toilet", _G.UTILITIES, "水洗トイレ", "Flush toilet", _flush_toilet),
    Pictogram(15, "pit_toilet", _G.UTILITIES, "汲み取り", "Pit toilet", _pit_toilet, warning=True),
    Pictogram(16, "city_gas", _G.UTILITIES, "都市ガス", "City gas", _is("gas", Gas.CITY)),
    Pictogram(17, "lp_gas", _G.UTILITIES, "プロパン", "LP gas", _is("gas", Gas.LP)),
    Pictogram(18, "all_electric", _G.UTILITIES, "オール電化", "All-electric", _flag("all_electric")),
    Pictogram(19, "fibre", _G.UTILITIES, "光回線", "Fibre internet", _is("internet", Internet.FIBRE)),
    Pictogram(20, "bath", _G.UTILITIES, "風呂あり", "Bath", _flag("bath")),
    Pictogram(21, "onsen", _G.UTILITIES, "温泉", "Hot spring", _flag("onsen")),
    Pictogram(22, "parking", _G.OUTSIDE, "駐車場", "Parking", _parking, figure=_spaces_figure),
    Pictogram(23, "no_car_access", _G.CAUTION, "車が横付けできない", "No car access", _no_car_access, warning=True),
    Pictogram(24, "garden", _G.OUTSIDE, "庭", "Garden", _flag("garden")),
    Pictogram(25, "farmland", _G.OUTSIDE, "農地付き", "With farmland", _farmland, figure=_area_figure),
    Pictogram(
        26, "outbuilding", _G.OUTSIDE, "倉庫・納屋・蔵", "Outbuilding", _any("shed", "storehouse", "garage")
    ),
    Pictogram(
        27, "business", _G.OUTSIDE, "店舗・事業可", "Shop or business use", _any("shop_part", "business_allowed")
    ),
    Pictogram(28, "pets", _G.STATE, "ペット可", "Pets allowed", _flag("pets")),
    Pictogram(29, "few_steps", _G.BUILDING, "段差が少ない", "Few steps", _flag("barrier_free")),
    Pictogram(30, "sea", _G.LIFE, "海が見える・近い", "Sea view or nearby", _flag("sea")),
    Pictogram(31, "nature", _G.LIFE, "山・自然", "Mountains and nature", _flag("nature")),
    Pictogram(
        32, "near_station", _G.LIFE, "駅近", "Near a station", _within(1200, "station_m"),
        figure=_walk_figure("station_m"),
    ),
    Pictogram(
        33, "near_school", _G.LIFE, "学校近い", "Near a school", _within(1500, "elementary_m"),
        figure=_walk_figure("elementary_m"),
    ),
    Pictogram(
        34, "near_shops", _G.LIFE, "買物便利", "Near shops", _within(1500, "supermarket_m", "convenience_m")
    ),
    Pictogram(
        35, "near_hospital", _G.LIFE, "病院近い", "Near a hospital", _within(3000, "hospital_m"),
        figure=_walk_figure("hospital_m"),
    ),
    # The bank stores no support programmes yet, so none can match.
    Pictogram(36, "subsidy", _G.DEAL, "補助金対象", "Subsidy available", lambda listing: None),
    Pictogram(37, "panorama", _G.LIFE, "360度内見", "360° viewing", _flag("has_panorama")),
    Pictogram(38, "hazard", _G.CAUTION, "災害区域あり", "Inside a hazard area", _hazard, warning=True),
    Pictogram(39, "no_rebuild", _G.CAUTION, "再建築不可", "Cannot be rebuilt", _no_rebuild, warning=True),
)  # fmt: skip

BY_KEY: dict[str, Pictogram] = {pictogram.key: pictogram for pictogram in PICTOGRAMS}
_NUMBERS = range(63)  # a BIGINT has a sign


def bits_of(table: Sequence[Pictogram]) -> dict[str, int]:
    """Return the stored bit of each pictogram by key. Raise ValueError for a number that is taken or out of range."""
    taken: dict[int, str] = {}
    for pictogram in table:
        if pictogram.number not in _NUMBERS or pictogram.number in taken:
            raise ValueError(f"{pictogram.key}: the number {pictogram.number} is taken or out of range")
        taken[pictogram.number] = pictogram.key
    return {key: 1 << number for number, key in taken.items()}


BITS: dict[str, int] = bits_of(PICTOGRAMS)

# Most distinctive first: what few homes have comes before what most homes have.
_CARD_ORDER = (
    "panorama", "onsen", "sea", "traditional", "move_in_ready", "subsidy", "pets", "farmland", "near_station", "single_storey",
    "post_1981", "few_steps", "diy", "business", "near_shops", "near_school", "near_hospital", "nature", "outbuilding",
    "garden", "parking", "fibre", "all_electric", "well", "flush_toilet", "sewer", "public_water", "city_gas", "bath",
    "minor_repair", "lp_gas",
)  # fmt: skip


def all_states(listing: Any) -> list[Shown]:
    """Return all forty pictograms in the order of the table, each with its state and figure for the listing."""
    shown = []
    for pictogram in PICTOGRAMS:
        value = pictogram.rule(listing)
        state = "unknown" if value is None else "yes" if value else "no"
        figure = pictogram.figure(listing) if pictogram.figure and state != "unknown" else ("", "")
        shown.append(Shown(pictogram, state, figure))
    return shown


def mask(listing: Any) -> int:
    """Return the sum of the bits of the pictograms that apply to the listing."""
    return sum(BITS[pictogram.key] for pictogram in PICTOGRAMS if pictogram.rule(listing))


def lit(features: int) -> list[str]:
    """Return the keys of the pictograms whose bits are set in `features`, in the order of the table."""
    return [pictogram.key for pictogram in PICTOGRAMS if features & BITS[pictogram.key]]


def card(features: int, limit: int = 8) -> tuple[list[Pictogram], int]:
    """Return at most `limit` pictograms for a card, warnings first, then distinctive ones; and how many are left out.

    A card names deal and kind in words, so their pictograms are not repeated.
    """
    keys = [p.key for p in PICTOGRAMS if p.warning and features & BITS[p.key]]
    keys += [key for key in _CARD_ORDER if features & BITS[key]]
    return [BY_KEY[key] for key in keys[:limit]], max(0, len(keys) - limit)
