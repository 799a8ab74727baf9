"""Read the snapshots of the open data."""

from collections.abc import Sequence
from datetime import date

from sqlalchemy import select

from akiya.db import db
from akiya.opendata.models import Snapshot


def snapshots() -> Sequence[Snapshot]:
    """Return every snapshot that is kept, newest first."""
    return db.session.scalars(select(Snapshot).order_by(Snapshot.day.desc())).all()


def of_day(day: date) -> Snapshot | None:
    """Return the snapshot of that day, or None."""
    return db.session.scalar(select(Snapshot).where(Snapshot.day == day))


def before(day: date) -> Snapshot | None:
    """Return the newest snapshot that is older than that day, or None."""
    return db.session.scalar(select(Snapshot).where(Snapshot.day < day).order_by(Snapshot.day.desc()).limit(1))
