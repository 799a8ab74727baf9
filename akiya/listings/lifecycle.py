"""Move a listing through its life: change its state, confirm it, extend it, close it.

Each public function that changes a listing for an account is one transaction, checks the account and records an event.
"""

import calendar
from collections.abc import Mapping
from datetime import date, timedelta

from sqlalchemy import delete, func, select

from akiya.accounts import tickets
from akiya.accounts.models import Staff, Ticket
from akiya.db import Session, db, now, today, transaction
from akiya.errors import Invalid, NotAllowed
from akiya.listings import search, states
from akiya.listings.enums import CLOSED, LISTED, Deal, NoticeKind, Status
from akiya.listings.events import EventKind
from akiya.listings.models import Changes, Closing, Event, Listing, Notice
from akiya.listings.service import may_write, missing_to_publish, plain, record
from akiya.municipalities.enums import Approval

EXTENDABLE_DAYS = 60
"""A listing's validity may be extended when at most this many days are left: its staff are reminded of the end then."""
_LONGEST_REASON = 1000


def offered(staff: Staff, listing: Listing) -> list[Status]:
    """Return the states that this account may move the listing to now."""
    return [to for to in _moves(listing) if to is not Status.APPROVED or not why_not_approve(staff, listing)]


def why_not_approve(staff: Staff, listing: Listing) -> str:
    """Return why this account may not approve the listing; "" when it may, or when approval is not the next step."""
    approval = listing.municipality.approval
    if Status.APPROVED not in _moves(listing):
        return ""
    if approval is Approval.PREFECTURE and not staff.is_prefecture:
        return "承認は、県の担当者がします。"
    if approval is Approval.SECOND and staff.id == _submitted_by(listing.id):
        return "承認は、申請した人とは別の担当者がします。"
    return ""


def move(staff: Staff, listing_id: int, to: Status, *, reason: str = "", since: date | None = None) -> Listing:
    """Move the listing to the state `to`, which must be one that may follow its present state.

    A negotiation began on the day `since` (default: today); returning or rejecting needs a `reason`. Raise Invalid for
    a move that is not offered or lacks something, NotAllowed for an approval that the account may not give.
    """
    may_write(staff)
    reason = reason_of(to, reason)
    with transaction() as session:
        listing = search.for_staff(staff, listing_id)
        if to not in _moves(listing):
            raise Invalid(
                f"「{listing.status.label}」から「{to.label}」へは進められません。画面を開き直して、状態を確かめてください。"
            )
        if to is Status.APPROVED and (why := why_not_approve(staff, listing)):
            raise NotAllowed(why)
        if to is Status.OPEN and listing.status not in LISTED and not listing.municipality.joined:
            raise Invalid(f"{listing.municipality.name}はこの空き家バンクに参加していないため、公開できません。")
        if to is Status.OPEN and (missing := missing_to_publish(listing)):
            raise Invalid("公開するには、次の項目が足りません。" + "、".join(missing.values()), missing)
        on = day("since", since, listing) if to is Status.NEGOTIATING else today()
        set_status(session, listing, staff, to, on, reason)
    return listing


def close(
    staff: Staff, listing_id: int, outcome: Status, closed_on: date | None, answers: Mapping[str, object]
) -> Listing:
    """Close the listing with `outcome` on the day `closed_on` (default: today), or change the record of a closed one.

    `answers` are values of Closing by column name; those that are missing can be added later. Raise Invalid for a wrong
    outcome, day or reason, or a listing that was never published.
    """
    may_write(staff)
    if outcome not in CLOSED:
        raise Invalid("終わり方を選んでください。", {"outcome": "成約、取下げ、期限満了のどれかです。"})
    reason = reason_of(outcome, str(answers.get("reason") or ""))
    with transaction() as session:
        listing = search.for_staff(staff, listing_id)
        if listing.status not in (*LISTED, *CLOSED):
            raise Invalid(f"「{listing.status.label}」の物件は終了にできません。公開してからにしてください。")
        closed_on = day("closed_on", closed_on, listing)
        closing = listing.closing or Closing()
        listing.closing = closing
        for name, value in answers.items():
            setattr(closing, name, value)
        if closing.deal is None and listing.is_sale != listing.is_rent:
            closing.deal = Deal.SALE if listing.is_sale else Deal.RENT
        closing.contracted_on = closed_on if outcome is Status.CONTRACTED else None
        if (listing.status, listing.closed_on) == (outcome, closed_on):
            record(session, listing, staff, EventKind.COMPLETED)
        else:
            set_status(session, listing, staff, outcome, closed_on, reason if outcome in states.ASK_WHY else "")
    return listing


