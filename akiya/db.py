"""The database: one engine for SpatiaLite or PostGIS, the base class of the models, and transaction()."""

import os
import sqlite3
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, date, datetime
from time import monotonic
from typing import TYPE_CHECKING, Any, ClassVar  # the columns of AnyRow
from weakref import WeakKeyDictionary

from flask_sqlalchemy import SQLAlchemy
from flask_sqlalchemy.session import Session as _OneSession
from geoalchemy2.admin.dialects.sqlite import load_spatialite
from sqlalchemy import Column, CursorResult, DateTime, Enum, Integer, MetaData, Row, Table, event, func, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine import Connection, Dialect, Engine, make_url
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import DeclarativeBase, scoped_session
from sqlalchemy.sql.dml import UpdateBase
from sqlalchemy.types import TypeDecorator

from akiya.choices import Choice
from akiya.errors import TooSlow
from akiya.geo import JAPAN_TIME
from akiya.sqlite import driver
from akiya.text import bigram_tokens

os.environ.setdefault("SPATIALITE_LIBRARY_PATH", "mod_spatialite")


class _Base(DeclarativeBase):
    # Constraint names are fixed, so that both engines share the same migrations.

    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "fk": "fk_%(table_name)s_%(column_0_name)s",
            "pk": "pk_%(table_name)s",
        }
    )
    if TYPE_CHECKING:
        __table__: ClassVar[Table]  # SQLAlchemy says FromClause, because a model may be mapped to something else


class Moment(TypeDecorator[datetime]):
    """The column type of an instant: timezone-aware in Python, stored as naive UTC on both engines."""

    impl = DateTime
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Convert an aware datetime to the naive UTC that is stored."""
        return value.astimezone(UTC).replace(tzinfo=None) if value else None

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Return the stored naive UTC as an aware datetime."""
        return value.replace(tzinfo=UTC) if value else None


def choice(kind: type[Choice]) -> Enum:
    """Return the column type of a closed vocabulary, whose values are stored as text and checked in Python."""
    return Enum(kind, native_enum=False, length=20, values_callable=lambda k: [str(m) for m in k])


def now() -> datetime:
    """Return the current instant as an aware datetime in UTC."""
    return datetime.now(UTC)


def today() -> date:
    """Return the date in Japan now, which is what a clerk means by today."""
    return now().astimezone(JAPAN_TIME).date()


db: SQLAlchemy = SQLAlchemy(model_class=_Base, disable_autonaming=True)
AnyRow = Row[*tuple[Any, ...]]
"""A row of a query whose columns are read by name; each has a type of its own."""
Session = scoped_session[_OneSession]
"""The type of db.session, which is the session of the current request or command."""

if TYPE_CHECKING:
    Model = _Base
else:
    Model = db.Model


# One row: how many transactions changed public data. What is cached in memory is valid while the number stays the same.
_revision = Table("revision", db.metadata, Column("number", Integer, nullable=False))
_LOOK_AGAIN_S = 0.25
_seen: WeakKeyDictionary[Engine, tuple[int, float]] = WeakKeyDictionary()


def revision(engine: Engine | None = None) -> int:
    """Return the number of committed changes to public data: while it stays the same, no public page has changed.

    The process that committed sees the new number at once, another process after at most a quarter of a second.
    """
    engine = engine or db.engine
    seen = _seen.get(engine)
    if seen is not None and monotonic() - seen[1] < _LOOK_AGAIN_S:
        return seen[0]
    looked_at = monotonic()
    with engine.connect() as connection:
        number: int = connection.scalar(select(_revision.c.number)) or 0
    _seen[engine] = number, looked_at
    return number


# Opening a connection takes milliseconds on either engine. A thread of the server holds one, and a second one while it
# fills a cache; the pool is large enough for all of them, so that none is closed as surplus.
_POOL = {"pool_size": 16, "max_overflow": 4}


def engine_options(url: str) -> dict[str, object]:
    """Return create_engine's options for `url`: a SQLite that loads extensions, or PostgreSQL with custom plans."""
    if make_url(url).get_backend_name() == "sqlite":
        return {"module": driver(), "connect_args": {"timeout": 30}, **_POOL}
    return {
        **_POOL,
        "pool_pre_ping": True,
        "connect_args": {"options": "-c timezone=utc -c plan_cache_mode=force_custom_plan"},
    }


