"""Plan what a ledger would do, by comparing each row with the home it is about. Writes nothing."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from itertools import islice
from typing import Literal

from sqlalchemy import select

from akiya.db import Session, db
from akiya.errors import Invalid
from akiya.ledgers import cells, headers
from akiya.ledgers.headers import MUNICIPALITY, STATUS
from akiya.ledgers.homes import PLACE, assign, fresh, home, known, point, town_point
from akiya.ledgers.models import RowOutcome
from akiya.ledgers.sheets import Sheet, letter, rows_of
from akiya.listings import bulk_write, placing, service
from akiya.listings.enums import LISTED
from akiya.listings.models import Changes, Listing, PrivateRecord
from akiya.municipalities import search as municipalities
from akiya.municipalities.models import Municipality
from akiya.values import Values

BATCH = 500
NEEDED = "公開中の物件から消せません：{}"
_STATUS_OF_NEW = "状態「{}」は取り込みません。新しい物件は下書きになります。公開は物件のページで。"
_STATUS_STAYS = "状態は台帳では変わりません（今は「{}」）。物件のページで変えるか、この列を「使わない」にしてください。"


@dataclass(frozen=True)
class Planned:
    """The plan for a row of the ledger; the fields are those of models.Row."""

    row: int
    outcome: RowOutcome
    municipality_code: str = ""
    number: str = ""
    listing_id: int | None = None
    changes: Changes = field(default_factory=dict)
    problems: list[list[str]] = field(default_factory=list)


@dataclass
class _Column:
    place: int
    letter: str
    header: str
    name: str
    unit: tuple[str, float]


class _Run:
    """The state of checking a ledger: its columns, the municipalities it may be about, and the numbers seen so far."""

    def __init__(self, columns: Sequence[Sequence[str]], municipality: Municipality | None) -> None:
        self.columns = [
            _Column(place, letter(place), header, name, headers.unit_of(name, header))
            for place, (header, name) in enumerate(columns)
            if name
        ]
        self.municipality = municipality
        served = municipalities.served()
        self.by_name = {key: m for m in served for key in (m.name, m.code)}
        self.known = {m.code: m for m in served}
        if municipality is not None:
            self.known[municipality.code] = self.by_name[municipality.name] = municipality
        self.seen: dict[bulk_write.Key, int] = {}
        self.town_of = cache(town_point)
        names = {column.name for column in self.columns}
        if "number" not in names:
            raise Invalid(
                "物件番号の列が分かりません。「列の対応を直す」で、物件番号の入っている列を選んでください。番号で物件を見分けます。"
            )
        if municipality is None and MUNICIPALITY not in names:
            raise Invalid(
                "県全体の台帳には市町村の列が要ります。「列の対応を直す」で市町村の列を選ぶか、市町村を選んで送り直してください。"
            )


def plan(
    sheet: Sheet,
    columns: Sequence[Sequence[str]],
    municipality: Municipality | None,
    progress: Callable[[int], None],
) -> Iterator[Planned]:
    """Yield the plan for each row below the header, except rows in which all used columns are blank.

    A `municipality` of None means a ledger of the whole prefecture. `progress` is called with the number of rows done.
    Raise Invalid if a column that identifies homes is missing.
    """
    run = _Run(columns, municipality)
    rows = ((number, row) for number, row in rows_of(sheet.path) if number > sheet.header.row)
    done = 0
    while batch := list(islice(rows, BATCH)):
        told = [_identify(run, number, row) for number, row in batch]
        keys = [(each.municipality_code, each.number) for each in told if isinstance(each, Planned) and each.number]
        homes = _homes(run, keys)
        for each, (_number, row) in zip(told, batch, strict=True):
            if each is not None:
                yield each if each.problems else _compare(run, each, row, homes)
        done += len(batch)
        progress(done)


def _cell(row: Sequence[cells.Cell], column: _Column) -> cells.Cell:
    return row[column.place] if column.place < len(row) else None


def _problem(number: int, column: _Column | None, cell: cells.Cell, reason: str) -> list[str]:
    shown = cells.text_of(cell)[:80]
    return [f"{column.letter}{number}", column.header, shown, reason] if column else [f"{number}行", "", shown, reason]


def _identify(run: _Run, number: int, row: Sequence[cells.Cell]) -> Planned | None:
    """Return which home the row is about, with a problem if that is unclear; None for a row without any values."""
    by_name = {column.name: column for column in run.columns}
    if all(_cell(row, column) is None for column in run.columns):
        return None
    column = by_name["number"]

    def refused(at: _Column, reason: str, text: str = "") -> Planned:
        problems = [_problem(number, at, _cell(row, at), reason)]
        return Planned(number, RowOutcome.REFUSED, "", text, problems=problems)

    try:
        text = cells.number_of(_cell(row, column))
    except ValueError as error:
        return refused(column, str(error))
    if not text:
        return refused(column, "物件番号がありません。番号を入れるか、物件の行でなければそのままで構いません。")
    own = run.municipality
    if MUNICIPALITY in by_name:
        stated = _municipality(run, cells.text_of(_cell(row, by_name[MUNICIPALITY])))
        if stated is None:
            return refused(by_name[MUNICIPALITY], "この県の市町村の名前かコードを入れてください。", text)
        if own is not None and stated and stated.code != own.code:
            return refused(
                by_name[MUNICIPALITY],
                f"{own.name}の台帳に入れられるのは{own.name}の物件だけです。行を消してください。",
                text,
            )
        own = stated or own
    if own is None:
        return refused(by_name[MUNICIPALITY], "市町村の名前を入れてください。", text)
    before = run.seen.setdefault((own.code, text), number)
    if before != number:
        return refused(column, f"同じ番号が{before}行目にもあります。どちらかの行を消してください。", text)
    return Planned(number, RowOutcome.UNCHANGED, own.code, text)


def _municipality(run: _Run, text: str) -> Municipality | Literal[False] | None:
    """Return the municipality that the cell names: the run's own (or False) if blank, None if it is unknown."""
    if not text:
        return run.municipality or False
    if text.isdigit() and len(text) == 6:
        text = text[:5]
    found = run.by_name.get(text)
    return found or next((m for name, m in run.by_name.items() if text.endswith(name) and not name.isdigit()), None)


