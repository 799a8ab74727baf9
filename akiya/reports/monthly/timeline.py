"""Read the life of every listing from its event log as NumPy columns, which report R1 counts.

The records of a listing are followed in the order in which they were written; only public states matter. A record of a
closing that follows another one, without the listing having been on offer in between, corrects it if it names the same
outcome or no later day. Nothing is dated before the day on which the listing was last on offer.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any  # columns of any type, and what the driver returns for them

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import ColumnElement, Select, String, case, cast, func, or_, select, type_coerce
from sqlalchemy.engine import Connection
from sqlalchemy.types import NullType

from akiya import geo
from akiya.cache import Known
from akiya.db import Session, db
from akiya.listings.enums import CLOSED, LISTED, PUBLIC, Deal, PropertyKind, Status, Use
from akiya.listings.events import EventKind
from akiya.listings.models import Closing, Event, Listing
from akiya.panoramas.models import Scene, SceneState

Column = NDArray[Any]
_By = Connection | Session
NEVER, EVER = 0, 1 << 20
"""Days are numbers as of date.toordinal(); these two are before and after every day."""
_BATCH = 20_000
_STATES = {str(status): index for index, status in enumerate(PUBLIC)}
_CONFIRMED = len(PUBLIC)
CODE = {status: _STATES[str(status)] for status in PUBLIC}
_LISTED = [CODE[status] for status in LISTED]
_CLOSED = [CODE[status] for status in CLOSED]


@dataclass(frozen=True)
class Merger:
    """Homes (rows of HomeColumns) that belong to the municipality `to` from `day` on, because of a merger."""

    day: int
    to: str
    homes: Column


@dataclass(frozen=True)
class HomeColumns:
    """Facts of each listing as columns, ordered by id.

    `published` is NEVER if unknown, `panorama` EVER if there is none. `municipality` is the first one of each home;
    `mergers`, by day, say to which it belonged later. From its closing come `deal`, `settled` (somebody lives there
    now), `people`, `origin` (the previous prefecture) and `children`.
    """

    ids: list[int]
    municipality: list[str]
    mergers: list[Merger]
    sale: Column
    rent: Column
    land: Column
    published: Column
    panorama: Column
    deal: list[str | None]
    settled: Column
    people: Column
    origin: list[str]
    children: Column


@dataclass(frozen=True)
class Stretches:
    """Periods in which a home's state and last confirmation do not change, from `begin` to the day before `end`.

    `home` is a row of HomeColumns, `state` a CODE or -1, `seen` the day of publication or last confirmation.
    """

    home: Column
    state: Column
    seen: Column
    begin: Column
    end: Column


@dataclass(frozen=True)
class Endings:
    """Closings that were not corrected: the home, the outcome, the day, and the day of the home's next record."""

    home: Column
    state: Column
    day: Column
    until: Column


Lives = tuple[HomeColumns, Stretches, Endings]


def load(by: Connection | None = None) -> Lives:
    """Return the lives of all listings, read by the session or by the connection `by`."""
    homes, row_of = _homes(by or db.session)
    home, kind, day = _records(row_of, by or db.session)
    stated = kind != _CONFIRMED
    states = _followed(home[stated], kind[stated], day[stated])
    seen = home[~stated], day[~stated]
    return homes, _stretches(homes, *states, *seen), _endings(*states)


def ordinal(value: date | str | None) -> int:
    """Return the day as a number, from the date or text that a database driver returns; NEVER for None."""
    if value is None:
        return NEVER
    return (date.fromisoformat(value) if isinstance(value, str) else value).toordinal()


def raw(*columns: ColumnElement[Any]) -> list[ColumnElement[Any]]:
    """Return the columns without conversion to Python types, which saves making an object for every cell."""
    return [type_coerce(column, NullType()) for column in columns]


