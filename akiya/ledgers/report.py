"""The result of each row of a ledger in words, for the page and as CSV."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from akiya.ledgers import cells
from akiya.ledgers.homes import PLACE
from akiya.ledgers.models import Row, RowOutcome, RowState
from akiya.listings.enums import DatePrecision, Precision
from akiya.listings.fields import BY_NAME, FieldType
from akiya.listings.models import Changes
from akiya.tabular.csv import csv_lines

_UNITS = {
    FieldType.YEN: "円",
    FieldType.AREA: "m²",
    FieldType.METRES: "m",
    FieldType.WIDTH: "m",
    FieldType.PERCENT: "%",
}
_NOTHING = "（なし）"


@dataclass(frozen=True)
class ReportLine:
    """A row of the ledger in words: changes are (label, before, after), problems [cell, column, value, reason]."""

    row: int
    number: str
    outcome: RowOutcome
    state: RowState
    listing_id: int | None
    changes: list[tuple[str, str, str]]
    problems: list[list[str]]


def lines(rows: Iterable[Row]) -> list[ReportLine]:
    """Return the rows in Japanese words."""
    return [
        ReportLine(row.row, row.number, row.outcome, row.state, row.listing_id, _changes(row.changes), row.problems)
        for row in rows
    ]


def _changes(changes: Changes) -> list[tuple[str, str, str]]:
    told = []
    for name, (old, new) in changes.items():
        if name == PLACE:
            precisions = [Precision(point[2]).label for point in (old, new)]
            told.append(("公開する位置", precisions[0], precisions[1] if old[2] != new[2] else "移動"))
        elif name == "built_precision":
            if "built_on" not in changes:
                before, after = (DatePrecision(value).label if value else _NOTHING for value in (old, new))
                told.append(("建築年月の細かさ", before, after))
        else:
            # A date is shown only as precisely as it is known: as year, month or day.
            precision = changes.get("built_precision", (None, None))
            told.append((BY_NAME[name].label, _shown(name, old, precision[0]), _shown(name, new, precision[1])))
    return told


def _shown(name: str, value: object, precision: str | None) -> str:
    known = {name: cells.typed(name, value), "built_precision": precision or "day"}
    written = cells.write(name, known, ("", 1.0))
    if written is None:
        return _NOTHING
    unit = _UNITS.get(BY_NAME[name].type, "")
    return f"{written:,}{unit}" if unit and isinstance(written, int) else f"{cells.text_of(written)}{unit}"


def csv(rows: Iterable[Row]) -> Iterator[bytes]:
    """Yield the rows as CSV, with a line for every change and every problem."""
    return csv_lines(_csv_rows(rows))


def _csv_rows(rows: Iterable[Row]) -> Iterator[list[object]]:
    yield ["行", "物件番号", "扱い", "反映", "セル", "列", "値", "前", "後", "理由"]
    for line in lines(rows):
        start = [line.row, line.number, line.outcome.label, line.state.label]
        for label, before, after in line.changes:
            yield [*start, "", label, "", before, after, ""]
        for cell, column, value, reason in line.problems:
            yield [*start, cell, column, value, "", "", reason]
        if not line.changes and not line.problems:
            yield [*start, "", "", "", "", "", ""]
