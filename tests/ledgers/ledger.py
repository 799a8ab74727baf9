"""Write, send and apply ledgers in tests, and read the homes afterwards."""

import csv
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Any

from flask import Flask
from openpyxl import Workbook, load_workbook

from akiya.db import db
from akiya.ledgers import export, search, service
from akiya.ledgers.models import Import, Row, RowOutcome
from akiya.listings.models import Listing, PrivateRecord
from akiya.municipalities import search as municipalities
from tests import factories
from tests.factories import A

DERIVED_BY_SAVING = {"version", "updated_at"}


def xlsx(path: Path, rows: Sequence[Sequence[Any]], title: str = "台帳") -> Path:
    """Save a workbook with one sheet of these rows."""
    book = Workbook()
    sheet: Any = book.active
    sheet.title = title
    for row in rows:
        sheet.append(list(row))
    book.save(path)
    return path


def csv_file(path: Path, rows: Sequence[Sequence[Any]], encoding: str = "utf-8-sig") -> Path:
    """Save a CSV of these rows."""
    with path.open("w", encoding=encoding, newline="") as file:
        csv.writer(file).writerows(rows)
    return path


def send(app: Flask, who: str, path: Path, code: str | None = A) -> int:
    """Send the ledger, let the worker check it, and return the id of the import."""
    storage = app.extensions["akiya_storage"]
    taken = service.receive(factories.staff(factories.account(who)), code, path.name, path, storage).id
    service.process_all(storage)
    db.session.expire_all()
    return int(taken)


def do(app: Flask, who: str, taken: int) -> None:
    """Apply the checked import."""
    service.apply(factories.staff(factories.account(who)), taken)
    service.process_all(app.extensions["akiya_storage"])
    db.session.expire_all()


def undo(app: Flask, who: str, taken: int) -> None:
    """Undo the import."""
    service.undo(factories.staff(factories.account(who)), taken)
    service.process_all(app.extensions["akiya_storage"])
    db.session.expire_all()


def found(taken: int) -> Import:
    """Return the import, read again from the database."""
    db.session.expire_all()
    one = db.session.get(Import, taken)
    assert one is not None
    return one


def counts(taken: int) -> dict[str, int]:
    """Return how many rows had each outcome."""
    return {str(outcome): count for outcome, count in search.counts(taken).items()}


def rows(taken: int, outcome: RowOutcome | None = None) -> Sequence[Row]:
    """Return the import's rows, with `outcome` only those."""
    return search.rows(taken, outcome, 10_000, 0)


def problems(taken: int) -> list[list[str]]:
    """Return every problem in the order of the file."""
    return [problem for row in rows(taken) for problem in row.problems]


def save(path: Path, code: str | None = A, columns: Sequence[Sequence[str]] | None = None) -> Path:
    """Export the ledger of the municipality, or of all, to `path`."""
    codes = [code] if code else [m.code for m in municipalities.served()]
    chosen = columns or export.default_columns()
    if path.suffix == ".csv":
        export.write_csv(path, chosen, search.homes(codes))
    else:
        export.write_xlsx(path, chosen, search.homes(codes), title="台帳", today=date(2026, 4, 1))
    return path


def set_cells(path: Path, changes: dict[tuple[str, str], Any]) -> None:
    """Set the cells at (the home's number, header) to these values."""
    book = load_workbook(path)
    sheet = book["台帳"]
    header = [cell.value for cell in sheet[1]]
    number = header.index("物件番号") + 1
    lines = {sheet.cell(line, number).value: line for line in range(2, sheet.max_row + 1)}
    for (home, column), value in changes.items():
        sheet.cell(lines[home], header.index(column) + 1).value = value
    book.save(path)


def homes() -> dict[str, dict[str, Any]]:
    """Return every column of every home and of its private record by number, except those that every save changes."""
    db.session.rollback()
    private = {row.listing_id: row._mapping for row in db.session.execute(db.select(PrivateRecord.__table__))}
    return {
        f"{row.municipality_code} {row.number}": {
            **{name: value for name, value in row._mapping.items() if name not in DERIVED_BY_SAVING},
            **private[row.id],
        }
        for row in db.session.execute(db.select(Listing.__table__))
    }
