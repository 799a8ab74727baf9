"""Tables of the prefecture that is served, its municipalities, their towns, and places to search near to."""

from datetime import date, datetime

from geoalchemy2 import Geometry, WKBElement
from sqlalchemy import JSON, ForeignKey, Index, String, Text
from sqlalchemy.ext.associationproxy import AssociationProxy, association_proxy
from sqlalchemy.orm import Mapped, attribute_keyed_dict, mapped_column, relationship

from akiya.db import Model, Moment, choice, now
from akiya.municipalities.enums import Approval, Blur, MunicipalityAction, PlaceKind, Standing


class PrefectureName(Model):
    """The prefecture's name in another language than Japanese, by the code of the language."""

    __tablename__ = "prefecture_name"

    code: Mapped[str] = mapped_column(ForeignKey("prefecture.code", ondelete="CASCADE"), primary_key=True)
    language: Mapped[str] = mapped_column(String(35), primary_key=True)
    name: Mapped[str] = mapped_column(String(40))


class Prefecture(Model):
    """The prefecture that this installation serves, in one row; `ranks_shown`: municipalities see their own rank.

    `names` are those in other languages than Japanese, by the code of the language.
    """

    __tablename__ = "prefecture"

    code: Mapped[str] = mapped_column(String(2), primary_key=True)
    name: Mapped[str] = mapped_column(String(10))
    # Still in the table, unread: the version before this one runs on the same database.
    _name_en: Mapped[str] = mapped_column("name_en", String(40), default="", deferred=True)
    demonstration: Mapped[bool] = mapped_column(default=False)
    ranks_shown: Mapped[bool] = mapped_column(default=False)

    name_rows: Mapped[dict[str, PrefectureName]] = relationship(
        collection_class=attribute_keyed_dict("language"), cascade="all, delete-orphan", passive_deletes=True
    )
    names: AssociationProxy[dict[str, str]] = association_proxy(
        "name_rows", "name", creator=lambda language, name: PrefectureName(language=language, name=name)
    )


class MunicipalityName(Model):
    """A municipality's name in another language than Japanese, by the code of the language."""

    __tablename__ = "municipality_name"

    municipality_code: Mapped[str] = mapped_column(
        ForeignKey("municipality.code", ondelete="CASCADE"), primary_key=True
    )
    language: Mapped[str] = mapped_column(String(35), primary_key=True)
    name: Mapped[str] = mapped_column(String(80))


class Municipality(Model):
    """A municipality; `code` is the 5-digit code, `boundary` a multipolygon in EPSG:4326.

    `names` are those in other languages than Japanese, by the code of the language.
    `tags` are values of Tag and `required` names of listing fields, separated by commas; `blur` is the precision of the
    public points of its listings. An open listing must be confirmed every `confirm_days` and is valid for
    `valid_months`. `live_viewing` says whether homes can be viewed by video call if a listing does not state it, and
    the note says how. For a municipality that does not take part, `url` is the address of its own bank, if it has one.
    A merged one has a `successor_code`.
    """

    __tablename__ = "municipality"

    code: Mapped[str] = mapped_column(String(5), primary_key=True)
    name: Mapped[str] = mapped_column(String(40))
    kana: Mapped[str] = mapped_column(String(80), default="")
    # Still in the table, unread: the version before this one runs on the same database.
    _name_en: Mapped[str] = mapped_column("name_en", String(80), default="", deferred=True)
    lon: Mapped[float]
    lat: Mapped[float]
    label_lon: Mapped[float | None]
    label_lat: Mapped[float | None]
    url: Mapped[str] = mapped_column(String(300), default="")
    joined: Mapped[bool] = mapped_column(default=True)
    joined_on: Mapped[date | None]
    left_on: Mapped[date | None]
    successor_code: Mapped[str | None] = mapped_column(ForeignKey("municipality.code"))
    merged_on: Mapped[date | None]
    contact: Mapped[str] = mapped_column(Text, default="")
    steps: Mapped[str] = mapped_column(String(100), default="")
    valid_months: Mapped[int] = mapped_column(default=24)
    text: Mapped[str] = mapped_column(Text, default="")
    hazard_map_url: Mapped[str] = mapped_column(String(300), default="")
    tags: Mapped[str] = mapped_column(String(200), default="")
    blur: Mapped[Blur] = mapped_column(choice(Blur), default=Blur.MESH_250)
    required: Mapped[str] = mapped_column(Text, default="")
    approval: Mapped[Approval] = mapped_column(choice(Approval), default=Approval.NONE)
    confirm_days: Mapped[int] = mapped_column(default=60)
    live_viewing: Mapped[bool] = mapped_column(default=False)
    live_viewing_note: Mapped[str] = mapped_column(Text, default="")
    boundary: Mapped[WKBElement | None] = mapped_column(Geometry("MULTIPOLYGON", srid=4326, spatial_index=False))

    name_rows: Mapped[dict[str, MunicipalityName]] = relationship(
        collection_class=attribute_keyed_dict("language"), cascade="all, delete-orphan", passive_deletes=True
    )
    names: AssociationProxy[dict[str, str]] = association_proxy(
        "name_rows", "name", creator=lambda language, name: MunicipalityName(language=language, name=name)
    )

    @property
    def prefecture_code(self) -> str:
        """Return the code of its prefecture: the first two digits of its own."""
        return self.code[:2]

    @property
    def standing(self) -> Standing:
        """Return the municipality's present membership in this bank."""
        if self.successor_code:
            return Standing.MERGED
        if self.joined:
            return Standing.JOINED
        if self.left_on:
            return Standing.LEFT
        return Standing.LINKED if self.url else Standing.OUTSIDE


