"""Check a listing before it is saved: warnings, likely duplicates and suggested values. Nothing is written."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

from sqlalchemy import ColumnElement, and_, or_, select

from akiya.db import AnyRow, db
from akiya.errors import Invalid
from akiya.listings import pictograms, placing
from akiya.listings.detached import detached
from akiya.listings.enums import Precision, Status
from akiya.listings.fields import BY_NAME
from akiya.listings.models import Listing, PrivateRecord
from akiya.municipalities.enums import FACILITIES
from akiya.municipalities.models import Agent, Municipality
from akiya.municipalities.search import Near, covers, nearest_facilities, town_at
from akiya.text import searchable
from akiya.values import Values

DISTANCES = {f"{kind}_m": kind for kind in FACILITIES}
"""Fields that a straight-line distance can fill, with the kind of facility each measures to."""
_SAME_POINT_DEGREES = 0.00005
_SIMILAR = 0.02


@dataclass(frozen=True)
class Unsaved:
    """A listing as it would be after saving: its attributes, and error messages about its place, by field."""

    home: Listing
    errors: Mapping[str, str]


@dataclass(frozen=True)
class Warning:
    """Something that a clerk should check; `listing_id` is the other listing of the municipality that it is about."""

    text: str
    listing_id: int | None = None


def unsaved(municipality: Municipality, values: Mapping[str, object], listing: Listing | None = None) -> Unsaved:
    """Return the listing (or a new one) as it would be with `values`, with its public point and pictograms.

    The result is a plain object that the session does not know, so it is never written.
    """
    known = {c.name: getattr(listing, c.name, None) for c in Listing.__table__.c}
    if listing is None:
        known.update(
            id=0, status=Status.DRAFT, has_panorama=False, demonstration=False, source_file="", straight_line=""
        )
    private = {c.name: getattr(listing and listing.private, c.name, None) for c in PrivateRecord.__table__.c}
    for name, value in values.items():
        (private if name in BY_NAME and BY_NAME[name].private else known)[name] = value
    home = detached(known, private, municipality)
    home.municipality_code = municipality.code
    errors: Mapping[str, str] = {}
    if listing is None or not listing.source_file or placing.moves(listing, values):
        try:
            placing.place(home)
        except Invalid as error:
            errors = error.errors
            home.precision, home.lon, home.lat = Precision.OFFICE, municipality.lon, municipality.lat
    home.features = pictograms.mask(home)
    return Unsaved(home, errors)


def warnings(home: Listing) -> list[Warning]:
    """Return warnings for likely slips: a point outside the municipality or at a town's centre, and likely duplicates."""
    found = []
    lon, lat = home.private.true_lon, home.private.true_lat
    if lon is not None and lat is not None:
        if covers(home.municipality, (lon, lat)) is False:
            text = f"緯度・経度が{home.municipality.name}の外にあります。数字の並びや、緯度と経度の入れ違いを確かめてください。"
            found.append(Warning(text))
        elif town := town_at(home.municipality_code, (lon, lat)):
            text = f"緯度・経度は「{town.name}」の代表点です。地図で家の位置に合わせると、公開の範囲も正しくなります。"
            found.append(Warning(text))
    return found + _duplicates(home)


def _duplicates(home: Listing) -> list[Warning]:
    """Return warnings for listings with the same lot number and town, or the same point and similar areas."""
    lot, town = _plain(home.private.lot_number), _plain(home.town)
    lon, lat = home.private.true_lon, home.private.true_lat
    near: ColumnElement[bool] | None = PrivateRecord.lot_number != "" if lot else None
    if lon is not None and lat is not None:
        at = and_(
            PrivateRecord.true_lon.between(lon - _SAME_POINT_DEGREES, lon + _SAME_POINT_DEGREES),
            PrivateRecord.true_lat.between(lat - _SAME_POINT_DEGREES, lat + _SAME_POINT_DEGREES),
        )
        near = at if near is None else or_(near, at)
    if near is None:
        return []
    columns = (Listing.id, Listing.number, Listing.town, Listing.floor_area, Listing.land_area)
    query = (
        select(*columns, PrivateRecord.lot_number, PrivateRecord.true_lon, PrivateRecord.true_lat)
        .join(PrivateRecord)
        .where(Listing.municipality_code == home.municipality_code, Listing.id != home.id, near)
        .order_by(Listing.id)
    )
    found = []
    for row in db.session.execute(query):
        if lot and lot == _plain(row.lot_number) and town == _plain(row.town):
            found.append(Warning(f"町・字と番地が同じ物件「{row.number}」があります。", row.id))
        elif lon is not None and lat is not None and _at(row) == (round(lon, 4), round(lat, 4)) and _similar(row, home):
            found.append(Warning(f"位置と面積がほとんど同じ物件「{row.number}」があります。", row.id))
    return found[:5]


def _plain(text: str | None) -> str:
    return searchable(text or "").replace(" ", "")


def _at(row: AnyRow) -> tuple[float, float] | None:
    return None if row.true_lon is None or row.true_lat is None else (round(row.true_lon, 4), round(row.true_lat, 4))


def _similar(one: AnyRow, other: Listing) -> bool:
    pairs = [(getattr(one, name), getattr(other, name)) for name in ("floor_area", "land_area")]
    known = [(a, b) for a, b in pairs if a and b]
    return bool(known) and all(abs(a - b) <= _SIMILAR * max(a, b) for a, b in known)


def suggestions(home: Listing) -> dict[str, Near]:
    """Return the nearest facility for each field of DISTANCES, measured from the public point.

    From the public and not the true point: a few exact distances would reveal what the blurred point hides. Return
    nothing for a home whose place is not known.
    """
    if home.private.true_lon is None or home.private.true_lat is None or home.precision is Precision.OFFICE:
        return {}
    near = nearest_facilities(home.municipality, (home.lon, home.lat))
    return {name: near[kind] for name, kind in DISTANCES.items() if kind in near}


def fill_agent(values: Values, agents: Iterable[Agent]) -> None:
    """Fill the agent's licence and telephone in `values`, where blank, if the agent is one of `agents`."""
    known = next((agent for agent in agents if agent.name == values["agent_name"]), None)
    if known is not None:
        values["agent_licence"] = values["agent_licence"] or known.licence
        values["agent_phone"] = values["agent_phone"] or known.phone


def take_over(values: Values, ticked: Collection[str], suggested: Mapping[str, Near], listing: Listing | None) -> None:
    """Fill the ticked straight-line distances in `values`, and list their fields in `straight_line`.

    A blank field gets the suggested distance. A ticked field with any other figure was measured by the clerk, so it
    keeps the figure and is not listed.
    """
    before = listing.straight_line.split(",") if listing else []
    marked = []
    for name in DISTANCES:
        if name not in ticked:
            continue
        was_straight = listing is not None and name in before
        if values[name] is None and name in suggested and not was_straight:
            values[name] = suggested[name].metres
        straight = {suggested[name].metres} if name in suggested else set()
        straight |= {getattr(listing, name)} if was_straight else set()
        if values[name] is not None and values[name] in straight:
            marked.append(name)
    values["straight_line"] = ",".join(marked)
