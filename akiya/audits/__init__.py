"""Who did what, when: kept as rows, shown to coordinators, erased in time."""

from flask import Flask

from akiya.audits import recording, service, staff
from akiya.db import now


def init_app(app: Flask) -> None:
    """What staff of `app` do is recorded; coordinators read it; the worker erases what is old."""
    app.register_blueprint(staff.blueprint)
    app.after_request(recording.record)
    months = app.config["AKIYA"].audit_months
    app.extensions["akiya_queue"].add("audit", lambda: service.forget_old(now(), months))
