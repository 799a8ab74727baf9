"""One action on many listings at once: previewed, done in one transaction, and undoable for a day.

Every listing gets the same event as if it had been changed alone. The event's `changes` contain "bulk": [what the action
changed as {name: [from, to]}, the token of the whole action]. A token begins with the id of the last event before it, so
that finding its events reads only later ones.
"""

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, func, select, update
from sqlalchemy.orm import selectinload
from sqlalchemy.orm.exc import StaleDataError

from akiya.accounts import search as accounts
from akiya.accounts.models import Staff
from akiya.backoffice import assignment
from akiya.choices import Choice
from akiya.db import Session, db, now, today, transaction
from akiya.errors import Invalid, NotAllowed, NotFound
from akiya.language import N_, NP_
from akiya.listings import lifecycle, search
from akiya.listings.enums import LISTED, Deal, NoticeKind, Status
from akiya.listings.events import UNDO_FOR, EventKind
from akiya.listings.models import Changes, Closing, Event, Listing, Notice
from akiya.listings.service import may_write, plain, record
from akiya.values import Values

MOST = 1000
"""Maximum number of listings of one action, which is one transaction."""
_ROWS_AT_ONCE = 500
_CHANGED_MEANWHILE = "ちょうど今、別の人が同じ物件を変更しました。何も変えていません。もう一度確かめてください。"


class BulkAction(Choice):
    """An action on many listings at once."""

    CONFIRM = "confirm", NP_("bulk action", "募集の確認")
    WITHDRAW = "withdraw", NP_("bulk action", "取下げ")
    ASSIGN = "assign", N_("担当の変更")


@dataclass(frozen=True)
class BulkRequest:
    """A request for an action on many listings: with day and reason to withdraw them, with an account to assign them."""

    action: BulkAction
    on: date | None = None
    reason: str = ""
    to: Staff | None = None


@dataclass
class BulkPreview:
    """The effects of a request: listings to change, those that are so already, and those it cannot change, with why."""

    change: list[Listing] = field(default_factory=list)
    same: list[Listing] = field(default_factory=list)
    cannot: list[tuple[Listing, str]] = field(default_factory=list)


@dataclass(frozen=True)
class BulkChange:
    """A listing that an action changed by `event`; `since` is a later event that prevents undoing, if any.

    `back` says that the change was undone.
    """

    listing: Listing
    event: Event
    since: Event | None
    back: bool


@dataclass(frozen=True)
class BulkResult:
    """A finished action: who did what when, and what became of each listing since."""

    action: BulkAction
    actor: str
    at: datetime
    parts: Sequence[BulkChange]

    @property
    def open_until(self) -> datetime:
        """Return the instant until which the action can be undone."""
        return self.at + UNDO_FOR

    @property
    def undoable(self) -> int:
        """Return the number of listings that can be undone because they were not changed since the action."""
        return sum(part.since is None and not part.back for part in self.parts)


def candidates(listings: Sequence[Listing]) -> list[Staff]:
    """Return the accounts that may be in charge of all these listings."""
    codes = {listing.municipality_code for listing in listings}
    return accounts.writers(codes.pop() if len(codes) == 1 else None)


def chosen(staff: Staff, ids: Sequence[int]) -> list[Listing]:
    """Return the listings with these ids, in this order; locked if in a transaction.

    Raise NotFound if the account may not see one of them, Invalid if there are none or more than MOST.
    """
    if not ids:
        raise Invalid("物件が選ばれていません。物件に印を付けるか、「条件に合うすべて」を選んでください。")
    if len(ids) > MOST:
        raise Invalid(f"一度にできるのは{MOST:,}件までです（いま{len(ids):,}件）。条件でしぼってください。")
    found: dict[int, Listing] = {}
    for start in range(0, len(ids), _ROWS_AT_ONCE):
        query = select(Listing).where(Listing.id.in_(ids[start : start + _ROWS_AT_ONCE]), search.visible(staff))
        # Locked in the same order everywhere, so that two bulk actions cannot deadlock.
        query = query.order_by(Listing.id).with_for_update(of=Listing) if "writing" in db.session.info else query
        loaded = query.options(selectinload(Listing.municipality), selectinload(Listing.closing))
        found |= {listing.id: listing for listing in db.session.scalars(loaded)}
    if len(found) != len(set(ids)):
        raise NotFound("選んだ物件の中に、見つからないものがあります。一覧を開き直してください。")
    return [found[listing_id] for listing_id in dict.fromkeys(ids)]


