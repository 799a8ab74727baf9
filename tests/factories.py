"""Plain functions that make records through the services. They need an application context."""

from datetime import date
from typing import Any

from akiya.accounts import service as accounts
from akiya.accounts.models import Role, Staff
from akiya.db import db, transaction
from akiya.listings import service
from akiya.listings.enums import Kind, Status
from akiya.listings.models import Listing

A, B = "43214", "43202"
PASSWORD = "a long enough password"
_PEOPLE = {
    "aoi": ("あおい", Role.STAFF, A),
    "ren": ("れん", Role.READ_ONLY, A),
    "sora": ("そら", Role.STAFF, B),
    "hana": ("はな", Role.PREFECTURE, None),
}


def people() -> dict[str, int]:
    """The four personas; their account ids by name."""
    made = {}
    for key, (name, role, code) in _PEOPLE.items():
        made[key] = accounts.create(f"{key}@example.jp", name, PASSWORD, role, code).id
    return made


def staff(staff_id: int) -> Staff:
    """The account."""
    found = db.session.get(Staff, staff_id)
    assert found is not None
    return found


def listing(staff_id: int, municipality: str = A, *, status: Status = Status.OPEN, **values: Any) -> int:
    """A listing in `status` with a point in its municipality; its id."""
    known = {"number": "空き家第1号", "town": "内牧", "is_sale": True, "kind": Kind.HOUSE, "price": 4_800_000, **values}
    made = service.create(staff(staff_id), municipality, known)
    listing_id = made.id
    if status is Status.DRAFT:
        return listing_id
    service.move(staff(staff_id), listing_id, Status.OPEN)
    if status is Status.NEGOTIATING:
        service.move(staff(staff_id), listing_id, status)
    elif status is not Status.OPEN:
        service.close(staff(staff_id), listing_id, status, None, {})
    return listing_id


def published_on(listing_id: int, day: date) -> None:
    """The listing as if it had been published on `day`."""
    with transaction() as session:
        found = session.get(Listing, listing_id)
        found.published_on = found.confirmed_on = day
