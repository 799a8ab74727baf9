"""The staff's pages of one action on many listings: choose them, preview it, do it, undo it for a day."""

from urllib.parse import parse_qsl

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from akiya.backoffice import bulk_actions, worklist
from akiya.backoffice.bulk_actions import BulkAction, BulkRequest
from akiya.backoffice.criteria import StaffCriteria
from akiya.errors import Invalid
from akiya.listings.models import Listing
from akiya.pages import guard
from akiya.pages.staff.listings.life_forms import NOBODY, BatchForm
from akiya.web import filters

blueprint = Blueprint("bulk_staff", __name__, url_prefix="/staff/bulk")


@blueprint.post("")
@guard.writer
def preview() -> ResponseReturnValue:
    """Show what the action would do to the listings that were chosen on the list."""
    form = BatchForm()
    action, found = _action(form), None
    if request.form.get("target") == "all":
        asked = StaffCriteria.read(dict(parse_qsl(request.form.get("filter", ""))))
        ids = worklist.found_ids(guard.me(), asked, None, 0, filters.today())
        found, ids = len(ids), ids[: bulk_actions.MOST]
    else:
        ids = _numbers(form.ids.data or ",".join(request.form.getlist("id")))
    form.ids.data = ",".join(map(str, ids))
    return _page(form, action, ids, found, doing=False)


@blueprint.post("/do")
@guard.writer
def do() -> ResponseReturnValue:
    """Do the action, or show again what is wrong."""
    form = BatchForm()
    action, ids = _action(form), _numbers(form.ids.data or "")
    return _page(form, action, ids, None, doing=True)


@blueprint.get("/<bulk_token>")
@guard.writer
def show(bulk_token: str) -> ResponseReturnValue:
    """Show what an action has done."""
    return _shown(bulk_token)


@blueprint.post("/<bulk_token>/undo")
@guard.writer
def undo(bulk_token: str) -> ResponseReturnValue:
    """Undo an action on the listings that have not been changed since."""
    try:
        count, before = bulk_actions.undo(guard.me(), bulk_token)
    except Invalid as error:
        return _shown(bulk_token, [str(error)])
    rest = len(before.parts) - count
    flash(
        f"{count:,}件を元に戻しました。" + (f"{rest:,}件は、そのままです（下に出ています）。" if rest else ""),
        "success",
    )
    return redirect(url_for(".show", bulk_token=bulk_token), 303)


def _action(form: BatchForm) -> BulkAction:
    action = BulkAction.of(form.action.data)
    if action is None:
        raise Invalid("することが選ばれていません。一覧のボタンから選んでください。")
    return action


def _numbers(text: str) -> list[int]:
    parts = [part for part in text.split(",") if part]
    if not all(part.isascii() and part.isdecimal() and len(part) < 10 for part in parts):
        raise Invalid("選んだ物件が読み取れません。一覧を開き直して、選び直してください。")
    return list(dict.fromkeys(map(int, parts)))


def _page(
    form: BatchForm, action: BulkAction, ids: list[int], found: int | None, *, doing: bool
) -> ResponseReturnValue:
    """Render what the action will do; with `doing`, do it if nothing is wrong."""
    staff = guard.me()
    # Refuses what the account may not do or see, before anything names the people who may be in charge.
    bulk_actions.preview(staff, ids, BulkRequest(action))
    listings = bulk_actions.chosen(staff, ids)
    people = {str(person.id): person for person in bulk_actions.candidates(listings)}
    form.offer((key, person.name) for key, person in people.items())
    # A preview does not check what was typed: nothing has been sent yet that could be wrong.
    valid = form.validate_on_submit() if doing else True
    order = BulkRequest(action, form.on.data, form.reason.data or "", people.get(form.to.data or ""))
    if doing and valid and action is BulkAction.ASSIGN and not form.to.data:
        form.to.errors = ["担当にする人を選んでください。だれも担当にしないときは「担当を決めない」です。"]
    elif doing and valid:
        try:
            token, plan = bulk_actions.do(staff, ids, order)
        except Invalid as error:
            form.show(error)
        else:
            rest = len(plan.same) + len(plan.cannot)
            flash(
                f"{len(plan.change):,}件を変えました。" + (f"{rest:,}件は変えていません。" if rest else ""), "success"
            )
            return redirect(url_for(".show", bulk_token=token), 303)
    decided = action is not BulkAction.ASSIGN or form.to.data in (*people, NOBODY)
    page = render_template(
        "staff/listings/bulk.html",
        form=form,
        action=action,
        actions=BulkAction,
        plan=bulk_actions.preview(staff, ids, order) if decided else None,
        chosen=len(ids),
        found=found,
        most=bulk_actions.MOST,
        several=_several(listings),
    )
    return (page, 400) if form.failed else page


def _several(listings: list[Listing]) -> bool:
    return len({listing.municipality_code for listing in listings}) > 1


def _shown(bulk_token: str, problems: list[str] | None = None) -> ResponseReturnValue:
    done = bulk_actions.done(guard.me(), bulk_token)
    page = render_template(
        "staff/listings/bulk_done.html",
        done=done,
        token=bulk_token,
        problems=problems or [],
        may=bulk_actions.may(guard.me(), done.action),
    )
    return (page, 400) if problems else page
