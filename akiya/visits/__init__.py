"""Visits: how often a listing was seen, by day, with nothing kept of who saw it."""

from collections.abc import Mapping
from multiprocessing import util

from flask import Flask

from akiya.listings import parts
from akiya.visits import public, search, service
from akiya.visits.counter import Counter, Key


def init_app(app: Flask) -> None:
    """The addresses that count are part of `app`; the staff's page of a listing shows its "visits"."""

    def write(counts: Mapping[Key, int]) -> None:
        with app.app_context():
            service.add(counts)

    app.register_blueprint(public.blueprint)
    app.extensions["csrf"].exempt(public.blueprint)  # whoever counts has no session, so no token either
    app.extensions["akiya_visits"] = counter = Counter(write)
    # Not atexit, which the web server's own processes, begun by multiprocessing, end without.
    util.Finalize(None, counter.flush, exitpriority=0)
    parts.add("visits", staff=search.of_listing)
