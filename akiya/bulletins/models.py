"""Tables of the prefecture's notices to municipalities, and of the accounts that have read them."""

from datetime import date, datetime

from sqlalchemy import ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from akiya.db import Model, Moment, now


class Bulletin(Model):
    """A notice, shown until the day `until` to staff of the municipalities `codes` (comma-separated; "" for all)."""

    __tablename__ = "bulletin"

    id: Mapped[int] = mapped_column(primary_key=True)
    title: Mapped[str] = mapped_column(String(120))
    text: Mapped[str] = mapped_column(Text)
    codes: Mapped[str] = mapped_column(Text, default="")
    until: Mapped[date]
    mailed: Mapped[bool] = mapped_column(default=False)
    staff_id: Mapped[int | None] = mapped_column(ForeignKey("staff.id", ondelete="SET NULL"))
    actor: Mapped[str] = mapped_column(String(120))
    created_at: Mapped[datetime] = mapped_column(Moment, default=now)

    def is_for(self, municipality_code: str | None) -> bool:
        """Return whether the notice is for staff of this municipality; never for accounts without one, who write them."""
        return municipality_code is not None and (not self.codes or municipality_code in self.codes.split(","))


class BulletinRead(Model):
    """The fact that an account has read a notice."""

    __tablename__ = "bulletin_read"

    bulletin_id: Mapped[int] = mapped_column(ForeignKey("bulletin.id", ondelete="CASCADE"), primary_key=True)
    staff_id: Mapped[int] = mapped_column(ForeignKey("staff.id", ondelete="CASCADE"), primary_key=True)
    at: Mapped[datetime] = mapped_column(Moment, default=now)
