"""Read a table of unknown origin, XLSX or CSV, cell by cell. Runs in the bounded child process (akiya.sandbox).

Each visible sheet becomes a file of JSON lines, [row, [cell, …]]. A cell is null, a text, a number, true or false,
{"day": "1978-06-01"}, or {"bad": kind, "text": shown} where kind is "error", "formula" (without its value), "merged"
(over more than one column) or "broken" (undecodable bytes).
"""

import csv
import json
import re
import zipfile
from collections.abc import Callable, Iterable, Iterator
from datetime import date, datetime
from pathlib import Path
from typing import IO, Any  # openpyxl has no types
from xml.etree.ElementTree import Element, iterparse

from akiya.errors import Invalid
from akiya.tabular.csv import bared
from akiya.tabular.reading import encoding_of
from akiya.values import JsonObject, Values

MOST_ROWS = 20_000
MOST_COLUMNS = 300
LARGEST_BYTES = 20 * 1024 * 1024
_LARGEST_UNPACKED = 200 * 1024 * 1024
_MOST_PARTS = 2_000
_MOST_SHEETS = 30
_LONGEST = 32_767
"""The most characters of a cell in Excel."""

Cell = str | int | float | bool | dict[str, str] | None
"""A cell as JSON holds it: {"day": ISO date} for a date, {"bad": why, "text"} for one without a value."""
Row = tuple[int, list[Cell]]
Progress = Callable[[int], None]
_UNREADABLE = re.compile("[\udc80-\udcff]")
_ESCAPED = re.compile(r"_x([0-9A-Fa-f]{4})_")

_SAVE_AGAIN = "Excel で開き、「名前を付けて保存」で「Excel ブック（*.xlsx）」を選んで保存し直してから、送ってください。"


def read(source: Path, out: Path, progress: Progress) -> JsonObject:
    """Write the rows of each sheet to a file below `out`, and return the list of sheets. Raise Invalid.

    The result is {"sheets": [{"name", "file", "rows", "hidden_rows"}], "hidden": [names]}. `progress` is called with
    the number of rows read so far, every 200 rows.
    """
    with source.open("rb") as file:
        start = file.read(8)
    if not start:
        raise Invalid("ファイルが空です。台帳の入ったファイルを選んでください。")
    if start.startswith(b"\xd0\xcf\x11\xe0"):
        raise Invalid(_old_or_locked(source))
    if start.startswith(b"PK"):
        return _read_xlsx(source, out, progress)
    if start.startswith((b"%PDF", b"\x89PNG", b"\xff\xd8\xff", b"{\\rtf")) or b"\0" in start:
        raise Invalid(f"表のファイルではありません。Excel（.xlsx）か CSV を送ってください。{_SAVE_AGAIN}")
    return _read_csv(source, out, progress)


def _old_or_locked(source: Path) -> str:
    if "EncryptedPackage".encode("utf-16-le") in source.read_bytes():
        return (
            "パスワードのかかった Excel ファイルです。Excel で開き、「ファイル」→「情報」→「ブックの保護」で"
            "パスワードを外して保存してから、送ってください。"
        )
    return f"古い形式の Excel ファイル（.xls）か、表でないファイルです。{_SAVE_AGAIN}"


class _Writer:
    """Writes the rows of sheets to files, and counts those of all sheets for `progress`."""

    def __init__(self, progress: Progress) -> None:
        self.progress, self.read = progress, 0

    def __call__(self, path: Path, rows: Iterator[Row]) -> int:
        count = 0
        with path.open("w", encoding="utf-8") as file:
            for number, cells in rows:
                json.dump([number, cells], file, ensure_ascii=True)
                file.write("\n")
                count += 1
                self.read += 1
                if self.read % 200 == 0:
                    self.progress(self.read)
        return count


def _too_many(name: str) -> Invalid:
    return Invalid(
        f"{name}行が多すぎます。一度に読めるのは{MOST_ROWS:,}行までです。年度や地区で分けて、何回かに分けて送ってください。"
    )


# ── CSV ──


