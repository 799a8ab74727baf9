"""Listings as pages show them: cards, groups of facts and the small map. Uses neither the database nor the request."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from math import hypot

from akiya import formatting, geo
from akiya.language import gettext as _
from akiya.language import is_source, source_lang
from akiya.listings import blur, pictograms, titles
from akiya.listings.enums import DatePrecision, PhotoKind, Precision, PropertyKind, Status
from akiya.listings.fields import FIELDS, Field, FieldGroup
from akiya.listings.models import Listing, Photo
from akiya.municipalities.models import Municipality
from akiya.municipalities.outlines import WIDTH, Outlines
from akiya.values import JsonObject


@dataclass(frozen=True)
class Picture:
    """A photo as pages show it."""

    key: str
    width: int
    height: int
    widths: Sequence[int]
    alt: str
    kind: PhotoKind | None
    caption: str
    id: int
    blurs: int


@dataclass(frozen=True)
class Card:
    """The data of a listing that its card shows."""

    id: int
    url: str
    title: str
    place: str
    status: Status
    is_sale: bool
    is_rent: bool
    kind: PropertyKind
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
    review_due_on: date | None
    published_on: date | None
    precision: Precision
    demonstration: bool
    title_lang: str


@dataclass(frozen=True)
class Fact:
    """A stated field as text; `lang` is that of a text of staff, which is Japanese, on a page in another language."""

    field: Field
    text: str
    lang: str = ""
    note: str = ""


@dataclass(frozen=True)
class MiniMap:
    """The small map of a listing: outlines, names around it, and the mesh cell or point that may be public.

    Each outline is an SVG path, and whether it is the listing's own municipality; `x` and `y` are the public point on
    the map, and `caption` says what it means.
    """

    viewbox: str
    frame: geo.Box
    outlines: Sequence[tuple[str, bool]]
    names: Sequence[tuple[str, float, float]]
    cell: str | None
    x: float
    y: float
    precision: Precision
    caption: str


def picture(photo: Photo) -> Picture:
    """Return a photo with its alternative text: the caption, otherwise the kind of photo."""
    alt = photo.caption or (formatting.label(photo.kind) if photo.kind else str(_("物件の写真")))
    return Picture(
        photo.key, photo.width, photo.height, photo.widths, alt, photo.kind, photo.caption, photo.id, len(photo.blurs)
    )


def card(listing: Listing, municipality: Municipality, photo: Photo | None, url: str) -> Card:
    """Return the card of a row of search.CARD_COLUMNS (or of a Listing), which links to `url`."""
    name = formatting.name(municipality)
    shown, more = pictograms.card(listing.features)
    return Card(
        id=listing.id,
        url=url,
        title=titles.title(listing, name),
        place=f"{name} {listing.town}".strip() if is_source() else name,
        pictograms=shown,
        more=more,
        photo=picture(photo) if photo else None,
        title_lang=source_lang() if listing.title else "",
        **{
            field: getattr(listing, field)
            for field in (
                "status", "is_sale", "is_rent", "kind", "price", "rent", "price_negotiable", "layout", "floor_area",
                "land_area", "built_on", "built_precision", "has_panorama", "confirmed_on", "review_due_on", "published_on",
                "precision", "demonstration",
            )
        },
    )  # fmt: skip


def summary(listing: Listing) -> str:
    """Describe the home in one line: price or rent, kind, layout, areas, year."""
    amounts = []
    if listing.is_sale:
        amounts.append(formatting.yen(listing.price) or str(_("価格応相談")))
    if listing.is_rent:
        amounts.append(f"{_('賃料')} {formatting.yen(listing.rent) or _('応相談')}")
    facts = [
        formatting.label(listing.kind),
        "" if listing.layout == "R" else listing.layout,
        f"{_('建物')} {formatting.m2(listing.floor_area)}" if listing.floor_area else "",
        f"{_('土地')} {formatting.m2(listing.land_area)}" if listing.land_area else "",
        str(_("%(year)s年築", year=listing.built_on.year)) if listing.built_on else "",
    ]
    return " / ".join(fact for fact in [*amounts, *facts] if fact)


_AROUND_WIDTH, _AROUND_HEIGHT = 220, 160
_SHOWN_ELSEWHERE = frozenset({"title", "appeal", "blur", "live_viewing"})


def facts(listing: Listing) -> tuple[list[tuple[FieldGroup, list[Fact]]], list[str]]:
    """Return the public facts that are stated, by group, and the labels of those that are not."""
    groups: dict[FieldGroup, list[Fact]] = {}
    missing = []
    straight = {name for name in listing.straight_line.split(",") if name and getattr(listing, name) is not None}
    for field in FIELDS:
        if field.private or field.name in _SHOWN_ELSEWHERE:
            continue
        value = getattr(listing, field.name)
        if field.name in ("is_sale", "is_rent") and not value:
            continue
        text, note = formatting.fact(field, value, listing), ""
        if field.name in straight:
            text, note = f"{value:,}m", str(_("直線"))
        if text:
            written = isinstance(value, str) and field.choices is None
            groups.setdefault(field.group, []).append(Fact(field, text, source_lang() if written else "", note))
        elif not field.name.endswith(("_note", "_map_on", "_on")):
            missing.append(formatting.label(field))
    return list(groups.items()), missing


def pictogram_groups(listing: Listing) -> list[tuple[pictograms.PictogramGroup, list[pictograms.Shown]]]:
    """Return every pictogram with its state for this listing, by group."""
    states = pictograms.all_states(listing)
    return [
        (group, rows)
        for group in pictograms.PictogramGroup
        if (rows := [shown for shown in states if shown.pictogram.group is group])
    ]


def mesh_cell(listing: Listing) -> geo.Box | None:
    """Return the (west, south, east, north) mesh cell of the listing, or None if its public point is not a cell's."""
    return blur.cell((listing.lon, listing.lat), listing.precision)


