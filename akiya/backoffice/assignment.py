"""Who is in charge of a listing: one colleague, changed alone or all at once."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from sqlalchemy import select, update

from akiya.accounts import search as accounts
from akiya.accounts import service as account_service
from akiya.accounts.models import Staff
from akiya.db import db, transaction
from akiya.errors import Invalid
from akiya.listings import search
from akiya.listings.events import EventKind
from akiya.listings.models import Listing
from akiya.listings.service import may_write, record

_CHOOSE = "引き継ぐ人を選んでください。"


def of(listing: Listing) -> Staff | None:
    """Who is in charge of the listing, if anybody; perhaps no longer active."""
    return db.session.get(Staff, listing.in_charge_id) if listing.in_charge_id else None


def candidates(listing: Listing) -> list[Staff]:
    """Who may be put in charge of the listing: those of its municipality who write, and coordinators."""
    return accounts.writers(listing.municipality_code)


def successors(person: Staff) -> list[Staff]:
    """Who may take over all that `person` is in charge of."""
    return [other for other in accounts.writers(person.municipality_code) if other.id != person.id]


def listings_of(staff: Staff, person: Staff) -> Sequence[Listing]:
    """What `person` is in charge of, as far as `staff` may see it."""
    return search.in_charge_of(staff, person.id)


def put(staff: Staff, listing_id: int, to_id: int | None) -> Staff | None:
    """The listing is in charge of that account, or of nobody. Raises Invalid, NotFound or NotAllowed."""
    may_write(staff)
    with transaction(public=False):
        listing = search.for_staff(staff, listing_id)
        to = next((person for person in candidates(listing) if person.id == to_id), None)
        if to is None and to_id is not None:
            raise Invalid("この人は担当にできません。一覧から選んでください。")
        give(staff, [listing], to)
    return to


def hand_over(staff: Staff, person_id: int, to_id: int | None) -> int:
    """How many listings that account was in charge of and the other one is now. Raises Invalid, NotFound or NotAllowed."""
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
    """The account is deactivated, and what it was in charge of handed over where somebody is named: how many listings.

    Raises Invalid, NotFound or NotAllowed.
    """
    with transaction(public=False):
        given = hand_over(staff, person_id, to_id) if to_id is not None else 0
        account_service.deactivate(staff, person_id)
    return given


def give(
    staff: Staff,
    listings: Sequence[Listing],
    to: Staff | None,
    mark: Callable[[Listing], Mapping[str, list[Any]]] = lambda _listing: {},
) -> None:
    """The listings are in charge of `to`, each with an event that holds what `mark` says of it. Checks nothing."""
    # Not through the objects: the version stays, and whoever has the form open is not told that the listing was changed.
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
