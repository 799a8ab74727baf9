"""What is made of the database once and kept: until something public was committed, or for good."""

import threading
from collections.abc import Callable
from datetime import date
from typing import Any, Generic, TypeVar
from weakref import WeakKeyDictionary

from sqlalchemy.engine import Connection, Engine

from akiya.db import db, revision

T = TypeVar("T")


class PerRevision(Generic[T]):
    """What `load` makes of the database, kept for each database of the process while its revision and `day()` stand."""

    def __init__(self, load: Callable[[Connection], T], day: Callable[[], date | None] = lambda: None) -> None:
        self.load, self.day, self.lock = load, day, threading.Lock()
        self.kept: WeakKeyDictionary[Engine, tuple[Any, T]] = WeakKeyDictionary()

    def __call__(self) -> T:
        engine, wanted = db.engine, (revision(), self.day())
        kept = self.kept.get(engine)
        if kept is not None and kept[0] == wanted:
            return kept[1]
        with self.lock:
            kept = self.kept.get(engine)
            if kept is None or kept[0] != wanted:
                # A connection of its own: one that began to read earlier might still see what was before.
                with engine.connect() as connection:
                    kept = self.kept[engine] = wanted, self.load(connection)
        return kept[1]


class Known(dict[Any, Any]):
    """What `make` makes of a value of the database, made once for each value: most columns hold few that differ."""

    def __init__(self, make: Callable[[Any], Any]) -> None:
        super().__init__()
        self.make = make

    def __missing__(self, value: Any) -> Any:
        made = self[value] = self.make(value)
        return made
