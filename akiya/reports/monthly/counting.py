"""Count report R1: by month and municipality, and by month for the whole prefecture."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import extract, func, select, true

from akiya.db import db
from akiya.inquiries.models import Inquiry, InquiryKind
from akiya.listings.enums import LISTED, Status
from akiya.listings.events import EventKind
from akiya.listings.models import Event, Listing
from akiya.municipalities import search as municipalities
from akiya.municipalities.codes import code6
from akiya.municipalities.models import Municipality
from akiya.reports.monthly import timeline
from akiya.reports.monthly.figures import COLUMNS, FIGURES, UNCONFIRMED_DAYS, WHOLE_COLUMNS
from akiya.reports.monthly.timeline import CODE, Column, Endings, HomeColumns, Lives, Stretches
from akiya.reports.periods import Period, month_end
from akiya.reports.table import Cell, SheetChart, Table, era_month, share
from akiya.visits.models import VisitKind, Visits

Grid = NDArray[np.int64]
"""A figure for each municipality (row) and month (column)."""

_OUTCOMES = {Status.CONTRACTED: "contracted", Status.WITHDRAWN: "withdrawn", Status.EXPIRED: "expired"}
_SEEN = {VisitKind.LISTING: "views", VisitKind.PANORAMA: "tours"}
_ASKED = {InquiryKind.INQUIRY: "inquiries", InquiryKind.VIEWING: "viewings", InquiryKind.ONLINE: "online"}


@dataclass
class Months:
    """The months of a period as days, and how to count by municipality and month.

    `place` is the row in the grids of the municipality in which each home was first; each of `moves` is (day, mask of
    the homes that changed municipality then, row of their new one).
    """

    first: int
    ends: NDArray[np.int64]
    place: NDArray[np.int64]
    places: int
    moves: list[tuple[int, NDArray[np.bool_], int]]

    @classmethod
    def of_period(cls, period: Period, homes: HomeColumns) -> "Months":
        """Return the months of the period, which have begun; municipalities are in the order of their codes."""
        row_of = {place.code: row for row, place in enumerate(municipalities.all_municipalities())}
        ends = [month_end(first, period.last).toordinal() for first in period.months]
        place = np.fromiter(map(row_of.__getitem__, homes.municipality), np.int64, len(homes.municipality))
        moves = []
        for merger in homes.mergers:
            moved = np.zeros(len(place), np.bool_)
            moved[merger.homes] = True
            moves.append((merger.day, moved, row_of[merger.to]))
        return cls(period.first.toordinal(), np.array(ends, np.int64), place, len(row_of), moves)

    def place_on(self, home: Column, day: Column) -> Column:
        """Return the row in the grids of the municipality in which each home was on the given day."""
        place = self.place[home]
        for since, moved, to in self.moves:
            place = np.where(moved[home] & (day >= since), to, place)
        return place

    def of(self, day: Column) -> Column:
        """Return the index of the month of each day; a day before the first month gets index 0."""
        return np.searchsorted(self.ends, day, "left")

    def count(self, home: Column, day: Column, weight: Column | None = None) -> Grid:
        """Return how many of the days are in each month, or the sum of their weights, by municipality."""
        within = (day >= self.first) & (day <= self.ends[-1])
        cell = self.place_on(home[within], day[within]) * len(self.ends) + self.of(day[within])
        weights = None if weight is None else weight[within]
        return self._grid(np.bincount(cell, weights, self.places * len(self.ends)), len(self.ends))

    def standing(self, home: Column, begin: Column, end: Column) -> Grid:
        """Return how many stretches include the end of each month, by municipality; an empty stretch includes none."""
        for since, moved, _to in self.moves:
            cut = moved[home] & (begin < since) & (since < end)
            home, begin = np.append(home, home[cut]), np.append(begin, np.full(cut.sum(), since, begin.dtype))
            end = np.append(np.where(cut, since, end), end[cut])
        month = self.of(begin)
        until = np.maximum(self.of(end), month)
        width = len(self.ends) + 1
        row = self.place_on(home, begin) * width
        changes = np.bincount(row + month, minlength=self.places * width) - np.bincount(
            row + until, minlength=self.places * width
        )
        standing: Grid = self._grid(changes, width).cumsum(axis=1)[:, :-1]
        return standing

    def _grid(self, flat: Column, width: int) -> Grid:
        grid: Grid = flat.reshape(self.places, width).astype(np.int64)
        return grid


@dataclass(frozen=True)
class Count:
    """The counted figures by key, as grids of municipality × month.

    The mean time on offer is `waited` (summed days) divided by `waiting` (number of homes).
    """

    months: list[date]
    places: Sequence[Municipality]
    grids: Mapping[str, Grid]
    waited: Grid
    waiting: Grid

    def row(self, place: int | None, month: int) -> tuple[Cell, ...]:
        """Return the cells of FIGURES for a municipality, or for all together with `place` None."""

        def of(grid: Grid) -> int:
            return int(grid[:, month].sum() if place is None else grid[place, month])

        figures: dict[str, Cell] = {key: of(self.grids[key]) for key in self.grids}
        ended = sum(of(self.grids[key]) for key in _OUTCOMES.values())
        figures["rate"] = share(of(self.grids["contracted"]), ended)
        figures["days"] = round(of(self.waited) / waiting, 1) if (waiting := of(self.waiting)) else None
        return tuple(figures[column.key] for column in FIGURES)


def count(period: Period, lived: Lives | None = None) -> Count:
    """Return all figures of R1 for the period, whose months have begun, from the database or from `lived`."""
    homes, stretches, endings = lived or timeline.load()
    places = municipalities.all_municipalities()
    row_of = {place.code: row for row, place in enumerate(places)}
    months = Months.of_period(period, homes)
    grids = {**_new(homes, months), **_standing(homes, stretches, months)}
    closed, waited, waiting = _ended(homes, endings, months)
    noted = _noted(period, row_of, len(places), homes, months)
    return Count(period.months, places, {**grids, **closed, **noted}, waited, waiting)


def tables(period: Period, stored: Mapping[date, list[dict[str, Cell]]], lived: Lives | None = None) -> list[Table]:
    """Return R1 by municipality and for the prefecture. A month in `stored` is shown as it was closed."""
    rows: list[tuple[Cell, ...]] = []
    whole: list[tuple[Cell, ...]] = []
    counted = count(period, lived) if period.months else None
    for number, first in enumerate(period.months):
        assert counted is not None
        kept = stored.get(first)
        lines = rows_of(counted, number) if kept is None else [tuple(row.get(c.key) for c in COLUMNS) for row in kept]
        rows += [row for row in lines if row[0] != ""]
        together = counted.row(None, number)
        if kept is not None:
            together = next(tuple(row.get(c.key) for c in FIGURES) for row in kept if row["code"] == "")
        whole.append((f"{first:%Y-%m}", era_month(first), *together))
    closed = [f"{first:%Y-%m}" for first in period.months if first in stored]
    notes = (f"確定した月（確定したときの数値）：{'、'.join(closed)}",) if closed else ()
    chart = SheetChart("month", ("open", "contracted", "households"))
    return [
        Table("places", "月別・市町村別", COLUMNS, rows, notes),
        Table("whole", "月別・県全体", WHOLE_COLUMNS, whole, notes, chart),
    ]


def rows_of(counted: Count, number: int, *, whole: bool = False) -> list[tuple[Cell, ...]]:
    """Return the rows of one month; with `whole` also a last row of all together, without a code.

    Municipalities of another prefecture have rows only if they have a figure in any of the months.
    """
    own = {place.code for place in municipalities.served()}
    any_figure = np.any([grid.any(axis=1) for grid in counted.grids.values()], axis=0)
    first = counted.months[number]
    when = (f"{first:%Y-%m}", era_month(first))
    rows: list[tuple[Cell, ...]] = [
        (code6(place.code), place.name, *when, *counted.row(row, number))
        for row, place in enumerate(counted.places)
        if place.code in own or any_figure[row]
    ]
    return [*rows, ("", "県全体", *when, *counted.row(None, number))] if whole else rows


def _new(homes: HomeColumns, months: Months) -> dict[str, Grid]:
    wanted = {
        "new_sale": homes.sale & ~homes.land,
        "new_rent": homes.rent & ~homes.land,
        "new_land": homes.land,
    }
    rows = {key: np.flatnonzero(mask) for key, mask in wanted.items()}
    return {key: months.count(row, homes.published[row]) for key, row in rows.items()}


def _standing(homes: HomeColumns, stretches: Stretches, months: Months) -> dict[str, Grid]:
    grids = {}
    for status in LISTED:
        of = stretches.state == CODE[status]
        grids[str(status)] = months.standing(stretches.home[of], stretches.begin[of], stretches.end[of])
    listed = np.isin(stretches.state, [CODE[status] for status in LISTED])
    home, begin, end, seen = (
        column[listed] for column in (stretches.home, stretches.begin, stretches.end, stretches.seen)
    )
    grids["panorama"] = months.standing(home, np.maximum(begin, homes.panorama[home]), end)
    grids["unconfirmed"] = months.standing(home, np.maximum(begin, seen + UNCONFIRMED_DAYS + 1), end)
    return grids


def _stood(endings: Endings, months: Months) -> tuple[Column, Column, Column]:
    """Return (home, state, day) of the closings that were still in force at the end of their month."""
    month = np.minimum(months.of(endings.day), len(months.ends) - 1)
    stood = endings.until > months.ends[month]
    return endings.home[stood], endings.state[stood], endings.day[stood]


def contracted(endings: Endings, months: Months) -> tuple[Column, Column]:
    """Return (home, day) of the contracts that R1 counts; the days may be before or after the months."""
    home, state, day = _stood(endings, months)
    of = state == CODE[Status.CONTRACTED]
    return home[of], day[of]


def _ended(homes: HomeColumns, endings: Endings, months: Months) -> tuple[dict[str, Grid], Grid, Grid]:
    """Return the grids of closings still in force at the end of their month, of the days waited, and of the homes."""
    home, state, day = _stood(endings, months)
    grids = {}
    for status, key in _OUTCOMES.items():
        of = state == CODE[status]
        grids[key] = months.count(home[of], day[of])
    of = state == CODE[Status.CONTRACTED]
    deals = np.array(timeline.deal_of(homes, home[of]), object)
    for deal in ("sale", "rent", "land"):
        grids[f"contracted_{deal}"] = months.count(home[of][deals == deal], day[of][deals == deal])
    grids |= _moved_in(homes, home[of], day[of], months)
    known = homes.published[home] != timeline.NEVER
    home, day = home[known], day[known]
    waited = months.count(home, day, (day - homes.published[home]).astype(np.float64))
    return grids, waited, months.count(home, day)


def _moved_in(homes: HomeColumns, home: Column, day: Column, months: Months) -> dict[str, Grid]:
    home, day = home[homes.settled[home]], day[homes.settled[home]]
    prefecture = municipalities.prefecture()
    own = ("", prefecture.name if prefecture else "")
    outside = np.array([homes.origin[row] not in own for row in home], np.bool_)
    children = homes.children[home] > 0
    return {
        "households": months.count(home, day),
        "people": months.count(home, day, homes.people[home].astype(np.float64)),
        "from_outside": months.count(home[outside], day[outside]),
        "with_children": months.count(home[children], day[children]),
    }


def _noted(
    period: Period, row_of: Mapping[str, int], places: int, homes: HomeColumns, months: Months
) -> dict[str, Grid]:
    """Return the grids of inquiries and views, counted by the database.

    An inquiry stays with the municipality that recorded it.
    """
    number = {(first.year, first.month): place for place, first in enumerate(period.months)}
    grids = {key: np.zeros((places, len(number)), np.int64) for key in (*_ASKED.values(), *_SEEN.values())}
    by = Inquiry.municipality_code, extract("year", Inquiry.on), extract("month", Inquiry.on), Inquiry.kind
    within = Inquiry.on.between(period.first, period.last), Inquiry.kind.in_(_ASKED)
    for code, year, month, kind, figure in db.session.execute(select(*by, func.count()).where(*within).group_by(*by)):
        grids[_ASKED[kind]][row_of[code], number[int(year), int(month)]] += figure
    of = Listing.municipality_code, extract("year", Visits.day), extract("month", Visits.day), Visits.kind
    seen = (
        select(*of, func.sum(Visits.count))
        .join(Listing, Listing.id == Visits.listing_id)
        .where(Visits.day.between(period.first, period.last))
    )
    moved = {homes.ids[row]: row for merger in homes.mergers for row in merger.homes.tolist()}
    stayed = Visits.listing_id.not_in(select(Event.listing_id).where(Event.action == EventKind.MERGED))
    for code, year, month, page, figure in db.session.execute(seen.where(stayed if moved else true()).group_by(*of)):
        grids[_SEEN[page]][row_of[code], number[int(year), int(month)]] += int(figure)
    if moved:
        _add_views_of_moved(grids, moved, period, months)
    return grids


def _add_views_of_moved(grids: Mapping[str, Grid], moved: Mapping[int, int], period: Period, months: Months) -> None:
    """Add the views of homes that changed municipality, where each home was on the day of the view."""
    wanted = (
        Visits.day.between(period.first, period.last),
        Visits.listing_id.in_(select(Event.listing_id).where(Event.action == EventKind.MERGED)),
    )
    columns = Visits.listing_id, Visits.day, Visits.kind, Visits.count
    for listing_id, day, page, figure in db.session.execute(select(*columns).where(*wanted)):
        ordinal = np.array([day.toordinal()])
        place = months.place_on(np.array([moved[listing_id]]), ordinal)[0]
        grids[_SEEN[page]][place, months.of(ordinal)[0]] += figure
