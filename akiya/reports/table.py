"""A report as a table: columns that say what they count, and rows of cells."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import Enum

from akiya import units

Cell = str | int | float | date | None


class Type(Enum):
    """How a column's cells are shown. PERCENT is of a hundred, AREA in m², LINK an address within this site."""

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
class Column:
    """A column with the exact definition that is printed with it. `summed`: the sum of its cells means something."""

    key: str
    label: str
    definition: str = ""
    type: Type = Type.COUNT
    summed: bool = False


@dataclass(frozen=True)
class Chart:
    """A chart of a table: the columns `keys` over the cells of the column `over`."""

    over: str
    keys: tuple[str, ...]


@dataclass(frozen=True)
class Table:
    """A table: `rows` can be gone through again. `notes` are told above it; `key` names it in an address."""

    key: str
    title: str
    columns: tuple[Column, ...]
    rows: Iterable[tuple[Cell, ...]]
    notes: tuple[str, ...] = ()
    chart: Chart | None = None


def total_of(table: Table, sums: list[float]) -> list[Cell]:
    """The last row, of the sums of its columns; empty when no column can be summed."""
    if not any(column.summed for column in table.columns):
        return []
    first: list[Cell] = ["合計"]
    rest: list[Cell] = [
        total if column.summed else None for column, total in zip(table.columns[1:], sums[1:], strict=True)
    ]
    return first + rest


def add(sums: list[float], columns: tuple[Column, ...], row: Iterable[Cell]) -> None:
    """The row's cells are added to the sums of the columns that can be summed."""
    for place, (column, cell) in enumerate(zip(columns, row, strict=True)):
        if column.summed and isinstance(cell, int | float):
            sums[place] += cell


def dated(key: str, label: str, definition: str) -> tuple[Column, Column]:
    """A day, and beside it the same in the Japanese calendar."""
    return Column(key, label, definition, Type.DATE), Column(f"{key}_era", f"{label}（和暦）", "", Type.TEXT)


def era(day: date | None) -> str:
    """The day in the Japanese calendar: 令和8年4月1日; "" for none."""
    return f"{units.era_year(day.year, day.month, day.day)}{day.month}月{day.day}日" if day else ""


def era_month(first: date) -> str:
    """The month in the Japanese calendar: 令和8年4月."""
    return f"{units.era_year(first.year, first.month, 28)}{first.month}月"


def share(part: float, whole: float) -> float | None:
    """How many of a hundred, to one decimal; None of nothing."""
    return round(100 * part / whole, 1) if whole else None


def shown_as(column: Column, cell: Cell) -> str:
    """A cell for people to read."""
    if cell is None:
        return ""
    if isinstance(cell, int | float):
        decimals = {Type.MEAN: 1, Type.PERCENT: 1, Type.AREA: 2, Type.DEGREES: 6}.get(column.type, 0)
        return f"{cell:,.{decimals}f}"
    return str(cell)


def is_number(column: Column) -> bool:
    """Whether the column holds figures, which are set to the right."""
    return column.type not in (Type.TEXT, Type.DATE, Type.LINK)
