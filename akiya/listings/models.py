"""Database models of a listing: its public and private record, how it was closed, its photos, notices and events."""

from datetime import date, datetime
from typing import Any  # what JSON holds for a field of any type

from sqlalchemy import JSON, BigInteger, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from akiya.accounts.models import Staff
from akiya.db import Model, Moment, choice, now
from akiya.listings import enums
from akiya.municipalities.enums import Blur
from akiya.municipalities.models import Municipality

Amount = Mapped[int | None]
Flag = Mapped[bool | None]
Area = Mapped[float | None]
Metres = Mapped[int | None]
Changes = dict[str, list[Any]]
"""{field: [from, to]}, as JSON holds the values; each field has a type of its own."""


class Listing(Model):
    """A property of the bank, with what the public may know of it. None means "not stated" in every field.

    Areas are m², lengths metres, money yen; (lon, lat) is the public point and `features` holds the bits of the pictograms
    that apply. `blur` and `live_viewing` None mean the municipality's setting; `straight_line` names, separated by commas, the
    distances that were measured in a straight line and not along the way. The database keeps a full-text index of
    `search_text` (see the migrations).
    """

    __tablename__ = "listing"

    id: Mapped[int] = mapped_column(primary_key=True)
    municipality_code: Mapped[str] = mapped_column(ForeignKey("municipality.code"))
    number: Mapped[str] = mapped_column(String(60))
    title: Mapped[str] = mapped_column(String(120), default="")
    town: Mapped[str] = mapped_column(String(120), default="")
    lon: Mapped[float]
    lat: Mapped[float]
    precision: Mapped[enums.Precision] = mapped_column(choice(enums.Precision))
    blur: Mapped[Blur | None] = mapped_column(choice(Blur))
    status: Mapped[enums.Status] = mapped_column(choice(enums.Status), default=enums.Status.DRAFT)
    version: Mapped[int] = mapped_column()

    is_sale: Mapped[bool] = mapped_column(default=False)
    is_rent: Mapped[bool] = mapped_column(default=False)
    kind: Mapped[enums.PropertyKind] = mapped_column(choice(enums.PropertyKind), default=enums.PropertyKind.HOUSE)
    price: Amount = mapped_column(BigInteger)
    rent: Amount
    price_negotiable: Flag
    price_demolished: Amount = mapped_column(BigInteger)
    common_fee: Amount

    structure: Mapped[enums.Structure | None] = mapped_column(choice(enums.Structure))
    storeys: Mapped[int | None]
    built_on: Mapped[date | None]
    built_precision: Mapped[enums.DatePrecision | None] = mapped_column(choice(enums.DatePrecision))
    floor_area: Area
    layout: Mapped[str] = mapped_column(String(20), default="")
    vacant_since: Mapped[date | None]
    traditional: Flag

    land_area: Area
    land_measure: Mapped[enums.LandMeasure | None] = mapped_column(choice(enums.LandMeasure))
    land_category: Mapped[str] = mapped_column(String(40), default="")
    city_planning: Mapped[enums.CityPlanning | None] = mapped_column(choice(enums.CityPlanning))
    zoning: Mapped[str] = mapped_column(String(40), default="")
    land_right: Mapped[enums.LandRight | None] = mapped_column(choice(enums.LandRight))
    coverage_ratio: Mapped[int | None]
    floor_ratio: Mapped[int | None]
    private_road: Flag
    setback: Flag
    roads: Mapped[str] = mapped_column(String(80), default="")
    road_width: Area
    car_access: Flag
    rebuildable: Flag

    repair: Mapped[enums.Repair | None] = mapped_column(choice(enums.Repair))
    belongings: Mapped[enums.Belongings | None] = mapped_column(choice(enums.Belongings))
    handover: Mapped[enums.Handover | None] = mapped_column(choice(enums.Handover))
    handover_on: Mapped[date | None]
    registered: Flag
    earthquake: Mapped[enums.Earthquake | None] = mapped_column(choice(enums.Earthquake))
    barrier_free: Flag
    diy: Flag
    pets: Flag

    water: Mapped[enums.Water | None] = mapped_column(choice(enums.Water))
    gas: Mapped[enums.Gas | None] = mapped_column(choice(enums.Gas))
    drain: Mapped[enums.Drain | None] = mapped_column(choice(enums.Drain))
    toilet: Mapped[enums.Toilet | None] = mapped_column(choice(enums.Toilet))
    toilet_note: Mapped[str] = mapped_column(String(200), default="")
    bath: Flag
    hot_water: Mapped[enums.HotWater | None] = mapped_column(choice(enums.HotWater))
    all_electric: Flag
    internet: Mapped[enums.Internet | None] = mapped_column(choice(enums.Internet))
    onsen: Flag

    parking: Flag
    parking_spaces: Mapped[int | None]
    parking_note: Mapped[str] = mapped_column(String(80), default="")
    garden: Flag
    farmland: Flag
    farmland_area: Area
    shed: Flag
    storehouse: Flag
    garage: Flag
    shop_part: Flag
    business_allowed: Flag
    sea: Flag
    nature: Flag

    elementary_m: Metres
    junior_high_m: Metres
    nursery_m: Metres
    supermarket_m: Metres
    convenience_m: Metres
    drug_store_m: Metres
    hospital_m: Metres
    bank_m: Metres
    post_office_m: Metres
    park_m: Metres
    municipal_office_m: Metres
    station_line: Mapped[str] = mapped_column(String(60), default="")
    station: Mapped[str] = mapped_column(String(60), default="")
    station_m: Metres

    flood: Mapped[enums.HazardExposure | None] = mapped_column(choice(enums.HazardExposure))
    flood_map_on: Mapped[date | None]
    landslide: Mapped[enums.HazardExposure | None] = mapped_column(choice(enums.HazardExposure))
    landslide_map_on: Mapped[date | None]
    tsunami: Mapped[enums.HazardExposure | None] = mapped_column(choice(enums.HazardExposure))
    tsunami_map_on: Mapped[date | None]
    storm_surge: Mapped[enums.HazardExposure | None] = mapped_column(choice(enums.HazardExposure))
    storm_surge_map_on: Mapped[date | None]
    hazard_note: Mapped[str] = mapped_column(Text, default="")

    appeal: Mapped[str] = mapped_column(Text, default="")
    remarks: Mapped[str] = mapped_column(Text, default="")
    conditions: Mapped[str] = mapped_column(Text, default="")
    association: Mapped[str] = mapped_column(Text, default="")
    association_fee: Amount

    mediation: Mapped[enums.Mediation | None] = mapped_column(choice(enums.Mediation))
    agent_name: Mapped[str] = mapped_column(String(120), default="")
    agent_licence: Mapped[str] = mapped_column(String(80), default="")
    agent_phone: Mapped[str] = mapped_column(String(40), default="")
    contact: Mapped[str] = mapped_column(String(200), default="")
    live_viewing: Flag

    published_on: Mapped[date | None]
    confirmed_on: Mapped[date | None]
    review_due_on: Mapped[date | None]
    valid_until: Mapped[date | None]
    negotiating_since: Mapped[date | None]
    closed_on: Mapped[date | None]
    in_charge_id: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
    straight_line: Mapped[str] = mapped_column(String(300), default="")
    created_at: Mapped[datetime] = mapped_column(Moment, default=now)
    updated_at: Mapped[datetime] = mapped_column(Moment, default=now)
    source_file: Mapped[str] = mapped_column(String(200), default="")
    source_row: Mapped[int | None]
    demonstration: Mapped[bool] = mapped_column(default=False)

    has_panorama: Mapped[bool] = mapped_column(default=False)
    features: Mapped[int] = mapped_column(BigInteger, default=0)
    search_head: Mapped[str] = mapped_column(Text, default="")
    search_text: Mapped[str] = mapped_column(Text, default="")

    municipality: Mapped[Municipality] = relationship()
    photos: Mapped[list["Photo"]] = relationship(order_by="Photo.position", passive_deletes=True)
    private: Mapped["PrivateRecord"] = relationship(uselist=False, passive_deletes=True)
    closing: Mapped["Closing | None"] = relationship(uselist=False, passive_deletes=True)

    __mapper_args__ = {"version_id_col": version}
    __table_args__ = (
        UniqueConstraint("municipality_code", "number"),
        Index("ix_listing_status_kind_municipality", "status", "kind", "municipality_code", "price"),
        Index("ix_listing_status_published", "status", "published_on", "id"),
        # Holds every filter and order of the usual search, so that counting and selecting a page read no row.
        Index(
            "ix_listing_search", "status", "lat", "lon", "kind", "is_sale", "is_rent", "price", "rent", "municipality_code",
            "features", "published_on", "id",
        ),
        # Holds the filters and the usual order of the staff's list: a row fills a database page, and the list scans all of them.
        Index(
            "ix_listing_staff", "updated_at", "id", "status", "review_due_on", "municipality_code", "kind", "in_charge_id"
        ),
    )  # fmt: skip


