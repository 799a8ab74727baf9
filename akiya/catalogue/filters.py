"""How a parameter narrows the catalogue: the rows that it leaves, and how many homes each further choice would leave."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any

import numpy as np

from akiya import geo
from akiya.catalogue.columns import NONE, Array, Catalogue, Mask
from akiya.choices import Choice

_BYTE = (np.arange(256)[:, None] >> np.arange(8)) & 1


class Filter:
    """How a parameter narrows.

    Where `without_itself`, its choices are counted among the homes that fit all other parameters; else, because each
    further value narrows, among those of the answer.
    """

    without_itself = True

    def masks(self, catalogue: Catalogue, value: Any, *along: Any) -> Mapping[str, Mask]:
        """Return the rows that `value` leaves, by each value that narrows by itself, or by "" where they narrow at once.

        `along` are the criteria that the parameter is used along with.
        """
        raise NotImplementedError

    def count(self, catalogue: Catalogue, rows: Array, steps: Sequence[int]) -> dict[str, int]:
        """Return how many of the rows each choice leaves; `steps` are the offered values of a number."""
        raise NotImplementedError


class InMunicipality(Filter):
    """Homes in one of the municipalities."""

    def masks(self, catalogue: Catalogue, value: Any, *along: Any) -> Mapping[str, Mask]:
        return {"": np.array([code in value for code in catalogue.codes])[catalogue.municipality]}

    def count(self, catalogue: Catalogue, rows: Array, steps: Sequence[int]) -> dict[str, int]:
        counts = np.bincount(catalogue.municipality[rows], minlength=len(catalogue.codes)).tolist()
        return {code: count for code, count in zip(catalogue.codes, counts, strict=True) if count}


@dataclass(frozen=True)
class OneOf(Filter):
    """Homes whose column, which holds positions in `values`, is one of those chosen."""

    column: str
    values: type[Choice]

    def masks(self, catalogue: Catalogue, value: Any, *along: Any) -> Mapping[str, Mask]:
        return {"": np.array([one in value for one in self.values])[getattr(catalogue, self.column)]}

    def count(self, catalogue: Catalogue, rows: Array, steps: Sequence[int]) -> dict[str, int]:
        counts = np.bincount(getattr(catalogue, self.column)[rows], minlength=len(self.values)).tolist()
        return {str(one): count for one, count in zip(self.values, counts, strict=True)}


@dataclass(frozen=True)
class AnyFlag(Filter):
    """Homes for which the column of any chosen value is true."""

    columns: Mapping[str, str]

    def masks(self, catalogue: Catalogue, value: Any, *along: Any) -> Mapping[str, Mask]:
        return {"": np.logical_or.reduce([getattr(catalogue, self.columns[one]) for one in value])}

    def count(self, catalogue: Catalogue, rows: Array, steps: Sequence[int]) -> dict[str, int]:
        return {
            str(one): int(np.count_nonzero(getattr(catalogue, column)[rows])) for one, column in self.columns.items()
        }


@dataclass(frozen=True)
class Flag(Filter):
    """Homes for which the column is `wanted`."""

    column: str
    wanted: bool = True

    def masks(self, catalogue: Catalogue, value: Any, *along: Any) -> Mapping[str, Mask]:
        column = getattr(catalogue, self.column)
        return {"": column if self.wanted else ~column}

    def count(self, catalogue: Catalogue, rows: Array, steps: Sequence[int]) -> dict[str, int]:
        true = int(np.count_nonzero(getattr(catalogue, self.column)[rows]))
        return {"1": true if self.wanted else len(rows) - true}


@dataclass(frozen=True)
class AllBits(Filter):
    """Homes whose column has the bit of every chosen value."""

    column: str
    bits: Mapping[str, int]
    without_itself = False

    def masks(self, catalogue: Catalogue, value: Any, *along: Any) -> Mapping[str, Mask]:
        column = getattr(catalogue, self.column)
        return {str(one): column & self.bits[one] != 0 for one in value}

    def count(self, catalogue: Catalogue, rows: Array, steps: Sequence[int]) -> dict[str, int]:
        # Counting bytes and adding up their bits is quicker than one pass for each of the forty.
        column = getattr(catalogue, self.column)[rows]
        octets = np.ascontiguousarray(column.astype("<i8")).view(np.uint8).reshape(-1, 8)
        places = {str(one): bit.bit_length() - 1 for one, bit in self.bits.items()}
        wanted = max(places.values()) // 8 + 1
        per_bit = np.concatenate([np.bincount(octets[:, i], minlength=256) @ _BYTE for i in range(wanted)])
        return {one: int(per_bit[place]) for one, place in places.items()}


class OutsideHazards(AllBits):
    """Homes stated to lie outside each chosen hazard's area, or, `unchecked`, those that were not checked for all."""

    def masks(self, catalogue: Catalogue, value: Any, *along: Any) -> Mapping[str, Mask]:
        (unchecked,) = along
        return {"": self.unchecked(catalogue, value)} if unchecked else super().masks(catalogue, value)

    def unchecked(self, catalogue: Catalogue, hazards: Iterable[str]) -> Mask:
        """Return the homes inside none of the hazard areas and not stated to be outside all of them."""
        wanted = sum(self.bits[hazard] for hazard in hazards)
        result: Mask = (catalogue.inside & wanted == 0) & (catalogue.outside & wanted != wanted)
        return result


