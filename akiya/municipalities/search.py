"""Read the prefecture, its municipalities, their towns, and places by name.

Rows that are "to be read only" are shared by all requests of the process: changing one changes nothing in the database
and would show a wrong value to everybody.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from geoalchemy2.shape import to_shape
from shapely.geometry import Point as ShapelyPoint
from sqlalchemy import func, or_, select
from sqlalchemy.engine import Connection
from sqlalchemy.orm import Session, selectinload

from akiya import formatting, geo
from akiya.cache import PerRevision
from akiya.db import db
from akiya.language import gettext
from akiya.municipalities.codes import code6
from akiya.municipalities.enums import FACILITIES, PlaceKind
from akiya.municipalities.models import Municipality, Place, Prefecture, Town
from akiya.text import searchable


@dataclass(frozen=True)
class _Known:
    prefecture: Prefecture | None
    everywhere: tuple[Municipality, ...]


def _load(connection: Connection) -> _Known:
    with Session(connection) as session:
        query = select(Municipality).options(selectinload(Municipality.name_rows)).order_by(Municipality.code)
        prefecture = select(Prefecture).options(selectinload(Prefecture.name_rows)).limit(1)
        known = _Known(session.scalar(prefecture), tuple(session.scalars(query)))
        session.expunge_all()
    return known


# Every page names municipalities; they change a few times a year.
_known = PerRevision(_load)


def site_name() -> str:
    """Return what the bank is called, in the page's language."""
    served = prefecture()
    return (
        gettext("%(prefecture)s空き家バンク", prefecture=formatting.name(served)) if served else gettext("空き家バンク")
    )


def prefecture() -> Prefecture | None:
    """Return the prefecture that is served, to be read only; None before `akiya init`."""
    return _known().prefecture


def all_municipalities() -> Sequence[Municipality]:
    """Return every municipality in the database, merged ones and other prefectures too, by code, to be read only."""
    return _known().everywhere


def served() -> Sequence[Municipality]:
    """Return the municipalities of the served prefecture that were not merged, by code, to be read only."""
    known = _known()
    code = known.prefecture.code if known.prefecture else ""
    return tuple(m for m in known.everywhere if m.prefecture_code == code and not m.successor_code)


def by_code(code: str | None) -> Municipality | None:
    """Return the municipality with this code, to be read only, or None."""
    return next((m for m in all_municipalities() if m.code == code), None)


def current_code(text: str) -> str:
    """Return today's 5-digit code for `text`: of a 6-digit code, and of a merged municipality that of its successor."""
    code = text[:5] if len(text) == 6 and text.isascii() and text.isdecimal() and code6(text[:5]) == text else text
    while (found := by_code(code)) is not None and found.successor_code:
        code = found.successor_code
    return code


def with_predecessors(code: str | None) -> list[str]:
    """Return the code and those of all municipalities that were merged into it, at any time; nothing for None."""
    codes = [code] if code else []
    for own in codes:  # the list grows while it is read: predecessors of predecessors are found too
        codes += [m.code for m in all_municipalities() if m.successor_code == own]
    return codes


def served_by_code(code: str | None) -> Municipality | None:
    """Return the municipality if it belongs to the served prefecture and was not merged, to be read only, or None."""
    return next((m for m in served() if m.code == code), None)


def find_town(municipality_code: str, text: str) -> Town | None:
    """Return the municipality's town that `text` begins with, the one with the longest name, or None."""
    beginnings = [text[:length] for length in range(1, len(text) + 1)]
    query = select(Town).where(Town.municipality_code == municipality_code, Town.name.in_(beginnings))
    return db.session.scalar(query.order_by(func.length(Town.name).desc()).limit(1))


def towns_like(municipality_code: str, text: str, limit: int = 8) -> list[Town]:
    """Return the towns that `text` may mean, at most `limit`: the one it begins with, else those that match it.

    Those match whose name or reading begins with it, or if there are none, whose name contains it.
    """
    home = by_code(municipality_code)
    wanted = searchable(text).replace(" ", "").removeprefix(searchable(home.name) if home else "").removeprefix("大字")
    if not wanted:
        return []
    known = [(searchable(town.name).replace(" ", ""), town) for town in towns(municipality_code)]
    if found := next((town for name, town in known if wanted.startswith(name)), None):
        return [found]
    beginning = [town for name, town in known if name.startswith(wanted) or town.kana.startswith(wanted)]
    return sorted(beginning or [town for name, town in known if wanted in name], key=lambda town: town.name)[:limit]


