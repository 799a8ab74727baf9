"""Every listed home as NumPy columns in the memory of the process, read again when the database has changed.

Counting the homes behind more than forty choices takes SQL tens of milliseconds with 100,000 rows, and is done differently
on each engine; on columns it takes one or two, and both engines answer the same because the same code counts. A row takes
about 150 bytes. The columns hold public facts only.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any  # cells as the driver returns them, and numbers of several sizes

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import select, type_coerce
from sqlalchemy.engine import Connection
from sqlalchemy.types import NullType

from akiya.cache import Known, PerRevision
from akiya.catalogue import sorting
from akiya.db import today
from akiya.listings.enums import LISTED, HazardExposure, PropertyKind, Status
from akiya.listings.hazards import HazardKind
from akiya.listings.models import Listing
from akiya.municipalities.enums import Tag
from akiya.municipalities.models import Municipality
from akiya.text import normalise

Array = NDArray[Any]
Mask = NDArray[np.bool_]
NONE = -1
"""The value for "not stated" in columns of amounts, areas, distances, rooms and years."""

L = Listing.__table__.c
_BATCH = 10_000


@dataclass(frozen=True)
class Catalogue:
    """The columns, each with a value per home and ordered by id.

    `municipality` and `kind` are positions in `codes` and in PropertyKind. Money is in yen, areas in m², `station_m` in
    metres. Days are date.toordinal(), `updated` is in seconds since 1970. `outside` and `inside` have a bit for each
    HazardKind, `tags` a bit for each Tag of the home's municipality. `live` says whether the home can be viewed by video
    call; its municipality decides if the home does not say. `order[column, descending]` is each row's place in an order of
    the whole catalogue, see sorting.Order.
    """

    codes: Sequence[str]
    id: Array
    municipality: Array
    tags: Array
    kind: Array
    is_sale: Mask
    is_rent: Mask
    negotiating: Mask
    live: Mask
    price: Array
    rent: Array
    floor_area: Array
    land_area: Array
    built_year: Array
    rooms: Array
    station_m: Array
    features: Array
    outside: Array
    inside: Array
    confirmed: Array
    updated: Array
    lon: Array
    lat: Array
    order: dict[tuple[str, bool], Array]


def rooms(layout: str) -> int:
    """Return the number of rooms of a layout such as 5DK or ２Ｋ＋Ｓ (1 for a studio, R), NONE if it does not say."""
    text = normalise(layout)
    if re.match(r"r|ワンルーム", text):
        return 1
    number = re.match(r"(\d{1,2})\s*(?:[a-z室間部]|$)", text)
    return int(number[1]) if number else NONE


def _day(value: date | str) -> date:
    return date.fromisoformat(value) if isinstance(value, str) else value


def _second(value: datetime | str) -> int:
    moment = datetime.fromisoformat(value) if isinstance(value, str) else value
    return int(moment.replace(tzinfo=UTC).timestamp())


_KINDS = {str(kind): index for index, kind in enumerate(PropertyKind)}
_EXPOSURES = {None: 0, str(HazardExposure.INSIDE): 1, str(HazardExposure.OUTSIDE): 2}
# The columns to read, as the database driver returns them, without SQLAlchemy's conversion of every cell: the type here,
# and a function that converts a value. Without such a function, None becomes NONE.
_READ: dict[str, tuple[type, Callable[[Any], Any] | None]] = {
    "id": (np.int64, None),
    "municipality_code": (np.int16, None),
    "kind": (np.int8, lambda value: _KINDS[value]),
    "status": (np.bool_, lambda value: value == str(Status.NEGOTIATING)),
    "is_sale": (np.bool_, None),
    "is_rent": (np.bool_, None),
    "price": (np.int64, None),
    "rent": (np.int64, None),
    "floor_area": (np.float64, None),
    "land_area": (np.float64, None),
    "built_on": (np.int16, lambda value: NONE if value is None else _day(value).year),
    "layout": (np.int16, rooms),
    "station_m": (np.int32, None),
    "features": (np.int64, None),
    "live_viewing": (np.int8, None),
    **{str(kind): (np.uint8, lambda value: _EXPOSURES[value]) for kind in HazardKind},
    "confirmed_on": (np.int32, lambda value: 0 if value is None else _day(value).toordinal()),
    "review_due_on": (np.int32, lambda value: 0 if value is None else _day(value).toordinal()),
    "published_on": (np.int32, lambda value: 0 if value is None else _day(value).toordinal()),
    "updated_at": (np.int64, _second),
    "lon": (np.float64, None),
    "lat": (np.float64, None),
}
_ROWS = (
    select(*[type_coerce(L[name], NullType()).label(name) for name in _READ]).where(L.status.in_(LISTED)).order_by(L.id)
)


def _load(connection: Connection) -> Catalogue:
    bits = {tag: 1 << bit for bit, tag in enumerate(Tag)}
    query = select(Municipality.code, Municipality.tags, Municipality.live_viewing).order_by(Municipality.code)
    known = connection.execute(query).all()
    position = {row.code: index for index, row in enumerate(known)}
    tags_of = np.array([sum(bits[Tag(tag)] for tag in row.tags.split(",") if tag) for row in known] or [0], np.int32)
    live_of = np.array([row.live_viewing for row in known] or [False], np.bool_)
    read = {**_READ, "municipality_code": (np.int16, position.__getitem__)}
    columns = _columns(connection, read)
    municipality, kind = columns.pop("municipality_code"), columns["kind"]
    count, published = columns.pop("layout"), columns.pop("published_on")
    due, live = columns.pop("review_due_on"), columns.pop("live_viewing")
    overdue = (due != 0) & (due < today().toordinal())
    count[kind == _KINDS[str(PropertyKind.LAND)]] = NONE
    answers = [columns.pop(str(kind)) for kind in HazardKind]
    outside, inside = (
        sum(
            (np.uint8(1 << bit) * (answer == code) for bit, answer in enumerate(answers)), np.zeros(len(kind), np.uint8)
        )
        for code in (_EXPOSURES[str(HazardExposure.OUTSIDE)], _EXPOSURES[str(HazardExposure.INSIDE)])
    )
    catalogue = Catalogue(
        codes=list(position),
        municipality=municipality,
        tags=tags_of[municipality],
        negotiating=columns.pop("status"),
        live=np.where(live == NONE, live_of[municipality], live == 1),
        built_year=columns.pop("built_on"),
        rooms=count,
        outside=outside,
        inside=inside,
        confirmed=columns.pop("confirmed_on"),
        updated=columns.pop("updated_at"),
        order={},
        **columns,
    )
    _add_orders(catalogue, published, overdue)
    return catalogue


def _columns(connection: Connection, read: Mapping[str, tuple[type, Callable[[Any], Any] | None]]) -> dict[str, Array]:
    parts: dict[str, list[Array]] = {name: [np.empty(0, kind)] for name, (kind, _make) in read.items()}
    made = {name: Known(make) for name, (_kind, make) in read.items() if make is not None}
    # In batches, so that only one batch at a time is in memory as Python objects.
    for rows in connection.execute(_ROWS.execution_options(stream_results=True)).partitions(_BATCH):
        for (name, (kind, _make)), values in zip(read.items(), zip(*rows, strict=True), strict=True):
            if name in made:
                cells = list(map(made[name].__getitem__, values))
            else:
                cells = [NONE if value is None else value for value in values]
            parts[name].append(np.array(cells, kind))
    return {name: np.concatenate(arrays) for name, arrays in parts.items()}


def _add_orders(catalogue: Catalogue, published: Array, overdue: Mask) -> None:
    ids, order = catalogue.id, catalogue.order
    order["newest", False] = _places(np.lexsort((-ids, -published, overdue)))
    order["waiting", False] = _places(np.lexsort((ids, published, published == 0)))
    for column, descending in sorting.keys() - order.keys():
        values = getattr(catalogue, column)
        keys = (order["newest", False], -values if descending else values, values == NONE)
        order[column, descending] = _places(np.lexsort(keys))


def _places(sorted_rows: Array) -> Array:
    places = np.empty(len(sorted_rows), np.int32)
    places[sorted_rows] = np.arange(len(sorted_rows), dtype=np.int32)
    return places


current: PerRevision[Catalogue] = PerRevision(_load, today)
"""Returns the catalogue as of the last committed change and today's date; it is read again when either changes."""
