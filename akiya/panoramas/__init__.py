"""Panoramas: the 360° tour of a listing."""

from flask import Flask

from akiya.listings import parts
from akiya.panoramas import public, search, staff, staff_scene, tiling


def init_app(app: Flask) -> None:
    """Panoramas are part of `app` and of the listings' pages."""
    app.register_blueprint(public.blueprint)
    app.register_blueprint(staff.blueprint)
    app.register_blueprint(staff_scene.blueprint)
    work = app.config["AKIYA"].data / "work"
    app.extensions["akiya_queue"].add("panoramas", lambda: tiling.process_all(app.extensions["akiya_storage"], work))
    parts.add("panorama", public=public.part, staff=search.of_listing)
