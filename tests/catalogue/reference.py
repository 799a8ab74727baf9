"""The search in plain Python over whole records: slow, obvious, and independent of columns and SQL."""

from collections.abc import Sequence
from datetime import datetime, time
from typing import Any

from akiya import geo
from akiya.catalogue.facets import Facets
from akiya.catalogue.parameters import Criteria
from akiya.catalogue.sorting import Sort
from akiya.db import today
from akiya.listings.enums import LISTED, Deal, HazardExposure, PropertyKind, Status
from akiya.listings.hazards import HazardKind
from akiya.listings.pictograms import BITS, PICTOGRAMS
from akiya.municipalities.enums import Tag

BANDS: dict[str, Sequence[int]] = {
    "price_max": (1_000_000, 5_000_000),
    "rent_max": (30_000, 60_000),
    "station_max": (800, 2400),
    "built_since": (1950, 1981, 2000),
    "rooms_min": (2, 4, 6),
}
_FIELDS = {"price": "price", "rent": "rent", "floor": "floor_area", "land": "land_area", "station": "station_m"}
ROOMS = {"5DK": 5, "４ＬＤＫ": 4, "1R": 1, "R": 1, "3K": 3, "平屋": None, "": None}


def fits(home: Any, parameter: str, value: Any) -> bool:
    """Return whether the home fits one filter."""
    match parameter:
        case "municipality":
            return home.municipality_code in value
        case "deal":
            return (Deal.SALE in value and home.is_sale) or (Deal.RENT in value and home.is_rent)
        case "kind":
            return home.kind in value
        case "feature":
            return bool(home.features & BITS[value])
        case "tag":
            return str(value) in home.municipality.tags.split(",")
        case "outside":
            return getattr(home, str(value)) is HazardExposure.OUTSIDE
        case "unchecked":
            answers = [getattr(home, str(hazard)) for hazard in value]
            return HazardExposure.INSIDE not in answers and None in answers
        case "free":
            return home.status is not Status.NEGOTIATING
        case "live":
            own = home.live_viewing
            return home.municipality.live_viewing if own is None else own
        case "built_since":
            return home.built_on is not None and home.built_on.year >= value
        case "rooms_min":
            count = None if home.kind is PropertyKind.LAND else ROOMS[home.layout]
            return count is not None and count >= value
        case "confirmed_days":
            return home.confirmed_on is not None and home.confirmed_on >= value
        case "updated_since":
            return home.updated_at >= datetime.combine(value, time(), geo.JAPAN_TIME)
        case "bbox":
            return value[0] <= home.lon <= value[2] and value[1] <= home.lat <= value[3]
        case "radius_km":
            return geo.distance_m(value[0], (home.lon, home.lat)) <= value[1]
        case "q":
            return all(word in home.search_text for word in value)
    name, side = parameter.rsplit("_", 1)
    stated = getattr(home, _FIELDS[name])
    return stated is not None and (stated <= value if side == "max" else stated >= value)


def filters(c: Criteria) -> dict[tuple[str, str], tuple[str, Any]]:
    """Return each active filter: its key in Facets.without, and the arguments for fits()."""
    active: dict[tuple[str, str], tuple[str, Any]] = {}
    for parameter, value in (
        ("municipality", c.municipalities),
        ("deal", c.deals),
        ("kind", c.kinds),
        ("free", c.free),
        ("live", c.live),
        ("q", c.words),
    ):
        if value:
            active[parameter, ""] = parameter, value
    for parameter in (*(f"{name}_{side}" for name in _FIELDS for side in ("min", "max")), "built_since", "rooms_min",
                      "updated_since", "bbox"):  # fmt: skip
        if (value := getattr(c, parameter, None)) is not None:
            active[parameter, ""] = parameter, value
    if c.confirmed_since is not None:
        active["confirmed_days", ""] = "confirmed_days", c.confirmed_since
    if c.near is not None and c.radius_m is not None:
        active["radius_km", ""] = "radius_km", (c.near, c.radius_m)
    active |= {("feature", key): ("feature", key) for key in c.features}
    active |= {("tag", str(tag)): ("tag", tag) for tag in c.tags}
    if c.outside and c.unchecked:
        active["outside", ""] = "unchecked", c.outside
    else:
        active |= {("outside", str(hazard)): ("outside", hazard) for hazard in c.outside}
    return active


def answer(everything: Sequence[Any], c: Criteria) -> tuple[list[int], Facets]:
    """Return the ids in order, and every count."""
    listed = [home for home in everything if home.status in LISTED]
    active = filters(c)
    verdicts = {home.id: {key: fits(home, *asked) for key, asked in active.items()} for home in listed}

    def how_many(without: Sequence[tuple[str, str]], *more: tuple[str, Any]) -> int:
        return sum(
            all(ok for key, ok in verdicts[home.id].items() if key not in without) and all(fits(home, *m) for m in more)
            for home in listed
        )

    def own(parameter: str) -> list[tuple[str, str]]:
        return [key for key in active if key[0] == parameter]

    counts: dict[str, dict[str, int]] = {}
    codes = sorted({home.municipality_code for home in listed})
    for parameter, values in (("municipality", codes), ("deal", list(Deal)), ("kind", list(PropertyKind))):
        counts[parameter] = {str(v): how_many(own(parameter), (parameter, (v,))) for v in values}
    counts["municipality"] = {code: n for code, n in counts["municipality"].items() if n}
    counts["free"] = {"1": how_many(own("free"), ("free", True))}
    counts["live"] = {"1": how_many(own("live"), ("live", True))}
    for parameter, values in BANDS.items():
        counts[parameter] = {str(v): how_many(own(parameter), (parameter, v)) for v in values}
    counts["feature"] = {p.key: how_many((), ("feature", p.key)) for p in PICTOGRAMS}
    counts["tag"] = {str(tag): how_many((), ("tag", tag)) for tag in Tag}
    counts["outside"] = {str(hazard): how_many((), ("outside", hazard)) for hazard in HazardKind}
    unchecked = how_many(own("outside"), ("unchecked", c.outside)) if c.outside else 0
    without = {key: how_many([key]) for key in active}
    found = [home for home in listed if all(verdicts[home.id].values())]
    return [home.id for home in sorted(found, key=lambda home: _place(home, c))], Facets(counts, unchecked, without)


def _place(home: Any, c: Criteria) -> tuple[Any, ...]:
    overdue = home.review_due_on is not None and home.review_due_on < today()
    newest = (overdue, -home.published_on.toordinal(), -home.id)
    amount = home.rent if c.deals == (Deal.RENT,) else home.price
    match c.sort:
        case Sort.PRICE_ASC:
            return (amount is None, amount or 0, *newest)
        case Sort.PRICE_DESC:
            return (amount is None, -(amount or 0), *newest)
        case Sort.AREA:
            return (home.floor_area is None, -(home.floor_area or 0), *newest)
        case Sort.WAITING:
            return (home.published_on.toordinal(), home.id)
        case None if c.words:
            return (not all(word in home.search_head for word in c.words), *newest)
    return newest
