"""The forty pictograms and their rules, in one table that cards, pages, facets, forms and exports read.

A rule computes from a listing's fields True (applies), False (does not apply, shown struck through) or None (not stated).
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from math import ceil
from typing import TYPE_CHECKING

from akiya.choices import Choice
from akiya.language import N_, NP_, Labelled, gettext, ngettext
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

if TYPE_CHECKING:  # pictograms are a vocabulary, which loads no database
    from akiya.listings.models import Listing

NEW_EARTHQUAKE_STANDARD = date(1981, 6, 1)
TRADITIONAL_UNTIL = 1950
WALK_METRES_A_MINUTE = 80
"""Walking speed of the fair-competition rules for property advertising (表示規約)."""


class PictogramGroup(Choice):
    """The heading under which a pictogram is shown."""

    DEAL = "deal", N_("取引")
    BUILDING = "building", NP_("group", "建物")
    STATE = "state", NP_("group", "状態")
    UTILITIES = "utilities", N_("水回り・設備")
    OUTSIDE = "outside", N_("外回り")
    LIFE = "life", N_("暮らし")
    CAUTION = "caution", N_("注意")


@dataclass(frozen=True)
class Pictogram(Labelled):
    """A pictogram: its number, key, group, labels and rule.

    `number` is the position of its bit in every stored listing: it stays when rows of the table move, and is never reused.
    `figure` computes the text next to it, in the page's language.
    """

    number: int
    key: str
    group: PictogramGroup
    message: str
    rule: Callable[["Listing"], bool | None]
    warning: bool = False
    figure: Callable[["Listing"], str] | None = None


@dataclass(frozen=True)
class Shown:
    """A pictogram of one listing.

    `state` is "yes", "no" or "unknown"; `figure` is the text next to it in the page's language, "" if there is none.
    """

    pictogram: Pictogram
    state: str
    figure: str = ""


def walk_minutes(metres: int) -> int:
    """Return the minutes on foot, at 80 m a minute, rounded up."""
    return ceil(metres / WALK_METRES_A_MINUTE)


def _is(field: str, *values: Choice | int) -> Callable[["Listing"], bool | None]:
    def rule(listing: "Listing") -> bool | None:
        value = getattr(listing, field)
        return None if value is None else value in values

    return rule


def _flag(field: str) -> Callable[["Listing"], bool | None]:
    return lambda listing: getattr(listing, field)


def _within(metres: int, *fields: str) -> Callable[["Listing"], bool | None]:
    def rule(listing: "Listing") -> bool | None:
        known = [value for field in fields if (value := getattr(listing, field)) is not None]
        return min(known) <= metres if known else None

    return rule


def _any(*fields: str) -> Callable[["Listing"], bool | None]:
    def rule(listing: "Listing") -> bool | None:
        values = [getattr(listing, field) for field in fields]
        if any(values):
            return True
        return False if all(value is False for value in values) else None

    return rule


def _traditional(listing: "Listing") -> bool | None:
    if listing.traditional:
        return True
    if listing.built_on is None:
        return listing.traditional
    return listing.built_on.year <= TRADITIONAL_UNTIL


def _post_1981(listing: "Listing") -> bool | None:
    if listing.built_on is None:
        return None
    if listing.built_on.year == NEW_EARTHQUAKE_STANDARD.year and listing.built_precision is DatePrecision.YEAR:
        return None
    return listing.built_on >= NEW_EARTHQUAKE_STANDARD


def _move_in_ready(listing: "Listing") -> bool | None:
    if listing.repair is None or listing.handover is None:
        known = (listing.repair, listing.handover)
        ready = (None, Repair.NONE), (None, Handover.IMMEDIATE)
        return None if all(value in fine for value, fine in zip(known, ready, strict=True)) else False
    return listing.repair is Repair.NONE and listing.handover is Handover.IMMEDIATE


def _pit_toilet(listing: "Listing") -> bool | None:
    if listing.toilet is not None:
        return listing.toilet is Toilet.PIT
    return True if listing.drain is Drain.PIT else None


def _flush_toilet(listing: "Listing") -> bool | None:
    if listing.toilet is not None:
        return listing.toilet in (Toilet.FLUSH, Toilet.SIMPLE_FLUSH)
    return False if listing.drain is Drain.PIT else None


def _parking(listing: "Listing") -> bool | None:
    return listing.parking if listing.parking_spaces is None else listing.parking_spaces >= 1


def _no_car_access(listing: "Listing") -> bool | None:
    if listing.car_access is False or (listing.road_width is not None and listing.road_width < 2.0):
        return True
    return None if listing.car_access is None and listing.road_width is None else False


def _farmland(listing: "Listing") -> bool | None:
    return listing.farmland if listing.farmland_area is None else listing.farmland_area > 0


def _hazard(listing: "Listing") -> bool | None:
    values = [getattr(listing, str(kind)) for kind in HazardKind]
    if HazardExposure.INSIDE in values:
        return True
    return None if None in values else False


def _no_rebuild(listing: "Listing") -> bool | None:
    return None if listing.rebuildable is None else not listing.rebuildable


def _built_figure(listing: "Listing") -> str:
    return gettext("築%(year)s年", year=listing.built_on.year) if listing.built_on else ""


def _spaces_figure(listing: "Listing") -> str:
    spaces = listing.parking_spaces
    return ngettext("%(count)s台", spaces) if spaces else ""


def _walk_figure(field: str) -> Callable[["Listing"], str]:
    def figure(listing: "Listing") -> str:
        metres = getattr(listing, field)
        if metres is None:
            return ""
        if field in (getattr(listing, "straight_line", "") or "").split(","):
            return gettext("直線%(metres)sm", metres=f"{metres:,}")
        minutes = walk_minutes(metres)
        return gettext("%(metres)sm 徒歩%(minutes)s分", metres=f"{metres:,}", minutes=minutes)

    return figure


def _area_figure(listing: "Listing") -> str:
    area = listing.farmland_area
    return f"{area:,.0f}m²" if area else ""


_G = PictogramGroup
# A new pictogram goes where it is shown, with the number after the highest that any ever had. Then: akiya listings derive
PICTOGRAMS: tuple[Pictogram, ...] = (
    Pictogram(0, "sale", _G.DEAL, N_("売買"), _flag("is_sale")),
    Pictogram(1, "rent", _G.DEAL, N_("賃貸"), _flag("is_rent")),
    Pictogram(2, "land", _G.DEAL, N_("空き地"), _is("kind", PropertyKind.LAND)),
    Pictogram(3, "single_storey", _G.BUILDING, N_("平屋"), _is("storeys", 1)),
    Pictogram(4, "traditional", _G.BUILDING, N_("古民家"), _traditional, figure=_built_figure),
    Pictogram(
        5, "post_1981", _G.BUILDING, N_("新耐震（1981年6月以降）"), _post_1981,
        figure=_built_figure,
    ),
    Pictogram(6, "move_in_ready", _G.STATE, N_("すぐ住める"), _move_in_ready),
    Pictogram(7, "minor_repair", _G.STATE, NP_("pictogram", "小修繕"), _is("repair", Repair.MINOR)),
    Pictogram(8, "major_repair", _G.STATE, N_("要大規模修繕"), _is("repair", Repair.MAJOR), warning=True),
    Pictogram(9, "diy", _G.STATE, N_("DIY可"), _flag("diy")),
    Pictogram(10, "belongings", _G.STATE, N_("家財残置"), _is("belongings", Belongings.REMAIN), warning=True),
    Pictogram(11, "public_water", _G.UTILITIES, NP_("pictogram", "上水道"), _is("water", Water.PUBLIC)),
    Pictogram(12, "well", _G.UTILITIES, N_("井戸・山水"), _is("water", Water.WELL, Water.SPRING)),
    Pictogram(13, "sewer", _G.UTILITIES, N_("下水道・浄化槽"), _is("drain", Drain.SEWER, Drain.SEPTIC)),
    Pictogram(14, "flush_toilet", _G.UTILITIES, N_("水洗トイレ"), _flush_toilet),
    Pictogram(15, "pit_toilet", _G.UTILITIES, NP_("pictogram", "汲み取り"), _pit_toilet, warning=True),
    Pictogram(16, "city_gas", _G.UTILITIES, N_("都市ガス"), _is("gas", Gas.CITY)),
    Pictogram(17, "lp_gas", _G.UTILITIES, N_("プロパン"), _is("gas", Gas.LP)),
    Pictogram(18, "all_electric", _G.UTILITIES, N_("オール電化"), _flag("all_electric")),
    Pictogram(19, "fibre", _G.UTILITIES, NP_("pictogram", "光回線"), _is("internet", Internet.FIBRE)),
    Pictogram(20, "bath", _G.UTILITIES, N_("風呂あり"), _flag("bath")),
    Pictogram(21, "onsen", _G.UTILITIES, N_("温泉"), _flag("onsen")),
    Pictogram(22, "parking", _G.OUTSIDE, N_("駐車場"), _parking, figure=_spaces_figure),
    Pictogram(23, "no_car_access", _G.CAUTION, N_("車が横付けできない"), _no_car_access, warning=True),
    Pictogram(24, "garden", _G.OUTSIDE, N_("庭"), _flag("garden")),
    Pictogram(25, "farmland", _G.OUTSIDE, N_("農地付き"), _farmland, figure=_area_figure),
    Pictogram(
        26, "outbuilding", _G.OUTSIDE, N_("倉庫・納屋・蔵"), _any("shed", "storehouse", "garage")
    ),
    Pictogram(
        27, "business", _G.OUTSIDE, N_("店舗・事業可"), _any("shop_part", "business_allowed")
    ),
    Pictogram(28, "pets", _G.STATE, N_("ペット可"), _flag("pets")),
    Pictogram(29, "few_steps", _G.BUILDING, N_("段差が少ない"), _flag("barrier_free")),
    Pictogram(30, "sea", _G.LIFE, NP_("pictogram", "海が見える・近い"), _flag("sea")),
    Pictogram(31, "nature", _G.LIFE, N_("山・自然"), _flag("nature")),
    Pictogram(
        32, "near_station", _G.LIFE, N_("駅近"), _within(1200, "station_m"),
        figure=_walk_figure("station_m"),
    ),
    Pictogram(
        33, "near_school", _G.LIFE, N_("学校近い"), _within(1500, "elementary_m"),
        figure=_walk_figure("elementary_m"),
    ),
    Pictogram(
        34, "near_shops", _G.LIFE, N_("買物便利"), _within(1500, "supermarket_m", "convenience_m")
    ),
    Pictogram(
        35, "near_hospital", _G.LIFE, N_("病院近い"), _within(3000, "hospital_m"),
        figure=_walk_figure("hospital_m"),
    ),
    # The bank stores no support programmes yet, so none can match.
    Pictogram(36, "subsidy", _G.DEAL, N_("補助金対象"), lambda listing: None),
    Pictogram(37, "panorama", _G.LIFE, N_("360度内見"), _flag("has_panorama")),
    Pictogram(38, "hazard", _G.CAUTION, N_("災害区域あり"), _hazard, warning=True),
    Pictogram(39, "no_rebuild", _G.CAUTION, N_("再建築不可"), _no_rebuild, warning=True),
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


def all_states(listing: "Listing") -> list[Shown]:
    """Return all forty pictograms in the order of the table, each with its state and figure for the listing."""
    shown = []
    for pictogram in PICTOGRAMS:
        value = pictogram.rule(listing)
        state = "unknown" if value is None else "yes" if value else "no"
        figure = pictogram.figure(listing) if pictogram.figure and state != "unknown" else ""
        shown.append(Shown(pictogram, state, figure))
    return shown


def mask(listing: "Listing") -> int:
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
