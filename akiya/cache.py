"""Caches of what is computed from the database, either until public data changes or for the life of the object."""

import threading
from collections.abc import Callable
from datetime import date
from typing import Generic, TypeVar
from weakref import WeakKeyDictionary

from sqlalchemy.engine import Connection, Engine

from akiya.db import db, revision

T = TypeVar("T")
K = TypeVar("K")
V = TypeVar("V")


class PerRevision(Generic[T]):
    """A cached result of `load`, one per database, computed again once the revision or `day()` has changed."""

    def __init__(self, load: Callable[[Connection], T], day: Callable[[], date | None] = lambda: None) -> None:
        self.load, self.day, self.lock = load, day, threading.Lock()
        self.kept: WeakKeyDictionary[Engine, tuple[object, T]] = WeakKeyDictionary()

    def __call__(self) -> T:
        """Return the cached result, computing it first if the revision or the day has changed."""
        engine, wanted = db.engine, (revision(), self.day())
        kept = self.kept.get(engine)
        if kept is not None and kept[0] == wanted:
            return kept[1]
        with self.lock:
            kept = self.kept.get(engine)
            if kept is None or kept[0] != wanted:
                # A new connection: one that began to read earlier might still see the old rows.
                with engine.connect() as connection:
                    kept = self.kept[engine] = wanted, self.load(connection)
        return kept[1]


class Known(dict[K, V]):
    """A dictionary that fills itself with `make`: columns have few distinct values, so each is converted only once."""

    def __init__(self, make: Callable[[K], V]) -> None:
        super().__init__()
        self.make = make

    def __missing__(self, value: K) -> V:
        made = self[value] = self.make(value)
        return made
