"""Tables about a home's owners: co-owners, conversations, documents, and the application an owner sent.

The owner's own name, contact and consent are in the listing's private record.
"""

from datetime import date, datetime

from sqlalchemy import JSON, ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from akiya.db import Model, Moment, choice, now
from akiya.owners import enums


class CoOwner(Model):
    """Another person who has a say in the home: a co-owner, an heir or a representative."""

    __tablename__ = "co_owner"

    id: Mapped[int] = mapped_column(primary_key=True)
    listing_id: Mapped[int] = mapped_column(ForeignKey("listing.id", ondelete="CASCADE"), index=True)
    name: Mapped[str] = mapped_column(String(120))
    relation: Mapped[enums.Relation] = mapped_column(choice(enums.Relation))
    share: Mapped[str] = mapped_column(String(40), default="")
    contact: Mapped[str] = mapped_column(Text, default="")
    agreed_on: Mapped[date | None]


class Contact(Model):
    """A conversation of staff with an owner about a home, and the name of the account that noted it."""

    __tablename__ = "owner_contact"

    id: Mapped[int] = mapped_column(primary_key=True)
    listing_id: Mapped[int] = mapped_column(ForeignKey("listing.id", ondelete="CASCADE"), index=True)
    on: Mapped[date]
    way: Mapped[enums.ContactWay] = mapped_column(choice(enums.ContactWay))
    text: Mapped[str] = mapped_column(Text)
    actor: Mapped[str] = mapped_column(String(120))
    created_at: Mapped[datetime] = mapped_column(Moment, default=now)


class Document(Model):
    """A scanned document of a home; `key` is its private storage key, `size` is in bytes."""

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
    """An application sent through the public form; `sent` maps each field's name to the answer as it was typed."""

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
