"""A report as a table: columns with their definitions, and rows of cells."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import Enum

from akiya import units

Cell = str | int | float | date | None


class CellType(Enum):
    """A type of cell and thus its display. PERCENT is of a hundred, AREA in m², LINK an address within this site."""

    TEXT = "text"
    COUNT = "count"
    MEAN = "mean"
    PERCENT = "percent"
    YEN = "yen"
    AREA = "area"
    DATE = "date"
    LINK = "link"
    DEGREES = "degrees"


@dataclass(frozen=True)
class ReportColumn:
    """A column with the exact definition that is printed with it. `summed` means that its cells can be added up."""

    key: str
    label: str
    definition: str = ""
    type: CellType = CellType.COUNT
    summed: bool = False


@dataclass(frozen=True)
class SheetChart:
    """A chart of a table: the columns `keys` over the cells of the column `over`."""

    over: str
    keys: tuple[str, ...]


@dataclass(frozen=True)
class Table:
    """A table whose `rows` can be iterated again. `notes` are shown above it; `key` names it in an address."""

    key: str
    title: str
    columns: tuple[ReportColumn, ...]
    rows: Iterable[tuple[Cell, ...]]
    notes: tuple[str, ...] = ()
    chart: SheetChart | None = None


def total_of(table: Table, sums: list[float]) -> list[Cell]:
    """Return the row of totals, made from `sums`; empty if no column can be summed."""
    if not any(column.summed for column in table.columns):
        return []
    first: list[Cell] = ["合計"]
    rest: list[Cell] = [
        total if column.summed else None for column, total in zip(table.columns[1:], sums[1:], strict=True)
    ]
    return first + rest


def add(sums: list[float], columns: tuple[ReportColumn, ...], row: Iterable[Cell]) -> None:
    """Add the row's cells to the sums of the columns that can be summed."""
    for place, (column, cell) in enumerate(zip(columns, row, strict=True)):
        if column.summed and isinstance(cell, int | float):
            sums[place] += cell


def dated(key: str, label: str, definition: str) -> tuple[ReportColumn, ReportColumn]:
    """Return two columns: a day, and the same day in the Japanese calendar."""
    return ReportColumn(key, label, definition, CellType.DATE), ReportColumn(
        f"{key}_era", f"{label}（和暦）", "", CellType.TEXT
    )


def era(day: date | None) -> str:
    """Return the day in the Japanese calendar, such as 令和8年4月1日; "" for None."""
    return f"{units.era_year(day.year, day.month, day.day)}{day.month}月{day.day}日" if day else ""


def era_month(first: date) -> str:
    """Return the month in the Japanese calendar, such as 令和8年4月."""
    return f"{units.era_year(first.year, first.month, 28)}{first.month}月"


def share(part: float, whole: float) -> float | None:
    """Return `part` as a percentage of `whole` with one decimal; None if `whole` is zero."""
    return round(100 * part / whole, 1) if whole else None


def shown_as(column: ReportColumn, cell: Cell) -> str:
    """Return a cell as text for display."""
    if cell is None:
        return ""
    if isinstance(cell, int | float):
        decimals = {CellType.MEAN: 1, CellType.PERCENT: 1, CellType.AREA: 2, CellType.DEGREES: 6}.get(column.type, 0)
        return f"{cell:,.{decimals}f}"
    return str(cell)


def is_number(column: ReportColumn) -> bool:
    """Return whether the column holds numbers, which are aligned to the right."""
    return column.type not in (CellType.TEXT, CellType.DATE, CellType.LINK)