def mini_map(listing: Listing, here: Municipality, outlines: Outlines, names: Mapping[str, str]) -> MiniMap:
    """Return the small map of a listing. A mesh cell is drawn as a cell, because a pin would claim an exact place."""
    x, y = outlines.xy(listing.lon, listing.lat)
    left = min(max(0, x - _AROUND_WIDTH / 2), WIDTH - _AROUND_WIDTH)
    top = max(0, min(y - _AROUND_HEIGHT / 2, outlines.height - _AROUND_HEIGHT))
    cell = None
    if box := mesh_cell(listing):
        west, south, east, north = box
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
            size=formatting.label(listing.precision),
        ),
    )
    return MiniMap(
        f"{left:g} {top:g} {_AROUND_WIDTH} {_AROUND_HEIGHT}",
        outlines.degrees(left, top, _AROUND_WIDTH, _AROUND_HEIGHT),
        [(item.d, item.code == here.code) for item in outlines.items if item.d],
        _names_around(outlines, names, x, y),
        cell,
        x,
        y,
        listing.precision,
        str(caption),
    )


_NAMES, _NAME_WIDTH, _NAME_HEIGHT = 8, 52, 14


def _names_around(outlines: Outlines, names: Mapping[str, str], x: float, y: float) -> list[tuple[str, float, float]]:
    """Return the names of the nearest municipalities that overlap neither each other nor the mark."""
    placed: list[tuple[str, float, float]] = []
    taken = [(x, y)]
    for item in sorted(outlines.items, key=lambda item: hypot(item.x - x, item.y - y)):
        free = all(abs(item.x - tx) > _NAME_WIDTH or abs(item.y - ty) > _NAME_HEIGHT for tx, ty in taken)
        if free and len(placed) < _NAMES:
            placed.append((names[item.code], item.x, item.y))
            taken.append((item.x, item.y))
    return placed


def pin(listing: Listing, municipality_name: str, url: str) -> JsonObject:
    """Return what the interactive map shows of a listing (or row of search.CARD_COLUMNS): its public point and cell."""
    amount = listing.price if listing.is_sale else listing.rent
    return {
        "id": listing.id,
        "lon": listing.lon,
        "lat": listing.lat,
        "cell": mesh_cell(listing),
        "note": formatting.label(listing.precision),
        "title": titles.title(listing, municipality_name),
        "price": formatting.yen(amount) if amount is not None else str(_("応相談")),
        "url": url,
    }
