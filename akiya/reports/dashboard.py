"""The dashboard's figures: those of report R1, combined by month or fiscal year and by municipality.

Nothing is counted here. Columns of R1 that count what happened in a month are added up over a step; columns that
describe the end of a month are taken from the step's last month. Only two shares are computed here, from columns of R1.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from akiya.cache import PerRevision
from akiya.municipalities import search as municipalities
from akiya.municipalities.codes import code6
from akiya.municipalities.enums import Standing
from akiya.municipalities.models import Municipality
from akiya.reports.monthly import closed, counting, timeline
from akiya.reports.monthly.figures import COLUMNS, FIGURES, WHOLE_COLUMNS
from akiya.reports.monthly.timeline import Lives
from akiya.reports.periods import Period, fiscal_year, month_end
from akiya.reports.table import Cell, CellType, ReportColumn, Table, share

Figures = Mapping[str, Cell]
"""Figures by the key of their column."""

_TAKEN = (
    "open", "negotiating", "new_sale", "new_rent", "new_land", "contracted", "withdrawn", "expired", "households", "people",
    "inquiries", "viewings", "online", "panorama", "unconfirmed",
)  # fmt: skip
_R1 = {column.key: column for column in FIGURES}
SHOWN: tuple[ReportColumn, ...] = (
    *[_R1[key] for key in _TAKEN],
    ReportColumn(
        "panorama_share", "360付き（%）", "「360付き」÷（掲載中＋商談中）。物件がなければ空欄。", CellType.PERCENT
    ),
    ReportColumn(
        "confirmed_share",
        "90日以内に確認（%）",
        "掲載中と商談中のうち「90日未確認」でないものの割合。物件がなければ空欄。",
        CellType.PERCENT,
    ),
)
"""The figures of the dashboard, as columns."""
COLUMN = {column.key: column for column in SHOWN}


@dataclass(frozen=True)
class Step:
    """A month or a fiscal year: its name, its short name below a chart ("" for none), and the days counted."""

    name: str
    short: str
    period: Period


@dataclass(frozen=True)
class PlaceFigures:
    """The figures of a municipality for each step and for the whole period. `note` says when it joined or left."""

    code: str
    name: str
    note: str
    steps: tuple[Figures, ...]
    total: Figures
    municipality: Municipality | None = None


@dataclass(frozen=True)
class Board:
    """The figures of a period, for the whole prefecture and for each municipality in the order of the codes."""

    steps: tuple[Step, ...]
    period: Period
    whole: PlaceFigures
    places: tuple[PlaceFigures, ...]

    def of(self, code: str) -> PlaceFigures | None:
        """Return the municipality's figures, or None."""
        return next((place for place in self.places if place.code == code), None)


_lives: PerRevision[Lives] = PerRevision(timeline.load)


def make(period: Period, *, yearly: bool = False) -> Board:
    """Return the figures of a period by month or fiscal year; months that were closed keep the figures of that time."""
    places, whole = counting.tables(period, closed.stored(period), _lives())
    steps = _years(period) if yearly else _months(period)
    by_code = _by_month(places, COLUMNS)
    known = {code6(place.code): place for place in municipalities.all_municipalities()}
    together = _place("", "県全体", "", _by_month(whole, WHOLE_COLUMNS)[""], steps)
    return Board(
        steps,
        period,
        together,
        tuple(
            _place(known[code].code, known[code].name, note(known[code], period), months, steps, known[code])
            for code, months in sorted(by_code.items())
        ),
    )


def _by_month(table: Table, columns: Sequence[ReportColumn]) -> dict[str, dict[str, Figures]]:
    """Return the rows of a table of R1 by the municipality's six-digit code and by month."""
    keys = [column.key for column in columns]
    found: dict[str, dict[str, Figures]] = defaultdict(dict)
    for cells in table.rows:
        row = dict(zip(keys, cells, strict=True))
        found[str(row.get("code", ""))][str(row["month"])] = row
    return found


def _place(
    code: str,
    name: str,
    note: str,
    months: Mapping[str, Figures],
    steps: Iterable[Step],
    municipality: Municipality | None = None,
) -> PlaceFigures:
    counted = tuple(
        over([months[key] for first in step.period.months if (key := f"{first:%Y-%m}") in months]) for step in steps
    )
    return PlaceFigures(code, name, note, counted, over(list(months.values())), municipality)


