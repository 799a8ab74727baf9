"""Listings: the heart of the bank."""

from flask import Flask

from akiya.listings import (
    confirmation,
    discovery,
    feeds,
    freshness,
    pictograms,
    public,
    staff,
    staff_batch,
    staff_form,
    staff_history,
    staff_municipality,
    staff_people,
    staff_photos,
    widgets,
)
from akiya.listings.criteria import Danger
from akiya.web.limits import limiter


def init_app(app: Flask) -> None:
    """The public and the staff pages of listings are part of `app`."""
    app.register_blueprint(public.blueprint)
    app.register_blueprint(feeds.blueprint)
    app.register_blueprint(discovery.blueprint)
    app.register_blueprint(staff.blueprint)
    app.register_blueprint(staff_batch.blueprint)
    app.register_blueprint(staff_form.blueprint)
    app.register_blueprint(staff_photos.blueprint)
    app.register_blueprint(staff_people.blueprint)
    app.register_blueprint(staff_history.blueprint)
    app.register_blueprint(staff_municipality.blueprint)
    app.register_blueprint(confirmation.blueprint)
    queue, config = app.extensions["akiya_queue"], app.config["AKIYA"]
    daily = freshness.Daily(config.address, config.secret_key)
    queue.add("daily", lambda: daily.look() and queue.wake("outbox"))
    for blueprint in (public.blueprint, feeds.blueprint, discovery.blueprint):
        limiter.exempt(blueprint)  # reading is not limited, and looking up that it is not costs a tenth of an answer
    groups = [(g, [p for p in pictograms.PICTOGRAMS if p.group is g]) for g in pictograms.Group]
    app.jinja_env.globals.update(
        pictogram_groups=groups,
        dangers=list(Danger),
        facet_boxes=widgets.boxes,
        facet_box=widgets.box,
        facet_options=widgets.options,
        facet_pictograms=widgets.pictogram_boxes,
        pictogram_chips=widgets.chips,
    )
