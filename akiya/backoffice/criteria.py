"""Filters and order of the staff's list of listings, and how both are written in a URL's query."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any, Self  # columns of any type

from sqlalchemy import ColumnElement, and_, exists

from akiya.accounts.models import Staff
from akiya.catalogue import full_text
from akiya.choices import Choice
from akiya.errors import Invalid
from akiya.geo import JAPAN_TIME
from akiya.language import N_
from akiya.listings.enums import LISTED, Need, NoticeKind, PropertyKind, Status
from akiya.listings.models import Listing, Notice
from akiya.listings.search import visible
from akiya.text import searchable

OVERDUE = (1, 30, 90, 180)
"""Choices of the filter for overdue listings: days since the confirmation was due."""
_LONGEST = 100


class WorklistOrder(Choice):
    """An order in which staff can sort their list of homes."""

    CHANGED = "changed", N_("変更が新しい順")
    DUE = "due", N_("確認の期日が早い順")
    NUMBER = "number", N_("物件番号順")
    MUNICIPALITY = "municipality", N_("市町村順")
    CREATED = "created", N_("登録が新しい順")


class Charge(Choice):
    """A choice of the filter by account in charge; the others are the ids of accounts."""

    MINE = "me", N_("自分")
    NOBODY = "none", N_("担当なし")


@dataclass(frozen=True)
class StaffCriteria:
    """Filters, which are combined with "and", and the order; an empty one does not filter.

    `charge` is a Charge or the id of an account. `overdue` is in days.
    """

    q: str = ""
    municipality: str = ""
    status: Status | None = None
    kind: PropertyKind | None = None
    need: Need | None = None
    charge: str = ""
    overdue: int | None = None
    since: date | None = None
    sort: WorklistOrder | None = None

    @classmethod
    def read(cls, args: Mapping[str, str]) -> Self:
        """Read the criteria from a URL's query. Unknown values are ignored; raise Invalid if `since` is not a date."""
        charge, overdue, since = args.get("charge", ""), args.get("overdue", ""), args.get("since", "").strip()
        account = charge.isascii() and charge.isdecimal() and len(charge) < 10
        try:
            day = date.fromisoformat(since) if since else None
        except ValueError:
            message = f"「{since[:20]}」は年月日ではありません。2026-11-27 のように入れてください。"
            raise Invalid(f"変更した日：{message}", {"since": message}) from None
        return cls(
            q=args.get("q", "")[:_LONGEST],
            municipality=args.get("municipality", "")[:5],
            status=Status.of(args.get("status")),
            kind=PropertyKind.of(args.get("kind")),
            need=Need.of(args.get("need")),
            charge=charge if account or Charge.of(charge) else "",
            overdue=next((days for days in OVERDUE if str(days) == overdue), None),
            since=day,
            sort=WorklistOrder.of(args.get("sort")),
        )

    def asked(self) -> dict[str, str]:
        """Return the criteria as parameters of a URL's query, without empty ones."""
        return {name: str(value) for name, value in vars(self).items() if value}

    def scope(self, staff: Staff) -> list[ColumnElement[bool]]:
        """Return the conditions for listings that the account may see, in the chosen municipality if there is one."""
        chosen = [Listing.municipality_code == self.municipality] if self.municipality else []
        return [visible(staff), *chosen]

    def conditions(self, staff: Staff, today: date) -> list[ColumnElement[bool]]:
        """Return the conditions in SQL for all filters except Need.MISSING, which is decided in Python."""
        found = self.scope(staff)
        if asked := searchable(self.q).split():
            found.append(full_text.hold(asked))
        if self.status is not None:
            found.append(Listing.status == self.status)
        if self.kind is not None:
            found.append(Listing.kind == self.kind)
        if self.need is not None and self.need is not Need.MISSING:
            found.append(needs(self.need, today))
        if self.charge:
            mine, nobody = self.charge == Charge.MINE, self.charge == Charge.NOBODY
            account = staff.id if mine else None if nobody else int(self.charge)
            found.append(Listing.in_charge_id == account)
        if self.overdue is not None:
            day = today - timedelta(days=self.overdue)
            found.append(and_(Listing.status.in_(LISTED), Listing.review_due_on <= day))
        if self.since is not None:
            found.append(Listing.updated_at >= datetime.combine(self.since, time(), JAPAN_TIME))
        return found

    def order(self) -> tuple[ColumnElement[Any], ...]:
        """Return the columns to order by.

        Without a chosen order it is last changed first, or longest overdue first if overdue listings are asked for.
        """
        L = Listing
        waiting = self.need is Need.REVIEW or self.overdue is not None
        match self.sort or (WorklistOrder.DUE if waiting else WorklistOrder.CHANGED):
            case WorklistOrder.DUE:
                return L.review_due_on.asc().nulls_last(), L.id.asc()
            case WorklistOrder.NUMBER:
                return L.number.asc(), L.id.asc()
            case WorklistOrder.MUNICIPALITY:
                return L.municipality_code.asc(), L.number.asc()
            case WorklistOrder.CREATED:
                return (L.id.desc(),)
        return L.updated_at.desc(), L.id.desc()


def needs(need: Need, today: date) -> ColumnElement[bool]:
    """Return the condition that a listing has this need. Need.MISSING has none: it is decided in Python."""
    if need is Need.REVIEW:
        return and_(Listing.status.in_(LISTED), Listing.review_due_on <= today)
    if need is Need.CLOSE_ASKED:
        return exists().where(Notice.listing_id == Listing.id, Notice.kind == NoticeKind.CLOSE_ASKED)
    return Listing.status == Status.DRAFT
