"""A report's page, CSV, workbook and PDF show the same figures."""

import csv
import io
import sys
from datetime import date
from typing import Any

import pytest
from flask import Flask
from openpyxl import load_workbook

from akiya.db import transaction
from akiya.listings.enums import Status
from akiya.reports import registry
from akiya.reports.exporters import pdf, workbook
from akiya.reports.monthly.figures import COLUMNS
from akiya.reports.periods import period
from akiya.reports.registry import Report, ReportDefinition, Scope
from akiya.reports.table import CellType, ReportColumn, Table, shown_as
from tests.pages.browser import Browser
from tests.reports.monthly.test_counting import CODES, life, make

pytestmark = pytest.mark.slow

PERIOD = "since=2026-04&until=2026-06"
TODAY = date(2026, 9, 17)
SCOPE = Scope(TODAY, period(date(2026, 4, 1), date(2026, 6, 1), TODAY))
BAD = ("=1+1", "+1", "-3", "@x")


@pytest.fixture
def homes(app: Flask, people: dict[str, int]) -> None:
    with app.app_context(), transaction():
        for number in range(12):
            day = date(2026, 4, 1 + number)
            make(life((day, Status.OPEN), code=CODES[number % 2]), number)


def saved(visit: Browser, path: str, status: int = 200) -> Any:
    """Return the response and its complete body, because a file is a stream."""
    with visit.client.get(path) as answer:
        assert answer.status_code == status
        return answer, answer.data


def made(*rows: tuple, columns: tuple[ReportColumn, ...], key: str = "t") -> Report:
    return Report(
        ReportDefinition(key, "R0", "試し", "試しの数え方", lambda scope: []),
        SCOPE,
        [Table(key, "試しの表", columns, rows)],
    )


def book(report: Report, folder) -> list:
    workbook.write_xlsx(folder / "r.xlsx", report, "http://x")
    return load_workbook(folder / "r.xlsx").worksheets


def test_page_csv_and_workbook_have_the_same_figures(app: Flask, homes, visit: Browser) -> None:
    with app.app_context():
        table = registry.make(registry.SORTS["monthly"], SCOPE).tables[0]
    visit.sign_in("hana")
    answer, content = saved(visit, f"/prefecture/reports/monthly.csv?{PERIOD}")
    assert content.startswith(b"\xef\xbb\xbf")
    assert "akiya-monthly-places-202604-202606.csv" in answer.headers["Content-Disposition"]
    lines = list(csv.reader(io.StringIO(content.decode("utf-8-sig"))))
    assert lines[0] == [column.label for column in table.columns]
    assert lines[1:] == [["" if cell is None else str(cell) for cell in row] for row in table.rows]
    sheets = load_workbook(io.BytesIO(saved(visit, f"/prefecture/reports/monthly.xlsx?{PERIOD}")[1])).worksheets
    assert [sheet.title for sheet in sheets] == ["月別・市町村別", "月別・県全体", "項目の説明"]
    read = list(sheets[0].iter_rows(min_row=2, max_row=1 + len(table.rows), values_only=True))
    assert read == [tuple(row) for row in table.rows]
    assert sheets[0].freeze_panes == "E2"
    page = visit.get(f"/prefecture/reports/monthly?{PERIOD}")
    for row in list(table.rows)[:45]:
        assert all(shown_as(column, cell) in page.text for column, cell in zip(table.columns, row, strict=True))


def test_totals_definitions_and_the_day_are_in_the_workbook(app: Flask, homes, visit: Browser) -> None:
    visit.sign_in("hana")
    _answer, content = saved(visit, f"/prefecture/reports/monthly.xlsx?{PERIOD}")
    places, whole, told = load_workbook(io.BytesIO(content)).worksheets
    last = places.max_row
    assert places.cell(last, 1).value == "合計"
    assert places.cell(last, 5).value == f"=SUBTOTAL(109,E2:E{last - 1})"
    shown = load_workbook(io.BytesIO(content), data_only=True).worksheets[0]
    assert shown.cell(last, 5).value == 12
    assert shown.cell(last, 8).value is None  # homes on offer at the ends of three months must not be added up
    assert len(whole._charts) == 1
    words = [cell for row in told.iter_rows(values_only=True) for cell in row if cell]
    assert "令和8年4月〜令和8年6月" in words
    assert {column.label for column in COLUMNS} <= set(words)
    assert "成約 ÷（成約＋取下げ＋期限満了）。その月の件数で求める。終わった物件がなければ空欄。" in words


