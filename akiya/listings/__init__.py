"""Listings: the heart of the bank."""

from flask import Flask

from akiya.listings import pictograms, public, staff


def init_app(app: Flask) -> None:
    """The public and the staff pages of listings are part of `app`."""
    app.register_blueprint(public.blueprint)
    app.register_blueprint(staff.blueprint)
    groups = [(g, [p for p in pictograms.PICTOGRAMS if p.group is g]) for g in pictograms.Group]
    app.jinja_env.globals["pictogram_groups"] = groups
