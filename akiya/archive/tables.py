"""The tables as JSON lines: which go into an archive, and how a row is written and read on either engine.

A time is UTC in ISO 8601, a date ISO 8601, a choice its value, a geometry WKB in hexadecimal (EPSG:4326).
"""

import secrets
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import UTC, date, datetime
from typing import Any

from geoalchemy2 import Geometry, WKBElement
from geoalchemy2.shape import to_shape
from sqlalchemy import Column, Date, Enum, Table, delete, func, insert, select, update
from sqlalchemy.engine import Connection
from sqlalchemy.orm import Session

from akiya.accounts.models import Staff
from akiya.choices import Choice
from akiya.db import Moment, db
from akiya.errors import Invalid
from akiya.listings import bulk_write
from akiya.outbox.models import Message, MessageState

NEVER = {
    "revision": ("データベースの内部の数です。", "an inner count of the database"),
    "form_draft": ("保存する前の下書きです。", "what was typed and not yet saved"),
    "ticket": (
        "元のサイトの鍵で署名した、1回かぎりのリンクです。",
        "links for once, signed with the key of the old site",
    ),
}
"""Tables that stay where they are, and why."""
WITH_ACCOUNTS = {"sign_in": ("サインインの記録です。", "the record of sign-ins")}
"""Tables that go only where accounts go with their passwords, and what they are."""
_SECRET: dict[str, dict[str, Callable[[], Any]]] = {
    "staff": {"password_hash": str, "totp_secret": str, "totp_step": int}
}
# A session belongs to the site it was begun on.
_NEW: dict[str, dict[str, Callable[[], Any]]] = {"staff": {"session_stamp": lambda: secrets.token_urlsafe(16)}}
# Mail that waits is sent by the site it was written on: two sites would send it twice.
_ROWS = {"message": Message.state == MessageState.SENT}
_SEEDED = ("municipality", "prefecture")
"""What `akiya init` writes; an archive replaces it."""
BATCH = 500


def chosen(*, accounts: bool) -> list[Table]:
    """The tables of an archive, each after those it refers to."""
    left = {*NEVER, *(() if accounts else WITH_ACCOUNTS)}
    return [table for table in db.metadata.sorted_tables if table.name not in left]


def columns(table: Table, *, accounts: bool) -> list[Column[Any]]:
    """The columns of the table that go into an archive."""
    left = _left(table, accounts=accounts)
    return [column for column in table.c if column.name not in left]


def _left(table: Table, *, accounts: bool) -> dict[str, Callable[[], Any]]:
    return {**_NEW.get(table.name, {}), **({} if accounts else _SECRET.get(table.name, {}))}


def rows(connection: Connection, table: Table, *, accounts: bool) -> Iterator[dict[str, Any]]:
    """Each row as JSON takes it, in the order of the primary key, a few in memory at a time."""
    shown = columns(table, accounts=accounts)
    query = select(*shown).order_by(*table.primary_key)
    if table.name in _ROWS:
        query = query.where(_ROWS[table.name])
    for row in connection.execution_options(yield_per=BATCH).execute(query):
        yield {column.name: _plain(value) for column, value in zip(shown, row, strict=True)}


def _plain(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat().replace("+00:00", "Z")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, WKBElement):
        return to_shape(value).wkb_hex
    return str(value) if isinstance(value, Choice) else value


def occupied(session: Session) -> dict[str, int]:
    """Tables with rows that `akiya init` did not write, and how many."""
    tables = [table for table in db.metadata.sorted_tables if table.name not in (*_SEEDED, "revision")]
    counts = {table.name: session.scalar(select(func.count()).select_from(table)) or 0 for table in tables}
    return {name: count for name, count in counts.items() if count}


def fill(session: Session, table: Table, given: Iterator[tuple[str, Mapping[str, Any]]], *, accounts: bool) -> int:
    """How many rows are in the table now: those given, each with the place it stands at. Raises Invalid."""
    if table.name in _SEEDED:
        session.execute(delete(table))
    read = _Reader(table, accounts=accounts)
    own = [c.name for c in table.c if any(key.column.table is table for key in c.foreign_keys)]
    [identity] = table.primary_key if own else [None]
    later: list[tuple[Any, dict[str, Any]]] = []
    batch: list[dict[str, Any]] = []
    count = 0
    for place, row in given:
        values = read(place, row)
        # A row may refer to one of the same table that comes after it.
        if identity is not None and (links := {name: values[name] for name in own if values[name] is not None}):
            later.append((values[identity.name], links))
            values.update(dict.fromkeys(links))
        batch.append(values)
        count += 1
        if len(batch) == BATCH:
            _write(session, table, batch)
            batch = []
    _write(session, table, batch)
    as_it_was = {column.name: column for column in table.c if column.onupdate is not None}
    for key, links in later:
        session.execute(update(table).where(identity == key).values(**as_it_was, **links))
    _count_on(session, table)
    return count


class _Reader:
    """Makes of a row of JSON what the table's columns take."""

    def __init__(self, table: Table, *, accounts: bool) -> None:
        self.known = {column.name: _reading(column) for column in columns(table, accounts=accounts)}
        self.new = _left(table, accounts=accounts)

    def __call__(self, place: str, row: Mapping[str, Any]) -> dict[str, Any]:
        if row.keys() != self.known.keys():
            names = "、".join(sorted(row.keys() ^ self.known.keys()))
            raise Invalid(f"{place}：列が表の列と合いません（{names}）。書き出したままのファイルを指定してください。")
        values = {}
        for name, read in self.known.items():
            try:
                values[name] = None if row[name] is None else read(row[name])
            except (ValueError, TypeError, AttributeError) as error:
                raise Invalid(
                    f"{place}：{name} の値「{str(row[name])[:80]}」を読めません。書き出したままのファイルを指定してください。"
                ) from error
        return {**values, **{name: make() for name, make in self.new.items()}}


def _reading(column: Column[Any]) -> Callable[[Any], Any]:
    kind = column.type
    if isinstance(kind, Moment):
        return datetime.fromisoformat
    if isinstance(kind, Date):
        return date.fromisoformat
    if isinstance(kind, Enum):
        choices: Callable[[Any], Any] = kind.enum_class  # type: ignore[assignment]
        return choices
    if isinstance(kind, Geometry):
        return lambda value: WKBElement(bytes.fromhex(value), srid=kind.srid)
    return lambda value: value


def _write(session: Session, table: Table, batch: Sequence[dict[str, Any]]) -> None:
    if not batch:
        return
    if any(isinstance(column.type, Geometry) for column in table.c):
        session.execute(insert(table), batch)  # a geometry is made by a function, which COPY knows nothing of
    else:
        model = next(mapper.class_ for mapper in Staff.registry.mappers if mapper.local_table is table)
        bulk_write.write(session, model, batch)


def _count_on(session: Session, table: Table) -> None:
    """New rows are numbered after those that came with their numbers."""
    if session.connection().dialect.name == "postgresql" and table.autoincrement_column is not None:
        number = table.autoincrement_column
        last = select(func.max(number)).scalar_subquery()
        sequence = func.pg_get_serial_sequence(table.name, number.name)
        session.execute(select(func.setval(sequence, func.coalesce(last, 1), last.is_not(None))))
