"""Count visits in memory and write them together, so that no page waits for the database."""

import logging
import threading
from collections import Counter as Counts
from collections.abc import Callable, Mapping
from datetime import date

from akiya.db import today
from akiya.visits.models import VisitKind

Key = tuple[date, int, VisitKind]
"""A day in Japan, a listing's id, and which page of it was seen."""
SECONDS = 5.0
FULL, MOST = 500, 5_000
"""With FULL different keys waiting they are written at once; with MOST, new keys are dropped."""
log = logging.getLogger("akiya")


class Counter:
    """The visits that one web process has counted since it last wrote them.

    `write` is called with them within a few seconds, sooner when there are many, in a thread of its own; counts that it
    could not write are passed again with the next ones. A process that is killed loses only those few seconds.
    """

    def __init__(self, write: Callable[[Mapping[Key, int]], None]) -> None:
        self._write, self._lock, self._writing = write, threading.Lock(), threading.Lock()
        self._counts: Counts[Key] = Counts()
        self._timer: threading.Timer | None = None

    def add(self, listing_id: int, kind: VisitKind) -> None:
        """Count one more visit today. With `MOST` different keys waiting, new keys are dropped.

        That limits the memory that a flood of requests with invented ids can take.
        """
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
        """Write all counts, or keep them for the next time if that fails."""
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