@event.listens_for(Engine, "connect")
def _prepare_sqlite(connection: sqlite3.Connection, record: object) -> None:
    # It may be psycopg's, or pysqlite3's, which has the same methods as that of the standard library.
    if not hasattr(connection, "enable_load_extension"):
        return
    connection.isolation_level = None  # _begin_sqlite sends BEGIN, not the driver
    load_spatialite(connection, transaction=True, init_mode="WGS84")  # type: ignore[no-untyped-call]  # GeoAlchemy2 does not type it
    connection.create_function("bigram_tokens", 1, bigram_tokens, deterministic=True)  # the triggers of listing call it
    cursor = connection.cursor()
    cursor.execute("PRAGMA journal_mode=WAL")
    cursor.execute("PRAGMA synchronous=NORMAL")
    cursor.execute("PRAGMA foreign_keys=ON")
    cursor.close()


@event.listens_for(Engine, "begin")
def _begin_sqlite(connection: Connection) -> None:
    if connection.dialect.name == "sqlite":
        # A transaction that will write takes the write lock at once; upgrading a read lock later loses updates.
        writes = connection.get_execution_options().get("writes")
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN DEFERRED")


@contextmanager
def transaction(*, public: bool = True) -> Iterator[Session]:
    """Yield the session in a writing transaction that commits at the end of the block and rolls back on an error.

    A block inside another one joins the outer transaction, and only the outermost commits. What is committed survives
    the death of the process, on both engines. With `public=False` the caller promises that no public page shows what
    changes, so that cached pages stay valid.
    """
    session = db.session
    if "writing" in session.info:
        session.info["writing"] |= public
        yield session
        return
    session.rollback()  # ends a reading transaction, so that what follows sees and locks the newest state
    session.connection(execution_options={"writes": True})
    session.info["writing"] = public
    try:
        yield session
        if session.info["writing"]:
            # Last, so that on PostgreSQL writers wait for each other only here, and numbers rise in the order of commits.
            session.execute(update(_revision).values(number=_revision.c.number + 1))
        session.commit()
        _seen.pop(db.engine, None)
    except BaseException:
        session.rollback()
        raise
    finally:
        session.info.pop("writing", None)


def execute(session: Session, statement: UpdateBase) -> int:
    """Execute an INSERT, UPDATE or DELETE, and return the number of its rows."""
    done = session.execute(statement)
    assert isinstance(done, CursorResult)  # as of every statement that changes rows
    return done.rowcount


_Rows = Mapping[str, object] | Sequence[Mapping[str, object]]
_Insert = postgresql.Insert | sqlite.Insert


def insert_once(session: Session, model: type[_Base], rows: _Rows, keys: Sequence[str]) -> _Insert:
    """Return an INSERT of `rows` that skips those whose `keys` already exist.

    If two processes insert the same row at the same time, one succeeds and the other inserts no row.
    """
    return _insert(session, model.__table__).values(rows).on_conflict_do_nothing(index_elements=keys)


def insert_or_add(session: Session, model: type[_Base], keys: Sequence[str], column: str) -> _Insert:
    """Return an INSERT, to be executed with rows, that adds up `column` where the `keys` already exist.

    The value of an inserted row is added to that of the existing row, so that concurrent writers lose no count.
    """
    insert = _insert(session, model.__table__)
    total = model.__table__.c[column] + insert.excluded[column]
    return insert.on_conflict_do_update(index_elements=keys, set_={column: total})


_MAKE: dict[str, Callable[[Table], _Insert]] = {"postgresql": postgresql.insert, "sqlite": sqlite.insert}


def _insert(session: Session, table: Table) -> _Insert:
    return _MAKE[session.connection().dialect.name](table)


@contextmanager
def time_limit(seconds: float, message: str) -> Iterator[None]:
    """Cancel the session's statements in the block after `seconds` and raise TooSlow with `message`."""
    connection = db.session.connection()
    if connection.dialect.name == "sqlite":
        driver, end = connection.connection.dbapi_connection, monotonic() + seconds
        driver.set_progress_handler(lambda: monotonic() > end, 10_000)  # type: ignore[union-attr]  # of SQLite
    else:
        connection.execute(select(func.set_config("statement_timeout", str(int(seconds * 1000)), True)))
    try:
        yield
    except OperationalError as error:
        db.session.rollback()
        raise TooSlow(message) from error
    else:
        if connection.dialect.name != "sqlite":
            connection.execute(select(func.set_config("statement_timeout", "0", True)))
    finally:
        if connection.dialect.name == "sqlite":
            driver.set_progress_handler(None, 0)  # type: ignore[union-attr]  # of SQLite
