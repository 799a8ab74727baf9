"""Reading accounts."""

from sqlalchemy import select

from akiya.accounts.models import Staff
from akiya.db import db


def by_id(staff_id: int) -> Staff | None:
    """The active account with this id."""
    staff = db.session.get(Staff, staff_id)
    return staff if staff and staff.active else None


def demonstration() -> list[Staff]:
    """The accounts of the demonstration, in the order they were made."""
    return list(db.session.scalars(select(Staff).where(Staff.demonstration, Staff.active).order_by(Staff.id)))
