"""The staff's pages of inquiries: record one with a click, complete or remove it, list them, download them as CSV."""

from datetime import date
from typing import Any  # as url_for takes it

from flask import Blueprint, Response, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from akiya.errors import Invalid
from akiya.inquiries import search, service
from akiya.inquiries.models import Inquiry, InquiryKind
from akiya.listings import search as listings
from akiya.municipalities import search as municipalities
from akiya.pages import audit_log, guard
from akiya.pages.staff.inquiry_forms import InquiryForm, InquiryNoteForm
from akiya.tabular.csv import csv_lines
from akiya.web import filters
from akiya.web.downloads import attachment
from akiya.web.pagination import Page, page_number
from akiya.web.urls import local_path

blueprint = Blueprint("inquiries_staff", __name__, url_prefix="/staff")
PER_PAGE = 50
_HEADINGS = ("あった日", "種類", "方法", "市町村", "物件番号", "前の住所", "世帯の人数", "記録した人", "記録した日時")


@blueprint.post("/listings/<id:listing_id>/inquiries")
@guard.writer
def note(listing_id: int) -> ResponseReturnValue:
    """Record today's inquiry about a listing."""
    listings.for_staff(guard.me(), listing_id)
    form = InquiryNoteForm()
    if not form.validate_on_submit():
        raise Invalid(next(iter(form.error_messages().values())))
    _noted(service.add(guard.me(), None, listing_id, form.kind.data))
    return redirect(_back(listing_id), 303)


@blueprint.get("/inquiries")
@guard.signed_in
def index() -> ResponseReturnValue:
    """List the inquiries that the account may see."""
    return _list(_note_form())


@blueprint.post("/inquiries")
@guard.writer
def add() -> ResponseReturnValue:
    """Record today's inquiry about no particular listing."""
    form = _note_form()
    if form.validate_on_submit():
        try:
            _noted(service.add(guard.me(), form.municipality_code.data, None, form.kind.data))
        except Invalid as error:
            form.show(error)
        else:
            return redirect(url_for("inquiries_staff.index"), 303)
    return _list(form), 400


@blueprint.route("/inquiries/<id:inquiry_id>", methods=["GET", "POST"])
@guard.writer
def edit(inquiry_id: int) -> ResponseReturnValue:
    """Show the form of an inquiry, and save its changes."""
    inquiry = search.for_staff(guard.me(), inquiry_id)
    form = InquiryForm(obj=inquiry)
    form.offer(service.previous_homes())
    if form.validate_on_submit():
        details = service.Details(form.on.data, form.way.data, form.previous_prefecture.data, form.household_size.data)
        try:
            service.change(guard.me(), inquiry_id, form.kind.data, details)
        except Invalid as error:
            form.show(error)
        else:
            _leave_a_line("inquiry_changed", inquiry_id, inquiry.listing_id)
            flash("記録を保存しました。", "success")
            return redirect(_back(inquiry.listing_id), 303)
    listing = listings.for_staff(guard.me(), inquiry.listing_id) if inquiry.listing_id else None
    back = _back(inquiry.listing_id)
    page = render_template("staff/inquiries/edit.html", form=form, inquiry=inquiry, listing=listing, back=back)
    return (page, 400) if form.is_submitted() else page


@blueprint.post("/inquiries/<id:inquiry_id>/remove")
@guard.writer
def remove(inquiry_id: int) -> ResponseReturnValue:
    """Remove an inquiry that was recorded by mistake."""
    listing_id = service.remove(guard.me(), inquiry_id)
    _leave_a_line("inquiry_removed", inquiry_id, listing_id)
    flash("記録を取り消しました。", "success")
    return redirect(_back(listing_id), 303)


@blueprint.get("/inquiries.csv")
@guard.signed_in
def export_csv() -> Response:
    """Return the listed inquiries as CSV."""
    found = _asked()
    lines = [_HEADINGS, *(_cells(inquiry, number, place) for inquiry, number, place in found.rows())]
    name = f"akiya-inquiries-{found.month:%Y-%m}.csv" if found.month else "akiya-inquiries.csv"
    return attachment(b"".join(csv_lines(lines)), name)


def _cells(inquiry: Inquiry, number: str | None, municipality: str) -> list[object]:
    way = inquiry.way.label if inquiry.way else None
    when = f"{filters.local(inquiry.created_at):%Y-%m-%d %H:%M}"
    return [
        inquiry.on, inquiry.kind.label, way, municipality, number, inquiry.previous_prefecture, inquiry.household_size,
        inquiry.actor, when,
    ]  # fmt: skip


def _noted(inquiry: Inquiry) -> None:
    flash(f"「{inquiry.kind.label}」を今日の分として記録しました。", "success")


def _leave_a_line(what: str, inquiry_id: int, listing_id: int | None) -> None:
    """Log a change of an inquiry about no listing; that of a listing is in the listing's history."""
    if listing_id is None:
        audit_log.seen(what, guard.me().id, inquiry_id=inquiry_id)


def _back(listing_id: int | None) -> str:
    """Return where the clerk came from: the list they filtered, or the listing's page."""
    if came_from := local_path(request.values.get("next")):
        return came_from
    if listing_id is None:
        return url_for("inquiries_staff.index")
    return url_for("listings_staff.show", listing_id=listing_id, _anchor="inquiries")


def _note_form() -> InquiryNoteForm:
    form = InquiryNoteForm()
    if guard.me().is_prefecture:
        form.offer((place.code, place.name) for place in municipalities.served())
    return form


def _asked() -> search.InquiryCriteria:
    """Return the criteria of the request. Raise Invalid for an impossible month or kind."""
    month, kind = request.args.get("month", ""), request.args.get("kind", "")
    found = search.InquiryCriteria(guard.me(), _month(month) if month else None, InquiryKind.of(kind))
    if kind and found.kind is None:
        raise Invalid(f"「{kind[:20]}」という種類はありません。一覧から選び直してください。")
    return found


def _month(text: str) -> date:
    try:
        return date.fromisoformat(f"{text}-01")
    except ValueError:
        raise Invalid(f"「{text[:20]}」は年月ではありません。2026-04 のように入れてください。") from None


def _list(form: InquiryNoteForm) -> str:
    found, number = _asked(), page_number()
    asked = {"month": f"{found.month:%Y-%m}" if found.month else None, "kind": str(found.kind) if found.kind else None}

    def url(endpoint: str = "index", **changes: Any) -> str:
        return url_for(f"inquiries_staff.{endpoint}", **{**asked, **changes})

    items = found.rows(PER_PAGE, (number - 1) * PER_PAGE)
    counts = found.counts()
    return render_template(
        "staff/inquiries/index.html",
        form=form,
        page=Page(items, found.total(), number, PER_PAGE, lambda n: url(page=n)),
        last=search.last_without_listing(guard.me()),
        months=[(f"{month:%Y-%m}", month) for month in found.months()],
        month=asked["month"],
        kind=found.kind,
        tabs=[(kind, count, url(kind=str(kind)), kind is found.kind) for kind, count in counts],
        all_tab=(sum(count for _kind, count in counts), url(kind=None)),
        csv_url=url("export_csv"),
        here=url(page=number if number > 1 else None),
        can_write=guard.me().can_write,
    )