def _read_csv(source: Path, out: Path, progress: Progress) -> JsonObject:
    try:
        encoding = encoding_of(source)
    except Invalid as error:
        raise Invalid(
            f"文字コードが UTF-8 でも Shift_JIS でもありません。CSV をどちらかで保存し直すか、{_SAVE_AGAIN}"
        ) from error
    with source.open(encoding=encoding, errors="surrogateescape", newline="") as file:
        count = _Writer(progress)(out / "sheet-0", _csv_rows(file))
    return {"sheets": [{"name": "", "file": "sheet-0", "rows": count, "hidden_rows": 0}], "hidden": []}


def _csv_rows(file: Iterable[str]) -> Iterator[Row]:
    reader, found = csv.reader(file), 0
    try:
        for number, cells in enumerate(reader, 1):
            row = [_csv_cell(cell) for cell in cells[:MOST_COLUMNS]]
            if any(cell is not None for cell in row):
                found += 1
                if found > MOST_ROWS + 10:
                    raise _too_many("")
                yield number, row
    except csv.Error as error:
        raise Invalid(
            f'CSV の{reader.line_num}行目が読めません。引用符「"」が閉じているか確かめるか、{_SAVE_AGAIN}'
        ) from error


def _csv_cell(text: str) -> Cell:
    if _UNREADABLE.search(text):
        return {"bad": "broken", "text": _UNREADABLE.sub("\ufffd", text)[:80]}
    text = bared(text)
    return text if text.strip() else None


# ── XLSX ──


def _read_xlsx(source: Path, out: Path, progress: Progress) -> JsonObject:
    broken = f"Excel ファイルとして開けません。壊れているか、別の種類のファイルです。{_SAVE_AGAIN}"
    try:
        _check_package(source)
        with source.open("rb") as file:  # openpyxl refuses a path without an Excel file's ending
            return _sheets(file, out, progress)
    except (Invalid, MemoryError):
        raise  # the sandbox reports a lack of memory as a file that is too large
    except Exception as error:  # a damaged package can make the reader fail in any way
        raise Invalid(broken) from error


def _check_package(source: Path) -> None:
    """Raise Invalid for a package that would unpack to too much or declares entities."""
    with zipfile.ZipFile(source) as package:
        parts = package.infolist()
        if len(parts) > _MOST_PARTS or sum(part.file_size for part in parts) > _LARGEST_UNPACKED:
            raise Invalid(
                f"広げると{_LARGEST_UNPACKED // 1024 // 1024}MBを超えるファイルです。"
                "使っていないシートや画像を消してから、送ってください。"
            )
        names = {part.filename for part in parts}
        if "xl/workbook.xml" not in names and not any(name.endswith("workbook.xml") for name in names):
            raise Invalid(f"Excel ブック（.xlsx）ではありません。{_SAVE_AGAIN}")
        for part in parts:
            if part.filename.endswith((".xml", ".rels")):
                with package.open(part) as file:
                    start = file.read(65_536).replace(b"\0", b"")
                if b"<!DOCTYPE" in start or b"<!ENTITY" in start:
                    raise Invalid(f"Excel が書かない宣言（DOCTYPE）が入っています。{_SAVE_AGAIN}")


def _sheets(source: IO[bytes], out: Path, progress: Progress) -> JsonObject:
    from openpyxl import load_workbook
    from openpyxl.styles.numbers import BUILTIN_FORMATS

    book = load_workbook(source, read_only=True, data_only=True, keep_links=False)
    own = dict(enumerate(book._number_formats, 164))
    formats = [own.get(style.numFmtId) or BUILTIN_FORMATS.get(style.numFmtId, "") for style in book._cell_styles]
    percent = {index for index, text in enumerate(formats) if "%" in (text or "")}
    hidden = [sheet.title for sheet in book.worksheets if sheet.sheet_state != "visible"]
    visible = [sheet for sheet in book.worksheets if sheet.sheet_state == "visible"]
    if not visible:
        raise Invalid("見えているシートがありません。台帳のシートを「再表示」して保存してから、送ってください。")
    write, found = _Writer(progress), []
    for index, sheet in enumerate(visible[:_MOST_SHEETS]):
        parsed = _Sheet(sheet, percent)
        count = write(out / f"sheet-{index}", parsed.rows())
        found.append({"name": sheet.title, "file": f"sheet-{index}", "rows": count, "hidden_rows": parsed.hidden_rows})
    return {"sheets": found, "hidden": hidden}


