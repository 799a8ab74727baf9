"""Export homes as a ledger, in a municipality's own columns or all, as a workbook or CSV that imports without changes."""

import csv
import re
from collections.abc import Iterable, Sequence
from datetime import date, datetime, time
from pathlib import Path

import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.workbook import Workbook
from xlsxwriter.worksheet import Worksheet

from akiya.ledgers import cells, headers
from akiya.ledgers.headers import DEAL, MUNICIPALITY, STATUS
from akiya.ledgers.homes import known
from akiya.listings.fields import BY_NAME, FIELDS, FieldGroup, FieldType
from akiya.listings.models import Listing
from akiya.tabular.csv import guarded

Columns = Sequence[Sequence[str]]
PRIVATE = "非公開"
_TEXT = (FieldType.TEXT, FieldType.LONG, FieldType.CHOICE, FieldType.FLAG)
_UNITS = {
    FieldType.YEN: "円",
    FieldType.AREA: "m²",
    FieldType.METRES: "m",
    FieldType.WIDTH: "m",
    FieldType.PERCENT: "%",
    FieldType.DEGREES: "度",
}
_WIDTHS = {FieldType.LONG: 40, FieldType.TEXT: 18, FieldType.FLAG: 8, FieldType.CHOICE: 16, FieldType.DATE: 14}
_LONGEST = 32_767
"""Maximum length of a cell in characters, by Excel's own limit."""
_SPARE_ROWS = 500
_LONGEST_LIST = 255
_OTHER_HELP = {
    MUNICIPALITY: "市町村の名前。県全体の台帳では必ず要ります",
    STATUS: "今の状態のお知らせです。台帳では変わりません。変えるのは物件のページで",
    DEAL: "売買、賃貸、売買・賃貸 のどれか",
}


def default_columns() -> list[list[str]]:
    """Return [header, field] for municipality, state and every field in its usual order; private ones are marked."""
    columns = [[headers.label_of(MUNICIPALITY), MUNICIPALITY]]
    for field in FIELDS:
        inside = [_UNITS[field.type]] if field.type in _UNITS else []
        inside += [PRIVATE] if field.private else []
        bare = re.sub(r"（.*?）$", "", field.message) if inside else field.message
        columns.append([f"{bare}（{'、'.join(inside)}）" if inside else field.message, field.name])
        if field.name == "number":
            columns.append([headers.label_of(STATUS), STATUS])
    return columns


def columns_of(layout: Columns | None, *, everything: bool) -> list[list[str]]:
    """Return the municipality's own columns if they include the home's number, otherwise all columns.

    With `everything`, always return all.
    """
    own = [list(column) for column in layout or []]
    usable = any(name == "number" for _header, name in own) and not everything
    return own if usable else default_columns()


def write_csv(path: Path, columns: Columns, homes: Iterable[Listing]) -> int:
    """Write the ledger to `path` as CSV in UTF-8 with BOM, which Excel opens, and return the number of homes."""
    count = 0
    units = [headers.unit_of(name, header) for header, name in columns]
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file, lineterminator="\r\n")
        writer.writerow([guarded(header) for header, _name in columns])
        for home in homes:
            row = zip(_cells(columns, units, home), columns, strict=True)
            writer.writerow([guarded(cells.text_of(cell)) for cell, _column in row])
            count += 1
    return count


def _cells(columns: Columns, units: Sequence[tuple[str, float]], home: Listing) -> list[cells.Written]:
    values = known(home)
    return [
        cells.write(name, values, unit) if name else None for (_header, name), unit in zip(columns, units, strict=True)
    ]


def write_xlsx(path: Path, columns: Columns, homes: Iterable[Listing], *, title: str, today: date) -> int:
    """Write the ledger to `path` as an Excel workbook and return the number of homes.

    It has a frozen header, choices to pick from, and a sheet that explains the columns. Texts are written as texts, never
    as formulas. Memory does not grow with the number of homes.
    """
    book = xlsxwriter.Workbook(
        str(path),
        {"constant_memory": True, "tmpdir": str(path.parent), "strings_to_formulas": False, "strings_to_urls": False},
    )
    book.set_properties({"title": title, "created": datetime.combine(today, time())})
    sheet = book.add_worksheet("台帳")
    heading = {"bold": True, "text_wrap": True, "valign": "top", "bottom": 1}
    public = book.add_format({**heading, "bg_color": "#E8EDFF"})
    private = book.add_format({**heading, "bg_color": "#FFE3E0"})
    formats = _formats(book)
    names = [name for _header, name in columns]
    frozen = names.index("number") + 1
    sheet.freeze_panes(1, frozen if frozen <= 4 else 0)
    sheet.set_row(0, 36)
    for place, (header, name) in enumerate(columns):
        sheet.set_column(place, place, _width(name), formats[_kind(name)])
        sheet.write_string(0, place, header, private if _is_private(name) else public)
    units = [headers.unit_of(name, header) for header, name in columns]
    count = 0
    for home in homes:
        count += 1
        for place, cell in enumerate(_cells(columns, units, home)):
            _write(sheet, count, place, cell, formats[_kind(names[place])], formats["date"])
    _offer(sheet, names, count + _SPARE_ROWS)
    _explain(book, columns, title, today, public)
    book.close()
    return count


