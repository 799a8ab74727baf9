"""The staff's pages for the person in charge: of one listing, of all listings of a colleague, and when one leaves."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from akiya.accounts import service as accounts
from akiya.accounts.models import Staff
from akiya.backoffice import assignment
from akiya.errors import Invalid
from akiya.pages import guard
from akiya.pages.staff.listings.fields import HandOverForm
from akiya.pages.staff.listings.show import listing_page

blueprint = Blueprint("listings_people", __name__, url_prefix="/staff")


@blueprint.post("/listings/<id:listing_id>/in-charge")
@guard.writer
def put_in_charge(listing_id: int) -> ResponseReturnValue:
    """Put a person in charge of the listing, or nobody."""
    to = request.form.get("to", "")
    try:
        if to and not (to.isascii() and to.isdecimal() and len(to) < 10):
            raise Invalid("担当にする人が読み取れません。一覧から選んでください。")
        person = assignment.put(guard.me(), listing_id, int(to) if to else None)
    except Invalid as error:
        return listing_page(listing_id, [str(error)])
    flash(f"担当を{person.name}さんにしました。" if person else "担当を決めていないことにしました。", "success")
    return redirect(url_for("listings_staff.show", listing_id=listing_id, _anchor="charge"), 303)


@blueprint.route("/people/<id:staff_id>/hand-over", methods=["GET", "POST"])
@guard.writer
def hand_over(staff_id: int) -> ResponseReturnValue:
    """Hand over all listings that a person is in charge of."""
    person = accounts.managed(guard.me(), staff_id)
    form = _form(person, "引き継ぐ人", "選んでください")
    if form.validate_on_submit():
        try:
            count = assignment.hand_over(guard.me(), staff_id, form.chosen)
        except Invalid as error:
            form.show(error)
        else:
            flash(f"{count}件の担当を引き継ぎました。", "success")
            return redirect(url_for("accounts_people.show", staff_id=staff_id), 303)
    return _page(form, person, leaving=False)


@blueprint.route("/people/<id:staff_id>/deactivate", methods=["GET", "POST"])
@guard.writer
def deactivate(staff_id: int) -> ResponseReturnValue:
    """Deactivate an account, and hand over its listings if a successor is chosen."""
    person = accounts.managed(guard.me(), staff_id)
    form = _form(person, "担当の物件を引き継ぐ人", "引き継がない（担当はこの人のまま残る）")
    if form.validate_on_submit():
        himself = person.id == guard.me().id
        try:
            count = assignment.leave(guard.me(), staff_id, form.chosen)
        except Invalid as error:
            form.show(error)
        else:
            if himself:
                guard.sign_out()
            flash(f"停止しました。{f'{count}件の担当を引き継ぎました。' if count else ''}", "success")
            to = url_for("accounts.sign_in") if himself else url_for("accounts_people.show", staff_id=staff_id)
            return redirect(to, 303)
    return _page(form, person, leaving=True)


def _form(person: Staff, label: str, blank: str) -> HandOverForm:
    form = HandOverForm()
    others = [
        (other.id, f"{other.name}{'（県）' if other.is_prefecture else ''}") for other in assignment.successors(person)
    ]
    form.offer(label, blank, others)
    return form


def _page(form: HandOverForm, person: Staff, *, leaving: bool) -> ResponseReturnValue:
    listings = assignment.listings_of(guard.me(), person)
    page = render_template(
        "staff/listings/hand_over.html", form=form, person=person, leaving=leaving, listings=listings
    )
    return (page, 400) if form.failed else page
