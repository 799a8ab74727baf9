"""The parameters of the search, one row each: Criteria declares them, in the order in which forms and lists show them.

A row says the parameter's name and label, how its text is read and within which bounds, what a form offers, how it
narrows the catalogue, and whether homes are counted behind its choices. The form, the masks, the counts, the API's
document and the list in docs/operations.md follow from it.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, fields, replace
from datetime import date
from enum import IntEnum
from typing import Any, ClassVar  # each criterion has a type of its own, as its dataclasses.field

from akiya import formatting, geo
from akiya.catalogue import readers
from akiya.catalogue.filters import (
    AllBits,
    AnyFlag,
    AtLeast,
    AtMost,
    ConfirmedSince,
    Filter,
    Flag,
    InBox,
    InMunicipality,
    OneOf,
    OutsideHazards,
    UpdatedSince,
    Within,
)
from akiya.catalogue.readers import Reader, decimal, one_of, several, whole
from akiya.catalogue.sorting import Sort
from akiya.choices import Choice
from akiya.formatting import yen
from akiya.language import N_
from akiya.language import gettext as _
from akiya.listings.enums import Deal, PropertyKind
from akiya.listings.hazards import HazardKind
from akiya.listings.pictograms import BITS, PICTOGRAMS, walk_minutes
from akiya.municipalities.enums import Tag

PER_PAGE = (20, 50, 100)
PLACE_RADIUS_KM = 10
"""Radius of the search around a place if none is given."""

Choices = Callable[[], list[tuple[str, str]]]
"""Returns the (value, label) pairs that a form offers, in the page's language."""


class Topic(IntEnum):
    """The subjects of parameters, in the order of the API's document."""

    HOME = 1
    OFFER = 2
    PLACE = 3
    ANSWER = 4
    """Parameters of how the answer is shown, which filter nothing."""


def _with_label(label: str, shown: str) -> str:
    return f"{label} {shown}"


def _label_alone(label: str, shown: str) -> str:
    return label


def _value_alone(label: str, shown: str) -> str:
    return shown


@dataclass(frozen=True)
class Parameter:
    """A parameter of the search.

    Attributes: label, a Japanese message id; choices, what a form offers (None: it is typed, or depends on the data);
    steps, the offered values of a number; counted, whether homes are counted for each choice; chip, which returns the
    text of an active filter from the label and the values in words; along, the other criteria that its filter needs;
    together, the parameters that make no sense without it; criterion, the field of Criteria that holds it.
    """

    label: str
    reader: Reader[Any]
    filter: Filter[Any] | None = None
    topic: Topic = Topic.HOME
    several: bool = False
    choices: Choices | None = None
    steps: Sequence[int] = ()
    counted: bool = False
    chip: Callable[[str, str], str] = _with_label
    along: tuple[str, ...] = ()
    together: tuple[str, ...] = ()
    name: str = ""
    criterion: str = ""


def _members(vocabulary: Iterable[Choice]) -> Choices:
    return lambda: [(str(member), formatting.label(member)) for member in vocabulary]


def _bits(vocabulary: Iterable[Choice]) -> dict[str, int]:
    return {str(member): 1 << place for place, member in enumerate(vocabulary)}


def _row(
    label: str, reader: Reader[Any], filter_: Filter[Any] | None = None, *, default: Any = None, **more: Any
) -> Any:
    """Declare the parameter of a field of Criteria; pass `name` if it differs from the field's name."""
    return field(default=default, metadata={"parameter": Parameter(label, reader, filter_, **more)})


def _several(label: str, reader: Reader[Any], filter_: Filter[Any], choices: Choices | None, **more: Any) -> Any:
    chosen = {"chip": _value_alone, "counted": True, **more}
    return _row(label, reader, filter_, default=(), several=True, choices=choices, **chosen)


def _flag(label: str, filter_: Filter[Any] | None = None, **more: Any) -> Any:
    return _row(label, readers.FLAG, filter_, default=False, chip=_label_alone, **more)


def _steps(
    label: str, reader: Reader[Any], filter_: Filter[Any], steps: Sequence[int], text: Callable[[int], str], **more: Any
) -> Any:
    """Declare a number of which some values are offered."""

    def choices() -> list[tuple[str, str]]:
        return [("", _("指定なし")), *[(str(step), text(step)) for step in steps]]

    return _row(label, reader, filter_, choices=choices, steps=steps, **more)


