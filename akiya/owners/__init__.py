"""Owners: who offers a home, with whom we spoke, what was consented to. Nothing of it is public."""

from flask import Flask

from akiya.listings import parts
from akiya.owners import printing, public, search, staff


def init_app(app: Flask) -> None:
    """The public application and the staff's pages of owners are part of `app`; listings show them as "owner"."""
    app.register_blueprint(public.blueprint)
    app.register_blueprint(staff.blueprint)
    app.register_blueprint(printing.blueprint)
    # The form checks its token by itself: it is shown again with everything typed, not replaced by an error page.
    app.extensions["csrf"].exempt(public.blueprint)
    parts.add("owner", staff=search.overview)
