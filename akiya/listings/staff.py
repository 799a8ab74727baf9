"""The staff pages of listings: list, form, one listing, its photos, its way to the public and its end."""

import tempfile
from pathlib import Path
from typing import Any

from flask import Blueprint, current_app, flash, redirect, render_template, request, url_for
from werkzeug.datastructures import FileStorage
from werkzeug.exceptions import Forbidden
from werkzeug.wrappers import Response

from akiya.accounts import guard
from akiya.errors import BadImage, Invalid
from akiya.listings import cards, history, parts, photos, search, service, states
from akiya.listings.enums import CLOSED, LISTED, PUBLIC, PhotoKind, Status
from akiya.listings.fields import BY_NAME, FIELDS, MAIN, Group
from akiya.listings.forms import CloseForm, ListingForm, NewListingForm, PhotoForm
from akiya.municipalities import search as municipality_search
from akiya.text import normalise
from akiya.web.pagination import Page

blueprint = Blueprint("listings_staff", __name__, url_prefix="/staff")
PER_PAGE = 50
Answer = str | Response | tuple[str, int]


@blueprint.get("/")
@guard.signed_in
def index() -> Answer:
    staff = guard.me()
    q = request.args.get("q", "")[:100]
    status = next((s for s in Status if s == request.args.get("status")), None)
    number = max(1, min(10_000, request.args.get("page", 1, type=int)))
    rows, total = search.staff_list(staff, normalise(q).split(), status, PER_PAGE, (number - 1) * PER_PAGE)
    counts = search.staff_status_counts(staff)

    def url(**changes: Any) -> str:
        kept = {"q": q or None, "status": str(status) if status else None, **changes}
        return url_for("listings_staff.index", **{k: v for k, v in kept.items() if v})

    return render_template(
        "listings/staff_index.html",
        rows=[(row, cards.title(row, row.municipality_name)) for row in rows],
        page=Page(rows, total, number, PER_PAGE, lambda n: url(page=n)),
        status_counts=[(s, counts[s], url(status=str(s)), s is status) for s in Status if s in counts],
        all_url=url(status=None),
        q=q,
        status=status,
        can_write=staff.can_write,
    )


@blueprint.route("/listings/new", methods=["GET", "POST"])
@guard.writer
def new() -> Answer:
    staff = guard.me()
    form = ListingForm()
    if staff.is_prefecture:
        form = NewListingForm()
        form.offer([(m.code, m.name) for m in municipality_search.served()])
    if form.validate_on_submit():
        try:
            code = form.municipality_code.data if staff.is_prefecture else staff.municipality_code
            listing = service.create(staff, code or "", form.values())
        except Invalid as error:
            _show_errors(form, error)
        else:
            flash("下書きを保存しました。続けて写真を入れてください。まだ公開されていません。", "success")
            return redirect(url_for("listings_staff.show", listing_id=listing.id), 303)
    return _form_page(form, None, None)


@blueprint.route("/listings/<int:listing_id>/edit", methods=["GET", "POST"])
@guard.writer
def edit(listing_id: int) -> Answer:
    listing = search.for_staff(guard.me(), listing_id)
    form = ListingForm(data=_stored(listing))
    if listing.built_precision:
        form["built_on"].precision = form["built_on"].precision or str(listing.built_precision)
    conflict = None
    if form.validate_on_submit():
        try:
            service.update(guard.me(), listing_id, form.version.data, form.values())
        except service.EditedMeanwhile as error:
            conflict = str(error)
            form.version.data = form.version.raw_data = None
        except Invalid as error:
            _show_errors(form, error)
        else:
            flash("保存しました。", "success")
            return redirect(url_for("listings_staff.show", listing_id=listing_id), 303)
    listing = search.for_staff(guard.me(), listing_id)
    form.version.data, form.version.raw_data = listing.version, None
    return _form_page(form, listing, conflict)


@blueprint.get("/listings/<int:listing_id>")
@guard.signed_in
def show(listing_id: int) -> Answer:
    return _listing_page(listing_id)


@blueprint.post("/listings/<int:listing_id>/status")
@guard.writer
def move(listing_id: int) -> Answer:
    to = next((s for s in Status if s == request.form.get("to")), None)
    if to is None:
        return _listing_page(listing_id, ["進める先が選ばれていません。ボタンから選んでください。"])
    try:
        service.move(guard.me(), listing_id, to)
    except Invalid as error:
        return _listing_page(listing_id, [str(error)])
    flash(f"「{to.ja}」にしました。", "success")
    return redirect(url_for("listings_staff.show", listing_id=listing_id), 303)


@blueprint.post("/listings/<int:listing_id>/confirm")
@guard.writer
def confirm(listing_id: int) -> Answer:
    try:
        service.confirm(guard.me(), listing_id)
    except Invalid as error:
        return _listing_page(listing_id, [str(error)])
    flash("今日、募集中であることを確認しました。", "success")
    return redirect(url_for("listings_staff.show", listing_id=listing_id), 303)


@blueprint.route("/listings/<int:listing_id>/close", methods=["GET", "POST"])
@guard.writer
def close(listing_id: int) -> Answer:
    listing = search.for_staff(guard.me(), listing_id)
    form = CloseForm(obj=listing.closing)
    if not form.is_submitted() and listing.status in CLOSED:
        form.outcome.data, form.closed_on.data = str(listing.status), listing.closed_on
    if form.validate_on_submit():
        answers = {k: v for k, v in form.data.items() if k not in ("outcome", "closed_on", "csrf_token")}
        try:
            service.close(guard.me(), listing_id, Status(form.outcome.data), form.closed_on.data, answers)
        except Invalid as error:
            _show_errors(form, error)
        else:
            flash("終了にしました。ページは残り、終了したことが表示されます。", "success")
            return redirect(url_for("listings_staff.show", listing_id=listing_id), 303)
    page = render_template(
        "listings/staff_close.html", form=form, listing=listing, title=cards.title(listing, listing.municipality.name)
    )
    return (page, 400) if form.errors or form.form_errors else page


