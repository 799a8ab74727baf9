"""The work of staff: the list of their listings, what each needs, and closed listings that lack answers."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import TypeVarTuple

from sqlalchemy import ColumnElement, Select, and_, func, or_, select
from sqlalchemy.orm import selectinload

from akiya.accounts.models import Staff
from akiya.backoffice.criteria import StaffCriteria, needs
from akiya.choices import Choice
from akiya.db import AnyRow, db
from akiya.geo import JAPAN_TIME
from akiya.listings import service
from akiya.listings.enums import LISTED, PUBLIC, Need, Status, Use
from akiya.listings.models import Closing, Listing, Photo
from akiya.listings.search import visible
from akiya.municipalities.models import Municipality

_MOST_UNFINISHED = 2000
"""Maximum number of unpublished listings that are examined for missing facts."""


@dataclass(frozen=True)
class WorklistRow:
    """A row of the list: a listing, the account in charge ("" for nobody), its number of photos, and what it needs."""

    listing: Listing
    municipality_name: str
    in_charge: str
    photos: int
    needs: list[Need]


def find(staff: Staff, asked: StaffCriteria, limit: int, offset: int, today: date) -> tuple[list[WorklistRow], int]:
    """Return a page of the account's listings that match the criteria, in their order, and the exact total."""
    conditions = _conditions(staff, asked, today)
    total = _count(*conditions)
    ids = found_ids(staff, asked, limit, offset, today) if total > offset else []
    photos = select(func.count()).where(Photo.listing_id == Listing.id).scalar_subquery()
    query = (
        select(Listing, Municipality.name, Staff.name, photos, needs(Need.CLOSE_ASKED, today))
        .join(Municipality, Municipality.code == Listing.municipality_code)
        .outerjoin(Staff, Staff.id == Listing.in_charge_id)
        .where(Listing.id.in_(ids))
        .options(selectinload(Listing.municipality), selectinload(Listing.private))
    )
    items = {
        listing.id: WorklistRow(listing, name, person or "", count, _needs_of(listing, close_asked, today))
        for listing, name, person, count, close_asked in db.session.execute(query)
    }
    return [items[listing_id] for listing_id in ids if listing_id in items], total


def found_ids(staff: Staff, asked: StaffCriteria, limit: int | None, offset: int, today: date) -> list[int]:
    """Return the ids of the account's listings that match the criteria, in their order."""
    # A query of its own: rows are wide, and sorting ids alone is faster.
    query = select(Listing.id).where(*_conditions(staff, asked, today)).order_by(*asked.order())
    return list(db.session.scalars(query.limit(limit).offset(offset)))


CSV_HEADINGS = (
    "市町村", "物件番号", "見出し", "町・字", "種類", "状態", "売買", "賃貸", "売買価格（円）", "賃料（円）", "担当", "確認日",
    "確認の期日", "有効期限", "公開した日", "登録した日時", "変更した日時",
)  # fmt: skip
_ROWS_AT_ONCE = 2000


def csv_rows(staff: Staff, asked: StaffCriteria, today: date) -> Iterator[Sequence[object]]:
    """Yield the cells (see CSV_HEADINGS) of all the account's listings that match the criteria, in their order."""
    L = Listing
    columns = (
        L.number, L.title, L.town, L.kind, L.status, L.is_sale, L.is_rent, L.price, L.rent, Staff.name, L.confirmed_on,
        L.review_due_on, L.valid_until, L.published_on, L.created_at, L.updated_at,
    )  # fmt: skip
    ids = found_ids(staff, asked, None, 0, today)
    for start in range(0, len(ids), _ROWS_AT_ONCE):
        batch = ids[start : start + _ROWS_AT_ONCE]
        query = select(L.id, Municipality.name, *columns).join(Municipality, Municipality.code == L.municipality_code)
        named = query.outerjoin(Staff, Staff.id == L.in_charge_id).where(L.id.in_(batch))
        rows = {row[0]: row[1:] for row in db.session.execute(named)}
        yield from ([_cell(value) for value in rows[listing_id]] for listing_id in batch if listing_id in rows)


def _cell(value: object) -> object:
    if isinstance(value, Choice):
        return value.label
    if isinstance(value, bool):
        return "○" if value else ""
    return f"{value.astimezone(JAPAN_TIME):%Y-%m-%d %H:%M}" if isinstance(value, datetime) else value


def status_counts(staff: Staff, asked: StaffCriteria) -> dict[Status, int]:
    """Count the account's listings in each status, in the chosen municipality if there is one."""
    rows = select(Listing.status, func.count()).where(*asked.scope(staff)).group_by(Listing.status)
    return {key: count for key, count in db.session.execute(rows)}  # noqa: C416  (a Result has keys())


def need_counts(staff: Staff, asked: StaffCriteria, today: date) -> dict[Need, int]:
    """Count the account's listings with each need, except Need.MISSING, which the database cannot count."""
    counted = (Need.REVIEW, Need.CLOSE_ASKED, Need.DRAFT)
    return {need: _count(*asked.scope(staff), needs(need, today)) for need in counted}


def _count(*conditions: ColumnElement[bool]) -> int:
    return db.session.scalar(select(func.count()).select_from(Listing).where(*conditions)) or 0


def _conditions(staff: Staff, asked: StaffCriteria, today: date) -> list[ColumnElement[bool]]:
    missing = [Listing.id.in_(_unfinished(asked.scope(staff)))] if asked.need is Need.MISSING else []
    return [*asked.conditions(staff, today), *missing]


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


def _unfinished(scope: Sequence[ColumnElement[bool]]) -> list[int]:
    """Return the ids of unpublished listings that lack facts needed for publishing."""
    begun = Listing.status.not_in((*PUBLIC, Status.REJECTED))
    query = select(Listing).where(*scope, begun).order_by(Listing.updated_at.desc()).limit(_MOST_UNFINISHED)
    loaded = query.options(selectinload(Listing.municipality), selectinload(Listing.private))
    return [listing.id for listing in db.session.scalars(loaded) if service.missing_to_publish(listing)]


# ── closings that lack answers ──

_CONTRACTED = Listing.status == Status.CONTRACTED
_PERSON = and_(_CONTRACTED, or_(Closing.use.is_(None), Closing.use != Use.BUSINESS))
# The agreed price is not asked for: not everybody discloses it. Nobody lives in a shop, and a household of one has no
# children.
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
Ts = TypeVarTuple("Ts")
_ENDED = Listing.status.in_((Status.CONTRACTED, Status.WITHDRAWN, Status.EXPIRED))


def incomplete_closings(staff: Staff, limit: int, offset: int) -> list[tuple[AnyRow, list[str]]]:
    """Return a page of the account's closed listings that lack answers, last closed first, each with what it lacks."""
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
    """Count the account's closed listings that lack answers."""
    return db.session.scalar(_incomplete(staff, select(func.count()).select_from(Listing))) or 0


def _incomplete(staff: Staff, query: Select[*Ts]) -> Select[*Ts]:
    return query.outerjoin(Closing, Closing.listing_id == Listing.id).where(
        visible(staff), _ENDED, or_(*_ASKED.values())
    )
