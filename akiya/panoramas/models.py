"""Database models of a listing's tour: its scenes (rooms seen in 360°) and the spots marked in them."""

from datetime import datetime

from sqlalchemy import JSON, ForeignKey, Index, String, Text
from sqlalchemy.ext.associationproxy import AssociationProxy, association_proxy
from sqlalchemy.orm import Mapped, attribute_keyed_dict, mapped_column, relationship

from akiya.choices import Choice
from akiya.db import Model, Moment, choice, now
from akiya.language import N_
from akiya.listings.models import Listing


class SceneState(Choice):
    """The state of a scene's tiles: waiting to be made, being made, ready or failed."""

    WAITING = "waiting", N_("順番待ち")
    WORKING = "working", N_("変換中")
    READY = "ready", N_("変換済み")
    FAILED = "failed", N_("変換できませんでした")


class Pair(Choice):
    """The way in which a second picture of a room differs from the first."""

    NIGHT = "night", N_("夜")
    BEFORE = "before", N_("改修前")
    AFTER = "after", N_("改修後")


class SpotKind(Choice):
    """A kind of spot in a scene: a way to another room, or a note."""

    LINK = "link", N_("ほかの部屋への入口")
    NOTE = "note", N_("説明")


class SceneText(Model):
    """What a scene says in another language than Japanese, by the code of the language."""

    __tablename__ = "scene_text"

    scene_id: Mapped[int] = mapped_column(ForeignKey("scene.id", ondelete="CASCADE"), primary_key=True)
    language: Mapped[str] = mapped_column(String(35), primary_key=True)
    title: Mapped[str] = mapped_column(String(80), default="")
    description: Mapped[str] = mapped_column(Text, default="")


class Scene(Model):
    """A room of the listing's tour, and the state of the work that makes its tiles.

    `texts` are the title and description in other languages than Japanese, by the code of the language.
    Angles are degrees in the level frame that the viewer shows (yaw 0 is the middle of the picture); lengths are
    metres. `tiles_key` is the storage prefix of the tiles, "" when there are none. The public sees a scene that is
    `published` and has tiles, even while it waits for new ones. `salt` makes the prefix unguessable, and changes
    whenever old tiles must not come back at their address. `worker` has claimed the scene until `claimed_until`, which
    it renews. `blurs` are the areas [yaw, pitch, width, height], yaw and pitch of the middle, that are blurred in every
    file. `pair` says how this picture differs from that of `pair_of`. `plan_x` and `plan_y` are shares of the floor
    plan's width and height. `camera_height` is known once something of known length was marked on the floor.
    """

    __tablename__ = "scene"

    id: Mapped[int] = mapped_column(primary_key=True)
    listing_id: Mapped[int] = mapped_column(ForeignKey("listing.id", ondelete="CASCADE"), index=True)
    position: Mapped[int] = mapped_column(default=0)
    title: Mapped[str] = mapped_column(String(80), default="")
    description: Mapped[str] = mapped_column(Text, default="")
    # Still in the table, unread: the version before this one runs on the same database.
    _title_en: Mapped[str] = mapped_column("title_en", String(80), default="", deferred=True)
    _description_en: Mapped[str] = mapped_column("description_en", Text, default="", deferred=True)
    published: Mapped[bool] = mapped_column(default=False)
    pair_of_id: Mapped[int | None] = mapped_column(ForeignKey("scene.id", ondelete="SET NULL"))
    pair: Mapped[Pair | None] = mapped_column(choice(Pair))
    plan_photo_id: Mapped[int | None] = mapped_column(ForeignKey("photo.id", ondelete="SET NULL"))
    plan_x: Mapped[float | None]
    plan_y: Mapped[float | None]

    original_key: Mapped[str] = mapped_column(String(200))
    salt: Mapped[str] = mapped_column(String(40))
    state: Mapped[SceneState] = mapped_column(choice(SceneState), default=SceneState.WAITING)
    progress: Mapped[int] = mapped_column(default=0)
    reason: Mapped[str] = mapped_column(Text, default="")
    attempts: Mapped[int] = mapped_column(default=0)
    worker: Mapped[str] = mapped_column(String(40), default="")
    claimed_until: Mapped[datetime | None] = mapped_column(Moment)

    tiles_key: Mapped[str] = mapped_column(String(200), default="")
    cube: Mapped[int] = mapped_column(default=0)
    tile: Mapped[int] = mapped_column(default=0)
    levels: Mapped[int] = mapped_column(default=0)
    full_bytes: Mapped[int] = mapped_column(default=0)
    yaw: Mapped[float] = mapped_column(default=0.0)
    pitch: Mapped[float] = mapped_column(default=0.0)
    north_offset: Mapped[float] = mapped_column(default=0.0)
    horizon_pitch: Mapped[float] = mapped_column(default=0.0)
    horizon_roll: Mapped[float] = mapped_column(default=0.0)
    posed: Mapped[bool] = mapped_column(default=False)
    """True once view and horizon are set: read from the picture when it is first tiled, edited by the clerk afterwards."""
    blurs: Mapped[list[list[float]]] = mapped_column(JSON, default=list)
    camera_height: Mapped[float | None]
    created_at: Mapped[datetime] = mapped_column(Moment, default=now)
    updated_at: Mapped[datetime] = mapped_column(Moment, default=now, onupdate=now)

    listing: Mapped[Listing] = relationship()
    texts: Mapped[dict[str, SceneText]] = relationship(
        collection_class=attribute_keyed_dict("language"), cascade="all, delete-orphan", passive_deletes=True
    )
    spots: Mapped[list["Spot"]] = relationship(
        foreign_keys="Spot.scene_id", order_by="Spot.id", passive_deletes=True, back_populates="scene"
    )

    __table_args__ = (Index("ix_scene_state_claimed_until", "state", "claimed_until"),)


