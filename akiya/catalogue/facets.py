"""Filters as masks over the catalogue, and the exact count behind every further choice."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import reduce

import numpy as np

from akiya import geo
from akiya.catalogue.columns import NONE, Array, Catalogue, Mask
from akiya.listings.enums import Deal, PropertyKind
from akiya.listings.hazards import HazardKind
from akiya.listings.pictograms import BITS
from akiya.municipalities.enums import Tag

# The facets of a single value: the column, and whether the value is the most or the least that fits. What a further choice
# of such a facet would leave is counted without the facet's own filter.
_BANDS = {
    "price_max": ("price", True),
    "rent_max": ("rent", True),
    "station_max": ("station_m", True),
    "built_since": ("built_year", False),
    "rooms_min": ("rooms", False),
}
_OWN = ("municipality", "deal", "kind", "outside", "free", "live", *_BANDS)
Masks = Mapping[tuple[str, str], Mask]
"""The rows that each filter leaves, by (parameter, value); the value is "" where a parameter narrows once."""
_BYTE = (np.arange(256)[:, None] >> np.arange(8)) & 1


@dataclass(frozen=True)
class Facets:
    """For each parameter, how many homes each of its values would leave under all other filters and the map box.

    For `feature`, `tag` and `outside`, which narrow, how many homes of the answer also fit the value. `unchecked` is how
    many fit all else but were not checked for the hazards of `outside`. `without` says how many homes the answer would hold
    without one active filter, by (parameter, value); `value` is "" where a parameter has one value.
    """

    counts: Mapping[str, Mapping[str, int]]
    unchecked: int
    without: Mapping[tuple[str, str], int]


def distance(catalogue: Catalogue, point: geo.Point) -> Array:
    """Great-circle metres from `point` to each public point, by the haversine formula."""
    lon, lat = np.radians(point[0]), np.radians(point[1])
    half_lat, half_lon = (np.radians(catalogue.lat) - lat) / 2, (np.radians(catalogue.lon) - lon) / 2
    h = np.sin(half_lat) ** 2 + np.cos(lat) * np.cos(np.radians(catalogue.lat)) * np.sin(half_lon) ** 2
    result: Array = 2 * geo.EARTH_RADIUS_M * np.arcsin(np.sqrt(np.minimum(1.0, h)))
    return result


def all_of(masks: Masks, but: Sequence[str] = (), *, rows: int) -> Mask:
    """The rows that every mask holds, but for those of the parameters `but`."""
    kept = [mask for (name, _value), mask in masks.items() if name not in but]
    return reduce(np.logical_and, kept) if kept else np.ones(rows, np.bool_)


def missed(masks: Masks, *, rows: int) -> Array:
    """How many parameters each row does not fit: 0 for the answer."""
    count = np.zeros(rows, np.uint8)
    for name in {name for name, _value in masks}:
        count += ~_of(masks, name, rows)
    return count


def count(
    catalogue: Catalogue, masks: Masks, misses: Array, unchecked: Mask | None, bands: Mapping[str, Sequence[int]]
) -> Facets:
    """The facets of the filters `masks`, whose `misses` missed() counted. `bands` are the offered values of the facets of a
    single value; `unchecked` the homes that are inside none of the chosen hazards and not outside all."""
    one = misses == 1
    without = {key: int(np.count_nonzero(misses == 0)) + _kept_out(masks, key, one) for key in masks}
    # Only what fits all, or misses nothing but a parameter that has counts of its own, is counted in any facet: the rest
    # costs nothing, however large the catalogue.
    own = all_of({key: mask for key, mask in masks.items() if key[0] in _OWN}, rows=len(misses))
    places = np.flatnonzero((misses == 0) | (one & ~own))
    rows = len(places)
    masks = {key: mask[places] for key, mask in masks.items()}
    answer = all_of(masks, rows=rows)
    active = {name for name, _value in masks}
    others = {name: all_of(masks, (name,), rows=rows) if name in active else answer for name in _OWN}
    municipalities = np.bincount(catalogue.municipality[places[others["municipality"]]], minlength=len(catalogue.codes))
    kinds = np.bincount(catalogue.kind[places[others["kind"]]], minlength=len(PropertyKind))
    found = places[answer]
    counts: dict[str, dict[str, int]] = {
        "municipality": {c: n for c, n in zip(catalogue.codes, municipalities.tolist(), strict=True) if n},
        "kind": {str(kind): int(kinds[index]) for index, kind in enumerate(PropertyKind)},
        "deal": {
            str(deal): int(np.count_nonzero(others["deal"] & column[places]))
            for deal, column in ((Deal.SALE, catalogue.is_sale), (Deal.RENT, catalogue.is_rent))
        },
        "free": {"1": int(np.count_nonzero(others["free"] & ~catalogue.negotiating[places]))},
        "live": {"1": int(np.count_nonzero(others["live"] & catalogue.live[places]))},
        "feature": _bits(catalogue.features[found], {key: bit.bit_length() - 1 for key, bit in BITS.items()}),
        "tag": _bits(catalogue.tags[found], {str(tag): bit for bit, tag in enumerate(Tag)}),
        "outside": _bits(catalogue.outside[found], {str(hazard): bit for bit, hazard in enumerate(HazardKind)}),
    }
    for name, (column, at_most) in _BANDS.items():
        values = getattr(catalogue, column)[places[others[name]]]
        counts[name] = _bands(values, bands[name], at_most=at_most)
    not_checked = 0 if unchecked is None else int(np.count_nonzero(others["outside"] & unchecked[places]))
    return Facets(counts, not_checked, without)


def _of(masks: Masks, name: str, rows: int) -> Mask:
    return all_of({key: mask for key, mask in masks.items() if key[0] == name}, rows=rows)


def _kept_out(masks: Masks, filter_: tuple[str, str], one: Mask) -> int:
    """How many homes fit all but this filter; `one` holds those that miss one parameter."""
    siblings = [mask for key, mask in masks.items() if key[0] == filter_[0] and key != filter_]
    return int(np.count_nonzero(reduce(np.logical_and, siblings, one & ~masks[filter_])))


def _bits(values: Array, bits: Mapping[str, int]) -> dict[str, int]:
    # Counting bytes and adding up their bits is quicker than one pass for each of the forty.
    octets = np.ascontiguousarray(values.astype("<i8")).view(np.uint8).reshape(-1, 8)
    wanted = max(bits.values()) // 8 + 1
    per_bit = np.concatenate([np.bincount(octets[:, i], minlength=256) @ _BYTE for i in range(wanted)])
    return {key: int(per_bit[bit]) for key, bit in bits.items()}


def _bands(values: Array, bands: Sequence[int], *, at_most: bool) -> dict[str, int]:
    stated = np.sort(values[values != NONE])
    if at_most:
        return {str(band): int(np.searchsorted(stated, band, "right")) for band in bands}
    return {str(band): int(len(stated) - np.searchsorted(stated, band, "left")) for band in bands}
