"""What an account typed into a form and has not saved: kept for it alone, by the address of the form."""

import json
from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy import delete, select

from akiya.accounts.models import FormDraft, Staff
from akiya.db import db, now, transaction

LARGEST = 200_000
"""Characters of a draft."""
MOST = 40
"""Drafts of an account; the oldest goes."""


def read(staff: Staff, page: str) -> FormDraft | None:
    """The draft of this account for the form at `page`, if any."""
    return db.session.scalar(select(FormDraft).where(FormDraft.staff_id == staff.id, FormDraft.page == page[:200]))


def save(staff: Staff, page: str, values: Mapping[str, Sequence[str]]) -> datetime | None:
    """When the draft was kept, in the place of an older one; None for one that is too large. `values` by field name."""
    kept = {name: list(texts) for name, texts in values.items()}
    if len(json.dumps(kept, ensure_ascii=False)) > LARGEST:
        return None
    with transaction(public=False) as session:
        session.execute(select(Staff.id).where(Staff.id == staff.id).with_for_update())  # two windows save in turn
        draft = read(staff, page)
        if draft is None:
            draft = FormDraft(staff_id=staff.id, page=page[:200])
            session.add(draft)
        draft.values, draft.saved_at = kept, now()
        session.flush()
        newest = select(FormDraft.id).where(FormDraft.staff_id == staff.id).order_by(FormDraft.saved_at.desc())
        old = list(session.scalars(newest.offset(MOST)))
        session.execute(delete(FormDraft).where(FormDraft.id.in_(old)))
        return draft.saved_at


def drop(staff: Staff, page: str) -> None:
    """The account has no draft for the form at `page`."""
    if read(staff, page) is None:
        return
    with transaction(public=False) as session:
        session.execute(delete(FormDraft).where(FormDraft.staff_id == staff.id, FormDraft.page == page[:200]))
