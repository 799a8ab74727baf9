"""Panoramas: an uploaded 360° picture and the state of its tiles."""

from datetime import datetime

from sqlalchemy import ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from akiya.choices import Choice
from akiya.db import Model, Moment, choice, now
from akiya.listings.models import Listing


class State(Choice):
    WAITING = "waiting", "順番待ち", "Waiting"
    WORKING = "working", "変換中", "Working"
    READY = "ready", "公開できます", "Ready"
    FAILED = "failed", "変換できませんでした", "Failed"


class Panorama(Model):
    """The 360° picture of a listing. Angles are degrees; `tiles_key` is the storage prefix of its tiles."""

    __tablename__ = "panorama"

    id: Mapped[int] = mapped_column(primary_key=True)
    listing_id: Mapped[int] = mapped_column(ForeignKey("listing.id", ondelete="CASCADE"), unique=True)
    title: Mapped[str] = mapped_column(String(80), default="")
    description: Mapped[str] = mapped_column(Text, default="")
    state: Mapped[State] = mapped_column(choice(State), default=State.WAITING, index=True)
    progress: Mapped[int] = mapped_column(default=0)
    reason: Mapped[str] = mapped_column(Text, default="")
    original_key: Mapped[str] = mapped_column(String(200))
    tiles_key: Mapped[str] = mapped_column(String(200), default="")
    cube: Mapped[int] = mapped_column(default=0)
    tile: Mapped[int] = mapped_column(default=0)
    levels: Mapped[int] = mapped_column(default=0)
    yaw: Mapped[float] = mapped_column(default=0.0)
    pitch: Mapped[float] = mapped_column(default=0.0)
    north_offset: Mapped[float] = mapped_column(default=0.0)
    horizon_pitch: Mapped[float] = mapped_column(default=0.0)
    horizon_roll: Mapped[float] = mapped_column(default=0.0)
    created_at: Mapped[datetime] = mapped_column(Moment, default=now)
    updated_at: Mapped[datetime] = mapped_column(Moment, default=now, onupdate=now)

    listing: Mapped[Listing] = relationship()
