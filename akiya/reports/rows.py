"""Read rows from the database while they are written out, so that they are never in memory all at once."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any  # columns of any type

from sqlalchemy import Select

from akiya.db import AnyRow, db
from akiya.reports.table import Cell

_BATCH = 1_000


@dataclass(frozen=True)
class Rows:
    """An iterable of rows that calls `make` again for each iteration."""

    make: Callable[[], Iterator[tuple[Cell, ...]]]

    def __iter__(self) -> Iterator[tuple[Cell, ...]]:
        return self.make()


def read(query: Select[*tuple[Any, ...]]) -> Iterator[AnyRow]:
    """Yield the rows of the query, fetched a thousand at a time."""
    for rows in db.session.execute(query.execution_options(yield_per=_BATCH)).partitions():
        yield from rows
