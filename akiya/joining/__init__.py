"""Municipalities that join this bank, leave it, or become part of another."""

from flask import Flask

from akiya.joining import staff


def init_app(app: Flask) -> None:
    """The coordinators' pages of joining, leaving and merging are part of `app`."""
    app.register_blueprint(staff.blueprint)
