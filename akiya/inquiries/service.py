"""Note, correct and remove inquiries. Each function is one transaction and checks the account's permission.

Changing or removing an inquiry about a listing adds an event to the listing; noting one needs none, its row says it all.
"""

from dataclasses import dataclass
from datetime import date

from akiya.accounts.models import Staff
from akiya.db import Session, today, transaction
from akiya.errors import Invalid, NotFound
from akiya.inquiries import search
from akiya.inquiries.models import Inquiry, InquiryKind, InquiryWay
from akiya.listings import search as listings
from akiya.listings.enums import ABROAD
from akiya.listings.events import EventKind
from akiya.listings.lifecycle import in_months
from akiya.listings.service import may_write, record
from akiya.municipalities import search as municipalities
from akiya.municipalities.service import prefectures

OLDEST_YEARS = 10
MOST_PEOPLE = 20


@dataclass(frozen=True)
class Details:
    """The optional facts of an inquiry; an `on` of None means today."""

    on: date | None = None
    way: InquiryWay | None = None
    previous_prefecture: str = ""
    household_size: int | None = None


def previous_homes() -> list[str]:
    """Return the choices for where people lived before: the 47 prefectures, and abroad."""
    return [*prefectures(), ABROAD]


def add(
    staff: Staff,
    municipality_code: str | None,
    listing_id: int | None,
    kind: InquiryKind,
    details: Details | None = None,
) -> Inquiry:
    """Note an inquiry about a listing, or about the municipality if `listing_id` is None.

    Raise Invalid if a value is wrong, NotFound or NotAllowed if the account may not write there.
    """
    may_write(staff)
    details = details or Details()
    with transaction(public=False) as session:
        if listing_id is not None:
            municipality_code = listings.for_staff(staff, listing_id).municipality_code
        made = Inquiry(listing_id=listing_id, municipality_code=_own(staff, municipality_code))
        made.staff_id, made.actor = staff.id, staff.name
        _assign(made, kind, details)
        session.add(made)
    return made


def change(staff: Staff, inquiry_id: int, kind: InquiryKind, details: Details) -> Inquiry:
    """Replace the values of an inquiry.

    Raise Invalid if a value is wrong, NotFound or NotAllowed if the account may not change it.
    """
    may_write(staff)
    with transaction(public=False) as session:
        found = search.for_staff(staff, inquiry_id)
        before = described(found)
        _assign(found, kind, details)
        if described(found) != before:
            _record(session, staff, found, EventKind.INQUIRY_CHANGED, [before, described(found)])
    return found


def remove(staff: Staff, inquiry_id: int) -> int | None:
    """Delete an inquiry and return the id of its listing, or None if it had none.

    Raise NotFound or NotAllowed if the account may not change it.
    """
    may_write(staff)
    with transaction(public=False) as session:
        found = search.for_staff(staff, inquiry_id)
        listing_id = found.listing_id
        _record(session, staff, found, EventKind.INQUIRY_REMOVED, [described(found), None])
        session.delete(found)
    return listing_id


def described(inquiry: Inquiry) -> str:
    """Return the inquiry as one line of Japanese text: kind, day, and what else is known."""
    people = f"{inquiry.household_size}人" if inquiry.household_size else ""
    known = (
        inquiry.kind.message,
        str(inquiry.on),
        inquiry.way.message if inquiry.way else "",
        inquiry.previous_prefecture,
        people,
    )
    return "・".join(filter(None, known))


def _own(staff: Staff, code: str | None) -> str:
    """Return the municipality's code if the account may use it: its own, or any for an account of the prefecture.

    Raise Invalid if there is none, NotFound if it is another's or unknown.
    """
    code = code or staff.municipality_code
    if not code:
        raise Invalid("市町村を選んでください。", {"municipality_code": "どの市町村のことか選んでください。"})
    if municipalities.by_code(code) is None or not (staff.is_prefecture or code == staff.municipality_code):
        raise NotFound("この市町村は登録されていません。")
    return code


def _assign(inquiry: Inquiry, kind: InquiryKind, details: Details) -> None:
    on, people, home = details.on or today(), details.household_size, details.previous_prefecture
    errors = {}
    if on > today():
        errors["on"] = f"{on} は先の日付です。今日（{today()}）までの日を入れてください。"
    elif on < in_months(today(), -12 * OLDEST_YEARS):
        errors["on"] = f"{on} は{OLDEST_YEARS}年より前です。年を確かめてください。"
    if people is not None and not 1 <= people <= MOST_PEOPLE:
        errors["household_size"] = f"{people}人は範囲の外です。1〜{MOST_PEOPLE}人で入れるか、空欄にしてください。"
    if home and home not in previous_homes():
        errors["previous_prefecture"] = f"「{home}」は選べません。一覧から選んでください。"
    if errors:
        raise Invalid("入力を確かめてください。", errors)
    inquiry.kind, inquiry.on, inquiry.way = kind, on, details.way
    inquiry.previous_prefecture, inquiry.household_size = home, people


def _record(session: Session, staff: Staff, inquiry: Inquiry, kind: EventKind, change: list[str | None]) -> None:
    if inquiry.listing_id is not None:
        record(session, listings.for_staff(staff, inquiry.listing_id), staff, kind, {"inquiry": change})
