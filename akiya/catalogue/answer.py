"""What the search answers: ids in order, the exact total, facets, boxes and clusters, on columns in memory."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, time

import numpy as np

from akiya import geo
from akiya.catalogue import full_text
from akiya.catalogue.columns import NONE, Array, Catalogue, Mask, current
from akiya.catalogue.criteria import Criteria, Sort
from akiya.catalogue.facets import Facets, all_of, count, distance, missed
from akiya.db import revision
from akiya.listings.enums import Deal, PropertyKind
from akiya.listings.hazards import HazardKind
from akiya.listings.pictograms import BITS
from akiya.municipalities.enums import Tag


@dataclass(frozen=True)
class Cluster:
    """How many homes lie in a (west, south, east, north) box, and the middle of their points."""

    count: int
    centre: geo.Point
    box: geo.Box


class SearchResult:
    """What the search answers to `criteria`, as of one state of the catalogue. Making it raises TooSlow.

    Attributes: total, the exact number of homes.
    """

    def __init__(self, criteria: Criteria) -> None:
        self.criteria = criteria
        self._hits = full_text.find(criteria.words) if criteria.words else None
        self._catalogue = current()
        self._masks = _masks(self._catalogue, criteria, self._hits)
        self._size = len(self._catalogue.id)
        self._misses = missed(self._masks, rows=self._size)
        self._found = np.flatnonzero(self._misses == 0)
        self.total = len(self._found)

    def ids(self, limit: int, offset: int = 0) -> list[int]:
        """The ids of one page, in order."""
        if offset >= self.total:
            return []
        order = _order(self._catalogue, self.criteria, self._hits)
        page = _first(self._found, order[self._found], offset + limit)[offset:]
        return self._ids(page)

    def facets(self, bands: Mapping[str, Sequence[int]]) -> Facets:
        """The count behind every further choice; `bands` are the offered values of the facets of a single value."""
        unchecked = _unchecked(self._catalogue, self.criteria) if self.criteria.outside else None
        return count(self._catalogue, self._masks, self._misses, unchecked, bands)

    def nearest_outside(self, limit: int) -> list[int]:
        """The nearest homes that fit all but the map box and the radius, nearest first; none when neither is set."""
        asked = self.criteria
        if asked.bbox is None and (asked.near is None or asked.radius_m is None):
            return []
        wider = all_of(self._masks, ("bbox", "radius_km"), rows=self._size)
        wider[self._found] = False
        outside = np.flatnonzero(wider)
        centre = asked.near or _centre(asked.bbox)
        return self._ids(_first(outside, distance(self._catalogue, centre)[outside], limit))

    def box(self) -> geo.Box | None:
        """The (west, south, east, north) box around every home; None without any."""
        if not self.total:
            return None
        lon, lat = self._catalogue.lon[self._found], self._catalogue.lat[self._found]
        return float(lon.min()), float(lat.min()), float(lon.max()), float(lat.max())

    def changed_at(self) -> datetime | None:
        """When the home that was changed last was changed, to the second; None without any."""
        if not self.total:
            return None
        return datetime.fromtimestamp(int(self._catalogue.updated[self._found].max()), geo.JAPAN_TIME)

    def clusters(self, cell_degrees: float) -> list[Cluster]:
        """The homes counted in the cells of a grid, `cell_degrees` of longitude and latitude wide."""
        lon, lat = self._catalogue.lon[self._found], self._catalogue.lat[self._found]
        across, up = np.floor(lon / cell_degrees).astype(np.int64), np.floor(lat / cell_degrees).astype(np.int64)
        cells = across * 1_000_000 + up
        order = np.argsort(cells, kind="stable")
        lon, lat, cells = lon[order], lat[order], cells[order]
        starts = np.flatnonzero(np.diff(cells, prepend=-1))
        counts = np.diff(np.append(starts, len(cells)))
        if not len(starts):
            return []
        means = [(np.add.reduceat(v, starts) / counts).round(6).tolist() for v in (lon, lat)]
        edges = [reduce.reduceat(v, starts).tolist() for reduce in (np.minimum, np.maximum) for v in (lon, lat)]
        return [
            Cluster(n, (x, y), (west, south, east, north))
            for n, x, y, west, south, east, north in zip(counts.tolist(), *means, *edges, strict=True)
        ]

    def _ids(self, rows: Array) -> list[int]:
        ids: list[int] = self._catalogue.id[rows].tolist()
        return ids


def version() -> int:
    """The version of all that can be found: it differs after every committed change."""
    return revision()


def codes_with_homes() -> set[str]:
    """The codes of the municipalities that offer a home."""
    catalogue = current()
    return {catalogue.codes[index] for index in np.unique(catalogue.municipality)}


def _masks(catalogue: Catalogue, c: Criteria, hits: full_text.TextHits | None) -> dict[tuple[str, str], Mask]:
    """The rows each active filter leaves, by (parameter, value); `value` is set where values narrow one by one."""
    masks = {}
    if c.municipalities:
        masks["municipality", ""] = np.array([code in c.municipalities for code in catalogue.codes])[
            catalogue.municipality
        ]
    if c.deals:
        columns = {Deal.SALE: catalogue.is_sale, Deal.RENT: catalogue.is_rent}
        masks["deal", ""] = np.logical_or.reduce([columns[deal] for deal in c.deals])
    if c.kinds:
        masks["kind", ""] = np.array([kind in c.kinds for kind in PropertyKind])[catalogue.kind]
    for name, column in (
        ("price", catalogue.price),
        ("rent", catalogue.rent),
        ("floor", catalogue.floor_area),
        ("land", catalogue.land_area),
        ("rooms", catalogue.rooms),
        ("station", catalogue.station_m),
    ):
        least, most = getattr(c, f"{name}_min", None), getattr(c, f"{name}_max", None)
        if least is not None:
            masks[f"{name}_min", ""] = (column >= least) & (column != NONE)
        if most is not None:
            masks[f"{name}_max", ""] = (column <= most) & (column != NONE)
    if c.built_since is not None:
        masks["built_since", ""] = catalogue.built_year >= c.built_since
    for key in c.features:
        masks["feature", key] = catalogue.features & BITS[key] != 0
    for tag in c.tags:
        masks["tag", str(tag)] = catalogue.tags & (1 << list(Tag).index(tag)) != 0
    if c.outside and c.unchecked:
        masks["outside", ""] = _unchecked(catalogue, c)
    else:
        for hazard in c.outside:
            masks["outside", str(hazard)] = catalogue.outside & (1 << list(HazardKind).index(hazard)) != 0
    if c.free:
        masks["free", ""] = ~catalogue.negotiating
    if c.live:
        masks["live", ""] = catalogue.live
    if c.confirmed_since is not None:
        masks["confirmed_days", ""] = catalogue.confirmed >= c.confirmed_since.toordinal()
    if c.updated_since is not None:
        masks["updated_since", ""] = (
            catalogue.updated >= datetime.combine(c.updated_since, time(), geo.JAPAN_TIME).timestamp()
        )
    if c.updated_between is not None:
        first, last = c.updated_between
        masks["datetime", ""] = (catalogue.updated >= first) & (catalogue.updated <= last)
    if c.bbox is not None:
        west, south, east, north = c.bbox
        lon, lat = catalogue.lon, catalogue.lat
        masks["bbox", ""] = (lat >= south) & (lat <= north) & (lon >= west) & (lon <= east)
    if c.near is not None and c.radius_m is not None:
        masks["radius_km", ""] = distance(catalogue, c.near) <= c.radius_m
    if hits is not None:
        masks["q", ""] = np.isin(catalogue.id, hits.ids)
    return masks


def _unchecked(catalogue: Catalogue, criteria: Criteria) -> Mask:
    """Inside none of the chosen hazard areas, and not stated to be outside all of them."""
    wanted = sum(1 << bit for bit, hazard in enumerate(HazardKind) if hazard in criteria.outside)
    result: Mask = (catalogue.inside & wanted == 0) & (catalogue.outside & wanted != wanted)
    return result


def _order(catalogue: Catalogue, criteria: Criteria, hits: full_text.TextHits | None) -> Array:
    rented = criteria.deals == (Deal.RENT,)
    amount = "rent" if rented else "price"
    match criteria.sort:
        case Sort.PRICE_ASC:
            return catalogue.order[amount, False]
        case Sort.PRICE_DESC:
            return catalogue.order[amount, True]
        case Sort.AREA:
            return catalogue.order["floor_area", True]
        case Sort.WAITING:
            return catalogue.order["waiting"]
        case Sort.DISTANCE if criteria.near is not None:
            metres = distance(catalogue, criteria.near)
            # Homes at one point (an office) are as far as each other: newest first among them.
            return np.argsort(np.lexsort((catalogue.order["newest"], metres)))
        case None | Sort.RELEVANCE if hits is not None:
            # Words in the title or the town before words in the remarks.
            newest = catalogue.order["newest"]
            return np.where(np.isin(catalogue.id, hits.in_head), newest, newest.astype(np.int64) + len(newest))
    return catalogue.order["newest"]


def _first(rows: Array, places: Array, count: int) -> Array:
    """The `count` rows with the lowest places, in order, without sorting the others."""
    if count < len(rows):
        chosen = np.argpartition(places, count)[:count]
        rows, places = rows[chosen], places[chosen]
    return rows[np.argsort(places, kind="stable")]


def _centre(box: geo.Box | None) -> geo.Point:
    west, south, east, north = box or (0, 0, 0, 0)
    return (west + east) / 2, (south + north) / 2
