"""What can be asked of the search: one typed, frozen object for pages, feeds, exports and reports alike."""

from dataclasses import dataclass
from datetime import date

from akiya import geo
from akiya.choices import Choice
from akiya.listings.enums import Deal, PropertyKind
from akiya.listings.hazards import HazardKind
from akiya.municipalities.enums import Tag


class Sort(Choice):
    RELEVANCE = "relevance", "キーワードに近い順", "Best match"
    NEWEST = "newest", "新着順", "Newest"
    WAITING = "waiting", "掲載の長い順", "Longest listed"
    PRICE_ASC = "price_asc", "価格の安い順", "Price, low to high"
    PRICE_DESC = "price_desc", "価格の高い順", "Price, high to low"
    AREA = "area", "建物の広い順", "Floor area"
    DISTANCE = "distance", "近い順", "Distance"


@dataclass(frozen=True)
class Criteria:
    """What is asked. Money in yen, areas in m², ways in metres, `bbox` (west, south, east, north).

    `near` is a (lon, lat) with `radius_m`. Within municipalities, deals and kinds any one fits; features and tags must all
    fit. `outside` asks for homes that are stated to lie outside these hazard areas; `unchecked` for those instead that lie
    inside none of them but were not checked for all. `free` leaves out homes under negotiation; `live`
    asks for those that can be viewed by video call. `updated_between` are seconds since 1970, both included. Sort None:
    the best match where there are words, else the newest.
    """

    words: tuple[str, ...] = ()
    municipalities: tuple[str, ...] = ()
    tags: tuple[Tag, ...] = ()
    deals: tuple[Deal, ...] = ()
    kinds: tuple[PropertyKind, ...] = ()
    price_min: int | None = None
    price_max: int | None = None
    rent_min: int | None = None
    rent_max: int | None = None
    floor_min: float | None = None
    floor_max: float | None = None
    land_min: float | None = None
    land_max: float | None = None
    built_since: int | None = None
    rooms_min: int | None = None
    station_max: int | None = None
    features: tuple[str, ...] = ()
    outside: tuple[HazardKind, ...] = ()
    unchecked: bool = False
    free: bool = False
    live: bool = False
    confirmed_since: date | None = None
    updated_since: date | None = None
    updated_between: tuple[float, float] | None = None
    bbox: geo.Box | None = None
    near: geo.Point | None = None
    radius_m: float | None = None
    sort: Sort | None = None
