"""Change co-owners and conversations of a home. Each function is one transaction and adds an event to the history.

Each raises NotAllowed for an account that only reads, and NotFound for a home it may not see. Events name the person or
the kind of conversation, never a telephone number or address, and never what was said.
"""

from datetime import date

from akiya.accounts.models import Staff
from akiya.db import today, transaction
from akiya.errors import Invalid
from akiya.listings import search as listings
from akiya.listings.events import EventKind
from akiya.listings.service import may_write, record
from akiya.owners import search
from akiya.owners.enums import ContactWay, Relation
from akiya.owners.models import Contact, CoOwner

MOST_CO_OWNERS = 50


def add_co_owner(
    staff: Staff, listing_id: int, name: str, relation: Relation, *,
    share: str = "", contact: str = "", agreed_on: date | None = None,
) -> CoOwner:  # fmt: skip
    """Add a co-owner to the listing and return it. Raise Invalid for a future `agreed_on` or beyond MOST_CO_OWNERS."""
    may_write(staff)
    with transaction(public=False) as session:
        listing = listings.for_staff(staff, listing_id)
        if len(search.co_owners(listing_id)) >= MOST_CO_OWNERS:
            raise Invalid(f"共有者は{MOST_CO_OWNERS}人までです。ほかの方は内部メモに書いてください。")
        _check_agreed(agreed_on)
        made = CoOwner(
            listing_id=listing_id, name=name, relation=relation, share=share, contact=contact, agreed_on=agreed_on
        )
        session.add(made)
        record(session, listing, staff, EventKind.CO_OWNER_ADDED, {"co_owner": [None, _described(made)]})
    return made


def change_co_owner(
    staff: Staff, co_owner_id: int, name: str, relation: Relation, *, share: str, contact: str, agreed_on: date | None
) -> CoOwner:
    """Change the co-owner to these values and return it. Raise Invalid if `agreed_on` is in the future."""
    may_write(staff)
    with transaction(public=False) as session:
        found = search.co_owner_for_staff(staff, co_owner_id)
        _check_agreed(agreed_on)
        before, reached = _described(found), found.contact
        found.name, found.relation, found.share, found.contact = name, relation, share, contact
        found.agreed_on = agreed_on
        if _described(found) != before or contact != reached:
            listing = listings.for_staff(staff, found.listing_id)
            record(session, listing, staff, EventKind.CO_OWNER_CHANGED, {"co_owner": [before, _described(found)]})
    return found


def remove_co_owner(staff: Staff, co_owner_id: int) -> int:
    """Delete the co-owner and return the listing's id."""
    may_write(staff)
    with transaction(public=False) as session:
        found = search.co_owner_for_staff(staff, co_owner_id)
        listing = listings.for_staff(staff, found.listing_id)
        session.delete(found)
        record(session, listing, staff, EventKind.CO_OWNER_REMOVED, {"co_owner": [_described(found), None]})
    return listing.id


def note_contact(staff: Staff, listing_id: int, on: date | None, way: ContactWay, text: str) -> Contact:
    """Add a conversation held on `on` (default: today) and return it. Raise Invalid if `on` is in the future.

    A conversation is never changed afterwards: a mistake is corrected by adding another one.
    """
    may_write(staff)
    on = on or today()
    if on > today():
        raise Invalid("日付を確かめてください。", {"on": f"{on} は先の日付です。今日までの日を入れてください。"})
    with transaction(public=False) as session:
        listing = listings.for_staff(staff, listing_id)
        made = Contact(listing_id=listing_id, on=on, way=way, text=text, actor=staff.name)
        session.add(made)
        record(session, listing, staff, EventKind.CONTACT_ADDED, {"contact": [None, f"{way.message}（{on}）"]})
    return made


def _check_agreed(agreed_on: date | None) -> None:
    if agreed_on and agreed_on > today():
        message = f"{agreed_on} は先の日付です。同意を得た日を入れるか、まだなら空欄にしてください。"
        raise Invalid("同意の日を確かめてください。", {"agreed_on": message})


def _described(co_owner: CoOwner) -> str:
    share = f"・{co_owner.share}" if co_owner.share else ""
    agreed = f"同意 {co_owner.agreed_on}" if co_owner.agreed_on else "同意なし"
    return f"{co_owner.name}（{co_owner.relation.message}{share}・{agreed}）"
