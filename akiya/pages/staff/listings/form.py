"""The form in which staff enter and change a listing."""

from flask import Blueprint, flash, jsonify, redirect, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.wrappers import Response

from akiya.accounts import drafts
from akiya.accounts.models import FormDraft
from akiya.backoffice import checks as assistance
from akiya.backoffice import concurrent_edit
from akiya.errors import Invalid
from akiya.listings import search, service, titles
from akiya.listings.fields import FIELDS
from akiya.listings.models import Listing
from akiya.municipalities import search as municipality_search
from akiya.municipalities import settings as municipality_settings
from akiya.municipalities.models import Municipality
from akiya.pages import guard
from akiya.pages.staff.listings import form_page
from akiya.pages.staff.listings.fields import ListingForm, NewListingForm
from akiya.pages.staff.listings.form_page import Notes
from akiya.values import Values
from akiya.web.filters import local

blueprint = Blueprint("listing_form", __name__, url_prefix="/staff")
_NEW_TITLE = "新しい物件"
_LARGEST_ID = 2**31 - 1


@blueprint.route("/listings/new", methods=["GET", "POST"])
@guard.writer
def new() -> ResponseReturnValue:
    """Show the form of a new listing, and create it as a draft that is not public."""
    staff, form = guard.me(), _new_form()
    if request.form.get("draft") == "discard":
        return _discarded()
    notes, municipality = Notes(draft=_waiting()), _municipality(form)
    if "find_place" in request.form:
        _find_place(form, municipality, notes)
    elif form.validate_on_submit():
        try:
            listing = service.create(
                staff, municipality.code if municipality else "", _values(form, municipality, None)
            )
        except Invalid as error:
            form.show(error)
        else:
            flash("下書きを保存しました。続けて写真を入れてください。まだ公開されていません。", "success")
            return redirect(url_for("listings_staff.show", listing_id=listing.id), 303)
    page = form_page.render(form, municipality, None, _NEW_TITLE, notes)
    return (page, 400) if form.failed else page


@blueprint.get("/listings/<id:listing_id>/copy")
@guard.writer
def copy(listing_id: int) -> ResponseReturnValue:
    """Show the form of a new listing, filled with the public facts of this one."""
    listing = search.for_staff(guard.me(), listing_id)
    held = {f.name: getattr(listing, f.name) for f in FIELDS if not f.private and f.name != "number"}
    held["straight"] = []
    form = _new_form(held | {"municipality_code": listing.municipality_code})
    _tell_precision(form, listing)
    flash(f"「{listing.number}」から写しました。物件番号と、写さなかった番地・位置・所有者を入れてください。", "info")
    return form_page.render(form, listing.municipality, None, _NEW_TITLE, Notes(draft=_waiting()))


@blueprint.route("/listings/<id:listing_id>/edit", methods=["GET", "POST"])
@guard.writer
def edit(listing_id: int) -> ResponseReturnValue:
    """Show the form of a listing, and save its changes; 409 if others have changed the same fields meanwhile."""
    listing = search.for_staff(guard.me(), listing_id)
    if request.form.get("draft") == "discard":
        return _discarded()
    form, notes = _form_of(listing), Notes(draft=_waiting())
    conflict = False
    if "find_place" in request.form:
        _find_place(form, listing.municipality, notes)
    elif form.validate_on_submit():
        try:
            conflict = not _saved(form, listing_id, notes)
        except Invalid as error:
            form.show(error)
        else:
            if not conflict:
                flash("保存しました。", "success")
                return redirect(url_for("listings_staff.show", listing_id=listing_id), 303)
    listing = search.for_staff(guard.me(), listing_id)
    guard.seen("listing_form", listing_id)
    form.compared.data, form.compared.raw_data = notes.compared or form.compared.data, None
    title = titles.title(listing, listing.municipality.name)
    page = form_page.render(form, listing.municipality, listing, title, notes)
    if conflict:
        return page, 409
    return (page, 400) if form.failed else page


@blueprint.post("/listings/new/assist")
@guard.writer
def assist_new() -> Response:
    """Save the draft of a new listing, and return advice on its values."""
    form = _new_form()
    return _assist(form, _municipality(form), None, url_for("listing_form.new"))


@blueprint.post("/listings/<id:listing_id>/assist")
@guard.writer
def assist(listing_id: int) -> Response:
    """Save the draft of a listing's changes, and return advice on their values."""
    listing = search.for_staff(guard.me(), listing_id)
    page = url_for("listing_form.edit", listing_id=listing_id)
    return _assist(_form_of(listing), listing.municipality, listing, page)


def _assist(form: ListingForm, municipality: Municipality | None, listing: Listing | None, page: str) -> Response:
    """Save what was typed as a draft, and return as JSON what can be said of the values."""
    notes = Notes()
    if "find_place" in request.form:
        _find_place(form, municipality, notes)
    form.validate()
    # An older draft that waits must not be overwritten before the clerk has decided about it.
    waiting = request.form.get("draft") == "waiting"
    unwanted = ("csrf_token", "find_place", "draft")
    typed = {name: texts for name, texts in request.form.to_dict(flat=False).items() if name not in unwanted}
    saved_at = None if waiting else drafts.save(guard.me(), page, typed)
    answer = form_page.answer(form, municipality, listing)
    if listing is not None and _others(form, listing, form.values()):
        text = "あなたが開いたあとに、別の人がこの物件を変更しました。保存するときに見比べて選べます。"
        answer["meanwhile"] = text
    answer["kept"] = saved_at is not None
    if waiting:
        answer["saved"] = "前の下書きが残っています。上で「続きから」か「捨てる」を選ぶと、自動で保存します"
    elif saved_at is None:
        answer["saved"] = "入力が長すぎて、下書きを保存できません"
    else:
        answer["saved"] = f"{local(saved_at):%H:%M} に下書きを保存しました"
    if notes.place:
        answer["place"] = {
            "note": notes.place,
            "lat": form.true_lat._value(),
            "lon": form.true_lon._value(),
            "towns": [[town.id, town.name] for town in notes.towns],
        }
    return jsonify(answer)


