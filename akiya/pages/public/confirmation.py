"""The page that a link in a reminder opens: one listing, two answers, no sign-in."""

from flask import Blueprint, Response, make_response, render_template, request

from akiya.accounts import search as accounts
from akiya.accounts import tickets
from akiya.accounts.models import Purpose, Staff, Ticket
from akiya.errors import Invalid, NotAllowed, NotFound
from akiya.language import gettext as _
from akiya.listings import lifecycle, search
from akiya.listings.enums import LISTED
from akiya.listings.models import Listing
from akiya.web import running
from akiya.web.limits import limiter

blueprint = Blueprint("confirmation", __name__)


@blueprint.get("/confirm/<token>")
@limiter.limit("60/minute")
def show(token: str) -> Response:
    """Show the listing and the two answers; 410 if the link cannot be used any more."""
    # The ticket is only read: programs that open every link of a mail must not use it up.
    try:
        _ticket, _staff, listing = _read(token)
    except Invalid as error:
        return _page(410, problem=_explained(error))
    return _page(200, listing=listing)


@blueprint.post("/confirm/<token>")
@limiter.limit("20/minute")
def answer(token: str) -> Response:
    """Record the answer, which uses up the link; 410 if it cannot be used any more."""
    try:
        ticket, staff, listing = _read(token)
        chosen = request.form.get("answer")
        if chosen not in ("open", "close"):
            return _page(400, listing=listing, missing=True)
        listing = lifecycle.answer_by_mail(staff, ticket, listing.id, still_open=chosen == "open")
    except Invalid as error:
        return _page(410, problem=_explained(error))
    return _page(200, listing=listing, done=chosen)


def _read(token: str) -> tuple[Ticket, Staff, Listing]:
    """Return the ticket, its account and its listing. Raise Invalid, with advice, if the link is no longer usable."""
    ticket = tickets.read(token, Purpose.CONFIRM, running.config().secret_key)
    staff = accounts.by_id(ticket.staff_id)
    try:
        if staff is None or not staff.can_write or ticket.subject_id is None:
            raise NotAllowed("")
        listing = search.for_staff(staff, ticket.subject_id)
    except (NotAllowed, NotFound) as error:
        raise Invalid(_("このリンクを受け取ったアカウントでは、この物件を確認できなくなりました。")) from error
    if listing.status not in LISTED:
        raise Invalid(_("この物件の募集は、もう終わっています。することはありません。"))
    return ticket, staff, listing


def _explained(error: Invalid) -> str:
    return {
        tickets.WRONG: _("リンクが途中で切れているようです。メールのリンクを最後まで写せているか確かめてください。"),
        tickets.EXPIRED: _("このリンクの期限は切れています。リンクが使えるのは、メールが届いてから14日間です。"),
        tickets.USED: _("このリンクは、もう使われています。リンクが使えるのは一度だけです。"),
    }.get(str(error), str(error))


def _page(status: int, **values: object) -> Response:
    response = make_response(render_template("public/confirmation.html", noindex=True, **values), status)
    response.headers["Cache-Control"] = "no-store"
    response.headers["Referrer-Policy"] = "no-referrer"
    response.headers["X-Robots-Tag"] = "noindex"
    return response
