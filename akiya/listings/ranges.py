"""The readers of a listing's numbers, and the least and greatest value of each."""

from collections.abc import Callable

from akiya import units
from akiya.listings.fields import Field, FieldType

LONGEST = 5000
"""The most characters of a text field without a limit of its own."""

Reader = Callable[[str | None], float | None]
RANGES: dict[FieldType, tuple[Reader, float, float]] = {
    FieldType.YEN: (units.yen, 0, 100_000_000_000),
    FieldType.AREA: (units.area, 0, 10_000_000),
    FieldType.METRES: (units.metres, 0, 200_000),
    FieldType.WIDTH: (units.area, 0, 100),
    FieldType.COUNT: (units.count, 0, 1000),
    FieldType.PERCENT: (units.count, 0, 2000),
    FieldType.DEGREES: (units.degrees, -180, 180),
}


# Amounts by the month or year are stored in columns of 32 bits.
_MOST = {"rent": 1_000_000_000, "common_fee": 1_000_000_000, "association_fee": 1_000_000_000}


def range_of(field: Field) -> tuple[Reader, float, float]:
    """Return the reader of the field's number, and its least and greatest value. Raise KeyError for other fields."""
    read, least, most = RANGES[field.type]
    return read, least, _MOST.get(field.name, most)


def longest(field: Field) -> int:
    """Return how many characters a text of the field may have."""
    return field.limit or LONGEST
