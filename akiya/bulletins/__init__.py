"""Notices of the prefecture to the staff of municipalities."""

from flask import Flask

from akiya.accounts import guard
from akiya.accounts.models import Staff
from akiya.bulletins import search, staff
from akiya.bulletins.models import Bulletin


def init_app(app: Flask) -> None:
    """The pages of notices are part of `app`; staff pages show what the account has not read."""
    app.register_blueprint(staff.blueprint)
    app.jinja_env.globals["unread_bulletins"] = _unread


def _unread() -> list[Bulletin]:
    person: Staff | None = guard.current_staff()
    return search.unread(person) if person else []
