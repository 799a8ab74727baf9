"""Read and write many listings at once: find them by key in one query, insert rows by COPY or executemany.

One statement for each row would cost PostgreSQL far more than the row itself: each is planned, down to the text index.
"""

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any  # a column of any type, and the connection of either driver

from psycopg import sql
from sqlalchemy import Column, ColumnElement, Text, and_, bindparam, column, func, insert, select
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.engine import Dialect
from sqlalchemy.sql.schema import ScalarElementColumnDefault

from akiya.db import AnyRow, Model, Session
from akiya.listings.models import Event, Listing

_TABLE = Listing.__table__
_EVENT = Event.__table__
Key = tuple[str, str]


def found(session: Session, keys: Iterable[Key], *columns: Column[Any]) -> dict[Key, AnyRow]:
    """Return the listings that exist, by (municipality code, number).

    Each is a row of `columns`, by default of every column.
    """
    pairs = list(keys)
    code: ColumnElement[str]
    number: ColumnElement[str]
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


def events_of(session: Session, listing_ids: Sequence[int]) -> Sequence[AnyRow]:
    """Return the events of these listings, oldest first, as rows of listing_id, staff_id, actor, action and changes."""
    if not listing_ids:
        return ()
    query = select(_EVENT.c.listing_id, _EVENT.c.staff_id, _EVENT.c.actor, _EVENT.c.action, _EVENT.c.changes)
    return session.execute(query.where(_EVENT.c.listing_id.in_(listing_ids)).order_by(_EVENT.c.id)).all()


def write(session: Session, model: type[Model], rows: Sequence[Mapping[str, object]]) -> None:
    """Insert the rows into the model's table.

    All rows have the same keys; a column that they leave out gets the model's default.
    """
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


def _cell(column: Column[Any], dialect: Dialect) -> Callable[[Mapping[str, object]], object]:
    """Return the function that reads the column's value from a row and converts it as the database driver needs it."""
    name = column.name
    default = column.default.arg if isinstance(column.default, ScalarElementColumnDefault) else None
    process = column.type.dialect_impl(dialect).bind_processor(dialect)
    if process is None:
        return lambda row: row.get(name, default)

    def read(row: Mapping[str, object]) -> object:
        value = row.get(name, default)
        return None if value is None else process(value)

    return read
