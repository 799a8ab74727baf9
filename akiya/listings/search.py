"""Reading listings: the public search, one public listing, and what staff may see.

Public queries know only the public point and open or closed listings; they never touch a private table.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, and_, func, or_, select
from sqlalchemy.orm import selectinload

from akiya import geo
from akiya.accounts.models import Staff
from akiya.choices import Choice
from akiya.db import db
from akiya.errors import NotFound
from akiya.listings.enums import LISTED, PUBLIC, Deal, Kind, Status
from akiya.listings.models import Event, Listing, Photo
from akiya.listings.pictograms import BITS
from akiya.municipalities.models import Municipality


class Sort(Choice):
    NEWEST = "newest", "新着順", "Newest"
    PRICE_ASC = "price_asc", "価格の安い順", "Price, low to high"
    PRICE_DESC = "price_desc", "価格の高い順", "Price, high to low"
    AREA = "area", "建物の広い順", "Floor area"
    DISTANCE = "distance", "近い順", "Distance"


@dataclass(frozen=True)
class Criteria:
    """What is asked. Money in yen, areas in m², `near` a (lon, lat) with `radius_m` metres, `bbox` (west, south, east, north)."""

    words: tuple[str, ...] = ()
    municipalities: tuple[str, ...] = ()
    deals: tuple[Deal, ...] = ()
    kinds: tuple[Kind, ...] = ()
    price_min: int | None = None
    price_max: int | None = None
    rent_min: int | None = None
    rent_max: int | None = None
    floor_min: float | None = None
    floor_max: float | None = None
    land_min: float | None = None
    land_max: float | None = None
    built_since: int | None = None
    features: tuple[str, ...] = ()
    bbox: geo.Box | None = None
    near: geo.Point | None = None
    radius_m: float | None = None
    sort: Sort = Sort.NEWEST
    statuses: tuple[Status, ...] = field(default=LISTED)


L = Listing.__table__.c
CARD_COLUMNS = (
    L.id, L.number, L.title, L.town, L.municipality_code, L.status, L.is_sale, L.is_rent, L.kind, L.price, L.rent,
    L.price_negotiable, L.layout, L.floor_area, L.land_area, L.built_on, L.built_precision, L.features, L.has_panorama,
    L.confirmed_on, L.published_on, L.updated_at, L.lon, L.lat, L.precision, L.demonstration,
)  # fmt: skip


def find(criteria: Criteria, limit: int, offset: int = 0) -> tuple[Sequence[Row[Any]], int]:
    """The rows of one page (CARD_COLUMNS) and the exact total."""
    conditions = list(_conditions(criteria))
    total = db.session.scalar(select(func.count()).select_from(Listing.__table__).where(*conditions)) or 0
    if offset >= total:
        return [], total
    # The page is chosen by the index alone; only its own rows are read in full.
    chosen = select(L.id).where(*conditions).order_by(*_order(criteria)).limit(limit).offset(offset)
    ids = list(db.session.scalars(chosen))
    rows: dict[int, Any] = {row.id: row for row in db.session.execute(select(*CARD_COLUMNS).where(L.id.in_(ids)))}
    return [rows[listing_id] for listing_id in ids], total


def counts_by_municipality(criteria: Criteria) -> dict[str, int]:
    """How many listings each municipality has under every filter but the municipality's own."""
    conditions = _conditions(replace(criteria, municipalities=()))
    rows = select(L.municipality_code, func.count()).where(*conditions).group_by(L.municipality_code)
    return {key: count for key, count in db.session.execute(rows)}  # noqa: C416  (a Result has keys())


def count_with_panorama() -> int:
    """How many listed properties can be entered in 360°."""
    counted = select(func.count()).select_from(Listing.__table__).where(L.status.in_(LISTED), L.has_panorama)
    return db.session.scalar(counted) or 0


def covers(listing_ids: Iterable[int]) -> dict[int, Photo]:
    """The first photo of each listing that has one."""
    rows = db.session.scalars(
        select(Photo).where(Photo.listing_id.in_(list(listing_ids))).order_by(Photo.listing_id, Photo.position.desc())
    )
    return {photo.listing_id: photo for photo in rows}


def public(listing_id: int) -> Listing:
    """The listing as the public may see it, open or closed. Raises NotFound."""
    listing = db.session.scalar(
        select(Listing)
        .where(Listing.id == listing_id, Listing.status.in_(PUBLIC))
        .options(selectinload(Listing.photos), selectinload(Listing.municipality))
    )
    if listing is None:
        raise NotFound("この番号の物件は見つかりません。")
    return listing


def distance(point: geo.Point) -> ColumnElement[float]:
    """Great-circle metres from `point` to the public point, by the haversine formula."""
    lon, lat = point
    half_lat, half_lon = func.radians(L.lat - lat) / 2, func.radians(L.lon - lon) / 2
    h = func.sin(half_lat) * func.sin(half_lat) + (
        func.cos(func.radians(lat)) * func.cos(func.radians(L.lat)) * func.sin(half_lon) * func.sin(half_lon)
    )
    return 2 * geo.EARTH_RADIUS_M * func.asin(func.sqrt(h))


