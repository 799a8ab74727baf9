"""Invented homes, the same in akiya's databases and in those of the peers.

`count` homes are on offer; a tenth more are closed or drafts, which akiya stores and nobody may find. The peers store
only what is on offer, so that they need no condition for it. A later id was never published earlier, so that "newest
first" is "highest id first" everywhere.
"""

import logging
import sqlite3
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import psycopg
from flask_migrate import upgrade
from sqlalchemy import BigInteger, Boolean, Date, Enum, Float, Integer, text
from sqlalchemy.engine import Connection

from akiya import config, create_app, geo
from akiya.db import db, transaction
from akiya.listings.enums import DatePrecision, Precision, PropertyKind, Status
from akiya.listings.models import Listing
from akiya.municipalities import search, service
from akiya.text import searchable

TABLE: Any = Listing.__table__
_BATCH = 10_000
_MOST_WITH_WORDS = 100_000
_EACH_NTH_HIDDEN = 11
# Relative to the day of the run: a worker would close outdated offers and remind people while it is measured.
TODAY = datetime.now(geo.JAPAN_TIME).date()
_DAYS = 2_700
_FIRST_DAY, _NEXT_YEAR = TODAY - timedelta(days=_DAYS), TODAY + timedelta(days=365)
_TOWNS = (
    "内牧",
    "一の宮町宮地",
    "小国町宮原",
    "河浦町",
    "牛深町",
    "山鹿",
    "菊鹿町",
    "泗水町",
    "甲佐",
    "湯前",
    "水上",
    "五木",
)
_LAYOUTS = ("", "", "1R", "2DK", "3K", "3DK", "4DK", "4LDK", "5DK", "5LDK", "6K", "7DK")
_STATIONS = (
    ("", ""),
    ("", ""),
    ("豊肥本線", "宮地駅"),
    ("肥薩線", "人吉駅"),
    ("三角線", "網田駅"),
    ("鹿児島本線", "玉名駅"),
)
_SENTENCES = (
    "", "", "日当たりがよく、庭から山が見えます。", "温泉まで車で5分です。", "縁側のある昔ながらの平屋です。", "畑がついています。",
    "雨漏りの修理が要ります。", "小学校と商店が近くにあります。", "納屋と蔵が残っています。", "海まで歩いて行けます。",
)  # fmt: skip
_PEER_COLUMNS = (
    ("id", "INTEGER PRIMARY KEY"), ("number", "TEXT"), ("municipality_code", "TEXT"), ("municipality", "TEXT"), ("title", "TEXT"),
    ("town", "TEXT"), ("status", "TEXT"), ("is_sale", "INTEGER"), ("is_rent", "INTEGER"), ("kind", "TEXT"), ("price", "BIGINT"),
    ("rent", "INTEGER"), ("floor_area", "DOUBLE PRECISION"), ("land_area", "DOUBLE PRECISION"), ("built_year", "INTEGER"),
    ("layout", "TEXT"), ("features", "BIGINT"), ("location", "TEXT"), ("updated", "TEXT"), ("lon", "DOUBLE PRECISION"),
    ("lat", "DOUBLE PRECISION"),
)  # fmt: skip
_PEER_TABLE = "CREATE TABLE home (" + ", ".join(f"{name} {kind}" for name, kind in _PEER_COLUMNS) + ")"
_NAMES = [name for name, _kind in _PEER_COLUMNS]


def fill(count: int, data: Path, database_url: str) -> None:
    """Fill an empty akiya database with the homes and update its statistics. Call it in a process of its own."""
    logging.disable(logging.INFO)  # migrations log a line each
    app = create_app(config.from_env({"AKIYA_DATA": str(data), "DATABASE_URL": database_url}))
    with app.app_context():
        upgrade(directory=app.extensions["migrate"].directory)
        service.ensure_prefecture(app.config["AKIYA"].prefecture)
        if count > _MOST_WITH_WORDS:
            # No question here searches for words, and building their index takes most of the time.
            on_postgresql = db.engine.dialect.name == "postgresql"
            with db.engine.begin() as connection:
                connection.execute(
                    text("DROP INDEX ix_listing_bigrams" if on_postgresql else "DROP TRIGGER listing_bigrams_insert")
                )
        kept: dict[str, tuple[Any, Any]] = {}
        for batch in _batches(count):
            with transaction() as session:
                _insert(session.connection(), batch, kept)
        with db.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.execute(text("VACUUM ANALYZE" if db.engine.dialect.name == "postgresql" else "ANALYZE"))
        db.engine.dispose()


def _insert(connection: Connection, batch: Mapping[str, Sequence[Any]], kept: dict[str, tuple[Any, Any]]) -> None:
    """Insert the columns as rows, without SQLAlchemy's work on each value.

    `kept` holds converted columns for the next batch.
    """
    columns, dialect = [], connection.dialect
    for name, values in batch.items():
        if name not in kept or kept[name][0] is not values:
            process = TABLE.c[name].type.dialect_impl(dialect).bind_processor(dialect)
            kept[name] = values, [process(value) for value in values] if process else values
        columns.append(kept[name][1])
    names, made = ", ".join(f'"{name}"' for name in batch), zip(*columns, strict=True)
    if dialect.name == "postgresql":
        with connection.connection.cursor() as cursor, cursor.copy(f"COPY listing ({names}) FROM STDIN") as copy:
            for row in made:
                copy.write_row(row)
    else:
        places = ", ".join("?" * len(columns))
        connection.exec_driver_sql(f"INSERT INTO listing ({names}) VALUES ({places})", list(made))  # noqa: S608


