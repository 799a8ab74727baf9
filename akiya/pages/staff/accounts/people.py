"""The accounts of one's municipality, for coordinators of all municipalities: listing, inviting, roles."""

from itertools import groupby

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from akiya.accounts import invitations, search, service
from akiya.accounts.models import Role, Staff
from akiya.errors import Invalid
from akiya.municipalities import search as municipality_search
from akiya.pages import guard
from akiya.pages.staff.accounts.forms import InviteForm, RoleForm
from akiya.web import running
from akiya.web.limits import limiter

blueprint = Blueprint("accounts_people", __name__, url_prefix="/staff/people")


def _inviting() -> str:
    return f"inviting:{guard.me().id}"


_invitations = limiter.shared_limit("60/hour", scope="invitations", key_func=_inviting)


@blueprint.get("")
@guard.signed_in
def index() -> ResponseReturnValue:
    """List the accounts that the account may see."""
    people = search.people(guard.me())
    groups = [
        (place.name if place else "県", list(rows)) for place, rows in groupby(people, lambda row: row[0].municipality)
    ]
    return render_template(
        "staff/accounts/people.html", groups=groups, count=len(people), can_write=guard.me().can_write
    )


@blueprint.route("/invite", methods=["GET", "POST"])
@guard.writer
@_invitations
def invite() -> ResponseReturnValue:
    """Show the form of an invitation, and mail it."""
    actor, form = guard.me(), InviteForm()
    _offer(form, actor)
    if form.validate_on_submit():
        try:
            code = _chosen_place(form, actor)
            role = Role(form.role.data)
            staff = invitations.invite(actor, form.email.data or "", form.name.data or "", role, code, running.config())
        except Invalid as error:
            if "municipality" in error.errors:
                error.errors["municipality_code"] = "市町村の担当者には市町村を選び、県担当者には選ばないでください。"
            form.show(error)
        else:
            running.wake("outbox")
            flash(f"{staff.email} に招待のメールを送ります。リンクは7日間使えます。", "success")
            return redirect(url_for("accounts_people.index"), 303)
    page = render_template("staff/accounts/invite.html", form=form)
    return (page, 400) if form.failed else page


@blueprint.get("/<id:staff_id>")
@guard.signed_in
def show(staff_id: int) -> ResponseReturnValue:
    """Show one account."""
    return _person_page(staff_id)


@blueprint.post("/<id:staff_id>/role")
@guard.writer
def change_role(staff_id: int) -> ResponseReturnValue:
    """Change an account's role or municipality."""
    actor, person = guard.me(), service.managed(guard.me(), staff_id)
    form = RoleForm()
    _offer(form, actor)
    if form.validate_on_submit():
        try:
            staff = service.change_role(actor, staff_id, Role(form.role.data), _chosen_place(form, actor))
        except Invalid as error:
            form.show(error)
        else:
            return _done(staff_id, f"{staff.name}さんを「{staff.role.label}」にしました。")
    return _person_page(person.id, form)


@blueprint.post("/<id:staff_id>/invite-again")
@guard.writer
@_invitations
def invite_again(staff_id: int) -> ResponseReturnValue:
    """Mail an invitation again; the earlier link stops working."""
    try:
        staff = invitations.invite_again(guard.me(), staff_id, running.config())
    except Invalid as error:
        return _person_page(staff_id, problems=[str(error)])
    running.wake("outbox")
    return _done(staff_id, f"{staff.email} に招待のメールをもう一度送ります。前のリンクは使えなくなりました。")


@blueprint.post("/<id:staff_id>/withdraw")
@guard.writer
def withdraw(staff_id: int) -> ResponseReturnValue:
    """Withdraw an invitation that was not accepted."""
    try:
        email = invitations.withdraw(guard.me(), staff_id)
    except Invalid as error:
        return _person_page(staff_id, problems=[str(error)])
    flash(f"{email} への招待を取り消しました。", "success")
    return redirect(url_for("accounts_people.index"), 303)


@blueprint.post("/<id:staff_id>/reactivate")
@guard.writer
def reactivate(staff_id: int) -> ResponseReturnValue:
    """Let a deactivated account sign in again."""
    staff = service.reactivate(guard.me(), staff_id)
    return _done(staff_id, f"{staff.name}さんは、またサインインできます。")


@blueprint.post("/<id:staff_id>/codes/reset")
@guard.prefecture
def reset_codes(staff_id: int) -> ResponseReturnValue:
    """Remove another person's confirmation codes, for one who lost the device."""
    staff = service.reset_totp(guard.me(), staff_id)
    return _done(staff_id, f"{staff.name}さんの確認コードを消しました。本人に、設定し直すよう伝えてください。")


def _offer(form: RoleForm, actor: Staff) -> None:
    if actor.is_prefecture:
        form.offer(list(Role), [(m.code, m.name) for m in municipality_search.served()])
    else:
        form.offer([Role.STAFF, Role.READ_ONLY], [])


def _chosen_place(form: RoleForm, actor: Staff) -> str | None:
    return (form.municipality_code.data or None) if actor.is_prefecture else actor.municipality_code


def _done(staff_id: int, message: str) -> ResponseReturnValue:
    flash(message, "success")
    return redirect(url_for("accounts_people.show", staff_id=staff_id), 303)


def _person_page(staff_id: int, form: RoleForm | None = None, problems: list[str] | None = None) -> ResponseReturnValue:
    actor = guard.me()
    person = search.person(actor, staff_id)
    if form is None:
        form = RoleForm(
            formdata=None, data={"role": str(person.role), "municipality_code": person.municipality_code or ""}
        )
        _offer(form, actor)
    page = render_template(
        "staff/accounts/person.html",
        person=person,
        form=form,
        problems=problems or [],
        can_write=actor.can_write,
        can_reset_codes=actor.is_prefecture and actor.id != person.id and bool(person.totp_secret),
        sign_ins=search.sign_ins(person.id) if actor.is_prefecture else [],
    )
    return (page, 400) if problems or form.failed else page
