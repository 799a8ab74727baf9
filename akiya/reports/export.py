"""A report as CSV and as a workbook, with the same figures."""

import io
from collections.abc import Iterator
from datetime import date, datetime, time

import xlsxwriter

from akiya.reports.queries import Table
from akiya.tables import csv_lines


def csv(table: Table) -> Iterator[bytes]:
    """The report as UTF-8 with BOM, so that Excel opens it; row by row."""
    return csv_lines([[column.label for column in table.columns], *table.rows])


def xlsx(table: Table) -> bytes:
    """The report as a workbook: frozen header, widths, filter, totals, and a sheet with the definitions and the date."""
    content = io.BytesIO()
    book = xlsxwriter.Workbook(content, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
    book.set_properties({"title": table.title, "created": datetime.combine(table.made_on, time())})
    heading = book.add_format({"bold": True, "text_wrap": True, "valign": "top", "bg_color": "#E8EDFF", "bottom": 1})
    number = book.add_format({"num_format": "#,##0"})
    mean = book.add_format({"num_format": "0.0"})
    total = book.add_format({"bold": True, "num_format": "#,##0", "top": 1})
    sheet = book.add_worksheet("月別・市町村別")
    sheet.freeze_panes(1, 3)
    for index, column in enumerate(table.columns):
        sheet.set_column(index, index, 12 if column.summed else 14, mean if column.key == "days" else number)
        sheet.write_string(0, index, column.label, heading)
    for line, row in enumerate(table.rows, 1):
        for index, cell in enumerate(row):
            if isinstance(cell, str):
                sheet.write_string(line, index, cell)
            elif cell is not None:
                sheet.write_number(line, index, cell)
    if table.rows:
        last = len(table.rows)
        sheet.autofilter(0, 0, last, len(table.columns) - 1)
        flows = ("new_sale", "new_rent", "new_land", "contracted", "withdrawn", "expired")
        sheet.write_string(last + 1, 0, "合計（期間）", total)
        for index, column in enumerate(table.columns):
            if column.key in flows:
                values = sum(cell for row in table.rows if isinstance(cell := row[index], int))
                letter = xlsxwriter.utility.xl_col_to_name(index)
                sheet.write_formula(last + 1, index, f"=SUM({letter}2:{letter}{last + 1})", total, values)
    _definitions(book, table, heading)
    book.close()
    return content.getvalue()


def _definitions(book: xlsxwriter.Workbook, table: Table, heading: object) -> None:
    sheet = book.add_worksheet("項目の説明")
    sheet.set_column(0, 0, 24)
    sheet.set_column(1, 1, 90)
    sheet.write_string(0, 0, "作成日", heading)
    sheet.write_string(0, 1, _day(table.made_on))
    sheet.write_row(2, 0, ["項目", "説明"], heading)
    for line, column in enumerate(table.columns, 3):
        sheet.write_string(line, 0, column.label)
        sheet.write_string(line, 1, column.definition)


def _day(value: date) -> str:
    return f"{value.year}年{value.month}月{value.day}日（令和{value.year - 2018}年）"
