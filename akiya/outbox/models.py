"""The outbox: mails that wait, were sent, or failed."""

from datetime import datetime

from sqlalchemy import Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from akiya.choices import Choice
from akiya.db import Model, Moment, choice, now
from akiya.language import N_


class MessageState(Choice):
    """The state of a mail, from waiting to sent or failed; uncertain if nobody knows whether the server got it."""

    WAITING = "waiting", N_("送信待ち")
    SENDING = "sending", N_("送信中")
    SENT = "sent", N_("送信済み")
    FAILED = "failed", N_("送れませんでした")
    UNCERTAIN = "uncertain", N_("送れたか分かりません")


class Message(Model):
    """A mail in the outbox. `key` says what it is about and is unique; `text` is emptied once the mail was sent.

    A worker that is killed during the transfer leaves the mail "sending": nobody knows whether the server has it, so it
    becomes uncertain and is sent again only if a person asks for it.
    """

    __tablename__ = "message"

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(String(200), unique=True)
    to: Mapped[str] = mapped_column(String(254))
    subject: Mapped[str] = mapped_column(String(200))
    text: Mapped[str] = mapped_column(Text)
    municipality_code: Mapped[str | None] = mapped_column(String(5))
    state: Mapped[MessageState] = mapped_column(choice(MessageState), default=MessageState.WAITING)
    attempts: Mapped[int] = mapped_column(default=0)
    next_at: Mapped[datetime] = mapped_column(Moment, default=now)
    problem: Mapped[str] = mapped_column(String(300), default="")
    created_at: Mapped[datetime] = mapped_column(Moment, default=now)
    sent_at: Mapped[datetime | None] = mapped_column(Moment)

    __table_args__ = (Index("ix_message_state_next_at", "state", "next_at"),)
