"""What is there for staff to do: the list of their listings, what each needs, and closings that lack answers."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Row, and_, case, exists, func, or_, select
from sqlalchemy.orm import selectinload

from akiya.accounts.models import Staff
from akiya.db import db
from akiya.listings import service
from akiya.listings.enums import LISTED, PUBLIC, Need, NoticeKind, Status, Use
from akiya.listings.models import Closing, Listing, Notice, Photo
from akiya.listings.search import visible
from akiya.municipalities.models import Municipality

_MOST_UNFINISHED = 2000
"""So many unpublished listings are looked through for what they lack."""


@dataclass(frozen=True)
class Item:
    """A listing of the list, with what it needs."""

    listing: Listing
    municipality_name: str
    in_charge: str
    photos: int
    needs: list[Need]


def find(
    staff: Staff, words: Sequence[str], status: Status | None, need: Need | None, limit: int, offset: int, today: date
) -> tuple[list[Item], int]:
    """The account's listings and the exact total: last changed first, with a need the longest waiting first."""
    conditions = [visible(staff), *[Listing.search_text.contains(word, autoescape=True) for word in words]]
    if status is not None:
        conditions.append(Listing.status == status)
    if need is not None:
        conditions.append(_needs(need, today) if need is not Need.MISSING else Listing.id.in_(_unfinished(staff)))
    order: tuple[Any, ...] = (Listing.updated_at.desc(), Listing.id.desc())
    if need is Need.REVIEW:
        order = (Listing.review_due_on.asc(), Listing.id.asc())
    photos = select(func.count()).where(Photo.listing_id == Listing.id).scalar_subquery()
    asked = _needs(Need.CLOSE_ASKED, today)
    query = (
        select(Listing, Municipality.name, Staff.name, photos, asked)
        .join(Municipality, Municipality.code == Listing.municipality_code)
        .outerjoin(Staff, Staff.id == Listing.in_charge_id)
        .where(*conditions)
        .options(selectinload(Listing.municipality), selectinload(Listing.private))
    )
    rows = db.session.execute(query.order_by(*order).limit(limit).offset(offset)).all()
    total = db.session.scalar(select(func.count()).select_from(Listing).where(*conditions)) or 0
    items = [
        Item(listing, name, person or "", count, _needs_of(listing, close_asked, today))
        for listing, name, person, count, close_asked in rows
    ]
    return items, total


def status_counts(staff: Staff) -> dict[Status, int]:
    """How many listings of the account stand in each status."""
    rows = select(Listing.status, func.count()).where(visible(staff)).group_by(Listing.status)
    return {key: count for key, count in db.session.execute(rows)}  # noqa: C416  (a Result has keys())


def need_counts(staff: Staff, today: date) -> dict[Need, int]:
    """How many listings of the account have each need that the database can count: not what is missing."""
    counted = (Need.REVIEW, Need.CLOSE_ASKED, Need.DRAFT)
    columns = [func.count(case((_needs(need, today), 1))) for need in counted]
    return dict(zip(counted, db.session.execute(select(*columns).where(visible(staff))).one(), strict=True))


def _needs(need: Need, today: date) -> ColumnElement[bool]:
    if need is Need.REVIEW:
        return and_(Listing.status.in_(LISTED), Listing.review_due_on <= today)
    if need is Need.CLOSE_ASKED:
        return exists().where(Notice.listing_id == Listing.id, Notice.kind == NoticeKind.CLOSE_ASKED)
    return Listing.status == Status.DRAFT


def _needs_of(listing: Listing, close_asked: bool, today: date) -> list[Need]:
    due = listing.status in LISTED and listing.review_due_on is not None and listing.review_due_on <= today
    lacking = listing.status not in PUBLIC and listing.status is not Status.REJECTED
    found = {
        Need.REVIEW: due,
        Need.CLOSE_ASKED: close_asked,
        Need.MISSING: lacking and bool(service.missing_to_publish(listing)),
        Need.DRAFT: listing.status is Status.DRAFT,
    }
    return [need for need, wanted in found.items() if wanted]


def _unfinished(staff: Staff) -> list[int]:
    """The account's unpublished listings that lack something to be published."""
    begun = Listing.status.not_in((*PUBLIC, Status.REJECTED))
    query = select(Listing).where(visible(staff), begun).order_by(Listing.updated_at.desc()).limit(_MOST_UNFINISHED)
    loaded = query.options(selectinload(Listing.municipality), selectinload(Listing.private))
    return [listing.id for listing in db.session.scalars(loaded) if service.missing_to_publish(listing)]


# ── closings that lack answers ──

_CONTRACTED = Listing.status == Status.CONTRACTED
_PERSON = and_(_CONTRACTED, or_(Closing.use.is_(None), Closing.use != Use.BUSINESS))
# The agreed price may stay open for good: not everybody tells it. Nobody lives in a shop, and who lives alone has no child.
_ASKED: dict[str, ColumnElement[bool]] = {
    "終わった日": Listing.closed_on.is_(None),
    "取引": and_(_CONTRACTED, Closing.deal.is_(None)),
    "使い方": and_(_CONTRACTED, Closing.use.is_(None)),
    "入居する人数": and_(_PERSON, Closing.household_size.is_(None)),
    "年代": and_(_PERSON, func.coalesce(Closing.ages, "") == ""),
    "うち18歳未満": and_(_PERSON, Closing.children.is_(None), func.coalesce(Closing.household_size, 2) > 1),
    "前の住所": and_(_CONTRACTED, func.coalesce(Closing.previous_prefecture, "") == ""),
    "補助金の利用": and_(_CONTRACTED, Closing.subsidy_used.is_(None)),
    "取下げの理由": and_(Listing.status == Status.WITHDRAWN, func.coalesce(Closing.reason, "") == ""),
}
_ENDED = Listing.status.in_((Status.CONTRACTED, Status.WITHDRAWN, Status.EXPIRED))


def incomplete_closings(staff: Staff, limit: int, offset: int) -> list[tuple[Row[Any], list[str]]]:
    """The account's closed listings that lack answers, last closed first, each with what it lacks."""
    shown = (
        Listing.id, Listing.number, Listing.title, Listing.town, Listing.kind, Listing.layout, Listing.status, Listing.closed_on,
        Municipality.name.label("municipality_name"),
    )  # fmt: skip
    columns = [*shown, *[condition.label(f"lacks_{n}") for n, condition in enumerate(_ASKED.values())]]
    query = _incomplete(staff, select(*columns)).join(Municipality, Municipality.code == Listing.municipality_code)
    ordered = query.order_by(Listing.closed_on.desc().nulls_last(), Listing.id.desc()).limit(limit).offset(offset)
    rows = db.session.execute(ordered).all()
    return [(row, [name for name, lacks in zip(_ASKED, row[len(shown) :], strict=True) if lacks]) for row in rows]


def incomplete_closings_count(staff: Staff) -> int:
    """How many closed listings of the account lack answers."""
    return db.session.scalar(_incomplete(staff, select(func.count()).select_from(Listing))) or 0


def _incomplete(staff: Staff, query: Any) -> Any:
    return query.outerjoin(Closing, Closing.listing_id == Listing.id).where(
        visible(staff), _ENDED, or_(*_ASKED.values())
    )
