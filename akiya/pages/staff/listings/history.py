"""The staff's pages of a listing's history, and of restoring an earlier value of a field."""

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from akiya.errors import Invalid, NotFound
from akiya.listings import events, search, service, titles
from akiya.listings.fields import BY_NAME
from akiya.pages import guard
from akiya.pages.staff.listings.life_forms import RestoreForm
from akiya.web.pagination import Page, page_number

blueprint = Blueprint("history_staff", __name__, url_prefix="/staff")
PER_PAGE = 50


@blueprint.get("/listings/<id:listing_id>/history")
@guard.signed_in
def show(listing_id: int) -> str:
    """Show what has happened to the listing, newest first."""
    staff, number = guard.me(), page_number()
    listing = search.for_staff(staff, listing_id)
    lines = events.lines(search.events(listing_id, PER_PAGE, (number - 1) * PER_PAGE))
    total = search.events_count(listing_id)
    return render_template(
        "staff/listings/history.html",
        listing=listing,
        title=titles.title(listing, listing.municipality.name),
        page=Page(lines, total, number, PER_PAGE, lambda n: url_for(".show", listing_id=listing_id, page=n)),
        can_write=staff.can_write,
    )


@blueprint.route("/history/<id:event_id>/<field>", methods=["GET", "POST"])
@guard.writer
def restore(event_id: int, field: str) -> ResponseReturnValue:
    """Show the earlier and the present value of a field, and restore the earlier one."""
    staff = guard.me()
    event = search.event_for_staff(staff, event_id)
    if not events.restorable(event, field):
        raise NotFound("この変更には、元に戻せる内容がありません。")
    listing = search.for_staff(staff, event.listing_id)
    form = RestoreForm()
    if form.validate_on_submit():
        try:
            service.update(staff, listing.id, form.version.data, events.earlier(event, field))
        except Invalid as error:
            form.form_errors.append(str(error))
        except ValueError:
            form.form_errors.append("前の値は、今は選べないものです。「内容を変更する」から選び直してください。")
        else:
            flash(f"「{BY_NAME[field].label}」を前の内容に戻しました。", "success")
            return redirect(url_for(".show", listing_id=event.listing_id), 303)
    listing = search.for_staff(staff, event.listing_id)
    form.version.data, form.version.raw_data = listing.version, None
    page = render_template(
        "staff/listings/restore.html",
        form=form,
        listing=listing,
        event=event,
        label=BY_NAME[field].label,
        earlier=events.text(field, event.changes[field][0]),
        present=events.text(field, service.plain(BY_NAME[field].held(listing))),
    )
    return (page, 400) if form.failed else page
