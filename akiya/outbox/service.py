"""Write mails in the transaction of the change they report; the worker sends them later, each at most once.

A row goes from waiting to sending to sent. A worker claims it only after the server has accepted the recipient, so a
worker that is killed leaves in doubt at most the mail that was being transferred at that moment.
"""

from datetime import datetime, timedelta
from typing import NamedTuple

from sqlalchemy import select, update

from akiya import mail
from akiya.config import Config
from akiya.db import db, execute, insert_once, now, transaction
from akiya.errors import Invalid, NotFound
from akiya.outbox.models import Message, MessageState

_DELAYS = [timedelta(minutes=m) for m in (1, 5, 30, 120)] + [timedelta(hours=6)] * 12
"""The time that a mail waits after each attempt: about three days in all."""
_ABANDONED = timedelta(minutes=10)
_BATCH = 50
_ABOUT = str.maketrans(dict.fromkeys("\r\n\t\x0b\x0c\x85\u2028\u2029", " "))


def write(key: str, to: str, subject: str, text: str, municipality_code: str | None = None) -> bool:
    """Add the mail to the current transaction and return True, or return False if its key was used before."""
    values = {
        "key": key, "to": to, "subject": subject.translate(_ABOUT)[:200], "text": text, "municipality_code": municipality_code,
        "state": MessageState.WAITING, "attempts": 0, "problem": "", "created_at": now(), "next_at": now(),
    }  # fmt: skip
    with transaction(public=False) as session:
        # Of two transactions that write the same key at once, the second inserts nothing. A plain insert would raise
        # an error and roll back the change that the mail reports.
        statement = insert_once(session, Message, values, ["key"])
        return bool(session.execute(statement.returning(Message.id)).scalar())


def deliver(config: Config) -> int:
    """Send every mail that is due and return how many were sent; several workers may do so at the same time."""
    _give_up_the_abandoned()
    sent = 0
    while due := _due():
        try:
            with mail.connect(config) as connection:
                for row in due:
                    sent += _deliver_one(config, connection, row)
        except mail.NotSent as error:  # no connection: all of them wait
            for row in due:
                _put_off(row, error, MessageState.WAITING)
            break
    return sent


def send_again(message_id: int, municipality_code: str | None) -> None:
    """Make a failed or uncertain mail due again at once.

    Raise NotFound if the municipality has no such mail (None: any municipality), Invalid if its state is another one.
    """
    mine = [Message.id == message_id]
    if municipality_code is not None:
        mine.append(Message.municipality_code == municipality_code)
    with transaction(public=False) as session:
        if session.scalar(select(Message.id).where(*mine)) is None:
            raise NotFound("このメールは見つかりません。")
        again = update(Message).where(*mine, Message.state.in_((MessageState.FAILED, MessageState.UNCERTAIN)))
        if not execute(session, again.values(state=MessageState.WAITING, attempts=0, next_at=now(), problem="")):
            raise Invalid("このメールは、送り直す前に状態が変わりました。一覧を開き直してください。")


class _Mail(NamedTuple):
    id: int
    to: str
    subject: str
    text: str
    attempts: int
    created_at: datetime


_COLUMNS = (Message.id, Message.to, Message.subject, Message.text, Message.attempts, Message.created_at)


def _due() -> list[_Mail]:
    query = select(*_COLUMNS).where(Message.state == MessageState.WAITING, Message.next_at <= now())
    # A connection of its own, released at once: no transaction may stay open while the mail server is talked to.
    with db.engine.connect() as connection:
        return [_Mail(*row) for row in connection.execute(query.order_by(Message.next_at, Message.id).limit(_BATCH))]


def _deliver_one(config: Config, connection: mail.Server | mail.Folder, row: _Mail) -> int:
    try:
        name = f"{row.id}.{row.created_at:%Y%m%d%H%M%S}"
        composed = mail.compose(config, row.to, row.subject, row.text, mail.message_id(config, name))
        connection.offer(row.to)
    except mail.NotSent as error:
        _put_off(row, error, MessageState.WAITING)
        return 0
    if not _change(row.id, MessageState.WAITING, state=MessageState.SENDING, next_at=now()):
        return 0  # another worker has it
    try:
        connection.hand_over(composed)
    except mail.NotSent as error:
        _put_off(row, error, MessageState.SENDING)
    except mail.Lost as error:
        _change(row.id, MessageState.SENDING, state=MessageState.UNCERTAIN, problem=str(error)[:300])
    else:
        return int(_change(row.id, MessageState.SENDING, state=MessageState.SENT, sent_at=now(), text="", problem=""))
    return 0


def _put_off(row: _Mail, error: mail.NotSent, state: MessageState) -> None:
    """Schedule the mail's next attempt, or mark it as failed after the last one or an error that will not go away."""
    problem, attempts = str(error)[:300], row.attempts + 1
    if error.for_good or attempts > len(_DELAYS):
        _change(row.id, state, state=MessageState.FAILED, attempts=attempts, problem=problem)
    else:
        next_at = now() + _DELAYS[row.attempts]
        _change(row.id, state, state=MessageState.WAITING, attempts=attempts, next_at=next_at, problem=problem)


def _change(message_id: int, was: MessageState, **values: object) -> bool:
    """Set `values` if the mail is still in state `was`, and return whether it was: one of several workers succeeds."""
    with transaction(public=False) as session:
        changed = update(Message).where(Message.id == message_id, Message.state == was).values(values)
        return bool(execute(session, changed))


def _give_up_the_abandoned() -> None:
    """Mark mails as uncertain that have been "sending" for ten minutes: their worker was killed.

    In a row that is being sent, `next_at` is the time at which it was claimed.
    """
    left = (Message.state == MessageState.SENDING, Message.next_at < now() - _ABANDONED)
    with db.engine.connect() as connection:
        found = connection.scalar(select(Message.id).where(*left).limit(1))
    if found is not None:
        problem = "送っている途中で処理が止まりました。届いたか確かめ、届いていなければ、もう一度送ってください。"
        with transaction(public=False) as session:
            session.execute(update(Message).where(*left).values(state=MessageState.UNCERTAIN, problem=problem))