class PrivateRecord(Model):
    """The private facts of a listing, which no public page, feed, export, log line or search index may contain."""

    __tablename__ = "listing_private"

    listing_id: Mapped[int] = mapped_column(ForeignKey("listing.id", ondelete="CASCADE"), primary_key=True)
    lot_number: Mapped[str] = mapped_column(String(120), default="")
    true_lon: Mapped[float | None]
    true_lat: Mapped[float | None]
    owner_name: Mapped[str] = mapped_column(String(120), default="")
    owner_contact: Mapped[str] = mapped_column(Text, default="")
    consent_on: Mapped[date | None]
    consent_scope: Mapped[str] = mapped_column(Text, default="")
    notes: Mapped[str] = mapped_column(Text, default="")


class Closing(Model):
    """The end of a listing: the contract and the household. Each answer may be added later. Only counts are published."""

    __tablename__ = "closing"

    listing_id: Mapped[int] = mapped_column(ForeignKey("listing.id", ondelete="CASCADE"), primary_key=True)
    contracted_on: Mapped[date | None]
    deal: Mapped[enums.Deal | None] = mapped_column(choice(enums.Deal))
    agreed_amount: Amount = mapped_column(BigInteger)
    household_size: Mapped[int | None]
    ages: Mapped[str] = mapped_column(String(80), default="")
    children: Mapped[int | None]
    previous_prefecture: Mapped[str] = mapped_column(String(10), default="")
    use: Mapped[enums.Use | None] = mapped_column(choice(enums.Use))
    subsidy_used: Flag
    reason: Mapped[str] = mapped_column(Text, default="")


