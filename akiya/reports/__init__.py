"""Reports for the prefecture's coordinators."""

from flask import Flask

from akiya.reports import staff


def init_app(app: Flask) -> None:
    """The coordinators' pages are part of `app`."""
    app.register_blueprint(staff.blueprint)
