"""Drafts: what an account typed into a form and has not saved yet, stored for that account by the form's address."""

import json
from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy import delete, select

from akiya.accounts.models import FormDraft, Staff
from akiya.db import db, now, transaction

LARGEST = 200_000
"""Maximum size of a draft, in characters of JSON."""
MOST = 40
"""Maximum number of drafts of an account; the oldest ones are deleted."""


def read(staff: Staff, page: str) -> FormDraft | None:
    """Return the account's draft of the form at the address `page`, or None."""
    return db.session.scalar(select(FormDraft).where(FormDraft.staff_id == staff.id, FormDraft.page == page[:200]))


def save(staff: Staff, page: str, values: Mapping[str, Sequence[str]]) -> datetime | None:
    """Store `values` (texts by field name) as the draft of the form at `page` and return the time it was saved.

    An older draft of the same form is replaced. Return None, and store nothing, if the draft is too large.
    """
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
    """Delete the account's draft of the form at `page`, if there is one."""
    if read(staff, page) is None:
        return
    with transaction(public=False) as session:
        session.execute(delete(FormDraft).where(FormDraft.staff_id == staff.id, FormDraft.page == page[:200]))
