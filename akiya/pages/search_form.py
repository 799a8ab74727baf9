"""The search parameters, declared once: the form that shows them and the criteria they make."""

from collections.abc import Callable, Mapping, Sequence
from datetime import timedelta
from typing import Any

from flask_babel.speaklater import LazyString
from werkzeug.datastructures import MultiDict
from wtforms import Field, Form
from wtforms.fields.choices import SelectChoice
from wtforms.fields.core import UnboundField

from akiya import formatting, geo
from akiya.catalogue.criteria import Criteria, Sort
from akiya.formatting import yen
from akiya.listings.enums import Deal, PropertyKind
from akiya.listings.hazards import HazardKind
from akiya.listings.pictograms import PICTOGRAMS, walk_minutes
from akiya.municipalities.enums import Tag
from akiya.pages import search_fields as read
from akiya.pages.search_fields import PER_PAGE, Several, Value
from akiya.web.filters import today
from akiya.web.language import lazy as _

MOST_FEATURES = 20
MOST_MUNICIPALITIES = 45
_LARGEST_RADIUS_KM = 200
_PLACE_RADIUS_KM = 10

_YEN = 10_000
_PRICES = [int(n * _YEN) for n in (50, 100, 200, 300, 500, 800, 1000, 1500, 2000, 3000)]
_RENTS = [int(n * _YEN) for n in (1, 2, 3, 4, 5, 6, 8, 10)]
_YEARS = (1950, 1970, 1981, 1990, 2000, 2010, 2020)
_ROOMS = (2, 3, 4, 5, 6, 8)
_STATION = (400, 800, 1200, 1600, 2400, 4000)
_DAYS = (14, 30, 60, 90)


def _choices(values: Sequence[int], text: Callable[[int], Any]) -> list[tuple[str, Any]]:
    return [("", _("指定なし")), *[(str(value), text(value)) for value in values]]


def _money(values: Sequence[int]) -> list[tuple[str, Any]]:
    return _choices(values, lambda value: LazyString(yen, value))


BANDS: dict[str, Sequence[int]] = {
    "price_max": _PRICES,
    "rent_max": _RENTS,
    "station_max": _STATION,
    "built_since": _YEARS,
    "rooms_min": _ROOMS,
}
"""The offered values that facets count."""

_SINGLE = (
    "price_min", "price_max", "rent_min", "rent_max", "floor_min", "floor_max", "land_min", "land_max",
    "built_since", "rooms_min", "station_max", "updated_since", "bbox",
)  # fmt: skip
_NO_FILTERS = frozenset({"sort", "per_page"})


def choices(municipalities: Sequence[tuple[str, str]], language: str) -> dict[str, list[Any]]:
    """What the fields of a SearchForm offer in `language`, the page's; `municipalities` are (code, name) pairs."""
    labels = {
        "municipality": list(municipalities),
        "tag": [(str(tag), tag.label(language)) for tag in Tag],
        "deal": [(str(deal), deal.label(language)) for deal in Deal],
        "kind": [(str(kind), kind.label(language)) for kind in PropertyKind],
        "feature": [(pictogram.key, pictogram.label(language)) for pictogram in PICTOGRAMS],
        "outside": [(str(hazard), hazard.label(language)) for hazard in HazardKind],
    }
    boxes: dict[str, list[Any]] = {
        name: [SelectChoice(value, label) for value, label in pairs] for name, pairs in labels.items()
    }
    fields = {name: field for name in PARAMETERS if isinstance(field := getattr(SearchForm, name), UnboundField)}
    selects = {name: field.kwargs["choices"] for name, field in fields.items() if "choices" in field.kwargs}
    return boxes | {name: [(value, str(label)) for value, label in pairs] for name, pairs in selects.items()}


