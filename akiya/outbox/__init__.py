"""The outbox: mail that is written with the change it speaks of, and sent by the worker."""

from flask import Flask

from akiya.outbox import service


def init_app(app: Flask) -> None:
    """The worker of `app` sends what waits."""
    app.extensions["akiya_queue"].add("outbox", lambda: service.deliver(app.config["AKIYA"]))