def _new_form(held: Values | None = None) -> ListingForm:
    if not guard.me().is_prefecture:
        return ListingForm(data=held)
    form = NewListingForm(data=held)
    form.offer([(m.code, m.name) for m in municipality_search.served()])
    return form


def _form_of(listing: Listing) -> ListingForm:
    held = {f.name: f.held(listing) for f in FIELDS}
    held |= {"version": listing.version, "seen": concurrent_edit.newest(listing.id)}
    form = ListingForm(data=held | {"straight": listing.straight_line.split(",")})
    _tell_precision(form, listing)
    return form


def _tell_precision(form: ListingForm, listing: Listing) -> None:
    if listing.built_precision:
        form.built_on.precision = form.built_on.precision or str(listing.built_precision)


def _municipality(form: ListingForm) -> Municipality | None:
    staff = guard.me()
    code = form.municipality_code.data if isinstance(form, NewListingForm) else staff.municipality_code
    return municipality_search.by_code(code) if code else None


def _values(form: ListingForm, municipality: Municipality | None, listing: Listing | None) -> Values:
    """Return the values to be saved, with the straight distances that were ticked and what is known of the agent."""
    values = form.values()
    if municipality is not None:
        suggested = assistance.suggestions(assistance.unsaved(municipality, values, listing).home)
        assistance.take_over(values, form.straight.data or [], suggested, listing)
        assistance.fill_agent(values, municipality_settings.agents(municipality.code))
    return values


def _saved(form: ListingForm, listing_id: int, notes: Notes) -> bool:
    """Save the values and return True, or return False if others have changed something since the form was opened.

    `notes` then say what. Raise Invalid.
    """
    picks = {name.removeprefix("pick-"): value for name, value in request.form.items() if name.startswith("pick-")}
    for _again in range(3):
        listing = search.for_staff(guard.me(), listing_id)
        version, values = listing.version, _values(form, listing.municipality, listing)
        rows = _others(form, listing, values)
        if rows:
            latest = concurrent_edit.newest(listing_id)
            unanswered = concurrent_edit.choose(values, listing, rows, picks)
            if form.compared.data != latest or unanswered:
                notes.differences, notes.compared = rows, latest
                if form.compared.data == latest:
                    form.form_errors += unanswered.values()
                return False
        try:
            service.update(guard.me(), listing_id, version, values)
        except service.EditedMeanwhile:
            continue  # somebody has saved in this moment: compare again
        return True
    raise Invalid("ほかの人が続けて変更しています。少し待って、もう一度保存してください。")


def _others(form: ListingForm, listing: Listing, values: Values) -> list[concurrent_edit.EditConflict]:
    """Return what others have changed since the form was opened and differs from the values.

    A form that does not say what it has seen counts as having seen nothing.
    """
    if form.version.raw_data and form.version.data == listing.version:
        return []
    seen = form.seen.data if form.seen.raw_data else 0
    return concurrent_edit.differences(listing, min(max(seen or 0, 0), _LARGEST_ID), values)


def _find_place(form: ListingForm, municipality: Municipality | None, notes: Notes) -> None:
    """Fill in the point of the town that is meant, or offer the towns that match."""
    chosen = request.form.get("find_place", "")
    if municipality is None:
        notes.place = "先に市町村を選んでください。"
        return
    text = form["town"].data or ""
    towns = municipality_search.towns_like(municipality.code, text)
    if chosen.isdecimal():
        towns = [town for town in municipality_search.towns(municipality.code) if str(town.id) == chosen] or towns
    if len(towns) == 1:
        form.true_lat.fill(towns[0].lat)
        form.true_lon.fill(towns[0].lon)
        notes.place = f"「{towns[0].name}」の代表点を入れました。地図を開いて、家の位置に合わせてください。"
    elif towns:
        notes.place, notes.towns = "当てはまる町・字がいくつかあります。選んでください。", towns
    else:
        notes.place = (
            f"「{text}」に当てはまる町・字が見つかりません。町・字の欄を直すか、緯度・経度を入れてください。"
            if text
            else "町・字の欄を入れてから、もう一度押してください。"
        )


def _waiting() -> FormDraft | None:
    """Return the account's unsaved draft of this form, unless the form already shows it."""
    waits = request.form.get("draft") == "waiting" if request.method == "POST" else not request.args.get("draft")
    page = url_for("listing_form.new") if request.endpoint == "listing_form.copy" else request.path
    return drafts.read(guard.me(), page) if waits else None


def _discarded() -> Response:
    """Redirect to the empty form; pages/staff/accounts/resume drops the draft after this redirect (303)."""
    flash("下書きを捨てました。", "success")
    return redirect(request.path, 303)
