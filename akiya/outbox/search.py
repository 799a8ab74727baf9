"""Read the outbox, without the texts of the mails: they contain personal links such as invitations."""

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import ColumnElement, func, select

from akiya.db import db
from akiya.outbox.models import Message, MessageState


class ShownMail(NamedTuple):
    """A mail without its text."""

    id: int
    to: str
    subject: str
    municipality_code: str | None
    state: MessageState
    attempts: int
    next_at: datetime
    problem: str
    created_at: datetime
    sent_at: datetime | None


_SHOWN = (
    Message.id, Message.to, Message.subject, Message.municipality_code, Message.state, Message.attempts, Message.next_at,
    Message.problem, Message.created_at, Message.sent_at,
)  # fmt: skip


def messages(
    municipality_code: str | None, state: MessageState | None, limit: int, offset: int
) -> tuple[Sequence[ShownMail], int]:
    """Return a page of mails, newest first and without their texts, and the exact total.

    They are those of one municipality, or of all for None.
    """
    conditions = _of(municipality_code)
    if state is not None:
        conditions.append(Message.state == state)
    query = select(*_SHOWN).where(*conditions).order_by(Message.id.desc()).limit(limit).offset(offset)
    total = db.session.scalar(select(func.count(Message.id)).where(*conditions)) or 0
    return [ShownMail._make(row) for row in db.session.execute(query)], total


def counts(municipality_code: str | None) -> dict[MessageState, int]:
    """Return how many mails of the municipality (None: of all) are in each state, without states that have no mail."""
    query = select(Message.state, func.count()).where(*_of(municipality_code)).group_by(Message.state)
    return {state: count for state, count in db.session.execute(query)}  # noqa: C416  (a Result has keys())


def _of(municipality_code: str | None) -> list[ColumnElement[bool]]:
    return [] if municipality_code is None else [Message.municipality_code == municipality_code]
