"""People beside the owner, contacts with them, their documents, and what an owner applied with.

The owner's own name, contact and consent stand in the listing's private record.
"""

from datetime import date, datetime

from sqlalchemy import JSON, ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from akiya.db import Model, Moment, choice, now
from akiya.owners import enums


class CoOwner(Model):
    """Somebody else who has a say in the home."""

    __tablename__ = "co_owner"

    id: Mapped[int] = mapped_column(primary_key=True)
    listing_id: Mapped[int] = mapped_column(ForeignKey("listing.id", ondelete="CASCADE"), index=True)
    name: Mapped[str] = mapped_column(String(120))
    relation: Mapped[enums.Relation] = mapped_column(choice(enums.Relation))
    share: Mapped[str] = mapped_column(String(40), default="")
    contact: Mapped[str] = mapped_column(Text, default="")
    agreed_on: Mapped[date | None]


class Contact(Model):
    """One conversation about a home."""

    __tablename__ = "owner_contact"

    id: Mapped[int] = mapped_column(primary_key=True)
    listing_id: Mapped[int] = mapped_column(ForeignKey("listing.id", ondelete="CASCADE"), index=True)
    on: Mapped[date]
    way: Mapped[enums.ContactWay] = mapped_column(choice(enums.ContactWay))
    text: Mapped[str] = mapped_column(Text)
    actor: Mapped[str] = mapped_column(String(120))
    created_at: Mapped[datetime] = mapped_column(Moment, default=now)


class Document(Model):
    """A scan that belongs to a home: `key` is its private storage key."""

    __tablename__ = "owner_document"

    id: Mapped[int] = mapped_column(primary_key=True)
    listing_id: Mapped[int] = mapped_column(ForeignKey("listing.id", ondelete="CASCADE"), index=True)
    kind: Mapped[enums.DocumentKind] = mapped_column(choice(enums.DocumentKind))
    name: Mapped[str] = mapped_column(String(200))
    key: Mapped[str] = mapped_column(String(200))
    media_type: Mapped[str] = mapped_column(String(80))
    size: Mapped[int]
    actor: Mapped[str] = mapped_column(String(120))
    created_at: Mapped[datetime] = mapped_column(Moment, default=now)


class Application(Model):
    """What an owner sent through the public form; `sent` is each answer by its field's name, as it was typed."""

    __tablename__ = "owner_application"

    listing_id: Mapped[int] = mapped_column(ForeignKey("listing.id", ondelete="CASCADE"), primary_key=True)
    receipt: Mapped[str] = mapped_column(String(20), unique=True)
    name: Mapped[str] = mapped_column(String(120))
    kana: Mapped[str] = mapped_column(String(120), default="")
    address: Mapped[str] = mapped_column(String(300), default="")
    phone: Mapped[str] = mapped_column(String(40), default="")
    email: Mapped[str] = mapped_column(String(254), default="")
    relation: Mapped[str] = mapped_column(String(80), default="")
    message: Mapped[str] = mapped_column(Text, default="")
    applied_at: Mapped[datetime] = mapped_column(Moment, default=now)
    sent: Mapped[dict[str, str]] = mapped_column(JSON, default=dict)