def _homes(run: _Run, keys: Sequence[bulk_write.Key]) -> dict[bulk_write.Key, Listing]:
    """Return the homes that exist already, by key, each with its private record."""
    if not keys:
        return {}
    session: Session = db.session
    found = bulk_write.found(session, keys)
    ids = [row.id for row in found.values()]
    private = {
        row.listing_id: row
        for row in session.execute(select(PrivateRecord.__table__).where(PrivateRecord.listing_id.in_(ids)))
    }
    return {key: home(row, private[row.id], run.known[key[0]]) for key, row in found.items()}


@dataclass
class _Stated:
    """The content of a row: new values, the column of each field, problems that refuse the row, and mere notes."""

    values: Values = field(default_factory=dict)
    at: dict[str, _Column] = field(default_factory=dict)
    problems: list[list[str]] = field(default_factory=list)
    notes: list[list[str]] = field(default_factory=list)


def _compare(
    run: _Run, planned: Planned, row: Sequence[cells.Cell], homes: Mapping[bulk_write.Key, Listing]
) -> Planned:
    one = homes.get((planned.municipality_code, planned.number))
    new = one is None
    one = fresh(run.known[planned.municipality_code], planned.number) if one is None else one
    before = known(one)
    stated = _read(run, planned.row, row, one, before, new=new)
    values, problems = stated.values, stated.problems
    if new and not {"is_sale", "is_rent"} & values.keys():
        # Without columns for sale and rent, the amounts tell what a home is offered for.
        values |= {"is_sale": values.get("price") is not None, "is_rent": values.get("rent") is not None}
    changes = {
        name: [service.plain(before[name]), service.plain(value)]
        for name, value in values.items()
        if before[name] != value
    }
    lacking = set(service.missing_to_publish(one)) if one.status in LISTED else set()
    assign(one, values)
    if not problems and (new or not placing.PLACING.isdisjoint(changes)):
        problems += _place(run, planned.row, row, one, changes, stated.at)
    if not problems and one.status in LISTED:
        missing = {name: text for name, text in service.missing_to_publish(one).items() if name not in lacking}
        problems += [
            _of_field(planned.row, row, stated.at, name, NEEDED.format(text)) for name, text in missing.items()
        ]
    outcome = RowOutcome.NEW if new else RowOutcome.CHANGED if changes else RowOutcome.UNCHANGED
    return Planned(
        planned.row,
        RowOutcome.REFUSED if problems else outcome,
        planned.municipality_code,
        planned.number,
        None if new else one.id,
        {} if problems else changes,
        problems or stated.notes,
    )


def _read(run: _Run, number: int, row: Sequence[cells.Cell], one: Listing, before: Values, *, new: bool) -> _Stated:
    stated = _Stated()
    own = {column.name for column in run.columns}
    for column in run.columns:
        cell = _cell(row, column)
        stated.at[column.name] = column
        if cell is None or column.name in ("number", MUNICIPALITY):
            continue
        if column.name == STATUS:
            if reason := _status(cell, one, new=new):
                (stated.notes if new else stated.problems).append(_problem(number, column, cell, reason))
            continue
        exported = None if new else cells.write(column.name, before, column.unit)
        if exported is not None and cells.text_of(exported) == cells.text_of(cell):
            continue
        name_of_place = one.municipality.name
        try:
            said = cells.read(column.name, cell, column.unit[0], name_of_place)
            same = {} if exported is None else cells.read(column.name, exported, column.unit[0], name_of_place)
        except ValueError as error:
            stated.problems.append(_problem(number, column, cell, str(error)))
            continue
        for name, value in said.items():
            # A field's own column takes precedence over what another column implies about it.
            if value != before[name] and same.get(name) != value and (name == column.name or name not in own):
                stated.values[name] = value
    if before["built_precision"] is None and "built_on" not in stated.values:
        stated.values.pop("built_precision", None)  # the home's day stays, and nobody stated how exact that one is
    return stated


def _status(cell: cells.Cell, one: Listing, *, new: bool) -> str:
    text = cells.text_of(cell)
    if not text or text == one.status.message:
        return ""
    return _STATUS_OF_NEW.format(text[:20]) if new else _STATUS_STAYS.format(one.status.message)


def _of_field(number: int, row: Sequence[cells.Cell], at: Mapping[str, _Column], name: str, reason: str) -> list[str]:
    """Return a problem of the field's column, or of the whole row if the ledger has no such column."""
    column = at.get(name)
    return _problem(number, column, _cell(row, column) if column else None, reason)


def _place(
    run: _Run, number: int, row: Sequence[cells.Cell], one: Listing, changes: Changes, at: Mapping[str, _Column]
) -> list[list[str]]:
    """Compute the public point again, add its move to `changes`, and return problems that forbid it."""
    before = point(one)
    try:
        placing.place(one, run.town_of)
    except Invalid as error:
        name, message = next(iter(error.errors.items()), ("", str(error)))
        name = name if name in at else next((other for other in sorted(placing.PLACING) if other in at), name)
        return [_of_field(number, row, at, name, message)]
    if point(one) != before:
        changes[PLACE] = [before, point(one)]
    return []
