"""Database model of closed months (確定): the figures as reported then, next to what a recount gives later."""

from datetime import date, datetime

from sqlalchemy import JSON, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from akiya.db import Model, Moment, now


class ClosedMonth(Model):
    """A month of report R1 as it was when it was closed: `rows` are the cells, `columns` their keys."""

    __tablename__ = "closed_month"

    month: Mapped[date] = mapped_column(primary_key=True)
    columns: Mapped[list[str]] = mapped_column(JSON)
    rows: Mapped[list[list[str | int | float | None]]] = mapped_column(JSON)
    staff_id: Mapped[int | None] = mapped_column(ForeignKey("staff.id", ondelete="SET NULL"))
    actor: Mapped[str] = mapped_column(String(120), default="")
    closed_at: Mapped[datetime] = mapped_column(Moment, default=now)
