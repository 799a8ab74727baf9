"""The pages of the outbox: mail that waits, was sent, failed or is uncertain.

They are not part of the outbox, which knows no accounts, because accounts decide who may see which mail.
"""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from akiya.errors import Invalid
from akiya.municipalities import search as municipalities
from akiya.outbox import search, service
from akiya.outbox.models import MessageState
from akiya.pages import guard
from akiya.web import running
from akiya.web.pagination import Page, page_number

blueprint = Blueprint("mails", __name__)
PER_PAGE = 50


@blueprint.get("/staff/outbox")
@guard.signed_in
def show() -> str:
    """Show the mail of the account's municipality, to coordinators all mail."""
    staff = guard.me()
    return _page(None if staff.is_prefecture else staff.municipality_code)


@blueprint.get("/prefecture/outbox")
@guard.prefecture
def show_all() -> str:
    """Show all mail to coordinators."""
    return _page(None)


@blueprint.post("/staff/outbox/<id:message_id>/again")
@guard.writer
def send_again(message_id: int) -> Response:
    """Send a failed or uncertain mail again."""
    staff = guard.me()
    try:
        service.send_again(message_id, None if staff.is_prefecture else staff.municipality_code)
    except Invalid as error:
        flash(str(error), "warning")
    else:
        running.wake("outbox")
        flash("もう一度送ります。1分ほどで結果が出ます。", "success")
    return redirect(url_for("mails.show_all" if staff.is_prefecture else "mails.show"), 303)


def _page(municipality_code: str | None) -> str:
    state = MessageState.of(request.args.get("state"))
    number = page_number()
    rows, total = search.messages(municipality_code, state, PER_PAGE, (number - 1) * PER_PAGE)
    counts, endpoint = search.counts(municipality_code), request.endpoint or "mails.show"
    return render_template(
        "staff/outbox.html",
        page=Page(rows, total, number, PER_PAGE, lambda n: url_for(endpoint, page=n, state=state)),
        counts=[(s, counts[s], url_for(endpoint, state=str(s)), s is state) for s in MessageState if s in counts],
        all_url=url_for(endpoint),
        state=state,
        again=(MessageState.FAILED, MessageState.UNCERTAIN),
        names={m.code: m.name for m in municipalities.all_municipalities()},
        everything=municipality_code is None,
        can_write=guard.me().can_write,
        into_a_folder=not running.config().mail_url,
    )
