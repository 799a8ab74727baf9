"""Queries for inquiries: those about a listing, and those that an account may see."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import ColumnElement, func, select, true

from akiya.accounts.models import Staff
from akiya.db import db
from akiya.errors import NotFound
from akiya.inquiries.models import Inquiry, InquiryKind
from akiya.listings.models import Listing
from akiya.municipalities import search as municipalities
from akiya.municipalities.models import Municipality

LAST = 5


@dataclass(frozen=True)
class InquiryOverview:
    """The numbers of inquiries about a listing by kind, and the last few of them."""

    counts: Sequence[tuple[InquiryKind, int]]
    last: Sequence[Inquiry]


def of_listing(listing_id: int) -> InquiryOverview:
    """Return an overview of the inquiries about a listing; its last ones are in reverse order of noting."""
    last = select(Inquiry).where(Inquiry.listing_id == listing_id).order_by(Inquiry.id.desc()).limit(LAST)
    return InquiryOverview(_by_kind(Inquiry.listing_id == listing_id), db.session.scalars(last).all())


def for_staff(staff: Staff, inquiry_id: int) -> Inquiry:
    """Return the inquiry. Raise NotFound if there is none that the account may see."""
    found = db.session.scalar(select(Inquiry).where(Inquiry.id == inquiry_id, _visible(staff)))
    if found is None:
        raise NotFound("この記録は見つかりません。取り消されたのかもしれません。")
    return found


def last_without_listing(staff: Staff) -> Inquiry | None:
    """Return the last inquiry without a listing that this account noted, or None."""
    own = select(Inquiry).where(Inquiry.staff_id == staff.id, Inquiry.listing_id.is_(None))
    return db.session.scalar(own.order_by(Inquiry.id.desc()).limit(1))


@dataclass(frozen=True)
class InquiryCriteria:
    """A filter for the inquiries that an account may see: `month` (its first day) and kind, or None for all."""

    staff: Staff
    month: date | None = None
    kind: InquiryKind | None = None

    def counts(self) -> Sequence[tuple[InquiryKind, int]]:
        """Count the inquiries of each kind in the month, whatever kind the filter has."""
        return _by_kind(_visible(self.staff) & self._in_month())

    def months(self) -> list[date]:
        """Return the first days of the months that have inquiries, latest first."""
        days = db.session.scalars(select(Inquiry.on).where(_visible(self.staff)).distinct())
        return sorted({day.replace(day=1) for day in days}, reverse=True)

    def total(self) -> int:
        """Count the matching inquiries."""
        return db.session.scalar(select(func.count()).select_from(Inquiry).where(self._condition())) or 0

    def rows(self, limit: int | None = None, offset: int = 0) -> list[tuple[Inquiry, str | None, str]]:
        """Return (inquiry, number of its listing or None, name of its municipality) for each match, latest first."""
        query = (
            select(Inquiry, Listing.number, Municipality.name)
            .outerjoin(Listing, Listing.id == Inquiry.listing_id)
            .join(Municipality, Municipality.code == Inquiry.municipality_code)
            .where(self._condition())
            .order_by(Inquiry.on.desc(), Inquiry.id.desc())
        )
        return [(*row,) for row in db.session.execute(query.limit(limit).offset(offset))]

    def _condition(self) -> ColumnElement[bool]:
        of_kind = Inquiry.kind == self.kind if self.kind else true()
        return _visible(self.staff) & self._in_month() & of_kind

    def _in_month(self) -> ColumnElement[bool]:
        if self.month is None:
            return true()
        next_month = (self.month + timedelta(days=32)).replace(day=1)
        return (Inquiry.on >= self.month) & (Inquiry.on < next_month)


def _by_kind(condition: ColumnElement[bool]) -> Sequence[tuple[InquiryKind, int]]:
    query = select(Inquiry.kind, func.count()).where(condition).group_by(Inquiry.kind)
    found: dict[InquiryKind, int] = dict(db.session.execute(query).all())
    return [(kind, found.get(kind, 0)) for kind in InquiryKind]


def _visible(staff: Staff) -> ColumnElement[bool]:
    if staff.is_prefecture:
        return true()
    # Inquiries of a merged municipality keep its code, because reports count months before the merger under it.
    return Inquiry.municipality_code.in_(municipalities.with_predecessors(staff.municipality_code))
