"""Mail on its way."""

from datetime import datetime

from sqlalchemy import Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from akiya.choices import Choice
from akiya.db import Model, Moment, choice, now
from akiya.language import N_


class MessageState(Choice):
    WAITING = "waiting", N_("送信待ち")
    SENDING = "sending", N_("送信中")
    SENT = "sent", N_("送信済み")
    FAILED = "failed", N_("送れませんでした")
    UNCERTAIN = "uncertain", N_("送れたか分かりません")


class Message(Model):
    """A mail. `key` says what it is about: the same key is never written twice. `text` is emptied when it has gone.

    A worker that ends while the server takes the mail leaves it "sending": nobody knows whether it went, so it is never
    sent again by itself.
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