def test_dates_numbers_and_links_are_such_in_the_workbook(tmp_path) -> None:
    columns = (ReportColumn("a", "名", type=CellType.TEXT), ReportColumn("d", "日", type=CellType.DATE), ReportColumn("y", "円", type=CellType.YEN, summed=True),
               ReportColumn("l", "開く", type=CellType.LINK))  # fmt: skip
    sheet = book(
        made(("あ", date(2026, 4, 1), 4_800_000, "/staff/1"), ("い", None, None, None), columns=columns), tmp_path
    )[0]
    assert (sheet["B2"].value.date(), sheet["B2"].number_format) == (date(2026, 4, 1), "yyyy-mm-dd")
    assert (sheet["C2"].value, sheet["C2"].number_format) == (4_800_000, "#,##0")
    assert (sheet["D2"].value, sheet["D2"].hyperlink.target) == ("http://x/staff/1", "http://x/staff/1")
    assert (sheet["A4"].value, sheet["C4"].value) == ("合計", "=SUBTOTAL(109,C2:C3)")


def test_a_text_that_looks_like_a_formula_is_only_text(tmp_path) -> None:
    report = made(*[(text,) for text in BAD], columns=(ReportColumn("a", "=名", type=CellType.TEXT),))
    lines = b"".join(workbook.csv(report.tables[0], "")).decode("utf-8-sig").split("\r\n")
    assert lines[:-1] == ["'=名", *[f"'{text}" for text in BAD]]
    sheet = book(report, tmp_path)[0]
    cells = [sheet.cell(line, 1) for line in range(2, 6)]
    assert [(cell.value, cell.data_type) for cell in cells] == [(text, "s") for text in BAD]


def test_a_report_on_paper(app: Flask, homes, visit: Browser) -> None:
    pytest.importorskip("weasyprint")
    if problem := pdf.missing():
        pytest.skip(problem)
    visit.sign_in("hana")
    answer, content = saved(visit, "/prefecture/reports/monthly.pdf?since=2026-04&until=2026-04")
    assert answer.mimetype == "application/pdf"
    assert content.startswith(b"%PDF-")
    assert "600行まで" in visit.get("/prefecture/reports/monthly.pdf?since=2022-01&until=2026-06", 400).text


def test_without_the_libraries_it_is_said_what_to_install(
    app: Flask, homes, visit: Browser, tmp_path, monkeypatch
) -> None:
    # Importing WeasyPrint without Pango fails like this.
    (tmp_path / "weasyprint.py").write_text("raise OSError('cannot load library libpango-1.0-0')")
    monkeypatch.delitem(sys.modules, "weasyprint", raising=False)
    monkeypatch.syspath_prepend(tmp_path)
    visit.sign_in("hana")
    assert "libpangoft2-1.0-0" in visit.get(f"/prefecture/reports/monthly.pdf?{PERIOD}", 400).text


def test_a_pdf_loads_nothing(tmp_path) -> None:
    pytest.importorskip("weasyprint")
    if problem := pdf.missing():
        pytest.skip(problem)
    (tmp_path / "x.txt").write_text("hidden")
    link = "<link rel='attachment' href='{}'>"
    assert b"EmbeddedFile" not in pdf.write(link.format((tmp_path / "x.txt").as_uri()))


@pytest.mark.parametrize("query", ["since=x&until=2026-05", "since=2026-06&until=2026-04", "since=1990-01&until=2026-04", "fiscal_year=1",
                                   "fiscal_year=二千"])  # fmt: skip
def test_an_impossible_period_is_explained(visit: Browser, people, query: str) -> None:
    visit.sign_in("hana")
    assert "期間などを確かめてください" in visit.get(f"/prefecture/reports/monthly?{query}", 400).text
    assert visit.client.get(f"/prefecture/reports/monthly.csv?{query}").status_code == 400


def test_a_fiscal_year_can_be_chosen(app: Flask, homes, visit: Browser) -> None:
    visit.sign_in("hana")
    lines = saved(visit, "/prefecture/reports/monthly.csv?fiscal_year=2025")[1].decode().splitlines()
    assert {line.split(",")[2] for line in lines[1:]} == {f"2025-{m:02}" for m in range(4, 13)} | {
        "2026-01",
        "2026-02",
        "2026-03",
    }


def test_an_unknown_report_or_table_is_not_found(visit: Browser, people) -> None:
    visit.sign_in("hana")
    visit.get("/prefecture/reports/nothing", 404)
    visit.get("/prefecture/reports/monthly.csv?table=nothing", 404)
