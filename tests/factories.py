"""Plain functions that create records through the services. They need an application context."""

from collections.abc import Callable
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import pyotp

from akiya.accounts import passwords
from akiya.accounts.models import Role, Staff
from akiya.db import db, transaction
from akiya.listings import lifecycle, service
from akiya.listings.enums import PropertyKind, Status
from akiya.listings.models import Listing
from akiya.owners import documents
from akiya.owners import service as owner_service
from akiya.owners.enums import DocumentKind, Relation

A, B = "43214", "43202"
PASSWORD = "a long enough password"
TOTP_SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"
_PEOPLE = {
    "aoi": ("あおい", Role.STAFF, A),
    "ren": ("れん", Role.READ_ONLY, A),
    "sora": ("そら", Role.STAFF, B),
    "hana": ("はな", Role.PREFECTURE, None),
}


def people() -> dict[str, int]:
    """Create the four personas and return their account ids by name."""
    rows = {
        key: Staff(email=f"{key}@example.jp", name=name, role=role, municipality_code=code, password_hash=_hash())
        for key, (name, role, code) in _PEOPLE.items()
    }
    rows["hana"].totp_secret = TOTP_SECRET
    with transaction() as session:
        session.add_all(rows.values())
    return {key: row.id for key, row in rows.items()}


@cache
def _hash() -> str:
    return passwords.made(PASSWORD)


def code(name: str) -> str:
    """Return a valid confirmation code of a persona, as if none had been used before."""
    with transaction():
        persona = staff(account(name))
        persona.totp_step = 0
        return pyotp.TOTP(persona.totp_secret).now()


def account(name: str) -> int:
    """Return the account id of a persona."""
    found = db.session.scalar(db.select(Staff.id).where(Staff.email == f"{name}@example.jp"))
    assert found is not None
    return int(found)


def staff(staff_id: int) -> Staff:
    """Return the account with this id."""
    found = db.session.get(Staff, staff_id)
    assert found is not None
    return found


def listing(staff_id: int, municipality: str = A, *, status: Status = Status.OPEN, **values: Any) -> int:
    """Create a listing in `status` with the given values, and return its id."""
    known = {
        "number": "空き家第1号",
        "town": "内牧",
        "is_sale": True,
        "kind": PropertyKind.HOUSE,
        "price": 4_800_000,
        **values,
    }
    made = service.create(staff(staff_id), municipality, known)
    listing_id = made.id
    if status is Status.DRAFT:
        return listing_id
    lifecycle.move(staff(staff_id), listing_id, Status.OPEN)
    if status is Status.NEGOTIATING:
        lifecycle.move(staff(staff_id), listing_id, status)
    elif status is not Status.OPEN:
        reason = {"reason": "所有者の都合"} if status is Status.WITHDRAWN else {}
        lifecycle.close(staff(staff_id), listing_id, status, None, reason)
    return listing_id


def copies(listing_id: int, count: int, point: Callable[[int], tuple[float, float]] | None = None) -> None:
    """Create `count` copies of the listing, each at the public point `point(number)` if it is given."""
    with transaction() as session:
        known = session.get(Listing, listing_id)
        copied = {c.name: getattr(known, c.name) for c in Listing.__table__.c if c.name != "id"}
        rows = [{**copied, "number": f"続き{n}"} for n in range(count)]
        if point is not None:
            for n, row in enumerate(rows):
                row["lon"], row["lat"] = point(n)
        session.execute(db.insert(Listing), rows)


def published_on(listing_id: int, day: date) -> None:
    """Change the listing as if it had been published on `day`."""
    with transaction() as session:
        found = session.get(Listing, listing_id)
        found.published_on = found.confirmed_on = day


def owners(staff_id: int, listing_id: int, folder: Path, storage: Any) -> dict[str, int]:
    """Create a co-owner and a document of the listing, and return their ids."""
    scan = folder / "consent.pdf"
    scan.write_bytes(b"%PDF-1.7\n%%EOF\n")
    made = owner_service.add_co_owner(
        staff(staff_id), listing_id, "共有花子", Relation.CO_OWNER, contact="096-000-0000"
    )
    document = documents.add(staff(staff_id), listing_id, DocumentKind.CONSENT, "同意書.pdf", scan, storage)
    return {"co_owner_id": made.id, "document_id": document.id}