def _formats(book: Workbook) -> dict[str, Format]:
    return {
        "text": book.add_format({"num_format": "@", "valign": "top"}),
        "long": book.add_format({"num_format": "@", "valign": "top", "text_wrap": True}),
        "yen": book.add_format({"num_format": "#,##0", "valign": "top"}),
        "number": book.add_format({"valign": "top"}),
        "date": book.add_format({"num_format": "yyyy-mm-dd", "valign": "top", "align": "left"}),
    }


def _kind(name: str) -> str:
    field = BY_NAME.get(name)
    if field is None or field.type in _TEXT:
        return "long" if field is not None and field.type is FieldType.LONG else "text"
    return {FieldType.YEN: "yen", FieldType.DATE: "date"}.get(field.type, "number")


def _width(name: str) -> int:
    return _WIDTHS.get(BY_NAME[name].type, 12) if name in BY_NAME else 14


def _is_private(name: str) -> bool:
    return name in BY_NAME and BY_NAME[name].private


def _write(sheet: Worksheet, line: int, place: int, cell: cells.Written, own: Format | None, of_days: Format) -> None:
    if isinstance(cell, str):
        if len(cell) <= _LONGEST:  # a longer one is left blank: importing a blank cell changes nothing
            sheet.write_string(line, place, cell, own)
    elif isinstance(cell, date):
        sheet.write_datetime(line, place, datetime.combine(cell, time()), of_days)
    elif cell is not None:
        sheet.write_number(line, place, cell, own)


def _choices(name: str) -> list[str]:
    field = BY_NAME.get(name)
    if field is None:
        return ["売買", "賃貸", "売買・賃貸"] if name == DEAL else []
    if field.type is FieldType.FLAG:
        return ["○", "×"]
    return [member.message for member in field.choices] if field.choices is not None else []


def _offer(sheet: Worksheet, names: Sequence[str], last: int) -> None:
    """Offer the members of closed vocabularies as choices in their cells; other values may be typed too."""
    for place, name in enumerate(names):
        choices = _choices(name)
        if choices and len(",".join(choices)) <= _LONGEST_LIST:
            sheet.data_validation(
                1, place, last, place, {"validate": "list", "source": choices, "error_type": "information"}
            )


def _explain(book: Workbook, columns: Columns, title: str, today: date, heading: Format) -> None:
    sheet = book.add_worksheet("説明")
    wrapped = book.add_format({"text_wrap": True, "valign": "top"})
    for place, width in enumerate((26, 10, 60, 60)):
        sheet.set_column(place, place, width, wrapped)
    told = [
        f"{title}（{today.year}年{today.month}月{today.day}日）",
        "「台帳」のシートを直して、空き家バンクの「台帳」のページから送ると、変わったところだけが取り込まれます。",
        "物件は「物件番号」で見分けます。番号を変えると、別の新しい物件（下書き）になります。",
        "空欄は「何も言わない」です。値は消えません。値を消すときは物件のページで消してください。",
        "列を消したり、並べ替えたり、見出しを自分の言葉に変えたりしても構いません。",
        f"赤い見出し（{PRIVATE}）の列は、公開ページには出ません。このファイルの扱いに気をつけてください。",
    ]
    for line, text in enumerate(told):
        sheet.write_string(line, 0, text)
    start = len(told) + 1
    for place, text in enumerate(("見出し", "公開", "書き方・どこで分かるか", "選べる言葉")):
        sheet.write_string(start, place, text, heading)
    line = start
    for header, name in columns:
        if not name:
            continue
        line += 1
        field = BY_NAME.get(name)
        group = f"{FieldGroup(field.group).message}。" if field else ""
        texts = (
            header,
            "しない" if _is_private(name) else "する",
            group + (_OTHER_HELP.get(name) or (field.help if field else "")),
            "、".join(_choices(name)),
        )
        for place, text in enumerate(texts):
            sheet.write_string(line, place, text, wrapped)