def touch(data: Path, database_url: str) -> None:
    """Commit an empty transaction, so that every process sees that something may have changed."""
    app = create_app(config.from_env({"AKIYA_DATA": str(data), "DATABASE_URL": database_url}))
    with app.app_context(), transaction():
        pass


def fill_sqlite(count: int, data: Path, path: Path) -> None:
    """Write the homes on offer to the table `home` of a SQLite file, with covering indexes for the counts.

    `data` is a folder in which fill() made an akiya database.
    """
    peer = sqlite3.connect(path)
    peer.execute(_PEER_TABLE)
    places = ", ".join("?" * len(_NAMES))
    for rows in _offered(count, data):
        peer.executemany(f"INSERT INTO home VALUES ({places})", rows)  # noqa: S608
    peer.execute("CREATE INDEX home_place ON home (kind, is_sale, lat, lon, price, municipality_code)")
    peer.execute("CREATE INDEX home_price ON home (kind, is_sale, price, lat, lon, municipality_code)")
    peer.commit()
    peer.execute("ANALYZE")
    peer.close()


def fill_postgis(count: int, data: Path, address: str) -> None:
    """Write the homes on offer to the table `home` of an empty PostGIS database, with points and suitable indexes."""
    with psycopg.connect(address, autocommit=True) as peer:
        for extension in ("postgis", "btree_gist"):
            peer.execute(f"CREATE EXTENSION IF NOT EXISTS {extension}")
        peer.execute(_PEER_TABLE)
        with peer.cursor() as cursor, cursor.copy(f"COPY home ({', '.join(_NAMES)}) FROM STDIN") as copy:
            for rows in _offered(count, data):
                for row in rows:
                    copy.write_row(row)
        peer.execute("ALTER TABLE home ADD COLUMN geom geometry(Point, 4326)")
        peer.execute("UPDATE home SET geom = ST_SetSRID(ST_MakePoint(lon, lat), 4326)")
        peer.execute("CREATE INDEX home_geom ON home USING gist (geom)")
        peer.execute("CREATE INDEX home_geom_price ON home USING gist (kind, is_sale, geom, price)")
        peer.execute("CREATE INDEX home_price ON home (kind, is_sale, price)")
        peer.execute("CREATE INDEX home_municipality ON home (municipality_code, kind, is_sale, price)")
        peer.execute("VACUUM FULL ANALYZE home")
        # Plans for the actual parameters, and no compiling of short statements: the fastest settings for such questions.
        peer.execute("ALTER DATABASE peers SET plan_cache_mode = force_custom_plan")
        peer.execute("ALTER DATABASE peers SET jit = off")


def _offered(count: int, data: Path) -> Iterator[list[tuple[Any, ...]]]:
    app = create_app(config.from_env({"AKIYA_DATA": str(data)}))
    with app.app_context():
        names = {m.code: m.name for m in search.served()}
        for batch in _batches(count):
            homes = {
                **batch,
                "municipality": [names[code] for code in batch["municipality_code"]],
                "status": [str(value) for value in batch["status"]],
                "kind": [str(value) for value in batch["kind"]],
                "is_sale": [int(value) for value in batch["is_sale"]],
                "is_rent": [int(value) for value in batch["is_rent"]],
                "built_year": [day.year if day else None for day in batch["built_on"]],
                "location": [str(value) for value in batch["precision"]],
                "updated": [moment.isoformat() for moment in batch["updated_at"]],
            }
            listed = [status in (Status.OPEN, Status.NEGOTIATING) for status in batch["status"]]
            rows = zip(*(homes[name] for name in _NAMES), strict=True)
            yield [row for row, offered in zip(rows, listed, strict=True) if offered]


def _batches(count: int) -> Iterator[dict[str, Sequence[Any]]]:
    """Yield all rows of akiya's table as columns, the same at each call, in batches.

    Needs an application context with municipalities.
    """
    served = search.served()
    total = count + (count - 1) // (_EACH_NTH_HIDDEN - 1)
    rng = np.random.default_rng(1)
    # Columns that no question uses are the same in each batch, so that a million homes take only minutes.
    common = {column.name: _any_of(column.type, column.nullable, rng, _BATCH) for column in TABLE.c}
    for start in range(0, total, _BATCH):
        size = min(_BATCH, total - start)
        if size < _BATCH:
            common = {name: values[:size] for name, values in common.items()}
        yield common | _facts(rng, size, start, total, served)


