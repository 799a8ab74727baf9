"""Inquiries: who asked, viewed or came for advice, noted without names."""

from flask import Flask

from akiya.inquiries import search, staff
from akiya.inquiries.models import Kind
from akiya.listings import parts


def init_app(app: Flask) -> None:
    """The staff's pages of inquiries are part of `app`; the staff's page of a listing shows its "inquiries"."""
    app.register_blueprint(staff.blueprint)
    app.jinja_env.globals["inquiry_kinds"] = list(Kind)  # the buttons that note one stand on pages of others, too
    parts.add("inquiries", staff=search.of_listing)
