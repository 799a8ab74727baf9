"""Queries for notices: those for an account, and who has read one."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import exists, func, select

from akiya.accounts.models import Staff
from akiya.bulletins.models import Bulletin, BulletinRead
from akiya.db import db, today
from akiya.errors import NotFound
from akiya.municipalities.models import Municipality


def unread(staff: Staff) -> list[Bulletin]:
    """Return the current notices for the account's municipality that the account has not read, oldest first."""
    if staff.municipality_code is None:
        return []
    read = exists().where(BulletinRead.bulletin_id == Bulletin.id, BulletinRead.staff_id == staff.id)
    query = select(Bulletin).where(Bulletin.until >= today(), ~read).order_by(Bulletin.id)
    return [each for each in db.session.scalars(query) if each.is_for(staff.municipality_code)]


def current(staff: Staff) -> list[Bulletin]:
    """Return the current notices that the account may see, read or not, newest first."""
    query = select(Bulletin).where(Bulletin.until >= today()).order_by(Bulletin.id.desc())
    found = db.session.scalars(query)
    return [each for each in found if staff.is_prefecture or each.is_for(staff.municipality_code)]


def of_staff(staff: Staff, bulletin_id: int) -> Bulletin:
    """Return the notice. Raise NotFound if there is none or it is not for the account's municipality."""
    found = db.session.get(Bulletin, bulletin_id)
    if found is None or not (staff.is_prefecture or found.is_for(staff.municipality_code)):
        raise NotFound("このお知らせは見つかりません。")
    return found


def page(limit: int, offset: int) -> tuple[Sequence[tuple[Bulletin, int]], int]:
    """Return a page of (notice, number of its readers), newest first, and the total number of notices."""
    readers = select(func.count()).where(BulletinRead.bulletin_id == Bulletin.id).scalar_subquery()
    query = select(Bulletin, readers).order_by(Bulletin.id.desc()).limit(limit).offset(offset)
    total = db.session.scalar(select(func.count()).select_from(Bulletin)) or 0
    return [(each, count) for each, count in db.session.execute(query)], total


def addressees(bulletin: Bulletin) -> list[tuple[Staff, str, datetime | None]]:
    """Return (account, its municipality's name, time of reading or None) for all active accounts it is addressed to."""
    read = (BulletinRead.bulletin_id == bulletin.id) & (BulletinRead.staff_id == Staff.id)
    query = (
        select(Staff, Municipality.name, BulletinRead.at)
        .join(Municipality, Municipality.code == Staff.municipality_code)
        .outerjoin(BulletinRead, read)
        .where(Staff.active, Staff.password_hash != "")
        .order_by(Staff.municipality_code, Staff.name, Staff.id)
    )
    rows = db.session.execute(query)
    return [(person, name, at) for person, name, at in rows if bulletin.is_for(person.municipality_code)]
