"""Erasing audit lines that are old enough."""

from datetime import datetime, timedelta

from sqlalchemy import delete, select

from akiya.audits.models import AuditLine
from akiya.db import db, transaction

_DAYS_A_MONTH = 365.25 / 12


def forget_old(moment: datetime, months: int) -> int:
    """How many audit lines of more than so many months ago were erased."""
    end = moment - timedelta(days=months * _DAYS_A_MONTH)
    oldest = db.session.scalar(select(AuditLine.at).order_by(AuditLine.at).limit(1))
    if oldest is None or oldest >= end:
        return 0  # nearly always, and told by one row
    with transaction(public=False) as session:
        return int(session.execute(delete(AuditLine).where(AuditLine.at < end)).rowcount)