def columns_of(query: Select[*tuple[Any, ...]], count: int, by: _By | None = None) -> list[list[Any]]:
    """Return the result of the query as one list for each of its `count` columns."""
    found: list[list[Any]] = [[] for _ in range(count)]
    for rows in (by or db.session).execute(query.execution_options(yield_per=_BATCH)).partitions():
        for column, values in zip(found, zip(*rows, strict=True), strict=True):
            column.extend(values)
    return found


def _homes(by: _By) -> tuple[HomeColumns, Mapping[int, int]]:
    listing, closing = Listing.__table__.c, Closing.__table__.c
    columns = raw(
        listing.id, listing.municipality_code, listing.is_sale, listing.is_rent, listing.kind, listing.published_on,
        closing.deal, closing.use, closing.household_size, closing.previous_prefecture, closing.children,
    )  # fmt: skip
    query = select(*columns).outerjoin_from(Listing.__table__, Closing.__table__).order_by(listing.id)
    ids, codes, sale, rent, kinds, published, deal, use, people, origin, children = columns_of(query, len(columns), by)
    row_of = dict(zip(ids, range(len(ids)), strict=True))
    panorama = np.full(len(ids), EVER, np.int32)
    shown = select(Scene.listing_id, func.min(Scene.created_at)).where(Scene.published, Scene.state == SceneState.READY)
    for listing_id, created_at in by.execute(shown.group_by(Scene.listing_id)):
        panorama[row_of[listing_id]] = created_at.astimezone(geo.JAPAN_TIME).date().toordinal()
    land, settled = str(PropertyKind.LAND), (str(Use.HOME), str(Use.TWO_BASE))
    homes = HomeColumns(
        ids,
        codes,
        _mergers(codes, row_of, by),
        np.array(sale, np.bool_),
        np.array(rent, np.bool_),
        np.array([kind == land for kind in kinds], np.bool_),
        np.fromiter(map(Known(ordinal).__getitem__, published), np.int32, len(ids)),
        panorama,
        deal,
        np.array([value in settled for value in use], np.bool_),
        np.array([value or 0 for value in people], np.int32),
        [value or "" for value in origin],
        np.array([value or 0 for value in children], np.int32),
    )
    return homes, row_of


def _mergers(codes: list[str], row_of: Mapping[int, int], by: _By) -> list[Merger]:
    """Return the mergers by day, and set `codes` from the present municipality of each home to its first one."""
    query = select(Event.listing_id, Event.changes, Event.effective_on).where(Event.action == EventKind.MERGED)
    moved: dict[tuple[int, str], list[int]] = {}
    first: dict[int, str] = {}
    for listing_id, changes, day in by.execute(query.order_by(Event.effective_on, Event.id)):
        assert day is not None  # each merger has a day
        before, after = changes["municipality_code"]
        row = row_of[listing_id]
        first.setdefault(row, before)
        moved.setdefault((day.toordinal(), after), []).append(row)
    for row, code in first.items():
        codes[row] = code
    return [Merger(day, to, np.array(rows, np.int64)) for (day, to), rows in moved.items()]


def _records(row_of: Mapping[int, int], by: _By) -> tuple[Column, Column, Column]:
    """Return (home, CODE or _CONFIRMED, day) of each record, home by home in the order in which they were written."""
    event = Event.__table__.c
    wanted = or_(event.status.in_(PUBLIC), event.action == EventKind.CONFIRMED)
    kind = case({status: str(_STATES[str(status)]) for status in PUBLIC}, value=event.status, else_=str(_CONFIRMED))
    # The kind is the last digit, after the day's eight: there may be at most ten kinds.
    day_and_kind = func.replace(cast(event.effective_on, String), "-", "").concat(kind)
    # The database joins each column into one text: making a row object of each of a million records takes ten times longer.
    columns = (cast(event.id, String), cast(event.listing_id, String), day_and_kind)
    query = select(*[func.aggregate_strings(column, ",") for column in columns])
    found = by.execute(query.where(wanted, event.effective_on.is_not(None))).one()
    ids, listings, days = (np.fromstring(text or "", np.int64, sep=",") for text in found)
    home = _rows(row_of, listings)
    order = np.lexsort((ids, home))
    days, kinds = np.divmod(days[order], 10)
    known, places = np.unique(days, return_inverse=True)
    ordinals = np.array([_ordinal_of(number) for number in known.tolist()], np.int32)
    return home[order], kinds.astype(np.int8), ordinals[places] if len(known) else days.astype(np.int32)


