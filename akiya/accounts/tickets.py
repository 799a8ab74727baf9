"""Tickets: links in mails that let whoever holds them do one thing, once, for a while."""

from datetime import timedelta

from itsdangerous import BadData, URLSafeSerializer
from sqlalchemy import update

from akiya.accounts.models import Purpose, Ticket
from akiya.db import db, now, transaction
from akiya.errors import Invalid

WRONG = "このリンクは正しくありません。メールのリンクを最後まで写せているか確かめてください。"
EXPIRED = "このリンクは期限が切れています。新しいメールを送ってもらってください。"
USED = "このリンクはもう使われたか、取り消されています。"


def issue(purpose: Purpose, staff_id: int, valid_for: timedelta, subject_id: int | None = None) -> Ticket:
    """A new ticket, good for `valid_for`, committed with the transaction it is issued in."""
    with transaction(public=False) as session:
        ticket = Ticket(purpose=purpose, staff_id=staff_id, subject_id=subject_id, expires_at=now() + valid_for)
        session.add(ticket)
        session.flush()
    return ticket


def token(ticket: Ticket, secret_key: str) -> str:
    """What stands in the link: only the site can have written it, and it is good for one purpose."""
    signed: str | bytes = _signer(ticket.purpose, secret_key).dumps(_content(ticket))
    return signed.decode() if isinstance(signed, bytes) else signed


def read(token: str, purpose: Purpose, secret_key: str) -> Ticket:
    """The ticket behind a link; reading it does not use it up. Raises Invalid: wrong, used already or expired."""
    try:
        content = _signer(purpose, secret_key).loads(token)
    except BadData as error:
        raise Invalid(WRONG) from error
    ticket = db.session.get(Ticket, content[0])
    # The number alone is not enough: a database taken back to an earlier day gives numbers out again.
    if ticket is None or content != _content(ticket):
        raise Invalid(WRONG)
    if ticket.used_at is not None:
        raise Invalid(USED)
    if ticket.expires_at <= now():
        raise Invalid(EXPIRED)
    return ticket


def use(ticket: Ticket) -> None:
    """The ticket is used up, with the transaction it is used in. Raises Invalid when somebody was faster."""
    with transaction(public=False) as session:
        free = (Ticket.id == ticket.id, Ticket.used_at.is_(None), Ticket.expires_at > now())
        used = session.execute(
            update(Ticket).where(*free).values(used_at=now()), execution_options={"synchronize_session": "fetch"}
        )
        if used.rowcount != 1:
            raise Invalid(USED)


def void(purpose: Purpose, staff_id: int) -> None:
    """No ticket of this purpose that the account got so far can be used any more."""
    with transaction(public=False) as session:
        open_ones = (Ticket.purpose == purpose, Ticket.staff_id == staff_id, Ticket.used_at.is_(None))
        session.execute(
            update(Ticket).where(*open_ones).values(used_at=now()), execution_options={"synchronize_session": "fetch"}
        )


def _content(ticket: Ticket) -> list[int]:
    return [ticket.id, ticket.staff_id, int(ticket.expires_at.timestamp())]


def _signer(purpose: Purpose, secret_key: str) -> URLSafeSerializer:
    return URLSafeSerializer(secret_key, salt=f"akiya.ticket.{purpose}")
