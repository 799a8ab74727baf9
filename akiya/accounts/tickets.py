"""Tickets: links in mails that let the person who has them do one thing, once, until they expire."""

from datetime import timedelta

from itsdangerous import BadData, URLSafeSerializer
from sqlalchemy import update

from akiya.accounts.models import Purpose, Ticket
from akiya.db import db, execute, now, transaction
from akiya.errors import Invalid

WRONG = "このリンクは正しくありません。メールのリンクを最後まで写せているか確かめてください。"
EXPIRED = "このリンクは期限が切れています。新しいメールを送ってもらってください。"
USED = "このリンクはもう使われたか、取り消されています。"


def issue(purpose: Purpose, staff_id: int, valid_for: timedelta, subject_id: int | None = None) -> Ticket:
    """Create a ticket that expires after `valid_for`; it is committed with the caller's transaction."""
    with transaction(public=False) as session:
        ticket = Ticket(purpose=purpose, staff_id=staff_id, subject_id=subject_id, expires_at=now() + valid_for)
        session.add(ticket)
        session.flush()
    return ticket


def token(ticket: Ticket, secret_key: str) -> str:
    """Return the signed text of the ticket for use in a link; it is valid for the ticket's purpose only."""
    signed: str | bytes = _signer(ticket.purpose, secret_key).dumps(_content(ticket))
    return signed.decode() if isinstance(signed, bytes) else signed


def read(token: str, purpose: Purpose, secret_key: str) -> Ticket:
    """Return the ticket of a link without using it up. Raise Invalid if the link is wrong, used or expired."""
    try:
        content = _signer(purpose, secret_key).loads(token)
    except BadData as error:
        raise Invalid(WRONG) from error
    ticket = db.session.get(Ticket, content[0])
    # Comparing the number is not enough: a database restored from a backup issues the same numbers again.
    if ticket is None or content != _content(ticket):
        raise Invalid(WRONG)
    if ticket.used_at is not None:
        raise Invalid(USED)
    if ticket.expires_at <= now():
        raise Invalid(EXPIRED)
    return ticket


def use(ticket: Ticket) -> None:
    """Mark the ticket as used, within the caller's transaction. Raise Invalid if it was used or expired meanwhile."""
    with transaction(public=False) as session:
        free = (Ticket.id == ticket.id, Ticket.used_at.is_(None), Ticket.expires_at > now())
        used = update(Ticket).where(*free).values(used_at=now()).execution_options(synchronize_session="fetch")
        if execute(session, used) != 1:
            raise Invalid(USED)


def void(purpose: Purpose, staff_id: int) -> None:
    """Make all unused tickets of this purpose that the account has been issued unusable."""
    with transaction(public=False) as session:
        open_ones = (Ticket.purpose == purpose, Ticket.staff_id == staff_id, Ticket.used_at.is_(None))
        session.execute(
            update(Ticket).where(*open_ones).values(used_at=now()), execution_options={"synchronize_session": "fetch"}
        )


def _content(ticket: Ticket) -> list[int]:
    return [ticket.id, ticket.staff_id, int(ticket.expires_at.timestamp())]


def _signer(purpose: Purpose, secret_key: str) -> URLSafeSerializer:
    return URLSafeSerializer(secret_key, salt=f"akiya.ticket.{purpose}")
