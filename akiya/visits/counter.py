"""Counts that are gathered in memory and written together, so that no page waits for the database."""

import logging
import threading
from collections import Counter as Counts
from collections.abc import Callable, Mapping
from datetime import date

from akiya.db import today
from akiya.visits.models import VisitKind

Key = tuple[date, int, VisitKind]
"""A day in Japan, a listing's id, what was seen of it."""
SECONDS = 5.0
FULL, MOST = 500, 5_000
log = logging.getLogger("akiya")


class Counter:
    """The visits of one web process since it last wrote them.

    `write` gets them within a few seconds, sooner when there are many of them, in a thread of its own; what it could not
    write comes again with the next ones. A process that is killed outright loses those few seconds and nothing else.
    """

    def __init__(self, write: Callable[[Mapping[Key, int]], None]) -> None:
        self._write, self._lock, self._writing = write, threading.Lock(), threading.Lock()
        self._counts: Counts[Key] = Counts()
        self._timer: threading.Timer | None = None

    def add(self, listing_id: int, kind: VisitKind) -> None:
        """One more today. With `MOST` kinds of entries waiting, such as a flood of invented ids, others are dropped."""
        key = today(), listing_id, kind
        with self._lock:
            if key not in self._counts and len(self._counts) >= MOST:
                return
            self._counts[key] += 1
            if self._timer is None:
                self._start(SECONDS)
            elif len(self._counts) == FULL:
                self._start(0)

    def flush(self) -> None:
        """Everything that was counted until now is written, or kept for the next time."""
        with self._writing:
            with self._lock:
                counts, self._counts = self._counts, Counts()
                if self._timer is not None:
                    self._timer.cancel()
                    self._timer = None
            if not counts:
                return
            try:
                self._write(counts)
            except Exception:
                log.exception("visits could not be written; they are kept for the next time")
                with self._lock:
                    self._counts.update(counts)
                    if self._timer is None:
                        self._start(SECONDS)

    def _start(self, seconds: float) -> None:
        if self._timer is not None:
            self._timer.cancel()
        self._timer = threading.Timer(seconds, self.flush)
        self._timer.daemon = True
        self._timer.start()
