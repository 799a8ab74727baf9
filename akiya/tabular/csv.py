"""Write rows as CSV that spreadsheets open and do not run formulas from."""

import csv
import io
import re
from collections.abc import Iterable, Iterator

_FORMULA = ("=", "+", "-", "@", "\t", "\r")
_SIGNS = re.escape("".join(_FORMULA))
_NEEDS_APOSTROPHE, _HAS_APOSTROPHE = re.compile(f"'*[{_SIGNS}]"), re.compile(f"'+[{_SIGNS}]")


def plain_cell(cell: object) -> object:
    """Return the cell; a text that a spreadsheet would read as a formula gets an apostrophe in front."""
    return f"'{cell}" if isinstance(cell, str) and cell.startswith(_FORMULA) else cell


def guarded(text: str) -> str:
    """Return the text, with an apostrophe in front where a spreadsheet would read it as a formula; numbers stay.

    `bared` removes the apostrophe again, so that a text survives export and import unchanged.
    """
    return f"'{text}" if _NEEDS_APOSTROPHE.match(text) and not re.fullmatch(r"-?\d+(?:\.\d+)?", text) else text


def bared(text: str) -> str:
    """Return the text as it was before `guarded`."""
    return text[1:] if _HAS_APOSTROPHE.match(text) else text


def csv_lines(rows: Iterable[Iterable[object]]) -> Iterator[bytes]:
    """Yield the rows as lines of CSV in UTF-8, after a byte order mark by which Excel recognises the encoding."""
    yield b"\xef\xbb\xbf"
    for row in rows:
        line = io.StringIO()
        csv.writer(line, lineterminator="\r\n").writerow(["" if cell is None else plain_cell(cell) for cell in row])
        yield line.getvalue().encode()