def may(staff: Staff, action: BulkAction) -> bool:
    """Return whether the account may do this with many listings: staff may only confirm, the prefecture everything."""
    return staff.can_write and (staff.is_prefecture or action is BulkAction.CONFIRM)


def preview(staff: Staff, ids: Sequence[int], order: BulkRequest) -> BulkPreview:
    """Return what the order would do, without doing it.

    Raise Invalid for no or too many listings, NotFound or NotAllowed if the account may not change them like this.
    """
    may_write(staff)
    if not may(staff, order.action):
        raise NotAllowed("まとめての取下げと担当の変更は、県の担当者がします。")
    listings = chosen(staff, ids)
    asked = _asked_to_close(ids) if order.action is BulkAction.CONFIRM else set()
    plan = BulkPreview()
    for listing in listings:
        if why := _why_not(listing, order, asked):
            plan.cannot.append((listing, why))
        elif _is_so(listing, order):
            plan.same.append(listing)
        else:
            plan.change.append(listing)
    return plan


def do(staff: Staff, ids: Sequence[int], order: BulkRequest) -> tuple[str, BulkPreview]:
    """Carry out the order in one transaction; return the token that undoes it, and what was changed and what not.

    Raise Invalid if a value is wrong, no listing would change or somebody changed one at this moment; NotFound or
    NotAllowed if the account may not do this.
    """
    if order.action is BulkAction.WITHDRAW:
        lifecycle.reason_of(Status.WITHDRAWN, order.reason)
        if order.on is not None and order.on > today():
            raise Invalid(
                "日付を確かめてください。", {"on": f"{order.on} は先の日付です。今日までの日を入れてください。"}
            )
    try:
        with transaction(public=order.action is not BulkAction.ASSIGN) as session, session.no_autoflush:
            plan = preview(staff, ids, order)
            if not plan.change:
                raise Invalid("変わる物件がありません。何もしていません。")
            if (
                order.action is BulkAction.ASSIGN
                and order.to
                and order.to.id not in {p.id for p in candidates(plan.change)}
            ):
                raise Invalid("担当を選んでください。", {"to": "この人は担当にできません。一覧から選んでください。"})
            token = f"{session.scalar(select(func.max(Event.id))) or 0}-{secrets.token_urlsafe(9)}"
            _carry_out(session, staff, plan.change, order, token)
    except StaleDataError as error:
        raise Invalid(_CHANGED_MEANWHILE) from error
    return token, plan


def done(staff: Staff, token: str) -> BulkResult:
    """Return the action with this token. Raise NotFound after a day, or if the account may not see all its listings."""
    start, _dash, _rest = token.partition("-")
    events: Sequence[Event] = ()
    if start.isascii() and start.isdecimal() and len(start) < 10:
        lately = (Event.id > int(start), Event.at > now() - UNDO_FOR)
        events = db.session.scalars(select(Event).where(*lately, _marked(token)).order_by(Event.id)).all()
    if not events:
        raise NotFound("この操作は見つかりません。元に戻せるのは24時間以内です。")
    listings = {listing.id: listing for listing in chosen(staff, [event.listing_id for event in events])}
    later = _later(events)
    parts = []
    for event in events:
        listing, since = listings[event.listing_id], later.get(event.listing_id)
        back = since is not None and since.changes.get("bulk_undone") == [None, token]
        parts.append(BulkChange(listing, event, None if back else since or _otherwise(listing, event), back))
    action = next(action for action, kind in _EVENTS.items() if kind == events[0].action)
    return BulkResult(action, events[0].actor, events[0].at, parts)


