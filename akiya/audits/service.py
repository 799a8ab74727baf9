"""Write audit lines, and delete old ones."""

import logging
from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import delete, select
from sqlalchemy.exc import SQLAlchemyError

from akiya.accounts.models import Staff
from akiya.audits.models import AuditKind, AuditLine
from akiya.db import db, execute, transaction
from akiya.listings.models import Listing
from akiya.values import JsonObject

log = logging.getLogger("akiya")

_DAYS_A_MONTH = 365.25 / 12


def forget_old(moment: datetime, months: int) -> int:
    """Delete audit lines older than `months` months before `moment` and return their number."""
    end = moment - timedelta(days=months * _DAYS_A_MONTH)
    oldest = db.session.scalar(select(AuditLine.at).order_by(AuditLine.at).limit(1))
    if oldest is None or oldest >= end:
        return 0  # nearly always, and one row is enough to see it
    with transaction(public=False) as session:
        return execute(session, delete(AuditLine).where(AuditLine.at < end))


def record(staff: Staff, lines: Sequence[tuple[AuditKind, str, JsonObject]]) -> None:
    """Write an audit line for each action (kind, what, ids) of the account.

    A failure is logged and not raised: the action has been done, and its page is shown even without a record.
    """
    try:
        with transaction(public=False) as session:
            for kind, what, ids in lines:
                code = _municipality(ids) or staff.municipality_code
                session.add(AuditLine(staff_id=staff.id, kind=kind, what=what, municipality_code=code, ids=ids))
    except SQLAlchemyError:
        log.exception("an audit line could not be written", extra={"fields": {"lines": [line[1:] for line in lines]}})


def _municipality(ids: JsonObject) -> str | None:
    """Return the code of the municipality that the listing, account or setting in `ids` belongs to, or None."""
    if "listing_id" in ids:
        return db.session.scalar(select(Listing.municipality_code).where(Listing.id == ids["listing_id"]))
    if "staff_id" in ids:
        return db.session.scalar(select(Staff.municipality_code).where(Staff.id == ids["staff_id"]))
    code: str | None = ids.get("code")
    return code
