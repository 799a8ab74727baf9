"""Export a report as PDF, laid out by WeasyPrint."""

import gc
from collections.abc import Sequence

from akiya.errors import Invalid
from akiya.render import template
from akiya.reports.exporters.workbook import first_rows
from akiya.reports.periods import written
from akiya.reports.registry import Report
from akiya.reports.table import Cell, CellType, ReportColumn, Table, add, era, shown_as, total_of
from akiya.values import Values

MOST_ROWS = 600
_PACKAGES = "libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0 fonts-ipaexfont-gothic"
_ACROSS = 16
"""The number of columns on a page; others follow in further parts, each with the columns that name the row."""


def missing() -> str:
    """Return in Japanese what to install before PDFs can be made; "" if nothing is missing."""
    try:
        import weasyprint  # noqa: F401  (loads system libraries that a server may lack)
    except OSError:
        return f"PDF を作るための部品がサーバーにありません。sudo apt-get install -y {_PACKAGES} で入れてください。"
    return ""


def render(report: Report) -> bytes:
    """Return the report as a PDF of A4 pages. Raise Invalid if it is too long or libraries are missing."""
    if problem := missing():
        raise Invalid(problem)
    parts = [part for table in report.tables for part in _parts(table)]
    period = written(report.scope.period) if "period" in report.sort.asks else ""
    made_on = f"{report.scope.today:%Y-%m-%d}（{era(report.scope.today)}）"
    return write(template("prefecture/reports/pdf.html", report=report, parts=parts, made_on=made_on, period=period))


def write(page: str) -> bytes:
    """Return the HTML page as PDF. Nothing that it refers to by address is loaded, from the network or this machine."""
    import weasyprint

    nothing = weasyprint.urls.URLFetcher(allowed_protocols=())
    content: bytes = weasyprint.HTML(string=page, url_fetcher=nothing).write_pdf()
    gc.collect()  # otherwise the process keeps the memory that the layout took
    return content


def _parts(table: Table) -> list[Values]:
    """Return the table cut into parts that fit the width of a page."""
    rows, more = first_rows(table, MOST_ROWS)
    if more:
        raise Invalid(
            f"PDF にできるのは{MOST_ROWS:,}行までです（「{table.title}」がそれより長い）。"
            "期間を短くするか、Excel か CSV で保存してください。"
        )
    sums = [0.0] * len(table.columns)
    for row in rows:
        add(sums, table.columns, row)
    total = total_of(table, sums)
    naming = min(next((n for n, column in enumerate(table.columns) if column.type is not CellType.TEXT), 0), 4)
    places = list(range(naming, len(table.columns)))
    count = max(1, -(-len(places) // (_ACROSS - naming)))
    size = -(-len(places) // count)
    found = []
    for start in range(0, len(places), size):
        shown = [*range(naming), *places[start : start + size]]
        found.append(
            {
                "title": table.title if count == 1 else f"{table.title}（{start // size + 1}/{count}）",
                "notes": table.notes,
                "columns": [table.columns[place] for place in shown],
                "rows": [_texts(table.columns, row, shown) for row in rows],
                "total": _texts(table.columns, total, shown) if total else None,
            }
        )
    return found


def _texts(columns: Sequence[ReportColumn], row: Sequence[Cell], shown: Sequence[int]) -> list[str]:
    return [shown_as(columns[place], row[place]) for place in shown]
