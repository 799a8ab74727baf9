"""The coordinators' pages of municipalities: the list, and joining, leaving and merging."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from akiya.accounts import invitations
from akiya.accounts.models import Role
from akiya.errors import Invalid
from akiya.membership import checklist, merging, service
from akiya.municipalities import search as municipalities
from akiya.municipalities.enums import Standing
from akiya.pages import guard
from akiya.pages.prefecture.membership_forms import (
    ClerkForm,
    IntroductionForm,
    LeaveForm,
    MergeForm,
    NewForm,
    OwnBankForm,
)
from akiya.web import running

blueprint = Blueprint("joining_staff", __name__, url_prefix="/prefecture/municipalities")


@blueprint.get("")
@guard.prefecture
def index() -> ResponseReturnValue:
    """List all municipalities with their progress in joining, and those that were merged."""
    served = municipalities.served()
    prefix = served[0].prefecture_code if served else ""
    merged = [m for m in municipalities.all_municipalities() if m.successor_code and m.prefecture_code == prefix]
    names = {m.code: m.name for m in municipalities.all_municipalities()}
    return render_template(
        "prefecture/municipalities/index.html",
        municipalities=served,
        progress=checklist.progress(served),
        merged=merged,
        names=names,
    )


@blueprint.route("/new", methods=["GET", "POST"])
@guard.prefecture
def new() -> ResponseReturnValue:
    """Show the form of a new municipality, and add it."""
    form = NewForm()
    if form.validate_on_submit():
        try:
            added = service.add(guard.me(), form.values())
        except Invalid as error:
            form.show(error)
        else:
            return _done(added.code, f"{added.name}を加えました。参加の準備を進めてください。")
    page = render_template("prefecture/municipalities/new.html", form=form)
    return (page, 400) if form.failed else page


@blueprint.get("/<code>/join")
@guard.prefecture
def show(code: str) -> ResponseReturnValue:
    """Show the checklist of a municipality that joins."""
    return _page(code)


@blueprint.post("/<code>/join")
@guard.prefecture
def introduce(code: str) -> ResponseReturnValue:
    """Save what the public reads first about the municipality."""
    service.for_coordinator(guard.me(), code)
    form = IntroductionForm()
    if form.validate_on_submit():
        try:
            values = {name: form[name].data for name in ("contact", "text", "url")}
            service.introduce(guard.me(), code, values)
        except Invalid as error:
            form.show(error)
        else:
            return _done(code, "公開ページで伝えることを保存しました。")
    return _page(code, introduction=form)


@blueprint.post("/<code>/join/invite")
@guard.prefecture
def invite(code: str) -> ResponseReturnValue:
    """Invite the first clerk of the municipality by mail."""
    service.for_coordinator(guard.me(), code)
    form = ClerkForm()
    if form.validate_on_submit():
        try:
            person = invitations.invite(guard.me(), form.email.data or "", "", Role.STAFF, code, running.config())
        except Invalid as error:
            form.show(error)
        else:
            running.wake("outbox")
            return _done(code, f"{person.email} に招待のメールを送ります。リンクは7日間使えます。")
    return _page(code, clerk=form)


@blueprint.post("/<code>/join/settle")
@guard.prefecture
def settle(code: str) -> ResponseReturnValue:
    """Record that a point of the checklist needs no more work."""
    try:
        action = service.settle(guard.me(), code, request.form.get("to", ""))
    except Invalid as error:
        return _page(code, problems=[str(error)])
    return _done(code, f"「{action.label}」を記録しました。")


@blueprint.post("/<code>/join/begin")
@guard.prefecture
def begin(code: str) -> ResponseReturnValue:
    """Let the municipality take part from today on."""
    try:
        municipality = service.begin(guard.me(), code)
    except Invalid as error:
        return _page(code, problems=[str(error)])
    return _done(code, f"{municipality.name}の参加が始まりました。")


@blueprint.route("/<code>/link", methods=["GET", "POST"])
@guard.prefecture
def only_link(code: str) -> ResponseReturnValue:
    """Let the pages only link to the municipality's own bank until it takes part."""
    municipality, form = service.for_coordinator(guard.me(), code), OwnBankForm()
    if form.validate_on_submit():
        try:
            service.only_link(guard.me(), code, form.url.data or "")
        except Invalid as error:
            form.show(error)
        else:
            return _done(code, f"{municipality.name}は、参加を始めるまで「{municipality.standing.label}」です。")
    page = render_template("prefecture/municipalities/link.html", municipality=municipality, form=form)
    return (page, 400) if form.failed else page


@blueprint.route("/<code>/leave", methods=["GET", "POST"])
@guard.prefecture
def leave(code: str) -> ResponseReturnValue:
    """Show the form of leaving with what it would affect, and record that the municipality leaves."""
    municipality = service.for_coordinator(guard.me(), code)
    form = LeaveForm(data={"url": municipality.url})
    if form.validate_on_submit():
        try:
            homes = service.LeavingHomes(form.homes.data)
            reason, dismiss = form.reason.data or "", form.dismiss.data
            counts = service.leave(
                guard.me(), code, form.on.data, reason, homes, dismiss=dismiss, url=form.url.data or ""
            )
        except Invalid as error:
            form.show(error)
        else:
            done = f"取り下げた物件{counts['withdrawn']:,}件、停止した職員{counts['stopped']:,}人。"
            return _done(code, f"{municipality.name}の離脱を記録しました。{done}")
    page = render_template(
        "prefecture/municipalities/leave.html",
        municipality=municipality,
        form=form,
        leaving=checklist.leaving(municipality.code),
    )
    return (page, 400) if form.failed else page


@blueprint.route("/<code>/merge", methods=["GET", "POST"])
@guard.prefecture
def merge(code: str) -> ResponseReturnValue:
    """Show what the merger would change, and carry it out once that is confirmed."""
    municipality, form = service.for_coordinator(guard.me(), code), MergeForm()
    form.offer([(m.code, m.name) for m in municipalities.served() if m.code != code])
    preview = None
    if form.validate_on_submit():
        try:
            asked = guard.me(), code, form.into.data, form.on.data
            if request.form.get("sure") == "1":
                done = merging.merge(*asked)
                return _done(
                    code, f"{municipality.name}を{done.new.name}に合併しました。物件{done.listings:,}件を移しました。"
                )
            preview = merging.preview(*asked)
        except Invalid as error:
            form.show(error)
    page = render_template(
        "prefecture/municipalities/merge.html", municipality=municipality, form=form, preview=preview
    )
    return (page, 400) if form.failed else page


def _done(code: str, message: str) -> ResponseReturnValue:
    flash(message, "success")
    return redirect(url_for("joining_staff.show", code=code), 303)


def _page(
    code: str,
    *,
    introduction: IntroductionForm | None = None,
    clerk: ClerkForm | None = None,
    problems: list[str] | None = None,
) -> ResponseReturnValue:
    municipality = service.for_coordinator(guard.me(), code)
    stored: dict[str, object] = {name: getattr(municipality, name) for name in ("contact", "text", "url")}
    successor = municipalities.by_code(municipality.successor_code)
    page = render_template(
        "prefecture/municipalities/show.html",
        municipality=municipality,
        merged=municipality.standing is Standing.MERGED,
        successor=successor,
        progress=checklist.progress([municipality])[code],
        introduction=introduction or IntroductionForm(formdata=None, data=stored),
        clerk=clerk or ClerkForm(formdata=None),
        problems=problems or [],
        events=checklist.events(code),
    )
    failed = problems or any(form is not None and form.failed for form in (introduction, clerk))
    return (page, 400) if failed else page
