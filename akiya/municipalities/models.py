"""The prefecture that is served, its municipalities and their towns."""

from typing import Any

from geoalchemy2 import Geometry
from sqlalchemy import ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from akiya.db import Model


class Prefecture(Model):
    """The prefecture this installation serves: one row."""

    __tablename__ = "prefecture"

    code: Mapped[str] = mapped_column(String(2), primary_key=True)
    name: Mapped[str] = mapped_column(String(10))
    name_en: Mapped[str] = mapped_column(String(40))
    demonstration: Mapped[bool] = mapped_column(default=False)


class Municipality(Model):
    """A municipality; `code` is the 5-digit code, `boundary` a multipolygon in EPSG:4326."""

    __tablename__ = "municipality"

    code: Mapped[str] = mapped_column(String(5), primary_key=True)
    name: Mapped[str] = mapped_column(String(40))
    kana: Mapped[str] = mapped_column(String(80), default="")
    name_en: Mapped[str] = mapped_column(String(80), default="")
    lon: Mapped[float]
    lat: Mapped[float]
    label_lon: Mapped[float | None]
    label_lat: Mapped[float | None]
    url: Mapped[str] = mapped_column(String(300), default="")
    joined: Mapped[bool] = mapped_column(default=True)
    contact: Mapped[str] = mapped_column(Text, default="")
    steps: Mapped[str] = mapped_column(String(100), default="")
    valid_months: Mapped[int] = mapped_column(default=24)
    boundary: Mapped[Any | None] = mapped_column(Geometry("MULTIPOLYGON", srid=4326, spatial_index=False))

    @property
    def prefecture_code(self) -> str:
        return self.code[:2]


class Town(Model):
    """A town or 字 with its point, for geocoding without a network."""

    __tablename__ = "town"

    id: Mapped[int] = mapped_column(primary_key=True)
    municipality_code: Mapped[str] = mapped_column(ForeignKey("municipality.code", ondelete="CASCADE"))
    name: Mapped[str] = mapped_column(String(120))
    kana: Mapped[str] = mapped_column(String(200), default="")
    postal_code: Mapped[str] = mapped_column(String(7), default="")
    lon: Mapped[float]
    lat: Mapped[float]

    __table_args__ = (Index("uq_town_municipality_code_name", "municipality_code", "name", unique=True),)
