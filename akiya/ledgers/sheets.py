"""Read the sheets of a ledger as akiya.tabular.workbook wrote them, and find the header of each."""

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from akiya.errors import Invalid
from akiya.ledgers import cells, headers
from akiya.tabular import workbook
from akiya.values import JsonObject

_SAMPLES = 3


@dataclass(frozen=True)
class Sheet:
    """A sheet with its header; `samples` are the first texts of each column below it."""

    name: str
    path: Path
    header: headers.Header
    samples: list[list[str]]


def rows_of(path: Path) -> Iterator[tuple[int, list[workbook.Cell]]]:
    """Yield (row number, cells) for each row of a sheet that akiya.tabular.workbook wrote."""
    with path.open(encoding="utf-8") as file:
        for line in file:
            number, row = json.loads(line)
            yield number, row


def choose(
    found: JsonObject, folder: Path, remembered: Mapping[str, str], wanted: str | None
) -> tuple[Sheet, list[str]]:
    """Return the sheet named `wanted`, or else the one whose header matches best, and the names of all sheets.

    Raise Invalid if no sheet has a header.
    """
    sheets = [sheet for each in found["sheets"] if (sheet := _sheet(each, folder, remembered)) is not None]
    if not sheets:
        raise Invalid(
            "表が見つかりません。1〜10行目のどこかに見出し（物件番号、所在地など）を置き、その下に物件を1行ずつ書いてください。"
        )
    best = max(sheets, key=lambda sheet: ("number" in sheet.header.fields, len(sheet.header.fields)))
    chosen = next((sheet for sheet in sheets if sheet.name == wanted), best)
    return chosen, [sheet.name for sheet in sheets]


def _sheet(found: JsonObject, folder: Path, remembered: Mapping[str, str]) -> Sheet | None:
    path = folder / found["file"]
    first = list(islice(rows_of(path), headers.HEADER_WITHIN + _SAMPLES))
    texts = [(number, [cells.text_of(cell)[:200] for cell in row]) for number, row in first]
    header = headers.find(texts, remembered)
    if header is None:
        return None
    names = _unique(next(row for number, row in texts if number == header.row))
    header = headers.Header(header.row, headers.match(names, remembered))
    below = [row for number, row in texts if number > header.row][:_SAMPLES]
    samples = [
        [row[place][:40] for row in below if place < len(row) and row[place]] for place in range(len(header.columns))
    ]
    return Sheet(found["name"], path, header, samples)


def _unique(texts: list[str]) -> list[str]:
    """Make the headers unique: a second 備考 becomes 備考 (2), and one without a text is named after its column."""
    names: list[str] = []
    for place, text in enumerate(texts):
        name = re.sub(r"\s+", " ", text) or f"（{letter(place)}列）"
        count = 2
        while name in names:
            name, count = f"{text} ({count})", count + 1
        names.append(name)
    return names


def letter(place: int) -> str:
    """Return the letters by which a spreadsheet names the column at the index `place`: "A" for 0."""
    letters, place = "", place + 1
    while place:
        place, rest = divmod(place - 1, 26)
        letters = chr(65 + rest) + letters
    return letters
