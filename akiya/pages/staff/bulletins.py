"""The prefecture's notices, as the staff of municipalities read them."""

from flask import redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from akiya.bulletins import search, service
from akiya.pages import guard
from akiya.pages.blueprints import bulletins_staff
from akiya.web.urls import local_path


@bulletins_staff.get("/staff/notices")
@guard.signed_in
def current() -> str:
    """List the notices that are current for the account, and which of them it has not read."""
    staff = guard.me()
    unread = {each.id for each in search.unread(staff)}
    return render_template("staff/bulletins.html", bulletins=search.current(staff), unread=unread)


@bulletins_staff.post("/staff/notices/<id:bulletin_id>/read")
@guard.signed_in
def read(bulletin_id: int) -> Response:
    """Record that the account has read the notice."""
    service.read(guard.me(), bulletin_id)
    return redirect(local_path(request.form.get("next")) or url_for(".current"), 303)
