"""Queries for accounts and their sign-ins."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import func, select

from akiya.accounts.models import Role, SignIn, SignInOutcome, Staff
from akiya.db import db
from akiya.errors import NotFound
from akiya.municipalities.models import Municipality


def by_id(staff_id: int) -> Staff | None:
    """Return the account with this id unless it is stopped or does not exist."""
    staff = db.session.get(Staff, staff_id)
    return staff if staff and staff.active else None


def name_of(staff_id: int) -> str:
    """Return the name of an account, active or stopped; "" if there is no such account."""
    return db.session.scalar(select(Staff.name).where(Staff.id == staff_id)) or ""


def by_email(email: str) -> Staff | None:
    """Return the account with this mail address, active or stopped, or None."""
    return db.session.scalar(select(Staff).where(Staff.email == email.strip().lower()))


def demonstration() -> list[Staff]:
    """Return the active accounts of the demonstration in the order of their creation."""
    return list(db.session.scalars(select(Staff).where(Staff.demonstration, Staff.active).order_by(Staff.id)))


def invited() -> list[Staff]:
    """Return the accounts that have not accepted their invitation, in the order of their creation."""
    wanted = (Staff.active, Staff.password_hash == "", Staff.demonstration.is_(False))
    return list(db.session.scalars(select(Staff).where(*wanted).order_by(Staff.id)))


def people(staff: Staff) -> Sequence[tuple[Staff, datetime | None]]:
    """Return the accounts that `staff` may see, each with the time of its last successful sign-in.

    The prefecture's come first, then those of the municipalities; within each, active before stopped and by name.
    """
    last = (
        select(func.max(SignIn.at))
        .where(SignIn.staff_id == Staff.id, SignIn.outcome == SignInOutcome.OK)
        .correlate(Staff)
        .scalar_subquery()
    )
    query = select(Staff, last).outerjoin(Municipality, Municipality.code == Staff.municipality_code)
    if not staff.is_prefecture:
        query = query.where(Staff.municipality_code == staff.municipality_code)
    order = (Staff.municipality_code.is_not(None), Staff.municipality_code, Staff.active.desc(), Staff.name, Staff.id)
    return [(person, at) for person, at in db.session.execute(query.order_by(*order))]


def person(staff: Staff, staff_id: int) -> Staff:
    """Return the account with this id. Raise NotFound if there is none or `staff` may not see it."""
    found = db.session.get(Staff, staff_id)
    if found is None or not (staff.is_prefecture or found.municipality_code == staff.municipality_code):
        raise NotFound("このアカウントは見つかりません。")
    return found


def writers(municipality_code: str | None) -> list[Staff]:
    """Return the accounts that can edit the municipality's listings: its own staff first, then the prefecture's."""
    query = (
        select(Staff)
        .where(
            Staff.active,
            Staff.password_hash != "",
            (Staff.role == Role.PREFECTURE)
            | ((Staff.role == Role.STAFF) & (Staff.municipality_code == municipality_code)),
        )
        .order_by(Staff.municipality_code.is_(None), Staff.name, Staff.id)
    )
    return list(db.session.scalars(query))


def sign_ins(staff_id: int, limit: int = 50) -> Sequence[SignIn]:
    """Return the last attempts to sign in to this account, newest first."""
    query = select(SignIn).where(SignIn.staff_id == staff_id).order_by(SignIn.id.desc()).limit(limit)
    return db.session.scalars(query).all()
