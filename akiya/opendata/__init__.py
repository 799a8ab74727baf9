"""The open data: files, daily snapshots, a catalogue, and OGC API – Features."""

from flask import Flask

from akiya.opendata import api, public, service
from akiya.web.limits import limiter

LIMIT = "300/minute"


def init_app(app: Flask) -> None:
    """The open data and the API are part of `app`; the worker makes a snapshot a day."""
    app.register_blueprint(public.blueprint)
    app.register_blueprint(api.blueprint)
    for blueprint in (public.blueprint, api.blueprint):
        limiter.shared_limit(LIMIT, scope=blueprint.name)(blueprint)
    daily = service.Daily(app.extensions["akiya_storage"], app.config["AKIYA"].address)
    app.extensions["akiya_queue"].add("opendata", daily.look)