def _ordinal_of(number: int) -> int:
    """Return the day number of a day written like 20260401."""
    return date(number // 10_000, number // 100 % 100, number % 100).toordinal()


def _rows(row_of: Mapping[int, int], listings: Column) -> Column:
    """Return the row of HomeColumns of each listing id; rows are in the order of ids."""
    return np.searchsorted(np.fromiter(row_of, np.int64, len(row_of)), listings)


def _followed(home: Column, state: Column, day: Column) -> tuple[Column, Column, Column]:
    """Return the sequence of states without those that were corrected; days never go back."""
    closed = np.isin(state, _CLOSED)
    day = np.maximum(day, _latest(home, np.where(closed, NEVER, day)))
    while True:
        again = (home[1:] == home[:-1]) & closed[1:] & closed[:-1]
        corrected = again & ((state[1:] == state[:-1]) | (day[1:] <= day[:-1]))
        if not corrected.any():
            return home, state, _latest(home, day)
        kept = np.append(~corrected, True)
        home, state, day, closed = home[kept], state[kept], day[kept], closed[kept]


def _latest(home: Column, day: Column) -> Column:
    """Return for each record the latest day among the records of its home so far."""
    base = home.astype(np.int64) * EVER
    return (np.maximum.accumulate(base + day) - base).astype(np.int32) if len(home) else day


def _endings(home: Column, state: Column, day: Column) -> Endings:
    closed = np.isin(state, _CLOSED)
    until = _next_of_home(home, day)
    return Endings(home[closed], state[closed], day[closed], until[closed])


def _next_of_home(home: Column, day: Column) -> Column:
    following = np.full(len(home), EVER, np.int32)
    same = home[1:] == home[:-1]
    following[:-1][same] = day[1:][same]
    return following


def _stretches(
    homes: HomeColumns, home: Column, state: Column, day: Column, seen_home: Column, seen_day: Column
) -> Stretches:
    opened = CODE[Status.OPEN]
    whole_home = np.concatenate((home, seen_home))
    whole_day = np.concatenate((day, seen_day))
    whole_state = np.concatenate((state, np.full(len(seen_home), -1, np.int8)))
    confirms = np.concatenate((state == opened, np.ones(len(seen_home), np.bool_)))
    order = np.argsort(whole_home.astype(np.int64) * EVER + whole_day, kind="stable")
    whole_home, whole_day, whole_state, confirms = (
        column[order] for column in (whole_home, whole_day, whole_state, confirms)
    )
    last_state, last_seen = _last(whole_home, whole_state >= 0), _last(whole_home, confirms)
    return Stretches(
        whole_home,
        np.where(last_state >= 0, whole_state[last_state], -1),
        np.where(last_seen >= 0, whole_day[last_seen], homes.published[whole_home]),
        whole_day,
        _next_of_home(whole_home, whole_day),
    )


def _last(home: Column, wanted: Column) -> Column:
    """Return for each record the index of the last wanted record of its home so far, or -1."""
    places = np.arange(len(home))
    last = np.maximum.accumulate(np.where(wanted, places, -1)) if len(home) else places
    return np.where((last >= 0) & (home[last] == home), last, -1) if len(home) else last


def deal_of(homes: HomeColumns, rows: Iterable[int]) -> list[str]:
    """Return the deal that closed each of the homes: "land", a Deal, or "" if unknown."""
    found = []
    for row in rows:
        only = (str(Deal.SALE) if homes.sale[row] else str(Deal.RENT)) if homes.sale[row] != homes.rent[row] else ""
        found.append("land" if homes.land[row] else homes.deal[row] or only)
    return found