def confirm(staff: Staff, listing_id: int, *, by_mail: bool = False) -> Listing:
    """Record that the listing is still available today. Raise Invalid if it is no longer listed.

    An open request to close it is answered by that and deleted.
    """
    may_write(staff)
    with transaction() as session:
        listing = search.for_staff(staff, listing_id)
        if listing.status not in LISTED:
            raise Invalid(f"「{listing.status.label}」の物件は募集の確認ができません。")
        set_confirmed(session, listing, staff, {"way": [None, "メールのリンク"]} if by_mail else {})
    return listing


def ask_to_close(staff: Staff, listing_id: int) -> Listing:
    """Record a request to close the listing, which its staff then see. Raise Invalid if it is no longer listed."""
    may_write(staff)
    with transaction(public=False) as session:
        listing = search.for_staff(staff, listing_id)
        if listing.status not in LISTED:
            raise Invalid(f"この物件は、もう「{listing.status.label}」になっています。")
        if not search.close_asked(listing.id):
            session.add(Notice(listing_id=listing.id, kind=NoticeKind.CLOSE_ASKED, due_on=today()))
        record(session, listing, staff, EventKind.CLOSE_ASKED, on=today())
    return listing


def answer_by_mail(staff: Staff, ticket: Ticket, listing_id: int, *, still_open: bool) -> Listing:
    """Confirm the listing or ask to close it, as answered by a mailed link, and use up the link's ticket.

    Raise Invalid if the ticket was used already.
    """
    with transaction():
        tickets.use(ticket)
        return confirm(staff, listing_id, by_mail=True) if still_open else ask_to_close(staff, listing_id)


def extend(staff: Staff, listing_id: int) -> Listing:
    """Extend the listing's validity by one term of its municipality. Raise Invalid while the end is not near."""
    may_write(staff)
    with transaction() as session:
        listing = search.for_staff(staff, listing_id)
        if not extendable(listing):
            raise Invalid(f"有効期限を延ばせるのは、募集中の物件で、期限まで{EXTENDABLE_DAYS}日以内のときです。")
        before = listing.valid_until
        assert before is not None
        listing.valid_until = in_months(max(before, today()), listing.municipality.valid_months)
        listing.updated_at = now()
        record(
            session, listing, staff, EventKind.EXTENDED, {"valid_until": [plain(before), plain(listing.valid_until)]}
        )
    return listing


def extendable(listing: Listing) -> bool:
    """Return whether the listing's validity may be extended.

    It may when the listing is on offer, its municipality takes part, and the end is near or past.
    """
    near = today() + timedelta(days=EXTENDABLE_DAYS)
    ends = listing.valid_until is not None and listing.valid_until <= near
    return ends and listing.status in LISTED and listing.municipality.joined


def in_months(start: date, months: int) -> date:
    """Return the same day of the month `months` later, or the last day of a shorter month."""
    year, month = divmod(start.year * 12 + start.month - 1 + months, 12)
    return date(year, month + 1, min(start.day, calendar.monthrange(year, month + 1)[1]))


