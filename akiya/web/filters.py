"""Template filters: the functions of akiya.formatting, and instants in the configured time zone."""

from datetime import date, datetime, timedelta

from flask import Flask, current_app

from akiya.formatting import area, built, day, label, m2, metres, name, number, yen
from akiya.language import gettext as _
from akiya.web.marks import marked


def today() -> date:
    """Return today's date in the configured time zone."""
    return datetime.now(current_app.config["AKIYA"].timezone).date()


def ago(value: date | None) -> str:
    """Return how many days ago a date was, as text: 今日, 3日前, 3 days ago; empty for None."""
    if value is None:
        return ""
    days = (today() - value) // timedelta(days=1)
    if days <= 0:
        return str(_("今日"))
    return str(_("%(days)s日前", days=days))


def local(value: datetime) -> datetime:
    """Convert the instant to the configured time zone."""
    return value.astimezone(current_app.config["AKIYA"].timezone)


def moment(value: datetime | None) -> str:
    """Return date and time of an instant as text, in the configured time zone; empty for None."""
    if value is None:
        return ""
    here = local(value)
    return f"{day(here.date())} {here:%H:%M}"


def init_app(app: Flask) -> None:
    """Register the filters with the templates of `app`."""
    for function in (number, yen, m2, area, metres, day, built, ago, moment, label, name, marked):
        app.add_template_filter(function)