@dataclass(frozen=True)
class AtMost(Filter):
    """Homes whose number is stated and at most the value."""

    column: str

    def masks(self, catalogue: Catalogue, value: Any, *along: Any) -> Mapping[str, Mask]:
        column = getattr(catalogue, self.column)
        return {"": (column <= value) & (column != NONE)}

    def count(self, catalogue: Catalogue, rows: Array, steps: Sequence[int]) -> dict[str, int]:
        stated = _stated(getattr(catalogue, self.column)[rows])
        return {str(step): int(np.searchsorted(stated, step, "right")) for step in steps}


@dataclass(frozen=True)
class AtLeast(Filter):
    """Homes whose number is stated and at least the value."""

    column: str

    def masks(self, catalogue: Catalogue, value: Any, *along: Any) -> Mapping[str, Mask]:
        column = getattr(catalogue, self.column)
        return {"": (column >= value) & (column != NONE)}

    def count(self, catalogue: Catalogue, rows: Array, steps: Sequence[int]) -> dict[str, int]:
        stated = _stated(getattr(catalogue, self.column)[rows])
        return {str(step): int(len(stated) - np.searchsorted(stated, step, "left")) for step in steps}


class ConfirmedSince(Filter):
    """Homes confirmed on the day or later."""

    def masks(self, catalogue: Catalogue, value: date, *along: Any) -> Mapping[str, Mask]:
        return {"": catalogue.confirmed >= value.toordinal()}


class UpdatedSince(Filter):
    """Homes changed on the day, in Japan, or later."""

    def masks(self, catalogue: Catalogue, value: date, *along: Any) -> Mapping[str, Mask]:
        return {"": catalogue.updated >= datetime.combine(value, time(), geo.JAPAN_TIME).timestamp()}


class InBox(Filter):
    """Homes in the (west, south, east, north) box."""

    def masks(self, catalogue: Catalogue, value: geo.Box, *along: Any) -> Mapping[str, Mask]:
        west, south, east, north = value
        lon, lat = catalogue.lon, catalogue.lat
        return {"": (lat >= south) & (lat <= north) & (lon >= west) & (lon <= east)}


class Within(Filter):
    """Homes within so many metres of the point."""

    def masks(self, catalogue: Catalogue, value: float, *along: Any) -> Mapping[str, Mask]:
        (point,) = along
        return {} if point is None else {"": distance(catalogue, point) <= value}


def distance(catalogue: Catalogue, point: geo.Point) -> Array:
    """Return the great-circle metres from `point` to each public point, by the haversine formula."""
    lon, lat = np.radians(point[0]), np.radians(point[1])
    half_lat, half_lon = (np.radians(catalogue.lat) - lat) / 2, (np.radians(catalogue.lon) - lon) / 2
    h = np.sin(half_lat) ** 2 + np.cos(lat) * np.cos(np.radians(catalogue.lat)) * np.sin(half_lon) ** 2
    result: Array = 2 * geo.EARTH_RADIUS_M * np.arcsin(np.sqrt(np.minimum(1.0, h)))
    return result


def _stated(values: Array) -> Array:
    return np.sort(values[values != NONE])
