"""Prepare the drawings of the dashboard: charts with the tables of their figures, and a map coloured by one of them."""

from collections.abc import Sequence
from dataclasses import dataclass

from akiya.municipalities.outlines import Outlines
from akiya.reports import charts
from akiya.reports.charts import Chart, Series
from akiya.reports.dashboard import COLUMN, SHOWN, Board, Figures, PlaceFigures, Step, mean_column
from akiya.reports.table import Cell, CellType, ReportColumn, shown_as

_GROUPS = (
    ("offered", "掲載中の物件", ("open", "negotiating")),
    ("new", "新規登録", ("new_sale", "new_rent", "new_land")),
    ("ended", "終わった物件", ("contracted", "withdrawn", "expired")),
    ("moved", "移住", ("households", "people")),
    ("asked", "問合せと内覧", ("inquiries", "viewings", "online")),
    ("shares", "360°画像と確認の割合（%）", ("panorama_share", "confirmed_share")),
)


@dataclass(frozen=True)
class Panel:
    """A chart, its description in words, and its figures as rows of a table: (step, cells as text)."""

    key: str
    title: str
    heads: tuple[str, ...]
    rows: tuple[tuple[Step, tuple[str, ...]], ...]
    chart: Chart
    description: str


@dataclass(frozen=True)
class MapArea:
    """A municipality on the map: its outline, the class of its colour, its figure, and a label in words."""

    code: str
    d: str
    x: float
    y: float
    level: int
    figure: str
    label: str


def together(board: Board) -> list[Panel]:
    """Return a chart for each group of figures, over all municipalities together."""
    return [
        _panel(board, key, title, [(COLUMN[each], COLUMN[each].label, board.whole.steps) for each in keys])
        for key, title, keys in _GROUPS
    ]


def beside(board: Board, place: PlaceFigures, mean: PlaceFigures) -> list[Panel]:
    """Return a chart for each figure, with the line of the municipality and that of the mean."""
    return [
        _panel(
            board,
            column.key,
            column.label,
            [(column, place.name, place.steps), (mean_column(column), mean.name, mean.steps)],
        )
        for column in SHOWN
    ]


def _panel(board: Board, key: str, title: str, lines: Sequence[tuple[ReportColumn, str, Sequence[Figures]]]) -> Panel:
    series = [Series(label, [_figure(figures[column.key]) for figures in steps]) for column, label, steps in lines]
    rows = tuple(
        (step, tuple(shown_as(column, steps[number][column.key]) for column, _label, steps in lines))
        for number, step in enumerate(board.steps)
    )
    highest = 100 if all(column.type is CellType.PERCENT for column, _label, _steps in lines) else None
    return Panel(
        key,
        title,
        tuple(label for _column, label, _steps in lines),
        rows,
        charts.line_chart([step.short for step in board.steps], series, highest),
        charts.described([step.name for step in board.steps], series),
    )


def _figure(cell: Cell) -> float | None:
    return cell if isinstance(cell, int | float) else None


def areas(board: Board, key: str, drawn: Outlines) -> tuple[list[MapArea], list[tuple[int, str]]]:
    """Return the municipalities coloured by the figure `key`, and the legend; both are empty if no boundary is known."""
    if not any(item.d for item in drawn.items):
        return [], []
    column, found = COLUMN[key], {place.code: place for place in board.places}
    figures = {code: _figure(place.total[key]) for code, place in found.items()}
    percent = column.type is CellType.PERCENT
    highest = max((value for value in figures.values() if value is not None), default=0)
    unit = "%" if percent else ""
    areas = [
        MapArea(
            item.code,
            item.d,
            item.x,
            item.y,
            charts.class_of(value, highest),
            "–" if value is None else f"{value:.0f}",
            f"{found[item.code].name} {column.label} {shown_as(column, value) or 'なし'}{unit if value is not None else ''}",
        )
        for item in drawn.items
        if item.code in found
        for value in (figures[item.code],)
    ]
    return areas, charts.legend(highest, unit)
