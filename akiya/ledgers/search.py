"""Queries for imported ledgers, their rows, and the remembered columns of municipalities."""

from collections.abc import Iterator, Sequence

from sqlalchemy import ColumnElement, func, or_, select

from akiya.accounts.models import Staff
from akiya.db import db
from akiya.errors import NotFound
from akiya.ledgers.homes import home
from akiya.ledgers.models import BUSY, Import, Layout, Row, RowOutcome, RowState
from akiya.listings.models import Listing, PrivateRecord
from akiya.municipalities import search as municipalities
from akiya.municipalities.models import Municipality

_LISTING = Listing.__table__
_PRIVATE = PrivateRecord.__table__
_CHUNK = 500


def municipality_for(staff: Staff, code: str | None) -> Municipality | None:
    """Return the municipality of a ledger: the account's own, or for the prefecture that of `code` or None for all.

    Raise NotFound if the account may not open its ledgers.
    """
    code = code or staff.municipality_code
    if code is None:
        return None
    found = municipalities.served_by_code(code)
    if found is None or (not staff.is_prefecture and code != staff.municipality_code):
        raise NotFound("この市町村の台帳は開けません。")
    return found


def for_staff(staff: Staff, import_id: int) -> Import:
    """Return the import. Raise NotFound if there is none that the account may see."""
    found = db.session.scalar(select(Import).where(Import.id == import_id, _visible(staff)))
    if found is None:
        raise NotFound("この取り込みは見つかりません。")
    return found


def _visible(staff: Staff) -> ColumnElement[bool]:
    return Import.id.is_not(None) if staff.is_prefecture else Import.municipality_code == staff.municipality_code


def recent(staff: Staff, code: str | None, limit: int = 20) -> Sequence[Import]:
    """Return the newest imports of the municipality, or for None those of the whole prefecture."""
    mine = Import.municipality_code == code if code else Import.municipality_code.is_(None)
    return db.session.scalars(select(Import).where(_visible(staff), mine).order_by(Import.id.desc()).limit(limit)).all()


def running(code: str | None) -> Import | None:
    """Return an unfinished import that may change homes of the municipality (None: of any), or None."""
    query = select(Import).where(Import.phase.in_(BUSY))
    if code is not None:
        query = query.where(or_(Import.municipality_code.is_(None), Import.municipality_code == code))
    return db.session.scalar(query.limit(1))


def layout(code: str | None) -> list[list[str]] | None:
    """Return the remembered columns of the municipality's ledger, or None."""
    found = db.session.get(Layout, code) if code else None
    return found.columns if found else None


def counts(import_id: int) -> dict[RowOutcome, int]:
    """Count the rows of the import by outcome."""
    rows = select(Row.outcome, func.count()).where(Row.import_id == import_id).group_by(Row.outcome)
    return {key: count for key, count in db.session.execute(rows)}  # noqa: C416  (a Result has keys())


def kept(import_id: int) -> int:
    """Count the rows of the import that were not completely undone."""
    query = select(func.count()).where(Row.import_id == import_id, Row.state == RowState.KEPT)
    return db.session.scalar(query) or 0


def rows(import_id: int, outcome: RowOutcome | None, limit: int, offset: int) -> Sequence[Row]:
    """Return a page of the import's rows in the order of the file, only those with `outcome` if it is given."""
    query = select(Row).where(Row.import_id == import_id)
    if outcome is not None:
        query = query.where(Row.outcome == outcome)
    return db.session.scalars(query.order_by(Row.row, Row.id).limit(limit).offset(offset)).all()


def homes(codes: Sequence[str]) -> Iterator[Listing]:
    """Yield every home of the municipalities as an object with private facts, in the order of creation."""
    known = {m.code: m for m in municipalities.all_municipalities()}
    last = 0
    while True:
        query = select(_LISTING).where(_LISTING.c.municipality_code.in_(codes), _LISTING.c.id > last)
        found = db.session.execute(query.order_by(_LISTING.c.id).limit(_CHUNK)).all()
        if not found:
            return
        ids = [row.id for row in found]
        private = {
            row.listing_id: row for row in db.session.execute(select(_PRIVATE).where(_PRIVATE.c.listing_id.in_(ids)))
        }
        for row in found:
            yield home(row, private[row.id], known[row.municipality_code])
        last = ids[-1]
