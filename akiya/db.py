"""The database: one engine for SpatiaLite or PostGIS, the models' base, and transaction()."""

import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, date, datetime
from time import monotonic
from typing import TYPE_CHECKING, Any
from weakref import WeakKeyDictionary

from flask_sqlalchemy import SQLAlchemy
from geoalchemy2.admin.dialects.sqlite import load_spatialite
from sqlalchemy import Column, DateTime, Enum, Integer, MetaData, Table, event, func, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine import Connection, Engine, make_url
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import DeclarativeBase
from sqlalchemy.types import TypeDecorator

from akiya.choices import Choice
from akiya.errors import TooSlow
from akiya.geo import JAPAN_TIME
from akiya.sqlite import driver
from akiya.text import bigram_tokens

os.environ.setdefault("SPATIALITE_LIBRARY_PATH", "mod_spatialite")


class _Base(DeclarativeBase):
    # Constraint names are fixed so that both engines share one history.

    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "fk": "fk_%(table_name)s_%(column_0_name)s",
            "pk": "pk_%(table_name)s",
        }
    )


class Moment(TypeDecorator[datetime]):
    """An instant: aware in Python, stored as naive UTC, the same on both engines."""

    impl = DateTime
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Any) -> datetime | None:
        return value.astimezone(UTC).replace(tzinfo=None) if value else None

    def process_result_value(self, value: datetime | None, dialect: Any) -> datetime | None:
        return value.replace(tzinfo=UTC) if value else None


def choice(kind: type[Choice]) -> Enum:
    """The column type of a closed vocabulary: its value as text, checked in Python."""
    return Enum(kind, native_enum=False, length=20, values_callable=lambda k: [str(m) for m in k])


def now() -> datetime:
    """This instant, aware, to the microsecond."""
    return datetime.now(UTC)


def today() -> date:
    """Today in Japan: what a clerk means by a day."""
    return now().astimezone(JAPAN_TIME).date()


db: SQLAlchemy = SQLAlchemy(model_class=_Base, disable_autonaming=True)

if TYPE_CHECKING:
    Model = _Base
else:
    Model = db.Model


# One row: how many transactions with something public have been committed. What is kept in memory is good while it stands.
_revision = Table("revision", db.metadata, Column("number", Integer, nullable=False))
_LOOK_AGAIN_S = 0.25
_seen: WeakKeyDictionary[Engine, tuple[int, float]] = WeakKeyDictionary()


def revision(engine: Engine | None = None) -> int:
    """The number of committed transactions so far: it differs whenever anything public may have changed.

    Known at once in the process that committed; in another one after at most a quarter of a second.
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


# A connection costs milliseconds to make on either engine. A thread of the server holds one, and a second while it reads
# what is kept in memory; none is closed for being one too many.
_POOL = {"pool_size": 16, "max_overflow": 4}


def engine_options(url: str) -> dict[str, Any]:
    """Options of create_engine for `url`: a SQLite that loads extensions, or PostgreSQL with custom plans."""
    if make_url(url).get_backend_name() == "sqlite":
        return {"module": driver(), "connect_args": {"timeout": 30}, **_POOL}
    return {
        **_POOL,
        "pool_pre_ping": True,
        "connect_args": {"options": "-c timezone=utc -c plan_cache_mode=force_custom_plan"},
    }


@event.listens_for(Engine, "connect")
def _prepare_sqlite(connection: Any, record: Any) -> None:
    if not hasattr(connection, "enable_load_extension"):
        return
    connection.isolation_level = None  # BEGIN is ours: see _begin_sqlite
    load_spatialite(connection, transaction=True, init_mode="WGS84")
    connection.create_function("bigram_tokens", 1, bigram_tokens, deterministic=True)  # for the triggers of listing
    cursor = connection.cursor()
    cursor.execute("PRAGMA journal_mode=WAL")
    cursor.execute("PRAGMA synchronous=NORMAL")
    cursor.execute("PRAGMA foreign_keys=ON")
    cursor.close()


@event.listens_for(Engine, "begin")
def _begin_sqlite(connection: Connection) -> None:
    if connection.dialect.name == "sqlite":
        # A transaction that will write takes the lock first; upgrading a read lock later loses updates.
        writes = connection.get_execution_options().get("writes")
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN DEFERRED")


@contextmanager
def transaction(*, public: bool = True) -> Iterator[Any]:
    """The session in a writing transaction: commits at the outermost exit, joins an outer one, rolls back on error.

    A commit here survives the death of the process, on both engines. `public=False` promises that no public page shows
    what changes: what is kept of them stays good.
    """
    session = db.session
    if "writing" in session.info:
        session.info["writing"] |= public
        yield session
        return
    session.rollback()  # ends a reading transaction: what follows sees, and locks, the newest state
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


def insert_once(session: Any, model: Any, rows: Any, keys: Sequence[str]) -> Any:
    """An INSERT of the rows that leaves out those whose `keys` are there: of two who write one at once, one is left without."""
    return _insert(session, model).values(rows).on_conflict_do_nothing(index_elements=keys)


def insert_or_add(session: Any, model: Any, keys: Sequence[str], column: str) -> Any:
    """An INSERT, to be executed with rows, that adds their `column` to that of the row there is with the same `keys`."""
    insert = _insert(session, model.__table__)
    total = model.__table__.c[column] + insert.excluded[column]
    return insert.on_conflict_do_update(index_elements=keys, set_={column: total})


def _insert(session: Any, model: Any) -> Any:
    make: Any = {"postgresql": postgresql.insert, "sqlite": sqlite.insert}[session.connection().dialect.name]
    return make(model)


@contextmanager
def time_limit(seconds: float, message: str) -> Iterator[None]:
    """Statements of the session in the block are cut off after `seconds`: TooSlow with `message`."""
    connection = db.session.connection()
    if connection.dialect.name == "sqlite":
        driver, end = connection.connection.dbapi_connection, monotonic() + seconds
        driver.set_progress_handler(lambda: monotonic() > end, 10_000)  # type: ignore[union-attr]
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
            driver.set_progress_handler(None, 0)  # type: ignore[union-attr]
