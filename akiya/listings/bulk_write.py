"""Many rows at once: found by their keys in one look, written by COPY on PostgreSQL and in one go on SQLite.

A statement for every row costs PostgreSQL far more than the row itself: each is planned, down to the text index.
"""

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from psycopg import sql
from sqlalchemy import Column, Text, and_, bindparam, column, func, insert, select
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Session

from akiya.listings.models import Event, Listing

_TABLE: Any = Listing.__table__
_EVENT: Any = Event.__table__
Key = tuple[str, str]


def found(session: Session, keys: Iterable[Key], *columns: Column[Any]) -> dict[Key, Any]:
    """The listings that are there, by (municipality code, number): `columns` of them, or all."""
    pairs = list(keys)
    code: Any
    number: Any
    if session.connection().dialect.name == "postgresql":
        lists = [bindparam(None, list(parts), ARRAY(Text)) for parts in zip(*pairs, strict=True)]
        wanted = func.unnest(*lists).table_valued(column("code", Text), column("number", Text)).render_derived()
        code, number = wanted.c.code, wanted.c.number
    else:
        wanted = func.json_each(json.dumps(pairs)).table_valued("value")
        code, number = (func.json_extract(wanted.c.value, f"$[{position}]") for position in (0, 1))
    which = and_(_TABLE.c.municipality_code == code, _TABLE.c.number == number)
    shown = dict.fromkeys((*(columns or _TABLE.c), _TABLE.c.municipality_code, _TABLE.c.number))
    rows = session.execute(select(*shown).select_from(wanted).join(_TABLE, which))
    return {(row.municipality_code, row.number): row for row in rows}


def events_of(session: Session, listing_ids: Sequence[int]) -> Sequence[Any]:
    """The events of the listings that changed fields, first to last: listing_id, staff_id, actor, action, changes."""
    if not listing_ids:
        return ()
    query = select(_EVENT.c.listing_id, _EVENT.c.staff_id, _EVENT.c.actor, _EVENT.c.action, _EVENT.c.changes)
    return session.execute(query.where(_EVENT.c.listing_id.in_(listing_ids)).order_by(_EVENT.c.id)).all()


def write(session: Session, model: Any, rows: Sequence[Mapping[str, Any]]) -> None:
    """The rows are in the model's table. All have the same columns; what they leave out has the model's default."""
    if not rows:
        return
    table, connection = model.__table__, session.connection()
    columns = [c for c in table.c if c.name in rows[0] or (c.default is not None and c.default.is_scalar)]
    cells = [_cell(c, connection.dialect) for c in columns]
    values = [[cell(row) for cell in cells] for row in rows]
    if connection.dialect.name != "postgresql":
        statement = insert(table).compile(dialect=connection.dialect, column_keys=[c.name for c in columns])
        connection.exec_driver_sql(str(statement), [tuple(row) for row in values])
        return
    names = sql.SQL(", ").join(sql.Identifier(c.name) for c in columns)
    copying = sql.SQL("COPY {} ({}) FROM STDIN").format(sql.Identifier(table.name), names)
    driver: Any = connection.connection.driver_connection
    with driver.cursor() as cursor, cursor.copy(copying) as copy:
        for row in values:
            copy.write_row(row)


def _cell(column: Column[Any], dialect: Any) -> Callable[[Mapping[str, Any]], Any]:
    """What reads the column's value from a row, as the driver takes it."""
    name, default = column.name, column.default.arg if column.default is not None else None  # type: ignore[attr-defined]
    process = column.type.dialect_impl(dialect).bind_processor(dialect)
    if process is None:
        return lambda row: row.get(name, default)

    def read(row: Mapping[str, Any]) -> Any:
        value = row.get(name, default)
        return None if value is None else process(value)

    return read