_PRICES = [n * 10_000 for n in (50, 100, 200, 300, 500, 800, 1000, 1500, 2000, 3000)]
_RENTS = [n * 10_000 for n in (1, 2, 3, 4, 5, 6, 8, 10)]
_PRICE, _RENT, _AREA = whole(0, 10**11), whole(0, 10**9), decimal(0, 10**7)
_PAGE = one_of(
    PER_PAGE, int, lambda text: _("「%(value)s」件ずつは表示できません。20、50、100 から選んでください。", value=text)
)
_SORT = one_of(Sort, Sort, lambda text: _("「%(value)s」という並べ方はありません。", value=text))
OUTSIDE = OutsideHazards("outside", _bits(HazardKind))
_MUNICIPALITIES = Reader(str, {"type": "array", "items": {"type": "string", "pattern": "^[0-9]{5}$"}, "maxItems": 45})


@dataclass(frozen=True)
class Criteria:
    """The criteria of a search. Money is in yen, areas in m², distances in metres, `bbox` is (west, south, east, north).

    `near` is a (lon, lat) with `radius_m`. A home must match any of the municipalities, deals and kinds, but all features
    and tags. `outside` asks for homes stated to be outside these hazards' areas; `unchecked` asks instead for homes inside
    none of them that were not checked for all. `free` leaves out homes under negotiation; `live` asks for homes that can
    be viewed by video call. `updated_between` is in seconds since 1970, both ends included. A `sort` of None is the best
    match if there are words, otherwise the newest first.
    """

    words: tuple[str, ...] = _row(
        N_("キーワード"), readers.WORDS, name="q", default=(), chip=lambda label, shown: f"「{shown}」"
    )
    # No criterion: the place is looked up, and its point is `near`.
    place: ClassVar = Parameter(N_("場所の近く"), readers.PLACE, topic=Topic.PLACE, together=("radius_km",))
    municipalities: tuple[str, ...] = _several(
        N_("市町村"), _MUNICIPALITIES, InMunicipality(), None, name="municipality"
    )
    tags: tuple[Tag, ...] = _several(
        N_("市町村の条件・支援"),
        several(Tag, Tag),
        AllBits("tags", _bits(Tag)),
        _members(Tag),
        name="tag",
        topic=Topic.OFFER,
    )
    deals: tuple[Deal, ...] = _several(
        N_("売買・賃貸"),
        several(Deal, Deal),
        AnyFlag({Deal.SALE: "is_sale", Deal.RENT: "is_rent"}),
        _members(Deal),
        name="deal",
    )
    kinds: tuple[PropertyKind, ...] = _several(
        N_("種別"),
        several(PropertyKind, PropertyKind),
        OneOf("kind", PropertyKind),
        _members(PropertyKind),
        name="kind",
    )
    price_min: int | None = _steps(N_("価格の下限"), _PRICE, AtLeast("price"), _PRICES, yen)
    price_max: int | None = _steps(N_("価格の上限"), _PRICE, AtMost("price"), _PRICES, yen, counted=True)
    rent_min: int | None = _steps(N_("賃料の下限（月）"), _RENT, AtLeast("rent"), _RENTS, yen)
    rent_max: int | None = _steps(N_("賃料の上限（月）"), _RENT, AtMost("rent"), _RENTS, yen, counted=True)
    floor_min: float | None = _row(N_("延床面積の下限（m²）"), _AREA, AtLeast("floor_area"))
    floor_max: float | None = _row(N_("延床面積の上限（m²）"), _AREA, AtMost("floor_area"))
    land_min: float | None = _row(N_("土地面積の下限（m²）"), _AREA, AtLeast("land_area"))
    land_max: float | None = _row(N_("土地面積の上限（m²）"), _AREA, AtMost("land_area"))
    built_since: int | None = _steps(
        N_("建築年"),
        whole(1600, 2200),
        AtLeast("built_year"),
        (1950, 1970, 1981, 1990, 2000, 2010, 2020),
        lambda year: _("%(year)s年以降", year=year),
        counted=True,
    )
    rooms_min: int | None = _steps(
        N_("部屋の数"),
        whole(1, 50),
        AtLeast("rooms"),
        (2, 3, 4, 5, 6, 8),
        lambda count: _("%(count)s部屋以上", count=count),
        counted=True,
    )
    station_max: int | None = _steps(
        N_("駅まで"),
        whole(1, 100_000),
        AtMost("station_m"),
        (400, 800, 1200, 1600, 2400, 4000),
        lambda metres: _("徒歩%(minutes)s分以内", minutes=walk_minutes(metres)),
        counted=True,
    )
    features: tuple[str, ...] = _several(
        N_("ピクトグラム"),
        several(BITS, str, most=20),
        AllBits("features", BITS),
        lambda: [(pictogram.key, pictogram.label) for pictogram in PICTOGRAMS],
        name="feature",
    )
    outside: tuple[HazardKind, ...] = _several(
        N_("災害の区域の外"),
        several(HazardKind, HazardKind),
        OUTSIDE,
        _members(HazardKind),
        chip=lambda label, shown: _("%(danger)sの区域外", danger=shown),
        along=("unchecked",),
        together=("unchecked",),
    )
    unchecked: bool = _flag(N_("災害の区域を確かめていない物件"))
    free: bool = _flag(N_("商談中を除く"), Flag("negotiating", wanted=False), counted=True)
    live: bool = _flag(N_("ビデオ通話で内見できる"), Flag("live"), counted=True)
    confirmed_since: date | None = _steps(
        N_("募集中と確かめた日"),
        whole(1, 3650),
        ConfirmedSince(),
        (14, 30, 60, 90),
        lambda days: _("%(days)s日以内に確認", days=days),
        name="confirmed_days",
        topic=Topic.OFFER,
    )
    updated_since: date | None = _row(N_("更新日"), readers.DAY, UpdatedSince(), topic=Topic.OFFER)
    # No parameter of the search: the API's `datetime`.
    updated_between: tuple[float, float] | None = None
    bbox: geo.Box | None = _row(N_("地図の範囲"), readers.BOX, InBox(), topic=Topic.PLACE)
    near: geo.Point | None = _row(N_("地点"), readers.POINT, topic=Topic.PLACE, together=("radius_km",))
    radius_m: float | None = _row(
        N_("半径（km）"),
        decimal(0.01, 200),
        Within(),
        name="radius_km",
        topic=Topic.PLACE,
        along=("near",),
        together=("place", "near"),
    )
    sort: Sort | None = _row(N_("並べ方"), _SORT, topic=Topic.ANSWER, choices=_members(Sort))
    # No criterion: the page's own.
    per_page: ClassVar = Parameter(
        N_("表示する件数"),
        _PAGE,
        topic=Topic.ANSWER,
        choices=lambda: [(str(count), _("%(count)s件ずつ", count=count)) for count in PER_PAGE],
    )

    def active(self) -> Iterator[tuple[str, Filter[Any], list[Any]]]:
        """Yield each parameter that narrows the answer: its name, its filter, and the criteria that the filter takes."""
        for name, filter_, criteria in _NARROWING:
            value = getattr(self, criteria[0])
            if value is not None and value is not False and value != ():
                yield name, filter_, [getattr(self, criterion) for criterion in criteria]


def _declared() -> Iterator[Parameter]:
    criteria = {one.name: one for one in fields(Criteria)}
    for name in Criteria.__annotations__:
        if name not in criteria:
            yield replace(getattr(Criteria, name), name=name)
        elif parameter := criteria[name].metadata.get("parameter"):
            yield replace(parameter, name=parameter.name or name, criterion=name)


PARAMETERS: dict[str, Parameter] = {parameter.name: parameter for parameter in _declared()}
"""Every parameter by its name, in the order of the form."""
NAMES = frozenset(PARAMETERS)
COUNTED: dict[str, Filter[Any]] = {name: row.filter for name, row in PARAMETERS.items() if row.filter and row.counted}
"""The filters of the parameters that are counted, by the parameter's name."""
STEPS: dict[str, Sequence[int]] = {name: PARAMETERS[name].steps for name in COUNTED if PARAMETERS[name].steps}
"""The offered values of the numbers among COUNTED."""
_NARROWING = [(name, row.filter, (row.criterion, *row.along)) for name, row in PARAMETERS.items() if row.filter]


def about(topic: Topic) -> list[str]:
    """Return the names of the parameters on this topic."""
    return [parameter.name for parameter in PARAMETERS.values() if parameter.topic is topic]