def town_at(municipality_code: str, point: geo.Point) -> Town | None:
    """Return the town whose stored point is exactly this one, or None."""
    at = (Town.municipality_code == municipality_code, Town.lon == point[0], Town.lat == point[1])
    return db.session.scalar(select(Town).where(*at).order_by(Town.name).limit(1))


def covers(municipality: Municipality, point: geo.Point) -> bool | None:
    """Return whether the point is within the municipality's boundary, or None if no boundary is known."""
    if municipality.boundary is None:
        return None
    return bool(to_shape(municipality.boundary).covers(ShapelyPoint(point)))


@dataclass(frozen=True)
class Near:
    """A facility and its distance in a straight line, rounded to 50 m, at least 50 m."""

    name: str
    metres: int


_NEAR_M = 30_000
_STEP_M = 50


def nearest_facilities(municipality: Municipality, point: geo.Point) -> dict[PlaceKind, Near]:
    """Return the nearest facility of each kind within about 30 km of `point`.

    The municipality's own office is always considered, at any distance, because it needs no import.
    """
    west, south, east, north = geo.box_around(point, _NEAR_M)
    query = select(Place.kind, Place.name, Place.lon, Place.lat).where(
        Place.kind.in_(FACILITIES), Place.lat.between(south, north), Place.lon.between(west, east)
    )
    office = (PlaceKind.MUNICIPAL_OFFICE, f"{municipality.name}役所・役場", municipality.lon, municipality.lat)
    found: dict[PlaceKind, tuple[float, str]] = {}
    for kind, name, lon, lat in [office, *db.session.execute(query)]:
        metres = geo.distance_m(point, (lon, lat))
        if kind not in found or metres < found[kind][0]:
            found[kind] = metres, name
    return {kind: Near(name, max(1, round(m / _STEP_M)) * _STEP_M) for kind, (m, name) in found.items()}


def longest_beginning(points: Mapping[str, geo.Point], text: str) -> geo.Point | None:
    """Return the point with the longest name that `text` begins with, else the first whose name begins with `text`."""
    for length in range(len(text), 0, -1):
        if text[:length] in points:
            return points[text[:length]]
    return next((point for name, point in sorted(points.items()) if text and name.startswith(text)), None)


def towns(municipality_code: str) -> Sequence[Town]:
    """Return the municipality's towns, longest name first."""
    query = select(Town).where(Town.municipality_code == municipality_code)
    return db.session.scalars(query.order_by(func.length(Town.name).desc(), Town.name)).all()


def of_place(municipalities: Sequence[Municipality], prefecture_code: str, text: str) -> Municipality | None:
    """Return the municipality of the prefecture that `text` names, such as 球磨郡湯前町 or 熊本市中央区, or None.

    Of several that fit, it is the one with the longest name.
    """
    named = [m for m in municipalities if m.prefecture_code == prefecture_code and m.name in text]
    # A city's name is followed by a ward's (熊本市中央区), a town's is preceded by its county's (球磨郡湯前町).
    named = [m for m in named if text.startswith(m.name) or text.endswith(m.name)]
    return max(named, key=lambda m: len(m.name), default=None)


@dataclass(frozen=True)
class PlaceMatch:
    """A place that was found by name; a search for its `label` finds the same place again."""

    kind: PlaceKind
    label: str
    lon: float
    lat: float


def find_places(text: str, limit: int = 8) -> list[PlaceMatch]:
    """Return at most `limit` places that `text` names: postal codes, stations, municipalities, or beginnings of towns.

    A complete name of a municipality, or of a station with 駅, gives only places of that name. A beginning that several
    towns of a municipality share (鹿本町) gives one place in the middle of them. Municipalities of the served prefecture
    come first.
    """
    wanted = searchable(text).replace(" ", "").removeprefix("〒")
    if not wanted or len(wanted) > 60:
        return []
    if postal := re.match(r"(\d{3})-?(\d{4})(?!\d)", wanted):
        return _places(PlaceKind.POSTAL, postal[1] + postal[2], wanted, limit)
    station = re.match(r"(.+?)(駅(?:\(.*\))?)?$", wanted)
    stations = _places(PlaceKind.STATION, station[1], wanted, limit) if station else []
    if stations and station and station[2]:
        return stations
    named = _municipalities(wanted.removesuffix("駅"))
    if named and named[0][1] == wanted:
        return [found for found, name in named if name == wanted]
    found = [*stations, *[found for found, _name in named], *_towns(wanted)]
    return found[:limit]