def set_confirmed(session: Session, listing: Listing, staff: Staff, more: Changes) -> None:
    """Set the listing to confirmed today and record an event with `more` changes. Check nothing: callers do."""
    before = listing.confirmed_on
    _confirmed(listing, today())
    _answer_request(session, listing)
    changes = {"confirmed_on": [plain(before), plain(today())], **more}
    record(session, listing, staff, EventKind.CONFIRMED, changes, on=today())


def set_status(
    session: Session, listing: Listing, staff: Staff | None, to: Status, on: date, reason: str = "",
    more: Changes | None = None,
) -> None:  # fmt: skip
    """Set the listing's state since the day `on`, with the dates that follow from it, and record an event.

    Check nothing: callers do.
    """
    before, listing.status = listing.status, to
    if to is Status.OPEN:
        listing.published_on = listing.published_on or on
        _confirmed(listing, on)
        if before is not Status.NEGOTIATING or listing.valid_until is None:
            listing.valid_until = in_months(on, listing.municipality.valid_months)
    listing.negotiating_since = on if to is Status.NEGOTIATING else None
    listing.closed_on = on if to in CLOSED else None
    if to in CLOSED:
        _answer_request(session, listing)
    listing.updated_at = now()
    changes: Changes = {"status": [str(before), str(to)], **(more or {})}
    if reason:
        changes["reason"] = [None, reason]
    # Reports sort by this day: no move may be dated before the day on which the listing was last on offer.
    record(session, listing, staff, EventKind.MOVED, changes, status=to, on=max(on, _last_listed(listing.id) or on))


def _last_listed(listing_id: int) -> date | None:
    offered_on = select(func.max(Event.effective_on)).where(Event.listing_id == listing_id, Event.status.in_(LISTED))
    return db.session.scalar(offered_on)


def _moves(listing: Listing) -> list[Status]:
    municipality = listing.municipality
    return states.moves(listing.status, municipality.steps, municipality.approval)


def _submitted_by(listing_id: int) -> int | None:
    """Return the account id of who submitted the listing last, else created it; None for an owner's application."""
    begun = (Event.listing_id == listing_id, Event.status.in_((Status.SUBMITTED, Status.DRAFT)))
    handed_in = (Event.status == Status.SUBMITTED).desc()
    return db.session.scalar(select(Event.staff_id).where(*begun).order_by(handed_in, Event.id.desc()).limit(1))


def _confirmed(listing: Listing, on: date) -> None:
    listing.confirmed_on, listing.review_due_on = on, on + timedelta(days=listing.municipality.confirm_days)


def _answer_request(session: Session, listing: Listing) -> None:
    asked = (Notice.listing_id == listing.id, Notice.kind == NoticeKind.CLOSE_ASKED)
    session.execute(delete(Notice).where(*asked))


def reason_of(to: Status, reason: str) -> str:
    """Return the reason, stripped. Raise Invalid for `reason` if it is missing where needed, or too long."""
    reason = reason.strip()
    if to in states.ASK_WHY and not reason:
        message = f"「{to.label}」の理由を書いてください。履歴に残り、あとから読む人に伝わります。例：所有者が相続の相談中のため"
        raise Invalid("理由を書いてください。", {"reason": message})
    if len(reason) > _LONGEST_REASON:
        message = f"理由は{_LONGEST_REASON:,}文字までです（いま{len(reason):,}文字）。短くしてください。"
        raise Invalid("理由を短くしてください。", {"reason": message})
    return reason


def day(field: str, on: date | None, listing: Listing) -> date:
    """Return the day (default: today). Raise Invalid for `field` if it is before publication or in the future."""
    on = on or today()
    if on > today():
        message = f"{on} は先の日付です。今日（{today()}）までの日を入れてください。"
        raise Invalid("日付を確かめてください。", {field: message})
    if listing.published_on and on < listing.published_on:
        message = (
            f"{on} は、公開した日（{listing.published_on}）より前です。公開した日から今日までの日を入れてください。"
        )
        raise Invalid("日付を確かめてください。", {field: message})
    return on
