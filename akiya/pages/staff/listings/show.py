"""One listing for its staff: its facts, its way to publication and its end."""

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import Forbidden

from akiya import formatting
from akiya.backoffice import assignment
from akiya.errors import Invalid
from akiya.imaging import formats
from akiya.listings import events, lifecycle, search, service, states, titles
from akiya.listings.enums import CLOSED, LISTED, PUBLIC, PhotoKind, Status
from akiya.municipalities import service as municipality_service
from akiya.pages import cards, guard, listing_parts
from akiya.pages.blueprints import listings_staff
from akiya.pages.staff.listings.life_forms import CloseForm, MoveForm
from akiya.web.urls import local_path

_EVENTS = 10


@listings_staff.get("/listings/<id:listing_id>")
@guard.signed_in
def show(listing_id: int) -> ResponseReturnValue:
    """Show a listing to its staff, and log it when a coordinator views it."""
    page = listing_page(listing_id)
    guard.seen("listing", listing_id)  # its history contains private values
    return page


@listings_staff.route("/listings/<id:listing_id>/status", methods=["GET", "POST"])
@guard.writer
def move(listing_id: int) -> ResponseReturnValue:
    """Show the form of a change of state, and make the change."""
    listing = search.for_staff(guard.me(), listing_id)
    form = MoveForm(data={"to": request.args.get("to", "")})
    to = Status.of(form.to.data)
    if form.validate_on_submit():
        if to is None:
            return listing_page(listing_id, ["進める先が選ばれていません。ボタンから選んでください。"])
        try:
            lifecycle.move(guard.me(), listing_id, to, reason=form.reason.data or "", since=form.since.data)
        except Invalid as error:
            if not states.asks(listing.status, to) or not set(error.errors) & {"since", "reason"}:
                return listing_page(listing_id, [str(error)])
            form.show(error)
        else:
            flash(f"「{to.label}」にしました。", "success")
            return redirect(url_for("listings_staff.show", listing_id=listing_id), 303)
    offered = lifecycle.offered(guard.me(), listing)
    page = render_template(
        "staff/listings/move.html",
        form=form,
        listing=listing,
        to=to if to in offered else None,
        moves=[(each, states.label(listing.status, each)) for each in offered],
        ask_since=to is Status.NEGOTIATING,
        must_say_why=to in states.ASK_WHY,
        title=titles.title(listing, listing.municipality.name),
    )
    return (page, 400) if form.failed else page


@listings_staff.post("/listings/<id:listing_id>/confirm")
@guard.writer
def confirm(listing_id: int) -> ResponseReturnValue:
    """Record that the listing was found to be still available today."""
    try:
        listing = lifecycle.confirm(guard.me(), listing_id)
    except Invalid as error:
        return listing_page(listing_id, [str(error)])
    flash(f"{listing.number}：今日、募集中であることを確認しました。", "success")
    back = local_path(request.form.get("next"))
    return redirect(back or url_for("listings_staff.show", listing_id=listing_id), 303)


@listings_staff.post("/listings/<id:listing_id>/extend")
@guard.writer
def extend(listing_id: int) -> ResponseReturnValue:
    """Extend the listing's validity by its municipality's term."""
    try:
        listing = lifecycle.extend(guard.me(), listing_id)
    except Invalid as error:
        return listing_page(listing_id, [str(error)])
    flash(f"有効期限を {formatting.day(listing.valid_until)} まで延ばしました。", "success")
    return redirect(url_for("listings_staff.show", listing_id=listing_id), 303)


@listings_staff.route("/listings/<id:listing_id>/close", methods=["GET", "POST"])
@guard.writer
def close(listing_id: int) -> ResponseReturnValue:
    """Show the form that closes a listing, and save how it ended."""
    listing = search.for_staff(guard.me(), listing_id)
    form = CloseForm(obj=listing.closing)
    form.offer(municipality_service.prefectures())
    if not form.is_submitted() and listing.status in CLOSED:
        form.outcome.data, form.closed_on.data = str(listing.status), listing.closed_on
    if form.validate_on_submit():
        answers = {k: v for k, v in form.data.items() if k not in ("outcome", "closed_on", "csrf_token")}
        try:
            lifecycle.close(guard.me(), listing_id, Status(form.outcome.data), form.closed_on.data, answers)
        except Invalid as error:
            form.show(error)
        else:
            flash("終了の記録を保存しました。ページは残り、終了したことが表示されます。", "success")
            return redirect(url_for("listings_staff.show", listing_id=listing_id), 303)
    page = render_template(
        "staff/listings/close.html", form=form, listing=listing, title=titles.title(listing, listing.municipality.name)
    )
    return (page, 400) if form.failed else page


def listing_page(listing_id: int, problems: list[str] | None = None) -> ResponseReturnValue:
    """Render the listing's staff page; with `problems`, the response has status 400."""
    staff = guard.me()
    listing = search.for_staff(staff, listing_id)
    if problems and not staff.can_write:
        raise Forbidden
    municipality = listing.municipality
    first = listing.photos[0] if listing.photos else None
    page = render_template(
        "staff/listings/show.html",
        listing=listing,
        title=titles.title(listing, municipality.name),
        municipality=municipality,
        missing=service.missing_to_publish(listing) if listing.status not in PUBLIC else {},
        moves=[
            (to, states.label(listing.status, to), states.asks(listing.status, to))
            for to in lifecycle.offered(staff, listing)
        ],
        why_not_approve=lifecycle.why_not_approve(staff, listing) if staff.can_write else "",
        close_asked=search.close_asked(listing_id),
        can_close=listing.status in (*LISTED, *CLOSED),
        can_confirm=listing.status in LISTED,
        can_extend=lifecycle.extendable(listing),
        photos=[cards.picture(photo) for photo in listing.photos],
        photo_kinds=list(PhotoKind),
        photo_formats=formats.listed(formats.PHOTO, "・"),
        photo_accept=formats.accept(formats.PHOTO, endings=True),
        pictograms=cards.pictogram_groups(listing),
        card=cards.card(listing, municipality, first, url_for("listings.show", listing_id=listing.id)),
        events=events.lines(search.events(listing_id, _EVENTS)),
        can_write=staff.can_write,
        public_url=url_for("listings.show", listing_id=listing_id) if listing.status in PUBLIC else None,
        problems=problems or [],
        in_charge=assignment.of(listing),
        may_be_in_charge=assignment.candidates(listing) if staff.can_write else [],
        **listing_parts.of_staff_page(listing_id),
    )
    return (page, 400) if problems else page
