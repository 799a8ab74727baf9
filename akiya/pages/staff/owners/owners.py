"""The staff's page of a home's owners: private record, co-owners, contacts, documents."""

import tempfile
from pathlib import Path

from flask import Blueprint, Response, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from werkzeug.wrappers import Response as AnyResponse

from akiya.errors import Invalid
from akiya.listings import search as listings
from akiya.listings import service as listing_service
from akiya.listings import titles
from akiya.owners import documents, search, service
from akiya.pages import audit_log, guard
from akiya.pages.staff.owners.forms import OWNER_FIELDS, ContactForm, CoOwnerForm, DocumentForm, OwnerForm
from akiya.web import running
from akiya.web.downloads import attachment
from akiya.web.forms import Form
from akiya.web.uploads import on_disk

blueprint = Blueprint("owners_staff", __name__, url_prefix="/staff")
_FORMS = {"owner": OwnerForm, "co_owner": CoOwnerForm, "contact": ContactForm, "document": DocumentForm}


@blueprint.get("/listings/<id:listing_id>/owner")
@guard.signed_in
def show(listing_id: int) -> ResponseReturnValue:
    """Show what is recorded about the home's owners."""
    listings.for_staff(guard.me(), listing_id)
    guard.seen("owner", listing_id)
    return _page(listing_id)


@blueprint.post("/listings/<id:listing_id>/owner")
@guard.writer
def save(listing_id: int) -> ResponseReturnValue:
    """Save the private record of the home; 409 if somebody has changed it meanwhile."""
    listings.for_staff(guard.me(), listing_id)
    form = OwnerForm()
    if form.validate_on_submit():
        try:
            listing_service.update(guard.me(), listing_id, form.version.data, form.values())
        except listing_service.EditedMeanwhile as error:
            form.form_errors.append(str(error))
            listing = listings.for_staff(guard.me(), listing_id)
            form.version.data, form.version.raw_data = listing.version, None
            return _page(listing_id, 409, owner=form)
        except Invalid as error:
            form.show(error)
        else:
            return _done(listing_id, "所有者の記録を保存しました。")
    return _page(listing_id, 400, owner=form)


@blueprint.post("/listings/<id:listing_id>/owner/co-owners")
@guard.writer
def add_co_owner(listing_id: int) -> ResponseReturnValue:
    """Add a co-owner."""
    listings.for_staff(guard.me(), listing_id)
    form = CoOwnerForm()
    if form.validate_on_submit():
        try:
            service.add_co_owner(guard.me(), listing_id, **form.values())
        except Invalid as error:
            form.show(error)
        else:
            return _done(listing_id, "共有者を追加しました。", "co-owners")
    return _page(listing_id, 400, co_owner=form)


@blueprint.route("/co-owners/<id:co_owner_id>", methods=["GET", "POST"])
@guard.writer
def edit_co_owner(co_owner_id: int) -> ResponseReturnValue:
    """Show the form of a co-owner, and save its changes."""
    co_owner = search.co_owner_for_staff(guard.me(), co_owner_id)
    form = CoOwnerForm(obj=co_owner)
    if form.validate_on_submit():
        try:
            service.change_co_owner(guard.me(), co_owner_id, **form.values())
        except Invalid as error:
            form.show(error)
        else:
            return _done(co_owner.listing_id, "共有者を変更しました。", "co-owners")
    listing = listings.for_staff(guard.me(), co_owner.listing_id)
    if not form.is_submitted():
        guard.seen("co_owner", listing.id)
    page = render_template("staff/owners/co_owner.html", form=form, listing=listing, co_owner=co_owner)
    return (page, 400) if form.is_submitted() else page


@blueprint.post("/co-owners/<id:co_owner_id>/remove")
@guard.writer
def remove_co_owner(co_owner_id: int) -> ResponseReturnValue:
    """Remove a co-owner."""
    listing_id = service.remove_co_owner(guard.me(), co_owner_id)
    return _done(listing_id, "共有者を消しました。", "co-owners")


@blueprint.post("/listings/<id:listing_id>/owner/contacts")
@guard.writer
def note_contact(listing_id: int) -> ResponseReturnValue:
    """Record a conversation with an owner."""
    listings.for_staff(guard.me(), listing_id)
    form = ContactForm()
    if form.validate_on_submit():
        try:
            service.note_contact(guard.me(), listing_id, form.on.data, form.way.data, form.text.data or "")
        except Invalid as error:
            form.show(error)
        else:
            return _done(listing_id, "連絡を記録しました。", "contacts")
    return _page(listing_id, 400, contact=form)


@blueprint.post("/listings/<id:listing_id>/owner/documents")
@guard.writer
def add_document(listing_id: int) -> ResponseReturnValue:
    """Store a document, which is never public."""
    listings.for_staff(guard.me(), listing_id)
    form = DocumentForm()
    if form.validate_on_submit():
        with on_disk(form.file.data) as path:
            name, storage = form.file.data.filename or "", running.storage()
            try:
                documents.add(guard.me(), listing_id, form.kind.data, name, path, storage)
            except Invalid as error:
                form.show(error)
            else:
                return _done(listing_id, "書類を入れました。公開されません。", "documents")
    return _page(listing_id, 400, document=form)


@blueprint.get("/documents/<id:document_id>")
@guard.signed_in
def document(document_id: int) -> Response:
    """Return a document as a download that no browser runs, and log that it was viewed."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "document"
        found = documents.fetch(guard.me(), document_id, running.storage(), path)
        content = path.read_bytes()
    audit_log.seen("document", guard.me().id, listing_id=found.listing_id, document_id=document_id)
    # A name of our own: the sender's may contain private data, or an ending that is not that of the content.
    name = f"document-{found.listing_id}-{document_id}.{documents.ENDINGS[found.media_type]}"
    answer = attachment(content, name, found.media_type)
    answer.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    answer.headers["X-Content-Type-Options"] = "nosniff"
    return answer


@blueprint.post("/documents/<id:document_id>/remove")
@guard.writer
def remove_document(document_id: int) -> ResponseReturnValue:
    """Remove a document and its file."""
    listing_id = documents.remove(guard.me(), document_id, running.storage())
    return _done(listing_id, "書類を消しました。", "documents")


def _done(listing_id: int, message: str, anchor: str | None = None) -> AnyResponse:
    flash(message, "success")
    return redirect(url_for("owners_staff.show", listing_id=listing_id, _anchor=anchor), 303)


def _page(listing_id: int, status: int = 200, **failed: Form) -> ResponseReturnValue:
    """Render the page. `failed` is the form that was sent and refused; the others show what is stored."""
    listing = listings.for_staff(guard.me(), listing_id)
    stored = {name: getattr(listing.private, name) for name in OWNER_FIELDS}
    data = {"owner": {**stored, "version": listing.version}}
    # Four forms are on one page, so each field's id begins with its form's name.
    forms = {name: failed.get(name) or kind(formdata=None, data=data.get(name, {})) for name, kind in _FORMS.items()}
    for name, form in forms.items():
        for field in form:
            field.id = field.label.field_id = f"{name}-{field.name}"
    page = render_template(
        "staff/owners/show.html",
        listing=listing,
        title=titles.title(listing, listing.municipality.name),
        forms=forms,
        failed=next(iter(failed.values()), None),
        co_owners=search.co_owners(listing_id),
        contacts=search.contacts(listing_id),
        documents=search.documents(listing_id),
        application=search.application(listing_id),
        can_write=guard.me().can_write,
    )
    return page if status == 200 else (page, status)