class _Sheet:
    """A worksheet, read with openpyxl's own parser of cells, because merged ranges come after the rows."""

    def __init__(self, sheet: Any, percent: set[int]) -> None:
        self.sheet, self.percent = sheet, percent
        self.hidden_rows = 0
        self.kept: dict[int, list[Cell]] = {}
        self.merges: list[str] = []

    def rows(self) -> Iterator[Row]:
        """Yield every row that has a value, with its number. Raise Invalid for too many rows."""
        with self.sheet._get_source() as source:
            self._parse(source)
        self._merge()
        yield from sorted(self.kept.items())

    def _parse(self, source: IO[bytes]) -> None:
        from openpyxl.worksheet._reader import FORMULA_TAG, MERGE_TAG, ROW_TAG, WorkSheetParser

        book = self.sheet.parent
        parser = WorkSheetParser(
            source,
            self.sheet._shared_strings,
            data_only=True,
            epoch=book.epoch,
            date_formats=book._date_formats,
            timedelta_formats=book._timedelta_formats,
        )
        for _event, element in iterparse(source):  # noqa: S314  (no part declares an entity: see _check_package)
            if element.tag == ROW_TAG:
                without_value = self._formulas_without_value(element, FORMULA_TAG)
                number, cells = parser.parse_row(element)
                self._keep(number, cells, without_value)
                self.hidden_rows += element.get("hidden") in ("1", "true") and number in self.kept
                element.clear()
            elif element.tag == MERGE_TAG:
                self.merges = [str(each.get("ref")) for each in element]
                element.clear()

    def _formulas_without_value(self, row: Iterable[Element], tag: str) -> set[int]:
        """Return the positions in the row of cells whose formula was never computed; with data_only they look blank."""
        value = tag.replace("}f", "}v")
        return {
            place
            for place, cell in enumerate(row)
            if cell.find(tag) is not None and not cell.findtext(value) and cell.get("t") != "str"
        }

    def _keep(self, number: int, cells: list[Values], without_value: set[int]) -> None:
        row: list[Cell] = []
        for place, cell in enumerate(cells):
            value = {"bad": "formula", "text": ""} if place in without_value else self._cell(cell)
            if value is None or cell["column"] > MOST_COLUMNS:
                continue
            row += [None] * (cell["column"] - len(row))
            row[cell["column"] - 1] = value
        if row:
            self.kept[number] = row
            if len(self.kept) > MOST_ROWS + 10:
                raise _too_many(f"シート「{self.sheet.title}」の")

    def _cell(self, cell: Values) -> Cell:
        value = cell["value"]
        if cell["data_type"] == "e":
            return {"bad": "error", "text": str(value)}
        if isinstance(value, datetime):
            return {"day": value.date().isoformat()}
        if isinstance(value, date):
            return {"day": value.isoformat()}
        if value is None or isinstance(value, bool):
            return value
        if isinstance(value, int | float):
            return f"{value * 100:g}%" if cell["style_id"] in self.percent else value
        text = _ESCAPED.sub(_unescaped, str(value)) if "_x" in str(value) else str(value)
        return text[: _LONGEST + 1] if text.strip() else None

    def _merge(self) -> None:
        """Copy a value that is merged over rows to each row; mark one that is merged over columns as "merged"."""
        from openpyxl.utils import range_boundaries

        for reference in self.merges:
            left, top, right, bottom = range_boundaries(reference)
            if None in (left, top, right, bottom) or left > MOST_COLUMNS:
                continue
            first = self.kept.get(top, [])
            value = first[left - 1] if len(first) >= left else None
            if value is None:
                continue
            for number in self.kept if bottom - top > len(self.kept) else range(top, bottom + 1):
                row = self.kept.get(number)
                if row is None or not top <= number <= bottom:
                    continue
                right_end = min(right, MOST_COLUMNS)
                row += [None] * (right_end - len(row))
                covered = value if left == right else {"bad": "merged", "text": _shown(value)}
                row[left - 1 : right_end] = [covered] * (right_end - left + 1)


def _unescaped(match: re.Match[str]) -> str:
    code = int(match[1], 16)
    return "" if 0xD800 <= code <= 0xDFFF else chr(code)


def _shown(value: Cell) -> str:
    if isinstance(value, dict):
        return str(value.get("day") or value.get("text", ""))
    return str(value)[:80]