class SpotText(Model):
    """The words of a spot in another language than Japanese, by the code of the language."""

    __tablename__ = "spot_text"

    spot_id: Mapped[int] = mapped_column(ForeignKey("spot.id", ondelete="CASCADE"), primary_key=True)
    language: Mapped[str] = mapped_column(String(35), primary_key=True)
    text: Mapped[str] = mapped_column(String(200))


class Spot(Model):
    """A mark in a scene: a way to the scene `target`, or a note. Angles are degrees in the level frame.

    `texts` are the words in other languages than Japanese, by the code of the language.
    """

    __tablename__ = "spot"

    id: Mapped[int] = mapped_column(primary_key=True)
    scene_id: Mapped[int] = mapped_column(ForeignKey("scene.id", ondelete="CASCADE"), index=True)
    kind: Mapped[SpotKind] = mapped_column(choice(SpotKind))
    yaw: Mapped[float]
    pitch: Mapped[float]
    target_id: Mapped[int | None] = mapped_column(ForeignKey("scene.id", ondelete="CASCADE"))
    text: Mapped[str] = mapped_column(String(200), default="")
    # Still in the table, unread: the version before this one runs on the same database.
    _text_en: Mapped[str] = mapped_column("text_en", String(200), default="", deferred=True)

    scene: Mapped[Scene] = relationship(foreign_keys=[scene_id], back_populates="spots")
    target: Mapped[Scene | None] = relationship(foreign_keys=[target_id])
    # Spots are read to show or compare their words: one query for those of all spots, not one for each.
    text_rows: Mapped[dict[str, SpotText]] = relationship(
        collection_class=attribute_keyed_dict("language"),
        cascade="all, delete-orphan",
        passive_deletes=True,
        lazy="selectin",
    )
    texts: AssociationProxy[dict[str, str]] = association_proxy(
        "text_rows", "text", creator=lambda language, text: SpotText(language=language, text=text)
    )
