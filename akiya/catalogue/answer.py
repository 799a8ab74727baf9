"""Answer a search on columns in memory: ids in order, the exact total, facets, bounding box and clusters."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

import numpy as np

from akiya import geo
from akiya.catalogue import full_text
from akiya.catalogue.columns import Array, Catalogue, Mask, current
from akiya.catalogue.facets import Facets, all_of, count, missed
from akiya.catalogue.filters import distance
from akiya.catalogue.parameters import OUTSIDE, STEPS, Criteria
from akiya.catalogue.sorting import Sort
from akiya.db import revision
from akiya.listings.enums import Deal


@dataclass(frozen=True)
class Cluster:
    """The homes in a cell of a grid: their number, the mean of their points, and their (west, south, east, north) box."""

    count: int
    centre: geo.Point
    box: geo.Box


class SearchResult:
    """The answer of the search to `criteria`, as of one state of the catalogue.

    Attributes: total, the exact number of homes. Creating one raises TooSlow if its words take too long to find.
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
        """Return the ids of the homes on one page, in the order that the criteria ask for."""
        if offset >= self.total:
            return []
        order = _order(self._catalogue, self.criteria, self._hits)
        page = _first(self._found, order[self._found], offset + limit)[offset:]
        return self._ids(page)

    def facets(self, steps: Mapping[str, Sequence[int]] = STEPS) -> Facets:
        """Return how many homes each further choice would find; `steps` are the offered values of numbers."""
        chosen = self.criteria.outside
        unchecked = OUTSIDE.unchecked(self._catalogue, chosen) if chosen else None
        return count(self._catalogue, self._masks, self._misses, unchecked, steps)

    def nearest_outside(self, limit: int) -> list[int]:
        """Return the nearest homes that match everything except the map box and the radius, nearest first.

        Return an empty list if the criteria have neither.
        """
        asked = self.criteria
        if asked.bbox is None and (asked.near is None or asked.radius_m is None):
            return []
        wider = all_of(self._masks, ("bbox", "radius_km"), rows=self._size)
        wider[self._found] = False
        outside = np.flatnonzero(wider)
        centre = asked.near or _centre(asked.bbox)
        return self._ids(_first(outside, distance(self._catalogue, centre)[outside], limit))

    def box(self) -> geo.Box | None:
        """Return the (west, south, east, north) box around all homes found, or None if there are none."""
        if not self.total:
            return None
        lon, lat = self._catalogue.lon[self._found], self._catalogue.lat[self._found]
        return float(lon.min()), float(lat.min()), float(lon.max()), float(lat.max())

    def changed_at(self) -> datetime | None:
        """Return when the last change of a home found was made, to the second, or None if there are none."""
        if not self.total:
            return None
        return datetime.fromtimestamp(int(self._catalogue.updated[self._found].max()), geo.JAPAN_TIME)

    def clusters(self, cell_degrees: float) -> list[Cluster]:
        """Count the homes found in the cells of a grid; a cell is `cell_degrees` wide in longitude and latitude."""
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
    """Return the version of everything that can be found; it differs after every committed change."""
    return revision()


def codes_with_homes() -> set[str]:
    """Return the codes of the municipalities that have a home on offer."""
    catalogue = current()
    return {catalogue.codes[index] for index in np.unique(catalogue.municipality)}


def _masks(catalogue: Catalogue, c: Criteria, hits: full_text.TextHits | None) -> dict[tuple[str, str], Mask]:
    """Return the rows that match each active filter, by (parameter, value).

    `value` is "" unless each value of the parameter narrows the answer by itself.
    """
    masks: dict[tuple[str, str], Mask] = {}
    for name, filter_, values in c.active():
        for value, mask in filter_.masks(catalogue, *values).items():
            masks[name, value] = mask
    if c.updated_between is not None:
        first, last = c.updated_between
        masks["datetime", ""] = (catalogue.updated >= first) & (catalogue.updated <= last)
    if hits is not None:
        masks["q", ""] = np.isin(catalogue.id, hits.ids)
    return masks


def _order(catalogue: Catalogue, criteria: Criteria, hits: full_text.TextHits | None) -> Array:
    newest = catalogue.order["newest", False]
    match criteria.sort:
        case Sort.DISTANCE if criteria.near is not None:
            metres = distance(catalogue, criteria.near)
            # Many homes share a point, such as the office, and so the distance: among them newest first.
            return np.argsort(np.lexsort((newest, metres)))
        case None | Sort.RELEVANCE if hits is not None:
            # Homes with the words in number, title or town come before those with the words elsewhere.
            return np.where(np.isin(catalogue.id, hits.in_head), newest, newest.astype(np.int64) + len(newest))
    order = (criteria.sort or Sort.NEWEST).order
    rented = criteria.deals == (Deal.RENT,)
    return catalogue.order[order.of_rent if rented and order.of_rent else order.column, order.descending]


def _first(rows: Array, places: Array, count: int) -> Array:
    """Return the `count` rows with the lowest places, in order, without sorting the others."""
    if count < len(rows):
        chosen = np.argpartition(places, count)[:count]
        rows, places = rows[chosen], places[chosen]
    return rows[np.argsort(places, kind="stable")]


def _centre(box: geo.Box | None) -> geo.Point:
    west, south, east, north = box or (0, 0, 0, 0)
    return (west + east) / 2, (south + north) / 2
