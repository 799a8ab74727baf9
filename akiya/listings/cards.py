"""Listings as pages show them: cards, groups of facts and the small map. No database, no request."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from flask_babel import gettext as _

from akiya import geo
from akiya.listings import pictograms
from akiya.listings.enums import DatePrecision, Deal, Kind, Precision, Status
from akiya.listings.fields import FIELDS, Field, Group
from akiya.municipalities.outlines import Outlines
from akiya.web import filters
from akiya.web.language import language


@dataclass(frozen=True)
class Picture:
    """A photo as pages show it."""

    key: str
    width: int
    height: int
    widths: Sequence[int]
    alt: str
    kind: Any
    caption: str
    id: int


@dataclass(frozen=True)
class Card:
    """What a card says of a listing."""

    id: int
    url: str
    title: str
    place: str
    status: Status
    is_sale: bool
    is_rent: bool
    kind: Kind
    price: int | None
    rent: int | None
    price_negotiable: bool | None
    layout: str
    floor_area: float | None
    land_area: float | None
    built_on: date | None
    built_precision: DatePrecision | None
    pictograms: Sequence[pictograms.Pictogram]
    more: int
    photo: Picture | None
    has_panorama: bool
    confirmed_on: date | None
    published_on: date | None
    precision: Precision
    demonstration: bool
    title_lang: str


@dataclass(frozen=True)
class Fact:
    """A stated field as text; `lang` is "ja" where staff wrote it in Japanese on an English page."""

    field: Field
    text: str
    lang: str = ""
    note: str = ""


@dataclass(frozen=True)
class MiniMap:
    """Where a listing lies: outlines, the mesh cell or point that the public may know, and what it means."""

    viewbox: str
    outlines: Sequence[tuple[str, str, bool]]
    cell: str | None
    x: float
    y: float
    precision: Precision
    caption: str


def picture(photo: Any) -> Picture:
    """A photo with its alternative text: the caption, else its kind."""
    alt = photo.caption or (filters.label(photo.kind) if photo.kind else str(_("物件の写真")))
    return Picture(photo.key, photo.width, photo.height, photo.widths, alt, photo.kind, photo.caption, photo.id)


def title(listing: Any, municipality_name: str) -> str:
    """The listing's own title, or one made of its facts."""
    if listing.title:
        return str(listing.title)
    kind = filters.label(listing.kind)
    where = municipality_name if language() == "en" else f"{municipality_name}{listing.town}"
    layout = "" if listing.layout in ("", "R") or listing.kind is Kind.LAND else listing.layout
    if language() == "en":
        return " ".join(part for part in (layout, kind.lower() if layout else kind, "in", where) if part)
    return f"{where}の{layout}{'・' if layout else ''}{kind}" if layout else f"{where}の{kind}"


def card(listing: Any, municipality: Any, photo: Any, url: Callable[[int], str]) -> Card:
    """The card of a row of search.CARD_COLUMNS (or of a Listing)."""
    name = filters.name(municipality)
    shown, more = pictograms.card(listing.features)
    return Card(
        id=listing.id,
        url=url(listing.id),
        title=title(listing, name),
        place=name if language() == "en" else f"{name} {listing.town}".strip(),
        pictograms=shown,
        more=more,
        photo=picture(photo) if photo else None,
        title_lang="ja" if listing.title and language() == "en" else "",
        **{
            field: getattr(listing, field)
            for field in (
                "status", "is_sale", "is_rent", "kind", "price", "rent", "price_negotiable", "layout", "floor_area",
                "land_area", "built_on", "built_precision", "has_panorama", "confirmed_on", "published_on", "precision",
                "demonstration",
            )
        },
    )  # fmt: skip


_SHOWN_ELSEWHERE = frozenset({"title", "appeal"})


def facts(listing: Any) -> tuple[list[tuple[Group, list[Fact]]], list[str]]:
    """The public facts that are stated, by group, and the labels of those that are not."""
    groups: dict[Group, list[Fact]] = {}
    missing = []
    for field in FIELDS:
        if field.private or field.name in _SHOWN_ELSEWHERE:
            continue
        value = getattr(listing, field.name)
        if field.name in ("is_sale", "is_rent") and not value:
            continue
        text = filters.fact(field, value, listing)
        if text:
            written = language() == "en" and isinstance(value, str) and field.choices is None
            groups.setdefault(field.group, []).append(Fact(field, text, "ja" if written else ""))
        elif not field.name.endswith(("_note", "_map_on", "_on")):
            missing.append(filters.label(field))
    return list(groups.items()), missing


def pictogram_groups(listing: Any) -> list[tuple[pictograms.Group, list[pictograms.Shown]]]:
    """All forty with their states, by group."""
    states = pictograms.all_states(listing)
    return [
        (group, rows)
        for group in pictograms.Group
        if (rows := [shown for shown in states if shown.pictogram.group is group])
    ]


def mini_map(listing: Any, here: Any, outlines: Outlines, names: Mapping[str, str]) -> MiniMap:
    """The map of a listing; a mesh cell is drawn as a cell, so that a pin pretends to nothing."""
    x, y = outlines.xy(listing.lon, listing.lat)
    cell = None
    sizes = {Precision.MESH_250: 250, Precision.MESH_500: 500, Precision.MESH_1000: 1000}
    if listing.precision in sizes:
        west, south, east, north = geo.mesh_box((listing.lon, listing.lat), sizes[listing.precision])
        corners = [outlines.xy(*corner) for corner in ((west, north), (east, north), (east, south), (west, south))]
        cell = "M" + "L".join(f"{cx:g} {cy:g}" for cx, cy in corners) + "z"
    caption = {
        Precision.OFFICE: _("印は役所・役場の位置です。物件の場所ではありません。詳しい場所はお問い合わせください。"),
        Precision.TOWN: _("印は町・字の代表点です。物件の場所ではありません。"),
        Precision.EXACT: _("印は物件の位置です。"),
    }.get(
        listing.precision,
        _(
            "物件は印のあたり、%(size)sにあります。正確な場所は公開していません。",
            size=filters.label(listing.precision),
        ),
    )
    return MiniMap(
        outlines.viewbox,
        [(names[item.code], item.d, item.code == here.code) for item in outlines.items if item.d],
        cell,
        x,
        y,
        listing.precision,
        str(caption),
    )


def deals(listing: Any) -> list[Deal]:
    """What is offered."""
    return [deal for deal, offered in ((Deal.SALE, listing.is_sale), (Deal.RENT, listing.is_rent)) if offered]