def _conditions(criteria: Criteria) -> Iterable[ColumnElement[bool]]:
    yield L.status.in_(criteria.statuses)
    if criteria.municipalities:
        yield L.municipality_code.in_(criteria.municipalities)
    if criteria.deals:
        columns = {Deal.SALE: L.is_sale, Deal.RENT: L.is_rent}
        yield or_(*[columns[deal].is_(True) for deal in criteria.deals])
    if criteria.kinds:
        yield L.kind.in_(criteria.kinds)
    for column, least, most in (
        (L.price, criteria.price_min, criteria.price_max),
        (L.rent, criteria.rent_min, criteria.rent_max),
        (L.floor_area, criteria.floor_min, criteria.floor_max),
        (L.land_area, criteria.land_min, criteria.land_max),
    ):
        if least is not None:
            yield column >= least
        if most is not None:
            yield column <= most
    if criteria.built_since is not None:
        yield L.built_on >= date(criteria.built_since, 1, 1)
    if criteria.features:
        wanted = sum(BITS[key] for key in set(criteria.features))
        yield L.features.bitwise_and(wanted) == wanted
    if criteria.bbox is not None:
        yield _inside(criteria.bbox)
    if criteria.near is not None and criteria.radius_m is not None:
        yield _inside(geo.box_around(criteria.near, criteria.radius_m))
        yield distance(criteria.near) <= criteria.radius_m
    for word in criteria.words:
        yield L.search_text.contains(word, autoescape=True)


def _inside(box: geo.Box) -> ColumnElement[bool]:
    west, south, east, north = box
    return and_(L.lat.between(south, north), L.lon.between(west, east))


def _order(criteria: Criteria) -> list[ColumnElement[Any]]:
    newest: list[ColumnElement[Any]] = [L.published_on.desc(), L.id.desc()]
    rented = criteria.deals == (Deal.RENT,)
    amount = L.rent if rented else L.price
    match criteria.sort:
        case Sort.PRICE_ASC:
            return [amount.is_(None), amount.asc(), *newest]
        case Sort.PRICE_DESC:
            return [amount.is_(None), amount.desc(), *newest]
        case Sort.AREA:
            return [L.floor_area.is_(None), L.floor_area.desc(), *newest]
        case Sort.DISTANCE if criteria.near is not None:
            return [distance(criteria.near), *newest]
    return newest


# ── what staff may see ──


def for_staff(staff: Staff, listing_id: int) -> Listing:
    """The listing, when it belongs to the account's municipality or the account sees all. Raises NotFound."""
    listing = db.session.scalar(select(Listing).where(Listing.id == listing_id, _visible(staff)))
    if listing is None:
        raise NotFound("この番号の物件は見つかりません。")
    return listing


def photo_for_staff(staff: Staff, photo_id: int) -> Photo:
    """The photo of a listing the account may see. Raises NotFound."""
    query = select(Photo).join(Listing, Photo.listing_id == Listing.id).where(Photo.id == photo_id, _visible(staff))
    photo = db.session.scalar(query)
    if photo is None:
        raise NotFound("この写真は見つかりません。")
    return photo


def staff_list(
    staff: Staff, words: Sequence[str], status: Status | None, limit: int, offset: int
) -> tuple[Sequence[Row[Any]], int]:
    """Rows of the account's listings, last changed first, and the exact total."""
    conditions = [_visible(staff), *[L.search_text.contains(word, autoescape=True) for word in words]]
    if status is not None:
        conditions.append(L.status == status)
    photos = select(func.count()).where(Photo.listing_id == L.id).scalar_subquery().label("photos")
    rows: Select[Any] = (
        select(*CARD_COLUMNS, Municipality.name.label("municipality_name"), photos)
        .join(Municipality, Municipality.code == L.municipality_code)
        .where(*conditions)
        .order_by(L.updated_at.desc(), L.id.desc())
        .limit(limit)
        .offset(offset)
    )
    total = db.session.scalar(select(func.count()).select_from(Listing.__table__).where(*conditions)) or 0
    return db.session.execute(rows).all(), total


def staff_status_counts(staff: Staff) -> dict[Status, int]:
    """How many listings of the account stand in each status."""
    rows = select(L.status, func.count()).where(_visible(staff)).group_by(L.status)
    return {key: count for key, count in db.session.execute(rows)}  # noqa: C416  (a Result has keys())


def events(listing_id: int, limit: int = 100) -> Sequence[Event]:
    """The listing's changes, newest first."""
    return db.session.scalars(
        select(Event).where(Event.listing_id == listing_id).order_by(Event.id.desc()).limit(limit)
    ).all()


def _visible(staff: Staff) -> ColumnElement[bool]:
    if staff.is_prefecture:
        return L.id.is_not(None)
    return L.municipality_code == staff.municipality_code