@blueprint.post("/listings/<int:listing_id>/photos")
@guard.writer
def add_photos(listing_id: int) -> Answer:
    search.for_staff(guard.me(), listing_id)
    files = [file for file in request.files.getlist("photos") if file.filename]
    problems = [] if files else ["写真が選ばれていません。「写真を選ぶ」から選んで送ってください。"]
    added = 0
    for file in files:
        try:
            _add_photo(listing_id, file)
            added += 1
        except (BadImage, Invalid) as error:
            problems.append(f"{file.filename}：{error}")
    if problems:
        if added:
            flash(f"{added}枚の写真を入れました。", "success")
        return _listing_page(listing_id, problems)
    flash(f"{added}枚の写真を入れました。", "success")
    return redirect(url_for("listings_staff.show", listing_id=listing_id, _anchor="photos"), 303)


@blueprint.post("/photos/<int:photo_id>")
@guard.writer
def edit_photo(photo_id: int) -> Answer:
    photo = search.photo_for_staff(guard.me(), photo_id)
    form = PhotoForm()
    if not form.validate_on_submit():
        return _listing_page(photo.listing_id, list(form.error_messages().values()))
    photos.describe(guard.me(), photo_id, form.kind.data, form.caption.data or "")
    return _to_photos(photo.listing_id, "写真の説明を保存しました。")


@blueprint.post("/photos/<int:photo_id>/move")
@guard.writer
def move_photo(photo_id: int) -> Answer:
    photo = search.photo_for_staff(guard.me(), photo_id)
    try:
        photos.move(guard.me(), photo_id, request.form.get("to", ""))
    except Invalid as error:
        return _listing_page(photo.listing_id, [str(error)])
    return _to_photos(photo.listing_id, "写真の順番を変えました。")


@blueprint.post("/photos/<int:photo_id>/delete")
@guard.writer
def delete_photo(photo_id: int) -> Answer:
    listing_id = photos.delete(guard.me(), photo_id, current_app.extensions["akiya_storage"])
    return _to_photos(listing_id, "写真を消しました。")


def _to_photos(listing_id: int, message: str) -> Response:
    flash(message, "success")
    return redirect(url_for("listings_staff.show", listing_id=listing_id, _anchor="photos"), 303)


def _add_photo(listing_id: int, file: FileStorage) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "upload"
        file.save(path)
        photos.add(guard.me(), listing_id, file.filename or "", path, current_app.extensions["akiya_storage"])


def _stored(listing: Any) -> dict[str, Any]:
    stored = {f.name: getattr(listing.private if f.private else listing, f.name) for f in FIELDS}
    return {**stored, "version": listing.version}


def _show_errors(form: Any, error: Invalid) -> None:
    for name, message in error.errors.items():
        if name in form:
            form[name].errors = [*form[name].errors, message]
    if not any(name in form for name in error.errors):
        form.form_errors.append(str(error))


def _form_page(form: Any, listing: Any, conflict: str | None) -> Answer:
    failed = bool(form.errors or form.form_errors or conflict)
    sections: list[tuple[str, Group | None, list[Any], bool]] = [
        ("まずここだけ", None, [form[name] for name in MAIN], True)
    ]
    for group in Group:
        fields = [form[f.name] for f in FIELDS if f.group is group and f.name not in MAIN]
        if fields:
            sections.append((group.ja, group, fields, any(field.errors for field in fields)))
    page = render_template(
        "listings/staff_form.html",
        form=form,
        sections=sections,
        listing=listing,
        conflict=conflict,
        fields=BY_NAME,
        title=cards.title(listing, listing.municipality.name) if listing else "新しい物件",
    )
    return (page, 409 if conflict else 400) if failed else page


def _listing_page(listing_id: int, problems: list[str] | None = None) -> Answer:
    staff = guard.me()
    listing = search.for_staff(staff, listing_id)
    if problems and not staff.can_write:
        raise Forbidden
    municipality = listing.municipality
    first = listing.photos[0] if listing.photos else None
    page = render_template(
        "listings/staff_show.html",
        listing=listing,
        title=cards.title(listing, municipality.name),
        municipality=municipality,
        missing=list(service.missing_to_publish(listing).values()) if listing.status not in PUBLIC else [],
        moves=[(to, states.label(listing.status, to)) for to in states.moves(listing.status, municipality.steps)],
        can_close=listing.status in (*LISTED, *CLOSED),
        can_confirm=listing.status in LISTED,
        photos=[cards.picture(photo) for photo in listing.photos],
        photo_kinds=list(PhotoKind),
        pictograms=cards.pictogram_groups(listing),
        card=cards.card(listing, municipality, first, lambda i: url_for("listings.show", listing_id=i)),
        events=history.lines(search.events(listing_id)),
        can_write=staff.can_write,
        public_url=url_for("listings.show", listing_id=listing_id) if listing.status in PUBLIC else None,
        problems=problems or [],
        **parts.of_staff_page(listing_id),
    )
    return (page, 400) if problems else page
