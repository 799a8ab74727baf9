"""The tables as JSON lines: which of them an archive has, and how rows are written and read on both engines.

An instant is UTC in ISO 8601, a date ISO 8601, a choice its value, a geometry WKB in hexadecimal (EPSG:4326).
"""

import secrets
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, date, datetime
from typing import Any  # columns of any type, and what JSON holds for each

from geoalchemy2 import Geometry, WKBElement
from geoalchemy2.shape import to_shape
from sqlalchemy import Column, Date, Enum, Table, delete, func, insert, select, update
from sqlalchemy.engine import Connection

from akiya.accounts.models import Staff
from akiya.choices import Choice
from akiya.db import Moment, Session, db
from akiya.errors import Invalid
from akiya.language import NP_
from akiya.listings import bulk_write
from akiya.outbox.models import Message, MessageState
from akiya.values import JsonObject, Values

NEVER = {
    "revision": NP_("archive", "データベースの内部の数です。"),
    "form_draft": NP_("archive", "保存する前の下書きです。"),
    "ticket": NP_("archive", "元のサイトの鍵で署名した、1回かぎりのリンクです。"),
}
"""Tables that are never exported, with the reason."""
WITH_ACCOUNTS = {"sign_in": NP_("archive", "サインインの記録です。")}
"""Tables that are exported only together with passwords, with a description."""
_SECRET: dict[str, dict[str, Callable[[], object]]] = {
    "staff": {"password_hash": str, "totp_secret": str, "totp_step": int}
}
# Sessions of the old site must not be valid on the new one.
_NEW: dict[str, dict[str, Callable[[], object]]] = {"staff": {"session_stamp": lambda: secrets.token_urlsafe(16)}}
# No code reads these columns any more: they are in the tables for the version before this one, and empty in new rows.
_UNREAD: dict[str, dict[str, Callable[[], Any]]] = {
    "municipality": {"name_en": str},
    "prefecture": {"name_en": str},
    "scene": {"title_en": str, "description_en": str},
    "spot": {"text_en": str},
}
# Waiting mail is sent by the old site: if it were exported, the new site would send it a second time.
_ROWS = {"message": Message.state == MessageState.SENT}
_SEEDED = ("municipality", "municipality_name", "prefecture", "prefecture_name")
"""Tables that `akiya init` fills; a restore replaces their rows."""
BATCH = 500


def chosen(*, accounts: bool) -> list[Table]:
    """Return the tables of an archive, each after those that its foreign keys refer to."""
    left = {*NEVER, *(() if accounts else WITH_ACCOUNTS)}
    return [table for table in db.metadata.sorted_tables if table.name not in left]


def columns(table: Table, *, accounts: bool) -> list[Column[Any]]:
    """Return the columns of the table that an archive contains; `accounts` includes secrets of accounts."""
    left = _left(table, accounts=accounts)
    return [column for column in table.c if column.name not in left]


def _left(table: Table, *, accounts: bool) -> dict[str, Callable[[], object]]:
    return {
        **_UNREAD.get(table.name, {}),
        **_NEW.get(table.name, {}),
        **({} if accounts else _SECRET.get(table.name, {})),
    }


def rows(connection: Connection, table: Table, *, accounts: bool) -> Iterator[JsonObject]:
    """Yield each row of the table as values for JSON, by primary key, with at most BATCH rows in memory."""
    shown = columns(table, accounts=accounts)
    query = select(*shown).order_by(*table.primary_key)
    if table.name in _ROWS:
        query = query.where(_ROWS[table.name])
    for row in connection.execution_options(yield_per=BATCH).execute(query):
        yield {column.name: _plain(value) for column, value in zip(shown, row, strict=True)}


def _plain(value: object) -> object:
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat().replace("+00:00", "Z")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, WKBElement):
        return to_shape(value).wkb_hex
    return str(value) if isinstance(value, Choice) else value


def occupied(session: Session) -> dict[str, int]:
    """Return the tables that have rows which `akiya init` did not write, with the number of their rows."""
    tables = [table for table in db.metadata.sorted_tables if table.name not in (*_SEEDED, "revision")]
    counts = {table.name: session.scalar(select(func.count()).select_from(table)) or 0 for table in tables}
    return {name: count for name, count in counts.items() if count}


def fill(session: Session, table: Table, given: Iterator[tuple[str, JsonObject]], *, accounts: bool) -> int:
    """Fill the table with the given rows and return their number.

    Each row comes with its place (file and line), which messages name. Raise Invalid if a row does not fit the table.
    """
    if table.name in _SEEDED:
        session.execute(delete(table))
    read = _Reader(table, accounts=accounts)
    own = [c.name for c in table.c if any(key.column.table is table for key in c.foreign_keys)]
    [identity] = table.primary_key if own else [None]
    later: list[tuple[Any, Values]] = []
    batch: list[Values] = []
    count = 0
    for place, row in given:
        values = read(place, row)
        # A row may refer to a later row of the same table, so such links are set when all rows are there.
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
    """Converts a row of JSON to values for the table's columns."""

    def __init__(self, table: Table, *, accounts: bool) -> None:
        self.known = {column.name: _reading(column) for column in columns(table, accounts=accounts)}
        self.new = _left(table, accounts=accounts)

    def __call__(self, place: str, row: JsonObject) -> Values:
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


def _reading(column: Column[Any]) -> Callable[[Any], object]:
    kind = column.type
    if isinstance(kind, Moment):
        return datetime.fromisoformat
    if isinstance(kind, Date):
        return date.fromisoformat
    if isinstance(kind, Enum):
        choices: Callable[[Any], object] = kind.enum_class  # type: ignore[assignment]  # db.choice gives it one
        return choices
    if isinstance(kind, Geometry):
        return lambda value: WKBElement(bytes.fromhex(value), srid=kind.srid)
    return lambda value: value


def _write(session: Session, table: Table, batch: Sequence[Values]) -> None:
    if not batch:
        return
    if any(isinstance(column.type, Geometry) for column in table.c):
        session.execute(insert(table), batch)  # a geometry needs an SQL function, which COPY cannot call
    else:
        model = next(mapper.class_ for mapper in Staff.registry.mappers if mapper.local_table is table)
        bulk_write.write(session, model, batch)


def _count_on(session: Session, table: Table) -> None:
    """Set the sequence of PostgreSQL so that new rows are numbered after the imported ones."""
    if session.connection().dialect.name == "postgresql" and table.autoincrement_column is not None:
        number = table.autoincrement_column
        last = select(func.max(number)).scalar_subquery()
        sequence = func.pg_get_serial_sequence(table.name, number.name)
        session.execute(select(func.setval(sequence, func.coalesce(last, 1), last.is_not(None))))
