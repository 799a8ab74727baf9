"""The queue: huey on a SQLite file of its own. Work is described by rows of the database; a task only says "look"."""

import logging
import sqlite3
import threading
from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path

from huey import SqliteHuey, crontab

log = logging.getLogger("akiya")
_THREADS = 2  # so that mail does not wait for a panorama


class Queue:
    """A queue stored in the folder `data`: pages wake the worker, which runs each job within `context()`."""

    def __init__(self, data: Path, context: Callable[[], AbstractContextManager[object]]) -> None:
        self.context = context
        self.huey = SqliteHuey("akiya", filename=str(data / "queue.sqlite"), results=False)
        self._tasks: dict[str, Callable[[], object]] = {}

    def add(self, name: str, work: Callable[[], object]) -> None:
        """Register a job: `work()` looks for what is due and does it, when woken and every minute.

        A worker runs the job only once at a time. Rows of the database say what another worker has begun, so that a
        killed worker or a lost message costs at most a minute.
        """
        busy = threading.Lock()

        def look() -> None:
            if not busy.acquire(blocking=False):
                return  # the run in progress looks until nothing is left
            try:
                with self.context():
                    work()
            finally:
                busy.release()

        self._tasks[name] = self.huey.task(name=f"do_{name}")(look)
        self.huey.periodic_task(crontab(minute="*"), name=f"look_for_{name}")(look)

    def wake(self, name: str) -> None:
        """Ask the worker to look for work of this name soon; it looks within a minute in any case."""
        try:
            self._tasks[name]()
        except sqlite3.Error:
            log.exception("the queue could not be written; the worker finds the row within a minute")

    def run(self) -> None:
        """Run the worker until a signal ends it."""
        consumer = self.huey.create_consumer(workers=_THREADS, periodic=True, initial_delay=0.1, max_delay=1.0)
        for name in self._tasks:
            self.wake(name)
        consumer.run()