def over(rows: Sequence[Figures]) -> Figures:
    """Return the figures of SHOWN for several consecutive rows of R1."""
    found: dict[str, Cell] = {}
    for key in _TAKEN:
        values = [value for row in rows if isinstance(value := row.get(key), int)]
        found[key] = (sum(values) if _R1[key].summed else values[-1]) if values else None
    offered = _number(found["open"]) + _number(found["negotiating"])
    found["panorama_share"] = share(_number(found["panorama"]), offered)
    found["confirmed_share"] = share(offered - _number(found["unconfirmed"]), offered)
    return found


def _number(cell: Cell) -> float:
    return cell if isinstance(cell, int | float) else 0


def _months(period: Period) -> tuple[Step, ...]:
    """Return a step for each month; over more than a year only Aprils are named below a chart."""
    long = len(period.months) > 12
    return tuple(
        Step(
            f"{first:%Y-%m}",
            (f"{first:%Y/%-m}" if first.month == 4 else "") if long else f"{first.month}月",
            Period(first, month_end(first, period.last)),
        )
        for first in period.months
    )


def _years(period: Period) -> tuple[Step, ...]:
    months: dict[int, list[date]] = defaultdict(list)
    for first in period.months:
        months[fiscal_year(first)].append(first)
    return tuple(
        Step(f"{year}年度", f"{year}", Period(firsts[0], month_end(firsts[-1], period.last)))
        for year, firsts in months.items()
    )


def note(place: Municipality, period: Period) -> str:
    """Return in Japanese when the municipality joined, if within the period, or why it is not a member; otherwise ""."""
    if place.standing is not Standing.JOINED:
        on = place.merged_on if place.standing is Standing.MERGED else place.left_on
        return f"{place.standing.label} {on or ''}".strip()
    return f"参加 {place.joined_on}" if place.joined_on and place.joined_on > period.first else ""


def took_part(place: Municipality, period: Period) -> bool:
    """Return whether the municipality was a member of the bank on any day of the period."""
    ended = place.merged_on or place.left_on
    lasted = place.standing is Standing.JOINED or (ended is not None and ended >= period.first)
    return lasted and (place.joined_on is None or place.joined_on <= period.last)


def means(board: Board) -> PlaceFigures:
    """Return the mean figures of the municipalities that took part; shares are those of the whole prefecture."""
    steps = [
        _mean(board, step.period, figures, [place.steps[number] for place in board.places])
        for number, (step, figures) in enumerate(zip(board.steps, board.whole.steps, strict=True))
    ]
    total = _mean(board, board.period, board.whole.total, [place.total for place in board.places])
    return PlaceFigures("", "県平均", "", tuple(steps), total)


def _mean(board: Board, period: Period, whole: Figures, figures: Sequence[Figures]) -> Figures:
    own = {place.code for place in municipalities.served()}
    among = [
        found
        for place, found in zip(board.places, figures, strict=True)
        if place.code in own and place.municipality and took_part(place.municipality, period)
    ]
    found = dict(whole)
    for key in _TAKEN:
        found[key] = round(sum(_number(each[key]) for each in among) / len(among), 1) if among else None
    return found


def rank(board: Board, code: str, key: str) -> tuple[int, int] | None:
    """Return the municipality's rank by a figure, 1 for the greatest, and among how many; None without that figure."""
    among = {
        place.code: _number(place.total[key])
        for place in board.places
        if place.municipality and took_part(place.municipality, board.period) and place.total[key] is not None
    }
    if code not in among:
        return None
    return 1 + sum(value > among[code] for value in among.values()), len(among)


def ordered(places: Iterable[PlaceFigures], key: str, *, down: bool) -> list[PlaceFigures]:
    """Return the municipalities ordered by a figure, those without it last, equal ones by code.

    A `key` that is not a figure orders them by code.
    """
    found = sorted(places, key=lambda place: place.code, reverse=down and key not in COLUMN)
    if key in COLUMN:
        known = [place for place in found if place.total[key] is not None]
        found = [
            *sorted(known, key=lambda place: _number(place.total[key]) * (-1 if down else 1)),
            *[place for place in found if place.total[key] is None],
        ]
    return found


def mean_column(column: ReportColumn) -> ReportColumn:
    """Return the column as it shows means."""
    return column if column.type is CellType.PERCENT else replace(column, type=CellType.MEAN)
