"""Filters of the catalogue: the rows that match a parameter, and how many homes each of its choices would find."""

from collections.abc import Container, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any, Generic, TypeVar  # the other criteria that a filter needs

import numpy as np

from akiya import geo
from akiya.catalogue.columns import NONE, Array, Catalogue, Mask
from akiya.choices import Choice

V = TypeVar("V")
_BYTE = (np.arange(256)[:, None] >> np.arange(8)) & 1


class Filter(Generic[V]):
    """A search parameter as a filter: which homes match its value, of the type V, and how many match each of its choices.

    If `without_itself`, its choices are counted among the homes that match all other parameters; otherwise each further
    value narrows the answer, so they are counted among the homes of the answer.
    """

    without_itself = True

    def masks(self, catalogue: Catalogue, value: V, *along: Any) -> Mapping[str, Mask]:
        """Return the rows that match `value`: a mask for each value that narrows by itself, or one mask under "".

        `along` are the other criteria that the filter needs.
        """
        raise NotImplementedError

    def count(self, catalogue: Catalogue, rows: Array, steps: Sequence[int]) -> dict[str, int]:
        """Count how many of the rows match each choice; `steps` are the offered values of a number."""
        raise NotImplementedError


class InMunicipality(Filter[Container[str]]):
    """Homes in one of the municipalities."""

    def masks(self, catalogue: Catalogue, value: Container[str], *along: Any) -> Mapping[str, Mask]:
        """Return the homes in one of the municipalities with the codes `value`."""
        return {"": np.array([code in value for code in catalogue.codes])[catalogue.municipality]}

    def count(self, catalogue: Catalogue, rows: Array, steps: Sequence[int]) -> dict[str, int]:
        """Count the rows in each municipality that has any."""
        counts = np.bincount(catalogue.municipality[rows], minlength=len(catalogue.codes)).tolist()
        return {code: count for code, count in zip(catalogue.codes, counts, strict=True) if count}


@dataclass(frozen=True)
class OneOf(Filter[Container[Choice]]):
    """Homes whose column, which holds positions in the vocabulary `values`, is one of the chosen values."""

    column: str
    values: type[Choice]

    def masks(self, catalogue: Catalogue, value: Container[Choice], *along: Any) -> Mapping[str, Mask]:
        """Return the homes whose value is one of `value`."""
        return {"": np.array([one in value for one in self.values])[getattr(catalogue, self.column)]}

    def count(self, catalogue: Catalogue, rows: Array, steps: Sequence[int]) -> dict[str, int]:
        """Count the rows with each value of the vocabulary."""
        counts = np.bincount(getattr(catalogue, self.column)[rows], minlength=len(self.values)).tolist()
        return {str(one): count for one, count in zip(self.values, counts, strict=True)}


@dataclass(frozen=True)
class AnyFlag(Filter[Iterable[str]]):
    """Homes for which the column of any chosen value is true."""

    columns: Mapping[str, str]

    def masks(self, catalogue: Catalogue, value: Iterable[str], *along: Any) -> Mapping[str, Mask]:
        """Return the homes for which the column of at least one of `value` is true."""
        return {"": np.logical_or.reduce([getattr(catalogue, self.columns[one]) for one in value])}

    def count(self, catalogue: Catalogue, rows: Array, steps: Sequence[int]) -> dict[str, int]:
        """Count the rows for which the column of each value is true."""
        return {
            str(one): int(np.count_nonzero(getattr(catalogue, column)[rows])) for one, column in self.columns.items()
        }


@dataclass(frozen=True)
class Flag(Filter[bool]):
    """Homes for which the column is `wanted`."""

    column: str
    wanted: bool = True

    def masks(self, catalogue: Catalogue, value: bool, *along: Any) -> Mapping[str, Mask]:
        """Return the homes for which the column is `wanted`."""
        column = getattr(catalogue, self.column)
        return {"": column if self.wanted else ~column}

    def count(self, catalogue: Catalogue, rows: Array, steps: Sequence[int]) -> dict[str, int]:
        """Count the rows for which the column is `wanted`, under "1"."""
        true = int(np.count_nonzero(getattr(catalogue, self.column)[rows]))
        return {"1": true if self.wanted else len(rows) - true}


@dataclass(frozen=True)
class AllBits(Filter[Iterable[str]]):
    """Homes whose column has the bit of every chosen value."""

    column: str
    bits: Mapping[str, int]
    without_itself = False

    def masks(self, catalogue: Catalogue, value: Iterable[str], *along: Any) -> Mapping[str, Mask]:
        """Return a mask for each chosen value: the homes that have its bit."""
        column = getattr(catalogue, self.column)
        return {str(one): column & self.bits[one] != 0 for one in value}

    def count(self, catalogue: Catalogue, rows: Array, steps: Sequence[int]) -> dict[str, int]:
        """Count the rows that have the bit of each value."""
        # Counting the values of each byte and adding up their bits is faster than a pass for each of forty bits.
        column = getattr(catalogue, self.column)[rows]
        octets = np.ascontiguousarray(column.astype("<i8")).view(np.uint8).reshape(-1, 8)
        places = {str(one): bit.bit_length() - 1 for one, bit in self.bits.items()}
        wanted = max(places.values()) // 8 + 1
        per_bit = np.concatenate([np.bincount(octets[:, i], minlength=256) @ _BYTE for i in range(wanted)])
        return {one: int(per_bit[place]) for one, place in places.items()}