def undo(staff: Staff, token: str) -> tuple[int, BulkResult]:
    """Undo the action where its listings are unchanged since; return their number, and the action before the undoing.

    Raise Invalid if nothing can be undone or somebody changed a listing at this moment; NotFound or NotAllowed if the
    account may not do this.
    """
    may_write(staff)
    try:
        with transaction() as session, session.no_autoflush:
            before = done(staff, token)
            if not may(staff, before.action):
                raise NotAllowed("まとめての取下げと担当の変更は、県の担当者がします。")
            left = [part for part in before.parts if part.since is None and not part.back]
            if not left:
                raise Invalid("元に戻せる物件がありません。どれも、その後に変わったか、元に戻してあります。")
            for part in left:
                _put_back(session, staff, part, token)
    except StaleDataError as error:
        raise Invalid(_CHANGED_MEANWHILE) from error
    return len(left), before


_EVENTS = {
    BulkAction.CONFIRM: EventKind.CONFIRMED,
    BulkAction.WITHDRAW: EventKind.MOVED,
    BulkAction.ASSIGN: EventKind.HANDED_OVER,
}
# Later events of a listing that undoing the action would overwrite.
_SINCE: dict[str, tuple[EventKind, ...]] = {
    EventKind.CONFIRMED: (EventKind.CONFIRMED, EventKind.MOVED, EventKind.CLOSE_ASKED, EventKind.BULK_UNDONE),
    EventKind.MOVED: (EventKind.MOVED, EventKind.COMPLETED, EventKind.BULK_UNDONE),
    EventKind.HANDED_OVER: (EventKind.HANDED_OVER, EventKind.BULK_UNDONE),
}


def _why_not(listing: Listing, order: BulkRequest, asked: set[int]) -> str:
    if order.action is BulkAction.ASSIGN:
        return ""
    if listing.status not in LISTED:
        return f"「{listing.status.label}」です。募集中か商談中の物件だけができます。"
    if listing.id in asked:
        return "終了の依頼があります。物件のページで1件ずつ答えてください。"
    if order.action is BulkAction.WITHDRAW and listing.published_on and order.on and order.on < listing.published_on:
        return f"{order.on} は、公開した日（{listing.published_on}）より前です。"
    return ""


def _is_so(listing: Listing, order: BulkRequest) -> bool:
    if order.action is BulkAction.ASSIGN:
        return listing.in_charge_id == (order.to.id if order.to else None)
    return order.action is BulkAction.CONFIRM and listing.confirmed_on == today()


def _asked_to_close(ids: Sequence[int]) -> set[int]:
    query = select(Notice.listing_id).where(Notice.listing_id.in_(ids), Notice.kind == NoticeKind.CLOSE_ASKED)
    return set(db.session.scalars(query))


def _carry_out(session: Session, staff: Staff, listings: Sequence[Listing], order: BulkRequest, token: str) -> None:
    if order.action is BulkAction.ASSIGN:
        to_id = order.to.id if order.to else None
        assignment.give(
            staff, listings, order.to, lambda row: {"bulk": [{"in_charge_id": [row.in_charge_id, to_id]}, token]}
        )
        return
    requests = _requests([listing.id for listing in listings])
    for listing in listings:
        if order.action is BulkAction.CONFIRM:
            due = today() + timedelta(days=listing.municipality.confirm_days)
            changed = {"confirmed_on": [listing.confirmed_on, today()], "review_due_on": [listing.review_due_on, due]}
            lifecycle.set_confirmed(session, listing, staff, {"bulk": [_plain(changed), token]})
        else:
            _withdraw(session, staff, listing, order, requests.get(listing.id), token)


def _requests(ids: Sequence[int]) -> dict[int, date]:
    query = select(Notice.listing_id, Notice.due_on).where(Notice.kind == NoticeKind.CLOSE_ASKED)
    return {listing_id: day for listing_id, day in db.session.execute(query.where(Notice.listing_id.in_(ids)))}  # noqa: C416  (a Result has keys())