class SearchForm(Form):
    """The parameters of the search and its feeds. `offered` is what choices() makes, in the page's language.

    `find_place` answers a name with the places that fit; one is searched near, several stand in `suggestions`. Without
    `shown` it has only the fields that `args` names, and cannot be rendered.
    """

    q = Value(_("キーワード"), read.words)
    place = Value(_("場所の近く"), read.place)
    municipality = Several(_("市町村"))
    tag = Several(_("市町村の条件・支援"))
    deal = Several(_("売買・賃貸"))
    kind = Several(_("種別"))
    price_min = Value(_("価格の下限"), read.number(0, 10**11, int), choices=_money(_PRICES))
    price_max = Value(_("価格の上限"), read.number(0, 10**11, int), choices=_money(_PRICES))
    rent_min = Value(_("賃料の下限（月）"), read.number(0, 10**9, int), choices=_money(_RENTS))
    rent_max = Value(_("賃料の上限（月）"), read.number(0, 10**9, int), choices=_money(_RENTS))
    floor_min = Value(_("延床面積の下限（m²）"), read.number(0, 10**7))
    floor_max = Value(_("延床面積の上限（m²）"), read.number(0, 10**7))
    land_min = Value(_("土地面積の下限（m²）"), read.number(0, 10**7))
    land_max = Value(_("土地面積の上限（m²）"), read.number(0, 10**7))
    built_since = Value(
        _("建築年"), read.number(1600, 2200, int), choices=_choices(_YEARS, lambda year: _("%(year)s年以降", year=year))
    )
    rooms_min = Value(
        _("部屋の数"),
        read.number(1, 50, int),
        choices=_choices(_ROOMS, lambda count: _("%(count)s部屋以上", count=count)),
    )
    station_max = Value(
        _("駅まで"),
        read.number(1, 100_000, int),
        choices=_choices(_STATION, lambda m: _("徒歩%(minutes)s分以内", minutes=walk_minutes(m))),
    )
    feature = Several(_("ピクトグラム"))
    outside = Several(_("災害の区域の外"))
    unchecked = Value(_("災害の区域を確かめていない物件"), read.flag)
    free = Value(_("商談中を除く"), read.flag)
    live = Value(_("ビデオ通話で内見できる"), read.flag)
    confirmed_days = Value(
        _("募集中と確かめた日"),
        read.number(1, 3650, int),
        choices=_choices(_DAYS, lambda days: _("%(days)s日以内に確認", days=days)),
    )
    updated_since = Value(_("更新日"), read.day)
    bbox = Value(_("地図の範囲"), read.bbox)
    near = Value(_("地点"), read.point)
    radius_km = Value(_("半径（km）"), read.number(0.01, _LARGEST_RADIUS_KM))
    sort = Value(_("並べ方"), read.sort, choices=[("newest", "")])
    per_page = Value(
        _("表示する件数"), read.per_page, choices=[(str(n), _("%(count)s件ずつ", count=n)) for n in PER_PAGE]
    )

    def __init__(
        self,
        args: MultiDict[str, str],
        offered: Mapping[str, list[SelectChoice]],
        find_place: Callable[[str], Sequence[Any]],
        *,
        shown: bool = True,
    ) -> None:
        if not shown:
            # A feed shows no form, and most of its cost would be the fields that nobody asked for.
            self._unbound_fields = [pair for pair in vars(type(self))["_unbound_fields"] if pair[0] in args]
        self.suggestions: Sequence[Any] = ()
        self._choices = offered
        super().__init__(args)
        self.validate()
        self._point: geo.Point | None = self.value("near")
        if self.value("place"):
            self._look_up(find_place)
        self._check_together()
        if shown:
            self.sort.offered = [(str(s), LazyString(formatting.label, s)) for s in Sort if self._sortable(s)]
            self.sort.data = self.sort.data or str(Sort.RELEVANCE if self.value("q") else Sort.NEWEST)

    def process(self, formdata: Any = None, *args: Any, **kwargs: Any) -> None:
        """Choices that depend on the page are in place before the values are read."""
        for name, offered in self._choices.items():
            if name in self:
                setattr(self[name], "choices" if isinstance(self[name], Several) else "offered", offered)
        super().process(formdata, *args, **kwargs)

    def _look_up(self, find_place: Callable[[str], Sequence[Any]]) -> None:
        found = find_place(self.place.data or "")
        if len(found) == 1:
            self._point = (found[0].lon, found[0].lat)
        elif found:
            self.suggestions = found
            self._refuse(
                self.place, _("「%(value)s」に合う場所がいくつかあります。選んでください。", value=self.place.value)
            )
        else:
            self._refuse(
                self.place,
                _("「%(value)s」という場所は見つかりません。市町村、町・字、駅の名前か、7桁の郵便番号を入れてください。",
                  value=self.place.value),
            )  # fmt: skip

    def value(self, name: str) -> Any:
        """What the parameter was read as; None where it was not given or could not be read."""
        return self[name].value if name in self else None

    def _chosen(self, name: str) -> Sequence[str]:
        return (self[name].data or ()) if name in self else ()

    def _sortable(self, sort: Sort) -> bool:
        if sort is Sort.DISTANCE:
            return self._point is not None
        return sort is not Sort.RELEVANCE or bool(self.value("q"))

    def _check_together(self) -> None:
        for name, limit in (("feature", MOST_FEATURES), ("municipality", MOST_MUNICIPALITIES)):
            if len(self._chosen(name)) > limit:
                field = self[name]
                field.data = field.data[:limit]
                self._refuse(field, _("%(what)sは%(most)s個までです。", what=field.label.text, most=limit))
        if self._point is None and self.value("radius_km") is not None:
            if not ("place" in self and self.place.errors):
                text = _("半径を使うには、場所の名前か near=経度,緯度 で地点を指定してください。")
                self._refuse(self.radius_km, text)
            self.radius_km.value = None
        sort = self.value("sort")
        if sort is Sort.DISTANCE and self._point is None:
            self._refuse(self.sort, _("近い順に並べるには、場所の名前か near=経度,緯度 で地点を指定してください。"))
        if sort and not self._sortable(sort):
            self.sort.value, self.sort.data = None, ""
        if self.value("unchecked") and not self._chosen("outside"):
            self._refuse(self.unchecked, _("確かめていない物件を見るには、災害の種類を選んでください。"))

    @staticmethod
    def _refuse(field: Field, message: Any) -> None:
        field.errors = [*field.errors, message]

    def problems(self) -> dict[str, str]:
        """What could not be used: a message for each parameter."""
        return {field.name: str(field.errors[0]) for field in self if field.errors}

    def heeded(self) -> dict[str, list[str]]:
        """The parameters that could be used, each with its values."""
        kept = {}
        for field in self:
            if isinstance(field, Several):
                values = list(field.data or ())
            else:
                values = [field.data] if field.value is not None and not field.errors else []
            if values:
                kept[field.name] = values
        return kept

    def criteria(self) -> Criteria:
        """What is asked, without the parameters that could not be used."""
        radius = self.value("radius_km")
        if radius is None and self.value("place"):
            radius = _PLACE_RADIUS_KM
        days = self.value("confirmed_days")
        return Criteria(
            words=self.value("q") or (),
            municipalities=tuple(self._chosen("municipality")),
            tags=tuple(map(Tag, self._chosen("tag"))),
            deals=tuple(map(Deal, self._chosen("deal"))),
            kinds=tuple(map(PropertyKind, self._chosen("kind"))),
            features=tuple(self._chosen("feature")),
            outside=tuple(map(HazardKind, self._chosen("outside"))),
            unchecked=bool(self.value("unchecked") and self._chosen("outside")),
            free=bool(self.value("free")),
            live=bool(self.value("live")),
            confirmed_since=today() - timedelta(days=days) if days else None,
            near=self._point,
            radius_m=radius * 1000 if radius is not None and self._point is not None else None,
            sort=self.value("sort"),
            **{name: self.value(name) for name in _SINGLE},
        )

    def chips(self) -> list[tuple[str, str, str]]:
        """Each active filter as (parameter, value, text)."""
        chips = []
        for field in self:
            if field.name in _NO_FILTERS or field.errors or not field.data:
                continue
            for value in field.data if isinstance(field, Several) else [field.data]:
                chips.append((field.name, value, self.describe(field.name, [value])))
        return chips

    def describe(self, name: str, values: Sequence[str]) -> str:
        """The filter `name` with these values, in words."""
        field = self[name]
        if isinstance(field, Several):
            labels = {choice.value: str(choice.label) for choice in field.choices}
            shown = "・".join(labels.get(value, value) for value in values)
            return str(_("%(danger)sの区域外", danger=shown)) if name == "outside" else shown
        if name in ("unchecked", "free", "live"):
            return str(field.label.text)
        shown = "・".join(str(dict(field.offered).get(value, value)) for value in values)
        return f"「{shown}」" if name == "q" else f"{field.label.text} {shown}"


PARAMETERS = frozenset(name for name in vars(SearchForm) if isinstance(getattr(SearchForm, name), UnboundField))
"""The names of the parameters."""
