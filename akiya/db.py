"""The database: one engine for SpatiaLite or PostGIS, the models' base, and transaction()."""

import importlib
import os
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from flask_sqlalchemy import SQLAlchemy
from geoalchemy2.admin.dialects.sqlite import load_spatialite
from sqlalchemy import DateTime, Enum, MetaData, event
from sqlalchemy.engine import Connection, Engine, make_url
from sqlalchemy.orm import DeclarativeBase
from sqlalchemy.types import TypeDecorator

from akiya.choices import Choice

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


db: SQLAlchemy = SQLAlchemy(model_class=_Base, disable_autonaming=True)

if TYPE_CHECKING:
    Model = _Base
else:
    Model = db.Model


def engine_options(url: str) -> dict[str, Any]:
    """Options of create_engine for `url`: a SQLite that loads extensions, or PostgreSQL with custom plans."""
    if make_url(url).get_backend_name() == "sqlite":
        try:
            driver = importlib.import_module("pysqlite3.dbapi2")
        except ModuleNotFoundError:
            driver = importlib.import_module("sqlite3")
        return {"module": driver, "connect_args": {"timeout": 30}}
    return {
        "pool_pre_ping": True,
        "connect_args": {"options": "-c timezone=utc -c plan_cache_mode=force_custom_plan"},
    }


@event.listens_for(Engine, "connect")
def _prepare_sqlite(connection: Any, record: Any) -> None:
    if not hasattr(connection, "enable_load_extension"):
        return
    connection.isolation_level = None  # BEGIN is ours: see _begin_sqlite
    load_spatialite(connection, transaction=True, init_mode="WGS84")
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
def transaction() -> Iterator[Any]:
    """The session in a writing transaction: commits at the outermost exit, joins an outer one, rolls back on error.

    A commit here survives the death of the process, on both engines.
    """
    session = db.session
    if session.info.get("writing"):
        yield session
        return
    session.rollback()  # ends a reading transaction: what follows sees, and locks, the newest state
    session.connection(execution_options={"writes": True})
    session.info["writing"] = True
    try:
        yield session
        session.commit()
    except BaseException:
        session.rollback()
        raise
    finally:
        session.info.pop("writing", None)
