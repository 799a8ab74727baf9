"""Assign listings to the account in charge of them, one by one or all of an account at once."""

from collections.abc import Callable, Sequence

from sqlalchemy import select, update

from akiya.accounts import search as accounts
from akiya.accounts import service as account_service
from akiya.accounts.models import Staff
from akiya.db import db, transaction
from akiya.errors import Invalid
from akiya.listings import search
from akiya.listings.events import EventKind
from akiya.listings.models import Changes, Listing
from akiya.listings.service import may_write, record

_CHOOSE = "引き継ぐ人を選んでください。"


def of(listing: Listing) -> Staff | None:
    """Return the account in charge of the listing, or None; it may have been stopped since."""
    return db.session.get(Staff, listing.in_charge_id) if listing.in_charge_id else None


def candidates(listing: Listing) -> list[Staff]:
    """Return the accounts that may be in charge of the listing: its municipality's staff, and the prefecture's."""
    return accounts.writers(listing.municipality_code)


def successors(person: Staff) -> list[Staff]:
    """Return the accounts that may take over the listings of `person`."""
    return [other for other in accounts.writers(person.municipality_code) if other.id != person.id]


def listings_of(staff: Staff, person: Staff) -> Sequence[Listing]:
    """Return the listings that `person` is in charge of and `staff` may see."""
    return search.in_charge_of(staff, person.id)


def put(staff: Staff, listing_id: int, to_id: int | None) -> Staff | None:
    """Put an account, or nobody, in charge of the listing and return it.

    Raise Invalid if the account may not be in charge, NotFound or NotAllowed if `staff` may not change the listing.
    """
    may_write(staff)
    with transaction(public=False):
        listing = search.for_staff(staff, listing_id)
        to = next((person for person in candidates(listing) if person.id == to_id), None)
        if to is None and to_id is not None:
            raise Invalid("この人は担当にできません。一覧から選んでください。")
        give(staff, [listing], to)
    return to


def hand_over(staff: Staff, person_id: int, to_id: int | None) -> int:
    """Put the account `to_id` in charge of all listings of the account `person_id` and return their number.

    Raise Invalid if `to_id` may not take over, NotFound or NotAllowed if `staff` may not manage `person_id`.
    """
    may_write(staff)
    with transaction(public=False):
        person = account_service.managed(staff, person_id)
        to = next((other for other in successors(person) if other.id == to_id), None)
        if to is None:
            raise Invalid(_CHOOSE, {"to": _CHOOSE})
        given = [
            row
            for row in listings_of(staff, person)
            if to.is_prefecture or row.municipality_code == to.municipality_code
        ]
        give(staff, given, to)
    return len(given)


def leave(staff: Staff, person_id: int, to_id: int | None) -> int:
    """Deactivate an account, hand its listings over if `to_id` is given, and return the number handed over.

    Raise Invalid if `to_id` may not take over, or if the account is the last active one that writes for its municipality
    or for the prefecture. Raise NotFound or NotAllowed if `staff` may not manage it.
    """
    with transaction(public=False):
        given = hand_over(staff, person_id, to_id) if to_id is not None else 0
        account_service.deactivate(staff, person_id)
    return given


def give(
    staff: Staff,
    listings: Sequence[Listing],
    to: Staff | None,
    mark: Callable[[Listing], Changes] = lambda _listing: {},
) -> None:
    """Put `to`, or nobody, in charge of the listings and record an event for each one that changes.

    `mark` adds entries to the event's changes. Permissions are not checked: the caller has done so.
    """
    # Updated without the objects, so that the row's version stays: a clerk who has the form open gets no edit conflict.
    people = select(Staff).where(Staff.id.in_({row.in_charge_id for row in listings}))
    names = {person.id: person.name for person in db.session.scalars(people)}
    to_id = to.id if to else None
    changed = [row for row in listings if row.in_charge_id != to_id]
    for row in changed:
        before = names.get(row.in_charge_id or 0)
        record(
            db.session, row, staff, EventKind.HANDED_OVER, {"in_charge": [before, to.name if to else None], **mark(row)}
        )
    ids = [row.id for row in changed]
    for start in range(0, len(ids), 500):
        chosen = Listing.id.in_(ids[start : start + 500])
        db.session.execute(
            update(Listing).where(chosen).values(in_charge_id=to_id), execution_options={"synchronize_session": False}
        )
    for row in changed:
        db.session.expire(row, ["in_charge_id"])
