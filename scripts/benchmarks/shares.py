"""Measure which parts the time of an answer is spent in: the application alone, in this process, question by question."""

import gzip
import logging
import random
import statistics
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from functools import wraps
from typing import Any

import jinja2
from benchmarks.questions import Question, question
from sqlalchemy import event
from sqlalchemy.engine import Engine

from akiya import config, create_app
from akiya.catalogue.answer import SearchResult

PARTS = ("SQL", "search", "templates", "gzip", "the rest")
"""Parts of an answer's time: statements; search and counts on columns; rendering; compression; forms, texts, HTTP."""


class Clock:
    """Adds up time by part. A part inside another is counted once, as the inner one."""

    def __init__(self) -> None:
        self.spent: Counter[str] = Counter()
        self.stack: list[str] = []
        self.since = 0.0

    def _turn(self) -> None:
        now = time.perf_counter()
        if self.stack:
            self.spent[self.stack[-1]] += now - self.since
        self.since = now

    def enter(self, part: str) -> None:
        """Count the time from now on for `part`."""
        self._turn()
        self.stack.append(part)

    def leave(self) -> None:
        """Count the time from now on for the part before this one."""
        self._turn()
        self.stack.pop()

    def watch(self, owner: Any, name: str, part: str) -> None:
        """Count every call of owner.name in this process for `part` from now on."""
        call = getattr(owner, name)

        @wraps(call)
        def watched(*args: Any, **kwargs: Any) -> Any:
            self.enter(part)
            try:
                return call(*args, **kwargs)
            finally:
                self.leave()

        setattr(owner, name, watched)

    @contextmanager
    def asking(self) -> Iterator[None]:
        """Measure one question; time that no part claims counts as "the rest"."""
        self.enter("the rest")
        try:
            yield
        finally:
            self.leave()


def shares(
    environment: Mapping[str, str], path: Callable[[Question], str], asked: int, compressed: bool
) -> dict[str, float]:
    """Return the milliseconds that an answer spends in each of PARTS, the median of `asked` questions.

    Changes the classes that it watches: call it in a process of its own.
    """
    app = create_app(config.from_env(environment))
    logging.getLogger("akiya").setLevel(logging.CRITICAL)
    client, rng = app.test_client(), random.Random("shares")  # noqa: S311  (invented questions)
    headers = {"Accept-Encoding": "gzip"} if compressed else {}
    for _ in range(20):  # reads the catalogue, compiles the templates
        _ask(client, path(question(rng)), headers)
    clock = Clock()
    event.listen(Engine, "before_cursor_execute", lambda *_: clock.enter("SQL"))
    event.listen(Engine, "after_cursor_execute", lambda *_: clock.leave())
    for name in ("__init__", "ids", "facets", "nearest_outside"):
        clock.watch(SearchResult, name, "search")
    clock.watch(jinja2.Template, "render", "templates")
    clock.watch(jinja2.runtime.Macro, "_invoke", "templates")  # cards are rendered before their page
    clock.watch(gzip, "compress", "gzip")
    each: list[Counter[str]] = []
    for _ in range(asked):
        clock.spent = Counter()
        with clock.asking():
            _ask(client, path(question(rng)), headers)
        each.append(clock.spent)
    return {part: statistics.median(spent[part] for spent in each) * 1000 for part in PARTS}


def _ask(client: Any, path: str, headers: Mapping[str, str]) -> None:
    answer = client.get(path, headers=headers)
    if answer.status_code != 200:
        raise ValueError(f"{answer.status_code} for {path}")
