"""Rows as CSV that a spreadsheet opens and cannot be tricked by."""

import csv
import io
import re
from collections.abc import Iterable, Iterator
from typing import Any

_FORMULA = ("=", "+", "-", "@", "\t", "\r")
_SIGNS = re.escape("".join(_FORMULA))
_NEEDS_APOSTROPHE, _HAS_APOSTROPHE = re.compile(f"'*[{_SIGNS}]"), re.compile(f"'+[{_SIGNS}]")


def plain_cell(cell: Any) -> Any:
    """A text that a spreadsheet would take for a formula gets an apostrophe before it."""
    return f"'{cell}" if isinstance(cell, str) and cell.startswith(_FORMULA) else cell


def guarded(text: str) -> str:
    """An apostrophe before a text that a spreadsheet would take for a formula, unless it is a number; `bared` takes it off."""
    return f"'{text}" if _NEEDS_APOSTROPHE.match(text) and not re.fullmatch(r"-?\d+(?:\.\d+)?", text) else text


def bared(text: str) -> str:
    """The text as it was before `guarded`."""
    return text[1:] if _HAS_APOSTROPHE.match(text) else text


def csv_lines(rows: Iterable[Iterable[Any]]) -> Iterator[bytes]:
    """The rows as UTF-8 with BOM, so that Excel opens it; row by row."""
    yield b"\xef\xbb\xbf"
    for row in rows:
        line = io.StringIO()
        csv.writer(line, lineterminator="\r\n").writerow(["" if cell is None else plain_cell(cell) for cell in row])
        yield line.getvalue().encode()
