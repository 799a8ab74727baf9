"""Staff accounts."""

from datetime import datetime

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from akiya.choices import Choice
from akiya.db import Model, Moment, choice, now
from akiya.municipalities.models import Municipality


class Role(Choice):
    STAFF = "staff", "担当者", "Staff"
    READ_ONLY = "read_only", "閲覧のみ", "Read only"
    PREFECTURE = "prefecture", "県担当者", "Prefecture"


class Staff(Model):
    """A person who signs in. Prefecture accounts have no municipality and see all."""

    __tablename__ = "staff"

    id: Mapped[int] = mapped_column(primary_key=True)
    email: Mapped[str] = mapped_column(String(254), unique=True)
    name: Mapped[str] = mapped_column(String(80))
    password_hash: Mapped[str] = mapped_column(String(200))
    role: Mapped[Role] = mapped_column(choice(Role))
    municipality_code: Mapped[str | None] = mapped_column(ForeignKey("municipality.code"))
    active: Mapped[bool] = mapped_column(default=True)
    demonstration: Mapped[bool] = mapped_column(default=False)
    created_at: Mapped[datetime] = mapped_column(Moment, default=now)

    municipality: Mapped[Municipality | None] = relationship()

    @property
    def is_prefecture(self) -> bool:
        return self.role is Role.PREFECTURE

    @property
    def can_write(self) -> bool:
        return self.role is not Role.READ_ONLY
