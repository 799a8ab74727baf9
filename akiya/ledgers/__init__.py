"""Ledgers: a municipality's own table of homes, taken in and given back in its own columns."""

from flask import Flask

from akiya.ledgers import service, staff


def init_app(app: Flask) -> None:
    """Ledgers are part of `app` and of its worker."""
    app.register_blueprint(staff.blueprint)
    app.extensions["akiya_queue"].add("ledgers", lambda: service.process_all(app.extensions["akiya_storage"]))