class Photo(Model):
    """A photo of a listing: `key` is the storage prefix of its public sizes, `widths` their widths in pixels.

    `blurs` are the blurred areas as [left, top, width, height], each a share of the upright picture's width or height.
    """

    __tablename__ = "photo"

    id: Mapped[int] = mapped_column(primary_key=True)
    listing_id: Mapped[int] = mapped_column(ForeignKey("listing.id", ondelete="CASCADE"), index=True)
    position: Mapped[int]
    key: Mapped[str] = mapped_column(String(200))
    original_key: Mapped[str] = mapped_column(String(200))
    width: Mapped[int]
    height: Mapped[int]
    widths: Mapped[list[int]] = mapped_column(JSON)
    kind: Mapped[enums.PhotoKind | None] = mapped_column(choice(enums.PhotoKind))
    caption: Mapped[str] = mapped_column(String(200), default="")
    blurs: Mapped[list[list[float]]] = mapped_column(JSON, default=list)
    created_at: Mapped[datetime] = mapped_column(Moment, default=now)


class Notice(Model):
    """A notice about a listing of `kind` for the day `due_on`: one that was sent, once each, or a request to close."""

    __tablename__ = "notice"

    id: Mapped[int] = mapped_column(primary_key=True)
    listing_id: Mapped[int] = mapped_column(ForeignKey("listing.id", ondelete="CASCADE"))
    kind: Mapped[enums.NoticeKind] = mapped_column(choice(enums.NoticeKind))
    due_on: Mapped[date]
    told_at: Mapped[datetime] = mapped_column(Moment, default=now)

    __table_args__ = (UniqueConstraint("listing_id", "kind", "due_on"),)


class Event(Model):
    """One change of a listing: who made it, when, and `changes` as {field: [from, to]}.

    An event that moved the listing to another state has that `status`, in force from `effective_on`.
    """

    __tablename__ = "listing_event"

    id: Mapped[int] = mapped_column(primary_key=True)
    listing_id: Mapped[int] = mapped_column(ForeignKey("listing.id", ondelete="CASCADE"))
    at: Mapped[datetime] = mapped_column(Moment, default=now)
    staff_id: Mapped[int | None] = mapped_column(ForeignKey("staff.id", ondelete="SET NULL"))
    actor: Mapped[str] = mapped_column(String(120))
    action: Mapped[str] = mapped_column(String(20))
    changes: Mapped[Changes] = mapped_column(JSON, default=dict)
    status: Mapped[enums.Status | None] = mapped_column(choice(enums.Status))
    effective_on: Mapped[date | None]

    staff: Mapped[Staff | None] = relationship()

    __table_args__ = (
        Index("ix_listing_event_listing_id_id", "listing_id", "id"),
        Index("ix_listing_event_status", "status", "effective_on"),
        Index("ix_listing_event_at", "at"),
    )