def _places(kind: PlaceKind, name: str, wanted: str, limit: int) -> list[PlaceMatch]:
    """Return at most `limit` places of this kind and name; if `wanted` is the label of one of them, only that one."""
    query = select(Place).where(Place.kind == kind, Place.name == name).order_by(Place.label).limit(limit)
    found = [PlaceMatch(place.kind, place.label, place.lon, place.lat) for place in db.session.scalars(query)]
    return [place for place in found if searchable(place.label).replace(" ", "") == wanted] or found


def _municipalities(wanted: str) -> list[tuple[PlaceMatch, str]]:
    """Return the municipalities whose name in a language, or reading, is `wanted`, each with the name that matches.

    The last character (市, 町 or 村) or word (City, Town) may be missing in `wanted`.
    """
    rows = []
    own = {m.code for m in served()}
    for m in sorted(all_municipalities(), key=lambda m: (m.code not in own, m.code)):
        others = [part for name in m.names.values() for part in (name, name.rsplit(" ", 1)[0])]
        names = [searchable(name).replace(" ", "") for name in (m.name, m.kana, *others) if name]
        fitting = next((name for name in names if name == wanted), None)
        fitting = fitting or next((name for name in names if name[:-1] == wanted), None)
        if fitting:
            rows.append((PlaceMatch(PlaceKind.MUNICIPALITY, m.name, m.lon, m.lat), fitting))
    return rows


def _towns(wanted: str) -> list[PlaceMatch]:
    """Return the towns that begin with `wanted`, as one place per municipality.

    If `wanted` begins with a municipality's name, only its towns are searched; without a match the municipality itself
    is returned.
    """
    everywhere = all_municipalities()
    home = max(
        (m for m in everywhere if wanted.startswith(searchable(m.name))), key=lambda m: len(m.name), default=None
    )
    rest = wanted.removeprefix(searchable(home.name)).removeprefix("大字") if home else wanted
    if not rest or (len(rest) < 2 and home is None):
        return []
    # Towns are stored as people write them, so the query only narrows down; both are compared below as searchable text.
    beginning = rest.replace("%", "").replace("_", "")
    query = select(Town).where(or_(Town.name.like(f"%{beginning[:1]}%"), Town.kana.like(f"{beginning[:2]}%")))
    if home is not None:
        query = query.where(Town.municipality_code == home.code)
    groups: dict[str, list[Town]] = {}
    for town in db.session.scalars(query.order_by(Town.municipality_code, func.length(Town.name), Town.name)):
        if searchable(town.name).startswith(rest) or town.kana.startswith(rest):
            groups.setdefault(town.municipality_code, []).append(town)
    if home is not None and not groups:
        return [PlaceMatch(PlaceKind.MUNICIPALITY, home.name, home.lon, home.lat)]
    names = {m.code: m.name for m in everywhere}
    own = {m.code for m in served()}
    return [_town(rest, names[code], groups[code]) for code in sorted(groups, key=lambda code: (code not in own, code))]


def _town(wanted: str, municipality: str, towns: Sequence[Town]) -> PlaceMatch:
    """Return the town called `wanted` as a place, or else the middle of these towns with the beginning they share."""
    exact = [town for town in towns if wanted in (searchable(town.name), town.kana)]
    towns = exact[:1] or towns
    name = towns[0].name if len(towns) == 1 else _common_beginning([town.name for town in towns])
    point: geo.Point = (
        round(sum(town.lon for town in towns) / len(towns), 6),
        round(sum(town.lat for town in towns) / len(towns), 6),
    )
    return PlaceMatch(PlaceKind.TOWN, f"{municipality}{name}", *point)


def _common_beginning(names: Sequence[str]) -> str:
    first, last = min(names), max(names)
    length = next((i for i, pair in enumerate(zip(first, last, strict=False)) if pair[0] != pair[1]), len(first))
    return first[:length] or first