def _any_of(kind: Any, nullable: bool, rng: np.random.Generator, size: int) -> Sequence[Any]:
    """Return a column in which every second value is None, if the column is nullable."""
    makers: Mapping[type, Callable[[], Sequence[Any]]] = {
        Enum: lambda: _choice(rng, list(kind.enum_class), size),
        Boolean: lambda: (rng.random(size) < 0.6).tolist(),
        BigInteger: lambda: (rng.integers(1, 100, size) * 10_000).tolist(),
        Integer: lambda: (rng.integers(1, 60, size) * 100).tolist(),
        Float: lambda: rng.integers(3, 400, size).astype(float).tolist(),
        Date: lambda: [_FIRST_DAY + timedelta(days=days) for days in rng.integers(0, _DAYS, size).tolist()],
    }
    maker = next((made for type_, made in makers.items() if isinstance(kind, type_)), None)
    if maker is None:
        return [""] * size
    values = maker()
    if not nullable:
        return values
    return [value if stated else None for value, stated in zip(values, rng.random(size) < 0.5, strict=True)]


def _facts(
    rng: np.random.Generator, size: int, start: int, total: int, served: Sequence[Any]
) -> dict[str, Sequence[Any]]:
    """Return the columns that the search uses, and those that cards and pages show."""
    numbers = range(start, start + size)
    homes = rng.integers(0, len(served), size).tolist()
    # The centre of the 250 m mesh cell, as a public point is.
    lon = np.array([served[i].lon for i in homes]) + rng.normal(0, 0.06, size)
    lat = np.array([served[i].lat for i in homes]) + rng.normal(0, 0.05, size)
    deal, days = rng.random(size), [_FIRST_DAY + timedelta(days=number * _DAYS // total) for number in numbers]
    towns, layouts, stations = _choice(rng, _TOWNS, size), _choice(rng, _LAYOUTS, size), _choice(rng, _STATIONS, size)
    appeal, remarks = _choice(rng, _SENTENCES, size), _choice(rng, _SENTENCES, size)
    codes = [f"{number + 1:07d}" for number in numbers]
    heads = [
        f"{code} {_searchable(f'{town} {served[i].name}')}" for code, town, i in zip(codes, towns, homes, strict=True)
    ]
    # Few homes both for sale and for rent; one in twenty has no price yet.
    prices = np.where(rng.random(size) < 0.05, 0, np.maximum(1, rng.gamma(2.0, 30, size).astype(int)) * 100_000)
    return {
        "id": [number + 1 for number in numbers],
        "number": codes,
        "municipality_code": [served[i].code for i in homes],
        "version": [1] * size,
        "blur": [None] * size,
        "in_charge_id": [None] * size,
        "town": towns,
        "lon": ((np.floor(lon * 320) + 0.5) / 320).tolist(),
        "lat": ((np.floor(lat * 480) + 0.5) / 480).tolist(),
        "precision": [Precision.MESH_250] * size,
        "status": [
            Status.DRAFT if number % 22 == 21 else Status.CONTRACTED if number % 11 == 10 else Status.NEGOTIATING
            if number % 13 == 5 else Status.OPEN
            for number in numbers
        ],
        "kind": _choice(rng, (PropertyKind.HOUSE,) * 15 + (PropertyKind.LAND,) * 4 + (PropertyKind.BUSINESS,), size),
        "is_sale": (deal < 0.85).tolist(),
        "is_rent": (deal > 0.8).tolist(),
        "price": [price or None for price in prices.tolist()],
        "rent": [
            value * 5_000 if rented else None
            for value, rented in zip(rng.integers(2, 20, size).tolist(), (deal > 0.8).tolist(), strict=True)
        ],
        "built_on": [
            date(year, 1, 1) if year > 1925 else None for year in rng.integers(1915, 2015, size).tolist()
        ],
        "built_precision": [DatePrecision.YEAR] * size,
        "floor_area": rng.integers(40, 300, size).astype(float).tolist(),
        "layout": layouts,
        "station_line": [line for line, _name in stations],
        "station": [name for _line, name in stations],
        "appeal": appeal,
        "remarks": remarks,
        "features": (rng.integers(0, 2**40, size) & rng.integers(0, 2**40, size)).tolist(),
        "has_panorama": (rng.random(size) < 0.1).tolist(),
        "demonstration": [False] * size,
        "published_on": days,
        "valid_until": [_NEXT_YEAR] * size,
        "review_due_on": [_NEXT_YEAR] * size,
        "created_at": [_moment(day) for day in days],
        "updated_at": [_moment(day) for day in days],
        "search_head": heads,
        "search_text": [
            f"{head} {_searchable(f'{layout} {station[0]} {station[1]}')} {_searchable(one)} {_searchable(other)}"
            for head, layout, station, one, other in zip(heads, layouts, stations, appeal, remarks, strict=True)
        ],
    }  # fmt: skip


def _choice(rng: np.random.Generator, values: Sequence[Any], size: int) -> list[Any]:
    return [values[i] for i in rng.integers(0, len(values), size).tolist()]


def _moment(day: date) -> datetime:
    return datetime.combine(day, time(3), UTC)


_made: dict[str, str] = {}


def _searchable(words: str) -> str:
    """Return text.searchable(words), cached because the invented texts are few."""
    if words not in _made:
        _made[words] = searchable(words)
    return _made[words]