class MunicipalityEvent(Model):
    """An event in a municipality's membership: who did what and when; `effective_on` is the day it applies from."""

    __tablename__ = "municipality_event"

    id: Mapped[int] = mapped_column(primary_key=True)
    municipality_code: Mapped[str] = mapped_column(ForeignKey("municipality.code", ondelete="CASCADE"), index=True)
    at: Mapped[datetime] = mapped_column(Moment, default=now)
    actor: Mapped[str] = mapped_column(String(120))
    action: Mapped[MunicipalityAction] = mapped_column(choice(MunicipalityAction))
    effective_on: Mapped[date | None]
    details: Mapped[dict[str, object]] = mapped_column(JSON, default=dict)


class Agent(Model):
    """A real-estate agent that a municipality works with."""

    __tablename__ = "agent"

    id: Mapped[int] = mapped_column(primary_key=True)
    municipality_code: Mapped[str] = mapped_column(ForeignKey("municipality.code", ondelete="CASCADE"), index=True)
    name: Mapped[str] = mapped_column(String(120))
    licence: Mapped[str] = mapped_column(String(80), default="")
    phone: Mapped[str] = mapped_column(String(40), default="")


class Town(Model):
    """A town or 字 with its representative point, so that addresses are located without asking another server."""

    __tablename__ = "town"

    id: Mapped[int] = mapped_column(primary_key=True)
    municipality_code: Mapped[str] = mapped_column(ForeignKey("municipality.code", ondelete="CASCADE"))
    name: Mapped[str] = mapped_column(String(120))
    kana: Mapped[str] = mapped_column(String(200), default="")
    postal_code: Mapped[str] = mapped_column(String(7), default="")
    lon: Mapped[float]
    lat: Mapped[float]

    __table_args__ = (Index("uq_town_municipality_code_name", "municipality_code", "name", unique=True),)


class Place(Model):
    """A postal code, station or facility with its point, to find homes near it and to name what is near a home.

    The `name` of a postal code is its 7 digits and that of a station has the form of `text.searchable`, so
    that it can be compared with what people type; `label` is shown.
    """

    __tablename__ = "place"

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[PlaceKind] = mapped_column(choice(PlaceKind))
    name: Mapped[str] = mapped_column(String(120))
    label: Mapped[str] = mapped_column(String(200))
    lon: Mapped[float]
    lat: Mapped[float]

    __table_args__ = (Index("uq_place_kind_name_label", "kind", "name", "label", unique=True),)
