"""Export a report as CSV or as an Excel workbook, with the same figures as on its page."""

from collections.abc import Iterator
from datetime import date, datetime, time
from itertools import islice
from pathlib import Path

import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.utility import xl_col_to_name
from xlsxwriter.workbook import Workbook
from xlsxwriter.worksheet import Worksheet

from akiya.reports.periods import written
from akiya.reports.registry import Report
from akiya.reports.table import Cell, CellType, Table, add, era, total_of
from akiya.tabular.csv import csv_lines

_FORMATS = {
    CellType.TEXT: "@",
    CellType.COUNT: "#,##0",
    CellType.MEAN: "#,##0.0",
    CellType.PERCENT: "0.0",
    CellType.YEN: "#,##0",
    CellType.AREA: "#,##0.00",
    CellType.DATE: "yyyy-mm-dd",
    CellType.LINK: "@",
    CellType.DEGREES: "0.000000",
}
_WIDTHS = {CellType.TEXT: 16, CellType.YEN: 14, CellType.DATE: 12, CellType.LINK: 30}
_MOST_LINKS = 60_000
"""The most links of a sheet: Excel opens none with more than 65,530."""
_LONGEST = 32_767
"""The most characters of a cell in Excel."""
_CHARTED = 120


def csv(table: Table, address: str) -> Iterator[bytes]:
    """Yield the lines of the table as CSV in UTF-8 with a byte order mark, for Excel. Links begin with `address`."""
    links = [place for place, column in enumerate(table.columns) if column.type is CellType.LINK]

    def cells() -> Iterator[list[Cell]]:
        yield [column.label for column in table.columns]
        for row in table.rows:
            line = list(row)
            for place in links:
                line[place] = f"{address}{line[place]}" if line[place] else None
            yield line

    return csv_lines(cells())


def write_xlsx(path: Path, report: Report, address: str) -> None:
    """Write the report to `path` as a workbook: a sheet for each table, and one with the definitions and the date.

    Rows are written as they are read, so that memory does not grow with their number. Links begin with `address`.
    """
    options = {
        "constant_memory": True,
        "tmpdir": str(path.parent),
        "strings_to_formulas": False,
        "strings_to_urls": False,
    }
    book = xlsxwriter.Workbook(str(path), options)
    made_on = report.scope.today
    book.set_properties({"title": report.sort.title, "created": datetime.combine(made_on, time())})
    heading = book.add_format({"bold": True, "text_wrap": True, "valign": "top", "bg_color": "#E8EDFF", "bottom": 1})
    for table in report.tables:
        _sheet(book, table, heading, address)
    _definitions(book, report, heading)
    book.close()


def _sheet(book: Workbook, table: Table, heading: Format, address: str) -> None:
    sheet = book.add_worksheet(table.title)
    formats = {type: book.add_format({"num_format": shown}) for type, shown in _FORMATS.items()}
    first_figure = next((n for n, column in enumerate(table.columns) if column.type is not CellType.TEXT), 0)
    sheet.freeze_panes(1, min(first_figure, 4))
    sheet.set_row(0, 48)
    for place, column in enumerate(table.columns):
        sheet.set_column(place, place, _WIDTHS.get(column.type, 11), formats[column.type])
        sheet.write_string(0, place, column.label, heading)
    types = [column.type for column in table.columns]
    sums = [0.0] * len(types)
    line = 0
    for line, row in enumerate(table.rows, 1):
        add(sums, table.columns, row)
        for place, (kind, cell) in enumerate(zip(types, row, strict=True)):
            _write(sheet, line, place, cell, formats[kind], address if kind is CellType.LINK else None)
    if line:
        _total(book, sheet, table, sums, line)
        sheet.autofilter(0, 0, line, len(types) - 1)
        _chart(book, sheet, table, line)
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(0)


def _write(sheet: Worksheet, line: int, place: int, cell: Cell, shown: Format, address: str | None) -> None:
    if cell is None or cell == "":
        return
    if address is not None and line <= _MOST_LINKS:
        sheet.write_url(line, place, f"{address}{cell}", shown, string=f"{address}{cell}")
    elif isinstance(cell, str):
        sheet.write_string(line, place, f"{address or ''}{cell}"[:_LONGEST], shown)
    elif isinstance(cell, date):
        sheet.write_datetime(line, place, datetime.combine(cell, time()), shown)
    else:
        sheet.write_number(line, place, cell, shown)


def _total(book: Workbook, sheet: Worksheet, table: Table, sums: list[float], last: int) -> None:
    """Write a row of totals as formulas, each with its result for programs that do not compute formulas."""
    if not (cells := total_of(table, sums)):
        return
    sheet.write_string(last + 1, 0, "合計", book.add_format({"bold": True, "top": 1}))
    for place, (column, cell) in enumerate(zip(table.columns, cells, strict=True)):
        if column.summed:
            shown = book.add_format({"bold": True, "top": 1, "num_format": _FORMATS[column.type]})
            letter = xl_col_to_name(place)
            # 109 is the sum of the visible rows, so that the total follows a filter.
            sheet.write_formula(last + 1, place, f"=SUBTOTAL(109,{letter}2:{letter}{last + 1})", shown, cell)


def _chart(book: Workbook, sheet: Worksheet, table: Table, last: int) -> None:
    if table.chart is None or last < 2:
        return
    keys = [column.key for column in table.columns]
    chart = book.add_chart({"type": "line" if last > 12 else "column"})
    assert chart is not None  # as it is of every type that is known
    over = keys.index(table.chart.over)
    for key in table.chart.keys:
        place = keys.index(key)
        chart.add_series(
            {
                "name": [sheet.name, 0, place],
                "categories": [sheet.name, 1, over, min(last, _CHARTED), over],
                "values": [sheet.name, 1, place, min(last, _CHARTED), place],
            }
        )
    chart.set_title({"name": table.title, "name_font": {"size": 12}})
    chart.set_size({"width": 900, "height": 360})
    sheet.insert_chart(last + 3, 0, chart)


def _definitions(book: Workbook, report: Report, heading: Format) -> None:
    sheet = book.add_worksheet("項目の説明")
    wrapped = book.add_format({"text_wrap": True, "valign": "top"})
    sheet.set_column(0, 0, 24, wrapped)
    sheet.set_column(1, 1, 90, wrapped)
    made_on = report.scope.today
    told = [("報告", f"{report.sort.number} {report.sort.title}"), ("作成日", f"{made_on:%Y-%m-%d}（{era(made_on)}）")]
    if "period" in report.sort.asks:
        told.append(("期間", written(report.scope.period)))
    told.append(("数え方", report.sort.definition))
    for line, (label, text) in enumerate(told):
        sheet.write_string(line, 0, label, heading)
        sheet.write_string(line, 1, text, wrapped)
    line = len(told) + 1
    for table in report.tables:
        sheet.write_row(line, 0, [table.title, "説明"], heading)
        lines = [("", note) for note in table.notes] + [(c.label, c.definition) for c in table.columns]
        for place, (label, text) in enumerate(lines, line + 1):
            sheet.write_string(place, 0, label, wrapped)
            sheet.write_string(place, 1, text, wrapped)
        line += len(lines) + 2


def first_rows(table: Table, most: int) -> tuple[list[tuple[Cell, ...]], bool]:
    """Return the first `most` rows, and whether there are more."""
    rows = list(islice(table.rows, most + 1))
    return rows[:most], len(rows) > most
