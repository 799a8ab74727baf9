"""Table of inquiries, viewings and consultations about a listing or a municipality, without names and addresses."""

from datetime import date, datetime

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from akiya.choices import Choice
from akiya.db import Model, Moment, choice, now
from akiya.language import N_


class InquiryKind(Choice):
    """The subject of an inquiry: a question, a viewing, or advice about moving."""

    INQUIRY = "inquiry", N_("問合せ")
    VIEWING = "viewing", N_("内覧")
    ONLINE = "online", N_("オンライン内見")
    CONSULTATION = "consultation", N_("移住相談")


class InquiryWay(Choice):
    """The way in which an inquiry was made."""

    PHONE = "phone", N_("電話")
    COUNTER = "counter", N_("窓口")
    MAIL = "mail", N_("メール")
    WEB = "web", N_("このサイトの問合せ")
    FAIR = "fair", N_("移住フェアなど")
    OTHER = "other", N_("その他")


class Inquiry(Model):
    """An inquiry as staff noted it. `on` is the day it happened; None means "not asked" in every other field."""

    __tablename__ = "inquiry"

    id: Mapped[int] = mapped_column(primary_key=True)
    municipality_code: Mapped[str] = mapped_column(ForeignKey("municipality.code", ondelete="CASCADE"))
    listing_id: Mapped[int | None] = mapped_column(ForeignKey("listing.id", ondelete="SET NULL"), index=True)
    kind: Mapped[InquiryKind] = mapped_column(choice(InquiryKind))
    way: Mapped[InquiryWay | None] = mapped_column(choice(InquiryWay))
    on: Mapped[date]
    previous_prefecture: Mapped[str] = mapped_column(String(10), default="")
    household_size: Mapped[int | None]
    staff_id: Mapped[int | None] = mapped_column(ForeignKey("staff.id", ondelete="SET NULL"))
    actor: Mapped[str] = mapped_column(String(120), default="")
    created_at: Mapped[datetime] = mapped_column(Moment, default=now)

    __table_args__ = (Index("ix_inquiry_municipality_code_on", "municipality_code", "on"),)
