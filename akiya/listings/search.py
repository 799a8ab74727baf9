"""Read listings: those that are public, and those that a staff account may see.

Public queries use only the public point and published listings (open or closed); they never touch a private table.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any, TypeVar  # columns of any type

from sqlalchemy import ColumnElement, Row, bindparam, func, select
from sqlalchemy.orm import selectinload

from akiya.accounts.models import Staff
from akiya.db import AnyRow, db
from akiya.errors import NotFound
from akiya.listings.detached import as_listing
from akiya.listings.enums import LISTED, PUBLIC, NoticeKind
from akiya.listings.models import Event, Listing, Notice, Photo

T = TypeVar("T")
L = Listing.__table__.c
CARD_COLUMNS = (
    L.id, L.number, L.title, L.town, L.municipality_code, L.status, L.is_sale, L.is_rent, L.kind, L.price, L.rent,
    L.price_negotiable, L.layout, L.floor_area, L.land_area, L.built_on, L.built_precision, L.features, L.has_panorama,
    L.confirmed_on, L.review_due_on, L.published_on, L.updated_at, L.lon, L.lat, L.precision, L.demonstration,
    L.live_viewing,
)  # fmt: skip
_CARDS = select(*CARD_COLUMNS).where(L.id.in_(bindparam("ids", expanding=True)))


def rows(ids: Sequence[int]) -> Sequence[Listing]:
    """Return the listings with these ids as rows of CARD_COLUMNS, in this order, without those that do not exist."""
    found = {row.id: as_listing(row) for row in db.session.execute(_CARDS, {"ids": ids})} if ids else {}
    return [found[listing_id] for listing_id in ids if listing_id in found]


def texts(ids: Sequence[int]) -> dict[int, str]:
    """Return the public free texts of each of these listings, joined into one, by id."""
    columns = (L.appeal, L.remarks, L.conditions, L.station_line, L.station, L.zoning)
    query = select(L.id, *columns).where(L.id.in_(ids))
    return {row[0]: " ".join(text for text in row[1:] if text) for row in db.session.execute(query)}


def public_rows(ids: Sequence[int], columns: Sequence[ColumnElement[Any]]) -> list[AnyRow]:
    """Return `columns` of the public listings among `ids`, in this order, each row with the `id` first."""
    query = select(L.id, *columns).where(L.id.in_(ids), L.status.in_(PUBLIC))
    found = {row[0]: row for row in db.session.execute(query)}
    return [found[listing_id] for listing_id in ids if listing_id in found]


def public_pages(limit: int) -> Sequence[Row[int, datetime]]:
    """Return (id, updated_at) of at most `limit` homes on offer, last changed first."""
    query = select(L.id, L.updated_at).where(L.status.in_(LISTED)).order_by(L.updated_at.desc(), L.id.desc())
    return db.session.execute(query.limit(limit)).all()


def covers(listing_ids: Iterable[int]) -> dict[int, Photo]:
    """Return the first photo of each listing that has one, by listing id."""
    rows = db.session.scalars(
        select(Photo).where(Photo.listing_id.in_(list(listing_ids))).order_by(Photo.listing_id, Photo.position.desc())
    )
    return {photo.listing_id: photo for photo in rows}


def all_photos(listing_ids: Sequence[int]) -> dict[int, list[Photo]]:
    """Return the photos of each listing that has any, in order, by listing id."""
    found: dict[int, list[Photo]] = {}
    query = select(Photo).where(Photo.listing_id.in_(listing_ids)).order_by(Photo.listing_id, Photo.position)
    for photo in db.session.scalars(query):
        found.setdefault(photo.listing_id, []).append(photo)
    return found


def public(listing_id: int) -> Listing:
    """Return the listing if it is published, open or closed. Raise NotFound otherwise."""
    listing = db.session.scalar(
        select(Listing)
        .where(Listing.id == listing_id, Listing.status.in_(PUBLIC))
        .options(selectinload(Listing.photos), selectinload(Listing.municipality))
    )
    if listing is None:
        raise NotFound("この番号の物件は見つかりません。")
    return listing


# ── what staff may see ──


def for_staff(staff: Staff, listing_id: int) -> Listing:
    """Return the listing if the account may see it. Raise NotFound otherwise."""
    listing = db.session.scalar(select(Listing).where(Listing.id == listing_id, visible(staff)))
    if listing is None:
        raise NotFound("この番号の物件は見つかりません。")
    return listing


def of_listing(staff: Staff, model: type[T], record_id: int, missing: str) -> T:
    """Return the record of `model` if the account may see its listing. Otherwise raise NotFound with `missing`."""
    kind: Any = model
    query = select(kind).join(Listing, kind.listing_id == Listing.id).where(kind.id == record_id, visible(staff))
    found: T | None = db.session.scalar(query)
    if found is None:
        raise NotFound(missing)
    return found


def in_charge_of(staff: Staff, person_id: int) -> Sequence[Listing]:
    """Return the listings that the account `person_id` is in charge of, as far as `staff` may see them."""
    query = select(Listing).where(Listing.in_charge_id == person_id, visible(staff)).order_by(Listing.id)
    return db.session.scalars(query).all()


def photo_for_staff(staff: Staff, photo_id: int) -> Photo:
    """Return the photo if it belongs to a listing that the account may see. Raise NotFound otherwise."""
    return of_listing(staff, Photo, photo_id, "この写真は見つかりません。")


def close_asked(listing_id: int) -> Notice | None:
    """Return the open request to close the listing, or None."""
    return db.session.scalar(
        select(Notice).where(Notice.listing_id == listing_id, Notice.kind == NoticeKind.CLOSE_ASKED).limit(1)
    )


def event_for_staff(staff: Staff, event_id: int) -> Event:
    """Return the event if it belongs to a listing that the account may see. Raise NotFound otherwise."""
    return of_listing(staff, Event, event_id, "この変更は見つかりません。")


def events(listing_id: int, limit: int = 100, offset: int = 0) -> Sequence[Event]:
    """Return the listing's events, newest first."""
    query = select(Event).where(Event.listing_id == listing_id).order_by(Event.id.desc())
    return db.session.scalars(query.limit(limit).offset(offset)).all()


def events_count(listing_id: int) -> int:
    """Return how many events the listing has."""
    return db.session.scalar(select(func.count()).where(Event.listing_id == listing_id)) or 0


def visible(staff: Staff) -> ColumnElement[bool]:
    """Return the SQL condition for listings that the account may see: its municipality's, or for the prefecture all."""
    if staff.is_prefecture:
        return L.id.is_not(None)
    return L.municipality_code == staff.municipality_code