class OutsideHazards(AllBits):
    """Homes stated to be outside each chosen hazard's area, or if `unchecked`, homes that were not checked for all."""

    def masks(self, catalogue: Catalogue, value: Iterable[str], *along: Any) -> Mapping[str, Mask]:
        """Return the homes outside the areas of the hazards `value`, or the unchecked ones if `along` says so."""
        (unchecked,) = along
        return {"": self.unchecked(catalogue, value)} if unchecked else super().masks(catalogue, value)

    def unchecked(self, catalogue: Catalogue, hazards: Iterable[str]) -> Mask:
        """Return the homes that are inside none of the hazards' areas but not stated to be outside all of them."""
        wanted = sum(self.bits[hazard] for hazard in hazards)
        result: Mask = (catalogue.inside & wanted == 0) & (catalogue.outside & wanted != wanted)
        return result


@dataclass(frozen=True)
class AtMost(Filter[float]):
    """Homes whose number is stated and at most the value."""

    column: str

    def masks(self, catalogue: Catalogue, value: float, *along: Any) -> Mapping[str, Mask]:
        """Return the homes whose number is stated and at most `value`."""
        column = getattr(catalogue, self.column)
        return {"": (column <= value) & (column != NONE)}

    def count(self, catalogue: Catalogue, rows: Array, steps: Sequence[int]) -> dict[str, int]:
        """Count the rows whose number is stated and at most each of `steps`."""
        stated = _stated(getattr(catalogue, self.column)[rows])
        return {str(step): int(np.searchsorted(stated, step, "right")) for step in steps}


@dataclass(frozen=True)
class AtLeast(Filter[float]):
    """Homes whose number is stated and at least the value."""

    column: str

    def masks(self, catalogue: Catalogue, value: float, *along: Any) -> Mapping[str, Mask]:
        """Return the homes whose number is stated and at least `value`."""
        column = getattr(catalogue, self.column)
        return {"": (column >= value) & (column != NONE)}

    def count(self, catalogue: Catalogue, rows: Array, steps: Sequence[int]) -> dict[str, int]:
        """Count the rows whose number is stated and at least each of `steps`."""
        stated = _stated(getattr(catalogue, self.column)[rows])
        return {str(step): int(len(stated) - np.searchsorted(stated, step, "left")) for step in steps}


class ConfirmedSince(Filter[date]):
    """Homes confirmed on the day or later."""

    def masks(self, catalogue: Catalogue, value: date, *along: Any) -> Mapping[str, Mask]:
        """Return the homes confirmed on the day `value` or later."""
        return {"": catalogue.confirmed >= value.toordinal()}


class UpdatedSince(Filter[date]):
    """Homes changed on the day, in Japan, or later."""

    def masks(self, catalogue: Catalogue, value: date, *along: Any) -> Mapping[str, Mask]:
        """Return the homes changed on the day `value`, in Japan, or later."""
        return {"": catalogue.updated >= datetime.combine(value, time(), geo.JAPAN_TIME).timestamp()}


class InBox(Filter[geo.Box]):
    """Homes in the (west, south, east, north) box."""

    def masks(self, catalogue: Catalogue, value: geo.Box, *along: Any) -> Mapping[str, Mask]:
        """Return the homes whose public point is in the box `value`, its edges included."""
        west, south, east, north = value
        lon, lat = catalogue.lon, catalogue.lat
        return {"": (lat >= south) & (lat <= north) & (lon >= west) & (lon <= east)}


class Within(Filter[float]):
    """Homes within a distance, in metres, of a point."""

    def masks(self, catalogue: Catalogue, value: float, *along: Any) -> Mapping[str, Mask]:
        """Return the homes within `value` metres of the point `along`; no mask if there is no point."""
        (point,) = along
        return {} if point is None else {"": distance(catalogue, point) <= value}


def distance(catalogue: Catalogue, point: geo.Point) -> Array:
    """Return the great-circle distance in metres from `point` to each public point, by the haversine formula."""
    lon, lat = np.radians(point[0]), np.radians(point[1])
    half_lat, half_lon = (np.radians(catalogue.lat) - lat) / 2, (np.radians(catalogue.lon) - lon) / 2
    h = np.sin(half_lat) ** 2 + np.cos(lat) * np.cos(np.radians(catalogue.lat)) * np.sin(half_lon) ** 2
    result: Array = 2 * geo.EARTH_RADIUS_M * np.arcsin(np.sqrt(np.minimum(1.0, h)))
    return result


def _stated(values: Array) -> Array:
    return np.sort(values[values != NONE])
