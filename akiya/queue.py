"""The queue: huey on a SQLite file of its own. Work is described by rows of the database; a task only says "look"."""

import logging
import sqlite3
import threading
from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any

from huey import SqliteHuey, crontab

log = logging.getLogger("akiya")
_THREADS = 2  # mail does not wait behind a panorama


class Queue:
    """A queue kept in the folder `data`: web pages wake the worker, the worker runs each job within `context()`."""

    def __init__(self, data: Path, context: Callable[[], AbstractContextManager[Any]]) -> None:
        self.context = context
        self.huey = SqliteHuey("akiya", filename=str(data / "queue.sqlite"), results=False)
        self._tasks: dict[str, Callable[[], Any]] = {}

    def add(self, name: str, work: Callable[[], object]) -> None:
        """`work()` looks for what is to be done and does it: when woken, and every minute.

        One at a time in a worker. What another worker has begun is left to it by rows of the database: a killed worker or
        a lost message costs a minute and nothing else.
        """
        busy = threading.Lock()

        def look() -> None:
            if not busy.acquire(blocking=False):
                return  # whoever is at it looks until nothing is left
            try:
                with self.context():
                    work()
            finally:
                busy.release()

        self._tasks[name] = self.huey.task(name=f"do_{name}")(look)
        self.huey.periodic_task(crontab(minute="*"), name=f"look_for_{name}")(look)

    def wake(self, name: str) -> None:
        """The worker looks soon for work of that name; at the latest within a minute."""
        try:
            self._tasks[name]()
        except sqlite3.Error:
            log.exception("the queue could not be written; the worker's next look finds the row")

    def run(self) -> None:
        """Works until a signal ends it."""
        consumer = self.huey.create_consumer(workers=_THREADS, periodic=True, initial_delay=0.1, max_delay=1.0)
        for name in self._tasks:
            self.wake(name)
        consumer.run()