def _withdraw(
    session: Session, staff: Staff, listing: Listing, order: BulkRequest, asked: date | None, token: str
) -> None:
    closing, on, reason = listing.closing, order.on or today(), order.reason.strip()
    kept = {name: plain(getattr(closing, name)) for name in _ANSWERS} if closing else None
    changed: dict[str, Sequence[object]] = {
        "status": [listing.status, Status.WITHDRAWN],
        "closed_on": [listing.closed_on, on],
        "negotiating_since": [listing.negotiating_since, None],
        "close_asked": [asked, None],
        "closing": [kept, None],
    }
    if closing is None:
        closing = listing.closing = Closing()
    closing.reason, closing.contracted_on = reason, None
    if closing.deal is None and listing.is_sale != listing.is_rent:
        closing.deal = Deal.SALE if listing.is_sale else Deal.RENT
    lifecycle.set_status(session, listing, staff, Status.WITHDRAWN, on, reason, {"bulk": [_plain(changed), token]})


_ANSWERS = ("reason", "deal", "contracted_on")


def _plain(changed: Mapping[str, Sequence[object]]) -> Changes:
    return {name: [plain(value) for value in pair] for name, pair in changed.items()}


def _marked(token: str) -> ColumnElement[bool]:
    kept: Any = Event.changes  # the column of a dictionary of Python has indexes of JSON only at run time
    found: ColumnElement[bool] = kept["bulk", 1].as_string() == token
    return found


def _later(events: Sequence[Event]) -> dict[int, Event]:
    """Return, by listing, the last event after the action's own that undoing would overwrite."""
    later: dict[int, Event] = {}
    own = {event.listing_id: event.id for event in events}
    ids, first = list(own), min(own.values())
    for start in range(0, len(ids), _ROWS_AT_ONCE):
        wanted = (Event.listing_id.in_(ids[start : start + _ROWS_AT_ONCE]), Event.id > first)
        query = select(Event).where(*wanted, Event.action.in_(_SINCE[events[0].action])).order_by(Event.id)
        later |= {event.listing_id: event for event in db.session.scalars(query) if event.id > own[event.listing_id]}
    return later


def _otherwise(listing: Listing, event: Event) -> Event | None:
    """Return the listing's last event if its values are no longer those that the action set, else None.

    Finds changes of the values by events that are not in _SINCE.
    """
    changed = event.changes["bulk"][0]
    if all(
        plain(getattr(listing, name)) == changed[name][1]
        for name in changed
        if hasattr(Listing, name) and name != "closing"
    ):
        return None
    return next(iter(search.events(listing.id, 1)), event)


def _put_back(session: Session, staff: Staff, part: BulkChange, token: str) -> None:
    """Restore the values that the listing had before the action, and record that it was undone."""
    listing, event = part.listing, part.event
    changed = event.changes["bulk"][0]
    shown = {
        name: pair[::-1] for name, pair in event.changes.items() if name in ("status", "confirmed_on", "in_charge")
    }
    for name in ("confirmed_on", "review_due_on", "closed_on", "negotiating_since"):
        if name in changed:
            setattr(listing, name, _day(changed[name][0]))
    if "in_charge_id" in changed:
        before = changed["in_charge_id"][0]
        session.execute(update(Listing).where(Listing.id == listing.id).values(in_charge_id=before))
    if "status" in changed:
        listing.status, listing.updated_at = Status(changed["status"][0]), now()
        _put_back_answers(session, listing.closing, changed["closing"][0])
        if asked := _day(changed["close_asked"][0]):
            session.add(Notice(listing_id=listing.id, kind=NoticeKind.CLOSE_ASKED, due_on=asked))
    event.status, event.effective_on = None, None  # reports count nothing that was undone
    record(session, listing, staff, EventKind.BULK_UNDONE, {**shown, "bulk_undone": [None, token]})


def _put_back_answers(session: Session, closing: Closing | None, kept: Values | None) -> None:
    if kept is None:
        session.delete(closing)
        return
    assert closing is not None  # the action made it, if it was not there
    closing.reason, closing.contracted_on = kept["reason"], _day(kept["contracted_on"])
    closing.deal = Deal.of(kept["deal"])


def _day(kept: str | None) -> date | None:
    return date.fromisoformat(kept) if kept else None
